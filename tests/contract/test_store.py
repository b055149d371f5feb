"""The contract of every Store: one suite over SQLite, SQLite in memory and PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.domain import (
    Alert,
    Cap,
    Claim,
    Decision,
    Delivery,
    DeliveryState,
    Destination,
    DigestPlan,
    Event,
    Every,
    Outcome,
    QuietHours,
    Reason,
    Receipt,
    Sending,
    SourceSpec,
    Status,
    Subscription,
    Tier,
    Topic,
    Urgency,
)
from bot.errors import ConfigError, StoreError
from bot.store import Store, open_store
from bot.store.migrations import Migration, apply, known_migrations
from bot.store.sql import SqlStore
from bot.store.tables import metadata
from tests.fakes.outbox import DAY, LEASE, Dispatcher, save, states, tell
from tests.fakes.stored import (
    CHANNEL,
    CONSOLE,
    NOON,
    SLACK,
    after,
    make_alert,
    make_alert_decision,
    make_headline,
    make_score,
    make_story,
)

# ── life ─────────────────────────────────────────────────────────────────────────────────────────


async def test_migrate_twice(store: Store) -> None:
    """Migrating an up-to-date store keeps what is in it."""
    await save(store, make_headline())
    await store.migrate()
    assert await store.unscored(10) == [make_headline()]


async def test_many_migrate_at_once(url: str) -> None:
    """Several processes may migrate a fresh database at the same time."""
    stores = [await open_store(url) for _ in range(3)]
    await asyncio.gather(*(store.migrate() for store in stores))
    for store in stores:
        assert await store.unscored(1) == []
        await store.close()


async def test_newer_schema_is_refused(url: str) -> None:
    """A schema from a newer Chipwire is refused, and left as it is."""
    store = await open_store(url)
    assert isinstance(store, SqlStore)
    await store.migrate()
    newer = (*known_migrations(), Migration(999, "later", ("CREATE TABLE later (id BIGINT)",)))
    await store._write(lambda conn: apply(conn, newer, now_us=0))
    with pytest.raises(StoreError, match=r"schema 999.*update Chipwire"):
        await store.migrate()
    assert await store.unscored(1) == []
    await store.close()


async def test_schema_is_what_the_tables_say(store: SqlStore) -> None:
    """The migrations make exactly the columns, keys and constraints that the statements are built from."""

    def compare(conn: sa.Connection) -> None:
        found = sa.inspect(conn)
        assert set(found.get_table_names()) - {"schema_migrations"} == set(metadata.tables)
        for table in metadata.tables.values():
            columns = {c["name"]: c for c in found.get_columns(table.name)}
            assert list(columns) == [c.name for c in table.columns]
            for column in table.columns:
                assert columns[column.name]["nullable"] == column.nullable, column
                found_type = columns[column.name]["type"].compile(conn.dialect)
                assert found_type == column.type.compile(conn.dialect), column
            assert found.get_pk_constraint(table.name)["constrained_columns"] == [c.name for c in table.primary_key]
            unique = {tuple(u["column_names"]) for u in found.get_unique_constraints(table.name)}
            wanted = {
                tuple(c.name for c in rule.columns)
                for rule in table.constraints
                if isinstance(rule, sa.UniqueConstraint)
            }
            assert unique == wanted, table
            foreign = {(f["constrained_columns"][0], f["referred_table"]) for f in found.get_foreign_keys(table.name)}
            assert foreign == {(k.parent.name, k.column.table.name) for k in table.foreign_keys}, table

    await store._read(compare)


async def test_use_before_migrate(url: str) -> None:
    """A database without the schema says so in one line."""
    store = await open_store(url)
    with pytest.raises(StoreError, match="no Chipwire schema in it yet"):
        await store.backlog()
    await store.close()


async def test_close_twice_and_use_after(store: Store) -> None:
    """Closing twice is allowed; using a closed store is a StoreError."""
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.backlog()
    with pytest.raises(StoreError, match="closed"):
        await store.take_lease("x", "a", LEASE)


async def test_close_finishes_what_is_under_way(store: Store) -> None:
    """What was asked before closing is answered."""
    async with asyncio.TaskGroup() as tasks:
        writes = [tasks.create_task(save(store, make_headline(n))) for n in range(30)]
        await asyncio.sleep(0)
        await store.close()
    assert all(len(write.result()) == 1 for write in writes)


# ── leases ───────────────────────────────────────────────────────────────────────────────────────


async def test_lease_has_one_holder(store: Store) -> None:
    """While one owner holds a role another gets None; each taking raises the epoch."""
    assert await store.take_lease("poll", "a", LEASE) == 1
    assert await store.take_lease("poll", "b", LEASE) is None
    assert await store.take_lease("poll", "a", LEASE) == 2
    assert await store.take_lease("desk", "b", LEASE) == 1


async def test_lease_runs_out(store: Store) -> None:
    """A lease that ran out may be taken by another; its old holder can then neither renew nor release it."""
    assert await store.take_lease("poll", "a", timedelta(0)) == 1
    assert await store.take_lease("poll", "b", LEASE) == 2
    assert not await store.renew_lease("poll", "a", 1, LEASE)
    await store.release_lease("poll", "a", 1)
    assert await store.renew_lease("poll", "b", 2, LEASE)


async def test_lease_force(store: Store) -> None:
    """A forced taking succeeds and ends the other's."""
    await store.take_lease("poll", "a", LEASE)
    assert await store.take_lease("poll", "b", LEASE, force=True) == 2
    assert not await store.renew_lease("poll", "a", 1, LEASE)


