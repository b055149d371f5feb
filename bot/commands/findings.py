"""What ``chipwire doctor`` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    what: str
    ok: bool
    detail: str  # how it is, and where it is wrong what to do about it
