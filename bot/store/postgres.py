"""The store in PostgreSQL, through asyncpg: the same transaction functions, run beside the event loop by greenlets.

``synchronous_commit`` is set to on for each session, whatever the server's default is: a lost acknowledged
transaction would be a lost alert.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store.sql import SqlStore
from bot.store.urls import PostgresAddress

__all__ = ["PostgresStore"]

_CONNECT_TIMEOUT_S = 10
_COMMAND_TIMEOUT_S = 30
_POOL = 5
_OVERFLOW = 5
_TRIES = 3
_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock: rolled back whole, so that it may run again

_T = TypeVar("_T")


class PostgresStore(SqlStore):
    """See bot.store.base.Store. Made by ``open``."""

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address
        self._engine = create_async_engine(
            address.url,
            pool_size=_POOL,
            max_overflow=_OVERFLOW,
            pool_timeout=_CONNECT_TIMEOUT_S,
            connect_args={
                "timeout": _CONNECT_TIMEOUT_S,
                "command_timeout": _COMMAND_TIMEOUT_S,
                "server_settings": {
                    "application_name": address.application_name,
                    "synchronous_commit": "on",
                    "jit": "off",  # its start-up costs more than these small statements take
                },
            },
        )
        # One snapshot for all statements of a reading; both words travel with its BEGIN.
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @classmethod
    async def open(cls, address: PostgresAddress) -> Self:
        """Connect once, to know that the server answers; the schema stays as it is.

        Raises:
            StoreError: the server does not answer, or refuses.
        """
        store = cls(address)
        try:
            await store._read(lambda conn: conn.execute(sa.text("SELECT 1")).scalar_one())
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """See Store.close."""
        if not self._closed:
            self._closed = True
            await self._idle.wait()
            await self._engine.dispose()

    async def _write(self, transaction: Callable[[sa.Connection], _T]) -> _T:
        """See SqlStore._write."""
        for _ in range(_TRIES - 1):
            try:
                return await self._run(self._engine, transaction)
            except StoreError as error:
                if _sqlstate(error.__cause__) not in _AGAIN:
                    raise
        return await self._run(self._engine, transaction)

    async def _read(self, transaction: Callable[[sa.Connection], _T]) -> _T:
        """See SqlStore._read."""
        return await self._run(self._snapshots, transaction)

    async def _run(self, engine: AsyncEngine, transaction: Callable[[sa.Connection], _T]) -> _T:
        with self._counted():
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(transaction)
            # Connecting raises asyncpg's own errors and the operating system's; later ones come wrapped.
            except (DBAPIError, PoolTimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                raise translate(error, self._address) from error

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if self._closed:
            raise StoreError(f"{self._address}: the store is closed")
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()


_ADVICE = {
    "28P01": "the password is refused: correct CHIPWIRE_DATABASE_URL",
    "28000": "this user is refused: correct CHIPWIRE_DATABASE_URL, or the server's pg_hba.conf",
    "3D000": "there is no such database: create it, or correct CHIPWIRE_DATABASE_URL",
    "42P01": "there is no Chipwire schema in it yet: start `chipwire run` once",
    "42501": "this user lacks a right: let it own the database, or grant it what is missing",
    "25006": "the server is read-only (a standby?): name the primary in CHIPWIRE_DATABASE_URL",
    "53100": "the server's disk is full: free some space; what was not saved will be tried again",
    "53300": "the server has no connection left: raise its max_connections",
}


def translate(error: Exception, address: PostgresAddress) -> StoreError:
    """One clear line that names the server and says what to do; never with the password."""
    state = _sqlstate(error)
    if state.startswith("23"):
        said = _said(error, address)
        return StoreError(f"{address}: the change breaks a rule of the schema and was refused ({said})")
    if state in _ADVICE:
        return StoreError(f"{address}: {_ADVICE[state]}")
    if state:
        return StoreError(f"{address}: PostgreSQL refused ({_said(error, address)})")
    said = _said(error, address) or "no answer in time"
    return StoreError(f"{address}: the server cannot be reached ({said}): start it, or correct CHIPWIRE_DATABASE_URL")


def _cause(error: BaseException | None) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _sqlstate(error: BaseException | None) -> str:
    """The server's five-letter code; empty when the server said nothing."""
    return str(getattr(_cause(error), "sqlstate", None) or "")


def _said(error: BaseException, address: PostgresAddress) -> str:
    lines = str(_cause(error)).strip().splitlines()
    return address.without_password(lines[0]) if lines else ""
