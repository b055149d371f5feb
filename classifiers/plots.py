"""Plots of a yes/no head as inline SVG: no library, no script, colours from the page's own variables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers.metrics import Floats, Ints

__all__ = ["Bin", "histogram", "pr_curve", "pr_points", "reliability", "reliability_bins", "wilson"]

WIDTH: Final = 340
HEIGHT: Final = 290
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 14, 40  # room for axes and their names, in pixels
BINS: Final = 10
HISTOGRAM_BINS: Final = 20
GOOD: Final = 0.75  # from here on the upper right quarter of a precision-recall plot is the part to look at


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Bin:
    """Headlines whose probability fell into one tenth."""

    count: int
    predicted: float  # mean probability
    observed: float  # share of yes
    low: float  # of its 95 % interval
    high: float


def reliability_bins(gold: Ints, p: Floats, *, bins: int = BINS) -> list[Bin]:
    """Mean probability against the share of yes, in bins of equal width; empty bins are left out."""
    bin_of = np.minimum((p * bins).astype(np.int64), bins - 1)
    out = []
    for b in np.unique(bin_of):
        mine = bin_of == b
        count, yes = int(mine.sum()), int(gold[mine].sum())
        out.append(Bin(count, float(p[mine].mean()), yes / count, *wilson(yes, count)))
    return out


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share, of ≥ 1.

    Source: Wilson 1927, Journal of the American Statistical Association 22, p. 209.
    """
    z = 1.96
    share, weight = hits / of, z * z / of
    middle, half = share + weight / 2, z * math.sqrt(share * (1 - share) / of + weight / (4 * of))
    return max(0.0, (middle - half) / (1 + weight)), min(1.0, (middle + half) / (1 + weight))


