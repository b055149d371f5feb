"""What headlines mean, as a model's vectors, kept so that the nearest are found at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Meaning = NDArray[np.float32]
"""Of one headline, length 1: (d,)."""

Embed = Callable[[Sequence[str]], Sequence[Meaning] | None]
"""Headlines to their meanings, in order; None when the model has none to give."""

_K = TypeVar("_K", bound=Hashable)


def likeness(one: Meaning | None, other: Meaning | None) -> float:
    """Cosine of two meanings, -1 to 1; 0 where either is not known."""
    return 0.0 if one is None or other is None else float(one @ other)


@dataclass(slots=True)
class Meanings(Generic[_K]):
    """Meanings by key, in one matrix."""

    _rows: Meaning = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))  # (capacity, d)
    _keys: list[_K | None] = field(default_factory=list)  # by row
    _row: dict[_K, int] = field(default_factory=dict)
    _free: list[int] = field(default_factory=list)

    def put(self, key: _K, meaning: Meaning) -> None:
        """Keep the meaning of a key that is not there yet."""
        if not self._free:
            old = len(self._rows)
            grown = np.zeros((max(64, 2 * old), len(meaning)), dtype=np.float32)
            if old:
                grown[:old] = self._rows
            self._rows = grown
            self._keys += [None] * (len(grown) - old)
            self._free = list(range(old, len(grown)))[::-1]
        row = self._free.pop()
        self._rows[row], self._keys[row], self._row[key] = meaning, key, row

    def drop(self, key: _K) -> None:
        """Forget a key; does nothing when it is not there."""
        row = self._row.pop(key, None)
        if row is not None:
            self._rows[row], self._keys[row] = 0, None
            self._free.append(row)

    def nearest(self, meaning: Meaning, count: int) -> list[_K]:
        """At most so many keys, the nearest first."""
        if not self._row:
            return []
        cosine = self._rows @ meaning  # (capacity,); 0 where a row is free
        best = np.argsort(-cosine, kind="stable")[: count + len(self._free)]
        return [key for row in best if (key := self._keys[row]) is not None][:count]

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._row)
