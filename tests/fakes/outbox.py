"""Filling a store's outbox and emptying it, for tests of what happens between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain import Amendment, Amends, Claim, Destination, Headline, Outcome, Receipt, Sending, Urgency
from bot.store import Store
from tests.fakes.stored import NOON, SLACK, after, make_alert_decision, make_headline, make_repeat_decision

LEASE = timedelta(seconds=30)
DAY = timedelta(days=1)


async def save(store: Store, *headlines: Headline) -> list[Headline]:
    """Save headlines that are due for scoring."""
    return await store.record_batch(
        headlines[0].source, [(h, None) for h in headlines], cursor={}, next_due=after(5), now=NOON
    )


async def tell(
    store: Store,
    n: int,
    *destinations: Destination,
    slug: str = "",
    held: Mapping[Destination, float] | None = None,
    urgency: Urgency = Urgency.ALERT,
    amends: Amends = Amends.NOTHING,
) -> Headline:
    """Save and decide the n-th headline, an alert for these destinations, and later for those that are held: until
    so many seconds after noon."""
    headline = make_headline(n, seen=after(n))
    await save(store, headline)
    outcome = Outcome.UPDATE if slug and await store.story(slug) else Outcome.ALERT
    waiting = {destination: after(seconds) for destination, seconds in (held or {}).items()}
    decision = make_alert_decision(
        headline, destinations, slug=slug, outcome=outcome, held=waiting, urgency=urgency, amends=amends
    )
    await store.record_decisions([decision])
    return headline


class Dispatcher:
    """An owner of the lease ``dispatch``."""

    def __init__(self, store: Store, owner: str = "a") -> None:
        self.store, self.owner, self.epoch = store, owner, 0

    async def take(self, *, force: bool = False) -> Dispatcher:
        epoch = await self.store.take_lease("dispatch", self.owner, DAY, force=force)
        assert epoch is not None
        self.epoch = epoch
        return self

    async def claim(self, destination: Destination = SLACK, at: float = 100) -> Claim | None:
        return await self.store.claim_delivery(
            destination, owner=self.owner, epoch=self.epoch, now=after(at), lease=LEASE
        )

    async def must_claim(self, destination: Destination = SLACK, at: float = 100) -> Claim:
        claim = await self.claim(destination, at)
        assert claim is not None
        return claim

    async def amendment(self, destination: Destination = SLACK, at: float = 100) -> Amendment | None:
        return await self.store.claim_amendment(
            destination, owner=self.owner, epoch=self.epoch, now=after(at), lease=LEASE
        )

    async def must_amend(self, destination: Destination = SLACK, at: float = 100) -> Amendment:
        amendment = await self.amendment(destination, at)
        assert amendment is not None
        return amendment

    async def send(self, destination: Destination = SLACK, at: float = 100, ts: str = "1.0") -> Claim:
        claim = await self.must_claim(destination, at)
        await self.send_claimed(claim, at, ts)
        return claim

    async def send_claimed(self, claim: Claim, at: float = 100, ts: str = "1.0") -> None:
        await self.store.mark_sent(
            claim.delivery_id, Receipt(ts, "C01"), result=Sending.SENT, now=after(at + 1), attempt=claim.attempt
        )


async def repeat(
    store: Store, n: int, slug: str, *, amends: Amends = Amends.COUNT, at: float | None = None, **changes: Any
) -> Headline:
    """Save and decide the n-th headline, which only adds to a story; the story then stands as these changes say."""
    headline = make_headline(n, seen=after(n))
    await save(store, headline)
    found = await store.story(slug)
    assert found is not None
    story = replace(found[0], count=found[0].count + 1, **changes)
    moment = after(n if at is None else at)
    await store.record_decisions([make_repeat_decision(headline, story, amends=amends, at=moment)])
    return headline


async def states(store: Store, headline: Headline) -> dict[str, str]:
    """The states of a headline's deliveries by destination."""
    trail = await store.trail(headline.id)
    assert trail is not None
    return {delivery.destination: delivery.state for delivery in trail.deliveries}


def told_by(claim: Claim) -> list[str]:
    """The headlines that a claim's message tells, in its order."""
    return [alert.headline_id for alert in claim.held or (claim.alert,)]
