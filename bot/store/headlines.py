"""Transactions on sources and the headlines they bring, up to the moment they are due for scoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain import Headline, Outcome, Reason, SourceSpec, SourceState, Tier
from bot.store.codec import dump, load
from bot.store.tables import PerDialect, headlines, sources

__all__ = [
    "COLUMNS",
    "known_urls",
    "prune",
    "record_batch",
    "record_failure",
    "states",
    "sync",
    "to_headline",
    "unscored",
]

COLUMNS = (
    headlines.c.id,
    headlines.c.source,
    headlines.c.guid,
    headlines.c.text,
    headlines.c.url,
    headlines.c.publisher,
    headlines.c.tier,
    headlines.c.official,
    headlines.c.published_at,
    headlines.c.first_seen_at,
    headlines.c.event_at,
    headlines.c.fingerprint,
    headlines.c.canonical_url,
    headlines.c.summary,
    headlines.c.document,
)
"""The columns of a Headline, named like its fields."""

_FRESH = {
    "cursor_json": "{}",
    "baseline_done": False,
    "last_ok_at": None,
    "last_new_at": None,
    "failures": 0,
    "last_error": None,
}

_SYNC = PerDialect(lambda insert: insert(sources).on_conflict_do_nothing())
_STATES = sa.select(sources).order_by(sources.c.name)

_SUCCESS = PerDialect(
    lambda insert: (statement := insert(sources)).on_conflict_do_update(
        index_elements=[sources.c.name],
        set_={
            "cursor_json": statement.excluded.cursor_json,
            "baseline_done": True,
            "next_due": statement.excluded.next_due,
            "last_ok_at": statement.excluded.last_ok_at,
            "last_new_at": sa.func.coalesce(statement.excluded.last_new_at, sources.c.last_new_at),
            "failures": 0,
            "last_error": None,
        },
    )
)
_FAILURE = PerDialect(
    lambda insert: (
        (statement := insert(sources))
        .on_conflict_do_update(
            index_elements=[sources.c.name],
            set_={
                "next_due": statement.excluded.next_due,
                "failures": sources.c.failures + 1,
                "last_error": statement.excluded.last_error,
            },
        )
        .returning(sources.c.failures)
    )
)

# Most of what a poll brings is known; the insert's own condition is for another process in the same moment.
_KNOWN = sa.select(headlines.c.id).where(headlines.c.id.in_(sa.bindparam("ids", expanding=True)))
_INSERT = PerDialect(lambda insert: insert(headlines).on_conflict_do_nothing())

_UNSCORED = (
    sa.select(*COLUMNS)
    .where(headlines.c.outcome.is_(None))
    # One poll's headlines share a first_seen_at; among them the older news goes first.
    .order_by(
        headlines.c.first_seen_at,
        sa.func.coalesce(headlines.c.published_at, headlines.c.first_seen_at),
        headlines.c.id,
    )
    .limit(sa.bindparam("how_many", type_=sa.Integer))
)
_KNOWN_URLS = (
    sa.select(headlines.c.canonical_url, headlines.c.id)
    .where(
        headlines.c.canonical_url.in_(sa.bindparam("urls", expanding=True)),
        headlines.c.first_seen_at >= sa.bindparam("since"),
        headlines.c.outcome.is_not(None),
    )
    .order_by(headlines.c.first_seen_at.desc(), headlines.c.id.desc())
)

# Written out, so that the database sees the condition of the partial index in it.
_TO_TRIM = (
    sa.select(headlines.c.id)
    .where(sa.text("outcome = 'spike' AND text <> ''"), headlines.c.first_seen_at < sa.bindparam("before"))
    .order_by(headlines.c.first_seen_at)
    .limit(sa.bindparam("how_many", type_=sa.Integer))
)
_TRIM = (
    sa.update(headlines)
    .where(headlines.c.id.in_(_TO_TRIM.scalar_subquery()))
    .values(text="", summary=None, score=None, mentions=None)
)


def to_headline(row: sa.Row[Any]) -> Headline:
    """The Headline of a row that has COLUMNS."""
    values = {column.name: getattr(row, column.name) for column in COLUMNS}
    return Headline(**{**values, "tier": Tier(row.tier)})


def sync(conn: sa.Connection, specs: Sequence[SourceSpec], now: datetime) -> None:
    """See Store.sync_sources."""
    rows = [{**_FRESH, "name": spec.name, "next_due": now} for spec in specs]
    if rows:
        conn.execute(_SYNC(conn), rows)


def states(conn: sa.Connection) -> dict[str, SourceState]:
    """See Store.source_states."""
    return {
        row.name: SourceState(
            name=row.name,
            cursor=load(dict, row.cursor_json),
            baseline_done=row.baseline_done,
            next_due=row.next_due,
            last_ok_at=row.last_ok_at,
            last_new_at=row.last_new_at,
            failures=row.failures,
            last_error=row.last_error,
        )
        for row in conn.execute(_STATES)
    }


def record_batch(
    conn: sa.Connection,
    source: str,
    batch: Sequence[tuple[Headline, Reason | None]],
    *,
    cursor: Mapping[str, Any],
    next_due: datetime,
    now: datetime,
) -> list[Headline]:
    """See Store.record_batch."""
    first: dict[str, tuple[Headline, Reason | None]] = {}
    for headline, reason in batch:
        first.setdefault(headline.id, (headline, reason))
    known = set(conn.execute(_KNOWN, {"ids": list(first)}).scalars()) if first else set()
    new = [pair for pair in first.values() if pair[0].id not in known]
    if new:
        conn.execute(_INSERT(conn), [_row(headline, reason, now) for headline, reason in new])
    conn.execute(
        _SUCCESS(conn),
        {
            **_FRESH,
            "name": source,
            "cursor_json": dump(cursor),
            "baseline_done": True,
            "next_due": next_due,
            "last_ok_at": now,
            "last_new_at": now if new else None,
        },
    )
    return [headline for headline, reason in new if reason is None]


def record_failure(conn: sa.Connection, source: str, *, error: str, next_due: datetime) -> int:
    """See Store.record_source_failure."""
    row = {**_FRESH, "name": source, "next_due": next_due, "failures": 1, "last_error": error}
    return int(conn.execute(_FAILURE(conn), row).scalar_one())


def unscored(conn: sa.Connection, limit: int) -> list[Headline]:
    """See Store.unscored."""
    return [to_headline(row) for row in conn.execute(_UNSCORED, {"how_many": limit})]


def known_urls(conn: sa.Connection, urls: Sequence[str], since: datetime) -> dict[str, str]:
    """See Store.known_urls; at most some hundred at a time, for the databases' limits on parameters."""
    newest_first = conn.execute(_KNOWN_URLS, {"urls": list(urls), "since": since})
    return {url: headline_id for url, headline_id in newest_first}  # noqa: C416 - dict() of rows does not type


def prune(conn: sa.Connection, before: datetime, limit: int) -> int:
    """Trim at most ``limit`` spiked headlines; returns how many. See Store.prune."""
    return conn.execute(_TRIM, {"before": before, "how_many": limit}).rowcount


def _row(headline: Headline, reason: Reason | None, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: getattr(headline, column.name) for column in COLUMNS}
    row["outcome"] = None if reason is None else Outcome.SPIKE
    row["reason"] = reason
    row["decided_at"] = None if reason is None else now
    row["score"] = row["mentions"] = row["story"] = None
    return row
