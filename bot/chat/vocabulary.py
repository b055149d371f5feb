"""The words that a person may use for companies, events, topics and urgencies, and the nearest to one that is none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from itertools import takewhile

from bot.domain import Event, Topic, Urgency
from bot.rules.tickers import CompanyBook, fold

LONGEST_NAME = 5  # words of a company's name
_NEAR = 0.7
_HINTS = 3

URGENCIES = {
    "flash": Urgency.FLASH, "flashes": Urgency.FLASH, "alert": Urgency.ALERT, "alerts": Urgency.ALERT,
    "watch": Urgency.WATCH,
}  # fmt: skip
_SEMIS_ALONE = frozenset({Event.SUPPLY_DEMAND, Event.RESULTS, Event.CAPACITY, Event.CORPORATE})
EVENTS = {
    **{form: event for event in Event for form in (event.value, event.value.replace("_", " "))},
    "export rules": Event.EXPORT_RULE, "export control": Event.EXPORT_RULE, "export controls": Event.EXPORT_RULE,
    "license": Event.LICENCE, "licenses": Event.LICENCE, "licences": Event.LICENCE, "permits": Event.LICENCE,
    "import rules": Event.IMPORT_RULE, "entity": Event.ENTITY_LIST, "tariffs": Event.TARIFF, "earnings": Event.RESULTS,
    "supply": Event.SUPPLY_DEMAND, "demand": Event.SUPPLY_DEMAND, "supply and demand": Event.SUPPLY_DEMAND,
    "fabs": Event.CAPACITY,
}  # fmt: skip
TOPICS = {
    "exports": frozenset({Topic.CHIP_EXPORT}),
    "trade": frozenset({Topic.CHIP_EXPORT}),
    "chip_export": frozenset({Topic.CHIP_EXPORT}),
    "semis": frozenset({Topic.SEMIS}),
    "all": frozenset(Topic),
    "everything": frozenset(Topic),
}
_PHRASE = max(len(key.split()) for key in EVENTS)


def topics_for(tickers: Iterable[str], events: Iterable[Event]) -> frozenset[Topic]:
    """What somebody wants who names no topic: of a company all that moves it, of an event wherever it may stand;
    else what this bot is for."""
    wide = any(True for _ in tickers) or any(event in _SEMIS_ALONE for event in events)
    return frozenset(Topic) if wide else frozenset({Topic.CHIP_EXPORT})


class Vocabulary:
    """The companies by everything that they are called."""

    def __init__(self, companies: CompanyBook) -> None:
        """Sort the names of a book."""
        self.names: dict[str, str] = {}  # ticker to name
        self._tickers: dict[str, str] = {}  # any listing, in capitals
        self._called: dict[str, str | None] = {}  # folded name; None: it is not listed
        for company in companies.companies:
            if company.ticker is not None:
                self.names[company.ticker] = company.name
                for symbol in (company.ticker, *company.listings):
                    self._tickers.setdefault(symbol.upper(), company.ticker)
            for name in (company.name, *company.aliases, *(rule.alias for rule in company.ambiguous)):
                self._called.setdefault(fold(name), company.ticker)

    def ticker(self, words: str) -> str | None:
        """The primary listing that is meant by a ticker or by a company's name; None when nothing is known by it."""
        symbol = words.removeprefix("$").upper()
        return self._tickers.get(symbol) or self._called.get(fold(words))

    def unlisted(self, words: str) -> bool:
        """Whether it names a company that has no ticker."""
        name = fold(words)
        return name in self._called and self._called[name] is None

    def company_at(self, words: Sequence[str]) -> tuple[str, int] | None:
        """The ticker of the company that the first words name, the longest name first, and how many words it took."""
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            if (ticker := self.ticker(" ".join(words[:length]))) is not None:
                return ticker, length
        return None

    def near(self, word: str) -> tuple[str, ...]:
        """Companies whose symbol or name is written nearly like it, as they may be typed, the likeliest first."""
        symbols = _nearest(word.removeprefix("$").upper(), self._tickers)
        names = _nearest(fold(word), [name for name, ticker in self._called.items() if ticker])
        # A name that is misspelt is longer, and so likelier meant, than a symbol of as many like letters.
        order = (names, symbols) if len(word) > 5 else (symbols, names)
        found = (self._tickers.get(hit) or self._called.get(hit) for hits in order for hit in hits)
        return tuple(dict.fromkeys(self._typed(ticker) for ticker in found if ticker))[:_HINTS]

    def _typed(self, ticker: str) -> str:
        """A ticker, or the company's name where that says more: nobody knows 005930.KS."""
        name = self.names[ticker]
        return name if ticker[:1].isdigit() and self.ticker(name) == ticker else ticker

    def like(self, text: str, limit: int) -> list[tuple[str, str]]:
        """Tickers with their companies' names for what somebody has typed so far; all when that is nothing."""
        wanted = fold(text.strip().removeprefix("$"))
        found = [(t, n) for t, n in self.names.items() if fold(t).startswith(wanted) or wanted in fold(n)]
        return sorted(found, key=lambda pair: (not fold(pair[0]).startswith(wanted), pair[0]))[:limit]


def event_at(words: Sequence[str]) -> tuple[Event, int] | None:
    """The event that the first words name, the longest form first, and how many words it took."""
    for length in range(min(_PHRASE, len(words)), 0, -1):
        phrase = " ".join(words[:length]).lower().replace("-", " ")
        if (event := EVENTS.get(phrase)) is not None:
            return event, length
    return None


def near_wish(word: str) -> tuple[str, ...]:
    """Urgencies, events and topics that are written nearly like it, each as it is listed."""
    listed = {key: urgency.value for key, urgency in URGENCIES.items()}
    listed |= {key: event.value.replace("_", " ") for key, event in EVENTS.items()}
    listed |= {key: key for key in TOPICS}
    return tuple(dict.fromkeys(listed[hit] for hit in _nearest(word.lower(), listed)))


def near_word(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Words of a list that are written nearly like it, the likeliest first."""
    return tuple(_nearest(word.lower(), known))


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    """Of words as near, the one that begins alike: people mistype ends, not beginnings."""
    found = difflib.get_close_matches(word, list(known), 2 * _HINTS, _NEAR)
    return sorted(
        found, key=lambda hit: -sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, hit, strict=False)))
    )[:_HINTS]
