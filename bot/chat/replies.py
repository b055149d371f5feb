"""What an answer says of subscriptions, mutes and alerts, a line each. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.chat.asking import Button, Line, Reply, Span
from bot.chat.requests import COMMANDS
from bot.chat.wishes import ORIGIN
from bot.chat.writing import Writer, joined, plain
from bot.domain import (
    Alert,
    Event,
    Mention,
    Mute,
    Outcome,
    Reason,
    Status,
    Story,
    Subscription,
    Tier,
    Topic,
    Urgency,
)
from bot.notifiers.card import card_of
from bot.notifiers.text import clean, shorten
from bot.rules.caps import format_cap
from bot.rules.delays import format_delay
from bot.rules.digests import format_digest
from bot.rules.quiet import format_quiet

HEADLINE = 200  # code points of an alert on a line
TICKERS = 30  # of a subscription on a line
TIMELINE = 8  # alerts of a story; the others are counted
TEST_ID = "test"  # of the sample alert


def help_of(write: Writer) -> Reply:
    """What can be asked for, a line each, and the first things to press."""
    commands = tuple(
        (Span(f"{write.cmd}{_usage(write, name)}", "code"), Span(f" – {write.say(f'command.{name}')}"))
        for name in COMMANDS
    )
    return Reply((*write.lines("chat.help"), *commands), (first_buttons(write),))


def first_buttons(write: Writer) -> tuple[Button, ...]:
    """What a newcomer presses."""
    return (
        write.button("chat.button.subscribe", "sub:"),
        write.button("chat.button.latest", "cmd:latest"),
        write.button("chat.button.test", "cmd:test"),
    )


def _usage(write: Writer, name: str) -> str:
    usage = write.texts.form(f"usage.{name}")
    return f"{name} {usage}".rstrip()


def described(subscription: Subscription, write: Writer) -> Line:
    """What one subscription asks for: ``NVDA, TSM · chip trade, chip news · from ALERT on · quiet 22:00-07:00 …``."""
    s, say = subscription, write.say
    tickers = sorted(s.tickers)
    named = ", ".join(tickers[:TICKERS])
    if len(tickers) > TICKERS:
        named = say("card.more", names=named, n=len(tickers) - TICKERS)
    parts = [", ".join(say(f"chat.topic.{topic}") for topic in Topic if topic in s.topics)]
    parts += [", ".join(say(f"event.{event}") for event in Event if event in s.events)]
    parts += [", ".join(say(f"status.{status}") for status in Status if status in s.statuses)]
    parts += [", ".join(say(f"tier.{tier}") for tier in Tier if tier in s.tiers)]
    parts += [say("chat.sub.include", words=", ".join(s.include)) if s.include else ""]
    parts += [say("chat.sub.exclude", words=", ".join(s.exclude)) if s.exclude else ""]
    if s.min_urgency is not Urgency.WATCH:
        parts.append(say("chat.sub.from", urgency=say(f"urgency.{s.min_urgency}")))
    parts += [say("chat.sub.quiet", quiet=format_quiet(s.quiet)) if s.quiet else ""]
    parts += [say("chat.sub.digest", digest=format_digest(s.digest)) if s.digest else ""]
    parts += [say("chat.sub.cap", cap=format_cap(s.cap)) if s.cap else ""]
    parts += [say("chat.sub.delay", delay=format_delay(s.delay)) if s.delay else ""]
    parts += [say("chat.sub.operator") if s.origin != ORIGIN else ""]
    return (
        Span(named or say("chat.sub.all_companies"), "bold"),
        *(Span(f" · {clean(part)}") for part in parts if part),
    )


def muted(mute: Mute, write: Writer, now: datetime) -> Line:
    """``🔇 NVDA until 14:02 UTC``."""
    return write.line(
        f"chat.mute.{mute.kind}", value=shorten(clean(mute.value), 80), until=write.moment(mute.until, now)
    )


def on_a_line(alert: Alert, write: Writer, now: datetime) -> Line:
    """``FLASH ▲ NVDA Headline · reported, not confirmed · Example Wire · 14:02 UTC``; the headline is the link."""
    card = card_of(alert, short=True, language=write.texts.language)
    return (
        Span(f"{card.label} {card.named_line}".rstrip(), "bold"),
        Span(" "),
        Span(shorten(card.headline, HEADLINE), url=card.url),
        Span(f" · {card.status} · {card.publisher} · {write.moment(alert.first_seen_at, now)}"),
    )


def story_of(story: Story, alerts: Sequence[Alert], write: Writer, now: datetime) -> Reply:
    """A story from its beginning: what it is, how it stands, and what was told of it."""
    say = write.say
    standing = joined(
        [
            plain(say(f"event.{story.event}")),
            plain(say(f"status.{story.status}"), "bold"),
            plain(say("chat.headlines", n=story.count)),
            plain(say("card.publishers", n=max(len(story.publishers), 1))),
        ],
        " · ",
    )
    lines = [plain(shorten(clean(story.first_text), HEADLINE), "bold"), standing]
    shown = alerts[-TIMELINE:]
    if len(alerts) > len(shown):
        lines.append(write.line("chat.earlier", n=len(alerts) - len(shown)))
    lines += [on_a_line(alert, write, now) for alert in shown]
    lines.append((Span(story.slug, "code"),))
    buttons: tuple[tuple[Button, ...], ...] = ()
    if alerts:
        last = alerts[-1]
        buttons = (
            (write.button("button.why", f"why:{last.id}"), write.button("button.mute_story", f"mute_story:{last.id}")),
        )
    return Reply(tuple(lines), buttons)


def sample_alert(write: Writer, now: datetime) -> Alert:
    """What ``test`` shows: a card like any other, whose headline says that it is none."""
    return Alert(
        id=TEST_ID,
        story=TEST_ID,
        headline_id=TEST_ID,
        outcome=Outcome.ALERT,
        reason=Reason.NEW_STORY,
        urgency=Urgency.ALERT,
        topics=frozenset({Topic.CHIP_EXPORT}),
        text=write.say("chat.test.headline"),
        url="",
        source=TEST_ID,
        publisher=write.say("chat.test.publisher"),
        tier=Tier.PRESS,
        event=Event.EXPORT_RULE,
        status=Status.REPORTED,
        previous_status=None,
        mentions=(
            Mention("Nvidia", "NVDA", -1),
            Mention("AMD", "AMD", -1),
            Mention("TSMC", "TSM", -1, primary=False, role="foundry"),
        ),
        facts=("H20",),
        chip_export=1.0,
        market_moving=1.0,
        model=TEST_ID,
        published_at=now,
        first_seen_at=now,
        created_at=now,
    )


def similar(alert: Alert, others: Iterable[Alert], limit: int) -> list[Alert]:
    """Past alerts that are most like one: of other stories, the more companies and the same event the better, each
    story once."""
    named = set(alert.tickers)
    found: dict[str, tuple[int, Alert]] = {}
    for other in others:
        if other.story == alert.story or other.created_at >= alert.created_at:
            continue
        likeness = 2 * len(named & set(other.tickers)) + 3 * (other.event is alert.event is not Event.OTHER)
        if likeness >= 2 and likeness > found.get(other.story, (0, other))[0]:
            found[other.story] = likeness, other
    ranked = sorted(found.values(), key=lambda pair: (pair[0], pair[1].created_at), reverse=True)
    return [other for _, other in ranked[:limit]]


def mute_buttons(alert: Alert, write: Writer) -> tuple[tuple[Button, ...], ...]:
    """What can be done with each ticker of an alert, a row each."""
    return tuple(
        (
            write.button("button.mute_1h", f"mute_ticker:{ticker}:1h", ticker=ticker),
            write.button("button.mute_1d", f"mute_ticker:{ticker}:1d", ticker=ticker),
            write.button("button.follow", f"follow:{ticker}", ticker=ticker),
        )
        for ticker in list(alert.tickers)[:3]
    )
