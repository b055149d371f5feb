"""What the bot may know of the classifier: values and one Protocol, no heavy import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from classifiers.labels import EVENTS, STATUSES, Event, Status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "EVENTS",
    "STATUSES",
    "Classifier",
    "Event",
    "ModelError",
    "Score",
    "Status",
    "Thresholds",
]


class ModelError(Exception):
    """The model cannot be loaded, trained or run; the text says which file and what was expected."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probability from which a head's answer counts as yes, in [0, 1]; chosen at export, kept in the manifest."""

    chip_export: float
    market_moving: float


@dataclass(frozen=True, slots=True)
class Score:
    """What the model says of one headline.

    Probabilities are calibrated and lie in [0, 1]. ``event`` and ``status`` are the most probable
    classes. ``gated`` is true when the first-stage gate dropped the headline and the transformer
    never saw it; both probabilities are then 0.0, the event ``other`` and the status ``commentary``.
    """

    chip_export: float
    market_moving: float
    event: Event
    event_prob: float
    status: Status
    status_prob: float
    language: str
    model: str
    gated: bool = False


class Classifier(Protocol):
    """Scores headlines. Safe to call from one thread at a time; never does I/O after loading."""

    @property
    def name(self) -> str:
        """Model name and version, as written in the manifest, e.g. ``chipwire-minilm-1``."""
        ...

    @property
    def thresholds(self) -> Thresholds:
        """The shipped thresholds per head."""
        ...

    def score(self, headlines: Sequence[str], *, official: Sequence[bool] | None = None) -> list[Score]:
        """Score n headlines, n ≥ 0, and return n scores in the same order.

        Args:
            headlines: raw headline text; normalised inside; cut on the right at the token limit.
            official: where true, the headline is an official document's title and goes past the gate.

        A headline's score does not depend on the headlines beside it (differences ≤ 1e-3).

        Raises:
            ModelError: inference failed.
        """
        ...

    def embed(self, headlines: Sequence[str]) -> Sequence[NDArray[np.float32]] | None:
        """What n raw headlines mean, as vectors of length 1, in the same order: near where they tell of one event.

        None when this model has none to give. A headline's vector does not depend on those beside it.

        Raises:
            ModelError: inference failed.
        """
        ...
