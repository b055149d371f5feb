"""Caps: at most so many alerts in any stretch of time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import Cap

MOST = 1000  # alerts
LONGEST = timedelta(days=7)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_FORM = 'write for example "10 per 1h"'


def room_at(cap: Cap, told: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next alert may be told after those that were told; None when it may now."""
    within = sorted(at for at in told if now < at + cap.window)
    # Flashes are told beyond the cap: then more than the oldest must leave the window.
    return within[-cap.alerts] + cap.window if len(within) >= cap.alerts else None


def parse_cap(text: str) -> Cap:
    """Read ``10 per 1h``; units are s, m, h and d.

    Raises:
        ValueError: what is wrong, and what to write.
    """
    found = re.fullmatch(r"\s*(\d+)\s*(?:per|/)\s*(\d*)\s*([a-z]*)\s*", text, re.IGNORECASE | re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no cap; {_FORM}")
    alerts, number, unit = int(found[1]), int(found[2] or 1), found[3].lower()
    if unit not in _UNITS:
        raise ValueError(f"{text!r} names no unit of time: s, m, h or d; {_FORM}")
    if not alerts:
        raise ValueError(f"{text!r} lets nothing through; {_FORM}")
    if alerts > MOST:
        raise ValueError(f"{text!r} is more than {MOST} alerts, which no reader reads; leave the cap out")
    if not number:
        raise ValueError(f"{text!r} is no stretch of time; {_FORM}")
    if number > LONGEST / _UNITS[unit]:
        raise ValueError(f"{text!r} is longer than {LONGEST.days}d; {_FORM}")
    return Cap(alerts, number * _UNITS[unit])


def format_cap(cap: Cap) -> str:
    """The text that ``parse_cap`` reads, in the largest unit that fits."""
    unit, length = next((u, length) for u, length in _UNITS.items() if not cap.window % length)
    return f"{cap.alerts} per {cap.window // length}{unit}"
