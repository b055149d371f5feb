"""From a source's markup to one clean line of text."""

from __future__ import annotations

import html
import re

MAX_HEADLINE = 500  # characters; the longest official titles have about 400
MAX_SUMMARY = 1000

_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--[^<>]*--)>")
_SILENT = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Controls, soft hyphen, zero-width and bidirectional marks: invisible, and able to make a line read as another one.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(markup: str, *, limit: int) -> str:
    """One line of plain text: tags gone, entities read, white space folded, at most ``limit`` characters.

    Feeds escape titles once, twice or not at all, whatever their type attribute says; so entities are read
    until none is left, three times at most, and tags are taken out before each reading. A lone "<" stays.
    """
    text = markup[: 20 * limit]  # nothing is read from a megabyte of markup before the first words
    for _ in range(3):
        text = _TAG.sub(" ", _SILENT.sub(" ", text)) if "<" in text else text
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    else:
        text = _TAG.sub(" ", text)
    return shorten(" ".join(storable(_INVISIBLE.sub("", text)).split()), limit)


def storable(text: str) -> str:
    """The text without what no database takes: NUL, and halves of surrogate pairs, which JSON can write."""
    return _SURROGATE.sub("\ufffd", text.replace("\0", ""))


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where there are any, with an ellipsis when cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head if text[limit - 1] == " " else head.rpartition(" ")[0]
    return (at_word if len(at_word) > limit // 2 else head).rstrip(" ,;:–—-") + "…"


def without_publisher(headline: str, publisher: str) -> str:
    """The headline without its publisher's name at the end ("… - Reuters", "… | Reuters")."""
    for dash in (" - ", " | ", " – ", " — "):
        bare = headline.removesuffix(f"{dash}{publisher}")
        if publisher and bare != headline and bare.strip():
            return bare.rstrip()
    return headline
