"""Where the bot is in Telegram, what its menus say there, and what happens when something does not work."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import structlog
from pydantic import SecretStr

from bot.chat.asking import Reply, Span
from bot.chat.telegram import sending
from bot.chat.telegram.request import ChatRequest, chat_bot
from bot.domain import Subscription
from bot.store.base import Store
from tests.fakes.remote import Fault, unused_url
from tests.fakes.store import FailingStore
from tests.fakes.stored import NOON, after
from tests.fakes.telegram import TOKEN
from tests.fakes.telegram_world import (
    ADA,
    BEN,
    CHANNEL,
    FORUM,
    GROUP,
    HERE,
    World,
    buttons,
    eventually,
    followed,
    labels,
    talking,
    to,
)


@pytest.fixture
async def world(store: Store) -> AsyncIterator[World]:
    """A conversation that goes on."""
    async with talking(store) as world:
        yield world


# ── where the bot is ─────────────────────────────────────────────────────────────────────────────


async def test_a_group_that_lets_the_bot_in_is_greeted_once(world):
    """With how to subscribe, and no word where somebody has set it up before."""
    world.telegram.change_bot(ADA, GROUP, "left", "member")
    (greeting,) = await world.said(GROUP)
    assert "/subscribe NVDA TSM" in greeting["text"]
    assert "sub:" in buttons(greeting)
    world.telegram.change_bot(ADA, GROUP, "member", "administrator")
    await world.store.add_subscription(Subscription("aa", to(CHANNEL), origin="settings"), NOON)
    world.telegram.change_bot(ADA, CHANNEL, "left", "administrator")
    await world.quiet()
    assert len(world.of_bot(GROUP)) == 1
    assert world.of_bot(CHANNEL) == []


async def test_a_chat_that_removes_the_bot_is_sent_nothing_more(world):
    """Its subscriptions are retired and what was on its way ends, in its topics too."""
    for n, where in enumerate((to(FORUM), to(FORUM, 42), to(GROUP))):
        await world.store.add_subscription(Subscription(f"a{n}", where, origin="file"), NOON)
    await world.told(1, to=(to(FORUM), to(FORUM, 42), to(GROUP)))
    world.telegram.change_bot(BEN, FORUM, "member", "kicked")
    world.telegram.change_bot(BEN, GROUP, "member", "left")
    await world.quiet()
    assert await world.store.subscriptions() == []
    assert await world.store.due_destinations(after(7200)) == []
    assert (await world.store.backlog())["dead"] == 3


async def test_a_person_who_blocks_the_bot_is_sent_nothing_more(world):
    """Until they ask again."""
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    await world.said(ADA.id)
    world.telegram.change_bot(ADA, ADA.id, "member", "kicked")
    await world.quiet()
    assert await followed(world, HERE) == []
    world.telegram.change_bot(ADA, ADA.id, "kicked", "member")
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    await world.said(ADA.id, 2)
    assert await followed(world, HERE) == [{"NVDA"}]


async def test_a_group_that_becomes_a_supergroup_is_followed(world):
    """Subscriptions and what is on its way go to the new number."""
    await world.store.add_subscription(Subscription("aa", to(GROUP), origin="chat"), NOON)
    await world.told(1, to=(to(GROUP),))
    world.telegram.migrate(GROUP, -100777)
    await world.quiet()
    assert [s.to for s in await world.store.subscriptions()] == [to(-100777)]
    assert await world.store.due_destinations(after(7200)) == [to(-100777)]


async def test_leaving_a_group_that_has_moved_is_no_end(world):
    """Telegram may tell first that the old group is gone."""
    await world.store.add_subscription(Subscription("aa", to(GROUP), origin="chat"), NOON)
    world.telegram.migrate(GROUP, -100777, told=False)
    world.telegram.change_bot(ADA, GROUP, "member", "left")
    await world.quiet()
    assert [s.to for s in await world.store.subscriptions()] == [to(-100777)]


async def test_an_answer_follows_a_group_that_moves_meanwhile(world):
    """Who asked in the old group may change what comes to the new one, and reads the answer there."""
    with world.telegram.lock:
        world.telegram.say(ADA, GROUP, "/subscribe NVDA")
        world.telegram.migrate(GROUP, -100777, told=False)
    (answer,) = await world.said(-100777)
    assert answer["text"].startswith("Subscribed.")
    assert [s.to for s in await world.store.subscriptions()] == [to(-100777)]


# ── menus ────────────────────────────────────────────────────────────────────────────────────────


async def test_menus_speak_the_readers_language(world):
    """For private chats, groups and their administrators; who only reads in a group is offered nothing they may not."""
    await eventually(lambda: len(world.telegram.menus) == 12)
    menus = {key: {c["command"]: c["description"] for c in commands} for key, commands in world.telegram.menus.items()}
    assert menus["all_private_chats", ""]["subscribe"] == "get alerts here, for some companies or all"
    assert re.search(r"[\u4e00-\u9fff]", menus["all_private_chats", "zh"]["subscribe"])
    assert menus["all_private_chats", "ja"]["subscribe"] != menus["all_private_chats", "zh"]["subscribe"]
    assert "subscribe" not in menus["all_group_chats", ""]
    assert "subscribe" in menus["all_chat_administrators", "zh"]
    assert "forget" not in menus["all_chat_administrators", ""]


async def test_menus_that_are_refused_are_offered_again(store):
    """Later; everything else goes on."""
    async with talking(store, prepare=lambda t: t.fail(Fault.STATUS, match="setMyCommands", times=2)) as world:
        await eventually(lambda: len(world.telegram.menus) == 12)
        assert len(world.telegram.calls("setMyCommands")) >= 12 + 2, "those that were refused were said again"


# ── when things go wrong ─────────────────────────────────────────────────────────────────────────


async def test_a_pause_that_telegram_asks_for_is_kept(world):
    """And then the answer is sent, once."""
    world.telegram.fail(Fault.STATUS, match="sendMessage", status=429, retry_after=1)
    world.telegram.say(ADA, ADA.id, "/list")
    await eventually(lambda: world.of_bot(ADA.id))
    first, second = world.telegram.calls("sendMessage")
    assert second.at - first.at >= 1
    assert len(world.of_bot(ADA.id)) == 1


async def test_a_group_that_asks_much_leaves_room_for_alerts(world):
    """Telegram takes 20 messages a minute to a group; answers are half of them at most, and the rest is dropped."""
    for _ in range(12):
        world.telegram.say(BEN, GROUP, "/latest")
    await world.said(GROUP, 10)
    await world.quiet()
    assert len(world.of_bot(GROUP)) == 10
    world.telegram.say(BEN, BEN.id, "/latest")
    await world.said(BEN.id)


async def test_an_answer_that_may_have_arrived_is_not_repeated(world):
    """A person asks again sooner than they read twice."""
    world.telegram.fail(Fault.DROP_AFTER, match="sendMessage")
    world.telegram.say(ADA, ADA.id, "/list")
    await world.quiet()
    assert len(world.of_bot(ADA.id)) == 1


async def test_a_store_that_is_away_is_said(store):
    """Nobody is left without a word; the next question is answered."""
    failing = FailingStore(store)
    async with talking(failing) as world:
        world.telegram.say(ADA, ADA.id, "/list")
        await world.said(ADA.id)
        failing.down = True
        card = world.telegram.post(ADA.id, "a card", "useful:1")
        world.telegram.say(ADA, ADA.id, "/list")
        press = world.telegram.press(ADA, card, "useful:1")
        channel = world.telegram.press(BEN, world.telegram.post(CHANNEL, "a card", "why:1"), "why:1")
        *_, answer = await world.said(ADA.id, 3)
        await eventually(lambda: channel.answer is not None)
        assert channel.text.startswith("Something here does not work")
        await eventually(lambda: press.answer is not None)
        assert answer["text"].startswith("Something here does not work")
        assert press.text.startswith("Something here does not work")
        assert "sqlite" not in answer["text"] + press.text
        failing.down = False
        world.telegram.say(ADA, ADA.id, "/list")
        assert (await world.said(ADA.id, 4))[-1]["text"].startswith("Nothing comes here yet")


async def test_votes_that_cannot_be_counted_are_not_shown(store):
    """The next vote shows them."""
    failing = FailingStore(store)
    async with talking(failing) as world:
        alert = await world.told()
        card = world.telegram.post(BEN.id, "a card", f"useful:{alert.id}")
        failing.down = True
        press = world.telegram.press(BEN, card, f"useful:{alert.id}")
        await eventually(lambda: press.answer is not None)
        await asyncio.sleep(0.05)
        assert labels(world.of_bot(BEN.id)[0]) == ["Useful"]
        failing.down = False
        world.telegram.press(BEN, card, f"useful:{alert.id}")
        await eventually(lambda: labels(world.of_bot(BEN.id)[0]) == ["Useful 1"])


async def test_words_that_telegram_does_not_take_are_sent_plain(world):
    """Better without bold than not at all."""
    refusal = '{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse entities: odd"}'
    world.telegram.fail(Fault.STATUS, match="sendMessage", status=400, body=refusal)
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    (answer,) = await world.said(ADA.id)
    assert answer["text"].startswith("Subscribed.")
    assert "entities" not in answer


async def test_a_call_that_has_not_left_is_made_again(store, monkeypatch):
    """And once more only; then the answer is lost, and nothing is raised."""
    monkeypatch.setattr(sending, "AGAIN_S", 0.01)
    request = ChatRequest(SecretStr(TOKEN))
    sender = sending.Sender(chat_bot(request, request, api_url=unused_url()), store)
    with structlog.testing.capture_logs() as logs:
        assert not await sender.answer(sending.Place(5), Reply(((Span("x"),),)))
        assert await sender.reach(5) is not None
        assert not await sender.put_in_place(5, 1, Reply(((Span("x"),),)))
        assert not await sender.put_in_place(5, 1, Reply(()))
    await request.shutdown()
    assert [e["event"] for e in logs if e["log_level"] != "debug"] == ["telegram_answer_lost"]
