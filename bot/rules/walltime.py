"""From a time on the wall of a zone to the moment it means, also on the days when clocks change."""

from __future__ import annotations

import difflib
import functools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def moment(day: date, at: time, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The UTC moment when the clocks of a zone show a time.

    Where clocks are set back and show it twice, the first moment, or with ``last`` the second. Where clocks are set
    forward and never show it, the moment of the change, when it is past.
    """
    wall = datetime.combine(day, at.replace(fold=0))
    early = _utc(wall, zone, fold=0)
    late = _utc(wall, zone, fold=1)
    if late >= early:
        return late if last else early
    # A gap. ``late`` is read with the offset that holds after the change and so lies before it, ``early`` after it.
    low, high = late, early
    offset = high.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def _utc(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def parse_zone(text: str) -> str:
    """Check the name of a time zone.

    Raises:
        ValueError: there is none of that name; the message names the nearest.
    """
    try:
        ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a region's folder
        near = _near(text)
        hint = f"; did you mean {near}?" if near else "; write it like Europe/London"
        raise ValueError(f"no time zone {text!r}{hint}") from error
    return text


def _near(text: str) -> str | None:
    names = _names()
    wanted = text.replace(" ", "_").casefold()
    if wanted in names:
        return names[wanted]
    by_city = {key.rpartition("/")[2]: name for key, name in names.items() if "/" in key}
    if wanted in by_city:
        return by_city[wanted]
    for known in (names, by_city):
        if near := difflib.get_close_matches(wanted, known, n=1, cutoff=0.75):
            return known[near[0]]
    return None


@functools.cache
def _names() -> dict[str, str]:
    """All zones by their names in small letters."""
    return {name.casefold(): name for name in sorted(zoneinfo.available_timezones())}


def parse_time(text: str) -> time:
    """Read a time of day, ``07:30``.

    Raises:
        ValueError: it is none.
    """
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and len(minute) == 2):
        raise ValueError(f"{text!r} is no time of day; write it like 07:30")
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"{text!r} is no time of day; the last is 23:59" + ("; midnight is 00:00" * (hour == "24")))
    return time(int(hour), int(minute))
