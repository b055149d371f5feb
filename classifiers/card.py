"""The model card: what ships, what it was trained on and how good it is, written from the files themselves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any, Final

from classifiers.api import ModelError
from classifiers.dataset import data_hash, load
from classifiers.serve import FAST_DIR, WEIGHTS_DIR, Manifest

__all__ = ["CARD_FILE", "Weights", "render_card", "write_card"]

CARD_FILE: Final = Path(__file__).parent / "MODEL_CARD.md"
# Measured by hand on headlines written after the glossary was frozen (`data/zh`); renew it with the weights.
CHINESE: Final = (
    "chip_export F1 is .99, on all 420 of the test file too (P 1.0, R .98); event and status .91 right there"
)
WORDS: Final = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True, slots=True)
class Weights:
    """One weights folder: its manifest, as parsed, and its size in megabytes."""

    manifest: Mapping[str, Any]
    size_mb: float

    @classmethod
    def read(cls, folder: Path) -> Weights:
        """Read a weights folder.

        Raises:
            ModelError: it is missing, damaged or of another make.
        """
        Manifest.read(folder)  # refuses foreign ones with a clear message
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return cls(manifest, sum(f.stat().st_size for f in folder.iterdir()) / 1e6)


def write_card(
    out: Path | None = None,
    *,
    weights: Path | None = None,
    fast: Path | None = None,
    data: Sequence[Path] | None = None,
) -> Path:
    """Write the card of a weights folder and return where it stands.

    Args:
        out: the card.
        weights: the weights folder; the shipped one if left out.
        fast: the folder of their fast form; that of the shipped ones, where it exists, if both are left out.
        data: what the weights were trained on, if not the project's own.

    Raises:
        ModelError: the weights or the data cannot be read.
    """
    if fast is None and weights is None and FAST_DIR.is_dir():
        fast = FAST_DIR
    full = Weights.read(weights or WEIGHTS_DIR)
    records = load(data)
    text = render_card(
        full,
        None if fast is None else Weights.read(fast),
        batches=Counter(r.batch for r in records),
        same_data=data_hash(records) == full.manifest.get("data_hash"),
    )
    out = out or CARD_FILE
    part = out.with_name(out.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(out)
    except OSError as e:
        raise ModelError(f"{out}: cannot be written: {e.strerror or e}") from e
    return out


def render_card(full: Weights, fast: Weights | None, *, batches: Counter[str], same_data: bool) -> str:
    """The card's text.

    Args:
        full: the weights that score where nothing else is chosen.
        fast: their fast form, where there is one.
        batches: headlines of the data by batch.
        same_data: whether the data at hand is what the full weights were trained on.
    """
    manifest = full.manifest
    counts, config = manifest.get("headlines", {}), manifest["config"]
    vocabulary = f"{config['vocabulary']:,}"
    sides = ", ".join(f"{n:,} {side}" for side, n in counts.items())
    made = "\n".join(f"| {name} | {n:,} |" for name, n in sorted(batches.items()))
    note = "" if same_data else "\n\nThe data has changed since: these weights were trained on an earlier state of it."
    shipped = [full] if fast is None else [full, fast]
    return f"""# {manifest["name"]}

<!-- written by `python -m classifiers card`; change classifiers/card.py instead -->

Reads one headline and says how likely it is to be about cross-border trade in chips (`chip_export`), whether a trader
in chip stocks would want to be interrupted (`market_moving`), what happened (`event`) and how sure the words are
(`status`); and what it means, as a vector that lies near those of headlines about the same event.
{full.size_mb:.1f} MB, made {manifest["created"]}.

## How it is built

all-MiniLM-L6-v2 (Apache-2.0; six layers, 384 wide) with a vocabulary of {vocabulary} pieces that holds the field's
words whole, which saves a headline a sixth of its pieces (`vocabulary.py`), mean pooling and four linear heads. A first
stage of the field's words (`data/gate.toml`) drops headlines that cannot be meant.

It is trained by `train.py`, from the labels, and from stories (`data/stories`) what two headlines of one event have in
common: those of a story are drawn together, its near misses and all others are pushed away (`sense.py`). Of headlines
that the first stage would drop each epoch sees a third. A moving average of the weights is kept, at the best epoch of
a held-out dev side. Its last epoch computes in the eight bits in which the model is served (`rounding.py`), so that it
has learnt to live with them.{_taught(manifest)}

