"""What is held: released together as one message, settled together, never lost, and in nobody's way."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain import Delivery, DeliveryState, Destination, Receipt, Sending, Subscription
from bot.errors import StoreError
from bot.store import Store, open_store, tables
from bot.store.codec import dump
from bot.store.headlines import COLUMNS
from bot.store.migrations import apply, known_migrations
from bot.store.sql import SqlStore
from tests.fakes.outbox import Dispatcher, save, states, tell, told_by
from tests.fakes.stored import (
    CHANNEL,
    NOON,
    SLACK,
    after,
    make_alert,
    make_alert_decision,
    make_headline,
    make_story,
)

GROUP, SUPERGROUP = Destination.parse("telegram:-5"), Destination.parse("telegram:-1005")


async def test_held_until_its_release(store: Store) -> None:
    """A held delivery is not due before its release, and everybody who asks is told until when it waits."""
    headline = await tell(store, 1, held={SLACK: 60})
    a = await Dispatcher(store).take()
    assert await a.claim(at=59) is None
    assert await store.due_destinations(after(59)) == []
    assert await store.next_due_at(after(2)) == after(60)
    trail = await store.trail(headline.id)
    assert trail is not None
    (delivery,) = trail.deliveries
    assert (delivery.state, delivery.reason, delivery.release_at) == ("held", "quiet", after(60))
    assert delivery.next_attempt_at is None
    assert await store.backlog() == {"unscored": 0, "pending": 0, "held": 1, "sending": 0, "dead": 0, "sent": 0}
    assert await store.due_destinations(after(60)) == [SLACK]
    assert await store.next_due_at(after(60)) is None
    claim = await a.must_claim(at=60)
    assert (claim.alert.headline_id, claim.held) == (headline.id, ())


async def test_released_together(store: Store) -> None:
    """All whose release has come are one claim, oldest first, with one attempt and one receipt; the rest wait on."""
    first, second, third = [await tell(store, n, held={SLACK: at}) for n, at in ((1, 60), (2, 50), (3, 90))]
    elsewhere = await tell(store, 4, held={CHANNEL: 60})
    a = await Dispatcher(store).take()
    claim = await a.send(at=60, ts="7.7")
    assert told_by(claim) == [first.id, second.id]
    assert claim.alert == claim.held[0]
    assert (claim.delivery_id, claim.attempt, claim.thread) == (f"{first.id}>slack:C01", 1, None)
    for headline in (first, second):
        trail = await store.trail(headline.id)
        assert trail is not None
        (delivery,) = trail.deliveries
        assert (delivery.state, delivery.receipt, delivery.sent_at) == ("sent", Receipt("7.7", "C01"), after(61))
        assert [(attempt.number, attempt.result) for attempt in delivery.attempts] == [(1, Sending.SENT)]
    assert await states(store, third) == {"slack:C01": "held"}
    assert await states(store, elsewhere) == {"telegram:@chips": "held"}
    assert await a.claim(at=61) is None
    assert await store.sent_times(SLACK, NOON) == [after(61)], "one message, whatever it tells"
    assert told_by(await a.send(at=90)) == [third.id]


async def test_news_passes_what_is_held(store: Store) -> None:
    """What came later and was not held is told at once, and when both are due it goes first."""
    held = await tell(store, 1, held={SLACK: 60})
    flash = await tell(store, 2, SLACK)
    a = await Dispatcher(store).take()
    assert told_by(await a.send(at=3)) == [flash.id]
    assert await store.next_due_at(after(4)) == after(60)
    later = await tell(store, 59, SLACK)
    assert told_by(await a.send(at=70)) == [later.id]
    assert told_by(await a.send(at=71)) == [held.id]


async def test_neither_line_waits_for_the_other(store: Store) -> None:
    """A digest that fails holds up no news, and news that fails holds up no digest."""
    for n in (1, 2):
        await tell(store, n, held={SLACK: 10})
    a = await Dispatcher(store).take()
    digest = await a.must_claim(at=10)
    await store.mark_retry(
        digest.delivery_id, result=Sending.RETRY, error="HTTP 500", next_attempt_at=after(99), now=after(11)
    )
    news = await tell(store, 20, SLACK)
    claim = await a.must_claim(at=21)
    assert told_by(claim) == [news.id]
    await store.mark_retry(
        claim.delivery_id, result=Sending.RETRY, error="HTTP 500", next_attempt_at=after(200), now=after(22)
    )
    assert await a.claim(at=23) is None
    assert await store.next_due_at(after(23)) == after(99)
    assert await store.due_destinations(after(99)) == [SLACK]
    assert told_by(await a.send(at=99)) == told_by(digest)
    assert await store.next_due_at(after(99)) == after(200)


async def test_a_message_keeps_what_it_holds(store: Store) -> None:
    """What is released after the first attempt goes into the next message: a found one settles what it tells alone."""
    first, second = [await tell(store, n, held={SLACK: 10}) for n in (1, 2)]
    late = await tell(store, 3, held={SLACK: 20})
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    await store.mark_retry(
        claim.delivery_id, result=Sending.MAYBE_SENT, error="lost", next_attempt_at=after(30), now=after(11)
    )
    assert await states(store, second) == {"slack:C01": "pending"}
    assert await a.claim(at=25) is None
    assert await store.due_destinations(after(25)) == [], "the line waits for its first message"
    again = await a.must_claim(at=30)
    assert told_by(again) == [first.id, second.id]
    assert (again.attempt, again.maybe_sent, again.first_intent_at) == (2, True, after(10))
    await store.mark_sent(again.delivery_id, Receipt("1"), result=Sending.RECONCILED, now=after(31))
    assert await states(store, second) == {"slack:C01": "sent"}
    assert await states(store, late) == {"slack:C01": "held"}
    trail = await store.trail(second.id)
    assert trail is not None
    assert [a.result for a in trail.deliveries[0].attempts] == [Sending.MAYBE_SENT, Sending.RECONCILED]
    assert trail.deliveries[0].sent_at == after(10)
    claim = await a.send(at=40)
    assert (told_by(claim), claim.maybe_sent) == ([late.id], False)


async def test_one_alone_stays_alone(store: Store) -> None:
    """What went out as an ordinary card, and may have arrived, is tried again as that card."""
    alone = await tell(store, 1, held={SLACK: 10})
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    await tell(store, 2, held={SLACK: 12})
    await store.mark_retry(
        claim.delivery_id, result=Sending.MAYBE_SENT, error="lost", next_attempt_at=after(20), now=after(11)
    )
    again = await a.must_claim(at=20)
    assert (again.alert.headline_id, again.held) == (alone.id, ())


async def test_ended_together(store: Store) -> None:
    """A digest that is given up is given up whole; a receipt that comes after all still counts for all of it."""
    headlines = [await tell(store, n, held={SLACK: 10}) for n in (1, 2, 3)]
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    await store.mark_ended(claim.delivery_id, result=Sending.DROPPED, reason="maybe_sent", now=after(11))
    assert [await states(store, h) for h in headlines] == [{"slack:C01": "dropped"}] * 3
    assert await a.claim(at=12) is None
    await store.mark_sent(claim.delivery_id, Receipt("1"), result=Sending.SENT, now=after(13))
    assert [await states(store, h) for h in headlines] == [{"slack:C01": "sent"}] * 3


async def test_given_back_together(store: Store) -> None:
    """A digest that was not attempted is due at once, whole, with no trace in the ledger."""
    headlines = [await tell(store, n, held={SLACK: 10}) for n in (1, 2)]
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    await store.release_claim(claim.delivery_id, after(11), attempt=claim.attempt)
    trail = await store.trail(headlines[1].id)
    assert trail is not None
    (delivery,) = trail.deliveries
    assert (delivery.state, delivery.next_attempt_at, delivery.attempts) == ("pending", after(11), ())
    again = await a.must_claim(at=11)
    assert (told_by(again), again.attempt, again.maybe_sent) == ([h.id for h in headlines], 1, False)


@pytest.mark.parametrize("inherited", [True, False])
async def test_death_between_claim_and_mark(store: Store, inherited: bool) -> None:
    """A process dies with a digest in flight: the next owner claims the same digest, as maybe sent, and only once."""
    headlines = [await tell(store, n, held={SLACK: 10}) for n in (1, 2, 3)]
    a = await Dispatcher(store, "a").take()
    dead = await a.must_claim(at=10)
    await tell(store, 4, held={SLACK: 11})
    b = await Dispatcher(store, "b").take(force=True)
    assert await b.claim(at=20) is None
    if inherited:
        assert await store.expire_claims(owner="b", epoch=b.epoch, now=after(20)) == 3
    claim = await b.must_claim(at=20 if inherited else 40)
    assert told_by(claim) == [h.id for h in headlines]
    assert (claim.delivery_id, claim.attempt) == (dead.delivery_id, 2)
    assert (claim.maybe_sent, claim.first_intent_at) == (True, after(10))
    # The dead one's mark comes late: it closes its own row and leaves the newer claim alone.
    await store.mark_retry(
        dead.delivery_id, result=Sending.RETRY, error="slow", next_attempt_at=after(41), now=after(41), attempt=1
    )
    assert [await states(store, h) for h in headlines] == [{"slack:C01": "sending"}] * 3
    await store.mark_sent(claim.delivery_id, Receipt("1"), result=Sending.SENT, now=after(42), attempt=2)
    assert (await store.backlog())["sent"] == 3
    assert (await store.backlog())["held"] == 1


async def test_claims_race_for_a_digest(store: Store) -> None:
    """Of many claims at the same moment exactly one gets the digest, whole."""
    for n in range(1, 6):
        await tell(store, n, held={SLACK: 10})
    a = await Dispatcher(store).take()
    claims = [c for c in await asyncio.gather(*(a.claim(at=10) for _ in range(8))) if c is not None]
    assert [len(claim.held) for claim in claims] == [5]
    assert (await store.backlog())["sending"] == 5


async def test_only_the_lease_s_holder_claims_a_digest(store: Store) -> None:
    """The fence of ordinary claims holds here too, and a refused claim changes nothing."""
    headlines = [await tell(store, n, held={SLACK: 10}) for n in (1, 2)]
    stranger = Dispatcher(store, "b")
    assert await stranger.claim(at=20) is None
    assert [await states(store, h) for h in headlines] == [{"slack:C01": "held"}] * 2


async def test_thread_of_what_was_held(store: Store) -> None:
    """An update of a story whose first alert is still held has no thread; one after the digest answers that."""
    await tell(store, 1, held={SLACK: 50}, slug="curbs")
    await tell(store, 2, SLACK, slug="curbs")
    await tell(store, 3, held={SLACK: 50}, slug="other")
    a = await Dispatcher(store).take()
    assert (await a.send(at=10, ts="2.0")).thread is None
    assert (await a.send(at=50, ts="50.0")).thread is None
    await tell(store, 60, SLACK, slug="curbs")
    assert (await a.send(at=61)).thread == Receipt("50.0", "C01")
    await tell(store, 70, held={SLACK: 80}, slug="other")
    alone = await a.send(at=80)
    assert (alone.held, alone.thread) == ((), Receipt("50.0", "C01"))


async def test_retire_ends_what_is_held(store: Store) -> None:
    """A retired destination's held deliveries end, those in flight too; nothing elsewhere."""
    first, second = [await tell(store, n, held={SLACK: 10, CHANNEL: 10}) for n in (1, 2)]
    third = await tell(store, 3, held={SLACK: 90})
    a = await Dispatcher(store).take()
    await a.must_claim(at=10)
    assert await store.retire_destination(SLACK, reason="is_archived", now=after(11)) == 3
    assert await states(store, first) == {"slack:C01": "dead", "telegram:@chips": "held"}
    assert await states(store, third) == {"slack:C01": "dead"}
    trail = await store.trail(second.id)
    assert trail is not None
    assert [attempt.result for attempt in trail.deliveries[0].attempts] == [Sending.DEAD]
    assert await a.claim(at=99) is None
    assert told_by(await a.send(CHANNEL, at=99)) == [first.id, second.id]


