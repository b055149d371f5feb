"""How headlines are joined into stories.

``python -m tests.stories`` measures on all sets, or on those named; ``python -m tests.stories fit`` fits the weights.
"""

from __future__ import annotations

import sys
from dataclasses import fields

from rich.console import Console
from rich.table import Table

from classifiers.serve import load
from tests.stories.fit import fit
from tests.stories.measure import SIDES, PairFigures, StoryFigures, measure


def main() -> None:
    """Print the figures of the named sides, all if none is named; or the weights that fit the development side."""
    if "fit" in sys.argv[1:]:
        weights, intercept = fit(load())
        print(*(f'    "{name}": {weight},' for name, weight in weights.items()), f"INTERCEPT = {intercept}", sep="\n")
        return
    sides = [side for side in SIDES if side in sys.argv[1:]] or list(SIDES)
    figures = measure(load(), sides)
    table = Table("figure", *sides, title="stories and pairs")
    for kind, of in (("stories", StoryFigures), ("pairs", PairFigures)):
        for name in (field.name for field in fields(of)):
            values = [figures[side].get(kind, {}).get(name, "") for side in sides]
            table.add_row(f"{kind}: {name}", *(f"{v:.3f}" if isinstance(v, float) else f"{v}" for v in values))
    Console().print(table)


if __name__ == "__main__":
    main()
