"""A process that is killed between any two steps loses nothing that it acknowledged and leaves nothing half done."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from bot.domain import Outcome, Receipt, Sending
from bot.store import Store, open_store
from tests.fakes.outbox import told_by
from tests.fakes.stored import CHANNEL, CONSOLE, SLACK, after, make_headline

ROOT = Path(__file__).parents[2]
CHILD = [sys.executable, str(Path(__file__).with_name("crash_child.py"))]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
DAY = timedelta(days=1)
LEASE = timedelta(seconds=30)


def test_killed_before_each_statement(tmp_path: Path) -> None:
    """Killed before any statement of a headline's whole path, the file holds all that was acknowledged, whole."""
    done = subprocess.run(
        [*CHILD, "steps", str(tmp_path)], env=ENVIRONMENT, cwd=ROOT, timeout=300, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    count = int((tmp_path / "count").read_text())
    assert count > 60  # or the kills did not go through the path

    async def check_all() -> None:
        for n in range(1, count + 1):
            said = (tmp_path / f"{n}.log").read_text().split("\n")[:-1]
            await check_walk(f"sqlite:///{tmp_path}/{n}.sqlite3", set(said), f"killed before statement {n}")

    asyncio.run(check_all())


async def check_walk(url: str, said: set[str], where: str) -> None:
    """Compare what the file holds with what the dead process said, then bring the path to its end."""
    store = await open_store(url)
    await store.migrate()
    headline = make_headline()
    trail = await store.trail(headline.id)
    state = (await store.source_states()).get("w")
    # Saved means headline and cursor, both or neither.
    assert (trail is None) == (state is None), where
    assert trail is not None or "saved" not in said, where
    if trail is not None:
        assert state is not None
        assert (state.cursor, state.baseline_done) == ({"seen": 1}, True), where
        # Decided means outcome, score, story, alert and both deliveries, all or none.
        whole = [trail.score, trail.story, trail.alert]
        if trail.outcome is None:
            assert "decided" not in said, where
            assert whole == [None] * 3, where
            assert trail.deliveries == (), where
            assert await store.unscored(5) == [headline], where
        else:
            assert trail.outcome is Outcome.ALERT
            assert None not in whole, where
            assert [d.destination for d in trail.deliveries] == [str(SLACK), str(CHANNEL)], where
            await check_deliveries(store, said, where)
    await check_digest(store, said, where)
    await store.close()


async def check_deliveries(store: Store, said: set[str], where: str) -> None:
    """What was sent stays sent; everything else is still due, and known as maybe sent where that is so."""
    trail = await store.trail(make_headline().id)
    assert trail is not None
    slack, channel = trail.deliveries
    numbers = [attempt.number for attempt in slack.attempts]
    assert numbers == list(range(1, len(numbers) + 1)), where
    for n in (1, 2):
        assert n in numbers or f"claimed {n}" not in said, where
    assert channel.state == "pending", where
    assert slack.state == "sent" or "sent" not in said, where
    epoch = await store.take_lease("dispatch", "next", DAY, force=True)
    assert epoch is not None
    claim = await store.claim_delivery(SLACK, owner="next", epoch=epoch, now=after(500), lease=LEASE)
    assert (claim is None) == (slack.state == "sent"), where
    if claim is not None:
        assert claim.maybe_sent == (slack.state == "sending"), where
        assert claim.attempt == len(numbers) + 1, where


async def check_digest(store: Store, said: set[str], where: str) -> None:
    """Two deliveries that one message tells are always where the other is, and are told together or still due."""
    trails = [await store.trail(make_headline(n).id) for n in (2, 3)]
    decided = [trail for trail in trails if trail is not None and trail.outcome is not None]
    if not decided:
        assert "held" not in said, where
        return
    assert len(decided) == 2, where
    first, second = (trail.deliveries[0] for trail in decided)
    for name in ("state", "attempts", "receipt", "next_attempt_at"):
        assert getattr(first, name) == getattr(second, name), where
    tries = len(first.attempts)
    assert first.state == ("held" if not tries else first.state), where
    for n in (1, 2):
        assert tries >= n or f"digest claimed {n}" not in said, where
    assert first.state == "sent" or "told" not in said, where
    epoch = await store.take_lease("dispatch", "next", DAY, force=True)
    assert epoch is not None
    claim = await store.claim_delivery(CONSOLE, owner="next", epoch=epoch, now=after(500), lease=LEASE)
    assert (claim is None) == (first.state == "sent"), where
    if claim is not None:
        assert told_by(claim) == [trail.headline.id for trail in decided], where
        assert claim.maybe_sent == (tries > 0), where
        assert claim.attempt == tries + 1, where
        await store.mark_sent(claim.delivery_id, Receipt("9"), result=Sending.SENT, now=after(501))
    assert (await store.backlog())["held"] == 0, where
    assert CONSOLE not in await store.due_destinations(after(500)), where


async def test_killed_while_groups_commit(tmp_path: Path) -> None:
    """Killed at any moment under many writers, each acknowledged transaction is there and each is whole."""
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    acknowledged: dict[str, str] = {}
    for lines in (5, 60, 333):
        child = await asyncio.create_subprocess_exec(
            *CHILD, "flood", url, env=ENVIRONMENT, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        heard = [await child.stdout.readline() for _ in range(lines)]
        child.kill()
        heard += (await child.stdout.read()).splitlines(keepends=True)
        await child.wait()
        for line in heard:
            if line.endswith(b"\n") and line.strip():
                word, _, _, headline_id = line.decode().split()
                acknowledged[headline_id] = word
    assert len(acknowledged) > 100

    store = await open_store(url)
    await store.migrate()
    undecided = 0
    for headline_id, word in acknowledged.items():
        trail = await store.trail(headline_id)
        assert trail is not None, headline_id
        assert trail.outcome is not None or word == "saved", headline_id
        undecided += trail.outcome is None
        assert len(trail.deliveries) == (0 if trail.outcome is None else 2), headline_id
    backlog = await store.backlog()
    alerts = await store.recent_alerts(1_000_000)
    assert backlog["pending"] == 2 * len(alerts)
    assert backlog["unscored"] >= undecided
    await store.close()
