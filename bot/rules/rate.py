"""A sliding window that starts from what was really sent, so that a restart cannot exceed a platform's limit.

Platforms state their limits as so many messages in so long; a token bucket of the same burst would let nearly
twice as many through in the first window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Window:
    """At most ``burst`` messages in any stretch of ``burst × interval``.

    Times are seconds of a clock that never goes back.
    """

    burst: int
    interval: timedelta
    _sent: deque[float] = field(default_factory=deque)

    def inherit(self, sent: Iterable[datetime], *, now: datetime, at: float) -> None:
        """Count messages that went out before this process began, oldest first; ``now`` and ``at`` are one moment."""
        for moment in sent:
            self.take(at - (now - moment).total_seconds())

    def wait_s(self, at: float) -> float:
        """Seconds until a message may go; 0.0 when one may go now."""
        span = self.burst * self.interval.total_seconds()
        while self._sent and self._sent[0] <= at - span:
            self._sent.popleft()
        return 0.0 if len(self._sent) < self.burst else max(self._sent[-self.burst] + span - at, 0.0)

    def take(self, at: float) -> None:
        """Count one message."""
        self._sent.append(at)
