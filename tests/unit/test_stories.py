"""The figures on stories are right, and so are the files that they are taken on."""

from collections import Counter
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.desk import Desk
from bot.exposure import load_exposure
from bot.replay import play, read_archive, score_archive
from classifiers.serve import load
from tests.fakes.classifier import FakeClassifier
from tests.stories.measure import FOLDER, PAIRED, SIDES, b_cubed, rows, story_figures

ROLES = {"first", "repeat", "update", "commentary"}
WHYS = {"status", "number", "company", "official", "correction", "in-force"}


def clustered(groups):
    """Ids to the name of their group: "ab c" puts a and b together, and c alone."""
    return {id_: str(number) for number, group in enumerate(groups.split()) for id_ in group}


@pytest.mark.parametrize(
    ("true", "found", "precision", "recall"),
    [
        ("ab c", "ab c", 1.0, 1.0),
        ("abcd", "a b c d", 1.0, 1 / 4),  # nothing joined: each finds itself, one of four
        ("a b c d", "abcd", 1 / 4, 1.0),  # all joined: each stands among four, itself alone rightly
        ("abc d", "ab cd", (1 + 1 + 1 / 2 + 1 / 2) / 4, (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4),
        ("ab cd", "ac bd", 1 / 2, 1 / 2),
        ("a", "a", 1.0, 1.0),
    ],
)
def test_b_cubed_by_hand(true, found, precision, recall):
    """Precision and recall of each headline's cluster, averaged over the headlines."""
    assert b_cubed(clustered(true), clustered(found)) == pytest.approx((precision, recall))


CLUSTERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)


@given(CLUSTERS)
def test_b_cubed_is_a_share_and_turns_round(pairs):
    """Both lie above 0 and up to 1; with truth and finding exchanged, precision is recall."""
    true = {str(n): f"t{a}" for n, (a, _) in enumerate(pairs)}
    found = {str(n): f"f{b}" for n, (_, b) in enumerate(pairs)}
    precision, recall = b_cubed(true, found)
    assert 0 < precision <= 1
    assert 0 < recall <= 1
    assert b_cubed(found, true) == pytest.approx((recall, precision))
    assert b_cubed(true, true) == pytest.approx((1, 1))


@pytest.mark.parametrize("side", SIDES)
def test_story_files_are_well_formed(side):
    """Ids are unique, times do not go back, every update says why, and each story opens with its first.

    What is no news of the field stands alone, as commentary.
    """
    stories = rows(f"{side}_stories.jsonl")
    assert {id_: n for id_, n in Counter(r["id"] for r in stories).items() if n > 1} == {}
    times = [datetime.fromisoformat(r["published"]) for r in stories]
    assert times == sorted(times)
    assert all(at.tzinfo is not None for at in times)
    assert {r["role"] for r in stories} <= ROLES
    assert [r["id"] for r in stories if (r["role"] == "update") != bool(r["why"])] == []
    assert {r["why"] for r in stories if r["why"]} <= WHYS
    size = Counter(r["story"] for r in stories)
    seen = set()
    for r in stories:
        opens = r["role"] == "first" or (r["role"] == "commentary" and size[r["story"]] == 1)
        assert (r["story"] not in seen) == opens, r
        seen.add(r["story"])
    assert len(read_archive(FOLDER / f"{side}_stories.jsonl", {})) == len(stories) >= 500


@pytest.mark.parametrize("side", PAIRED)
def test_pair_files_are_well_formed(side):
    """Two headlines, one answer and a kind; as many of one event as of two; no pair twice."""
    pairs = rows(f"{side}_pairs.jsonl")
    assert [p for p in pairs if set(p) != {"a", "b", "same", "kind"} or not (p["a"] and p["b"] and p["kind"])] == []
    assert Counter(p["same"] for p in pairs) == {True: len(pairs) / 2, False: len(pairs) / 2}
    assert len({frozenset((p["a"], p["b"])) for p in pairs}) == len(pairs)


def test_the_sides_share_no_story_and_no_pair():
    """What was tuned on is not what is measured on."""
    seen = set()
    for side in SIDES:
        own = {r["headline"] for r in rows(f"{side}_stories.jsonl")}
        assert seen & own == set()
        seen |= own
    dev, test = ({frozenset((p["a"], p["b"])) for p in rows(f"{side}_pairs.jsonl")} for side in PAIRED)
    assert dev & test == set()


def apart(groups):
    """A meaning for each name: one for each group, and those of two groups as unlike as so many can be."""
    names = sorted(set(groups.values()))
    axes = np.eye(len(names), dtype=np.float32) - np.float32(1 / len(names))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    found = dict(zip(names, axes, strict=True))
    return {name: found[group] for name, group in groups.items()}


def test_figures_of_a_model_that_knows_the_answers():
    """A perfect sense of what headlines mean loses no story, joins none in error, and opens fewer again than none."""
    story = {r["headline"]: r["story"] for r in rows("dev_stories.jsonl")}
    knows = FakeClassifier(meaning=apart(story).__getitem__)
    blind = FakeClassifier(meaning=apart({headline: headline for headline in story}).__getitem__)
    right, wrong = (story_figures("dev", model) for model in (knows, blind))
    assert (right.headlines, right.told, right.stories) == (len(story), len(story), len(set(story.values())))
    assert right.b3_f > wrong.b3_f
    assert right.b3_precision > 0.99
    assert right.lost < 0.02
    assert right.repeated < wrong.repeated
    for figures in (right, wrong):
        assert all(0 <= getattr(figures, name) <= 1 for name in ("lost", "repeated", "retold", "updates_found"))


def test_from_rumour_to_rule():
    """The story that the README prints is one thread: denial, confirmation, official text, first day in force."""
    classifier, companies = load(), load_companies()
    archive = read_archive(FOLDER / "alibaba_h200.jsonl", {})
    desk = Desk(companies, classifier.thresholds, exposure=load_exposure(companies), embed=classifier.embed)
    ends = [p.decision for p in play(archive, score_archive(archive, classifier), desk, ())]
    assert [str(end.reason) for end in ends] == [
        "new_story", "same_story", "same_words", "new_company", "status_change", "same_story", "status_change",
        "same_story", "official_text", "inhibited", "in_force",
    ]  # fmt: skip
    assert len({end.story.slug for end in ends if end.story}) == 1
    assert [str(e.alert.urgency) for e in ends if e.alert] == ["alert", "alert", *["flash"] * 4]
