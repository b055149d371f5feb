"""Who gets an alert, when, and if not, why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import Alert, Destination, Hold, Mute, MuteKind, Subscription, Urgency
from bot.rules.caps import format_cap, room_at
from bot.rules.delays import format_delay
from bot.rules.digests import format_digest, next_release
from bot.rules.patterns import matches
from bot.rules.quiet import format_quiet, silent_until


class Filtered(StrEnum):
    """Why a subscription lets an alert pass by; the order is the order of the stages."""

    TOPIC = "topic"
    EVENT = "event"
    STATUS = "status"
    TIER = "tier"
    TICKER = "ticker"
    EXCLUDE = "exclude"
    INCLUDE = "include"
    URGENCY = "urgency"
    MUTED = "muted"


_ORDER = {stage: place for place, stage in enumerate(Filtered)}
_HOLDS = {hold: place for place, hold in enumerate(Hold)}
_RANKS = {urgency: urgency.rank for urgency in Urgency}


@dataclass(frozen=True, slots=True)
class Routed:
    """What becomes of an alert at one destination: told now, held, or filtered."""

    stage: Filtered | None = None  # where it was filtered
    hold: Hold | None = None  # why it waits
    release_at: datetime | None = None  # until when, in UTC; later than now, and never in quiet hours that hold for it


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a walk: a member of ``Filtered``, or of ``Hold`` for what may delay."""

    stage: Filtered | Hold
    passed: bool  # of a hold: it does not delay
    detail: str  # what was compared, in words
    release_at: datetime | None = None  # of a hold that delays


_SENT = Routed()

# Whether an alert passes each stage but the last, for which the destination's mutes are asked.
_PASSES: tuple[tuple[Filtered, Callable[[Alert, Subscription], bool]], ...] = (
    (Filtered.TOPIC, lambda a, s: not a.topics.isdisjoint(s.topics)),
    (Filtered.EVENT, lambda a, s: not s.events or a.event in s.events),
    (Filtered.STATUS, lambda a, s: not s.statuses or a.status in s.statuses),
    (Filtered.TIER, lambda a, s: not s.tiers or a.tier in s.tiers),
    (Filtered.TICKER, lambda a, s: not s.tickers or any(m.ticker in s.tickers for m in a.mentions)),
    (Filtered.EXCLUDE, lambda a, s: not any(matches(entry, a.text) for entry in s.exclude)),
    (Filtered.INCLUDE, lambda a, s: not s.include or any(matches(entry, a.text) for entry in s.include)),
    (Filtered.URGENCY, lambda a, s: _RANKS[a.urgency] >= _RANKS[s.min_urgency]),
)


def filtered(alert: Alert, subscription: Subscription, *, mutes: Sequence[Mute] = (), now: datetime) -> Filtered | None:
    """The first stage that holds the alert back, or None when it is wanted."""
    for stage, passes in _PASSES:
        if not passes(alert, subscription):
            return stage
    return Filtered.MUTED if mutes and muting(alert, subscription.to, mutes, now=now) else None


def muting(alert: Alert, to: Destination, mutes: Sequence[Mute], *, now: datetime) -> tuple[Mute, ...]:
    """The mutes that silence an alert at a destination; empty when it is heard.

    A muted ticker silences only what names no other listed company: news of two companies still reaches who muted
    one of them.
    """
    live = [m for m in mutes if now < m.until and m.to in {None, to}]
    found = [
        m
        for m in live
        if (m.kind is MuteKind.STORY and m.value == alert.story)
        or (m.kind is MuteKind.SOURCE and m.value == alert.source)
    ]
    by_ticker = {m.value: m for m in live if m.kind is MuteKind.TICKER}
    named = alert.tickers
    if named and all(ticker in by_ticker for ticker in named):
        found += [by_ticker[ticker] for ticker in named]
    return tuple(found)


def route(
    alert: Alert,
    subscriptions: Sequence[Subscription],
    *,
    mutes: Sequence[Mute] = (),
    told: Mapping[Destination, Sequence[datetime]] | None = None,
    now: datetime,
) -> dict[Destination, Routed]:
    """Each destination once, in the order of its first subscription.

    Args:
        alert: what may be told.
        subscriptions: who may get it; of several of one destination the most generous decides: told now, else held
            with the earliest release, else filtered at the furthest stage.
        mutes: what somebody wants to hear no more of; those that ended count for nothing.
        told: when other alerts were told or became due at each destination, for caps; what is held is not among them.
        now: the time of the decision.
    """
    # Sorted by destination once: there may be thousands of subscriptions and of mutes.
    live: dict[Destination | None, list[Mute]] = {}
    for mute in mutes:
        live.setdefault(mute.to, []).append(mute)
    everywhere = live.get(None, [])
    result: dict[Destination, Routed] = {}
    for subscription in subscriptions:
        to = subscription.to
        known = result.get(to)
        if known is _SENT:
            continue
        its = [*everywhere, *live.get(to, ())] if live else ()
        stage = filtered(alert, subscription, mutes=its, now=now)
        if stage is not None:
            routed = Routed(stage)
        elif all(
            hold is None for hold in (subscription.quiet, subscription.digest, subscription.cap, subscription.delay)
        ):
            routed = _SENT
        else:
            routed = _held(alert, subscription, () if told is None else told.get(to, ()), now)
        if known is None or _generosity(routed) > _generosity(known):
            result[to] = routed
    return result


