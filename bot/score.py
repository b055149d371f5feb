"""The scoring loop: claim → score → let the desk decide → record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import bus as topics
from bot.bus import Bus
from bot.clock import Clock
from bot.desk import Desk
from bot.domain import Decision, DeliveryState, Destination, Headline, Mute, Score, Subscription
from bot.errors import StoreError
from bot.health import Health
from bot.rules.same_story import WINDOW
from bot.store.base import Store
from classifiers.api import Classifier, ModelError

log = structlog.get_logger(__name__)

BATCH = 32  # headlines scored at once: past that, activations fall out of the cache
RETRY_S = 1.0  # after the store or the model failed
SWEEP_S = 3.0  # a wake-up that was lost costs at most this


@dataclass(slots=True)
class Scorer:
    """Scores what is due and saves what the desk decides, in one transaction a batch."""

    store: Store
    bus: Bus
    clock: Clock
    classifier: Classifier
    desk: Desk
    inference: Executor  # one thread: the model is not for two at a time
    health: Health = field(default_factory=Health)
    _loaded: bool = False  # whether the desk's stories are those of the store
    _passed_over: set[str] = field(default_factory=set)  # ids of headlines that a rule stumbled on

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set."""
        with self.health.turning("desk", within=timedelta(seconds=60)):
            await self._turn(stop)

    async def _turn(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.health.beat("desk")
            try:
                decided = await self.step()
            except (StoreError, ModelError) as error:
                log.error("desk_failed", error=str(error), again_in_s=RETRY_S)  # noqa: TRY400  the text says it all
                await self.bus.wait(topics.SCORE, RETRY_S)
                continue
            if not decided:
                await self.bus.wait(topics.SCORE, SWEEP_S)

    async def drain(self) -> int:
        """Decide everything that is due now; returns how many headlines that were."""
        total = 0
        while decided := await self.step():
            total += decided
        return total

    async def step(self) -> int:
        """Decide one batch; returns how many headlines it held.

        Raises:
            StoreError: nothing of the batch was saved.
            ModelError: the model failed; nothing was saved.
        """
        if not self._loaded:
            self.desk.load(await self.store.open_stories(self.clock.now() - WINDOW))
            self._loaded = True
        due = await self.store.unscored(BATCH + len(self._passed_over))
        headlines = [h for h in due if h.id not in self._passed_over][:BATCH]
        if not headlines:
            return 0
        scores = await asyncio.get_running_loop().run_in_executor(self.inference, self._score, headlines)
        now = self.clock.now()
        urls = await self.store.known_urls([h.canonical_url for h in headlines], now - WINDOW)
        subscriptions = await self.store.subscriptions()
        mutes = await self.store.mutes(now)
        told = await self._told(subscriptions, now)
        # From here until all is saved, the stories in memory are ahead of the truth.
        self._loaded = False
        decide = partial(self._decide, headlines, scores, urls, subscriptions, now=now, mutes=mutes, told=told)
        # Where stories are alike the model is asked again, so this too leaves the loop alone.
        decided = await asyncio.get_running_loop().run_in_executor(self.inference, decide)
        decisions = [decision for _, decision in decided]
        await self.store.record_decisions(decisions)
        self._loaded = True
        if any(d.alert is not None for d in decisions):
            await self.bus.wake(topics.DISPATCH)
            await self.bus.wake(topics.PUBLISHED)
        for headline, decision in decided:
            _log_decision(headline, decision)
        return len(headlines)

    def _decide(
        self,
        headlines: Sequence[Headline],
        scores: Sequence[Score],
        urls: dict[str, str],
        subscriptions: Sequence[Subscription],
        *,
        now: datetime,
        mutes: Sequence[Mute],
        told: dict[Destination, list[datetime]],
    ) -> list[tuple[Headline, Decision]]:
        """Let the desk decide a batch, in order.

        Raises:
            ModelError: the model failed; all of the batch stays due.
        """
        decided: list[tuple[Headline, Decision]] = []
        for headline, score in zip(headlines, scores, strict=True):
            earlier = urls.get(headline.canonical_url)
            told_before = earlier if earlier != headline.id else None
            try:
                decision = self.desk.decide(
                    headline, score, subscriptions, now=now, told_before=told_before, mutes=mutes, told=told
                )
            except ModelError:
                raise
            except Exception:
                # It stays due for a mended version; the others must not wait behind it.
                log.exception("headline_passed_over", id=headline.id, headline=headline.text)
                self._passed_over.add(headline.id)
                continue
            decided.append((headline, decision))
            for delivery in decision.deliveries:
                if delivery.state is DeliveryState.PENDING:
                    told.setdefault(delivery.destination, []).append(now)
            if headline.canonical_url:
                urls.setdefault(headline.canonical_url, headline.id)
        return decided

    async def _told(self, subscriptions: Sequence[Subscription], now: datetime) -> dict[Destination, list[datetime]]:
        """When alerts were told, for as long as the longest cap looks back; not asked where nobody has one."""
        windows = [s.cap.window for s in subscriptions if s.cap is not None]
        return await self.store.routed_times(now - max(windows)) if windows else {}

    def _score(self, headlines: Sequence[Headline]) -> list[Score]:
        return self.classifier.score([h.text for h in headlines], official=[h.official for h in headlines])


def _log_decision(headline: Headline, decision: Decision) -> None:
    told = log.info if decision.alert is not None else log.debug
    told(
        "decided",
        outcome=decision.outcome.value,
        reason=decision.reason.value,
        headline=headline.text,
        source=headline.source,
        id=headline.id,
        story=decision.story.slug if decision.story else None,
        urgency=decision.alert.urgency.value if decision.alert else None,
        chip_export=round(decision.score.chip_export, 3) if decision.score else None,
    )
