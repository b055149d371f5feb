"""A classifier that answers what a test says, and counts what it was asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.rules.meaning import Meaning
from classifiers.api import Score, Thresholds
from tests.fakes.values import make_score


@dataclass(slots=True)
class FakeClassifier:
    """Scores by exact headline, else as relevant; gives headlines the meanings that it is told, or has none to give."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    meaning: Callable[[str], Meaning] | None = None
    name: str = "fake-1"
    thresholds: Thresholds = field(default_factory=lambda: Thresholds(chip_export=0.6, market_moving=0.5))
    asked: list[str] = field(default_factory=list)

    def score(self, headlines: Sequence[str], *, official: Sequence[bool] | None = None) -> list[Score]:
        """See Classifier."""
        del official
        return [self.scores.get(text) or make_score() for text in headlines]

    def embed(self, headlines: Sequence[str]) -> Sequence[Meaning] | None:
        """See Classifier."""
        self.asked += headlines
        return None if self.meaning is None else [self.meaning(text) for text in headlines]
