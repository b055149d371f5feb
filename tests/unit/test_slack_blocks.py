"""Whatever the words are, Slack accepts the message and nobody is called."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Mention
from bot.notifiers.base import Message
from bot.notifiers.card import card_of
from bot.notifiers.slack.blocks import MAX_BLOCKS, MAX_SUM, MAX_TEXT, blocks_of, escape_within, fallback_of, plain_of
from bot.notifiers.slack.notifier import _forms
from tests.fakes.alerts import SEEN, make_alert, make_claim, make_update
from tests.fakes.slack import TOKEN, FakeSlack, _RefusalError
from tests.fakes.wild import alerts, words


def _judge(form):
    """Let the stand-in judge one message without a network between."""
    slack = FakeSlack(token=TOKEN)
    try:
        slack._post({"channel": "C0123456789", **form})
    except _RefusalError as refusal:
        raise AssertionError(f"{refusal.code}: {refusal.messages}") from None
    assert slack.complaints == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(alerts)
def test_every_form_is_within_all_limits(alert):
    """Full, short and plain: each is accepted by the strict stand-in."""
    card = card_of(alert)
    message = Message(fallback_of(card), {"blocks": blocks_of(card, times=card.timing)})
    forms = list(_forms(make_claim("slack:C0123456789", alert), message, SEEN))
    assert len(forms) == 3
    for form in forms:
        _judge(form)
        assert len(form["text"]) <= MAX_TEXT
        assert len(form.get("blocks", [])) <= MAX_BLOCKS
    assert "blocks" not in forms[-1]


@given(words, st.integers(8, 200))
def test_escaping_never_cuts_an_entity(text, limit):
    """At most so long, and every ampersand still begins an entity."""
    cut = escape_within(text, limit)
    assert len(cut) <= limit
    bare = cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set("&<>") & set(bare)


def test_the_longest_possible_card_stays_below_the_sum():
    """All parts at their bounds together are less than Slack takes."""
    full = make_update(
        text="&" * 900,
        url="https://x.example/?" + "&a" * 230,
        publisher="&" * 900,
        facts=tuple("&" * 60 + str(i) for i in range(12)),
        mentions=tuple(Mention("&" * 80 + str(i), None, 1, primary=i % 2 == 0, role="&" * 80) for i in range(60)),
    )
    card = card_of(full)
    blocks = blocks_of(card, times=card.timing + " · sent 14:02:13 (+0.2 s)")
    _judge({"text": fallback_of(card), "blocks": blocks})
    assert len(str(blocks)) < MAX_SUM


def test_a_headline_calls_nobody():
    """What would address the whole channel arrives as words."""
    card = card_of(make_alert(text="<!channel> <@U012> Nvidia & <https://evil.example|Reuters>"))
    text = fallback_of(card)
    assert "&lt;!channel&gt; &lt;@U012&gt; Nvidia &amp; &lt;https" in text
    header = blocks_of(card, times="")[0]["text"]
    assert header["type"] == "plain_text"
    assert "<!channel> <@U012> Nvidia & " in header["text"]


def test_a_long_headline_is_told_in_full_below_the_header():
    """The header holds 150 characters; the whole follows."""
    long = "Commerce adds " + ", ".join(f"Entity {i}" for i in range(30))
    blocks = blocks_of(card_of(make_alert(text=long)), times="t")
    assert len(blocks[0]["text"]["text"]) <= 150
    assert blocks[0]["text"]["text"].endswith("…")
    assert blocks[1]["text"]["text"] == long


def test_plain_form_says_everything():
    """Text alone still has headline, status, link and times."""
    text = plain_of(card_of(make_alert()), times="seen 14:02:13")
    for part in ("FLASH ▲ NVDA", "reported, not confirmed", "id=7&amp;lang=en", "seen 14:02:13"):
        assert part in text
