"""What the model must beat: a pair of keywords, and logistic regression on TF-IDF or on the untouched base model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from classifiers.api import ModelError
from classifiers.dataset import Record
from classifiers.labels import EVENTS, STATUSES, Event, Status
from classifiers.metrics import Gold
from classifiers.text import normalise

__all__ = ["Frozen", "Linear", "keywords"]

CHIP_WORDS: Final = re.compile(
    r"\b(?:(?:micro)?chip(?!otle|munk)\w*|semicon\w*|gpus?|nvidia|tsmc|asml|smic|ymtc|cxmt"
    r"|huawei|micron|intel|amd|sk hynix|hynix"
    r"|nexperia|wafer\w*"
    r"|gallium|germanium|h20|h200|a100|h100|eda|lithograph\w*|chipmak\w*|foundr\w*)\b",
    re.IGNORECASE,
)
TRADE_WORDS: Final = re.compile(
    r"\b(?:export\w*|import\w*|ban(?:s|ned|ning)?"
    r"|curb\w*|restrict\w*|licen[cs]\w*|tariff\w*"
    r"|duty|duties|sanction\w*|blacklist\w*"
    r""
    r"|entity list|smuggl\w*|section (?:232|301)|control\w*|embargo\w*"
    r"|waiver\w*|exempt\w*|retaliat\w*|probe\w*|block\w*|permit\w*)\b",
    re.IGNORECASE,
)


def keywords(headlines: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """chip_export by a chip word and a trade word in one headline: 0 or 1, shape (n,)."""
    texts = map(normalise, headlines)
    return np.array([int(bool(CHIP_WORDS.search(t) and TRADE_WORDS.search(t))) for t in texts], dtype=np.int64)


class Linear:
    """TF-IDF of words and pairs of words, one logistic regression a head."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Fit on labelled headlines.

        Raises:
            ModelError: scikit-learn is missing.
        """
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only here
        except ImportError as e:
            raise _missing("scikit-learn") from e
        self._vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        rows = self._vectorizer.fit_transform([normalise(r.headline) for r in records])
        self._heads = _Heads(rows, records)

    def answers(self, headlines: Sequence[str]) -> Gold:
        """What it says of n headlines, as indices."""
        return self._heads.answers(self._vectorizer.transform([normalise(h) for h in headlines]))


class Frozen:
    """The base model as it comes, no weight of it trained, one logistic regression a head on its vectors."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Fit on labelled headlines; a minute for 25,000 on two cores.

        Raises:
            ModelError: torch, the base model or scikit-learn is missing.
        """
        try:
            from classifiers.model import base_vectors  # noqa: PLC0415 - torch takes seconds to import
        except ImportError as e:
            raise _missing("torch") from e
        self._vectors = base_vectors
        self._heads = _Heads(base_vectors([normalise(r.headline) for r in records]), records)

    def answers(self, headlines: Sequence[str]) -> Gold:
        """What it says of n headlines, as indices."""
        return self._heads.answers(self._vectors([normalise(h) for h in headlines]))


class _Heads:
    """One logistic regression a head, on any rows of features."""

    def __init__(self, rows: Any, records: Sequence[Record]) -> None:
        try:
            from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only here
        except ImportError as e:
            raise _missing("scikit-learn") from e
        self._heads = {}
        about = np.array([r.event is not Event.OTHER for r in records])
        for name in ("chip_export", "market_moving", "event", "status"):
            target = np.array([str(getattr(r, name)) for r in records])
            kept = about if name == "status" else np.ones_like(about)
            self._heads[name] = LogisticRegression(C=10.0, max_iter=300).fit(rows[kept], target[kept])

    def answers(self, rows: Any) -> Gold:
        said = {name: head.predict(rows) for name, head in self._heads.items()}
        events = np.array([list(EVENTS).index(Event(e)) for e in said["event"]], dtype=np.int64)
        statuses = np.array([list(STATUSES).index(Status(s)) for s in said["status"]], dtype=np.int64)
        return Gold(
            chip_export=said["chip_export"].astype(np.int64),
            market_moving=said["market_moving"].astype(np.int64),
            event=events,
            status=np.where(events == EVENTS.index(Event.OTHER), STATUSES.index(Status.COMMENTARY), statuses),
        )


def _missing(package: str) -> ModelError:
    return ModelError(
        f"a baseline needs {package}: pip install 'chipwire[train]', or leave the baselines out with --no-baselines"
    )
