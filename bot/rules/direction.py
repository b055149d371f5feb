"""Which way the words of a headline push each named company's shares.

Stated share moves count first, then what the headline says is done to a company or for it, in its own clause before the
rest of the sentence, then the sense of the measure that it tells of, and last what its verbs alone suggest. What is
denied pushes the other way. Opinion is judged by what it says of the company; questions and everything without a push
give 0. The phrases stand in the ``bot.rules.cue_*`` modules.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.domain import Event, Mention, Status
from bot.rules import (
    cue_business,
    cue_deals,
    cue_denials,
    cue_measures,
    cue_opinion,
    cue_other,
    cue_permits,
    cue_plants,
    cue_shares,
    cue_tones,
    cue_trade,
    cue_verbs,
    cues,
)
from bot.rules.cues import END, Rule, X, Y
from bot.rules.tickers import body_end, fold

_MEASURES = frozenset(
    {Event.EXPORT_RULE, Event.LICENCE, Event.IMPORT_RULE, Event.ENTITY_LIST, Event.TARIFF, Event.RETALIATION}
)
_TABLES: dict[Event, tuple[Rule, ...]] = {
    Event.RESULTS: cue_permits.OUTRIGHT
    + cue_shares.RESULTS_FIRST
    + cue_shares.RESULTS
    + cue_shares.RESULTS_LAST
    + cue_other.OTHER,
    Event.SUPPLY_DEMAND: cue_permits.OUTRIGHT + cue_trade.SUPPLY_FIRST + cue_business.SUPPLY + cue_trade.SUPPLY_LAST,
    Event.CAPACITY: cue_permits.OUTRIGHT + cue_plants.CAPACITY_FIRST + cue_plants.CAPACITY,
    Event.CORPORATE: cue_permits.OUTRIGHT + cue_deals.COURTS + cue_deals.DEALS + cue_business.CORPORATE,
    Event.ENFORCEMENT: cue_permits.OUTRIGHT + cue_permits.ENFORCEMENT + cue_measures.ENFORCEMENT,
    Event.OTHER: cue_other.OTHER + cue_business.CORPORATE + cue_plants.CAPACITY_FIRST + cue_opinion.OPINION,
    **dict.fromkeys(_MEASURES, cue_permits.MEASURES + cue_measures.MEASURES),
    Event.IMPORT_RULE: cue_permits.BUYERS + cue_permits.MEASURES + cue_measures.MEASURES,
    Event.TARIFF: cue_permits.DUTIES + cue_permits.MEASURES + cue_measures.MEASURES,
    Event.RETALIATION: cue_permits.MEASURES + cue_measures.MEASURES + cue_business.SUPPLY,
}
_DENIED: dict[Event, tuple[Rule, ...]] = {
    Event.RESULTS: cue_denials.BUSINESS,
    Event.SUPPLY_DEMAND: cue_denials.BUSINESS,
    Event.CAPACITY: cue_denials.CAPACITY,
    Event.CORPORATE: cue_denials.DEALS,
    Event.ENFORCEMENT: cue_denials.ENFORCEMENT,
    **dict.fromkeys(_MEASURES, cue_denials.MEASURES),
}
# Verbs alone, where no phrase fits; elsewhere they say too little.
_VERBS: dict[Event, tuple[Rule, ...]] = {
    Event.CORPORATE: cue_verbs.DONE_TO + cue_verbs.ACCUSED,
    Event.ENFORCEMENT: cue_verbs.DONE_TO + cue_verbs.ACCUSED,
    Event.CAPACITY: cue_verbs.DONE_TO + cue_verbs.SUFFERS + cue_verbs.STOPPED,
    Event.SUPPLY_DEMAND: cue_verbs.LOSES + cue_verbs.STOPPED,
    Event.OTHER: cue_verbs.DONE_TO + cue_verbs.SUFFERS + cue_verbs.THRIVES,
    Event.RESULTS: cue_verbs.SUFFERS + cue_verbs.THRIVES,
    Event.TARIFF: cue_verbs.SUFFERS,
    Event.RETALIATION: cue_verbs.SUFFERS,
}
# Where not even a verb helps: most measures hurt those whom they name, while reports of a licence bring hope. Duties
# and black lists name as many bystanders, rivals and lucky ones.
_LEFT = dict.fromkeys(_MEASURES - {Event.LICENCE, Event.TARIFF, Event.ENTITY_LIST}, -1)
# What is denied in unknown words: a measure that will not come, a licence that was not given.
_UNDONE = {event: -sign for event, sign in _LEFT.items()} | {Event.LICENCE: -1}
_HOPES = frozenset({Status.REPORTED, Status.PROPOSED})
_FIRST = 0xE010  # private-use characters stand for companies
_PLACE = re.compile("[\ue010-\uf8ff]")
_TOKEN = re.compile(r"[\ue010-\uf8ff]|[+\u2212-]?[$€£¥]?\d(?:[\w.,-]*\w)?%?|[^\W\d_](?:[\w.&'-]*\w)?|[^\w\s]")
_FORM = re.compile(r"\b(?:form )?[68]-k\b[^:]{1,40}:")
_DENIES = re.compile(r" (?:denies|refutes|rebuts|dispels) ")
# A columnist who asks whether to buy speaks of tomorrow; one who asks about a move that was made does not.
_PICKS = re.compile(r" (?:buy|bargain|too late|time to|sell the|now a|will|could|can|should i) ")
# Roles that buy chips: dearth and dear memory hurt them, whatever they do to their own prices.
_BUYERS = frozenset({"carmaker", "device", "server", "cloud", "telecom", "ai_lab"})
_JOIN = re.compile(r"(?:,|&|/|and|or|plus|, and|as well as)")


def with_directions(text: str, mentions: Sequence[Mention], *, event: Event, status: Status) -> tuple[Mention, ...]:
    """The same mentions with the direction in which the words push each company's shares.

    Args:
        text: the headline in which ``mentions`` were found.
        mentions: as ``CompanyBook.find`` gives them; inferred ones (without offsets) keep their direction.
        event: what the headline tells of.
        status: how sure it is; what is denied pushes the other way, and commentary has phrases of its own.
    """
    named = [m for m in mentions if 0 <= m.start < m.end <= len(text)]
    scene = _Scene(text, named)
    signs = {id(m): _sign(scene, place, m.role, event, status) for place, m in enumerate(named)}
    return tuple(dataclasses.replace(m, direction=signs[id(m)]) if id(m) in signs else m for m in mentions)


class _Scene:
    """A headline as words and marks, with one character in place of each company."""

    def __init__(self, text: str, named: Sequence[Mention]) -> None:
        folded = fold(text)[: body_end(text)]
        parts: list[str] = []
        reached = 0
        for place, mention in enumerate(named):
            if reached <= mention.start < len(folded):
                between = folded[reached : mention.start]
                if reached and folded[mention.start] == "$" and not between.strip():
                    between = " , "  # "$NVDA $AMD" is a list
                parts += [between, f" {chr(_FIRST + place)} "]
                reached = mention.end
        plain = "".join(parts) + folded[reached:]
        for place, mention in enumerate(named):  # a name that comes again, after a product or a ticker
            plain = re.sub(rf"(?<!\w){re.escape(fold(mention.company))}(?!\w)", f" {chr(_FIRST + place)} ", plain)
        plain = re.sub(r"([\ue010-\uf8ff])\s*\([^()]{1,20}\)", r"\1 ", _FORM.sub(" ", plain))  # a ticker in brackets
        plain = re.sub(r"(?<=\d)\s?(?:per ?cent|pct|pc)\b", "%", plain)
        plain = re.sub(r"\bgain (?:ai )?act\b|\bgain ai\b", "bill", plain)  # no gain but the name of a bill
        plain = re.sub(r"\bprices? (?:rise|hike|increase)s?\b", "price-rise", plain)
        plain = re.sub(r"'s?(?=\W|$)|(?<!\w)'|[\"“”]", " ", plain)
        self.tokens = _TOKEN.findall(plain)
        self.groups = self._join()

    def _join(self) -> dict[int, frozenset[int]]:
        """Which companies stand in one list with which: what pushes one of them pushes all."""
        groups: dict[int, frozenset[int]] = {}
        run: list[int] = []
        joined = True
        for token in [*self.tokens, "."]:
            place = _place(token)
            if place is not None:
                run = [*run, place] if joined else [place]
                groups |= {p: groups.get(p, frozenset()) | frozenset(run) for p in run}
                joined = False
            elif run and _JOIN.fullmatch(token):
                joined = True
            else:
                run, joined = [], False
        return groups

    def seen_from(self, place: int) -> str:
        """The words with ``X`` for the company's list and ``Y`` for all others, single blanks all around."""
        mine = self.groups.get(place, frozenset())
        stands = [i for i, token in enumerate(self.tokens) if _place(token) in mine]
        listed: set[int] = set()
        for a, b in pairwise(stands):
            if all(_JOIN.fullmatch(token) for token in self.tokens[a + 1 : b]):
                listed.update(range(a + 1, b + 1))
        words: list[str] = []
        for i, token in enumerate(self.tokens):
            if i in listed:
                continue
            other = _place(token)
            words.append(token if other is None else X if other in mine else Y)
        return f" {' '.join(words)} {END} "