async def test_move_takes_what_is_held_along(store: Store) -> None:
    """A moved chat keeps its held deliveries and their releases, and a digest that was begun stays one."""
    begun = [await tell(store, n, held={GROUP: 10}) for n in (1, 2)]
    later = await tell(store, 3, held={GROUP: 90})
    a = await Dispatcher(store).take()
    claim = await a.must_claim(GROUP, at=10)
    await store.mark_retry(
        claim.delivery_id, result=Sending.RETRY, error="migrated", next_attempt_at=after(10), now=after(10)
    )
    await store.move_destination(GROUP, SUPERGROUP)
    assert await a.claim(GROUP, at=99) is None
    assert told_by(await a.send(SUPERGROUP, at=20)) == [h.id for h in begun]
    assert await a.claim(SUPERGROUP, at=21) is None
    assert told_by(await a.send(SUPERGROUP, at=90)) == [later.id]


@pytest.mark.parametrize("in_flight", [True, False])
async def test_move_without_the_carrier(store: Store, in_flight: bool) -> None:
    """What the new chat has already is not told there again, and the rest of its digest goes on without it."""
    both = await tell(store, 1, SUPERGROUP, held={GROUP: 10})
    second, third = [await tell(store, n, held={GROUP: 10}) for n in (2, 3)]
    a = await Dispatcher(store).take()
    claim = await a.must_claim(GROUP, at=10)
    assert told_by(claim) == [both.id, second.id, third.id]
    if not in_flight:
        await store.mark_retry(
            claim.delivery_id, result=Sending.MAYBE_SENT, error="lost", next_attempt_at=after(50), now=after(11)
        )
    await store.move_destination(GROUP, SUPERGROUP)
    assert await states(store, both) == {str(GROUP): "filtered", str(SUPERGROUP): "pending"}
    assert told_by(await a.send(SUPERGROUP, at=20)) == [both.id]
    assert await a.claim(SUPERGROUP, at=30) is None
    rest = await a.send(SUPERGROUP, at=50)
    assert told_by(rest) == [second.id, third.id]
    assert (rest.attempt, rest.maybe_sent, rest.first_intent_at) == (2, True, after(10))
    assert await states(store, third) == {str(SUPERGROUP): "sent"}
    assert await store.due_destinations(after(999)) == []


