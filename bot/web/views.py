"""Domain values as the JSON that the web server answers: plain words, times in UTC with a ``Z``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain import Alert, DeliveryState, SourceState, Story
from bot.store.base import LedgerDelivery

__all__ = ["Deliveries", "alert_view", "dump", "iso", "sources_view", "story_view"]

SHOWN_SOURCES = 120  # the page's strip has no room for more; those in trouble come first
LATE = timedelta(seconds=60)  # a source that is due for longer than this is not being polled

_OPEN = frozenset({DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.SENDING})
# Nothing that a headline says may end a <script> or open a tag, wherever somebody pastes the answer.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def iso(moment: datetime | None) -> str | None:
    """A time as ISO 8601 in UTC, e.g. ``2026-01-30T08:00:00.250000Z``; None stays None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def dump(value: Any) -> str:
    """JSON on one line, safe inside HTML too; lone surrogates are replaced, since UTF-8 cannot carry them."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES).encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What became of one alert's deliveries. Where they went is not shown: an address may hold a secret."""

    states: tuple[tuple[str, int], ...] = ()  # state → how many, by name
    sent_at: datetime | None = None  # of the first one
    held_until: datetime | None = None  # the first release of those that wait
    # Delivery id, platform, time. Without those that were held: they came as late as their reader wished.
    sent: tuple[tuple[str, str, datetime], ...] = ()
    settled: bool = False  # nothing is open any more

    @classmethod
    def of(cls, ledger: Iterable[LedgerDelivery]) -> Deliveries:
        """Sum up an alert's deliveries."""
        rows = list(ledger)
        sent = tuple(
            (row.id, row.destination.partition(":")[0], row.sent_at)
            for row in rows
            if row.sent_at is not None and row.release_at is None
        )
        held = [row.release_at for row in rows if row.state == DeliveryState.HELD and row.release_at is not None]
        return cls(
            states=tuple(sorted(Counter(str(row.state) for row in rows).items())),
            sent_at=min((row.sent_at for row in rows if row.sent_at is not None), default=None),
            held_until=min(held, default=None),
            sent=sent,
            settled=all(row.state not in _OPEN for row in rows),
        )


def alert_view(alert: Alert, deliveries: Deliveries) -> dict[str, Any]:
    """One alert with its three times and what became of its deliveries."""
    return {
        "id": alert.id,
        "story": alert.story,
        "headline_id": alert.headline_id,
        "outcome": alert.outcome.value,
        "reason": alert.reason.value,
        "urgency": alert.urgency.value,
        "topics": sorted(topic.value for topic in alert.topics),
        "headline": alert.text,
        "url": alert.url,
        "source": alert.source,
        "publisher": alert.publisher,
        "publishers": alert.publishers,
        "tier": alert.tier.value,
        "event": alert.event.value,
        "status": alert.status.value,
        "previous_status": None if alert.previous_status is None else alert.previous_status.value,
        "tickers": alert.tickers,
        "exposed": {m.ticker: m.direction for m in alert.mentions if m.ticker and not m.primary},
        "companies": [
            {
                "name": m.company,
                "ticker": m.ticker,
                "direction": m.direction,
                "named": m.primary,
                "role": m.role,
                "why": m.reason,
            }
            for m in alert.mentions
        ],
        "facts": list(alert.facts),
        "chip_export": round(alert.chip_export, 4),
        "market_moving": round(alert.market_moving, 4),
        "model": alert.model,
        "published_at": iso(alert.published_at),
        "first_seen_at": iso(alert.first_seen_at),
        "decided_at": iso(alert.created_at),
        "sent_at": iso(deliveries.sent_at),
        "held_until": iso(deliveries.held_until),
        "deliveries": dict(deliveries.states),
    }


def story_view(story: Story, alerts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A story with its alerts, oldest first."""
    return {
        "slug": story.slug,
        "event": story.event.value,
        "status": story.status.value,
        "urgency": story.urgency.value,
        "topics": sorted(topic.value for topic in story.topics),
        "first_headline": story.first_text,
        "latest_headline": story.latest_text,
        "companies": sorted(story.companies),
        "publishers": sorted(story.publishers),
        "documents": sorted(story.documents),
        "count": story.count,
        "created_at": iso(story.created_at),
        "updated_at": iso(story.updated_at),
        "alerts": list(alerts),
    }


def sources_view(states: Iterable[SourceState], now: datetime) -> dict[str, Any]:
    """How the sources are: counts by condition, and the first SHOWN_SOURCES of them, those in trouble first.

    ``failing``: the last poll failed; ``late``: due for more than a minute, so nobody polls it; ``waiting``: not
    polled yet; ``ok`` otherwise.
    """
    rows = [(_condition(state, now), state) for state in states]
    rows.sort(key=lambda row: (_TROUBLE.index(row[0]), row[1].name))
    counts = Counter(condition for condition, _ in rows)
    return {
        "total": len(rows),
        **{condition: counts[condition] for condition in _TROUBLE},
        "shown": [
            {
                "name": state.name,
                "state": condition,
                "last_ok_at": iso(state.last_ok_at),
                "last_new_at": iso(state.last_new_at),
                "failures": state.failures,
                "error": state.last_error,
            }
            for condition, state in rows[:SHOWN_SOURCES]
        ],
    }


_TROUBLE = ("failing", "late", "waiting", "ok")


def _condition(state: SourceState, now: datetime) -> str:
    if state.failures:
        return "failing"
    if now - state.next_due > LATE:
        return "late"
    return "ok" if state.last_ok_at is not None else "waiting"
