"""Which way the words of a headline push each named company's shares.

Stated share moves count first, then what the headline says is done to a company or for it, then the sense of the
measure that it tells of. Questions, commentary and everything without a push give 0. The phrases stand in
``bot.rules.cue_shares``, ``cue_measures`` and ``cue_business``.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from bot.domain import Event, Mention, Status
from bot.rules import cue_business, cue_measures, cue_shares, cues
from bot.rules.cues import END, Rule, X, Y
from bot.rules.tickers import body_end, fold

_MEASURES = frozenset(
    {Event.EXPORT_RULE, Event.LICENCE, Event.IMPORT_RULE, Event.ENTITY_LIST, Event.TARIFF, Event.RETALIATION}
)
_TABLES: dict[Event, tuple[Rule, ...]] = {
    Event.RESULTS: cue_shares.RESULTS,
    Event.SUPPLY_DEMAND: cue_business.SUPPLY,
    Event.CAPACITY: cue_business.CAPACITY,
    Event.CORPORATE: cue_business.CORPORATE,
    Event.ENFORCEMENT: cue_measures.ENFORCEMENT,
    Event.OTHER: cue_business.OTHER,
    **dict.fromkeys(_MEASURES, cue_measures.MEASURES),
}
_FIRST = 0xE010  # private-use characters stand for companies
_PLACE = re.compile("[\ue010-\uf8ff]")
_TOKEN = re.compile(r"[\ue010-\uf8ff]|[+\u2212-]?[$€£¥]?\d(?:[\w.,-]*\w)?%?|[^\W\d_](?:[\w.&'-]*\w)?|[^\w\s]")
_JOIN = re.compile(r"(?:,|&|/|and|or|plus|, and|as well as)")


def with_directions(text: str, mentions: Sequence[Mention], *, event: Event, status: Status) -> tuple[Mention, ...]:
    """The same mentions with the direction in which the words push each company's shares.

    Args:
        text: the headline in which ``mentions`` were found.
        mentions: as ``CompanyBook.find`` gives them; inferred ones (without offsets) keep their direction.
        event: what the headline tells of.
        status: how sure it is; commentary pushes nobody unless it states a share move or a call.
    """
    named = [m for m in mentions if 0 <= m.start < m.end <= len(text)]
    scene = _Scene(text, named)
    signs = {id(m): _sign(scene, place, event, status) for place, m in enumerate(named)}
    return tuple(dataclasses.replace(m, direction=signs[id(m)]) if id(m) in signs else m for m in mentions)


class _Scene:
    """A headline as words and marks, with one character in place of each company."""

    def __init__(self, text: str, named: Sequence[Mention]) -> None:
        folded = fold(text)[: body_end(text)]
        parts: list[str] = []
        reached = 0
        for place, mention in enumerate(named):
            if reached <= mention.start < len(folded):
                parts += [folded[reached : mention.start], f" {chr(_FIRST + place)} "]
                reached = mention.end
        plain = "".join(parts) + folded[reached:]
        plain = re.sub(r"(?<=\d)\s?(?:per ?cent|pct|pc)\b", "%", plain)
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
                groups |= dict.fromkeys(run, frozenset(run))
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
        words: list[str] = []
        for i, token in enumerate(self.tokens):
            if stands and stands[0] <= i <= stands[-1]:
                words += [X] if i == stands[0] else []
            else:
                words.append(token if _place(token) is None else Y)
        return f" {' '.join(words)} {END} "


def _place(token: str) -> int | None:
    """Which company a token stands for, None for a word."""
    return ord(token) - _FIRST if _PLACE.fullmatch(token) else None


def _sign(scene: _Scene, place: int, event: Event, status: Status) -> int:
    words = scene.seen_from(place)
    if X not in words:
        return 0
    alone = Y not in words
    rule = cues.first(cue_shares.MOVES, words)
    if rule is None and alone:
        rule = cues.first(cue_shares.LONE_MOVES, words)
    if rule is None and status is Status.COMMENTARY and event is not Event.OTHER:
        if event is not Event.RESULTS:
            return 0
        rule = cues.first(cue_business.CALLS, words)
        return 0 if rule is None else rule.sign
    if rule is None and event is Event.RESULTS and alone:
        sign = _against_estimate(scene.tokens)
        if sign:
            return sign
    if rule is None:
        rule = cues.first(_TABLES[event], words)
    if rule is None and event in _MEASURES:
        rule = cues.first(cue_measures.STANCE, words)
    if rule is not None:
        return rule.sign
    # Buying states step in to keep goods out far more often than to let them in.
    return -1 if event is Event.IMPORT_RULE and status is not Status.DENIED else 0


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
