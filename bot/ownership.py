"""One owner a role: who may poll, decide and dispatch.

On SQLite the owner holds an operating-system lock on a file beside the database: the kernel lets go of it the
moment the process dies, so that a restart takes over at once. On PostgreSQL the owner holds a lease row by the
database's clock, prolonged every second. Either way taking over raises the role's epoch, and the outbox checks
the epoch in the transaction that records the intent to send.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.errors import StoreError
from bot.store.base import Store

log = structlog.get_logger(__name__)

LEASE_TTL = timedelta(seconds=3)  # take-over time after a death
RENEW_EVERY_S = 1.0
RETRY_S = 0.25
DATABASE_RETRY_S = 1.0
EMBEDDED_TTL = timedelta(days=3650)  # the file lock decides, the row only carries the epoch


def owner_name() -> str:
    """A name for this process that no other has, readable in the table of leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, slots=True)
class Term:
    """A role that is ours: under which epoch, and an event that is set when it is lost."""

    epoch: int
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Tenure(Protocol):
    """How a role is owned."""

    def hold(self, role: str, stop: asyncio.Event) -> AbstractAsyncContextManager[Term | None]:
        """Wait until the role is ours, or until ``stop`` is set: then None."""
        ...

    async def try_hold(self, role: str) -> bool:
        """True when nobody else holds the role now."""
        ...


class FileTenure:
    """Ownership within one machine, by file locks; one per role.

    The locks lie beside the database, so that two processes that share it know of each other whatever their
    ``CHIPWIRE_HOME``.
    """

    def __init__(self, store: Store, folder: Path, owner: str) -> None:
        self._store = store
        self._folder = folder
        self._owner = owner

    def _lock(self, role: str) -> int | None:
        path = self._folder / f"{role}.lock"
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"{path}: cannot be opened ({error.strerror}): let this user write to it and its folder"
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except OSError as error:
            os.close(handle)
            raise StoreError(f"{path}: cannot be locked ({error.strerror}): name a folder on a local disk") from error
        return handle

    async def try_hold(self, role: str) -> bool:
        """See Tenure."""
        handle = self._lock(role)
        if handle is None:
            return False
        os.close(handle)
        return True

    @asynccontextmanager
    async def hold(self, role: str, stop: asyncio.Event) -> AsyncIterator[Term | None]:
        """See Tenure."""
        told = False
        while (handle := self._lock(role)) is None:
            if not told:
                log.warning("standing_by", role=role, reason="another process owns this role", folder=str(self._folder))
                told = True
            if await _pause(stop, RETRY_S):
                yield None
                return
        try:
            epoch = await self._store.take_lease(role, self._owner, EMBEDDED_TTL, force=True)
            if epoch is None:
                raise StoreError(f"the lease of {role} could not be taken although the file lock is ours")
            yield Term(epoch)
        finally:
            os.close(handle)  # closing lets go of the lock


class RowTenure:
    """Ownership among machines, by lease rows in the shared database."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._owner = owner

    async def try_hold(self, role: str) -> bool:
        """See Tenure."""
        epoch = await self._store.take_lease(role, self._owner, LEASE_TTL)
        if epoch is None:
            return False
        await self._store.release_lease(role, self._owner, epoch)
        return True

    @asynccontextmanager
    async def hold(self, role: str, stop: asyncio.Event) -> AsyncIterator[Term | None]:
        """See Tenure."""
        told = False
        while (epoch := await self._store.take_lease(role, self._owner, LEASE_TTL)) is None:
            if not told:
                log.info("standing_by", role=role, reason="another process owns this role")
                told = True
            if await _pause(stop, RETRY_S):
                yield None
                return
        term = Term(epoch)
        renewing = asyncio.create_task(self._renew(role, term), name=f"renew {role}")
        try:
            yield term
        finally:
            renewing.cancel()
            await asyncio.wait({renewing})
            if not term.lost.is_set():
                await self._release(role, epoch)

    async def _release(self, role: str, epoch: int) -> None:
        try:
            async with asyncio.timeout(LEASE_TTL.total_seconds()):
                await self._store.release_lease(role, self._owner, epoch)
        except (StoreError, TimeoutError) as error:
            # It runs out by itself; what the body was ended by matters more.
            log.warning("lease_not_released", role=role, error=str(error) or "no answer in time")

    async def _renew(self, role: str, term: Term) -> None:
        clock = asyncio.get_running_loop().time
        held_until = clock() + LEASE_TTL.total_seconds()
        reason = "taken over"
        try:
            while True:
                await asyncio.sleep(RENEW_EVERY_S)
                asked_at = clock()
                try:
                    async with asyncio.timeout(max(held_until - asked_at, 0.01)):
                        renewed = await self._store.renew_lease(role, self._owner, term.epoch, LEASE_TTL)
                except (StoreError, TimeoutError) as error:
                    # What cannot be renewed is dropped by our own clock, before the database gives it away.
                    if clock() + RENEW_EVERY_S < held_until:
                        continue
                    reason = type(error).__name__
                    return
                if not renewed:
                    return
                held_until = asked_at + LEASE_TTL.total_seconds()
        except asyncio.CancelledError:
            reason = ""
            raise
        finally:
            # Also after a bug: work that nobody renews the lease of must not go on.
            if reason:
                log.warning("lease_lost", role=role, error=reason)
                term.lost.set()


async def run_owned(
    tenure: Tenure, role: str, work: Callable[[int], Coroutine[None, None, None]], stop: asyncio.Event
) -> None:
    """Do a role's work for as long as it is ours; begin again whenever it is lost, until ``stop`` is set.

    ``work`` gets the epoch and returns by itself soon after ``stop`` is set; it is cancelled when the role is lost.
    """
    waits = False
    while not stop.is_set():
        try:
            async with tenure.hold(role, stop) as term:
                if term is None:
                    return
                waits = False
                log.debug("role_owned", role=role, epoch=term.epoch)
                await _until_lost(work(term.epoch), term, role)
        except* StoreError as group:
            # The database is away. It worked at the start, so it is expected back, and nothing is lost meanwhile.
            if not waits:
                waits = True
                log.warning("role_waits_for_store", role=role, error=str(first_of(group)))
            await _pause(stop, DATABASE_RETRY_S)


async def _until_lost(work: Coroutine[None, None, None], term: Term, role: str) -> None:
    """Let the work run to its end, or until the role is lost: then it is cancelled."""
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(work, name=role)
        losing = tasks.create_task(term.lost.wait(), name=f"lost {role}")
        await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        losing.cancel()


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error that is not itself a group."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait a moment before asking again; True when ``stop`` was set meanwhile."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True
