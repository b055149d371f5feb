"""How likely two headlines tell of one event: what their words, names and meanings say for and against it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from bot.domain import Status
from bot.rules.meaning import likeness
from bot.rules.slots import COMMON_PLACES, Slots, agree

# Fitted on the development half of the stories of ``tests/stories`` by ``python -m tests.stories fit``, which prints
# this table anew.
WEIGHTS: dict[str, float] = {
    "likeness of meaning": 7.81,
    "likeness beyond a half": 3.16,
    "cosine of the words": 4.57,
    "same event": 0.37,
    "company shared": 0.94,
    "companies differ": -1.38,
    "further company": -0.19,
    "product shared": 0.93,
    "products differ": -1.76,
    "place shared": 0.7,
    "places differ": -2.54,
    "countries differ": -1.03,
    "figure shared": 1.0,
    "figures differ": -0.9,
    "opposite directions": -0.42,
    "one is commentary": 1.23,
}
INTERCEPT = -6.94
HALF = 0.5


def evidence(told: Slots, new: Slots, *, cosine: float) -> tuple[float, ...]:
    """What speaks for or against one event, in the order of ``WEIGHTS``.

    Args:
        told: a headline of an open story.
        new: the headline in hand.
        cosine: of their words.
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
        cosine,
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


def likelihood(told: Slots, new: Slots, *, cosine: float) -> float:
    """The probability, 0 to 1, that a headline belongs to the event of another."""
    found = evidence(told, new, cosine=cosine)
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
