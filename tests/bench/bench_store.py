"""How many outbox transactions a second the store takes: grouped commits against one commit each.

    python -m tests.bench.bench_store [--seconds 3] [--writers 64] [--postgres URL]

A round of the outbox is four transactions: decide an alert with one delivery, claim it, mark it sent, and save
the next headline. Each writer has a destination of its own and waits for every acknowledgement, as the loops do.
The ratio, not the figure, is what carries over to another machine.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bot.domain import Destination, Receipt, Sending
from bot.store import Store, open_store
from bot.store.sqlite import MAX_GROUP, SqliteStore
from bot.store.urls import SqliteAddress
from tests.fakes.stored import after, make_alert_decision, make_headline

DAY = timedelta(days=1)
LEASE = timedelta(seconds=30)
TRANSACTIONS_A_ROUND = 4


async def measure(store: Store, *, writers: int, seconds: float) -> tuple[float, float]:
    """Run rounds from that many writers at once; returns transactions a second and the median wait in ms."""
    await store.migrate()
    epoch = await store.take_lease("dispatch", "bench", DAY, force=True)
    assert epoch is not None
    end = time.perf_counter() + seconds
    waits: list[float] = []

    async def rounds(lane: int) -> int:
        destination = Destination.parse(f"slack:C{lane}")
        n = 0
        while time.perf_counter() < end:
            headline = make_headline(n, source=f"lane-{lane}")
            begun = time.perf_counter()
            await store.record_batch(
                headline.source, [(headline, None)], cursor={"n": n}, next_due=after(5), now=after(0)
            )
            await store.record_decisions([make_alert_decision(headline, (destination,))])
            claim = await store.claim_delivery(destination, owner="bench", epoch=epoch, now=after(9), lease=LEASE)
            assert claim is not None
            await store.mark_sent(claim.delivery_id, Receipt("1.0"), result=Sending.SENT, now=after(9))
            waits.append((time.perf_counter() - begun) / TRANSACTIONS_A_ROUND)
            n += 1
        return n

    begun = time.perf_counter()
    done = sum(await asyncio.gather(*(rounds(lane) for lane in range(writers))))
    took = time.perf_counter() - begun
    return done * TRANSACTIONS_A_ROUND / took, statistics.median(waits) * 1000


async def main() -> None:
    """Measure each way twice, in turn, and print the better of each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--writers", type=int, default=64)
    parser.add_argument("--postgres", help="URL of an empty database to measure as well")
    options = parser.parse_args()
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(2):
            for name, max_group in (("one commit each", 1), ("grouped", MAX_GROUP)):
                address = SqliteAddress(Path(folder, f"{max_group}-{turn}.sqlite3"))
                store = await SqliteStore.open(address, max_group=max_group)
                found = await measure(store, writers=options.writers, seconds=options.seconds)
                await store.close()
                best[f"sqlite, {name}"] = max(found, best.get(f"sqlite, {name}", found))
    if options.postgres:
        server = await open_store(options.postgres)
        best["postgresql"] = await measure(server, writers=options.writers, seconds=options.seconds)
        await server.close()
    for name, (rate, wait_ms) in best.items():
        print(f"{name:24} {rate:7.0f} transactions/s   {wait_ms:6.1f} ms each at {options.writers} writers")
    ratio = best["sqlite, grouped"][0] / best["sqlite, one commit each"][0]
    print(f"grouped against one commit each: {ratio:.1f} times")


if __name__ == "__main__":
    asyncio.run(main())
