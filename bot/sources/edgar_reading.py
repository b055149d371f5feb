"""Reading new filings within a bounded time: index page → the document that says it → a headline and a summary.

The list of latest filings tells only which items a report has, and "other events" is where export-licence notices
come. What cannot be read in time goes out as listed, and is tried again for ten minutes: the archive may lag behind the
list.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.domain import RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient, Reply
from bot.http.body import MAX_BYTES
from bot.sources import prose
from bot.sources.edgar_filing import Filing, by_weight, called
from bot.sources.edgar_index import Document, press_release, primary, read_index
from bot.sources.edgar_item import Told, headline, tell_release, tell_report

log = structlog.get_logger(__name__)

BUDGET = timedelta(seconds=3)  # of one poll, in all: an alert waits no longer for its text
MAX_FILINGS = 8  # of one poll: three requests each at sec.gov's pace fill the budget
READ_ITEMS = frozenset({"1.01", "1.02", "2.01", "2.02", "2.05", "2.06", "7.01", "8.01"})
"""8-K items whose words say nothing of what happened: deals, results, charges, and the two where notices of measures
come. The others ("change of auditor", "result of a shareholder vote") are told by their name, and no trade measure was
ever told in one."""


def worth_reading(filing: Filing) -> bool:
    """Whether its text may say more than its listing: 6-Ks, which have no items, and 8-Ks with one of READ_ITEMS."""
    match filing.form.removesuffix("/A"):
        case "6-K":
            return True
        case "8-K":
            return not filing.items or any(number in READ_ITEMS for number, _ in filing.items)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class FilingReader:
    """Fetches with the source's own client and pace, one request at a time: a document never takes the second of the
    two connections to a host, so that the other lists of the same host need not wait for it."""

    spec: SourceSpec
    http: PoliteClient
    budget: timedelta = BUDGET

    async def read(self, filings: Sequence[Filing]) -> dict[str, Told | None]:
        """Read what can be read within the budget.

        Args:
            filings: the most urgent first; at most ``MAX_FILINGS`` are tried.

        Returns:
            By accession: what the filing says, or None when it says nothing that a headline could be made of. A
            filing that is missing here was not reached in time, or is not in the archive yet.
        """
        done: dict[str, Told | None] = {}
        share = self.budget / 2  # of one filing, so that one that hangs leaves time for the next
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.budget.total_seconds()):
                for filing in filings[:MAX_FILINGS]:
                    try:
                        async with asyncio.timeout(share.total_seconds()):
                            done[filing.accession] = await self._read(filing)
                    except SourceError as error:
                        log.debug("filing_unread", source=self.spec.name, filing=filing.accession, error=str(error))
                        if error.blocked or error.retry_after is not None:
                            break  # the archive wants to be left alone, for all filings
                    except TimeoutError:
                        log.debug("filing_unread", source=self.spec.name, filing=filing.accession, error="too slow")
                    except Exception:
                        # A filing in a shape that nobody thought of must not cost the list its poll.
                        log.exception("filing_unreadable", source=self.spec.name, filing=filing.accession)
                        done[filing.accession] = None
        return done

    async def _read(self, filing: Filing) -> Told | None:
        reply = await self._get(filing.url)
        documents = read_index(reply.body, reply.url)
        if not documents:
            raise SourceError("the index page lists no document yet", source=self.spec.name)
        company = called(filing)
        form, release = primary(documents, filing.form), press_release(documents)
        if filing.form.startswith("6-K"):
            # The form is a cover page then; without an exhibit the text stands behind it.
            for document in (release, form):
                if document and (told := tell_release(await self._paragraphs(document), company)):
                    return told
            return None
        numbers = [number for number in by_weight(filing.items) if number in READ_ITEMS] or sorted(READ_ITEMS)
        own = tell_report(await self._paragraphs(form), numbers, company) if form else None
        if release is None or (own is not None and own.weight and not own.elsewhere):
            return own
        try:
            released = tell_release(await self._paragraphs(release), company, own.item if own else numbers[0])
        except SourceError:
            if own is None:
                raise
            return own  # the item names at least what the press release is about
        if released is None or (own is not None and own.weight > released.weight):
            return own
        return released

    async def _paragraphs(self, document: Document) -> list[str]:
        if document.size > MAX_BYTES:
            return []  # the client would give up on it; trying again cannot help
        return prose.paragraphs((await self._get(document.url)).body)

    async def _get(self, url: str) -> Reply:
        return await self.http.get(
            url,
            source=self.spec.name,
            headers={"Accept": "text/html, text/plain"},
            user_agent=self.spec.user_agent,
            interval=self.spec.interval,
        )


def retold(item: RawItem, filing: Filing, told: Told) -> RawItem:
    """The item of a filing with what its text says in place of what its listing says."""
    return replace(item, headline=headline(called(filing), filing.form, told), summary=told.summary)
