"""Labelling by hand: the session as a value, keys in and state out, and the file that it fills.

The terminal around it is ``classifiers.label_screen``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from classifiers.api import Classifier, ModelError, Score, Thresholds
from classifiers.dataset import DatasetError, decode, read_file, whole
from classifiers.labels import STATUSES, Event, Status
from classifiers.text import normalise

__all__ = ["EVENT_KEYS", "STATUS_KEYS", "Item", "LabelledFile", "Labels", "Session", "open_session", "read_items"]

EVENT_KEYS: Final = {
    "e": Event.EXPORT_RULE,
    "l": Event.LICENCE,
    "i": Event.IMPORT_RULE,
    "b": Event.ENTITY_LIST,  # black list
    "t": Event.TARIFF,
    "p": Event.ENFORCEMENT,  # probe
    "r": Event.RETALIATION,
    "s": Event.SUPPLY_DEMAND,
    "g": Event.RESULTS,  # guidance
    "f": Event.CAPACITY,  # fab
    "k": Event.CORPORATE,
    "o": Event.OTHER,
}
STATUS_KEYS: Final = {str(i): status for i, status in enumerate(STATUSES, 1)}
KEPT: Final = ("published", "publisher", "story", "batch")  # fields of the input that go into the record
HELP: Final = "no such key here"


@dataclass(frozen=True, slots=True)
class Labels:
    """One headline's labels; the event ``other`` always goes with ``commentary``."""

    chip_export: int
    market_moving: int
    event: Event
    status: Status

    @classmethod
    def guessed(cls, score: Score, at: Thresholds) -> Self:
        """The model's answer at its own thresholds."""
        return cls(
            int(score.chip_export >= at.chip_export), int(score.market_moving >= at.market_moving),
            score.event, score.status,
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "chip_export": self.chip_export, "market_moving": self.market_moving,
            "event": str(self.event), "status": str(self.status),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One headline to label."""

    id: str
    headline: str
    extra: Mapping[str, Any] = field(default_factory=dict)  # what else the record carries
    where: str = ""  # file:line


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model says of an item."""

    labels: Labels
    score: Score
    certainty: float  # in [0, 1]: how far from its thresholds, and from another class


@dataclass(frozen=True, slots=True)
class Session:
    """What is labelled, what waits, and the labels on screen. ``press`` returns the next one."""

    todo: tuple[Item, ...]  # the first is on screen
    done: tuple[tuple[Item, Labels], ...]  # in the order of the decisions
    guesses: Mapping[str, Guess]  # by id
    form: Labels | None = None  # None once nothing waits
    note: str = ""  # why the last key did nothing
    over: bool = False

    @classmethod
    def start(
        cls, items: Sequence[Item], guesses: Mapping[str, Guess], done: Sequence[tuple[Item, Labels]] = ()
    ) -> Self:
        """Begin, or go on after ``done``: the least certain first."""
        known = {item.id for item, _ in done}
        todo = sorted((i for i in items if i.id not in known), key=lambda i: guesses[i.id].certainty)
        return cls(tuple(todo), tuple(done), guesses, form=guesses[todo[0].id].labels if todo else None)

    @property
    def item(self) -> Item | None:
        """The headline on screen."""
        return self.todo[0] if self.todo else None

    def press(self, key: str) -> Self:
        """The session after one key; a key that means nothing only leaves a note.

        Args:
            key: a character, or ``enter`` (accept), ``space`` (later), ``u`` (take the last decision back), ``q``.
        """
        now = replace(self, note="")
        if key == "q":
            return replace(now, over=True)
        if key == "u":
            return self._undone()
        if self.form is None:
            return replace(now, note="nothing waits: u takes the last one back, q quits")
        if key == "enter":
            return self._with(self.todo[1:], (*self.done, (self.todo[0], self.form)))
        if key == "space":
            if len(self.todo) == 1:
                return replace(now, note="it is the last one")
            return self._with((*self.todo[1:], self.todo[0]), self.done)
        if key == "c":
            return replace(now, form=replace(self.form, chip_export=1 - self.form.chip_export))
        if key == "m":
            return replace(now, form=replace(self.form, market_moving=1 - self.form.market_moving))
        if event := EVENT_KEYS.get(key):
            form = replace(self.form, event=event)
            return replace(now, form=replace(form, status=Status.COMMENTARY) if event is Event.OTHER else form)
        if status := STATUS_KEYS.get(key):
            if self.form.event is Event.OTHER and status is not Status.COMMENTARY:
                return replace(now, note="the event other always takes commentary: choose the event first")
            return replace(now, form=replace(self.form, status=status))
        return replace(now, note=HELP)

    def _undone(self) -> Self:
        if not self.done:
            return replace(self, note="nothing to take back")
        item, labels = self.done[-1]
        return replace(self, done=self.done[:-1], todo=(item, *self.todo), form=labels, note="")

    def _with(self, todo: tuple[Item, ...], done: tuple[tuple[Item, Labels], ...]) -> Self:
        form = self.guesses[todo[0].id].labels if todo else None
        return replace(self, todo=todo, done=done, form=form, note="")


def guess(classifier: Classifier, items: Sequence[Item]) -> dict[str, Guess]:
    """The model's answer to each item, by id.

    An item's certainty is the mean over the heads, ``chip_export`` twice: for a yes/no head the distance to its
    threshold, 0 at it and 1 at the far end; for a choice the probability of the chosen class.

    Raises:
        ModelError: inference failed.
    """
    at = classifier.thresholds
    return {
        item.id: Guess(
            Labels.guessed(score, at),
            score,
            (
                2 * _margin(score.chip_export, at.chip_export)
                + _margin(score.market_moving, at.market_moving)
                + score.event_prob
                + score.status_prob
            )
            / 5,
        )
        for item, score in zip(items, classifier.score([i.headline for i in items]), strict=True)
    }


def _margin(p: float, threshold: float) -> float:
    room = 1 - threshold if p >= threshold else threshold
    return abs(p - threshold) / room if room else 1.0


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def read_items(path: Path) -> list[Item]:
    """Read headlines, one a line, or JSON Lines with ``headline``; a headline that stands twice is asked once.

    Labels in the input are passed over; ``id``, ``published``, ``publisher``, ``story``, ``batch`` and ``tickers``
    are carried on.

    Raises:
        DatasetError: the file cannot be read or is empty, or a line is at fault; one line for each fault.
    """
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise DatasetError([f"{path}: cannot be read: {e.strerror or e}"]) from e
    faults: list[str] = []
    items: dict[str, Item] = {}
    for number, line in enumerate(raw.removeprefix(BOM_UTF8).split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            item = _item(line, where, stem=path.stem)
        except ValueError as e:
            faults.append(f"{where}: {e}")
            continue
        first = items.setdefault(item.id, item)
        if normalise(first.headline) != normalise(item.headline):
            faults.append(f"{where}: the id {item.id!r} is taken, see {first.where}")
    if not items and not faults:
        faults.append(f"{path}: the file is empty")
    if faults:
        raise DatasetError(faults)
    return list(items.values())


def _item(line: bytes, where: str, *, stem: str) -> Item:
    text = decode(line).strip()
    row: dict[str, Any] = {"headline": text}
    if text.startswith("{"):
        try:
            row = json.loads(text)
        except json.JSONDecodeError as e:
            raise ValueError(f"not JSON: {e.msg} at column {e.colno}") from e
        except RecursionError as e:
            raise ValueError("not a record: nested too deep") from e
    headline = row.get("headline")
    if not isinstance(headline, str):
        raise ValueError("the field 'headline' is missing" if headline is None else "headline must be text")  # noqa: TRY004 - a fault of the file, not of a caller
    if not normalise(whole(headline, "headline")):
        raise ValueError("the headline is empty")
    for name in ("id", *KEPT):
        if not isinstance(row.get(name, ""), str | None):
            raise ValueError(f"{name} must be text, not {json.dumps(row[name])[:40]}")  # noqa: TRY004 - likewise
    extra: dict[str, Any] = {name: row[name] for name in KEPT if row.get(name)}
    if tickers := row.get("tickers"):
        if not isinstance(tickers, dict) or any(type(v) is not int or v not in {-1, 0, 1} for v in tickers.values()):
            raise ValueError("tickers must map listings to 1, 0 or -1")
        extra["tickers"] = tickers
    # Named after the words, not the line: lines may be added to the file between two sittings.
    digest = hashlib.blake2b(normalise(headline).encode(), digest_size=5).hexdigest()
    return Item(row.get("id") or f"{stem}-{digest}", headline, {"batch": stem} | extra, where)


class LabelledFile:
    """The records that a labelling has made, as the training reads them; replaced as a whole at each decision."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._stamp()

    def read(self, items: Iterable[Item]) -> list[tuple[Item, Labels]]:
        """What earlier sittings decided, in their order; records of headlines that the input lost are kept.

        Raises:
            DatasetError: a line is no valid record, or an id stands for another headline than in the input.
        """
        if self._seen is None:
            return []
        known = {item.id: item for item in items}
        faults: list[str] = []
        done: list[tuple[Item, Labels]] = []
        for record in read_file(self.path):
            extra = {name: value for name in (*KEPT, "tickers") if (value := getattr(record, name))}
            item = known.get(record.id) or Item(record.id, record.headline, extra, record.where)
            if normalise(item.headline) != normalise(record.headline):
                faults.append(f"{record.where}: the id {record.id!r} is of another headline at {item.where}")
            done.append((item, Labels(record.chip_export, record.market_moving, record.event, record.status)))
        if faults:
            raise DatasetError(faults)
        return done

    def save(self, done: Sequence[tuple[Item, Labels]]) -> None:
        """Write all decisions; the file goes away when none is left.

        Raises:
            ModelError: it cannot be written, or another program has written it meanwhile.
        """
        if self._stamp() != self._seen:
            raise ModelError(f"{self.path}: changed by another program meanwhile; start again to go on from there")
        part: Path | None = None
        try:
            if not done:
                self.path.unlink(missing_ok=True)
            else:
                with tempfile.NamedTemporaryFile(
                    "w", encoding="utf-8", dir=self.path.parent, prefix=f".{self.path.name}.", delete=False
                ) as file:
                    part = Path(file.name)
                    file.writelines(_line(item, labels) for item, labels in done)
                    file.flush()
                    os.fsync(file.fileno())
                part.chmod(0o644)  # temporary files are made for their owner alone
                part.replace(self.path)
        except OSError as e:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)
            raise ModelError(f"{self.path}: cannot be written: {e.strerror or e}") from e
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size


def _line(item: Item, labels: Labels) -> str:
    row = {"id": item.id, "headline": item.headline} | dict(item.extra) | labels.as_dict()
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def open_session(path: Path, classifier: Classifier) -> tuple[Session, LabelledFile]:
    """Read the headlines and what earlier sittings decided, and let the model guess.

    Args:
        path: headlines, one a line, or JSON Lines; the decisions go to the same name with ``.labelled.jsonl`` added.
        classifier: whose guesses are shown, and whose doubts decide the order.

    Raises:
        DatasetError: one of the two files is at fault.
        ModelError: inference failed.
    """
    items = read_items(path)
    out = LabelledFile(path.with_name(path.name + ".labelled.jsonl"))
    done = out.read(items)
    everything = list({item.id: item for item in [*items, *(item for item, _ in done)]}.values())
    return Session.start(items, guess(classifier, everything), done), out
