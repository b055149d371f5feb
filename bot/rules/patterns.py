"""What a subscription's ``include`` and ``exclude`` match: whole words, or expressions between slashes.

A plain entry is a word or a phrase and matches as whole words, in any case: ``H20`` is in "H20-class chips" but not
in "H200". Chinese, Japanese and Korean set no blanks between words, so beside their letters no border is asked for.
``/licen[cs]e.{0,40}China/`` is a regular expression, run by RE2: its time grows with the length of the headline
alone, whatever people write, which is why back references and look-around are refused.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

import re2

LONGEST = 300  # characters of one entry; a headline has a hundred
MEMORY = 64 * 1024  # bytes that one compiled expression may take: of as many as are kept, 256 MB at the very worst

# Han with its radicals, kana, bopomofo, Hangul and their full- and half-width forms.
_CJK = "\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
_LETTER = rf"[^\W{_CJK}]"  # a letter, digit or underscore of a script that separates words


def matches(entry: str, text: str) -> bool:
    """Whether an entry is in a headline.

    Raises:
        ValueError: ``check`` would refuse the entry.
    """
    return _finder(entry)(text)


def check(entry: str) -> None:
    """Refuse an entry that cannot be used.

    Raises:
        ValueError: it is empty, too long, or no expression; the message says why, in the engine's words.
    """
    _finder(entry)


def is_expression(entry: str) -> bool:
    """Whether an entry stands between slashes."""
    return len(entry) > 1 and entry.startswith("/") and entry.endswith("/")


@functools.lru_cache(maxsize=4096)
def _finder(entry: str) -> Callable[[str], bool]:
    if len(entry) > LONGEST:
        raise ValueError(f"{entry[:20] + '…'!r} has {len(entry)} characters; at most {LONGEST} are allowed")
    if is_expression(entry):
        return _expression(entry)
    if entry.startswith("/"):
        raise ValueError(f"{entry!r} begins with a slash but ends with none; an expression stands between two")
    return _words(entry)


def _words(entry: str) -> Callable[[str], bool]:
    words = unicodedata.normalize("NFKC", entry).split()
    if not words:
        raise ValueError(f"{entry!r} is empty")
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, words[0]) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, words[-1][-1]) else ""
    # A literal between two borders: nothing in it can backtrack.
    compiled = re.compile(before + r"\s+".join(map(re.escape, words)) + after, re.IGNORECASE)
    return lambda text: compiled.search(text) is not None


def _expression(entry: str) -> Callable[[str], bool]:
    body = entry[1:-1]
    if not body.strip():
        raise ValueError(f"{entry!r} is empty, so it would match every headline")
    options = re2.Options()
    options.log_errors = False  # it would write to stderr beside the exception
    options.case_sensitive = False
    options.max_mem = MEMORY
    try:
        compiled = re2.compile(body, options)
    except re2.error as error:
        raise ValueError(f"{entry!r} is no expression that RE2 takes: {_said(error)}") from error
    if compiled.search("") is not None:
        raise ValueError(f"{entry!r} matches the empty text, so it would match every headline")
    return lambda text: compiled.search(text) is not None


def _said(error: Exception) -> str:
    """The engine's words, and what they mean where people trip over them."""
    words = error.args[0] if error.args else ""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    if "perl operator" in text:
        return f"{text} (look-around is not supported)"
    if "escape sequence" in text and text[-1:].isdigit():
        return f"{text} (back references are not supported)"
    if "too large" in text:
        return f"{text} (write smaller repetitions)"
    return text
