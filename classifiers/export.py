"""From a training run to the weights that ship: an ONNX graph in int8, tokenizer, manifest.

Nothing is written before the exported model has agreed with the trained one.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from torch import nn

from classifiers.api import ModelError, Thresholds
from classifiers.calibrate import fit_calibration, fit_threshold
from classifiers.dataset import data_hash, load, split
from classifiers.gate import default_gate
from classifiers.graph import build
from classifiers.heads import Calibration, Floats, probabilities
from classifiers.metrics import Gold, answers, calibration_error, quality
from classifiers.model import HeadlineModel, logits_of
from classifiers.run_folder import load_run
from classifiers.serve import FORMAT, LABELS, WEIGHTS_DIR, Manifest, OnnxEngine
from classifiers.text import normalise

__all__ = ["activations", "export", "graph_of"]

NAME: Final = "chipwire-minilm-4"
PROBE: Final = "us weighs licence for nvidia to sell h20 chips in china, sources say"
# Decisions that may differ between the trained and the exported model: whether to tell, and under which label.
MAX_FLIPS: Final = {"chip_export": 0.005, "market_moving": 0.005, "event": 0.01, "status": 0.01}
CALIBRATED_ON: Final = 1_000  # headlines, to see how great the activations become


def export(
    run: Path,
    out: Path | None = None,
    *,
    data: Sequence[Path] | None = None,
    name: str = NAME,
) -> dict[str, Any]:
    """Export a finished training run to a weights folder.

    Args:
        run: the run's folder.
        out: the weights folder, replaced as a whole; the shipped one if left out.
        data: the data that the run was trained on, if not the project's own.
        name: model name and version, for the manifest.

    Returns:
        The manifest.

    Raises:
        ModelError: the run is unfinished or of other data, or the exported model differs from the trained one.
    """
    out = out or WEIGHTS_DIR
    try:
        history = json.loads((run / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise ModelError(f"{run / 'run.json'}: no finished training run ({e})") from e
    records = load(data)
    if data_hash(records) != history["data_hash"]:
        raise ModelError(
            f"{run} was trained on other data (hash {history['data_hash']}, now {data_hash(records)}): train again"
        )
    settings = history["config"]
    sides = split(records, dev=settings["dev"], test=settings["test"])
    model, tokenizer = load_run(run)

    # Calibration and thresholds from the dev side, figures from the test side. What the gate drops the model is
    # never asked: with it, easy answers would hide how sure the hard ones are.
    gate = default_gate()
    heard = [r for r in sides.dev if gate.passes(normalise(r.headline))]
    dev, test = ([normalise(r.headline) for r in side] for side in (heard, sides.test))
    dev_logits, dev_gold = logits_of(model, tokenizer, dev), Gold.of(heard)
    calibration = fit_calibration(dev_logits, dev_gold)
    p = probabilities(dev_logits, calibration)
    thresholds = Thresholds(
        chip_export=fit_threshold(dev_gold.chip_export, p.chip_export),
        market_moving=fit_threshold(dev_gold.market_moving, p.market_moving, precision=0.9),
    )

    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        folder = Path(scratch) / "weights"
        folder.mkdir()
        texts = [normalise(r.headline) for r in sides.train[:: max(1, len(sides.train) // CALIBRATED_ON)]]
        onnx.save(
            graph_of(model, activations(model, tokenizer, texts), max_tokens=settings["max_tokens"]),
            folder / "model.onnx",
        )
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "name": name,
            "created": datetime.now(UTC).date().isoformat(),
            "labels": LABELS,
            "max_tokens": settings["max_tokens"],
            "thresholds": asdict(thresholds),
            **asdict(calibration),
            "data_hash": history["data_hash"],
            "headlines": history["headlines"],
            "teachers": history.get("teachers", []),  # older runs do not say
            "config": settings,
        }
        _write(folder / "manifest.json", manifest | {"probe": None})

        engine = OnnxEngine(folder, Manifest.read(folder), threads=settings["threads"])
        manifest["parity"] = check_parity(
            np.concatenate([dev_logits, logits_of(model, tokenizer, test)]),
            engine.logits(dev + test),
            thresholds,
            calibration,
        )
        manifest["probe"] = {"headline": PROBE, "logits": [round(float(x), 4) for x in engine.logits([PROBE])[0]]}
        test_gold, tested = Gold.of(sides.test), engine(test)
        answered = answers(tested, chip_export=thresholds.chip_export, market_moving=thresholds.market_moving)
        manifest["metrics"] = {k: round(v, 4) for k, v in quality(test_gold, answered).items()} | {
            "chip_export_calibration_error": round(calibration_error(test_gold.chip_export, tested.chip_export), 4)
        }
        _write(folder / "manifest.json", manifest)
        replace_folder(folder, out)
    return manifest


def check_parity(
    trained: Floats, exported: Floats, thresholds: Thresholds, calibration: Calibration
) -> dict[str, float]:
    """Share of decisions that the export changed, by head, and the greatest change of a probability.

    Raises:
        ModelError: a head changed more of its decisions than ``MAX_FLIPS`` allows.
    """
    a, b = probabilities(trained, calibration), probabilities(exported, calibration)
    at = asdict(thresholds)
    before, after = asdict(answers(a, **at)), asdict(answers(b, **at))
    parity = {head: round(float((before[head] != after[head]).mean()), 5) for head in before}
    for head, most in MAX_FLIPS.items():
        if parity[head] > most:
            raise ModelError(
                f"the exported model changes {parity[head]:.2%} of the {head} decisions; at most {most:.1%} may change"
            )
    return parity | {"chip_export_max_change": round(float(np.abs(a.chip_export - b.chip_export).max()), 5)}


def activations(model: HeadlineModel, tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, Floats]:
    """The greatest input of each of the encoder's matrices on some headlines, by the name of its weight, (in,) each."""
    peaks: dict[str, Any] = {}

    def watch(name: str) -> Any:
        def see(_layer: Any, inputs: Any) -> None:
            most = inputs[0].abs().flatten(0, -2).amax(0)
            peaks[name] = torch.maximum(peaks[name], most) if name in peaks else most

        return see

    layers = [(name, layer) for name, layer in model.named_modules() if name.startswith("encoder.encoder.")]
    hooks = [
        layer.register_forward_pre_hook(watch(f"{name}.weight"))
        for name, layer in layers
        if isinstance(layer, nn.Linear)
    ]
    logits_of(model, tokenizer, texts)
    for hook in hooks:
        hook.remove()
    return {name: most.numpy() for name, most in peaks.items()}


def graph_of(model: HeadlineModel, peaks: Mapping[str, Floats], *, max_tokens: int) -> onnx.ModelProto:
    """The model as it is served.

    Raises:
        ModelError: the encoder is not laid out like BERT.
    """
    weights = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    config = model.encoder.config
    try:
        graph = build(
            weights, peaks,
            heads=config.num_attention_heads, epsilon=config.layer_norm_eps, max_tokens=max_tokens,
        )  # fmt: skip
    except KeyError as e:
        raise ModelError(f"the encoder is not laid out like BERT: it has no {e}") from e
    onnx.checker.check_model(graph)
    return graph


def replace_folder(new: Path, old: Path) -> None:
    """Put a folder in the place of another, which stands aside until it has succeeded."""
    aside = new.with_name("before")
    if old.exists():
        old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        if aside.exists():
            aside.rename(old)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
