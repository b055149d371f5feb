"""Edits of posted messages: which, when, and that a change that comes meanwhile is shown too."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain import (
    Amendment,
    Amends,
    Destination,
    Receipt,
    Sending,
    Status,
)
from bot.store import Store
from bot.store.ledger import LedgerAmendment
from tests.fakes.outbox import LEASE, Dispatcher, repeat, save, tell
from tests.fakes.stored import CHANNEL, CONSOLE, SLACK, after, make_alert_decision, make_headline, make_repeat_decision

GROUP = Destination.parse("telegram:-100")
SUPERGROUP = Destination.parse("telegram:-100777")


async def edits(store: Store, n: int = 1) -> Mapping[str, LedgerAmendment]:
    """What the trail of the n-th headline says of edits, by destination."""
    trail = await store.trail(make_headline(n).id)
    assert trail is not None
    return {amendment.destination: amendment for amendment in trail.amendments}


async def told(store: Store, *destinations: Destination) -> Dispatcher:
    """A story that these destinations were told of at 5 s."""
    await tell(store, 1, *destinations, slug="curbs")
    a = await Dispatcher(store).take()
    for destination in destinations:
        await a.send(destination, at=5, ts=f"5.{destination.kind}")
    return a


async def test_a_status_is_shown_at_once(store: Store) -> None:
    """Every place that was told is due in the moment of the change, with the story as it stands and its message."""
    a = await told(store, SLACK, CHANNEL)
    await repeat(store, 10, "curbs", amends=Amends.STATUS, status=Status.DENIED)
    assert await store.due_destinations(after(9)) == []
    assert await store.next_due_at(after(9)) == after(10)
    assert set(await store.due_destinations(after(10))) == {SLACK, CHANNEL}
    amendment = await a.must_amend(at=10)
    assert amendment.destination == SLACK
    assert amendment.alert.headline_id == make_headline(1).id
    assert amendment.receipt == Receipt("5.slack", "C01")
    assert (amendment.story.status, amendment.story.count, amendment.attempt) == (Status.DENIED, 2, 1)
    assert await a.amendment(at=10 + LEASE.total_seconds() - 1) is None, "leased"
    await store.mark_amended(amendment, after(11))
    assert await store.due_destinations(after(999)) == [CHANNEL]


async def test_counts_are_shown_half_a_minute_later_together(store: Store) -> None:
    """Several changes are one edit, due by the first; a status makes all of it due at once."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", publishers=frozenset({"A", "B"}))
    await repeat(store, 20, "curbs", publishers=frozenset({"A", "B", "C"}))
    assert await store.next_due_at(after(21)) == after(40)
    assert await a.amendment(at=39) is None
    await repeat(store, 30, "curbs", amends=Amends.STATUS, status=Status.CONFIRMED)
    await repeat(store, 31, "curbs", publishers=frozenset({"A", "B", "C", "D"}))
    assert await store.due_destinations(after(31)) == [SLACK]
    amendment = await a.must_amend(at=31)
    assert (len(amendment.story.publishers), amendment.story.status) == (4, Status.CONFIRMED)
    await store.mark_amended(amendment, after(32))
    assert await store.next_due_at(after(32)) is None
    assert (await edits(store))[str(SLACK)] == LedgerAmendment(
        str(SLACK), 1, after(32), waits=False, due_at=None, given_up=False, attempts=0, error=None
    )


async def test_nothing_to_show_is_no_edit(store: Store) -> None:
    """A repeat that changes nothing that a card shows makes nothing due."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", amends=Amends.NOTHING)
    assert await store.next_due_at(after(5)) is None
    assert await a.amendment(at=999) is None


async def test_what_changes_during_an_edit_is_shown_by_the_next(store: Store) -> None:
    """The edit that was on its way showed an older state: it counts, and the message stays due."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", amends=Amends.STATUS, status=Status.CONFIRMED)
    amendment = await a.must_amend(at=10)
    await repeat(store, 11, "curbs", amends=Amends.STATUS, status=Status.DENIED)
    await store.mark_amended(amendment, after(12))
    assert (await edits(store))[str(SLACK)].edits == 1
    again = await a.must_amend(at=12)
    assert (again.story.status, again.attempt) == (Status.DENIED, 1)
    await store.mark_amended(again, after(13))
    assert await a.amendment(at=999) is None
    await repeat(store, 50, "curbs", publishers=frozenset({"A", "B"}))
    assert (await a.must_amend(at=80)).story.count == 4, "a later change opens it again"


