"""Delays: a public channel is told later than those who subscribed, by the tier of the source."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Delay, Tier
from bot.rules.delays import LONGEST, format_delay, parse_delay

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "delay", "written"),
    [
        ("15 min", Delay(*[15 * MINUTE] * 4), "15 min"),
        ("90m", Delay(*[90 * MINUTE] * 4), "90 min"),
        ("2 hours", Delay(*[120 * MINUTE] * 4), "2 h"),
        ("45 s", Delay(*[45 * MINUTE / 60] * 4), "45 s"),
        ("press 30 min, wire 15 min", Delay(wire=15 * MINUTE, press=30 * MINUTE), "wire 15 min, press 30 min"),
        (" Social 1h ,press 5 Minutes", Delay(press=5 * MINUTE, social=60 * MINUTE), "press 5 min, social 1 h"),
        ("wire 0 min, primary 1 min", Delay(primary=MINUTE), "primary 1 min"),
        ("24 h", Delay(*[LONGEST] * 4), "24 h"),
    ],
)
def test_reads_one_for_all_or_each_tier_of_its_own(text, delay, written):
    """Tiers that are not named are told at once; what is written back is in the largest unit that fits."""
    assert parse_delay(text) == delay
    assert format_delay(delay) == written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is no delay", "15 min"]),
        ("soon", ["is no delay", "press 30 min"]),
        ("15", ["no unit of time", "s, min or h"]),
        ("15 days", ["no unit of time"]),
        ("-5 min", ["is no delay"]),
        ("0 min", ["delays nothing"]),
        ("25 h", ["longer than 24 h"]),
        ("99999999999999999999 h", ["longer than 24 h"]),
        ("pres 5 min", ["no tier 'pres'", "did you mean 'press'?"]),
        ("everyone 5 min", ["no tier 'everyone'", "known: primary, wire, press, social"]),
        ("press 5 min, press 6 min", ["says twice how long press waits"]),
        ("5 min, press 6 min", ["says twice"]),
        ("press 5 min wire 6 min", ["is no delay"]),
    ],
)
def test_a_mistake_says_what_to_write(text, words):
    """One line that names what is wrong and gives an example."""
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        parse_delay(text)
    assert all(word in str(caught.value) for word in words)


@given(st.lists(st.integers(0, 24 * 3600), min_size=4, max_size=4).filter(any))
def test_a_delay_is_written_and_read_again(seconds):
    """Whatever the tiers wait."""
    delay = Delay(*[timedelta(seconds=s) for s in seconds])
    assert parse_delay(format_delay(delay)) == delay
    assert [delay.of(tier) for tier in Tier] == [timedelta(seconds=s) for s in seconds]
