"""A card as Telegram's HTML. Pure; whatever the words are, Telegram accepts it.

Limits: core.telegram.org/bots/api, "sendMessage" and "sendPhoto" (1-4096 and 0-1024 characters after entities
parsing, counted in UTF-16 code units), "HTML style" (``< > &`` escaped in text, ``"`` too in attributes) and
"Formatting options" (of more than 100 entities the rest is ignored).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain import Urgency
from bot.notifiers.card import SENT_ROOM, Card, Tag
from bot.notifiers.text import ELLIPSIS, clean, shorten, utf16_len
from bot.texts import texts_of

MAX_TEXT = 4_096  # UTF-16 code units after entity parsing
MAX_CAPTION = 1_024  # the same, under a picture
MAX_ENTITIES = 100
MAYBE_ROOM = 48  # units that the warning of a resend may take, in any language
ROOM = SENT_ROOM + MAYBE_ROOM + 2  # what ``noted`` may add
BRIEF_HEADLINE = 80  # code points
BRIEF_TAGS = 2

_MARKS = {Urgency.FLASH: "🔴", Urgency.ALERT: "🟠", Urgency.WATCH: "⚪"}
_DENIED = "⛔"
# Telegram makes a cashtag of one to eight capitals and a hashtag of letters, digits and low lines, one letter at least;
# neither inside a link.
_CASHTAG = re.compile(r"[A-Z]{1,8}")
_MAX_HASHTAG = 64
# What Telegram makes tags, mentions, commands and links of by itself, and what looks like it and is left alone.
_MAKERS = "#$@/."
_HARMLESS = str.maketrans(_MAKERS, "＃＄＠／．")
_OURS = 10  # entities of a card's own markup, at most


@dataclass(frozen=True, slots=True)
class Text:
    """The same words twice: as HTML and as a reader sees them."""

    html: str
    plain: str

    def __add__(self, other: Text) -> Text:
        """One after the other."""
        return Text(self.html + other.html, self.plain + other.plain)


NOTHING = Text("", "")


def text_of(cards: Sequence[Card], *, limit: int = MAX_TEXT) -> Text:
    """The first of the cards that fits, with room left for ``noted``.

    Args:
        cards: the same alert in full and in short; where none fits, the last is told more briefly still.
        limit: in UTF-16 code units.
    """
    for card in [*cards, brief(cards[-1])]:
        text = _compose(card)
        linked_words = card.headline + card.url if card.url else ""  # a link holds no other entity
        if makers(text.plain) - makers(linked_words) > MAX_ENTITIES - _OURS:
            text = _compose(_harmless(card))
        if utf16_len(text.plain) + ROOM <= limit:
            break
    return text


def noted(text: Text, note: str, *, maybe_sent: bool, language: str = "en") -> Text:
    """A note at the end of the last line, which is in italics; and a first line that warns, where it must."""
    text = Text(text.html.removesuffix("</i>") + escape(note) + "</i>", text.plain + note)
    if not maybe_sent:
        return text
    return tagged("i", texts_of(language).say("card.maybe_sent")) + raw("\n") + text


def brief(card: Card) -> Card:
    """The bare minimum: how loud, whom it concerns, what happened and how sure, the link and the source."""
    return replace(
        card,
        headline=shorten(card.headline, BRIEF_HEADLINE),
        named=card.named[:BRIEF_TAGS],
        more_named=card.more_named + len(card.named[BRIEF_TAGS:]),
        exposed=(),
        more_exposed=0,
        change="",
        facts=(),
    )


def makers(text: str) -> int:
    """How many entities Telegram could find by itself in plain words, at most."""
    return sum(map(text.count, _MAKERS))


def harmless(text: str) -> str:
    """Words of which Telegram makes no entity: with signs that look like the ones it reads."""
    return text.translate(_HARMLESS)


def ticker_tag(name: str) -> str:
    """``$NVDA`` for what Telegram takes as a cashtag, ``#005930KS`` for other tickers, the name where it is neither."""
    return f"${name}" if _CASHTAG.fullmatch(name) else _tag_of(name) or name


def hashtag(words: str) -> str:
    """``#ImportRule`` of ``import rule``; empty where there is no letter."""
    return _tag_of("".join(word[:1].upper() + word[1:] for word in words.split()))


