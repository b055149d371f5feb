"""PostgreSQL's own: servers that do not answer or refuse, told in one line without the password."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
import sqlalchemy as sa

from bot.domain import Decision, Outcome, Reason
from bot.errors import StoreError
from bot.store import open_store
from bot.store.postgres import PostgresStore
from bot.store.urls import PostgresAddress, parse_url
from tests.fakes.postgres import find_server, fresh_database
from tests.fakes.stored import NOON, make_headline


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database of this module, where there is a server."""
    server = find_server()
    if server is None:
        pytest.skip("no PostgreSQL: CHIPWIRE_TEST_POSTGRES is unset and 127.0.0.1:5432 does not answer")
    with fresh_database(server) as url:
        yield url


async def refusal(url: str) -> str:
    """The one line that opening is refused with."""
    with pytest.raises(StoreError) as caught:
        await open_store(url)
    text = str(caught.value)
    assert "\n" not in text
    return text


async def test_nobody_listens() -> None:
    """A server that is not there is named, without the password."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        text = await refusal(f"postgresql://chip:hunter2@127.0.0.1:{port}/wire?sslmode=disable")
    assert text.startswith(f"postgresql://chip:***@127.0.0.1:{port}/wire: the server cannot be reached (")
    assert text.endswith("start it, or correct CHIPWIRE_DATABASE_URL")
    assert "hunter2" not in text


async def test_something_else_listens() -> None:
    """A server that speaks another language is not waited for longer than the timeout, and is named."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        text = await refusal(f"postgresql://chip:hunter2@127.0.0.1:{port}/wire")
    assert "cannot be reached" in text
    assert "hunter2" not in text


async def test_no_such_database(database: str) -> None:
    """A database that does not exist is named with what to do."""
    url = urlunsplit(urlsplit(database)._replace(path="/no_such_wire"))
    assert (await refusal(url)).endswith(
        "/no_such_wire: there is no such database: create it, or correct CHIPWIRE_DATABASE_URL"
    )


async def test_read_only_server(database: str) -> None:
    """A session that may only read is refused with advice."""
    store = await PostgresStore.open(_address(database))

    def write(conn: sa.Connection) -> None:
        conn.exec_driver_sql("SET TRANSACTION READ ONLY")
        conn.exec_driver_sql("CREATE TABLE never (id BIGINT)")

    with pytest.raises(StoreError, match="the server is read-only"):
        await store._write(write)
    with pytest.raises(StoreError, match="read-only"):
        await store._read(lambda conn: conn.exec_driver_sql("CREATE TABLE never (id BIGINT)").rowcount)
    with pytest.raises(StoreError, match="PostgreSQL refused"):
        await store._write(lambda conn: conn.exec_driver_sql("SELECT 1/0").scalar())
    await store.close()


async def test_connections_come_back(database: str) -> None:
    """After the server has ended all sessions, calls fail once and then work again."""
    store = await PostgresStore.open(_address(database))
    await store.migrate()
    other = await PostgresStore.open(_address(database))
    await other._write(
        lambda conn: conn.exec_driver_sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).scalar()
    )
    with pytest.raises(StoreError):
        await store.backlog()
    assert (await store.backlog())["pending"] == 0
    await store.close()
    await other.close()


async def test_deadlock_is_run_again(database: str) -> None:
    """Of two transactions that wait for each other the one that PostgreSQL ends is run again, and both succeed."""
    store = await PostgresStore.open(_address(database))
    await store.migrate()
    batch = [make_headline(n) for n in (1, 2)]
    await store.record_batch("w", [(h, None) for h in batch], cursor={}, next_due=NOON, now=NOON)
    runs = []

    def lock(first: str, second: str) -> Callable[[sa.Connection], None]:
        def transaction(conn: sa.Connection) -> None:
            runs.append(first)
            for headline_id in (first, second):
                conn.execute(sa.text("SELECT id FROM headlines WHERE id = :id FOR UPDATE"), {"id": headline_id})
                conn.execute(sa.text("SELECT pg_sleep(0.05)"))

        return transaction

    one, two = batch[0].id, batch[1].id
    await asyncio.gather(store._write(lock(one, two)), store._write(lock(two, one)))
    assert len(runs) == 3
    await store.record_decisions([Decision(h.id, Outcome.SPIKE, Reason.GATE, NOON) for h in batch])
    await store.close()


async def test_sessions_commit_durably(database: str) -> None:
    """Each session waits for the disk at commit and says who it is."""
    store = await PostgresStore.open(_address(f"{database}?application_name=wire-2"))

    def ask(conn: sa.Connection) -> list[object]:
        names = ("synchronous_commit", "application_name")
        return [conn.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names]

    assert await store._write(ask) == ["on", "wire-2"]
    await store.close()


def test_addresses() -> None:
    """All usual forms of the URL mean the same driver; libpq's sslmode is understood."""
    for scheme in ("postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg"):
        address = _address(f"{scheme}://chip:hunter2@db:5433/wire?sslmode=require")
        assert address.url.drivername == "postgresql+asyncpg"
        assert dict(address.url.query) == {"ssl": "require"}
        assert str(address) == "postgresql://chip:***@db:5433/wire"
        assert address.without_password("no hunter2 here") == "no *** here"


def _address(url: str) -> PostgresAddress:
    address = parse_url(url)
    assert isinstance(address, PostgresAddress)
    return address
