"""The stock markets where chip makers are listed: when they open and close, and on which days."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.walltime import moment

_DAY = timedelta(days=1)
_LONGEST_BREAK = 30  # days without trading; the longest that these markets take is eleven, at Chinese New Year
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Market:
    """One market: its regular hours by the clock on its wall."""

    name: str
    code: str  # ISO 10383, as the package `holidays` names its closures
    zone: str
    opens: time
    closes: time
    early_close: time | None = None  # on half days


MARKETS = {
    # Hours of the cash session as the exchanges publish them, without auctions after the close.
    "new-york": Market("New York (NYSE, Nasdaq)", "XNYS", "America/New_York", time(9, 30), time(16), time(13)),
    "tokyo": Market("Tokyo", "XJPX", "Asia/Tokyo", time(9), time(15, 30)),  # to 15:00 until November 2024
    "seoul": Market("Seoul", "XKRX", "Asia/Seoul", time(9), time(15, 30)),
    "taipei": Market("Taipei", "XTAI", "Asia/Taipei", time(9), time(13, 30)),
    "hong-kong": Market("Hong Kong", "XHKG", "Asia/Hong_Kong", time(9, 30), time(16), time(12)),
    "shanghai": Market("Shanghai and Shenzhen", "XSHG", "Asia/Shanghai", time(9, 30), time(15)),
    "amsterdam": Market("Amsterdam", "XAMS", "Europe/Amsterdam", time(9), time(17, 30), time(14, 5)),
    "frankfurt": Market("Frankfurt (Xetra)", "XETR", "Europe/Berlin", time(9), time(17, 30)),
    "london": Market("London", "XLON", "Europe/London", time(8), time(16, 30), time(12, 30)),
}

# What people also call them.
ALIASES = {
    "nyse": "new-york",
    "nasdaq": "new-york",
    "us": "new-york",
    "tse": "tokyo",
    "krx": "seoul",
    "twse": "taipei",
    "hkex": "hong-kong",
    "shenzhen": "shanghai",
    "euronext": "amsterdam",
    "xetra": "frankfurt",
    "lse": "london",
}


def next_open(key: str, now: datetime) -> datetime:
    """When a market next opens: strictly after now, on a trading day, in UTC."""
    return _next(MARKETS[key], now, closing=False)


def next_close(key: str, now: datetime) -> datetime:
    """When a market next closes, early on its half days: strictly after now, in UTC."""
    return _next(MARKETS[key], now, closing=True)


def is_trading_day(key: str, day: date) -> bool:
    """Whether a market trades on a day, also if it closes early."""
    return day.weekday() < _SATURDAY and day not in _closures(MARKETS[key].code, day.year, "public")


def _next(market: Market, now: datetime, *, closing: bool) -> datetime:
    zone = ZoneInfo(market.zone)
    today = now.astimezone(zone).date()
    for day in (today + n * _DAY for n in range(_LONGEST_BREAK)):
        if day.weekday() >= _SATURDAY or day in _closures(market.code, day.year, "public"):
            continue
        at = market.opens
        if closing:
            half = market.early_close if day in _closures(market.code, day.year, "half_day") else None
            at = half or market.closes
        if (found := moment(day, at, zone)) > now:
            return found
    raise AssertionError(f"{market.name} trades within a month")


@functools.lru_cache(maxsize=256)
def _closures(code: str, year: int, category: str) -> frozenset[date]:
    # 70 ms and 18 MB, which only those pay who ask for a market's hours.
    from holidays import financial_holidays  # noqa: PLC0415

    calendar = financial_holidays(code)
    if category not in calendar.supported_categories:
        return frozenset()
    return frozenset(financial_holidays(code, years=year, categories=(category,)))
