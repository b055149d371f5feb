"""A digest as Slack's Block Kit. Pure; whatever the words are, every limit of ``blocks`` holds."""

from __future__ import annotations

from bot.notifiers.card import SENT_ROOM
from bot.notifiers.digest import Digest, Entry, fitting, plain_line
from bot.notifiers.slack.blocks import (
    MAX_SECTION,
    MAX_SUM,
    MAX_TEXT,
    Block,
    context,
    escape,
    escape_within,
    header,
    section,
)

ROOM = MAX_SUM - 1_000  # for the lines; the rest is for the header, the counts and the times
SHORT_ROOM = ROOM // 3
_MARK = 400  # escaped
_HEADLINE = 500
_TAIL = 400
_LINK = 700  # a longer address is left out: better the next alert than the last parameter
_ALOUD = 3  # headlines in the notification


def digest_blocks(digest: Digest, *, times: str, room: int = ROOM) -> list[Block]:
    """The blocks of a digest; the last one holds the times.

    Args:
        digest: what to say.
        times: seen and, once it leaves, sent.
        room: for the lines, in characters; what finds none is counted.
    """
    lines = fitting([_line(entry) for entry in digest.entries], room)
    blocks = [header(digest.title), context(escape(digest.counts))]
    rest = lines
    while rest:
        together = fitting(rest, MAX_SECTION)
        blocks.append(section("\n".join(together)))
        rest = rest[len(together) :]
    if more := digest.more(len(lines)):
        blocks.append(context(more))
    blocks.append(context(escape(times)))
    return blocks


def digest_fallback(digest: Digest) -> str:
    """One line for notifications and screen readers, escaped: how many, and what the first ones say."""
    first = [f"{entry.mark} {entry.headline}" for entry in digest.entries[:_ALOUD]]
    return escape_within(" · ".join([digest.title, *first]), MAX_TEXT)


def digest_plain(digest: Digest, *, times: str) -> str:
    """The digest as text alone, escaped: for the case that Slack refuses every block."""
    head = [escape(digest.title), escape(digest.counts)]
    room = MAX_TEXT - SENT_ROOM - sum(map(len, head)) - len(digest.more(0)) - len(escape(times)) - 4
    lines = fitting([escape(plain_line(entry)) for entry in digest.entries], room)
    more = digest.more(len(lines))
    return "\n".join([*head, *lines, *([more] if more else []), escape(times)])


def _line(entry: Entry) -> str:
    headline = escape_within(entry.headline, _HEADLINE)
    link = escape(entry.url)
    if link and len(link) <= _LINK:
        headline = f"<{link}|{headline}>"
    return f"*{escape_within(entry.mark, _MARK)}* {headline} · {escape_within(entry.tail, _TAIL)}"
