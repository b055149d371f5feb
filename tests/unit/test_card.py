"""What an alert says."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.domain import Amendment, Destination, Event, Mention, Reason, Receipt, Status, Story, Topic, Urgency
from bot.notifiers.base import Quote
from bot.notifiers.card import SENT_ROOM, amended_note, card_of, plain_lines, quote_text, sent_note
from bot.notifiers.console import ConsoleNotifier
from bot.notifiers.text import clean, retry_after, shorten, span, utf16_len, web_link
from bot.texts import LANGUAGES
from tests.fakes.alerts import SEEN, StillClock, make_alert, make_claim, make_update


def make_story(**changes: Any) -> Story:
    """The story that ``make_alert`` tells, as it stands later."""
    alert = make_alert()
    values: dict[str, Any] = {
        "slug": alert.story,
        "event": alert.event,
        "status": alert.status,
        "urgency": alert.urgency,
        "topics": alert.topics,
        "first_headline_id": alert.headline_id,
        "first_text": alert.text,
        "latest_text": alert.text,
        "fingerprints": frozenset(),
        "companies": frozenset(),
        "publishers": frozenset({"Example Wire"}),
        "documents": frozenset(),
        "count": 1,
        "created_at": SEEN,
        "updated_at": SEEN,
    }
    return Story(**(values | changes))


def test_reads_like_a_trader_reads():
    """From the top: how loud and which tickers, what, how sure, who else is exposed, numbers, who says so, where."""
    card = card_of(make_alert())
    assert plain_lines(card) == [
        "FLASH ▲ NVDA ▲ BABA · ▼ Huawei",
        "Beijing said to weigh letting Alibaba buy Nvidia's H200, shares jump",
        "import rule · reported, not confirmed",
        "Exposed (inferred): ▲ TSM foundry, ▲ MU memory",
        "H200 · 200,000 chips",
        "Example Wire · press",
        "https://news.example.com/chips/h200-permits?id=7&lang=en",
    ]
    assert card.timing == "published 14:02:11 UTC · seen 14:02:13 (+2.1 s)"
    assert sent_note(make_alert(), SEEN + timedelta(seconds=0.2)) == " · sent 14:02:13 (+0.2 s)"


def test_arrows_show_the_direction_and_a_dot_none():
    """Up, down and unclear have three marks; a company without ticker and direction is its name alone."""
    mentions = (
        Mention("AMD", "AMD", -1),
        Mention("TSMC", "TSM", 0),
        Mention("YMTC", None, 0),
        Mention("Nvidia", "NVDA", 1),
    )
    assert card_of(make_alert(mentions=mentions)).named_line == "▼ AMD • TSM ▲ NVDA · YMTC"


def test_says_each_company_once():
    """A company that is named twice, or named and inferred, stands once, among the named."""
    mentions = (Mention("TSMC", "TSM", 1), Mention("TSMC", "TSM", 0), Mention("TSMC", "TSM", -1, primary=False))
    card = card_of(make_alert(mentions=mentions))
    assert card.named_line == "▲ TSM"
    assert card.exposed == ()


def test_counts_the_companies_that_find_no_room():
    """A list of forty is cut, and says so."""
    mentions = tuple(Mention(f"C{i}", f"T{i}", 1) for i in range(40))
    assert card_of(make_alert(mentions=mentions)).named_line.endswith("▲ T9 + 30 more")


@pytest.mark.parametrize(
    ("changes", "label", "change"),
    [
        ({}, "FLASH · UPDATE", "was reported, now confirmed"),
        ({"status": Status.DENIED}, "FLASH · DENIED", "was reported, now DENIED"),
        (
            {"reason": Reason.NEW_NUMBER, "status": Status.REPORTED, "urgency": Urgency.ALERT},
            "ALERT · UPDATE",
            "new figure",
        ),
        (
            {"reason": Reason.OFFICIAL_TEXT, "previous_status": Status.PROPOSED},
            "FLASH · UPDATE",
            "official text published; was proposed, now confirmed",
        ),
        ({"previous_status": None}, "FLASH · UPDATE", "now confirmed"),
    ],
)
def test_an_update_says_what_changed(changes, label, change):
    """The change stands in words, and a denial is loud."""
    card = card_of(make_update(**changes))
    assert (card.label, card.change) == (label, change)
    assert card.denied == (label == "FLASH · DENIED")


def test_a_first_alert_tells_of_no_change():
    """Only an update was something else before."""
    assert card_of(make_alert()).change == ""


def test_every_event_and_status_has_words():
    """No label of the model is shown raw."""
    shown = {card_of(make_alert(event=event)).event for event in Event}
    assert len(shown) == len(Event)
    assert not any("_" in words for words in shown)
    assert len({card_of(make_alert(status=status)).status for status in Status}) == len(Status)
    other = make_alert(event=Event.OTHER)
    assert card_of(other).event == "chip trade"
    assert card_of(make_alert(event=Event.OTHER, topics=frozenset({Topic.SEMIS}))).event == "chip news"


@pytest.mark.parametrize(
    ("published", "timing"),
    [
        (None, "publication time unknown · seen 14:02:13 UTC"),
        (
            SEEN - timedelta(days=1, hours=2),
            "published 2026-01-04 12:02:13 UTC · seen 14:02:13 (+1 d 2 h)",
        ),
        (
            SEEN + timedelta(seconds=30),
            "published 14:02:43 UTC by the source's clock · seen 14:02:13 (-30.0 s)",
        ),
    ],
)
def test_is_honest_about_times(published, timing):
    """An unknown, old or future publication time is called what it is."""
    assert card_of(make_alert(published_at=published)).timing == timing


def test_counts_publishers():
    """How many independent publishers stand behind the story, when more than one."""
    assert card_of(make_alert(publishers=3)).source == "Example Wire · press · 3 publishers"


def test_shows_the_price_beside_the_ticker_where_it_is_known():
    """What it costs at the moment of sending, and how that has changed; a price that is none is left out."""
    quotes = {
        "NVDA": Quote(181.2, 2.14),
        "BABA": Quote(1234.5, None, "HKD"),
        "TSM": Quote(200.0, 1.0),
    }
    card = card_of(make_alert(), quotes=quotes)
    assert card.named_line == "▲ NVDA 181.20 +2.1\u00a0% ▲ BABA 1,234 HKD · ▼ Huawei"
    assert card.exposed_line == "▲ TSM foundry, ▲ MU memory"
    assert card_of(make_alert(), quotes=quotes, short=True).named_line == "▲ NVDA ▲ BABA · ▼ Huawei"


@pytest.mark.parametrize("price", [0.0, -1.0, float("nan"), float("inf")])
def test_a_price_that_is_none_is_not_shown(price):
    """Whatever a quote service sends, a card shows a price or nothing."""
    assert quote_text(Quote(price, 1.0)) == ""


@pytest.mark.parametrize("change", [float("nan"), float("-inf"), None])
def test_a_change_that_is_unknown_is_not_shown(change):
    """The price stands alone."""
    assert quote_text(Quote(9.5, change)) == "9.50"


def test_shows_how_the_story_stands_now():
    """An edited card has the story's status and publishers, and says what has changed since it was told."""
    story = make_story(status=Status.CONFIRMED, publishers=frozenset({"A", "B", "C"}), count=9)
    card = card_of(make_alert(), standing=story)
    assert (card.label, card.status, card.change) == ("FLASH", "confirmed", "was reported, now confirmed")
    assert card.source == "Example Wire · press · ×3 publishers"
    assert (card.headlines, card.struck, card.denied) == (9, False, False)


