"""A card as Telegram's HTML. Pure; whatever the words are, Telegram accepts it.

Limits: core.telegram.org/bots/api, "sendMessage" (1-4096 characters after entities parsing, counted in UTF-16 code
units) and "HTML style" (``< > &`` escaped in text, ``"`` too in attributes).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import Alert
from bot.notifiers.card import SENT_ROOM, Card, card_of, sent_note
from bot.notifiers.text import utf16_len

MAX_TEXT = 4_096  # UTF-16 code units after entity parsing
MAYBE_NOTE = "(may have been sent before)"
_ROOM = SENT_ROOM + len(MAYBE_NOTE) + 2  # what ``finished`` may add


@dataclass(frozen=True, slots=True)
class Text:
    """The same words twice: as HTML and as a reader sees them."""

    html: str
    plain: str

    def __add__(self, other: Text) -> Text:
        """One after the other."""
        return Text(self.html + other.html, self.plain + other.plain)


def text_of(alert: Alert) -> Text:
    """The alert in full, or in short where that would be too long; with room left for ``finished``."""
    full = _compose(card_of(alert))
    if utf16_len(full.plain) + _ROOM <= MAX_TEXT:
        return full
    return _compose(card_of(alert, short=True))


def finished(text: Text, alert: Alert, sent_at: datetime, *, maybe_sent: bool) -> Text:
    """The text with what is only known when it leaves: the time, and a warning that it may be there already."""
    note = sent_note(alert, sent_at)
    text = Text(text.html.removesuffix("</i>") + note + "</i>", text.plain + note)
    return (_tagged("i", MAYBE_NOTE) + _raw("\n") + text) if maybe_sent else text


def escape(text: str) -> str:
    """Escaped for text; Telegram knows no other named entity than these and ``&quot;``."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _compose(card: Card) -> Text:
    """First what the notification's preview shows: how loud, which tickers. The last line is in italics."""
    first = _tagged("b", f"{card.label} {card.named_line}".rstrip())
    lines = [first, _link(card.url, card.headline), _raw(card.what)]
    if card.change:
        lines.append(_tagged("b", f"Update: {card.change}"))
    if card.exposed:
        lines.append(_raw(f"Exposed (inferred): {card.exposed_line}"))
    if card.facts:
        lines.append(_raw(card.facts_line))
    lines += [_raw(card.source), _tagged("i", card.timing)]
    whole = lines[0]
    for line in lines[1:]:
        whole = whole + _raw("\n") + line
    return whole


def _raw(text: str) -> Text:
    return Text(escape(text), text)


def _tagged(tag: str, text: str) -> Text:
    return Text(f"<{tag}>{escape(text)}</{tag}>", text)


def _link(url: str, text: str) -> Text:
    """A linked text; in plain words the address follows on a line of its own."""
    if not url:
        return _raw(text)
    target = escape(url).replace('"', "&quot;")
    return Text(f'<a href="{target}">{escape(text)}</a>', f"{text}\n{url}")
