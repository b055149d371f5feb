"""RSS 2.0, RSS 1.0 (RDF), Atom and JSON Feed: one adapter, because publishers change dialect without notice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.sources import options
from bot.sources.base import Batch, Cursor
from bot.sources.conditional import ask, settle, unchanged, was_filled
from bot.sources.dates import parse_date
from bot.sources.feed_document import Entry, resolve
from bot.sources.feed_parser import FeedParser
from bot.sources.text import MAX_HEADLINE, MAX_SUMMARY, clean, without_publisher

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
OPTIONS: Mapping[str, options.Check] = {
    "timezone": options.zone,  # of dates that name no zone; UTC otherwise
    "public_only": options.flag,  # refuse addresses that are not public: for URLs that strangers add
}


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One feed. See Source."""

    spec: SourceSpec
    http: PoliteClient
    parser: FeedParser

    def interval(self, now: datetime) -> timedelta:  # noqa: ARG002  the same at all hours
        """See Source."""
        return self.spec.interval

    async def fetch(self, cursor: Cursor) -> Batch:
        """Poll once. See Source.

        Raises:
            SourceError: not fetched, not a feed, or empty although it never was.
        """
        spec = self.spec
        reply = await ask(
            self.http, spec, cursor, accept=ACCEPT, public_only=bool(spec.options.get("public_only", False))
        )
        if reply.not_modified:
            return unchanged(spec, cursor, reply)
        try:
            entries = await self.parser.parse(reply.body, content_type=reply.content_type)
        except SourceError as error:
            error.source = spec.name
            raise
        items = items_of(entries, base=reply.url, publisher=spec.publisher, zone=spec.options.get("timezone"))
        if entries and not items:
            raise SourceError(f"0 items: none of its {len(entries)} entries has a title or a text", source=spec.name)
        if not entries and was_filled(spec, cursor):
            raise SourceError("0 items: the feed is sound but empty, and it never was before", source=spec.name)
        return settle(spec, cursor, reply, items)


def items_of(entries: Sequence[Entry], *, base: str, publisher: str, zone: str | None = None) -> list[RawItem]:
    """What entries say, cleaned; those without any words, and those given twice, are passed over."""
    items: dict[str, RawItem] = {}
    for entry in entries:
        item = _item(entry, base=base, publisher=publisher, zone=zone)
        if item is not None:
            items.setdefault(item.guid, item)
    return list(items.values())


def _item(entry: Entry, *, base: str, publisher: str, zone: str | None) -> RawItem | None:
    summary = clean(entry.summary, limit=MAX_SUMMARY)
    headline = clean(entry.title, limit=MAX_HEADLINE) or clean(entry.summary, limit=MAX_HEADLINE)
    if not headline:
        return None
    named = clean(entry.publisher, limit=100)
    bare = without_publisher(without_publisher(headline, named), publisher)
    url = resolve(base, entry.link) if entry.link.strip() else ""
    # A permalink's fragment stays in the id: some feeds tell their entries apart by nothing else.
    own_id = " ".join(entry.id.split())[:1000]
    return RawItem(
        guid=own_id or url or hashlib.blake2b(headline.encode(), digest_size=16).hexdigest(),
        headline=bare,
        url=url or (resolve(base, own_id) if own_id.startswith(("http://", "https://")) else ""),
        published_at=parse_date(entry.date, zone=zone) if entry.date else None,
        publisher=named or None,
        summary=summary if summary and summary != headline else None,
    )
