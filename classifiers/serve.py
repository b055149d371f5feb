"""The classifier at work: ONNX Runtime and tokenizers, no torch, no transformers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from classifiers.api import Classifier, ModelError, Score, Thresholds
from classifiers.batch import by_length, pad
from classifiers.gate import Gate, default_gate
from classifiers.heads import HEADS, WIDTH, Calibration, Floats, Probabilities, probabilities
from classifiers.labels import EVENTS, STATUSES, Event, Status
from classifiers.text import language, normalise

__all__ = ["FAST_DIR", "WEIGHTS_DIR", "HeadlineClassifier", "Manifest", "load", "load_checkpoint"]

WEIGHTS_DIR: Final = Path(__file__).parent / "weights" / "full"
FAST_DIR: Final = Path(__file__).parent / "weights" / "fast"
FORMAT: Final = 3  # from which no product of 8-bit numbers can overflow: see classifiers.graph
PROBE_TOLERANCE: Final = 0.25  # of a logit; other processors round a little otherwise
CHUNK: Final = 32  # headlines in one call: 8 to 32 win, 256 falls out of the cache
LABELS: Final = {head.name: list(head.labels) for head in HEADS}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a weights folder says of itself (``manifest.json``)."""

    name: str
    max_tokens: int
    thresholds: Thresholds
    calibration: Calibration
    probe: tuple[str, tuple[float, ...]] | None  # a headline and its logits where it was exported

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check the manifest of a weights folder.

        Raises:
            ModelError: it is missing, damaged, or of a model with other labels.
        """
        path = folder / "manifest.json"
        try:
            row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except OSError as e:
            raise ModelError(f"{path}: no model here ({e.strerror}); expected one with the labels {_expected()}") from e
        except ValueError as e:
            raise ModelError(f"{path}: not a manifest ({e}); expected one with the labels {_expected()}") from e
        try:
            if row["labels"] != LABELS:
                raise ModelError(
                    f"{path}: the model has other labels ({_listed(row['labels'])}); expected {_expected()}"
                )
            if row["format"] != FORMAT:
                raise ModelError(f"{path}: format {row['format']}, this version reads {FORMAT}; labels {_expected()}")
            return cls(
                name=str(row["name"]),
                max_tokens=int(row["max_tokens"]),
                thresholds=Thresholds(**_numbers(row["thresholds"])),
                calibration=Calibration(_numbers(row["temperatures"]), _numbers(row["shifts"])),
                probe=_probe(row["probe"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise ModelError(
                f"{path}: not a manifest of this project ({e!r}); expected the labels {_expected()}"
            ) from e


def _numbers(row: Any) -> dict[str, float]:
    return {str(k): float(v) for k, v in row.items()}


def _probe(row: Any) -> tuple[str, tuple[float, ...]] | None:
    return None if row is None else (str(row["headline"]), tuple(map(float, row["logits"])))


def _listed(labels: Any) -> str:
    if not isinstance(labels, Mapping):
        return repr(labels)[:200]
    return "; ".join(f"{name}: {', '.join(map(str, values))}" for name, values in labels.items())[:400]


def _expected() -> str:
    return _listed(
        {k: v for k, v in LABELS.items() if k in {"event", "status"}} | {"yes/no": ["chip_export", "market_moving"]}
    )


class Engine(Protocol):
    """Normalised headlines to probabilities; what differs between the shipped model and another checkpoint."""

    def __call__(self, texts: Sequence[str]) -> Probabilities:
        """Probabilities of n ≥ 1 normalised headlines."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats | None:
        """Vectors of n ≥ 0 normalised headlines, (n, d); None when it has none to give."""
        ...


