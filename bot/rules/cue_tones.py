"""Single words by event, weighed against each other where no phrase and no verb fits.

More words of the first kind than of the second lift the company, the other way round they weigh on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import Event
from bot.rules.cues import Rule, table


@dataclass(frozen=True, slots=True)
class Tone:
    """The words of one event.

    ``edge`` is how many more good words than bad ones it takes to lift, None where good words alone never do;
    ``lone`` says that the headline may name no other company.
    """

    good: tuple[Rule, ...]
    bad: tuple[Rule, ...]
    edge: int | None = 1
    lone: bool = True

    def sign(self, words: str) -> int:
        """1, -1 or 0 for the words around a company."""
        good, bad = (sum(self._has(rules, word) for word in words.split()) for rules in (self.good, self.bad))
        if bad > good:
            return -1
        return 1 if self.edge is not None and good - bad >= self.edge else 0

    @staticmethod
    def _has(rules: tuple[Rule, ...], word: str) -> bool:
        return any(rule.pattern.search(f" {word} ") for rule in rules)


_VIEWS = Tone(table("+ <praise>"), table("- <doom>"))

TONES: Mapping[Event, Tone] = {
    Event.SUPPLY_DEMAND: Tone(table("+ <wanted>"), table("- <unwanted>")),
    Event.RESULTS: Tone(table("+ <improving>"), table("- <worsening>")),
    # News of plants is mostly of spending: one good word is too little.
    Event.CAPACITY: Tone(table("+ <welcome>"), table("- <hitch>"), edge=2),
    Event.LICENCE: Tone(table("+ <opening>"), table("- <closing>"), lone=False),
    Event.ENFORCEMENT: Tone(table("+ <acquittal>"), table("- <guilt>"), edge=None),
    Event.OTHER: Tone(table("+ <cheering>"), table("- <chilling>")),
}

# Opinion: only where columnists mostly take a side.
VIEWS: Mapping[Event, Tone] = {Event.TARIFF: _VIEWS, Event.RETALIATION: _VIEWS}
