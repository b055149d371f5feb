"""Who owns a role: one at a time, the next at once after a death, and lost leases stop the work."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.ownership import LEASE_TTL, FileTenure, RowTenure, Term, run_owned


async def test_a_file_lock_has_one_holder_and_the_next_takes_over_at_once(store, tmp_path):
    """The second waits while the first lives, follows it without waiting for a lease, and has a higher epoch."""
    first, second = FileTenure(store, tmp_path, "a"), FileTenure(store, tmp_path, "b")
    stop, holds = asyncio.Event(), asyncio.Event()

    async def follow():
        async with second.hold("desk", stop) as term:
            holds.set()
            return term.epoch

    async with asyncio.timeout(10):
        async with first.hold("desk", stop) as term:
            following = asyncio.create_task(follow())
            assert not await second.try_hold("desk")
            assert await second.try_hold("poll"), "roles are apart"
            assert not holds.is_set()
        assert await following == term.epoch + 1


async def test_stop_ends_the_standing_by(store, tmp_path):
    """Who waits for a role leaves when told to, with nothing in hand."""
    first, second = FileTenure(store, tmp_path, "a"), FileTenure(store, tmp_path, "b")
    stop = asyncio.Event()
    async with asyncio.timeout(10), first.hold("desk", asyncio.Event()):

        async def stand_by():
            async with second.hold("desk", stop) as term:
                return term

        waiting = asyncio.create_task(stand_by())
        await asyncio.sleep(0)
        stop.set()
        assert await waiting is None


async def test_a_lock_file_that_cannot_be_opened_is_named(store, tmp_path):
    """One clear line instead of a traceback, and not a wait for ever."""
    (tmp_path / "desk.lock").mkdir()
    with pytest.raises(StoreError, match=r"desk\.lock: cannot be opened"):
        await FileTenure(store, tmp_path, "a").try_hold("desk")


async def test_a_row_has_one_holder_until_it_is_given_back(store):
    """A lease that is released is free at once."""
    first, second, stop = RowTenure(store, "a"), RowTenure(store, "b"), asyncio.Event()
    async with asyncio.timeout(10):
        async with first.hold("poll", stop) as term:
            assert not await second.try_hold("poll")
        async with second.hold("poll", stop) as later:
            assert later.epoch > term.epoch


async def test_a_lease_that_was_taken_over_stops_the_work(store, monkeypatch):
    """Somebody else has the role: the work under the old epoch is cancelled, then done again when it is ours."""
    monkeypatch.setattr("bot.ownership.RENEW_EVERY_S", 0.01)
    tenure, stop, epochs, cancelled = RowTenure(store, "a"), asyncio.Event(), [], []

    async def work(epoch):
        epochs.append(epoch)
        if len(epochs) == 2:
            stop.set()
            return
        thief = await store.take_lease("desk", "thief", LEASE_TTL, force=True)
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.append(epoch)
            await store.release_lease("desk", "thief", thief)
            raise

    async with asyncio.timeout(10):
        await run_owned(tenure, "desk", work, stop)
    assert cancelled == epochs[:1]
    assert epochs[1] > epochs[0]


class Flaky:
    """A store of leases whose server is away while ``down``."""

    def __init__(self):
        self.down = False
        self.epoch = 0

    async def take_lease(self, name, owner, ttl, *, force=False):
        self._answer()
        self.epoch += 1
        return self.epoch

    async def renew_lease(self, name, owner, epoch, ttl):
        self._answer()
        return True

    async def release_lease(self, name, owner, epoch):
        self._answer()

    def _answer(self):
        if self.down:
            raise StoreError("the server cannot be reached")


async def test_a_lease_that_cannot_be_renewed_is_dropped_by_our_own_clock(monkeypatch):
    """While the database is away the role is given up before another can have it."""
    monkeypatch.setattr("bot.ownership.RENEW_EVERY_S", 0.01)
    monkeypatch.setattr("bot.ownership.LEASE_TTL", timedelta(seconds=0.05))
    store = Flaky()
    async with asyncio.timeout(10), RowTenure(store, "a").hold("desk", asyncio.Event()) as term:
        store.down = True
        assert not term.lost.is_set()
        await term.lost.wait()
        assert term.lost.is_set()


async def test_work_goes_on_when_the_database_is_back(monkeypatch):
    """A database that restarts ends no process: the role is taken again when it answers."""
    monkeypatch.setattr("bot.ownership.RENEW_EVERY_S", 0.01)
    monkeypatch.setattr("bot.ownership.DATABASE_RETRY_S", 0.01)
    store, stop, epochs = Flaky(), asyncio.Event(), []

    async def work(epoch):
        epochs.append(epoch)
        if len(epochs) == 3:
            stop.set()
            return
        store.down = True
        asyncio.get_running_loop().call_later(0.05, setattr, store, "down", False)
        raise StoreError("the server went away")

    async with asyncio.timeout(10):
        await run_owned(RowTenure(store, "a"), "desk", work, stop)
    assert epochs == sorted(set(epochs))


async def test_a_bug_in_the_work_is_not_swallowed():
    """Only an absent database is waited for; anything else ends the process, loudly."""

    class Always:
        @asynccontextmanager
        async def hold(self, role, stop):
            yield Term(1)

    async def work(epoch):
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as caught:
        await run_owned(Always(), "desk", work, asyncio.Event())
    assert caught.group_contains(ZeroDivisionError)