class OnnxEngine:
    """One weights folder in one ONNX Runtime session."""

    def __init__(self, folder: Path, manifest: Manifest, *, threads: int) -> None:
        """Open the session.

        Raises:
            ModelError: a file is missing, damaged, or not the one that the manifest was written for.
        """
        self._calibration = manifest.calibration
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the bot shares its machine
        # The graph says itself what is computed in int8; the runtime must not quantise more.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise ModelError(
                    f"{folder / name}: the file is missing; it belongs to {manifest.name}, labels {_expected()}"
                )
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()  # padded by chunk below
            self._tokenizer.enable_truncation(manifest.max_tokens)
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as e:  # both libraries raise bare exceptions of their own
            raise ModelError(f"{folder}: the model cannot be loaded ({e}); expected the labels {_expected()}") from e
        outputs = {output.name: output.shape[-1] for output in self._session.get_outputs()}
        width, self._dimensions = outputs.get("logits"), outputs.get("embedding", 0)
        if width != WIDTH:
            raise ModelError(f"{folder / 'model.onnx'}: {width} outputs, expected {WIDTH}; labels {_expected()}")
        if manifest.probe is not None:
            text, expected = manifest.probe
            try:
                off = float(np.abs(self.logits([text])[0] - np.array(expected, dtype=np.float32)).max())
            except Exception as e:  # the runtime's own, where network and tokenizer are not of one model
                raise ModelError(f"{folder}: its files do not belong together ({e}); labels {_expected()}") from e
            if off > PROBE_TOLERANCE:
                raise ModelError(
                    f"{folder}: the model computes other scores here than where it was exported (a logit is off by "
                    f"{off:.2f}): its files do not belong together, or onnxruntime must be updated; "
                    f"labels {_expected()}"
                )

    def __call__(self, texts: Sequence[str]) -> Probabilities:
        """Probabilities of n ≥ 0 normalised headlines."""
        return probabilities(self.logits(texts), self._calibration)

    def logits(self, texts: Sequence[str]) -> Floats:
        """Logits of n ≥ 0 normalised headlines, float32, shape (n, WIDTH)."""
        return self._run(texts, "logits", WIDTH)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of n ≥ 0 normalised headlines, float32, shape (n, d), each of length 1."""
        return self._run(texts, "embedding", self._dimensions)

    def _run(self, texts: Sequence[str], output: str, width: int) -> Floats:
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        out = np.zeros((len(rows), width), dtype=np.float32)
        for chunk in by_length(rows, CHUNK):
            ids, mask = pad([rows[i] for i in chunk])
            out[chunk] = self._session.run([output], {"input_ids": ids, "attention_mask": mask})[0]
        return out


class HeadlineClassifier:
    """The gate, then an engine; see ``classifiers.api.Classifier``."""

    def __init__(self, name: str, thresholds: Thresholds, engine: Engine, gate: Gate) -> None:
        self._name = name
        self._thresholds = thresholds
        self._engine = engine
        self._gate = gate

    @property
    def name(self) -> str:
        """Model name and version."""
        return self._name

    @property
    def thresholds(self) -> Thresholds:
        """The shipped thresholds per head."""
        return self._thresholds

    def score(self, headlines: Sequence[str], *, official: Sequence[bool] | None = None) -> list[Score]:
        """Score n headlines, n ≥ 0, in their order.

        Args:
            headlines: raw headline text.
            official: n flags; where true the headline goes past the gate.

        Raises:
            ModelError: inference failed.
            ValueError: ``official`` has another length.
        """
        if official is not None and len(official) != len(headlines):
            raise ValueError(f"{len(headlines)} headlines but {len(official)} official flags")
        texts = [normalise(h) for h in headlines]
        passed = [
            i
            for i, text in enumerate(texts)
            if text and ((official is not None and official[i] and language(text) == "en") or self._gate.passes(text))
        ]
        scores = [self._gated(headline) for headline in headlines]
        if not passed:
            return scores
        try:
            p = self._engine([texts[i] for i in passed])
        except Exception as e:  # the runtime raises bare exceptions of its own
            raise ModelError(f"{self._name}: inference failed ({e})") from e
        events, statuses = p.event_choice, p.status_choice
        for row, i in enumerate(passed):
            event, status = int(events[row]), int(statuses[row])
            scores[i] = Score(
                chip_export=float(p.chip_export[row]),
                market_moving=float(p.market_moving[row]),
                event=EVENTS[event],
                event_prob=float(p.event[row, event]),
                status=STATUSES[status],
                status_prob=float(p.status[row, status]),
                language=language(headlines[i]),
                model=self._name,
            )
        return scores

    def embed(self, headlines: Sequence[str]) -> Sequence[Floats] | None:
        """See ``classifiers.api.Classifier``.

        Raises:
            ModelError: inference failed.
        """
        try:
            found = self._engine.embed([normalise(headline) for headline in headlines])
        except Exception as e:  # as above
            raise ModelError(f"{self._name}: inference failed ({e})") from e
        return None if found is None else list(found)

    def _gated(self, headline: str) -> Score:
        return Score(
            chip_export=0.0,
            market_moving=0.0,
            event=Event.OTHER,
            event_prob=1.0,
            status=Status.COMMENTARY,
            status_prob=1.0,
            language=language(headline),
            model=self._name,
            gated=True,
        )


def load(path: Path | None = None, *, threads: int = 2) -> Classifier:
    """Open a weights folder.

    Args:
        path: a folder with ``manifest.json``, ``model.onnx`` and ``tokenizer.json``; the shipped one if left out.
        threads: threads of one inference.

    Raises:
        ModelError: a file is missing or foreign; the text says which, and which labels were expected.
    """
    folder = path or WEIGHTS_DIR
    manifest = Manifest.read(folder)
    return HeadlineClassifier(
        manifest.name, manifest.thresholds, OnnxEngine(folder, manifest, threads=threads), default_gate()
    )


def load_checkpoint(name_or_folder: str | Path, *, threads: int = 2) -> Classifier:
    """Open any other fine-tuned ``transformers`` sequence-classification checkpoint.

    Its labels decide what it answers: see ``classifiers.checkpoint``. Needs torch.

    Args:
        name_or_folder: a folder, or a name on the Hub.
        threads: threads of one inference.

    Raises:
        ModelError: torch is missing, the checkpoint cannot be opened, or no label of it is ours.
    """
    from classifiers.checkpoint import open_checkpoint  # noqa: PLC0415 - torch takes seconds to import

    engine = open_checkpoint(name_or_folder, threads=threads)
    return HeadlineClassifier(
        str(name_or_folder), Thresholds(chip_export=0.5, market_moving=0.5), engine, default_gate()
    )
