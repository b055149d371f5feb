"""Telegram's posts as its users expect them: buttons, pictures, previews, and edits in place."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain import Amendment, Destination, Receipt, Status, Urgency
from bot.errors import NotifyError
from bot.notifiers.base import PLAIN, Look, Quote
from bot.notifiers.telegram import TelegramNotifier
from tests.fakes.alerts import StillClock, in_thread, make_alert, make_claim
from tests.fakes.remote import Fault
from tests.fakes.telegram import TOKEN, Chat, FakeTelegram
from tests.unit.test_telegram_html import story_of

CHANNEL = "telegram:-1001"
LOUD = Look(buttons=True, picture=True, quotes={"NVDA": Quote(181.2, 2.1)})


@asynccontextmanager
async def telegram(*chats: Chat, timeout_s: float = 10.0) -> AsyncIterator[tuple[FakeTelegram, TelegramNotifier]]:
    """A bot before a Telegram with these chats."""
    with FakeTelegram(*(chats or (Chat(-1001, "channel", "chipwire"),))) as remote:
        notifier = TelegramNotifier(SecretStr(TOKEN), api_url=remote.url, clock=StillClock(), timeout_s=timeout_s)
        try:
            yield remote, notifier
        finally:
            await notifier.aclose()


async def post(notifier: TelegramNotifier, to: str = CHANNEL, look: Look = PLAIN, **changes: Any) -> Receipt:
    """Send one alert."""
    claim = make_claim(to, make_alert(**changes))
    return await notifier.send(claim, notifier.render(claim.alert, look))


def moved_on(receipt: Receipt, to: str = CHANNEL, **changes: Any) -> Amendment:
    """The story of a posted alert as it stands now."""
    alert = make_alert()
    return Amendment(Destination.parse(to), alert, receipt, story_of(alert, **({"count": 3} | changes)))


async def amend(notifier: TelegramNotifier, amendment: Amendment, look: Look = PLAIN) -> NotifyError | None:
    """Edit, however it ends."""
    try:
        await notifier.amend(amendment, notifier.render_amended(amendment, look))
    except NotifyError as error:
        return error
    return None


def refusal(code: int, description: str) -> str:
    """As Telegram words it."""
    return json.dumps({"ok": False, "error_code": code, "description": description})


# ── posts ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_s_post_has_tags_and_buttons():
    """Cashtags and hashtags that Telegram found, bold and link that we marked, and a keyboard below."""
    async with telegram() as (remote, notifier):
        await post(notifier, look=Look(buttons=True))
        (message,) = remote.messages
        kinds = [e["type"] for e in message["entities"]]
        assert kinds == ["bold", "cashtag", "cashtag", "text_link", "bold", "hashtag", "cashtag", "cashtag", "italic"]
        rows = message["reply_markup"]["inline_keyboard"]
        assert [b["callback_data"] for row in rows for b in row] == [
            "useful:al-1", "noise:al-1", "why:al-1", "mute_story:al-1", "more:al-1", "follow:NVDA",
        ]  # fmt: skip


@pytest.mark.parametrize("preview", [True, False])
async def test_the_linked_page_is_shown_where_that_is_wished(preview):
    """The headline's page and no other that the words may name; an edit keeps it so."""
    wanted = {"is_disabled": False, "url": make_alert().url} if preview else {"is_disabled": True}
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=Look(preview=preview))
        assert remote.messages[0]["link_preview_options"] == wanted
        assert await amend(notifier, moved_on(receipt), Look(preview=preview)) is None
        assert remote.messages[0]["link_preview_options"] == wanted


