"""Sending to Telegram once, and editing what was sent.

Source: core.telegram.org/bots/api (sendMessage, sendPhoto, editMessageText, editMessageCaption, editMessageMedia,
getMe) and /bots/faq.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import SecretStr
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Outcome, Receipt, Urgency
from bot.errors import NotifyError
from bot.notifiers import digest as held
from bot.notifiers.base import PLAIN, Look, Message, Rate
from bot.notifiers.card import amended_note, sent_note
from bot.notifiers.picture import picture_of
from bot.notifiers.telegram.keyboard import Keyboard
from bot.notifiers.telegram.markup import plain_words
from bot.notifiers.telegram.post import PICTURE, Post, amended_post, digest_post, number_of, post_of
from bot.notifiers.telegram.refusals import of_form, of_sameness, translate
from bot.notifiers.telegram.request import PLACEHOLDER, READ_TIMEOUT_S, TelegramRequest

# "My bot is hitting limits": one message a second in a chat (short bursts are tolerated), 20 a minute in a group
# (and, by experience, in a channel), about 30 a second over all chats.
PRIVATE = Rate(burst=10, interval=timedelta(seconds=1))  # about one a second; short bursts pass
GROUP = Rate(burst=20, interval=timedelta(seconds=3))  # 20 in any minute, groups and channels
OVERALL = Rate(burst=30, interval=timedelta(seconds=1) / 30)  # 30 in any second, per bot
TIMEOUT_S = 20.0  # one call in all; a message may take more than one, when Telegram refuses its form
GENERAL_TOPIC = 1  # is named by leaving the topic out: Telegram does not find it by its own id


class TelegramNotifier:
    """Sends alerts as one bot."""

    kind = DestinationKind.TELEGRAM

    def __init__(self, token: SecretStr, *, api_url: str, clock: Clock, timeout_s: float = TIMEOUT_S) -> None:
        """Open no connection yet.

        Args:
            token: the bot's, from @BotFather.
            api_url: where the Bot API lives, e.g. ``https://api.telegram.org``.
            clock: for the sent time.
            timeout_s: for one call in all, in seconds.
        """
        self._clock = clock
        self._timeout_s = timeout_s
        self._request = TelegramRequest(token, read_timeout_s=min(READ_TIMEOUT_S, timeout_s))
        self._bot = Bot(
            PLACEHOLDER,
            base_url=f"{api_url.rstrip('/')}/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    def rate(self, destination: Destination) -> Rate:
        """See Notifier. ``OVERALL`` holds besides, for all chats together."""
        address = destination.address
        return GROUP if address.startswith(("-", "@")) else PRIVATE

    def render(self, alert: Alert, look: Look = PLAIN) -> Message:
        """See Notifier."""
        return _message(post_of(alert, look))

    def render_digest(self, alerts: Sequence[Alert], look: Look = PLAIN) -> Message:
        """See Notifier."""
        return _message(digest_post(alerts, look))

    def render_amended(self, amendment: Amendment, look: Look = PLAIN) -> Message:
        """See Notifier."""
        return _message(amended_post(amendment, look))

    async def check(self) -> str:
        """See Notifier."""
        async with self._calling(Destination(DestinationKind.TELEGRAM)):
            me = await self._offer(self._bot.get_me)
        return f"@{me.username} (id {me.id})"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier. What Telegram refuses for its form is offered in another: a picture as words, HTML as plain
        text without reply and buttons. A refusal is no message."""
        now = self._clock.now()
        post: Post = message.payload["post"]
        if len(claim.held) > 1:
            note = held.sent_note(claim.held, now, language=post.language)
        else:
            note = sent_note(claim.alert, now, language=post.language)
        post = post.with_note(note, maybe_sent=claim.maybe_sent)
        where = _where(claim.destination) | {"disable_notification": held.urgency_of(claim) is Urgency.WATCH}
        dressed = where | {"reply_parameters": _reply(claim), "reply_markup": _markup(post.keyboard)}
        forms = [
            partial(self._words, post.text.html, preview=post.preview, parse_mode="HTML", **dressed),
            partial(self._words, post.text.plain, **where),
        ]
        picture = await _drawn(post)
        if picture is not None and post.caption is not None:
            forms.insert(0, partial(self._picture, picture, post.caption.html, parse_mode="HTML", **dressed))
        async with self._calling(claim.destination):
            sent, mark = await self._offer(*forms)
        if sent is True:  # a server that acknowledges without naming the message
            return Receipt("", channel=claim.destination.address)
        dated = sent.date if sent.date.timestamp() > 0 else None
        return Receipt(f"{sent.message_id}{mark}", channel=str(sent.chat.id), sent_at=dated)

    async def amend(self, amendment: Amendment, message: Message) -> None:
        """See Notifier. The buttons stay. A picture is exchanged with its words: it tells the same."""
        to, number = amendment.destination, number_of(amendment.receipt)
        if number is None:
            raise NotifyError("Telegram has not named the message", destination=str(to), permanent=True)
        if not _is_here(amendment.receipt, to):
            raise NotifyError("the message was sent before the chat moved", destination=str(to), permanent=True)
        post: Post = message.payload["post"]
        post = post.with_note(amended_note(amendment, language=post.language))
        forms = self._edits(post, await _drawn(post), {"chat_id": _chat(to), "message_id": number})
        async with self._calling(to, editing=True):
            try:
                await self._offer(*forms)
            except BadRequest as refused:
                if not of_sameness(refused):
                    raise

    async def say(self, destination: Destination, text: str) -> None:
        """See Notifier."""
        async with self._calling(destination):
            await self._offer(partial(self._words, plain_words(text), **_where(destination)))

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """See Notifier: a bot cannot read what it has sent."""
        raise NotifyError("Telegram cannot tell", destination=str(claim.destination), permanent=True)

    async def aclose(self) -> None:
        """See Notifier."""
        await self._request.shutdown()

    @asynccontextmanager
    async def _calling(self, to: Destination, *, editing: bool = False) -> AsyncIterator[None]:
        """The library's errors become ours."""
        try:
            yield
        except TelegramError as error:
            raise translate(error, to, editing=editing) from error
        except TimeoutError as error:
            raise NotifyError("Telegram did not answer in time", destination=str(to), maybe_sent=True) from error

    async def _offer(self, *forms: Callable[[], Awaitable[Any]]) -> Any:
        """The answer to the first form that is not refused for being that form."""
        for form in forms[:-1]:
            try:
                async with asyncio.timeout(self._timeout_s):
                    return await form()
            except BadRequest as refused:
                if not of_form(refused):
                    raise
        async with asyncio.timeout(self._timeout_s):
            return await forms[-1]()

    def _edits(self, post: Post, picture: bytes | None, where: dict[str, Any]) -> list[Callable[[], Awaitable[Any]]]:
        """The forms in which a message may be edited, the best first; without a picture the posted one stays."""
        dressed: dict[str, Any] = where | {"reply_markup": _markup(post.keyboard)}

        def edit(words: str, **options: Any) -> Callable[[], Awaitable[Any]]:
            if post.caption is not None:
                return partial(self._bot.edit_message_caption, caption=words, **options)
            preview = _preview(post.preview)
            return partial(self._bot.edit_message_text, words, link_preview_options=preview, **options)

        said = post.caption or post.text
        forms = [edit(said.html, parse_mode="HTML", **dressed), edit(said.plain, **where)]
        if picture is not None:
            media = InputMediaPhoto(picture, caption=said.html, parse_mode="HTML")
            forms.insert(0, partial(self._bot.edit_message_media, media, **dressed))
        return forms

    async def _words(self, text: str, *, preview: str = "", **options: Any) -> tuple[Any, str]:
        return await self._bot.send_message(text=text, link_preview_options=_preview(preview), **options), ""

    async def _picture(self, picture: bytes, caption: str, **options: Any) -> tuple[Any, str]:
        return await self._bot.send_photo(photo=picture, caption=caption, **options), PICTURE


