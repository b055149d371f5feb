"""Who goes first in a destination's line: flashes before the rest, stories in their order, and a backlog as one."""

from __future__ import annotations

import sqlalchemy as sa

from bot.domain import Alert, Delay, Hold, Sending, Urgency
from bot.store import Store, open_store
from bot.store.codec import dump
from bot.store.migrations import apply, known_migrations
from bot.store.sql import SqlStore
from bot.store.tables import alerts, deliveries
from bot.subscriptions import make_subscription
from tests.fakes.outbox import Dispatcher, save, states, tell, told_by
from tests.fakes.stored import (
    CHANNEL,
    NOON,
    SLACK,
    after,
    make_alert,
    make_alert_decision,
    make_headline,
    make_story,
)

FLASH, WATCH = Urgency.FLASH, Urgency.WATCH


async def order(a: Dispatcher, at: float = 100) -> list[str]:
    """What is sent from now on, a message each."""
    sent = []
    while (claim := await a.claim(at=at)) is not None:
        await a.send_claimed(claim, at)
        sent.append("+".join(told_by(claim)))
    return sent


def ids(*numbers: int) -> list[str]:
    """The headlines of these numbers."""
    return [make_headline(n).id for n in numbers]


async def test_a_flash_goes_first(store: Store) -> None:
    """Before what waits with it, flashes among themselves in their order."""
    for n, urgency in enumerate([Urgency.ALERT, FLASH, WATCH, FLASH], 1):
        await tell(store, n, SLACK, urgency=urgency)
    assert await order(await Dispatcher(store).take()) == ids(2, 4, 1, 3)


async def test_a_flash_does_not_pass_its_own_story(store: Store) -> None:
    """A denial that is a flash comes after the claim; it passes others, and its claim does not move up."""
    await tell(store, 1, SLACK)
    await tell(store, 2, SLACK, slug="curbs")
    await tell(store, 3, SLACK, slug="curbs", urgency=FLASH)
    await tell(store, 4, SLACK)
    await tell(store, 5, SLACK, urgency=FLASH)
    assert await order(await Dispatcher(store).take()) == ids(5, 1, 2, 3, 4)


async def test_a_flash_does_not_pass_what_was_begun(store: Store) -> None:
    """What was attempted is first in its line until it ends: a platform that asks for a pause gets it."""
    await tell(store, 1, SLACK)
    await tell(store, 2, SLACK)
    a = await Dispatcher(store).take()
    first = await a.must_claim(at=10)
    await tell(store, 11, SLACK, urgency=FLASH)
    assert await a.claim(at=12) is None
    await store.mark_retry(
        first.delivery_id, result=Sending.RATE_LIMITED, error="429", next_attempt_at=after(40), now=after(12)
    )
    assert await a.claim(at=39) is None
    assert await store.due_destinations(after(39)) == []
    assert await store.next_due_at(after(39)) == after(40)
    assert await order(a, at=40) == ids(1, 11, 2)


async def test_a_flash_that_was_begun_holds_up_those_it_passed(store: Store) -> None:
    """It went first and was asked to wait: nothing behind it runs into the same wall."""
    await tell(store, 1, SLACK)
    await tell(store, 2, SLACK, urgency=FLASH)
    a = await Dispatcher(store).take()
    flash = await a.must_claim(at=10)
    assert told_by(flash) == ids(2)
    await store.mark_retry(
        flash.delivery_id, result=Sending.RATE_LIMITED, error="429", next_attempt_at=after(40), now=after(12)
    )
    assert await a.claim(at=39) is None
    assert (await store.due_destinations(after(39)), await store.next_due_at(after(39))) == ([], after(40))
    assert await order(a, at=40) == ids(2, 1)


async def test_a_flash_given_back_is_not_begun(store: Store) -> None:
    """A claim that was not attempted leaves the line as it was."""
    await tell(store, 1, SLACK)
    await tell(store, 2, SLACK, urgency=FLASH)
    a = await Dispatcher(store).take()
    await store.release_claim((await a.must_claim(at=10)).delivery_id, after(11))
    assert await order(a, at=12) == ids(2, 1)


