"""The heads of the model: which columns of the logits mean what, and how logits become probabilities.

NumPy alone, so that training, evaluation and the runtime without torch share one definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers.labels import EVENTS, STATUSES, Event, Status

__all__ = ["HEADS", "SENSE", "WIDTH", "Calibration", "Head", "Probabilities", "probabilities"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """One head: a yes/no question with one column, or a choice with a column per label."""

    name: str
    labels: tuple[str, ...]
    start: int

    @property
    def binary(self) -> bool:
        """Whether the head answers yes or no."""
        return len(self.labels) == 1

    @property
    def columns(self) -> slice:
        """Its columns of the logits."""
        return slice(self.start, self.start + len(self.labels))


HEADS: Final = (
    Head("chip_export", ("chip_export",), 0),
    Head("market_moving", ("market_moving",), 1),
    Head("event", tuple(str(e) for e in EVENTS), 2),
    Head("status", tuple(str(s) for s in STATUSES), 2 + len(EVENTS)),
)
WIDTH: Final = 2 + len(EVENTS) + len(STATUSES)
SENSE: Final = 192  # values of what a headline means, beside the heads
OTHER: Final = EVENTS.index(Event.OTHER)
COMMENTARY: Final = STATUSES.index(Status.COMMENTARY)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a head's logits become log-odds, by its name: divided by a temperature, then less a shift."""

    temperatures: Mapping[str, float] = field(default_factory=dict)  # 1 where missing
    shifts: Mapping[str, float] = field(default_factory=dict)  # 0 where missing; of yes/no heads


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What the heads say of n headlines, calibrated; float32."""

    chip_export: Floats  # (n,)
    market_moving: Floats  # (n,)
    event: Floats  # (n, events)
    status: Floats  # (n, statuses)

    def __len__(self) -> int:
        return len(self.chip_export)

    @property
    def event_choice(self) -> NDArray[np.intp]:
        """Index into ``EVENTS`` of the most probable event, shape (n,)."""
        return np.asarray(self.event.argmax(axis=1))

    @property
    def status_choice(self) -> NDArray[np.intp]:
        """Index into ``STATUSES``, shape (n,): the most probable one, ``commentary`` beside the event ``other``."""
        return np.where(self.event_choice == OTHER, COMMENTARY, self.status.argmax(axis=1))


def probabilities(logits: Floats, calibration: Calibration = Calibration()) -> Probabilities:
    """Turn logits into calibrated probabilities.

    The label guide gives every headline with event ``other`` the status ``commentary``. The status
    head therefore learns from the other headlines only; where ``other`` is the most probable event,
    its probability is added to ``commentary``, and ``status_choice`` follows the guide.

    Args:
        logits: float32, shape (n, WIDTH), n ≥ 0, columns as in ``HEADS``.
        calibration: what was fitted for them.

    Source: temperature scaling, Guo et al. 2017, arXiv:1706.04599.
    """
    chip, moving, event, status = (
        logits[:, h.columns] / np.float32(calibration.temperatures.get(h.name, 1.0))
        - np.float32(calibration.shifts.get(h.name, 0.0))
        for h in HEADS
    )
    events = softmax(event)  # (n, events)
    statuses = softmax(status)  # (n, statuses), given that the event is not other
    other = events.argmax(axis=1) == OTHER  # (n,)
    mass = np.where(other, events[:, OTHER], 0)[:, None]  # (n, 1), what the rule gives to commentary
    statuses = statuses * (1 - mass)
    statuses[:, COMMENTARY] += mass[:, 0]
    return Probabilities(
        chip_export=sigmoid(chip[:, 0]), market_moving=sigmoid(moving[:, 0]), event=events, status=statuses
    )


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^-x) without overflow; same shape."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)), dtype=np.float32)


def softmax(x: Floats) -> Floats:
    """Softmax over the last axis; same shape."""
    e = np.exp(x - x.max(axis=-1, keepdims=True)) if x.size else np.empty_like(x)
    return np.asarray(e / e.sum(axis=-1, keepdims=True), dtype=np.float32)