async def test_what_counts_against_a_cap(store: Store) -> None:
    """Alerts that were decided to be told count when that was, held ones once when their message went."""
    await tell(store, 1, SLACK, CHANNEL)
    await tell(store, 2, SLACK, held={CHANNEL: 50})
    await tell(store, 3, held={CHANNEL: 50})
    await tell(store, 4, held={SLACK: 500})
    gone = make_headline(5, seen=after(5))
    await save(store, gone)
    await store.record_decisions([make_alert_decision(gone, (), filtered=(SLACK,))])
    decided = [after(n) + timedelta(milliseconds=40) for n in (1, 2)]
    assert await store.routed_times(NOON) == {SLACK: decided, CHANNEL: decided[:1]}
    a = await Dispatcher(store).take()
    await a.send(at=10)
    await a.send(CHANNEL, at=20)
    await a.send(CHANNEL, at=60)
    assert await store.routed_times(NOON) == {SLACK: decided, CHANNEL: [decided[0], after(61)]}
    assert await store.routed_times(after(2)) == {SLACK: decided[1:], CHANNEL: [after(61)]}
    claim = await a.must_claim(at=30)
    await store.mark_ended(claim.delivery_id, result=Sending.DEAD, reason="too long", now=after(31))
    assert await store.routed_times(after(2)) == {CHANNEL: [after(61)]}


