"""Delays: how much later than others a destination is told, by the tier of the source."""

from __future__ import annotations

import difflib
import re
from datetime import timedelta

from bot.domain import Delay, Tier

LONGEST = timedelta(days=1)
_UNITS = {"h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}
_NAMES = {
    "h": "h", "hour": "h", "hours": "h", "m": "min", "min": "min", "mins": "min", "minute": "min", "minutes": "min",
    "s": "s", "sec": "s", "second": "s", "seconds": "s",
}  # fmt: skip
_FORM = 'write for example "15 min", or by tier "press 30 min, wire 15 min"'


def parse_delay(text: str) -> Delay:
    """Read ``15 min``, for all tiers, or ``press 30 min, wire 15 min``, where the others are told at once; units are
    s, min and h.

    Raises:
        ValueError: what is wrong, and what to write.
    """
    found: dict[Tier, timedelta] = {}
    for part in text.split(","):
        words = re.fullmatch(r"\s*(?:([a-z]+)\s+)?(\d+)\s*([a-z]*)\s*", part, re.IGNORECASE | re.ASCII)
        if words is None:
            raise ValueError(f"{text!r} is no delay; {_FORM}")
        length = _length(text, words[2], words[3].lower())
        for tier in list(Tier) if words[1] is None else [_tier(words[1].lower())]:
            if tier in found:
                raise ValueError(f"{text!r} says twice how long {tier} waits; {_FORM}")
            found[tier] = length
    if not any(found.values()):
        raise ValueError(f"{text!r} delays nothing; leave it out, or {_FORM}")
    return Delay(**{tier.value: length for tier, length in found.items()})


def _length(text: str, digits: str, unit: str) -> timedelta:
    if unit not in _NAMES:
        raise ValueError(f"{text!r} names no unit of time: s, min or h; {_FORM}")
    one = _UNITS[_NAMES[unit]]
    if len(digits) > 6 or int(digits) > LONGEST / one:  # no machine word is that long
        raise ValueError(f"{text!r} is longer than {LONGEST // timedelta(hours=1)} h; {_FORM}")
    return int(digits) * one


def _tier(name: str) -> Tier:
    try:
        return Tier(name)
    except ValueError:
        near = difflib.get_close_matches(name, list(Tier), n=1)
        hint = f"did you mean {str(near[0])!r}?" if near else f"known: {', '.join(Tier)}"
        raise ValueError(f"no tier {name!r}; {hint}") from None


def format_delay(delay: Delay) -> str:
    """The text that ``parse_delay`` reads, each in the largest unit that fits."""
    lengths = {tier: delay.of(tier) for tier in Tier}
    if len(set(lengths.values())) == 1:
        return _format(delay.primary)
    return ", ".join(f"{tier} {_format(length)}" for tier, length in lengths.items() if length)


def _format(length: timedelta) -> str:
    unit, one = next((u, one) for u, one in _UNITS.items() if not length % one)
    return f"{length // one} {unit}"
