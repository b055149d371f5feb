"""A whole conversation: Telegram with people in it, the bot's chat, and a store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.chat.service import Chat
from bot.chat.telegram import TelegramChat, Webhook
from bot.chat.telegram.service import Pauses
from bot.companies import load_companies
from bot.domain import Alert, Destination
from bot.store.base import Store
from tests.fakes.alerts import StillClock
from tests.fakes.store import tell
from tests.fakes.stored import after
from tests.fakes.telegram import TOKEN
from tests.fakes.telegram import Chat as Place
from tests.fakes.telegram_updates import FakeTelegramChats, Person

ADA, BEN = Person(77), Person(88, "Ben")
HERE = Destination.parse("telegram:77")
GROUP, FORUM, CHANNEL = -500, -1005, -1001
COMPANIES = load_companies()

QUICK = Pauses(again_s=0.02, menus_s=0.02, failed_s=0.02, slowly_s=0.05, tally_s=0.02)  # what a test has time for


@dataclass(slots=True)
class World:
    """Everything of it."""

    telegram: FakeTelegramChats
    store: Store
    clock: StillClock
    chat: TelegramChat
    stop: asyncio.Event
    running: asyncio.Task[None]

    async def said(self, chat: int, n: int = 1) -> list[dict[str, Any]]:
        """The bot's messages in a chat, once there are so many."""
        await eventually(lambda: len(self.of_bot(chat)) >= n)
        return self.of_bot(chat)

    async def quiet(self) -> None:
        """Wait until everything that people did was answered: only then it is confirmed."""
        await eventually(lambda: not self.telegram.updates)

    def of_bot(self, chat: int) -> list[dict[str, Any]]:
        """The bot's messages in a chat so far."""
        with self.telegram.lock:
            theirs = self.telegram.written
            return [m for n, m in self.telegram.chats[chat].messages.items() if (chat, n) not in theirs]

    async def told(self, n: int = 1, **changes: Any) -> Alert:
        """An alert that the store knows."""
        return await tell(self.store, n, at=after(60 * n), **changes)


def make_chat(telegram: FakeTelegramChats, store: Store, clock: StillClock, **options: Any) -> TelegramChat:
    """The bot's chat, against this Telegram."""
    return TelegramChat(
        SecretStr(TOKEN),
        api_url=telegram.url,
        chat=Chat(store, COMPANIES, clock, thresholds={"chip_export": 0.5}),
        store=store,
        clock=clock,
        pauses=QUICK,
        **options,
    )


@asynccontextmanager
async def talking(
    store: Store, *, webhook: Webhook | None = None, prepare: Callable[[FakeTelegramChats], object] = id
) -> AsyncIterator[World]:
    """Run it within; ``prepare`` comes before the bot."""
    places = (
        Place(ADA.id), Place(BEN.id), Place(GROUP, "group"), Place(FORUM, "supergroup", topics={1, 42}),
        Place(CHANNEL, "channel", "chipwire"),
    )  # fmt: skip
    with FakeTelegramChats(*places) as telegram:
        telegram.admins |= {(GROUP, ADA.id), (FORUM, ADA.id), (CHANNEL, ADA.id)}
        prepare(telegram)
        clock = StillClock(after(3600))
        chat = make_chat(telegram, store, clock, webhook=webhook)
        stop = asyncio.Event()
        running = asyncio.create_task(chat.run(stop))
        try:
            yield World(telegram, store, clock, chat, stop, running)
        finally:
            stop.set()
            await asyncio.wait_for(running, 10)
            await chat.aclose()


async def eventually(is_so: Callable[[], Any], within_s: float = 5.0) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: it never was.
    """
    async with asyncio.timeout(within_s):
        while not is_so():
            await asyncio.sleep(0.005)


def buttons(message: dict[str, Any]) -> list[str]:
    """What the buttons under a message do."""
    return [b.get("callback_data") or b["url"] for row in message["reply_markup"]["inline_keyboard"] for b in row]


def labels(message: dict[str, Any]) -> list[str]:
    """What stands on them."""
    return [b["text"] for row in message["reply_markup"]["inline_keyboard"] for b in row]


def to(chat: int, topic: int | None = None) -> Destination:
    """A chat, or a topic in it."""
    return Destination.parse(f"telegram:{chat}" + (f":{topic}" if topic else ""))


async def followed(world: World, where: Destination) -> list[set[str]]:
    """The tickers of each subscription there."""
    return [set(s.tickers) for s in await world.store.subscriptions_of(where)]
