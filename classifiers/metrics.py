"""Figures of quality, as pure functions over NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.dataset import Record
from classifiers.heads import Probabilities
from classifiers.labels import EVENTS, STATUSES

__all__ = [
    "Gold",
    "Interval",
    "bootstrap",
    "calibration_error",
    "confusion",
    "f1",
    "macro_f1",
    "per_class",
    "precision_recall",
    "quality",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Gold:
    """The right answers of n headlines as indices, shape (n,) each."""

    chip_export: Ints
    market_moving: Ints
    event: Ints  # into EVENTS
    status: Ints  # into STATUSES

    @classmethod
    def of(cls, records: Sequence[Record]) -> Gold:
        """The labels as they stand."""
        return cls(
            chip_export=np.array([r.chip_export for r in records], dtype=np.int64),
            market_moving=np.array([r.market_moving for r in records], dtype=np.int64),
            event=np.array([EVENTS.index(r.event) for r in records], dtype=np.int64),
            status=np.array([STATUSES.index(r.status) for r in records], dtype=np.int64),
        )

    def granting(self, answers: Gold, records: Sequence[Record]) -> Gold:
        """The labels, with a second annotator's choice in place wherever the answer agrees with it."""
        out: dict[str, Ints] = {}
        for name, labels in (("chip_export", None), ("market_moving", None), ("event", EVENTS), ("status", STATUSES)):
            gold, answer = getattr(self, name).copy(), getattr(answers, name)
            for i, record in enumerate(records):
                other = record.also.get(name)
                if other is not None and answer[i] == (labels.index(other) if labels else int(other)):
                    gold[i] = answer[i]
            out[name] = gold
        return Gold(**out)


def answers(p: Probabilities, *, chip_export: float = 0.5, market_moving: float = 0.5) -> Gold:
    """What the model answers at the given thresholds."""
    return Gold(
        chip_export=(p.chip_export >= chip_export).astype(np.int64),
        market_moving=(p.market_moving >= market_moving).astype(np.int64),
        event=p.event_choice.astype(np.int64),
        status=p.status_choice.astype(np.int64),
    )


def precision_recall(gold: Ints, answer: Ints) -> tuple[float, float]:
    """Precision and recall of class 1; each 0 where it is not defined."""
    hit = int(((gold == 1) & (answer == 1)).sum())
    said, true = int((answer == 1).sum()), int((gold == 1).sum())
    return hit / said if said else 0.0, hit / true if true else 0.0


def f1(gold: Ints, answer: Ints) -> float:
    """F1 of class 1; 0 where nothing is found or nothing is there."""
    hit = 2 * int(((gold == 1) & (answer == 1)).sum())
    total = int((gold == 1).sum() + (answer == 1).sum())
    return hit / total if total else 0.0


def macro_f1(gold: Ints, answer: Ints) -> float:
    """Mean F1 over the classes that the right answers hold; 0 for no headlines."""
    classes = np.unique(gold)
    return (
        float(np.mean([f1((gold == c).astype(np.int64), (answer == c).astype(np.int64)) for c in classes]))
        if classes.size
        else 0.0
    )


def per_class(gold: Ints, answer: Ints, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and count of every class that occurs."""
    table: dict[str, dict[str, float]] = {}
    for c, label in enumerate(labels):
        g, a = (gold == c).astype(np.int64), (answer == c).astype(np.int64)
        if g.any() or a.any():
            precision, recall = precision_recall(g, a)
            table[label] = {"precision": precision, "recall": recall, "f1": f1(g, a), "n": int(g.sum())}
    return table


def confusion(gold: Ints, answer: Ints, size: int) -> NDArray[np.int64]:
    """Counts, shape (size, size): rows are right answers, columns the model's."""
    table = np.zeros((size, size), dtype=np.int64)
    np.add.at(table, (gold, answer), 1)
    return table


def calibration_error(gold: Ints, p: Floats, *, bins: int = 10) -> float:
    """Expected calibration error of a yes/no head, with bins of equal width.

    Source: Guo et al. 2017, arXiv:1706.04599.
    """
    if not len(gold):
        return 0.0
    bin_of = np.minimum((p * bins).astype(np.int64), bins - 1)
    gaps = [
        abs(float(p[bin_of == b].mean()) - float(gold[bin_of == b].mean())) * int((bin_of == b).sum())
        for b in np.unique(bin_of)
    ]
    return sum(gaps) / len(gold)


def quality(gold: Gold, answer: Gold) -> dict[str, float]:
    """The one figure of each head: F1 of yes for the yes/no heads, macro-F1 for the others."""
    return {
        "chip_export": f1(gold.chip_export, answer.chip_export),
        "market_moving": f1(gold.market_moving, answer.market_moving),
        "event": macro_f1(gold.event, answer.event),
        "status": macro_f1(gold.status, answer.status),
    }


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap(
    figure: Callable[[Ints, Ints], float], gold: Ints, answer: Ints, *, rounds: int = 1_000, seed: int = 0
) -> Interval:
    """A figure over headlines drawn anew, with replacement, ``rounds`` times: the middle 95 %."""
    value = figure(gold, answer)
    if not len(gold):
        return Interval(value, value, value)
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(gold), size=(rounds, len(gold)))
    low, high = np.quantile([figure(gold[d], answer[d]) for d in draws], [0.025, 0.975])
    return Interval(value, float(low), float(high))