_BREAK = re.compile(r" (?:as|while|after|but|despite|amid|because|though|although|when|;) ")


def _clause(words: str) -> str:
    """The part of a sentence, between its conjunctions, in which ``X`` stands."""
    part = next(p for p in _BREAK.split(words) if X in p.split()) if _BREAK.search(words) else words
    return f" {part.strip()} {END} " if part is not words else words


def _decide(rules: tuple[Rule, ...], words: str) -> Rule | None:
    """The first rule that fits the company's own clause, or else the whole headline."""
    clause = _clause(words)
    own = cues.first(rules, clause) if clause is not words else None
    return own or cues.first(rules, words)


def _place(token: str) -> int | None:
    """Which company a token stands for, None for a word."""
    return ord(token) - _FIRST if _PLACE.fullmatch(token) else None


def _sign(scene: _Scene, place: int, role: str | None, event: Event, status: Status) -> int:
    words = scene.seen_from(place)
    opinion = status is Status.COMMENTARY and event is not Event.OTHER
    asks = opinion and "?" in scene.tokens
    if X not in words or (asks and _PICKS.search(words)):
        return 0  # "Up 900%. Too late to buy?" asks and tells nothing of today
    alone = Y not in words
    rule = _move(words, alone=alone)
    if rule is not None:
        faded = opinion and cues.first(cue_opinion.FADES, words) is not None
        return 0 if faded else rule.sign
    if asks:
        return 0
    if opinion:
        rule = cues.first(cue_opinion.CALLS if event is Event.RESULTS else cue_opinion.OPINION, words)
        return _toned(words, role, event, cue_tones.VIEWS) if rule is None else rule.sign
    if event in _DENIED and (status is Status.DENIED or (event in _MEASURES and _DENIES.search(words))):
        rule = cues.first(_DENIED[event], words)
        return _UNDONE.get(event, 0) if rule is None else rule.sign
    if event is Event.RESULTS and alone and (sign := _against_estimate(scene.tokens)):
        return sign
    rule = cues.first(cue_trade.BUYERS, words) if event is Event.SUPPLY_DEMAND and role in _BUYERS else None
    rule = rule or _decide(_TABLES[event], words)
    if rule is None and event in _MEASURES:
        rule = _decide(cue_measures.STANCE + cue_other.OTHER, words)
    rule = rule or cues.first(_VERBS.get(event, ()), _clause(words))
    if rule is not None:
        return rule.sign
    return _toned(words, role, event, cue_tones.TONES) or (
        1 if event is Event.LICENCE and status in _HOPES else _LEFT.get(event, 0)
    )


