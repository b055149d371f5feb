"""Whom a rule puts on the Entity List, takes off it, or writes anew: from its summary, its instructions, its table.

The summary counts, the instructions name, the table says under which policy. What contradicts the count is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.rules.names import NameBook
from bot.rules.places import PLACE_NAMES
from bot.rules.rule_table import read_rows
from bot.rules.rule_text import NUMBER, RuleText, count

_COUNTRIES = {
    "china, people's republic of": "China", "people's republic of china": "China", "prc": "China", "china": "China",
    "united arab emirates": "UAE", "uae": "UAE", "united kingdom": "UK", "uk": "UK", "burma": "Myanmar",
    "republic of korea": "South Korea", "korea, republic of": "South Korea", "korea, south": "South Korea",
    "türkiye": "Turkey", "macau": "Macau", "russian federation": "Russia",
}  # fmt: skip
_PLACES = NameBook(PLACE_NAMES)
_VERB = {"add": "added", "rem": "removed", "rev": "revised", "mod": "revised"}
_STATED = re.compile(
    rf"\b(?P<verb>add|remov|revis|modif)(?:s|es|ies|ing|ying)\s(?:the\s(?:following\s)?)?(?P<number>{NUMBER})\s"
    rf"(?:(?:existing|new|additional|foreign|Chinese)\s)?(?P<what>entit(?:y|ies)|entr(?:y|ies)|persons?)"
    rf"(?:\sunder\s(?P<entries>{NUMBER})\s(?:separate\s)?entr(?:y|ies))?",
    re.IGNORECASE,
)
_DESTINATIONS = re.compile(r"under\sthe\sdestinations?\sof\s(?P<list>(?:[^.;]|\.(?=[A-Z]))+)", re.IGNORECASE)
_COUNTED = re.compile(r"(?P<country>[^()]+(?:\([A-Za-z'. ]+\))?)\s?\((?P<number>\d{1,3})\)")
_AMENDED = re.compile(
    r"Supplement\sNo\.\s?4\sto\spart\s744\s(?:of\s[^.:]{0,60}\s)?(?:is|continues\sto\sbe)\s(?:further\s)?amended",
    re.IGNORECASE,
)
_INSTRUCTIONS_END = re.compile(r"\*\s\*\s\*\s\*|Supplement\sNo\.\s?4\sto\sPart\s744\s?(?:--|—|-)|-{20,}")
_INSTRUCTIONS = 120_000  # characters; those of a rule with 140 entities have 30,000
_STEP = re.compile(
    r"(?:[Uu]nder|[Aa]dding|[Aa]dd|[Hh]eading\s(?:for|of)|[Dd]estination\sof|[Cc]ountry\sof)\s(?:the\s)?"
    r"(?P<country>[A-Z][A-Z']{2,}(?:,?\s(?:[A-Z][A-Z']+|OF|AND|THE))*)(?![a-z])"
    r"|\b(?P<verb>[Aa]dd|[Rr]emov|[Rr]evis|[Mm]odif)(?:e|y|ing|ying)?\b"
    r"(?=[^“”:;]{0,120}?\bent(?:r(?:y|ies)|it(?:y|ies))\b)"
    r"|“(?P<name>[^“”]{3,400})”"
)
_ALIASES = re.compile(
    rf"(?:a\.k\.a\.,?|also\sknown\sas)\s*,?\s*(?:the\sfollowing\s(?P<number>{NUMBER})\salias)?", re.IGNORECASE
)
_LISTED = re.compile(
    rf"the\sfollowing\s(?P<number>{NUMBER})\sentit(?:y|ies)[^:]{{0,200}}:\s*\n(?P<block>.{{1,6000}})",
    re.IGNORECASE | re.DOTALL,
)
_ITEM = re.compile(r"\n(?=\s{2,}\S|\s*(?:[•●▪]|\(\d{1,2}\)|\d{1,2}\.\s|[a-z]\.\s))|\n\s*\n")
_BULLET = re.compile(r"^\s*(?:[•●▪]|\(\d{1,2}\)|\d{1,2}\.\s|[a-z]\.\s)\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the Entity List; fields that the text does not say are empty."""

    name: str
    country: str  # its destination, by its common English name
    aliases: int = 0
    requirement: str = ""  # "For all items subject to the EAR"
    policy: str = ""  # "Presumption of denial"


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule does in one way: adds, removes or revises."""

    entities: int = 0
    entries: int = 0  # one entity may be listed in several countries
    by_country: tuple[tuple[str, int], ...] = ()  # entries, the most first; empty where the text is not clear
    listed: tuple[Entry, ...] = ()  # empty where the names do not make up the count


def read_changes(text: RuleText) -> dict[str, Change]:
    """What the rule does to the list: "added", "removed" and "revised", each only where it does something."""
    summary = text.captions.get("SUMMARY", "")
    stated = dict(_stated(summary))
    named = _named(text)
    if "added" in stated and not named:
        named = {"added": listed} if (listed := _from_preamble(text, stated["added"].entries)) else {}
    rows = [_entry(*row) for row in read_rows(text.lines)]
    if "added" in stated and not named and stated.keys() == {"added"} and len(rows) == stated["added"].entries:
        named = {"added": rows}
    changes = {kind: _joined(stated.get(kind), named.get(kind, [])) for kind in ("added", "removed", "revised")}
    return {
        kind: replace(change, listed=tuple(_detailed(entry, rows) for entry in change.listed))
        for kind, change in changes.items()
        if change is not None
    }


def country_of(text: str) -> str:
    """A destination as the trade calls it: "CHINA, PEOPLE'S REPUBLIC OF" → "China"."""
    bare = re.sub(r"\([^()]*\)", " ", text)
    bare = re.sub(r"^(?:\s|,|and\b|the\b|under\b)+", "", " ".join(bare.split()), flags=re.IGNORECASE).strip(" ,.;")
    known = _COUNTRIES.get(bare.casefold())
    return known or (bare.title().replace(" Of ", " of ").replace(" And ", " and ") if bare.isupper() else bare)


def _destination(line: str) -> str:
    """The country that a line names and nothing else; "" for every other line."""
    name = country_of(line.strip(" :."))
    known = _PLACES.find(name)
    whole = len(known) == 1 and (known[0].start, known[0].end) == (0, len(name))
    return known[0].says[0][1] if whole else ""


def _stated(summary: str) -> Iterator[tuple[str, Change]]:
    """What the summary counts. A kind that it counts twice is left out: the sum may count one entity twice."""
    found = list(_STATED.finditer(summary))
    seen = Counter(_VERB[match["verb"][:3].lower()] for match in found)
    for match, after in zip_longest(found, found[1:]):
        kind = _VERB[match["verb"][:3].lower()]
        if seen[kind] > 1:
            continue
        entities = count(match["number"])
        entries = count(match["entries"]) if match["entries"] else entities
        rest = summary[match.end() : after.start() if after else len(summary)]
        yield kind, Change(entities, entries, _by_country(rest, entries))


def _by_country(text: str, entries: int) -> tuple[tuple[str, int], ...]:
    found = _DESTINATIONS.search(text)
    if found is None:
        return ()
    counted = [(country_of(m["country"]), int(m["number"])) for m in _COUNTED.finditer(found["list"])]
    if counted:
        return _most_first(counted) if sum(number for _, number in counted) == entries else ()
    only = re.split(r",\s(?!People)|\sand\s|\sto\s|\son\s|\sfor\s|\sas\s", re.sub(r"\([^()]*\)", "", found["list"]))
    return ((country_of(only[0]), entries),) if "destination of " in found[0] and len(only) >= 1 else ()


def _named(text: RuleText) -> dict[str, list[Entry]]:
    """The entries that the amendatory instructions name."""
    found: dict[str, list[Entry]] = {}
    begin = _AMENDED.search(text.flat)
    if begin is None:
        return found
    rest = text.flat[begin.end() : begin.end() + _INSTRUCTIONS]
    end = _INSTRUCTIONS_END.search(rest)
    country, kind = "", ""
    for step in _STEP.finditer(rest[: end.start()] if end else rest):
        if step["country"]:
            country = country_of(step["country"])
            if step[0][:3].lower() == "add":
                kind = "added"
        elif step["verb"]:
            kind = _VERB[step["verb"][:3].lower()]
        elif country and kind:
            found.setdefault(kind, []).append(Entry(step["name"].strip(" ,.;") + _end(step["name"]), country))
    return found


def _end(name: str) -> str:
    """The full stop that belongs to a name ("Ltd.", "Inc.") and not to the sentence."""
    return "." if re.search(r"\b(?:Ltd|Inc|Co|Corp|Sdn\. Bhd|Bhd|Pte|L\.L\.C|S\.A)\.[,;]?$", name.strip()) else ""


def _from_preamble(text: RuleText, entries: int) -> list[Entry]:
    """The list that the preamble gives line by line, where it has as many lines as it says."""
    found = _LISTED.search(text.lines)
    if found is None or count(found["number"]) != entries:
        return []
    place = _DESTINATIONS.search(" ".join(found[0].partition(":")[0].split()))
    country = country_of(place["list"].split(" to the ")[0]) if place else ""
    listed: list[Entry] = []
    # A country stands on a line of its own, as far out as the text around it.
    lines = (f"\n{line}\n" if _destination(line) else line for line in found["block"].split("\n"))
    for item in _ITEM.split("\n" + "\n".join(lines)):
        line = " ".join(_BULLET.sub("", item).split())
        if not line:
            continue
        if there := _destination(line):
            country = there
            continue
        if len(listed) == entries:
            break
        name = re.sub(r"[;,.]?\s(?:and|or)$", "", line)
        name = _name(name).rstrip(".") + _end(name)
        if not country or not name:
            return []
        listed.append(Entry(name, country, _alias_count(line)))
    return listed if len(listed) == entries else []


def _joined(stated: Change | None, named: Sequence[Entry]) -> Change | None:
    """What is stated with what is named, or either alone."""
    unique = tuple(dict.fromkeys(named))
    named_by = _most_first([(entry.country, 1) for entry in unique])
    if stated is None:
        # One entity under two entries bears one name.
        entities = len({entry.name.casefold() for entry in unique})
        return Change(entities, len(unique), named_by, unique) if unique else None
    agreed = len(unique) == stated.entries and (not stated.by_country or set(named_by) == set(stated.by_country))
    if not agreed:
        return stated
    return replace(stated, by_country=named_by, listed=unique)


def _most_first(counted: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for country, number in counted:
        total[country] += number
    return tuple(total.most_common())


def _entry(country: str, entity: str, requirement: str, policy: str) -> Entry:
    return Entry(_name(entity), country_of(country), _alias_count(entity), requirement.strip(" ."), policy.strip(" ."))


def _name(entity: str) -> str:
    """The name before its aliases and addresses; with the comma of "Co., Ltd." in it."""
    head = re.split(
        r",?\s(?:a\.k\.a\.|f\.k\.a\.|also known as|including the following)|;|\s(?:No\.|Room|Floor|Unit)\s\d", entity
    )[0]
    legal = re.match(
        r".*?(?:,\s)?\b(?:Ltd|Limited|Inc|Corp|Corporation|LLC|GmbH|Sdn\.? Bhd|Pte\.? Ltd|JSC|FZE|FZCO)\b\.?", head
    )
    return (legal[0] if legal else head.partition(",")[0]).strip(" ,;")


def _alias_count(entity: str) -> int:
    found = _ALIASES.search(entity)
    return 0 if found is None else count(found["number"] or "one")


def _detailed(entry: Entry, rows: Sequence[Entry]) -> Entry:
    """The entry with what its row of the table says, where one row alone bears its name in its country."""
    name = entry.name.casefold().rstrip(".")
    mine = [row for row in rows if row.country == entry.country and row.name.casefold().rstrip(".") == name]
    if len(mine) != 1:
        return entry
    return replace(entry, aliases=mine[0].aliases, requirement=mine[0].requirement, policy=mine[0].policy)
