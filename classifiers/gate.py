"""The first stage: one Aho-Corasick pass that drops headlines without any word of the field.

Relevant headlines are fewer than 1 in 200 of a general feed. The gate passes nearly all of them and
one general headline in twenty, at several hundred thousand headlines a second, so that the
transformer sees only what may matter. It also removes false alarms that the transformer would make.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import ahocorasick

from classifiers.api import ModelError
from classifiers.text import language

__all__ = ["Gate", "default_gate"]

GATE_FILE: Final = Path(__file__).parent / "data" / "gate.toml"

# Letters, digits and what other scripts write stay; the rest of ASCII and typography becomes a blank.
_BREAKS: Final = {
    c: " "
    for c in [*range(128), *range(0x2000, 0x2070), 0xA0, 0xAB, 0xBB, 0xB7, *range(0x3000, 0x3012)]
    if not chr(c).isalnum()
}


class Gate:
    """Knows the field's words; safe to share between threads once built."""

    def __init__(self, *, prefix: Sequence[str], word: Sequence[str], exact: Sequence[str] = ()) -> None:
        """Build the automaton.

        Args:
            prefix: terms that must begin at the start of a word.
            word: terms that must be whole words.
            exact: whole words in this very spelling.
        """
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        for terms, begin, end in ((prefix, " ", ""), (word, " ", " ")):
            for term in terms:
                self._automaton.add_word(f"{begin}{' '.join(_blank(term.lower()).split())}{end}", term)
        self._automaton.make_automaton()
        self._exact = frozenset(exact)

    @classmethod
    def from_file(cls, path: Path) -> Gate:
        """Read the word lists from a TOML file.

        Raises:
            ModelError: the file is missing, or it is no such list.
        """
        try:
            lists: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls(**lists)
        except (OSError, ValueError, TypeError, AttributeError) as e:
            raise ModelError(f"{path}: no usable list of the gate's words ({e})") from e

    def term(self, headline: str) -> str | None:
        """The first of the field's words in a normalised headline, None if there is none.

        None too where a headline is not English and ``normalise`` could not make it so. The base model knows few
        Han characters, no kana and no Hangul; what it would say of them is noise, and noise alarms people.
        """
        if not headline.isascii() and language(headline) != "en":
            return None
        # One pass, so that "U.S. list" matches "u s list"; longer runs stay, joining them would cost more than
        # the search, and "rare - earth" is not a spelling that a source uses.
        text = _blank(headline).replace("  ", " ")
        for _, term in self._automaton.iter(f" {text.lower()} "):
            return str(term)
        if self._exact.isdisjoint(words := text.split()):
            return None
        return next(word for word in words if word in self._exact)

    def passes(self, headline: str) -> bool:
        """Whether the headline may be about chips at all."""
        return self.term(headline) is not None


def _blank(text: str) -> str:
    return text.translate(_BREAKS)


@cache
def default_gate() -> Gate:
    """The gate with the words that ship with the package."""
    return Gate.from_file(GATE_FILE)
