"""What is remembered for a while: a bounded number of values, the oldest go first."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import timedelta
from typing import Generic, TypeVar

from bot.clock import Clock

V = TypeVar("V")


class Lasting(Generic[V]):
    """Values that are forgotten after a time, and before it where there are too many."""

    def __init__(self, clock: Clock, lasting: timedelta, most: int) -> None:
        self._clock = clock
        self._lasting_s = lasting.total_seconds()
        self._most = most
        self._kept: dict[Hashable, tuple[float, V]] = {}  # in the order of their ends

    def get(self, key: Hashable) -> V | None:
        """The value; None when there is none, or no longer."""
        found = self._kept.get(key)
        return found[1] if found is not None and found[0] > self._clock.monotonic() else None

    def put(self, key: Hashable, value: V) -> None:
        """Remember it from now on."""
        self._kept.pop(key, None)
        self._kept[key] = (self._clock.monotonic() + self._lasting_s, value)
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def drop(self, key: Hashable) -> None:
        """Forget it."""
        self._kept.pop(key, None)

    def is_new(self, key: Hashable, value: V) -> bool:
        """Whether the key was not there; it is from now on."""
        if self.get(key) is not None:
            return False
        self.put(key, value)
        return True
