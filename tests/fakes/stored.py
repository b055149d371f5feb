"""Values to put into a store, all of our own making."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.domain import (
    Alert,
    Amends,
    Decision,
    Delivery,
    DeliveryState,
    Destination,
    Event,
    Headline,
    Hold,
    Mention,
    Outcome,
    Reason,
    Score,
    Status,
    Story,
    Tier,
    Topic,
    Urgency,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SLACK = Destination.parse("slack:C01")
CHANNEL = Destination.parse("telegram:@chips")
CONSOLE = Destination.parse("console")


def after(seconds: float = 0) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def make_headline(n: int = 1, *, source: str = "desk-wire", seen: datetime = NOON, **changes: object) -> Headline:
    """The n-th headline of a source."""
    guid = f"item-{n}"
    values: dict[str, object] = {
        "id": Headline.make_id(source, guid),
        "source": source,
        "guid": guid,
        "text": f"Ministry weighs curb number {n} on lithography spares",
        "url": f"https://wire.example/{n}?from=feed",
        "publisher": "Desk Wire",
        "tier": Tier.WIRE,
        "official": False,
        "published_at": seen - timedelta(seconds=2),
        "first_seen_at": seen,
        "event_at": None,
        "fingerprint": f"fp-{n}",
        "canonical_url": f"https://wire.example/{n}",
        "summary": "Two officials spoke of it.",
        "document": None,
    }
    return Headline(**{**values, **changes})  # type: ignore[arg-type]


def make_score() -> Score:
    """A confident score."""
    return Score(0.97, 0.81, Event.EXPORT_RULE, 0.9, Status.REPORTED, 0.8, "en", "tiny-1")


def make_story(headline: Headline, *, slug: str = "", count: int = 1, updated: datetime | None = None) -> Story:
    """The story that this headline begins."""
    return Story(
        slug=slug or f"story-{headline.id}",
        event=Event.EXPORT_RULE,
        status=Status.REPORTED,
        urgency=Urgency.ALERT,
        topics=frozenset({Topic.CHIP_EXPORT, Topic.SEMIS}),
        first_headline_id=headline.id,
        first_text=headline.text,
        latest_text=headline.text,
        fingerprints=frozenset({headline.fingerprint}),
        companies=frozenset({"ASML", "Tokyo Electron"}),
        publishers=frozenset({headline.publisher}),
        documents=frozenset(),
        count=count,
        created_at=headline.first_seen_at,
        updated_at=updated or headline.first_seen_at,
    )


def make_alert(
    headline: Headline, story: Story, *, outcome: Outcome = Outcome.ALERT, urgency: Urgency = Urgency.ALERT
) -> Alert:
    """The alert about this headline."""
    return Alert(
        id=f"alert-{headline.id}",
        story=story.slug,
        headline_id=headline.id,
        outcome=outcome,
        reason=Reason.NEW_STORY if outcome is Outcome.ALERT else Reason.STATUS_CHANGE,
        urgency=urgency,
        topics=frozenset({Topic.CHIP_EXPORT}),
        text=headline.text,
        url=headline.url,
        source=headline.source,
        publisher=headline.publisher,
        tier=headline.tier,
        event=Event.EXPORT_RULE,
        status=Status.REPORTED,
        previous_status=None,
        mentions=(Mention("ASML", "ASML", -1, start=3, end=7), Mention("Veldhoven Optics", None, primary=False)),
        facts=("200 systems",),
        chip_export=0.97,
        market_moving=0.81,
        model="tiny-1",
        published_at=headline.published_at,
        first_seen_at=headline.first_seen_at,
        created_at=headline.first_seen_at + timedelta(milliseconds=40),
    )


def make_alert_decision(
    headline: Headline,
    destinations: tuple[Destination, ...] = (SLACK, CHANNEL),
    *,
    slug: str = "",
    outcome: Outcome = Outcome.ALERT,
    filtered: tuple[Destination, ...] = (),
    held: Mapping[Destination, datetime] | None = None,
    urgency: Urgency = Urgency.ALERT,
    amends: Amends = Amends.NOTHING,
) -> Decision:
    """The decision to tell these destinations, others at the time until which it is held, and not the filtered ones."""
    story = make_story(headline, slug=slug)
    alert = make_alert(headline, story, outcome=outcome, urgency=urgency)
    told = [
        Delivery(f"{headline.id}>{destination}", destination, DeliveryState.PENDING) for destination in destinations
    ]
    spared = [
        Delivery(f"{headline.id}>{destination}", destination, DeliveryState.FILTERED, "min_urgency")
        for destination in filtered
    ]
    waiting = [
        Delivery(f"{headline.id}>{destination}", destination, DeliveryState.HELD, Hold.QUIET, release_at)
        for destination, release_at in (held or {}).items()
    ]
    return Decision(
        headline_id=headline.id,
        outcome=outcome,
        reason=alert.reason,
        decided_at=alert.created_at,
        score=make_score(),
        mentions=alert.mentions,
        story=story,
        alert=alert,
        deliveries=(*told, *spared, *waiting),
        amends=amends,
    )


def make_repeat_decision(
    headline: Headline, story: Story, *, amends: Amends = Amends.COUNT, at: datetime | None = None
) -> Decision:
    """The decision that a headline only adds to a story, which then stands so."""
    return Decision(
        headline_id=headline.id,
        outcome=Outcome.REPEAT,
        reason=Reason.SAME_STORY,
        decided_at=at or headline.first_seen_at,
        score=make_score(),
        story=story,
        amends=amends,
    )