def escape(text: str) -> str:
    """Escaped for text; Telegram knows no other named entity than these and ``&quot;``."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def raw(text: str) -> Text:
    """Words without markup."""
    return Text(escape(text), text)


def tagged(tag: str, text: str | Text) -> Text:
    """Words in one tag."""
    inner = raw(text) if isinstance(text, str) else text
    return Text(f"<{tag}>{inner.html}</{tag}>", inner.plain)


def linked(url: str, text: str | Text) -> Text:
    """A linked text, where the address is not empty; in plain words the address is left out."""
    inner = raw(text) if isinstance(text, str) else text
    if not url:
        return inner
    target = escape(url).replace('"', "&quot;")
    return Text(f'<a href="{target}">{inner.html}</a>', inner.plain)


def plain_words(text: str) -> str:
    """A note to a person, line by line, as long as a message may be."""
    words = "\n".join(clean(line) for line in text.splitlines()).strip() or ELLIPSIS
    if utf16_len(words) <= MAX_TEXT:
        return words
    return words.encode("utf-16-le")[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + ELLIPSIS


def _compose(card: Card) -> Text:
    """First what the notification's preview shows: how loud, which tickers. The last line is in italics."""
    mark = _DENIED if card.denied else _MARKS[card.urgency]
    lines = [tagged("b", f"{mark} {card.label}"), _headline(card), _what(card)]
    if card.named:
        between = " · " if any(tag.quote for tag in card.named) else " "
        lines[0] = lines[0] + raw(" ") + _tags(card, card.named, card.more_named, between)
    if card.update_line:
        lines.append(tagged("b", card.update_line))
    if card.exposed:
        before, _, after = card.texts.say("card.exposed_line", names="\0").partition("\0")
        lines.append(raw(before) + _tags(card, card.exposed, card.more_exposed, ", ") + raw(after))
    if card.facts:
        lines.append(raw(card.facts_line))
    lines += [raw(card.source), tagged("i", card.timing)]
    return joined(lines, "\n")


def joined(parts: Sequence[Text], between: str) -> Text:
    """The parts with the same words between any two."""
    whole = parts[0] if parts else NOTHING
    for part in parts[1:]:
        whole = whole + raw(between) + part
    return whole


def _headline(card: Card) -> Text:
    """The headline as the link; in plain words the address follows on a line of its own."""
    text = tagged("b", tagged("s", card.headline) if card.struck else card.headline)
    text = linked(card.url, text)
    return Text(text.html, f"{card.headline}\n{card.url}") if card.url else text


def _what(card: Card) -> Text:
    """``#ImportRule · reported, not confirmed``; how sure it is stands out where that is not sure at all."""
    status = tagged("b", card.status) if card.denied else raw(card.status)
    return raw(f"{hashtag(card.event) or card.event} · ") + status


def _tags(card: Card, tags: Sequence[Tag], more: int, between: str) -> Text:
    """Listed companies by their tags, then the others by their names."""
    listed = joined([raw(words) for words in _said(tag for tag in tags if tag.listed)], between)
    others = joined([raw(words) for words in _said(tag for tag in tags if not tag.listed)], ", ")
    parts = [part for part in (listed, others) if part.plain]
    line = joined(parts, ", " if between == ", " else " · ")
    return line + raw(card.texts.say("card.more_end", n=more)) if more else line


def _said(tags: Iterator[Tag]) -> Iterator[str]:
    for tag in tags:
        name = ticker_tag(tag.name) if tag.listed else tag.name
        yield " ".join(part for part in (tag.arrow, name, tag.quote, tag.role) if part)


def _tag_of(name: str) -> str:
    kept = "".join(c for c in name if c == "_" or unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Nd")
    kept = kept[:_MAX_HASHTAG]
    return f"#{kept}" if any(unicodedata.category(c)[0] == "L" for c in kept) else ""


def _harmless(card: Card) -> Card:
    def tame(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
        return tuple(replace(tag, name=harmless(tag.name), role=harmless(tag.role)) for tag in tags)

    return replace(
        card,
        headline=harmless(card.headline),
        named=tame(card.named),
        exposed=tame(card.exposed),
        facts=tuple(map(harmless, card.facts)),
        publisher=harmless(card.publisher),
    )
