"""The Store in SQL: each method runs one transaction function; a back-end says where it runs."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.domain import (
    Alert,
    Amendment,
    Claim,
    Decision,
    Destination,
    Headline,
    Mute,
    Reason,
    Receipt,
    Sending,
    SourceSpec,
    SourceState,
    Story,
    Subscription,
    Urgency,
)
from bot.store import amendments, decisions, headlines, leases, lines, migrations, mutes, outbox, reading, subscriptions
from bot.store.chat_sql import ChatSqlStore
from bot.store.ledger import Trail

__all__ = ["SqlStore"]

_T = TypeVar("_T")
_URLS_AT_ONCE = 500
_TRIM_AT_ONCE = 2_000  # some tens of milliseconds in SQLite


class SqlStore(ChatSqlStore):
    """See bot.store.base.Store, method by method."""

    @abstractmethod
    async def close(self) -> None:
        """See Store.close."""

    async def migrate(self) -> None:
        """See Store.migrate."""
        known = migrations.known_migrations()
        now_us = time.time_ns() // 1_000
        await self._write(lambda conn: migrations.apply(conn, known, now_us=now_us))

    # ── leases of roles ──────────────────────────────────────────────────────────────────────

    async def take_lease(self, name: str, owner: str, ttl: timedelta, *, force: bool = False) -> int | None:
        """See Store.take_lease."""
        return await self._write(lambda conn: leases.take(conn, name, owner, ttl, force=force))

    async def renew_lease(self, name: str, owner: str, epoch: int, ttl: timedelta) -> bool:
        """See Store.renew_lease."""
        return await self._write(lambda conn: leases.renew(conn, name, owner, epoch, ttl))

    async def release_lease(self, name: str, owner: str, epoch: int) -> None:
        """See Store.release_lease."""
        await self._write(lambda conn: leases.release(conn, name, owner, epoch))

    # ── sources ──────────────────────────────────────────────────────────────────────────────

    async def sync_sources(self, specs: Sequence[SourceSpec], now: datetime) -> None:
        """See Store.sync_sources."""
        await self._write(lambda conn: headlines.sync(conn, specs, now))

    async def source_states(self) -> dict[str, SourceState]:
        """See Store.source_states."""
        return await self._read(headlines.states)

    async def record_batch(
        self,
        source: str,
        headlines: Sequence[tuple[Headline, Reason | None]],
        *,
        cursor: Mapping[str, Any],
        next_due: datetime,
        now: datetime,
    ) -> list[Headline]:
        """See Store.record_batch."""
        return await self._write(
            lambda conn: _record_batch(conn, source, headlines, cursor=cursor, next_due=next_due, now=now)
        )

    async def record_source_failure(self, source: str, *, error: str, next_due: datetime, now: datetime) -> int:  # noqa: ARG002 - the Protocol's
        """See Store.record_source_failure."""
        return await self._write(lambda conn: headlines.record_failure(conn, source, error=error, next_due=next_due))

    # ── the desk ─────────────────────────────────────────────────────────────────────────────

    async def unscored(self, limit: int) -> list[Headline]:
        """See Store.unscored."""
        return await self._read(lambda conn: headlines.unscored(conn, limit))

    async def known_urls(self, canonical_urls: Iterable[str], since: datetime) -> dict[str, str]:
        """See Store.known_urls; an empty URL is never known."""
        wanted = sorted(set(canonical_urls) - {""})

        def look_up(conn: sa.Connection) -> dict[str, str]:
            found: dict[str, str] = {}
            for start in range(0, len(wanted), _URLS_AT_ONCE):
                found |= headlines.known_urls(conn, wanted[start : start + _URLS_AT_ONCE], since)
            return found

        return await self._read(look_up) if wanted else {}

    async def open_stories(self, since: datetime) -> list[Story]:
        """See Store.open_stories."""
        return await self._read(lambda conn: decisions.open_stories(conn, since))

    async def record_decisions(self, decisions: Sequence[Decision]) -> None:
        """See Store.record_decisions."""
        await self._write(lambda conn: _record_decisions(conn, decisions))

    # ── the outbox ───────────────────────────────────────────────────────────────────────────

    async def due_destinations(self, now: datetime) -> list[Destination]:
        """See Store.due_destinations."""
        return await self._read(lambda conn: lines.due_destinations(conn, now))

    async def next_due_at(self, now: datetime) -> datetime | None:
        """See Store.next_due_at."""
        return await self._read(lambda conn: lines.next_due_at(conn, now))

    async def claim_delivery(
        self, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
    ) -> Claim | None:
        """See Store.claim_delivery."""
        return await self._write(
            lambda conn: outbox.claim(conn, destination, owner=owner, epoch=epoch, now=now, lease=lease)
        )

    async def expire_claims(self, *, owner: str, epoch: int, now: datetime) -> int:
        """See Store.expire_claims."""
        return await self._write(lambda conn: outbox.expire_claims(conn, owner=owner, epoch=epoch, now=now))

    async def mark_sent(
        self,
        delivery_id: str,
        receipt: Receipt,
        *,
        result: Sending,
        now: datetime,
        attempt: int | None = None,
    ) -> None:
        """See Store.mark_sent."""
        _expect(result, Sending.SENT, Sending.RECONCILED)
        await self._write(
            lambda conn: outbox.mark_sent(conn, delivery_id, receipt, result=result, now=now, attempt=attempt)
        )

    async def mark_retry(
        self,
        delivery_id: str,
        *,
        result: Sending,
        error: str,
        next_attempt_at: datetime,
        now: datetime,
        attempt: int | None = None,
    ) -> None:
        """See Store.mark_retry."""
        _expect(result, Sending.RETRY, Sending.RATE_LIMITED, Sending.MAYBE_SENT)
        await self._write(
            lambda conn: outbox.mark_retry(
                conn,
                delivery_id,
                result=result,
                error=error,
                next_attempt_at=next_attempt_at,
                now=now,
                attempt=attempt,
            )
        )

    async def mark_ended(
        self, delivery_id: str, *, result: Sending, reason: str, now: datetime, attempt: int | None = None
    ) -> None:
        """See Store.mark_ended."""
        _expect(result, Sending.DEAD, Sending.DROPPED)
        await self._write(
            lambda conn: outbox.mark_ended(conn, delivery_id, result=result, reason=reason, now=now, attempt=attempt)
        )

    async def release_claim(self, delivery_id: str, now: datetime, *, attempt: int | None = None) -> None:
        """See Store.release_claim."""
        await self._write(lambda conn: outbox.release(conn, delivery_id, now, attempt=attempt))

    async def fold_backlog(self, destination: Destination, *, keep: Urgency, now: datetime, over: int = 0) -> int:
        """See Store.fold_backlog."""
        name = str(destination)
        # Mostly nothing has piled up, and to see that takes no write.
        if await self._read(lambda conn: lines.waiting(conn, name)) <= over:
            return 0
        return await self._write(lambda conn: lines.fold(conn, name, keep=keep, now=now))

    async def claim_amendment(
        self, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
    ) -> Amendment | None:
        """See Store.claim_amendment."""
        return await self._write(
            lambda conn: amendments.claim(conn, destination, owner=owner, epoch=epoch, now=now, lease=lease)
        )

    async def mark_amended(self, amendment: Amendment, now: datetime) -> None:
        """See Store.mark_amended."""
        await self._write(lambda conn: amendments.mark_amended(conn, amendment, now))

    async def mark_amend_failed(
        self, amendment: Amendment, *, next_due_at: datetime | None, now: datetime, error: str | None = None
    ) -> None:
        """See Store.mark_amend_failed."""
        await self._write(
            lambda conn: amendments.mark_failed(conn, amendment, error=error, next_due_at=next_due_at, now=now)
        )

    async def retire_destination(self, destination: Destination, *, reason: str, now: datetime) -> int:
        """See Store.retire_destination."""
        return await self._write(lambda conn: subscriptions.retire(conn, destination, reason=reason, now=now))

    async def move_destination(self, old: Destination, new: Destination) -> None:
        """See Store.move_destination."""
        await self._write(lambda conn: subscriptions.move(conn, old, new))

    async def resolve(self, destination: Destination) -> Destination:
        """See Store.resolve."""
        return await self._read(lambda conn: subscriptions.resolve(conn, destination))

    async def sent_times(self, destination: Destination, since: datetime) -> list[datetime]:
        """See Store.sent_times."""
        return await self._read(lambda conn: outbox.sent_times(conn, destination, since))

    async def routed_times(self, since: datetime) -> dict[Destination, list[datetime]]:
        """See Store.routed_times."""
        return await self._read(lambda conn: outbox.routed_times(conn, since))

    async def backlog(self) -> dict[str, int]:
        """See Store.backlog."""
        return await self._read(reading.backlog)

    # ── subscriptions ────────────────────────────────────────────────────────────────────────

    async def subscriptions(self) -> list[Subscription]:
        """See Store.subscriptions."""
        return await self._read(_active_subscriptions)

    async def replace_subscriptions(self, origin: str, subscriptions: Sequence[Subscription], now: datetime) -> None:
        """See Store.replace_subscriptions."""
        await self._write(lambda conn: _replace_subscriptions(conn, origin, subscriptions, now))

    async def add_subscription(self, subscription: Subscription, now: datetime) -> None:
        """See Store.add_subscription."""
        await self._write(lambda conn: subscriptions.add(conn, subscription, now))

    async def remove_subscription(self, subscription_id: str) -> bool:
        """See Store.remove_subscription."""
        return await self._write(lambda conn: subscriptions.remove(conn, subscription_id))

    # ── mutes ────────────────────────────────────────────────────────────────────────────────

    async def add_mute(self, mute: Mute, now: datetime) -> None:
        """See Store.add_mute."""
        await self._write(lambda conn: _add_mute(conn, mute, now))

    async def remove_mute(self, mute_id: str) -> bool:
        """See Store.remove_mute."""
        return await self._write(lambda conn: mutes.remove(conn, mute_id))

    async def mutes(self, now: datetime) -> list[Mute]:
        """See Store.mutes."""
        return await self._read(lambda conn: mutes.active(conn, now))

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    async def trail(self, id_or_url: str) -> Trail | None:
        """See Store.trail."""
        return await self._read(lambda conn: reading.trail(conn, id_or_url))

    async def recent_alerts(
        self, limit: int, before: datetime | None = None, *, ticker: str | None = None
    ) -> list[Alert]:
        """See Store.recent_alerts."""
        return await self._read(lambda conn: reading.recent_alerts(conn, limit, before, ticker))

    async def story(self, slug: str) -> tuple[Story, list[Alert]] | None:
        """See Store.story."""
        return await self._read(lambda conn: reading.story(conn, slug))

    async def outcome_counts(self, since: datetime) -> dict[tuple[str, str], int]:
        """See Store.outcome_counts."""
        return await self._read(lambda conn: reading.outcome_counts(conn, since))

    async def prune(self, before: datetime) -> int:
        """See Store.prune."""
        await self._write(lambda conn: mutes.prune(conn, before))
        trimmed = 0
        while True:
            portion = await self._write(lambda conn: headlines.prune(conn, before, _TRIM_AT_ONCE))
            trimmed += portion
            if portion < _TRIM_AT_ONCE:
                return trimmed


# Arguments and methods of the Protocol hide these modules' names; the aliases bring them back.
_record_batch = headlines.record_batch
_record_decisions = decisions.record
_active_subscriptions = subscriptions.active
_replace_subscriptions = subscriptions.replace


def _add_mute(conn: sa.Connection, mute: Mute, now: datetime) -> None:
    to = None if mute.to is None else subscriptions.resolve(conn, mute.to)
    mutes.add(conn, mute, to, now)


def _expect(result: Sending, *allowed: Sending) -> None:
    if result not in allowed:
        raise ValueError(f"this mark is for {', '.join(allowed)}, not for {result}")
