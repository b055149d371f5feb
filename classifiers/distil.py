"""What a model learns from others: their probabilities beside the labels.

Several teachers that differ in their seed are right more often than one, and a student of them keeps most of
that; a student of half the layers keeps nearly all of its teacher. Weights that ship can teach too: so what one
release has learnt from several teachers goes on to the next, which need not train them again.

Source: Hinton et al. 2015, arXiv:1503.02531; DistilBERT, Sanh et al. 2019, arXiv:1910.01108.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows

from classifiers.heads import HEADS, Floats
from classifiers.model import HeadlineModel, logits_of
from classifiers.run_folder import load_run
from classifiers.serve import Manifest, OnnxEngine

__all__ = ["SOFTNESS", "Teacher", "heard", "open_teacher", "shallow", "soft_losses"]

SOFTNESS = 2.0  # temperature of both sides: what a teacher holds for half likely says most


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody to learn from."""

    name: str

    logits: Callable[[Sequence[str]], Floats]
    """Of n normalised headlines, float32, shape (n, WIDTH)."""

    model: tuple[HeadlineModel, Tokenizer] | None
    """What a student may begin as; weights in eight bits give none."""


def open_teacher(folder: Path, *, threads: int, place: torch.device) -> Teacher:
    """A finished training run, or weights as they ship.

    Args:
        folder: of the run or the weights.
        threads: of the weights' runtime.
        place: where a run's model computes.

    Raises:
        ModelError: the folder holds neither.
    """
    if (folder / "manifest.json").is_file():
        manifest = Manifest.read(folder)
        return Teacher(manifest.name, OnnxEngine(folder, manifest, threads=threads).logits, None)
    model, tokenizer = load_run(folder)
    model.to(place)
    return Teacher(folder.name, lambda texts: logits_of(model, tokenizer, texts), (model, tokenizer))


def shallow(teacher: HeadlineModel, layers: int, *, dropout: float) -> HeadlineModel:
    """A copy with so many of the encoder's layers, evenly spaced, the first and the last among them."""
    student = copy.deepcopy(teacher)
    stack = student.encoder.encoder.layer
    last = len(stack) - 1
    kept = sorted({round(i * last / max(layers - 1, 1)) for i in range(layers)})
    student.encoder.encoder.layer = nn.ModuleList(stack[i] for i in kept)
    student.encoder.config.num_hidden_layers = len(kept)
    for module in student.modules():
        if isinstance(module, nn.Dropout):
            module.p = dropout
    return student


def soft_losses(logits: Tensor, taught: Tensor) -> Tensor:
    """How far a student is from its teachers, by headline and head, shape (n, heads).

    Args:
        logits: the student's, float32, shape (n, WIDTH).
        taught: the mean of the teachers' logits, of the same shape.
    """
    z, target = logits / SOFTNESS, taught / SOFTNESS
    losses = []
    for head in HEADS:
        own, wanted = z[:, head.columns], target[:, head.columns]
        if head.binary:
            losses.append(F.binary_cross_entropy_with_logits(own, wanted.sigmoid(), reduction="none")[:, 0])
        else:
            losses.append(F.cross_entropy(own, wanted.softmax(-1), reduction="none"))
    return torch.stack(losses, 1) * SOFTNESS**2  # gradients shrink with the square


def heard(taught: Tensor, gold: Tensor) -> Tensor:
    """Where the teachers say what the label says, bool, shape (n, heads): elsewhere there is something new to learn.

    Beside the event ``other`` the label of the status is ``commentary`` by rule; a teacher that reads it so is heard.

    Args:
        taught: logits, shape (n, WIDTH).
        gold: labels as indices, shape (n, heads).
    """
    said = [(taught[:, head.start] > 0).long() if head.binary else taught[:, head.columns].argmax(1) for head in HEADS]
    return torch.stack(said, 1) == gold
