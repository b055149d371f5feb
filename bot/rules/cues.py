"""How phrases that push a company's shares are written and matched.

A rule is a sign and the words of a headline. In it ``X`` is the company in question, together with those that it is
joined to by commas and "and"; ``Y`` is any other one; ``_`` is a gap of up to three words, ``...`` one of up to nine,
which runs over companies only where the phrase names no ``X``;
``<name>`` is a list of ``bot.rules.cue_words``; ``a|b`` are alternatives, ``(a)`` may be missing, ``*`` stands for any
ending, ``$`` for the end of the headline; words with a backslash are regular expressions, for figures. Rules are tried
in order and the first that fits decides: 1 up, -1 down, 0 no push.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.cue_words import WORDS

X = "\ue000"
Y = "\ue001"
END = "$"

_SIGNS = {"+": 1, "-": -1, "0": 0}
_BREAK = "as|while|after|amid|but|despite|because|when|before|if|though|although"  # no gap crosses these
_GAP = rf"(?:(?!(?:{_BREAK}) )[^ ,;:|?{X}{Y}]+ ){{0,3}}?"
_WIDE = rf"(?:[^ ;|{X}]+ ){{0,9}}?"
_ANY = r"(?:[^ ;|]+ ){0,9}?"  # where a phrase names no X, one may stand in the gap


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table."""

    sign: int
    pattern: re.Pattern[str]
    phrase: str


def table(text: str) -> tuple[Rule, ...]:
    """Read a table: a sign and a phrase on each line.

    Blank lines and lines that begin with ``#`` are skipped; a line that begins with ``|`` goes on with the one above.

    Raises:
        KeyError: a ``<name>`` is no list, or a line does not begin with a sign.
    """
    lines = (line.strip() for line in re.sub(r"\s*\n\s*\|", "|", text).splitlines())
    return tuple(_rule(line) for line in lines if line and not line.startswith("#"))


def first(rules: Iterable[Rule], text: str) -> Rule | None:
    """The first rule that fits, or None.

    Args:
        rules: one table, or several one after another.
        text: words and marks of a headline, companies as ``X`` and ``Y``, with single blanks between, before and
            after them, and ``END`` as the last.
    """
    return next((rule for rule in rules if rule.pattern.search(text)), None)


def _rule(line: str) -> Rule:
    sign, phrase = line[0], line[1:].strip()
    elements = phrase.split()
    wide = _WIDE if any(X in _element(e, "") for e in elements) else _ANY
    return Rule(_SIGNS[sign], re.compile(" " + "".join(_element(e, wide) for e in elements)), phrase)


def _element(element: str, wide: str) -> str:
    """One element as a regular expression that eats its words and the blank after each."""
    if element == "_":
        return _GAP
    if element == "...":
        return wide
    optional = element.startswith("(") and element.endswith(")")
    inner = "|".join(_alternative(part) for part in (element[1:-1] if optional else element).split("|"))
    return f"(?:(?:{inner}) ){'?' if optional else ''}"


def _alternative(word: str) -> str:
    if word in {"X", "Y"}:
        return X if word == "X" else Y
    if word.startswith("<"):
        return "|".join(_alternative(w) for w in WORDS[word.strip("<>")].split())
    if "\\" in word:
        return word
    return re.escape(word).replace(r"\*", "[^ ]*")
