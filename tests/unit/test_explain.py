"""The words that carried a decision."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from classifiers.api import Event, Score, Status, Thresholds
from classifiers.explain import TOP, Explanation, explain


class ByWords:
    """Adds up fixed log-odds of the words that a headline holds; drops what says nothing of chips."""

    name = "by-words"
    thresholds = Thresholds(chip_export=0.5, market_moving=0.5)

    def __init__(self, **weights):
        self.weights = weights
        self.calls = []

    def score(self, headlines, *, official=None):
        self.calls.append(list(headlines))
        flags = official or [False] * len(headlines)
        return [self._score(h, past_gate=f) for h, f in zip(headlines, flags, strict=True)]

    def _score(self, headline, *, past_gate):
        gated = not past_gate and "chip" not in headline
        z = sum(w for word, w in self.weights.items() if word in headline)
        p = 0.0 if gated else 1 / (1 + math.exp(-z))
        return Score(
            chip_export=p, market_moving=p, event=Event.OTHER, event_prob=1.0, status=Status.COMMENTARY,
            status_prob=1.0, language="en", model=self.name, gated=gated,
        )  # fmt: skip


def explained(headline, *, top=TOP, **weights):
    classifier = ByWords(**weights)
    (score,) = classifier.score([headline])
    return explain(classifier, headline, score, top=top)


def test_words_by_weight_with_their_sign():
    """The weightiest comes first, for or against; what does nothing is left out."""
    found = explained("US bans chip exports, potato growers say", chip=1.5, bans=2.0, potato=-3.0)
    assert found.words == (("potato", -3.0), ("bans", 2.0), ("chip", 1.5))


def test_words_stand_in_their_own_form():
    """Capitals, currency signs and inner stops stay; the punctuation around a word goes."""
    found = explained("“Chipmakers” in U.S., $NVDA: chip ban.", **{"Chipmakers": 1, "U.S.": 2, "$NVDA": 3, "ban": 4})
    assert [w for w, _ in found.words] == ["ban", "$NVDA", "U.S.", "Chipmakers"]


def test_a_word_that_stands_twice_is_left_out_as_a_whole():
    """Otherwise each place would hide what the other does."""
    assert explained("chip by chip", chip=2).words == (("chip", 2.0),)


def test_no_more_than_asked():
    """The rest is cut."""
    assert len(explained("chip a1 b1 c1", top=2, chip=1, a1=2, b1=3, c1=4).words) == 2


def test_the_gate_is_said():
    """A headline that was never read has no carrying words, and says why."""
    found = explained("Choir wins prize", prize=3)
    assert found == Explanation((), gated=True)
    assert found.as_dict() == {"chip_export": [], "gated": True}


def test_leaving_the_gates_word_out_does_not_meet_the_gate():
    """The weight of the one word that the gate knows is the model's, not the gate's."""
    assert explained("chip ban", chip=0.5, ban=1).words == (("ban", 1.0), ("chip", 0.5))


def test_one_batch():
    """Every variant of a headline goes to the model in one call."""
    classifier = ByWords(chip=1)
    (score,) = classifier.score(["chip ban now"])
    explain(classifier, "chip ban now", score)
    assert [len(call) for call in classifier.calls] == [1, 4]


def test_scripts_without_blanks():
    """Of overlapping pairs the one that carries most stays; Latin names inside are words."""
    found = explained("chip商务部禁止H20出口", 禁=1, 止=2, H20=2.5, 出口=1)
    assert dict(found.words) == {"禁止": 3.0, "H20": 2.5, "出口": 1.0}


@given(st.text(max_size=60))
def test_any_text(text):
    """Whatever the headline: at most six words, each of them in it, finite weights, valid JSON."""
    found = explained("chip " + text, chip=20, a=-0.3, e=0.2)
    assert len(found.words) <= TOP
    for word, weight in found.words:
        assert word in "chip " + text
        assert math.isfinite(weight)
    json.dumps(found.as_dict())


@pytest.mark.parametrize("headline", ["Commerce adds twelve Chinese chipmakers to the Entity List"])
def test_the_shipped_model(headline):
    """It names the words that a person would."""
    from classifiers.serve import load

    classifier = load()
    (score,) = classifier.score([headline])
    assert {"chipmakers", "Entity", "List"} & {w for w, weight in explain(classifier, headline, score).words[:3]}


def test_score_explains_on_request(tmp_path, monkeypatch):
    """--explain adds one field to each record, in input order; without it the field is not there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHIPWIRE_HOME", str(tmp_path))
    (tmp_path / "in.txt").write_text("US bans chip tool exports to SMIC\nChoir wins prize\n")
    plain = CliRunner().invoke(app, ["score", "in.txt"])
    explained = CliRunner().invoke(app, ["score", "in.txt", "--explain"])
    rows = [json.loads(line) for line in explained.stdout.splitlines()]
    first, second = (row.pop("explain") for row in rows)
    assert rows == [json.loads(line) for line in plain.stdout.splitlines()]
    assert 0 < len(first["chip_export"]) <= TOP
    assert all(isinstance(word, str) and isinstance(weight, float) for word, weight in first["chip_export"])
    assert second == {"chip_export": [], "gated": True}
