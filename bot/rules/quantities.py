"""Sums of money, shares of a hundred and counts, as a headline states them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SCALE = r"(?:trillion|billion|million|thousand|crore|lakh|tn|trn|bn|bln|mln|mn|[tbmk])\b"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
# The first of a range has no scale of its own: "$25-30 billion", "$25 to $30 billion"; "$2 million to $3 million"
# is two sums.
_RANGE = rf"(?:\s?[-–—]\s?|\sto\s)(?:(?:US|NT|HK)?[$€£¥₩₹])?{_NUMBER}\s?{_SCALE}"
_SIGNED = re.compile(
    rf"(?:(?<!\w)(?:US|NT|HK|AU?|CA?|S))?[$€£¥₩₹]\s?{_NUMBER}"
    rf"(?:{_RANGE}|\s?{_SCALE}|[-–—]\d[\d,]*(?:\.\d+)?(?![\w.,-]))?(?![A-Za-z\d])",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b(?:Rs\.?|RMB|CNY|USD|EUR|JPY|KRW|TWD)\s?{_NUMBER}(?:\s?{_SCALE})?"
    rf"|(?<![\w.,$€£¥₩₹])(?:\d[\d.,]*\s?[-–—]\s?)?{_NUMBER}\s?(?:{_SCALE}\s)?"
    r"(?:(?:US|Hong Kong|Taiwan|Singapore)\s)?(?:dollars|euros?|pounds|yuan|yen|won|rupees|ringgit|renminbi)\b",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[$€£¥₩₹]")
_PERCENT = re.compile(
    r"(?<![A-Za-z0-9_.])[+-]?\d+(?:\.\d+)?"
    r"(?:\s?(?:%|per\s?cent)?\s?[-–]\s?\d+(?:\.\d+)?|%?\sto\s\d+(?:\.\d+)?(?=\s?(?:%|per\s?cent\b)))?"
    r"\s?(?:%|per\s?cent\b|pct\b|pc\b)",
    re.IGNORECASE,
)
# Up to three words may stand between number and unit ("200,000 Nvidia H200 chips"), none of them one that ends the
# count ("rises 15 on chips"). A unit in the singular is an adjective: "Dec. 15 chip duty". What is counted in sections
# of an act is no count: "Section 232 chips case".
_COUNT = r"\d[\d,]*(?:\.\d+)?(?:\s?(?:million|billion|k\b))?"
_ENDING = (
    r"(?:on|in|at|of|to|from|for|by|and|or|as|with|after|per|over|than|nm|nanomet(?:er|re)|percent|pct|crore|lakh"
    r"|trillion|years?|months?|weeks?|days?|times|[kmgt]b|points?|falls?|rises?)\s"
)
_QUANTITY = re.compile(
    r"(?<![A-Za-z0-9_.,$€£¥₩-])(?<!\b[Ss]ection\s)(?<!\bSECTION\s)(?<!\bNo\.\s)"
    r"(?<!\bRDNA\s)(?<!\bRX\s)(?<!\bRTX\s)(?<!\bGen\s)"
    rf"(?P<number>{_COUNT}(?:\s?[-–]\s?{_COUNT})?)\s"
    rf"(?:(?![\d.,;:]|{_ENDING})[^\s,;:]+\s){{0,3}}?"
    r"(?P<unit>chips|gpus|servers|accelerators|processors|cards|wafers|units|racks|firms|companies|entities|"
    r"tools|machines|scanners|jobs|workers|staff|employees|people|gigawatts?|gw|mw)\b",
    re.IGNORECASE,
)
_UNITS = {"gpus": "GPUs", "gw": "GW", "mw": "MW"}
_WORDS = re.compile(
    r"\bRs|\b(?:RMB|CNY|USD|EUR|JPY|KRW|TWD)\b|dollar"
    r"|euro|pound|yuan|yen|won|rupee|ringgit|renminbi",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-–]\s?(?:20)?\d\d)?")

Figure = tuple[int, str]
"""Where it stands, and how it is told."""


def find_money(text: str) -> Iterator[Figure]:
    """Sums of money, ranges as one."""
    if _SIGN.search(text):
        yield from ((match.start(), _told(match[0])) for match in _SIGNED.finditer(text))
    if _WORDS.search(text):
        yield from ((match.start(), _told(match[0])) for match in _NAMED.finditer(text))


def find_percentages(text: str) -> Iterator[Figure]:
    """Shares of a hundred, ranges as one."""
    return ((match.start(), _told(match[0])) for match in _PERCENT.finditer(text))


def find_counts(text: str) -> Iterator[Figure]:
    """How many chips, firms, people: number and unit, without what stands between them."""
    for match in _QUANTITY.finditer(text):
        number, unit = _told(match["number"]), match["unit"].lower()
        if not _YEARS.fullmatch(number):  # "2026 chip sales": a year
            yield match.start(), f"{number} {_UNITS.get(unit, unit)}"


def _told(text: str) -> str:
    return " ".join(text.split())
