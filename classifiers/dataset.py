"""Labelled headlines: read and checked from JSON Lines, split so that no event stands on two sides."""

from __future__ import annotations

import hashlib
import json
import math
import re
from codecs import BOM_UTF8
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from classifiers.api import ModelError
from classifiers.labels import EVENTS, STATUSES, Event, Status
from classifiers.text import normalise

__all__ = [
    "DATA_DIR",
    "DatasetError",
    "Record",
    "Split",
    "data_hash",
    "decode",
    "load",
    "near_duplicates",
    "read_file",
    "split",
    "whole",
]

DATA_DIR: Final = Path(__file__).parent / "data"
MAX_LINE_BYTES: Final = 64 * 1024  # a record has a few hundred; a longer line is another kind of file
MAX_FAULTS: Final = 50  # listed in one error; the rest is counted
SIDES: Final = ("train", "dev", "test")
TINY: Final = 1e-9  # a share of a count may come out a hair above a whole number
Side = Literal["train", "dev", "test"]


class DatasetError(ModelError):
    """A data file is at fault; one line for each fault, beginning with file and line number.

    Attributes:
        faults: the lines.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        more = len(faults) - MAX_FAULTS
        super().__init__("\n".join([*faults[:MAX_FAULTS], *([f"… and {more} more"] if more > 0 else [])]))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Record:
    """One labelled headline."""

    id: str
    headline: str  # as written; normalise() makes it the model's input
    chip_export: int
    market_moving: int
    event: Event
    status: Status
    tickers: Mapping[str, int]  # listing to direction: 1, 0, -1
    batch: str  # which sitting it was written in
    story: str  # headlines about one event share it
    published: str | None = None  # ISO date
    publisher: str | None = None
    also: Mapping[str, Any] = field(default_factory=dict)  # a second annotator's other choices: either counts as right
    where: str = ""  # file:line

    @property
    def labels(self) -> tuple[int, int, Event, Status]:
        """What the heads learn."""
        return self.chip_export, self.market_moving, self.event, self.status

    @property
    def relevant(self) -> bool:
        """Whether anybody would want it: the gate must let it pass."""
        return bool(self.chip_export or self.market_moving)


def load(paths: Iterable[Path] | None = None) -> list[Record]:
    """Read and check data files, in order of their names.

    Args:
        paths: JSON Lines files or folders of them; the project's own data if left out.

    Raises:
        DatasetError: every fault of every file, each with file and line.
    """
    files: list[Path] = []
    for path in paths if paths is not None else [DATA_DIR]:
        files += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise DatasetError([f"{DATA_DIR if paths is None else '(nothing)'}: no data files (*.jsonl)"])
    faults: list[str] = []
    records: list[Record] = []
    for file in files:
        try:
            records += read_file(file)
        except DatasetError as e:
            faults += e.faults
    faults += _conflicts(records)
    if faults:
        raise DatasetError(faults)
    return records


def read_file(path: Path) -> list[Record]:
    """Read one JSON Lines file; blank lines are skipped.

    Raises:
        DatasetError: it is missing or empty, or a line is no valid record.
    """
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise DatasetError([f"{path}: cannot be read: {e.strerror or e}"]) from e
    faults: list[str] = []
    records: list[Record] = []
    for number, line in enumerate(raw.removeprefix(BOM_UTF8).split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            records.append(_record(line, where))
        except ValueError as e:
            faults.append(f"{where}: {e}")
    if not records and not faults:
        faults.append(f"{path}: the file is empty")
    if faults:
        raise DatasetError(faults)
    return records


def decode(line: bytes) -> str:
    """One line of a file of headlines.

    Raises:
        ValueError: it is too long for a headline or a record, or it is not UTF-8.
    """
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"the line has {len(line):,} bytes; a record has at most {MAX_LINE_BYTES:,}")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as e:
        raise ValueError(f"invalid UTF-8 at byte {e.start + 1}") from e


def whole(text: str, name: str) -> str:
    """The same text, if it can be written; JSON's escapes can spell half a character.

    Raises:
        ValueError: it holds such a half.
    """
    try:
        text.encode()
    except UnicodeEncodeError as e:
        raise ValueError(f"{name} holds half a character (a lone surrogate) at place {e.start + 1}") from e
    return text


def _record(line: bytes, where: str) -> Record:
    try:
        row = json.loads(decode(line))
    except json.JSONDecodeError as e:
        raise ValueError(f"not JSON: {e.msg} at column {e.colno}") from e
    except RecursionError as e:
        raise ValueError("not a record: nested too deep") from e
    if not isinstance(row, dict):
        raise ValueError(f"a record is a JSON object, this is {type(row).__name__}")  # noqa: TRY004 - a fault of the file, not of a caller
    headline = _text(row, "headline")
    if not normalise(headline):
        raise ValueError("the headline is empty")
    tickers = row.get("tickers") or {}
    if not isinstance(tickers, dict) or any(type(v) is not int or v not in {-1, 0, 1} for v in tickers.values()):
        raise ValueError("tickers must map listings to 1, 0 or -1")
    also = row.get("also") or {}
    if not isinstance(also, dict):
        raise ValueError("also must be an object")  # noqa: TRY004 - a fault of the file, not of a caller
    for name in also.keys() & {"chip_export", "market_moving"}:
        _binary(also, name)
    for name, labels in (("event", EVENTS), ("status", STATUSES)):
        if name in also:
            _choice(also, name, labels)
    event, status = Event(_choice(row, "event", EVENTS)), Status(_choice(row, "status", STATUSES))
    if event is Event.OTHER and status is not Status.COMMENTARY:
        raise ValueError(f"event 'other' takes status 'commentary', not '{status}'")
    return Record(
        id=_text(row, "id"),
        headline=headline,
        chip_export=_binary(row, "chip_export"),
        market_moving=_binary(row, "market_moving"),
        event=event,
        status=status,
        tickers=tickers,
        batch=_text(row, "batch", default=""),
        story=_text(row, "story", default="") or _text(row, "id"),
        published=_text(row, "published", default="") or None,
        publisher=_text(row, "publisher", default="") or None,
        also=also,
        where=where,
    )


def _text(row: dict[str, Any], name: str, *, default: str | None = None) -> str:
    value = row.get(name)
    if value is None:
        if default is None:
            raise ValueError(f"the field {name!r} is missing")
        return default
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {json.dumps(value)[:40]}")  # noqa: TRY004 - a fault of the file, not of a caller
    return whole(value, name)


def _binary(row: dict[str, Any], name: str) -> int:
    if name not in row:
        raise ValueError(f"the field {name!r} is missing")
    value = row[name]
    if type(value) is not int or value not in {0, 1}:
        raise ValueError(f"{name} must be 0 or 1, not {json.dumps(value)[:40]}")
    return value


def _choice(row: dict[str, Any], name: str, labels: Sequence[str]) -> str:
    value = _text(row, name)
    if value not in list(labels):
        raise ValueError(f"unknown {name} {value[:40]!r}; known: {', '.join(labels)}")
    return value


def _key(headline: str) -> str:
    """Equal for headlines that differ in case, blanks and punctuation alone."""
    return " ".join(re.findall(r"\w+|[%$€£¥+-](?=\d)", normalise(headline).casefold()))


def _conflicts(records: Sequence[Record]) -> Iterator[str]:
    """Faults between records: an id twice, a headline twice with other labels."""
    ids: dict[str, Record] = {}
    words: dict[str, Record] = {}
    for record in records:
        first = ids.setdefault(record.id, record)
        if first is not record:
            yield f"{record.where}: the id {record.id!r} is taken, see {first.where}"
        twin = words.setdefault(_key(record.headline), record)
        if twin is not record and twin.labels != record.labels:
            yield f"{record.where}: the headline stands with other labels at {twin.where}"


def data_hash(records: Iterable[Record]) -> str:
    """A fingerprint of headlines, labels and stories, whatever their order: 16 hex digits."""
    rows = sorted(f"{r.id}\t{r.headline}\t{r.labels}\t{sorted(r.tickers.items())}\t{r.story}" for r in records)
    return hashlib.blake2b("\n".join(rows).encode(), digest_size=8).hexdigest()


# ── split ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Split:
    """Three sides with no story, and no near-duplicate, in common."""

    train: tuple[Record, ...]
    dev: tuple[Record, ...]  # early stopping, temperatures, thresholds
    test: tuple[Record, ...]  # looked at once


def split(records: Sequence[Record], *, dev: float = 0.1, test: float = 0.1, seed: int = 0) -> Split:
    """Divide by story, with near-duplicates across stories kept on one side.

    The side of a story follows from its name and the seed alone: it stays where it is when data grows.
    """
    group = _Groups()
    for a, b in near_duplicates(records):
        group.join(records[a].story, records[b].story)
    sides: dict[str, list[Record]] = {side: [] for side in SIDES}
    for record in records:
        digest = hashlib.blake2b(f"{seed}\0{group.find(record.story)}".encode(), digest_size=8).digest()
        position = int.from_bytes(digest, "big") / 2**64
        sides["test" if position < test else "dev" if position < test + dev else "train"].append(record)
    return Split(*(tuple(sides[side]) for side in SIDES))


class _Groups:
    """Union-find; a group is named by its smallest member, whatever the order of the joins."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def join(self, a: str, b: str) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self._parent[b] = a


