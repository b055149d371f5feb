"""What is wrong with the training data as a whole, and what it lacks.

Wrong are faults of a line, conflicts, leaks between the sides of the split, and a data card that counts otherwise
than the files. Thin cells, unnamed companies and headlines that are nearly alike are only shown.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from classifiers.dataset import DATA_DIR, SIDES, DatasetError, Record, load, near_duplicates, read_file, split
from classifiers.labels import EVENTS, STATUSES, Event, Status
from classifiers.named import unnamed
from classifiers.stories import load_stories
from classifiers.text import normalise

__all__ = ["Alike", "Cell", "Check", "StoryFile", "check", "show"]

THIN: Final = 4  # a cell with fewer headlines is marked: too few to be on all three sides of the split
SHOWN: Final = 20  # of a long list; the JSON has all
DIRECTIONS: Final = {"up": 1, "down": -1, "none": 0}
_CARD_ROW = re.compile(r"^\|\s*(?P<batches>`[\w-]+`(?:,\s*`[\w-]+`)*)\s*\|\s*(?P<count>[\d,]+)\s*\|", re.MULTILINE)
_CARD_TOTAL = re.compile(r"^(?P<count>[\d,]+) in all\b", re.MULTILINE)
_CARD_STORIES = re.compile(r"([\d,]+)\s+stories,\s+([\d,]+)\s+headlines[^.]*?([\d,]+)\s+near\s+misses")


@dataclass(frozen=True, slots=True)
class Alike:
    """Two headlines of different stories in nearly the same words."""

    headline: str
    other: str
    where: str  # of the first, file:line
    other_where: str
    same_labels: bool
    held_out: bool  # one of them is only for measuring


@dataclass(frozen=True, slots=True)
class Cell:
    """How many headlines have these labels. ``direction`` counts those with a ticker of that direction; "" all."""

    event: Event
    status: Status
    direction: str
    headlines: int

    @property
    def thin(self) -> bool:
        """Whether it has too few to learn and to measure from."""
        return self.headlines < THIN


@dataclass(frozen=True, slots=True)
class StoryFile:
    """One file of stories, counted."""

    file: str
    stories: int
    members: int
    near_misses: int


@dataclass(frozen=True, slots=True)
class Check:
    """What was found. Data with an empty ``wrong`` is fit to train on."""

    headlines: int
    sides: dict[str, int]
    wrong: tuple[str, ...]  # a line each
    alike: tuple[Alike, ...]
    cells: tuple[Cell, ...]
    unnamed: tuple[str, ...] | None  # companies that no headline names; None: not asked
    stories: tuple[StoryFile, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"thin": [asdict(cell) for cell in self.cells if cell.thin]}


def check(data: Iterable[Path] | None = None, *, companies: Path | None = None) -> Check:
    """Look at all data files together. Takes half a minute for the project's own.

    Args:
        data: JSON Lines files or folders; the project's own if left out. With a folder come its ``stories/``, its
            ``zh/`` (for measuring alone) and its ``README.md`` (the data card), where it has them.
        companies: a TOML file with a [[company]] each; which of them does no headline name?

    Raises:
        ModelError: the file of companies cannot be used.
    """
    paths = [DATA_DIR] if data is None else list(data)
    folders = [path for path in paths if path.is_dir()]
    wrong: list[str] = []
    records = _readable(paths, wrong)
    held = _readable([file for folder in folders for file in sorted(folder.glob("zh/*.jsonl"))], wrong)
    alike = list(_alike(records, held))
    sides = split(records)
    wrong += _direction_conflicts(records)
    wrong += _leaks({side: getattr(sides, side) for side in SIDES}, alike)
    files = [file for folder in folders for file in sorted(folder.glob("stories/*.jsonl"))]
    stories = tuple(_story_files(files, wrong))
    for folder in folders:
        if (card := folder / "README.md").is_file():
            wrong += _card_faults(card, records, stories)
    return Check(
        headlines=len(records),
        sides={side: len(getattr(sides, side)) for side in SIDES},
        wrong=tuple(wrong),
        alike=tuple(alike),
        cells=tuple(_cells(records)),
        unnamed=None if companies is None else tuple(unnamed(companies, records)),
        stories=stories,
    )


def _readable(paths: Sequence[Path], wrong: list[str]) -> list[Record]:
    """The records of all files without a fault; the faults, conflicts of labels among them, are added to ``wrong``."""
    if not paths:
        return []
    try:
        return load(paths)
    except DatasetError as e:
        wrong += e.faults
    records: list[Record] = []
    for path in paths:
        for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
            try:
                records += read_file(file)
            except DatasetError:
                continue  # said above
    return records


def _alike(records: Sequence[Record], held: Sequence[Record]) -> Iterator[Alike]:
    everything = [*records, *held]
    for a, b in near_duplicates(everything):
        if a >= len(records):
            continue  # both are for measuring
        one, other = everything[a], everything[b]
        yield Alike(
            headline=one.headline,
            other=other.headline,
            where=one.where,
            other_where=other.where,
            same_labels=one.labels == other.labels,
            held_out=b >= len(records),
        )


def _direction_conflicts(records: Sequence[Record]) -> Iterator[str]:
    """The same words with a company up here and not there."""
    first: dict[str, Record] = {}
    for record in records:
        twin = first.setdefault(" ".join(re.findall(r"\w+", normalise(record.headline).casefold())), record)
        for ticker in record.tickers.keys() & twin.tickers.keys():
            if record.tickers[ticker] != twin.tickers[ticker]:
                yield f"{record.where}: {ticker} has another direction in the same words at {twin.where}"


def _leaks(sides: dict[str, Sequence[Record]], alike: Sequence[Alike]) -> Iterator[str]:
    """What is on two sides of the split: a story, or nearly the same words."""
    homes: defaultdict[str, set[str]] = defaultdict(set)
    side_of: dict[str, str] = {}
    for side, records in sides.items():
        for record in records:
            homes[record.story].add(side)
            side_of[record.where] = side
    for story, where in homes.items():
        if len(where) > 1:
            yield f"the story {story!r} is on the sides {' and '.join(sorted(where))}"
    for pair in alike:
        if not pair.held_out and (here := side_of[pair.where]) != (there := side_of[pair.other_where]):
            yield f"{pair.where} ({here}) says nearly the same as {pair.other_where} ({there})"


def _cells(records: Sequence[Record]) -> Iterator[Cell]:
    count: Counter[tuple[Event, Status, str]] = Counter()
    for record in records:
        count[record.event, record.status, ""] += 1
        for name, direction in DIRECTIONS.items():
            count[record.event, record.status, name] += direction in record.tickers.values()
    for event in EVENTS:
        for status in STATUSES:
            if event is Event.OTHER and status is not Status.COMMENTARY:
                continue  # no valid record
            for name in ("", *DIRECTIONS):
                yield Cell(event, status, name, count[event, status, name])


def _story_files(files: Sequence[Path], wrong: list[str]) -> Iterator[StoryFile]:
    for file in files:
        try:
            members = load_stories([file])
        except DatasetError as e:
            wrong += e.faults
            continue
        told = [m for m in members if m.near is None]
        yield StoryFile(file.name, len({m.story for m in told}), len(told), len(members) - len(told))


def _card_faults(card: Path, records: Sequence[Record], stories: Sequence[StoryFile]) -> Iterator[str]:
    """Where the data card and the files differ."""
    text = card.read_text(encoding="utf-8")
    counts = Counter(record.batch for record in records)
    listed: set[str] = set()
    for row in _CARD_ROW.finditer(text):
        batches = re.findall(r"`([\w-]+)`", row["batches"])
        listed.update(batches)
        found = sum(counts[batch] for batch in batches)
        if found != _number(row["count"]):
            yield f"{card}: {', '.join(batches)}: {found:,} headlines, not {row['count']}"
    for batch in sorted(counts.keys() - listed):
        yield f"{card}: the batch {batch!r} with {counts[batch]:,} headlines is not listed"
    if (total := _CARD_TOTAL.search(text)) and _number(total["count"]) != len(records):
        yield f"{card}: {len(records):,} in all, not {total['count']}"
    if told := _CARD_STORIES.search(text):
        sums = (sum(s.stories for s in stories), sum(s.members for s in stories), sum(s.near_misses for s in stories))
        for what, found, said in zip(
            ("stories", "headlines of stories", "near misses"), sums, told.groups(), strict=True
        ):
            if found != _number(said):
                yield f"{card}: {found:,} {what}, not {said}"


def _number(text: str) -> int:
    return int(text.replace(",", ""))


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def show(result: Check, console: Console) -> None:
    """Print what was found, what is wrong last."""
    console.print(f"{result.headlines:,} headlines: " + ", ".join(f"{side} {n:,}" for side, n in result.sides.items()))
    cells = {(c.event, c.status, c.direction): c for c in result.cells}
    table = Table("event", "tickers", *map(str, STATUSES), title=f"headlines; ! fewer than {THIN}")
    for event in EVENTS:
        for name in ("", *DIRECTIONS):
            row = [cells.get((event, status, name)) for status in STATUSES]
            table.add_row(
                "" if name else event, name or "all", *("" if c is None else _marked(c) for c in row),
                end_section=name == list(DIRECTIONS)[-1],
            )  # fmt: skip
    console.print(table)
    if result.stories:
        files = Table("stories", "stories", "headlines", "near misses")
        for s in result.stories:
            files.add_row(escape(s.file), f"{s.stories:,}", f"{s.members:,}", f"{s.near_misses:,}")
        console.print(files)
    if result.alike:
        console.print(
            f"{len(result.alike)} pairs of headlines of different stories are nearly alike, "
            f"{sum(not p.same_labels for p in result.alike)} of them with other labels, "
            f"{sum(p.held_out for p in result.alike)} with one that is only for measuring",
        )
        near = Table("nearly alike", "and", "labels")
        for pair in sorted(result.alike, key=lambda p: (not p.held_out, p.same_labels))[:SHOWN]:
            labels = ("same" if pair.same_labels else "other") + (", held out" if pair.held_out else "")
            near.add_row(escape(pair.headline), escape(pair.other), labels)
        console.print(near)
    if result.unnamed:
        names = ", ".join(result.unnamed)
        console.print(f"{len(result.unnamed)} companies that no headline names: {names}", markup=False)
    for line in result.wrong:
        console.print(f"wrong: {line}", markup=False, style="red")
    console.print(f"{len(result.wrong)} wrong" if result.wrong else "nothing is wrong")


def _marked(cell: Cell) -> str:
    return f"[bold red]{cell.headlines:,} ![/]" if cell.thin else f"{cell.headlines:,}"
