"""The store in one SQLite file: one writer thread that groups what waits, readers beside it.

A commit costs one wait for the disk however much is in it, so the writer takes all transactions that wait,
runs each in a savepoint, commits them together and only then answers. One that fails is rolled back to its
savepoint and leaves its neighbours alone. WAL keeps readers and the writer out of each other's way;
``synchronous=FULL``, because a power cut takes acknowledged transactions with anything less.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.errors import StoreError
from bot.store.sql import SqlStore
from bot.store.urls import SqliteAddress

__all__ = ["MAX_GROUP", "SqliteStore"]

MAX_GROUP = 128
"""Most transactions in one commit: bounds how long the first of a group waits (some tens of milliseconds)."""

_BUSY_TIMEOUT_S = 5
_READERS = 2

# One engine for the process: it keeps the compiled statements for all connections, which we make ourselves.
_handed = threading.local()
_ENGINE = sa.create_engine("sqlite://", creator=lambda: _handed.connection, poolclass=NullPool)

_T = TypeVar("_T")
_Transaction = Callable[[sa.Connection], Any]
_Job = tuple[_Transaction, "Future[Any]"]


class SqliteStore(SqlStore):
    """See bot.store.base.Store. Made by ``open``."""

    def __init__(self, address: SqliteAddress, *, max_group: int) -> None:
        self._address = address
        self._closed = False
        self._writer = _Writer(address, max_group=max_group)
        try:
            # A database in memory lives in the writer's connection alone: reads queue there too.
            self._readers = None if address.path is None else _Readers(address)
        except StoreError:
            self._writer.close()
            raise

    @classmethod
    async def open(cls, address: SqliteAddress, *, max_group: int = MAX_GROUP) -> Self:
        """Open the file, and make it (and its folder) where the mode allows; the schema stays as it is.

        Raises:
            StoreError: it cannot be opened, or is no SQLite database.
        """
        return await asyncio.to_thread(cls, address, max_group=max_group)

    async def close(self) -> None:
        """See Store.close."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        # Readers first: the last connection to go tidies the WAL away, and only a writing one can.
        if self._readers is not None:
            self._readers.close()
        self._writer.close()

    async def _write(self, transaction: Callable[[sa.Connection], _T]) -> _T:
        """See SqlStore._write."""
        self._must_be_open()
        return await asyncio.wrap_future(self._writer.submit(transaction))

    async def _read(self, transaction: Callable[[sa.Connection], _T]) -> _T:
        """See SqlStore._read."""
        self._must_be_open()
        if self._readers is None:
            return await asyncio.wrap_future(self._writer.submit(transaction))
        return await asyncio.wrap_future(self._readers.submit(transaction))

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreError(f"{self._address}: the store is closed")


class _Connection:
    """One connection, whose transactions are begun and ended by hand."""

    def __init__(self, address: SqliteAddress, *, read_only: bool) -> None:
        self._address = address
        try:
            if address.path is not None and address.mode == "rwc":
                address.path.parent.mkdir(parents=True, exist_ok=True)
            self.raw = sqlite3.connect(
                address.uri,
                uri=True,
                timeout=_BUSY_TIMEOUT_S,
                isolation_level=None,  # no BEGIN behind our back
                check_same_thread=False,  # opened here, used by one thread at a time
                cached_statements=256,
            )
        except (OSError, sqlite3.Error) as error:
            raise translate(error, address) from error
        try:
            self._prepare(read_only=read_only)
        except sqlite3.Error as error:
            self.raw.close()
            raise translate(error, address) from error
        _handed.connection = self.raw
        self.sql = _ENGINE.connect()

    def _prepare(self, *, read_only: bool) -> None:
        raw = self.raw
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA temp_store=MEMORY")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()  # reads the file: is it a database at all?
        if read_only:
            raw.execute("PRAGMA query_only=ON")
            return
        try:
            raw.execute("PRAGMA journal_mode=WAL").fetchone()
            raw.execute("PRAGMA journal_size_limit=67108864")  # 64 MiB: a burst does not stay on the disk
        except sqlite3.OperationalError as error:
            # A file that can only be read may still be asked; ``migrate`` refuses it, with its reason.
            if _primary_code(error) != sqlite3.SQLITE_READONLY:
                raise

    def run(self, begin: str, transaction: _Transaction) -> Any:
        """Run one transaction; what the database refuses is raised as StoreError."""
        try:
            self.raw.execute(begin)
            try:
                result = transaction(self.sql)
                self.raw.execute("COMMIT")
            except BaseException:
                self.roll_back()
                raise
        except (sqlite3.Error, DBAPIError) as error:
            raise translate(error, self._address) from error
        return result

    def roll_back(self) -> None:
        """End the transaction, if SQLite has not ended it by itself (disk full, I/O error)."""
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def close(self) -> None:
        """Close it; the last one on a file folds the WAL into it."""
        self.sql.close()
        self.raw.close()