def near_duplicates(records: Sequence[Record], *, similarity: float = 0.6) -> list[tuple[int, int]]:
    """Pairs of records of different stories whose words are nearly the same.

    Jaccard similarity of word pairs, exact. A minimal pair (one word changed, another label) of seven words or more
    shares enough to be found.

    Args:
        records: n records.
        similarity: from which a pair counts, in (0, 1].

    Returns:
        Index pairs (a, b), a < b, in order.

    Source: prefix filtering, Bayardo et al. 2007, "Scaling Up All Pairs Similarity Search": two sets that are so
    alike have one of their rarest members in common, so only those are looked up.
    """
    shingles = [_shingles(r.headline) for r in records]
    holders = Counter(shingle for mine in shingles for shingle in mine)
    index: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    pairs: list[tuple[int, int]] = []
    for b, mine in enumerate(shingles):
        rarest = sorted(mine, key=lambda shingle: (holders[shingle], shingle))
        rarest = rarest[: len(mine) - math.ceil(similarity * len(mine) - TINY) + 1]
        near = {a for shingle in rarest for a in index[shingle] if records[a].story != records[b].story}
        for a in sorted(near):
            shared = len(mine & shingles[a])
            if shared >= similarity * (len(mine) + len(shingles[a]) - shared):
                pairs.append((a, b))
        for shingle in rarest:
            index[shingle].append(b)
    return sorted(pairs)


def _shingles(headline: str) -> frozenset[tuple[str, str]]:
    words = ["^", *_key(headline).split(), "$"]
    return frozenset(pairwise(words))