async def test_lease_renewed_after_it_ran_out(store: Store) -> None:
    """A lease that ran out but was taken by nobody can still be renewed."""
    await store.take_lease("poll", "a", timedelta(0))
    assert await store.renew_lease("poll", "a", 1, LEASE)
    assert await store.take_lease("poll", "b", LEASE) is None


async def test_lease_released(store: Store) -> None:
    """A released lease is free at once, and its epoch is not used again."""
    await store.take_lease("poll", "a", LEASE)
    await store.release_lease("poll", "a", 1)
    assert not await store.renew_lease("poll", "a", 1, LEASE)
    assert await store.take_lease("poll", "b", LEASE) == 2


async def test_lease_race(store: Store) -> None:
    """Of many who take a lease at once exactly one gets it."""
    epochs = await asyncio.gather(*(store.take_lease("poll", f"owner-{n}", LEASE) for n in range(10)))
    assert sorted(epoch for epoch in epochs if epoch is not None) == [1]


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def spec(name: str) -> SourceSpec:
    """A source of this name."""
    return SourceSpec(name, "feed", f"https://{name}.example/rss", timedelta(seconds=30), name.title(), Tier.WIRE)


async def test_sync_sources(store: Store) -> None:
    """A new source is due now with no baseline; a known one keeps what it has."""
    await store.sync_sources([], NOON)
    await store.sync_sources([spec("alpha")], NOON)
    await store.record_batch("alpha", [], cursor={"etag": "é"}, next_due=after(30), now=after(1))
    await store.sync_sources([spec("alpha"), spec("beta")], after(2))
    found = await store.source_states()
    assert found["alpha"].cursor == {"etag": "é"}
    assert found["alpha"].baseline_done
    assert found["alpha"].next_due == after(30)
    assert found["alpha"].last_ok_at == after(1)
    assert found["alpha"].last_new_at is None
    assert (found["beta"].cursor, found["beta"].baseline_done, found["beta"].next_due) == ({}, False, after(2))


async def test_record_batch_returns_what_is_new_and_due(store: Store) -> None:
    """Known headlines are passed over, those with a reason are spiked, the rest come back in the given order."""
    one, two, three, four = (make_headline(n) for n in (1, 2, 3, 4))
    assert await save(store, two) == [two]
    new = await store.record_batch(
        "desk-wire",
        [(four, None), (two, None), (one, Reason.STALE), (three, None), (four, None)],
        cursor={"seen": [1, 2]},
        next_due=after(9),
        now=after(4),
    )
    assert new == [four, three]
    trail = await store.trail(one.id)
    assert trail is not None
    assert (trail.outcome, trail.reason, trail.decided_at) == (Outcome.SPIKE, Reason.STALE, after(4))
    assert {h.id for h in await store.unscored(10)} == {two.id, three.id, four.id}
    state = (await store.source_states())["desk-wire"]
    assert (state.cursor, state.last_new_at, state.next_due) == ({"seen": [1, 2]}, after(4), after(9))


async def test_record_batch_keeps_last_new(store: Store) -> None:
    """A poll that brings nothing new leaves the time of the last new one."""
    await save(store, make_headline())
    await store.record_batch("desk-wire", [(make_headline(), None)], cursor={}, next_due=after(9), now=after(4))
    state = (await store.source_states())["desk-wire"]
    assert (state.last_new_at, state.last_ok_at) == (NOON, after(4))


async def test_record_batch_is_large(store: Store) -> None:
    """A first poll of five hundred entries is one batch."""
    many = [make_headline(n) for n in range(500)]
    assert await save(store, *many) == many


async def test_record_batch_is_all_or_nothing(store: Store) -> None:
    """A batch that fails leaves neither headlines nor a moved cursor."""
    await store.sync_sources([spec("desk-wire")], NOON)
    with pytest.raises(TypeError):
        await store.record_batch(
            "desk-wire", [(make_headline(), None)], cursor={"bad": object()}, next_due=after(9), now=NOON
        )
    assert await store.unscored(10) == []
    assert not (await store.source_states())["desk-wire"].baseline_done


async def test_odd_text(store: Store) -> None:
    """Text that a database refuses is mended rather than lost: NUL and lone surrogates."""
    odd = make_headline(1, text="中国芯片\0 \ud83d 出口", document="a\0b")
    assert await save(store, odd) == [odd]
    (found,) = await store.unscored(1)
    assert (found.text, found.document) == ("中国芯片\ufffd \ufffd 出口", "a\ufffdb")


async def test_source_failures(store: Store) -> None:
    """Failures are counted until a success; the cursor stays."""
    await store.record_batch("alpha", [], cursor={"n": 1}, next_due=after(1), now=NOON)
    for expected in (1, 2):
        count = await store.record_source_failure("alpha", error="HTTP 503", next_due=after(60), now=after(2))
        assert count == expected
    state = (await store.source_states())["alpha"]
    assert (state.cursor, state.failures, state.last_error, state.next_due) == ({"n": 1}, 2, "HTTP 503", after(60))
    await store.record_batch("alpha", [], cursor={"n": 2}, next_due=after(90), now=after(60))
    state = (await store.source_states())["alpha"]
    assert (state.failures, state.last_error) == (0, None)
    assert await store.record_source_failure("unheard", error="no", next_due=after(1), now=NOON) == 1
    assert not (await store.source_states())["unheard"].baseline_done


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────


