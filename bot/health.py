"""What a process says of itself: which loops turn, which model is loaded, how its polls ended.

The loops write, the web server reads; both run in one event loop, so nothing here is locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock, SystemClock

__all__ = ["Health", "LoopState"]


@dataclass(frozen=True, slots=True)
class LoopState:
    """One loop that is running: how long ago it last said so, and how long it may stay silent."""

    name: str
    silent_for: timedelta
    within: timedelta | None  # None: it need not beat, being there is enough

    @property
    def stalled(self) -> bool:
        """True when it has been silent for longer than it may."""
        return self.within is not None and self.silent_for > self.within


@dataclass(slots=True)
class Health:
    """The pulse of one process.

    Attributes:
        clock: waits are measured by its ``monotonic``, which no change of the wall clock disturbs.
        needs_model: whether a role that runs here scores headlines; without it readiness asks for no model.
        model: name of the loaded classifier; None until it is loaded.
        polls: how many polls of each source ended ``ok`` or ``failed`` since the start; key (source, result).
    """

    clock: Clock = field(default_factory=SystemClock)
    needs_model: bool = True
    model: str | None = None
    polls: Counter[tuple[str, str]] = field(default_factory=Counter)
    started_at: datetime = field(init=False)
    _last_beat: dict[str, float] = field(init=False, default_factory=dict)
    _within: dict[str, timedelta | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.started_at = self.clock.now()

    @contextmanager
    def turning(self, loop: str, *, within: timedelta | None = None) -> Iterator[None]:
        """List a loop as running for as long as the body runs.

        Args:
            loop: its name, as ``/healthz`` shows it.
            within: the longest silence between two beats that is still healthy; None: it does not beat.
        """
        self._within[loop] = within
        self.beat(loop)
        try:
            yield
        finally:
            self._within.pop(loop, None)
            self._last_beat.pop(loop, None)

    def beat(self, loop: str) -> None:
        """Say that a loop has come round once more."""
        self._last_beat[loop] = self.clock.monotonic()

    def polled(self, source: str, *, ok: bool) -> None:
        """Count one poll of one source."""
        self.polls[source, "ok" if ok else "failed"] += 1

    def loops(self) -> list[LoopState]:
        """The loops that are running, by name."""
        now = self.clock.monotonic()
        return [
            LoopState(name, timedelta(seconds=max(0.0, now - self._last_beat[name])), within)
            for name, within in sorted(self._within.items())
        ]
