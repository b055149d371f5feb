"""The outbox under any interleaving of two owners, crashes and late marks: nothing lost, nobody doubled."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain import Claim, Destination, Receipt, Sending, Urgency
from bot.store import open_store
from bot.store.sql import SqlStore
from bot.store.tables import metadata
from tests.fakes.outbox import told_by
from tests.fakes.stored import CHANNEL, SLACK, after, make_alert_decision, make_headline

LEASE = timedelta(seconds=30)
DAY = timedelta(days=1)
OWNERS = st.sampled_from(["a", "b"])
DESTINATIONS = st.sampled_from([SLACK, CHANNEL])


class Outbox(RuleBasedStateMachine):
    """Two dispatchers on one store, beside a plain model of what must hold."""

    def __init__(self, loop: asyncio.Runner, store: SqlStore) -> None:
        super().__init__()
        self.loop, self.store = loop, store
        self.loop.run(self.store._write(_delete_rows))
        self.now_s = 10.0
        self.told = 0
        self.order: dict[Destination, list[str]] = defaultdict(list)  # what was not held
        self.waiting: dict[Destination, dict[str, datetime]] = defaultdict(dict)  # held → its release
        self.begun: dict[Destination, list[str]] = defaultdict(list)  # messages that tell what was held
        self.tells: dict[str, tuple[str, ...]] = {}  # message → its deliveries
        self.final: dict[str, str] = {}  # message → how it ended
        self.epochs = {"a": 0, "b": 0}
        self.holder: str | None = None  # who holds the lease and has not let it run out
        self.held: list[tuple[str, int, Claim, datetime]] = []  # owner, epoch, claim, end of lease
        self.flying: dict[str, int] = {}  # delivery → attempt that it waits for
        self.maybe: set[str] = set()
        self.due_at: dict[str, datetime] = {}
        self.stories: dict[str, str] = {}  # of what was not held
        self.flashes: set[str] = set()
        self.attempts: Counter[str] = Counter()

    @property
    def now(self) -> datetime:
        """The dispatchers' clock."""
        return after(self.now_s)

    @initialize()
    def begin(self) -> None:
        """Most of what can go wrong needs a holder and something to send."""
        self.take("a", force=False)
        self.tell({SLACK, CHANNEL}, "one", Urgency.ALERT)

    # ── what happens ─────────────────────────────────────────────────────────────────────────

    @rule(
        destinations=st.sets(DESTINATIONS, min_size=1),
        story=st.sampled_from(["one", "two"]),
        urgency=st.sampled_from([Urgency.ALERT, Urgency.FLASH]),
    )
    def tell(self, destinations: set[Destination], story: str, urgency: Urgency) -> None:
        """The desk decides an alert."""
        self.told += 1
        headline = make_headline(self.told, seen=after(0))
        decision = make_alert_decision(headline, tuple(sorted(destinations, key=str)), slug=story, urgency=urgency)
        self.loop.run(self.store.record_batch("w", [(headline, None)], cursor={}, next_due=self.now, now=self.now))
        self.loop.run(self.store.record_decisions([decision]))
        for delivery in decision.deliveries:
            self.order[delivery.destination].append(delivery.id)
            self.tells[delivery.id] = (delivery.id,)
            self.stories[delivery.id] = story
            if urgency is Urgency.FLASH:
                self.flashes.add(delivery.id)

    @rule(destinations=st.sets(DESTINATIONS, min_size=1), seconds=st.sampled_from([0.0, 5.0, 40.0]))
    def hold(self, destinations: set[Destination], seconds: float) -> None:
        """The desk decides an alert that waits."""
        self.told += 1
        headline = make_headline(self.told, seen=after(0))
        release = self.now + timedelta(seconds=seconds)
        held = dict.fromkeys(sorted(destinations, key=str), release)
        decision = make_alert_decision(headline, (), slug="one", held=held)
        self.loop.run(self.store.record_batch("w", [(headline, None)], cursor={}, next_due=self.now, now=self.now))
        self.loop.run(self.store.record_decisions([decision]))
        for delivery in decision.deliveries:
            self.waiting[delivery.destination][delivery.id] = release

    @rule(owner=OWNERS, force=st.booleans())
    def take(self, owner: str, force: bool) -> None:
        """An owner tries to take the lease."""
        epoch = self.loop.run(self.store.take_lease("dispatch", owner, DAY, force=force))
        free = self.holder in {None, owner}
        assert (epoch is not None) == (free or force)
        if epoch is not None:
            assert epoch > max(self.epochs.values())
            self.holder, self.epochs[owner] = owner, epoch

    @precondition(lambda self: self.holder is not None)
    @rule()
    def lose_lease(self) -> None:
        """The holder hangs until its lease has run out."""
        assert self.holder is not None
        epoch = self.epochs[self.holder]
        assert self.loop.run(self.store.renew_lease("dispatch", self.holder, epoch, timedelta(0)))
        self.holder = None

    @precondition(lambda self: self.holder is not None)
    @rule(destination=DESTINATIONS)
    def claim(self, destination: Destination) -> None:
        """The holder claims: granted exactly when the first open delivery of a line is due."""
        assert self.holder is not None
        due = bool(self._next(destination))
        assert (destination in self.loop.run(self.store.due_destinations(self.now))) == due
        assert self._try_claim(self.holder, destination) == due

    @rule(owner=OWNERS, destination=DESTINATIONS)
    def usurp(self, owner: str, destination: Destination) -> None:
        """An owner, rightful or not, tries to claim."""
        self._try_claim(owner, destination)

    def _try_claim(self, owner: str, destination: Destination) -> bool:
        expected = self._next(destination)
        claim = self.loop.run(
            self.store.claim_delivery(destination, owner=owner, epoch=self.epochs[owner], now=self.now, lease=LEASE)
        )
        if claim is None:
            return False
        assert self.holder == owner
        told = tuple(f"{headline}>{destination}" for headline in told_by(claim))
        assert told == expected, "out of order, or not together"
        assert claim.delivery_id == told[0]
        if told[0] in self.waiting[destination]:
            self.begun[destination].append(told[0])
            self.tells[told[0]] = told
            for delivery_id in told:
                del self.waiting[destination][delivery_id]
        assert self.due_at.get(claim.delivery_id, self.now) <= self.now
        earlier = [(o, e, c, until) for o, e, c, until in self.held if c.delivery_id == claim.delivery_id]
        assert all(until <= self.now for _, _, _, until in earlier), "two claims at once"
        if claim.delivery_id in self.flying:
            self.maybe.add(claim.delivery_id)
        assert claim.maybe_sent == (claim.delivery_id in self.maybe)
        assert (claim.first_intent_at is not None) == claim.maybe_sent
        self.flying[claim.delivery_id] = claim.attempt
        self.attempts[claim.delivery_id] += 1
        self.held.append((owner, self.epochs[owner], claim, self.now + LEASE))
        self.due_at[claim.delivery_id] = self.now + LEASE
        return True

    def _next(self, destination: Destination) -> tuple[str, ...]:
        """What the next message tells; empty when nothing is due."""
        news = self._first(destination)
        if news is not None and self.due_at.get(news, self.now) <= self.now:
            return (news,)
        begun = next((d for d in self.begun[destination] if d not in self.final), None)
        if begun is not None:
            return self.tells[begun] if self.due_at[begun] <= self.now else ()
        return tuple(d for d, release in self.waiting[destination].items() if release <= self.now)

    def _first(self, destination: Destination) -> str | None:
        """The first of the ordinary line: what was begun, else a flash that passes none of its own story."""
        waiting = [d for d in self.order[destination] if d not in self.final]
        begun = [d for d in waiting if self.attempts[d]]
        begins = [
            d
            for n, d in enumerate(waiting)
            if d in self.flashes and self.stories[d] not in {self.stories[earlier] for earlier in waiting[:n]}
        ]
        return next(iter([*begun, *begins, *waiting]), None)

    @rule(owner=OWNERS)
    def inherit(self, owner: str) -> None:
        """An owner ends what its predecessors left in flight."""
        ended = self.loop.run(self.store.expire_claims(owner=owner, epoch=self.epochs[owner], now=self.now))
        left = [
            n
            for n, (_, epoch, claim, until) in enumerate(self.held)
            if epoch < self.epochs[owner] and until > self.now and self._newest(claim)
        ]
        shared = sum(len(self.tells[self.held[n][2].delivery_id]) for n in left)
        assert ended == (shared if self.holder == owner else 0)
        if ended:
            for n in left:
                self.held[n] = (*self.held[n][:3], self.now)
                self.due_at[self.held[n][2].delivery_id] = self.now

    @rule(seconds=st.sampled_from([1.0, 15.0, 31.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now_s += seconds

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def sent(self, data: st.DataObject) -> None:
        """A receipt comes, maybe for an overtaken attempt."""
        _, claim = self._settle(data)
        result = data.draw(st.sampled_from([Sending.SENT, Sending.RECONCILED]))
        self.loop.run(
            self.store.mark_sent(claim.delivery_id, Receipt("1"), result=result, now=self.now, attempt=claim.attempt)
        )
        self.final[claim.delivery_id] = "sent"

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def failed(self, data: st.DataObject) -> None:
        """An attempt ends and is to be tried again."""
        newest, claim = self._settle(data)
        result = data.draw(st.sampled_from([Sending.RETRY, Sending.RATE_LIMITED, Sending.MAYBE_SENT]))
        again = self.now + timedelta(seconds=data.draw(st.sampled_from([0, 20])))
        self.loop.run(
            self.store.mark_retry(
                claim.delivery_id, result=result, error="x", next_attempt_at=again, now=self.now, attempt=claim.attempt
            )
        )
        if newest:
            self.due_at[claim.delivery_id] = again
            if result is Sending.MAYBE_SENT:
                self.maybe.add(claim.delivery_id)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def ended(self, data: st.DataObject) -> None:
        """An attempt ends for good."""
        newest, claim = self._settle(data)
        self.loop.run(
            self.store.mark_ended(
                claim.delivery_id, result=Sending.DEAD, reason="gone", now=self.now, attempt=claim.attempt
            )
        )
        if newest:
            self.final.setdefault(claim.delivery_id, "dead")

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def gave_back(self, data: st.DataObject) -> None:
        """A claim is given back unsent."""
        newest, claim = self._settle(data)
        self.loop.run(self.store.release_claim(claim.delivery_id, self.now, attempt=claim.attempt))
        if newest:
            self.attempts[claim.delivery_id] -= 1
            self.due_at[claim.delivery_id] = self.now

    # ── what must hold ───────────────────────────────────────────────────────────────────────

    @invariant()
    def all_are_accounted_for(self) -> None:
        """Each delivery is open or has the end that it was given."""
        backlog = self.loop.run(self.store.backlog())
        ends = Counter(end for message, end in self.final.items() for _ in self.tells[message])
        assert (backlog["sent"], backlog["dead"]) == (ends["sent"], ends["dead"])
        assert backlog["held"] == sum(map(len, self.waiting.values()))
        assert backlog["pending"] + backlog["sending"] == sum(map(len, self.tells.values())) - ends.total()
        assert backlog["sending"] == sum(len(self.tells[m]) for m in set(self.flying) - set(self.final))

    def teardown(self) -> None:
        """Whatever happened, one healthy owner brings everything to its end, in order."""
        self.loop.run(self._drain())

    async def _drain(self) -> None:
        epoch = await self.store.take_lease("dispatch", "last", DAY, force=True)
        assert epoch is not None
        self.now_s += 3_600.0
        later = self.now
        for destination in (SLACK, CHANNEL):
            while expected := self._next(destination):
                claim = await self.store.claim_delivery(destination, owner="last", epoch=epoch, now=later, lease=LEASE)
                assert claim is not None
                assert [f"{headline}>{destination}" for headline in told_by(claim)] == [*expected]
                await self.store.mark_sent(claim.delivery_id, Receipt("1"), result=Sending.SENT, now=later)
                self.final[claim.delivery_id] = "sent"
                for delivery_id in expected:
                    self.waiting[destination].pop(delivery_id, None)
            assert self.waiting[destination] == {}
        assert await self.store.due_destinations(later) == []

    def _claim(self, owner: str, destination: Destination) -> Claim | None:
        return self.loop.run(
            self.store.claim_delivery(destination, owner=owner, epoch=self.epochs[owner], now=self.now, lease=LEASE)
        )

    def _newest(self, claim: Claim) -> bool:
        """Whether this claim is still the delivery's own: not settled, not overtaken, not ended."""
        return claim.delivery_id not in self.final and self.flying.get(claim.delivery_id) == claim.attempt

    def _settle(self, data: st.DataObject) -> tuple[bool, Claim]:
        """Pick a claim that somebody still holds; says whether it is the delivery's own."""
        n = data.draw(st.integers(0, len(self.held) - 1))
        claim = self.held.pop(n)[2]
        newest = self._newest(claim)
        if newest:
            del self.flying[claim.delivery_id]
        return newest, claim


def _delete_rows(conn: sa.Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        conn.execute(table.delete())


def test_outbox() -> None:
    """No delivery is lost, doubled or out of order, whatever the owners, their leases and their late marks do."""
    with asyncio.Runner() as loop:
        store = loop.run(open_store("sqlite://"))
        assert isinstance(store, SqlStore)
        loop.run(store.migrate())
        try:
            run_state_machine_as_test(
                lambda: Outbox(loop, store),
                settings=settings(
                    max_examples=80,
                    stateful_step_count=30,
                    deadline=None,
                    database=None,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )
        finally:
            loop.run(store.close())
