"""What came of alerts that were sent in bad weather, and whether every promise was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain import DeliveryState, Sending, Urgency

URGENCIES = (Urgency.FLASH, Urgency.ALERT, Urgency.WATCH)


@dataclass(slots=True)
class Outcomes:
    """What came of it."""

    alerts: dict[str, Urgency] = field(default_factory=dict)  # by id
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)  # messages, by alert and destination
    states: dict[tuple[str, str], str] = field(default_factory=dict)
    attempts: dict[tuple[str, str], list[Sending | None]] = field(default_factory=dict)
    expected: int = 0  # deliveries
    denied: set[str] = field(default_factory=set)  # stories
    edits: Counter[str] = field(default_factory=Counter)  # of their first messages, by how they ended
    undenied: list[str] = field(default_factory=list)  # first messages in Slack that do not say so
    complaints: list[str] = field(default_factory=list)  # what Slack would show badly
    calls: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    took_s: float = 0.0

    def problems(self) -> list[str]:
        """Every promise that was broken."""
        return [*self._broken(), *self.undenied, *self.complaints]

    def _broken(self) -> Iterator[str]:
        if len(self.states) != self.expected:
            yield f"{len(self.states)} deliveries in the ledger, not {self.expected}"
        for key, state in self.states.items():
            alert, where = key
            urgency, count, tries = self.alerts[alert], self.arrived[key], self.attempts[key]
            what = f"{urgency.value} {alert} at {where}, {state} after {[t and t.value for t in tries]}: {count} times"
            if state not in {DeliveryState.SENT, DeliveryState.DROPPED} or not tries or None in tries:
                yield f"no final outcome: {what}"
            if where.startswith("slack:"):
                if count != 1 or state != DeliveryState.SENT:
                    yield f"not exactly once: {what}"
            elif urgency is Urgency.WATCH:
                doubted = Sending.MAYBE_SENT in tries
                if count > 1 or (doubted and tries[-2:] != [Sending.MAYBE_SENT, Sending.DROPPED]):
                    yield f"sent again after a doubt: {what}"
                if not doubted and (count != 1 or state != DeliveryState.SENT):
                    yield f"missing without a doubt: {what}"
            elif not count or state != DeliveryState.SENT:
                yield f"missing: {what}"
            elif count > 1 + tries.count(Sending.MAYBE_SENT):
                yield f"sent again without a doubt: {what}"
        if self.edits.keys() - {"edited", "never named"}:
            yield f"edits that did not come to their end: {dict(self.edits)}"

    def lines(self) -> Iterator[str]:
        """The figures, for a person."""
        failed = self.faults.total()
        yield f"{len(self.alerts)} alerts, {len(self.states)} deliveries, {self.took_s:.1f} s"
        yield f"{self.calls} calls, {failed} of them failed ({failed / max(self.calls, 1):.1%})"
        yield "  " + ", ".join(f"{count} {way}" for way, count in sorted(self.faults.items()))
        for platform in ("slack", "telegram"):
            for urgency in URGENCIES:
                keys = [k for k in self.states if k[1].startswith(platform) and self.alerts[k[0]] is urgency]
                spread = Counter(self.arrived[k] for k in keys)
                how = ", ".join(f"{spread[n]} arrived {_times(n)}" for n in sorted(spread))
                ends = ", ".join(f"{n} {s}" for s, n in sorted(Counter(self.states[k] for k in keys).items()))
                yield f"  {platform:8} {urgency.value:5} {len(keys):5} deliveries ({ends}): {how}"
        results = Counter(t.value if t else "open" for tries in self.attempts.values() for t in tries)
        yield "attempts: " + ", ".join(f"{count} {name}" for name, count in results.most_common())
        edits = ", ".join(f"{count} {name}" for name, count in self.edits.items())
        yield f"{len(self.denied)} stories denied; edits of their first messages: {edits}"
        problems = self.problems()
        yield f"{len(problems)} broken promises" if problems else "every promise kept"
        yield from problems[:20]


def _times(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")
