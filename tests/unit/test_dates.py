"""Dates of sources: a full moment, or nothing."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.dates import parse_date

NOON = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "hours_east"),
    [
        ("Mon, 02 Nov 2026 13:00:00 GMT", 0),
        ("Mon, 2 Nov 2026 13:00 +0000", 0),
        ("02 Nov 26 13:00:00 UT", 0),
        ("Monday, 02-Nov-26 13:00:00 GMT", 0),
        ("Mon Nov  2 13:00:00 UTC 2026", 0),
        ("Mon Nov  2 13:00:00 2026", 0),
        ("2026-11-02T13:00:00Z", 0),
        ("2026-11-02T13:00:00.1234567Z", 0),
        ("2026-11-02 13:00", 0),
        ("2026/11/02 13:00:00", 0),
        ("20261102T130000Z", 0),
        ("Mon, 02 Nov 2026 13:00:00 JST", 9),
        ("Mon, 02 Nov 2026 13:00:00 KST", 9),
        ("Mon, 02 Nov 2026 13:00:00 +0900 (JST)", 9),
        ("Mon, 02 Nov 2026 13:00:00 HKT", 8),
        ("2026-11-02 13:00:00 GMT+8", 8),
        ("Mon, 02 Nov 2026 13:00:00 CET", 1),
        ("Mon, 02 Nov 2026 13:00:00 EST", -5),
        ("November 2, 2026 1:00 PM EST", -5),
        ("Nov. 2nd, 2026 at 1:00 p.m. ET", -5),
        ("2026-11-02T13:00:00-05:00", -5),
        ("2026-11-02T13:00:00+0530", 5.5),
    ],
)
def test_reads_the_shapes_that_sources_use(raw, hours_east):
    """Each shape and zone name gives the same wall clock in its own zone."""
    assert parse_date(raw) == NOON - timedelta(hours=hours_east)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "yesterday",
        "2026-11-02",
        "02 Nov 2026",
        "13:00:00",
        "Mon, 02 Nov 2026 13:00:00 XYZ",
        "Mon, 30 Feb 2026 13:00:00 GMT",
        "Mon, 29 Feb 2027 13:00:00 GMT",
        "Mon, 02 Nov 2026 25:00:00 GMT",
        "Mon, 02 Nov 2026 13:61:00 GMT",
        "13 PM 02 Nov 2026",
        "2026-11-02T13:00:00+99:00",
        "0000-11-02T13:00:00Z",
        "2026年11月2日 13:00",
        "1" * 5000,
    ],
)
def test_a_partial_or_impossible_date_is_no_date(raw):
    """Nothing is filled in from today, mended or guessed."""
    assert parse_date(raw) is None


def test_eastern_time_follows_the_season():
    """ET is five hours behind in November and four in July."""
    assert parse_date("November 2, 2026 1:00 PM ET") == datetime(2026, 11, 2, 18, tzinfo=UTC)
    assert parse_date("July 2, 2026 1:00 PM ET") == datetime(2026, 7, 2, 17, tzinfo=UTC)


def test_the_sources_own_zone_speaks_where_the_date_does_not():
    """A date without a zone, and CST, mean what they mean where the source is."""
    assert parse_date("2026-11-02 13:00:00", zone="Asia/Taipei") == NOON - timedelta(hours=8)
    assert parse_date("Mon, 02 Nov 2026 13:00:00 CST", zone="Asia/Taipei") == NOON - timedelta(hours=8)
    assert parse_date("Mon, 02 Nov 2026 13:00:00 CST") == NOON + timedelta(hours=6)
    assert parse_date("Mon, 02 Nov 2026 13:00:00 GMT", zone="Asia/Taipei") == NOON


def test_midnight_as_hour_24_and_leap_seconds():
    """Hour 24 is the next day's midnight; second 60 is read as 59."""
    assert parse_date("2026-11-02T24:00:00Z") == datetime(2026, 11, 3, tzinfo=UTC)
    assert parse_date("Mon, 02 Nov 2026 23:59:60 GMT") == datetime(2026, 11, 2, 23, 59, 59, tzinfo=UTC)


MOMENTS = st.integers(86_400, 3_093_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, ZONES)
def test_what_standard_writers_write_is_read_back(moment, zone):
    """RFC 5322 and ISO 8601 as Python writes them survive the round trip."""
    local = moment.replace(tzinfo=zone)
    assert parse_date(format_datetime(local)) == local
    assert parse_date(local.isoformat()) == local


@given(st.text(max_size=120))
def test_any_text_gives_a_date_in_utc_or_none(text):
    """No text raises."""
    found = parse_date(text)
    assert found is None or found.tzinfo is UTC
