"""Answers as Telegram shows them, and what of a chat's talk is for the bot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.asking import Button, Reply, Span
from bot.chat.telegram.commands import addressed
from bot.chat.telegram.dress import MAX_ALERT, MAX_MESSAGES, alert_of, messages_of
from bot.chat.telegram.keyboards import counted, keyboard_of, widened
from tests.fakes.alerts import make_alert
from tests.fakes.telegram_html import parse_html, utf16

TEXT = st.text(max_size=300)
SPANS = st.builds(
    Span, TEXT, st.sampled_from(["", "bold", "code", "italic"]), st.sampled_from(["", "https://wire.example/?a=1&b"])
)
REPLIES = st.builds(Reply, st.lists(st.lists(SPANS, max_size=4).map(tuple), max_size=60).map(tuple), alerts=st.just(()))


def reply_of(*lines: str) -> Reply:
    return Reply(tuple((Span(line),) for line in lines))


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def test_styles_and_links_are_marked_up_and_words_escaped():
    """What a person typed marks nothing."""
    line = (
        Span("a<b>&", "bold"),
        Span(" "),
        Span("x", "code"),
        Span("w", "italic"),
        Span("e", url="https://e.example/?a&b"),
    )
    (text,) = messages_of(Reply((line, (Span("second"),))))
    assert text.html == (
        '<b>a&lt;b&gt;&amp;</b> <code>x</code><i>w</i><a href="https://e.example/?a&amp;b">e</a>\nsecond'
    )
    assert text.plain == "a<b>& xwe\nsecond"


def test_an_answer_without_words_is_no_message():
    """Telegram would refuse it."""
    assert messages_of(Reply(())) == []
    assert messages_of(reply_of("", " ")) == []


def test_lines_are_packed_into_few_messages():
    """A line is never cut where it fits a message, and no message holds more marks than Telegram reads."""
    texts = messages_of(reply_of(*("x" * 1000 for _ in range(9))))
    assert [t.plain.count("\n") + 1 for t in texts] == [4, 4, 1]
    marked = messages_of(Reply(tuple((Span("x", "bold"),) for _ in range(150))))
    assert [len(t.plain.splitlines()) for t in marked] == [100, 50]
    (long,) = messages_of(reply_of("𝕏" * 5000))
    assert utf16(long.plain) <= 4096
    assert len(messages_of(reply_of(*("x" * 4000 for _ in range(9))))) == MAX_MESSAGES


def test_an_alert_is_a_card_of_its_own():
    """Below the lines, in the reader's language."""
    text, card = messages_of(Reply(((Span("Look:"),),), alerts=(make_alert(),)), language="en")
    assert text.plain == "Look:"
    assert "<b>" in card.html


@given(REPLIES)
def test_whatever_the_words_are_telegram_takes_them(reply):
    """Within its limits, with markup that it can parse."""
    texts = messages_of(reply)
    assert len(texts) <= MAX_MESSAGES
    for text in texts:
        words, entities = parse_html(text.html)
        assert words.strip()
        assert utf16(words) <= 4096
        assert len(entities) <= 100


@given(REPLIES)
def test_an_alert_of_a_button_is_short(reply):
    """200 characters, whatever the answer is."""
    assert utf16(alert_of(reply)) <= MAX_ALERT


def test_an_alert_of_a_button_keeps_whole_lines():
    """A headline leaves room for what follows; what is left out is hinted at."""
    said = alert_of(reply_of("Ministry weighs curb " * 10, "chip trade 0.97", "y" * 150))
    first, second, rest = said.split("\n")
    assert first.endswith("…")
    assert (second, rest) == ("chip trade 0.97", "…")
    assert alert_of(reply_of("Noted.")) == "Noted."
    assert alert_of(reply_of("𝕏" * 150)) == "𝕏" * 99 + "…"
    assert alert_of(Reply(())) == ""


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────


def test_buttons_that_telegram_would_refuse_are_left_out():
    """The others stand as they are."""
    rows = (
        (Button("Why?", "why:1"), Button("", "x"), Button("Long", "x" * 65), Button("Nothing")),
        (Button("More", "y" * 65),),
        (Button("Open", url="https://e.example"),),
    )
    made = keyboard_of(rows)
    assert made is not None
    assert [[(b.text, b.callback_data, b.url) for b in row] for row in made.inline_keyboard] == [
        [("Why?", "why:1", None)],
        [("Open", None, "https://e.example")],
    ]
    assert keyboard_of(()) is None


CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("👍 Useful", callback_data="useful:1"),
            InlineKeyboardButton("No", callback_data="noise:1"),
        ],
        [InlineKeyboardButton("More…", callback_data="more:1"), InlineKeyboardButton("F", callback_data="follow:A")],
    ]
)


def test_votes_are_counted_on_their_buttons():
    """Each drawing takes the place of the last; none is not shown; buttons of another alert are left alone."""
    once = counted(CARD, "1", (12, 0))
    assert [b.text for b in once.inline_keyboard[0]] == ["👍 Useful 12", "No"]
    assert [b.text for b in counted(once, "1", (3, 4)).inline_keyboard[0]] == ["👍 Useful 3", "No 4"]
    assert counted(once, "1", (0, 0)) == CARD
    assert counted(CARD, "2", (5, 5)) == CARD


def test_a_widened_keyboard_has_each_action_once():
    """The rows that were asked for take the place of the button that asked."""
    wide = widened(CARD, [[Button("Mute A", "mute_ticker:A:1h"), Button("Follow A", "follow:A")]])
    assert [[b.callback_data for b in row] for row in wide.inline_keyboard] == [
        ["useful:1", "noise:1"],
        ["mute_ticker:A:1h", "follow:A"],
    ]
    assert widened(wide, [[Button("Mute A", "mute_ticker:A:1h"), Button("Follow A", "follow:A")]]) == wide


# ── who is meant ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "private", "heard"),
    [
        ("/list", True, True),
        ("/list@chipwire_bot", True, True),
        ("/list@Chipwire_Bot NVDA", False, True),
        ("/list@other_bot", False, False),
        ("/list@other_bot", True, False),
        ("/LIST", False, True),
        ("/weather", False, False),
        ("/weather", True, True),
        ("/weather@chipwire_bot", False, True),
        ("NVDA", True, True),
        ("NVDA", False, False),
        ("see /list", False, False),
        ("/", False, False),
        (" ", False, False),
    ],
)
def test_only_what_is_meant_for_the_bot_is_heard(text, private, heard):
    """In private everything that names no other; elsewhere commands that name it, or are its own."""
    found = addressed(text, username="chipwire_bot", private=private, known={"list"})
    assert found == (text if heard else None)