async def test_a_refused_keyboard_costs_the_buttons_not_the_alert():
    """The words go alone."""
    async with telegram() as (remote, notifier):
        remote.fail(Fault.STATUS, status=400, body=refusal(400, "Bad Request: BUTTON_DATA_INVALID"))
        await post(notifier, look=Look(buttons=True))
        (message,) = remote.messages
        assert "reply_markup" not in message
        assert "Beijing said to weigh" in message["text"]


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_flash_is_a_captioned_picture():
    """One message with the picture, the words below it, the buttons, and the receipt says what it is."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD)
        (message,) = remote.messages
        assert (message["photo"][0]["width"], message["photo"][0]["height"]) == (1_200, 675)
        assert message["caption"].startswith("🔴 FLASH ▲ $NVDA 181.20 +2.1\u00a0%")
        assert "sent 14:02:13" in message["caption"]
        assert message["reply_markup"]
        assert receipt.message_id == "1p"
        assert len(remote.arrivals) == 1


@pytest.mark.parametrize("urgency", [Urgency.ALERT, Urgency.WATCH])
async def test_only_a_flash_is_a_picture(urgency):
    """What is not urgent does not fill the screen."""
    async with telegram() as (remote, notifier):
        assert (await post(notifier, look=LOUD, urgency=urgency)).message_id == "1"
        assert "photo" not in remote.messages[0]


async def test_words_that_cannot_be_drawn_go_alone():
    """No box in place of a letter; nothing of the alert is lost."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD, text="\U00012000 H200")
        assert receipt.message_id == "1"
        assert "\U00012000 H200" in remote.messages[0]["text"]
        assert [a.path.rpartition("/")[2] for a in remote.arrivals] == ["sendMessage"]


async def test_a_chat_that_takes_no_pictures_gets_the_words():
    """A refused picture is no message, and no reason to give the chat up."""
    async with telegram(Chat(-1001, "supergroup", can_send_photos=False)) as (remote, notifier):
        assert (await post(notifier, look=LOUD)).message_id == "1"
        assert "text" in remote.messages[0]


@pytest.mark.parametrize("said", ["PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED", "message caption is too long"])
async def test_a_refused_picture_becomes_words(said):
    """With their markup and their buttons."""
    async with telegram() as (remote, notifier):
        remote.fail(Fault.STATUS, match="sendPhoto", status=400, body=refusal(400, f"Bad Request: {said}"))
        assert (await post(notifier, look=LOUD)).message_id == "1"
        assert remote.messages[0]["entities"]
        assert remote.messages[0]["reply_markup"]


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.TRUNCATE, Fault.GARBLE])
async def test_a_picture_whose_answer_is_lost_is_not_followed_by_words(fault):
    """It may be there: the dispatcher decides, not the notifier."""
    async with telegram() as (remote, notifier):
        remote.fail(fault, match="sendPhoto")
        with pytest.raises(NotifyError) as caught:
            await post(notifier, look=LOUD)
        assert caught.value.maybe_sent
        assert len(remote.arrivals) == 1


async def test_a_picture_waits_as_it_is_told():
    """429 asks for a pause, not for words."""
    async with telegram() as (remote, notifier):
        remote.fail(Fault.STATUS, match="sendPhoto", status=429, retry_after=9)
        with pytest.raises(NotifyError) as caught:
            await post(notifier, look=LOUD)
        assert caught.value.retry_after == timedelta(seconds=9)
        assert len(remote.arrivals) == 1


async def test_an_update_answers_a_picture():
    """The mark in the receipt is no part of the number."""
    async with telegram(Chat(-1001, "supergroup")) as (remote, notifier):
        first = await post(notifier, look=LOUD)
        claim = in_thread(first, CHANNEL)
        await notifier.send(claim, notifier.render(claim.alert))
        assert remote.messages[1]["reply_to_message"]["message_id"] == 1


# ── edits ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_denial_edits_the_post_in_place():
    """Struck out, said loudly, the buttons still there, nothing posted anew."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=Look(buttons=True))
        keyboard = remote.messages[0]["reply_markup"]
        assert await amend(notifier, moved_on(receipt, status=Status.DENIED), Look(buttons=True)) is None
        (message,) = remote.messages
        assert message["text"].startswith("⛔ FLASH · DENIED • $NVDA")
        assert "strikethrough" in {e["type"] for e in message["entities"]}
        assert message["reply_markup"] == keyboard
        assert message["edit_date"]


async def test_an_edit_that_changes_nothing_is_done():
    """Telegram refuses it; the message says so already."""
    async with telegram() as (remote, notifier):
        amendment = moved_on(await post(notifier), publishers=frozenset("abc"))
        assert await amend(notifier, amendment) is None
        assert await amend(notifier, amendment) is None
        assert len(remote.calls("editMessageText")) == 2
        assert "×3 publishers" in remote.messages[0]["text"]


async def test_a_picture_is_edited_with_its_words():
    """Both tell of more publishers, and the buttons stay; the same again does no harm."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD)
        before = remote.messages[0]["photo"]
        amendment = moved_on(receipt, publishers=frozenset("abc"))
        assert await amend(notifier, amendment, LOUD) is None
        assert await amend(notifier, amendment, LOUD) is None
        (message,) = remote.messages
        assert "×3 publishers" in message["caption"]
        assert message["photo"] != before
        assert message["reply_markup"]


