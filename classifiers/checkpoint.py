"""Any other fine-tuned ``transformers`` sequence classifier in the place of the shipped model. Needs torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.api import ModelError
from classifiers.batch import by_length
from classifiers.heads import Probabilities
from classifiers.labels import EVENTS, STATUSES, Event, Status

__all__ = ["CheckpointEngine", "columns_of", "open_checkpoint"]

CHUNK = 32
MAX_TOKENS = 128
YES = frozenset({"chip_export", "relevant", "positive", "yes", "true", "1", "label_1"})
"""Names under which a classifier with two labels may call the relevant one."""

EXPECTED: Final = (
    "expected the label chip_export, and if it can also market_moving, "
    f"the events {', '.join(EVENTS)} and the statuses {', '.join(STATUSES)}"
)


def columns_of(labels: Sequence[str]) -> Mapping[str, int]:
    """Which of a checkpoint's outputs answer which of our labels.

    Two kinds are understood. One that names our labels (``chip_export``, ``market_moving``, events,
    statuses, in any number and order) answers those. One with two labels of which one is called
    ``chip_export``, ``relevant``, ``positive``, ``yes``, ``true``, ``1`` or ``LABEL_1`` answers
    ``chip_export`` with it.

    Args:
        labels: the checkpoint's labels, in the order of its outputs.

    Raises:
        ModelError: ``chip_export`` cannot be answered.
    """
    names = [label.strip().lower().replace("-", "_").replace(" ", "_") for label in labels]
    ours = {"chip_export", "market_moving", *map(str, EVENTS), *map(str, STATUSES)}
    columns = {name: i for i, name in enumerate(names) if name in ours}
    if "chip_export" not in columns and len(names) == 2:
        for i, name in enumerate(names):
            if name in YES:
                columns["chip_export"] = i
    if "chip_export" not in columns:
        raise ModelError(f"the checkpoint answers {', '.join(labels)[:200]}; {EXPECTED}")
    return columns


class CheckpointEngine:
    """Normalised headlines to probabilities, through ``AutoModelForSequenceClassification``."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """Wrap an opened model.

        Raises:
            ModelError: none of its labels is ours.
        """
        config = model.config
        labels = [str(config.id2label[i]) for i in range(config.num_labels)]
        self._columns = columns_of(labels)
        # One choice among all outputs, unless the checkpoint was trained to answer each by itself
        self._softmax = config.problem_type != "multi_label_classification" and len(labels) > 1
        self._model = model.eval()
        self._tokenizer = tokenizer

    def embed(self, texts: Sequence[str]) -> None:
        """Another checkpoint was not taught which headlines tell of one event."""
        del texts

    def __call__(self, texts: Sequence[str]) -> Probabilities:
        """Probabilities of n ≥ 1 headlines.

        Where the checkpoint lacks a head, ``market_moving`` is what ``chip_export`` is, the event ``other``, the
        status ``commentary``.
        """
        import torch  # noqa: PLC0415 - seconds to import

        answers = np.zeros((len(texts), self._model.config.num_labels), dtype=np.float32)
        for chunk in by_length(texts, CHUNK):
            batch = self._tokenizer(
                [texts[i] for i in chunk], padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
            )
            with torch.inference_mode():
                logits = self._model(**batch).logits.float()  # (n, labels)
            answers[chunk] = (logits.softmax(-1) if self._softmax else logits.sigmoid()).numpy()
        n, column = len(texts), self._columns
        chip = answers[:, column["chip_export"]]
        moving = answers[:, column["market_moving"]] if "market_moving" in column else chip
        return Probabilities(
            chip_export=chip,
            market_moving=moving,
            event=_choice(answers, column, EVENTS, Event.OTHER, n),
            status=_choice(answers, column, STATUSES, Status.COMMENTARY, n),
        )


def _choice(
    answers: np.ndarray[Any, np.dtype[np.float32]],
    column: Mapping[str, int],
    labels: Sequence[str],
    default: str,
    n: int,
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A distribution over the labels, shape (n, labels); all on the default where the checkpoint knows none."""
    out = np.zeros((n, len(labels)), dtype=np.float32)
    for i, label in enumerate(labels):
        if label in column:
            out[:, i] = answers[:, column[label]]
    total = out.sum(axis=1, keepdims=True)
    out[total[:, 0] <= 0, list(labels).index(default)] = 1
    out /= out.sum(axis=1, keepdims=True)
    return out


def open_checkpoint(name_or_folder: str | Path, *, threads: int) -> CheckpointEngine:
    """Open a folder or a name on the Hub.

    Raises:
        ModelError: torch is missing, or there is no such checkpoint, or its labels are not ours.
    """
    try:
        import torch  # noqa: PLC0415
        from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415
    except ImportError as e:
        raise ModelError(
            f"{name_or_folder}: a checkpoint of one's own needs torch: pip install 'chipwire[train]'"
        ) from e
    torch.set_num_threads(threads)
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(name_or_folder))
        model = AutoModelForSequenceClassification.from_pretrained(str(name_or_folder))
    except Exception as e:  # the library raises OSError, ValueError, KeyError and its own
        raise ModelError(f"{name_or_folder}: {_refusal(Path(name_or_folder), e)}; {EXPECTED}") from e
    return CheckpointEngine(model, tokenizer)


def _refusal(folder: Path, error: Exception) -> str:
    """One line for what the library tells in many."""
    if folder.is_dir():
        return f"the folder holds no sequence-classification checkpoint ({str(error).strip().splitlines()[0]})"
    return "there is no such folder, and no sequence-classification checkpoint of that name can be had from the Hub"
