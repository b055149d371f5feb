"""The desk: scored headlines become stories and alerts, and every headline gets one outcome and a reason.

Plain rules over an index of open stories: no I/O and no clock of its own. ``bot.score`` is the shell around it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain import (
    Decision,
    Destination,
    Event,
    Headline,
    Mention,
    Mute,
    Outcome,
    Reason,
    Score,
    Status,
    Story,
    Subscription,
    Topic,
    Urgency,
)
from bot.rules.amending import amends
from bot.rules.direction import with_directions
from bot.rules.exposure import ExposureBook, exposed
from bot.rules.facts import Facts, find_facts
from bot.rules.filings import must_tell
from bot.rules.meaning import Embed, Meaning
from bot.rules.novelty import REPEATS, kills, news
from bot.rules.passing import with_passing
from bot.rules.publishers import voice
from bot.rules.same_story import WINDOW, StoryIndex
from bot.rules.slots import Slots, advances
from bot.rules.telling import Audience, make_alert, make_deliveries, make_slug
from bot.rules.tickers import CompanyBook
from bot.rules.urgency import urgency
from bot.rules.wording import material_figures
from classifiers.api import Thresholds

SLUG_DIGITS = 4  # of the headline's id, at the end of a story's key; more where they are taken
HOUR = timedelta(hours=1)
EXPIRE_EVERY = timedelta(minutes=1)  # all open stories are looked at


@dataclass(slots=True)
class Desk:
    """Decides. One instance owns the open stories; not for use from two threads."""

    companies: CompanyBook
    thresholds: Thresholds
    exposure: ExposureBook = field(default_factory=ExposureBook)
    embed: Embed | None = None  # a model's sense of what headlines mean
    flashes_per_hour: int = 6  # the rest is told as alerts
    stories: dict[str, Story] = field(default_factory=dict)
    index: StoryIndex = field(default_factory=StoryIndex)
    figures: dict[str, frozenset[str]] = field(default_factory=dict)  # told of each story, since it was loaded
    _flashes: deque[datetime] = field(default_factory=deque)  # of the last hour
    _expired_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def load(self, stories: Sequence[Story]) -> None:
        """Begin with these open stories; what was known before is forgotten."""
        self.stories = {}
        self.index = StoryIndex()
        self.figures = {}
        # When a story became a flash is not known; when it was last told is never before that.
        self._flashes = deque(sorted(s.updated_at for s in stories if s.urgency is Urgency.FLASH))
        texts = sorted({text for story in stories for text in (story.first_text, story.latest_text)})
        means = dict(zip(texts, self._means(texts), strict=True))
        for story in stories:
            self._remember(story, means)

    def decide(
        self,
        headline: Headline,
        score: Score,
        subscriptions: Sequence[Subscription],
        *,
        now: datetime,
        told_before: str | None = None,
        mutes: Sequence[Mute] = (),
        told: Mapping[Destination, Sequence[datetime]] | None = None,
    ) -> Decision:
        """Give one scored headline its end, and remember its story.

        Args:
            headline: as saved.
            score: what the model said of it.
            subscriptions: who may get it.
            now: the time of the decision.
            told_before: id of an earlier headline that led to the same page, if there was one.
            mutes: what somebody wants to hear no more of.
            told: when alerts were sent or became due at each destination, for caps.
        """
        audience = Audience(subscriptions, mutes, told)
        if headline.withdraws or kills(headline.text):
            score = replace(score, status=Status.DENIED, status_prob=1.0)
        mentions = self._mentions(headline.text, score.event, score.status)
        topics = _topics(score, self.thresholds) or self._topics_of_documents(headline)
        if not topics:
            reason = Reason.GATE if score.gated else Reason.BELOW_THRESHOLD
            return Decision(headline.id, Outcome.SPIKE, reason, now, score, mentions)
        self._expire(now)
        facts = find_facts(headline.text)
        mentions += exposed(headline.text, mentions, facts, score.event, score.status, self.exposure)
        (meaning,) = self._means([headline.text])
        slots = Slots.of(
            headline.text, score.event, score.status, mentions, facts.products, facts.places, headline.document,
            meaning,
        )  # fmt: skip
        slug = self.index.by_fingerprint(headline.fingerprint, headline.document)
        same_words = slug is not None
        if same_words and told_before is not None:
            return Decision(headline.id, Outcome.SPIKE, Reason.DUPLICATE, now, score, mentions)
        if slug is None and (match := self.index.match(slots, now)) is not None:
            slug = match.slug
        if slug is None:
            return self._open(headline, score, mentions, facts, topics, audience, now, slots)
        reason = news(
            self.stories[slug], headline, score, slots, now=now, figures=self.figures[slug],
            market_moving=self.thresholds.market_moving, same_words=same_words,
        )  # fmt: skip
        if reason in REPEATS:
            before = self.stories[slug]
            story = self._joined(before, headline, now, same_words=same_words)
            self.stories[slug] = story
            self.index.join(story, slots)
            return Decision(
                headline.id, Outcome.REPEAT, reason, now, score, mentions, story, amends=amends(before, story, reason)
            )
        return self._update(slug, reason, headline, score, mentions, facts, topics, audience, now, slots)

    def _topics_of_documents(self, headline: Headline) -> frozenset[Topic]:
        """For whom an official paper is meant whose words say too little for the model."""
        if (headline.withdraws or headline.completes) and headline.document is not None:
            # Who was told of a document must be told what it holds, and that it was withdrawn.
            for story in self.stories.values():
                if headline.document in story.documents:
                    return story.topics
        return frozenset(Topic) if headline.official and must_tell(headline.text) else frozenset()

    def _open(
        self,
        headline: Headline,
        score: Score,
        mentions: tuple[Mention, ...],
        facts: Facts,
        told: frozenset[Topic],
        audience: Audience,
        now: datetime,
        slots: Slots,
    ) -> Decision:
        level = self._urgency(headline, score, mentions, told, now, reason=Reason.NEW_STORY, publishers=1)
        story = Story(
            slug=self._free_slug(make_slug(score, mentions, facts, now), headline),
            event=score.event,
            status=score.status,
            urgency=level,
            topics=told,
            first_headline_id=headline.id,
            first_text=headline.text,
            latest_text=headline.text,
            fingerprints=frozenset({headline.fingerprint}),
            companies=frozenset(m.company for m in mentions if m.primary and not m.passing),
            publishers=_voices(headline),
            documents=frozenset({headline.document} if headline.document else ()),
            count=1,
            created_at=now,
            updated_at=now,
        )
        alert = make_alert(story, Outcome.ALERT, Reason.NEW_STORY, level, headline, score, mentions, facts, None, now)
        self._remember(story, {headline.text: slots.meaning})
        return Decision(
            headline.id, Outcome.ALERT, Reason.NEW_STORY, now, score, mentions, story, alert,
            make_deliveries(alert, audience, now),
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
        audience: Audience,
        now: datetime,
        slots: Slots,
    ) -> Decision:
        before = self.stories[slug]
        joined = self._joined(before, headline, now)
        level = self._urgency(headline, score, mentions, told, now, reason=reason, publishers=len(joined.publishers))
        if score.status is Status.DENIED and reason in {Reason.STATUS_CHANGE, Reason.CORRECTION}:
            # Whoever heard the claim must hear as loudly that it is not so.
            level = max(level, before.urgency, key=lambda u: u.rank)
        changed = reason is Reason.STATUS_CHANGE or (
            reason in {Reason.OFFICIAL_TEXT, Reason.CORRECTION, Reason.IN_FORCE}
            and advances(before.status, score.status)
        )
        story = replace(
            joined,
            event=score.event if headline.completes else before.event,
            status=score.status if changed else before.status,
            urgency=max(level, before.urgency, key=lambda u: u.rank),
            latest_text=headline.text,
            topics=before.topics | told,
            companies=before.companies | {m.company for m in mentions if m.primary and not m.passing},
            corrected=before.corrected | ({headline.publisher} if reason is Reason.CORRECTION else frozenset()),
        )
        alert = make_alert(
            story, Outcome.UPDATE, reason, level, headline, score, mentions, facts,
            before.status if changed else None, now,
        )  # fmt: skip
        self.stories[slug] = story
        self.figures[slug] |= material_figures(headline.text)
        self.index.join(story, slots)
        return Decision(
            headline.id, Outcome.UPDATE, reason, now, score, mentions, story, alert,
            make_deliveries(alert, audience, now), amends(before, story, reason),
        )  # fmt: skip

    def _joined(self, story: Story, headline: Headline, now: datetime, *, same_words: bool = False) -> Story:
        # The same words elsewhere are the same reporter's: syndication corroborates nothing.
        voices = frozenset() if same_words else _voices(headline)
        return replace(
            story,
            fingerprints=story.fingerprints | {headline.fingerprint},
            publishers=story.publishers | voices,
            documents=story.documents | ({headline.document} if headline.document else frozenset()),
            count=story.count + 1,
            updated_at=now,
        )

    def _urgency(
        self,
        headline: Headline,
        score: Score,
        mentions: Sequence[Mention],
        told: frozenset[Topic],
        now: datetime,
        *,
        reason: Reason,
        publishers: int,
    ) -> Urgency:
        level = urgency(
            event=score.event,
            status=score.status,
            tier=headline.tier,
            market_moving=score.market_moving >= self.thresholds.market_moving,
            chip_export=Topic.CHIP_EXPORT in told,
            publishers=publishers,
            touched=len({m.ticker for m in mentions if m.ticker and not m.passing}),
            reason=reason,
        )
        if level is not Urgency.FLASH:
            return level
        while self._flashes and now - self._flashes[0] >= HOUR:
            self._flashes.popleft()
        if len(self._flashes) >= self.flashes_per_hour:
            return Urgency.ALERT  # who hears a siren all day hears none
        self._flashes.append(now)
        return level

    def _means(self, texts: Sequence[str]) -> Sequence[Meaning | None]:
        found = self.embed(texts) if self.embed is not None and texts else None
        return [None] * len(texts) if found is None else found

    def _remember(self, story: Story, means: Mapping[str, Meaning | None]) -> None:
        self.stories[story.slug] = story
        told = material_figures(story.first_text) | material_figures(story.latest_text)
        self.figures[story.slug] = self.figures.get(story.slug, frozenset()) | told
        takes = [self._take(story.first_text, story, means)]
        if story.latest_text != story.first_text:
            takes.append(self._take(story.latest_text, story, means))
        self.index.put(story, takes)

    def _mentions(self, text: str, event: Event, status: Status) -> tuple[Mention, ...]:
        return with_passing(text, with_directions(text, self.companies.find(text), event=event, status=status))

    def _take(self, text: str, story: Story, means: Mapping[str, Meaning | None]) -> Slots:
        facts = find_facts(text)
        mentions = self._mentions(text, story.event, story.status)
        meaning = means[text] if text in means else self._means([text])[0]
        return Slots.of(text, story.event, story.status, mentions, facts.products, facts.places, meaning=meaning)

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


def _voices(headline: Headline) -> frozenset[str]:
    house = voice(headline.publisher)
    return frozenset() if house is None else frozenset({house})
