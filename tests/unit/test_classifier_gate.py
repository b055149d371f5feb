"""The first stage."""

import pytest

from classifiers.api import ModelError
from classifiers.dataset import load
from classifiers.gate import Gate, default_gate
from classifiers.text import language, normalise


@pytest.mark.parametrize(
    ("headline", "term"),
    [
        ("Chipmakers slide after new rules", "chip"),
        ("Fish-and-chips shop wins award", "chip"),
        ("Washington puts AMD on notice", "amd"),
        ("Amdocs wins telecom order", None),
        ("Archipelago votes on ferry subsidies", None),
        ("Shoppers intelligently avoid queues", None),
        ("Ministers weigh dual-use list", "dual use"),
        ("Rare - earth magnets stay scarce", None),
        ("TEL trims outlook", "TEL"),
        ("Tel Aviv marathon draws record crowd", None),
        ("AT&S weighs sale of Chongqing plant", "at&s"),
        ("Thousands at sea as ferry line folds", None),
        ("Arm lifts royalty outlook", "Arm"),
        ("Ikea's property arm buys two malls", None),
        ("", None),
    ],
)
def test_terms(headline, term):
    """Prefixes bind at the start of a word, words on both sides."""
    assert default_gate().term(headline) == term


def test_what_the_model_cannot_read_is_dropped():
    """A headline that is not English ends at the gate, whatever it names; Chinese that the glossary knows passes."""
    assert not default_gate().passes(normalise("日本の半導体規制"))
    assert not default_gate().passes(normalise("엔비디아 HBM 수출통제"))
    assert not default_gate().passes("英伟达：筑墙易、拆墙难")
    assert default_gate().passes(normalise("中国收紧稀土出口"))
    assert default_gate().passes(normalise("英伟达获准销售"))


def test_recall_on_relevant_headlines():
    """At most 2 in 1,000 relevant headlines of the English data are dropped."""
    relevant = [r.headline for r in load() if r.relevant and language(r.headline) == "en"]
    dropped = [h for h in relevant if not default_gate().passes(normalise(h))]
    assert len(dropped) <= 0.002 * len(relevant), dropped


def test_recall_on_chinese_headlines():
    """Of relevant Chinese headlines the glossary knows enough for seven in eight to pass."""
    relevant = [r.headline for r in load() if r.relevant and language(r.headline) == "zh"]
    assert len(relevant) > 1_000
    dropped = [h for h in relevant if not default_gate().passes(normalise(h))]
    assert len(dropped) <= 0.125 * len(relevant), dropped


def test_drops_general_news():
    """Most general headlines of the data end at the gate, so that the model sees little of a general feed."""
    general = [r.headline for r in load() if r.batch.startswith("general")]
    passed = sum(default_gate().passes(normalise(h)) for h in general)
    assert passed <= 0.15 * len(general)


def test_word_file_at_fault(tmp_path):
    """A missing or damaged word list is a ModelError that names the file."""
    with pytest.raises(ModelError, match=r"none\.toml"):
        Gate.from_file(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("prefixes = ['chip']")
    with pytest.raises(ModelError, match=r"bad\.toml"):
        Gate.from_file(tmp_path / "bad.toml")
