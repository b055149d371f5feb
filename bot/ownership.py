"""One owner a role: who may poll, decide and dispatch.

On SQLite the owner holds an operating-system lock on a file in ``CHIPWIRE_HOME``: the kernel lets go of it the
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
    """Ownership within one machine, by file locks; one per role."""

    def __init__(self, store: Store, home: Path, owner: str) -> None:
        self._store = store
        self._home = home
        self._owner = owner

    def _lock(self, role: str) -> int | None:
        handle = os.open(self._home / f"{role}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
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
                log.warning("standing_by", role=role, reason="another process owns this role", home=str(self._home))
                told = True
            if await _pause(stop):
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
            if await _pause(stop):
                yield None
                return
        term = Term(epoch)
        async with asyncio.TaskGroup() as tasks:
            renewing = tasks.create_task(self._renew(role, term), name=f"renew {role}")
            try:
                yield term
            finally:
                renewing.cancel()
                if not term.lost.is_set():
                    await self._store.release_lease(role, self._owner, epoch)

    async def _renew(self, role: str, term: Term) -> None:
        clock = asyncio.get_running_loop().time
        held_until = clock() + LEASE_TTL.total_seconds()
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
                log.warning("lease_lost", role=role, error=type(error).__name__)
                term.lost.set()
                return
            if not renewed:
                log.warning("lease_lost", role=role, error="taken over")
                term.lost.set()
                return
            held_until = asked_at + LEASE_TTL.total_seconds()


async def run_owned(
    tenure: Tenure, role: str, work: Callable[[int], Coroutine[None, None, None]], stop: asyncio.Event
) -> None:
    """Do a role's work for as long as it is ours; begin again whenever it is lost, until ``stop`` is set.

    ``work`` gets the epoch and returns by itself soon after ``stop`` is set; it is cancelled when the role is lost.
    """
    while not stop.is_set():
        async with tenure.hold(role, stop) as term:
            if term is None:
                return
            log.debug("role_owned", role=role, epoch=term.epoch)
            async with asyncio.TaskGroup() as tasks:
                working = tasks.create_task(work(term.epoch), name=role)
                losing = tasks.create_task(term.lost.wait(), name=f"lost {role}")
                await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
                working.cancel()
                losing.cancel()


async def _pause(stop: asyncio.Event) -> bool:
    """Wait a moment before asking again; True when ``stop`` was set meanwhile."""
    try:
        async with asyncio.timeout(RETRY_S):
            await stop.wait()
    except TimeoutError:
        return False
    return True
