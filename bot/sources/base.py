"""What every source adapter must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain import RawItem, SourceSpec

Cursor = Mapping[str, Any]
"""An adapter's own memory between polls, JSON values only: validators, seen ids, a last date. Empty at first."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought.

    ``items`` are in the order of the source, at most 500, and may hold items that were given before (the
    store passes known ids over). ``not_modified`` means the remote said that nothing changed.
    """

    items: tuple[RawItem, ...]
    cursor: Cursor
    not_modified: bool = False


class Source(Protocol):
    """One place that is polled. Never stores, dedupes or sleeps."""

    @property
    def spec(self) -> SourceSpec:
        """The catalogue entry that it was made from."""
        ...

    def interval(self, now: datetime) -> timedelta:
        """How long to wait until the next poll: the spec's interval, shorter in the source's busy minutes."""
        ...

    async def fetch(self, cursor: Cursor) -> Batch:
        """Poll once.

        Args:
            cursor: as the last successful fetch returned it; empty at first.

        Raises:
            SourceError: could not be fetched or understood; carries what decides the next try.
        """
        ...
