"""What a mute is made of: how long it lasts, and the name under which it is known."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from bot.domain import Destination, Mute, MuteKind

LONGEST = timedelta(days=365)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LENGTH = re.compile(r"\s*(\d{1,6})\s*([mhdw]|min(?:utes?|s)?|hours?|days?|weeks?)\s*", re.IGNORECASE | re.ASCII)


def parse_length(text: str) -> timedelta:
    """Read ``90m``, ``1h``, ``3d``, ``2w``, or with the unit as a word: ``2 days``.

    Raises:
        ValueError: what is wrong, and what to write.
    """
    found = _LENGTH.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError(f"{text!r} is no length of time; write for example 90m, 1h, 3d or 2w")
    length = int(found[1]) * _UNITS[found[2][0].lower()]
    if length > LONGEST:
        raise ValueError(f"{text!r} is longer than a year; narrow the subscription instead")
    return length


def make_mute(to: Destination | None, kind: MuteKind, value: str, *, length: timedelta, now: datetime) -> Mute:
    """A mute from now on; its id is the same for the same wish, so that muting twice prolongs one."""
    name = value.strip().upper() if kind is MuteKind.TICKER else value.strip()
    id_ = hashlib.blake2b(f"{to}\0{kind}\0{name}".encode(), digest_size=4).hexdigest()
    return Mute(id_, to, kind, name, now + length, now)
