"""What a headline states apart from who did what: products, figures, places, dates, classes, papers, people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.agencies import AGENCY_NAMES
from bot.rules.dates import find_dates
from bot.rules.identifiers import find_documents, find_eccns
from bot.rules.names import Name, NameBook
from bot.rules.people import PERSON_NAMES
from bot.rules.places import PLACE_NAMES
from bot.rules.products import PRODUCT_NAMES, find_models
from bot.rules.quantities import find_counts, find_money, find_percentages

_PLACES = NameBook(PLACE_NAMES)
# An agency's name may hold its country's, which it would hide: "Chinese customs".
_SEATS = [Name(name.text, found.says) for name in AGENCY_NAMES if name.says for found in _PLACES.find(name.text)]
_NAMES = NameBook([*PLACE_NAMES, *_SEATS, *AGENCY_NAMES, *PERSON_NAMES, *PRODUCT_NAMES])
_JOINED = re.compile(r"[-.$]")  # before a product: "post-HBM"
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one headline, each once, in order of appearance."""

    products: tuple[str, ...] = ()  # H200, HBM3E, EUV, "14 nm"
    figures: tuple[str, ...] = ()  # "$5.5 billion", "25%", "200,000 chips": money, percentages and counts together
    places: tuple[str, ...] = ()  # countries, by their common English name
    dates: tuple[str, ...] = ()  # as they stand: "early 2026", "Nov 10"
    deadlines: tuple[str, ...] = ()  # those of the dates on which something falls: "effective Nov 10", "by early 2026"
    eccns: tuple[str, ...] = ()  # "3A090", "3B001.f.4", "EAR99"
    documents: tuple[str, ...] = ()  # "2025-01234", "BIS-2025-0012", "0694-AK12", "90 FR 12345", "HTS 8541.10.00"
    people: tuple[str, ...] = ()  # whole names; their offices stand in bot.rules.people
    agencies: tuple[str, ...] = ()  # "BIS", "MOFCOM", by their short names
    money: tuple[str, ...] = ()  # of the figures
    percentages: tuple[str, ...] = ()  # likewise
    counts: tuple[str, ...] = ()  # likewise

    def labels(self) -> tuple[str, ...]:
        """What a card shows: products, classes, figures and dates; names stand in the headline anyway."""
        told = (next((d for d in self.deadlines if d.endswith(f" {date}")), date) for date in self.dates)
        return (*self.products, *self.eccns, *self.figures, *told)

    def as_dict(self) -> dict[str, list[str]]:
        """As JSON values; empty kinds are left out."""
        kinds = {
            "products": self.products,
            "eccns": self.eccns,
            "figures": self.figures,
            "places": self.places,
            "dates": self.dates,
            "deadlines": self.deadlines,
            "documents": self.documents,
            "people": self.people,
            "agencies": self.agencies,
        }
        return {name: list(found) for name, found in kinds.items() if found}


def find_facts(text: str) -> Facts:
    """Read the facts that stand in a headline's words."""
    has_digit = _DIGIT.search(text) is not None
    models = list(find_models(text)) if has_digit else []
    products = [(start, name) for start, _, name in models]
    named: dict[str, list[str]] = {"place": [], "agency": [], "person": []}
    for name in _NAMES.find(text):
        for kind, word in name.says:
            if kind != "product":
                named[kind].append(word)
            elif not _JOINED.match(text, name.start - 1) and not any(
                s < name.end and name.start < e for s, e, _ in models
            ):
                products.append((name.start, word))
    names = (_each(named["place"]), _each(named["person"]), _each(named["agency"]))
    told = _each(name for _, name in sorted(products))
    if not has_digit:
        return Facts(products=told, places=names[0], people=names[1], agencies=names[2])
    money, percentages, counts = list(find_money(text)), list(find_percentages(text)), list(find_counts(text))
    counts = [figure for figure in counts if not any(start < figure[0] < end for start, end, _ in models)]
    dates = list(find_dates(text))
    return Facts(
        products=told,
        figures=_each(figure for _, figure in sorted([*money, *percentages, *counts])),
        places=names[0],
        dates=_each(date.text for date in dates),
        deadlines=_each(date.deadline for date in dates if date.deadline),
        eccns=_each(find_eccns(text)),
        documents=_each(find_documents(text)),
        people=names[1],
        agencies=names[2],
        money=_each(figure for _, figure in sorted(money)),
        percentages=_each(figure for _, figure in percentages),
        counts=_each(figure for _, figure in counts),
    )


def _each(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
