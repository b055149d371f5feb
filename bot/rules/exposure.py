"""Whom else the news of a headline touches: companies that its words do not name, from a map that people edit.

An entry of the map says which headlines it means (products, companies, words, places, events), in which sense of the
news, and who is exposed to that: with a role, a sign and a reason. Where entries disagree on a company, or the named
companies move against the sense, nothing is said. The map stands in ``exposure.toml``; this module knows no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import Event, Mention, Status
from bot.rules.facts import Facts
from bot.rules.passing import passing
from bot.rules.sense import Sense, senses
from bot.rules.tickers import body_end, fold

MOST = 6  # companies that one headline may bring; more are a list of the sector

# Of these the sense says which way the company goes that the news is about; not so who is short, or spends.
_PUSHED = frozenset({Sense.EASING, Sense.TIGHTENING, Sense.RECOVERY, Sense.OUTAGE, Sense.PRICE_UP, Sense.PRICE_DOWN})
_OWN = frozenset({Sense.SPENDING_UP, Sense.SPENDING_DOWN})  # of whoever is named first
_UP = frozenset({Sense.EASING, Sense.RECOVERY, Sense.PRICE_UP, Sense.SHORTAGE, Sense.SPENDING_UP})
_WEIGHT = {"products": 8, "companies": 4, "words": 2, "places": 1}  # how much a condition says


@dataclass(frozen=True, slots=True)
class Exposed:
    """One company that an entry touches."""

    company: str
    ticker: str | None  # None for a company that is not listed
    role: str
    sign: int  # 1 or -1, in the entry's own sense
    reason: str
    flip: bool = True  # whether the opposite sense turns the sign; else it says nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of thought: such news, in such a sense, touches these.

    Every condition that is given must hold, and of each any of its values. A trailing ``*`` in ``products`` and
    ``words`` stands for any ending. ``makers`` is no condition: who gains with the sense, like ``companies``, so that
    words which push them the other way undo the entry.
    """

    name: str
    sense: Sense
    exposed: tuple[Exposed, ...]
    products: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    events: frozenset[Event] = frozenset()
    not_words: tuple[str, ...] = ()
    not_places: tuple[str, ...] = ()
    _words: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _not_words: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_words", _any_of(self.words))
        object.__setattr__(self, "_not_words", _any_of(self.not_words))

    @property
    def weight(self) -> int:
        """How specific it is: a product says more than a company, and a company more than words."""
        return sum(weight for key, weight in _WEIGHT.items() if getattr(self, key))

    def sense_of(
        self, folded: str, named: Mapping[str, Mention], facts: Facts, event: Event, found: frozenset[Sense]
    ) -> Sense | None:
        """The sense in which the entry holds for a headline: its own, the opposite, or None when it does not hold."""
        sense = next((s for s in (self.sense, self.sense.opposite) if s in found), None)
        if sense is None or (self.events and event not in self.events):
            return None
        subjects = [named[c] for c in self.companies if c in named]
        if sense in _OWN and self.companies:
            first = min(named.values(), key=lambda m: m.start, default=None)
            subjects = [m for m in subjects if m is first]
        if self.companies and not subjects:
            return None
        if self.products and not any(_is_any(product, self.products) for product in facts.products):
            return None
        if (self.places and not set(self.places) & set(facts.places)) or set(self.not_places) & set(facts.places):
            return None
        if self._words is not None and not self._words.search(folded):
            return None
        if self._not_words is not None and self._not_words.search(folded):
            return None
        against = -1 if sense in _UP else 1
        pushed = [named[c] for c in self.makers if c in named] + (subjects if sense in _PUSHED else [])
        return None if any(m.direction == against for m in pushed) else sense


@dataclass(frozen=True, slots=True)
class ExposureBook:
    """The whole map, the most specific entries first. Built once, never changed, safe between threads."""

    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", tuple(sorted(self.entries, key=lambda e: -e.weight)))


def exposed(
    text: str, mentions: Sequence[Mention], facts: Facts, event: Event, status: Status, book: ExposureBook
) -> tuple[Mention, ...]:
    """The companies that a headline touches without naming them, the most specific entry's first, at most ``MOST``.

    Args:
        text: one headline.
        mentions: whom it names, with directions.
        facts: as ``find_facts`` reads them.
        event: what it tells of.
        status: how sure it is; commentary touches nobody.
        book: the map.

    Returns:
        Inferred mentions (``primary`` false, no offsets), each with direction, role and reason. Never a named
        company, and none on which two entries disagree.
    """
    found = senses(text, event=event, status=status)
    if not found:
        return ()
    folded = fold(text)[: body_end(text)]
    named = {m.company: m for m in mentions if m.primary and not (m.passing or passing(text, m))}
    picked: dict[str, Mention] = {}
    torn: set[str] = {m.company for m in mentions}
    for entry in book.entries:
        sense = entry.sense_of(folded, named, facts, event, found)
        if sense is None:
            continue
        for one in entry.exposed:
            if sense is not entry.sense and not one.flip:
                continue
            sign = one.sign if sense is entry.sense else -one.sign
            known = picked.setdefault(
                one.company,
                Mention(one.company, one.ticker, sign, primary=False, role=one.role, reason=one.reason),
            )
            if known.direction != sign:
                torn.add(one.company)
    return tuple(m for company, m in picked.items() if company not in torn)[:MOST]


def _is_any(product: str, wanted: Sequence[str]) -> bool:
    return any(product.startswith(w[:-1]) if w.endswith("*") else product == w for w in wanted)


def _any_of(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the phrases as whole words in folded text; None when there are none."""
    if not phrases:
        return None
    parts = (re.escape(fold(p).removesuffix("*")) + ("" if p.endswith("*") else r"(?:s|'s)?(?!\w)") for p in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")
