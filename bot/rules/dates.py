"""Days, months, quarters and years as they stand in a headline, and those by which something must or will be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sep(?:t(?:ember|\.)?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"20[1-3]\d"


def _pattern(month: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w$€£¥,.-])(?:(?:early|mid|late|end)[ -])?"
        rf"(?:{month}\s\d{{1,2}}(?:,?\s{_YEAR})?(?!\d|\.\d|%|,\d|\s?(?:nm\b|bn|billion|million))"
        rf"|\d{{1,2}}\s{month}(?:\s{_YEAR})?|{month}\s{_YEAR}|Q[1-4](?:\s{_YEAR})?|[1-4]Q\s?(?:{_YEAR}|\d\d)"
        rf"|[12]H\s?{_YEAR}|{_YEAR}(?!-\d))(?![\w%]|[.,]\d)",
        flags,
    )


_DATE = _pattern(_MONTH)
# In capitals "MAY 5" may be what a firm is allowed to do; the month wants its year there.
_LOUD_DATE = _pattern(_MONTH.replace("|May|", "|"), re.IGNORECASE)
# A thing that ends, begins or falls due, and up to three small words between it and its date.
_LEAD = re.compile(
    r"""(?:
        (?P<comments>\bcomments?(?:\speriod)?\s(?:(?:are\s|is\s)?due|close[sd]?|end(?:s|ed)?|open|until|by))
      | (?P<effective>\b(?:effective|(?:takes?|taking|took|into|in)\s(?:effect|force)))
      | (?P<expires>\b(?:expir(?:es?|ing|ed|y)|laps(?:es?|ing)|runs?\sout|ends?|ending|sunsets?)
            (?!\s(?:by|before|until)\b))
      | (?P<deadline>\b(?:deadline|due|cut-?off))
      | (?P<by>\b(?:by|before|until|till|no\slater\sthan|through))
    )(?:[\s:]+(?:on|from|by|as\sof|until|is|of|the|end\sof|set\sfor|starting|at|its|midnight)){0,3}[\s:]+$""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAD_ROOM = 60  # characters before a date
_TOLD = {"comments": "comments due", "effective": "effective", "expires": "expires", "deadline": "due"}


@dataclass(frozen=True, slots=True)
class Dated:
    """One date; ``deadline`` says what falls on it ("effective Nov 10", "by early 2026"), "" where nothing is said."""

    text: str
    deadline: str = ""


def find_dates(text: str) -> Iterator[Dated]:
    """The dates of a headline, as they stand, in order."""
    pattern = _LOUD_DATE if text.isupper() else _DATE
    for match in pattern.finditer(text):
        lead = _LEAD.search(text, max(0, match.start() - _LEAD_ROOM), match.start())
        if lead is None or lead.lastgroup is None:
            yield Dated(match[0])
        else:
            word = _TOLD.get(lead.lastgroup) or " ".join(lead["by"].lower().split())
            yield Dated(match[0], f"{word} {match[0]}")
