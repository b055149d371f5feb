"""How good a weights folder is: every head on labelled headlines, false alarms on plain ones."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from classifiers.api import Classifier, Score
from classifiers.baselines import Frozen, Linear, keywords
from classifiers.dataset import DatasetError, Record, decode, load, split
from classifiers.heads import Floats
from classifiers.labels import EVENTS, STATUSES
from classifiers.metrics import (
    Gold,
    Interval,
    Ints,
    bootstrap,
    calibration_error,
    confusion,
    f1,
    macro_f1,
    per_class,
    precision_recall,
)

__all__ = ["HEAD_LABELS", "Evaluation", "HeadReport", "PlainReport", "YesNo", "evaluate", "read_plain", "show"]

HEAD_LABELS: Final = {
    "chip_export": ("no", "yes"),
    "market_moving": ("no", "yes"),
    "event": tuple(map(str, EVENTS)),
    "status": tuple(map(str, STATUSES)),
}
WORST: Final = 10


@dataclass(frozen=True, slots=True)
class HeadReport:
    """One head on one set of headlines."""

    figure: str  # which F1: "F1" of yes, or "macro-F1"
    quality: Interval
    precision: float | None  # of yes; None for heads with several labels
    recall: float | None
    calibration_error: float | None
    classes: dict[str, dict[str, float]]
    confusion: list[list[int]]  # rows: right answers, columns: the model's
    baselines: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class PlainReport:
    """False alarms on a file of headlines that are known not to be about chips."""

    file: str
    headlines: int
    gated: int  # dropped by the first stage
    flagged: int  # chip_export at the shipped threshold
    highest: list[tuple[float, str]]


@dataclass(frozen=True, slots=True, eq=False)
class YesNo:
    """What a yes/no head said of each of n headlines."""

    gold: Ints  # (n,), 0 or 1
    p: Floats  # (n,), calibrated


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that one run has measured."""

    model: str
    headlines: int
    base_rate: float  # share of chip_export
    thresholds: dict[str, float]
    gate_misses: list[str]  # relevant headlines that never reached the model
    heads: dict[str, HeadReport]
    errors: list[dict[str, Any]]  # the most certain of the wrong ones
    plain: list[PlainReport]
    yes_no: dict[str, YesNo] = field(default_factory=dict, repr=False, compare=False)  # by head, for its curves

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the figures, without the single answers."""
        return {name: value for name, value in asdict(self).items() if name != "yes_no"}


def evaluate(
    classifier: Classifier,
    *,
    labelled: Sequence[Path] = (),
    plain: Sequence[Path] = (),
    baselines: bool = True,
    data: Sequence[Path] | None = None,
    dev: float = 0.1,
    test: float = 0.1,
) -> Evaluation:
    """Measure a classifier, the gate included, at its own thresholds.

    Args:
        classifier: what to measure.
        labelled: JSON Lines files; the test side of the project's own data if left out. Where a
            record has a second annotator's choice (``also``), either counts as right.
        plain: text files with one headline a line, none about chips.
        baselines: also fit and measure keywords, and logistic regression on TF-IDF and on the untouched base model.
        data: what the baselines are fitted on, and the test side is taken from, if not the project's own.
        dev: share of the split that the model was trained with.
        test: likewise.

    Raises:
        DatasetError: a file is at fault.
        ModelError: inference failed, or a baseline's package is missing.
    """
    sides = split(load(data), dev=dev, test=test) if baselines or not labelled else None
    if labelled:
        records: Sequence[Record] = load(labelled)
    else:
        assert sides is not None
        records = sides.test
        if not records:
            raise DatasetError(["no headline falls on the test side: name a file to measure on, or more data"])
    texts = [r.headline for r in records]
    scores = classifier.score(texts)
    answer = _answers(scores, classifier)
    gold = Gold.of(records).granting(answer, records)

    rivals: dict[str, Gold] = {}
    if baselines and sides is not None:
        zeros = np.zeros(len(records), dtype=np.int64)
        rivals["keywords"] = Gold(chip_export=keywords(texts), market_moving=zeros, event=zeros, status=zeros)
        rivals["TF-IDF + LR"] = Linear(sides.train).answers(texts)
        rivals["frozen MiniLM + LR"] = Frozen(sides.train).answers(texts)

    heads: dict[str, HeadReport] = {}
    yes_no: dict[str, YesNo] = {}
    for name, labels in HEAD_LABELS.items():
        g: Ints = getattr(gold, name)
        a: Ints = getattr(answer, name)
        binary = len(labels) == 2
        measure = f1 if binary else macro_f1
        precision, recall = precision_recall(g, a) if binary else (None, None)
        p = np.array([getattr(s, name) for s in scores], dtype=np.float32) if binary else None
        if p is not None:
            yes_no[name] = YesNo(g, p)
        heads[name] = HeadReport(
            figure="F1" if binary else "macro-F1",
            quality=bootstrap(measure, g, a),
            precision=precision,
            recall=recall,
            calibration_error=None if p is None else calibration_error(g, p),
            classes=per_class(g, a, labels),
            confusion=confusion(g, a, len(labels)).tolist(),
            baselines={
                rival: bootstrap(measure, getattr(Gold.of(records).granting(said, records), name), getattr(said, name))
                for rival, said in rivals.items()
                if rival != "keywords" or name == "chip_export"
            },
        )
    return Evaluation(
        model=classifier.name,
        headlines=len(records),
        base_rate=float(gold.chip_export.mean()) if len(records) else 0.0,
        thresholds=asdict(classifier.thresholds),
        gate_misses=[t for t, r, s in zip(texts, records, scores, strict=True) if s.gated and r.relevant],
        heads=heads,
        errors=_worst(records, scores, gold, answer),
        plain=[_false_alarms(classifier, path) for path in plain],
        yes_no=yes_no,
    )


def read_plain(path: Path) -> list[str]:
    """One headline a line, blank lines skipped.

    Raises:
        DatasetError: the file cannot be read, is empty or not UTF-8, or a line is too long for a headline.
    """
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise DatasetError([f"{path}: cannot be read: {e.strerror or e}"]) from e
    lines: list[str] = []
    for number, line in enumerate(raw.removeprefix(BOM_UTF8).split(b"\n"), 1):
        try:
            text = decode(line).strip()
        except ValueError as e:
            raise DatasetError([f"{path}:{number}: {e}"]) from e
        if text:
            lines.append(text)
    if not lines:
        raise DatasetError([f"{path}: the file is empty"])
    return lines


def _answers(scores: Sequence[Score], classifier: Classifier) -> Gold:
    at = classifier.thresholds
    return Gold(
        chip_export=np.array([s.chip_export >= at.chip_export for s in scores], dtype=np.int64),
        market_moving=np.array([s.market_moving >= at.market_moving for s in scores], dtype=np.int64),
        event=np.array([EVENTS.index(s.event) for s in scores], dtype=np.int64),
        status=np.array([STATUSES.index(s.status) for s in scores], dtype=np.int64),
    )


def _worst(records: Sequence[Record], scores: Sequence[Score], gold: Gold, answer: Gold) -> list[dict[str, Any]]:
    """Wrong chip_export answers first, the most certain before the others; then wrong events."""
    chip: Floats = np.array([s.chip_export for s in scores], dtype=np.float32)
    wrong = np.flatnonzero(gold.chip_export != answer.chip_export)
    order = [int(i) for i in wrong[np.argsort(-np.abs(chip[wrong] - gold.chip_export[wrong]), kind="stable")]]
    events = [int(i) for i in np.flatnonzero(gold.event != answer.event) if int(i) not in order]
    order += sorted(events, key=lambda i: -scores[i].event_prob)
    return [
        {
            "id": records[i].id,
            "headline": records[i].headline,
            "chip_export": round(scores[i].chip_export, 3),
            "gold": {
                "chip_export": int(gold.chip_export[i]),
                "event": str(EVENTS[gold.event[i]]),
                "status": str(STATUSES[gold.status[i]]),
            },
            "event": str(scores[i].event),
            "status": str(scores[i].status),
        }
        for i in order[:WORST]
    ]


def _false_alarms(classifier: Classifier, path: Path) -> PlainReport:
    headlines = read_plain(path)
    scores = classifier.score(headlines)
    order = sorted(range(len(scores)), key=lambda i: -scores[i].chip_export)
    return PlainReport(
        file=str(path),
        headlines=len(headlines),
        gated=sum(s.gated for s in scores),
        flagged=sum(s.chip_export >= classifier.thresholds.chip_export for s in scores),
        highest=[(round(scores[i].chip_export, 3), headlines[i]) for i in order[:WORST]],
    )


# ── the report ───────────────────────────────────────────────────────────────────────────────────


def show(result: Evaluation, console: Console) -> None:
    """Print the tables of an evaluation."""
    console.print(
        f"{result.model} on {result.headlines:,} headlines, {result.base_rate:.1%} chip_export, thresholds "
        + ", ".join(f"{k} {v:.2f}" for k, v in result.thresholds.items())
    )
    table = Table("head", "figure", "model [95 %]", "precision", "recall", "calibration error")
    for rival in result.heads["chip_export"].baselines:
        table.add_column(rival)
    for name, head in result.heads.items():
        numbers = [f"{v:.3f}" if v is not None else "" for v in (head.precision, head.recall, head.calibration_error)]
        rivals = [str(head.baselines.get(rival, "")) for rival in result.heads["chip_export"].baselines]
        table.add_row(name, head.figure, str(head.quality), *numbers, *rivals)
    console.print(table)

    for name in ("event", "status"):
        head, labels = result.heads[name], HEAD_LABELS[name]
        classes = Table(f"{name}: worst first", "precision", "recall", "F1", "n", "most often taken for")
        for label, figures in sorted(head.classes.items(), key=lambda item: item[1]["f1"]):
            row = list(head.confusion[labels.index(label)])
            row[labels.index(label)] = 0
            taken = f"{labels[int(np.argmax(row))]} ({max(row)})" if any(row) else ""
            classes.add_row(
                label, *(f"{figures[k]:.2f}" for k in ("precision", "recall", "f1")), f"{figures['n']:.0f}", taken
            )
        console.print(classes)
        grid = Table(f"{name}: right \\ said", *(label[:9] for label in labels))
        for label, row in zip(labels, head.confusion, strict=True):
            grid.add_row(label, *(str(n) if n else "·" for n in row))
        console.print(grid)

    if result.errors:
        errors = Table("chip_export", "right", "said", "headline", title="the worst errors")
        for e in result.errors:
            right = f"{e['gold']['chip_export']} {e['gold']['event']} {e['gold']['status']}"
            errors.add_row(f"{e['chip_export']:.2f}", right, f"{e['event']} {e['status']}", escape(e["headline"]))
        console.print(errors)
    for miss in result.gate_misses:
        console.print(f"the gate dropped a relevant headline: {miss}", markup=False)
    for plain in result.plain:
        share = plain.flagged / plain.headlines
        console.print(
            f"{plain.file}: {plain.flagged} of {plain.headlines:,} flagged ({share:.2%}), "
            f"gate dropped {plain.gated / plain.headlines:.1%}",
            markup=False,
        )
        for p, headline in plain.highest:
            console.print(f"    {p:.2f}  {headline}", markup=False)