def pr_points(gold: Ints, p: Floats) -> list[tuple[float, float]]:
    """(recall, precision) at every probability that occurs as a threshold, falling; 0 (never read) is none."""
    order = np.argsort(-p, kind="stable")
    ranked = p[order]
    last = np.append(ranked[1:] != ranked[:-1], True) & (ranked > 0)  # (n,), the last headline of its probability
    hits = np.cumsum(gold[order])
    total = int(gold.sum())
    if not total:
        return []
    said = np.arange(1, len(p) + 1)
    return [(float(hits[i] / total), float(hits[i] / said[i])) for i in np.flatnonzero(last)]


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Frame:
    """Data to pixels."""

    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        return "M" + "L".join("{:.1f} {:.1f}".format(*self.at(*point)) for point in points)

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
        (a, b), (c, d) = self.at(x1, y1), self.at(x2, y2)
        return f'<line class="{kind}" x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}"/>'

    def box(self, kind: str, x1: float, y1: float, x2: float, y2: float, *, title: str) -> str:
        (a, b), (c, d) = self.at(x1, y2), self.at(x2, y1)
        size = f'width="{c - a:.1f}" height="{max(d - b, 0):.1f}"'
        return f'<rect class="{kind}" x="{a:.1f}" y="{b:.1f}" {size} rx="1.5"><title>{title}</title></rect>'

    def text(self, x: float, y: float, words: str, *, kind: str = "", anchor: str = "start", dx: int, dy: int) -> str:
        a, b = self.at(x, y)
        return f'<text class="{kind}" x="{a + dx:.1f}" y="{b + dy:.1f}" text-anchor="{anchor}">{words}</text>'

    def axes(
        self,
        across: str,
        up: str,
        xs: Sequence[float],
        ys: Sequence[float],
        named: Callable[[float], str] | None = None,
    ) -> str:
        out = []
        for y in ys:
            out += [
                self.line("grid", self.x[0], y, self.x[1], y),
                self.text(self.x[0], y, (named or _short)(y), anchor="end", dx=-7, dy=4),
            ]
        out += [self.text(x, self.y[0], _short(x), anchor="middle", dx=0, dy=16) for x in xs]
        out.append(self.line("axis", self.x[0], self.y[0], self.x[1], self.y[0]))
        middle = (TOP + HEIGHT - BOTTOM) / 2
        turned = f'transform="rotate(-90 11 {middle})" x="11" y="{middle}" text-anchor="middle"'
        out += [
            self.text(sum(self.x) / 2, self.y[0], across, kind="name", anchor="middle", dx=0, dy=34),
            f'<text class="name" {turned}>{up}</text>',
        ]
        return "".join(out)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _svg(label: str, *parts: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def reliability(gold: Ints, p: Floats) -> str:
    """The reliability diagram: on the diagonal, a probability means what it says."""
    frame = _Frame()
    bins = reliability_bins(gold, p)
    most = max((b.count for b in bins), default=1)
    parts = [
        frame.axes("probability said", "share that was yes", _quarters(0), _quarters(0)),
        frame.line("ideal", 0, 0, 1, 1),
        frame.text(1, 0, "too sure", kind="aside", anchor="end", dx=-6, dy=-16),
        frame.text(0, 1, "too modest", kind="aside", dx=8, dy=18),
    ]
    parts += [frame.line("whisker", b.predicted, b.low, b.predicted, b.high) for b in bins]
    for b in bins:
        x, y = frame.at(b.predicted, b.observed)
        radius = 3 + 6 * math.sqrt(b.count / most)  # the area follows the count
        told = f"said {b.predicted:.2f}, was {b.observed:.2f} [{b.low:.2f}, {b.high:.2f}], {b.count:,} headlines"
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{told}</title></circle>')
    return _svg("reliability diagram", *parts)


def pr_curve(gold: Ints, p: Floats, *, threshold: float) -> str:
    """Precision over recall, the shipped threshold marked; the upper right quarter alone where all is in it."""
    points = pr_points(gold, p)
    if not points:
        return _svg("precision-recall curve", _nothing("no headline here is a yes: no curve"))
    said = p >= threshold
    hits = int(gold[said].sum())
    here = (hits / int(gold.sum()), hits / int(said.sum())) if said.any() else None
    low = 0.5 if here and min(here) >= GOOD else 0.0
    frame = _Frame((low, 1.0), (low, 1.0))
    inside = [(r, q) for r, q in points if r >= low and q >= low]
    start = [(low, next(q for r, q in points if r >= low))] if inside else []
    ticks = [low + i * (1 - low) / 5 for i in range(6)]
    parts = [
        frame.axes("recall", "precision", ticks, ticks),
        f'<path class="curve" d="{frame.path([*start, *inside])}"/>' if inside else "",
    ]
    if here:
        recall, precision = here
        x, y = frame.at(recall, precision)
        right = recall < low + 0.55 * (1 - low)  # the note goes where there is room
        notes = (f"threshold {threshold:.2f}", f"precision {precision:.3f}", f"recall {recall:.3f}")
        parts += [
            frame.line("cross", recall, low, recall, precision),
            frame.line("cross", low, precision, recall, precision),
            f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="5.5"><title>{", ".join(notes)}</title></circle>',
        ]
        for i, note in enumerate(notes):
            dx, anchor = (12, "start") if right else (-12, "end")
            parts.append(
                frame.text(recall, precision, note, kind="" if i else "note", anchor=anchor, dx=dx, dy=22 + 15 * i)
            )
    return _svg("precision-recall curve", *parts)


def histogram(gold: Ints, p: Floats, *, threshold: float) -> str:
    """Headlines by probability, yes above and no below, on a logarithmic scale; the shipped threshold marked."""
    above, below = (_counts(p[gold == label]) for label in (1, 0))
    top, bottom = (1.1 * _height(max(int(side.max()), 10)) for side in (above, below))  # each side as high as it needs
    frame = _Frame(y=(-bottom, top))
    counted = {round(_height(10**k), 6): f"{10**k:,}" for k in range(10)}  # ticks, by where they stand
    ticks = [h for h in counted if h <= top] + [-h for h in counted if h <= bottom]
    parts = [
        frame.axes("probability said", "headlines", _quarters(0), ticks, lambda y: counted[round(abs(y), 6)]),
    ]
    for label, counts, sign in (("yes", above, 1), ("no", below, -1)):
        for i, count in enumerate(counts):
            if count:
                start, end = i / HISTOGRAM_BINS, (i + 1) / HISTOGRAM_BINS
                height = sign * _height(int(count))
                parts.append(
                    frame.box(
                        label, start + 0.004, min(0, height), end - 0.004, max(0, height),
                        title=f"{count:,} × {label}, said {start:.2f} to {end:.2f}",
                    )
                )  # fmt: skip
    near = threshold > 0.5
    parts += [
        frame.line("zero", 0, 0, 1, 0),
        frame.line("cut", threshold, -bottom, threshold, top),
        frame.text(
            threshold, top, f"threshold {threshold:.2f}", kind="note", anchor="end" if near else "start",
            dx=-6 if near else 6, dy=9,
        ),
        frame.text(0, top, "yes", kind="yes-name", dx=6, dy=14),
        frame.text(1, -bottom, "no", kind="no-name", anchor="end", dx=-4, dy=-8),
    ]  # fmt: skip
    return _svg("histogram of scores", *parts)


def _height(count: int) -> float:
    return math.log10(count + 1)  # so that 1 is seen, and 0 is nothing


def _counts(p: Floats) -> NDArray[np.int64]:
    return np.bincount(
        np.minimum((p * HISTOGRAM_BINS).astype(np.int64), HISTOGRAM_BINS - 1), minlength=HISTOGRAM_BINS
    ).astype(np.int64)


def _quarters(low: float) -> list[float]:
    return [low + i * (1 - low) / 4 for i in range(5)]


def _nothing(words: str) -> str:
    return f'<text x="{WIDTH / 2}" y="{HEIGHT / 2}" text-anchor="middle">{words}</text>'