async def test_unscored_oldest_first(store: Store) -> None:
    """Headlines come oldest first seen first, among equals the older news first, at most as many as asked."""
    late = make_headline(1, seen=after(9))
    newer = make_headline(2, seen=NOON, published_at=NOON)
    older = make_headline(3, seen=NOON, published_at=after(-60))
    await save(store, late, newer, older)
    assert await store.unscored(10) == [older, newer, late]
    assert await store.unscored(2) == [older, newer]


async def test_headline_round_trip(store: Store) -> None:
    """Every field of a headline comes back as it went in, to the microsecond."""
    full = make_headline(
        7,
        seen=datetime(2026, 3, 2, 12, 0, 0, 123457, tzinfo=UTC),
        official=True,
        tier=Tier.PRIMARY,
        event_at=datetime(1969, 7, 20, 20, 17, 40, 1, tzinfo=UTC),
        document="2026-04512",
    )
    bare = make_headline(8, seen=full.first_seen_at, published_at=None, summary=None)
    await save(store, full, bare)
    assert {h.id: h for h in await store.unscored(10)} == {full.id: full, bare.id: bare}


async def test_known_urls(store: Store) -> None:
    """The first decided headline since then stands for its canonical URL."""
    shared = "https://wire.example/same"
    first, second, old, undecided = (
        make_headline(1, seen=after(1), canonical_url=shared),
        make_headline(2, seen=after(2), canonical_url=shared),
        make_headline(3, seen=after(-99), canonical_url=shared),
        make_headline(4, seen=after(1)),
    )
    await save(store, second, first, old, undecided)
    spiked = [Decision(h.id, Outcome.SPIKE, Reason.GATE, after(5)) for h in (first, second, old)]
    await store.record_decisions(spiked)
    many = [f"https://other.example/{n}" for n in range(1200)]
    assert await store.known_urls([*many, shared, undecided.canonical_url, ""], NOON) == {shared: first.id}
    assert await store.known_urls([shared], after(-100)) == {shared: old.id}
    assert await store.known_urls([], NOON) == {}


async def test_decision_is_saved_whole(store: Store) -> None:
    """Score, outcome, story, alert and deliveries of a decision come back as they went in."""
    headline = make_headline()
    await save(store, headline)
    decision = make_alert_decision(headline, (SLACK,), filtered=(CHANNEL,))
    await store.record_decisions([decision])
    trail = await store.trail(headline.id)
    assert trail is not None
    assert (trail.headline, trail.outcome, trail.reason) == (headline, Outcome.ALERT, Reason.NEW_STORY)
    assert (trail.story, trail.alert) == (decision.story, decision.alert)
    assert trail.score is not None
    assert (trail.score["chip_export"], trail.score["event"], trail.score["gated"]) == (0.97, "export_rule", False)
    assert [(m["company"], m["ticker"], m["direction"]) for m in trail.mentions] == [
        ("ASML", "ASML", -1),
        ("Veldhoven Optics", None, 0),
    ]
    waiting, spared = trail.deliveries
    assert (waiting.destination, waiting.state, waiting.next_attempt_at) == (str(SLACK), "pending", decision.decided_at)
    assert (spared.destination, spared.state, spared.reason, spared.next_attempt_at) == (
        str(CHANNEL),
        "filtered",
        "min_urgency",
        None,
    )
    assert await store.unscored(10) == []


async def test_decision_twice_changes_nothing(store: Store) -> None:
    """A headline that already has an outcome is passed over whole, in a later call and in the same one."""
    headline = make_headline()
    await save(store, headline)
    decision = make_alert_decision(headline)
    await store.record_decisions([decision])
    other = Decision(
        headline.id, Outcome.SPIKE, Reason.MUTED, after(9), story=make_story(headline, slug="another", count=9)
    )
    await store.record_decisions([other, decision])
    trail = await store.trail(headline.id)
    assert trail is not None
    assert (trail.outcome, trail.story) == (Outcome.ALERT, decision.story)
    assert await store.story("another") is None

    second = make_headline(2)
    await save(store, second)
    await store.record_decisions([make_alert_decision(second), Decision(second.id, Outcome.SPIKE, Reason.GATE, NOON)])
    assert (await store.outcome_counts(NOON - DAY))["alert", "new_story"] == 2
    await store.record_decisions([])


async def test_decisions_of_one_story(store: Store) -> None:
    """Of several decisions about one story in one call the last story stays."""
    first, second = make_headline(1), make_headline(2)
    await save(store, first, second)
    story = make_story(first, slug="curbs")
    grown = replace(story, count=2, latest_text=second.text, updated_at=after(3))
    await store.record_decisions(
        [
            Decision(first.id, Outcome.ALERT, Reason.NEW_STORY, NOON, story=story, alert=make_alert(first, story)),
            Decision(second.id, Outcome.REPEAT, Reason.SAME_STORY, NOON, make_score(), story=grown),
        ]
    )
    assert await store.story("curbs") == (grown, [make_alert(first, story)])
    assert await store.open_stories(NOON) == [grown]


