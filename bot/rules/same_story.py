"""Whether a headline tells of an event that is already told.

A headline is compared with the first and the latest headline of each story of the last 72 hours by TF-IDF
cosine over its words. Agreement in words is not enough: the vetoes do the work (DESIGN, "Same story").
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain import Event, Mention, Status, Story
from bot.rules.wording import figures, words

WINDOW = timedelta(hours=72)
SAME = 0.55  # cosine from which two headlines with no veto tell the same; measured in DESIGN
FOLLOWS = 0.40  # enough when the event is the same, a company, product or figure too, and the status moved on

# How far a story has come; a step forward is news, a step back is somebody late.
_PROGRESS = {Status.COMMENTARY: 0, Status.REPORTED: 1, Status.PROPOSED: 2, Status.CONFIRMED: 3, Status.DENIED: 4}


@dataclass(frozen=True, slots=True)
class Slots:
    """What a headline is about, apart from its words."""

    text: str
    event: Event
    status: Status
    companies: frozenset[str]
    products: frozenset[str]
    places: frozenset[str]
    directions: frozenset[tuple[str, int]]
    document: str | None = None

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
    ) -> Slots:
        """Gather the slots of one headline."""
        return cls(
            text,
            event,
            status,
            frozenset(m.company for m in mentions if m.primary),
            frozenset(products),
            frozenset(places),
            frozenset((m.company, m.direction) for m in mentions if m.primary and m.direction),
            document,
        )


@dataclass(frozen=True, slots=True)
class Match:
    """The story that a headline belongs to, and how like it is."""

    slug: str
    similarity: float


@dataclass(slots=True)
class _Entry:
    slots: list[Slots]  # first, and latest where it differs
    vectors: list[Counter[str]]
    fingerprints: set[str]
    documents: set[str]


@dataclass(slots=True)
class StoryIndex:
    """The open stories, ready to be compared with. Not shared between threads."""

    _entries: dict[str, _Entry] = field(default_factory=dict)
    _document_counts: Counter[str] = field(default_factory=Counter)

    def put(self, story: Story, takes: Sequence[Slots]) -> None:
        """Insert or replace a story.

        Args:
            story: as it stands now.
            takes: its first headline and, where there is another, its latest.
        """
        self.drop(story.slug)
        vectors = [Counter(words(take.text)) for take in takes]
        for vector in vectors:
            self._document_counts.update(vector.keys())
        self._entries[story.slug] = _Entry(list(takes), vectors, set(story.fingerprints), set(story.documents))

    def drop(self, slug: str) -> None:
        """Forget a story; does nothing when it is not there."""
        entry = self._entries.pop(slug, None)
        if entry is not None:
            for vector in entry.vectors:
                self._document_counts.subtract(vector.keys())

    def __len__(self) -> int:
        """How many stories are open."""
        return len(self._entries)

    def by_fingerprint(self, fingerprint: str) -> str | None:
        """The story that holds a headline in the same words, newest first."""
        for slug in reversed(self._entries):
            if fingerprint in self._entries[slug].fingerprints:
                return slug
        return None

    def match(self, slots: Slots) -> Match | None:
        """The most similar story without a veto, or None when the headline opens a new one."""
        if slots.document is not None:
            for slug, entry in self._entries.items():
                if slots.document in entry.documents:
                    return Match(slug, 1.0)
        vector = Counter(words(slots.text))
        best: Match | None = None
        for slug, entry in self._entries.items():
            for take, other in zip(entry.slots, entry.vectors, strict=True):
                similarity = self._cosine(vector, other)
                wanted = FOLLOWS if _follows(take, slots) else SAME
                if similarity < wanted or (best is not None and similarity <= best.similarity):
                    continue
                if not vetoed(take, slots):
                    best = Match(slug, similarity)
        return best

    def _cosine(self, left: Counter[str], right: Counter[str]) -> float:
        shared = left.keys() & right.keys()
        if not shared:
            return 0.0
        total = sum(len(e.vectors) for e in self._entries.values())
        return _dot(left, right, shared, self._document_counts, total) / math.sqrt(
            _dot(left, left, left.keys(), self._document_counts, total)
            * _dot(right, right, right.keys(), self._document_counts, total)
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
        (told.places - _COMMON_PLACES, new.places - _COMMON_PLACES),
        (figures(told.text), figures(new.text)),
    )
    if any(a and b and not a & b for a, b in pairs):
        return True
    if told.document and new.document and told.document != new.document:
        return True
    opposite = any((company, -sign) in told.directions for company, sign in new.directions)
    return opposite and not later


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
_COMMON_PLACES = frozenset({"US", "China"})


def _follows(told: Slots, new: Slots) -> bool:
    shared = (told.companies & new.companies, told.products & new.products, figures(told.text) & figures(new.text))
    return told.event is new.event and any(shared) and advances(told.status, new.status)


def _dot(left: Counter[str], right: Counter[str], shared: Iterable[str], documents: Counter[str], total: int) -> float:
    # log(1 + …) keeps every weight above zero, also in an index of one story.
    return sum(left[w] * right[w] * math.log(1 + (total + 1) / (documents[w] + 0.5)) ** 2 for w in shared)
