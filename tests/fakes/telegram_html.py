"""Text as Telegram reads it: its HTML, the entities that it finds by itself, its way of counting.

Source: core.telegram.org/bots/api ("HTML style", "Formatting options", MessageEntity) and the published server: tags
in the words become entities of their own, but none inside a link; what comes after the hundredth is left out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

MAX_TEXT = 4_096
MAX_CAPTION = 1_024
MAX_ENTITIES = 100
MAX_SOURCE = 32_768  # bytes, with the markup
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|lt|gt|amp|quot);")
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_CLOSED = {"text_link", "code", "pre", "custom_emoji"}  # no other entity is found in them
_SPLIT = {"bold", "italic", "underline", "strikethrough", "spoiler"}  # are named after the others of their place
_FOUND = (
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("hashtag", re.compile(r"(?<![\w\u200c\u00b7])#[\w\u200c\u00b7]{1,256}(?![\w\u200c\u00b7]*#)")),
    ("cashtag", re.compile(r"(?<![\w$\u200c\u00b7])\$(?:1INCH|[A-Z]{1,8})(?![\w$\u200c\u00b7])")),
    ("url", re.compile(r"(?i)https?://[^\s<>\"]+|(?<![\w.@])(?:[a-z0-9-]+\.)+(?:com|net|org|io|cn|hk|tw|example)\b")),
)


class RefusalError(Exception):
    """Telegram says no."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def content(source: str, mode: str, *, caption: bool = False) -> tuple[str, list[dict[str, Any]]]:
    """Words and entities of a text or a caption, as they are kept; refuses what Telegram refuses."""
    try:
        length = len(source.encode())
    except UnicodeEncodeError:
        raise RefusalError(400, "Bad Request: strings must be encoded in UTF-8") from None
    if length > MAX_SOURCE:
        raise RefusalError(400, "Bad Request: text is too long")
    entities: list[dict[str, Any]] = []
    text = source
    if mode.lower() == "html":
        text, entities = parse_html(source)
    elif mode:
        raise RefusalError(400, "Bad Request: unsupported parse_mode")
    # Blanks around the words are cut off, and what was marked in them.
    start = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    if not text and not caption:
        raise RefusalError(400, "Bad Request: message text is empty")
    if utf16(text) > (MAX_CAPTION if caption else MAX_TEXT):
        raise RefusalError(400, f"Bad Request: message {'caption ' if caption else ''}is too long")
    entities = [{**e, "offset": max(e["offset"] - start, 0)} for e in entities]
    return text, all_entities(text, entities)[:MAX_ENTITIES]


def all_entities(text: str, marked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that were marked and those that Telegram finds, by their place; before any is left out."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in marked if e["type"] in _CLOSED]
    found = list(marked)
    for entity in _find(text):
        span = (entity["offset"], entity["offset"] + entity["length"])
        if not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            found.append(entity)
    return sorted(found, key=lambda e: (e["offset"], -e["length"], e["type"] in _SPLIT))


def _find(text: str) -> Iterator[dict[str, Any]]:
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            if kind == "hashtag" and not any(unicodedata.category(c)[0] == "L" for c in match[0]):
                continue
            yield {"offset": utf16(text[: match.start()]), "length": utf16(match[0]), "type": kind}


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of Telegram's HTML; refuses what is unsupported, unbalanced or crossed."""
    out = ""
    entities: list[dict[str, Any]] = []
    stack: list[tuple[str, int, dict[str, str]]] = []
    at = 0

    def where() -> str:
        return f"byte offset {len(source[:at].encode())}"

    while at < len(source):
        char = source[at]
        if char == "&":
            entity = _ENTITY.match(source, at)
            # Telegram takes what it does not know to the letter; here it is an escape that was forgotten.
            if entity is None:
                raise RefusalError(400, f"Bad Request: can't parse entities: Bare ampersand at {where()}")
            out += html.unescape(entity[0])
            at = entity.end()
            continue
        if char == ">":
            raise RefusalError(400, f"Bad Request: can't parse entities: Bare bracket at {where()}")
        if char != "<":
            out += char
            at += 1
            continue
        tag = _TAG.match(source, at)
        if tag is None:
            raise RefusalError(400, f"Bad Request: can't parse entities: Unclosed start tag at {where()}")
        name = tag[2].lower()
        at = tag.end()
        if tag[1]:
            if not stack or stack[-1][0] != name:
                raise RefusalError(400, f"Bad Request: can't parse entities: Unexpected end tag at {where()}")
            _, start, attributes = stack.pop()
            if utf16(out) > start:
                entity_of: dict[str, Any] = {"offset": start, "length": utf16(out) - start, "type": _KINDS[name]}
                if name == "a":
                    entity_of["url"] = attributes["href"]
                entities.append(entity_of)
            continue
        attributes = {k.lower(): html.unescape(v.strip("\"'")) for k, v in _ATTRIBUTE.findall(tag[3])}
        if (
            name not in _KINDS
            or (name == "span" and attributes.get("class") != "tg-spoiler")
            or (name == "a" and not attributes.get("href", "").startswith(("http://", "https://", "tg://")))
        ):
            raise RefusalError(
                400,
                f'Bad Request: can\'t parse entities: Unsupported start tag "{name}" at {where()}',
            )
        stack.append((name, utf16(out), attributes))
    if stack:
        raise RefusalError(
            400, f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\""
        )
    return out, sorted(entities, key=lambda e: e["offset"])


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