def _message(post: Post) -> Message:
    return Message(post.text.plain, {"html": post.text.html, "post": post})


async def _drawn(post: Post) -> bytes | None:
    """The picture, where one is wished and can be drawn; in a thread: the loop has other alerts to send."""
    return None if post.card is None else await asyncio.to_thread(picture_of, post.card)


def _chat(to: Destination) -> int | str:
    return to.address if to.address.startswith("@") else int(to.address)


def _where(to: Destination) -> dict[str, Any]:
    return {"chat_id": _chat(to), "message_thread_id": to.topic if to.topic != GENERAL_TOPIC else None}


def _preview(url: str) -> LinkPreviewOptions:
    return LinkPreviewOptions(is_disabled=False, url=url) if url else LinkPreviewOptions(is_disabled=True)


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=action) for label, action in row] for row in keyboard]
    return InlineKeyboardMarkup(rows) if rows else None


def _is_here(receipt: Receipt, to: Destination) -> bool:
    """Whether the message stands where the destination is now: numbers start anew when a group migrates."""
    return to.address.startswith("@") or receipt.channel in {"", to.address}


def _reply(claim: Claim) -> ReplyParameters | None:
    """An update answers the story's first message."""
    if claim.alert.outcome is not Outcome.UPDATE or claim.thread is None:
        return None
    number = number_of(claim.thread)
    if number is None or not _is_here(claim.thread, claim.destination):
        return None
    return ReplyParameters(number, allow_sending_without_reply=True)
