"""Rows of piece ids, put together: for training and for the runtime alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_length", "pad"]

Ids = NDArray[np.int64]


def by_length(rows: Sequence[Sized], size: int) -> Iterator[list[int]]:
    """Indices of all rows, at most ``size`` at a time, neighbours of one length together: little padding."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    for at in range(0, len(order), size):
        yield order[at : at + size]


def pad(rows: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Ids and mask, int64, shape (n, t), t the longest row, n ≥ 1.

    The padding piece is 0 in every BERT vocabulary; the mask is 0 there and 1 elsewhere.
    """
    ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask
