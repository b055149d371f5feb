"""What "the same event?" is learnt from: headlines of one story drawn together, all others pushed away.

A near miss shares more words with a story than most of the story's own headlines do; it stands in the same batch, so
that it pushes hardest.

Source: supervised contrastive learning, Khosla et al. 2020, arXiv:2004.11362; InfoNCE, van den Oord et al. 2018,
arXiv:1807.03748.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

__all__ = ["family_batches", "family_loss", "found_again"]

SHARPNESS: Final = 20.0  # cosines times this are the logits: a temperature of 0.05, the usual one for sentences
_NEVER: Final = -1e4  # a logit that counts for nothing


def family_batches(sizes: Sequence[int], *, count: int, most: int, seed: int) -> Iterator[list[tuple[int, int]]]:
    """Every family once, ``count`` to a batch, of each at most ``most`` headlines drawn at random.

    Args:
        sizes: headlines of each family.
        count: families in a batch, 1 or more.
        most: headlines of a family in a batch, 2 or more.
        seed: of the order and the draw.

    Yields:
        (family, headline) indices.
    """
    rng = random.Random(seed)  # noqa: S311 - shuffling
    order = list(range(len(sizes)))
    rng.shuffle(order)
    for at in range(0, len(order), count):
        yield [(f, h) for f in order[at : at + count] for h in rng.sample(range(sizes[f]), min(most, sizes[f]))]


def family_loss(sense: Tensor, stories: Sequence[str]) -> Tensor:
    """How far headlines lie from those of their story, against all that are not of it; a scalar.

    Args:
        sense: float32, shape (n, d), each of length 1.
        stories: n names.
    """
    index = {story: i for i, story in enumerate(dict.fromkeys(stories))}
    label = torch.tensor([index[story] for story in stories], device=sense.device)
    logits = SHARPNESS * sense @ sense.T  # (n, n)
    same = (label[:, None] == label[None, :]) & ~torch.eye(len(stories), dtype=torch.bool, device=sense.device)
    other = label[:, None] != label[None, :]
    against = torch.logsumexp(logits.masked_fill(~other, _NEVER), 1, keepdim=True)  # (n, 1)
    # Each true one alone against all false ones: many rewrites of one story do not compete with each other.
    lost = torch.logaddexp(logits, against) - logits  # (n, n)
    counts = same.sum(1)
    told = counts > 0
    if not told.any():
        return logits.sum() * 0
    loss: Tensor = ((lost * same).sum(1)[told] / counts[told]).mean()
    return loss


def found_again(sense: np.ndarray[Any, np.dtype[np.float32]], stories: Sequence[str]) -> float:
    """Of the headlines whose story has another, the share whose nearest headline is of their story; 0 where none has.

    Args:
        sense: float32, shape (n, d), each of length 1.
        stories: n names.
    """
    size = Counter(stories)
    near = sense @ sense.T
    np.fill_diagonal(near, -2)
    asked = [i for i, story in enumerate(stories) if size[story] > 1]
    if not asked:
        return 0.0
    return float(np.mean([stories[int(near[i].argmax())] == stories[i] for i in asked]))