def test_a_denial_strikes_out_what_was_told():
    """Denied after it was told: loud, and the headline is struck out; a card that told the denial itself is not."""
    story = make_story(status=Status.DENIED)
    card = card_of(make_alert(), standing=story)
    assert (card.label, card.status, card.struck) == ("FLASH · DENIED", "DENIED", True)
    assert {tag.direction for tag in card.named} == {0}, "what is taken back pushes nobody"
    assert card.exposed == ()
    assert card.update_line == "Update: was reported, now DENIED"
    told = card_of(make_update(status=Status.DENIED), standing=story)
    assert (told.denied, told.struck) == (True, False)


def test_a_correction_strikes_out_what_its_own_publisher_had_said():
    """The card of the publisher that mended its words is struck out; another's and the correction's own are not."""
    alert = make_alert()
    mended = make_story(corrected=frozenset({alert.publisher}))
    card = card_of(alert, standing=mended)
    assert (card.label, card.struck, card.denied) == ("FLASH · CORRECTED", True, False)
    assert {tag.direction for tag in card.named} == {0}
    assert not card_of(alert, standing=make_story(corrected=frozenset({"Another Wire"}))).struck
    assert not card_of(make_update(reason=Reason.CORRECTION), standing=mended).struck


def test_an_edited_card_says_when():
    """When it was sent, where that is known, and as of when it reads so."""
    receipt = Receipt("1", "C1", SEEN + timedelta(seconds=0.2))
    story = make_story(updated_at=SEEN + timedelta(minutes=20))
    amendment = Amendment(Destination.parse("slack:C1"), make_alert(), receipt, story)
    assert amended_note(amendment) == " · sent 14:02:13 (+0.2 s) · edited 14:22:13"
    unknown = replace(amendment, receipt=Receipt("1", "C1"))
    assert amended_note(unknown) == " · edited 14:22:13"
    whole = replace(amendment, receipt=Receipt("1", "C1", (SEEN + timedelta(seconds=1)).replace(microsecond=0)))
    assert amended_note(whole) == " · sent 14:02:14 · edited 14:22:13", "a clock of whole seconds tells no latency"