def _toned(words: str, role: str | None, event: Event, tones: Mapping[Event, cue_tones.Tone]) -> int:
    """What single words suggest; those of scarce goods say nothing of who buys them, those of an index of nobody."""
    tone = tones.get(event)
    if tone is None or (tone.lone and Y in words) or (event is Event.SUPPLY_DEMAND and role in _BUYERS):
        return 0
    if cues.first(cue_shares.LONE_MOVES, words) is not None:
        return 0
    return tone.sign(_clause(words))


def _move(words: str, *, alone: bool) -> Rule | None:
    """A stated share move; one that names nobody counts for a company that stands alone, unless an index moved."""
    rule = cues.first(cue_shares.MOVES, words)
    if rule is None and alone:
        lone = cues.first(cue_shares.LONE_MOVES, words)
        rule = lone if lone is not None and lone.sign else None
    return rule


_FIGURE = re.compile(r"[^\d-]*(\d[\d,]*(?:\.\d+)?)(?:(?:bn|b|m|tn|mn)?-[^\d]*(\d[\d,]*(?:\.\d+)?))?.*")
_EXPECTED = frozenset({"est", "est.", "estimate", "estimates", "vs", "versus", "ibes", "forecast", "expected"})


def _against_estimate(tokens: Sequence[str]) -> int:
    """1 or -1 where a result or an outlook stands beside what was expected of it: "EPS $1.53, EST. $1.32"."""
    for at, token in enumerate(tokens):
        if token not in _EXPECTED:
            continue
        told = [(_unit(t), v) for t in tokens[max(0, at - 10) : at] if (v := _value(t)) is not None]
        wanted = next(((_unit(t), v) for t in tokens[at + 1 : at + 5] if (v := _value(t)) is not None), None)
        comparable = [value for unit, value in told if wanted is not None and unit == wanted[0]]
        if wanted is not None and comparable:
            return (comparable[-1] > wanted[1]) - (comparable[-1] < wanted[1])
    return 0


def _value(token: str) -> float | None:
    """The number that a token states, the middle of a range; None for percentages, years and quarters."""
    match = _FIGURE.fullmatch(token)
    if match is None or token.endswith("%") or re.fullmatch(r"[1-4]q.*|\d{4}", token):
        return None
    numbers = [float(n.replace(",", "")) for n in match.groups() if n]
    return sum(numbers) / len(numbers)


def _unit(token: str) -> str:
    return token[:1] if token[:1] in "$€£¥" else ""