async def test_a_picture_whose_words_no_font_has_any_more_keeps_its_picture():
    """Of what was drawn elsewhere the caption is edited."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD)
        alert = make_alert(text="\U00012000")
        amendment = Amendment(Destination.parse(CHANNEL), alert, receipt, story_of(alert, status=Status.DENIED))
        assert await amend(notifier, amendment, LOUD) is None
        assert [c.path.rpartition("/")[2] for c in remote.calls("edit")] == ["editMessageCaption"]
        assert remote.messages[0]["caption"].startswith("⛔ FLASH · DENIED")


async def test_a_picture_that_no_longer_holds_is_exchanged():
    """Nobody scrolls past a claim in large letters that was denied since."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD)
        picture = remote.messages[0]["photo"]
        assert await amend(notifier, moved_on(receipt, status=Status.DENIED), LOUD) is None
        (message,) = remote.messages
        assert message["photo"] != picture
        assert message["caption"].startswith("⛔ FLASH · DENIED")
        assert "strikethrough" in {e["type"] for e in message["caption_entities"]}
        assert message["reply_markup"]


async def test_a_picture_that_cannot_be_exchanged_has_its_words_edited():
    """The words at least tell the denial."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD)
        body = refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        remote.fail(Fault.STATUS, match="editMessageMedia", status=400, body=body)
        assert await amend(notifier, moved_on(receipt, status=Status.DENIED), LOUD) is None
        assert remote.messages[0]["caption"].startswith("⛔ FLASH · DENIED")


async def test_an_edit_whose_form_is_refused_is_made_in_plain_words():
    """As a message is."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier)
        remote.fail(Fault.STATUS, match="edit", status=400, body=refusal(400, "Bad Request: can't parse entities: x"))
        assert await amend(notifier, moved_on(receipt, status=Status.DENIED)) is None
        assert remote.messages[0]["text"].startswith("⛔ FLASH · DENIED")
        assert "parse_mode" not in remote.calls("editMessageText")[1].params


@pytest.mark.parametrize(
    "said",
    ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID",
     "there is no text in the message to edit"],
)  # fmt: skip
async def test_a_message_that_cannot_be_edited_is_given_up(said):
    """Gone, too old, not ours, of another kind: never again."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier)
        remote.fail(Fault.STATUS, match="edit", status=400, body=refusal(400, f"Bad Request: {said}"))
        error = await amend(notifier, moved_on(receipt))
        assert error is not None
        assert (error.permanent, error.maybe_sent, error.auth) == (True, False, False)
        assert len(remote.calls("edit")) == 1


async def test_what_the_stand_in_itself_refuses_to_edit_is_given_up():
    """A deleted message, one that is fixed, a picture that is taken for words."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier)
        picture = await post(notifier, look=LOUD)
        remote.chats[-1001].fixed.add(1)
        for lost in (receipt, Receipt("77", "-1001"), Receipt(picture.message_id.rstrip("p"), "-1001")):
            error = await amend(notifier, moved_on(lost))
            assert error is not None
            assert error.permanent


@pytest.mark.parametrize("receipt", [Receipt("", "-1001"), Receipt("5", "-44"), Receipt("5p", "-44")])
async def test_no_other_message_is_edited_by_mistake(receipt):
    """A message without a number, and one from before a group moved, whose number is another's now."""
    async with telegram(Chat(-1001, "supergroup")) as (remote, notifier):
        error = await amend(notifier, moved_on(receipt))
        assert error is not None
        assert error.permanent
        assert remote.arrivals == []


