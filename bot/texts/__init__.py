"""Every word that a person reads in a message or an answer, by language: one TOML catalogue each."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh", "ja")


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language; what it does not say, it says in English."""

    language: str
    own: Mapping[str, str] = field(compare=False, repr=False)  # by dotted key
    english: Mapping[str, str] = field(compare=False, repr=False)

    def say(self, key: str, **values: object) -> str:
        """The text of a key with its ``{placeholders}`` filled in.

        Raises:
            KeyError: English has no such key.
        """
        return self.form(key, values.get("n")).format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.own or key in self.english

    def form(self, key: str, n: object = None) -> str:
        """The text of a key as the catalogue has it.

        A text that counts has the keys ``….one`` and ``….many``, or only ``….many`` in a language that does not
        tell them apart; ``n`` chooses.

        Raises:
            KeyError: English has no such key.
        """
        keys = (key,) if n is None else (key, f"{key}.one", f"{key}.many") if n == 1 else (key, f"{key}.many")
        for texts in (self.own, self.english):
            for name in keys:
                if name in texts:
                    return texts[name]
        raise KeyError(key)


def texts_of(language: str | None) -> Texts:
    """The texts of a language by its code, ``zh`` as well as ``zh-Hans-CN``; English for none and for unknown ones."""
    code = (language or "en").replace("_", "-").partition("-")[0].lower()
    return _texts_of(code if code in LANGUAGES else "en")


@functools.cache
def _texts_of(language: str) -> Texts:
    return Texts(language, catalogue(language), catalogue("en"))


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """The texts that a language itself has, by dotted key."""
    raw = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(raw), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
