"""People talk to the bot in Telegram: through updates, over a loopback connection, to a real store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain import Destination, Reader, Subscription, Vote
from bot.store.base import Store
from bot.texts import texts_of
from tests.fakes.stored import NOON
from tests.fakes.telegram_updates import Person
from tests.fakes.telegram_world import ADA, BEN, CHANNEL, FORUM, GROUP, HERE, World, eventually, talking


@pytest.fixture
async def world(store: Store) -> AsyncIterator[World]:
    """A conversation that goes on."""
    async with talking(store) as world:
        yield world


def buttons(message):
    return [b.get("callback_data") or b["url"] for row in message["reply_markup"]["inline_keyboard"] for b in row]


def to(chat: int, topic: int | None = None) -> Destination:
    return Destination.parse(f"telegram:{chat}" + (f":{topic}" if topic else ""))


async def followed(world: World, where: Destination) -> list[set[str]]:
    return [set(s.tickers) for s in await world.store.subscriptions_of(where)]


# ── private chats ────────────────────────────────────────────────────────────────────────────────


async def test_subscribing_in_a_private_chat(world):
    """One line is enough: it is stored, and said back with something to press."""
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA licence")
    (answer,) = await world.said(ADA.id)
    assert answer["text"] == "Subscribed. This chat gets:\nNVDA · chip trade, chip news · export licence"
    assert answer["entities"][0]["type"] == "bold"
    assert "reply_to_message" not in answer
    assert "cmd:list" in buttons(answer)
    assert await followed(world, HERE) == [{"NVDA"}]


async def test_words_without_a_command_are_understood_in_private(world):
    """Somebody who types a name is offered what they may mean, to press: the pressed answer takes the place of it."""
    world.telegram.say(ADA, ADA.id, "nvidia")
    (answer,) = await world.said(ADA.id)
    assert "subscribe NVDA" in answer["text"]
    press = world.telegram.press(ADA, answer, "cmd:subscribe NVDA")
    await eventually(lambda: press.answer is not None)
    await world.quiet()
    (answer,) = world.of_bot(ADA.id)
    assert answer["text"].startswith("Subscribed.")


async def test_coming_by_a_link_subscribes(world):
    """t.me/chipwire_bot?start=NVDA is one press from the first alert; without a payload there is a welcome."""
    world.telegram.say(ADA, ADA.id, "/start NVDA")
    await world.said(ADA.id)
    assert await followed(world, HERE) == [{"NVDA"}]
    world.telegram.say(BEN, BEN.id, "/start")
    (welcome,) = await world.said(BEN.id)
    assert "sub:" in buttons(welcome)
    press = world.telegram.press(BEN, welcome, "sub:")
    _, answer = await world.said(BEN.id, 2)
    assert press.answer is not None
    assert answer["text"].startswith("Subscribed.")


@pytest.mark.parametrize(("code", "spoken"), [("zh-hans", "zh"), ("ja", "ja"), ("de", "en")])
async def test_the_language_of_the_telephone(world, code, spoken):
    """Where nobody has chosen another; whoever speaks a language that the bot does not is answered in its own."""
    world.telegram.say(Person(ADA.id, language=code), ADA.id, "/subscribe NVDA")
    (answer,) = await world.said(ADA.id)
    assert answer["text"].startswith(texts_of(spoken).say("chat.subscribed"))


async def test_a_chosen_language_goes_before_that_of_the_telephone(world):
    """What was chosen in the chat holds there."""
    await world.store.set_reader(Reader(HERE, language="ja"))
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    (answer,) = await world.said(ADA.id)
    assert "NVDA" in answer["text"]
    assert not answer["text"].startswith("Subscribed")


async def test_one_may_read_what_is_kept(world):
    """/export hands over a file of JSON."""
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    world.telegram.say(ADA, ADA.id, "/export")
    await eventually(lambda: world.telegram.documents)
    ((chat, name, body),) = world.telegram.documents
    assert (chat, name) == (ADA.id, "chipwire-data.json")
    assert json.loads(body)["subscriptions"][0]["tickers"] == ["NVDA"]


async def test_one_may_be_forgotten(world):
    """/forget asks once more; after the button nothing is left, and the button is gone."""
    alert = await world.told()
    await world.store.record_vote(Vote(alert.id, "telegram:77", useful=True, at=NOON))
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    world.telegram.say(ADA, ADA.id, "/forget")
    _, question = await world.said(ADA.id, 2)
    assert await followed(world, HERE) == [{"NVDA"}]
    press = world.telegram.press(ADA, question, "cmd:forget yes")
    await eventually(lambda: press.answer is not None)
    await world.quiet()
    question = world.of_bot(ADA.id)[1]
    assert question["text"] == "Deleted. Nothing is kept about you."
    assert "reply_markup" not in question
    data = await world.store.person_data("telegram:77")
    assert not any(data[name] for name in ("votes", "set_up", "subscriptions", "mutes"))


async def test_a_long_answer_is_told_in_several_messages(world):
    """Nothing is cut in the middle of a line; the buttons stand under the last."""
    tickers = ["NVDA", "AMD", "TSM", "ASML", "INTC", "MU"]
    for n in range(18):
        words = tuple(f"{'word' * 12}{n}{i}" for i in range(6))
        wish = Subscription(f"{n:08x}", HERE, tickers=frozenset(tickers), exclude=words, origin="file")
        await world.store.add_subscription(wish, NOON)
    world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
    first, *_, last = await world.said(ADA.id, 2)
    assert len(first["text"]) <= 4096
    assert "reply_markup" not in first
    assert "cmd:list" in buttons(last)


# ── groups ───────────────────────────────────────────────────────────────────────────────────────


async def test_an_administrator_subscribes_a_group(world):
    """The answer answers the question, rings no telephone, and is all that the group sees."""
    asked = world.telegram.say(ADA, GROUP, "/subscribe@chipwire_bot NVDA")
    (answer,) = await world.said(GROUP)
    assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    assert world.telegram.calls("sendMessage")[-1].params["disable_notification"] == "true"
    assert await followed(world, to(GROUP)) == [{"NVDA"}]


async def test_others_in_a_group_are_told_that_they_may_not(world):
    """Nothing is changed for them."""
    world.telegram.say(BEN, GROUP, "/subscribe NVDA")
    (answer,) = await world.said(GROUP)
    assert answer["text"] == "Only administrators may change what this chat gets."
    assert await followed(world, to(GROUP)) == []
    world.telegram.say(BEN, GROUP, "/latest")
    assert (await world.said(GROUP, 2))[1]["text"] == "Nothing was told yet."


async def test_who_administers_is_asked_once_a_minute(world):
    """Somebody who is made an administrator is one a minute later at the latest."""
    for _ in range(3):
        world.telegram.say(BEN, GROUP, "/subscribe NVDA")
    await world.said(GROUP, 3)
    assert len(world.telegram.calls("getChatMember")) == 1
    world.telegram.admins.add((GROUP, BEN.id))
    world.clock.time += timedelta(seconds=61)
    world.telegram.say(BEN, GROUP, "/subscribe NVDA")
    await world.said(GROUP, 4)
    assert await followed(world, to(GROUP)) == [{"NVDA"}]


async def test_where_telegram_does_not_say_nobody_may(world):
    """Doubt is no permission, and is not remembered."""
    world.telegram.hidden_members.add(GROUP)
    world.telegram.say(ADA, GROUP, "/subscribe NVDA")
    (answer,) = await world.said(GROUP)
    assert answer["text"].startswith("Only administrators")
    world.telegram.hidden_members.clear()
    world.telegram.say(ADA, GROUP, "/subscribe NVDA")
    assert (await world.said(GROUP, 2))[1]["text"].startswith("Subscribed")


async def test_an_anonymous_administrator_is_one(world):
    """Who speaks as the group itself may."""
    world.telegram.say(None, GROUP, "/subscribe TSM")
    await world.said(GROUP)
    assert await followed(world, to(GROUP)) == [{"TSM"}]
    assert not world.telegram.calls("getChatMember")


async def test_somebody_who_speaks_as_another_channel_is_none(world):
    """A name borrowed from elsewhere settles nothing here."""
    spoken = {"sender_chat": {"id": -1009, "type": "channel", "title": "Elsewhere"}}
    world.telegram.say(ADA, GROUP, "/subscribe TSM", **spoken)
    (answer,) = await world.said(GROUP)
    assert answer["text"].startswith("Only administrators")


@pytest.mark.parametrize("text", ["/weather", "/start@other_bot NVDA", "buy NVDA now", "NVDA", "/subscribes NVDA"])
async def test_talk_of_others_is_left_alone(world, text):
    """Also by a bot that sees the whole talk of a group, because it administers it."""
    world.telegram.admins.add((GROUP, 7000000001))
    world.telegram.say(BEN, GROUP, text)
    world.telegram.say(BEN, GROUP, "/help@chipwire_bot")
    (answer,) = await world.said(GROUP)
    assert answer["text"].startswith("What you can ask for")


async def test_an_unknown_command_that_names_the_bot_is_answered(world):
    """Who means this bot is helped on."""
    world.telegram.say(BEN, GROUP, "/latst@chipwire_bot")
    (answer,) = await world.said(GROUP)
    assert "cmd:latest" in buttons(answer)


async def test_forwarded_commands_and_other_bots_words_do_nothing_in_a_group(world):
    """Nobody there has asked for anything."""
    origin = {"type": "hidden_user", "sender_user_name": "Eve", "date": 1}
    world.telegram.say(ADA, GROUP, "/subscribe NVDA", forward_origin=origin)
    world.telegram.say(ADA, GROUP, "/subscribe NVDA", via_bot={"id": 5, "is_bot": True, "first_name": "Other"})
    robot = {"id": 6, "is_bot": True, "first_name": "Robot"}
    world.telegram.say(ADA, GROUP, "/subscribe NVDA", **{"from": robot})
    await world.quiet()
    assert world.of_bot(GROUP) == []


async def test_personal_answers_leave_the_group(world):
    """What is kept about somebody is nobody else's business; whoever has no chat with the bot is shown the way."""
    world.telegram.say(ADA, GROUP, "/export")
    await eventually(lambda: world.telegram.documents)
    assert world.telegram.documents[0][0] == ADA.id
    assert world.of_bot(GROUP) == []
    world.telegram.chats[BEN.id].forbidden = "bot can't initiate conversation with a user"
    world.telegram.say(BEN, GROUP, "/forget")
    (answer,) = await world.said(GROUP)
    assert "Write to @chipwire_bot first" in answer["text"]
    assert "/forget" in answer["text"]
    assert len(world.telegram.documents) == 1


