"""Digests, the hours of markets, and caps: when what waits is told."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st

from bot.domain import Cap, DigestPlan, Every
from bot.rules.caps import LONGEST, format_cap, parse_cap, room_at
from bot.rules.digests import format_digest, next_release, parse_digest
from bot.rules.markets import ALIASES, MARKETS, is_trading_day, next_close, next_open

not_timed = running(deadline=None)  # the first use of a zone or a market reads its data

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe"]
minutes = st.times().map(lambda t: t.replace(second=0, microsecond=0))
zones = st.sampled_from(ZONES)
plans = st.one_of(
    st.builds(DigestPlan, st.just(Every.HOUR), minutes.map(lambda t: time(0, t.minute)), zone=zones),
    st.builds(DigestPlan, st.just(Every.DAY), minutes, zone=zones, flash_breaks=st.booleans()),
    st.builds(DigestPlan, st.just(Every.WEEK), minutes, st.integers(0, 6), zones),
    st.builds(DigestPlan, st.sampled_from([Every.OPEN, Every.CLOSE]), market=st.sampled_from(sorted(MARKETS))),
)
moments = st.integers(0, 6 * 366 * 86400).map(lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
caps = st.builds(
    Cap, st.integers(1, 100), st.integers(1, LONGEST // timedelta(seconds=1)).map(lambda s: timedelta(seconds=s))
)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "now", "release"),
    [
        ("hourly", "2026-11-02 12:00", "2026-11-02 13:00"),
        ("hourly", "2026-11-02 12:59:59", "2026-11-02 13:00"),
        ("hourly :15", "2026-11-02 12:14", "2026-11-02 12:15"),
        ("hourly :15", "2026-11-02 12:15", "2026-11-02 13:15"),
        ("hourly Asia/Kolkata", "2026-11-02 12:00", "2026-11-02 12:30"),
        ("daily 07:30 Europe/London", "2026-11-02 07:29", "2026-11-02 07:30"),
        ("daily 07:30 Europe/London", "2026-11-02 07:30", "2026-11-03 07:30"),
        ("daily 07:30 Europe/London", "2026-07-02 03:00", "2026-07-02 06:30"),
        ("daily 07:30 Asia/Tokyo", "2026-11-02 12:00", "2026-11-02 22:30"),
        ("weekly mon 07:30 Europe/London", "2026-11-02 07:30", "2026-11-09 07:30"),
        ("weekly sunday 07:30 UTC", "2026-11-02 07:30", "2026-11-08 07:30"),
        # London shows 01:30 twice on 2026-10-25 and not at all on 2026-03-29.
        ("daily 01:30 Europe/London", "2026-10-24 12:00", "2026-10-25 00:30"),
        ("daily 01:30 Europe/London", "2026-10-25 00:30", "2026-10-26 01:30"),
        ("daily 01:30 Europe/London", "2026-03-28 12:00", "2026-03-29 01:00"),
        ("daily 01:30 Europe/London", "2026-03-29 01:00", "2026-03-30 00:30"),
        ("open new-york", "2026-11-02 12:00", "2026-11-02 14:30"),
        ("open nasdaq", "2026-07-02 12:00", "2026-07-02 13:30"),
        ("open new-york", "2026-07-02 13:30", "2026-07-06 13:30"),  # Independence Day, observed on a Friday
        ("close new-york", "2026-11-25 21:00", "2026-11-27 18:00"),  # Thanksgiving, then a half day
        ("close tokyo", "2026-11-02 12:00", "2026-11-04 06:30"),  # Culture Day
        ("open taipei", "2026-11-02 12:00", "2026-11-03 01:00"),
        ("open shanghai", "2026-09-30 08:00", "2026-10-08 01:30"),  # the week of National Day
        ("close hong kong", "2026-12-24 00:00", "2026-12-24 04:00"),  # Christmas Eve is a half day
        ("close london", "2026-11-02 12:00", "2026-11-02 16:30"),
        ("open Amsterdam", "2026-12-24 20:00", "2026-12-28 08:00"),
    ],
)
def test_next_release(plan, now, release):
    """By the wall's clock, on trading days for markets, and never at the moment itself."""
    assert next_release(parse_digest(plan), utc(now)) == utc(release)


@not_timed
@given(plans, moments)
def test_a_release_is_later_and_in_time(plan, now):
    """Strictly after now; an hour, a day or a week at most, a market within its longest holidays."""
    longest = {Every.HOUR: timedelta(hours=1), Every.DAY: timedelta(days=1), Every.WEEK: timedelta(days=7)}
    at = next_release(plan, now)
    # A day when clocks are set back is longer.
    assert now < at <= now + longest.get(plan.every, timedelta(days=15)) + timedelta(hours=1)
    assert at.tzinfo is UTC
    assert next_release(plan, at) > at


@not_timed
@given(plans, moments, st.integers(0, 59))
def test_waiting_does_not_move_a_release(plan, now, share):
    """Asked again on the way there, a plan names the same moment."""
    at = next_release(plan, now)
    assert next_release(plan, now + (at - now) * share / 60) == at