class _Writer:
    """The one thread that writes."""

    def __init__(self, address: SqliteAddress, *, max_group: int) -> None:
        self._address = address
        self._connection = _Connection(address, read_only=False)
        self._max_group = max_group
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, transaction: _Transaction) -> Future[Any]:
        """Queue a transaction; the future is answered after its commit."""
        future: Future[Any] = Future()
        self._jobs.put((transaction, future))
        return future

    def close(self) -> None:
        """Finish what was submitted, then close."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        more = True
        while more:
            group, more = self._next_group()
            # Cancelled while it waited: its caller is gone, and it has not begun.
            live = [job for job in group if job[1].set_running_or_notify_cancel()]
            if len(live) > 1:
                self._commit_together(live)
            else:
                for job in live:
                    self._commit_alone(job)

    def _next_group(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == self._max_group:
                return group, True
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _commit_alone(self, job: _Job) -> None:
        transaction, future = job
        try:
            result = self._connection.run("BEGIN IMMEDIATE", transaction)
        except BaseException as error:  # noqa: BLE001 - the caller's to handle, not the thread's to die of
            future.set_exception(error)
        else:
            future.set_result(result)

    def _commit_together(self, group: list[_Job]) -> None:
        try:
            self._connection.raw.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            # Locked or read-only: so it would be for each one alone, after another wait each.
            for _, future in group:
                future.set_exception(_caused(translate(error, self._address), error))
            return
        try:
            answers = [self._in_savepoint(transaction) for transaction, _ in group]
            self._connection.raw.execute("COMMIT")
        except BaseException:  # noqa: BLE001 - each is tried again below, and answers for itself
            # SQLite gave up the whole group (disk full, I/O error). None was answered: run each alone, so
            # that only those fail that must.
            self._connection.roll_back()
            for job in group:
                self._commit_alone(job)
            return
        for (_, future), (result, failure) in zip(group, answers, strict=True):
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)

    def _in_savepoint(self, transaction: _Transaction) -> tuple[Any, BaseException | None]:
        raw = self._connection.raw
        raw.execute("SAVEPOINT one")
        result: Any = None
        failure: BaseException | None = None
        try:
            result = transaction(self._connection.sql)
        except (sqlite3.Error, DBAPIError) as error:
            if not raw.in_transaction:
                raise
            failure = _caused(translate(error, self._address), error)
        except BaseException as error:  # noqa: BLE001 - answered to its caller after the commit
            failure = error
        if failure is not None:
            raw.execute("ROLLBACK TO one")
        raw.execute("RELEASE one")
        return result, failure


class _Readers:
    """A few threads that read, each on a connection of its own."""

    def __init__(self, address: SqliteAddress) -> None:
        self._address = address
        self._idle: queue.SimpleQueue[_Connection] = queue.SimpleQueue()
        for _ in range(_READERS):
            self._idle.put(_Connection(address, read_only=True))
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")

    def submit(self, transaction: _Transaction) -> Future[Any]:
        """Queue a transaction that only reads."""
        return self._threads.submit(self._run, transaction)

    def close(self) -> None:
        """Finish what was submitted, then close."""
        self._threads.shutdown()
        for _ in range(_READERS):
            self._idle.get().close()

    def _run(self, transaction: _Transaction) -> Any:
        connection = self._idle.get()
        try:
            return connection.run("BEGIN", transaction)
        finally:
            self._idle.put(connection)


_ADVICE: dict[int, str] = {
    sqlite3.SQLITE_READONLY: (
        "the database is read-only: let this user write to the file and its folder, "
        "or take mode=ro out of CHIPWIRE_DATABASE_URL"
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened: check that its folder exists and that this user may read and write there"
    ),
    sqlite3.SQLITE_PERM: "access to the database is refused: let this user read and write the file",
    sqlite3.SQLITE_NOTADB: (
        "the file is not a SQLite database: move it away, or let CHIPWIRE_DATABASE_URL name another file"
    ),
    sqlite3.SQLITE_CORRUPT: "the database is damaged: stop Chipwire and restore the file from a backup",
    sqlite3.SQLITE_FULL: "the disk is full: free some space; what was not saved will be tried again",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should: check the drive that the file is on",
    sqlite3.SQLITE_BUSY: (
        f"the database was locked by another program for more than {_BUSY_TIMEOUT_S} s: close that program"
    ),
    sqlite3.SQLITE_LOCKED: "the database is locked: close the other program that uses it",
}


def translate(error: Exception, address: SqliteAddress) -> StoreError:
    """One clear line that names the file and says what to do."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, OSError):
        return StoreError(
            f"{address}: its folder cannot be made ({cause.strerror}): name another in CHIPWIRE_DATABASE_URL"
        )
    code = _primary_code(cause)
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(cause):
        return StoreError(f"{address}: there is no Chipwire schema in it yet: start `chipwire run` once")
    if code == sqlite3.SQLITE_CONSTRAINT:
        return StoreError(f"{address}: the change breaks a rule of the schema and was refused ({cause})")
    return StoreError(f"{address}: {_ADVICE.get(code, f'SQLite refused ({cause})')}")


def _primary_code(error: BaseException) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _caused(error: StoreError, cause: Exception) -> StoreError:
    error.__cause__ = cause
    return error
