"""Whatever the words are, Slack accepts the message and nobody is called; and it reads as a trader reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Mention, Receipt, Status, Urgency
from bot.notifiers.base import PLAIN, Look, Quote
from bot.notifiers.card import card_of
from bot.notifiers.slack.blocks import MAX_BLOCKS, MAX_SUM, MAX_TEXT, blocks_of, escape_within, fallback_of, plain_of
from bot.notifiers.slack.buttons import MAX_OPTIONS, buttons_of
from bot.notifiers.slack.notifier import SlackNotifier, _forms, _offers
from bot.texts import LANGUAGES, texts_of
from tests.fakes.alerts import SEEN, make_alert, make_claim, make_update
from tests.fakes.amended import make_amendment
from tests.fakes.slack import TOKEN, FakeSlack, _RefusalError
from tests.fakes.wild import alerts, words

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
TO = "slack:C0123456789"
# A feed of prices may say anything.
QUOTES = st.builds(Quote, st.floats(), st.none() | st.floats(), st.just("USD") | words)
LOOKS = st.tuples(st.sampled_from(LANGUAGES), st.booleans(), QUOTES)


def _judge(form):
    """Let the stand-in judge one message without a network between."""
    slack = FakeSlack(token=TOKEN)
    try:
        slack._post({"channel": "C0123456789", **form})
    except _RefusalError as refusal:
        raise AssertionError(f"{refusal.code}: {refusal.messages}") from None
    assert slack.complaints == []


def _look(alert, language, buttons, quote):
    return Look(language=language, buttons=buttons, quotes={m.ticker or "": quote for m in alert.mentions})


def _amendment(alert=None, **changes):
    receipt = Receipt("1767621733.000100", "C0123456789", SEEN + timedelta(seconds=0.3))
    return make_amendment(TO, receipt, alert, **changes)


def _render(alert=None, look=PLAIN):
    return SlackNotifier.render(None, alert or make_alert(), look)


def _amended(amendment, look=PLAIN):
    return SlackNotifier.render_amended(None, amendment, look)


def shown(blocks):
    """Every text of the blocks, top to bottom; a row of buttons as its labels."""
    lines = []
    for block in blocks:
        parts = block.get("elements") or [block["text"]]
        texts = [part.get("text", "…") for part in parts]
        lines.append(" | ".join(text["text"] if isinstance(text, dict) else text for text in texts))
    return lines


# ── limits ───────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(alerts, LOOKS)
def test_every_form_is_within_all_limits(alert, look):
    """Full, short and plain, in every language, with buttons and prices: each is accepted by the strict stand-in."""
    message = _render(alert, _look(alert, *look))
    forms = list(_forms(make_claim(TO, alert), message, SEEN))
    assert len(forms) == 3
    for form in forms:
        _judge(form)
        assert len(form["text"]) <= MAX_TEXT
        assert len(form.get("blocks", [])) <= MAX_BLOCKS
    assert "blocks" not in forms[-1]
    assert [b["type"] == "actions" for b in forms[0]["blocks"]].count(True) == look[1]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(alerts, LOOKS, st.sampled_from(Status), st.integers(1, 10_000))
def test_every_edit_is_within_all_limits(alert, look, status, count):
    """What a card is edited to is accepted as well, struck out or not."""
    amendment = _amendment(alert, status=status, count=count, publishers=frozenset(f"p{n}" for n in range(count % 40)))
    for form in _offers(_amended(amendment, _look(alert, *look))):
        _judge(form)
        assert len(form["text"]) <= MAX_TEXT


@given(words, st.integers(8, 200))
def test_escaping_never_cuts_an_entity(text, limit):
    """At most so long, and every ampersand still begins an entity."""
    cut = escape_within(text, limit)
    assert len(cut) <= limit
    bare = cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set("&<>") & set(bare)


@pytest.mark.parametrize("struck", [False, True])
def test_the_longest_possible_card_stays_below_the_sum(struck):
    """All parts at their bounds together are less than Slack takes."""
    full = make_update(
        text="&" * 900,
        url="https://x.example/?" + "&a" * 230,
        publisher="&" * 900,
        facts=tuple("&" * 60 + str(i) for i in range(12)),
        mentions=tuple(
            Mention("&" * 80 + str(i), f"{i:&>60}", 1, primary=i % 2 == 0, role="&" * 80) for i in range(60)
        ),
    )
    prices = {m.ticker: Quote(1234.5, -12.3, "&" * 20) for m in full.mentions}
    card = replace(card_of(full, quotes=prices), struck=struck)
    blocks = blocks_of(card, times=card.timing + " · sent 14:02:13 (+0.2 s)")
    blocks.append(buttons_of(replace(full, mentions=(Mention("N", "N" * 20, 1), Mention("M", "M" * 20))), card.texts))
    _judge({"text": fallback_of(card), "blocks": blocks})
    assert len(str(blocks)) < MAX_SUM


# ── how it reads ─────────────────────────────────────────────────────────────────────────────────


def test_a_card_reads_from_the_top():
    """How loud and what; which tickers, at what price; badges; facts; who else; who says so; when; what to do."""
    look = Look(buttons=True, quotes={"NVDA": Quote(181.2, 2.1), "BABA": Quote(97.45, None)})
    assert shown(_render(look=look).payload["blocks"]) == [
        "🔴 FLASH · Beijing said to weigh letting Alibaba buy Nvidia's H200, shares jump",
        (
            "*▲ NVDA 181.20 +2.1\u00a0% ▲ BABA 97.45 · ▼ Huawei*\n"
            "`import rule`  `reported, not confirmed`\n"
            "H200 · 200,000 chips"
        ),
        "Exposed (inferred): ▲ TSM foundry, ▲ MU memory",
        "<https://news.example.com/chips/h200-permits?id=7&amp;lang=en|Example Wire> · press",
        "published 14:02:11 UTC · seen 14:02:13 (+2.1 s)",
        "👍 Useful | 👎 Noise | Why? | Mute story | …",
    ]


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"urgency": Urgency.FLASH}, "🔴 FLASH · B"), ({"urgency": Urgency.ALERT}, "🟠 ALERT · B"),
        ({"urgency": Urgency.WATCH}, "⚪ WATCH · B"), ({"status": Status.DENIED}, "⛔ FLASH · DENIED · B"),
    ],
)  # fmt: skip
def test_how_loud_is_seen_by_its_colour(changes, begins):
    """A channel is scanned before it is read."""
    assert shown(_render(make_alert(**changes)).payload["blocks"])[0].startswith(begins)


def test_an_update_says_what_changed():
    """In bold, below the badges."""
    lines = shown(_render(make_update()).payload["blocks"])
    assert lines[0].startswith("🔴 FLASH · UPDATE · China's commerce ministry")
    assert "`import rule`  `confirmed`\n*Update: was reported, now confirmed*\nH200" in lines[1]


def test_the_notification_is_one_line_that_says_what_matters():
    """Tickers and headline come before what a screen cuts off."""
    text = _render().text
    assert text.startswith("FLASH ▲ NVDA ▲ BABA · ▼ Huawei · Beijing said to weigh letting Alibaba buy Nvidia's H200")
    assert "\n" not in text
    assert text.endswith("import rule · reported, not confirmed · Example Wire · press")


def test_a_headline_calls_nobody():
    """What would address the whole channel arrives as words."""
    card = card_of(make_alert(text="<!channel> <@U012> Nvidia & <https://evil.example|Reuters>"))
    text = fallback_of(card)
    assert "&lt;!channel&gt; &lt;@U012&gt; Nvidia &amp; &lt;https" in text
    blocks = blocks_of(card, times="")
    assert blocks[0]["text"]["type"] == "plain_text"
    assert "<!channel> <@U012> Nvidia & " in blocks[0]["text"]["text"]
    texts = [part for b in blocks[1:] for part in b.get("elements", [b.get("text")])]
    assert all(part["verbatim"] for part in texts if part["type"] == "mrkdwn"), "@here in words stays words"


def test_a_long_headline_is_told_in_full_below_the_header():
    """The header holds 150 characters; the whole follows."""
    long = "Commerce adds " + ", ".join(f"Entity {i}" for i in range(30))
    blocks = blocks_of(card_of(make_alert(text=long)), times="t")
    assert len(blocks[0]["text"]["text"]) <= 150
    assert blocks[0]["text"]["text"].endswith("…")
    assert blocks[1]["text"]["text"] == long


def test_a_company_s_own_stars_do_not_end_the_bold():
    """Marks inside are replaced by ones that only look like them."""
    card = card_of(make_alert(mentions=(Mention("A*B Corp", None, 1),)))
    assert blocks_of(card, times="t")[1]["text"]["text"].startswith("*▲ A∗B Corp*\n")


def test_plain_form_says_everything():
    """Text alone still has headline, status, link and times."""
    text = plain_of(card_of(make_alert()), times="seen 14:02:13")
    for part in ("FLASH ▲ NVDA", "reported, not confirmed", "id=7&amp;lang=en", "seen 14:02:13"):
        assert part in text


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────


def _menu(*tickers):
    row = buttons_of(make_alert(mentions=tuple(Mention(t, t, 0) for t in tickers)), texts_of("en"))
    return [(o["text"]["text"], o["value"]) for e in row["elements"] if e["type"] == "overflow" for o in e["options"]]


def test_a_press_says_what_it_means_and_of_which_alert():
    """The verb is the action's id, the whole action its value: at most 64 bytes, as on every platform."""
    row = buttons_of(make_alert(id="202601051402130000000001"), texts_of("en"))
    buttons = [e for e in row["elements"] if e["type"] == "button"]
    assert [(b["action_id"], b["value"]) for b in buttons] == [
        (verb, f"{verb}:202601051402130000000001") for verb in ("useful", "noise", "why", "mute_story")
    ]
    values = [b["value"] for b in buttons] + [value for _, value in _menu("N" * 20, "M" * 20)]
    assert max(len(value.encode()) for value in values) <= 64


