"""Whether a headline tells of an event that is already told.

A headline is compared with the first and the latest headlines of each story of the last 72 hours. Where a model says
what headlines mean, all that speaks for or against one event is weighed (``bot.rules.evidence``); else TF-IDF cosine
over the words decides, and vetoes (DESIGN, "Same story").
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter

from bot.domain import Status, Story
from bot.rules.evidence import Overlap, likelihood, pooled
from bot.rules.meaning import Meanings
from bot.rules.slots import COMPANY, Slots, kinship, vetoed
from bot.rules.urgency import ACTS

WINDOW = timedelta(hours=72)
TAKES = 8  # headlines of a story that others are compared with
NEAR = 16  # takes that are weighed, the most alike in words, and as many in meaning
# How likely one event must be. Joined in error is hidden news, told twice only a nuisance.
NEEDED = 0.8
AT_FIRST = 0.1  # and so much to the story's first headline
SAME = 0.50  # cosine from which two headlines with no veto tell the same; measured in DESIGN
FOLLOWS = 0.40  # enough when the event is the same and a company, a product or a figure too
MEASURES = 0.30  # and when that event is a measure of a state: those are few, and each is told in many words

_HOPELESS = MEASURES * 0.45  # by the cached lengths, which are off by what the index has grown or shrunk since
_FEW = 32  # candidates that are compared exactly; their order by the cached lengths is nearly the exact one


@dataclass(frozen=True, slots=True)
class Match:
    """The story that a headline belongs to, and how like it is."""

    slug: str
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One headline of a story, as it is compared; ``length`` is its norm when it was put in."""

    slug: str
    slots: Slots
    at: datetime
    length: float


