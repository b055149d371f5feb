"""Filling a store's outbox and emptying it, for tests of what happens between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain import Claim, Destination, Headline, Outcome, Receipt, Sending
from bot.store import Store
from tests.fakes.stored import NOON, SLACK, after, make_alert_decision, make_headline

LEASE = timedelta(seconds=30)
DAY = timedelta(days=1)


async def save(store: Store, *headlines: Headline) -> list[Headline]:
    """Save headlines that are due for scoring."""
    return await store.record_batch(
        headlines[0].source, [(h, None) for h in headlines], cursor={}, next_due=after(5), now=NOON
    )


async def tell(
    store: Store, n: int, *destinations: Destination, slug: str = "", held: Mapping[Destination, float] | None = None
) -> Headline:
    """Save and decide the n-th headline, an alert for these destinations, and later for those that are held: until
    so many seconds after noon."""
    headline = make_headline(n, seen=after(n))
    await save(store, headline)
    outcome = Outcome.UPDATE if slug and await store.story(slug) else Outcome.ALERT
    waiting = {destination: after(seconds) for destination, seconds in (held or {}).items()}
    decision = make_alert_decision(headline, destinations, slug=slug, outcome=outcome, held=waiting)
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

    async def send(self, destination: Destination = SLACK, at: float = 100, ts: str = "1.0") -> Claim:
        claim = await self.must_claim(destination, at)
        await self.store.mark_sent(
            claim.delivery_id, Receipt(ts, "C01"), result=Sending.SENT, now=after(at + 1), attempt=claim.attempt
        )
        return claim


async def states(store: Store, headline: Headline) -> dict[str, str]:
    """The states of a headline's deliveries by destination."""
    trail = await store.trail(headline.id)
    assert trail is not None
    return {delivery.destination: delivery.state for delivery in trail.deliveries}


def told_by(claim: Claim) -> list[str]:
    """The headlines that a claim's message tells, in its order."""
    return [alert.headline_id for alert in claim.held or (claim.alert,)]
