"""What the console and webhooks say beside alerts: how a story stands now, and notes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import Amendment, Destination, Receipt, Status, Story
from bot.errors import NotifyError
from bot.notifiers.base import Look, Quote
from bot.notifiers.console import ConsoleNotifier
from bot.notifiers.webhook import WebhookNotifier
from tests.fakes.alerts import SEEN, StillClock, make_alert, make_claim, make_update
from tests.fakes.webhook import FakeReceiver


def make_amendment(destination: str = "console", *, status: Status = Status.DENIED) -> Amendment:
    """The story of ``make_alert``, twenty minutes later."""
    alert = make_alert()
    story = Story(
        slug=alert.story, event=alert.event, status=status, urgency=alert.urgency, topics=alert.topics,
        first_headline_id=alert.headline_id, first_text=alert.text, latest_text=alert.text, fingerprints=frozenset(),
        companies=frozenset(), publishers=frozenset({"A", "B", "C"}), documents=frozenset(), count=5, created_at=SEEN,
        updated_at=SEEN + timedelta(minutes=20),
    )  # fmt: skip
    return Amendment(Destination.parse(destination), alert, Receipt("dl-1"), story)


async def test_webhook_posts_how_a_story_stands_now():
    """Which alert, what has changed, and the card as it reads now; the same name for the same change."""
    with FakeReceiver() as remote:
        notifier = WebhookNotifier(StillClock())
        amendment = make_amendment(f"webhook:{remote.url}/in")
        message = notifier.render_amended(amendment)
        for _ in range(2):
            await notifier.amend(amendment, message)
        moved = replace(amendment, story=replace(amendment.story, count=6))
        await notifier.amend(moved, notifier.render_amended(moved))
        first, again, later = (json.loads(call.body) for call in remote.arrivals)
        await notifier.aclose()
    assert (first["type"], first["alert"], first["message"]) == ("standing", "al-1", "dl-1")
    assert (first["status"], first["previous_status"], first["denied"]) == ("denied", "reported", True)
    assert (first["publishers"], first["headlines"]) == (3, 5)
    assert first["updated_at"] == "2026-01-05T14:22:13.100000+00:00"
    assert first["text"].startswith("FLASH · DENIED • NVDA")
    assert "Update: was reported, now DENIED" in first["text"]
    assert first["delivery"] == again["delivery"] != later["delivery"]


async def test_webhook_passes_a_note_on():
    """In plain words, named so that a second copy is known."""
    with FakeReceiver() as remote:
        notifier = WebhookNotifier(StillClock())
        await notifier.say(Destination.parse(f"webhook:{remote.url}/in"), "slack:C01 was retired")
        (call,) = remote.arrivals
        await notifier.aclose()
    body = json.loads(call.body)
    assert (body["type"], body["text"]) == ("note", "slack:C01 was retired")
    assert call.headers["x-chipwire-delivery"] == body["delivery"] != ""


async def test_webhook_speaks_the_readers_language():
    """The plain words do; the fields are the same for every machine."""
    notifier = WebhookNotifier(StillClock())
    alert = make_update()
    english = notifier.render(alert).payload
    chinese = notifier.render(alert, Look(language="zh", quotes={"NVDA": Quote(181.2, 2.1)})).payload
    assert {k: v for k, v in english.items() if k != "text"} == {k: v for k, v in chinese.items() if k != "text"}
    assert "更新：由“报道”变为“已证实”" in chinese["text"]
    assert "▲ NVDA 181.20 +2.1\u00a0%" in chinese["text"]
    assert "条" in notifier.render_digest([alert, alert], Look(language="zh")).text
    await notifier.aclose()


async def test_console_says_a_note_and_edits_nothing():
    """What a terminal has shown stays; a note is plain, without what could move the cursor."""
    stream = io.StringIO()
    console = ConsoleNotifier(StillClock(), stream=stream, width=80)
    amendment = make_amendment()
    await console.amend(amendment, console.render_amended(amendment))
    assert stream.getvalue() == ""
    await console.say(Destination.parse("console"), "slack:C01 was retired\n[red]ask\x1b[2J them[/red]")
    assert [line.rstrip() for line in stream.getvalue().splitlines()] == [
        "slack:C01 was retired", "[red]ask them[/red]", ""
    ]  # fmt: skip


async def test_console_that_is_gone_takes_no_note():
    """As it takes no alert."""
    stream = io.StringIO()
    stream.close()
    with pytest.raises(NotifyError) as caught:
        await ConsoleNotifier(StillClock(), stream=stream).say(Destination.parse("console"), "hello")
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("language", "parts"),
    [("zh", ["突发", "或受影响（推断）：", "▲ TSM 晶圆代工", "发出 14:02:13（+0.2 秒）"]),
     ("ja", ["速報", "影響の可能性（推定）：", "▲ TSM ファウンドリー", "送信 14:02:13（+0.2 秒）"])],
)  # fmt: skip
async def test_console_speaks_the_readers_language(language, parts):
    """Also what is only known when it is sent."""
    stream = io.StringIO()
    console = ConsoleNotifier(StillClock(), stream=stream, width=100)
    await console.send(make_claim("console"), console.render(make_alert(), Look(language=language)))
    held = (make_alert(), make_update())
    claim = make_claim("console", held=held)
    await console.send(claim, console.render_digest(held, Look(language=language)))
    for part in parts:
        assert part in stream.getvalue()
    assert "sent" not in stream.getvalue()
