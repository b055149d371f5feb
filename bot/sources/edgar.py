"""SEC EDGAR's latest filings (the getcurrent Atom list): 8-K and 6-K of chip companies, seconds after acceptance.

A new filing is read before it is told, within three seconds a poll; one whose text is not there yet is told as listed,
and once more under the guid ``<accession>#text`` when it has been read. Documented at https://www.sec.gov/os/accessing-edgar-data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from bot.clock import Clock
from bot.domain import READ, RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient, Reply
from bot.sources import edgar_unread, options
from bot.sources.base import Batch, Cursor
from bot.sources.conditional import MAX_ITEMS, ask, refuse_html, settle, unchanged, was_filled
from bot.sources.dates import parse_date
from bot.sources.eastern import eastern, is_business_day
from bot.sources.edgar_filing import WATCHED, Filing, called, describe
from bot.sources.edgar_reading import BUDGET, MAX_FILINGS, FilingReader, retold, worth_reading
from bot.sources.edgar_unread import Unread
from bot.sources.feed_document import NotAFeedError, guard, resolve
from bot.sources.text import clean

OPTIONS: Mapping[str, options.Check] = {
    "ciks": options.numbers,  # companies to watch, instead of the bundled list
    "all": options.flag,  # every company
    "forms": options.texts,  # instead of the URL's type and its amendments
    "quiet_interval_s": options.seconds,  # while EDGAR takes no filings; the usual interval when not set
    "read_filings": options.flag,  # false: tell the listing alone, fetch nothing else
}
OPENS, CLOSES = time(6, 0), time(22, 0)  # EDGAR takes filings, US Eastern, business days
_SURELY_FILLED = time(11, 0)
MAX_KNOWN = 300  # accessions remembered as told; a page has 100
MAX_PAGES = 5  # of 100 filings: what was missed in a pause of a few busy hours
_ATOM = "{http://www.w3.org/2005/Atom}"
_TITLE = re.compile(r"(?P<form>\S.{0,20}?) - (?P<company>.+) \((?P<cik>\d{1,10})\) \((?P<role>[^()]+)\)\Z")
_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_ITEM = re.compile(r"\bItem\s+(\d{1,2}\.\d{2})\s*:\s*([^\n]{0,200})")


@dataclass(frozen=True, slots=True)
class Edgar:
    """The latest filings of one form type. See Source."""

    spec: SourceSpec
    http: PoliteClient
    clock: Clock
    reading_budget: timedelta = BUDGET

    def interval(self, now: datetime) -> timedelta:
        """The spec's interval; outside EDGAR's hours the quiet one, where it is set and longer. See Source."""
        usual = self.spec.interval
        here = eastern(now)
        if is_business_day(here.date()) and OPENS <= here.time() <= CLOSES:
            return usual
        quiet = self.spec.options.get("quiet_interval_s")
        return usual if quiet is None else max(usual, timedelta(seconds=quiet))

    async def fetch(self, cursor: Cursor) -> Batch:
        """Poll once; after a pause also the pages between then and now. See Source.

        Raises:
            SourceError: not fetched, not the list, or empty in the middle of a business day.
        """
        batch, filings = await self._listed(cursor)
        if not self.spec.options.get("read_filings", True):
            return batch
        return await self._with_texts(batch, filings, cursor)

    async def _listed(self, cursor: Cursor) -> tuple[Batch, list[Filing]]:
        """The batch as the list tells it, and the filings that it tells of."""
        spec = self.spec
        reply = await self._ask(cursor, spec.url)
        if reply.not_modified:
            batch = unchanged(spec, cursor, reply)
            return replace(batch, cursor={**batch.cursor, "newest": list(cursor.get("newest") or ())}), []
        listed, entries = read_filings(spec, reply)
        if not entries and was_filled(spec, cursor) and self._is_busy_hour():
            raise SourceError("0 items: no filing on a business day", source=spec.name)
        newest = list(listed)[:20]
        for page in range(1, MAX_PAGES):
            seen = cursor.get("newest") or ()
            if not seen or not entries or entries < _page_size(spec.url) or any(number in listed for number in seen):
                break
            more = await self._ask({}, _page(spec.url, page))
            older, entries = read_filings(spec, more)
            listed |= {number: filing for number, filing in older.items() if number not in listed}
        forms = _forms(spec)
        watched = frozenset(spec.options.get("ciks", WATCHED))
        filings = [
            filing
            for filing in listed.values()
            # The list's type is a prefix: 8-K also brings 8-K12B, 4 brings 424B2.
            if filing.form in forms and (spec.options.get("all") or filing.parties & watched)
        ][:MAX_ITEMS]
        settled = settle(spec, cursor, reply, [_item(filing) for filing in filings])
        after = {**settled.cursor, "filled": bool(newest) or was_filled(spec, cursor)}
        after["newest"] = newest or list(cursor.get("newest") or ())
        return replace(settled, cursor=after), filings

    async def _with_texts(self, batch: Batch, filings: list[Filing], cursor: Cursor) -> Batch:
        """The batch with what new filings say, and with what earlier ones turned out to say."""
        now = self.clock.now()
        before = cursor.get("known")
        if before is None and batch.not_modified and not filings:
            return batch  # 304 to a cursor without a memory: what is listed stays unknown
        told_before = frozenset(before or ())
        # Without a memory everything is new: a baseline, which nobody is told.
        new = [filing for filing in filings if before is not None and filing.accession not in told_before]
        new = [filing for filing in new if worth_reading(filing) and self._is_at_home(filing)]
        waiting = [one for one in edgar_unread.load(cursor.get("unread")) if not one.is_over(now)]
        again = sorted((one for one in waiting if one.is_due(now)), key=lambda one: one.tried)
        wanted = [*new, *(one.filing for one in again)]
        told = await FilingReader(self.spec, self.http, self.reading_budget).read(wanted)
        tried = {filing.accession for filing in wanted[:MAX_FILINGS]}
        unread = [
            replace(one, tried=now) if one.filing.accession in tried else one
            for one in [*(Unread(filing, since=now, tried=now) for filing in new), *waiting]
            if one.filing.accession not in told
        ]
        texts = {one.accession: retold(_item(one), one, text) for one in wanted if (text := told.get(one.accession))}
        items = [texts.get(item.guid, item) for item in batch.items]
        late = [texts[one.filing.accession] for one in again if one.filing.accession in texts]
        items += [replace(item, guid=f"{item.guid}{READ}") for item in late]
        known = [*(filing.accession for filing in filings), *(before or ())]
        after = {**batch.cursor, "known": list(dict.fromkeys(known))[:MAX_KNOWN], "unread": edgar_unread.dump(unread)}
        return Batch(tuple(items[:MAX_ITEMS]), after, not_modified=batch.not_modified and not late)

    def _is_at_home(self, filing: Filing) -> bool:
        """Whether it lies where the list does: a list never sends us to another host."""
        return urlsplit(filing.url).hostname == urlsplit(self.spec.url).hostname

    async def _ask(self, cursor: Cursor, url: str) -> Reply:
        try:
            return await ask(self.http, self.spec, cursor, url=url, accept="application/atom+xml, application/xml")
        except SourceError as error:
            if error.blocked and self.http.contact is None and self.spec.user_agent is None:
                raise SourceError(
                    f"{error}: EDGAR turns away clients without an e-mail address; set CHIPWIRE_CONTACT",
                    source=self.spec.name,
                    blocked=True,
                    retry_after=error.retry_after,
                ) from error
            raise

    def _is_busy_hour(self) -> bool:
        here = eastern(self.clock.now())
        return is_business_day(here.date()) and _SURELY_FILLED <= here.time() <= CLOSES


def read_filings(spec: SourceSpec, reply: Reply) -> tuple[dict[str, Filing], int]:
    """The filings of one page by accession number, in its order, and how many entries it had.

    A filing is listed once for each party (Filer, Subject, Reporting); here it is one.

    Raises:
        SourceError: a web page (``blocked``), or not the Atom list.
    """
    refuse_html(spec, reply, "the Atom list of filings")
    try:
        body = guard(reply.body, reply.content_type)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(body, parser=parser)
    except NotAFeedError as error:
        raise SourceError(str(error), source=spec.name, blocked=error.html) from error
    except etree.XMLSyntaxError as error:
        raise SourceError("answers broken XML", source=spec.name) from error
    entries = root.findall(f"{_ATOM}entry")
    if root.tag != f"{_ATOM}feed":
        raise SourceError("answers XML that is not an Atom list", source=spec.name)
    filings: dict[str, Filing] = {}
    for filing in _filings(entries, reply.url):
        known = filings.get(filing.accession)
        filings[filing.accession] = replace(known, parties=known.parties | filing.parties) if known else filing
    if entries and not filings:
        raise SourceError(f"0 items: none of its {len(entries)} entries has the shape of a filing", source=spec.name)
    return filings, len(entries)


def _filings(entries: list[etree._Element], base: str) -> Iterator[Filing]:
    for entry in entries:
        title = _TITLE.match(" ".join((entry.findtext(f"{_ATOM}title") or "").split()))
        accession = _ACCESSION.search(entry.findtext(f"{_ATOM}id") or "")
        link = entry.find(f"{_ATOM}link")
        category = entry.find(f"{_ATOM}category")
        if title is None or accession is None:
            continue
        summary = (entry.findtext(f"{_ATOM}summary") or "").replace("<br>", "\n")
        cik = int(title["cik"])
        yield Filing(
            accession=accession.group(),
            form=(category.get("term") if category is not None else None) or title["form"],
            company=clean(title["company"], limit=150),
            cik=cik,
            parties=frozenset({cik}),
            items=tuple((number, clean(words, limit=150)) for number, words in _ITEM.findall(summary)),
            url=resolve(base, str(link.get("href", ""))) if link is not None else "",
            accepted=parse_date(entry.findtext(f"{_ATOM}updated") or ""),
        )


def _item(filing: Filing) -> RawItem:
    return RawItem(
        guid=filing.accession,
        headline=f"{called(filing)} files {filing.form}: {describe(filing.form, filing.items)}",
        url=filing.url,
        published_at=filing.accepted,
        event_at=filing.accepted,
        summary="; ".join(f"Item {number}: {words}" for number, words in filing.items) or None,
        document=filing.accession,
    )


def _forms(spec: SourceSpec) -> frozenset[str]:
    if "forms" in spec.options:
        return frozenset(spec.options["forms"])
    wanted = dict(parse_qsl(urlsplit(spec.url).query)).get("type", "8-K")
    return frozenset({wanted, f"{wanted}/A"})


def _page_size(url: str) -> int:
    count = dict(parse_qsl(urlsplit(url).query)).get("count", "40")
    return int(count) if count.isdigit() else 40


def _page(url: str, page: int) -> str:
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "start"]
    query.append(("start", str(page * _page_size(url))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