@pytest.mark.parametrize(
    ("language", "lines", "timing"),
    [
        (
            "zh",
            ["突发 · 更新 ▲ NVDA ▲ BABA · ▼ Huawei", "进口管制 · 已证实", "更新：由“报道”变为“已证实”",
             "或受影响（推断）：▲ TSM 晶圆代工, ▲ MU 存储", "Example Wire · 媒体 · 3 家媒体"],
            "发布 14:02:11 UTC · 收到 14:02:13（+2.1 秒）",
        ),
        (
            "ja",
            ["速報 · 続報 ▲ NVDA ▲ BABA · ▼ Huawei", "輸入規制 · 確認済み", "続報：「報道」から「確認済み」へ",
             "影響の可能性（推定）：▲ TSM ファウンドリー, ▲ MU メモリー", "Example Wire · メディア · 3社が報道"],
            "配信 14:02:11 UTC · 受信 14:02:13（+2.1 秒）",
        ),
    ],
)  # fmt: skip
def test_speaks_the_readers_language(language, lines, timing):
    """Every word of the card but the source's own is in the language asked for."""
    card = card_of(make_update(publishers=3), language=language)
    shown = plain_lines(card)
    assert [line for line in shown if line in lines] == lines
    assert card.timing == timing


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.004, "0.00 s"), (0.04, "0.04 s"), (2.1, "2.1 s"), (59.97, "1 min"), (65, "1 min 5 s"), (7_500, "2 h 5 min"),
     (273_600, "3 d 4 h"), (-3, "0.00 s")],
)  # fmt: skip
def test_says_how_long(seconds, said):
    """A duration in the two units that matter."""
    assert span(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com/a?b=c&d=e#f", "https://example.com/a?b=c&d=e#f"),
        ("javascript:alert(1)", ""),
        ("ftp://example.com/", ""),
        ("https://", ""),
        ("https://example.com:x/", ""),
        ("https://reuters.example@evil.example/x", "https://evil.example/x"),
        ('https://example.com/a b|c>"d', "https://example.com/a%20b%7Cc%3E%22d"),
        ("https://example.com/" + "a" * 3000, ""),
    ],
)
def test_links_only_to_the_web(url, link):
    """Nothing but http and https, nothing that could end the link early, no user name that looks like a host."""
    assert web_link(url) == link


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), (2.5, 2.5), ("Mon, 05 Jan 2026 14:03:13 GMT", 59.9), ("99999999999", 86_400), ("-3", None),
     ("soon", None), (None, None), ("nan", None), ("Mon, 05 Jan 2026 14:00:00 GMT", 0)],
)  # fmt: skip
def test_reads_retry_after(said, seconds):
    """Seconds or a date, a day at most; what cannot be read is as if it were not there."""
    wait = retry_after(said, SEEN)
    assert (None if wait is None else wait.total_seconds()) == seconds


