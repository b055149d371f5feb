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
ROOM = SENT_ROOM + len(MAYBE_NOTE) + 2  # what ``noted`` may add


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
    if utf16_len(full.plain) + ROOM <= MAX_TEXT:
        return full
    return _compose(card_of(alert, short=True))


def finished(text: Text, alert: Alert, sent_at: datetime, *, maybe_sent: bool) -> Text:
    """The text with what is only known when it leaves: the time, and a warning that it may be there already."""
    return noted(text, sent_note(alert, sent_at), maybe_sent=maybe_sent)


def noted(text: Text, note: str, *, maybe_sent: bool) -> Text:
    """A note at the end of the last line, which is in italics; and a first line that warns, where it must."""
    text = Text(text.html.removesuffix("</i>") + note + "</i>", text.plain + note)
    return (tagged("i", MAYBE_NOTE) + raw("\n") + text) if maybe_sent else text


def escape(text: str) -> str:
    """Escaped for text; Telegram knows no other named entity than these and ``&quot;``."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _compose(card: Card) -> Text:
    """First what the notification's preview shows: how loud, which tickers. The last line is in italics."""
    first = tagged("b", f"{card.label} {card.named_line}".rstrip())
    lines = [first, _headline(card), raw(card.what)]
    if card.change:
        lines.append(tagged("b", f"Update: {card.change}"))
    if card.exposed:
        lines.append(raw(f"Exposed (inferred): {card.exposed_line}"))
    if card.facts:
        lines.append(raw(card.facts_line))
    lines += [raw(card.source), tagged("i", card.timing)]
    whole = lines[0]
    for line in lines[1:]:
        whole = whole + raw("\n") + line
    return whole


def raw(text: str) -> Text:
    """Words without markup."""
    return Text(escape(text), text)


def tagged(tag: str, text: str) -> Text:
    """Words in one tag."""
    return Text(f"<{tag}>{escape(text)}</{tag}>", text)


def linked(url: str, text: str) -> Text:
    """A linked text, where the address is not empty; in plain words the address is left out."""
    if not url:
        return raw(text)
    target = escape(url).replace('"', "&quot;")
    return Text(f'<a href="{target}">{escape(text)}</a>', text)


def _headline(card: Card) -> Text:
    """The headline as the link; in plain words the address follows on a line of its own."""
    text = linked(card.url, card.headline)
    return Text(text.html, f"{card.headline}\n{card.url}") if card.url else text
