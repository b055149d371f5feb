"""A clock that a test sets."""

from datetime import datetime, timedelta

from tests.fakes.values import NOW


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, **step: float) -> None:
        """Move on, e.g. ``advance(seconds=3)``."""
        delta = timedelta(**step)
        self._now += delta
        self._monotonic += delta.total_seconds()
