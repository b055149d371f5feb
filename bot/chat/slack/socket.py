"""Socket Mode: Slack's requests over a websocket that we open, so that nobody must be able to reach us.

The SDK's own client is not used: once it has an address it tries that one alone for ever, although its ticket soon
expires, and its errors spell that ticket out. What a request means is bolt's business all the same.

Source: docs.slack.dev, "Using Socket Mode" (apps.connections.open; hello, disconnect, envelopes and their
acknowledgement within three seconds).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr

from bot.errors import NotifyError
from bot.notifiers.slack.web import RefusedError, SlackWeb

log = structlog.get_logger(__name__)

CONNECT_TIMEOUT_S = 10.0
HELLO_TIMEOUT_S = 10.0
HEARTBEAT_S = 10.0
CLOSE_TIMEOUT_S = 1.0  # Slack does not answer a close frame
OVERLAP_S = 30.0  # an announced end comes in about ten seconds; until then the old connection still delivers
LASTED_S = 10.0  # a connection that held so long was a good one
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
AT_ONCE = 50  # requests that are being answered; then nothing more is read
_OFF = "link_disabled"  # Socket Mode was switched off in the app's settings

Handle = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
"""Answers one envelope: what goes back with its acknowledgement, ``{}`` for nothing; None: it is not acknowledged, so
that Slack brings it again."""


@dataclass(slots=True)
class _Link:
    """One connection."""

    socket: aiohttp.ClientWebSocketResponse
    greeted: bool = False
    reason: str = ""  # why it ends, as Slack announced


class SocketMode:
    """Keeps one connection, opens another before it ends, and answers what comes."""

    def __init__(self, token: SecretStr, web: SlackWeb, handle: Handle, *, first_wait_s: float = FIRST_WAIT_S) -> None:
        """Open nothing yet.

        Args:
            token: of the app (``xapp-…``).
            web: asks for an address.
            handle: answers one envelope within three seconds.
            first_wait_s: before the second try in a row; each further one waits twice as long, a minute at most.
        """
        self._token = token
        self._web = web
        self._handle = handle
        self._first_wait_s = first_wait_s
        self._room = asyncio.Semaphore(AT_ONCE)
        self._links = 0

    @property
    def connected(self) -> bool:
        """Whether Slack has greeted us on a connection that is open."""
        return self._links > 0

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until ``stop`` is set; requests in hand are acknowledged first."""
        failures = 0
        loop = asyncio.get_running_loop()
        async with (
            aiohttp.ClientSession(
                trust_env=True, timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S)
            ) as session,
            asyncio.TaskGroup() as tasks,
        ):
            while not stop.is_set():
                began = loop.time()
                link = await _unless(stop, self._open(session, failures))
                if link is not None:
                    renew = asyncio.Event()
                    tasks.create_task(self._serve(link, renew, stop), name="slack socket")
                    await _either(renew, stop)
                if link is not None and link.greeted and link.reason != _OFF and loop.time() - began >= LASTED_S:
                    failures = 0
                else:  # also one that ended as soon as it was there: Slack limits how often we may ask
                    failures += 1
                    wait = min(LONGEST_WAIT_S, self._first_wait_s * 2 ** min(failures - 1, 10))
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), wait)

    async def _open(self, session: aiohttp.ClientSession, failures: int) -> _Link | None:
        """A new connection; None where there is none to be had now. The address holds a secret ticket: it and what
        may spell it out stay out of the log."""
        try:
            answer = await self._web.call("apps_connections_open", self._token, "slack", app_token=self._reveal())
            socket = await session.ws_connect(
                str(answer.get("url") or ""),
                heartbeat=HEARTBEAT_S,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT_S),
            )
        except RefusedError as refused:
            log.error("slack_socket_refused", error=refused.code, setting="SLACK_APP_TOKEN")  # noqa: TRY400
        except NotifyError as error:
            log.warning("slack_socket_unreachable", error=str(error), failures=failures + 1)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("slack_socket_unreachable", error=type(error).__name__, failures=failures + 1)
        else:
            return _Link(socket)
        return None

    def _reveal(self) -> str:
        return self._token.get_secret_value()

    async def _serve(self, link: _Link, renew: asyncio.Event, stop: asyncio.Event) -> None:
        """Answer what comes over one connection until it ends; ``renew`` is set once another is wanted."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while (message := await self._next(link, stop)) is not None:
                    self._sort(message, link, renew, tasks)
        finally:
            self._links -= link.greeted
            renew.set()
            with contextlib.suppress(aiohttp.ClientError, TimeoutError, ConnectionError):
                await link.socket.close()
        if not stop.is_set() and not link.reason:
            log.warning("slack_socket_lost", greeted=link.greeted)

    def _sort(self, message: dict[str, Any], link: _Link, renew: asyncio.Event, tasks: asyncio.TaskGroup) -> None:
        kind = message.get("type")
        if kind == "hello":
            link.greeted = True
            self._links += 1
            log.info("slack_socket_connected", connections=message.get("num_connections"))
        elif kind == "disconnect":
            link.reason = str(message.get("reason") or "unknown")
            if link.reason == _OFF:
                log.error("slack_socket_off", hint="switch Socket Mode on in the app's settings")
            else:
                log.info("slack_socket_renewed", reason=link.reason)
            renew.set()
        elif message.get("envelope_id"):
            tasks.create_task(self._answer(message, link), name="slack envelope")

    async def _next(self, link: _Link, stop: asyncio.Event) -> dict[str, Any] | None:
        """The next message, an empty one where it cannot be read; None once the connection has ended or is to."""
        limit = OVERLAP_S if link.reason else HELLO_TIMEOUT_S if not link.greeted else None
        async with self._room:  # nothing is read while too much is in hand
            pass
        reading = asyncio.ensure_future(link.socket.receive())
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({reading, stopping}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not reading.done():
                reading.cancel()
                await asyncio.wait({reading})  # the socket cannot be closed while it is read
        if stop.is_set() or not reading.done() or reading.cancelled():
            return None
        message = reading.result()
        if message.type is not aiohttp.WSMsgType.TEXT:
            ended = {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED}
            return None if message.type in ended | {aiohttp.WSMsgType.ERROR} else {}
        try:
            found = json.loads(message.data)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    async def _answer(self, envelope: dict[str, Any], link: _Link) -> None:
        async with self._room:
            payload = await self._handle(envelope)
            if payload is None:
                return
            answer: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
            if payload and envelope.get("accepts_response_payload"):
                answer["payload"] = payload
            try:
                await link.socket.send_str(json.dumps(answer))
            except (aiohttp.ClientError, ConnectionError):
                log.warning("slack_ack_lost", type=envelope.get("type"))  # Slack brings an event again


async def _unless(stop: asyncio.Event, opening: Coroutine[Any, Any, _Link | None]) -> _Link | None:
    """What comes of it, unless it is to end meanwhile."""
    task, stopping = asyncio.ensure_future(opening), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return None if task.cancelled() else task.result()


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    """Until one of them is set."""
    waiting = {asyncio.ensure_future(event.wait()) for event in (one, other)}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
