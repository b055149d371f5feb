"""Urgency, routing, attempts and rates: small tables, one sentence a case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Destination, Event, Status, Tier, Topic, Urgency
from bot.rules.attempts import BLOCKED_FLOOR, backoff, next_delivery_attempt, next_poll_after_failure
from bot.rules.rate import Window
from bot.rules.routing import Filtered, Routed, filtered, route
from bot.rules.urgency import urgency
from bot.subscriptions import make_subscription
from tests.fakes.values import make_alert

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "status", "tier", "moving", "export", "publishers", "wanted"),
    [
        (Event.EXPORT_RULE, Status.CONFIRMED, Tier.PRIMARY, True, True, 1, Urgency.FLASH),
        (Event.LICENCE, Status.DENIED, Tier.PRIMARY, True, True, 1, Urgency.FLASH),
        (Event.LICENCE, Status.CONFIRMED, Tier.WIRE, True, True, 2, Urgency.FLASH),
        (Event.LICENCE, Status.CONFIRMED, Tier.WIRE, True, True, 1, Urgency.ALERT),
        (Event.LICENCE, Status.REPORTED, Tier.WIRE, True, True, 1, Urgency.ALERT),
        (Event.LICENCE, Status.REPORTED, Tier.WIRE, True, True, 3, Urgency.ALERT),
        (Event.RESULTS, Status.CONFIRMED, Tier.PRIMARY, True, False, 1, Urgency.ALERT),
        (Event.SUPPLY_DEMAND, Status.REPORTED, Tier.PRESS, True, False, 1, Urgency.WATCH),
        (Event.LICENCE, Status.CONFIRMED, Tier.SOCIAL, True, True, 1, Urgency.WATCH),
        (Event.EXPORT_RULE, Status.COMMENTARY, Tier.PRESS, False, True, 1, Urgency.WATCH),
        (Event.ENTITY_LIST, Status.CONFIRMED, Tier.PRIMARY, False, True, 1, Urgency.ALERT),
    ],
)
def test_urgency(event, status, tier, moving, export, publishers, wanted):
    """The table in the module's head holds."""
    got = urgency(
        event=event, status=status, tier=tier, market_moving=moving, chip_export=export, publishers=publishers
    )
    assert got is wanted


SLACK = Destination.parse("slack:C1")


@pytest.mark.parametrize(
    ("wishes", "stage"),
    [
        ({}, None),
        ({"topics": [Topic.SEMIS]}, Filtered.TOPIC),
        ({"events": [Event.TARIFF]}, Filtered.EVENT),
        ({"tickers": ["TSM"]}, Filtered.TICKER),
        ({"tickers": ["NVDA"]}, None),
        ({"min_urgency": Urgency.FLASH}, Filtered.URGENCY),
        ({"min_urgency": Urgency.ALERT, "events": [Event.LICENCE]}, None),
    ],
)
def test_filtered(wishes, stage):
    """The first stage that holds an alert back is the one that is named."""
    assert filtered(make_alert(), make_subscription(SLACK, origin="file", **wishes), now=NOW) is stage


def test_one_delivery_a_destination():
    """Several subscriptions of one destination give one answer: wanted, when any of them wants it."""
    wants = make_subscription(SLACK, origin="file")
    not_wants = make_subscription(SLACK, tickers=["TSM"], origin="file")
    topic = make_subscription(SLACK, topics=[Topic.SEMIS], origin="file")
    assert route(make_alert(), [not_wants, wants, not_wants], now=NOW) == {SLACK: Routed()}
    assert route(make_alert(), [topic, not_wants], now=NOW) == {SLACK: Routed(Filtered.TICKER)}
    assert route(make_alert(), [not_wants, topic], now=NOW) == {SLACK: Routed(Filtered.TICKER)}


@given(st.integers(1, 200), st.floats(0, 1))
def test_backoff_stays_within_bounds(failures, jitter):
    """No wait is longer than the ceiling or shorter than half the floor."""
    floor, ceiling = timedelta(seconds=2), timedelta(minutes=3)
    wait = backoff(failures, floor=floor, ceiling=ceiling, jitter=jitter)
    assert floor / 2 <= wait <= ceiling


@given(
    st.integers(1, 50),
    st.floats(1, 7200),
    st.booleans(),
    st.booleans(),
    st.none() | st.floats(0, 86400),
    st.floats(0, 1),
)
def test_a_failed_source_is_never_hurried(failures, interval_s, blocked, permanent, retry_s, jitter):
    """A source that failed waits at least what it asked for, and fifteen minutes where it turned us away."""
    interval = timedelta(seconds=interval_s)
    retry = None if retry_s is None else timedelta(seconds=retry_s)
    wait = next_poll_after_failure(
        failures, interval=interval, blocked=blocked, permanent=permanent, retry_after=retry, jitter=jitter
    )
    assert wait >= (retry or timedelta(0))
    assert wait >= min(interval, timedelta(minutes=30))
    if blocked:
        assert wait >= BLOCKED_FLOOR


def test_delivery_waits_as_long_as_the_platform_asked():
    """Retry-After is obeyed to the letter; a refused token waits for a person."""
    asked = timedelta(seconds=17)
    assert next_delivery_attempt(3, auth=False, retry_after=asked, jitter=0.5) == asked
    assert next_delivery_attempt(1, auth=True, retry_after=None, jitter=0.5) == timedelta(minutes=1)
    assert next_delivery_attempt(1, auth=False, retry_after=None, jitter=0.0) == timedelta(seconds=0.5)


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 10), st.floats(0.1, 5))
def test_window_keeps_the_rate(gaps, burst, interval_s):
    """In no stretch of `burst × interval` do more than `burst` messages go out."""
    window = Window(burst, timedelta(seconds=interval_s))
    now, sent = 0.0, []
    for gap in gaps:
        now += gap
        if window.wait_s(now) == 0:
            window.take(now)
            sent.append(now)
    span = burst * timedelta(seconds=interval_s).total_seconds()
    for first, later in zip(sent, sent[burst:], strict=False):
        assert later - first >= span - 1e-6


def test_window_lets_a_burst_through_and_then_waits():
    """A flood of news is told at once as far as the platform allows, the rest as soon as it allows again."""
    window = Window(3, timedelta(seconds=4))
    for at in (100.0, 101.0, 102.0):
        assert window.wait_s(at) == 0
        window.take(at)
    assert window.wait_s(103.0) == pytest.approx(9)
    assert window.wait_s(112.0) == 0


def test_window_remembers_what_was_sent_before_a_restart():
    """A restart in the middle of a burst does not begin a new burst."""
    window = Window(2, timedelta(seconds=30))
    window.inherit([NOW - timedelta(seconds=2), NOW - timedelta(seconds=1)], now=NOW, at=100.0)
    assert window.wait_s(100.0) == pytest.approx(58)
