"""Answers on their way to Telegram. They are no alerts: they wait for these, and are not tried for long.

Source: core.telegram.org/bots/api (sendMessage, sendDocument, editMessageText, editMessageReplyMarkup,
answerCallbackQuery, sendChatAction).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from telegram import Bot, CallbackQuery, ChatMember, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.chat.asking import Document, Reply
from bot.chat.telegram.dress import MAX_ALERT, alert_of, messages_of
from bot.chat.telegram.keyboards import keyboard_of
from bot.chat.telegram.moving import chat_moved
from bot.domain import Destination, DestinationKind
from bot.errors import NotifyError
from bot.notifiers.telegram.markup import Text
from bot.notifiers.telegram.refusals import of_form, of_sameness, translate
from bot.notifiers.telegram.request import TooFastError
from bot.store.base import Store

log = structlog.get_logger(__name__)

# Of Telegram's 30 messages a second over all chats, and 20 a minute in a group or channel: the rest is for alerts.
A_SECOND = 10
A_MINUTE = 10
LONGEST_PAUSE_S = 10.0  # after "Too Many Requests"; who is to wait longer is not answered
TIMEOUT_S = 15.0  # one call
AGAIN_S = 1.0  # after which a call that has not reached Telegram is made once more
ASKED_S = 5.0  # for what is asked while a person waits
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes."""

    chat: int
    topic: int | None = None  # of a forum; None: its general one
    reply_to: int | None = None  # the message that is answered
    silent: bool = False  # nobody's telephone rings

    @property
    def destination(self) -> Destination:
        """The same, for errors."""
        return Destination(DestinationKind.TELEGRAM, str(self.chat), self.topic)


