"""Mutes in every store: kept until they run out or are taken back."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import Destination, Mute, MuteKind
from bot.store import Store
from tests.fakes.stored import NOON, SLACK, after

EVERYWHERE = Mute("m1", None, MuteKind.STORY, "spares-curb-260302-1a2b", after(60), after(1))
HERE = Mute("m2", SLACK, MuteKind.TICKER, "NVDA", after(90), after(2))


async def test_mutes_are_kept_until_they_run_out(store: Store) -> None:
    """Every field comes back, oldest first; what has run out does not."""
    await store.add_mute(HERE, after(2))
    await store.add_mute(EVERYWHERE, after(2))
    assert await store.mutes(after(3)) == [EVERYWHERE, HERE]
    assert await store.mutes(after(60)) == [HERE]
    assert await store.mutes(after(90)) == []


async def test_a_mute_is_replaced_and_removed(store: Store) -> None:
    """The same id again means the new words; taken back it is gone, and only once."""
    await store.add_mute(HERE, after(2))
    longer = replace(HERE, kind=MuteKind.SOURCE, value="desk-wire", until=after(500))
    await store.add_mute(longer, after(3))
    assert await store.mutes(after(4)) == [longer]
    assert await store.remove_mute("m2")
    assert not await store.remove_mute("m2")
    assert await store.mutes(after(4)) == []


async def test_mutes_that_ran_out_are_forgotten(store: Store) -> None:
    """Pruning takes those that had run out by then, and so does adding another."""
    await store.add_mute(EVERYWHERE, after(2))
    await store.add_mute(HERE, after(2))
    assert await store.prune(after(60)) == 0
    assert await store.mutes(NOON) == [HERE]
    await store.add_mute(replace(EVERYWHERE, until=after(900)), after(90))
    assert [mute.id for mute in await store.mutes(NOON)] == ["m1"]


async def test_mutes_follow_a_chat_that_moved(store: Store) -> None:
    """A mute stands for the chat, wherever it is now, also one that names its old address."""
    old, new = Destination.parse("telegram:-5"), Destination.parse("telegram:-1005")
    await store.add_mute(replace(HERE, to=old), after(2))
    await store.move_destination(old, new)
    assert await store.mutes(after(3)) == [replace(HERE, to=new)]
    await store.add_mute(replace(HERE, id="m3", to=old), after(3))
    assert [mute.to for mute in await store.mutes(after(4))] == [new, new]
