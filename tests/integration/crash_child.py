"""The process that test_store_crash kills: writes to a store, says what was acknowledged, dies on demand.

python crash_child.py steps URL FROM TO   forks once per kill point: run the path, SIGKILL before the n-th
                                          SQL statement; prints how many statements the whole path has
python crash_child.py flood URL           many writers at once, one line per acknowledged headline, for ever
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.domain import Receipt, Sending
from bot.store import Store, open_store
from tests.fakes.stored import CHANNEL, CONSOLE, NOON, SLACK, after, make_alert_decision, make_headline

DAY = timedelta(days=1)
LEASE = timedelta(seconds=30)


def say(word: str) -> None:
    """Acknowledge, past all buffers: a line that is out was true before."""
    os.write(1, f"{word}\n".encode())


async def walk(url: str, say: Callable[[str], None] = say) -> None:
    """The path of one headline: migrate, save, decide, claim, fail, claim, send; then of two that are held."""
    store = await open_store(url)
    await store.migrate()
    say("migrated")
    headline = make_headline()
    await store.record_batch("w", [(headline, None)], cursor={"seen": 1}, next_due=after(5), now=NOON)
    say("saved")
    await store.record_decisions([make_alert_decision(headline, (SLACK, CHANNEL))])
    say("decided")
    epoch = await store.take_lease("dispatch", "child", DAY, force=True)
    assert epoch is not None
    for at, word in ((10, "retried"), (20, "sent")):
        claim = await store.claim_delivery(SLACK, owner="child", epoch=epoch, now=after(at), lease=LEASE)
        assert claim is not None
        say(f"claimed {claim.attempt}")
        if word == "retried":
            await store.mark_retry(
                claim.delivery_id, result=Sending.RETRY, error="x", next_attempt_at=after(11), now=after(11)
            )
        else:
            await store.mark_sent(claim.delivery_id, Receipt("1.0"), result=Sending.SENT, now=after(21))
        say(word)
    await walk_held(store, epoch, say)
    await store.close()
    say("closed")


async def walk_held(store: Store, epoch: int, say: Callable[[str], None]) -> None:
    """Two headlines that one message tells: save, hold, claim, lose the answer, claim, find."""
    pair = [make_headline(n) for n in (2, 3)]
    await store.record_batch("pair", [(h, None) for h in pair], cursor={}, next_due=after(5), now=NOON)
    await store.record_decisions([make_alert_decision(h, (), held={CONSOLE: after(30)}) for h in pair])
    say("held")
    for at, word in ((40, "in doubt"), (50, "told")):
        claim = await store.claim_delivery(CONSOLE, owner="child", epoch=epoch, now=after(at), lease=LEASE)
        assert claim is not None
        say(f"digest claimed {claim.attempt}")
        if word == "in doubt":
            await store.mark_retry(
                claim.delivery_id, result=Sending.MAYBE_SENT, error="x", next_attempt_at=after(41), now=after(41)
            )
        else:
            await store.mark_sent(claim.delivery_id, Receipt("2.0"), result=Sending.RECONCILED, now=after(51))
        say(word)


def die_before(n: int) -> None:
    """Kill this process before its n-th SQL statement, on whichever connection."""
    count = 0

    def step(_: str) -> None:
        nonlocal count
        count += 1
        if count == n:
            os.kill(os.getpid(), signal.SIGKILL)

    class Traced(sqlite3.Connection):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.set_trace_callback(step)

    sqlite3.connect = partial(sqlite3.connect, factory=Traced)


def steps(folder: str) -> None:
    """One fork for each kill point, until a walk reaches its end; a file and a log of acknowledgements for each."""
    # Once before forking, so that each child finds its statements compiled.
    asyncio.run(walk("sqlite://", say=lambda _: None))
    n, alive = 0, False
    while not alive:
        n += 1
        child = os.fork()
        if child == 0:
            log = os.open(f"{folder}/{n}.log", os.O_WRONLY | os.O_CREAT)
            os.dup2(log, 1)
            die_before(n)
            asyncio.run(walk(f"sqlite:///{folder}/{n}.sqlite3"))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        alive = os.WIFEXITED(status)
        if alive and os.WEXITSTATUS(status):
            sys.exit("the walk failed by itself")
    Path(folder, "count").write_text(str(n))


async def flood(url: str) -> None:
    """Write from many tasks at once, so that transactions are committed in groups."""
    store = await open_store(url)
    await store.migrate()

    async def write(lane: int) -> None:
        n = 0
        while True:
            await tell(store, f"lane-{lane}", n)
            n += 1

    async with asyncio.TaskGroup() as tasks:
        for lane in range(16):
            tasks.create_task(write(lane))


async def tell(store: Store, source: str, n: int) -> None:
    """Save one headline, decide it, and acknowledge each."""
    headline = make_headline(n, source=source)
    await store.record_batch(source, [(headline, None)], cursor={"seen": n}, next_due=after(5), now=NOON)
    say(f"saved {source} {n} {headline.id}")
    await store.record_decisions([make_alert_decision(headline, (SLACK, CHANNEL))])
    say(f"decided {source} {n} {headline.id}")


if __name__ == "__main__":
    if sys.argv[1] == "steps":
        steps(sys.argv[2])
    else:
        asyncio.run(flood(sys.argv[2]))