@pytest.mark.parametrize(
    ("tickers", "options"),
    [
        ((), []),
        (("NVDA",), ["Mute NVDA 1 h", "Mute NVDA 1 d", "Follow NVDA"]),
        (
            ("NVDA", "BABA", "TSM"),
            ["Mute NVDA 1 h", "Mute NVDA 1 d", "Follow NVDA", "Mute BABA 1 d", "Follow BABA"],
        ),
    ],
)
def test_the_menu_has_room_for_two_tickers(tickers, options):
    """Everything for the first, the most of it for the second; without a ticker there is no menu."""
    assert [label for label, _ in _menu(*tickers)] == options
    assert len(options) <= MAX_OPTIONS


def test_the_menu_s_actions():
    """Written as the chat reads them."""
    assert [value for _, value in _menu("005930.KS")] == [
        "mute_ticker:005930.KS:1h", "mute_ticker:005930.KS:1d", "follow:005930.KS",
    ]  # fmt: skip


@pytest.mark.parametrize("ticker", ["A:B", "A B", "N" * 21, "é", "\ud800", "-A", ""])
def test_what_is_no_ticker_gets_no_button(ticker):
    """Its action could be read as another."""
    assert _menu(ticker) == []


# ── how it stands now ────────────────────────────────────────────────────────────────────────────


