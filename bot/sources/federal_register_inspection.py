"""The Federal Register's public inspection desk: rules one to two business days before they are published.

Documented at https://www.federalregister.gov/developers/documentation/api/v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.clock import Clock
from bot.domain import WITHDRAWN, RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.sources import options
from bot.sources.base import Batch, Cursor
from bot.sources.conditional import ask, settle, unchanged, was_filled
from bot.sources.dates import parse_date
from bot.sources.eastern import at, eastern, is_business_day
from bot.sources.federal_register_document import (
    DEFAULT_AGENCIES,
    concerns,
    headline_of,
    read_results,
    shown_url,
    summary_of,
)
from bot.sources.federal_register_reading import BUDGET, RuleReader
from bot.sources.text import MAX_HEADLINE, MAX_SUMMARY, clean, shorten

OPTIONS: Mapping[str, options.Check] = {
    "agencies": options.texts,
    "read_documents": options.flag,  # false: tell titles alone, fetch nothing else
}
FILING_TIMES = (time(8, 45), time(11, 15), time(14, 0), time(16, 15), time(18, 0))  # US Eastern, business days
BURST = timedelta(minutes=3)  # how long after a filing time its documents may take to appear
BURST_INTERVAL = timedelta(seconds=15)
_SURELY_FILLED = time(9, 30)


@dataclass(frozen=True, slots=True)
class FederalRegisterInspection:
    """The current list of documents on public inspection. See Source."""

    spec: SourceSpec
    http: PoliteClient
    clock: Clock
    reading_budget: timedelta = BUDGET
    _reader: RuleReader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reader", RuleReader(self.spec, self.http, self.reading_budget))

    def interval(self, now: datetime) -> timedelta:
        """15 s in the three minutes after a filing time, 2 s while a rule waits to be read, and never past the next
        filing time. See Source."""
        usual = self._reader.hurried(self.spec.interval)
        here = eastern(now)
        if not is_business_day(here.date()):
            return usual
        for filing in FILING_TIMES:
            start = at(here.date(), filing)
            if start <= here < start + BURST:
                return min(usual, BURST_INTERVAL)
            if here < start < here + usual:
                return max(start - here, timedelta(seconds=1))
        return usual

    async def fetch(self, cursor: Cursor) -> Batch:
        """Poll once. See Source.

        Raises:
            SourceError: not fetched, not the list, or empty on a business day.
        """
        spec = self.spec
        now = self.clock.now()
        reply = await ask(self.http, spec, cursor, url=uncached(spec.url, now), accept="application/json")
        if reply.not_modified:
            return unchanged(spec, cursor, reply)
        document, results = read_results(spec, reply)
        here = eastern(now)
        if not results:
            self._allow_empty(document, cursor, here)
        slugs = frozenset(spec.options.get("agencies", DEFAULT_AGENCIES))
        mine = [result for result in results if concerns(result, slugs)]
        items = [item for result in mine if (item := _item(result)) is not None]
        if mine and not items:
            raise SourceError("0 items: its documents have changed their shape", source=spec.name)
        items += [_withdrawal(item, note) for item, note in _withdrawn(mine)]
        settled = settle(spec, cursor, reply, items)
        # The list is the whole desk; that it is filled is known even when nothing of ours is on it.
        filled = bool(results) or was_filled(spec, cursor)
        batch = Batch(settled.items, {**settled.cursor, "filled": filled}, settled.not_modified)
        return await self._reader.complete(batch, mine, items, cursor, now)

    def _allow_empty(self, document: Mapping[str, Any], cursor: Cursor, here: datetime) -> None:
        meta = document.get("meta")
        announced = isinstance(meta, dict) and bool(meta.get("pil_unavailability_message"))
        working = is_business_day(here.date()) and here.time() >= _SURELY_FILLED
        if working and not announced and was_filled(self.spec, cursor):
            raise SourceError("0 items: nothing on public inspection on a business day", source=self.spec.name)


def uncached(url: str, now: datetime) -> str:
    """The URL with ``_=<epoch ms>``: a shared cache was seen to answer with lists 47 to 104 minutes old."""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "_"]
    query.append(("_", str(int(now.timestamp() * 1000))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _withdrawn(results: list[Mapping[str, Any]]) -> list[tuple[RawItem, str]]:
    """The documents that their agencies took back, each with the note that says so."""
    noted = [(_item(result), str(result.get("editorial_note") or "")) for result in results]
    return [(item, note) for item, note in noted if item is not None and "withdr" in note.lower()]


def _withdrawal(item: RawItem, note: str) -> RawItem:
    """The news that a document was withdrawn: an item of its own, joined to the first by the document's number."""
    return RawItem(
        guid=f"{item.guid}{WITHDRAWN}",
        headline=shorten(f"Withdrawn from public inspection: {item.headline}", MAX_HEADLINE),
        url=item.url,
        # The note bears no date, and the filing's own would make the withdrawal look hours old.
        published_at=None,
        publisher=item.publisher,
        summary=clean(note, limit=MAX_SUMMARY) or None,
        document=item.document,
    )


def _item(result: Mapping[str, Any]) -> RawItem | None:
    number, headline = clean(str(result.get("document_number") or ""), limit=40), headline_of(result)
    if not number or not headline:
        return None
    # publication_date lies one or more days ahead: it is neither when this was said nor when it happened.
    filed = parse_date(str(result.get("filed_at") or ""))
    return RawItem(
        guid=number,
        headline=headline,
        url=shown_url(result),
        published_at=filed,
        event_at=filed,
        publisher="Federal Register",
        summary=summary_of(result),
        document=number,
    )
