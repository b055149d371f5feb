"""People press buttons in Telegram: votes, reasons, mutes, menus; each is answered, to whom it concerns."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot.store.base import Store
from tests.fakes.telegram_updates import Person
from tests.fakes.telegram_world import (
    ADA,
    BEN,
    CHANNEL,
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


async def test_a_vote_counts_once(world):
    """Pressed twice it is one vote; another button changes it; the buttons show how many there are."""
    alert = await world.told()
    card = world.telegram.post(CHANNEL, "a card", f"useful:{alert.id}", f"noise:{alert.id}", f"why:{alert.id}")
    presses = [world.telegram.press(ADA, card, f"useful:{alert.id}") for _ in range(2)]
    await eventually(lambda: all(p.answer for p in presses))
    world.telegram.press(BEN, card, f"useful:{alert.id}")
    assert presses[0].text.startswith("Noted:")
    assert presses[1].text.startswith("You said so already")
    assert not any(p.answer.get("show_alert") for p in presses)
    await eventually(lambda: labels(world.of_bot(CHANNEL)[0]) == ["Useful 2", "Noise", "Why"])
    assert await world.store.vote_counts(alert.id) == (2, 0)
    world.telegram.press(BEN, world.of_bot(CHANNEL)[0], f"noise:{alert.id}")
    await eventually(lambda: labels(world.of_bot(CHANNEL)[0]) == ["Useful 1", "Noise 1", "Why"])
    assert {v.person for v in await world.store.votes()} == {"telegram:77", "telegram:88"}


async def test_why_in_a_channel_is_shown_to_the_presser_alone(world):
    """In 200 characters: what it was, and how it scored."""
    alert = await world.told(text="Ministry weighs curb on lithography spares " * 6)
    card = world.telegram.post(CHANNEL, "a card", f"why:{alert.id}")
    press = world.telegram.press(BEN, card, f"why:{alert.id}")
    await eventually(lambda: press.answer is not None)
    assert press.answer["show_alert"] == "true"
    assert len(press.text) <= 200
    assert "chip trade 0.97" in press.text
    assert world.of_bot(BEN.id) == []
    assert len(world.of_bot(CHANNEL)) == 1


async def test_why_in_a_group_comes_whole_in_private(world):
    """Where somebody has a chat with the bot; else as in a channel."""
    alert = await world.told()
    card = world.telegram.post(GROUP, "a card", f"why:{alert.id}")
    press = world.telegram.press(BEN, card, f"why:{alert.id}")
    (answer,) = await world.said(BEN.id)
    assert "Judged by tiny-1." in answer["text"]
    assert "reply_markup" not in answer
    assert press.text == "Answered in your private chat with @chipwire_bot."
    world.telegram.chats[BEN.id].forbidden = "bot was blocked by the user"
    press = world.telegram.press(BEN, card, f"why:{alert.id}")
    await eventually(lambda: press.answer is not None)
    assert "chip trade 0.97" in press.text
    assert len(world.of_bot(GROUP)) == 1


async def test_following_from_a_channel_is_for_oneself(world):
    """The channel gets no more than before; a newcomer is led into a private chat."""
    card = world.telegram.post(CHANNEL, "a card", "follow:005930.KS")
    world.telegram.press(BEN, card, "follow:005930.KS")
    (answer,) = await world.said(BEN.id)
    assert answer["text"].startswith("Subscribed.")
    assert await followed(world, to(BEN.id)) == [{"005930.KS"}]
    assert await followed(world, to(CHANNEL)) == []
    eve = Person(99)
    press = world.telegram.press(eve, card, "follow:005930.KS")
    await eventually(lambda: press.answer is not None)
    url = press.answer["url"]
    assert url == "https://t.me/chipwire_bot?start=sub_005930_KS"
    world.telegram.say(ADA, ADA.id, f"/start {url.rpartition('=')[2]}")
    await world.said(ADA.id)
    assert await followed(world, HERE) == [{"005930.KS"}]


async def test_only_administrators_mute_for_a_group(world):
    """Others are told so alone; nothing is posted either way."""
    alert = await world.told()
    card = world.telegram.post(GROUP, "a card", f"mute_story:{alert.id}")
    press = world.telegram.press(BEN, card, f"mute_story:{alert.id}")
    await eventually(lambda: press.answer is not None)
    assert press.text == "Only administrators may change what this chat gets."
    assert await world.store.mutes(world.clock.now()) == []
    press = world.telegram.press(ADA, card, f"mute_story:{alert.id}")
    await eventually(lambda: press.answer is not None)
    assert press.text.startswith("Muted:")
    (mute,) = await world.store.mutes(world.clock.now())
    assert (mute.to, mute.value) == (to(GROUP), alert.story)
    assert len(world.of_bot(GROUP)) == 1


async def test_muting_in_private_can_be_undone(world):
    """The answer stands under the alert with a button that takes it back; then it says so in its place."""
    alert = await world.told()
    card = world.telegram.post(ADA.id, "a card", "mute_ticker:NVDA:1h", f"more:{alert.id}")
    world.telegram.press(ADA, card, "mute_ticker:NVDA:1h")
    _, answer = await world.said(ADA.id, 2)
    assert answer["reply_to_message"]["message_id"] == card["message_id"]
    world.telegram.press(ADA, answer, buttons(answer)[0])
    await eventually(lambda: "hear of it again" in world.of_bot(ADA.id)[1]["text"])
    assert await world.store.mutes(world.clock.now()) == []


async def test_more_widens_the_keyboard(world):
    """With a row for each ticker; in a group only for those who may press them."""
    alert = await world.told()
    tickers = list(alert.tickers)
    card = world.telegram.post(GROUP, "a card", f"why:{alert.id}", f"more:{alert.id}", f"follow:{tickers[0]}")
    press = world.telegram.press(BEN, card, f"more:{alert.id}")
    await eventually(lambda: press.answer is not None)
    assert press.text.startswith("Only administrators")
    world.telegram.press(ADA, card, f"more:{alert.id}")
    await eventually(lambda: f"mute_ticker:{tickers[0]}:1d" in buttons(world.of_bot(GROUP)[0]))
    shown = buttons(world.of_bot(GROUP)[0])
    assert shown[0] == f"why:{alert.id}"
    assert f"more:{alert.id}" not in shown
    assert len(shown) == len(set(shown))


async def test_a_menu_in_a_group_listens_to_administrators(world):
    """Others who press it read the answer alone."""
    world.telegram.say(ADA, GROUP, "/help")
    (menu,) = await world.said(GROUP)
    press = world.telegram.press(BEN, menu, "cmd:latest")
    await eventually(lambda: press.answer is not None)
    assert press.text == "Nothing was told yet."
    assert len(world.of_bot(GROUP)) == 1
    world.telegram.press(ADA, menu, "sub:")
    _, answer = await world.said(GROUP, 2)
    assert answer["text"].startswith("Subscribed.")


async def test_a_button_of_a_message_that_is_long_gone_still_works(world):
    """Telegram tells no more than its number; it is too late to draw the votes."""
    alert = await world.told()
    card = world.telegram.post(CHANNEL, "a card", f"useful:{alert.id}")
    press = world.telegram.press(BEN, card, f"useful:{alert.id}", too_old=True)
    await eventually(lambda: press.answer is not None)
    assert await world.store.vote_counts(alert.id) == (1, 0)


async def test_an_answer_that_comes_too_late_is_no_harm(world):
    """The wheel has stopped turning by itself; what was pressed is done."""
    alert = await world.told()
    card = world.telegram.post(CHANNEL, "a card", f"useful:{alert.id}")
    press = world.telegram.press(BEN, card, f"useful:{alert.id}")
    press.too_old = True
    await world.quiet()
    assert await world.store.vote_counts(alert.id) == (1, 0)


async def test_what_the_bot_does_not_know_any_more_is_said(world):
    """An alert that was pruned, a button of an older version."""
    card = world.telegram.post(BEN.id, "a card", "useful:1", "dance:1")
    presses = [world.telegram.press(BEN, card, data) for data in ("useful:1", "dance:1")]
    await eventually(lambda: all(p.answer is not None for p in presses))
    assert presses[0].text == "This alert is no longer known, or was a sample."
    assert (await world.said(BEN.id, 2))[1]["text"].startswith("This button does nothing any more.")


async def test_a_bug_behind_a_button_is_no_riddle(world, monkeypatch):
    """The presser reads that something is broken, and the wheel stops."""

    async def press(*_):
        raise ZeroDivisionError

    card = world.telegram.post(CHANNEL, "a card", "useful:1")
    await world.told()
    first = world.telegram.press(BEN, card, "useful:1")
    await eventually(lambda: first.answer is not None)
    monkeypatch.setattr(world.chat._chat, "press", press)
    second = world.telegram.press(BEN, card, "useful:1")
    await eventually(lambda: second.answer is not None)
    assert second.text.startswith("Something here does not work")


async def test_a_button_without_a_word_is_answered(world):
    """A game's, say, or one of a message that somebody sent by way of another chat."""
    card = world.telegram.post(CHANNEL, "a card", "useful:1")
    press = world.telegram.press(BEN, card, "")
    await eventually(lambda: press.answer is not None)
    assert len(world.of_bot(CHANNEL)) == 1, "and nothing is written for it"


async def test_a_personal_button_in_a_group_is_for_its_presser(world):
    """Whoever it was offered to: each reads of themselves, in private."""
    card = world.telegram.post(GROUP, "an answer", "cmd:export")
    press = world.telegram.press(BEN, card, "cmd:export")
    await eventually(lambda: world.telegram.documents)
    ((chat, _, body),) = world.telegram.documents
    assert (chat, json.loads(body)["person"]) == (BEN.id, "telegram:88")
    assert press.text == "Answered in your private chat with @chipwire_bot."
    assert len(world.of_bot(GROUP)) == 1