async def test_what_is_sent_after_its_story_moved_on_is_edited_then(store: Store) -> None:
    """A message that still waited carries the old words; it is due once it is out, a count half a minute later."""
    await tell(store, 1, SLACK, CHANNEL, slug="curbs")
    await tell(store, 2, SLACK, slug="other")
    await repeat(store, 10, "curbs", amends=Amends.STATUS, status=Status.DENIED)
    await repeat(store, 11, "other", publishers=frozenset({"A", "B"}))
    a = await Dispatcher(store).take()
    assert await a.amendment(at=60) is None, "there is nothing to edit yet"
    assert (await edits(store))[str(SLACK)].waits
    await a.send(at=60)
    assert await a.amendment(at=61) is None, "news goes first"
    await a.send(at=62)
    amendment = await a.must_amend(at=63)
    assert (amendment.story.slug, amendment.story.status) == ("curbs", Status.DENIED)
    await store.mark_amended(amendment, after(64))
    assert await store.next_due_at(after(64)) == after(93)
    assert (await a.must_amend(at=93)).story.slug == "other"
    assert await a.amendment(CHANNEL, at=999) is None


async def test_a_first_message_that_shows_it_already_is_not_edited(store: Store) -> None:
    """Whoever is told first by the update itself sees the story as it stands; who was told before is edited."""
    await told(store, SLACK)
    await tell(store, 10, SLACK, CHANNEL, slug="curbs", amends=Amends.STATUS)
    assert set(await edits(store)) == {str(SLACK)}


async def test_within_one_batch(store: Store) -> None:
    """An alert and the repeat that follows it in the same transaction: the alert's message is edited."""
    one, two = make_headline(1, seen=after(1)), make_headline(2, seen=after(2))
    await save(store, one, two)
    alert = make_alert_decision(one, (SLACK,), slug="curbs", amends=Amends.COUNT)
    assert alert.story is not None
    story = replace(alert.story, publishers=frozenset({"A", "B"}))
    await store.record_decisions([alert, make_repeat_decision(two, story)])
    amendments = await edits(store)
    assert {name: row.waits for name, row in amendments.items()} == {str(SLACK): True}


async def test_a_decision_made_twice_amends_once(store: Store) -> None:
    """What was recorded before changes nothing, edits included."""
    a = await told(store, SLACK)
    headline = make_headline(10, seen=after(10))
    await save(store, headline)
    found = await store.story("curbs")
    assert found is not None
    decision = make_repeat_decision(headline, found[0], amends=Amends.STATUS)
    await store.record_decisions([decision])
    await store.mark_amended(await a.must_amend(at=11), after(12))
    await store.record_decisions([decision])
    assert await a.amendment(at=999) is None


async def test_a_digest_is_not_edited(store: Store) -> None:
    """Told among others, before or after the change: nothing is due. One that was held and goes alone is edited."""
    for n, slug in ((1, "curbs"), (2, "other"), (3, "third")):
        await tell(store, n, held={SLACK: 50}, slug=slug)
    await tell(store, 4, held={CHANNEL: 50}, slug="alone")
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    await repeat(store, 11, "alone", amends=Amends.STATUS)
    a = await Dispatcher(store).take()
    assert await store.next_due_at(after(12)) == after(50)
    assert len((await a.send(at=50)).held) == 3
    await repeat(store, 60, "other", amends=Amends.STATUS)
    assert await store.next_due_at(after(51)) is None
    assert await a.amendment(at=999) is None
    given_up = (await edits(store))[str(SLACK)]
    assert (given_up.given_up, given_up.waits, given_up.error) == (True, False, "it was told in a message with others")
    assert (await a.send(CHANNEL, at=52)).held == ()
    assert (await a.must_amend(CHANNEL, at=53)).story.slug == "alone"


async def test_the_first_message_is_the_thread_s(store: Store) -> None:
    """An update that passed its held alert is edited until that is told; then the thread's own first message is."""
    await tell(store, 1, held={SLACK: 50}, slug="curbs")
    await tell(store, 2, SLACK, slug="curbs")
    a = await Dispatcher(store).take()
    await a.send(at=5, ts="5.0")
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    amendment = await a.must_amend(at=10)
    assert amendment.receipt.message_id == "5.0"
    await store.mark_amended(amendment, after(11))
    await a.send(at=50, ts="50.0")
    await repeat(store, 60, "curbs", amends=Amends.STATUS)
    assert (await a.must_amend(at=60)).receipt.message_id == "50.0"


async def test_what_was_never_told_is_not_edited(store: Store) -> None:
    """Filtered, dead and dropped deliveries have no message."""
    headline = make_headline(1, seen=after(1))
    await save(store, headline)
    await store.record_decisions(
        [make_alert_decision(headline, (SLACK, CHANNEL, CONSOLE), slug="curbs", filtered=(GROUP,))]
    )
    a = await Dispatcher(store).take()
    for destination, result in ((SLACK, Sending.DEAD), (CHANNEL, Sending.DROPPED)):
        claim = await a.must_claim(destination, at=5)
        await store.mark_ended(claim.delivery_id, result=result, reason="gone", now=after(6))
    await a.send(CONSOLE, at=7)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    assert set(await edits(store)) == {str(CONSOLE)}


