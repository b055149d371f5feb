"""A headline's text as the model reads it: one spelling for one thing."""

from __future__ import annotations

import html
import re
import unicodedata

from classifiers.glossary import MIN_COVERAGE, default_glossary

__all__ = ["language", "normalise"]

MAX_CHARS = 1_000
"""More than any headline; what lies behind is body text that a feed put into its title."""

MAX_LAYERS = 8
"""Feeds escape twice, and once more where they quote a feed: ``&amp;amp;quot;``."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MARKS = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "′": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "™": " ", "®": " ", "©": " ", "•": " ", "·": " ", "|": "|", "\u00ad": None,
    }
)  # fmt: skip
_SPLIT_INITIALS = re.compile(r"\b([A-Z])\. (?=[A-Z]\.)")  # "U. S." as some archives write it
_US = re.compile(r"\bU\.\s?S\.(?:A\.)?|\bUSA\b|\bUS(?=[^\w$]|$)|\bU\.S\b")
_BLANKS = re.compile(r"\s+")

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")


def normalise(headline: str) -> str:
    """The headline in NFKC, without markup, entities and invisible characters, with plain quotes and dashes.

    The country is written ``U.S.`` however the source spells it: the base model reads lower case,
    where ``US`` and ``us`` are one word. A Chinese headline comes back in English words where the
    glossary knows enough of it, otherwise as it is, for the gate to drop. Idempotent; never raises;
    at most ``MAX_CHARS`` characters.
    """
    text = headline[: 4 * MAX_CHARS]
    if not (text.isascii() and text.isprintable()) or "&" in text or "<" in text:
        for _ in range(MAX_LAYERS):
            before, text = text, _unwrap(text)
            if text == before:
                break
    text = _tidy(text)
    if not text.isascii() and language(text) == "zh":
        reading = default_glossary().english(text)
        if reading.text and reading.coverage >= MIN_COVERAGE:
            return _tidy(reading.text)
    return text


def _tidy(text: str) -> str:
    """One spelling of the country, single blanks, at most ``MAX_CHARS`` characters."""
    if "S" in text:
        text = _US.sub("U.S.", _SPLIT_INITIALS.sub(r"\1.", text))
        text = text.replace("U.S. -", "U.S.-")
    return _BLANKS.sub(" ", text).strip()[:MAX_CHARS].rstrip()


def _unwrap(text: str) -> str:
    """One layer of entities, markup, compatibility forms and invisible characters off."""
    text = _TAG.sub(" ", html.unescape(text)).translate(_MARKS)  # before NFKC, which would spell ™ out as TM
    text = unicodedata.normalize("NFKC", text).translate(_MARKS)
    if not text.isprintable():
        text = "".join(c for c in _BLANKS.sub(" ", text) if unicodedata.category(c)[0] != "C")
    return text


def language(text: str) -> str:
    """The script's main language: ``ja`` with kana, ``ko`` with Hangul, ``zh`` with Han, otherwise ``en``.

    A name in brackets does not make a language: the script must fill a fifth of the letters.
    """
    if text.isascii():
        return "en"
    kana, hangul, han = (len(p.findall(text)) for p in (_KANA, _HANGUL, _HAN))
    if not kana + hangul + han:  # an accent or a currency sign: no need to count letters
        return "en"
    letters = sum(c.isalpha() for c in text)
    if 5 * (kana + hangul + han) < letters:
        return "en"
    if kana:
        return "ja"
    return "ko" if hangul > han else "zh"
