"""The poller over the real store: baseline, age, failure, and that one source never holds up another."""

import asyncio
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.bus import LocalBus
from bot.clock import SystemClock
from bot.domain import RawItem, Reason, SourceSpec, Tier
from bot.errors import SourceError
from bot.poll import Poller
from bot.sources.base import Batch
from tests.fakes.clock import FakeClock
from tests.fakes.store import FailingStore

MAX_AGE = timedelta(hours=6)


class ScriptedSource:
    """Gives the items that a test puts in, or fails as it says."""

    def __init__(self, name="wire", interval=timedelta(seconds=60), **changes):
        self.spec = SourceSpec(
            name, "test", f"https://{name}.example/feed", interval, "Kite Wire", changes.get("tier", Tier.WIRE)
        )
        self.items = []
        self.error = None
        self.cursors = []
        self.gate = None

    def interval(self, now):
        return self.spec.interval

    async def fetch(self, cursor):
        self.cursors.append(dict(cursor))
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Batch(tuple(self.items), {"polls": cursor.get("polls", 0) + 1})


def item(text, published=None, guid=None):
    return RawItem(guid or text, text, f"https://wire.example/{text}", published)


def poller(store, clock, *sources):
    by_name = {s.spec.name: s for s in sources}
    return Poller(store, LocalBus(), clock, AsyncIOScheduler(timezone="UTC"), by_name, MAX_AGE)


async def reason(store, text, source="wire"):
    from bot.domain import Headline

    trail = await store.trail(Headline.make_id(source, text))
    return trail.reason


async def test_first_poll_is_a_baseline(store):
    """What a source holds when it is first seen is not news, whatever its date says."""
    clock, source = FakeClock(), ScriptedSource()
    source.items = [item("old", clock.now() - timedelta(days=3)), item("fresh", clock.now())]
    await poller(store, clock, source).run_once()
    assert await store.unscored(10) == []
    assert await reason(store, "fresh") is Reason.BASELINE


async def test_new_items_are_due_for_scoring_once(store):
    """After the baseline a new item is due, and the same item again is not."""
    clock, source = FakeClock(), ScriptedSource()
    work = poller(store, clock, source)
    await work.run_once()
    source.items = [item("news", clock.now())]
    await work.run_once()
    await work.run_once()
    assert [h.text for h in await store.unscored(10)] == ["news"]
    assert source.cursors == [{}, {"polls": 1}, {"polls": 2}]


async def test_old_dates_are_stale_and_future_dates_are_not_believed(store):
    """An item dated beyond the limit is not told; one dated tomorrow is told without its date."""
    clock, source = FakeClock(), ScriptedSource()
    work = poller(store, clock, source)
    await work.run_once()
    source.items = [
        item("stale", clock.now() - timedelta(hours=7)),
        item("tomorrow", clock.now() + timedelta(days=1)),
    ]
    await work.run_once()
    (due,) = await store.unscored(10)
    assert (due.text, due.published_at) == ("tomorrow", None)
    assert await reason(store, "stale") is Reason.STALE


async def test_after_a_long_pause_fresh_dated_items_are_told_and_undated_ones_are_not(store):
    """What was missed in a pause and is still fresh is sent; without a date nobody can tell."""
    clock, source = FakeClock(), ScriptedSource()
    await poller(store, clock, source).run_once()
    clock.advance(hours=30)
    source.items = [item("undated"), item("fresh", clock.now() - timedelta(hours=1))]
    await poller(store, clock, source).run_once()
    assert [h.text for h in await store.unscored(10)] == ["fresh"]
    assert await reason(store, "undated") is Reason.BASELINE


async def test_a_failure_moves_no_cursor_and_says_why(store):
    """A failed poll keeps the cursor, remembers the reason and waits as asked."""
    clock, source = FakeClock(), ScriptedSource()
    work = poller(store, clock, source)
    await work.run_once()
    source.error = SourceError("answers HTML, not a feed", blocked=True, retry_after=timedelta(hours=2))
    (result,) = await work.run_once()
    state = (await store.source_states())["wire"]
    assert result.error == state.last_error == "answers HTML, not a feed"
    assert state.failures == 1
    assert state.cursor == {"polls": 1}
    assert state.next_due >= clock.now() + timedelta(hours=2)