async def test_news_goes_before_edits(store: Store) -> None:
    """While a delivery or a digest is due no edit is claimed; one that waits for its next attempt holds up none."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    await tell(store, 11, SLACK)
    await tell(store, 12, held={SLACK: 13})
    assert await a.amendment(at=20) is None
    claim = await a.must_claim(at=20)
    await store.mark_retry(claim.delivery_id, result=Sending.RETRY, error="x", next_attempt_at=after(90), now=after(20))
    assert await a.amendment(at=21) is None
    await a.send(at=21)
    assert (await a.must_amend(at=22)).story.slug == "curbs"


async def test_a_failed_edit_is_tried_again(store: Store) -> None:
    """At the time that was given, with the attempts counted; a change that came meanwhile is not put off."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    amendment = await a.must_amend(at=10)
    await store.mark_amend_failed(amendment, next_due_at=after(40), now=after(11), error="unreachable")
    found = (await edits(store))[str(SLACK)]
    assert (found.due_at, found.attempts, found.error) == (after(40), 1, "unreachable")
    assert await a.amendment(at=39) is None
    again = await a.must_amend(at=40)
    assert again.attempt == 2
    await repeat(store, 41, "curbs", amends=Amends.STATUS, status=Status.DENIED)
    await store.mark_amend_failed(again, next_due_at=after(400), now=after(42))
    third = await a.must_amend(at=43)
    assert (third.attempt, third.story.status) == (3, Status.DENIED)
    await store.mark_amended(third, after(44))
    assert (await edits(store))[str(SLACK)].attempts == 0


async def test_given_up_is_for_good(store: Store) -> None:
    """A message that cannot be edited is left alone, whatever becomes of its story; others go on."""
    a = await told(store, SLACK, CHANNEL)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    await store.mark_amend_failed(await a.must_amend(at=10), next_due_at=None, now=after(11), error="message_not_found")
    await repeat(store, 20, "curbs", amends=Amends.STATUS)
    assert await store.due_destinations(after(999)) == [CHANNEL]
    found = (await edits(store))[str(SLACK)]
    assert (found.given_up, found.edits, found.error) == (True, 0, "message_not_found")


async def test_only_the_lease_s_holder_edits(store: Store) -> None:
    """Whoever lost the role claims nothing, and of many claims at once one is granted."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    assert await Dispatcher(store, "b").amendment(at=10) is None
    granted: list[Amendment | None] = await asyncio.gather(*(a.amendment(at=10) for _ in range(6)))
    assert len([amendment for amendment in granted if amendment is not None]) == 1
    await Dispatcher(store, "b").take(force=True)
    assert await a.amendment(at=200) is None


async def test_a_death_with_an_edit_in_flight(store: Store) -> None:
    """The next owner makes it when the lease is over; twice does no harm."""
    a = await told(store, SLACK)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    await a.must_amend(at=10)
    b = await Dispatcher(store, "b").take(force=True)
    assert await b.amendment(at=11) is None
    assert await store.next_due_at(after(11)) == after(10) + LEASE
    assert (await b.must_amend(at=40)).attempt == 2


async def test_retiring_ends_edits(store: Store) -> None:
    """Nothing is edited where nothing can be sent."""
    a = await told(store, SLACK, CHANNEL)
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    await store.retire_destination(SLACK, reason="is_archived", now=after(11))
    assert await store.due_destinations(after(999)) == [CHANNEL]
    assert await a.amendment(at=999) is None


async def test_moving_leaves_what_was_told_behind(store: Store) -> None:
    """A message of the old chat is out of reach; one that was still to be sent goes along and is edited there."""
    a = await told(store, GROUP)
    await tell(store, 2, GROUP, slug="other")
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    await repeat(store, 11, "other", amends=Amends.STATUS)
    await store.move_destination(GROUP, SUPERGROUP)
    assert await store.due_destinations(after(12)) == [SUPERGROUP]
    await a.send(SUPERGROUP, at=20, ts="20.0")
    amendment = await a.must_amend(SUPERGROUP, at=22)
    assert (amendment.story.slug, amendment.receipt.message_id) == ("other", "20.0")
    await store.mark_amended(amendment, after(23))
    await repeat(store, 30, "curbs", amends=Amends.STATUS)
    assert await store.due_destinations(after(999)) == []


@pytest.mark.parametrize("late", [True, False])
async def test_sent_and_moved_on_at_the_same_moment(store: Store, late: bool) -> None:
    """However a receipt and a change overlap, the message ends due for its edit."""
    for n in range(1, 9):
        await tell(store, n, SLACK, slug=f"s{n}")
    a = await Dispatcher(store).take()

    async def change(n: int) -> None:
        await repeat(store, n + 20, f"s{n}", amends=Amends.STATUS, at=n)

    for n in range(1, 9):
        claim = await a.must_claim(at=20 + n)
        sent = store.mark_sent(claim.delivery_id, Receipt(str(n)), result=Sending.SENT, now=after(20 + n))
        await asyncio.gather(*((sent, change(n)) if late else (change(n), sent)))
    due: list[datetime | None] = [(await edits(store, n))[str(SLACK)].due_at for n in range(1, 9)]
    assert all(at is not None and at <= after(30) + timedelta(seconds=1) for at in due)
