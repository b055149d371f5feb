"""Answers, forms and the App Home in Block Kit: whatever they say, Slack takes it and shows it as it is meant."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.asking import Button, ChatSettings, Document, Home, Reply, SourcesState, Span
from bot.chat.slack.dress import message_of, mrkdwn, window_of
from bot.chat.slack.form import Kept, blank, errors_of, filled, form_of, options_of
from bot.chat.slack.home import home_of
from bot.chat.slack.memory import Lasting
from bot.chat.slack.talking import typed
from bot.chat.writing import Writer
from bot.domain import Destination, Event, Mute, MuteKind, Subscription, Topic, Urgency
from bot.texts import LANGUAGES, texts_of
from tests.fakes.alerts import SEEN, StillClock, make_alert
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_views import options_problems, view_problems

TEXTS = texts_of("en")
TO = Destination.parse("slack:D0ANN")
NASTY = "<!channel> *bold* _it_ `code` ~no~ & <https://x|y> " + "𝄞é中" * 40
SPANS = st.builds(
    Span,
    text=st.text(max_size=400) | st.just(NASTY * 10),
    style=st.sampled_from(["", "bold", "code", "italic"]),
    url=st.sampled_from(["", "https://x.example/?a=1&b=<2>|3", "https://x.example/" + "y" * 3_000]),
)
LINES = st.lists(SPANS, min_size=1, max_size=6).map(tuple)


def judged(message):
    """What Slack would say of a message."""
    with FakeSlack() as slack:
        slack._content(message)
        return slack.complaints


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(LINES, max_size=40).map(tuple))
def test_any_answer_is_taken(lines):
    """Whatever stands in the lines, the message is within every limit, and nobody is called by it."""
    buttons = ((Button("a" * 200, "cmd:latest"), Button(NASTY, "sub:x")), (Button("open", url="https://x.example"),))
    reply = Reply(lines, buttons, alerts=(make_alert(text=NASTY * 20),))
    assert judged(message_of(reply, TEXTS)) == []
    assert view_problems(window_of(reply, TEXTS, kept=Kept("C1", None).text()), kind="modal") == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ((Span("plain & <b>"),), "plain &amp; &lt;b&gt;"),
        ((Span("two", "bold"), Span(" words")), "*two* words"),
        ((Span(" in ", "italic"), Span("it")), " _in_ it"),
        ((Span("a*b", "bold"),), "*a∗b*"),
        ((Span("a`b", "code"),), "`aˋb`"),
        ((Span("read", url="https://x.example/?a=1&b=2"),), "<https://x.example/?a=1&amp;b=2|read>"),
        ((Span("a|b", "bold", url="https://x.example"),), "*<https://x.example|a¦b>*"),
        ((Span("  ", "bold"),), " "),
        ((Span("one\ntwo"),), "one two"),
    ],
)
def test_marks_stand_where_slack_reads_them(line, shown):
    """Marks hold right beside the words alone; a mark in the words is one that only looks like it."""
    assert mrkdwn(line) == shown


def test_an_answer_without_words_has_a_text():
    """A notification is never empty."""
    assert message_of(Reply(()), TEXTS)["text"] == "Chipwire"


def test_lines_for_which_there_is_no_room_are_seen_to_be_missing():
    """What is cut ends with an ellipsis."""
    message = message_of(Reply(tuple((Span("x" * 2_000),) for _ in range(30))), TEXTS)
    assert message["blocks"][-1]["text"]["text"] == "…"
    assert judged(message) == []


def test_a_short_document_stands_in_the_answer():
    """It is shown as it is, and cannot end its own frame."""
    message = message_of(Reply(((Span("yours"),),), document=Document("x.json", '{"a": "```"}\n')), TEXTS)
    assert message["blocks"][-1]["text"]["text"] == '```{"a": "ˋˋˋ"}```'


# ── the form ─────────────────────────────────────────────────────────────────────────────────────

SETTINGS = ChatSettings(
    subscription="abcd1234",
    topics=frozenset(Topic),
    tickers=frozenset({"NVDA", "005930.KS"}),
    events=frozenset({Event.TARIFF, Event.LICENCE}),
    min_urgency=Urgency.FLASH,
    quiet="22:00-07:00 Europe/London",
    digest="daily 07:30 Europe/London",
    language="ja",
    preview=True,
)


def untouched(view):
    """What Slack gives back of a form that nobody changed."""
    from tests.fakes.slack_app import SlackApp

    with SlackApp() as slack:
        return slack.submit({**view, "id": "V1"}, {})["view"]["state"]["values"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "form",
    [
        ChatSettings(),
        SETTINGS,
        replace(SETTINGS, tickers=frozenset(f"T{n}" for n in range(150))),
        replace(SETTINGS, tickers=frozenset(f"T{n}" for n in range(100)), topics=frozenset()),
    ],
    ids=["empty", "full", "many", "a hundred"],
)
def test_a_form_comes_back_as_it_was_shown(language, form):
    """In every language the form is within Slack's limits, and left untouched it says what it said."""
    kept = Kept("C01", form.subscription)
    view = form_of(form, texts_of(language), kept=kept, names={"NVDA": "Nvidia " * 30})
    assert view_problems(view, kind="modal") == []
    assert filled(untouched(view), form, Kept.read(view["private_metadata"])) == form
    assert Kept.read(view["private_metadata"]) == kept


