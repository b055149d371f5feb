"""Alerts, claims and a clock for tests of what is told and how."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import (
    Alert,
    Claim,
    Destination,
    Event,
    Mention,
    Outcome,
    Reason,
    Receipt,
    Status,
    Tier,
    Topic,
    Urgency,
)

SEEN = datetime(2026, 1, 5, 14, 2, 13, 100_000, tzinfo=UTC)


class StillClock:
    """Shows one time until it is moved."""

    def __init__(self, now: datetime = SEEN + timedelta(seconds=0.2)) -> None:
        self.time = now

    def now(self) -> datetime:
        """See Clock."""
        return self.time

    def monotonic(self) -> float:
        """See Clock."""
        return self.time.timestamp()


def make_alert(**changes: Any) -> Alert:
    """An alert about import permits, with the given fields changed."""
    values: dict[str, Any] = {
        "id": "al-1",
        "story": "beijing-h200-imports",
        "headline_id": "00f1e2d3c4b5a697",
        "outcome": Outcome.ALERT,
        "reason": Reason.NEW_STORY,
        "urgency": Urgency.FLASH,
        "topics": frozenset({Topic.CHIP_EXPORT}),
        "text": "Beijing said to weigh letting Alibaba buy Nvidia's H200, shares jump",
        "url": "https://news.example.com/chips/h200-permits?id=7&lang=en",
        "source": "wire-feed",
        "publisher": "Example Wire",
        "tier": Tier.PRESS,
        "event": Event.IMPORT_RULE,
        "status": Status.REPORTED,
        "previous_status": None,
        "mentions": (
            Mention("Nvidia", "NVDA", 1),
            Mention("Alibaba", "BABA", 1),
            Mention("Huawei", None, -1),
            Mention("TSMC", "TSM", 1, primary=False, role="foundry"),
            Mention("Micron", "MU", 1, primary=False, role="memory"),
        ),
        "facts": ("H200", "200,000 chips"),
        "chip_export": 0.98,
        "market_moving": 0.93,
        "model": "chipwire-test-1",
        "published_at": SEEN - timedelta(seconds=2.1),
        "first_seen_at": SEEN,
        "created_at": SEEN + timedelta(seconds=0.05),
        "publishers": 1,
    }
    return Alert(**(values | changes))


def make_update(**changes: Any) -> Alert:
    """The same story, confirmed."""
    return make_alert(
        **{
            "id": "al-2",
            "outcome": Outcome.UPDATE,
            "reason": Reason.STATUS_CHANGE,
            "status": Status.CONFIRMED,
            "previous_status": Status.REPORTED,
            "text": "China's commerce ministry clears H200 purchases",
        }
        | changes
    )


def make_claim(destination: str, alert: Alert | None = None, **changes: Any) -> Claim:
    """A first attempt at delivering an alert."""
    values: dict[str, Any] = {
        "delivery_id": "dl-1",
        "destination": Destination.parse(destination),
        "alert": alert or make_alert(),
        "attempt": 1,
        "maybe_sent": False,
        "first_intent_at": None,
        "thread": None,
    }
    return Claim(**(values | changes))


def in_thread(receipt: Receipt, destination: str, alert: Alert | None = None, **changes: Any) -> Claim:
    """An attempt at delivering an update of a story that stands there already."""
    return make_claim(destination, alert or make_update(), **({"thread": receipt, "delivery_id": "dl-2"} | changes))
