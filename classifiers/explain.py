"""Which words carried a decision: the headline is scored again without each of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from classifiers.api import Classifier, Score

__all__ = ["TOP", "Explanation", "explain"]

TOP: Final = 6
FLOOR: Final = 1e-4
"""Probabilities nearer to 0 or 1 count as this near: beyond it their log-odds say more of rounding than of words."""

SMALLEST: Final = 0.005  # in log-odds; rounds to 0.00

# A run of Han or kana has no blanks: there a word is any two neighbours, and the better of two that overlap stays.
_HAN: Final = r"\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_HAN}]+|[^\s{_HAN}]+")
_EDGE: Final = "\"'“”‘’«»()[]{}<>…,;:!?。，、：；！？（）「」《》"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What each word did to one headline's ``chip_export``."""

    words: tuple[tuple[str, float], ...]
    """Words in the headline's own spelling, the weightiest first, with the log-odds that they add (natural
    logarithm: 2.3 is ten times the odds) or, below 0, take away."""
    gated: bool = False
    """The first-stage gate dropped the headline: it was never read, and no word carried anything."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON; ``gated`` stands there only where it is true."""
        listed = [[word, weight] for word, weight in self.words]
        return {"chip_export": listed} | ({"gated": True} if self.gated else {})


def explain(classifier: Classifier, headline: str, score: Score, *, top: int = TOP) -> Explanation:
    """Leave one word out at a time, every place of it, and see how far ``chip_export`` falls.

    What is left goes past the gate, so that the weights tell of the model's reading. A weight says what the word
    adds to this headline, the others standing: two words that say the same thing share less than either is worth.

    Args:
        classifier: what scored the headline; called once, with every variant in one batch.
        headline: as it was scored.
        score: its score.
        top: how many words to return at most.

    Raises:
        ModelError: inference failed.

    Source: leave-one-out by erasure, Li, Monroe and Jurafsky 2016, arXiv:1612.08220.
    """
    if score.gated:
        return Explanation((), gated=True)
    places = _places(headline)
    variants = [_without(headline, spans) for spans in places.values()]
    whole, *rest = classifier.score([headline, *variants], official=[True] * (1 + len(variants)))
    weights = [_log_odds(whole.chip_export) - _log_odds(s.chip_export) for s in rest]
    ranked = sorted(zip(places.items(), weights, strict=True), key=lambda item: -abs(item[1]))
    taken: list[tuple[int, int]] = []
    words: list[tuple[str, float]] = []
    for (word, spans), weight in ranked:
        if len(words) == top or abs(weight) < SMALLEST:
            break
        if any(a < end and start < b for a, b in spans for start, end in taken):
            continue
        taken += spans
        words.append((word, round(weight, 2)))
    return Explanation(tuple(words))


def _places(headline: str) -> dict[str, list[tuple[int, int]]]:
    """Where each word stands, by its own spelling, in order of its first place."""
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end in _spans(headline):
        places.setdefault(headline[start:end], []).append((start, end))
    return places


def _spans(headline: str) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(headline):
        start, end = match.span()
        token = match.group()
        if re.match(f"[{_HAN}]", token):
            yield from ((i, i + 2) for i in range(start, end - 1)) if end - start > 1 else [(start, end)]
            continue
        start += len(token) - len(token.lstrip(_EDGE))
        end -= len(token) - len(token.rstrip(_EDGE))
        if token.endswith(".") and "." not in headline[start : end - 1]:
            end -= 1  # a full stop; that of "U.S." is part of the word
        if any(c.isalnum() for c in headline[start:end]):
            yield start, end


def _without(headline: str, spans: Sequence[tuple[int, int]]) -> str:
    out, at = [], 0
    for start, end in spans:
        out.append(headline[at : max(at, start)])  # the pair of a repeated Han character overlaps itself
        at = max(at, end)
    return "".join([*out, headline[at:]])


def _log_odds(p: float) -> float:
    p = min(max(p, FLOOR), 1 - FLOOR)
    return math.log(p / (1 - p))
