"""Alerts in a store, and a dispatcher over it, for tests of what arrives."""

from dataclasses import replace
from datetime import timedelta

from bot.bus import LocalBus
from bot.dispatch import Dispatcher
from bot.domain import (
    Amends,
    Decision,
    Delivery,
    DeliveryState,
    Destination,
    Hold,
    Outcome,
    Reason,
    Story,
    Urgency,
)
from tests.fakes.values import NOW, make_alert, make_headline, make_score

SLACK = Destination.parse("slack:C1")
TELEGRAM = Destination.parse("telegram:-1001")
TTL = timedelta(hours=1)


async def alert(store, number, *destinations, urgency=Urgency.ALERT, story="s", release_at=None, **changes):
    """Save an alert with a delivery for each destination, held if it has a release; returns the headline's id."""
    headline = make_headline(f"Headline {number}")
    await store.record_batch("wire", [(headline, None)], cursor={}, next_due=NOW, now=NOW)
    told = make_alert(
        id=f"a{number}", headline_id=headline.id, text=headline.text, urgency=urgency, story=story, **changes
    )
    kept = Story(
        slug=story, event=told.event, status=told.status, urgency=urgency, topics=told.topics,
        first_headline_id=headline.id, first_text=headline.text, latest_text=headline.text,
        fingerprints=frozenset({headline.fingerprint}), companies=frozenset(), publishers=frozenset({"wire"}),
        documents=frozenset(), count=1, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    state, reason = (DeliveryState.HELD, Hold.QUIET) if release_at else (DeliveryState.PENDING, None)
    deliveries = tuple(Delivery(f"d{number}-{d}", d, state, reason, release_at) for d in destinations)
    decision = Decision(headline.id, Outcome.ALERT, Reason.NEW_STORY, NOW, make_score(), (), kept, told, deliveries)
    await store.record_decisions([decision])
    return headline.id


async def moved_on(store, number, story="s", *, amends=Amends.STATUS, at=NOW, **changes):
    """Save a headline that only adds to a story, which then stands as these changes say."""
    headline = make_headline(f"Headline {number}")
    await store.record_batch("wire", [(headline, None)], cursor={}, next_due=NOW, now=NOW)
    before, _ = await store.story(story)
    after = replace(before, count=before.count + 1, **changes)
    await store.record_decisions(
        [Decision(headline.id, Outcome.REPEAT, Reason.SAME_STORY, at, make_score(), story=after, amends=amends)]
    )


async def dispatcher(store, clock, *notifiers, owner="me", **options):
    epoch = await store.take_lease("dispatch", owner, TTL, force=True)
    return Dispatcher(store, LocalBus(), clock, {n.kind: n for n in notifiers}, owner, epoch, **options)


async def drained(store, clock, *notifiers):
    """Dispatch with a clock that moves on whenever something waits, until nothing is open."""
    work = await dispatcher(store, clock, *notifiers)
    for _ in range(50):
        if not await work.send_due():
            return
        clock.advance(seconds=61)
    raise AssertionError(f"still open: {await store.backlog()}")


async def states(store, headline_id):
    trail = await store.trail(headline_id)
    return {d.destination: d.state for d in trail.deliveries}
