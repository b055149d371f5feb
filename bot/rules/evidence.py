"""How likely two headlines tell of one event: what their words, names and meanings say for and against it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain import Status
from bot.rules.meaning import likeness
from bot.rules.slots import COMMON_PLACES, Slots, agree

# Fitted on the two development sets of ``tests/stories`` by ``python -m tests.stories fit``, which prints this table
# anew.
WEIGHTS: dict[str, float] = {
    "likeness of meaning": 9.51,
    "likeness beyond a half": 5.62,
    "cosine of the words": 3.6,
    "rarest company shared": 3.45,
    "hours apart": -0.7,
    "same event": 0.45,
    "company shared": -1.27,
    "companies differ": -1.7,
    "further company": -0.56,
    "product shared": 1.07,
    "products differ": -2.01,
    "place shared": 0.82,
    "places differ": -1.68,
    "countries differ": -0.08,
    "figure shared": 1.65,
    "figures differ": -0.77,
    "opposite directions": -0.62,
    "one is commentary": 1.99,
}
INTERCEPT = -6.08
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two headlines have in common in words, and how far they are apart in time."""

    cosine: float  # of their words by TF-IDF, companies among them
    company: float  # rarity of the rarest company in common: 1 where no others name it, 0 where there is none
    hours: float


def evidence(told: Slots, new: Slots, overlap: Overlap) -> tuple[float, ...]:
    """What speaks for or against one event, in the order of ``WEIGHTS``.

    Args:
        told: a headline of an open story.
        new: the headline in hand.
        overlap: of their words and times.
    """
    later = new.status is not told.status and new.status is Status.DENIED
    opposite = any((company, -sign) in told.directions for company, sign in new.directions) and not later
    figures_differ = bool(told.figures and new.figures and not agree(told.figures, new.figures))
    near = likeness(told.meaning, new.meaning)
    # Nearly every headline names the US or China; another country is what tells two measures apart.
    places, others = told.places - COMMON_PLACES, new.places - COMMON_PLACES
    return (
        near,
        max(near - HALF, 0.0),
        overlap.cosine,
        overlap.company,
        math.log1p(overlap.hours),
        float(told.event is new.event),
        float(bool(told.companies & new.companies)),
        _differ(told.companies, new.companies),
        float(bool(new.companies - told.companies)),
        float(bool(told.products & new.products)),
        _differ(told.products, new.products),
        float(bool(places & others)),
        _differ(places, others),
        _differ(told.places, new.places),
        float(bool(told.figures and new.figures) and not figures_differ),
        float(figures_differ),
        float(opposite),
        float((told.status is Status.COMMENTARY) is not (new.status is Status.COMMENTARY)),
    )


def likelihood(told: Slots, new: Slots, overlap: Overlap) -> float:
    """The probability, 0 to 1, that a headline belongs to the event of another."""
    found = evidence(told, new, overlap)
    odds = sum(weight * value for weight, value in zip(WEIGHTS.values(), found, strict=True)) + INTERCEPT
    return 1 / (1 + math.exp(-odds))


def pooled(likelihoods: Sequence[float]) -> float:
    """What several headlines of one story say together: halfway from the most alike to the mean of the three most.

    One headline may share its words with another event by accident, three hardly.

    Args:
        likelihoods: of the story's headlines that were compared, at least one.
    """
    best = sorted(likelihoods, reverse=True)[:3]
    return (best[0] + sum(best) / len(best)) / 2


def _differ(one: Collection[str], other: Collection[str]) -> float:
    """1 when both name some and none in common."""
    return float(bool(one and other) and not set(one) & set(other))
