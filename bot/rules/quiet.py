"""Quiet hours: when a reader wants silence, and when it ends."""

from __future__ import annotations

import functools
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import QuietHours
from bot.rules.walltime import moment, parse_time, parse_zone

_DAY = timedelta(days=1)
_FORM = 'write for example "22:00-07:00 Europe/London"'


@functools.lru_cache(maxsize=1024)  # many readers share their hours, and one moment is asked for all of them
def silent_until(quiet: QuietHours, now: datetime) -> datetime | None:
    """When the silence that holds now ends, in UTC; None when none holds.

    An hour that clocks show twice is silent both times, so that nobody is woken between; an end that they skip is
    the moment of the change.
    """
    zone = ZoneInfo(quiet.zone)
    today = now.astimezone(zone).date()
    over_midnight = _DAY if quiet.end < quiet.start else timedelta(0)
    until: datetime | None = None
    # The last silence may have begun yesterday, and where clocks change, the next may begin when it ends.
    for day in (today - _DAY, today, today + _DAY):
        start = moment(day, quiet.start, zone)
        if start <= (until or now):
            end = moment(day + over_midnight, quiet.end, zone, last=True)
            if (until or now) < end:
                until = end
    return until


def parse_quiet(text: str, *, flash_breaks: bool = True) -> QuietHours:
    """Read ``22:00-07:00 Europe/London``.

    Raises:
        ValueError: what is wrong, and what to write.
    """
    hours, _, zone = re.sub(r"\s*[-–]\s*", "-", text.strip(), count=1).partition(" ")
    start_text, dash, end_text = hours.partition("-")
    if not dash:
        raise ValueError(f"{text!r} names no start and end; {_FORM}")
    start, end = parse_time(start_text), parse_time(end_text)
    if start == end:
        raise ValueError(f"{text!r} starts and ends at the same minute; {_FORM}")
    if not zone.strip():
        raise ValueError(f"{text!r} names no time zone; {_FORM}")
    return QuietHours(start, end, parse_zone(zone.strip()), flash_breaks)


def format_quiet(quiet: QuietHours) -> str:
    """The text that ``parse_quiet`` reads; ``flash_breaks`` stands elsewhere."""
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M} {quiet.zone}"
