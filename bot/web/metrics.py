"""The numbers of ``/metrics`` in Prometheus' text format, version 0.0.4.

Source: prometheus.io/docs/instrumenting/exposition_formats. Written by hand, since a few functions do it and
the client library's global registry would have to be fed from rows that the store already counts.
"""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain import SourceState
from bot.health import Health
from bot.store.base import Store

__all__ = ["CONTENT_TYPE", "Family", "HeadlineCounter", "Histogram", "families_of", "render"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# Half of the buckets stand where the promise is (seen to sent in well under a second).
LATENCY_BUCKETS_S = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: samples are (suffix of the name, labels, value)."""

    name: str
    kind: str  # counter, gauge, histogram
    help: str
    samples: tuple[tuple[str, Labels, float], ...]

    @classmethod
    def simple(cls, name: str, kind: str, help_text: str, values: Mapping[Labels, float]) -> Family:
        """A counter or gauge: one value a set of labels."""
        return cls(name, kind, help_text, tuple(("", labels, value) for labels, value in values.items()))


def render(families: Iterable[Family]) -> str:
    """Write metrics as text; one that has no sample still tells its help and type."""
    lines: list[str] = []
    for family in families:
        lines += [
            f"# HELP {family.name} {_escape(family.help, quotes=False)}",
            f"# TYPE {family.name} {family.kind}",
        ]
        for suffix, labels, value in family.samples:
            inside = ",".join(f'{key}="{_escape(text, quotes=True)}"' for key, text in labels)
            lines.append(f"{family.name}{suffix}{{{inside}}} {_number(value)}" if inside else
                         f"{family.name}{suffix} {_number(value)}")  # fmt: skip
    return "\n".join(lines) + "\n"


def _escape(text: str, *, quotes: bool) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


@dataclass(slots=True)
class Histogram:
    """Counts observations by size, for each value of one label."""

    name: str
    help: str
    label: str
    bounds: tuple[float, ...] = LATENCY_BUCKETS_S
    _counts: defaultdict[str, list[int]] = field(init=False)
    _sums: defaultdict[str, float] = field(init=False, default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self._counts = defaultdict(lambda: [0] * (len(self.bounds) + 1))

    def observe(self, key: str, value: float) -> None:
        """Count one observation; a bucket holds what is at most its bound."""
        self._counts[key][bisect_left(self.bounds, value)] += 1
        self._sums[key] += value

    def family(self) -> Family:
        """The cumulative buckets, sum and count."""
        samples: list[tuple[str, Labels, float]] = []
        for key, counts in sorted(self._counts.items()):
            total = 0
            for bound, count in zip((*self.bounds, math.inf), counts, strict=True):
                total += count
                samples.append(("_bucket", ((self.label, key), ("le", _number(bound))), total))
            samples += [
                ("_sum", ((self.label, key),), self._sums[key]),
                ("_count", ((self.label, key),), total),
            ]
        return Family(self.name, "histogram", self.help, tuple(samples))


class HeadlineCounter:
    """Counts decided headlines since a moment, and never looks at all of them again.

    The store counts from a time on. What lies behind a mark is added up once and kept; only what came after it is
    asked for anew, so that a scrape costs the same after a year as on the first day.
    """

    STEP = timedelta(hours=1)
    SETTLED = timedelta(minutes=10)  # a decision is saved within moments of its time; older ones are all there

    def __init__(self, store: Store, clock: Clock, since: datetime) -> None:
        self._store = store
        self._clock = clock
        self._mark = since
        self._kept: Counter[tuple[str, str]] = Counter()
        self._lock = asyncio.Lock()

    async def read(self) -> Counter[tuple[str, str]]:
        """(outcome, reason) → how many since the beginning.

        Raises:
            StoreError: the store cannot be read.
        """
        async with self._lock:
            latest = Counter(await self._store.outcome_counts(self._mark))
            total = self._kept + latest
            mark = self._clock.now() - self.SETTLED
            if mark - self._mark >= self.STEP:
                after = Counter(await self._store.outcome_counts(mark))
                # Counted twice with the same result, so nothing came between and the difference is exact.
                if Counter(await self._store.outcome_counts(self._mark)) == latest:
                    self._kept += latest - after
                    self._mark = mark
            return total


def families_of(
    *,
    health: Health,
    version: str,
    now: datetime,
    headlines: Mapping[tuple[str, str], int],
    backlog: Mapping[str, int],
    sources: Iterable[SourceState],
    latency: Histogram,
    clients: int,
    store_up: bool,
) -> list[Family]:
    """Everything that ``/metrics`` tells, in a fixed order; what the store would say is left out when it is down."""
    of = Family.simple
    states = sorted(sources, key=lambda state: state.name)
    return [
        of("chipwire_build_info", "gauge", "Version and loaded model; always 1.",
           {(("version", version), ("model", health.model or "")): 1}),
        of("chipwire_start_time_seconds", "gauge", "When the process started, Unix time.",
           {(): health.started_at.timestamp()}),
        of("chipwire_store_up", "gauge", "1 when the store answered this scrape.", {(): int(store_up)}),
        of("chipwire_headlines_total", "counter", "Headlines decided since the process started.",
           {(("outcome", outcome), ("reason", reason)): n for (outcome, reason), n in sorted(headlines.items())}),
        of("chipwire_deliveries", "gauge", "Deliveries in the store by state.",
           {(("state", state),): n for state, n in sorted(backlog.items()) if state != "unscored"}),
        of("chipwire_backlog_headlines", "gauge", "Headlines that wait for a score.",
           {(): backlog["unscored"]} if "unscored" in backlog else {}),
        of("chipwire_backlog_deliveries", "gauge", "Deliveries that are due or in flight; held ones aside.",
           {(): backlog.get("pending", 0) + backlog.get("sending", 0)} if backlog else {}),
        of("chipwire_source_last_ok_age_seconds", "gauge", "Since the source was last polled with success.",
           {(("source", s.name),): max(0.0, (now - s.last_ok_at).total_seconds()) for s in states if s.last_ok_at}),
        of("chipwire_source_failures", "gauge", "Polls of the source that failed in a row.",
           {(("source", s.name),): s.failures for s in states}),
        of("chipwire_polls_total", "counter", "Polls of this process by result.",
           {(("source", source), ("result", result)): n for (source, result), n in sorted(health.polls.items())}),
        latency.family(),
        of("chipwire_loop_silent_seconds", "gauge", "Since a loop last came round.",
           {(("loop", loop.name),): loop.silent_for.total_seconds() for loop in health.loops()}),
        of("chipwire_stream_clients", "gauge", "Readers of the event stream.", {(): clients}),
    ]  # fmt: skip
