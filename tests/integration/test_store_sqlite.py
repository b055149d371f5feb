"""SQLite's own: the grouping writer, readers beside it, and one clear line for each way a file can be bad."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from bot.errors import StoreError
from bot.store import amendments as amendments_module
from bot.store import lines as lines_module
from bot.store import open_store
from bot.store import outbox as outbox_module
from bot.store import reading as reading_module
from bot.store import votes as votes_module
from bot.store.sqlite import SqliteStore
from bot.store.tables import sources
from bot.store.urls import SqliteAddress, parse_url
from tests.fakes.stored import NOON, after, make_alert_decision, make_headline


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file will be."""
    return tmp_path / "store.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """A migrated store in a file."""
    opened = await SqliteStore.open(SqliteAddress(path))
    await opened.migrate()
    yield opened
    await opened.close()


def insert_source(name: str) -> sa.Insert:
    """A statement that makes one source."""
    return sa.insert(sources).values(name=name, cursor_json="{}", baseline_done=False, next_due=NOON, failures=0)


class Gate:
    """A transaction that holds the writer until it is opened, so that others queue up behind it."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def __call__(self, conn: sa.Connection) -> None:
        self.entered.set()
        assert self.opened.wait(10)


async def queued(store: SqliteStore, gate: Gate) -> asyncio.Task[None]:
    """Start the gate and wait until the writer is in it."""
    task = asyncio.create_task(store._write(gate))
    await asyncio.to_thread(gate.entered.wait, 10)
    return task


# ── the writer ───────────────────────────────────────────────────────────────────────────────────


async def test_group_isolates_a_failure(store: SqliteStore) -> None:
    """Of transactions that are committed together a failing one changes nothing, and its neighbours are saved."""
    gate = Gate()
    first = await queued(store, gate)

    def half(conn: sa.Connection) -> None:
        conn.execute(insert_source("half"))
        raise ZeroDivisionError

    async with asyncio.timeout(10):
        writes = [
            asyncio.create_task(store._write(lambda conn: conn.execute(insert_source("before")).rowcount)),
            asyncio.create_task(store._write(half)),
            asyncio.create_task(store._write(lambda conn: conn.execute(insert_source("before")).rowcount)),
            asyncio.create_task(store._write(lambda conn: conn.execute(insert_source("behind")).rowcount)),
        ]
        await asyncio.sleep(0)
        gate.opened.set()
        await first
        one, bug, double, other = await asyncio.gather(*writes, return_exceptions=True)
    assert (one, other) == (1, 1)
    assert isinstance(bug, ZeroDivisionError)
    assert isinstance(double, StoreError)
    assert "breaks a rule of the schema" in str(double)
    assert set(await store.source_states()) == {"before", "behind"}


async def test_group_that_sqlite_gives_up(store: SqliteStore) -> None:
    """When one transaction makes SQLite roll the whole group back, the others are run again and saved."""
    gate = Gate()
    first = await queued(store, gate)

    def give_up(conn: sa.Connection) -> None:
        # What SQLite does by itself when the disk is full.
        conn.exec_driver_sql("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    writes = [
        asyncio.create_task(store._write(lambda conn: conn.execute(insert_source("one")).rowcount)),
        asyncio.create_task(store._write(give_up)),
        asyncio.create_task(store._write(lambda conn: conn.execute(insert_source("two")).rowcount)),
    ]
    await asyncio.sleep(0)
    gate.opened.set()
    await first
    one, failed, two = await asyncio.gather(*writes, return_exceptions=True)
    assert (one, two) == (1, 1)
    assert isinstance(failed, StoreError)
    assert set(await store.source_states()) == {"one", "two"}


async def test_cancelled_while_it_waits(store: SqliteStore) -> None:
    """A transaction whose caller gave up before it began is not run."""
    gate = Gate()
    first = await queued(store, gate)
    waiting = asyncio.create_task(store._write(lambda conn: conn.execute(insert_source("late")).rowcount))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    gate.opened.set()
    await first
    assert await store.source_states() == {}


async def test_readers_do_not_wait_for_the_writer(store: SqliteStore) -> None:
    """While the writer is inside a transaction, a reading answers with what was committed before."""
    await store.sync_sources([], NOON)
    gate = Gate()
    first = await queued(store, gate)
    async with asyncio.timeout(5):
        assert await store.source_states() == {}
    gate.opened.set()
    await first


async def test_readers_cannot_write(store: SqliteStore) -> None:
    """A reading that tries to write is refused."""
    with pytest.raises(StoreError, match="read-only"):
        await store._read(lambda conn: conn.execute(insert_source("x")).rowcount)
    assert await store._write(lambda conn: conn.execute(insert_source("x")).rowcount) == 1


