"""Known names in a text, found in one pass: the longest name at a place, whole words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick

# Beside a name these are no part of a word of its own: headlines in Chinese write "对US" and "HBM芯片".
_HAN = ("\u3000", "\u9fff")


@dataclass(frozen=True, slots=True)
class Name:
    """A way to write something, and what it stands for; one that stands for nothing hides the names inside it."""

    text: str
    says: tuple[tuple[str, str], ...] = ()  # kind and word: ("place", "China")
    near: re.Pattern[str] | None = None  # must stand somewhere in the text, where the name alone says too little


@dataclass(frozen=True, slots=True)
class Found:
    """One name in one text."""

    start: int
    end: int
    says: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NameBook:
    """Every known name, ready to be found. Built once, never changed, safe between threads.

    Capitals count: "US" is a country and "us" is not. A text that is all capitals is read with names in capitals.
    """

    names: Sequence[Name]
    _plain: ahocorasick.Automaton = field(init=False, repr=False, compare=False)
    _loud: ahocorasick.Automaton = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        grouped: dict[str, list[Name]] = {}
        for name in self.names:
            grouped.setdefault(name.text, []).append(name)
        object.__setattr__(self, "_plain", _automaton(grouped))
        loud: dict[str, list[Name]] = {}
        for text, meanings in grouped.items():
            loud.setdefault(text.upper(), []).extend(meanings)
        object.__setattr__(self, "_loud", _automaton(loud))

    def find(self, text: str) -> list[Found]:
        """The names that stand in the text, in order, none inside another."""
        automaton = self._loud if text.isupper() else self._plain
        hits = [
            (last + 1 - length, -length, meanings)
            for last, (length, meanings) in automaton.iter(text)
            if _is_whole(text, last + 1 - length, last + 1)
        ]
        hits.sort(key=lambda hit: hit[:2])
        found: list[Found] = []
        reached = 0
        for start, length, meanings in hits:
            if start < reached:
                continue
            meant = [name for name in meanings if name.near is None or name.near.search(text)]
            if not meant:
                continue  # a shorter name in the same place may still count
            reached = start - length
            says = tuple(dict.fromkeys(word for name in meant for word in name.says))
            if says:
                found.append(Found(start, reached, says))
        return found


def names_of(
    kind: str, table: Mapping[str, Iterable[str]], near: Mapping[str, re.Pattern[str]] | None = None
) -> list[Name]:
    """The names of a table from words to ways of writing them; ``near`` by way of writing."""
    near = near or {}
    return [Name(text, ((kind, word),), near.get(text)) for word, texts in table.items() for text in texts]


def _automaton(grouped: Mapping[str, Sequence[Name]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for text, meanings in grouped.items():
        automaton.add_word(text, (len(text), tuple(meanings)))
    automaton.make_automaton()
    return automaton


def _is_whole(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (_joins(before) and _joins(text[start])) and not (_joins(after) and _joins(text[end - 1]))


def _joins(character: str) -> bool:
    return (character.isalnum() or character == "_") and not _HAN[0] <= character <= _HAN[1]
