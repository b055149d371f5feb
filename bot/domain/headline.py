"""What comes in: sources, their entries, and the headlines that are made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Tier(StrEnum):
    """How close a source stands to the fact."""

    PRIMARY = "primary"
    WIRE = "wire"
    PRESS = "press"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One entry of the catalogue: where to look, how often, and how far to trust it."""

    name: str
    kind: str
    url: str
    interval: timedelta
    publisher: str
    tier: Tier
    user_agent: str | None = None  # instead of the declared default
    max_age: timedelta | None = None  # instead of the default age limit
    official: bool = False  # its titles go past the classifier's gate
    options: Mapping[str, Any] = field(default_factory=dict)  # settings of this kind alone


READ = "#text"
"""Ends the guid of an item that says what a filing holds that was first told by its form alone."""


WITHDRAWN = "#withdrawn"
"""Ends the guid of an item that says that the document before it was withdrawn by its own agency."""


@dataclass(frozen=True, slots=True)
class RawItem:
    """One entry as a source gave it, cleaned of markup but not yet judged."""

    guid: str  # stable id within the source; never a position or a date
    headline: str
    url: str
    published_at: datetime | None = None  # the source's claim
    event_at: datetime | None = None  # signing, acceptance, filing
    publisher: str | None = None  # where the entry itself names another than the source's
    summary: str | None = None
    document: str | None = None  # document number, accession, docket: what joins official texts


@dataclass(frozen=True, slots=True)
class Headline:
    """One line from one source, as saved."""

    id: str
    source: str
    guid: str
    text: str
    url: str
    publisher: str
    tier: Tier
    official: bool
    published_at: datetime | None
    first_seen_at: datetime
    event_at: datetime | None
    fingerprint: str  # bot.rules.fingerprint: equal for exact and near-exact repeats
    canonical_url: str
    summary: str | None = None
    document: str | None = None

    @property
    def completes(self) -> bool:
        """Whether it tells the content of a filing that was told before by its form alone."""
        return self.guid.endswith(READ)

    @property
    def withdraws(self) -> bool:
        """Whether an agency takes back its own document with it: a fact of the source, not of the words."""
        return self.guid.endswith(WITHDRAWN)

    @staticmethod
    def make_id(source: str, guid: str) -> str:
        """The id of a headline: 16 hex digits, the same for the same source and guid for ever."""
        return hashlib.blake2b(f"{source}\0{guid}".encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store remembers of a source between polls."""

    name: str
    cursor: Mapping[str, Any]  # the adapter's own; empty before the first success
    baseline_done: bool
    next_due: datetime
    last_ok_at: datetime | None
    last_new_at: datetime | None
    failures: int  # in a row
    last_error: str | None
