"""Follows the store for new alerts and for what becomes of them, and tells the readers of the stream.

One follower reads for all: the bus allows one waiter a topic, and a hundred open pages must not mean a hundred
queries.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot import bus as topics
from bot.bus import Bus
from bot.clock import Clock
from bot.domain import Alert
from bot.errors import StoreError
from bot.health import Health
from bot.store.base import Store
from bot.web.metrics import Histogram
from bot.web.stream import Event, Hub
from bot.web.views import Deliveries, alert_view, sources_view

__all__ = ["Live"]

log = structlog.get_logger(__name__)

SWEEP_S = 3.0  # a wake-up that was lost costs at most this
STALL = timedelta(seconds=30)
PAGE = 100  # alerts read at a time
REPLAY = 200  # alerts that a reader who comes back may have missed
KNOWN = 5000  # ids remembered, so that an alert is told once
TRACK_FOR = timedelta(hours=1)  # a delivery that is open for longer says nothing about latency
FIRST_LOOK_S = 0.1  # then twice as long each time, up to
LAST_LOOK_S = 30.0
STATUS_EVERY_S = 5.0


@dataclass(slots=True)
class _Tracked:
    """An alert whose deliveries are still open."""

    alert: Alert
    next_look: float
    until: float
    pause: float = FIRST_LOOK_S
    counted: set[str] = field(default_factory=set)  # delivery ids
    told: tuple[tuple[str, int], ...] = ()


class Live:
    """The follower. ``run`` in one task; everything else from the same event loop."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, health: Health) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._health = health
        self._known: OrderedDict[str, None] = OrderedDict()
        self._tracked: dict[str, _Tracked] = {}
        self._settled: OrderedDict[str, Deliveries] = OrderedDict()
        self._status: Event | None = None
        self._next_status = 0.0
        self.hub = Hub()
        self.latency = Histogram(
            "chipwire_seen_to_sent_seconds",
            "From the first sight of a headline to the receipt of its alert.",
            "platform",
        )

    async def run(self) -> None:
        """Follow until cancelled. A store that is away for a while is waited for."""
        work, told = self.start, False
        with self._health.turning("web", within=STALL):
            while True:
                try:
                    await work()
                    work, told = self.turn, False
                except StoreError as error:
                    if not told:  # once a streak
                        log.warning("live_store_unreachable", error=str(error))
                    told = True
                self._health.beat("web")
                await self._bus.wait(topics.PUBLISHED, self._pause())

    async def start(self) -> None:
        """Take what is there as told; what was sent before now is not counted as latency.

        Raises:
            StoreError: the store cannot be read.
        """
        recent = await self._store.recent_alerts(PAGE)
        for alert in reversed(recent):
            self._remember(alert)
            if self._clock.now() - alert.created_at < TRACK_FOR:
                deliveries = await self.deliveries_of(alert)
                if not deliveries.settled:
                    self._track(alert).counted.update(delivery_id for delivery_id, _, _ in deliveries.sent)

    async def turn(self) -> None:
        """Tell of new alerts, of deliveries that moved, and now and then of the sources.

        Raises:
            StoreError: the store cannot be read; nothing that was told is told again.
        """
        for alert in await self._new_alerts():
            self._remember(alert)
            self._track(alert)
            # At once: what becomes of its deliveries follows in a moment.
            self.hub.tell(Event(alert_view(alert, Deliveries()), id=alert.id))
            await asyncio.sleep(0)  # a burst must not fill the queues before anybody could read
        for tracked in [t for t in self._tracked.values() if t.next_look <= self._clock.monotonic()]:
            await self._look(tracked)
        if self.hub.wants_detail and self._clock.monotonic() >= self._next_status:
            self.hub.tell(await self.status(), detail=True)

    async def deliveries_of(self, alert: Alert) -> Deliveries:
        """What became of an alert's deliveries; remembered once nothing is open any more.

        Raises:
            StoreError: the store cannot be read.
        """
        if (known := self._settled.get(alert.id)) is not None:
            return known
        trail = await self._store.trail(alert.headline_id)
        deliveries = Deliveries.of(trail.deliveries if trail is not None else ())
        if deliveries.settled:
            self._settled[alert.id] = deliveries
            if len(self._settled) > KNOWN:
                self._settled.popitem(last=False)
        return deliveries

    async def missed(self, last_id: str) -> list[Event]:
        """Alerts after the one of this id, oldest first, at most REPLAY; all of those when the id is unknown.

        Raises:
            StoreError: the store cannot be read.
        """
        recent = await self._store.recent_alerts(REPLAY)
        after = next((n for n, alert in enumerate(recent) if alert.id == last_id), len(recent))
        return [Event(alert_view(a, await self.deliveries_of(a)), id=a.id) for a in reversed(recent[:after])]

    async def status(self) -> Event:
        """How the sources and the queues are, at most STATUS_EVERY_S old.

        Raises:
            StoreError: the store cannot be read.
        """
        now = self._clock.monotonic()
        if self._status is None or now >= self._next_status:
            states = await self._store.source_states()
            data = {
                "sources": sources_view(states.values(), self._clock.now()),
                "backlog": await self._store.backlog(),
                "model": self._health.model,
            }
            self._status = Event(data, name="status")
            self._next_status = now + STATUS_EVERY_S
        return self._status

    async def _new_alerts(self) -> list[Alert]:
        """Alerts that were not told yet, oldest first."""
        new: dict[str, Alert] = {}
        page = await self._store.recent_alerts(PAGE)
        while page:
            unknown = [a for a in page if a.id not in self._known and a.id not in new]
            new.update((a.id, a) for a in unknown)
            if len(page) < PAGE or not unknown or page[-1].id in self._known or len(new) >= KNOWN:
                break
            # There may be more behind. Alerts of one batch share a moment: begin with that moment again.
            page = await self._store.recent_alerts(PAGE, page[-1].created_at + timedelta(microseconds=1))
        return sorted(new.values(), key=lambda a: (a.created_at, a.id))

    def _remember(self, alert: Alert) -> None:
        self._known[alert.id] = None
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)

    def _track(self, alert: Alert) -> _Tracked:
        now = self._clock.monotonic()
        tracked = _Tracked(alert, next_look=now, until=now + TRACK_FOR.total_seconds())
        self._tracked[alert.id] = tracked
        return tracked

    async def _look(self, tracked: _Tracked) -> None:
        """See whether an alert's deliveries have moved: count latencies, tell the page, set the next look."""
        deliveries = await self.deliveries_of(tracked.alert)
        for delivery_id, platform, sent_at in deliveries.sent:
            if delivery_id not in tracked.counted:
                tracked.counted.add(delivery_id)
                # Two machines' clocks may disagree by a little; a latency is never negative.
                self.latency.observe(platform, max(0.0, (sent_at - tracked.alert.first_seen_at).total_seconds()))
        if deliveries.states != tracked.told:
            tracked.told = deliveries.states
            view = alert_view(tracked.alert, deliveries)
            data = {key: view[key] for key in ("id", "first_seen_at", "sent_at", "held_until", "deliveries")}
            self.hub.tell(Event(data, name="deliveries"), detail=True)
        now = self._clock.monotonic()
        tracked.next_look = now + tracked.pause
        tracked.pause = min(tracked.pause * 2, LAST_LOOK_S)
        if deliveries.settled or now >= tracked.until:
            del self._tracked[tracked.alert.id]

    def _pause(self) -> float:
        """How long to wait for the next wake-up."""
        looks = [tracked.next_look for tracked in self._tracked.values()]
        if self.hub.wants_detail:
            looks.append(self._next_status)
        soonest = min(looks, default=float("inf")) - self._clock.monotonic()
        return min(max(soonest, FIRST_LOOK_S / 2), SWEEP_S)
