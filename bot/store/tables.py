"""The tables as SQLAlchemy Core sees them, and the two words of SQL that differ between the databases.

The schema itself, with its constraints and indexes, is in ``migrations/``; a test keeps both alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.store.codec import clean, from_us, to_us

__all__ = [
    "PerDialect",
    "alerts",
    "amendments",
    "attempts",
    "database_now",
    "deliveries",
    "destinations",
    "headlines",
    "installations",
    "leases",
    "metadata",
    "moves",
    "mutes",
    "oauth_states",
    "readers",
    "sources",
    "stories",
    "subscriptions",
    "votes",
]


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware UTC time, kept as integer microseconds since 1970."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's
        """Aware time → integer."""
        return None if value is None else to_us(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Integer → aware time."""
        return None if value is None else from_us(value)


class Words(sa.types.TypeDecorator[str]):
    """Text, freed of what a database refuses; plain strings out, also for enums that went in."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Str or StrEnum → clean str."""
        return None if value is None else clean(str(value))


class database_now(FunctionElement[int]):  # noqa: N801 - reads as a function of SQL
    """The database's own clock in microseconds since 1970: leases never compare two machines' clocks."""

    type = sa.BigInteger()
    inherit_cache = True
    name = "database_now"


@compiles(database_now, "sqlite")
def _sqlite_now(*_: Any, **__: Any) -> str:
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000000.0) AS INTEGER)"


