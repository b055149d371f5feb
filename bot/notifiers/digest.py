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
from bot.texts import Texts, texts_of

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
    texts: Texts  # of the reader's language

    def more(self, shown: int) -> str:
        """What follows so many entries: ``and 12 more``; empty when that was all."""
        return self.texts.say("digest.more", n=self.total - shown) if shown < self.total else ""


def digest_of(alerts: Sequence[Alert], *, language: str = "en") -> Digest:
    """The digest of one alert or more, in any order; never raises, whatever the words are."""
    texts = texts_of(language)
    counts = Counter(alert.urgency for alert in alerts)
    loudest = max(counts, key=lambda urgency: urgency.rank)
    first, last = (pick(alert.first_seen_at for alert in alerts) for pick in (min, max))
    start, end = _minute(first, last, texts), _minute(last, first, texts)
    return Digest(
        title=texts.say("digest.title", n=len(alerts)),
        counts=" · ".join(
            texts.say("digest.count", n=counts[u], urgency=texts.say(f"urgency.{u}"))
            for u in reversed(Urgency)
            if counts[u]
        ),
        urgency=loudest,
        entries=tuple(_entry(alert, last, texts) for alert in loudest_first(alerts)[:ENTRIES]),
        total=len(alerts),
        timing=texts.say("digest.seen", first=start)
        if last == first
        else texts.say("digest.seen_span", first=start, last=end),
        texts=texts,
    )


def sent_note(alerts: Iterable[Alert], sent_at: datetime, *, language: str = "en") -> str:
    """What follows the timing when the message leaves: `` · sent 07:00:01``."""
    sent = clock_time(sent_at, max(alert.first_seen_at for alert in alerts))
    return texts_of(language).say("digest.sent", sent=sent)


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


def _entry(alert: Alert, beside: datetime, texts: Texts) -> Entry:
    card = card_of(alert, short=True, language=texts.language)
    named = f" {shorten(card.named_line, _NAMED)}" if card.named else ""
    # A denial is told by the mark already.
    said = card.publisher if card.denied else f"{card.status} · {card.publisher}"
    return Entry(
        urgency=card.urgency,
        denied=card.denied,
        mark=f"{card.label}{named}",
        headline=shorten(card.headline, HEADLINE),
        url=card.url,
        tail=f"{shorten(said, _TAIL)} · {_minute(alert.first_seen_at, beside, texts)}",
    )


def _minute(moment: datetime, beside: datetime, texts: Texts) -> str:
    """The time of day in UTC to the minute; with its date when that is another day than ``beside``'s."""
    moment = moment.astimezone(UTC)
    if moment.date() == beside.astimezone(UTC).date():
        return f"{moment:%H:%M}"
    month = texts.say(f"month.{moment.month}")
    return texts.say("digest.day", month=month, day=moment.day, time=f"{moment:%H:%M}")
