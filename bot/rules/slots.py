"""What two headlines are about beside their words.

Agreement in words is not enough: "cleared to sell H20" and "cleared to sell B30A" share all but one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import Event, Mention, Status
from bot.rules.meaning import Meaning
from bot.rules.wording import figures, words

# How far a story has come; a step forward is news, a step back is somebody late.
_PROGRESS = {Status.COMMENTARY: 0, Status.REPORTED: 1, Status.PROPOSED: 2, Status.CONFIRMED: 3, Status.DENIED: 4}
# How far a share has moved by now: another figure an hour later, and the same story.
_SHARE_MOVE = re.compile(
    r"\b(?:plung|slid|fall|fell|drop|sink|sank|tumbl|div|slump|slip|dip|los|shed|"
    r"ris|rose|jump|soar|surg|gain|climb|rall|rocket|leap|pop|add|up|down)[a-z]*\s+"
    r"(?:(?:by|as much as|more than|nearly|almost|over|about|around|another)\s+)?\d+(?:\.\d+)?\s?"
    r"(?:%|per\s?cent)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:199|20[0-4])\d")
_MONEY = re.compile(r"[$€£¥]?(?P<number>\d+(?:\.\d+)?)(?P<unit>tn|bn|mn)")
_ROUNDING = 1.05  # "$4 billion" and "$3.9 billion" are one sum


@dataclass(frozen=True, slots=True)
class Slots:
    """What a headline is about, and its words with each company under one name."""

    text: str
    event: Event
    status: Status
    companies: frozenset[str]
    products: frozenset[str]
    places: frozenset[str]
    directions: frozenset[tuple[str, int]]
    figures: frozenset[str]
    vector: Mapping[str, int]
    document: str | None = None
    meaning: Meaning | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        text: str,
        event: Event,
        status: Status,
        mentions: Sequence[Mention],
        products: Collection[str],
        places: Collection[str],
        document: str | None = None,
        meaning: Meaning | None = None,
    ) -> Slots:
        """Gather the slots of one headline."""
        named = [m for m in mentions if m.primary and not m.passing]
        return cls(
            text,
            event,
            status,
            frozenset(m.company for m in named),
            frozenset(products),
            frozenset(places),
            frozenset((m.company, m.direction) for m in named if m.direction),
            frozenset(f for f in figures(_SHARE_MOVE.sub(" ", text)) if not _YEAR.fullmatch(f)),
            _vector(text, named),
            document,
            meaning,
        )


def vetoed(told: Slots, new: Slots) -> bool:
    """True when two headlines that share words still tell of different events.

    Both name companies, products, places or figures and the sets have nothing in common; or a company goes
    up in one and down in the other, unless the later one is a change of status.
    """
    later = new.status is not told.status and new.status is Status.DENIED
    pairs: Iterable[tuple[frozenset[str], frozenset[str]]] = (
        (told.companies, new.companies),
        (told.products, new.products),
        (told.places - COMMON_PLACES, new.places - COMMON_PLACES),
    )
    if any(a and b and not a & b for a, b in pairs):
        return True
    if told.figures and new.figures and not agree(told.figures, new.figures):
        return True
    opposite = any((company, -sign) in told.directions for company, sign in new.directions)
    return opposite and not later


def agree(told: Collection[str], new: Collection[str]) -> bool:
    """True when a figure of the one is a figure of the other; sums of money may be rounded differently."""
    return any(a == b or _is_rounded(a, b) for a in told for b in new)


def advances(told: Status, new: Status) -> bool:
    """True when the new status is news to a reader who knows the old one.

    A denial always is, and so is a return after one; commentary never is; otherwise only a step forward.
    """
    if new is told or new is Status.COMMENTARY:
        return False
    if Status.DENIED in {told, new}:
        return True
    return _PROGRESS[new] > _PROGRESS[told]


# Nearly every headline of the field names one of these, so a shared or a missing one says nothing.
COMMON_PLACES = frozenset({"US", "China"})
COMPANY = "@"  # how a company's one name begins among the words


def _vector(text: str, named: Sequence[Mention]) -> Mapping[str, int]:
    """The words, each company's name, whatever its spelling, replaced by one token."""
    spans = sorted({(m.start, m.end) for m in named if m.start >= 0}, reverse=True)
    bare = text
    for start, end in spans:
        bare = f"{bare[:start]} {bare[end:]}"
    found = Counter(words(bare)) if bare.strip() else Counter()
    found.update({f"{COMPANY}{company}" for company in {m.company for m in named if m.start >= 0}})
    return found


def kinship(told: Slots, new: Slots) -> float:
    """What names in common are worth beside a cosine, in the order in which a model is asked."""
    return 0.15 * bool(told.companies & new.companies) + 0.10 * bool(told.products & new.products)


def _is_rounded(one: str, other: str) -> bool:
    a, b = _MONEY.fullmatch(one), _MONEY.fullmatch(other)
    if a is None or b is None or a["unit"] != b["unit"]:
        return False
    low, high = sorted((float(a["number"]), float(b["number"])))
    return low > 0 and high / low <= _ROUNDING