@dataclass(slots=True)
class StoryIndex:
    """The open stories, ready to be compared with. Not shared between threads."""

    _takes: dict[str, list[Take]] = field(default_factory=dict)  # by slug
    _postings: defaultdict[str, dict[Take, int]] = field(default_factory=lambda: defaultdict(dict))  # by word
    _fingerprints: dict[str, list[str]] = field(default_factory=dict)  # to slugs, the newest last
    _documents: dict[str, str] = field(default_factory=dict)  # to slug
    _stories: dict[str, Story] = field(default_factory=dict)
    _meanings: Meanings[Take] = field(default_factory=Meanings)
    _size: int = 0  # how many takes
    _weights: dict[int, float] = field(default_factory=dict)  # by how many takes hold a word; of this size alone

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
        for number, slots in enumerate(takes):
            self._add(story.slug, slots, story.updated_at if number else story.created_at)

    def _add(self, slug: str, slots: Slots, at: datetime) -> None:
        self._size += 1
        self._weights.clear()
        take = Take(slug, slots, at, self._length(slots))
        if slots.meaning is not None:
            self._meanings.put(take, slots.meaning)
        self._takes[slug].append(take)
        for word, count in slots.vector.items():
            self._postings[word][take] = count

    def _remove(self, take: Take) -> None:
        self._size -= 1
        self._weights.clear()
        self._meanings.drop(take)
        for word in take.slots.vector:
            self._postings[word].pop(take, None)
            if not self._postings[word]:
                del self._postings[word]

    def join(self, story: Story, slots: Slots) -> None:
        """Note a story that has one more headline; its words are compared with as the newest of a few."""
        takes = self._takes[story.slug]
        self._add(story.slug, slots, story.updated_at)
        if len(takes) > TAKES:
            self._remove(takes.pop(1))  # the first one says best what the story is
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
            self._remove(take)
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

    def match(self, slots: Slots, now: datetime) -> Match | None:
        """The story that a headline of this time belongs to, or None when it opens a new one.

        Where its meaning is known, all that speaks for or against is weighed; else words and vetoes decide.
        """
        if slots.document is not None and (slug := self.by_document(slots.document)) is not None:
            return Match(slug, 1.0)
        return self._most_alike(slots) if slots.meaning is None else self._likeliest(slots, now)

    def candidates(self, slots: Slots, now: datetime) -> list[tuple[Take, Overlap]]:
        """The takes worth weighing, with what they have in common with a headline of this time."""
        own = self._length(slots)
        near = {take: self._overlap(take, slots, own, now) for take in self._nearest(slots.vector, own, hopeless=0.0)}
        chosen = sorted(near, key=lambda take: -near[take].cosine - kinship(take.slots, slots))[:NEAR]
        if slots.meaning is not None:
            chosen += [take for take in self._meanings.nearest(slots.meaning, NEAR) if take not in chosen]
        return [(take, near[take] if take in near else self._overlap(take, slots, own, now)) for take in chosen]

    def _likeliest(self, slots: Slots, now: datetime) -> Match | None:
        weighed: defaultdict[str, list[float]] = defaultdict(list)
        for take, overlap in self.candidates(slots, now):
            if not (
                self._is_other_document(take.slug, slots.document)
                or _buries(take.slots, slots)
                or _is_bare(take.slots, slots)
            ):
                weighed[take.slug].append(likelihood(take.slots, slots, overlap))
        together = ((pooled(found), slug) for slug, found in weighed.items())
        likely, slug = max(together, default=(0.0, ""), key=itemgetter(0))
        if likely < NEEDED:
            return None
        first = self._takes[slug][0]
        # From headline to headline a story would drift until it held all news of a company.
        overlap = self._overlap(first, slots, self._length(slots), now)
        return Match(slug, likely) if likelihood(first.slots, slots, overlap) >= AT_FIRST else None

    def _length(self, slots: Slots) -> float:
        return math.sqrt(self._dot(slots.vector, slots.vector))

    def _overlap(self, take: Take, slots: Slots, own: float, now: datetime) -> Overlap:
        """What a take has in common with a headline; ``own`` is the norm of the headline's words."""
        told = take.slots
        # Many stories of a day name Nvidia, few a maker of substrates.
        shared = (self._weight(COMPANY + company) for company in told.companies & slots.companies)
        return Overlap(
            cosine=self._dot(slots.vector, told.vector) / (own * self._length(told)),
            company=math.sqrt(max(shared, default=0.0) / self._weight_of(1)),
            hours=abs((now - take.at).total_seconds()) / 3600,
        )

    def _most_alike(self, slots: Slots) -> Match | None:
        own = self._length(slots)
        best: Match | None = None
        for take in self._nearest(slots.vector, own):
            similarity = self._dot(slots.vector, take.slots.vector) / (own * self._length(take.slots))
            if similarity < _wanted(take.slots, slots) or (best is not None and similarity <= best.similarity):
                continue
            if not vetoed(take.slots, slots) and not self._is_other_document(take.slug, slots.document):
                best = Match(take.slug, similarity)
        return best

    def _is_other_document(self, slug: str, document: str | None) -> bool:
        known = self._stories[slug].documents
        return document is not None and bool(known) and document not in known

    def _nearest(self, vector: Mapping[str, int], own: float, *, hopeless: float = _HOPELESS) -> Iterable[Take]:
        """The takes that share most with these words; ``own`` is the norm of the words."""
        shared: defaultdict[Take, float] = defaultdict(float)
        for word, count in vector.items():
            postings = self._postings.get(word)
            if postings:
                weight = self._weight(word) * count
                for take, times in postings.items():
                    shared[take] += weight * times
        if len(shared) <= _FEW:
            return shared
        floor = hopeless * own
        near = [(weight / take.length, take) for take, weight in shared.items() if weight >= floor * take.length]
        near.sort(key=itemgetter(0), reverse=True)
        return [take for _, take in near[:_FEW]]

    def _weight(self, word: str) -> float:
        return self._weight_of(len(self._postings.get(word, ())))

    def _weight_of(self, holders: int) -> float:
        weight = self._weights.get(holders)
        if weight is None:
            # log(1 + …) keeps every weight above zero, also in an index of one story.
            weight = self._weights[holders] = math.log(1 + (self._size + 1) / (holders + 0.5)) ** 2
        return weight

    def _dot(self, left: Mapping[str, int], right: Mapping[str, int]) -> float:
        return sum(count * right[word] * self._weight(word) for word, count in left.items() if word in right)


def _buries(told: Slots, new: Slots) -> bool:
    """True when joining would hide an event behind an opinion that was told before it."""
    return told.status is Status.COMMENTARY and new.status is not Status.COMMENTARY


def _is_bare(told: Slots, new: Slots) -> bool:
    """True when an official text tells of another event and has no name and no figure in common to say otherwise.

    "Additions to the Entity List" means much the same as the news of another state's list.
    """
    return new.document is not None and told.event is not new.event and not _shares_names(told, new)


def _shares_names(told: Slots, new: Slots) -> bool:
    return bool(told.companies & new.companies or told.products & new.products or told.figures & new.figures)


def _wanted(told: Slots, new: Slots) -> float:
    """The cosine that two headlines need, by how much they share beside their words."""
    if told.event is not new.event or not _shares_names(told, new):
        return SAME
    return MEASURES if told.event in ACTS else FOLLOWS
