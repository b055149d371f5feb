"""Which companies a headline names, and under which ticker each is listed.

One pass of an Aho-Corasick automaton over the folded text finds every known name; word boundaries, the longest
match and the rules of ambiguous names decide which of them count. What a company is called stands in
``companies.toml``; this module knows no name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick

from bot.domain import Mention


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An alias that is also an ordinary word, a person or a place, and what decides that the company is meant.

    Word lists hold words or phrases; ``@name`` stands for a shared list, ``@company`` for another company named
    without doubt, and a trailing ``*`` for any ending. With none of ``after``, ``before`` and ``near`` the alias
    counts unless something undoes it.
    """

    alias: str
    case: str = "capital"  # "capital", "exact" or "any"
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the chip world, as ``companies.toml`` has it."""

    name: str
    role: str
    country: str
    ticker: str | None = None
    parent: str | None = None
    listings: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()


@dataclass(frozen=True, slots=True)
class _Test:
    """The rule of one ambiguous alias, compiled."""

    case: str
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    near: re.Pattern[str] | None
    near_company: bool
    not_after: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    not_near: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Name:
    """What the automaton finds."""

    company: Company | None  # None: a phrase that names nobody
    text: str  # as written in the file
    plural: bool = False
    exact: bool = False
    test: _Test | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    name: _Name


_LINES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2011": "-", "\u2010": "-"}) | dict.fromkeys(
    (0x09, 0x0A, 0x0D, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000), " "
)
_SYMBOL = re.compile(
    r"(?<![\w$])\$(?P<cash>[A-Z]{1,5}(?:\.[A-Z])?)(?![\w$])"
    r"|\b(?:nasdaq(?:gs)?|nyse|xnas|xnys|otc|otcmkts)\s?:\s?(?P<listed>[A-Za-z]{1,5})\b"
    r"|\((?P<bracket>[A-Z]{2,5})\)"
    r"|\b(?P<ric>[A-Z]{1,5})\.(?:O|N|OQ)\b"
    r"|(?<![\w.])(?P<home>[0-9A-Z][0-9A-Z&-]{0,9}\.(?:[A-Z]{1,3}))\b"
    r"|\b(?:HKEX|SEHK|HKG|TYO|TSE|TPE|TWSE|KRX|KOSDAQ|SSE|SHA|SHE|SZSE)\s?:\s?(?P<foreign>[0-9][0-9A-Z]{3,5})\b",
    re.IGNORECASE,
)
_HOME_SUFFIX = {
    "hkex": ("HK",), "sehk": ("HK",), "hkg": ("HK",), "tyo": ("T",), "tse": ("T",), "tpe": ("TW", "TWO"),
    "twse": ("TW",), "krx": ("KS",), "kosdaq": ("KQ",), "sse": ("SS",), "sha": ("SS",), "she": ("SZ",),
    "szse": ("SZ",),
}  # fmt: skip
# The end of a line that names who published it: "… - Samsung Newsroom", "… | Apple Insider".
_OUTLET = re.compile(
    r"\s(?:[-–—|·]|//)\s+(?P<outlet>[^-–—|]{2,60})$",
)
_OUTLET_WORD = re.compile(
    r"\b(?:news(?:room|wire|letter)?|times|journal|post|daily|weekly|magazine|review|today|tribune|herald|gazette|"
    r"insider|central|authority|blogs?|podcast|wire|press|media|report(?:s|er)?|finance|investor|asia|observer|"
    r"reuters|bloomberg|cnbc|benzinga|digitimes|community|forums?|hardware|radar|world|watch)\b|\.(?:com|net|org|io)\b",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Lower case with plain quotes, hyphens and blanks; always as long as ``text``, so offsets stay true."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered, e.g. the Turkish dotted capital I
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered if lowered.isascii() and lowered.isprintable() else lowered.translate(_LINES)


@dataclass(frozen=True, slots=True)
class CompanyBook:
    """Every known company, ready to be found in headlines. Built once, never changed, safe between threads.

    Args of the constructor:
        companies: in the order of the file.
        words: the shared word lists that rules call ``@name``.
        phrases: what holds a company's name and means something else.
    """

    companies: tuple[Company, ...]
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    _automaton: ahocorasick.Automaton = field(init=False, repr=False, compare=False)
    _symbols: dict[str, Company] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, Company] = field(init=False, repr=False, compare=False)
    _patterns: dict[str, re.Pattern[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        patterns = {key: _any_of(values, {}) for key, values in self.words.items()}
        names: dict[str, list[_Name]] = {}
        symbols: dict[str, Company] = {}
        for company in self.companies:
            for symbol in (company.ticker, *company.listings):
                if symbol is not None:
                    symbols.setdefault(symbol, company)
            for name in self._names(company):
                names.setdefault(fold(name.text), []).append(name)
        for phrase in self.phrases:
            names.setdefault(fold(phrase), []).append(_Name(None, phrase))
        automaton = ahocorasick.Automaton()
        for key, found in names.items():
            automaton.add_word(key, tuple(found))
        if names:
            automaton.make_automaton()
        for attribute, value in (
            ("_automaton", automaton),
            ("_symbols", symbols),
            ("_by_name", {c.name: c for c in self.companies}),
            ("_patterns", {k: p for k, p in patterns.items() if p is not None}),
        ):
            object.__setattr__(self, attribute, value)

    def _names(self, company: Company) -> Iterable[_Name]:
        judged = {fold(a.alias) for a in company.ambiguous}
        products = {fold(p) for p in company.products}
        for rule in company.ambiguous:
            plural = fold(rule.alias) in products
            yield _Name(company, rule.alias, plural, rule.case == "exact", self._compile(rule))
        for alias in dict.fromkeys((company.name, *company.aliases)):
            if fold(alias) not in judged:
                yield _Name(company, alias, exact=_is_short_capital(alias))
        for product in dict.fromkeys(company.products):
            if fold(product) not in judged:
                yield _Name(company, product, plural=True, exact=_is_short_capital(product))

    def _compile(self, rule: Ambiguous) -> _Test:
        return _Test(
            case=rule.case,
            after=_ends_with(rule.after, self.words),
            before=_begins_with(rule.before, self.words),
            near=_any_of(rule.near, self.words),
            near_company="@company" in rule.near,
            not_after=_ends_with(rule.not_after, self.words),
            not_before=_begins_with(rule.not_before, self.words),
            not_near=_any_of(rule.not_near, self.words),
        )

    def get(self, name: str) -> Company | None:
        """The company of that name, or None."""
        return self._by_name.get(name)

    def find(self, text: str) -> tuple[Mention, ...]:
        """The companies that a headline names, each once, in the order in which they first appear.

        Args:
            text: one headline as it came, in any script. Publishers at its end are not looked at.

        Returns:
            Named mentions with direction 0; ``start`` and ``end`` are offsets in ``text``.
        """
        folded = fold(text)
        hits = self._hits(text, folded)
        if not hits:
            return ()
        found: dict[str, Mention] = {}
        for hit in sorted(hits, key=lambda h: h.start):
            company = hit.name.company
            if company is not None and company.name not in found:
                found[company.name] = Mention(
                    company.name, company.ticker, role=company.role, start=hit.start, end=hit.end
                )
        return tuple(found.values())

    def _hits(self, text: str, folded: str) -> list[_Hit]:
        candidates: list[_Hit] = []
        limit = -1
        if len(self._automaton):
            for last, names in self._automaton.iter(folded):
                if limit < 0:
                    limit = body_end(text)
                for name in names:
                    hit = _bounded(text, folded, last + 1, name)
                    if hit is not None and hit.start < limit:
                        candidates.append(hit)
        candidates += self._symbol_hits(text)
        if not candidates:
            return candidates
        candidates.sort(key=lambda h: (h.start, -h.end))
        sure = {h.name.company.name for h in candidates if h.name.company is not None and h.name.test is None}
        kept: list[_Hit] = []
        reached = 0
        for hit in candidates:
            if hit.start < reached:
                continue
            if hit.name.test is not None and not _passes(hit, hit.name.test, text, folded, sure):
                continue
            kept.append(hit)
            reached = hit.end
        return kept

    def _symbol_hits(self, text: str) -> list[_Hit]:
        hits: list[_Hit] = []
        if not any(sign in text for sign in "$(:."):
            return hits
        for match in _SYMBOL.finditer(text):
            company = self._company_of(match, text)
            if company is not None:
                hits.append(_Hit(match.start(), match.end(), _Name(company, match[0])))
        return hits

    def _company_of(self, match: re.Match[str], text: str) -> Company | None:
        if match["home"]:
            return self._symbols.get(match["home"].upper())
        if match["foreign"]:
            exchange = match[0].split(":")[0].strip().lower()
            for suffix in _HOME_SUFFIX[exchange]:
                company = self._symbols.get(f"{match['foreign'].upper().zfill(4)}.{suffix}")
                if company is not None:
                    return company
            return None
        symbol = match["cash"] or match["bracket"] or match["ric"]
        if match["listed"]:
            return self._symbols.get(match["listed"].upper())
        if not symbol.isupper():
            return None
        if match["bracket"] and not any(p.search(fold(text)) for p in self._patterns.values()):
            return None  # "(MP)", "(BA)": a symbol only beside words of the trade
        return self._symbols.get(symbol)


def _is_short_capital(alias: str) -> bool:
    return len(alias) <= 3 and alias.isascii() and alias.isupper()


def _is_joined(char: str) -> bool:
    """Whether a character would continue a Latin word; Han, kana and hangul write without blanks."""
    return char.isalnum() and (char.isascii() or unicodedata.category(char) != "Lo")


def _bounded(text: str, folded: str, end: int, name: _Name) -> _Hit | None:
    """The hit of a name that ends at ``end``, or None when it is only a part of a word or in the wrong case."""
    start = end - len(name.text)
    if name.exact and text[start:end] != name.text:
        return None
    if _is_joined(folded[start]) and start and _is_joined(folded[start - 1]):
        return None
    if _is_joined(folded[end - 1]) and end < len(folded) and _is_joined(folded[end]):
        plural = name.plural and folded[end] == "s" and (end + 1 == len(folded) or not _is_joined(folded[end + 1]))
        if not plural:
            return None
        end += 1
    return _Hit(start, end, name)


def _passes(hit: _Hit, test: _Test, text: str, folded: str, sure: set[str]) -> bool:
    """Whether the words around an ambiguous alias make it the company."""
    proves = not (text.isupper() or text.islower())  # does case mean anything here?
    if test.case == "capital" and proves and not text[hit.start].isupper():
        return False
    left, right = folded[: hit.start], folded[hit.end :]
    if test.not_after is not None and test.not_after.search(left):
        return False
    if test.not_before is not None and test.not_before.match(right):
        return False
    around = left + " \0 " + right  # the alias itself is no evidence
    if test.not_near is not None and test.not_near.search(folded):
        return False
    wanted = (test.after, test.before, test.near)
    if not any(wanted) and not test.near_company:
        return True
    if test.near_company and hit.name.company is not None and sure - {hit.name.company.name}:
        return True
    return bool(
        (test.after is not None and test.after.search(left))
        or (test.before is not None and test.before.match(right))
        or (test.near is not None and test.near.search(around))
    )


def body_end(text: str) -> int:
    """Where the headline ends and the name of its publisher begins."""
    match = _OUTLET.search(text)
    if match is not None and len(match["outlet"].split()) <= 5 and _OUTLET_WORD.search(match["outlet"]):
        return match.start()
    return len(text)


def _alternatives(entries: Sequence[str], words: Mapping[str, Sequence[str]]) -> str:
    """A regular expression for any of the entries, longest first; '' when there are none."""
    plain: list[str] = []
    for entry in entries:
        plain += words.get(entry[1:], ()) if entry.startswith("@") else [entry]
    parts = []
    for entry in sorted(set(plain), key=lambda e: (-len(e), e)):
        folded = fold(entry)
        open_end = folded.endswith("*")
        body = re.escape(folded.rstrip("*"))
        edge = "" if open_end or not _is_joined(folded[-1]) else r"(?!\w)"
        start = r"(?<!\w)" if _is_joined(folded[0]) else ""
        parts.append(f"{start}{body}{edge}")
    return "|".join(parts)


def _any_of(entries: Sequence[str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    inner = _alternatives(entries, words)
    return re.compile(inner) if inner else None


def _ends_with(entries: Sequence[str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    inner = _alternatives(entries, words)
    return re.compile(rf"(?:{inner})[\s-]?$") if inner else None


def _begins_with(entries: Sequence[str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str] | None:
    inner = _alternatives(entries, words)
    return re.compile(rf"[\s-]?(?:{inner})") if inner else None
