"""Several held alerts in one message: in a trader's order, whatever the words are within every limit."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.domain import Mention, Status, Urgency
from bot.notifiers.console import ConsoleNotifier, _drawing
from bot.notifiers.digest import ENTRIES, digest_of, fitting, plain_lines, urgency_of
from bot.notifiers.slack.blocks import MAX_BLOCKS, MAX_SECTION, MAX_TEXT
from bot.notifiers.slack.digest import digest_blocks, digest_fallback, digest_plain
from bot.notifiers.slack.notifier import SlackNotifier, _forms
from bot.notifiers.telegram.digest import digest_text, finished_digest
from bot.notifiers.telegram.markup import MAX_TEXT as MAX_TELEGRAM
from bot.notifiers.webhook import DIGEST, WebhookNotifier
from tests.fakes.alerts import SEEN, StillClock, make_alert, make_claim, make_update
from tests.fakes.slack import TOKEN, FakeSlack, _RefusalError
from tests.fakes.telegram import parse_html, utf16
from tests.fakes.wild import alerts

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
# A handful of wild ones, told again and again: many and long at once.
CROWDS = st.builds(
    lambda few, times: [
        make_alert(**{name: getattr(a, name) for name in FIELDS}, id=f"a{n}", story=f"s{n % 7}")
        for n, a in enumerate(few * times)
    ],
    st.lists(alerts, min_size=1, max_size=4),
    st.sampled_from([1, 2, 20]),
)
FIELDS = (
    "outcome", "reason", "urgency", "text", "url", "source", "publisher", "tier", "event", "status",
    "previous_status", "mentions", "first_seen_at", "publishers",
)  # fmt: skip


def later(hours, **changes):
    """An alert of its own story, so many hours after the first was seen."""
    at = SEEN + timedelta(hours=hours)
    return make_alert(**({"id": f"a{hours}", "story": f"s{hours}", "first_seen_at": at, "created_at": at} | changes))


def headlines(digest):
    return [entry.headline for entry in digest.entries]


# ── what it says ─────────────────────────────────────────────────────────────────────────────────


def test_the_loudest_come_first_then_the_newest():
    """Whoever reads only the top reads what matters most."""
    held = [
        later(1, text="old watch", urgency=Urgency.WATCH),
        later(2, text="old flash"),
        later(3, text="alert", urgency=Urgency.ALERT),
        later(4, text="new flash"),
        later(5, text="new watch", urgency=Urgency.WATCH),
    ]
    digest = digest_of(held)
    assert headlines(digest) == ["new flash", "old flash", "alert", "new watch", "old watch"]
    assert (digest.title, digest.counts) == ("5 alerts held for you", "2 FLASH · 1 ALERT · 2 WATCH")
    assert digest.urgency is Urgency.FLASH
    assert headlines(digest_of(held[::-1])) == headlines(digest), "the order they are given in says nothing"


def test_a_story_stands_together_its_latest_word_first():
    """Nobody reads a claim before its denial, nor news of another story between them."""
    claim = later(1, story="one", text="approves")
    between = later(2, text="other news")
    denial = later(
        3, story="one", text="denies", urgency=Urgency.ALERT, status=Status.DENIED, previous_status=Status.REPORTED
    )
    digest = digest_of([claim, between, denial])
    assert headlines(digest) == ["denies", "approves", "other news"]
    first = digest.entries[0]
    assert first.mark.startswith("ALERT · DENIED ▲ NVDA ▲ BABA")
    assert first.tail == "Example Wire · 17:02", "what the mark says is not said again"
    assert digest.entries[1].tail == "reported, not confirmed · Example Wire · 15:02"


@pytest.mark.parametrize(
    ("hours", "timing", "tail"),
    [((0,), "seen 14:02 UTC", "14:02"), ((0, 2), "seen 14:02 to 16:02 UTC", "14:02"),
     ((0, 12), "seen Jan 5 14:02 to Jan 6 02:02 UTC", "Jan 5 14:02")],
)  # fmt: skip
def test_the_times(hours, timing, tail):
    """A night's digest says which day each was seen on, a day's does not."""
    digest = digest_of([later(h) for h in hours])
    assert digest.timing == timing
    assert digest.entries[-1].tail.endswith(f" · {tail}")


def test_one_alone_is_counted_as_one():
    """A digest of one is still a sentence."""
    assert digest_of([make_alert()]).title == "1 alert held for you"


def test_what_finds_no_line_is_counted():
    """Fifty have a line; the rest are said to be more."""
    lines = plain_lines(digest_of([later(n) for n in range(ENTRIES + 12)]))
    assert lines[0] == "62 alerts held for you"
    assert lines[-1] == "and 12 more"
    assert "and" not in plain_lines(digest_of([later(n) for n in range(3)]))[-1]


@pytest.mark.parametrize(
    ("held", "loudest"),
    [((), Urgency.WATCH), ((Urgency.WATCH, Urgency.ALERT), Urgency.ALERT), ((Urgency.FLASH,), Urgency.FLASH)],
)
def test_a_message_is_as_loud_as_its_loudest(held, loudest):
    """A watch that carries a flash is no watch."""
    claim = make_claim(
        "slack:C1", make_alert(urgency=Urgency.WATCH), held=tuple(make_alert(urgency=urgency) for urgency in held)
    )
    assert urgency_of(claim) is loudest


@given(st.lists(st.text(max_size=30)), st.integers(0, 100))
def test_the_first_lines_that_fit(lines, room):
    """They are the beginning, they fit, and the next would not."""
    kept = fitting(lines, room)
    assert kept == lines[: len(kept)]
    assert len("\n".join(kept)) <= room
    assert len(kept) == len(lines) or len("\n".join(lines[: len(kept) + 1])) > room


# ── Slack ────────────────────────────────────────────────────────────────────────────────────────


def _judge(form):
    """Let the stand-in judge one message without a network between."""
    slack = FakeSlack(token=TOKEN)
    try:
        slack._post({"channel": "C0123456789", **form})
    except _RefusalError as refusal:
        raise AssertionError(f"{refusal.code}: {refusal.messages}") from None
    assert slack.complaints == []


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(CROWDS)
def test_slack_takes_every_form(held):
    """Full, short and plain: each is accepted by the strict stand-in, and says how many there are."""
    claim = make_claim("slack:C0123456789", held[0], held=tuple(held))
    message = SlackNotifier.render_digest(None, held)
    forms = list(_forms(claim, message, SEEN))
    assert len(forms) == (3 if len(held) > 1 else len(forms))
    for form in forms:
        _judge(form)
        assert len(form["text"]) <= MAX_TEXT
        assert len(form.get("blocks", [])) <= MAX_BLOCKS
    assert f"{len(held)} alert" in message.text


def test_slack_s_lines():
    """One line an alert: how loud and which way in bold, the headline as the link, status, publisher and time."""
    held = [later(1, text="Nvidia <b> & AMD", url="https://x.example/?a=1&b=2", mentions=(Mention("AMD", "AMD", -1),))]
    blocks = digest_blocks(digest_of([*held, later(0, url="")]), times="t")
    assert [b["type"] for b in blocks] == ["header", "context", "section", "context"]
    first, second = blocks[2]["text"]["text"].split("\n")
    assert first == (
        "*FLASH ▼ AMD* <https://x.example/?a=1&amp;b=2|Nvidia &lt;b&gt; &amp; AMD> · reported, not confirmed · "
        "Example Wire · 15:02"
    )
    assert "<" not in second, "what has no address is no link"


def test_slack_cuts_between_alerts():
    """No line is cut, no section is too long, and what found no room is counted."""
    held = [later(n, text=f"{n} " + "words & more " * 30, url="https://x.example/" + "a" * 600) for n in range(45)]
    blocks = digest_blocks(digest_of(held), times="t")
    sections = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    lines = [line for text in sections for line in text.split("\n")]
    assert all(len(text) <= MAX_SECTION for text in sections)
    assert all(line.startswith("*FLASH") and line.endswith(":02") for line in lines)
    assert blocks[-2]["elements"][0]["text"] == f"and {45 - len(lines)} more"
    assert len(lines) > 10


def test_slack_s_text_names_the_first():
    """The notification says how many, and the loudest headlines."""
    text = digest_fallback(digest_of([later(n, text=f"Headline {n}") for n in range(9)]))
    assert text.startswith("9 alerts held for you · FLASH ▲ NVDA")
    assert "Headline 8" in text
    assert "Headline 5" not in text
    assert digest_plain(digest_of([make_alert(), make_update()]), times="seen then").endswith("\nseen then")


# ── Telegram ─────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(CROWDS, st.booleans())
def test_telegram_takes_any_words(held, maybe_sent):
    """Balanced, escaped and at most 4,096 UTF-16 units after parsing; the plain form has the same words."""
    text = finished_digest(digest_text(held), held, SEEN, maybe_sent=maybe_sent)
    seen, entities = parse_html(text.html)
    assert 0 < utf16(seen) <= MAX_TELEGRAM
    assert " ".join(seen.split()) == " ".join(text.plain.split())
    assert len(entities) <= 100
    shown = text.plain.count("\n\n") - 1 - ("\nand " in text.plain)
    assert shown >= 1, "at least one is told"
    more = len(held) - shown
    assert (f"\nand {more} more\n" in text.plain) == (more > 0)


def test_telegram_s_lines():
    """One paragraph an alert, the headline as the link, times in italics at the end."""
    held = [later(0), later(1, text="Second <i>", urgency=Urgency.WATCH, mentions=())]
    html = finished_digest(digest_text(held), held, SEEN + timedelta(hours=2), maybe_sent=False).html
    assert html.split("\n\n") == [
        "<b>2 alerts held for you</b>\n1 FLASH · 1 WATCH",
        (
            '<b>FLASH ▲ NVDA ▲ BABA · ▼ Huawei</b> <a href="https://news.example.com/chips/h200-permits?id=7&amp;lang=en">'
            "Beijing said to weigh letting Alibaba buy Nvidia's H200, shares jump</a> · reported, not confirmed · "
            "Example Wire · 14:02"
        ),
        (
            '<b>WATCH</b> <a href="https://news.example.com/chips/h200-permits?id=7&amp;lang=en">Second &lt;i&gt;</a>'
            " · reported, not confirmed · Example Wire · 15:02"
        ),
        "<i>seen 14:02 to 15:02 UTC · sent 16:02:13</i>",
    ]


# ── webhook and terminal ─────────────────────────────────────────────────────────────────────────


def test_a_webhook_gets_every_alert_as_it_would_alone():
    """The same fields as in a body of its own, oldest first, with the loudest urgency and the words."""
    hook = WebhookNotifier(StillClock())
    held = [later(2, urgency=Urgency.WATCH), later(1)]
    body = json.loads(json.dumps(hook.render_digest(held).payload))
    assert (body["version"], body["type"], body["urgency"], body["more"]) == (1, "digest", "flash", 0)
    assert body["alerts"] == [json.loads(json.dumps(hook.render(alert).payload)) for alert in held[::-1]]
    assert body["text"].startswith("2 alerts held for you\n1 FLASH · 1 WATCH\nFLASH ▲ NVDA")


def test_a_webhook_s_body_has_an_end():
    """Of very many the loudest are told, and how many are left out."""
    held = [later(n, urgency=Urgency.FLASH if n < 5 else Urgency.WATCH) for n in range(DIGEST + 30)]
    body = WebhookNotifier(StillClock()).render_digest(held).payload
    assert (len(body["alerts"]), body["more"]) == (DIGEST, 30)
    assert {alert["alert"] for alert in body["alerts"]} > {f"a{n}" for n in range(5)}


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(CROWDS, st.sampled_from([20, 60, 120]))
def test_a_terminal_shows_any_words(held, width):
    """Whatever the words and the width, the digest is drawn, as wide as it may be, and ends with its times."""
    drawn = io.StringIO()
    console = ConsoleNotifier(StillClock(), stream=drawn, width=width)
    claim = make_claim("console", held[0], held=tuple(held))
    console._write(_drawing(claim, console.render_digest(held), SEEN))
    lines = drawn.getvalue().splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert f"{len(held)} alert" in lines[0]
    assert "sent" in "".join(lines[-8:])