async def test_decisions_are_all_or_nothing(store: Store) -> None:
    """One decision that the schema refuses takes the whole call back."""
    good, bad = make_headline(1), make_headline(2)
    await save(store, good, bad)
    refused = make_alert_decision(bad, (SLACK, SLACK))
    with pytest.raises(StoreError):
        await store.record_decisions([make_alert_decision(good), refused])
    twice = replace(
        refused,
        deliveries=(
            Delivery("x", SLACK, DeliveryState.PENDING),
            Delivery("y", SLACK, DeliveryState.PENDING),
        ),
    )
    with pytest.raises(StoreError, match="breaks a rule of the schema"):
        await store.record_decisions([twice])
    assert len(await store.unscored(10)) == 2
    assert await store.recent_alerts(10) == []
    assert (await store.backlog())["pending"] == 0


async def test_decision_without_its_parts(store: Store) -> None:
    """A decision about a headline that was never saved, or deliveries without an alert, are refused by name."""
    with pytest.raises(StoreError, match="no headline feedfacefeedface"):
        await store.record_decisions([Decision("feedfacefeedface", Outcome.SPIKE, Reason.GATE, NOON)])
    headline = make_headline()
    await save(store, headline)
    with pytest.raises(StoreError, match="has deliveries but no alert"):
        await store.record_decisions([replace(make_alert_decision(headline), alert=None)])


async def test_open_stories(store: Store) -> None:
    """Stories updated since then come oldest first."""
    kept = []
    for n, updated in ((1, after(50)), (2, after(-50)), (3, after(10))):
        headline = make_headline(n, seen=after(n))
        await save(store, headline)
        story = make_story(headline, updated=updated)
        await store.record_decisions([Decision(headline.id, Outcome.REPEAT, Reason.SAME_STORY, NOON, story=story)])
        kept.append(story)
    assert await store.open_stories(NOON) == [kept[0], kept[2]]


# ── the outbox ───────────────────────────────────────────────────────────────────────────────────


async def test_claim_and_sent(store: Store) -> None:
    """A due delivery is claimed once, sent, and leaves a ledger."""
    headline = await tell(store, 1, SLACK)
    a = await Dispatcher(store).take()
    assert await store.due_destinations(after(0)) == []
    assert await store.next_due_at(after(0)) == after(1.04)
    assert await store.due_destinations(after(2)) == [SLACK]
    claim = await a.must_claim(at=2)
    story = make_story(headline)
    assert claim == Claim(f"{headline.id}>slack:C01", SLACK, make_alert(headline, story), 1, False, None, None)
    assert await a.claim(at=3) is None
    assert await store.due_destinations(after(3)) == []
    assert await store.next_due_at(after(3)) == after(2) + LEASE
    await store.mark_sent(claim.delivery_id, Receipt("17.5", "C01"), result=Sending.SENT, now=after(4))
    trail = await store.trail(headline.id)
    assert trail is not None
    (delivery,) = trail.deliveries
    assert (delivery.state, delivery.sent_at, delivery.receipt) == ("sent", after(4), Receipt("17.5", "C01"))
    (attempt,) = delivery.attempts
    assert (attempt.number, attempt.started_at, attempt.ended_at) == (1, after(2), after(4))
    assert (attempt.result, attempt.error) == (Sending.SENT, None)
    assert await store.next_due_at(NOON) is None
    assert await store.sent_times(SLACK, after(4)) == [after(4)]
    assert await store.sent_times(SLACK, after(5)) == []
    assert await store.sent_times(CHANNEL, NOON) == []


async def test_claim_needs_the_lease(store: Store) -> None:
    """Only the holder of ``dispatch`` with its newest epoch and a lease that still runs may claim."""
    await tell(store, 1, SLACK)
    a = await Dispatcher(store, "a").take()
    stranger = Dispatcher(store, "b")
    stranger.epoch = a.epoch
    assert await stranger.claim() is None
    await stranger.take(force=True)
    assert await a.claim() is None
    await store.take_lease("dispatch", "b", timedelta(0))
    stranger.epoch += 1
    assert await stranger.claim() is None  # its lease has run out
    await store.renew_lease("dispatch", "b", stranger.epoch, DAY)
    assert await stranger.claim() is not None


async def test_claim_after_release_of_the_lease(store: Store) -> None:
    """Who gave the lease back may claim no more."""
    await tell(store, 1, SLACK)
    a = await Dispatcher(store).take()
    await store.release_lease("dispatch", "a", a.epoch)
    assert await a.claim() is None


async def test_head_of_line(store: Store) -> None:
    """Deliveries to one destination go in the order of their decisions; one that waits holds up the rest."""
    first, second = await tell(store, 1, SLACK, CHANNEL), await tell(store, 2, SLACK, CHANNEL)
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    assert claim.alert.headline_id == first.id
    await store.mark_retry(
        claim.delivery_id, result=Sending.RETRY, error="HTTP 500", next_attempt_at=after(60), now=after(11)
    )
    assert await a.claim(at=12) is None
    assert await store.due_destinations(after(12)) == [CHANNEL]
    assert await store.next_due_at(after(12)) == after(60)
    assert (await a.must_claim(CHANNEL, at=12)).alert.headline_id == first.id
    again = await a.must_claim(at=60)
    assert (again.alert.headline_id, again.attempt, again.maybe_sent) == (first.id, 2, False)
    await store.mark_ended(again.delivery_id, result=Sending.DEAD, reason="too long", now=after(61))
    assert (await a.must_claim(at=62)).alert.headline_id == second.id


