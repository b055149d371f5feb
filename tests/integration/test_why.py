"""What `why` prints of a headline's deliveries."""

from __future__ import annotations

import io
from datetime import timedelta

from rich.console import Console

from bot.commands.why import _show, discreet
from bot.domain import Amends, Destination, Sending, Status
from bot.store.base import Store
from tests.fakes.outbox import Dispatcher, repeat, tell
from tests.fakes.stored import CHANNEL, SLACK, after


async def told(store: Store, headline_id: str) -> list[str]:
    """The lines about deliveries, their attempts, and edits."""
    trail = await store.trail(headline_id)
    assert trail is not None
    drawn = io.StringIO()
    _show(trail, Console(file=drawn, width=200))
    lines = [line.strip() for line in drawn.getvalue().splitlines()]
    return [line for line in lines if line.startswith(("delivery", "attempt", "edit"))]


async def test_what_is_held_says_why_and_until_when(store: Store) -> None:
    """Held, then in doubt, then sent with others: each stands there, with the attempts of the shared message."""
    await tell(store, 1, held={SLACK: 60})
    second = await tell(store, 2, held={SLACK: 60})
    assert await told(store, second.id) == ["delivery   slack:C01: held until 2026-03-02 12:01:00.000 UTC: quiet"]
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=60)
    await store.mark_retry(
        claim.delivery_id, result=Sending.MAYBE_SENT, error="lost", next_attempt_at=after(70), now=after(61)
    )
    assert (await told(store, second.id))[
        0
    ] == "delivery   slack:C01: pending, next attempt 2026-03-02 12:01:10.000 UTC"
    await a.send(at=70)
    assert await told(store, second.id) == [
        (
            "delivery   slack:C01: sent 2026-03-02 12:01:11.000 UTC (+69.000 s after it was seen), message 1.0, "
            "held until 2026-03-02 12:01:00.000 UTC"
        ),
        "attempt 1, 2026-03-02 12:01:00.000 UTC: maybe sent: lost",
        "attempt 2, 2026-03-02 12:01:10.000 UTC: sent",
    ]


async def test_what_waits_and_what_ended(store: Store) -> None:
    """A pending one says when it is tried, a dead one why it ended."""
    headline = await tell(store, 1, SLACK, CHANNEL)
    await store.retire_destination(SLACK, reason="is_archived", now=after(0) + timedelta(seconds=9))
    dead, waiting = await told(store, headline.id)
    assert dead == "delivery   slack:C01: dead: is_archived"
    assert waiting == "delivery   telegram:@chips: pending, next attempt 2026-03-02 12:00:01.040 UTC"


async def test_what_was_edited(store: Store) -> None:
    """Edits wait, are due, fail, are made and are given up: each in one line for its destination."""

    async def edit() -> list[str]:
        return [line.partition(": ")[2] for line in await told(store, headline.id) if line.startswith("edit")]

    headline = await tell(store, 1, SLACK, slug="curbs")
    await repeat(store, 2, "curbs", amends=Amends.STATUS, status=Status.DENIED)
    assert await edit() == ["edited when the message is sent"]
    a = await Dispatcher(store).take()
    await a.send(at=10)
    assert await edit() == ["next edit 2026-03-02 12:00:11.000 UTC"]
    await store.mark_amend_failed(await a.must_amend(at=12), next_due_at=after(20), now=after(13), error="unreachable")
    assert await edit() == ["next edit 2026-03-02 12:00:20.000 UTC (attempt 1: unreachable)"]
    await store.mark_amended(await a.must_amend(at=20), after(21))
    assert await edit() == ["edited once, last 2026-03-02 12:00:21.000 UTC"]
    await repeat(store, 30, "curbs", amends=Amends.STATUS)
    await store.mark_amend_failed(await a.must_amend(at=30), next_due_at=None, now=after(31), error="message gone")
    assert await edit() == ["edited once, last 2026-03-02 12:00:21.000 UTC; given up: message gone"]


async def test_a_webhook_is_named_by_its_host_alone(store: Store) -> None:
    """Its path is often a secret, and what `why` prints is pasted into tickets."""
    headline = await tell(store, 1, Destination.parse("webhook:https://hooks.example/s3cret/path"))
    trail = await store.trail(headline.id)
    assert trail is not None
    assert [d.destination for d in discreet(trail).deliveries] == ["webhook:https://hooks.example"]
