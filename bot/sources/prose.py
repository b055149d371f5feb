"""From a document for people (HTML or plain text, in any state of repair) to its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from bot.sources.text import clean

READ_BYTES = 128 * 1024  # about 15 ms of the event loop; the news of a filing stands in its first pages
MAX_NODES = 20_000  # real documents of this size have 3,000; 60,000 line breaks would take 0.2 s
MAX_PARAGRAPH = 4000  # characters

_BLOCKS = frozenset(
    "address article blockquote body center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre "
    "section table tbody tr ul".split()
)
_CELLS = frozenset({"td", "th"})
# ix:header holds an inline-XBRL document's hidden facts.
_UNSEEN = frozenset("head script style template noscript ix:header title".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BREAK = re.compile(r"\n\s*\n")
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(rb"<(?:!doctype|html|body|div|p|font|table|span|br|title|\?xml)\b", re.IGNORECASE)
# PDF, Word and other archives, images: what stands in a filing beside its text.
_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")


def paragraphs(body: bytes) -> list[str]:
    """The visible paragraphs, one clean line each; [] for what is no text.

    A table's row is one paragraph, where its cells hold no blocks: many documents set headings in cells. Rules and
    lone bullets are none. One line break
    stays inside a paragraph, as in a title of two lines; two of them end it. Never raises: what cannot be read is
    left out.

    Args:
        body: the document; only its first ``READ_BYTES`` are read.
    """
    head = body[:READ_BYTES]
    if head.startswith(_BINARY) or b"\0" in head[:1024]:
        return []
    text = _decoded(head)
    if _MARKUP.search(head[:8192]):
        text = "".join(_visible(text))
    lines = (clean(part, limit=MAX_PARAGRAPH) for part in _BREAK.split(text))
    return [line for line in lines if any(character.isalnum() for character in line)]


def _decoded(head: bytes) -> str:
    """UTF-8 where it is that, also when cut inside a character, else Windows-1252, which old documents mean."""
    try:
        return head.decode()
    except UnicodeDecodeError as error:
        cut = len(head) - error.start < 4
        return head[: error.start].decode() if cut else head.decode("cp1252", errors="replace")


def _visible(markup: str) -> Iterator[str]:
    """The text nodes that a reader sees, with line breaks where blocks begin and end. Keeps a stack of its own:
    documents nest deeper than Python calls."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(markup.encode("utf-8", errors="replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return
    if root is None:  # lxml's answer to a document without anything in it
        return
    todo: list[etree._Element | str] = [root]
    nodes = 0
    while todo and nodes < MAX_NODES:
        node = todo.pop()
        if isinstance(node, str):
            yield node
            continue
        nodes += 1
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in _UNSEEN or _HIDDEN.search(node.get("style", "")):
            continue
        if tag == "br":
            yield "\n"
        edge = "\n\n" if tag in _BLOCKS else " " if tag in _CELLS else ""
        pieces: list[etree._Element | str] = [edge, _SPACE.sub(" ", node.text or "")]
        for child in node:
            pieces += [child, _SPACE.sub(" ", child.tail or "")]
        pieces.append(edge)
        todo.extend(reversed(pieces))
