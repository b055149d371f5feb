"""The model card: what ships, what it was trained on and how good it is, written from the files themselves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from classifiers.api import ModelError
from classifiers.dataset import data_hash, load
from classifiers.serve import WEIGHTS_DIR, Manifest

__all__ = ["CARD_FILE", "render_card", "write_card"]

CARD_FILE: Final = Path(__file__).parent / "MODEL_CARD.md"


def write_card(out: Path | None = None, *, weights: Path | None = None, data: Sequence[Path] | None = None) -> Path:
    """Write the card of a weights folder and return where it stands.

    Raises:
        ModelError: the weights or the data cannot be read.
    """
    folder = weights or WEIGHTS_DIR
    Manifest.read(folder)  # refuses foreign ones with a clear message
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    records = load(data)
    size = sum(f.stat().st_size for f in folder.iterdir()) / 1e6
    batches = Counter(r.batch for r in records)
    text = render_card(
        manifest, size_mb=size, batches=batches, same_data=data_hash(records) == manifest.get("data_hash")
    )
    out = out or CARD_FILE
    part = out.with_name(out.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(out)
    except OSError as e:
        raise ModelError(f"{out}: cannot be written: {e.strerror or e}") from e
    return out


def render_card(manifest: dict[str, Any], *, size_mb: float, batches: Counter[str], same_data: bool) -> str:
    """The card's text.

    Args:
        manifest: the weights' manifest, as parsed.
        size_mb: size of the weights folder in megabytes.
        batches: headlines of the data by batch.
        same_data: whether the data at hand is what the weights were trained on.
    """
    metrics, parity, counts = (manifest.get(k, {}) for k in ("metrics", "parity", "headlines"))
    vocabulary = f"{manifest['config']['vocabulary']:,}"
    temperatures = ", ".join(f"{k} {v:.2f}" for k, v in manifest["temperatures"].items())
    thresholds = ", ".join(f"{k} {v:.2f}" for k, v in manifest["thresholds"].items())
    sides = ", ".join(f"{n:,} {side}" for side, n in counts.items())
    flips, change = f"{parity.get('chip_export', 0):.2%}", f"{parity.get('chip_export_max_change', 0):.3f}"
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in metrics.items())
    made = "\n".join(f"| {name} | {n:,} |" for name, n in sorted(batches.items()))
    note = "" if same_data else "\n\nThe data has changed since: these weights were trained on an earlier state of it."
    return f"""# {manifest["name"]}

<!-- written by `python -m classifiers card`; change classifiers/card.py instead -->

Reads one headline and says how likely it is to be about cross-border trade in chips (`chip_export`), whether a trader
in chip stocks would want to be interrupted (`market_moving`), what happened (`event`) and how sure the words are
(`status`). {size_mb:.1f} MB, made {manifest["created"]}.

## How it is built

all-MiniLM-L6-v2 (Apache-2.0; six layers, 384 wide) with its vocabulary cut to {vocabulary} pieces, mean pooling and
four linear heads, fine-tuned as a whole; a moving average of the weights is kept, at the best epoch of a held-out
dev side. Shipped as ONNX with int8 weights, one scale for 32 of them, and float32 arithmetic, so that a score does
not depend on the other headlines of a batch. A first stage of the field's words (`data/gate.toml`) drops headlines
that cannot be meant.

Each head's logits are divided by a temperature: {temperatures}.
Thresholds: {thresholds}. Each is the lowest with which the dev side's precision reaches
0.97 for `chip_export` and 0.90 for `market_moving`, as long as F1 stays within a point of its best; where it does
not, the most precise within that point.

## Training data

{sum(counts.values()):,} headlines written by hand ({sides}), split by story; see `data/README.md`.{note}

| batch | headlines |
| --- | --- |
{made}

## Quality on the test side of that data

F1 for the yes/no heads, macro-F1 for event and status; labels and headlines are by the same hands as the training data,
so real news is harder. Measure your own: `python -m classifiers evaluate headlines.jsonl --plain general.txt`.

| head | |
| --- | --- |
{rows}

Against the model before export, {flips} of the `chip_export` decisions changed, and no probability by more
than {change}.

## What it is for, and what not

For alerts that a person reads. Not for automatic trading: it judges words, not facts, and a false report with the words
of a true one scores the same. It judges the headline alone, without article, date or source.

It reads English. Chinese headlines are put into English words by a glossary first; below half coverage they end
at the gate. On headlines written after the glossary was frozen an earlier state of these weights had chip_export F1
.95 (P 1.00, R .91), event .74, status .74; expect less on real feeds, where names and idioms outside the glossary are
lost. Japanese and Korean headlines end at the gate.
"""