It ships as ONNX (`graph.py`). Products are of int8 weights, with a scale for each output, and uint8 activations, with a
scale for each row, which is one piece of one headline: a score does not depend on the other headlines of a batch. The
weights' scales are such that no two products overflow the 16 bits in which processors without VNNI add them: all
processors compute the same, the quick way. The embedding table is int8 with a scale for 32 values; norms, attention
and heads are float32.

The embedding has 192 values and length 1: a linear layer of its own beside the heads. It is a measure of "the same
event?"; the bot weighs it with words, companies, products, places, figures and time (`bot/rules/evidence.py`), and does
not trust it alone.
{_fast_note(fast)}
Each head's logits are divided by a temperature, fitted on the dev side. That of `chip_export` is then sharpened, since
real headlines are less often made to mislead, and its log-odds are lowered by a shift, since real news holds traps
that nobody here thought of (`calibrate.py`). Each threshold is the lowest with which the dev side's precision reaches
0.977 for `chip_export` and 0.90 for `market_moving`, as long as F1 stays within a point of its best; where it does not,
the most precise within that point.

{_table("", _settings, shipped)}

## Training data

{sum(counts.values()):,} headlines written by hand ({sides}), split by story; see `data/README.md`.{note}

| batch | headlines |
| --- | --- |
{made}

## Quality on the test side of that data

F1 for the yes/no heads, macro-F1 for event and status; labels and headlines are by the same hands as the training data,
so real news is harder. Measure your own: `python -m classifiers evaluate headlines.jsonl --plain general.txt`.

{_table("head", _figures, shipped)}

The last two rows compare with the model before export: `chip_export` decisions that changed, and the most by which one
of its probabilities did.

## What it is for, and what not

For alerts that a person reads. Not for automatic trading: it judges words, not facts, and a false report with the words
of a true one scores the same. It judges the headline alone, without article, date or source.

{_languages()}
"""


def _languages() -> str:
    text = (
        "It reads English. Chinese headlines are put into English words by a glossary first, and 2,111 pairs of a "
        "Chinese headline with its English counterpart are in the training data; below half coverage of the glossary "
        "they end at the gate. On headlines written after the glossary was frozen "
        f"{CHINESE}; expect less on real feeds, where names and idioms outside the glossary are lost. Japanese and "
        "Korean headlines end at the gate."
    )
    return fill(text, 118)


def _taught(manifest: Mapping[str, Any]) -> str:
    names = " and ".join(f"`{name}`" for name in manifest.get("teachers", []))
    return f" Beside the labels, where they agree, it was taught by {names} (`distil.py`)." if names else ""


def _fast_note(fast: Weights | None) -> str:
    if fast is None:
        return ""
    layers = int(fast.manifest["config"]["layers"])
    return f"""
The fast form (`weights/fast`, {fast.size_mb:.1f} MB) has {WORDS.get(layers, layers)} of the layers, evenly spaced, and
is taught by the full one of its release (`distil.py`). Choose it with `CHIPWIRE_MODEL=fast`.
"""


def _settings(weights: Weights) -> dict[str, str]:
    manifest = weights.manifest
    return {
        "size": f"{weights.size_mb:.1f} MB",
        "layers": str(manifest["config"].get("layers", 6)),
        **{f"threshold of {head}": f"{value:.2f}" for head, value in manifest["thresholds"].items()},
        **{f"temperature of {head}": f"{value:.2f}" for head, value in manifest["temperatures"].items()},
        **{f"shift of {head}": f"{value:.2f}" for head, value in manifest.get("shifts", {}).items()},
    }


def _figures(weights: Weights) -> dict[str, str]:
    parity = weights.manifest.get("parity", {})
    return {
        **{name: f"{value:.3f}" for name, value in weights.manifest.get("metrics", {}).items()},
        "decisions changed by export": f"{parity.get('chip_export', 0):.2%}",
        "greatest change by export": f"{parity.get('chip_export_max_change', 0):.3f}",
    }


def _table(corner: str, of: Callable[[Weights], Mapping[str, str]], shipped: Sequence[Weights]) -> str:
    """A column for each form of the model; a dash where one lacks a row."""
    columns = [of(weights) for weights in shipped]
    names = [str(weights.manifest["name"]) for weights in shipped]
    lines = [f"| {corner} | {' | '.join(names)} |", f"|{' --- |' * (len(names) + 1)}"]
    rows = dict.fromkeys(row for column in columns for row in column)
    lines += [f"| {row} | {' | '.join(column.get(row, '–') for column in columns)} |" for row in rows]
    return "\n".join(lines)
