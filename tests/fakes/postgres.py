"""A PostgreSQL database of a test run's own, where a server answers."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg

ENVIRONMENT = "CHIPWIRE_TEST_POSTGRES"
LOCAL = "postgresql://postgres@127.0.0.1:5432/test"


def find_server() -> str | None:
    """The URL of a server that lets us make databases; None when there is none."""
    url = os.environ.get(ENVIRONMENT, LOCAL)
    try:
        asyncio.run(_execute(url, "SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        if ENVIRONMENT in os.environ:
            raise  # it was promised: a silent skip would hide that nothing is tested
        return None
    return url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Make a database, give its URL, drop it."""
    name = f"chipwire_test_{secrets.token_hex(6)}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def drop_tables(url: str) -> None:
    """Take away all tables."""
    await _execute(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


async def delete_rows(url: str, tables: Sequence[str]) -> None:
    """Take away all rows of these tables, in this order."""
    await _execute(url, *(f"DELETE FROM {table}" for table in tables))  # noqa: S608  the names are our own


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
