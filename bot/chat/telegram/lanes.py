"""Updates in hand: each is handled once, those of one person in order, those of different people side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from telegram import Update

log = structlog.get_logger(__name__)

MOST = 500  # updates in hand
AT_ONCE = 16
REMEMBERED = 4_096  # ids of updates


class Lanes:
    """A bounded number of updates in hand."""

    def __init__(
        self, handle: Callable[[Update], Awaitable[None]], *, most: int = MOST, at_once: int = AT_ONCE
    ) -> None:
        """Nothing is taken before ``open``.

        Args:
            handle: does what an update asks; an error of its own is logged and concerns no other update.
            most: updates in hand; more are refused.
            at_once: that are handled side by side.
        """
        self._handle = handle
        self._most = most
        self._at_once = asyncio.Semaphore(at_once)
        self._lanes: dict[int, deque[Update]] = {}
        self._seen: dict[int, None] = {}  # in the order in which they came
        self._tasks: asyncio.TaskGroup | None = None
        self._working: set[asyncio.Task[None]] = set()
        self._in_hand = 0
        self._changed = asyncio.Condition()
        self.left = 0  # updates that were not answered when the lanes were closed

    @asynccontextmanager
    async def open(self, *, last_s: float) -> AsyncIterator[None]:
        """Take updates within; at the end finish those in hand, for at most ``last_s`` seconds."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self.left = 0
                yield
                self._tasks = None
                if not await self.idle(last_s):
                    self.left = self._in_hand
                    log.warning("telegram_updates_left", updates=self.left, what="ended before they were answered")
                    for task in self._working:
                        task.cancel()
        finally:
            self._tasks = None
            for update in (update for lane in self._lanes.values() for update in lane):
                self._seen.pop(update.update_id, None)
            self._lanes.clear()
            self._in_hand = 0

    def put(self, update: Update) -> bool:
        """Take an update in hand; one that was taken before is taken for done. False when there is no room."""
        if update.update_id in self._seen:
            return True
        if self._tasks is None or self._in_hand >= self._most:
            return False
        self._seen[update.update_id] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        self._in_hand += 1
        key = _lane_of(update)
        if key in self._lanes:
            self._lanes[key].append(update)
            return True
        self._lanes[key] = deque([update])
        task = self._tasks.create_task(self._work(key), name=f"telegram lane {key}")
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return True

    async def room(self) -> None:
        """Wait until there is room for another."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._in_hand < self._most)

    async def idle(self, within_s: float) -> bool:
        """Wait until nothing is in hand; False when that takes longer."""
        try:
            async with asyncio.timeout(within_s), self._changed:
                await self._changed.wait_for(lambda: self._in_hand == 0)
        except TimeoutError:
            return False
        return True

    async def _work(self, key: int) -> None:
        lane = self._lanes[key]
        while lane:
            update = lane.popleft()
            async with self._at_once:
                try:
                    await self._handle(update)
                except asyncio.CancelledError:
                    self._seen.pop(update.update_id, None)  # it was not done
                    raise
                except Exception:
                    # One update that meets a bug of ours must not stop the others.
                    log.exception("telegram_update_failed", update=update.update_id)
            self._in_hand -= 1
            if not lane:
                del self._lanes[key]  # before anything else may run: the next update opens it anew
            async with self._changed:
                self._changed.notify_all()


def _lane_of(update: Update) -> int:
    """Whose order counts: the person's; of what no person did, the chat's."""
    if update.my_chat_member is None and update.effective_user is not None:
        return update.effective_user.id
    return update.effective_chat.id if update.effective_chat is not None else 0