class Sender:
    """Says answers as one bot. What Telegram refuses raises nothing: who asked can be told no more."""

    def __init__(self, bot: Bot, store: Store) -> None:
        """Open no connection yet.

        Args:
            bot: the library's client.
            store: is told of chats that have moved.
        """
        self._bot = bot
        self._store = store
        self._pace = _Pace()

    async def answer(self, place: Place, reply: Reply, *, language: str = "en") -> bool:
        """Send an answer; whether it arrived, as far as is known."""
        texts = messages_of(reply, language=language)
        buttons = keyboard_of(reply.buttons)
        if reply.document is not None:
            caption = texts[0] if texts else Text("", "")
            return await self._tried(place, partial(self._document, reply.document, caption))
        for n, text in enumerate(texts, 1):
            last = n == len(texts)
            if not await self._tried(place, partial(self._message, text, buttons if last else None)):
                return False
        return bool(texts)

    async def toast(self, query: CallbackQuery, text: str = "", *, alert: bool = False, url: str | None = None) -> None:
        """Answer a pressed button: the person's telephone stops waiting, and shows them the words, if any."""
        options: dict[str, Any] = {"text": text[:MAX_ALERT] or None, "show_alert": alert or None, "url": url}
        nowhere = Destination(DestinationKind.TELEGRAM)
        try:
            await self._call(nowhere, partial(self._bot.answer_callback_query, query.id, **options))
        except NotifyError as error:
            # "query is too old": it waited for longer than a person does.
            log.debug("telegram_press_unanswered", error=str(error))

    async def say_to_one(self, query: CallbackQuery, reply: Reply) -> None:
        """Show the presser alone the first lines of an answer."""
        await self.toast(query, alert_of(reply), alert=True)

    async def put_in_place(self, chat: int, message: int, reply: Reply, *, language: str = "en") -> bool:
        """Put an answer in the place of a message of ours; whether that could be done."""
        texts = messages_of(reply, language=language)
        if len(texts) != 1:
            return False
        edit = partial(
            self._bot.edit_message_text,
            texts[0].html,
            chat_id=chat,
            message_id=message,
            parse_mode="HTML",
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard_of(reply.buttons),
        )
        return await self._edited(chat, edit)

    async def redraw(self, chat: int, message: int, markup: InlineKeyboardMarkup) -> bool:
        """Put other buttons under a message; whether that could be done."""
        edit = partial(self._bot.edit_message_reply_markup, chat_id=chat, message_id=message, reply_markup=markup)
        return await self._edited(chat, edit)

    async def reach(self, chat: int) -> NotifyError | None:
        """Why a chat cannot be written to; None when it can."""
        to = Place(chat).destination
        try:
            async with asyncio.timeout(ASKED_S):
                await self._call(to, partial(self._bot.send_chat_action, chat, ChatAction.TYPING))
        except NotifyError as error:
            return error
        except TimeoutError:
            return NotifyError("Telegram did not answer in time", destination=str(to))
        return None

    async def is_admin(self, chat: int, user: int) -> bool:
        """Whether somebody administers a chat.

        Raises:
            NotifyError: Telegram does not say.
            TimeoutError: or not in time.
        """
        async with asyncio.timeout(ASKED_S):
            try:
                member = await self._member(chat, user)
            except NotifyError as error:
                member = await self._member(await self._moved(chat, error), user)
        return member.status in {"creator", "administrator"}

    async def _member(self, chat: int, user: int) -> ChatMember:
        return await self._call(Place(chat).destination, partial(self._bot.get_chat_member, chat, user))

    async def _moved(self, chat: int, error: NotifyError) -> int:
        """Where a chat has moved to, which the store is told of; where it has not, the error goes on."""
        if error.moved_to is None:
            raise error
        moved = int(Destination.parse(error.moved_to).address)
        await chat_moved(self._store, chat, moved)
        return moved

    async def _edited(self, chat: int, edit: Callable[[], Awaitable[Any]]) -> bool:
        try:
            await self._pace.turn(chat)
            await self._call(Place(chat).destination, edit)
        except NotifyError as error:
            same = isinstance(error.__cause__, BadRequest) and of_sameness(error.__cause__)
            if not same:
                log.debug("telegram_answer_not_edited", error=str(error))
            return same
        return True

    async def _tried(self, place: Place, send: Callable[[Place], Awaitable[Any]]) -> bool:
        """Send to a place, or to where it has moved."""
        try:
            try:
                await send(place)
            except NotifyError as error:
                moved = await self._moved(place.chat, error)
                await send(replace(place, chat=moved, reply_to=None))
        except NotifyError as error:
            log.info("telegram_answer_lost", chat=place.chat, error=str(error))
            return False
        return True

    async def _message(self, text: Text, buttons: InlineKeyboardMarkup | None, place: Place) -> None:
        send = partial(self._bot.send_message, link_preview_options=_NO_PREVIEW, **_where(place))
        await self._pace.turn(place.chat)
        try:
            await self._call(place.destination, partial(send, text=text.html, parse_mode="HTML", reply_markup=buttons))
        except NotifyError as error:
            if not isinstance(error.__cause__, BadRequest) or not of_form(error.__cause__):
                raise
            await self._call(place.destination, partial(send, text=text.plain))

    async def _document(self, document: Document, caption: Text, place: Place) -> None:
        send = partial(
            self._bot.send_document,
            document=document.text.encode("utf-8", "replace"),
            filename=document.name,
            caption=caption.html or None,
            parse_mode="HTML",
            disable_content_type_detection=True,
            **_where(place),
        )
        await self._pace.turn(place.chat)
        await self._call(place.destination, send)

    async def _call(self, to: Destination, call: Callable[[], Awaitable[_T]]) -> _T:
        """One call; made once more where that is sure to do nothing twice and does not take long."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await call()
        except TooFastError as error:
            wait_s = error.wait.total_seconds()
            if wait_s > LONGEST_PAUSE_S:
                raise translate(error, to) from error
            self._pace.rest(wait_s)
        except TelegramError as error:
            failure = translate(error, to)
            reached = failure.maybe_sent or isinstance(error, BadRequest) or not isinstance(error, NetworkError)
            if reached:
                raise failure from error
            wait_s = AGAIN_S
        except TimeoutError as error:
            raise NotifyError("Telegram did not answer in time", destination=str(to), maybe_sent=True) from error
        await asyncio.sleep(wait_s)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await call()
        except TelegramError as error:
            raise translate(error, to) from error
        except TimeoutError as error:
            raise NotifyError("Telegram did not answer in time", destination=str(to), maybe_sent=True) from error


class _Pace:
    """How many messages may go: ``A_SECOND`` in any second, ``A_MINUTE`` in any minute to one group or channel, and
    none while Telegram wants rest. Alerts go before answers."""

    def __init__(self) -> None:
        self._turns: deque[float] = deque(maxlen=A_SECOND)
        self._groups: dict[int, deque[float]] = {}
        self._not_before = 0.0
        self._next = asyncio.Lock()

    async def turn(self, chat: int) -> None:
        """Wait for one's turn.

        Raises:
            NotifyError: it would be longer than a person waits for an answer.
        """
        now = asyncio.get_running_loop().time
        if chat < 0:  # no person
            await self._group_turn(chat, now)
        async with self._next:
            free = self._turns[0] + 1.0 if len(self._turns) == A_SECOND else 0.0
            await asyncio.sleep(max(free - now(), self._not_before - now(), 0))
            self._turns.append(now())

    def rest(self, seconds: float) -> None:
        """Say nothing for so long."""
        self._not_before = max(self._not_before, asyncio.get_running_loop().time() + seconds)

    async def _group_turn(self, chat: int, now: Callable[[], float]) -> None:
        self._groups = {k: v for k, v in self._groups.items() if v[-1] > now() - 60.0}
        turns = self._groups.setdefault(chat, deque(maxlen=A_MINUTE))
        wait_s = max(turns[0] + 60.0 - now(), 0.0) if len(turns) == A_MINUTE else 0.0
        if wait_s > LONGEST_PAUSE_S:
            to = str(Place(chat).destination)
            raise NotifyError("the group was answered enough", destination=to, retry_after=timedelta(seconds=wait_s))
        turns.append(now() + wait_s)
        await asyncio.sleep(wait_s)


def _where(place: Place) -> dict[str, Any]:
    reply = None
    if place.reply_to is not None:
        reply = ReplyParameters(place.reply_to, allow_sending_without_reply=True)
    return {
        "chat_id": place.chat,
        "message_thread_id": place.topic,
        "reply_parameters": reply,
        "disable_notification": place.silent,
    }
