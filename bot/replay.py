"""Archived headlines once more through the path: the same normalising, model, rules and routing, on a simulated clock.

Nothing is stored and nothing is sent. The same file and settings give the same records, whatever the order of
headlines that stand under one time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from bot.desk import Desk
from bot.domain import (
    Decision,
    DeliveryState,
    Destination,
    Headline,
    Outcome,
    RawItem,
    Reason,
    Score,
    SourceSpec,
    Subscription,
    Tier,
    Urgency,
)
from bot.errors import BotError
from bot.poll import normalise
from bot.rules import caps
from bot.rules.meaning import Embed, Meaning
from bot.rules.same_story import WINDOW
from bot.sources.dates import parse_date
from classifiers.api import Classifier, Thresholds

MAX_LINE = 64 * 1024  # bytes; a record has a few hundred
CHUNK = 256  # headlines scored at once
QUOTED = 80  # characters of a wrong value
YEARS = range(1971, 2200)  # of what may be an archive of news; a day beside it is a time, in any zone
# Whose word is that of a wire, where the archive does not name the source's tier.
WIRES = frozenset(
    {
        "afp", "ani", "ap news", "associated press", "benzinga", "bloomberg", "bloomberg.com", "central news agency",
        "cls", "dow jones", "dow jones newswires", "focus taiwan", "jiji press", "kyodo news", "mt newswires", "nikkei",
        "nikkei asia", "pti", "reuters", "xinhua", "yonhap", "yonhap news agency",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Archived:
    """One line of an archive."""

    id: str
    headline: Headline
    published_at: datetime
    seen_at: datetime | None  # when it was first seen then, where the archive says


@dataclass(frozen=True, slots=True)
class Played:
    """One archived headline and its end."""

    archived: Archived
    decision: Decision

    def record(self) -> dict[str, Any]:
        """As the contract has it."""
        decision, score = self.decision, self.decision.score
        return {
            "id": self.archived.id,
            "outcome": decision.outcome.value,
            "reason": decision.reason.value,
            "story": decision.story.slug if decision.story else None,
            "urgency": decision.alert.urgency.value if decision.alert else None,
            "tickers": {m.ticker: m.direction for m in decision.mentions if m.ticker and m.primary},
            "event": score.event.value if score else None,
            "status": score.status.value if score else None,
            "chip_export": round(score.chip_export, 4) if score else None,
        }


@dataclass(slots=True)
class Summary:
    """What a replay amounts to."""

    headlines: int = 0
    first: datetime | None = None
    last: datetime | None = None
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)  # (outcome, reason)
    urgencies: Counter[str] = field(default_factory=Counter)  # of alerts and updates
    deliveries: dict[str, Counter[str]] = field(default_factory=dict)  # by destination: state, or why filtered or held
    published_to_seen_s: list[float] = field(default_factory=list)  # where the archive knows both times

    @property
    def days(self) -> float:
        """The time that the archive covers, at least a day."""
        if self.first is None or self.last is None:
            return 1.0
        return max((self.last - self.first) / timedelta(days=1), 1.0)

    def count(self, outcome: Outcome) -> int:
        """How many headlines ended so."""
        return sum(n for (name, _), n in self.outcomes.items() if name == outcome)

    def add(self, played: Played) -> None:
        """Count one more."""
        archived, decision = played.archived, played.decision
        self.headlines += 1
        self.first = min(self.first or archived.published_at, archived.published_at)
        self.last = max(self.last or archived.published_at, archived.published_at)
        self.outcomes[decision.outcome.value, decision.reason.value] += 1
        if decision.alert is not None:
            self.urgencies[decision.alert.urgency.value] += 1
        for delivery in decision.deliveries:
            ends = self.deliveries.setdefault(delivery.destination.label, Counter())
            ends["sent" if delivery.state is DeliveryState.PENDING else f"{delivery.state}: {delivery.reason}"] += 1
        if archived.seen_at is not None:
            self.published_to_seen_s.append((archived.seen_at - archived.published_at).total_seconds())


def quantile(ordered: Sequence[float], q: float) -> float:
    """The value below which a share of n ≥ 1 ordered ones lies."""
    return ordered[min(len(ordered) - 1, round(q * (len(ordered) - 1)))]


def read_archive(path: Path, specs: Mapping[str, SourceSpec]) -> list[Archived]:
    """Read an archive, JSON Lines with ``id``, ``headline``, ``published`` and, if known, ``url``, ``publisher``,
    ``source``, ``tier``, ``document`` and ``seen``.

    Args:
        path: the file.
        specs: known sources by name: an archived headline of one of them has its tier.

    Returns:
        The headlines in time order; those under one time in an order that does not depend on the file's.

    Raises:
        BotError: the file cannot be used; file, line and what is wrong.
    """
    try:
        with path.open("rb") as stream:
            found = {n: _parse(raw, f"{path}: line {n}", specs) for n, raw in _lines(stream, path)}
    except OSError as error:
        raise BotError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not found:
        raise BotError(f"{path}: empty; write JSON Lines with `id`, `headline` and `published`")
    where: dict[str, int] = {}
    for number, archived in found.items():
        if (earlier := where.setdefault(archived.id, number)) != number:
            raise BotError(f"{path}: line {number} has the id {_shown(archived.id)} of line {earlier}")
    return sorted(found.values(), key=lambda a: (a.headline.first_seen_at, a.headline.text, a.headline.publisher, a.id))


def score_archive(
    archive: Sequence[Archived], classifier: Classifier, *, progress: Callable[[int], None] = lambda _: None
) -> list[Score]:
    """Score all headlines of an archive, in their order.

    Raises:
        ModelError: inference failed.
    """
    scores: list[Score] = []
    for at in range(0, len(archive), CHUNK):
        chunk = archive[at : at + CHUNK]
        scores += classifier.score([a.headline.text for a in chunk], official=[a.headline.official for a in chunk])
        progress(len(chunk))
    return scores


def embed_told(archive: Sequence[Archived], scores: Sequence[Score], classifier: Classifier, at: Thresholds) -> Embed:
    """Ask the model at once what the headlines mean that pass a threshold; what is asked beside them is asked then.

    Args:
        archive: n headlines.
        scores: what the model said of each.
        classifier: the model.
        at: the thresholds of the desk.

    Raises:
        ModelError: inference failed.
    """
    told = zip(archive, scores, strict=True)
    texts = sorted(
        {a.headline.text for a, s in told if s.chip_export >= at.chip_export or s.market_moving >= at.market_moving}
    )
    found = classifier.embed(texts) if texts else None
    known = {} if found is None else dict(zip(texts, found, strict=True))

    def embed(wanted: Sequence[str]) -> Sequence[Meaning] | None:
        return [known[text] for text in wanted] if all(text in known for text in wanted) else classifier.embed(wanted)

    return embed


def play(
    archive: Sequence[Archived], scores: Sequence[Score], desk: Desk, subscriptions: Sequence[Subscription]
) -> Iterator[Played]:
    """Let the desk decide each headline at its own time.

    Args:
        archive: n headlines in time order.
        scores: what the model said of each.
        desk: a fresh one.
        subscriptions: who would get the alerts.
    """
    urls: dict[str, tuple[str, datetime]] = {}  # canonical URL to the first headline seen with it
    told: dict[Destination, list[datetime]] = {}
    for archived, score in zip(archive, scores, strict=True):
        headline = archived.headline
        now = headline.first_seen_at
        earlier = urls.get(headline.canonical_url)
        told_before = earlier[0] if earlier is not None and now - earlier[1] <= WINDOW else None
        decision = desk.decide(headline, score, subscriptions, now=now, told_before=told_before, told=told)
        if headline.canonical_url and told_before is None:
            urls[headline.canonical_url] = (headline.id, now)
        for delivery in decision.deliveries:
            if delivery.state is DeliveryState.PENDING:
                times = told.setdefault(delivery.destination, [])
                times.append(now)
                while now - times[0] > caps.LONGEST:
                    times.pop(0)
        yield Played(archived, decision)


def summarise(played: Iterable[Played]) -> Summary:
    """Count the ends."""
    summary = Summary()
    for each in played:
        summary.add(each)
    return summary


def _lines(stream: BinaryIO, path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            raise BotError(f"{path}: line {number} is longer than {MAX_LINE // 1024} KB; write one record a line")
        if raw.strip():
            yield number, raw


def _parse(raw: bytes, where: str, specs: Mapping[str, SourceSpec]) -> Archived:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BotError(f"{where} is not UTF-8 text (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise BotError(f"{where}: not valid JSON: {error.msg} (column {error.colno})") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise BotError(f"{where}: not valid JSON: {str(error).partition(';')[0]}") from error
    if not isinstance(row, dict):
        raise BotError(f"{where}: not an object")
    id_, text = row.get("id"), row.get("headline")
    if not isinstance(id_, str | int) or isinstance(id_, bool) or not str(id_):
        raise BotError(f"{where}: no `id`")
    if not isinstance(text, str) or not text.strip():
        raise BotError(f"{where}: no `headline`")
    published, seen = _time(row, "published", where), _time(row, "seen", where)
    if published is None:
        raise BotError(f"{where}: no `published`; write a time such as 2026-06-01T08:30:00Z, or a day")
    spec = _spec(row, where, specs)
    document = row.get("document")
    try:
        " ".join(map(str, row.values())).encode()
    except UnicodeEncodeError as error:
        raise BotError(f"{where}: holds half a character (\\ud800 to \\udfff without its other half)") from error
    item = RawItem(
        guid=str(id_),
        headline=" ".join(text.split()),
        url=str(row.get("url") or ""),
        published_at=published,
        publisher=str(row.get("publisher") or "") or None,
        document=str(document) if document else None,
    )
    return Archived(str(id_), normalise(item, spec, seen or published), published, seen)


def _time(row: Mapping[str, Any], key: str, where: str) -> datetime | None:
    text = row.get(key)
    if text is None:
        return None
    at: datetime | None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        at = parse_date(str(text))
    if at is None or isinstance(text, int | float) or at.year not in YEARS:
        raise BotError(f"{where}: `{key}` {_shown(text)} is no time; write 2026-06-01T08:30:00Z, or a day")
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _shown(value: object) -> str:
    """A value as an error quotes it: on one line, and not all of a long one."""
    text = repr(value)
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _spec(row: Mapping[str, Any], where: str, specs: Mapping[str, SourceSpec]) -> SourceSpec:
    name = str(row.get("source") or "archive")
    publisher = str(row.get("publisher") or "")
    tier = row.get("tier")
    if tier is not None and tier not in list(Tier):
        raise BotError(f"{where}: `tier` {_shown(tier)} is unknown; known: {', '.join(Tier)}")
    known = specs.get(name)
    if known is not None and tier is None:
        return known
    level = Tier(tier) if tier else Tier.WIRE if publisher.casefold() in WIRES else Tier.PRESS
    return SourceSpec(name, "archive", "", timedelta(minutes=1), publisher or name, level)


def told_to(decision: Decision) -> list[str]:
    """Where a headline would be told, sooner or later, in alphabetical order."""
    return sorted(d.destination.label for d in decision.deliveries if d.state is not DeliveryState.FILTERED)


def differences(one: Sequence[Played], other: Sequence[Played]) -> Iterator[tuple[Played, Played]]:
    """Headlines that end otherwise in a second replay of the same archive: told or not, how loudly, why, to whom."""
    ends = {played.archived.id: played for played in other}
    for played in one:
        if _end(played.decision) != _end(ends[played.archived.id].decision):
            yield played, ends[played.archived.id]


def _end(decision: Decision) -> tuple[Outcome, Reason | None, Urgency | None, Sequence[str]]:
    if decision.alert is None:  # what kept a headline back is no difference to a reader
        return decision.outcome, None, None, ()
    return decision.outcome, decision.reason, decision.alert.urgency, told_to(decision)
