"""The buttons under a Telegram post."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Mention
from bot.notifiers.base import Look
from bot.notifiers.telegram.keyboard import MAX_DATA, keyboard_of
from bot.notifiers.telegram.post import amended_post, post_of
from bot.texts import LANGUAGES
from tests.fakes.alerts import make_alert
from tests.fakes.wild import alerts
from tests.unit.test_telegram_html import amendment_of

ALERT = make_alert(id="202601051402130000000001")


def test_a_post_s_buttons():
    """Votes first; then why, silence and following, for the first ticker that is named."""
    assert keyboard_of(ALERT) == (
        (("👍 Useful", f"useful:{ALERT.id}"), ("👎 Noise", f"noise:{ALERT.id}")),
        (
            ("Why?", f"why:{ALERT.id}"),
            ("Mute story", f"mute_story:{ALERT.id}"),
            ("Mute NVDA…", f"more:{ALERT.id}"),
            ("Follow NVDA", "follow:NVDA"),
        ),
    )


def test_more_buttons():
    """Each of the first three tickers has a row; inferred companies have none."""
    mentions = tuple(Mention(f"C{n}", f"T{n}.KS", 1, primary=n != 1) for n in range(6))
    *base, first, second, third = keyboard_of(make_alert(id=ALERT.id, mentions=mentions), more=True)
    assert [action for row in base for _, action in row] == [
        f"useful:{ALERT.id}", f"noise:{ALERT.id}", f"why:{ALERT.id}", f"mute_story:{ALERT.id}",
    ]  # fmt: skip
    assert first == (
        ("Mute T0.KS 1 h", "mute_ticker:T0.KS:1h"),
        ("Mute T0.KS 1 d", "mute_ticker:T0.KS:1d"),
        ("Follow T0.KS", "follow:T0.KS"),
    )
    assert [row[2][1] for row in (second, third)] == ["follow:T2.KS", "follow:T3.KS"]


@pytest.mark.parametrize(
    "mentions", [(), (Mention("Huawei", None, -1),), (Mention("Nvidia", "NVDA", 1, primary=False),)]
)
def test_without_a_named_ticker_none_is_offered(mentions):
    """Nothing to mute or to follow by ticker."""
    for more in (False, True):
        assert [len(row) for row in keyboard_of(make_alert(mentions=mentions), more=more)] == [2, 2]


def test_an_action_without_room_is_left_out():
    """A button holds 64 bytes; half an action would do something else."""
    actions = [a for row in keyboard_of(make_alert(mentions=(Mention("X", "九" * 20, 1),)), more=True) for _, a in row]
    assert "follow:" + "九" * 20 not in actions
    assert len(actions) == 4


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(alerts, st.sampled_from(LANGUAGES), st.booleans())
def test_any_words_make_buttons_that_telegram_takes(alert, language, more):
    """Labels with something in them, actions of 1 to 64 bytes, no empty row."""
    for row in keyboard_of(alert, language=language, more=more):
        assert row
        for label, action in row:
            assert label.strip()
            assert 1 <= len(action.encode()) <= MAX_DATA


def test_only_where_somebody_listens():
    """And an edit keeps them."""
    for make in (post_of, lambda alert, look: amended_post(amendment_of(alert, count=3), look)):
        assert make(ALERT, Look()).keyboard == ()
        assert make(ALERT, Look(buttons=True)).keyboard == keyboard_of(ALERT)
        assert make(ALERT, Look(buttons=True, language="zh")).keyboard == keyboard_of(ALERT, language="zh")
