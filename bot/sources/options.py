"""Checks for the settings that only one kind of source has. Each returns what is wrong, or None."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

Check = Callable[[Any], str | None]


def flag(value: Any) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "must be true or false"


def text(value: Any) -> str | None:
    """A line of text."""
    return None if isinstance(value, str) and value.strip() else "must be a text"


def texts(value: Any) -> str | None:
    """A list of texts, at least one."""
    good = isinstance(value, list | tuple) and value and all(isinstance(v, str) and v.strip() for v in value)
    return None if good else 'must be a list of texts, e.g. ["one", "two"]'


def numbers(value: Any) -> str | None:
    """A list of whole positive numbers, at least one."""
    good = (
        isinstance(value, list | tuple)
        and value
        and all(isinstance(v, int) and not isinstance(v, bool) and v > 0 for v in value)
    )
    return None if good else "must be a list of whole numbers, e.g. [1045810, 2488]"


def count(value: Any) -> str | None:
    """A whole number from 2 to 500."""
    good = isinstance(value, int) and not isinstance(value, bool) and 2 <= value <= 500
    return None if good else "must be a whole number from 2 to 500"


def seconds(value: Any) -> str | None:
    """A number of seconds, 1 or more."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 86_400
    return None if good else "must be a number of seconds from 1 to 86400"


def zone(value: Any) -> str | None:
    """An IANA time zone."""
    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return 'must name a time zone, e.g. "Asia/Taipei"'
    except KeyError:
        return f'{value!r} is no time zone; write e.g. "Asia/Taipei"'
    return None
