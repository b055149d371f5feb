"""Whether a headline tells of an event that is already told.

A headline is compared with the first and the latest headline of each story of the last 72 hours by TF-IDF
cosine over its words. Agreement in words is not enough: the vetoes do the work (DESIGN, "Same story").
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import itemgetter

from bot.domain import Event, Mention, Status, Story
from bot.rules.urgency import ACTS
from bot.rules.wording import figures, words

WINDOW = timedelta(hours=72)
SAME = 0.50  # cosine from which two headlines with no veto tell the same; measured in DESIGN
FOLLOWS = 0.40  # enough when the event is the same and a company, a product or a figure too
MEASURES = 0.30  # and when that event is a measure of a state: those are few, and each is told in many words

_HOPELESS = MEASURES * 0.45  # by the cached lengths, which are off by what the index has grown or shrunk since
_FEW = 64  # candidates that are compared exactly; their order by the cached lengths is nearly the exact one

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
        named = [m for m in mentions if m.primary]
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
        )


@dataclass(frozen=True, slots=True)
class Match:
    """The story that a headline belongs to, and how like it is."""

    slug: str
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class _Take:
    """One headline of a story, as it is compared; ``length`` is its norm when it was put in."""

    slug: str
    slots: Slots
    length: float


@dataclass(slots=True)
class StoryIndex:
    """The open stories, ready to be compared with. Not shared between threads."""

    _takes: dict[str, list[_Take]] = field(default_factory=dict)  # by slug
    _postings: defaultdict[str, dict[_Take, int]] = field(default_factory=lambda: defaultdict(dict))  # by word
    _fingerprints: dict[str, list[str]] = field(default_factory=dict)  # to slugs, the newest last
    _documents: dict[str, str] = field(default_factory=dict)  # to slug
    _stories: dict[str, Story] = field(default_factory=dict)
    _size: int = 0  # how many takes

    def put(self, story: Story, takes: Sequence[Slots]) -> None:
        """Insert or replace a story.

        Args:
            story: as it stands now.
            takes: its first headline and, where there is another, its latest.
        """
        self.drop(story.slug)
        self._stories[story.slug] = story
        for fingerprint in story.fingerprints:
            self._fingerprints.setdefault(fingerprint, []).append(story.slug)
        for document in story.documents:
            self._documents[document] = story.slug
        self._takes[story.slug] = []
        for slots in takes:
            self._size += 1
            take = _Take(story.slug, slots, math.sqrt(self._dot(slots.vector, slots.vector)))
            self._takes[story.slug].append(take)
            for word, count in slots.vector.items():
                self._postings[word][take] = count

    def join(self, story: Story) -> None:
        """Note a story that has one more headline and the same takes as before."""
        before = self._stories[story.slug]
        self._stories[story.slug] = story
        for fingerprint in story.fingerprints - before.fingerprints:
            self._fingerprints.setdefault(fingerprint, []).append(story.slug)
        for document in story.documents - before.documents:
            self._documents[document] = story.slug

    def drop(self, slug: str) -> None:
        """Forget a story; does nothing when it is not there."""
        story = self._stories.pop(slug, None)
        if story is None:
            return
        for take in self._takes.pop(slug):
            self._size -= 1
            for word in take.slots.vector:
                self._postings[word].pop(take, None)
                if not self._postings[word]:
                    del self._postings[word]
        for fingerprint in story.fingerprints:
            self._fingerprints[fingerprint].remove(slug)
            if not self._fingerprints[fingerprint]:
                del self._fingerprints[fingerprint]
        for document in story.documents:
            if self._documents.get(document) == slug:
                del self._documents[document]

    def __len__(self) -> int:
        """How many stories are open."""
        return len(self._takes)

    def by_fingerprint(self, fingerprint: str, document: str | None = None) -> str | None:
        """The story that holds a headline in the same words, newest first.

        An agency gives the same title to different documents, and a company to different filings: with
        ``document``, a story of another document does not count.
        """
        for slug in reversed(self._fingerprints.get(fingerprint, ())):
            if not self._is_other_document(slug, document):
                return slug
        return None

    def by_document(self, document: str) -> str | None:
        """The story that an official document belongs to."""
        return self._documents.get(document)

    def match(self, slots: Slots) -> Match | None:
        """The most similar story without a veto, or None when the headline opens a new one."""
        if slots.document is not None and (slug := self.by_document(slots.document)) is not None:
            return Match(slug, 1.0)
        own = math.sqrt(self._dot(slots.vector, slots.vector))
        best: Match | None = None
        for take in self._nearest(slots.vector, own):
            length = math.sqrt(self._dot(take.slots.vector, take.slots.vector))
            similarity = self._dot(slots.vector, take.slots.vector) / (own * length)
            if similarity < _wanted(take.slots, slots) or (best is not None and similarity <= best.similarity):
                continue
            if not vetoed(take.slots, slots) and not self._is_other_document(take.slug, slots.document):
                best = Match(take.slug, similarity)
        return best

    def _is_other_document(self, slug: str, document: str | None) -> bool:
        known = self._stories[slug].documents
        return document is not None and bool(known) and document not in known

    def _nearest(self, vector: Mapping[str, int], own: float) -> Iterable[_Take]:
        """The takes that share most with these words; ``own`` is the norm of the words."""
        shared: defaultdict[_Take, float] = defaultdict(float)
        for word, count in vector.items():
            postings = self._postings.get(word)
            if postings:
                weight = self._weight(word) * count
                for take, times in postings.items():
                    shared[take] += weight * times
        if len(shared) <= _FEW:
            return shared
        floor = _HOPELESS * own
        near = [(weight / take.length, take) for take, weight in shared.items() if weight >= floor * take.length]
        near.sort(key=itemgetter(0), reverse=True)
        return [take for _, take in near[:_FEW]]

    def _weight(self, word: str) -> float:
        # log(1 + …) keeps every weight above zero, also in an index of one story.
        return math.log(1 + (self._size + 1) / (len(self._postings.get(word, ())) + 0.5)) ** 2

    def _dot(self, left: Mapping[str, int], right: Mapping[str, int]) -> float:
        return sum(count * right[word] * self._weight(word) for word, count in left.items() if word in right)


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
_COMMON_PLACES = frozenset({"US", "China"})


def _vector(text: str, named: Sequence[Mention]) -> Mapping[str, int]:
    """The words, each company's name, whatever its spelling, replaced by one token."""
    spans = sorted({(m.start, m.end) for m in named if m.start >= 0}, reverse=True)
    bare = text
    for start, end in spans:
        bare = f"{bare[:start]} {bare[end:]}"
    found = Counter(words(bare)) if bare.strip() else Counter()
    found.update({f"@{company}" for company in {m.company for m in named if m.start >= 0}})
    return found


def _wanted(told: Slots, new: Slots) -> float:
    """The cosine that two headlines need, by how much they share beside their words."""
    if told.event is not new.event:
        return SAME
    if not (told.companies & new.companies or told.products & new.products or told.figures & new.figures):
        return SAME
    return MEASURES if told.event in ACTS else FOLLOWS


def _is_rounded(one: str, other: str) -> bool:
    a, b = _MONEY.fullmatch(one), _MONEY.fullmatch(other)
    if a is None or b is None or a["unit"] != b["unit"]:
        return False
    low, high = sorted((float(a["number"]), float(b["number"])))
    return low > 0 and high / low <= _ROUNDING
