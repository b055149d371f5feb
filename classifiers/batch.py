"""Rows of piece ids, put together: for training and for the runtime alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["pad"]

Ids = NDArray[np.int64]


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