def test_an_edited_card_shows_how_the_story_stands():
    """The badge, what changed, how many say so; when it was sent and as of when it is; the buttons stay."""
    amendment = _amendment(status=Status.CONFIRMED, publishers=frozenset("abcdefg"), count=12)
    message = _amended(amendment, Look(buttons=True))
    lines = shown(message.payload["blocks"])
    assert lines[0].startswith("🔴 FLASH · Beijing said")
    assert "`import rule`  `confirmed`\n*Update: was reported, now confirmed*" in lines[1]
    assert lines[3].endswith("|Example Wire> · press · ×7 publishers")
    assert lines[4] == ("published 14:02:11 UTC · seen 14:02:13 (+2.1 s) · sent 14:02:13 (+0.3 s) · edited 14:20:13")
    assert message.payload["blocks"][-1] == buttons_of(amendment.alert, texts_of("en"))


def test_a_denied_card_says_so_loudly_and_strikes_its_headline():
    """The header says DENIED and no longer the claim; the claim is struck out in every form."""
    message = _amended(_amendment(make_alert(text="Beijing ~ clears H200"), status=Status.DENIED))
    full, short, plain = _offers(message)
    for form in (full, short):
        lines = shown(form["blocks"])
        assert lines[0] == "⛔ FLASH · DENIED"
        assert lines[1] == "~Beijing ∼ clears H200~"
        assert "`import rule`  `DENIED`\n*Update: was reported, now DENIED*" in lines[2]
    for text in (full["text"], plain["text"]):
        assert text.startswith("FLASH · DENIED • NVDA")
        assert "~Beijing ∼ clears H200~" in text


def test_a_card_that_told_the_denial_is_not_struck():
    """What it says is still so."""
    alert = make_update(status=Status.DENIED, text="Ministry denies report")
    lines = shown(_amended(_amendment(alert, status=Status.DENIED)).payload["blocks"])
    assert lines[0] == "⛔ FLASH · DENIED · Ministry denies report"
    assert "~" not in "".join(lines)
