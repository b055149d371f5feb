"""Routing: stages, mutes and holds; whatever is held is told later, and never in quiet hours."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st

from bot.domain import (
    Cap,
    Delay,
    Destination,
    DigestPlan,
    Event,
    Every,
    Hold,
    Mention,
    Mute,
    MuteKind,
    QuietHours,
    Status,
    Tier,
    Topic,
    Urgency,
)
from bot.rules.caps import parse_cap
from bot.rules.delays import parse_delay
from bot.rules.digests import parse_digest
from bot.rules.quiet import parse_quiet, silent_until
from bot.rules.routing import Filtered, Routed, filtered, route, walk
from bot.subscriptions import make_subscription
from tests.fakes.values import make_alert

not_timed = running(deadline=None)  # the first use of a zone or a market reads its data

NOW = datetime(2026, 11, 2, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
SLACK = Destination.parse("slack:C1")
CHAT = Destination.parse("telegram:@chips")
NVIDIA = Mention("Nvidia", "NVDA", 1)
TSMC = Mention("TSMC", "TSM", 1)
EXPOSED = Mention("Micron", "MU", 1, primary=False)


def wish(to=SLACK, **wishes):
    return make_subscription(to, origin="file", **wishes)


def mute(kind, value, *, to=None, until=NOW + HOUR):
    return Mute(f"{kind}-{value}", to, MuteKind(kind), value, until, NOW - HOUR)


@pytest.mark.parametrize(
    ("wishes", "stage"),
    [
        ({}, None),
        ({"topics": [Topic.SEMIS], "events": [Event.TARIFF]}, Filtered.TOPIC),
        ({"events": [Event.TARIFF], "statuses": [Status.DENIED]}, Filtered.EVENT),
        ({"statuses": [Status.DENIED], "tiers": [Tier.PRIMARY]}, Filtered.STATUS),
        ({"statuses": [Status.CONFIRMED, Status.DENIED]}, None),
        ({"tiers": [Tier.PRIMARY], "tickers": ["TSM"]}, Filtered.TIER),
        ({"tiers": [Tier.WIRE]}, None),
        ({"tickers": ["TSM"], "exclude": ["Nvidia"]}, Filtered.TICKER),
        ({"exclude": ["H200", "nvidia"], "include": ["AMD"]}, Filtered.EXCLUDE),
        ({"exclude": ["H200"]}, None),
        ({"include": ["AMD", "/h2[01]0/"], "min_urgency": Urgency.FLASH}, Filtered.INCLUDE),
        ({"include": ["AMD", "/h2[01]/"], "min_urgency": Urgency.FLASH}, Filtered.URGENCY),
        ({"include": ["AMD", "to China"]}, None),
    ],
)
def test_the_first_stage_that_filters_is_named(wishes, stage):
    """Stages come in their order, and an empty wish asks for nothing."""
    assert filtered(make_alert(), wish(**wishes), now=NOW) is stage


@pytest.mark.parametrize(
    ("mentions", "mutes", "silent"),
    [
        ([NVIDIA], [], False),
        ([NVIDIA], [mute("ticker", "NVDA")], True),
        ([NVIDIA], [mute("ticker", "NVDA", to=SLACK)], True),
        ([NVIDIA], [mute("ticker", "NVDA", to=CHAT)], False),
        ([NVIDIA], [mute("ticker", "NVDA", until=NOW)], False),
        ([NVIDIA], [mute("ticker", "TSM")], False),
        ([NVIDIA, TSMC], [mute("ticker", "NVDA")], False),
        ([NVIDIA, TSMC], [mute("ticker", "NVDA"), mute("ticker", "TSM", to=SLACK)], True),
        ([NVIDIA, TSMC], [mute("ticker", "NVDA"), mute("ticker", "TSM", to=CHAT)], False),
        ([NVIDIA, EXPOSED], [mute("ticker", "NVDA")], True),
        ([EXPOSED], [mute("ticker", "MU")], False),
        ([], [mute("ticker", "NVDA")], False),
        ([], [mute("story", "nvidia-h20-licence-261102-1a2b")], True),
        ([], [mute("story", "another")], False),
        ([NVIDIA], [mute("source", "wire")], True),
        ([NVIDIA], [mute("source", "nvidia")], False),
    ],
)
def test_mutes(mentions, mutes, silent):
    """By story, by source, and by ticker where every named company is muted, each until its time and for its place."""
    alert = make_alert(mentions=tuple(mentions))
    assert (filtered(alert, wish(), mutes=mutes, now=NOW) is Filtered.MUTED) is silent
    assert route(alert, [wish()], mutes=mutes, now=NOW) == {SLACK: Routed(Filtered.MUTED if silent else None)}


LONDON = "22:00-07:00 Europe/London"
MORNING = datetime(2026, 11, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wishes", "urgency", "told", "hold", "release"),
    [
        ({"quiet": parse_quiet(LONDON)}, Urgency.ALERT, [], Hold.QUIET, MORNING),
        ({"quiet": parse_quiet(LONDON)}, Urgency.FLASH, [], None, None),
        ({"quiet": parse_quiet(LONDON, flash_breaks=False)}, Urgency.FLASH, [], Hold.QUIET, MORNING),
        ({"quiet": parse_quiet("01:00-07:00 Europe/London")}, Urgency.ALERT, [], None, None),
        ({"digest": parse_digest("hourly")}, Urgency.ALERT, [], Hold.DIGEST, NOW + HOUR),
        ({"digest": parse_digest("hourly")}, Urgency.FLASH, [], None, None),
        ({"digest": parse_digest("hourly", flash_breaks=False)}, Urgency.FLASH, [], Hold.DIGEST, NOW + HOUR),
        ({"digest": parse_digest("hourly"), "quiet": parse_quiet(LONDON)}, Urgency.ALERT, [], Hold.DIGEST, MORNING),
        (
            {"digest": parse_digest("hourly", flash_breaks=False), "quiet": parse_quiet(LONDON)},
            Urgency.FLASH, [], Hold.DIGEST, MORNING,
        ),
        ({"cap": parse_cap("2 per 1h")}, Urgency.ALERT, [30], None, None),
        ({"cap": parse_cap("2 per 1h")}, Urgency.ALERT, [60, 30], None, None),
        ({"cap": parse_cap("2 per 1h")}, Urgency.ALERT, [45, 30], Hold.CAP, NOW + timedelta(minutes=15)),
        ({"cap": parse_cap("2 per 1h")}, Urgency.FLASH, [45, 30], None, None),
        ({"cap": parse_cap("2 per 1h"), "quiet": parse_quiet(LONDON)}, Urgency.ALERT, [45, 30], Hold.QUIET, MORNING),
        (
            {"cap": parse_cap("1 per 1d"), "quiet": parse_quiet(LONDON)},
            Urgency.ALERT, [30], Hold.CAP, MORNING + timedelta(days=1),
        ),
        (
            {"cap": parse_cap("1 per 2h"), "quiet": parse_quiet("00:30-07:00 Europe/London")},
            Urgency.ALERT, [0], Hold.CAP, MORNING,
        ),
        ({"delay": parse_delay("15 min")}, Urgency.ALERT, [], Hold.DELAY, NOW + timedelta(minutes=15)),
        ({"delay": parse_delay("15 min")}, Urgency.FLASH, [], Hold.DELAY, NOW + timedelta(minutes=15)),
        ({"delay": parse_delay("press 30 min, wire 5 min")}, Urgency.ALERT, [], Hold.DELAY, NOW + timedelta(minutes=5)),
        ({"delay": parse_delay("press 30 min")}, Urgency.ALERT, [], None, None),
        (
            {"delay": parse_delay("15 min"), "quiet": parse_quiet("23:10-07:00 UTC")},
            Urgency.ALERT, [], Hold.DELAY, MORNING,
        ),
        (
            {"delay": parse_delay("15 min"), "quiet": parse_quiet(LONDON)},
            Urgency.FLASH, [], Hold.DELAY, NOW + timedelta(minutes=15),
        ),
        (
            {"delay": parse_delay("15 min"), "quiet": parse_quiet(LONDON, flash_breaks=False)},
            Urgency.FLASH, [], Hold.QUIET, MORNING,
        ),
        ({"delay": parse_delay("15 min"), "quiet": parse_quiet(LONDON)}, Urgency.ALERT, [], Hold.QUIET, MORNING),
        (
            {"delay": parse_delay("90 min"), "digest": parse_digest("hourly")},
            Urgency.ALERT, [], Hold.DIGEST, NOW + 2 * HOUR,
        ),
        (
            {"delay": parse_delay("90 min"), "digest": parse_digest("hourly")},
            Urgency.FLASH, [], Hold.DELAY, NOW + timedelta(minutes=90),
        ),
        (
            {"delay": parse_delay("30 min"), "cap": parse_cap("2 per 1h")},
            Urgency.ALERT, [45, 30], Hold.DELAY, NOW + timedelta(minutes=30),
        ),
    ],
)  # fmt: skip
def test_holds(wishes, urgency, told, hold, release):
    """What waits says why and until when; a flash breaks through where it may, and is never capped."""
    times = {SLACK: [NOW - timedelta(minutes=m) for m in told], CHAT: [NOW] * 9}
    routes = route(make_alert(urgency=urgency), [wish(**wishes)], told=times, now=NOW)
    assert routes == {SLACK: Routed(None, hold, release)}


def test_the_most_generous_subscription_decides():
    """Of several of one destination: now, else the earliest release, else the furthest stage."""
    now, hourly = wish(), wish(digest=parse_digest("hourly"))
    daily = wish(digest=parse_digest("daily 07:30 UTC"))
    ticker, topic = wish(tickers=["TSM"]), wish(topics=[Topic.SEMIS])
    alert = make_alert()
    assert route(alert, [topic, daily, now, hourly], now=NOW) == {SLACK: Routed()}
    assert route(alert, [daily, topic, hourly], now=NOW) == {SLACK: Routed(None, Hold.DIGEST, NOW + HOUR)}
    assert route(alert, [topic, ticker], now=NOW) == {SLACK: Routed(Filtered.TICKER)}


def test_destinations_come_in_the_order_of_their_first_subscription():
    """Each once; one's wishes are no other's."""
    subscriptions = [wish(CHAT, tickers=["TSM"]), wish(), wish(CHAT, topics=[Topic.SEMIS])]
    routes = route(make_alert(), subscriptions, now=NOW)
    assert list(routes.items()) == [(CHAT, Routed(Filtered.TICKER)), (SLACK, Routed())]


minutes = st.times().map(lambda t: t.replace(second=0, microsecond=0))
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Taipei", "Australia/Lord_Howe"])
quiets = st.builds(QuietHours, minutes, minutes, zones, st.booleans()).filter(lambda q: q.start != q.end)
digests = st.one_of(
    st.builds(DigestPlan, st.just(Every.HOUR), minutes.map(lambda t: time(0, t.minute)), flash_breaks=st.booleans()),
    st.builds(DigestPlan, st.just(Every.DAY), minutes, zone=zones, flash_breaks=st.booleans()),
    st.builds(DigestPlan, st.just(Every.WEEK), minutes, st.integers(0, 6), zones, flash_breaks=st.booleans()),
    st.builds(DigestPlan, st.just(Every.OPEN), market=st.sampled_from(["tokyo", "new-york"])),
)
delays = st.builds(Delay, wire=st.sampled_from([0, 1, 700]).map(lambda m: timedelta(minutes=m)))
caps = st.builds(Cap, st.integers(1, 4), st.integers(1, 2000).map(lambda m: timedelta(minutes=m)))
subscriptions = st.builds(
    wish,
    st.sampled_from([SLACK, CHAT]),
    tickers=st.sampled_from([[], ["NVDA"], ["TSM"]]),
    statuses=st.sampled_from([[], [Status.CONFIRMED], [Status.DENIED]]),
    tiers=st.sampled_from([[], [Tier.PRIMARY]]),
    include=st.sampled_from([[], ["H20"], ["/h2[0-9]+/", "AMD"], ["AMD"]]),
    exclude=st.sampled_from([[], ["China"], ["AMD"]]),
    min_urgency=st.sampled_from(Urgency),
    quiet=st.none() | quiets,
    digest=st.none() | digests,
    cap=st.none() | caps,
    delay=st.none() | delays,
)
alerts = st.builds(
    make_alert, urgency=st.sampled_from(Urgency), mentions=st.sampled_from([(), (NVIDIA,), (NVIDIA, TSMC)])
)
moments = st.integers(0, 3 * 366 * 86400).map(lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
ago = st.lists(st.integers(0, 3000).map(lambda m: timedelta(minutes=m)), max_size=6)
kinds = st.sampled_from([
    ("ticker", "NVDA"), ("ticker", "TSM"), ("source", "wire"), ("story", "nvidia-h20-licence-261102-1a2b"),
])  # fmt: skip
places = st.sampled_from([None, SLACK, CHAT])
mutings = st.lists(st.tuples(kinds, places, st.integers(-120, 120)), max_size=4)


def mutes_at(now, found):
    return [mute(*kind, to=to, until=now + timedelta(minutes=m)) for kind, to, m in found]


def awake(subscription, alert, routed):
    """Whether a reader hears what is released to them."""
    quiet = subscription.quiet
    if quiet is None or silent_until(quiet, routed.release_at) is None:
        return True
    return routed.hold is Hold.DELAY and quiet.flash_breaks and alert.urgency is Urgency.FLASH


@not_timed
@given(alerts, st.lists(subscriptions, max_size=4), mutings, ago, moments)
def test_what_is_held_is_told_later_and_never_in_quiet_hours(alert, wishes, mutings, ago, now):
    """A release is after now, and somebody of its destination is then awake."""
    told = {SLACK: [now - a for a in ago]}
    for to, routed in route(alert, wishes, mutes=mutes_at(now, mutings), told=told, now=now).items():
        assert (routed.hold is None) == (routed.release_at is None)
        assert routed.hold is None or routed.stage is None
        if routed.release_at is not None:
            assert routed.release_at > now
            its = [s for s in wishes if s.to == to]
            assert any(awake(s, alert, routed) for s in its)


@not_timed
@given(alerts, subscriptions, ago, moments)
def test_one_release_is_outside_of_its_own_quiet_hours(alert, wanted, ago, now):
    """Also where a digest, a cap or a delay would end in them; but for a delayed flash that breaks them."""
    routed = route(alert, [wanted], told={wanted.to: [now - a for a in ago]}, now=now)[wanted.to]
    if routed.release_at is not None:
        assert awake(wanted, alert, routed)


@not_timed
@given(alerts, st.lists(subscriptions, max_size=5), st.randoms(), mutings, ago, moments)
def test_the_order_of_subscriptions_changes_nothing(alert, wishes, random, mutings, ago, now):
    """Whoever stands first in the file gets neither more nor less."""
    mixed = random.sample(wishes, len(wishes))
    other = {"mutes": mutes_at(now, mutings), "told": {SLACK: [now - a for a in ago]}, "now": now}
    assert route(alert, wishes, **other) == route(alert, mixed, **other)


@not_timed
@given(alerts, st.lists(subscriptions, max_size=4), mutings, moments)
def test_a_mute_that_has_run_out_hides_nothing(alert, wishes, mutings, now):
    """With mutes that ended, alerts go where they would without."""
    over = [replace(m, until=min(m.until, now)) for m in mutes_at(now, mutings)]
    assert route(alert, wishes, mutes=over, now=now) == route(alert, wishes, now=now)


@not_timed
@given(alerts, subscriptions, mutings, ago, moments)
def test_a_walk_ends_where_the_route_does(alert, wanted, mutings, ago, now):
    """The first stage that is not passed is the one that filters; holds are asked only when none does."""
    mutes, told = mutes_at(now, mutings), [now - a for a in ago]
    steps = walk(alert, wanted, mutes=mutes, told=told, now=now)
    failed = [step for step in steps if not step.passed]
    routed = route(alert, [wanted], mutes=mutes, told={wanted.to: told}, now=now)[wanted.to]
    assert [step.stage for step in steps][: len(Filtered)] == list(Filtered)
    assert all(step.detail for step in steps)
    if routed.stage is not None:
        assert failed[0].stage is routed.stage
        assert len(steps) == len(Filtered)
    else:
        assert (routed.hold in {step.stage for step in failed}) == bool(failed)
        assert all(step.release_at for step in failed)


def test_a_walk_says_what_was_compared():
    """A reader learns from each line what to change."""
    wanted = wish(tickers=["TSM"], include=["H20"], exclude=["/gaming/"])
    steps = walk(make_alert(), wanted, mutes=[mute("ticker", "NVDA")], now=NOW)
    said = {step.stage: (step.passed, step.detail) for step in steps}
    assert said[Filtered.TICKER] == (False, "NVDA; wanted: TSM")
    assert said[Filtered.INCLUDE] == (True, "found: H20")
    assert said[Filtered.EXCLUDE] == (True, "found: none")
    assert said[Filtered.MUTED] == (False, "ticker NVDA until 2026-11-03 00:00 UTC")


def test_a_walk_names_holds_and_what_breaks_through():
    """The hold with its plan, its release, and that a flash passes it."""
    held = wish(quiet=parse_quiet(LONDON), digest=parse_digest("hourly"), cap=parse_cap("1 per 1h"))
    (quiet, digest, cap) = walk(make_alert(), held, told=[NOW], now=NOW)[len(Filtered) :]
    assert (quiet.stage, quiet.passed, quiet.detail, quiet.release_at) == (Hold.QUIET, False, LONDON, MORNING)
    assert (digest.detail, digest.release_at) == ("hourly", NOW + HOUR)
    assert (cap.detail, cap.release_at) == ("1 per 1h", NOW + HOUR)
    flashed = walk(make_alert(urgency=Urgency.FLASH), held, told=[NOW], now=NOW)[len(Filtered) :]
    assert all(step.passed and step.detail.endswith("a flash breaks through") for step in flashed)


def test_a_walk_says_how_long_a_tier_waits():
    """The delay as it was written, and the tier that it was looked up for; a flash waits too."""
    later = wish(delay=parse_delay("wire 15 min"))
    (step,) = walk(make_alert(urgency=Urgency.FLASH), later, now=NOW)[len(Filtered) :]
    assert (step.stage, step.passed, step.detail) == (Hold.DELAY, False, "wire 15 min; the source is wire")
    assert step.release_at == NOW + timedelta(minutes=15)
    (step,) = walk(make_alert(tier=Tier.PRIMARY), later, now=NOW)[len(Filtered) :]
    assert (step.passed, step.release_at) == (True, None)


@not_timed
@given(alerts, subscriptions, ago, moments)
def test_nobody_is_told_before_their_delay(alert, wanted, ago, now):
    """Whatever else holds, nothing of a delayed subscription goes before the delay of its tier is over."""
    routed = route(alert, [wanted], told={wanted.to: [now - a for a in ago]}, now=now)[wanted.to]
    if routed.stage is None and wanted.delay is not None and wanted.delay.wire:
        assert routed.release_at is not None
        assert routed.release_at >= now + wanted.delay.wire
