"""The App Home: what a person gets, what waits for them, what was told, and how the sources are. Pure.

Limits: docs.slack.dev, "App Home" and "Views" (100 blocks).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.chat.asking import Button, Home, Line, Reply, Span
from bot.chat.replies import described, muted, on_a_line
from bot.chat.slack.dress import button_of, mrkdwn, reply_blocks, row_of
from bot.chat.wishes import ORIGIN
from bot.chat.writing import Writer
from bot.notifiers.slack.blocks import MAX_SECTION, Block, context, header, section
from bot.notifiers.text import shorten

MAX_BLOCKS = 100
MOST_SUBSCRIPTIONS = 20  # of one chat there are no more that chat made
MOST = 10  # mutes, held and last alerts, each
_NAMES = 5  # sources that do not answer


def home_of(home: Home, write: Writer, now: datetime, *, answer: Reply | None = None) -> dict[str, Any]:
    """The view.

    Args:
        home: what is in it.
        write: in whose words.
        now: aware.
        answer: to what was pressed in it last; stands on top.
    """
    parts = [
        [*reply_blocks(answer, write.texts)[:10], _rule()] if answer is not None else [],
        _subscriptions(home, write),
        _mutes(home, write, now),
        _held(home, write, now),
        _latest(home, write, now),
        _sources(home, write, now),
    ]
    blocks = [block for part in parts for block in part][: MAX_BLOCKS - 1]
    return {"type": "home", "blocks": [*blocks, context(mrkdwn(write.line("slack.home.hint")))]}


def _subscriptions(home: Home, write: Writer) -> list[Block]:
    say = write.say
    blocks = [header(say("slack.home.subscriptions"))]
    if not home.subscriptions:
        blocks.append(section(mrkdwn(write.line("slack.home.none"))))
    for n, subscription in enumerate(home.subscriptions[:MOST_SUBSCRIPTIONS]):
        blocks.append(_line(described(subscription, write)))
        if subscription.origin == ORIGIN:
            row = (
                Button(say("slack.home.edit"), f"form:{subscription.id}"),
                Button(say("slack.home.remove"), f"cmd:unsubscribe {subscription.id}"),
            )
            blocks.append(row_of(row, n))
    first = () if home.subscriptions else (Button(say("chat.button.subscribe"), "sub:"),)
    row = (*first, Button(say("slack.home.new"), "form:"), Button(say("chat.button.test"), "cmd:test"))
    return [*blocks, row_of(row, 99)]


def _mutes(home: Home, write: Writer, now: datetime) -> list[Block]:
    if not home.mutes:
        return []
    blocks = [header(write.say("slack.home.mutes"))]
    for n, mute in enumerate(home.mutes[:MOST]):
        block = _line(muted(mute, write, now))
        if mute.to is not None:  # one for everybody is the operator's
            button = Button(write.say("chat.button.unmute"), f"cmd:unmute {mute.value}")
            block = {**block, "accessory": button_of(button, f"m.{n}")}
        blocks.append(block)
    return blocks


def _held(home: Home, write: Writer, now: datetime) -> list[Block]:
    if not home.held:
        return []
    blocks = [header(write.say("slack.home.held"))]
    for alert, until in home.held[:MOST]:
        when = write.moment(until, now)
        blocks.append(_line((*on_a_line(alert, write, now), Span(f" → {when}"))))
    if len(home.held) > MOST:
        blocks.append(context(write.say("slack.home.held_more", n=len(home.held) - MOST)))
    return blocks


def _latest(home: Home, write: Writer, now: datetime) -> list[Block]:
    blocks = [header(write.say("slack.home.latest"))]
    if not home.latest:
        blocks.append(section(mrkdwn(write.line("slack.home.latest_none"))))
    for n, alert in enumerate(home.latest[:MOST]):
        button = button_of(Button(write.say("button.why"), f"why:{alert.id}"), f"l.{n}")
        blocks.append({**_line(on_a_line(alert, write, now)), "accessory": button})
    return blocks


def _sources(home: Home, write: Writer, now: datetime) -> list[Block]:
    state = home.sources
    names = ", ".join(shorten(name, 40) for name, _ in state.failing[:_NAMES])
    if len(state.failing) > _NAMES:
        names = write.say("card.more", names=names, n=len(state.failing) - _NAMES)
    if not state.total:
        line = write.say("slack.home.sources_none")
    else:
        key = "sources_failing" if state.failing else "sources_well"
        line = write.say(f"slack.home.{key}", n=state.total, failing=len(state.failing), names=names)
    if state.last_new_at is not None:
        line += " " + write.say("slack.home.sources_last", at=write.moment(state.last_new_at, now))
    return [header(write.say("slack.home.sources")), _line((Span(line),))]


def _line(line: Line) -> Block:
    return section(mrkdwn(line)[:MAX_SECTION])


def _rule() -> Block:
    return {"type": "divider"}
