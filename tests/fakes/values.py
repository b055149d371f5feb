"""Valid domain values with sensible defaults, so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain import (
    Alert,
    Event,
    Headline,
    Mention,
    Outcome,
    Reason,
    Score,
    Status,
    Tier,
    Topic,
    Urgency,
)
from bot.rules.fingerprint import canonical_url, fingerprint

NOW = datetime(2026, 11, 2, 12, 0, 0, tzinfo=UTC)


def make_headline(text="US lets Nvidia sell H20 chips to China", **changes) -> Headline:
    """A headline of a wire, seen just now."""
    source = changes.get("source", "wire")
    guid = changes.get("guid", text)
    url = changes.get("url", f"https://{source}.example/{Headline.make_id(source, guid)}")
    headline = Headline(
        id=Headline.make_id(source, guid),
        source=source,
        guid=guid,
        text=text,
        url=url,
        publisher="Kite Wire",
        tier=Tier.WIRE,
        official=False,
        published_at=NOW - timedelta(seconds=2),
        first_seen_at=NOW,
        event_at=None,
        fingerprint=fingerprint(text),
        canonical_url=canonical_url(url),
    )
    return replace(headline, **changes)


def make_score(**changes) -> Score:
    """A sure, reported licence."""
    score = Score(
        chip_export=0.97,
        market_moving=0.95,
        event=Event.LICENCE,
        event_prob=0.9,
        status=Status.REPORTED,
        status_prob=0.9,
        language="en",
        model="test-1",
    )
    return replace(score, **changes)


def make_alert(**changes) -> Alert:
    """An alert on a licence for Nvidia."""
    alert = Alert(
        id="a1",
        story="nvidia-h20-licence-261102-1a2b",
        headline_id="1a2b3c4d5e6f7a8b",
        outcome=Outcome.ALERT,
        reason=Reason.NEW_STORY,
        urgency=Urgency.ALERT,
        topics=frozenset({Topic.CHIP_EXPORT}),
        text="US lets Nvidia sell H20 chips to China",
        url="https://wire.example/1",
        source="wire",
        publisher="Kite Wire",
        tier=Tier.WIRE,
        event=Event.LICENCE,
        status=Status.CONFIRMED,
        previous_status=None,
        mentions=(Mention("Nvidia", "NVDA", 1, start=8, end=14),),
        facts=("H20",),
        chip_export=0.97,
        market_moving=0.95,
        model="test-1",
        published_at=NOW - timedelta(seconds=2),
        first_seen_at=NOW,
        created_at=NOW + timedelta(milliseconds=40),
    )
    return replace(alert, **changes)
