"""The map of exposure: read, checked as a whole against the companies, and made into a book."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from bot.companies import TICKER
from bot.domain import Event
from bot.errors import ConfigError
from bot.rules.exposure import Entry, Exposed, ExposureBook
from bot.rules.facts import find_facts
from bot.rules.sense import Sense
from bot.rules.tickers import Company, CompanyBook
from bot.toml_file import TomlFile, read_toml

REASON = 120  # code points; a card has one line for it
ROLE = 30

_SIGNS = {"+": 1, "-": -1}
_LISTS = ("products", "companies", "makers", "words", "places", "events", "not_words", "not_places")
_ENTRY_KEYS = ("name", "sense", "flip", "exposed", *_LISTS)
_EXPOSED_KEYS = ("ticker", "name", "role", "sign", "reason", "flip")
_TOP_KEYS = ("exposure", "extend")


def load_exposure(companies: CompanyBook, extra: Path | None = None) -> ExposureBook:
    """Read the bundled map and, where one is given, the user's file that adds to it or replaces it.

    Args:
        companies: who is known; every ticker of the map must be one of theirs or stand beside a name.
        extra: a TOML file of the same form. An entry with a known name replaces that entry, one whose ``exposed``
            is empty takes it out; ``extend = false`` at the top leaves the bundled map out altogether.

    Raises:
        ConfigError: a file cannot be read or something in it cannot be used; every problem stands in the
            message, a line each, with file, entry and key.
    """
    files = []
    if extra is not None:
        files.append(read_toml(extra))
    if extra is None or files[0].data.get("extend", True) is not False:
        bundled = resources.files("bot").joinpath("exposure.toml").read_text(encoding="utf-8")
        files.insert(0, TomlFile("exposure.toml", tomllib.loads(bundled)))
    problems: list[str] = []
    known = _Known(companies)
    entries: dict[str, Entry] = {}
    for file in files:
        problems += _unknown(file.name, file.data, _TOP_KEYS)
        if not isinstance(file.data.get("extend", True), bool):
            problems.append(f"{file.name}: extend: write true or false")
        seen: set[str] = set()
        for position, table in enumerate(_tables(file, problems), 1):
            entry = _entry(file.name, position, table, known, problems)
            if entry is None:
                continue
            if entry.name in seen:
                problems.append(f"{file.name}: exposure {entry.name!r} stands there twice")
            seen.add(entry.name)
            entries[entry.name] = entry
    if problems:
        raise ConfigError("\n".join(problems))
    return ExposureBook(tuple(entry for entry in entries.values() if entry.exposed))


class _Known:
    """The companies by name and by every symbol."""

    def __init__(self, book: CompanyBook) -> None:
        self.names: dict[str, Company] = {company.name: company for company in book.companies}
        self.symbols: dict[str, Company] = {
            symbol: company
            for company in book.companies
            for symbol in (company.ticker, *company.listings)
            if symbol is not None
        }


def _tables(file: TomlFile, problems: list[str]) -> list[Mapping[str, Any]]:
    value = file.data.get("exposure", [])
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        problems.append(f"{file.name}: exposure: write [[exposure]] for each entry")
        return []
    return value


def _entry(file: str, position: int, table: Mapping[str, Any], known: _Known, problems: list[str]) -> Entry | None:
    """One entry, or None when it has problems, which are added to the list."""
    name = table.get("name")
    where = f"{file}: exposure {name!r}" if isinstance(name, str) and name else f"{file}: exposure number {position}"
    before = len(problems)
    problems += _unknown(where, table, _ENTRY_KEYS)
    if not isinstance(name, str) or not name.strip():
        problems.append(f"{where}: name: {'is missing' if name is None else 'is not a text'}")
    sense = table.get("sense")
    if sense not in list(Sense):
        wrong = "is missing" if sense is None else f"{sense!r} is unknown{_hint(sense, Sense)}"
        problems.append(f"{where}: sense: {wrong}")
    flip = table.get("flip", True)
    if not isinstance(flip, bool):
        problems.append(f"{where}: flip: write true or false")
    lists = {key: _strings(where, key, table.get(key, []), problems) for key in _LISTS}
    if not any(lists[key] for key in ("products", "companies", "words")):
        problems.append(f"{where}: products, companies or words: one of them must say what the news is about")
    problems += _check_lists(where, lists, known)
    touched = _all_exposed(where, table.get("exposed"), known, problems, flip=flip is not False)
    if len(problems) > before:
        return None
    return Entry(
        name=table["name"],
        sense=Sense(table["sense"]),
        exposed=touched,
        products=lists["products"],
        companies=lists["companies"],
        makers=lists["makers"],
        words=lists["words"],
        places=lists["places"],
        events=frozenset(Event(e) for e in lists["events"]),
        not_words=lists["not_words"],
        not_places=lists["not_places"],
    )


def _check_lists(where: str, lists: Mapping[str, tuple[str, ...]], known: _Known) -> list[str]:
    """Values that could never hold: companies, events, products and places that nothing would find."""
    problems = [
        f"{where}: {key}: {name!r} is unknown{_hint(name, known.names)}"
        for key in ("companies", "makers")
        for name in lists[key]
        if name not in known.names
    ]
    problems += [
        f"{where}: events: {event!r} is unknown{_hint(event, Event)}"
        for event in lists["events"]
        if event not in list(Event)
    ]
    problems += [
        f"{where}: products: {product!r} is no product that headlines are searched for"
        for product in lists["products"]
        if not product.endswith("*") and find_facts(product).products != (product,)
    ]
    problems += [
        f"{where}: {key}: {text!r}: an asterisk may only stand at the end"
        for key in ("products", "words", "not_words")
        for text in lists[key]
        if "*" in text[:-1]
    ]
    problems += [
        f"{where}: {key}: {place!r} is no country as facts name it; write US, South Korea"
        for key in ("places", "not_places")
        for place in lists[key]
        if find_facts(place).places != (place,)
    ]
    return problems


def _all_exposed(where: str, value: object, known: _Known, problems: list[str], *, flip: bool) -> tuple[Exposed, ...]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        problems.append(f"{where}: exposed: {'is missing' if value is None else 'is not a list of { … }'}")
        return ()
    touched: dict[str, Exposed] = {}
    for position, table in enumerate(value, 1):
        one = _exposed(f"{where}: exposed {position}", table, known, problems, flip=flip)
        if one is None:
            continue
        if one.company in touched:
            problems.append(f"{where}: exposed {position}: {one.company!r} stands there twice")
        touched[one.company] = one
    return tuple(touched.values())


def _exposed(where: str, table: Mapping[str, Any], known: _Known, problems: list[str], *, flip: bool) -> Exposed | None:
    before = len(problems)
    problems += _unknown(where, table, _EXPOSED_KEYS)
    for key, limit in (("role", ROLE), ("reason", REASON)):
        text = table.get(key)
        if not isinstance(text, str) or not text.strip():
            problems.append(f"{where}: {key}: {'is missing' if text is None else 'is not a text'}")
        elif "\n" in text or len(text) > limit:
            problems.append(f"{where}: {key}: must be one line of at most {limit} characters")
    sign = table.get("sign")
    if not isinstance(sign, str) or sign not in _SIGNS:
        problems.append(f'{where}: sign: {"is missing" if sign is None else f"{sign!r} is no sign"}; write "+" or "-"')
    if not isinstance(table.get("flip", True), bool):
        problems.append(f"{where}: flip: write true or false")
    who = _who(where, table, known, problems)
    if who is None or len(problems) > before:
        return None
    return Exposed(
        company=who[0],
        ticker=who[1],
        role=table["role"],
        sign=_SIGNS[table["sign"]],
        reason=table["reason"],
        flip=table.get("flip", flip),
    )


def _who(where: str, table: Mapping[str, Any], known: _Known, problems: list[str]) -> tuple[str, str | None] | None:
    """Name and ticker: a known company's by either, else the name that is written, with or without a ticker."""
    ticker, name = table.get("ticker"), table.get("name")
    for key, value in (("ticker", ticker), ("name", name)):
        if value is not None and (not isinstance(value, str) or not value.strip()):
            problems.append(f"{where}: {key}: is not a text")
            return None
    if ticker is None and name is None:
        problems.append(f"{where}: ticker: is missing; write a ticker, or the name of a company that is not listed")
        return None
    company = known.symbols.get(ticker) if ticker is not None else known.names.get(str(name))
    if company is not None:
        if name is not None and name != company.name:
            problems.append(f"{where}: name: {ticker!r} is {company.name!r}, not {name!r}")
            return None
        return company.name, company.ticker
    if name is None:
        hint = _hint(ticker, known.symbols)
        problems.append(f"{where}: ticker: {ticker!r} is no known company's{hint}; write its name beside it")
        return None
    if ticker is not None and not TICKER.fullmatch(ticker):
        problems.append(f"{where}: ticker: {ticker!r} is no ticker; write NVDA, or 005930.KS with a suffix")
        return None
    if ticker is not None and name in known.names:
        problems.append(f"{where}: ticker: {name!r} trades as {known.names[name].ticker!r}, not {ticker!r}")
        return None
    return name, ticker


def _strings(where: str, key: str, value: object, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip(" *") for v in value):
        problems.append(f"{where}: {key}: is not a list of texts")
        return ()
    return tuple(value)


def _unknown(where: str, table: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return [f"{where}: {key}: unknown key{_hint(key, known)}" for key in table if key not in set(known)]


def _hint(word: object, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(str(word), [str(k) for k in known], n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