def test_a_new_one_keeps_what_is_the_chats():
    """One more subscription starts empty; quiet hours, digest and language are the chat's."""
    new = blank(SETTINGS)
    assert (new.subscription, new.tickers, new.events, new.min_urgency) == (
        None,
        frozenset(),
        frozenset(),
        Urgency.WATCH,
    )
    assert (new.quiet, new.digest, new.language) == (SETTINGS.quiet, SETTINGS.digest, "ja")


@pytest.mark.parametrize("text", ["", "no json", "{}"])
def test_a_form_of_another_version_says_nothing(text):
    """What cannot be read is an empty form of one's own."""
    assert Kept.read(text) == Kept("", None)


def test_errors_stand_at_their_fields():
    """What has no field of its own stands at the first; two at one field are told together."""
    shown = errors_of({"subscription": "gone", "topics": "none", "quiet": "x" * 900})
    assert shown["topics"] == "gone none"
    assert len(shown["quiet"]) == 500


def test_options_are_what_slack_takes():
    """At most a hundred, none too long."""
    options = options_of([(f"T{n}", "Company " * 30) for n in range(300)])
    assert options_problems(options) == []
    assert len(options) == 100


# ── the App Home ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_home_is_taken(language):
    """Everything at its most, in every language: within a hundred blocks, and what was answered stands on top."""
    alerts = tuple(make_alert(id=f"{n:024}", text=NASTY * 20) for n in range(30))
    names = tuple((f"source-{n}" * 20, None) for n in range(40))
    many = frozenset(f"TICKER{n}" for n in range(200))
    home = Home(
        language,
        tuple(Subscription(f"{n:08}", TO, tickers=many, origin="chat") for n in range(30)),
        tuple(Mute(f"m{n}", TO, MuteKind.STORY, NASTY[:200], SEEN, SEEN) for n in range(30)),
        alerts,
        tuple((alert, SEEN + timedelta(days=2)) for alert in alerts),
        SourcesState(500, names, SEEN),
    )
    write = Writer(texts_of(language), "/chips ")
    view = home_of(home, write, SEEN, answer=Reply(((Span(NASTY),),) * 20))
    assert view_problems(view, kind="home") == []
    assert "&lt;!channel&gt;" in view["blocks"][0]["text"]["text"]


def test_an_empty_home_says_what_to_do():
    """Somebody who has nothing yet can subscribe with one press; what is the operator's cannot be edited."""
    home = Home("en", (), (), (), (), SourcesState(0, (), None))
    view = home_of(home, Writer(TEXTS, "/chips "), SEEN)
    assert view_problems(view, kind="home") == []
    assert '"sub:"' in json.dumps(view)
    theirs = replace(home, subscriptions=(Subscription("x", TO, origin="settings"),))
    shown = json.dumps(home_of(theirs, Writer(TEXTS, "/chips "), SEEN))
    assert "form:x" not in shown
    assert "unsubscribe" not in shown


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (SourcesState(0, (), None), "No source was read yet."),
        (
            SourcesState(3, (), datetime(2026, 1, 5, 14, 0, tzinfo=UTC)),
            "all answer. The last new headline came at 14:00",
        ),
        (SourcesState(1, (), None), "1 source is read, and it answers."),
        (SourcesState(3, (("bis", None),), None), "3 sources are read; 1 without an answer at the moment: bis."),
    ],
)
def test_the_state_of_the_sources(state, said):
    """How many are read, which do not answer, and when the last headline came."""
    view = home_of(Home("en", (), (), (), (), state), Writer(TEXTS, "/chips "), SEEN)
    assert said in json.dumps(view, ensure_ascii=False)


# ── words ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_windows_fit_as_they_are(language):
    """In no language is a title or a button of a window cut."""
    for key in ("form.title", "form.title_new", "form.submit", "form.close", "home.answer", "home.done"):
        assert len(texts_of(language).say(f"slack.{key}")) <= 24


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("why <https://x.example/?a=1&amp;b=2|x.example>", "why https://x.example/?a=1&b=2"),
        ("latest <#C1|nvda>", "latest nvda"),
        ("mail <mailto:a@b.example|a@b.example>", "mail a@b.example"),
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("plain", "plain"),
    ],
)
def test_what_a_person_typed(sent, meant):
    """A message's text is read as it was typed, not as Slack writes it."""
    assert typed(sent) == meant


def test_what_is_remembered_ends():
    """A value lasts its time, the oldest goes when there are too many, and what was dropped is new again."""
    clock = StillClock()
    kept: Lasting[bool] = Lasting(clock, timedelta(minutes=1), 2)
    assert kept.is_new("a", True)
    assert not kept.is_new("a", True)
    clock.time += timedelta(seconds=61)
    assert kept.is_new("a", True)
    kept.put("b", True)
    kept.put("c", True)
    assert kept.get("a") is None
    kept.drop("b")
    assert kept.is_new("b", True)
