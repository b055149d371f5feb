"""Slack's side of Socket Mode, strict: each address once, each envelope acknowledged by its id within three seconds.

Source: docs.slack.dev, "Using Socket Mode": hello, envelopes, acknowledgements, disconnect and its reasons; at most
ten connections of one app.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.fakes.slack_app import SlackApp

ACK_S = 3.0
MOST = 10
_PAYLOAD = {"slash_commands", "interactive"}  # whose acknowledgement may carry an answer


class FakeSocket:
    """The websocket server beside a ``SlackApp``. Use as an async context manager in the test's own loop."""

    def __init__(self, slack: SlackApp, *, greet: bool = True, pong: bool = True) -> None:
        self.slack = slack
        self.pong = pong
        self.greet = greet
        self.complaints: list[str] = []
        self.connections: list[web.WebSocketResponse] = []  # open ones, the newest last
        self.opened = 0
        self._transports: dict[web.WebSocketResponse, asyncio.Transport] = {}
        self._connected = asyncio.Condition()
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/link/", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.slack.socket_url = f"ws://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        for connection in list(self.connections):
            await connection.close()
        await self._runner.cleanup()

    async def opens(self, times: int) -> None:
        """Wait until so many connections were opened in all, and one is open."""
        async with asyncio.timeout(5), self._connected:
            await self._connected.wait_for(lambda: self.opened >= times and bool(self.connections))

    async def deliver(
        self, kind: str, payload: dict[str, Any], *, over: web.WebSocketResponse | None = None
    ) -> dict[str, Any]:
        """Send one envelope, over the newest connection unless it is said otherwise.

        Returns:
            What came with its acknowledgement.

        Raises:
            AssertionError: it was not acknowledged in time.
        """
        name = str(uuid.uuid4())
        envelope = {"envelope_id": name, "type": kind, "payload": payload}
        envelope |= {"accepts_response_payload": kind in _PAYLOAD}
        if kind == "events_api":
            envelope |= {"retry_attempt": 0, "retry_reason": ""}
        self._waiting[name] = acknowledged = asyncio.get_running_loop().create_future()
        await (over or self.connections[-1]).send_str(json.dumps(envelope))
        try:
            async with asyncio.timeout(ACK_S):
                return await acknowledged
        except TimeoutError:
            raise AssertionError(f"{kind} was not acknowledged within {ACK_S} s") from None
        finally:
            del self._waiting[name]

    async def announce_end(self, reason: str) -> None:
        """``disconnect``: the newest connection will be closed soon."""
        await self.connections[-1].send_str(json.dumps({"type": "disconnect", "reason": reason}))

    async def kill(self) -> None:
        """Every connection dies without a word."""
        for connection in list(self.connections):
            self._transports[connection].abort()
        async with asyncio.timeout(5), self._connected:
            await self._connected.wait_for(lambda: not self.connections)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.slack.tickets:
            self.complaints.append("an address was used twice, or none of ours")
            return web.Response(status=408)
        self.slack.tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=0.2, autoping=self.pong)
        await socket.prepare(request)
        if len(self.connections) >= MOST:
            await socket.send_str(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            return socket
        if self.greet:
            hello = {"type": "hello", "num_connections": len(self.connections) + 1}
            await socket.send_str(json.dumps({**hello, "connection_info": {"app_id": "A0001"}}))
        assert isinstance(request.transport, asyncio.Transport)
        self._transports[socket] = request.transport
        self.connections.append(socket)
        self.opened += 1
        await self._tell()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self.connections.remove(socket)
            await self._tell()
        return socket

    def _acknowledge(self, text: str) -> None:
        try:
            found = json.loads(text)
            waiting = self._waiting[found["envelope_id"]]
        except (ValueError, KeyError, TypeError):
            self.complaints.append(f"no acknowledgement of anything sent: {text[:200]}")
            return
        if set(found) - {"envelope_id", "payload"}:
            self.complaints.append(f"unknown keys in an acknowledgement: {sorted(found)}")
        if not waiting.done():
            waiting.set_result(found.get("payload") or {})

    async def _tell(self) -> None:
        async with self._connected:
            self._connected.notify_all()
