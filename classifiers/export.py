"""From a training run to the weights that ship: ONNX with int8 weights, tokenizer, manifest.

Weights are int8 with one scale for 32 of them, unpacked by ``DequantizeLinear``; the arithmetic
stays in float32. That is deterministic, independent of what else is in the batch, and a quarter of
the size. Nothing is written before the exported model has agreed with the trained one.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from classifiers.api import ModelError, Thresholds
from classifiers.batch import pad
from classifiers.calibrate import fit_temperatures, fit_threshold
from classifiers.dataset import data_hash, load, split
from classifiers.gate import default_gate
from classifiers.heads import Floats, probabilities
from classifiers.metrics import Gold, answers, calibration_error, quality
from classifiers.model import HeadlineModel, load_run
from classifiers.serve import FORMAT, LABELS, WEIGHTS_DIR, Manifest, OnnxEngine
from classifiers.text import normalise
from classifiers.train import logits_of

__all__ = ["export", "quantise", "to_onnx"]

NAME: Final = "chipwire-minilm-1"
OPSET: Final = 21  # the first whose DequantizeLinear knows blocks
BLOCK: Final = 32  # weights that share a scale
MAX_FLIPS: Final = 0.005  # decisions that may differ between the trained and the exported model
MIN_QUANTISED: Final = 16_384  # elements; smaller tensors, the heads among them, cost nothing in float32


def export(
    run: Path, out: Path | None = None, *, data: Sequence[Path] | None = None, name: str = NAME
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

    # Temperatures and thresholds from the dev side, figures from the test side. What the gate drops the model is
    # never asked: with it, easy answers would hide how sure the hard ones are.
    gate = default_gate()
    heard = [r for r in sides.dev if gate.passes(normalise(r.headline))]
    dev, test = ([normalise(r.headline) for r in side] for side in (heard, sides.test))
    dev_logits, dev_gold = logits_of(model, tokenizer, dev), Gold.of(heard)
    temperatures = fit_temperatures(dev_logits, dev_gold)
    p = probabilities(dev_logits, temperatures)
    thresholds = Thresholds(
        chip_export=fit_threshold(dev_gold.chip_export, p.chip_export),
        market_moving=fit_threshold(dev_gold.market_moving, p.market_moving, precision=0.9),
    )

    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        folder = Path(scratch) / "weights"
        folder.mkdir()
        onnx.save(quantise(to_onnx(model, tokenizer)), folder / "model.onnx")
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "name": name,
            "created": datetime.now(UTC).date().isoformat(),
            "labels": LABELS,
            "max_tokens": settings["max_tokens"],
            "thresholds": asdict(thresholds),
            "temperatures": temperatures,
            "data_hash": history["data_hash"],
            "headlines": history["headlines"],
            "config": settings,
        }
        _write(folder / "manifest.json", manifest)

        engine = OnnxEngine(folder, Manifest.read(folder), threads=settings["threads"])
        manifest["parity"] = check_parity(
            np.concatenate([dev_logits, logits_of(model, tokenizer, test)]),
            engine.logits(dev + test),
            thresholds,
            temperatures,
        )
        test_gold, tested = Gold.of(sides.test), engine(test)
        answered = answers(tested, chip_export=thresholds.chip_export, market_moving=thresholds.market_moving)
        manifest["metrics"] = {k: round(v, 4) for k, v in quality(test_gold, answered).items()} | {
            "chip_export_calibration_error": round(calibration_error(test_gold.chip_export, tested.chip_export), 4)
        }
        _write(folder / "manifest.json", manifest)
        replace_folder(folder, out)
    return manifest


def check_parity(
    trained: Floats, exported: Floats, thresholds: Thresholds, temperatures: dict[str, float]
) -> dict[str, float]:
    """Share of decisions that the export changed, by head, and the greatest change of a probability.

    Raises:
        ModelError: a head changed more than ``MAX_FLIPS`` of its decisions.
    """
    a, b = probabilities(trained, temperatures), probabilities(exported, temperatures)
    at = asdict(thresholds)
    before, after = asdict(answers(a, **at)), asdict(answers(b, **at))
    parity = {head: round(float((before[head] != after[head]).mean()), 5) for head in before}
    worst = max(parity, key=parity.__getitem__)
    if parity[worst] > MAX_FLIPS:
        raise ModelError(
            f"the exported model changes {parity[worst]:.2%} of the {worst} decisions; "
            f"at most {MAX_FLIPS:.1%} may change"
        )
    return parity | {"chip_export_max_change": round(float(np.abs(a.chip_export - b.chip_export).max()), 5)}


def to_onnx(model: HeadlineModel, tokenizer: Tokenizer) -> onnx.ModelProto:
    """The model as a graph in float32: ``input_ids`` and ``attention_mask`` (n, t) to ``logits`` (n, WIDTH)."""
    example = pad([e.ids for e in tokenizer.encode_batch(["chips to china", "curbs on chips exports"])])  # traced only
    n, t = torch.export.Dim("n"), torch.export.Dim("t")
    exporter_log = logging.getLogger("torch.onnx")  # tells that torchvision is missing, which nobody asked for
    level = exporter_log.level
    exporter_log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter deprecates its own calls
            program = torch.onnx.export(
                model.eval(),
                tuple(map(torch.from_numpy, example)),
                input_names=["input_ids", "attention_mask"],
                output_names=["logits"],
                dynamic_shapes=({0: n, 1: t}, {0: n, 1: t}),
                opset_version=OPSET,
                dynamo=True,
                external_data=False,
                verbose=False,
            )
    finally:
        exporter_log.setLevel(level)
    if program is None:
        raise ModelError("torch made no ONNX program")
    graph: onnx.ModelProto = program.model_proto
    return graph


def quantise(graph: onnx.ModelProto) -> onnx.ModelProto:
    """A copy with every large weight in int8 and a ``DequantizeLinear`` before its use.

    One symmetric scale for ``BLOCK`` weights in a row, along the dimension that is summed over (or
    looked up, in an embedding). One scale for a whole row flips three times as many decisions.
    """
    out = onnx.ModelProto()
    out.CopyFrom(graph)
    del out.graph.value_info[:]  # stale shapes and types break the runtime's checks
    uses = {name: node for node in out.graph.node for name in node.input}
    kept, nodes = [], []
    for tensor in out.graph.initializer:
        weight = numpy_helper.to_array(tensor)
        node = uses.get(tensor.name)
        if tensor.data_type != TensorProto.FLOAT or weight.ndim != 2 or weight.size < MIN_QUANTISED or node is None:
            kept.append(tensor)
            continue
        transposed = node.op_type == "Gemm" and any(a.name == "transB" and a.i for a in node.attribute)
        axis = 1 if node.op_type == "Gather" or transposed else 0
        if weight.shape[axis] % BLOCK:
            kept.append(tensor)
            continue
        packed, scale = _pack(weight, axis)
        kept += [
            numpy_helper.from_array(packed, f"{tensor.name}.int8"),
            numpy_helper.from_array(scale, f"{tensor.name}.scale"),
        ]
        nodes.append(
            helper.make_node(
                "DequantizeLinear", [f"{tensor.name}.int8", f"{tensor.name}.scale"], [tensor.name],
                name=f"{tensor.name}.unpack", axis=axis, block_size=BLOCK,
            )
        )  # fmt: skip
    nodes += out.graph.node
    del out.graph.initializer[:], out.graph.node[:]
    out.graph.initializer.extend(kept)
    out.graph.node.extend(nodes)
    for node in out.graph.node:
        del node.metadata_props[:]  # stack traces of the exporter, with paths of this machine
        node.doc_string = ""
    onnx.checker.check_model(out)
    return out


def _pack(weight: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Int8 weights of the same shape, and their scales: shape divided by ``BLOCK`` along the axis."""
    rows = weight if axis == 1 else weight.T  # (r, c), blocks along c
    blocks = rows.reshape(rows.shape[0], -1, BLOCK)  # (r, c / BLOCK, BLOCK)
    scale = np.abs(blocks).max(axis=2) / 127  # (r, c / BLOCK)
    scale = np.where(scale > 0, scale, 1).astype(np.float32)
    packed = np.rint(blocks / scale[:, :, None]).astype(np.int8).reshape(rows.shape)
    return (packed, scale) if axis == 1 else (np.ascontiguousarray(packed.T), np.ascontiguousarray(scale.T))


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
