"""The desk: scored headlines become stories and alerts, and every headline gets one outcome and a reason.

Plain rules over an index of open stories: no I/O and no clock of its own. ``bot.score`` is the shell around it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain import (
    Alert,
    Decision,
    Delivery,
    DeliveryState,
    Event,
    Headline,
    Mention,
    Outcome,
    Reason,
    Score,
    Status,
    Story,
    Subscription,
    Tier,
    Topic,
    Urgency,
)
from bot.rules.direction import with_directions
from bot.rules.facts import Facts, find_facts
from bot.rules.filings import must_tell
from bot.rules.routing import route
from bot.rules.same_story import WINDOW, Slots, StoryIndex, advances, agree
from bot.rules.tickers import CompanyBook
from bot.rules.urgency import ACTS, urgency
from bot.rules.wording import material_figures
from classifiers.api import Thresholds

SLUG_DIGITS = 4  # of the headline's id, at the end of a story's key; more where they are taken
EXPIRE_EVERY = timedelta(minutes=1)  # all open stories are looked at


@dataclass(slots=True)
class Desk:
    """Decides. One instance owns the open stories; not for use from two threads."""

    companies: CompanyBook
    thresholds: Thresholds
    stories: dict[str, Story] = field(default_factory=dict)
    index: StoryIndex = field(default_factory=StoryIndex)
    figures: dict[str, frozenset[str]] = field(default_factory=dict)  # told of each story, since it was loaded
    _expired_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def load(self, stories: Sequence[Story]) -> None:
        """Begin with these open stories; what was known before is forgotten."""
        self.stories = {}
        self.index = StoryIndex()
        self.figures = {}
        for story in stories:
            self._remember(story)

    def decide(
        self,
        headline: Headline,
        score: Score,
        subscriptions: Sequence[Subscription],
        *,
        now: datetime,
        told_before: str | None = None,
    ) -> Decision:
        """Give one scored headline its end, and remember its story.

        Args:
            headline: as saved.
            score: what the model said of it.
            subscriptions: who may get it.
            now: the time of the decision.
            told_before: id of an earlier headline that led to the same page, if there was one.
        """
        if headline.withdraws:
            score = replace(score, status=Status.DENIED, status_prob=1.0)
        mentions = with_directions(
            headline.text, self.companies.find(headline.text), event=score.event, status=score.status
        )
        told = _topics(score, self.thresholds) or self._topics_of_documents(headline)
        if not told:
            reason = Reason.GATE if score.gated else Reason.BELOW_THRESHOLD
            return Decision(headline.id, Outcome.SPIKE, reason, now, score, mentions)
        self._expire(now)
        facts = find_facts(headline.text)
        slots = Slots.of(
            headline.text, score.event, score.status, mentions, facts.products, facts.places, headline.document
        )
        slug = self.index.by_fingerprint(headline.fingerprint, headline.document)
        same_words = slug is not None
        if same_words and told_before is not None:
            return Decision(headline.id, Outcome.SPIKE, Reason.DUPLICATE, now, score, mentions)
        if slug is None and (match := self.index.match(slots)) is not None:
            slug = match.slug
        if slug is None:
            return self._open(headline, score, mentions, facts, told, subscriptions, now)
        news = self._news(self.stories[slug], headline, score, slots, same_words=same_words)
        if news in {Reason.SAME_WORDS, Reason.SAME_STORY}:
            story = self._joined(self.stories[slug], headline, now)
            self.stories[slug] = story
            self.index.join(story)
            return Decision(headline.id, Outcome.REPEAT, news, now, score, mentions, story)
        return self._update(slug, news, headline, score, mentions, facts, told, subscriptions, now)

    def _topics_of_documents(self, headline: Headline) -> frozenset[Topic]:
        """For whom an official paper is meant whose words say too little for the model."""
        if headline.withdraws and headline.document is not None:
            # Who was told of a document must be told that it was withdrawn.
            for story in self.stories.values():
                if headline.document in story.documents:
                    return story.topics
        return frozenset(Topic) if headline.official and must_tell(headline.text) else frozenset()

    def _news(self, story: Story, headline: Headline, score: Score, slots: Slots, *, same_words: bool) -> Reason:
        """What a headline adds to its story: a reason of an update, or of a repeat."""
        if headline.completes or (headline.tier is Tier.PRIMARY and headline.document and not story.documents):
            return Reason.OFFICIAL_TEXT
        if same_words:
            return Reason.SAME_WORDS
        measure = Topic.CHIP_EXPORT in story.topics
        if (
            advances(story.status, score.status)
            and (score.event is story.event or headline.withdraws)
            # Of shares and results everybody says in another tone what everybody knows.
            and (measure or score.event is not Event.RESULTS)
        ):
            return Reason.STATUS_CHANGE
        if score.status is Status.COMMENTARY or score.market_moving < self.thresholds.market_moving:
            return Reason.SAME_STORY
        # Whom a measure hits is news; who else rose, fell or was asked is in every retelling.
        if measure and score.event in ACTS and score.event is story.event and slots.companies - story.companies:
            return Reason.NEW_COMPANY
        new = material_figures(headline.text)
        known = self.figures[story.slug]
        if score.event is not Event.RESULTS and new and not agree(known, new):
            return Reason.NEW_NUMBER
        return Reason.SAME_STORY

    def _open(
        self,
        headline: Headline,
        score: Score,
        mentions: tuple[Mention, ...],
        facts: Facts,
        told: frozenset[Topic],
        subscriptions: Sequence[Subscription],
        now: datetime,
    ) -> Decision:
        level = self._urgency(headline, score, told, publishers=1)
        story = Story(
            slug=self._free_slug(_slug(score, mentions, facts, now), headline),
            event=score.event,
            status=score.status,
            urgency=level,
            topics=told,
            first_headline_id=headline.id,
            first_text=headline.text,
            latest_text=headline.text,
            fingerprints=frozenset({headline.fingerprint}),
            companies=frozenset(m.company for m in mentions if m.primary),
            publishers=frozenset({_publisher(headline)}),
            documents=frozenset({headline.document} if headline.document else ()),
            count=1,
            created_at=now,
            updated_at=now,
        )
        alert = _alert(story, Outcome.ALERT, Reason.NEW_STORY, level, headline, score, mentions, facts, None, now)
        self._remember(story)
        return Decision(
            headline.id, Outcome.ALERT, Reason.NEW_STORY, now, score, mentions, story, alert,
            _deliveries(alert, subscriptions),
        )  # fmt: skip

    def _free_slug(self, slug: str, headline: Headline) -> str:
        """The slug with as many more digits of the headline's id as make it unlike every open story's."""
        for length in range(SLUG_DIGITS, len(headline.id)):
            if (candidate := f"{slug}-{headline.id[:length]}") not in self.stories:
                return candidate
        return f"{slug}-{headline.id}"

    def _update(
        self,
        slug: str,
        reason: Reason,
        headline: Headline,
        score: Score,
        mentions: tuple[Mention, ...],
        facts: Facts,
        told: frozenset[Topic],
        subscriptions: Sequence[Subscription],
        now: datetime,
    ) -> Decision:
        before = self.stories[slug]
        joined = self._joined(before, headline, now)
        level = self._urgency(headline, score, told, publishers=len(joined.publishers))
        if reason is Reason.STATUS_CHANGE and score.status is Status.DENIED:
            # Whoever heard the claim must hear as loudly that it is not so.
            level = max(level, before.urgency, key=lambda u: u.rank)
        changed = reason is Reason.STATUS_CHANGE or (
            reason is Reason.OFFICIAL_TEXT and advances(before.status, score.status)
        )
        story = replace(
            joined,
            event=score.event if headline.completes else before.event,
            status=score.status if changed else before.status,
            urgency=max(level, before.urgency, key=lambda u: u.rank),
            latest_text=headline.text,
            topics=before.topics | told,
            companies=before.companies | {m.company for m in mentions if m.primary},
        )
        alert = _alert(
            story, Outcome.UPDATE, reason, level, headline, score, mentions, facts,
            before.status if changed else None, now,
        )  # fmt: skip
        self._remember(story)
        return Decision(
            headline.id, Outcome.UPDATE, reason, now, score, mentions, story, alert,
            _deliveries(alert, subscriptions),
        )  # fmt: skip

    def _joined(self, story: Story, headline: Headline, now: datetime) -> Story:
        return replace(
            story,
            fingerprints=story.fingerprints | {headline.fingerprint},
            publishers=story.publishers | {_publisher(headline)},
            documents=story.documents | ({headline.document} if headline.document else frozenset()),
            count=story.count + 1,
            updated_at=now,
        )

    def _urgency(self, headline: Headline, score: Score, told: frozenset[Topic], *, publishers: int) -> Urgency:
        return urgency(
            event=score.event,
            status=score.status,
            tier=headline.tier,
            market_moving=score.market_moving >= self.thresholds.market_moving,
            chip_export=Topic.CHIP_EXPORT in told,
            publishers=publishers,
        )

    def _remember(self, story: Story) -> None:
        self.stories[story.slug] = story
        told = material_figures(story.first_text) | material_figures(story.latest_text)
        self.figures[story.slug] = self.figures.get(story.slug, frozenset()) | told
        takes = [self._take(story.first_text, story)]
        if story.latest_text != story.first_text:
            takes.append(self._take(story.latest_text, story))
        self.index.put(story, takes)

    def _take(self, text: str, story: Story) -> Slots:
        facts = find_facts(text)
        mentions = with_directions(text, self.companies.find(text), event=story.event, status=story.status)
        return Slots.of(text, story.event, story.status, mentions, facts.products, facts.places)

    def _expire(self, now: datetime) -> None:
        if abs(now - self._expired_at) < EXPIRE_EVERY:
            return
        self._expired_at = now
        for slug in [s for s, story in self.stories.items() if now - story.updated_at > WINDOW]:
            del self.stories[slug], self.figures[slug]
            self.index.drop(slug)


def _topics(score: Score, thresholds: Thresholds) -> frozenset[Topic]:
    if score.chip_export >= thresholds.chip_export:
        return frozenset({Topic.CHIP_EXPORT})
    if score.market_moving >= thresholds.market_moving:
        return frozenset({Topic.SEMIS})
    return frozenset()


def _publisher(headline: Headline) -> str:
    return headline.publisher.casefold().strip()


def _alert(
    story: Story,
    outcome: Outcome,
    reason: Reason,
    level: Urgency,
    headline: Headline,
    score: Score,
    mentions: tuple[Mention, ...],
    facts: Facts,
    previous_status: Status | None,
    now: datetime,
) -> Alert:
    return Alert(
        # Made from the headline, so that deciding twice makes the same alert.
        id=_digest("alert", headline.id),
        story=story.slug,
        headline_id=headline.id,
        outcome=outcome,
        reason=reason,
        urgency=level,
        topics=story.topics,
        text=headline.text,
        url=headline.url,
        source=headline.source,
        publisher=headline.publisher,
        tier=headline.tier,
        event=score.event,
        status=score.status,
        previous_status=previous_status,
        mentions=mentions,
        facts=facts.labels(),
        chip_export=score.chip_export,
        market_moving=score.market_moving,
        model=score.model,
        published_at=headline.published_at,
        first_seen_at=headline.first_seen_at,
        created_at=now,
        publishers=len(story.publishers),
    )


def _deliveries(alert: Alert, subscriptions: Sequence[Subscription]) -> tuple[Delivery, ...]:
    return tuple(
        Delivery(
            id=_digest("delivery", alert.id, str(destination)),
            destination=destination,
            state=DeliveryState.PENDING if stage is None else DeliveryState.FILTERED,
            reason=stage,
        )
        for destination, stage in route(alert, subscriptions).items()
    )


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _slug(score: Score, mentions: Sequence[Mention], facts: Facts, now: datetime) -> str:
    """The front of a key that a person can read and type: who, what, which measure, when."""
    who = next((m.company for m in mentions if m.primary), None) or next(iter(sorted(facts.places)), "chips")
    what = next(iter(sorted(facts.products)), "")
    parts = [who, what, score.event.value, now.strftime("%y%m%d")]
    text = unicodedata.normalize("NFKD", "-".join(p for p in parts if p)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
