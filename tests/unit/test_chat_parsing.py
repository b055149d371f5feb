"""From a line of text to what is asked for."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.asking import Asker, ChatError
from bot.chat.parsing import MUTE_FOR, MUTE_STORY_FOR, parse
from bot.chat.requests import (
    COMMANDS,
    Digest,
    Export,
    Forget,
    Help,
    Language,
    Latest,
    ListAll,
    MuteFor,
    Quiet,
    Sample,
    Start,
    StoryOf,
    Subscribe,
    Unmute,
    Unsubscribe,
    Why,
)
from bot.chat.vocabulary import Vocabulary
from bot.chat.writing import Writer
from bot.companies import load_companies
from bot.domain import Destination, DigestPlan, Event, Every, MuteKind, QuietHours, Topic, Urgency
from bot.texts import LANGUAGES, texts_of

WORDS = Vocabulary(load_companies())
BOTH = frozenset(Topic)
TRADE = frozenset({Topic.CHIP_EXPORT})


def sub(*tickers: str, topics=BOTH, events=(), urgency=Urgency.WATCH) -> Subscribe:
    return Subscribe(topics, tickers, frozenset(events), urgency)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", Help()),
        ("help", Help()),
        ("/help@chipwire_bot", Help()),
        ("  HELP  me ", Help()),
        ("subscribe", sub(topics=TRADE)),
        ("/subscribe", sub(topics=TRADE)),
        ("subscribe all", sub(topics=BOTH)),
        ("subscribe semis", sub(topics=frozenset({Topic.SEMIS}))),
        ("subscribe NVDA TSM", sub("NVDA", "TSM")),
        ("follow nvda, tsm", sub("NVDA", "TSM")),
        ("subscribe to $NVDA and AMD", sub("NVDA", "AMD")),
        ("subscribe NVDA nvidia", sub("NVDA")),
        ("subscribe Tokyo Electron flash", sub("8035.T", urgency=Urgency.FLASH)),
        ("subscribe TSMC", sub("TSM")),
        ("subscribe 005930.KS", sub("005930.KS")),
        ("subscribe NVDA exports", sub("NVDA", topics=TRADE)),
        ("subscribe flashes", sub(topics=TRADE, urgency=Urgency.FLASH)),
        ("subscribe tariffs", sub(topics=TRADE, events=[Event.TARIFF])),
        ("subscribe entity list alert", sub(topics=TRADE, events=[Event.ENTITY_LIST], urgency=Urgency.ALERT)),
        ("subscribe export-rule import_rule", sub(topics=TRADE, events=[Event.EXPORT_RULE, Event.IMPORT_RULE])),
        ("subscribe results", sub(topics=BOTH, events=[Event.RESULTS])),
        ("subscribe NVDA supply and demand", sub("NVDA", events=[Event.SUPPLY_DEMAND])),
        ("unsubscribe", Unsubscribe()),
        ("stop", Unsubscribe()),
        ("unsubscribe all", Unsubscribe()),
        ("unsubscribe nvidia and TSM", Unsubscribe(("NVDA", "TSM"))),
        ("unsubscribe 0a1b2c3d", Unsubscribe(ids=("0a1b2c3d",))),
        ("list", ListAll()),
        ("settings", ListAll()),
        ("mute NVDA", MuteFor(MuteKind.TICKER, "NVDA", MUTE_FOR)),
        ("mute nvidia 1h", MuteFor(MuteKind.TICKER, "NVDA", timedelta(hours=1))),
        ("mute NVDA for 2 days", MuteFor(MuteKind.TICKER, "NVDA", timedelta(days=2))),
        ("mute ticker 005930.KS", MuteFor(MuteKind.TICKER, "005930.KS", MUTE_FOR)),
        ("mute 005930.KS 90m", MuteFor(MuteKind.TICKER, "005930.KS", timedelta(minutes=90))),
        (
            "mute nvidia-h20-licence-260105-ab12",
            MuteFor(MuteKind.STORY, "nvidia-h20-licence-260105-ab12", MUTE_STORY_FOR),
        ),
        ("mute story chips-1 2w", MuteFor(MuteKind.STORY, "chips-1", timedelta(weeks=2))),
        ("mute source wire-feed 3d", MuteFor(MuteKind.SOURCE, "wire-feed", timedelta(days=3))),
        ("unmute", Unmute(None)),
        ("unmute all", Unmute(None)),
        ("unmute nvidia", Unmute("NVDA")),
        ("unmute story chips-1", Unmute("chips-1")),
        ("quiet", Quiet(change=False)),
        ("quiet off", Quiet(None)),
        ("quiet 22:00-07:00 Europe/London", Quiet(QuietHours(time(22), time(7), "Europe/London"))),
        ("quiet 22:00 – 07:00 Asia/Tokyo", Quiet(QuietHours(time(22), time(7), "Asia/Tokyo"))),
        ("digest", Digest(change=False)),
        ("digest off", Digest(None)),
        ("digest daily 07:30", Digest(DigestPlan(Every.DAY, time(7, 30)), zoned=False)),
        ("digest daily 07:30 Asia/Tokyo", Digest(DigestPlan(Every.DAY, time(7, 30), zone="Asia/Tokyo"))),
        ("digest hourly", Digest(DigestPlan(Every.HOUR), zoned=False)),
        ("digest open new york", Digest(DigestPlan(Every.OPEN, market="new-york"))),
        ("latest", Latest()),
        ("latest $nvda", Latest("NVDA")),
        ("story chips-tariff-260105-ab", StoryOf("chips-tariff-260105-ab")),
        ("why https://news.example/a?b=c", Why("https://news.example/a?b=c")),
        ("why <https://news.example/a|news.example/a>", Why("https://news.example/a")),
        ("test", Sample()),
        ("language", Language(None)),
        ("language ZH", Language("zh")),
        ("language 日本語", Language("ja")),
        ("lang zh-CN", Language("zh")),
        ("export", Export()),
        ("forget", Forget(sure=False)),
        ("forget yes", Forget(sure=True)),
        ("start", Start("")),
        ("/start sub_NVDA-TSM", Start("sub_NVDA-TSM")),
    ],
)
def test_reads_what_people_type(text, request_):
    """Commands with their slash or without, names as well as tickers, in any case and with the little words."""
    assert parse(text, WORDS) == request_


@pytest.mark.parametrize(
    ("text", "key", "suggestions"),
    [
        ("subscrbe NVDA", "command", ("subscribe NVDA", "unsubscribe NVDA")),
        ("hlep", "command", ("help",)),
        ("qwertz", "command", ("help",)),
        ("NVDA", "command", ("subscribe NVDA", "latest NVDA")),
        ("https://news.example/a", "command", ("why https://news.example/a",)),
        ("subscribe NVDI", "wish", ("subscribe NVDA", "subscribe NVMI", "subscribe INDI")),
        ("subscribe AMD qualcom flash", "wish", ("subscribe AMD QCOM flash",)),
        ("subscribe tarif", "wish", ("subscribe tariff",)),
        ("subscribe flahs", "wish", ("subscribe flash",)),
        ("subscribe Huawei", "unlisted", ()),
        ("subscribe flash watch", "two_urgencies", ()),
        ("unsubscribe NVDI", "ticker", ("unsubscribe NVDA", "unsubscribe NVMI", "unsubscribe INDI")),
        ("unsubscribe for", "ticker", ()),
        ("mute", "mute_what", ()),
        ("mute 1h", "mute_what", ()),
        ("mute NVDA 3x", "length", ()),
        ("mute NVDA 2y", "length", ()),
        ("mute NVDA 99w", "length", ()),
        ("mute qualcom 2h", "ticker", ("mute QCOM 2h",)),
        ("quiet 22:00-07:00 London", "quiet", ("quiet 22:00-07:00 Europe/London",)),
        ("quiet 22:00-07:00 Europe/Londn", "quiet", ("quiet 22:00-07:00 Europe/London",)),
        ("quiet 22:00", "quiet", ()),
        ("quiet 22:00-22:00 Europe/London", "quiet", ()),
        ("quiet 25:00-07:00 Europe/London", "quiet", ()),
        ("digest daily", "digest", ()),
        ("digest daly 07:30 UTC", "digest", ("digest daily 07:30 UTC",)),
        ("digest daily 07:30 Tokio", "digest", ("digest daily 07:30 Asia/Tokyo",)),
        ("digest open tokio", "digest", ("digest open tokyo",)),
        ("latest qualcom", "ticker", ("latest QCOM",)),
        ("latest huawei", "unlisted", ()),
        ("story", "story_which", ("latest",)),
        ("why", "why_which", ("latest",)),
        ("language klingon", "language", ("language en", "language zh", "language ja")),
        ("language japanes", "language", ("language ja",)),
    ],
)
def test_says_what_may_have_been_meant(text, key, suggestions):
    """A wish that cannot be read names its trouble, and the nearest wishes that can be, whole."""
    with pytest.raises(ChatError) as caught:
        parse(text, WORDS)
    assert caught.value.key == f"chat.error.{key}"
    assert caught.value.suggestions[: len(suggestions)] == suggestions
    assert bool(caught.value.suggestions) == bool(suggestions)
    for suggestion in caught.value.suggestions:
        parse(suggestion, WORDS)


line = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [*COMMANDS, *"start NVDA flash all story ticker source 1h 9999999w off 22:00-07:00 daily".split(),
             *"Europe/London 日本語 / @ - * ` { {x} %s".split()]
        )
        | st.text(max_size=8),
        max_size=8,
    ).map(" ".join),
)  # fmt: skip


@given(line, st.sampled_from(LANGUAGES))
@example("mute \u0661h", "en")
@example("quiet 22:00-07:00 ../../etc/passwd", "en")
@example("quiet 22:00-07:00 \x00", "zh")
def test_no_line_of_text_breaks_it(text, language):
    """Whatever is typed becomes a request or an error that can be told, with buttons that a platform takes."""
    try:
        parse(text, WORDS)
    except ChatError as error:
        asker = Asker("telegram:7", Destination.parse("telegram:7"), private=True, may_change=True)
        reply = Writer.to(asker, texts_of(language)).error(error)
        assert reply.text.strip()
        assert len(reply.text) < 2_500
        assert all(0 < len(b.action.encode()) <= 64 for row in reply.buttons for b in row)


def test_a_long_line_is_read_in_no_time():
    """A page pasted into a command is cut, not searched for ever."""
    with pytest.raises(ChatError):
        parse("subscribe " + "nvidla " * 100_000, WORDS)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("nv", "NVDA"), ("$TS", "TSEM"), ("tokyo", "8035.T"), ("", None)],
)
def test_fields_find_companies_as_they_are_typed(typed, first):
    """By the beginning of a ticker first, then by any part of a name."""
    found = WORDS.like(typed, 20)
    assert 0 < len(found) <= 20
    assert first is None or first in {ticker for ticker, _ in found}
