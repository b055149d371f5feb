"""The part of the Store in SQL that chat asks: each method runs one transaction function."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.domain import Alert, Destination, Reader, Subscription, Vote
from bot.store import installations, reading, subscriptions, votes
from bot.store import readers as readers_

__all__ = ["ChatSqlStore"]

_T = TypeVar("_T")


class ChatSqlStore(ABC):
    """See bot.store.chat_base.ChatStore, method by method."""

    @abstractmethod
    async def _write(self, transaction: Callable[[sa.Connection], _T]) -> _T:
        """Run it in a transaction, commit durably, return its result; nothing has changed if it raises.

        The function may run more than once: it must not touch anything but its connection.
        """

    @abstractmethod
    async def _read(self, transaction: Callable[[sa.Connection], _T]) -> _T:
        """Run it on a snapshot that cannot be written to, beside the writers."""

    # ── votes ────────────────────────────────────────────────────────────────────────────────

    async def record_vote(self, vote: Vote) -> bool | None:
        """See Store.record_vote."""
        return await self._write(lambda conn: votes.record(conn, vote))

    async def votes(self, since: datetime | None = None) -> list[Vote]:
        """See Store.votes."""
        return await self._read(lambda conn: votes.since(conn, since))

    async def vote_counts(self, alert_id: str) -> tuple[int, int]:
        """See Store.vote_counts."""
        return await self._read(lambda conn: votes.counts(conn, alert_id))

    # ── readers ──────────────────────────────────────────────────────────────────────────────

    async def reader(self, destination: Destination) -> Reader:
        """See Store.reader."""
        return await self._read(lambda conn: readers_.find(conn, destination))

    async def set_reader(self, reader: Reader) -> None:
        """See Store.set_reader."""
        await self._write(lambda conn: readers_.save(conn, reader))

    async def alert(self, alert_id: str) -> Alert | None:
        """See Store.alert."""
        return await self._read(lambda conn: reading.alert(conn, alert_id))

    async def held_alerts(self, destination: Destination) -> list[tuple[Alert, datetime]]:
        """See Store.held_alerts."""
        return await self._read(lambda conn: reading.held_alerts(conn, destination))

    async def subscriptions_of(self, destination: Destination) -> list[Subscription]:
        """See Store.subscriptions_of."""
        return await self._read(lambda conn: subscriptions.active_of(conn, destination))

    async def person_data(self, person: str) -> dict[str, Any]:
        """See Store.person_data."""
        return await self._read(lambda conn: readers_.personal(conn, person))

    async def forget_person(self, person: str, private: Destination | None) -> int:
        """See Store.forget_person."""
        return await self._write(lambda conn: readers_.forget(conn, person, private))

    # ── workspaces that installed the Slack app ──────────────────────────────────────────────

    async def save_installation(self, team: str, body: str, now: datetime) -> None:
        """See Store.save_installation."""
        await self._write(lambda conn: installations.save(conn, team, body, now))

    async def installation(self, team: str) -> str | None:
        """See Store.installation."""
        return await self._read(lambda conn: installations.find(conn, team))

    async def remove_installation(self, team: str) -> bool:
        """See Store.remove_installation."""
        return await self._write(lambda conn: installations.remove(conn, team))

    async def installations(self) -> list[str]:
        """See Store.installations."""
        return await self._read(installations.teams)

    async def save_state(self, state: str, expires_at: datetime) -> None:
        """See Store.save_state."""
        await self._write(lambda conn: installations.remember(conn, state, expires_at))

    async def take_state(self, state: str, now: datetime) -> bool:
        """See Store.take_state."""
        return await self._write(lambda conn: installations.take(conn, state, now))

    async def retire_team(self, team: str, *, reason: str, now: datetime) -> int:
        """See Store.retire_team."""
        return await self._write(lambda conn: subscriptions.retire_team(conn, team, reason=reason, now=now))
