"""A digest as Telegram's HTML. Pure; whatever the words are, Telegram accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import Alert
from bot.notifiers.digest import Entry, digest_of, sent_note
from bot.notifiers.telegram.markup import (
    MAX_ENTITIES,
    MAX_TEXT,
    ROOM,
    Text,
    harmless,
    linked,
    makers,
    noted,
    raw,
    tagged,
)
from bot.notifiers.text import utf16_len

MAX_HTML = 20_000  # characters with their markup and addresses: with every sign of 3 bytes below Telegram's 32,768
_EACH = 2  # entities of an entry's own
_MOST = 8  # that an entry's words may come to besides
_FIXED = 3  # the title's, the last line's and the warning's
_BREAK = raw("\n")
_GAP = raw("\n\n")


def digest_text(alerts: Sequence[Alert], *, language: str = "en") -> Text:
    """As many of the alerts as find room, the others counted; with room left for ``finished_digest``."""
    digest = digest_of(alerts, language=language)
    whole = tagged("b", digest.title) + _BREAK + raw(digest.counts)
    end = tagged("i", digest.timing)
    room = MAX_TEXT - ROOM - utf16_len(end.plain) - utf16_len(digest.more(0)) - 2 * len(_GAP.plain)
    shown, entities = 0, _FIXED
    for entry in digest.entries:
        told, cost = _entry(entry)
        longer = whole + _GAP + told
        entities += cost
        if entities > MAX_ENTITIES or utf16_len(longer.plain) > room or len(longer.html) > MAX_HTML:
            break
        whole, shown = longer, shown + 1
    if more := digest.more(shown):
        whole = whole + _GAP + raw(more)
    return whole + _GAP + end


def finished_digest(
    text: Text, alerts: Sequence[Alert], sent_at: datetime, *, maybe_sent: bool, language: str = "en"
) -> Text:
    """The text with what is only known when it leaves."""
    return noted(text, sent_note(alerts, sent_at, language=language), maybe_sent=maybe_sent, language=language)


def _entry(entry: Entry) -> tuple[Text, int]:
    """One alert on one line, and how many entities that comes to at most."""
    free = f"{entry.mark} {entry.tail}" + ("" if entry.url else entry.headline)  # a link holds no other entity
    if makers(free) > _MOST:
        headline = entry.headline if entry.url else harmless(entry.headline)
        entry = replace(entry, mark=harmless(entry.mark), headline=headline, tail=harmless(entry.tail))
        free = ""
    told = tagged("b", entry.mark) + raw(" ") + linked(entry.url, entry.headline) + raw(f" · {entry.tail}")
    return told, _EACH + makers(free)