async def test_a_backlog_is_told_as_one(store: Store) -> None:
    """What waits and was never attempted is held at once, but for flashes; each says why."""
    headlines = [await tell(store, n, SLACK, CHANNEL, urgency=WATCH if n % 2 else Urgency.ALERT) for n in range(1, 6)]
    await tell(store, 6, SLACK, urgency=FLASH)
    assert await store.fold_backlog(SLACK, keep=FLASH, now=after(20), over=6) == 0
    assert await store.fold_backlog(SLACK, keep=FLASH, now=after(20), over=5) == 5
    assert await store.fold_backlog(SLACK, keep=FLASH, now=after(21)) == 0
    assert await states(store, headlines[0]) == {str(SLACK): "held", str(CHANNEL): "pending"}
    trail = await store.trail(headlines[0].id)
    assert trail is not None
    assert (trail.deliveries[0].reason, trail.deliveries[0].release_at) == (Hold.BACKLOG, after(20))
    assert await store.due_destinations(after(20)) == [CHANNEL, SLACK]
    a = await Dispatcher(store).take()
    assert await order(a, at=20) == [*ids(6), "+".join(ids(1, 2, 3, 4, 5))]
    assert (await store.backlog())["held"] == 0


async def test_what_was_begun_is_not_folded(store: Store) -> None:
    """It may have arrived already; and what follows it in its story stays behind it."""
    await tell(store, 1, SLACK, slug="curbs")
    await tell(store, 2, SLACK, slug="curbs")
    await tell(store, 3, SLACK)
    a = await Dispatcher(store).take()
    claim = await a.must_claim(at=10)
    assert await store.fold_backlog(SLACK, keep=FLASH, now=after(11)) == 1
    await a.send_claimed(claim, 12)
    assert await order(a, at=13) == ids(2, 3)


async def test_a_flash_keeps_its_story_out_of_the_fold(store: Store) -> None:
    """The claim before its denial, and what came after it, are told one by one."""
    await tell(store, 1, SLACK, slug="curbs")
    await tell(store, 2, SLACK)
    await tell(store, 3, SLACK, slug="curbs", urgency=FLASH)
    await tell(store, 4, SLACK, slug="curbs")
    assert await store.fold_backlog(SLACK, keep=FLASH, now=after(10)) == 1
    assert await order(await Dispatcher(store).take()) == ids(1, 3, 4, 2)


async def test_held_ones_are_not_folded_again(store: Store) -> None:
    """What sleeps until the morning sleeps on."""
    await tell(store, 1, held={SLACK: 500})
    await tell(store, 2, SLACK)
    assert await store.fold_backlog(SLACK, keep=FLASH, now=after(10)) == 1
    assert await order(await Dispatcher(store).take()) == ids(2)


async def test_a_delay_is_kept(store: Store) -> None:
    """A subscription comes back with its delay, by tier."""
    wanted = make_subscription(CHANNEL, delay=Delay(press=after(60) - NOON), origin="command")
    await store.add_subscription(wanted, NOON)
    assert await store.subscriptions() == [wanted]


async def test_what_the_second_schema_held_is_kept(url: str) -> None:
    """A database from before keeps its deliveries, and knows which of them are flashes."""
    store = await open_store(url)
    assert isinstance(store, SqlStore)
    await store._write(lambda conn: apply(conn, known_migrations()[:2], now_us=0))
    told = []
    for n, urgency in enumerate([WATCH, Urgency.ALERT, FLASH], 1):
        headline = make_headline(n, seen=after(n), text='He said "urgency":"flash" aloud')
        await save(store, headline)
        told.append(make_alert(headline, make_story(headline, slug="s"), urgency=urgency))

    def insert(conn: sa.Connection, alert: Alert, n: int) -> None:
        conn.execute(
            sa.insert(alerts).values(
                id=alert.id, headline_id=alert.headline_id, story="s", created_at=NOON, body=dump(alert)
            )
        )
        conn.execute(
            sa.insert(deliveries).values(
                id=f"d{n}", alert_id=alert.id, story=f"s{n}", destination=str(SLACK), sequence=n, state="pending",
                due_at=NOON, attempts=0,
            )
        )  # fmt: skip

    await store._write(
        lambda conn: conn.execute(
            sa.text("INSERT INTO stories (slug, created_at, updated_at, body) VALUES ('s', 0, 0, '{}')")
        )
    )
    for n, alert in enumerate(told, 1):
        await store._write(lambda conn, alert=alert, n=n: insert(conn, alert, n))  # type: ignore[misc]
    await store.migrate()
    found = await store._read(
        lambda conn: conn.execute(sa.select(deliveries.c.rank).order_by("sequence")).scalars().all()
    )
    assert found == [0, 1, 2]
    assert await order(await Dispatcher(store).take()) == ids(3, 1, 2)
    await store.close()


async def test_urgency_is_the_alert_s(store: Store) -> None:
    """The line reads the same urgency as the card."""
    headline = make_headline(1, seen=after(1))
    await save(store, headline)
    decision = make_alert_decision(headline, (SLACK,), urgency=FLASH)
    await store.record_decisions([decision])
    assert (await (await Dispatcher(store).take()).must_claim()).alert.urgency is FLASH
