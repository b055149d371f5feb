"""Every date of every source, read in one place from the raw string.

The feed libraries do not agree with the clock: feedparser reads JST, KST and CET as UTC, hours wrong;
fastfeedparser fills missing parts from today and takes 29 February of any year. Here a date is a full date with
a time of day, or it is no date; an unknown zone is no date either, because hours matter to a trader.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

MAX_CHARS = 80

# Zone names as the sources of the field use them, in minutes east of UTC. CST is US Central (RFC 5322) unless the
# source's own zone calls itself CST, as China does; IST, BST likewise.
_OFFSETS_MIN = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0,
    "BST": 60, "WEST": 60, "CET": 60, "MET": 60, "CEST": 120, "MEST": 120, "EET": 120, "EEST": 180,
    "MSK": 180, "TRT": 180, "IDT": 180, "GST": 240, "PKT": 300, "IST": 330, "ICT": 420, "WIB": 420,
    "HKT": 480, "SGT": 480, "MYT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180,
}  # fmt: skip
_SEASONAL = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october|"
        "nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_HALF = r"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?"
_ZONE = r"(?P<zone>[Zz]|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Za-z]{2,5})?(?:\s?\([^()]*\))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
_SHAPES = tuple(
    re.compile(rf"{shape}\Z")
    for shape in (
        # 2026-11-02T13:00:00.123+09:00, 2026-11-02 13:00 KST, 2026/11/02 13:00:00, 20261102T130000Z
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[Tt]|,?\s+){_TIME}\s*{_ZONE}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)\s*{_ZONE}",
        # Mon, 02 Nov 2026 13:00:00 GMT, Monday, 02-Nov-26 13:00:00 GMT, 2 November 2026 1:00 PM ET
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH_NAME},?[\s-]+(?P<year>\d{{4}}|\d{{2}}),?\s+{_TIME}{_HALF}\s*{_ZONE}",
        # November 2, 2026 1:00 PM EST, Mon Nov 02, 2026 13:00 KST
        rf"{_WEEKDAY}{_MONTH_NAME}\s+{_DAY},?\s+(?P<year>\d{{4}}),?\s+(?:at\s+)?{_TIME}{_HALF}\s*{_ZONE}",
        # Mon Nov  2 13:00:00 GMT 2026
        rf"{_WEEKDAY}(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s*{_ZONE}\s+(?P<year>\d{{4}})",
    )
)


@lru_cache(maxsize=4096)
def parse_date(raw: str, *, zone: str | None = None) -> datetime | None:
    """Read a date as a source wrote it; None unless day, time of day and zone are all known.

    Args:
        raw: RFC 822 and its many relatives, ISO 8601, asctime, or US long form.
        zone: IANA name of the zone that the source's clock shows, for dates that name none (UTC otherwise) and
            for abbreviations with two meanings.

    Returns:
        Aware, UTC. Whether a date in the future is believed is the poller's business.
    """
    text = " ".join(raw[: MAX_CHARS + 1].split())
    if not 10 <= len(text) <= MAX_CHARS or not text.isascii():
        return None
    for shape in _SHAPES:
        if (found := shape.match(text)) is not None:
            return _assemble(found.groupdict(), zone)
    return None


def _assemble(parts: dict[str, str | None], own_zone: str | None) -> datetime | None:
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
    hour = int(parts["hour"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    second = 59 if parts["second"] == "60" else int(parts["second"] or 0)  # 60 is a leap second
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 70 else 1900  # RFC 5322 reads 50–99 as 19xx; nothing here is older than the web
    next_day = hour == 24 and parts["minute"] == "00" and second == 0
    if number is None:
        return None
    try:
        local = datetime(  # noqa: DTZ001  its zone follows
            year, number, int(parts["day"] or 0), 0 if next_day else hour, int(parts["minute"] or 0), second
        )
        if next_day:
            local += timedelta(days=1)
        found = _zone(parts["zone"], local, own_zone)
        return local.replace(tzinfo=found).astimezone(UTC) if found is not None else None
    except (ValueError, OverflowError):
        return None


def _zone(written: str | None, local: datetime, own_zone: str | None) -> tzinfo | None:
    if not written:
        return ZoneInfo(own_zone) if own_zone else UTC
    name = written.upper()
    if sign := re.search(r"[+-]", name):
        digits = name[sign.end() :].replace(":", "")
        hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if sign.group() == "-" else offset)
    if own_zone and local.replace(tzinfo=ZoneInfo(own_zone)).tzname() == name:
        return ZoneInfo(own_zone)
    if name in _SEASONAL:
        return ZoneInfo(_SEASONAL[name])
    minutes_east = _OFFSETS_MIN.get(name)
    return timezone(timedelta(minutes=minutes_east)) if minutes_east is not None else None