def _generosity(routed: Routed) -> tuple[int, float, int]:
    if routed.release_at is not None and routed.hold is not None:
        return 1, -routed.release_at.timestamp(), -_HOLDS[routed.hold]
    if routed.stage is not None:
        return 0, _ORDER[routed.stage], 0
    return 2, 0, 0


def _held(alert: Alert, subscription: Subscription, told: Sequence[datetime], now: datetime) -> Routed:
    """Whether what is wanted waits: for its digest, or for whichever of quiet hours, cap and delay ends last."""
    waits = [(hold, at) for hold, at in _waits(alert, subscription, told, now) if at is not None]
    if not waits:
        return _SENT
    hold, at = next((w for w in waits if w[0] is Hold.DIGEST), None) or max(waits, key=lambda w: w[1])
    quiet = subscription.quiet
    # What passes through quiet hours is not put to sleep by a delay that ends in them.
    if quiet is not None and not (hold is Hold.DELAY and quiet.flash_breaks and alert.urgency is Urgency.FLASH):
        at = silent_until(quiet, at) or at
    return Routed(None, hold, at)


def _waits(
    alert: Alert, subscription: Subscription, told: Sequence[datetime], now: datetime
) -> list[tuple[Hold, datetime | None]]:
    """For each hold that the subscription has, until when it makes this alert wait."""
    flash = alert.urgency is Urgency.FLASH
    later = timedelta(0) if subscription.delay is None else subscription.delay.of(alert.tier)
    waits: list[tuple[Hold, datetime | None]] = []
    if (quiet := subscription.quiet) is not None:
        waits.append((Hold.QUIET, None if flash and quiet.flash_breaks else silent_until(quiet, now)))
    if (digest := subscription.digest) is not None:
        waits.append((Hold.DIGEST, None if flash and digest.flash_breaks else next_release(digest, now + later)))
    if (cap := subscription.cap) is not None:
        waits.append((Hold.CAP, None if flash else room_at(cap, told, now)))
    if subscription.delay is not None:
        waits.append((Hold.DELAY, now + later if later else None))
    return waits


def walk(
    alert: Alert,
    subscription: Subscription,
    *,
    mutes: Sequence[Mute] = (),
    told: Sequence[datetime] = (),
    now: datetime,
) -> list[Step]:
    """Every stage that an alert passes or fails on its way to one subscription, and what would delay it there.

    The first stage that is not passed is the one that ``filtered`` names; those after it are shown all the same, so
    that a person mends all of them at once. Holds come last, and only where nothing filters.
    """
    steps = [
        Step(stage, passes(alert, subscription), _DETAILS[stage](alert, subscription)) for stage, passes in _PASSES
    ]
    silencing = muting(alert, subscription.to, mutes, now=now)
    detail = "; ".join(f"{m.kind} {m.value} until {m.until:%Y-%m-%d %H:%M} UTC" for m in silencing) or "no mute fits"
    steps.append(Step(Filtered.MUTED, not silencing, detail))
    if not all(step.passed for step in steps):
        return steps
    for hold, at in _waits(alert, subscription, told, now):
        steps.append(Step(hold, at is None, _hold_detail(hold, alert, subscription), at))
    return steps


def _hold_detail(hold: Hold, alert: Alert, subscription: Subscription) -> str:
    if hold is Hold.QUIET and subscription.quiet is not None:
        text, breaks = format_quiet(subscription.quiet), subscription.quiet.flash_breaks
    elif hold is Hold.DIGEST and subscription.digest is not None:
        text, breaks = format_digest(subscription.digest), subscription.digest.flash_breaks
    elif hold is Hold.DELAY and subscription.delay is not None:
        text, breaks = f"{format_delay(subscription.delay)}; the source is {alert.tier}", False
    else:
        assert subscription.cap is not None
        text, breaks = format_cap(subscription.cap), True
    return f"{text}; a flash breaks through" if breaks and alert.urgency is Urgency.FLASH else text


def _wants(got: str, wanted: Sequence[str]) -> str:
    return f"{got}; wanted: {', '.join(sorted(wanted)) or 'all'}"


def _hits(entries: Sequence[str], text: str) -> str:
    return ", ".join(entry for entry in entries if matches(entry, text)) or "none"


_DETAILS: dict[Filtered, Callable[[Alert, Subscription], str]] = {
    Filtered.TOPIC: lambda a, s: _wants(", ".join(sorted(a.topics)), [*s.topics]),
    Filtered.EVENT: lambda a, s: _wants(a.event, [*s.events]),
    Filtered.STATUS: lambda a, s: _wants(a.status, [*s.statuses]),
    Filtered.TIER: lambda a, s: _wants(a.tier, [*s.tiers]),
    Filtered.TICKER: lambda a, s: _wants(
        ", ".join(dict.fromkeys(m.ticker for m in a.mentions if m.ticker)) or "none", [*s.tickers]
    ),
    Filtered.EXCLUDE: lambda a, s: f"found: {_hits(s.exclude, a.text)}" if s.exclude else "nothing is excluded",
    Filtered.INCLUDE: lambda a, s: f"found: {_hits(s.include, a.text)}" if s.include else "no words are asked for",
    Filtered.URGENCY: lambda a, s: f"{a.urgency}; from {s.min_urgency} on",
}
