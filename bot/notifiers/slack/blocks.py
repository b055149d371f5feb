"""A card as Slack's Block Kit. Pure; whatever the words are, every limit holds.

Limits: docs.slack.dev, "Block Kit" reference (header, section, context) and "chat.postMessage"; the limit on the sum
over all blocks is not documented and was found at about 13,000 characters.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain import Urgency
from bot.notifiers.card import SENT_ROOM, Card, plain_lines
from bot.notifiers.text import ELLIPSIS, shorten

MAX_HEADER = 150
MAX_SECTION = 3_000
MAX_TEXT = 4_000  # recommended; 40,000 is where Slack cuts
MAX_BLOCKS = 50
MAX_SUM = 13_000

# How loud, seen before it is read: a channel is scanned by colour.
_MARKS = {Urgency.FLASH: "🔴", Urgency.ALERT: "🟠", Urgency.WATCH: "⚪"}
_DENIED = "⛔"

# Our own bounds for the parts of a card, escaped; together they stay below MAX_SUM, and what stands in one section
# below MAX_SECTION.
_HEADLINE = 2_600
_LINE = 1_200
_BADGE = 120
_CHANGE = 300
_LINK = 2_400
_TIMING = 400

Block = dict[str, Any]


def escape(text: str) -> str:
    """Slack's three: nothing else may be escaped, and nothing less keeps ``<!channel>`` from calling everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_within(text: str, limit: int) -> str:
    """Escaped and at most ``limit`` long; never cut inside an entity."""
    whole = escape(text)
    if len(whole) <= limit:
        return whole
    kept: list[str] = []
    room = limit - len(ELLIPSIS)
    for char in text:
        piece = escape(char)
        if len(piece) > room:
            break
        kept.append(piece)
        room -= len(piece)
    return "".join(kept).rstrip() + ELLIPSIS


def blocks_of(card: Card, *, times: str) -> list[Block]:
    """The blocks of a card; the last one holds the times.

    Args:
        card: what to say.
        times: published, seen and, once it leaves, sent.
    """
    label = f"{_DENIED if card.denied else _MARKS[card.urgency]} {card.label}"
    title = label if card.struck else f"{label} · {card.headline}"
    blocks = [header(title)]
    if card.struck:  # a header knows no markup: what is taken back stands below it, struck out
        blocks.append(section(_struck(escape_within(card.headline, _HEADLINE))))
    elif len(title) > MAX_HEADER:
        blocks.append(section(escape_within(card.headline, _HEADLINE)))
    lines = [
        _bold(escape_within(card.named_line, _LINE)),
        f"{_badge(card.event)}  {_badge(card.status)}",
        _bold(escape_within(card.update_line, _CHANGE)),
        escape_within(card.facts_line, _LINE),
    ]
    blocks.append(section("\n".join(line for line in lines if line)))
    if card.exposed:
        line = card.texts.say("card.exposed_line", names=card.exposed_line)
        blocks.append(context(escape_within(line, _LINE)))
    blocks.append(context(_source(card)))
    blocks.append(context(escape_within(times, _TIMING)))
    return blocks


def fallback_of(card: Card) -> str:
    """One line for notifications and screen readers, escaped."""
    shown = _taken_back(card)
    parts = (f"{card.label} {card.named_line}".rstrip(), shown.headline, card.what, card.change, card.source)
    return escape_within(" · ".join(part for part in parts if part), MAX_TEXT)


def plain_of(card: Card, *, times: str) -> str:
    """The whole card as text alone, escaped: for the case that Slack refuses every block. A sent note finds room."""
    return escape_within("\n".join([*plain_lines(_taken_back(card)), times]), MAX_TEXT - SENT_ROOM)


def header(text: str) -> Block:
    """A block of large text: shown to the letter, so nothing in it is escaped; cut where it is too long."""
    return {"type": "header", "text": plain(shorten(text, MAX_HEADER))}


def section(text: str) -> Block:
    """A block of text, already escaped; at most MAX_SECTION characters."""
    return {"type": "section", "text": _mrkdwn(text)}


def context(text: str) -> Block:
    """A block of small text, already escaped."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def plain(text: str) -> dict[str, Any]:
    """Text without markup: ``:words:`` between colons stay words."""
    return {"type": "plain_text", "text": text, "emoji": False}


def stamped(blocks: list[Block], note: str) -> list[Block]:
    """The blocks with a note, not yet escaped, at the end of their times: those are the last small text."""
    at = max(index for index, block in enumerate(blocks) if block["type"] == "context")
    (times,) = blocks[at]["elements"]
    return [*blocks[:at], context(times["text"] + escape(note)), *blocks[at + 1 :]]


def _mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: otherwise Slack reads bare addresses, #channels and some @mentions into the words.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _source(card: Card) -> str:
    name = escape(card.publisher)
    link = escape(card.url)
    if link and len(link) <= _LINK:
        name = f"<{link}|{name}>"
    return f"{name} · {escape(card.standing)}"


def _bold(text: str) -> str:
    """Bold; a mark inside would end it early, so it becomes one that only looks like it. Nothing stays nothing."""
    return f"*{text.replace('*', '∗')}*" if text else ""


def _struck(text: str) -> str:
    return f"~{text.replace('~', '∼')}~"


def _badge(text: str) -> str:
    return f"`{escape_within(text.replace('`', 'ˋ'), _BADGE)}`"


def _taken_back(card: Card) -> Card:
    """The card with its headline marked as struck out where it is; text alone has no other way."""
    return replace(card, headline=_struck(card.headline)) if card.struck else card