async def test_held_without_a_release_is_refused(store: Store) -> None:
    """What would wait for ever is not saved, and its headline stays due."""
    headline = make_headline()
    await save(store, headline)
    endless = replace(
        make_alert_decision(headline, ()), deliveries=(Delivery("d", SLACK, DeliveryState.HELD, "quiet"),)
    )
    with pytest.raises(StoreError, match="breaks a rule of the schema"):
        await store.record_decisions([endless])
    assert await store.unscored(5) == [headline]


def _fill_the_first_schema(conn: sa.Connection) -> None:
    """One story of two alerts, as the first version saved them: one sent, one in flight when its process died."""
    headlines = [make_headline(n) for n in (1, 2)]
    story = make_story(headlines[0], slug="curbs")
    conn.execute(sa.insert(tables.stories).values(slug="curbs", created_at=NOON, updated_at=NOON, body=dump(story)))
    for headline in headlines:
        row = {column.name: getattr(headline, column.name) for column in COLUMNS}
        ended = {"outcome": "alert", "reason": "new_story", "decided_at": NOON, "story": "curbs"}
        conn.execute(sa.insert(tables.headlines).values(**row, **ended))
        alert = make_alert(headline, story)
        body = json.loads(dump(alert))
        for mention in body["mentions"]:
            del mention["reason"]
        conn.execute(
            sa.insert(tables.alerts).values(
                id=alert.id, headline_id=headline.id, story="curbs", created_at=NOON, body=json.dumps(body)
            )
        )
    shared = {"story": "curbs", "destination": str(SLACK), "attempts": 1}
    conn.execute(
        sa.insert(tables.deliveries).values(
            id="d1", alert_id=f"alert-{headlines[0].id}", sequence=1, state="sent", due_at=NOON, closed_at=after(2),
            sent_at=after(2), receipt=dump(Receipt("5.5", "C01")), **shared,
        )
    )  # fmt: skip
    conn.execute(
        sa.insert(tables.deliveries).values(
            id="d2", alert_id=f"alert-{headlines[1].id}", sequence=2, state="sending", due_at=after(30), **shared
        )
    )
    for delivery_id in ("d1", "d2"):
        conn.execute(
            sa.insert(tables.attempts).values(
                delivery_id=delivery_id, number=1, owner="x", epoch=1, started_at=after(1)
            )
        )
    conn.execute(sa.insert(tables.destinations).values(name=str(SLACK), last_sequence=2))
    conn.execute(
        sa.insert(tables.subscriptions).values(
            id="s", origin="file", given=str(SLACK), destination=str(SLACK), topics='["chip_export"]', tickers="[]",
            events="[]", min_urgency="watch", created_at=NOON, position=0,
        )
    )  # fmt: skip


async def test_what_the_first_schema_held_is_kept(url: str) -> None:
    """A database from before holding keeps deliveries, attempts, receipts and subscriptions, and goes on from there."""
    store = await open_store(url)
    assert isinstance(store, SqlStore)
    await store._write(lambda conn: apply(conn, known_migrations()[:1], now_us=0))
    await store._write(_fill_the_first_schema)
    await store.migrate()
    assert await store.backlog() == {"unscored": 0, "pending": 0, "held": 0, "sending": 1, "dead": 0, "sent": 1}
    assert await store.sent_times(SLACK, NOON) == [after(2)]
    assert await store.subscriptions() == [Subscription("s", SLACK)]
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=100)
    assert (claim.delivery_id, claim.attempt, claim.maybe_sent, claim.first_intent_at) == ("d2", 2, True, after(1))
    assert claim.thread == Receipt("5.5", "C01")
    assert [mention.reason for mention in claim.alert.mentions] == [None, None]
    await store.mark_sent(claim.delivery_id, Receipt("6.6"), result=Sending.RECONCILED, now=after(101))
    await tell(store, 3, held={SLACK: 200})
    assert told_by(await a.send(at=200)) == [make_headline(3).id]
    await store.close()
