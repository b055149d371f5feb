"""Wakes one loop when another has left work in the store.

A wake-up carries nothing: the row in the store is the work, so a lost one costs latency until the next sweep
and never a headline.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

SCORE = "score"  # headlines are due for scoring
DISPATCH = "dispatch"  # deliveries are due
PUBLISHED = "published"  # alerts were decided: the live page wants them


class Bus(Protocol):
    """Wake-ups by topic, within one process or between several."""

    async def wake(self, topic: str) -> None:
        """Tell whoever waits for this topic that there is work; never blocks for long, never raises."""
        ...

    async def wait(self, topic: str, within_s: float) -> bool:
        """Return True at the next wake-up (or one since the last wait), False when ``within_s`` has passed."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class LocalBus:
    """Wake-ups within one process. One waiter a topic."""

    def __init__(self) -> None:
        self._events: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def wake(self, topic: str) -> None:
        """See Bus."""
        self._events[topic].set()

    async def wait(self, topic: str, within_s: float) -> bool:
        """See Bus."""
        event = self._events[topic]
        try:
            async with asyncio.timeout(within_s):
                await event.wait()
        except TimeoutError:
            return False
        event.clear()
        return True

    async def aclose(self) -> None:
        """See Bus."""


class NatsBus:
    """Wake-ups between processes, over core NATS subjects ``chipwire.wake.<topic>``.

    Connecting happens in the background and for ever: ``nats.connect(max_reconnect_attempts=-1)`` does not
    return while the server is down, and the bot must start without it.
    """

    def __init__(self, url: str, tasks: asyncio.TaskGroup) -> None:
        self._local = LocalBus()
        self._url = url
        self._client: object | None = None
        self._connecting = tasks.create_task(self._connect(), name="nats connect")

    async def _connect(self) -> None:
        import nats  # noqa: PLC0415  only where several processes share the work
        from nats.aio.msg import Msg  # noqa: PLC0415

        async def on_error(error: Exception) -> None:
            log.warning("bus_error", error=type(error).__name__)

        async def on_message(message: Msg) -> None:
            await self._local.wake(message.subject.removeprefix("chipwire.wake."))

        while True:
            try:
                client = await nats.connect(
                    self._url, name="chipwire", max_reconnect_attempts=-1, connect_timeout=2, error_cb=on_error,
                    allow_reconnect=True, reconnect_time_wait=1,
                )  # fmt: skip
                await client.subscribe("chipwire.wake.*", cb=on_message)
            except (OSError, TimeoutError, nats.errors.Error) as error:
                log.warning("bus_unreachable", error=type(error).__name__)
                await asyncio.sleep(2)
                continue
            self._client = client
            log.info("bus_connected")
            return

    async def wake(self, topic: str) -> None:
        """See Bus."""
        await self._local.wake(topic)
        if self._client is None:
            return
        import nats  # noqa: PLC0415

        try:
            await self._client.publish(f"chipwire.wake.{topic}", b"")  # type: ignore[attr-defined]
        except nats.errors.Error as error:
            log.warning("bus_wake_lost", topic=topic, error=type(error).__name__)

    async def wait(self, topic: str, within_s: float) -> bool:
        """See Bus."""
        return await self._local.wait(topic, within_s)

    async def aclose(self) -> None:
        """See Bus."""
        self._connecting.cancel()
        if self._client is not None:
            await self._client.close()  # type: ignore[attr-defined]
