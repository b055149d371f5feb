"""The polling loop: due source → fetch → headlines and cursor saved together → the desk is woken."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import bus as topics
from bot.bus import Bus
from bot.clock import Clock
from bot.domain import Headline, RawItem, Reason, SourceSpec, SourceState, Tier
from bot.errors import SourceError, StoreError
from bot.health import Health
from bot.rules.attempts import next_poll_after_failure
from bot.rules.fingerprint import canonical_url, fingerprint
from bot.sources.base import Batch, Source
from bot.store.base import Store

log = structlog.get_logger(__name__)

TICK_S = 0.25  # lateness by design; one tick job costs 0.7 % of a core at 5,000 sources, one job a source 9–10 %
STALL_S = 2.0  # without a tick for this long, the wall clock was set back
AFTER_CRASH = timedelta(seconds=5)  # at least, until a source is tried again
AT_ONCE = 32  # polls in flight; each host has its own, smaller limit in the HTTP client
OFFICIAL_MAX_AGE = timedelta(hours=24)  # a rule that was filed while we slept is still news in the morning
FUTURE_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PollResult:
    """How one poll of one source ended."""

    source: str
    state: SourceState  # after it
    again_in: timedelta  # until it is due again
    seen: int = 0
    new: int = 0
    error: str | None = None


@dataclass(slots=True)
class Poller:
    """Polls every source at its own pace. One that fails waits alone; the others never notice."""

    store: Store
    bus: Bus
    clock: Clock
    scheduler: AsyncIOScheduler
    sources: Mapping[str, Source]
    max_age: timedelta
    health: Health = field(default_factory=Health)
    _heap: list[tuple[float, str]] = field(default_factory=list)  # due by the clock's monotonic seconds
    _ticked_at: float = 0.0
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set; then drop the polls in flight: what was not saved is fetched again."""
        states = await self._states()
        # By the clock that never goes back: a step of the wall clock must not silence or hurry a source.
        now, at = self.clock.now(), self.clock.monotonic()
        self._heap = [(at + (states[name].next_due - now).total_seconds(), name) for name in self.sources]
        heapq.heapify(self._heap)
        with self.health.turning("poll", within=timedelta(seconds=10)):
            await self._turn(states, stop)

    async def _turn(self, states: dict[str, SourceState], stop: asyncio.Event) -> None:
        polls: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as tasks:
            # misfire_grace_time=None: with the default of one second, runs are dropped in silence after a stall.
            tick = self.scheduler.add_job(
                self._tick, IntervalTrigger(seconds=TICK_S), args=(tasks, polls, states),
                max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=datetime.now(UTC),
            )  # fmt: skip
            try:
                while not await _is_set(stop, within_s=STALL_S):
                    # The scheduler goes by the wall clock: after a step back it would sleep until the old time.
                    if self.clock.monotonic() - self._ticked_at > STALL_S:
                        tick.modify(next_run_time=datetime.now(UTC))
            finally:
                tick.remove()
                for poll in polls:
                    poll.cancel()

    async def run_once(self) -> list[PollResult]:
        """Poll every source one time, due or not; returns how each ended, in the catalogue's order."""
        states = await self._states()
        async with asyncio.TaskGroup() as tasks:
            polls = [tasks.create_task(self.poll(name, states[name])) for name in self.sources]
        return [poll.result() for poll in polls]

    async def _states(self) -> dict[str, SourceState]:
        await self.store.sync_sources([source.spec for source in self.sources.values()], self.clock.now())
        return await self.store.source_states()

    async def _tick(
        self, tasks: asyncio.TaskGroup, polls: set[asyncio.Task[None]], states: dict[str, SourceState]
    ) -> None:
        self._ticked_at = self.clock.monotonic()
        self.health.beat("poll")
        while self._heap and self._heap[0][0] <= self._ticked_at:
            _, name = heapq.heappop(self._heap)
            poll = tasks.create_task(self._poll_and_requeue(name, states), name=f"poll {name}")
            polls.add(poll)
            poll.add_done_callback(polls.discard)

    async def _poll_and_requeue(self, name: str, states: dict[str, SourceState]) -> None:
        # A bug in one adapter, or a database that is away for a moment, must not stop the other sources.
        wait = max(self.sources[name].spec.interval, AFTER_CRASH)
        try:
            result = await self.poll(name, states[name])
            states[name], wait = result.state, result.again_in
        except StoreError as error:
            log.warning("poll_not_saved", source=name, error=str(error))
        except Exception:
            log.exception("poll_crashed", source=name)
        heapq.heappush(self._heap, (self.clock.monotonic() + wait.total_seconds(), name))

    async def poll(self, name: str, state: SourceState) -> PollResult:
        """Poll one source and save what came of it.

        Raises:
            StoreError: the result could not be saved; the cursor has not moved.
        """
        source = self.sources[name]
        started = self.clock.monotonic()
        async with self._slots:
            try:
                batch = await source.fetch(state.cursor)
            except SourceError as error:
                return await self._failed(source, state, error)
            except StoreError:
                raise
            except Exception as error:
                log.exception("source_crashed", source=name)
                return await self._failed(source, state, SourceError(f"{type(error).__name__} in the adapter"))
        return await self._save(source, state, batch, started)

    async def _save(self, source: Source, state: SourceState, batch: Batch, started: float) -> PollResult:
        now = self.clock.now()
        headlines = [self._judged(item, source.spec, state, now) for item in batch.items]
        took = timedelta(seconds=self.clock.monotonic() - started)
        again_in = max(source.interval(now) - took, timedelta())
        new = await self.store.record_batch(
            source.spec.name, headlines, cursor=batch.cursor, next_due=now + again_in, now=now
        )
        self.health.polled(source.spec.name, ok=True)
        if new:
            await self.bus.wake(topics.SCORE)
        if not state.baseline_done:
            log.info("baseline", source=source.spec.name, seen=len(headlines))
        elif new or state.failures:
            log.info("polled", source=source.spec.name, new=len(new), seen=len(headlines))
        else:
            log.debug("polled", source=source.spec.name, new=0, seen=len(headlines))
        after = replace(
            state,
            cursor=batch.cursor,
            baseline_done=True,
            next_due=now + again_in,
            last_ok_at=now,
            last_new_at=now if new else state.last_new_at,
            failures=0,
            last_error=None,
        )
        return PollResult(source.spec.name, after, again_in, seen=len(headlines), new=len(new))

    async def _failed(self, source: Source, state: SourceState, error: SourceError) -> PollResult:
        spec = source.spec
        self.health.polled(spec.name, ok=False)
        now = self.clock.now()
        wait = next_poll_after_failure(
            state.failures + 1,
            interval=spec.interval,
            blocked=error.blocked,
            permanent=error.permanent,
            retry_after=error.retry_after,
            jitter=random.random(),  # noqa: S311  spreads load, keeps no secret
        )
        failures = await self.store.record_source_failure(spec.name, error=str(error), next_due=now + wait, now=now)
        # Once a streak: an operator who is told the same thing every minute stops reading.
        told = log.warning if failures == 1 or str(error) != state.last_error else log.debug
        told(
            "poll_failed", source=spec.name, error=str(error), failures=failures, again_in_s=round(wait.total_seconds())
        )
        after = replace(state, next_due=now + wait, failures=failures, last_error=str(error))
        return PollResult(spec.name, after, wait, error=str(error))

    def _judged(
        self, item: RawItem, spec: SourceSpec, state: SourceState, now: datetime
    ) -> tuple[Headline, Reason | None]:
        return normalise(item, spec, now), gate_by_age(item, spec, state, now, self.max_age)


