"""The Entity List's table in a document's text: Country, Entity, License requirement, License review policy, Citation.

The Government Publishing Office sets it with blanks, each cell's lines below each other; from a web page its cells come
with bars between them. Where the five columns cannot be told apart nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Row = tuple[str, str, str, str]
"""Country, entity with aliases and addresses, license requirement, license review policy."""

_HEADER = re.compile(r"^.*\bCountry\b.*\bEntity\b.*$", re.MULTILINE)
_RULE = re.compile(r"^\s*-{20,}\s*$")
_STARS = re.compile(r"^[\s*]*$")
_CITATION = re.compile(r"\d{2} FR\b")  # at the cell's very edge: its further lines stand one blank in
_COLUMNS = 5
_MAX_LINES = 20_000


def read_rows(text: str) -> Iterator[Row]:
    """The rows of every such table, the country filled in where it stands only beside its first entry."""
    lines = text.split("\n")[:_MAX_LINES]
    barred = [line for line in lines if line.count(" | ") == _COLUMNS - 1]
    if barred:
        yield from _filled(_barred(barred))
        return
    for body in _tables(lines):
        yield from _filled(_columns(body))


def _barred(lines: Sequence[str]) -> Iterator[Row]:
    for line in lines:
        country, entity, requirement, policy, _ = (cell.strip() for cell in line.split(" | "))
        if entity and "license requirement" not in requirement.lower():
            yield country, entity, requirement, policy


def _tables(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines between the rule under a header and the next rule."""
    at = 0
    while at < len(lines):
        if not (_HEADER.match(lines[at]) and "license" in " ".join(lines[max(0, at - 3) : at + 4]).lower()):
            at += 1
            continue
        rules = [place for place in range(at, min(at + 8, len(lines))) if _RULE.match(lines[place])]
        if not rules:
            at += 1
            continue
        begin = rules[0] + 1
        at = next((place for place in range(begin, len(lines)) if _RULE.match(lines[place])), len(lines))
        body = [line for line in lines[begin:at] if not _STARS.match(line)]
        if at < len(lines):  # a table that is cut off has no end
            yield body


def _columns(body: Sequence[str]) -> Iterator[Row]:
    """Cells by the blank columns that all lines share: two wide or more, four of them."""
    width = max((len(line) for line in body), default=0)
    blank = [all(place >= len(line) or line[place] == " " for line in body) for place in range(width)]
    starts = [0, *(at for at in range(2, width) if not blank[at] and blank[at - 1] and blank[at - 2])]
    if len(starts) != _COLUMNS:
        return
    row: list[str] | None = None
    for line in body:
        cells = [line[begin:end] for begin, end in zip(starts, [*starts[1:], None], strict=True)]
        if _CITATION.match(cells[4]) and cells[3].strip() and cells[2].strip():
            if row is not None:
                yield _row(row)
            row = cells
        elif row is not None:
            row = [_longer(cell, more) for cell, more in zip(row, cells, strict=True)]
    if row is not None:
        yield _row(row)


def _longer(cell: str, more: str) -> str:
    """The cell with its next line; a word that was cut at a hyphen is whole again."""
    cell, more = cell.rstrip(), more.strip()
    return f"{cell}{more}" if cell.endswith("-") and not more.startswith("-") else f"{cell} {more}"


def _row(cells: Sequence[str]) -> Row:
    country, entity, requirement, policy, _ = (" ".join(cell.split()).rstrip(".").rstrip() for cell in cells)
    return country, entity, requirement, policy


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    country = ""
    for row in rows:
        country = row[0] or country
        yield (country, *row[1:])
