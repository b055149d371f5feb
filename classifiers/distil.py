"""What a model learns from others: their probabilities beside the labels.

Several teachers that differ in their seed are right more often than one, and a student of them keeps most of
that; a student of half the layers keeps nearly all of its teacher.

Source: Hinton et al. 2015, arXiv:1503.02531; DistilBERT, Sanh et al. 2019, arXiv:1910.01108.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that every reader of PyTorch knows

from classifiers.heads import HEADS
from classifiers.model import HeadlineModel, load_run

__all__ = ["SOFTNESS", "open_teachers", "shallow", "soft_loss"]

SOFTNESS = 2.0  # temperature of both sides: what a teacher holds for half likely says most


def open_teachers(runs: Sequence[Path]) -> list[tuple[HeadlineModel, Tokenizer]]:
    """Load the models of finished runs.

    Raises:
        ModelError: a folder holds no finished run.
    """
    return [load_run(run) for run in runs]


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


def soft_loss(logits: Tensor, taught: Tensor) -> Tensor:
    """How far a student is from its teachers, a scalar.

    Args:
        logits: the student's, float32, shape (n, WIDTH).
        taught: the mean of the teachers' logits, of the same shape.
    """
    z, target = logits / SOFTNESS, taught / SOFTNESS
    total = torch.zeros(())
    for head in HEADS:
        own, wanted = z[:, head.columns], target[:, head.columns]
        if head.binary:
            total = total + F.binary_cross_entropy_with_logits(own, wanted.sigmoid())
        else:
            total = total + F.cross_entropy(own, wanted.softmax(-1))
    return total * SOFTNESS**2  # gradients shrink with the square
