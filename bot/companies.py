"""The file of companies: read, checked as a whole, and made into a book."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.rules.tickers import Ambiguous, Company, CompanyBook, fold
from bot.toml_file import TomlFile, read_toml

ROLES = (
    "designer", "idm", "foundry", "memory", "equipment", "test", "eda", "ip", "materials", "packaging", "substrate",
    "analog", "power", "optics", "networking", "server", "cloud", "ai_lab", "device", "carmaker", "telecom",
    "distributor", "investor", "conglomerate", "other",
)  # fmt: skip
CASES = ("capital", "exact", "any")
# A US symbol (NVDA, BRK.B), or a home listing with the suffix that Reuters and Yahoo use (005930.KS, 285A.T).
TICKER = re.compile(
    r"[A-Z]{1,5}(?:\.[AB])?"
    r"|[0-9A-Z][0-9A-Z&-]{0,9}\.(?:AS|AX|BO|BR|DE|HE|HK|KL|KQ|KS|L|MI|NS|OL|PA|SI|SS|ST|SW|SZ|T|TA|TW|TWO|VI)"
)

_TEXT = ("name", "ticker", "parent", "role", "country")
_LISTS = ("aliases", "products", "listings")
_COMPANY_KEYS = (*_TEXT, *_LISTS, "ambiguous")
_WORD_KEYS = ("after", "before", "near", "not_after", "not_before", "not_near")
_AMBIGUOUS_KEYS = ("alias", "case", *_WORD_KEYS)
_TOP_KEYS = ("company", "not_companies", "words")


def load_companies(extra: Path | None = None) -> CompanyBook:
    """Read the bundled companies and, where one is given, the user's file that adds to them.

    Args:
        extra: a TOML file of the same form; a company with a known name replaces that company, phrases and word
            lists are added.

    Raises:
        ConfigError: a file cannot be read or something in it cannot be used; every problem stands in the
            message, a line each, with file, company and key.
    """
    bundled = resources.files("bot").joinpath("companies.toml").read_text(encoding="utf-8")
    files = [TomlFile("companies.toml", tomllib.loads(bundled))]
    if extra is not None:
        files.append(read_toml(extra))
    problems: list[str] = []
    companies: dict[str, Company] = {}
    origin: dict[str, str] = {}
    words: dict[str, list[str]] = {}
    phrases: dict[str, None] = {}
    for file in files:
        problems += _unknown(file.name, "", file.data, _TOP_KEYS)
        seen: set[str] = set()
        for position, entry in enumerate(_tables(file, problems), 1):
            company = _company(file.name, position, entry, problems)
            if company is None:
                continue
            if company.name in seen:
                problems.append(f"{file.name}: company {company.name!r} stands there twice")
            seen.add(company.name)
            companies[company.name] = company
            origin[company.name] = file.name
        phrases |= dict.fromkeys(_strings(file.name, "not_companies", file.data.get("not_companies", []), problems))
        for key, values in _word_lists(file, problems).items():
            words.setdefault(key, []).extend(values)
    problems += _cross_check(companies, origin, words)
    if problems:
        raise ConfigError("\n".join(problems))
    return CompanyBook(tuple(companies.values()), words, tuple(phrases))


def _tables(file: TomlFile, problems: list[str]) -> list[Mapping[str, Any]]:
    value = file.data.get("company", [])
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        problems.append(f"{file.name}: company: write [[company]] for each company")
        return []
    return value


def _word_lists(file: TomlFile, problems: list[str]) -> dict[str, tuple[str, ...]]:
    value = file.data.get("words", {})
    if not isinstance(value, dict):
        problems.append(f"{file.name}: words: write [words] and a list under each name")
        return {}
    return {key: _strings(file.name, f"words.{key}", values, problems) for key, values in value.items()}


def _company(file: str, position: int, entry: Mapping[str, Any], problems: list[str]) -> Company | None:
    """One company, or None when it has problems, which are added to the list."""
    name = entry.get("name")
    where = f"{file}: company {name!r}" if isinstance(name, str) and name else f"{file}: company number {position}"
    before = len(problems)
    problems += _unknown(where, "", entry, _COMPANY_KEYS)
    for key in _TEXT:
        value = entry.get(key)
        required = key in {"name", "role", "country"}
        if (value is None and required) or (value is not None and (not isinstance(value, str) or not value.strip())):
            problems.append(f"{where}: {key}: {'is missing' if value is None else 'is not a text'}")
    lists = {key: _strings(where, key, entry.get(key, []), problems) for key in _LISTS}
    for key, symbols in (("ticker", [entry.get("ticker")]), ("listings", lists["listings"])):
        problems += [
            f"{where}: {key}: {symbol!r} is no ticker; write NVDA, or 005930.KS with the suffix of the exchange"
            for symbol in symbols
            if isinstance(symbol, str) and not TICKER.fullmatch(symbol)
        ]
    role = entry.get("role")
    if isinstance(role, str) and role not in ROLES:
        problems.append(f"{where}: role: {role!r} is unknown{_hint(role, ROLES)}")
    country = entry.get("country")
    if isinstance(country, str) and not re.fullmatch(r"[A-Z]{2}", country):
        problems.append(f"{where}: country: {country!r} is no code of two capitals such as US")
    rules = _rules(where, entry.get("ambiguous", []), problems)
    if len(problems) > before:
        return None
    return Company(
        name=entry["name"],
        role=entry["role"],
        country=entry["country"],
        ticker=entry.get("ticker"),
        parent=entry.get("parent"),
        listings=lists["listings"],
        aliases=lists["aliases"],
        products=lists["products"],
        ambiguous=tuple(rules),
    )


def _rules(where: str, value: object, problems: list[str]) -> list[Ambiguous]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        problems.append(f"{where}: ambiguous: write [[company.ambiguous]] for each alias")
        return []
    rules = []
    for entry in value:
        alias = entry.get("alias")
        if not isinstance(alias, str) or not alias.strip():
            problems.append(f"{where}: ambiguous.alias: {'is missing' if alias is None else 'is not a text'}")
            continue
        at = f"{where}: ambiguous {alias!r}"
        problems += _unknown(at, "", entry, _AMBIGUOUS_KEYS)
        case = entry.get("case", "capital")
        if case not in CASES:
            problems.append(f"{at}: case: {case!r} is unknown{_hint(str(case), CASES)}")
        words = {key: _strings(at, key, entry.get(key, []), problems) for key in _WORD_KEYS}
        rules.append(Ambiguous(alias=alias, case=str(case), **words))
    return rules


def _cross_check(
    companies: Mapping[str, Company], origin: Mapping[str, str], words: Mapping[str, Iterable[str]]
) -> list[str]:
    """What only shows when all companies are known: an alias or a ticker of two, an unknown parent or word list."""
    problems: list[str] = []
    owners: dict[str, tuple[str, str]] = {}  # what → (company, key)
    for company in companies.values():
        where = f"{origin[company.name]}: company {company.name!r}"
        if company.parent is not None and company.parent not in companies:
            problems.append(f"{where}: parent: {company.parent!r} is unknown{_hint(company.parent, companies)}")
        mine: set[str] = set()
        for key, text in _claims(company):
            what = f"ticker {text}" if key in {"ticker", "listings"} else fold(text)
            if what in mine:
                problems.append(f"{where}: {key}: {text!r} stands there twice")
            mine.add(what)
            name, other = owners.setdefault(what, (company.name, key))
            if name != company.name and {key, other} != {"ambiguous"}:  # two may share a word that both judge
                problems.append(f"{where}: {key}: {text!r} belongs to {name!r} already")
        for rule in company.ambiguous:
            for key in _WORD_KEYS:
                for entry in getattr(rule, key):
                    if entry.startswith("@") and entry != "@company" and entry[1:] not in words:
                        at = f"{where}: ambiguous {rule.alias!r}: {key}"
                        problems.append(f"{at}: there is no list {entry!r} under [words]{_hint(entry[1:], words)}")
    return list(dict.fromkeys(problems))


def _claims(company: Company) -> Iterable[tuple[str, str]]:
    """Everything that only this company may be called, with the key under which it stands."""
    judged = {fold(rule.alias) for rule in company.ambiguous}  # a rule may judge a name that stands elsewhere
    for key, texts in (("name", (company.name,)), ("aliases", company.aliases), ("products", company.products)):
        yield from ((key, text) for text in texts if fold(text) not in judged)
    yield from (("ambiguous", rule.alias) for rule in company.ambiguous)
    if company.ticker is not None:
        yield "ticker", company.ticker
    yield from (("listings", symbol) for symbol in company.listings)


def _strings(where: str, key: str, value: object, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        problems.append(f"{where}: {key}: is not a list of texts")
        return ()
    return tuple(value)


def _unknown(where: str, prefix: str, entry: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return [f"{where}: {prefix}{key}: unknown key{_hint(key, known)}" for key in entry if key not in set(known)]


def _hint(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
