"""What tests of readers need of a store: alerts that are told and sent, and a store that fails on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import Alert, Decision, Delivery, DeliveryState, Destination, Hold, Receipt, Sending
from bot.errors import StoreError
from bot.store.base import Store
from tests.fakes.stored import make_alert, make_headline, make_score, make_story


class FailingStore:
    """Passes every call on to a store, until ``down`` is set; then each raises StoreError."""

    def __init__(self, store: Store) -> None:
        self.down = False
        self.real = store

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.real, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            if self.down:
                raise StoreError("/secret/place/chipwire.sqlite3: disk I/O error")
            return await real(*args, **kwargs)

        return call


async def tell(
    store: Store,
    n: int,
    *,
    at: datetime,
    to: tuple[Destination, ...] = (),
    held: Mapping[Destination, datetime] | None = None,
    **changes: Any,
) -> Alert:
    """Save the n-th headline, seen at this time, and its end: an alert, with these fields changed; for some it is
    held until a time."""
    headline = make_headline(n, seen=at)
    story = make_story(headline, slug=changes.pop("story", f"spares-curb-{n}"))
    alert = replace(make_alert(headline, story), **changes)
    await store.record_batch(headline.source, [(headline, None)], cursor={}, next_due=at + timedelta(seconds=5), now=at)
    deliveries = (
        *(Delivery(f"{alert.id}-{d}", d, DeliveryState.PENDING) for d in to),
        *(Delivery(f"{alert.id}-{d}", d, DeliveryState.HELD, Hold.QUIET, until) for d, until in (held or {}).items()),
    )
    decision = Decision(
        headline.id,
        alert.outcome,
        alert.reason,
        alert.created_at,
        make_score(),
        alert.mentions,
        story,
        alert,
        deliveries,
    )
    await store.record_decisions([decision])
    return alert


async def send_next(store: Store, destination: Destination, *, at: datetime) -> None:
    """Claim the destination's first open delivery and have the platform accept it at this time."""
    epoch = await store.take_lease("dispatch", "test", timedelta(minutes=5), force=True)
    assert epoch is not None
    claim = await store.claim_delivery(destination, owner="test", epoch=epoch, now=at, lease=timedelta(seconds=30))
    assert claim is not None
    await store.mark_sent(claim.delivery_id, Receipt("1.0", "C01", at), result=Sending.SENT, now=at)