@compiles(database_now, "postgresql")
def _postgresql_now(*_: Any, **__: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"


_SQLITE: sa.Dialect = SQLiteDialect(paramstyle="named")
_POSTGRESQL: sa.Dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy's


class PerDialect:
    """A statement with ON CONFLICT, rendered once for each database.

    SQLAlchemy has no common word for it and compiles its dialects' inserts anew at each execution (a
    millisecond, most of what a transaction takes); the text of one is cached like any other statement.
    """

    def __init__(self, build: Callable[[Callable[..., Any]], sa.ClauseElement]) -> None:
        self._statements = {
            "sqlite": _rendered(build(sqlite.insert), _SQLITE),
            "postgresql": _rendered(build(postgresql.insert), _POSTGRESQL),
        }

    def __call__(self, conn: sa.Connection) -> sa.TextClause:
        """The statement for this connection's database; takes one row, or several if it returns nothing."""
        return self._statements[conn.dialect.name]


def _rendered(statement: sa.ClauseElement, dialect: sa.Dialect) -> sa.TextClause:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    binds = [
        sa.bindparam(name, type_=bind.type)
        if bind.required
        else sa.bindparam(name, compiled.params[name], type_=bind.type)
        for bind, name in compiled.bind_names.items()
    ]
    return sa.text(str(compiled)).bindparams(*binds)


metadata = sa.MetaData()


def _text(name: str, *args: Any, **options: Any) -> sa.Column[str]:
    return sa.Column(name, Words, *args, **{"nullable": False, **options})


def _time(name: str, **options: Any) -> sa.Column[datetime]:
    return sa.Column(name, Instant, **{"nullable": False, **options})


def _number(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, **{"nullable": False, **options})


leases = sa.Table(
    "leases",
    metadata,
    _text("name", primary_key=True),
    _text("owner"),
    _number("epoch"),
    _number("expires_at"),  # a number, not a time of ours: the database's clock alone reads it
)

sources = sa.Table(
    "sources",
    metadata,
    _text("name", primary_key=True),
    _text("cursor_json"),
    sa.Column("baseline_done", sa.Boolean, nullable=False),
    _time("next_due"),
    _time("last_ok_at", nullable=True),
    _time("last_new_at", nullable=True),
    _number("failures"),
    _text("last_error", nullable=True),
)

stories = sa.Table(
    "stories",
    metadata,
    _text("slug", primary_key=True),
    _time("created_at"),
    _time("updated_at"),
    _text("body"),
)

headlines = sa.Table(
    "headlines",
    metadata,
    _text("id", primary_key=True),
    _text("source"),
    _text("guid"),
    _text("text"),
    _text("url"),
    _text("publisher"),
    _text("tier"),
    sa.Column("official", sa.Boolean, nullable=False),
    _time("published_at", nullable=True),
    _time("first_seen_at"),
    _time("event_at", nullable=True),
    _text("fingerprint"),
    _text("canonical_url"),
    _text("summary", nullable=True),
    _text("document", nullable=True),
    _text("outcome", nullable=True),
    _text("reason", nullable=True),
    _time("decided_at", nullable=True),
    _text("score", nullable=True),
    _text("mentions", nullable=True),
    _text("story", sa.ForeignKey("stories.slug"), nullable=True),
    sa.UniqueConstraint("source", "guid"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    _text("id", primary_key=True),
    _text("headline_id", sa.ForeignKey("headlines.id"), unique=True),
    _text("story", sa.ForeignKey("stories.slug")),
    _time("created_at"),
    _text("body"),
)

destinations = sa.Table(
    "destinations",
    metadata,
    _text("name", primary_key=True),
    _number("last_sequence"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _text("id", primary_key=True),
    _text("alert_id", sa.ForeignKey("alerts.id")),
    _text("story"),
    _text("destination"),
    _number("sequence"),
    _text("state"),
    _text("reason", nullable=True),
    _time("due_at"),
    _time("closed_at", nullable=True),
    _number("attempts"),
    _time("maybe_since", nullable=True),
    _time("sent_at", nullable=True),
    _text("receipt", nullable=True),
    _time("release_at", nullable=True),
    _text("carrier", sa.ForeignKey("deliveries.id"), nullable=True),
    _number("rank"),
    sa.UniqueConstraint("alert_id", "destination"),
    sa.UniqueConstraint("destination", "sequence"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    _text("delivery_id", sa.ForeignKey("deliveries.id"), primary_key=True),
    _number("number", primary_key=True, autoincrement=False),
    _text("owner"),
    _number("epoch"),
    _time("started_at"),
    _time("ended_at", nullable=True),
    _text("result", nullable=True),
    _text("error", nullable=True),
)

moves = sa.Table(
    "moves",
    metadata,
    _text("name", primary_key=True),
    _text("target"),
)

mutes = sa.Table(
    "mutes",
    metadata,
    _text("id", primary_key=True),
    _text("destination", nullable=True),
    _text("kind"),
    _text("value"),
    _time("until"),
    _time("created_at"),
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    _text("id", primary_key=True),
    _text("origin"),
    _text("given"),
    _text("destination"),
    _text("topics"),
    _text("tickers"),
    _text("events"),
    _text("min_urgency"),
    _time("created_at"),
    _number("position"),
    _time("retired_at", nullable=True),
    _text("retired_reason", nullable=True),
    _text("statuses"),
    _text("tiers"),
    _text("include"),
    _text("exclude"),
    _text("quiet", nullable=True),
    _text("digest", nullable=True),
    _text("cap", nullable=True),
    _text("delay", nullable=True),
)

amendments = sa.Table(
    "amendments",
    metadata,
    _text("story", sa.ForeignKey("stories.slug"), primary_key=True),
    _text("destination", primary_key=True),
    _number("revision"),
    _text("change"),
    _time("due_at", nullable=True),
    _time("closed_at", nullable=True),
    _number("attempts"),
    _number("edits"),
    _time("edited_at", nullable=True),
    sa.Column("given_up", sa.Boolean, nullable=False),
    _text("error", nullable=True),
)

votes = sa.Table(
    "votes",
    metadata,
    _text("alert_id", sa.ForeignKey("alerts.id"), primary_key=True),
    _text("person", primary_key=True),
    sa.Column("useful", sa.Boolean, nullable=False),
    _time("at"),
)

readers = sa.Table(
    "readers",
    metadata,
    _text("destination", primary_key=True),
    _text("language", nullable=True),
    sa.Column("preview", sa.Boolean, nullable=True),
    _text("owner", nullable=True),
)

installations = sa.Table(
    "installations",
    metadata,
    _text("team", primary_key=True),
    _text("body"),
    _time("saved_at"),
)

oauth_states = sa.Table(
    "oauth_states",
    metadata,
    _text("state", primary_key=True),
    _time("expires_at"),
)
