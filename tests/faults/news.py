"""Alerts for all destinations, the updates of their stories, and denials."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import (
    Alert,
    Amends,
    Decision,
    Delivery,
    DeliveryState,
    Destination,
    Headline,
    Outcome,
    Reason,
    Status,
    Story,
)
from tests.fakes.clock import FakeClock
from tests.fakes.values import NOW, make_alert, make_headline, make_score
from tests.faults.outcomes import URGENCIES

CHANNELS = tuple(f"C0{n:03}" for n in range(10))
CHATS = tuple(-1001 - n for n in range(10))
DESTINATIONS = tuple(
    Destination.parse(name) for name in [*(f"slack:{c}" for c in CHANNELS), *(f"telegram:{c}" for c in CHATS)]
)


def decision(n: int, each: int, clock: FakeClock) -> tuple[Decision, Headline]:
    """The n-th alert; every fifth is an update of the story before it, to the same destinations."""
    headline = _headline(f"US lets Nvidia sell lot number {n} to China", clock)
    update = n % 5 == 4
    lot = n - 1 if update else n
    story = f"lot-{lot}"
    place = lot - lot // 5  # updates are at no place of their own
    to = [DESTINATIONS[half + (place + i) % 10] for half in (0, 10) for i in range(each // 2)]
    told = make_alert(
        id=f"{n:024x}",
        story=story,
        headline_id=headline.id,
        outcome=Outcome.UPDATE if update else Outcome.ALERT,
        reason=Reason.STATUS_CHANGE if update else Reason.NEW_STORY,
        status=Status.CONFIRMED if update else Status.REPORTED,
        previous_status=Status.REPORTED if update else None,
        urgency=URGENCIES[n % 3],
        text=headline.text,
        first_seen_at=clock.now(),
        created_at=clock.now(),
    )
    deliveries = tuple(Delivery(f"{n}>{d}", d, DeliveryState.PENDING) for d in to)
    kept = _story(told, headline)
    return (
        Decision(headline.id, told.outcome, told.reason, clock.now(), make_score(), (), kept, told, deliveries),
        headline,
    )


def denial(story: Story, n: int, clock: FakeClock) -> tuple[Decision, Headline]:
    """A headline that tells nothing new but that it is not so: what was posted is edited."""
    headline = _headline(f"US denies it lets Nvidia sell {story.slug} to China, take {n}", clock)
    denied = _story(_told_of(story), headline, status=Status.DENIED)
    return (
        Decision(
            headline.id,
            Outcome.REPEAT,
            Reason.SAME_STORY,
            clock.now(),
            make_score(),
            story=denied,
            amends=Amends.STATUS,
        ),
        headline,
    )


def _headline(text: str, clock: FakeClock) -> Headline:
    return make_headline(text, published_at=clock.now() - timedelta(seconds=2), first_seen_at=clock.now())


def _told_of(story: Story) -> Alert:
    return make_alert(story=story.slug, urgency=story.urgency, text=story.first_text, status=story.status)


def _story(told: Alert, headline: Headline, *, status: Status | None = None) -> Story:
    return Story(
        slug=told.story,
        event=told.event,
        status=status or told.status,
        urgency=told.urgency,
        topics=told.topics,
        first_headline_id=headline.id,
        first_text=told.text,
        latest_text=headline.text,
        fingerprints=frozenset({headline.fingerprint}),
        companies=frozenset({"Nvidia"}),
        publishers=frozenset({"Kite Wire"}),
        documents=frozenset(),
        count=1,
        created_at=NOW,
        updated_at=headline.first_seen_at,
    )
