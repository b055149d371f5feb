"""Reading the text of rules about chips and the Entity List: told by title first, by content as soon as it can be had.

A title never waits for a text: what a poll finds new is told at once and read by a later poll, two seconds on, that
finds nothing new. What cannot be read is tried again for two hours; public inspection may lack the text at first.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.domain import READ, WITHDRAWN, RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.rules.rule_card import MAX_TEXT, read_rule, rule_headline, rule_summary
from bot.sources.base import Batch, Cursor
from bot.sources.conditional import MAX_ITEMS
from bot.sources.eastern import eastern
from bot.sources.text import MAX_HEADLINE, MAX_SUMMARY, clean, storable

log = structlog.get_logger(__name__)

BUDGET = timedelta(seconds=3)  # of one poll, in all
SOON = timedelta(seconds=2)  # until the poll that reads what was just told by its title
TRY_FOR = timedelta(hours=2)
MAX_DOCUMENTS = 3  # of one poll: the site is asked once a second
MAX_UNREAD = 20  # a cursor is written at every poll
MAX_KNOWN = 300  # numbers remembered as told
_BIS = "industry-and-security-bureau"
_ABOUT = re.compile(
    r"Entity List|Unverified List|Military End.?User|semiconductor|integrated circuit|advanced (?:computing|node)"
    r"|\bchips?\b|supercomput|artificial intelligence|\bAI\b|direct product|licen[cs]e review polic|affiliates",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</?(?:p|div|h\d|li|ul|ol|table|thead|tbody|tr|br|pre|section|blockquote)\b[^<>]*>", re.IGNORECASE)
_BETWEEN_CELLS = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[/!A-Za-z][^<>]*>")
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
_ROW_END = re.compile(r"</tr\s*>", re.IGNORECASE)
_PREFORMATTED = re.compile(r"<pre\b[^<>]*>(.*?)(?:</pre>|\Z)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Unread:
    """One document that waits for its text."""

    number: str
    url: str
    since: datetime
    tried: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """At first at once, then after a quarter of the time that it has waited."""
        return self.tried is None or now - self.tried >= (self.tried - self.since) / 4


@dataclass(slots=True)
class RuleReader:
    """Reads what one of the two lists tells. Remembers nothing but whether a text waits: the rest is in the cursor."""

    spec: SourceSpec
    http: PoliteClient
    budget: timedelta = BUDGET
    waits: bool = False

    def hurried(self, usual: timedelta) -> timedelta:
        """The interval, shorter while a document that was told by its title waits to be read."""
        return min(usual, SOON) if self.waits else usual

    async def complete(
        self,
        batch: Batch,
        results: Sequence[Mapping[str, Any]],
        items: Sequence[RawItem],
        cursor: Cursor,
        now: datetime,
    ) -> Batch:
        """The batch with what rules turn out to say that an earlier poll told by their titles.

        Args:
            batch: as the list alone makes it.
            results: the documents of our agencies that the list holds now.
            items: what is told of them.
            cursor: of the poll before.
            now: the time of the poll.
        """
        if not self.spec.options.get("read_documents", True):
            return batch
        before = cursor.get("known")
        withdrawn = {item.guid.removesuffix(WITHDRAWN) for item in items if item.guid.endswith(WITHDRAWN)}
        listed = {item.guid: item for item in items if not item.guid.endswith(WITHDRAWN)}
        fresh = [number for number in listed if number not in (before or ())]
        waiting = [one for one in _load(cursor.get("unread")) if one.number in listed and now - one.since <= TRY_FOR]
        told: list[RawItem] = []
        # Without a memory everything is new: a baseline, which nobody is told.
        if before is not None and fresh:
            waiting += [one for result in results if (one := self._to_read(result, now)) and one.number in fresh]
            waiting = [one for one in waiting if one.number not in withdrawn]
        elif due := [one for one in waiting if one.is_due(now)][:MAX_DOCUMENTS]:
            done = await self._read(due, listed, results)
            told = [item for item in done.values() if item is not None]
            tried = {one.number for one in due}
            waiting = [
                replace(one, tried=now) if one.number in tried else one for one in waiting if one.number not in done
            ]
        self.waits = any(one.tried is None for one in waiting)
        known = list(dict.fromkeys([*listed, *(before or ())]))[: max(MAX_KNOWN, len(listed))]
        after = {**batch.cursor, "known": known, "unread": [_dump(one) for one in waiting[-MAX_UNREAD:]]}
        return Batch((*batch.items, *told)[:MAX_ITEMS], after, not_modified=batch.not_modified and not told)

    def _to_read(self, result: Mapping[str, Any], now: datetime) -> _Unread | None:
        url = self._text_url(result)
        return _Unread(str(result["document_number"]).strip(), url, now) if url and worth_reading(result) else None

    def _text_url(self, result: Mapping[str, Any]) -> str:
        """Where its text lies; "" where there is none at home: a list never sends us to another site."""
        home = (urlsplit(self.spec.url).hostname or "").removeprefix("www.")
        for key in ("raw_text_url", "body_html_url"):
            if isinstance(url := result.get(key), str):
                with contextlib.suppress(ValueError):
                    parts = urlsplit(url)
                    host = parts.hostname or ""
                    if parts.scheme in {"http", "https"} and (host == home or host.endswith(f".{home}")):
                        return url
        return ""

    async def _read(
        self, wanted: Sequence[_Unread], listed: Mapping[str, RawItem], results: Iterable[Mapping[str, Any]]
    ) -> dict[str, RawItem | None]:
        """By number: the item that tells the content, or None where there is nothing to tell or no hope of a text."""
        days = {
            str(result.get("document_number") or "").strip(): _day(result.get("publication_date")) for result in results
        }
        done: dict[str, RawItem | None] = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.budget.total_seconds()):
                for one in wanted:
                    try:
                        text = await self._text(one.url)
                        item = listed[one.number]
                        done[one.number] = await asyncio.to_thread(_retold, item, text, days.get(one.number))
                    except SourceError as error:
                        log.debug("document_unread", source=self.spec.name, document=one.number, error=str(error))
                        if error.blocked:
                            done[one.number] = None
                        if error.blocked or error.retry_after is not None:
                            break  # the site wants to be left alone
                    except Exception:
                        # A document in a shape that nobody thought of must not cost the list its poll.
                        log.exception("document_unreadable", source=self.spec.name, document=one.number)
                        done[one.number] = None
        return done

    async def _text(self, url: str) -> str:
        reply = await self.http.get(
            url,
            source=self.spec.name,
            headers={"Accept": "text/plain, text/html"},
            user_agent=self.spec.user_agent,
            interval=self.spec.interval,
        )
        text = await asyncio.to_thread(document_text, reply.body)
        if "ACTION:" not in text:
            raise SourceError("answers no document's text yet", source=self.spec.name)
        return text


def worth_reading(result: Mapping[str, Any]) -> bool:
    """Whether a document's text may say whom or what of chips a rule hits: rules and proposals of BIS by their titles.

    Most of the bureau's notices are denial orders against persons, whose titles say all.
    """
    agencies = result.get("agencies")
    slugs = (
        [agency.get("slug") for agency in agencies if isinstance(agency, dict)] if isinstance(agencies, list) else []
    )
    words = " ".join(str(result.get(key) or "") for key in ("title", "toc_subject", "toc_doc", "abstract"))
    return _BIS in slugs and "rule" in str(result.get("type") or "").lower() and _ABOUT.search(words) is not None


def document_text(body: bytes) -> str:
    """The text of a document: plain, in a page's ``pre``, or a web page's with bars between cells."""
    text = body[: 2 * MAX_TEXT].decode("utf-8", errors="replace")
    head = text[:4096].lower()
    if "<html" not in head and "<p" not in head and "<div" not in head and "<h" not in head:
        return storable(text)
    if (inner := _PREFORMATTED.search(text)) is not None:
        return storable(html.unescape(_TAG.sub("", inner[1])))
    text = " ".join(_UNSEEN.sub(" ", text).split())
    parts, *rows = ([part] for part in _ROW.split(text))
    for (row,) in rows:
        cells, *after = _ROW_END.split(row, maxsplit=1)
        parts += [f"\n{_cells(cells)}\n", *after]
    return storable(html.unescape(_TAG.sub("", _BLOCK.sub("\n", "".join(parts)))))


def _cells(row: str) -> str:
    """A table's row on one line; its paragraphs and line breaks are blanks."""
    return " | ".join(" ".join(_TAG.sub(" ", cell).split()) for cell in _BETWEEN_CELLS.split(row))


