"""Where people can ask: the chat platforms that the settings allow, joined with what they need."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr
from starlette.routing import Route

from bot.chat.service import Chat
from bot.chat.slack import SlackChat, installations_of
from bot.chat.telegram import TelegramChat, Webhook
from bot.clock import Clock
from bot.config import Config
from bot.domain import Alert, Claim, Destination, DestinationKind
from bot.errors import NotifyError
from bot.model import believed_from
from bot.notifiers.base import Look, Notifier
from bot.settings import Settings
from bot.store.base import Store

__all__ = ["Chats", "default_looks", "installed_tokens", "opened_chats"]


@dataclass(frozen=True, slots=True)
class Chats:
    """The platforms that answer; none where no token allows it."""

    slack: SlackChat | None = None
    telegram: TelegramChat | None = None

    @property
    def names(self) -> list[str]:
        """Their names, for people."""
        return [name for name, chat in (("Slack", self.slack), ("Telegram", self.telegram)) if chat is not None]

    def routes(self) -> list[Route]:
        """What the web server answers for them."""
        return [route for chat in (self.slack, self.telegram) if chat is not None for route in chat.routes()]

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until ``stop`` is set."""
        async with asyncio.TaskGroup() as tasks:
            if self.slack is not None:
                tasks.create_task(self.slack.run(stop), name="slack chat")
            if self.telegram is not None:
                tasks.create_task(self.telegram.run(stop), name="telegram chat")
            await stop.wait()


@contextlib.asynccontextmanager
async def opened_chats(
    settings: Settings,
    config: Config,
    store: Store,
    clock: Clock,
    notifiers: Mapping[DestinationKind, Notifier],
    roles: frozenset[str],
) -> AsyncIterator[Chats]:
    """The chats of this process, closed at the end; none where the role is not among ``roles``.

    Raises:
        ConfigError: a secret that the platform would refuse.
    """
    if "chat" not in roles:
        yield Chats()
        return
    chat = Chat(
        store,
        config.companies,
        clock,
        thresholds=believed_from(settings),
        send_test=_sends_tests(notifiers, settings, clock),
    )
    async with contextlib.AsyncExitStack() as stack:
        slack = telegram = None
        if SlackChat.wanted(settings):
            slack = SlackChat(settings, chat, store, clock)
            stack.push_async_callback(slack.aclose)
        if settings.telegram_bot_token is not None:
            telegram = TelegramChat(
                settings.telegram_bot_token,
                api_url=settings.telegram_api_url,
                chat=chat,
                store=store,
                clock=clock,
                language=settings.language,
                webhook=Webhook.of(settings),
            )
            stack.push_async_callback(telegram.aclose)
        yield Chats(slack, telegram)


def installed_tokens(
    settings: Settings, store: Store, clock: Clock
) -> Callable[[str], Awaitable[SecretStr | None]] | None:
    """How the notifier finds the token of a workspace that installed the app; None where none can."""
    installations = installations_of(settings, store, clock)
    return None if installations is None else installations.token


def default_looks(settings: Settings) -> dict[DestinationKind, Look]:
    """How messages look where people set nothing. Buttons are shown where somebody listens to them."""
    return {
        DestinationKind.CONSOLE: Look(language=settings.language),
        DestinationKind.WEBHOOK: Look(language=settings.language),
        DestinationKind.SLACK: Look(language=settings.language, buttons=SlackChat.wanted(settings)),
        DestinationKind.TELEGRAM: Look(
            language=settings.language,
            buttons=True,
            preview=settings.telegram_preview,
            picture=settings.telegram_pictures == "flash",
        ),
    }


@dataclass(frozen=True, slots=True)
class _SendsTests:
    """A sample card to one chat, outside of the outbox: nothing is owed to anybody, and nothing is tried again."""

    notifiers: Mapping[DestinationKind, Notifier]
    looks: Mapping[DestinationKind, Look]
    clock: Clock

    async def __call__(self, to: Destination, alert: Alert) -> None:
        """See SendTest."""
        notifier = self.notifiers.get(to.kind)
        if notifier is None:
            raise NotifyError("no token is set for it", destination=str(to))
        claim = Claim(
            delivery_id=f"test-{alert.id}", destination=to, alert=alert, attempt=1, maybe_sent=False,
            first_intent_at=self.clock.now(), thread=None,
        )  # fmt: skip
        await notifier.send(claim, notifier.render(alert, self.looks.get(to.kind, Look())))


def _sends_tests(notifiers: Mapping[DestinationKind, Notifier], settings: Settings, clock: Clock) -> _SendsTests:
    return _SendsTests(notifiers, default_looks(settings), clock)
