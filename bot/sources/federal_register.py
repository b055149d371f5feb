"""Documents published in the Federal Register: the text of record, days after public inspection.

Documented at https://www.federalregister.gov/developers/documentation/api/v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.clock import Clock
from bot.domain import RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.sources import options
from bot.sources.base import Batch, Cursor
from bot.sources.conditional import ask, settle, unchanged, was_filled
from bot.sources.eastern import at
from bot.sources.federal_register_document import (
    DEFAULT_AGENCIES,
    concerns,
    headline_of,
    read_results,
    shown_url,
    summary_of,
)
from bot.sources.federal_register_inspection import uncached
from bot.sources.federal_register_reading import BUDGET, RuleReader
from bot.sources.text import clean

OPTIONS: Mapping[str, options.Check] = {
    "agencies": options.texts,
    "types": options.texts,  # RULE, PRORULE, NOTICE, PRESDOCU
    "term": options.text,  # full text
    "per_page": options.count,
    "read_documents": options.flag,  # false: tell titles alone, fetch nothing else
}
PER_PAGE = 100  # a day's documents of the watched agencies are 10 to 40
_FIELDS = (
    "document_number", "title", "type", "subtype", "abstract", "publication_date", "signing_date", "agencies",
    "html_url", "pdf_url", "raw_text_url", "body_html_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FederalRegister:
    """The newest published documents of some agencies. See Source."""

    spec: SourceSpec
    http: PoliteClient
    clock: Clock
    reading_budget: timedelta = BUDGET
    _reader: RuleReader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reader", RuleReader(self.spec, self.http, self.reading_budget))

    def interval(self, now: datetime) -> timedelta:  # noqa: ARG002  the same at all hours
        """The spec's interval; two seconds while a rule waits to be read. See Source."""
        return self._reader.hurried(self.spec.interval)

    async def fetch(self, cursor: Cursor) -> Batch:
        """Poll once. See Source.

        Raises:
            SourceError: not fetched, not the list, or empty although it never was.
        """
        spec = self.spec
        now = self.clock.now()
        url = uncached(query_url(spec), now)
        reply = await ask(self.http, spec, cursor, url=url, accept="application/json")
        if reply.not_modified:
            return unchanged(spec, cursor, reply)
        _, results = read_results(spec, reply)
        slugs = frozenset(spec.options.get("agencies", DEFAULT_AGENCIES))
        # Asked for again on our side: an unknown condition is ignored by the API in silence.
        mine = [result for result in results if concerns(result, slugs)]
        items = [item for result in mine if (item := _item(result)) is not None]
        if results and not items:
            raise SourceError(f"0 items: none of its {len(results)} documents is of its agencies", source=spec.name)
        if not results and was_filled(spec, cursor):
            raise SourceError("0 items: the list is empty, and it never was before", source=spec.name)
        return await self._reader.complete(settle(spec, cursor, reply, items), mine, items, cursor, now)


def query_url(spec: SourceSpec) -> str:
    """The spec's URL with its conditions, newest first; what the URL already says stays."""
    parts = urlsplit(spec.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    said = {key for key, _ in query}
    wanted = [("conditions[agencies][]", slug) for slug in spec.options.get("agencies", DEFAULT_AGENCIES)]
    wanted += [("conditions[type][]", kind) for kind in spec.options.get("types", ())]
    wanted += [("conditions[term]", spec.options["term"])] if "term" in spec.options else []
    wanted += [("order", "newest"), ("per_page", str(spec.options.get("per_page", PER_PAGE)))]
    wanted += [("fields[]", field) for field in _FIELDS]
    query += [(key, value) for key, value in wanted if key not in said]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _item(result: Mapping[str, Any]) -> RawItem | None:
    number, headline = clean(str(result.get("document_number") or ""), limit=40), headline_of(result)
    if not number or not headline:
        return None
    return RawItem(
        guid=number,
        headline=headline,
        url=shown_url(result),
        # A day without a time: as published_at it would make this morning's issue look hours old.
        published_at=None,
        event_at=_midnight(result.get("signing_date")) or _midnight(result.get("publication_date")),
        publisher="Federal Register",
        summary=summary_of(result),
        document=number,
    )


def _midnight(day: Any) -> datetime | None:
    try:
        return at(date.fromisoformat(str(day)), time(0)).astimezone(UTC)
    except ValueError:
        return None