async def test_each_topic_of_a_forum_is_a_chat_of_its_own(world):
    """The answer comes where it was asked for."""
    world.telegram.say(ADA, FORUM, "/subscribe NVDA", message_thread_id=42, is_topic_message=True)
    (answer,) = await world.said(FORUM)
    assert answer["message_thread_id"] == 42
    assert await followed(world, to(FORUM, 42)) == [{"NVDA"}]
    assert await followed(world, to(FORUM)) == []


# ── channels ─────────────────────────────────────────────────────────────────────────────────────


async def test_who_posts_in_a_channel_administers_it(world):
    """A channel is subscribed in the channel; by the name under which the operator knows it."""
    world.telegram.say(None, CHANNEL, "/subscribe NVDA")
    await world.said(CHANNEL)
    assert await followed(world, to(CHANNEL)) == [{"NVDA"}]


async def test_a_channel_keeps_the_operators_name(world):
    """What is asked in it concerns what the operator set up."""
    named = Destination.parse("telegram:@Chipwire")
    await world.store.add_subscription(Subscription("aa", named, origin="settings"), NOON)
    world.telegram.say(None, CHANNEL, "/mute NVDA 1h")
    await world.said(CHANNEL)
    (mute,) = await world.store.mutes(world.clock.now())
    assert mute.to == named
