"""A store of each kind, for whatever must hold for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store import Store, open_store
from bot.store.tables import metadata
from tests.fakes.postgres import delete_rows, drop_tables, find_server, fresh_database


@pytest.fixture(scope="session")
def server() -> str:
    """A PostgreSQL server, where there is one."""
    found = find_server()
    if found is None:
        pytest.skip("no PostgreSQL: CHIPWIRE_TEST_POSTGRES is unset and 127.0.0.1:5432 does not answer")
    return found


@pytest.fixture(scope="session")
def empty(server: str) -> Iterator[str]:
    """A database of this run for tests of the schema itself."""
    with fresh_database(server) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(server: str) -> Iterator[str]:
    """A database of this run whose schema is made once: that takes longer than any test."""

    async def migrate(url: str) -> None:
        store = await open_store(url)
        await store.migrate()
        await store.close()

    with fresh_database(server) as url:
        asyncio.run(migrate(url))
        yield url


@pytest.fixture(params=["sqlite", "memory", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each back-end in turn."""
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if kind == "postgres":
        database: str = request.getfixturevalue("empty")
        asyncio.run(drop_tables(database))
        return database
    return "sqlite://" if kind == "memory" else f"sqlite:///{tmp_path}/store.sqlite3"


@pytest.fixture
def ready(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without rows, migrated or about to be."""
    if kind == "postgres":
        database: str = request.getfixturevalue("migrated")
        asyncio.run(delete_rows(database, [table.name for table in reversed(metadata.sorted_tables)]))
        return database
    return "sqlite://" if kind == "memory" else f"sqlite:///{tmp_path}/store.sqlite3"


@pytest.fixture
async def store(ready: str) -> AsyncIterator[Store]:
    """A migrated store."""
    opened = await open_store(ready)
    await opened.migrate()
    yield opened
    await opened.close()