async def test_due_destinations_longest_due_first(store: Store) -> None:
    """The destination that has waited longest comes first."""
    await tell(store, 2, SLACK)
    await tell(store, 1, CHANNEL)
    assert await store.due_destinations(after(9)) == [CHANNEL, SLACK]


async def test_claim_of_a_dead_process(store: Store) -> None:
    """A delivery whose lease ran out is claimed as maybe sent, with the time of the first intent."""
    headline = await tell(store, 1, SLACK)
    a = await Dispatcher(store, "a").take()
    await a.must_claim(at=10)
    b = await Dispatcher(store, "b").take(force=True)
    assert await b.claim(at=39) is None
    assert await store.due_destinations(after(40)) == [SLACK]
    claim = await b.must_claim(at=40)
    assert (claim.attempt, claim.maybe_sent, claim.first_intent_at) == (2, True, after(10))
    await store.mark_sent(
        claim.delivery_id, Receipt("9.9", "C01", after(10.5)), result=Sending.RECONCILED, now=after(41), attempt=2
    )
    trail = await store.trail(headline.id)
    assert trail is not None
    assert [attempt.result for attempt in trail.deliveries[0].attempts] == [None, Sending.RECONCILED]
    assert trail.deliveries[0].sent_at == after(10.5)


async def test_expire_claims(store: Store) -> None:
    """A new holder may end its predecessors' claims at once; its own, and a loser's wish, are left alone."""
    await tell(store, 1, SLACK, CHANNEL)
    a = await Dispatcher(store, "a").take()
    await a.must_claim(at=10)
    assert await store.expire_claims(owner="a", epoch=a.epoch, now=after(11)) == 0
    b = await Dispatcher(store, "b").take(force=True)
    await b.must_claim(CHANNEL, at=11)
    assert await store.expire_claims(owner="a", epoch=a.epoch, now=after(12)) == 0
    assert await store.expire_claims(owner="b", epoch=b.epoch, now=after(12)) == 1
    claim = await b.must_claim(at=12)
    assert (claim.maybe_sent, claim.first_intent_at) == (True, after(10))
    assert await b.claim(CHANNEL, at=12) is None


async def test_maybe_sent_is_remembered(store: Store) -> None:
    """An attempt that may have arrived is remembered through later attempts that surely did not."""
    await tell(store, 1, SLACK)
    a = await Dispatcher(store).take()
    steps = (
        (Sending.RETRY, False, None),
        (Sending.MAYBE_SENT, False, None),
        (Sending.RATE_LIMITED, True, after(20)),
        (Sending.MAYBE_SENT, True, after(20)),
    )
    for n, (result, maybe, since) in enumerate(steps, 1):
        claim = await a.must_claim(at=10 * n)
        assert (claim.attempt, claim.maybe_sent, claim.first_intent_at) == (n, maybe, since)
        await store.mark_retry(
            claim.delivery_id, result=result, error="why", next_attempt_at=after(10 * n + 1), now=after(10 * n + 1)
        )
    assert (await a.must_claim(at=99)).first_intent_at == after(20)


async def test_reconciled_without_a_time(store: Store) -> None:
    """A message that is found without its time counts as sent at the first intent, or now if there was none."""
    await tell(store, 1, SLACK, CHANNEL)
    a = await Dispatcher(store).take()
    for destination, result in ((SLACK, Sending.MAYBE_SENT), (CHANNEL, Sending.RETRY)):
        claim = await a.must_claim(destination, at=10)
        await store.mark_retry(claim.delivery_id, result=result, error="why", next_attempt_at=after(11), now=after(11))
        claim = await a.must_claim(destination, at=20)
        await store.mark_sent(claim.delivery_id, Receipt("1"), result=Sending.RECONCILED, now=after(21))
    assert await store.sent_times(SLACK, NOON) == [after(10)]
    assert await store.sent_times(CHANNEL, NOON) == [after(21)]


async def test_release_claim(store: Store) -> None:
    """A claim that is given back is due at once, with no trace in the ledger, and keeps what it knew."""
    headline = await tell(store, 1, SLACK)
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    await store.release_claim(claim.delivery_id, after(11))
    trail = await store.trail(headline.id)
    assert trail is not None
    (delivery,) = trail.deliveries
    assert (delivery.state, delivery.next_attempt_at, delivery.attempts) == ("pending", after(11), ())
    again = await a.must_claim(at=11)
    assert (again.attempt, again.maybe_sent) == (1, False)
    taken_over = await a.must_claim(at=50)
    await store.release_claim(taken_over.delivery_id, after(51), attempt=2)
    third = await a.must_claim(at=51)
    assert (third.attempt, third.maybe_sent, third.first_intent_at) == (2, True, after(11))


