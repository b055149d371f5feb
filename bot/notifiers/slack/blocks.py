"""A card as Slack's Block Kit. Pure; whatever the words are, every limit holds.

Limits: docs.slack.dev, "Block Kit" reference (header, section, context) and "chat.postMessage"; the limit on the sum
over all blocks is not documented and was found at about 13,000 characters.
"""

from __future__ import annotations

from typing import Any

from bot.notifiers.card import SENT_ROOM, Card, plain_lines
from bot.notifiers.text import ELLIPSIS, shorten

MAX_HEADER = 150
MAX_SECTION = 3_000
MAX_TEXT = 4_000  # recommended; 40,000 is where Slack cuts
MAX_BLOCKS = 50
MAX_SUM = 13_000

# Our own bounds for the parts of a card, escaped; together they stay below MAX_SUM.
_HEADLINE = 2_600
_LINE = 1_200
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
    header = f"{card.label} · {card.headline}"
    blocks: list[Block] = [
        # A header is plain text: shown to the letter, so nothing in it is escaped.
        {
            "type": "header",
            "text": {"type": "plain_text", "text": shorten(header, MAX_HEADER), "emoji": False},
        }
    ]
    lines = []
    if len(header) > MAX_HEADER:
        lines.append(escape_within(card.headline, _HEADLINE))
    if card.named:
        lines.append(f"*{escape_within(card.named_line, _LINE)}*")
    blocks += [section(line) for line in lines]
    details = [escape(card.what)]
    if card.change:
        details.append(f"*Update: {escape(card.change)}*")
    if card.facts:
        details.append(escape_within(card.facts_line, _LINE))
    blocks.append(section("\n".join(details)))
    if card.exposed:
        blocks.append(context(f"Exposed (inferred): {escape_within(card.exposed_line, _LINE)}"))
    blocks.append(context(_source(card)))
    blocks.append(context(escape_within(times, _TIMING)))
    return blocks


def fallback_of(card: Card) -> str:
    """One line for notifications and screen readers, escaped."""
    parts = (f"{card.label} {card.named_line}".rstrip(), card.headline, card.what, card.change, card.source)
    return escape_within(" · ".join(part for part in parts if part), MAX_TEXT)


def plain_of(card: Card, *, times: str) -> str:
    """The whole card as text alone, escaped: for the case that Slack refuses every block."""
    return escape_within("\n".join([*plain_lines(card), times]), MAX_TEXT - SENT_ROOM)


def _source(card: Card) -> str:
    name = escape(card.publisher)
    link = escape(card.url)
    if link and len(link) <= _LINK:
        name = f"<{link}|{name}>"
    return f"{name} · {escape(card.standing)}"


def section(text: str) -> Block:
    """A block of text, already escaped; at most MAX_SECTION characters."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def context(text: str) -> Block:
    """A block of small text, already escaped."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
