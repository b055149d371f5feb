"""Updates in hand: once each, in a person's order, people side by side, a bounded number."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Chat, ChatMemberMember, ChatMemberUpdated, Message, Update, User

from bot.chat.telegram.lanes import REMEMBERED, Lanes
from tests.fakes.stored import NOON
from tests.fakes.telegram_world import eventually


def update(number: int, person: int = 1) -> Update:
    """Somebody says something."""
    user = User(person, "Ada", is_bot=False)
    return Update(number, message=Message(number, NOON, Chat(person, "private"), from_user=user, text=str(number)))


class Slow:
    """Handles what it is let handle."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.done: list[int] = []
        self.gate = asyncio.Event()

    async def __call__(self, given: Update) -> None:
        self.begun.append(given.update_id)
        await self.gate.wait()
        self.done.append(given.update_id)


async def test_a_persons_updates_are_handled_in_order():
    """The next begins when the one before has ended; other people do not wait for it."""
    slow = Slow()
    lanes = Lanes(slow)
    async with lanes.open(last_s=1):
        assert all(lanes.put(update(n, person)) for n, person in ((1, 1), (2, 1), (3, 2), (4, 1)))
        await eventually(lambda: slow.begun == [1, 3])
        slow.gate.set()
        assert await lanes.idle(1)
        assert [n for n in slow.done if n != 3] == [1, 2, 4]


async def test_an_update_is_handled_once():
    """For as long as it is remembered, which is bounded."""
    slow = Slow()
    slow.gate.set()
    lanes = Lanes(slow)
    async with lanes.open(last_s=5):
        assert lanes.put(update(1))
        assert lanes.put(update(1))
        assert await lanes.idle(1)
        assert lanes.put(update(1))
        assert slow.done == [1]
        for n in range(2, REMEMBERED + 3):
            while not lanes.put(update(n)):
                await lanes.room()
        assert await lanes.idle(5)
        assert len(lanes._seen) == REMEMBERED


async def test_more_than_fits_is_refused():
    """And may be put again when there is room; nothing is taken while the lanes are closed."""
    slow = Slow()
    lanes = Lanes(slow, most=2, at_once=1)
    assert not lanes.put(update(1))
    async with lanes.open(last_s=1):
        assert [lanes.put(update(n, n)) for n in (1, 2, 3)] == [True, True, False]
        await eventually(lambda: slow.begun == [1])
        slow.gate.set()
        await lanes.room()
        assert lanes.put(update(3, 3))
    assert sorted(slow.done) == [1, 2, 3]
    assert not lanes.put(update(4))


async def test_what_is_not_done_in_time_is_not_taken_for_done():
    """After the end it may come again, and is handled then."""
    slow = Slow()
    lanes = Lanes(slow)
    async with lanes.open(last_s=0.01):
        assert all(lanes.put(update(n)) for n in (1, 2))
    assert (lanes.left, slow.done) == (2, [])
    slow.gate.set()
    async with lanes.open(last_s=1):
        assert all(lanes.put(update(n)) for n in (1, 2))
    assert (lanes.left, slow.done) == (0, [1, 2])


async def test_an_error_concerns_its_update_alone():
    """The person's next one is handled."""
    done = []

    async def fails_first(given: Update) -> None:
        if given.update_id == 1:
            raise ZeroDivisionError
        done.append(given.update_id)

    lanes = Lanes(fails_first)
    async with lanes.open(last_s=1):
        assert all(lanes.put(update(n)) for n in (1, 2))
    assert done == [2]


async def test_an_error_outside_ends_what_is_in_hand():
    """Nothing goes on behind a caller that has failed."""
    slow = Slow()
    lanes = Lanes(slow)

    async def fails() -> None:
        async with lanes.open(last_s=5):
            assert lanes.put(update(1))
            await eventually(lambda: slow.begun)
            raise ZeroDivisionError

    with pytest.raises(BaseExceptionGroup):
        await fails()
    assert slow.done == []
    assert not lanes.put(update(2))


async def test_a_chats_own_changes_keep_the_chats_order():
    """Who lets the bot in and who removes it may be two people."""
    slow = Slow()
    lanes = Lanes(slow)
    chat = Chat(-5, "group")

    def changed(number: int, person: int) -> Update:
        user = User(person, "Ada", is_bot=False)
        member = ChatMemberMember(User(7, "Bot", is_bot=True))
        return Update(number, my_chat_member=ChatMemberUpdated(chat, user, NOON, member, member))

    async with lanes.open(last_s=1):
        assert lanes.put(changed(1, 1))
        assert lanes.put(changed(2, 2))
        await eventually(lambda: slow.begun == [1])
        await asyncio.sleep(0.01)
        assert slow.begun == [1]
        slow.gate.set()
