"""``chipwire subscriptions``: list, add, remove."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.domain import Subscription
from bot.errors import BotError, ConfigError
from bot.home import opened_store
from bot.settings import Settings
from bot.subscriptions import check_tokens, implied_subscriptions, load_subscriptions, parse_subscription


async def list_subscriptions(settings: Settings, *, as_json: bool) -> None:
    """Print who gets what: from the store, and from the file and the settings as a start would read them.

    Raises:
        ConfigError: the subscriptions file cannot be used.
    """
    in_file = load_subscriptions(settings.subscriptions) if settings.subscriptions is not None else ()
    async with opened_store(settings) as store:
        stored = await store.subscriptions()
    by_person = [s for s in stored if s.origin not in {"file", "settings", "default"}]
    everyone = [*in_file, *implied_subscriptions(settings), *by_person]
    if as_json:
        for subscription in everyone:
            sys.stdout.write(json.dumps(as_record(subscription), ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    if not everyone:
        console.print(
            "No subscriptions: alerts on chip export go to the terminal. Add one with `chipwire subscriptions add`."
        )
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("id", "to", "topics", "tickers", "events", "from urgency", "origin"):
        table.add_column(column, overflow="fold")
    for s in everyone:
        table.add_row(
            s.id,
            s.to.label,
            ", ".join(sorted(s.topics)),
            ", ".join(sorted(s.tickers)) or "all",
            ", ".join(sorted(s.events)) or "all",
            s.min_urgency.value,
            s.origin,
        )
    console.print(table)


async def add_subscription(entry: Mapping[str, Any], settings: Settings, *, as_json: bool) -> None:
    """Add one by command.

    Raises:
        ConfigError: an option cannot be used, or the platform's token is not set.
    """
    subscription = parse_subscription(entry, origin="command")
    check_tokens([subscription], settings, "subscriptions add")
    async with opened_store(settings) as store:
        await store.add_subscription(subscription, datetime.now(UTC))
    if as_json:
        sys.stdout.write(json.dumps(as_record(subscription)) + "\n")
    else:
        Console(highlight=False).print(f"Added {subscription.id}: {subscription.to}")


async def remove_subscription(id_: str, settings: Settings, *, as_json: bool) -> None:
    """Remove one that a person added.

    Raises:
        ConfigError: it stands in the file or the settings, and must be removed there.
        BotError: there is none of that id.
    """
    in_file = load_subscriptions(settings.subscriptions) if settings.subscriptions is not None else ()
    if any(s.id == id_ for s in in_file):
        raise ConfigError(f"{id_} stands in {settings.subscriptions}; remove it there and restart")
    if any(s.id == id_ for s in implied_subscriptions(settings)):
        raise ConfigError(f"{id_} comes from SLACK_CHANNELS or TELEGRAM_CHATS; remove it there and restart")
    async with opened_store(settings) as store:
        if not await store.remove_subscription(id_):
            raise BotError(f"no subscription {id_!r}; `chipwire subscriptions list` shows the ids")
    if as_json:
        sys.stdout.write(json.dumps({"removed": id_}) + "\n")
    else:
        Console(highlight=False).print(f"Removed {id_}")


def as_record(subscription: Subscription) -> dict[str, Any]:
    """A subscription as JSON, with the keys of subscriptions.toml."""
    return {
        "id": subscription.id,
        "to": str(subscription.to),
        "topics": sorted(subscription.topics),
        "tickers": sorted(subscription.tickers),
        "events": sorted(subscription.events),
        "min_urgency": subscription.min_urgency.value,
        "origin": subscription.origin,
    }
