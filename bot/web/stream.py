"""The readers of ``/api/stream``: server-sent events, a bounded queue each.

Source: html.spec.whatwg.org/multipage/server-sent-events.html. A reader that never reads costs its queue and one
socket buffer; the kernel ends its connection (see ``bot.web.server``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.web.views import dump

__all__ = ["HEARTBEAT_S", "Client", "Event", "Hub", "StreamFull", "write"]

log = structlog.get_logger(__name__)

QUEUE = 256  # events a reader may lag behind: more than a burst; one who lags further has stopped reading
MAX_CLIENTS = 200
HEARTBEAT_S = 15.0  # proxies close what is silent for 30 to 60 s
RETRY_MS = 2000  # how long a browser waits before it comes back


class StreamFull(Exception):  # noqa: N818  a state of the stream, not a fault
    """As many readers as the stream takes are connected, or the server is stopping."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. Alerts have an id and no name, so that ``onmessage`` gets them; the others are for the live page."""

    data: Any
    id: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        """The event as it goes over the wire."""
        head = f"id: {self.id}\n" if self.id is not None else ""
        if self.name is not None:
            head += f"event: {self.name}\n"
        return f"{head}data: {dump(self.data)}\n\n"


@dataclass(slots=True, eq=False)
class Client:
    """One reader. ``detail`` readers also get deliveries and the sources' status."""

    detail: bool = False
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def end(self) -> None:
        """Let the stream close; what is still queued is not sent."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """Hands each event to every reader; one that lags too far behind is dropped and may come back."""

    def __init__(self, max_clients: int = MAX_CLIENTS) -> None:
        self._max_clients = max_clients
        self._clients: set[Client] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._clients)

    @property
    def wants_detail(self) -> bool:
        """Whether any reader wants more than alerts."""
        return any(client.detail for client in self._clients)

    def admit(self, *, detail: bool = False) -> Client:
        """Take in one more reader; ``leave`` must follow.

        Raises:
            StreamFull: there is no room.
        """
        if self._closed or len(self._clients) >= self._max_clients:
            raise StreamFull
        client = Client(detail)
        self._clients.add(client)
        return client

    def leave(self, client: Client) -> None:
        """Forget a reader; does nothing when it was dropped already."""
        self._clients.discard(client)

    def tell(self, event: Event, *, detail: bool = False) -> None:
        """Queue an event for every reader, or for those alone that want detail."""
        for client in [c for c in self._clients if c.detail or not detail]:
            if client.queue.full():
                log.info("stream_reader_dropped", behind=QUEUE)
                self.leave(client)
                client.end()
            else:
                client.queue.put_nowait(event)

    def close(self) -> None:
        """End every stream, so that the server can stop; new readers are refused."""
        self._closed = True
        while self._clients:
            self._clients.pop().end()


async def write(client: Client, first: Sequence[Event], *, heartbeat_s: float = HEARTBEAT_S) -> AsyncIterator[str]:
    """The body of one stream, until the reader is let go.

    Args:
        client: the reader, admitted before ``first`` was read, so that nothing falls between the two.
        first: what the reader gets before anything from its queue; their ids are not sent again.
        heartbeat_s: how long the stream may be silent before a comment is sent.
    """
    yield f"retry: {RETRY_MS}\n: chipwire\n\n"
    sent = {event.id for event in first if event.id is not None}
    for event in first:
        yield str(event)
    while True:
        try:
            async with asyncio.timeout(heartbeat_s):
                queued = await client.queue.get()
        except TimeoutError:
            yield ": still here\n\n"
            continue
        if queued is None:
            return
        if queued.id is None or queued.id not in sent:
            yield str(queued)