def _retold(item: RawItem, text: str, published: date | None) -> RawItem | None:
    card = read_rule(text, filed=eastern(item.event_at).date() if item.event_at else None, published=published)
    headline = rule_headline(card) if card is not None else ""
    if card is None or not headline:
        return None
    summary = "\n".join(clean(line, limit=300) for line in rule_summary(card, limit=MAX_SUMMARY).split("\n"))
    return replace(item, guid=f"{item.guid}{READ}", headline=clean(headline, limit=MAX_HEADLINE), summary=summary)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _dump(one: _Unread) -> dict[str, Any]:
    tried = one.tried.isoformat() if one.tried else None
    return {"number": one.number, "url": one.url, "since": one.since.isoformat(), "tried": tried}


def _load(stored: Any) -> list[_Unread]:
    """Read what ``_dump`` wrote; what another version wrote is passed over."""
    found = []
    for entry in stored if isinstance(stored, list) else ():
        try:
            since = datetime.fromisoformat(entry["since"])
            tried = datetime.fromisoformat(entry["tried"]) if entry["tried"] else None
            if since.tzinfo is not None and (tried is None or tried.tzinfo is not None):
                found.append(_Unread(str(entry["number"]), str(entry["url"]), since, tried))
        except (KeyError, TypeError, ValueError):
            continue
    return found
