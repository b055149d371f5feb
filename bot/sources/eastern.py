"""The clock that Washington and EDGAR keep: US Eastern time, business days, federal holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")


def eastern(now: datetime) -> datetime:
    """The same moment as clocks in Washington show it."""
    return now.astimezone(EASTERN)


def at(day: date, clock: time) -> datetime:
    """A time of day in Washington, aware."""
    return datetime.combine(day, clock, tzinfo=EASTERN)


def is_business_day(day: date) -> bool:
    """Whether federal offices work on that day."""
    return day.weekday() < 5 and day not in _holidays(day.year) and day not in _holidays(day.year + 1)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    """Federal holidays as observed: a Saturday's on the Friday before, a Sunday's on the Monday after.

    Source: 5 U.S.C. 6103.
    """
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    shift = {5: timedelta(days=-1), 6: timedelta(days=1)}
    return frozenset(
        [
            *(day + shift.get(day.weekday(), timedelta(0)) for day in fixed),
            _monday(year, 1, 3),
            _monday(year, 2, 3),
            _monday(year, 6, 1) - timedelta(days=7),  # Memorial Day: the last Monday of May
            _monday(year, 9, 1),
            _monday(year, 10, 2),
            _monday(year, 11, 1, weekday=3) + timedelta(days=21),  # Thanksgiving: the fourth Thursday
        ]
    )


def _monday(year: int, month: int, nth: int, *, weekday: int = 0) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
