"""How well headlines are joined into stories: pair precision and recall, B³, what is lost and what is told again.

There are four sets. ``dev`` and ``test`` are harder than life: every story has near misses, and few of its headlines
share words. ``feed_dev`` and ``feed_test`` are five days of a feed each, made like a real month of one: most stories
stand alone, two are told by dozens, many copies are nearly verbatim. ``test`` and ``feed_test`` were written by other
hands than those to develop on, and no weight is fitted on them; how likely one event must be (``NEEDED``), and how much
the feed counts in the fit, were chosen with their figures in view.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import Outcome, RawItem, SourceSpec, Tier
from bot.poll import normalise
from bot.replay import Played, play, read_archive, score_archive
from classifiers.api import Classifier, Thresholds

FOLDER = Path(__file__).parent
SIDES = ("dev", "test", "feed_dev", "feed_test")
PAIRED = ("dev", "test")  # sides with pairs beside the stories
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoryFigures:
    """Of one set of stories; shares of what passed a threshold."""

    headlines: int
    told: int  # headlines that passed a threshold
    stories: int  # true ones among these
    lost: float  # stories that never got an alert of their own
    repeated: float  # repeats and updates that opened a story again
    retold: float  # repeats that were told, as an alert or an update
    updates_found: float  # true updates that were told
    b3_precision: float
    b3_recall: float
    b3_f: float


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Of one set of pairs: is the second joined to the first?"""

    pairs: int
    precision: float
    recall: float


def rows(name: str) -> list[dict[str, Any]]:
    """The records of a file beside this module."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def replayed(side: str, classifier: Classifier) -> list[Played]:
    """The stories of one side, through the path."""
    archive = read_archive(FOLDER / f"{side}_stories.jsonl", {})
    desk = Desk(load_companies(), classifier.thresholds, embed=classifier.embed)
    return list(play(archive, score_archive(archive, classifier), desk, ()))


def story_figures(side: str, classifier: Classifier) -> StoryFigures:
    """Measure the stories of one side."""
    gold = {row["id"]: row for row in rows(f"{side}_stories.jsonl")}
    all_played = replayed(side, classifier)
    told = [p for p in all_played if p.decision.outcome is not Outcome.SPIKE]
    true = {p.archived.id: gold[p.archived.id]["story"] for p in told}
    found = {p.archived.id: p.decision.story.slug for p in told if p.decision.story is not None}
    opened = {true[p.archived.id] for p in told if p.decision.outcome is Outcome.ALERT}
    roles = {id_: gold[id_]["role"] for id_ in true}
    later, seen = [], set()
    for p in told:  # the first of a story that passed a threshold stands for its first
        if true[p.archived.id] in seen and roles[p.archived.id] in {"repeat", "update"}:
            later.append(p)
        seen.add(true[p.archived.id])
    repeats = [p for p in later if roles[p.archived.id] == "repeat"]
    updates = [p for p in later if roles[p.archived.id] == "update"]
    stories = set(true.values())
    precision, recall = b_cubed(true, found)
    return StoryFigures(
        headlines=len(gold),
        told=len(told),
        stories=len(stories),
        lost=len(stories - opened) / len(stories),
        repeated=_share(p.decision.outcome is Outcome.ALERT for p in later),
        retold=_share(p.decision.outcome is not Outcome.REPEAT for p in repeats),
        updates_found=_share(p.decision.outcome is not Outcome.REPEAT for p in updates),
        b3_precision=precision,
        b3_recall=recall,
        b3_f=2 * precision * recall / (precision + recall),
    )


def b_cubed(true: dict[str, str], found: dict[str, str]) -> tuple[float, float]:
    """B³ precision and recall of a clustering.

    Args:
        true: the story of each headline, by id.
        found: the story that it was given, for the same ids.

    Source: Bagga and Baldwin 1998, "Entity-Based Cross-Document Coreferencing".
    """
    by_true, by_found = defaultdict(set), defaultdict(set)
    for id_ in true:
        by_true[true[id_]].add(id_)
        by_found[found[id_]].add(id_)
    shared = {id_: len(by_true[true[id_]] & by_found[found[id_]]) for id_ in true}
    n = len(true)
    return (
        sum(shared[i] / len(by_found[found[i]]) for i in true) / n,
        sum(shared[i] / len(by_true[true[i]]) for i in true) / n,
    )


def joined_pairs(side: str, classifier: Classifier) -> list[tuple[dict[str, Any], bool]]:
    """Each pair of one side, and whether the desk joins its second headline to its first.

    The desk knows the singletons of the development stories, so that rare words weigh as much as in a feed.
    """
    spec = SourceSpec("pairs", "archive", "", timedelta(minutes=1), "Wire", Tier.WIRE)
    known = rows("dev_stories.jsonl")
    size = Counter(row["story"] for row in known)
    lone = [row["headline"] for row in known if size[row["story"]] == 1]
    pairs = rows(f"{side}_pairs.jsonl")
    texts = lone + [text for pair in pairs for text in (pair["a"], pair["b"])]
    scores = dict(zip(texts, classifier.score(texts, official=[True] * len(texts)), strict=True))
    meant = classifier.embed(texts)
    meanings = {} if meant is None else dict(zip(texts, meant, strict=True))  # asked for anew with every pair
    desk = Desk(
        load_companies(),
        Thresholds(chip_export=0.0, market_moving=0.0),
        embed=(lambda asked: [meanings[text] for text in asked]) if meanings else None,
    )

    def decide(text: str, id_: str) -> str:
        headline = normalise(RawItem(id_, text, "", NOON), spec, NOON)
        story = desk.decide(headline, scores[text], (), now=NOON).story
        assert story is not None, "no threshold keeps anything out"
        return story.slug

    for number, text in enumerate(lone):
        decide(text, f"lone-{number}")
    background = list(desk.stories.values())
    out = []
    for number, pair in enumerate(pairs):
        desk.load(background)
        out.append((pair, decide(pair["a"], f"a-{number}") == decide(pair["b"], f"b-{number}")))
    return out


def pair_figures(side: str, classifier: Classifier) -> PairFigures:
    """Measure the pairs of one side."""
    joined = joined_pairs(side, classifier)
    both = sum(pair["same"] and same for pair, same in joined)
    return PairFigures(
        pairs=len(joined),
        precision=both / max(sum(same for _, same in joined), 1),
        recall=both / sum(pair["same"] for pair, _ in joined),
    )


def measure(classifier: Classifier, sides: Sequence[str] = SIDES) -> dict[str, dict[str, Any]]:
    """All figures by side."""
    figures = {side: {"stories": asdict(story_figures(side, classifier))} for side in sides}
    for side in set(sides) & set(PAIRED):
        figures[side]["pairs"] = asdict(pair_figures(side, classifier))
    return figures


def _share(flags: Any) -> float:
    values = list(flags)
    return sum(values) / len(values) if values else 0.0
