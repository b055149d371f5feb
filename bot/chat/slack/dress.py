"""An answer in Slack's Block Kit: a message, or a window over it. Pure; every limit holds.

Limits: docs.slack.dev, "Block Kit" reference, and "Views" (100 blocks, titles of 24 characters).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.asking import Button, Line, Reply, Span
from bot.notifiers.card import card_of
from bot.notifiers.slack.blocks import MAX_SECTION, MAX_TEXT, Block, blocks_of, escape, escape_within, plain, section
from bot.notifiers.slack.buttons import MAX_LABEL, buttons_of
from bot.notifiers.text import ELLIPSIS, shorten
from bot.texts import Texts

MAX_TITLE = 24
ROOM = 9_000  # for the lines of one answer, escaped; the rest of what a message holds is for buttons and a card
INLINE = 2_500  # a document up to this long stands in the answer itself
_LINE = 2_900
_URL = 2_000
_MARKS = {"bold": ("*", "∗"), "italic": ("_", "ˍ"), "code": ("`", "ˋ")}  # a mark, and one that only looks like it
# What a press means stands in the button's value. Its action_id must be another for each button of a row.
_LINK = "link"
_LOUD = {"cmd:forget yes": "danger", "sub:": "primary"}


def message_of(reply: Reply, texts: Texts) -> dict[str, Any]:
    """The text and blocks of an answer."""
    blocks = reply_blocks(reply, texts)
    message: dict[str, Any] = {"text": escape_within(reply.text, MAX_TEXT) or texts.say("slack.home.answer")}
    return {**message, "blocks": blocks} if blocks else message


def reply_blocks(reply: Reply, texts: Texts) -> list[Block]:
    """The lines, whole cards, then the buttons."""
    blocks: list[Block] = [section(text) for text in _sections(mrkdwn(line) for line in reply.lines)]
    for alert in reply.alerts[:3]:
        card = card_of(alert, short=True, language=texts.language)
        blocks += [*blocks_of(card, times=card.timing), buttons_of(alert, card.texts)]
    if reply.document is not None and len(text := escape(reply.document.text)) <= INLINE:
        blocks.append(section(f"```{text.replace('`', 'ˋ').rstrip()}```"))
    blocks += [row_of(row, n) for n, row in enumerate(reply.buttons) if row]
    return blocks


def window_of(reply: Reply, texts: Texts, *, kept: str) -> dict[str, Any]:
    """The same as a window over the App Home, where there is no message to answer."""
    return {
        "type": "modal",
        "callback_id": "answer",
        "private_metadata": kept,
        "title": title(texts.say("slack.home.answer")),
        "close": title(texts.say("slack.home.done")),
        "blocks": reply_blocks(reply, texts)[:100],
    }


def row_of(row: Sequence[Button], n: int = 0) -> Block:
    """Buttons beside each other."""
    return {"type": "actions", "elements": [button_of(button, f"{n}.{m}") for m, button in enumerate(row)]}


def button_of(button: Button, place: str) -> dict[str, Any]:
    """One button; ``place`` tells it from the others of its message."""
    made: dict[str, Any] = {"type": "button", "text": plain(shorten(button.label, MAX_LABEL))}
    if button.url:
        return {**made, "action_id": f"{_LINK}.{place}", "url": button.url}
    made |= {"action_id": f"{button.action.partition(':')[0]}.{place}", "value": button.action}
    style = _LOUD.get(button.action)
    return {**made, "style": style} if style is not None else made


def title(text: str) -> dict[str, Any]:
    """The title or a button of a window."""
    return plain(shorten(text, MAX_TITLE))


def mrkdwn(line: Line) -> str:
    """A line, escaped and marked; what does not fit is cut between two of its spans, or within the last."""
    done = ""
    for span in line:
        piece = _span(span, _LINE - len(done))
        if not piece:
            return f"{done}{ELLIPSIS}"
        done += piece
    return done


def _span(span: Span, room: int) -> str:
    """Marks hold only right beside the words, so blanks at the ends stay outside of them."""
    text = span.text.replace("\n", " ")
    words = text.strip()
    if not words:
        return " " if text and room > 0 else ""
    link = escape(span.url)
    link = link if link and len(link) <= _URL and len(link) + 20 < room else ""
    left = room - len(link) - 8  # marks, blanks, and the brackets of a link
    if left <= 0:
        return ""
    mark, like = _MARKS.get(span.style, ("", ""))
    inner = escape_within(words.replace(mark, like) if mark else words, left)
    if link:
        inner = f"<{link}|{inner.replace('|', '¦')}>"
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before and ' '}{mark}{inner}{mark}{after and ' '}"


def _sections(lines: Iterable[str]) -> list[str]:
    """Lines gathered to as few sections as hold them; those for which there is no room are left out, and it shows."""
    sections: list[str] = []
    room = ROOM
    for line in lines:
        if not line:
            continue
        if len(line) > room:
            sections.append(ELLIPSIS)
            break
        room -= len(line)
        if sections and len(sections[-1]) + 1 + len(line) <= MAX_SECTION:
            sections[-1] += f"\n{line}"
        else:
            sections.append(line)
    return sections
