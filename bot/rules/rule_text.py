"""The parts of a Federal Register document's own text: what stands under its captions, and its numbers and days.

Two texts of each document exist: that of public inspection, made from the agency's PDF, and that of publication, set
by the Government Publishing Office with lines of 72 characters, ``quotes like these'' and page marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

_PAGE_MARK = re.compile(r"\[\[Page \d+\]\]")
_HYPHEN = re.compile(r"(?<=\w)-[ \t]*\n\s*(?=\w)")
_DASH = re.compile(r"(?<=[\dA-Z])[–‑‐](?=[\dA-Z])")
_CAPTIONS = (
    "AGENCY", "ACTION", "SUMMARY", "DATES", "EFFECTIVE DATE", "ADDRESSES", "FOR FURTHER INFORMATION CONTACT",
    "FOR FURTHER INFORMATION", "SUPPLEMENTARY INFORMATION",
)  # fmt: skip
_CAPTION = re.compile(rf"(?<![A-Z])(?P<name>{'|'.join(_CAPTIONS)}):")
_HEAD = 40_000  # characters in which the captions stand; a summary of several pages is the longest known
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?|{'|'.join(reversed(_ONES))})"
"""A count in figures or in words, in a pattern that ignores case."""
_MONTHS = ("January February March April May June July August September October November December").split()
DAY = rf"(?:{'|'.join(_MONTHS)})\s\d{{1,2}},\s20\d\d"
"""A day as official texts write it."""
_DAY = re.compile(rf"(?P<month>{'|'.join(_MONTHS)})\s(?P<day>\d{{1,2}}),\s(?P<year>20\d\d)")
_INSERTED = re.compile(
    r"INSERT\s+DATE\s+(?:OF\s+(?P<what>PUBLICATION|FILING)|(?P<days>\d{1,3})\s+DAYS\s+AFTER\s+"
    r"(?:THE\s+)?(?:DATE\s+OF\s+)?(?P<after>PUBLICATION|FILING))",
    re.IGNORECASE,
)
_SCHEDULED = re.compile(r"scheduled to be published in the Federal Register on (\d\d)/(\d\d)/(20\d\d)", re.IGNORECASE)
_ISSUE = re.compile(rf"\[Federal Register Volume \d+, Number \d+ \(\w+day, ({DAY})\)\]")


@dataclass(frozen=True, slots=True)
class RuleText:
    """One document's text, ready to be asked."""

    lines: str  # with its line breaks; page marks are gone and quotes are “curly”
    flat: str  # the same on one line
    captions: dict[str, str]  # "SUMMARY" → what stands under it
    title: str
    filed: date | None
    published: date | None

    def days(self, text: str) -> list[date]:
        """The days that stand in a part of it, in order; "insert date of publication" is filled in."""
        found = [(match.start(), day) for match in _DAY.finditer(text) if (day := _written(match)) is not None]
        for match in _INSERTED.finditer(text):
            base = self.published if (match["what"] or match["after"]).upper() == "PUBLICATION" else self.filed
            if base is not None:
                found.append((match.start(), base + timedelta(days=int(match["days"] or 0))))
        return [day for _, day in sorted(found)]


def read_text(text: str, *, filed: date | None = None, published: date | None = None) -> RuleText:
    """Take a document's text apart; nothing is raised, and what is not there is empty.

    Args:
        text: as it came, without markup.
        filed: the day of its filing for public inspection, where it is known.
        published: the day of its publication, where it is known and the text does not say it.
    """
    lines = _PAGE_MARK.sub("", text.replace("\r\n", "\n").replace("\f", "\n"))
    for plain, curly in (("``", "“"), ("''", "”"), ("‘‘", "“"), ("’’", "”"), ("’", "'"), ("\u00a0", " ")):
        lines = lines.replace(plain, curly)
    lines = _DASH.sub("-", lines)
    flat = " ".join(_HYPHEN.sub("-", lines).split())
    head = flat[:_HEAD]
    captions: dict[str, str] = {}
    marks = list(_CAPTION.finditer(head))
    for mark, after in zip_longest(marks, marks[1:]):
        if after is not None:  # the last caption is followed by the whole document
            captions.setdefault(mark["name"], head[mark.end() : after.start()].strip(" -*"))
    return RuleText(lines, flat, captions, _title(head), filed, _published(head) or published)


def count(words: str) -> int:
    """What a ``NUMBER`` says; 0 for anything else."""
    parts = words.lower().replace("-", " ").split()
    if len(parts) == 1 and parts[0].isdigit():
        return int(parts[0])
    total = 0
    for part in parts:
        if part in _TENS:
            total += 10 * (_TENS.index(part) + 2)
        elif part in _ONES:
            total += _ONES.index(part) + 1
        else:
            return 0
    return total


def _title(head: str) -> str:
    """What stands between the numbers of the document and its agency."""
    before, agency, _ = head.partition("AGENCY:")
    found = re.search(
        r"(?:RIN:?\s\d{4}-[A-Z]{2}\d{2}|\[Docket No[^\]]{1,80}\])(?P<title>(?:(?!RIN\s\d|\[Docket).){1,300})$", before
    )
    return found["title"].strip(" -*") if agency and found else ""


def _published(head: str) -> date | None:
    if (stamp := _SCHEDULED.search(head)) is not None:
        return _date(int(stamp[3]), int(stamp[1]), int(stamp[2]))
    if (issue := _ISSUE.search(head)) is not None and (day := _DAY.search(issue[1])) is not None:
        return _written(day)
    return None


def _written(match: re.Match[str]) -> date | None:
    return _date(int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["day"]))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
