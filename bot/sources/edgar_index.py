"""The index page of one filing: which documents it has, and which of them says what happened. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from bot.sources.feed_document import resolve
from bot.sources.text import clean

_READ_BYTES = 256 * 1024  # a page with a thousand documents
_TEXT = (".htm", ".html", ".txt")
_PRESS_RELEASE = re.compile(r"EX-99(?:\.0?1)?\Z", re.IGNORECASE)
_EXHIBIT = re.compile(r"EX-99\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """One row of the index: ``kind`` is EDGAR's type ("8-K", "EX-99.1"), ``size`` bytes, 0 when not stated."""

    kind: str
    url: str
    size: int = 0


def read_index(body: bytes, url: str) -> tuple[Document, ...]:
    """The documents that people read, in the filing's order; () when this is no index page. Never raises.

    The table is ``table.tableFile`` with Seq, Description, Document, Type, Size; a second one lists data files. A
    link to an inline-XBRL document leads through a viewer (``/ix?doc=/Archives/…``), which is left out. Links to
    other hosts are not followed.

    Args:
        body: the page.
        url: where it was found.
    """
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body[:_READ_BYTES], parser=parser)
    except (etree.LxmlError, ValueError):
        return ()
    if root is None:
        return ()
    found = []
    for row in root.iterfind(".//table[@class='tableFile']//tr"):
        cells = row.findall("td")
        link = cells[2].find(".//a") if len(cells) >= 5 else None
        address = _direct(url, str(link.get("href", ""))) if link is not None else ""
        if not address or not urlsplit(address).path.lower().endswith(_TEXT):
            continue
        kind, size = (clean("".join(map(str, cells[place].itertext())), limit=40) for place in (3, 4))
        # The complete submission in one file has no type.
        if kind:
            found.append(Document(kind, address, int(size[:12]) if size.isascii() and size.isdigit() else 0))
    return tuple(found)


def primary(documents: Sequence[Document], form: str) -> Document | None:
    """The form itself: the first of its type, else the first of all."""
    return next((one for one in documents if one.kind.upper() == form.upper()), documents[0] if documents else None)


def press_release(documents: Sequence[Document]) -> Document | None:
    """Exhibit 99.1, where press releases are, or else the first of the exhibits 99."""
    exhibits = [one for one in documents if _EXHIBIT.match(one.kind)]
    return next((one for one in exhibits if _PRESS_RELEASE.match(one.kind)), exhibits[0] if exhibits else None)


def _direct(page: str, link: str) -> str:
    address = resolve(page, link)
    parts = urlsplit(address)
    if parts.path.startswith("/ix") and (behind := parse_qs(parts.query).get("doc")):
        address = resolve(page, behind[0])
    return address if urlsplit(address).hostname == urlsplit(page).hostname else ""