async def test_overtaken_marks(store: Store) -> None:
    """A late mark of an overtaken attempt closes its own row and leaves the newer claim alone."""
    headline = await tell(store, 1, SLACK)
    a = await Dispatcher(store, "a").take()
    late = await a.must_claim(at=10)
    b = await Dispatcher(store, "b").take(force=True)
    claim = await b.must_claim(at=40)
    late_id = late.delivery_id
    await store.release_claim(late_id, after(41), attempt=1)
    await store.mark_retry(
        late_id, result=Sending.RETRY, error="slow", next_attempt_at=after(41), now=after(41), attempt=1
    )
    await store.mark_ended(late_id, result=Sending.DEAD, reason="gone", now=after(41), attempt=1)
    assert await states(store, headline) == {"slack:C01": "sending"}
    assert await b.claim(at=42) is None
    await store.mark_sent(late_id, Receipt("1.0"), result=Sending.SENT, now=after(43), attempt=1)
    await store.mark_sent(claim.delivery_id, Receipt("2.0"), result=Sending.SENT, now=after(44), attempt=2)
    trail = await store.trail(headline.id)
    assert trail is not None
    (delivery,) = trail.deliveries
    assert (delivery.state, delivery.receipt) == ("sent", Receipt("1.0"))
    assert [a.result for a in delivery.attempts] == [Sending.RETRY, Sending.SENT]


async def test_receipt_beats_an_end(store: Store) -> None:
    """A receipt that comes after the delivery was ended still counts; no mark opens an ended one again."""
    headline = await tell(store, 1, SLACK)
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    await store.mark_ended(claim.delivery_id, result=Sending.DROPPED, reason="maybe_sent", now=after(11))
    assert await states(store, headline) == {"slack:C01": "dropped"}
    await store.mark_retry(claim.delivery_id, result=Sending.RETRY, error="x", next_attempt_at=after(12), now=after(12))
    await store.release_claim(claim.delivery_id, after(12))
    assert await states(store, headline) == {"slack:C01": "dropped"}
    await store.mark_sent(claim.delivery_id, Receipt("1.0"), result=Sending.SENT, now=after(13))
    assert await states(store, headline) == {"slack:C01": "sent"}


async def test_marks_refuse_what_is_not_theirs(store: Store) -> None:
    """Each mark takes its own results only, and an unknown delivery is an error."""
    with pytest.raises(ValueError, match="this mark is for sent, reconciled"):
        await store.mark_sent("d", Receipt("1"), result=Sending.RETRY, now=NOON)
    with pytest.raises(ValueError, match="not for dead"):
        await store.mark_retry("d", result=Sending.DEAD, error="", next_attempt_at=NOON, now=NOON)
    with pytest.raises(ValueError, match="not for sent"):
        await store.mark_ended("d", result=Sending.SENT, reason="", now=NOON)
    with pytest.raises(StoreError, match="no delivery d"):
        await store.mark_sent("d", Receipt("1"), result=Sending.SENT, now=NOON)


async def test_thread(store: Store) -> None:
    """An update's thread is the receipt of the story's first sent delivery at the same destination."""
    await tell(store, 1, SLACK, CHANNEL, slug="curbs")
    await tell(store, 2, SLACK, CHANNEL, slug="curbs")
    await tell(store, 3, SLACK, slug="curbs")
    await tell(store, 4, SLACK, slug="other")
    a = await Dispatcher(store).take()
    first = await a.must_claim(at=10)
    await store.mark_ended(first.delivery_id, result=Sending.DROPPED, reason="maybe_sent", now=after(11))
    assert (await a.send(at=20, ts="20.0")).thread is None
    assert (await a.send(at=30, ts="30.0")).thread == Receipt("20.0", "C01")
    assert (await a.send(at=40)).thread is None
    assert (await a.send(CHANNEL, at=50)).thread is None


async def test_claim_race(store: Store) -> None:
    """Of many claims at the same moment exactly one is granted."""
    await tell(store, 1, SLACK)
    await tell(store, 2, SLACK)
    a = await Dispatcher(store).take()
    claims = await asyncio.gather(*(a.claim(at=10) for _ in range(8)))
    assert len([claim for claim in claims if claim is not None]) == 1


async def test_sequence_under_concurrent_decisions(store: Store) -> None:
    """Desks that decide at the same time number the deliveries of a destination without a gap or a double."""
    many = [make_headline(n, seen=after(n)) for n in range(12)]
    await save(store, *many)
    await asyncio.gather(*(store.record_decisions([make_alert_decision(h, (CHANNEL, SLACK))]) for h in many))
    a = await Dispatcher(store).take()
    for destination in (SLACK, CHANNEL):
        told = [(await a.send(destination, at=100 + n)).alert.headline_id for n in range(12)]
        assert sorted(told) == sorted(h.id for h in many)
    assert await store.backlog() == {"unscored": 0, "pending": 0, "held": 0, "sending": 0, "dead": 0, "sent": 24}


async def test_retire_destination(store: Store) -> None:
    """Retiring ends all that is open there, in flight or not, and its subscriptions; nothing elsewhere."""
    first, second = await tell(store, 1, SLACK, CHANNEL), await tell(store, 2, SLACK)
    await store.add_subscription(Subscription("s", SLACK), NOON)
    await store.add_subscription(Subscription("c", CHANNEL), NOON)
    a = await Dispatcher(store).take()
    await a.must_claim(at=10)
    assert await store.retire_destination(SLACK, reason="channel_archived", now=after(11)) == 2
    assert await states(store, first) == {"slack:C01": "dead", "telegram:@chips": "pending"}
    trail = await store.trail(first.id)
    assert trail is not None
    attempt = trail.deliveries[0].attempts[0]
    assert (attempt.result, attempt.error, attempt.ended_at) == (Sending.DEAD, "channel_archived", after(11))
    assert await states(store, second) == {"slack:C01": "dead"}
    assert [s.id for s in await store.subscriptions()] == ["c"]
    assert await a.claim(at=50) is None
    assert await store.retire_destination(SLACK, reason="again", now=after(12)) == 0
    assert (await store.backlog())["dead"] == 2


