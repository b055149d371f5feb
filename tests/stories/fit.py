"""Fit the weights of ``bot.rules.evidence`` on the development stories: ``python -m tests.stories fit``."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import Story, Urgency
from bot.replay import read_archive, score_archive
from bot.rules.evidence import WEIGHTS, evidence
from bot.rules.same_story import WINDOW
from classifiers.api import Classifier, Score
from tests.stories.measure import FOLDER, rows

SHARES = {"dev": 1.0, "feed_dev": 3.0}  # weight of each side's headlines: a feed is what life is like


def fit(classifier: Classifier) -> tuple[dict[str, float], float]:
    """Weights by name, and the intercept: logistic regression; needs scikit-learn (the extra ``train``)."""
    from sklearn.linear_model import LogisticRegression

    sets = [compared(classifier, side) for side in SHARES]
    found, same = (np.concatenate(parts) for parts in zip(*sets, strict=True))
    weight = np.repeat(list(SHARES.values()), [len(same) for _, same in sets])
    model = LogisticRegression(max_iter=5_000).fit(found, same, sample_weight=weight)
    weights = {name: round(float(w), 2) for name, w in zip(WEIGHTS, model.coef_[0], strict=True)}
    return weights, round(float(model.intercept_[0]), 2)


def compared(classifier: Classifier, side: str) -> tuple[np.ndarray, np.ndarray]:
    """What the desk would weigh, were every headline before in its true story: evidence (n, kinds), answers (n,)."""
    true = {row["id"]: row["story"] for row in rows(f"{side}_stories.jsonl")}
    archive = read_archive(FOLDER / f"{side}_stories.jsonl", {})
    desk = Desk(load_companies(), classifier.thresholds, embed=classifier.embed)
    at = classifier.thresholds
    latest: dict[str, datetime] = {}
    found, same = [], []
    for archived, score in zip(archive, score_archive(archive, classifier), strict=True):
        if score.chip_export < at.chip_export and score.market_moving < at.market_moving:
            continue
        text, now, slug = archived.headline.text, archived.headline.first_seen_at, true[archived.id]
        for old in [known for known, when in latest.items() if now - when > WINDOW]:
            desk.index.drop(old)
            del latest[old]
        story = _story(slug, text, score, now)
        slots = desk._take(text, story, {})
        for take, overlap in desk.index.candidates(slots, now):
            found.append(evidence(take.slots, slots, overlap))
            same.append(take.slug == slug)
        if slug in latest:
            desk.index.join(story, slots)
        else:
            desk.index.put(story, [slots])
        latest[slug] = now
    return np.array(found), np.array(same)


def _story(slug: str, text: str, score: Score, now: datetime) -> Story:
    none: frozenset[str] = frozenset()
    return Story(
        slug=slug, event=score.event, status=score.status, urgency=Urgency.WATCH, topics=frozenset(),
        first_headline_id=slug, first_text=text, latest_text=text, fingerprints=none, companies=none, publishers=none,
        documents=none, count=1, created_at=now, updated_at=now,
    )  # fmt: skip
