"""Socket Mode: the connection ends in every way, and the app goes on."""

from __future__ import annotations

import asyncio
import logging

import pytest
from pydantic import SecretStr

from bot.chat.slack.socket import SocketMode
from bot.clock import SystemClock
from bot.log import configure
from bot.notifiers.slack.web import SlackWeb
from tests.fakes.remote import Fault
from tests.fakes.slack import TOKEN
from tests.fakes.slack_app import APP_TOKEN, SlackApp
from tests.fakes.slack_desk import TO, desk, until
from tests.fakes.slack_socket import FakeSocket


async def test_a_killed_connection_is_opened_anew_and_works(store):
    """The socket dies without a word, several times; each time the app comes back and answers."""
    async with desk(store) as room:
        for n in (2, 3, 4):
            await room.socket.kill()
            await room.socket.opens(n)
            await until(lambda: room.ours.connected)
            await room.types("list")
        await room.types("subscribe NVDA")
        assert len(await store.subscriptions_of(TO)) == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_an_announced_end_loses_nothing(store, reason):
    """Another connection stands before the old one ends, and until then the old one is still answered."""
    async with desk(store) as room:
        await room.socket.announce_end(reason)
        await room.socket.opens(2)
        assert len(room.socket.connections) == 2
        old, new = room.socket.connections
        assert await room.socket.deliver("slash_commands", room.slack.command("list"), over=old) == {}
        await until(lambda: room.slack.answers)
        await old.close()
        await until(lambda: room.socket.connections == [new])
        await room.types("latest")
        assert room.socket.opened == 2


async def test_no_address_at_first(store):
    """Slack does not answer, or refuses, when the app starts: it tries again, with a new address each time."""
    with SlackApp() as slack:
        slack.fail(Fault.STATUS, match="connections.open", times=2)
        slack.fail(Fault.DROP_AFTER, match="connections.open")
        async with FakeSocket(slack) as socket, running(slack):
            await socket.opens(1)
            assert len(slack.calls("connections.open")) == 4
            assert socket.complaints == []


async def test_an_address_that_does_not_work_is_not_tried_again(store):
    """The websocket cannot be opened: another address is asked for, since a ticket is good once."""
    with SlackApp() as slack:
        async with FakeSocket(slack) as socket, running(slack):
            await socket.opens(1)
            good, slack.socket_url = slack.socket_url, "ws://127.0.0.1:9"
            await socket.kill()
            await until(lambda: len(slack.calls("connections.open")) >= 3)
            slack.socket_url = good
            await socket.opens(2)
            assert socket.complaints == []


async def test_a_connection_that_says_nothing_is_given_up(store, monkeypatch):
    """Without a hello there is no connection."""
    monkeypatch.setattr("bot.chat.slack.socket.HELLO_TIMEOUT_S", 0.05)
    with SlackApp() as slack:
        async with FakeSocket(slack, greet=False) as socket, running(slack) as ours:
            await socket.opens(2)
            assert not ours.connected


async def test_a_connection_that_falls_silent_is_given_up(store, monkeypatch):
    """Pings that nobody answers: the network is gone although no one closed anything."""
    monkeypatch.setattr("bot.chat.slack.socket.HEARTBEAT_S", 0.05)
    with SlackApp() as slack:
        async with FakeSocket(slack, pong=False) as socket, running(slack):
            await socket.opens(2)
            assert len(slack.calls("connections.open")) >= 2, "each with an address of its own"
            assert socket.complaints == []


async def test_it_ends_at_once_while_slack_does_not_answer(store):
    """Whoever stops the program need not wait for an address."""
    with SlackApp() as slack:
        slack.fail(Fault.DELAY, match="connections.open", delay_s=30)
        async with FakeSocket(slack) as socket, asyncio.timeout(2) as limit:
            async with running(slack):
                await until(lambda: slack.calls("connections.open"))
            assert not limit.expired()
            assert socket.opened == 0


async def test_switched_off_it_waits_and_says_so(store):
    """Socket Mode switched off in the app's settings: tried again later, not at once."""
    with SlackApp() as slack:
        async with FakeSocket(slack) as socket, running(slack, first_wait_s=30):
            await socket.opens(1)
            await socket.announce_end("link_disabled")
            await asyncio.sleep(0.1)
            assert socket.opened == 1


async def test_garbage_ends_nothing(store):
    """What is no JSON, or no envelope, is passed over; an envelope without payload is acknowledged."""
    async with desk(store) as room:
        for text in ("hello?", "[]", "{}", '{"type":"unknown"}'):
            await room.socket.connections[-1].send_str(text)
        await room.socket.connections[-1].send_bytes(b"\x00")
        assert await room.socket.deliver("events_api", room.slack.event("reaction_added")) == {}
        await room.types("list")
        assert room.socket.opened == 1


async def test_no_secret_in_any_log(store, capsys):
    """Neither a token, nor an address that lets somebody in, stands in the log, whatever fails and however much is
    logged."""
    configure(level="debug")
    logging.getLogger().setLevel(logging.DEBUG)
    async with desk(store) as room:
        await room.types("subscribe NVDA")
        room.slack.fail(Fault.DROP_BEFORE, match="/hooks/")
        await room.socket.deliver("slash_commands", room.slack.command("list"))
        good, room.slack.socket_url = room.slack.socket_url, "ws://127.0.0.1:9"
        await room.socket.kill()
        await until(lambda: len(room.slack.calls("connections.open")) >= 3)
        room.slack.socket_url = good
        await room.socket.opens(2)
        room.slack.token_error = "token_revoked"
        room.slack.workspaces["T0001"].refusal = "token_revoked"
        await room.types("list")
        assert TOKEN not in repr(room.ours) + repr(vars(room.ours))
    said = "".join(capsys.readouterr())
    assert "slack_socket_connected" in said
    for secret in (TOKEN, APP_TOKEN, "ticket-", "/hooks/", "gIkuvaNzQIHg97ATvDxqgjtO", "xox", "xapp"):
        assert secret not in said


class running:  # noqa: N801  reads as a statement
    """A connection alone, that acknowledges everything."""

    def __init__(self, slack, *, first_wait_s=0.01):
        self.web = SlackWeb(api_url=slack.api_url, clock=SystemClock())
        self.ours = SocketMode(SecretStr(APP_TOKEN), self.web, self.handle, first_wait_s=first_wait_s)
        self.stop = asyncio.Event()

    async def handle(self, _):
        return {}

    async def __aenter__(self):
        self.task = asyncio.ensure_future(self.ours.run(self.stop))
        return self.ours

    async def __aexit__(self, *_):
        self.stop.set()
        await self.task
        await self.web.aclose()