async def test_settings_of_the_connection(store: SqliteStore) -> None:
    """Commits survive a power cut (WAL, FULL) and references are checked."""

    def ask(conn: sa.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert await store._write(ask) == ["wal", 2, 1, 5000]


async def test_hot_paths_use_their_indexes(store: SqliteStore) -> None:
    """No statement of the loops reads a whole table."""
    statements: dict[str, sa.ClauseElement] = {
        "unscored": sa.text("SELECT id FROM headlines WHERE outcome IS NULL ORDER BY first_seen_at LIMIT 5"),
        "due": lines_module._DUE,
        "next due": lines_module._NEXT_DUE,
        "head": lines_module._HEAD,
        "flash": lines_module._FLASH,
        "waiting": lines_module._WAITING,
        "fold": lines_module._FOLD,
        "first begun": lines_module._FIRST_BEGUN,
        "first held": lines_module._FIRST_HELD,
        "released": lines_module._RELEASED,
        "one message": lines_module._BEGUN,
        "routed": sa.text("SELECT 1 FROM deliveries WHERE release_at IS NOT NULL AND sent_at >= 1"),
        "thread": outbox_module._THREAD,
        "known": sa.text("SELECT id FROM headlines WHERE canonical_url IN ('a', 'b') AND first_seen_at > 1"),
        "stories": sa.text("SELECT body FROM stories WHERE updated_at > 5"),
        "sent": outbox_module._SENT_TIMES,
        "set sent": outbox_module._SET_SENT.alone,
        "set sent together": outbox_module._SET_SENT.together,
        "next edit": amendments_module._NEXT,
        "first sent": amendments_module._FIRST_SENT,
        "edits of a story": amendments_module._OF_STORY,
        "votes of an alert": votes_module._COUNTS,
        "held alerts": reading_module._HELD,
    }

    def explain(conn: sa.Connection) -> dict[str, list[str]]:
        plans = {}
        for name, statement in statements.items():
            compiled = statement.compile(dialect=SQLiteDialect(paramstyle="named"))
            bound = {key: 1 if value is None else str(value) for key, value in compiled.params.items()}
            rows = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", bound)
            plans[name] = [row.detail for row in rows]
        return plans

    for name, plan in (await store._read(explain)).items():
        derived = {"SCAN anon_1", "SCAN lines"}  # a row a destination
        scans = [step for step in plan if step.startswith("SCAN") and "INDEX" not in step and step not in derived]
        assert not scans, f"{name}: {plan}"
        # What waits is found among what is open, not among all that a destination ever got.
        assert (
            name not in {"head", "flash", "first begun", "waiting", "fold", "first held", "released"}
            or "deliveries_open" in plan[0]
        ), f"{name}: {plan}"


async def test_two_processes_on_one_file(path: Path, store: SqliteStore) -> None:
    """A second store on the same file sees what the first saved, and may write too."""
    other = await open_store(f"sqlite:///{path}")
    await other.migrate()
    headline = make_headline()
    await store.record_batch("desk-wire", [(headline, None)], cursor={}, next_due=NOON, now=NOON)
    assert await other.unscored(5) == [headline]
    await other.record_decisions([make_alert_decision(headline)])
    assert (await store.backlog())["pending"] == 2
    await other.close()


async def test_closing_tidies_up(tmp_path: Path) -> None:
    """After a clean end one file is left."""
    store = await open_store(f"sqlite:///{tmp_path}/deep/er/store.sqlite3")
    await store.migrate()
    await store.backlog()
    await store.close()
    assert list_of(tmp_path / "deep" / "er") == ["store.sqlite3"]


# ── files that cannot be used ────────────────────────────────────────────────────────────────────


def fill(path: Path, data: bytes) -> None:
    """Make a file."""
    path.write_bytes(data)


def content(path: Path) -> bytes:
    """What is in a file."""
    return path.read_bytes()


def list_of(folder: Path) -> list[str]:
    """The names in a folder."""
    return [file.name for file in folder.iterdir()]


async def refusal(url: str) -> str:
    """The one line that opening and migrating is refused with."""

    async def start() -> None:
        opened = await open_store(url)
        try:
            await opened.migrate()
        finally:
            await opened.close()

    with pytest.raises(StoreError) as caught:
        await start()
    text = str(caught.value)
    assert "\n" not in text
    return text


async def test_not_a_database(path: Path) -> None:
    """A file with something else in it is named and kept."""
    notes = b"Quarterly notes, nothing to do with a database.\n" * 50
    fill(path, notes)
    assert await refusal(f"sqlite:///{path}") == (
        f"{path}: the file is not a SQLite database: move it away, or let CHIPWIRE_DATABASE_URL name another file"
    )
    assert content(path) == notes


async def test_folder_is_a_file(tmp_path: Path) -> None:
    """A folder that cannot be made because a file is in its place is named."""
    fill(tmp_path / "home", b"")
    text = await refusal(f"sqlite:///{tmp_path}/home/store.sqlite3")
    assert text.startswith(f"{tmp_path}/home/store.sqlite3: its folder cannot be made")
    text = await refusal(f"sqlite:///{tmp_path}/home/deeper/store.sqlite3")
    assert "its folder cannot be made" in text


async def test_path_is_a_folder(tmp_path: Path) -> None:
    """A path that is a folder cannot be opened, and the text says what to check."""
    assert "cannot be opened: check that its folder exists" in await refusal(f"sqlite:///{tmp_path}")


async def test_missing_file_with_mode_rw(path: Path) -> None:
    """With mode=rw a missing file is an error and is not made."""
    assert "cannot be opened" in await refusal(f"sqlite:///{path}?mode=rw")
    assert list_of(path.parent) == []


async def test_read_only(path: Path) -> None:
    """A database that can only be read is refused at migrate, yet may be asked when its schema is there."""
    opened = await open_store(f"sqlite:///{path}")
    await opened.migrate()
    await opened.record_batch("desk-wire", [(make_headline(), None)], cursor={}, next_due=NOON, now=NOON)
    await opened.close()
    url = f"sqlite:///{path}?mode=ro&uri=true"
    assert await refusal(url) == (
        f"{path}: the database is read-only: let this user write to the file and its folder, "
        "or take mode=ro out of CHIPWIRE_DATABASE_URL"
    )
    reading = await open_store(url)
    assert await reading.unscored(5) == [make_headline()]
    with pytest.raises(StoreError, match="read-only"):
        await reading.record_source_failure("x", error="e", next_due=after(1), now=NOON)
    await reading.close()


async def test_read_only_without_wal(path: Path) -> None:
    """A read-only file that was never Chipwire's is refused in the same words, not at opening but at migrate."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (line TEXT)")
    connection.close()
    assert "the database is read-only" in await refusal(f"sqlite:///{path}?mode=ro&immutable=1")


async def test_locked(path: Path, store: SqliteStore) -> None:
    """While another program holds the file, waiting transactions fail together, in words, and nothing is lost."""
    await store._write(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout=50").scalar())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    gate = [store.record_source_failure(f"s{n}", error="e", next_due=NOON, now=NOON) for n in range(5)]
    failures = await asyncio.gather(*gate, return_exceptions=True)
    assert all(isinstance(f, StoreError) and "locked by another program" in str(f) for f in failures)
    other.execute("ROLLBACK")
    other.close()
    assert await store.record_source_failure("s1", error="e", next_due=NOON, now=NOON) == 1


async def test_disk_full(path: Path, store: SqliteStore) -> None:
    """On a full disk a transaction fails in words and leaves nothing behind; small ones go on when there is room."""
    pages = await store._write(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    await store._write(lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}").scalar_one())
    long = [make_headline(n, summary="x" * 4000) for n in range(50)]
    with pytest.raises(StoreError, match="the disk is full: free some space"):
        await store.record_batch("w", [(h, None) for h in long], cursor={}, next_due=NOON, now=NOON)
    assert await store.unscored(5) == []
    await store._write(lambda conn: conn.exec_driver_sql("PRAGMA max_page_count=1000000").scalar_one())
    assert len(await store.record_batch("w", [(h, None) for h in long], cursor={}, next_due=NOON, now=NOON)) == 50


async def test_damaged_file(path: Path) -> None:
    """A damaged database is called that."""
    opened = await open_store(f"sqlite:///{path}")
    await opened.migrate()
    many = [(make_headline(n), None) for n in range(300)]
    await opened.record_batch("w", many, cursor={}, next_due=NOON, now=NOON)
    await opened.close()
    whole = content(path)
    fill(path, whole[:4096] + b"\x5a" * (len(whole) - 4096))
    assert "the database is damaged: stop Chipwire and restore the file" in await refusal(f"sqlite:///{path}")


def test_addresses() -> None:
    """SQLite URLs name files as their authors mean them."""
    assert parse_url("sqlite:////var/lib/x.db") == SqliteAddress(Path("/var/lib/x.db"))
    assert parse_url("sqlite+pysqlite:///x.db?mode=rw") == SqliteAddress(Path("x.db"), "rw")
    assert parse_url("sqlite:///file:x.db?mode=ro&uri=true") == SqliteAddress(Path("x.db"), "ro")
    assert parse_url("sqlite:///:memory:") == SqliteAddress(None)
    assert SqliteAddress(Path("/a b/50%.db"), "ro", immutable=True).uri == "file:/a%20b/50%25.db?mode=ro&immutable=1"
