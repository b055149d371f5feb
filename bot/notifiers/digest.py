"""What a message says that tells several held alerts at once, in words that no platform has dressed yet.

Whoever comes back to it reads from the top: the loudest first, then the newest; what belongs to one story stands
together, its latest word above the earlier ones, so that nobody reads a claim before its denial.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain import Alert, Claim, Urgency
from bot.notifiers.card import card_of
from bot.notifiers.text import clock_time, shorten

ENTRIES = 50  # alerts with a line of their own; more than that nobody reads, the others are counted
HEADLINE = 160  # code points
_NAMED = 120
_TAIL = 140


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert on one line, each part cleaned and bounded."""

    urgency: Urgency
    denied: bool
    mark: str  # "FLASH ▲ NVDA ▼ AMD": how loud, which tickers and which way
    headline: str
    url: str  # safe, or empty
    tail: str  # "reported, not confirmed · Kite Wire · 02:13"


@dataclass(frozen=True, slots=True)
class Digest:
    """Several alerts in plain words."""

    title: str  # "7 alerts held for you"
    counts: str  # "1 FLASH · 4 ALERT · 2 WATCH"
    urgency: Urgency  # the loudest
    entries: tuple[Entry, ...]
    total: int
    timing: str  # when they were seen; ``sent_note`` comes after it

    def more(self, shown: int) -> str:
        """What follows so many entries: ``and 12 more``; empty when that was all."""
        return f"and {self.total - shown} more" if shown < self.total else ""


def digest_of(alerts: Sequence[Alert]) -> Digest:
    """The digest of one alert or more, in any order; never raises, whatever the words are."""
    counts = Counter(alert.urgency for alert in alerts)
    loudest = max(counts, key=lambda urgency: urgency.rank)
    first, last = (pick(alert.first_seen_at for alert in alerts) for pick in (min, max))
    return Digest(
        title=f"{len(alerts)} alerts held for you" if len(alerts) > 1 else "1 alert held for you",
        counts=" · ".join(f"{counts[u]} {u.upper()}" for u in reversed(Urgency) if counts[u]),
        urgency=loudest,
        entries=tuple(_entry(alert, last) for alert in loudest_first(alerts)[:ENTRIES]),
        total=len(alerts),
        timing=f"seen {_minute(first, last)}" + (f" to {_minute(last, first)}" if last != first else "") + " UTC",
    )


def sent_note(alerts: Iterable[Alert], sent_at: datetime) -> str:
    """What follows the timing when the message leaves: `` · sent 07:00:01``."""
    return f" · sent {clock_time(sent_at, max(alert.first_seen_at for alert in alerts))}"


def urgency_of(claim: Claim) -> Urgency:
    """How loud a message is: its alert's urgency, of several the loudest."""
    return max((alert.urgency for alert in (claim.alert, *claim.held)), key=lambda urgency: urgency.rank)


def plain_lines(digest: Digest) -> list[str]:
    """The digest as lines of plain text, without the times."""
    lines = [digest.title, digest.counts]
    for entry in digest.entries:
        lines += [plain_line(entry), *([entry.url] if entry.url else [])]
    more = digest.more(len(digest.entries))
    return [*lines, more] if more else lines


def plain_line(entry: Entry) -> str:
    """``FLASH ▲ NVDA Headline · reported, not confirmed · Kite Wire · 02:13``."""
    return f"{entry.mark} {entry.headline} · {entry.tail}"


def fitting(lines: Iterable[str], room: int) -> list[str]:
    """The first lines that fit together, one character between two."""
    kept: list[str] = []
    for line in lines:
        room -= len(line) + bool(kept)
        if room < 0:
            break
        kept.append(line)
    return kept


def loudest_first(alerts: Sequence[Alert]) -> list[Alert]:
    """Stories by their loudest alert, then by their newest; within a story the newest first."""
    rank: dict[str, int] = {}
    newest: dict[str, datetime] = {}
    for alert in alerts:
        rank[alert.story] = max(alert.urgency.rank, rank.get(alert.story, 0))
        newest[alert.story] = max(alert.created_at, newest.get(alert.story, alert.created_at))
    return sorted(alerts, key=lambda a: (rank[a.story], newest[a.story], a.story, a.created_at, a.id), reverse=True)


def _entry(alert: Alert, beside: datetime) -> Entry:
    card = card_of(alert, short=True)
    named = f" {shorten(card.named_line, _NAMED)}" if card.named else ""
    # A denial is told by the mark already.
    said = card.publisher if card.denied else f"{card.status} · {card.publisher}"
    return Entry(
        urgency=card.urgency,
        denied=card.denied,
        mark=f"{card.label}{named}",
        headline=shorten(card.headline, HEADLINE),
        url=card.url,
        tail=f"{shorten(said, _TAIL)} · {_minute(alert.first_seen_at, beside)}",
    )


def _minute(moment: datetime, beside: datetime) -> str:
    """The time of day in UTC to the minute; with its date when that is another day than ``beside``'s."""
    moment = moment.astimezone(UTC)
    if moment.date() == beside.astimezone(UTC).date():
        return f"{moment:%H:%M}"
    return f"{moment:%b} {moment.day} {moment:%H:%M}"