async def test_retire_leaves_a_dead_process_s_attempt_open(store: Store) -> None:
    """The attempt of a process that died before stays without an end: nobody knows how it ended."""
    headline = await tell(store, 1, SLACK)
    a = await Dispatcher(store).take()
    await a.must_claim(at=10)
    await store.retire_destination(SLACK, reason="gone", now=after(99))
    trail = await store.trail(headline.id)
    assert trail is not None
    assert trail.deliveries[0].attempts[0].result is None


async def test_move_destination(store: Store) -> None:
    """A moved chat takes its subscriptions and open deliveries along, in order, behind what is there already."""
    old, new = Destination.parse("telegram:-5"), Destination.parse("telegram:-1005")
    await store.add_subscription(Subscription("s", old), NOON)
    sent = await tell(store, 1, old)
    both = await tell(store, 2, old, new)
    later = await tell(store, 3, old)
    a = await Dispatcher(store).take()
    await a.send(old, at=10)
    claim = await a.must_claim(old, at=20)
    assert claim.alert.headline_id == both.id
    await store.mark_retry(
        claim.delivery_id, result=Sending.RETRY, error="migrated", next_attempt_at=after(20), now=after(20)
    )
    await store.move_destination(old, new)
    assert await states(store, sent) == {"telegram:-5": "sent"}
    assert await states(store, both) == {"telegram:-5": "filtered", "telegram:-1005": "pending"}
    assert [s.to for s in await store.subscriptions()] == [new]
    assert [(await a.send(new, at=n)).alert.headline_id for n in (30, 40)] == [both.id, later.id]
    assert await a.claim(old, at=50) is None


async def test_moves_are_remembered(store: Store) -> None:
    """Moves are followed to the end, also when a chat comes back; what names the old one is mapped."""
    one, two, three = (Destination.parse(f"telegram:-{n}") for n in (1, 2, 3))
    assert await store.resolve(one) == one
    await store.move_destination(one, one)
    assert await store.resolve(one) == one
    await store.move_destination(one, two)
    await store.move_destination(two, three)
    assert [await store.resolve(d) for d in (one, two, three)] == [three, three, three]
    await store.replace_subscriptions("file", [Subscription("s", one)], NOON)
    assert [s.to for s in await store.subscriptions()] == [three]
    await store.move_destination(three, one)
    assert [await store.resolve(d) for d in (one, two, three)] == [one, one, one]


async def test_backlog(store: Store) -> None:
    """The backlog counts what waits and how deliveries ended."""
    await tell(store, 1, SLACK, CHANNEL, CONSOLE)
    await save(store, make_headline(2))
    a = await Dispatcher(store).take()
    await a.send(at=10)
    await a.must_claim(CHANNEL, at=10)
    assert await store.backlog() == {"unscored": 1, "pending": 1, "held": 0, "sending": 1, "dead": 0, "sent": 1}


# ── subscriptions ────────────────────────────────────────────────────────────────────────────────


async def test_subscription_round_trip(store: Store) -> None:
    """Every field of a subscription comes back; they come oldest first."""
    full = Subscription(
        "full",
        Destination.parse("telegram:-1001:7"),
        topics=frozenset({Topic.CHIP_EXPORT, Topic.SEMIS}),
        tickers=frozenset({"NVDA", "TSM"}),
        events=frozenset({Event.TARIFF}),
        min_urgency=Urgency.FLASH,
        origin="chat",
        statuses=frozenset({Status.CONFIRMED, Status.DENIED}),
        tiers=frozenset({Tier.PRIMARY}),
        include=("H200", "/\\bHBM\\d/"),
        exclude=('"podcast"',),
        quiet=QuietHours(time(22), time(6, 30), "Asia/Taipei", flash_breaks=False),
        digest=DigestPlan(Every.OPEN, weekday=3, market="nyse"),
        cap=Cap(5, timedelta(minutes=90)),
    )
    await store.add_subscription(full, after(2))
    await store.add_subscription(Subscription("early", CONSOLE, origin="command"), after(1))
    assert await store.subscriptions() == [Subscription("early", CONSOLE, origin="command"), full]
    await store.add_subscription(replace(full, tickers=frozenset(), quiet=None), after(3))
    assert (await store.subscriptions())[1] == replace(full, tickers=frozenset(), quiet=None)
    assert await store.remove_subscription("full")
    assert not await store.remove_subscription("full")
    assert [s.id for s in await store.subscriptions()] == ["early"]


async def test_replace_subscriptions(store: Store) -> None:
    """The stored ones of one origin become exactly the given ones, in their order; others are untouched."""
    await store.add_subscription(Subscription("chat", CHANNEL, origin="chat"), NOON)
    b, a = Subscription("b", SLACK), Subscription("a", CONSOLE)
    await store.replace_subscriptions("file", [b, a, b], after(1))
    assert [s.id for s in await store.subscriptions()] == ["chat", "b", "a"]
    await store.replace_subscriptions("file", [replace(a, min_urgency=Urgency.FLASH)], after(2))
    assert [(s.id, s.min_urgency) for s in await store.subscriptions()] == [("chat", "watch"), ("a", "flash")]
    await store.replace_subscriptions("file", [], after(3))
    assert [s.id for s in await store.subscriptions()] == ["chat"]
    with pytest.raises(StoreError, match="chat is already taken by one of origin chat"):
        await store.replace_subscriptions("file", [a, Subscription("chat", SLACK)], after(4))
    assert [s.id for s in await store.subscriptions()] == ["chat"]


