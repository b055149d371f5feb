"""An answer as Telegram shows it. Pure; whatever the words are, Telegram accepts it.

Source: core.telegram.org/bots/api, "sendMessage" (1-4096 characters after entities parsing, in UTF-16 code units),
"answerCallbackQuery" (text of 0-200 characters).
"""

from __future__ import annotations

from bot.chat.asking import Line, Reply, Span
from bot.notifiers.card import card_of
from bot.notifiers.telegram.markup import (
    MAX_ENTITIES,
    MAX_TEXT,
    Text,
    joined,
    linked,
    plain_words,
    raw,
    tagged,
    text_of,
)
from bot.notifiers.text import ELLIPSIS, clean, shorten, utf16_len

MAX_ALERT = 200  # of a pressed button's answer; counted in UTF-16 code units, which are never fewer than characters
MAX_MESSAGES = 4  # of one answer; more is a flood
FIRST = 70  # code points of an alert's first line, where more follow
_REST = f"\n{ELLIPSIS}"
_TAGS = {"bold": "b", "code": "code", "italic": "i"}


def messages_of(reply: Reply, *, language: str = "en") -> list[Text]:
    """The messages that an answer takes, each within Telegram's limits: its lines in as few as there may be, then each
    of its alerts as a card. What would be more than ``MAX_MESSAGES`` is left out."""
    packed = _packed([_line(line) for line in reply.lines])
    cards = [text_of([card_of(a, language=language), card_of(a, short=True, language=language)]) for a in reply.alerts]
    return (packed + cards)[:MAX_MESSAGES]


def alert_of(reply: Reply) -> str:
    """The first lines of an answer, as many as a pressed button's answer has room for; a headline leaves some."""
    lines = [words for line in reply.text.splitlines() if (words := clean(line))]
    if len(lines) > 1:
        lines[0] = shorten(lines[0], FIRST)
    said = ""
    for line in lines:
        longer = f"{said}\n{line}" if said else line
        if utf16_len(longer) + len(_REST) > MAX_ALERT:
            return said + _REST if said else _cut(line, MAX_ALERT)
        said = longer
    return said


def _packed(lines: list[tuple[Text, int]]) -> list[Text]:
    """Lines in as few messages as they fit in; none begins or ends with an empty line."""
    parts: list[list[Text]] = [[]]
    units = entities = 0
    for text, marks in lines:
        length = utf16_len(text.plain) + 1
        if parts[-1] and (units + length > MAX_TEXT or entities + marks > MAX_ENTITIES):
            parts.append([])
            units = entities = 0
        if not parts[-1] and not text.plain.strip():
            continue
        parts[-1].append(text)
        units += length
        entities += marks
    return [joined(part, "\n") for part in parts if part]


def _line(line: Line) -> tuple[Text, int]:
    """A line, and how many entities it has."""
    text = joined([_span(span) for span in line if span.text], "")
    if utf16_len(text.plain) >= MAX_TEXT:
        return raw(_cut(plain_words(text.plain), MAX_TEXT - 1)), 0
    return text, sum(bool(span.style) + bool(span.url) for span in line)


def _span(span: Span) -> Text:
    # Half of a pair cannot be encoded, and a line is a line.
    words = " ".join(span.text.encode("utf-8", "replace").decode().splitlines())
    text = tagged(_TAGS[span.style], words) if span.style and words.strip() else raw(words)
    if not span.url:
        return text
    return Text(linked(span.url, text).html, text.plain)


def _cut(text: str, limit: int) -> str:
    if utf16_len(text) <= limit:
        return text
    return text.encode("utf-16-le", "replace")[: 2 * (limit - 1)].decode("utf-16-le", "ignore").rstrip() + ELLIPSIS