@pytest.mark.parametrize(
    ("chat", "permanent", "moved"),
    [
        (Chat(-1001, "channel", forbidden="bot was kicked from the channel chat"), True, None),
        (Chat(-1001, "group", forbidden="the group chat was deleted"), True, None),
        (Chat(-44, "group"), True, None),
        (Chat(-1001, "group", migrated_to=-100_44), False, "telegram:-10044"),
    ],
)
async def test_an_edit_meets_the_same_chats_as_a_message(chat, permanent, moved):
    """Kicked, deleted, not found, moved: as when sending."""
    async with telegram(chat) as (_, notifier):
        error = await amend(notifier, moved_on(Receipt("5", "-1001")))
        assert error is not None
        assert (error.permanent, error.moved_to) == (permanent, moved)


@pytest.mark.parametrize(("wait", "seconds"), [(7, 7), (None, 5)])
async def test_an_edit_waits_as_it_is_told(wait, seconds):
    """429 with the time in its parameters or without any."""
    async with telegram() as (remote, notifier):
        receipt = await post(notifier)
        remote.fail(Fault.STATUS, match="edit", status=429, retry_after=wait)
        error = await amend(notifier, moved_on(receipt))
        assert error is not None
        assert error.retry_after == timedelta(seconds=seconds)
        assert not error.permanent


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.TRUNCATE, Fault.GARBLE, Fault.DELAY])
async def test_an_edit_whose_answer_is_lost_is_made_again(fault):
    """Twice does no harm, and the second one finds it done or does it."""
    async with telegram(timeout_s=1.5 if fault is Fault.DELAY else 10.0) as (remote, notifier):
        receipt = await post(notifier)
        remote.fail(fault, match="edit", delay_s=4.0)
        amendment = moved_on(receipt, status=Status.DENIED)
        error = await amend(notifier, amendment)
        assert error is not None
        assert not error.permanent
        assert await amend(notifier, amendment) is None
        assert remote.messages[0]["text"].startswith("⛔ FLASH · DENIED")


# ── notes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("to", "topic"), [("telegram:-1002:7", 7), ("telegram:-1002:1", None)])
async def test_a_note_is_plain_words(to, topic):
    """No markup is read into it, however it looks; it goes to the topic that is named."""
    async with telegram(Chat(-1002, "supergroup", topics={1, 7})) as (remote, notifier):
        await notifier.say(Destination.parse(to), "telegram:-44 is retired:\n<b>kicked</b> & gone")
        (message,) = remote.messages
        assert message["text"] == "telegram:-44 is retired:\n<b>kicked</b> & gone"
        assert message.get("message_thread_id") == topic
        assert message["link_preview_options"] == {"is_disabled": True}


async def test_a_note_that_fails_says_why():
    """As a message does."""
    async with telegram(Chat(5001, forbidden="bot was blocked by the user")) as (_, notifier):
        with pytest.raises(NotifyError) as caught:
            await notifier.say(Destination.parse("telegram:5001"), "x" * 9_000)
        assert caught.value.permanent


@pytest.mark.parametrize("status", [400, 401, 404, 500])
async def test_no_call_tells_the_token(status, caplog):
    """Neither an edit, nor a picture, nor a note, when the server quotes the path that it was asked for."""
    caplog.set_level(logging.DEBUG)
    async with telegram() as (remote, notifier):
        receipt = await post(notifier, look=LOUD)
        remote.fail(Fault.STATUS, status=status, body=refusal(status, f"no /bot{TOKEN}/x"), times=0)
        errors = [await amend(notifier, moved_on(receipt, status=Status.DENIED), LOUD)]
        for call in (post(notifier, look=LOUD), notifier.say(Destination.parse(CHANNEL), "x")):
            with pytest.raises(NotifyError) as caught:
                await call
            errors.append(caught.value)
        for error in errors:
            assert error is not None
            assert TOKEN.partition(":")[2] not in f"{error!r} {error.__cause__!r} {vars(error)}"
        assert TOKEN.partition(":")[2] not in caplog.text