async def test_retired_stays_retired(store: Store) -> None:
    """A file that is read again does not bring a retired subscription back, another destination text does."""
    wanted = Subscription("s", SLACK)
    await store.replace_subscriptions("file", [wanted], NOON)
    await store.retire_destination(SLACK, reason="kicked", now=after(1))
    await store.replace_subscriptions("file", [wanted], after(2))
    assert await store.subscriptions() == []
    moved = replace(wanted, to=Destination.parse("slack:C02"))
    await store.replace_subscriptions("file", [moved], after(3))
    assert await store.subscriptions() == [moved]


async def test_adding_brings_a_destination_back(store: Store) -> None:
    """Who subscribes a retired destination again brings back all of its subscriptions."""
    await store.replace_subscriptions("file", [Subscription("s", SLACK)], NOON)
    await store.retire_destination(SLACK, reason="kicked", now=after(1))
    await store.add_subscription(Subscription("t", SLACK, origin="chat"), after(2))
    assert [s.id for s in await store.subscriptions()] == ["s", "t"]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


async def test_trail_by_url(store: Store) -> None:
    """A headline is found by id, URL and canonical URL; of several the first seen one."""
    late = make_headline(1, seen=after(5), canonical_url="https://wire.example/x")
    early = make_headline(2, seen=after(1), canonical_url="https://wire.example/x")
    await save(store, late, early)
    for key, wanted in ((late.id, late), (late.url, late), ("https://wire.example/x", early)):
        trail = await store.trail(key)
        assert trail is not None
        assert trail.headline == wanted
    assert (trail.outcome, trail.score, trail.mentions, trail.story, trail.alert) == (None, None, (), None, None)
    assert trail.deliveries == ()
    assert await store.trail("nothing") is None


async def test_recent_alerts(store: Store) -> None:
    """Alerts come newest first, as many as asked, from before a time."""
    told = [await tell(store, n, CONSOLE) for n in (1, 2, 3)]
    alerts: list[Alert] = await store.recent_alerts(10)
    assert [a.headline_id for a in alerts] == [h.id for h in reversed(told)]
    assert [a.headline_id for a in await store.recent_alerts(1)] == [told[2].id]
    assert await store.recent_alerts(5, before=alerts[1].created_at) == [alerts[2]]


async def test_story_with_alerts(store: Store) -> None:
    """A story comes with its alerts, oldest first; an unknown slug is None."""
    first, second = await tell(store, 1, CONSOLE, slug="curbs"), await tell(store, 2, CONSOLE, slug="curbs")
    found = await store.story("curbs")
    assert found is not None
    assert [a.headline_id for a in found[1]] == [first.id, second.id]
    assert await store.story("nothing") is None


async def test_outcome_counts(store: Store) -> None:
    """Outcomes are counted with their reasons since a time."""
    await tell(store, 1, CONSOLE)
    await store.record_batch(
        "b",
        [(make_headline(n, source="b"), Reason.BASELINE) for n in range(3)],
        cursor={},
        next_due=after(9),
        now=after(9),
    )
    assert await store.outcome_counts(NOON) == {("alert", "new_story"): 1, ("spike", "baseline"): 3}
    assert await store.outcome_counts(after(5)) == {("spike", "baseline"): 3}


async def test_prune(store: Store) -> None:
    """Old spiked headlines lose their words, nothing else; they are still known and do not come back."""
    old, fresh, kept = make_headline(1, seen=after(-99)), make_headline(2), make_headline(3, seen=after(-99))
    await save(store, old, fresh, kept)
    spikes = [
        Decision(h.id, Outcome.SPIKE, Reason.BELOW_THRESHOLD, NOON, make_score(), make_alert_decision(h).mentions)
        for h in (old, fresh)
    ]
    await store.record_decisions([*spikes, make_alert_decision(kept)])
    assert await store.prune(NOON) == 1
    assert await store.prune(NOON) == 0
    trail = await store.trail(old.url)
    assert trail is not None
    assert trail.headline == replace(old, text="", summary=None)
    assert (trail.reason, trail.score, trail.mentions) == (Reason.BELOW_THRESHOLD, None, ())
    assert await save(store, old) == []
    for headline in (fresh, kept):
        trail = await store.trail(headline.id)
        assert trail is not None
        assert trail.headline == headline


# ── URLs ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("not a url", "not a database URL"),
        ("postgresql://me:hunter2@host:port/x", "not a database URL"),
        ("mysql://me:hunter2@host/x", "'mysql'"),
        ("sqlite://folder/file.sqlite3", "three slashes"),
        ("sqlite:///x.sqlite3?mode=rx", "mode=rx"),
        ("sqlite:///x.sqlite3?speed=9", "'speed'"),
        ("postgresql://me:hunter2@host/x?speed=9", "'speed'"),
    ],
)
async def test_bad_urls(url: str, words: str) -> None:
    """A URL that cannot be used is refused in one line that says what to write, without its password."""
    with pytest.raises(ConfigError) as caught:
        await open_store(url)
    text = str(caught.value)
    assert words in text
    assert "CHIPWIRE_DATABASE_URL" in text
    assert "hunter2" not in text
    assert "\n" not in text
