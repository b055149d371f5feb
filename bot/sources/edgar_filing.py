"""One filing, and what it is called in words: companies by the names that traders use, 8-K items by what they tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

WATCHED: Mapping[int, str] = {
    1045810: "Nvidia",
    2488: "AMD",
    50863: "Intel",
    723125: "Micron",
    1046179: "TSMC",
    937966: "ASML",
    1577552: "Alibaba",
    804328: "Qualcomm",
    1730168: "Broadcom",
    6951: "Applied Materials",
    707549: "Lam Research",
    319201: "KLA",
    1375365: "Super Micro",
    1973239: "Arm",
    1835632: "Marvell",
    97476: "Texas Instruments",
    6281: "Analog Devices",
    1709048: "GlobalFoundries",
    1047127: "Amkor",
    1571996: "Dell",
}
"""CIK → name. Wrong CIKs of Micron, Applied Materials and KLA circulate: check new ones in company_tickers.json."""

_ITEMS = {
    "1.01": "material agreement",
    "1.02": "end of a material agreement",
    "1.03": "bankruptcy or receivership",
    "1.05": "material cybersecurity incident",
    "2.01": "completed acquisition or disposal",
    "2.02": "results of operations",
    "2.03": "new financial obligation",
    "2.05": "restructuring costs",
    "2.06": "material impairment",
    "3.01": "notice of delisting",
    "4.01": "change of auditor",
    "4.02": "earlier financial statements not to be relied on",
    "5.01": "change in control",
    "5.02": "change of directors or officers",
    "5.07": "result of a shareholder vote",
    "7.01": "Regulation FD disclosure",
    "8.01": "other events",  # where export-licence notices come
    "9.01": "exhibits",
}
# What a trader must see first, when a filing has several.
_FIRST = ("8.01", "7.01", "2.02", "2.06", "2.05", "4.02", "1.01", "1.05", "5.02")
_FORMS = {
    "6-K": "foreign issuer's report",
    "6-K/A": "foreign issuer's report, amended",
    "8-K": "current report",
    "8-K/A": "current report, amended",
    "10-Q": "quarterly report",
    "10-K": "annual report",
    "20-F": "annual report",
}
_STATE = re.compile(r"\s*[/\\][A-Z]{2,4}[/\\]?\s*$")  # "APPLIED MATERIALS INC /DE"
_LEGAL = re.compile(
    r"[\s,]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|l\.?p|plc|n\.?v|s\.?a|a\.?g|se|holdings?)\.?$",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[^AEIOU]{1,5}|[A-Z&]{1,3}")


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing as listed; ``parties`` are the CIKs that it is listed under."""

    accession: str
    form: str
    company: str
    cik: int
    parties: frozenset[int]
    items: tuple[tuple[str, str], ...]  # number and EDGAR's words
    url: str  # of its index page
    accepted: datetime | None


def called(filing: Filing) -> str:
    """The name of its company: of the one that is watched, where there are several."""
    watched = sorted(filing.parties & WATCHED.keys())
    return WATCHED[watched[0]] if watched else tidy_name(filing.company)


def by_weight(items: Sequence[tuple[str, str]]) -> list[str]:
    """The numbers of its items, the weightiest first."""
    return [number for number, _ in sorted(items, key=_weight)]


def describe(form: str, items: Sequence[tuple[str, str]]) -> str:
    """What the filing tells: its items in words with their numbers, the weightiest first, three at most."""
    telling = [item for item in items if item[0] != "9.01"] or list(items)
    telling.sort(key=_weight)
    named = [f"{_ITEMS.get(number) or words or 'item'} (item {number})" for number, words in telling[:3]]
    return "; ".join(named) or _FORMS.get(form, "filing")


def tidy_name(name: str) -> str:
    """A company's conformed name as one would write it: "EXAMPLE SEMI CORP /DE/" → "Example Semi"."""
    bare = _STATE.sub("", name)
    for _ in range(3):
        shorter = _LEGAL.sub("", bare)
        if not shorter or shorter == bare:
            break
        bare = shorter
    bare = bare.rstrip(" ,.&") or name
    if bare != bare.upper():
        return bare
    return " ".join(word if _ACRONYM.fullmatch(word) else word.capitalize() for word in bare.split())


def _weight(item: tuple[str, str]) -> int:
    return _FIRST.index(item[0]) if item[0] in _FIRST else len(_FIRST)
