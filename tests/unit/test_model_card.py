"""The model card says what the manifests say, and nothing that is not so."""

import json
import shutil

import pytest

from classifiers.api import ModelError
from classifiers.card import CHINESE, write_card
from classifiers.serve import WEIGHTS_DIR

ROW = {
    "id": "1", "headline": "US bans chips", "batch": "b", "story": "s", "chip_export": 1, "market_moving": 1,
    "event": "export_rule", "status": "confirmed",
}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.jsonl"
    path.write_text(json.dumps(ROW) + "\n")
    return [path]


@pytest.fixture
def fast(tmp_path):
    """A weights folder of three layers with figures of its own."""
    folder = shutil.copytree(WEIGHTS_DIR, tmp_path / "fast")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"name": "chipwire-half", "metrics": manifest["metrics"] | {"event": 0.1234}}
    manifest["config"]["layers"] = 3
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_the_card_of_one_model(tmp_path, data):
    """Name, size, thresholds and figures of its manifest, and a note where the data is another."""
    card = write_card(tmp_path / "CARD.md", weights=WEIGHTS_DIR, data=data).read_text()
    manifest = json.loads((WEIGHTS_DIR / "manifest.json").read_text())
    assert card.startswith(f"# {manifest['name']}\n")
    for head, value in manifest["metrics"].items():
        assert f"| {head} | {value:.3f} |" in card
    for head, value in manifest["thresholds"].items():
        assert f"| threshold of {head} | {value:.2f} |" in card
    assert "| b | 1 |" in card
    assert "The data has changed since" in card
    assert "fast form" not in card
    assert CHINESE in " ".join(card.split())


def test_the_card_of_a_model_and_its_fast_form(tmp_path, data, fast):
    """A column for each, and how the second came about."""
    card = write_card(tmp_path / "CARD.md", weights=WEIGHTS_DIR, fast=fast, data=data).read_text()
    manifest = json.loads((WEIGHTS_DIR / "manifest.json").read_text())
    assert f"| head | {manifest['name']} | chipwire-half |" in card
    assert f"| event | {manifest['metrics']['event']:.3f} | 0.123 |" in card
    assert f"| layers | {manifest['config']['layers']} | 3 |" in card
    assert "three of the layers" in card


def test_arithmetic_is_named_as_it_is(tmp_path, data):
    """Eight bits on both sides of a product, a scale for each row, and the modules that say how it was trained."""
    card = write_card(tmp_path / "CARD.md", weights=WEIGHTS_DIR, data=data).read_text()
    for words in (
        "int8 weights",
        "uint8 activations",
        "scale for each row",
        "`sense.py`",
        "`rounding.py`",
        "embedding",
    ):
        assert words in " ".join(card.split()), words
    assert max(map(len, card.splitlines())) <= 120


def test_what_cannot_be_read_or_written_is_said(tmp_path, data):
    """A folder without a model, and a card where no file can stand."""
    with pytest.raises(ModelError, match="no model here"):
        write_card(tmp_path / "CARD.md", weights=tmp_path, data=data)
    with pytest.raises(ModelError, match="cannot be written"):
        write_card(tmp_path / "none" / "CARD.md", weights=WEIGHTS_DIR, data=data)
    assert not (tmp_path / "CARD.md").exists()
