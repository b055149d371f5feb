"""A Slack workspace with our app in it, over Socket Mode, ready to be used."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.chat.service import Chat
from bot.chat.slack import SlackChat
from bot.clock import SystemClock
from bot.companies import load_companies
from bot.domain import Alert, Destination
from bot.settings import Settings, load_settings
from bot.store.base import Store
from tests.fakes.outbox import tell
from tests.fakes.slack import TOKEN
from tests.fakes.slack_app import APP_TOKEN, CHANNEL, SlackApp
from tests.fakes.slack_socket import FakeSocket

TO = Destination.parse(f"slack:{CHANNEL}")
COMPANIES = load_companies()


def settings_for(slack: SlackApp, **more: str) -> Settings:
    """The settings of an app in one workspace over Socket Mode, and more."""
    given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": slack.api_url, **more}
    return load_settings({name: value for name, value in given.items() if value}, None)


async def until(true: Callable[[], Any], seconds: float = 5) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


async def told(store: Store, n: int = 1) -> Alert:
    """An alert that was told."""
    await tell(store, n)
    return (await store.recent_alerts(1))[0]


@dataclass
class Desk:
    """Everything at hand."""

    slack: SlackApp
    socket: FakeSocket
    store: Store
    ours: SlackChat
    stop: asyncio.Event

    async def types(self, text: str, **who: str) -> dict[str, Any]:
        """``/chips …``; returns the answer."""
        return await self._answered("slash_commands", self.slack.command(text, **who))

    async def presses(self, value: str, **how: Any) -> dict[str, Any]:
        """A button under a message; returns the answer."""
        return await self._answered("interactive", self.slack.press(value, **how))

    async def window(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """What opens a window; returns it."""
        known = set(self.slack.views)
        await self.socket.deliver(kind, payload)
        await until(lambda: set(self.slack.views) - known)
        (name,) = set(self.slack.views) - known
        return self.slack.views[name]

    async def _answered(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        before = len(self.slack.answers)
        assert await self.socket.deliver(kind, payload) == {}
        await until(lambda: len(self.slack.answers) > before)
        return self.slack.answers[-1]


@asynccontextmanager
async def desk(store: Store, **more: str) -> AsyncIterator[Desk]:
    """Open for use; whatever Slack would have shown badly fails the test in the end."""
    with SlackApp() as slack:
        async with FakeSocket(slack) as socket:
            ours = SlackChat(
                settings_for(slack, **more),
                Chat(store, COMPANIES, SystemClock()),
                store,
                SystemClock(),
                first_wait_s=0.01,
            )
            stop = asyncio.Event()
            running = asyncio.ensure_future(ours.run(stop))
            try:
                await socket.opens(1)
                yield Desk(slack, socket, store, ours, stop)
            finally:
                stop.set()
                await running
                await ours.aclose()
            assert slack.complaints == []
            assert socket.complaints == []
