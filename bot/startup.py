"""What is settled before anything runs: addresses, locks, credentials, and who gets what."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.config import Config
from bot.domain import Destination, DestinationKind, Subscription
from bot.errors import BotError, ConfigError, NotifyError
from bot.notifiers.base import Notifier
from bot.settings import Settings
from bot.store.base import Store
from bot.store.urls import SqliteAddress, parse_url
from bot.subscriptions import implied_subscriptions, make_subscription
from bot.web import Listener, bind

__all__ = ["bind_web", "check_credentials", "lock_folder", "sync_subscriptions"]

log = structlog.get_logger(__name__)


def lock_folder(settings: Settings) -> Path:
    """Where the locks of roles lie on SQLite: beside the database file; in the data folder without one."""
    address = parse_url(settings.store_url)
    path = address.path if isinstance(address, SqliteAddress) else None
    return settings.home if path is None else path.absolute().parent


def bind_web(settings: Settings, roles: frozenset[str]) -> Listener | None:
    """Take the address of the live page; None where it is not wanted or, beside other roles, not to be had.

    Raises:
        BotError: the page is all that this process is for, and the address is taken.
        ConfigError: the address is not one of this machine.
    """
    if "web" not in roles:
        return None
    try:
        return bind(settings.http_listen)
    except ConfigError:
        raise
    except BotError as error:
        # The page is a window on the bot, not the bot: a port that is taken must not silence alerts.
        if roles == {"web"}:
            raise
        log.warning("live_page_off", error=str(error))
        return None


async def check_credentials(notifiers: dict[DestinationKind, Notifier]) -> None:
    """Try each platform's token once, before anything is polled.

    A platform that cannot be reached is only warned of: it may be back in a minute. A token that is refused is a
    person's mistake.

    Raises:
        ConfigError: names each setting whose token is refused.
    """
    names = {DestinationKind.SLACK: "SLACK_BOT_TOKEN", DestinationKind.TELEGRAM: "TELEGRAM_BOT_TOKEN"}
    refused: list[str] = []
    for kind in names.keys() & notifiers.keys():
        try:
            async with asyncio.timeout(10):
                identity = await notifiers[kind].check()
        except NotifyError as error:
            if error.auth:
                refused.append(f"{names[kind]}: refused ({error}); paste the token again")
            else:
                log.warning("platform_unreachable", platform=kind.value, error=str(error))
        except TimeoutError:
            log.warning("platform_unreachable", platform=kind.value, error="no answer within 10 s")
        else:
            log.info("platform_ready", platform=kind.value, identity=identity)
    if refused:
        raise ConfigError("\n".join(sorted(refused)))


async def sync_subscriptions(store: Store, settings: Settings, config: Config, clock: Clock) -> None:
    """Bring what files and settings ask for into the store; with nothing at all, alerts go to the terminal."""
    now = clock.now()
    implied = implied_subscriptions(settings)
    await store.replace_subscriptions("file", config.subscriptions, now)
    await store.replace_subscriptions("settings", implied, now)
    others = [s for s in await store.subscriptions() if s.origin != "default"]
    console = Destination(DestinationKind.CONSOLE)
    default: Sequence[Subscription] = () if others else (make_subscription(console, origin="default"),)
    await store.replace_subscriptions("default", default, now)
    if default and (settings.slack_bot_token or settings.telegram_bot_token):
        log.warning(
            "no_destination",
            what="a token is set but no channel; set SLACK_CHANNELS or TELEGRAM_CHATS, or `chipwire subscriptions add`",
        )
