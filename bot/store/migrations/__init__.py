"""The schema's history: numbered SQL files, only ever added to, and the runner that applies them.

A file ``0002_what_for.sql`` holds statements that both SQLite and PostgreSQL understand, each ended by a
semicolon at the end of a line; ``--`` begins a comment. A released file is never edited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

import sqlalchemy as sa

from bot.errors import StoreError

__all__ = ["Migration", "apply", "known_migrations"]

# Any constant will do, as long as every Chipwire takes the same one.
_ADVISORY_LOCK = 0x63686970

_CREATE_HISTORY = sa.text(
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    " version BIGINT NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " applied_at BIGINT NOT NULL,"
    " checked_at BIGINT NOT NULL)"
)
_NEWEST = sa.text("SELECT max(version) FROM schema_migrations")
_REMEMBER = sa.text(
    "INSERT INTO schema_migrations (version, name, applied_at, checked_at) VALUES (:version, :name, :now, :now)"
)
# A write that changes something at every start: a read-only or full database is found now, not at the first alert.
_PROBE = sa.text("UPDATE schema_migrations SET checked_at = :now WHERE version = :version")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    statements: tuple[str, ...]


def _statements(script: str) -> tuple[str, ...]:
    bare = re.sub(r"--[^\n]*", "", script)
    return tuple(part.strip() for part in re.split(r";[ \t]*(?:\n|$)", bare) if part.strip())


def known_migrations() -> tuple[Migration, ...]:
    """All steps that this version ships, in order, numbered from 1 without a gap."""
    found = [
        Migration(int(file.name[:4]), file.name[5 : -len(".sql")], _statements(file.read_text(encoding="utf-8")))
        for file in files(__name__).iterdir()
        if file.name.endswith(".sql")
    ]
    return tuple(sorted(found, key=lambda migration: migration.version))


def apply(conn: sa.Connection, migrations: tuple[Migration, ...], *, now_us: int) -> int:
    """Apply what is missing, inside the caller's transaction, and prove that the database can be written.

    Args:
        conn: a connection in a transaction that nobody else can write beside (taken here on PostgreSQL).
        migrations: as ``known_migrations`` returns them.
        now_us: the time now, microseconds since 1970.

    Returns:
        How many were applied; 0 when the schema was up to date.

    Raises:
        StoreError: the schema is newer than the newest migration.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    conn.execute(_CREATE_HISTORY)
    current = conn.execute(_NEWEST).scalar_one() or 0
    newest = migrations[-1].version
    if current > newest:
        raise StoreError(
            f"the database has schema {current}, but this Chipwire knows no newer one than {newest}: "
            "update Chipwire, or point CHIPWIRE_DATABASE_URL at another database"
        )
    missing = [migration for migration in migrations if migration.version > current]
    for migration in missing:
        for statement in migration.statements:
            # The driver's own call: a colon in a statement is no parameter.
            conn.exec_driver_sql(statement)
        conn.execute(_REMEMBER, {"version": migration.version, "name": migration.name, "now": now_us})
    conn.execute(_PROBE, {"version": newest, "now": now_us})
    return len(missing)
