"""The bus: wake-ups within a process, and a bot that goes on while the server between processes is away."""

import asyncio

from bot.bus import LocalBus, NatsBus


async def test_a_wake_up_before_the_wait_is_not_lost():
    """Work that was left while nobody waited is seen at the next wait, once."""
    bus = LocalBus()
    await bus.wake("score")
    assert await bus.wait("score", 1)
    assert not await bus.wait("score", 0.01)


async def test_topics_are_apart():
    """A wake-up for one loop leaves the others asleep."""
    bus = LocalBus()
    await bus.wake("score")
    assert not await bus.wait("dispatch", 0.01)


async def test_many_wake_ups_are_one():
    """What is due lies in the store: one look finds it all."""
    bus = LocalBus()
    for _ in range(5):
        await bus.wake("score")
    assert await bus.wait("score", 1)
    assert not await bus.wait("score", 0.01)


async def test_without_the_server_the_own_loops_are_woken_all_the_same():
    """A server that is down costs other processes latency and this one nothing; closing does not hang."""
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        bus = NatsBus("nats://127.0.0.1:1", tasks)
        await bus.wake("dispatch")
        assert await bus.wait("dispatch", 1)
        await bus.aclose()