@given(st.text(st.characters(exclude_categories=[])))
def test_clean_text_is_one_printable_line(text):
    """No control character, line break, direction mark or half of a pair survives; twice changes nothing more."""
    cleaned = clean(text)
    cleaned.encode()
    assert cleaned == " ".join(cleaned.split())
    assert not any(c in cleaned for c in "\x00\x07\x1b\x7f\x9b\n\r\u2028\u202e\u2066\u200b")
    assert clean(cleaned) == cleaned


def test_takes_out_whole_escape_sequences():
    """A terminal's colour codes leave no litter."""
    assert clean("\x1b[31mRed\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x1b\\ \x9b2Jend") == "Red link end"


@given(st.text(), st.integers(1, 40))
def test_shortened_text_fits(text, limit):
    """Never longer than asked, and untouched when it fits."""
    cut = shorten(text, limit)
    assert len(cut) <= limit
    assert len(text) > limit or cut == text


@given(st.text())
def test_counts_as_telegram_counts(text):
    """UTF-16 code units."""
    assert utf16_len(text) == len(text.encode("utf-16-le")) // 2


@given(st.datetimes(), st.datetimes(), st.sampled_from(LANGUAGES))
def test_the_sent_note_keeps_its_room(seen, sent, language):
    """Whatever the times are, the note is no longer than what was kept free for it."""
    alert = make_alert(first_seen_at=seen.replace(tzinfo=SEEN.tzinfo))
    assert len(sent_note(alert, sent.replace(tzinfo=SEEN.tzinfo), language=language)) <= SENT_ROOM


# ── the console ──────────────────────────────────────────────────────────────────────────────────


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def _shown(alert, *, stream=None, width=80):
    stream = io.StringIO() if stream is None else stream
    notifier = ConsoleNotifier(StillClock(), stream=stream, width=width)
    await notifier.send(make_claim("console", alert), notifier.render(alert))
    return stream.getvalue()


async def test_console_shows_the_card():
    """Everything that the card says stands in the box, and the time of sending."""
    shown = await _shown(make_alert(), width=100)
    for part in ("FLASH", "import rule · reported, not confirmed", "▲ NVDA ▲ BABA · ▼ Huawei", "▲ TSM foundry", "H200",
                 "Example Wire · press", "(+2.1 s)", "sent 14:02:13 (+0.2 s)"):  # fmt: skip
        assert part in shown


@pytest.mark.parametrize("width", [12, 20, 34, 39, 40, 60, 200])
async def test_console_fits_any_terminal(width):
    """No line is wider than the terminal, and no readable one wider than 100."""
    shown = await _shown(make_alert(text="半导体 " * 40 + "x" * 90), width=width)
    assert max(cell_len(line) for line in shown.splitlines()) <= min(width, 100)


async def test_console_has_colour_on_a_terminal_only(monkeypatch):
    """A file or a pipe gets plain text."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" not in await _shown(make_alert())
    assert "\x1b[" in await _shown(make_alert(), stream=_Terminal())


async def test_console_takes_words_to_the_letter():
    """Markup of the terminal library, emoji codes and control characters in a headline do nothing."""
    shown = await _shown(make_alert(text="[red]Nvidia[/red] :rocket: \x1b[2J\x07up"), width=100)
    assert "[red]Nvidia[/red] :rocket: up" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


async def test_console_survives_a_poor_encoding():
    """A stream that knows no arrows shows a mark in their place."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        notifier = ConsoleNotifier(StillClock(), stream=stream, width=60)
        await notifier.send(make_claim("console"), notifier.render(make_alert()))
        assert b"? NVDA" in raw.getvalue()
