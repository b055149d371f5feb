"""How fast one site may be asked: its stated limit, and the waits that it asked for."""

from __future__ import annotations

from collections.abc import Mapping

GAPS_S: Mapping[str, float] = {
    # "no more than 10 requests per second" over all hosts together; 8 leaves room for a person's browser behind
    # the same address. https://www.sec.gov/os/accessing-edgar-data
    "sec.gov": 1 / 8,
    # No published limit; about three a minute and bursts is what its documents suggest as modest.
    "federalregister.gov": 1.0,
    # "one request every 5 seconds" for the DOC API; in practice 8. https://blog.gdeltproject.org
    "api.gdeltproject.org": 8.0,
    "mops.twse.com.tw": 3.0,  # blocks fast clients
    "mofcom.gov.cn": 3.0,  # likewise
}
"""Minimum seconds between the starts of two requests to a domain and all its subdomains together."""

MAX_HOLD_S = 24 * 3600.0  # a Retry-After beyond a day is a mistake or a joke


def site_of(host: str, gaps: Mapping[str, float]) -> str:
    """The domain whose limit covers ``host``: the longest entry of ``gaps`` that it belongs to, else itself."""
    covering = [domain for domain in gaps if host == domain or host.endswith(f".{domain}")]
    return max(covering, key=len, default=host)


class Pace:
    """Hands out starting times for one site. Pure bookkeeping on a monotonic clock; the caller sleeps."""

    def __init__(self, gap_s: float = 0.0) -> None:
        self._gap_s = gap_s
        self._next_start = float("-inf")
        self._held_until = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next free start; returns the seconds to wait until it."""
        start = max(now, self._next_start)
        self._next_start = start + self._gap_s
        return start - now

    def hold(self, now: float, seconds: float) -> None:
        """The site asked to be left alone for so long; a shorter wish never ends a longer one."""
        self._held_until = max(self._held_until, now + min(seconds, MAX_HOLD_S))

    def held_for(self, now: float) -> float:
        """Seconds that the site still wants to be left alone; 0 when it may be asked."""
        return max(0.0, self._held_until - now)