async def test_an_adapter_with_a_bug_is_a_failed_source(store):
    """A bug in an adapter is that source's trouble alone."""
    clock = FakeClock()
    broken, well = ScriptedSource("broken"), ScriptedSource("well")
    broken.error = ZeroDivisionError()
    results = await poller(store, clock, broken, well).run_once()
    assert [r.error is None for r in results] == [False, True]


async def test_a_hanging_source_holds_up_nobody(store):
    """While one source hangs, another is polled on its own beat."""
    slow, quick = ScriptedSource("slow"), ScriptedSource("quick", interval=timedelta(seconds=0.2))
    slow.gate = asyncio.Event()
    work = poller(store, SystemClock(), slow, quick)
    work.scheduler.start()
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(work.run(stop))
        async with asyncio.timeout(20):
            while len(quick.cursors) < 3:
                await asyncio.sleep(0.05)
        assert len(slow.cursors) == 1
        slow.gate.set()
        stop.set()
    work.scheduler.shutdown()


async def polling(work, until):
    """Run the poller until a condition holds, then stop it; returns how long the stop took in seconds."""
    stop = asyncio.Event()
    work.scheduler.start()
    try:
        async with asyncio.timeout(20):
            running = asyncio.create_task(work.run(stop))
            while not until():
                await asyncio.sleep(0.02)
            stop.set()
            since = asyncio.get_running_loop().time()
            await running
            return asyncio.get_running_loop().time() - since
    finally:
        work.scheduler.shutdown()


async def test_a_stop_does_not_wait_for_a_hanging_source(store):
    """A fetch in flight is dropped at the stop: nothing of it was saved, so nothing is lost."""
    slow = ScriptedSource("slow")
    slow.gate = asyncio.Event()
    work = poller(store, SystemClock(), slow)
    assert await polling(work, lambda: slow.cursors) < 2
    assert not (await store.source_states())["slow"].baseline_done


async def test_a_wall_clock_that_is_set_back_silences_nothing(store):
    """Waits go by the clock that never goes back."""

    class Stepped(SystemClock):
        def now(self):
            return super().now() - (timedelta(hours=2) if quick.cursors else timedelta())

    quick = ScriptedSource("quick", interval=timedelta(seconds=0.2))
    work = poller(store, Stepped(), quick)
    await polling(work, lambda: len(quick.cursors) >= 3)
    assert len(quick.cursors) >= 3


async def test_a_scheduler_that_sleeps_is_woken(store, monkeypatch):
    """The scheduler goes by the wall clock and sleeps after a step back; the poller notices and wakes it."""
    monkeypatch.setattr("bot.poll.STALL_S", 0.3)
    quick = ScriptedSource("quick", interval=timedelta(seconds=0.2))
    work = poller(store, SystemClock(), quick)

    def asleep_once():
        if len(quick.cursors) == 1 and not slept:
            slept.append(1)
            (tick,) = work.scheduler.get_jobs()
            tick.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        return len(quick.cursors) >= 3

    slept = []
    await polling(work, asleep_once)
    assert slept


async def test_a_database_that_is_away_stops_no_source(store, monkeypatch):
    """A poll that could not be saved is done again; what it brought is not lost."""
    monkeypatch.setattr("bot.poll.AFTER_CRASH", timedelta(seconds=0.1))
    source = ScriptedSource("wire", interval=timedelta(seconds=0.1))
    away = FailingStore(store)
    work = poller(away, SystemClock(), source)
    await work.run_once()
    source.items = [item("news")]

    def back_after_two():
        away.down = 1 < len(source.cursors) <= 3
        return len(source.cursors) >= 6

    await polling(work, back_after_two)
    assert [h.text for h in await store.unscored(10)] == ["news"]
