"""Pressed buttons. Telegram shows a turning wheel until each is answered, so that comes first."""

from __future__ import annotations

import re

from telegram import CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import ChatType

from bot.chat.asking import Asker, Reply
from bot.chat.service import Chat
from bot.chat.telegram.commands import where_of
from bot.chat.telegram.dress import alert_of
from bot.chat.telegram.keyboards import widened
from bot.chat.telegram.people import People, Where
from bot.chat.telegram.sending import Place, Sender
from bot.chat.telegram.talk import PERSONAL, at_home, chat_of, command_of, pressed
from bot.chat.telegram.tally import Tally
from bot.texts import texts_of

_VOTES = {"useful", "noise"}
_MENU = {"cmd", "sub"}  # buttons under answers, not under alerts
_SETTLE = {"mute_story", "mute_ticker", "more", *_MENU}  # that need somebody who may
# Commands whose answer takes the place of the one under which they were pressed: a changed mind, a mended word.
_IN_PLACE = {"subscribe", "unsubscribe", "mute", "unmute", "quiet", "digest", "language", "forget"}
# What a link's payload may hold; the hyphen stands between tickers.
_PAYLOAD = re.compile(r"[A-Za-z0-9_]{1,60}")


class Presses:
    """Answers pressed buttons."""

    def __init__(self, chat: Chat, sender: Sender, people: People, tally: Tally, *, username: str) -> None:
        """Answer as one bot.

        Args:
            chat: knows the answers.
            sender: says them.
            people: knows who presses.
            tally: shows how many have voted.
            username: of the bot.
        """
        self._chat = chat
        self._sender = sender
        self._people = people
        self._tally = tally
        self._link = f"https://t.me/{username}?start"
        self._username = username

    async def handle(self, query: CallbackQuery) -> None:
        """Answer one; also when something of ours does not work."""
        message, action = query.message, query.data
        if message is None or not action:
            await self._sender.toast(query)
            return
        where = where_of(message) if isinstance(message, Message) else Where(message.chat)
        verb = action.partition(":")[0]
        asker = await self._people.asker(where, query.from_user, settles=verb in _SETTLE)
        try:
            await self._answer(query, where, asker, action)
        except Exception:
            await self._sender.say_to_one(query, self._chat.broken(asker))
            raise

    async def _answer(self, query: CallbackQuery, where: Where, asker: Asker, action: str) -> None:
        verb, _, rest = action.partition(":")
        if verb == "more":
            await self._more(query, asker, action)
        elif verb in _VOTES:
            reply = await pressed(self._chat, asker, action)
            await self._sender.toast(query, alert_of(reply))
            self._tally.note(query.message, rest)
        elif where.private:
            await self._in_private(query, asker, action)
        elif verb == "follow":
            await self._follow(query, asker, action)
        elif verb in _MENU and command_of(rest) in PERSONAL:
            await self._to_one(query, where, at_home(asker), action)
        elif verb in _MENU and asker.may_change:
            await self._in_group(query, where, asker, action)
        else:
            await self._to_one(query, where, asker, action)

    async def _more(self, query: CallbackQuery, asker: Asker, action: str) -> None:
        """The row that asks for more gives way to it. The keyboard is everybody's: in a group, administrators'."""
        if not asker.may_change:
            await self._sender.toast(query, texts_of(asker.language).say("chat.error.not_allowed"), alert=True)
            return
        reply = await pressed(self._chat, asker, action)
        await self._sender.toast(query, alert_of(reply), alert=bool(reply.lines))
        message = query.message
        markup = _markup(query)
        if message is not None and markup is not None and reply.buttons and not reply.lines:
            await self._sender.redraw(message.chat.id, message.message_id, widened(markup, reply.buttons))

    async def _in_private(self, query: CallbackQuery, asker: Asker, action: str) -> None:
        reply = await pressed(self._chat, asker, action)
        await self._sender.toast(query)
        await self._say(query, Place(_chat(query)), asker, action, reply)

    async def _in_group(self, query: CallbackQuery, where: Where, asker: Asker, action: str) -> None:
        """Somebody who may settles something for the whole group: all may read it."""
        reply = await pressed(self._chat, asker, action)
        await self._sender.toast(query)
        await self._say(query, Place(_chat(query), where.topic, silent=True), asker, action, reply)

    async def _say(self, query: CallbackQuery, place: Place, asker: Asker, action: str, reply: Reply) -> None:
        """Say an answer below, or in the place of the one under which the button stood."""
        verb, _, rest = action.partition(":")
        message = query.message
        assert message is not None, "handle has looked"
        if verb == "cmd" and command_of(rest) in _IN_PLACE and not reply.alerts and reply.document is None:
            chat = message.chat.id
            if await self._sender.put_in_place(chat, message.message_id, reply, language=asker.language):
                return
        if verb not in _MENU:  # below an alert, which may be far above by now
            place = Place(place.chat, place.topic, message.message_id, place.silent)
        await self._sender.answer(place, reply, language=asker.language)

    async def _follow(self, query: CallbackQuery, asker: Asker, action: str) -> None:
        """Somebody follows for themselves, in their private chat; whoever has none is led to where it begins."""
        own = chat_of(asker)
        if own is None or await self._sender.reach(own) is not None:
            ticker = action.partition(":")[2].replace(".", "_")
            payload = f"=sub_{ticker}" if _PAYLOAD.fullmatch(ticker) else ""
            await self._sender.toast(query, url=self._link + payload)
            return
        reply = await pressed(self._chat, asker, action)
        await self._sender.toast(query, self._answered_in_private(asker))
        await self._sender.answer(Place(own), reply, language=asker.language)

    def _answered_in_private(self, asker: Asker) -> str:
        return texts_of(asker.language).say("telegram.in_private", bot=self._username)

    async def _to_one(self, query: CallbackQuery, where: Where, asker: Asker, action: str) -> None:
        """What concerns the presser alone: whole in their private chat, where that is possible and it is long; else as
        much of it as Telegram shows above the chat. In a channel it is always that: its readers came to read there."""
        reply = await pressed(self._chat, asker, action)
        own = chat_of(asker)
        short = alert_of(reply)
        whole = short == reply.text and reply.document is None and not reply.alerts
        if whole or where.chat.type == ChatType.CHANNEL or own is None or await self._sender.reach(own) is not None:
            await self._sender.toast(query, short, alert=True)
            return
        await self._sender.toast(query, self._answered_in_private(asker))
        # Its buttons would mean the private chat there.
        bare = Reply(reply.lines, alerts=reply.alerts, document=reply.document)
        await self._sender.answer(Place(own), bare, language=asker.language)


def _chat(query: CallbackQuery) -> int:
    assert query.message is not None, "handle has looked"
    return query.message.chat.id


def _markup(query: CallbackQuery) -> InlineKeyboardMarkup | None:
    return query.message.reply_markup if isinstance(query.message, Message) else None
