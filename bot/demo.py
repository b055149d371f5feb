"""``chipwire demo``: a made-up day of headlines through the whole path, with no network and no tokens.

The real poller, store, model, desk, outbox and console notifier; only the sources and the calendar are ours.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from rich.console import Console
from rich.table import Table

from bot.bus import LocalBus
from bot.companies import load_companies
from bot.desk import Desk
from bot.dispatch import Dispatcher
from bot.domain import DeliveryState, Destination, DestinationKind, Headline, RawItem, SourceSpec, Tier, Topic
from bot.exposure import load_exposure
from bot.notifiers.base import Notifier
from bot.notifiers.console import ConsoleNotifier
from bot.ownership import EMBEDDED_TTL
from bot.poll import Poller
from bot.score import Scorer
from bot.sources.base import Batch, Cursor, Source
from bot.store import open_store
from bot.store.base import Store, Trail
from bot.subscriptions import make_subscription
from classifiers.serve import load as load_classifier

DAY = datetime(2026, 11, 17, tzinfo=UTC)
POLL_DELAY = timedelta(seconds=1.2)  # what a source polled every other second costs on average
OWNER = "demo"
MAX_AGE = timedelta(hours=6)


class DemoClock:
    """Jumps through the day; between jumps it runs like any clock, so that measured latencies are real."""

    def __init__(self) -> None:
        self._base = DAY
        self._since = time.monotonic()

    def jump(self, to: datetime) -> None:
        """Go to this moment of the day."""
        self._base, self._since = to, time.monotonic()

    def now(self) -> datetime:
        """See Clock."""
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def monotonic(self) -> float:
        """See Clock."""
        return time.monotonic()


@dataclass(slots=True)
class DemoSource:
    """A source that gives what the script has released so far."""

    spec: SourceSpec
    _released: list[RawItem] = field(default_factory=list)

    def release(self, item: RawItem) -> None:
        """Publish an item."""
        self._released.append(item)

    def interval(self, now: datetime) -> timedelta:  # noqa: ARG002  the Protocol's argument
        """See Source."""
        return self.spec.interval

    async def fetch(self, cursor: Cursor) -> Batch:
        """See Source."""
        return Batch(tuple(self._released), cursor)


@dataclass(frozen=True, slots=True)
class Line:
    """One headline of the script."""

    at: datetime
    source: str
    item: RawItem


def load_day() -> tuple[dict[str, DemoSource], list[Line]]:
    """The bundled day: its sources, and its headlines in order."""
    sources: dict[str, DemoSource] = {}
    lines: list[Line] = []
    text = resources.files("bot").joinpath("demo_day.jsonl").read_text(encoding="utf-8")
    for number, raw in enumerate(text.splitlines(), 1):
        entry = json.loads(raw)
        at = datetime.fromisoformat(f"{DAY:%Y-%m-%d}T{entry['at']}+00:00")
        publisher = entry["publisher"]
        name = publisher.lower().replace(" ", "-").replace("'", "")
        if name not in sources:
            sources[name] = DemoSource(
                SourceSpec(
                    name, "demo", f"https://{name}.example/feed", timedelta(seconds=2), publisher, Tier(entry["tier"])
                )
            )
        guid = f"{name}-{number}"
        url = f"https://{name}.example/{number}"
        lines.append(Line(at, name, RawItem(guid, entry["headline"], url, at, document=entry.get("document"))))
    return sources, lines


async def play(*, pace_s: float, as_json: bool) -> None:
    """Play the day on the terminal, then say what became of it.

    Args:
        pace_s: seconds between headlines.
        as_json: print a record for each headline in place of cards.

    Raises:
        ModelError: the shipped model cannot be loaded.
    """
    sources, lines = load_day()
    clock = DemoClock()
    bus = LocalBus()
    classifier = load_classifier()
    notifiers: dict[DestinationKind, Notifier] = {} if as_json else {DestinationKind.CONSOLE: ConsoleNotifier(clock)}
    with _temporary_home() as home, ThreadPoolExecutor(1) as inference:
        store = await open_store(f"sqlite:///{home / 'demo.sqlite3'}")
        try:
            await store.migrate()
            await _subscribe(store, clock)
            epoch = await store.take_lease("dispatch", OWNER, EMBEDDED_TTL, force=True)
            assert epoch is not None, "the store is ours alone"
            by_name: dict[str, Source] = dict(sources)
            poller = Poller(store, bus, clock, AsyncIOScheduler(timezone="UTC"), by_name, MAX_AGE)
            await poller.run_once()  # the baseline: nothing is out yet
            states = await store.source_states()
            companies = load_companies()
            rules = Desk(companies, classifier.thresholds, exposure=load_exposure(companies), embed=classifier.embed)
            desk = Scorer(store, bus, clock, classifier, rules, inference)
            dispatcher = Dispatcher(store, bus, clock, notifiers, OWNER, epoch)
            for line in lines:
                clock.jump(line.at + POLL_DELAY)
                sources[line.source].release(line.item)
                await poller.poll(line.source, states[line.source])
                await desk.step()
                if notifiers:
                    await dispatcher.drain(timedelta(seconds=5))
                await asyncio.sleep(pace_s)
            trails = [await _trail(store, line) for line in lines]
        finally:
            await store.close()
    if as_json:
        for trail in trails:
            sys.stdout.write(json.dumps(record(trail), ensure_ascii=False) + "\n")
    else:
        _summarise(trails, classifier.name)


async def _subscribe(store: Store, clock: DemoClock) -> None:
    console = Destination(DestinationKind.CONSOLE)
    await store.add_subscription(make_subscription(console, topics=list(Topic), origin="command"), clock.now())


async def _trail(store: Store, line: Line) -> Trail:
    trail = await store.trail(Headline.make_id(line.source, line.item.guid))
    assert trail is not None, "every headline was saved"
    return trail


def record(trail: Trail) -> dict[str, Any]:
    """What became of one headline, as JSON."""
    score = trail.score or {}
    return {
        "id": trail.headline.id,
        "headline": trail.headline.text,
        "outcome": trail.outcome,
        "reason": trail.reason,
        "story": trail.story.slug if trail.story else None,
        "urgency": trail.alert.urgency if trail.alert else None,
        "tickers": {m["ticker"]: m["direction"] for m in trail.mentions if m["ticker"]},
        "event": score.get("event"),
        "status": score.get("status"),
        "chip_export": round(float(score["chip_export"]), 4) if score else None,
    }


def _summarise(trails: Sequence[Trail], model: str) -> None:
    console = Console(highlight=False)
    outcomes = Counter((str(t.outcome), str(t.reason).replace("_", " ")) for t in trails)
    late = sorted(
        (d.sent_at - t.headline.first_seen_at).total_seconds() * 1000
        for t in trails
        for d in t.deliveries
        if d.state == DeliveryState.SENT and d.sent_at is not None
    )
    table = Table(box=None, show_header=False, pad_edge=False)
    for _ in range(3):
        table.add_column()
    for (outcome, reason), count in sorted(outcomes.items()):
        table.add_row(f"{count:>4}", outcome, f"[dim]{reason}[/]")
    console.rule("[bold]the day in figures[/]")
    console.print(f"{len(trails)} headlines from {len({t.headline.source for t in trails})} sources, scored by {model}")
    console.print(table)
    if late:
        p95 = late[min(len(late) - 1, round(0.95 * len(late)))]
        console.print(f"seen → sent: median {statistics.median(late):.0f} ms, p95 {p95:.0f} ms")
    console.print("[dim]Headlines, outlets and events are made up. `chipwire run` watches the real ones.[/]")


@contextmanager
def _temporary_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="chipwire-demo-") as folder:
        yield Path(folder)
