"""A digest as Telegram's HTML. Pure; whatever the words are, Telegram accepts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Alert
from bot.notifiers.digest import Entry, digest_of, sent_note
from bot.notifiers.telegram.markup import MAX_TEXT, ROOM, Text, linked, noted, raw, tagged
from bot.notifiers.text import utf16_len

MAX_ENTITIES = 100  # core.telegram.org/bots/api, "Formatting options": those after the hundredth are ignored
MAX_HTML = 20_000  # characters with their markup and addresses; our own bound
_EACH = 2  # entities of an entry
_FIXED = 2  # the title's and the last line's
_BREAK = raw("\n")
_GAP = raw("\n\n")


def digest_text(alerts: Sequence[Alert]) -> Text:
    """As many of the alerts as find room, the others counted; with room left for ``finished_digest``."""
    digest = digest_of(alerts)
    whole = tagged("b", digest.title) + _BREAK + raw(digest.counts)
    end = tagged("i", digest.timing)
    room = MAX_TEXT - ROOM - utf16_len(end.plain) - len(digest.more(0)) - 2 * len(_GAP.plain)
    shown = 0
    for entry in digest.entries[: (MAX_ENTITIES - _FIXED) // _EACH]:
        longer = whole + _GAP + _entry(entry)
        if utf16_len(longer.plain) > room or len(longer.html) > MAX_HTML:
            break
        whole, shown = longer, shown + 1
    if more := digest.more(shown):
        whole = whole + _GAP + raw(more)
    return whole + _GAP + end


def finished_digest(text: Text, alerts: Sequence[Alert], sent_at: datetime, *, maybe_sent: bool) -> Text:
    """The text with what is only known when it leaves."""
    return noted(text, sent_note(alerts, sent_at), maybe_sent=maybe_sent)


def _entry(entry: Entry) -> Text:
    return tagged("b", entry.mark) + raw(" ") + linked(entry.url, entry.headline) + raw(f" · {entry.tail}")
