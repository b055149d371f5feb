"""Filings whose text could not be had at once: kept in the cursor and tried again for ten minutes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sources.edgar_filing import Filing

TRY_FOR = timedelta(minutes=10)
MAX_UNREAD = 40  # a cursor is written at every poll


@dataclass(frozen=True, slots=True)
class Unread:
    """One filing that waits for its text; the whole filing, because the list may have moved on meanwhile."""

    filing: Filing
    since: datetime
    tried: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether to try again: after a quarter of the time that it has waited, some twenty tries in all."""
        return now - self.tried >= (self.tried - self.since) / 4

    def is_over(self, now: datetime) -> bool:
        """Whether it has waited long enough."""
        return now - self.since > TRY_FOR


def load(stored: Any) -> list[Unread]:
    """Read what ``dump`` wrote; what another version wrote is passed over."""
    found = []
    for entry in stored if isinstance(stored, list) else ():
        try:
            found.append(_load(entry))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


def dump(unread: Iterable[Unread]) -> list[dict[str, Any]]:
    """JSON values for the cursor, the newest ``MAX_UNREAD``."""
    newest = sorted(unread, key=lambda one: one.since, reverse=True)[:MAX_UNREAD]
    return [_dump(one) for one in newest]


def _dump(unread: Unread) -> dict[str, Any]:
    filing = unread.filing
    return {
        "accession": filing.accession,
        "form": filing.form,
        "company": filing.company,
        "cik": filing.cik,
        "parties": sorted(filing.parties),
        "items": [list(item) for item in filing.items],
        "url": filing.url,
        "accepted": filing.accepted.isoformat() if filing.accepted else None,
        "since": unread.since.isoformat(),
        "tried": unread.tried.isoformat(),
    }


def _load(entry: Mapping[str, Any]) -> Unread:
    filing = Filing(
        accession=str(entry["accession"]),
        form=str(entry["form"]),
        company=str(entry["company"]),
        cik=int(entry["cik"]),
        parties=frozenset(int(party) for party in entry["parties"]),
        items=tuple((str(number), str(words)) for number, words in entry["items"]),
        url=str(entry["url"]),
        accepted=datetime.fromisoformat(entry["accepted"]) if entry["accepted"] else None,
    )
    unread = Unread(filing, datetime.fromisoformat(entry["since"]), datetime.fromisoformat(entry["tried"]))
    if unread.since.tzinfo is None or unread.tried.tzinfo is None:
        raise ValueError("times without a zone")
    return unread
