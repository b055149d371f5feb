"""Digests: when what was gathered is told in one message."""

from __future__ import annotations

import difflib
import functools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import DigestPlan, Every
from bot.rules.markets import ALIASES, MARKETS, next_close, next_open
from bot.rules.walltime import moment, parse_time, parse_zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FORMS = {
    Every.HOUR: '"hourly"',
    Every.DAY: '"daily 07:30 Europe/London"',
    Every.WEEK: '"weekly mon 07:30 Europe/London"',
    Every.OPEN: '"open new-york"',
    Every.CLOSE: '"close tokyo"',
}
_MINUTE = timedelta(minutes=1)


@functools.lru_cache(maxsize=1024)  # many readers share a plan, and one moment is asked for all of them
def next_release(plan: DigestPlan, now: datetime) -> datetime:
    """When the plan next tells: strictly after now, in UTC.

    A time that clocks show twice is told at the first, one that they skip at the moment of the change.
    """
    if plan.market is not None:
        return (next_open if plan.every is Every.OPEN else next_close)(plan.market, now)
    zone = ZoneInfo(plan.zone)
    if plan.every is Every.HOUR:
        return _next_minute(plan.at.minute, zone, now)
    today = now.astimezone(zone).date()
    # A day more than a period: today's time may be over, and where clocks change two days may share one moment.
    for day in (today + timedelta(days=n) for n in range(16)):
        if plan.every is Every.WEEK and day.weekday() != plan.weekday:
            continue
        if (at := moment(day, plan.at, zone)) > now:
            return at
    raise AssertionError("a day of every weekday comes within a fortnight")


def _next_minute(minute: int, zone: ZoneInfo, now: datetime) -> datetime:
    at = now.astimezone(UTC).replace(second=0, microsecond=0) + _MINUTE
    # Twice, because a zone may change its clocks by half an hour on the way.
    for _ in range(2):
        at += (minute - at.astimezone(zone).minute) % 60 * _MINUTE
    return at


def parse_digest(text: str, *, flash_breaks: bool = True) -> DigestPlan:
    """Read ``hourly [:MM] [ZONE]``, ``daily HH:MM ZONE``, ``weekly DAY HH:MM ZONE``, ``open MARKET``, ``close MARKET``.

    Raises:
        ValueError: what is wrong, and what to write.
    """
    first, *rest = text.split() or [""]
    try:
        every = Every(first.lower())
    except ValueError:
        near = difflib.get_close_matches(first.lower(), list(Every), n=1)
        forms = f"did you mean {_FORMS[Every(near[0])]}?" if near else f"write one of {', '.join(_FORMS.values())}"
        raise ValueError(f"{text!r} is no digest; {forms}") from None
    if every in {Every.OPEN, Every.CLOSE}:
        return DigestPlan(every, market=_market(" ".join(rest), every), flash_breaks=flash_breaks)
    if every is Every.HOUR:
        at = time(0)
        if rest and rest[0].startswith(":"):
            at = parse_time(f"00{rest.pop(0)}")
        zone = parse_zone(" ".join(rest)) if rest else "UTC"
        return DigestPlan(every, at, zone=zone, flash_breaks=flash_breaks)
    weekday = 0
    if every is Every.WEEK:
        name = rest.pop(0).lower() if rest else ""
        if name not in WEEKDAYS + _FULL_NAMES:
            raise ValueError(f"{text!r} names no day of the week ({', '.join(WEEKDAYS)}); write {_FORMS[every]}")
        weekday = WEEKDAYS.index(name[:3])
    if len(rest) < 2:
        raise ValueError(f"{text!r} wants a time and a time zone; write {_FORMS[every]}")
    return DigestPlan(every, parse_time(rest[0]), weekday, parse_zone(" ".join(rest[1:])), flash_breaks=flash_breaks)


def format_digest(plan: DigestPlan) -> str:
    """The text that ``parse_digest`` reads; ``flash_breaks`` stands elsewhere."""
    if plan.market is not None:
        return f"{plan.every} {plan.market}"
    if plan.every is Every.HOUR:
        parts = [f":{plan.at.minute:02}"] if plan.at.minute else []
        return " ".join([plan.every, *parts, *([plan.zone] if plan.zone != "UTC" else [])])
    day = f"{WEEKDAYS[plan.weekday]} " if plan.every is Every.WEEK else ""
    return f"{plan.every} {day}{plan.at:%H:%M} {plan.zone}"


def _market(text: str, every: Every) -> str:
    key = "-".join(text.lower().replace("_", "-").split())
    key = ALIASES.get(key, key)
    if key in MARKETS:
        return key
    near = difflib.get_close_matches(key, MARKETS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(MARKETS)}"
    raise ValueError(f"no market {text!r}; {hint}" if text else f"{every} of which market? known: {', '.join(MARKETS)}")