@not_timed
@given(moments.map(datetime.date), st.sampled_from(sorted(MARKETS)))
def test_a_market_opens_before_it_closes(day, key):
    """On each trading day once, in its own morning; never on a weekend."""
    zone = ZoneInfo(MARKETS[key].zone)
    midnight = datetime.combine(day, time(0), zone).astimezone(UTC)
    opens, closes = next_open(key, midnight), next_close(key, midnight)
    assert opens < closes
    assert opens.astimezone(zone).date() == closes.astimezone(zone).date()
    assert (opens.astimezone(zone).date() == day) == is_trading_day(key, day)
    assert opens.astimezone(zone).weekday() < 5


def test_holidays_of_the_markets():
    """Each market rests on a day of its own; a name that people use leads to one that is known."""
    assert not is_trading_day("seoul", date(2026, 9, 25))  # Chuseok
    assert not is_trading_day("taipei", date(2026, 2, 17))  # New Year of the lunar calendar
    assert not is_trading_day("frankfurt", date(2026, 12, 24))
    assert is_trading_day("new-york", date(2026, 10, 12))  # Columbus Day: banks rest, the exchange does not
    assert set(ALIASES.values()) <= set(MARKETS)


@not_timed
@given(plans)
def test_a_plan_is_written_and_read_again(plan):
    """The text form says everything but whether a flash breaks through."""
    assert parse_digest(format_digest(plan), flash_breaks=plan.flash_breaks) == plan


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["no digest", '"hourly"']),
        ("dayly 07:30 UTC", ["did you mean", "daily 07:30"]),
        ("noon", ["write one of", "open new-york"]),
        ("hourly :75", ["'00:75'"]),
        ("daily", ["wants a time and a time zone"]),
        ("daily 07:30", ["wants a time and a time zone"]),
        ("daily 7.30 UTC", ["'7.30' is no time of day"]),
        ("daily 07:30 Europe/Londno", ["did you mean Europe/London?"]),
        ("weekly 07:30 UTC", ["no day of the week", "mon, tue"]),
        ("weekly mon 07:30", ["wants a time and a time zone"]),
        ("open", ["open of which market?", "new-york"]),
        ("close tokio", ["did you mean 'tokyo'?"]),
        ("open mars", ["no market 'mars'", "known: new-york"]),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused_with_the_reason(text, words):
    """What is wrong, and what to write instead."""
    with pytest.raises(ValueError, match=r".") as caught:
        parse_digest(text)
    for word in words:
        assert word in str(caught.value)


NOW = utc("2026-11-02 12:00")


@pytest.mark.parametrize(
    ("cap", "minutes_ago", "wait"),
    [
        ("2 per 1h", [], None),
        ("2 per 1h", [10], None),
        ("2 per 1h", [50, 10], 10),
        ("2 per 1h", [10, 50], 10),
        ("2 per 1h", [60, 10], None),
        ("2 per 1h", [59, 50, 10], 10),  # a flash was told beyond the cap
        ("1 per 30m", [0], 30),
        ("1 per 1d", [60], 23 * 60),
    ],
)
def test_room_under_a_cap(cap, minutes_ago, wait):
    """There is room as soon as fewer than the cap stand within the window."""
    told = [NOW - timedelta(minutes=m) for m in minutes_ago]
    assert room_at(parse_cap(cap), told, NOW) == (None if wait is None else NOW + timedelta(minutes=wait))


@not_timed
@given(caps, st.lists(st.integers(0, 100_000), max_size=120))
def test_a_cap_is_kept(cap, seconds_ago):
    """At the release fewer than the cap stand within the window, and it is later than now."""
    told = [NOW - timedelta(seconds=s) for s in seconds_ago]
    at = room_at(cap, told, NOW)
    moment = at or NOW
    assert moment >= NOW
    assert at is None or at > NOW
    assert sum(moment - cap.window < t for t in told) < cap.alerts


@not_timed
@given(caps)
def test_a_cap_is_written_and_read_again(cap):
    """In the largest unit that fits."""
    assert parse_cap(format_cap(cap)) == cap


def test_a_cap_in_short():
    """A unit without a number is one of it."""
    assert parse_cap("3/h") == parse_cap("3 per 60m") == Cap(3, timedelta(hours=1))
    assert format_cap(Cap(3, timedelta(minutes=90))) == "3 per 90m"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is no cap", "10 per 1h"]),
        ("ten per hour", ["is no cap"]),
        ("10 per 1", ["no unit of time"]),
        ("10 per 1 fortnight", ["no unit of time"]),
        ("0 per 1h", ["lets nothing through"]),
        ("10 per 0h", ["no stretch of time"]),
        ("-1 per 1h", ["is no cap"]),
        ("9999 per 1h", ["more than 1000"]),
        ("1 per 8d", ["longer than 7d"]),
        ("1 per 99999999999999999999d", ["longer than 7d"]),
    ],
)
def test_a_cap_that_cannot_be_read_is_refused_with_the_reason(text, words):
    """What is wrong, and what to write instead."""
    with pytest.raises(ValueError, match=r".") as caught:
        parse_cap(text)
    for word in words:
        assert word in str(caught.value)
