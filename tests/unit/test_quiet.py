"""Quiet hours: silence by the clock on the wall, over midnight and on the days when clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st

from bot.domain import QuietHours
from bot.rules.quiet import format_quiet, parse_quiet, silent_until

not_timed = running(deadline=None)  # the first use of a zone or a market reads its data

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Taipei", "Asia/Kolkata", "Australia/Lord_Howe"]
minutes = st.times().map(lambda t: t.replace(second=0, microsecond=0))
quiets = st.builds(QuietHours, minutes, minutes, st.sampled_from(ZONES), st.booleans()).filter(
    lambda q: q.start != q.end
)
moments = st.integers(0, 15 * 366 * 86400).map(lambda s: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("22:00-07:00 Europe/London", "2026-11-02 21:59", None),
        ("22:00-07:00 Europe/London", "2026-11-02 22:00", "2026-11-03 07:00"),
        ("22:00-07:00 Europe/London", "2026-11-03 06:59", "2026-11-03 07:00"),
        ("22:00-07:00 Europe/London", "2026-11-03 07:00", None),
        ("22:00-07:00 Europe/London", "2026-07-03 05:30", "2026-07-03 06:00"),
        ("12:00-13:30 Asia/Tokyo", "2026-11-02 03:10", "2026-11-02 04:30"),
        ("12:00-13:30 Asia/Tokyo", "2026-11-02 12:10", None),
        ("00:00-23:59 UTC", "2026-11-02 00:00", "2026-11-02 23:59"),
        # 2026-10-25, London: 02:00 summer time is 01:00 again.
        ("22:00-07:00 Europe/London", "2026-10-24 23:00", "2026-10-25 07:00"),
        ("22:00-01:30 Europe/London", "2026-10-25 00:15", "2026-10-25 01:30"),
        ("22:00-01:30 Europe/London", "2026-10-25 00:45", "2026-10-25 01:30"),
        ("01:30-06:00 Europe/London", "2026-10-25 01:10", "2026-10-25 06:00"),
        # 2026-03-29, London: 01:00 is 02:00 at once.
        ("22:00-07:00 Europe/London", "2026-03-28 23:00", "2026-03-29 06:00"),
        ("23:00-01:30 Europe/London", "2026-03-29 00:59", "2026-03-29 01:00"),
        ("01:10-01:50 Europe/London", "2026-03-29 01:00", None),
        ("02:00-01:30 Europe/London", "2026-03-29 00:30", "2026-03-30 00:30"),
    ],
)
def test_silence_ends(hours, now, until):
    """At the end by the wall's clock; an hour shown twice is silent twice, one that is skipped ends at the change."""
    assert silent_until(parse_quiet(hours), utc(now)) == (until and utc(until))


@not_timed
@given(quiets, moments)
def test_silence_ends_later_and_outside_of_quiet_hours(quiet, now):
    """What waits for the end is told after now, within two days, and not into the next silence."""
    until = silent_until(quiet, now)
    if until is not None:
        assert now < until < now + timedelta(days=2)
        assert silent_until(quiet, until) is None
        assert until.tzinfo is UTC


@not_timed
@given(quiets, moments)
def test_silence_is_what_the_wall_shows(quiet, now):
    """On days without a change of clocks: silent exactly when the wall shows a time between start and end."""
    zone = ZoneInfo(quiet.zone)
    offsets = {(now + timedelta(days=n)).astimezone(zone).utcoffset() for n in (-2, -1, 0, 1, 2)}
    wall = now.astimezone(zone).time()
    within = quiet.start <= wall < quiet.end if quiet.start < quiet.end else wall >= quiet.start or wall < quiet.end
    if len(offsets) == 1:
        assert (silent_until(quiet, now) is not None) == within


@not_timed
@given(quiets)
def test_written_and_read_again(quiet):
    """The text form says everything but whether a flash breaks through."""
    assert parse_quiet(format_quiet(quiet), flash_breaks=quiet.flash_breaks) == quiet


def test_reads_what_people_write():
    """Blanks and typographic dashes around the times do not matter."""
    wanted = QuietHours(time(22), time(7), "Europe/London")
    assert parse_quiet(" 22:00 – 7:00  Europe/London ") == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["no start and end", "22:00-07:00 Europe/London"]),
        ("22:00", ["no start and end"]),
        ("22:00-07:00", ["no time zone"]),
        ("22:00-22:00 UTC", ["starts and ends at the same minute"]),
        ("22:00-24:00 UTC", ["'24:00'", "midnight is 00:00"]),
        ("22-7 UTC", ["'22'", "write it like 07:30"]),
        ("22:00-07:00 Europe/Londn", ["no time zone 'Europe/Londn'", "Europe/London"]),
        ("22:00-07:00 tokyo", ["did you mean Asia/Tokyo?"]),
        ("22:00-07:00 Europe", ["no time zone 'Europe'"]),
        ("22:00-07:00 ../etc", ["no time zone"]),
        ("22:00-07:00 america/new york", ["did you mean America/New_York?"]),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text, words):
    """What is wrong, and what to write instead."""
    with pytest.raises(ValueError, match=r".") as caught:
        parse_quiet(text)
    for word in words:
        assert word in str(caught.value)