async def _is_set(event: asyncio.Event, *, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            return await event.wait()
    except TimeoutError:
        return False


def normalise(item: RawItem, spec: SourceSpec, now: datetime) -> Headline:
    """Make a source's item our headline; a publication time more than ten minutes ahead is not believed."""
    published = item.published_at
    if published is not None and published > now + FUTURE_TOLERANCE:
        published = None
    return Headline(
        id=Headline.make_id(spec.name, item.guid),
        source=spec.name,
        guid=item.guid,
        text=item.headline,
        url=item.url,
        publisher=item.publisher or spec.publisher,
        tier=spec.tier,
        official=spec.official or spec.tier is Tier.PRIMARY,
        published_at=published,
        first_seen_at=now,
        event_at=item.event_at,
        fingerprint=fingerprint(item.headline),
        canonical_url=canonical_url(item.url),
        summary=item.summary,
        document=item.document,
    )


def gate_by_age(
    item: RawItem, spec: SourceSpec, state: SourceState, now: datetime, max_age: timedelta
) -> Reason | None:
    """Why an item is too old to tell, or None.

    The first poll of a source is its baseline. After that an item with a date is judged by it; one without
    is taken as new, unless the source was not seen for so long that nobody can tell.
    """
    if not state.baseline_done:
        return Reason.BASELINE
    limit = spec.max_age or (max(max_age, OFFICIAL_MAX_AGE) if spec.tier is Tier.PRIMARY else max_age)
    if item.published_at is not None:
        return Reason.STALE if now - item.published_at > limit else None
    unseen = now - state.last_ok_at if state.last_ok_at is not None else None
    return Reason.BASELINE if unseen is None or unseen > limit else None
