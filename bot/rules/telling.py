"""A decision put into words that travel: the alert, its deliveries, and the story's readable key."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import (
    Alert,
    Delivery,
    DeliveryState,
    Destination,
    Headline,
    Mention,
    Mute,
    Outcome,
    Reason,
    Score,
    Status,
    Story,
    Subscription,
    Urgency,
)
from bot.rules.facts import Facts
from bot.rules.routing import Routed, route


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may get an alert, and what decides whether and when each does."""

    subscriptions: Sequence[Subscription]
    mutes: Sequence[Mute] = ()
    told: Mapping[Destination, Sequence[datetime]] | None = None


def make_alert(
    story: Story,
    outcome: Outcome,
    reason: Reason,
    level: Urgency,
    headline: Headline,
    score: Score,
    mentions: tuple[Mention, ...],
    facts: Facts,
    previous_status: Status | None,
    now: datetime,
) -> Alert:
    """What a card will show of a headline, frozen at the moment of the decision."""
    return Alert(
        # Made from the headline, so that deciding twice makes the same alert.
        id=_digest("alert", headline.id),
        story=story.slug,
        headline_id=headline.id,
        outcome=outcome,
        reason=reason,
        urgency=level,
        topics=story.topics,
        text=headline.text,
        url=headline.url,
        source=headline.source,
        publisher=headline.publisher,
        tier=headline.tier,
        event=score.event,
        status=score.status,
        previous_status=previous_status,
        mentions=mentions,
        facts=facts.labels(),
        chip_export=score.chip_export,
        market_moving=score.market_moving,
        model=score.model,
        published_at=headline.published_at,
        first_seen_at=headline.first_seen_at,
        created_at=now,
        publishers=max(len(story.publishers), 1),
    )


def make_deliveries(alert: Alert, audience: Audience, now: datetime) -> tuple[Delivery, ...]:
    """One delivery for each destination: due, held until its release, or filtered with the reason."""
    routes = route(alert, audience.subscriptions, mutes=audience.mutes, told=audience.told, now=now)
    return tuple(
        Delivery(
            id=_digest("delivery", alert.id, str(destination)),
            destination=destination,
            state=_state(routed),
            reason=routed.stage or routed.hold,
            release_at=routed.release_at,
        )
        for destination, routed in routes.items()
    )


def _state(routed: Routed) -> DeliveryState:
    if routed.stage is not None:
        return DeliveryState.FILTERED
    return DeliveryState.PENDING if routed.hold is None else DeliveryState.HELD


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def make_slug(score: Score, mentions: Sequence[Mention], facts: Facts, now: datetime) -> str:
    """The front of a key that a person can read and type: who, what, which measure, when."""
    named = (m.company for m in mentions if m.primary and not m.passing)
    who = next(named, None) or next(iter(sorted(facts.places)), "chips")
    what = next(iter(sorted(facts.products)), "")
    parts = [who, what, score.event.value, now.strftime("%y%m%d")]
    text = unicodedata.normalize("NFKD", "-".join(p for p in parts if p)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
