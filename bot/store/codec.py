"""Domain values to and from what the database keeps: integers for times, JSON text for nested values.

The JSON form follows the type hints of the dataclasses, so that a field added with a default is read from old
rows as its default, and a field that was taken away is passed over.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, TypeVar

__all__ = ["clean", "dump", "from_us", "load", "to_us"]

_T = TypeVar("_T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(value: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact.

    Raises:
        TypeError: the value is naive.
    """
    return (value - _EPOCH) // _MICROSECOND


def from_us(value: int) -> datetime:
    """The inverse of ``to_us``: aware, UTC."""
    return _EPOCH + timedelta(microseconds=value)


def clean(text: str) -> str:
    """Replace what a database refuses: NUL (PostgreSQL) and lone surrogates (both) become U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def dump(value: Any) -> str:
    """The JSON text of a dataclass of the domain, of a collection of them, or of a plain JSON value.

    Raises:
        TypeError: a value is of no kind that JSON or the domain knows.
    """
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(hint: type[_T], text: str) -> _T:
    """Read what ``dump`` wrote as a value of this type, e.g. ``Alert`` or ``frozenset[Topic]``."""
    read: Callable[[Any], _T] = _reader(typing.cast("Any", hint))
    return read(json.loads(text))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return to_us(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, int):
        return int(value)
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _field_names(value.__class__)}
    if isinstance(value, dict | types.MappingProxyType):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__float__"):  # float, and the float32 of a model's output
        return float(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


@cache
def _field_names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


class _Field(NamedTuple):
    name: str
    read: Callable[[Any], Any]
    required: bool


def _same(value: Any) -> Any:
    return value


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        inner = _reader(next(arg for arg in args if arg is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    if origin in {frozenset, tuple, list}:
        item, build = _reader(args[0]), origin
        return lambda value: build(item(part) for part in value)
    if not isinstance(hint, type):  # Any
        return _same
    if issubclass(hint, datetime):
        return from_us
    if issubclass(hint, time):
        return time.fromisoformat
    if issubclass(hint, timedelta):
        return lambda value: timedelta(microseconds=value)
    if issubclass(hint, Enum):
        return hint
    if hint is float:
        return float
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    return _same


def _dataclass_reader(cls: type[Any]) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(cls)
    shape = [
        _Field(
            field.name,
            _reader(hints[field.name]),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(cls)
    ]

    def read(value: Any) -> Any:
        return cls(**{f.name: f.read(value[f.name]) for f in shape if f.required or f.name in value})

    return read
