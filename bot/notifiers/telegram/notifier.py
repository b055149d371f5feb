"""Sending to Telegram once.

Source: core.telegram.org/bots/api (sendMessage, getMe, "Making requests", ResponseParameters) and /bots/faq.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import SecretStr
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.clock import Clock
from bot.domain import Alert, Claim, Destination, DestinationKind, Outcome, Receipt, Urgency
from bot.errors import NotifyError
from bot.notifiers.base import Message, Rate
from bot.notifiers.digest import urgency_of
from bot.notifiers.telegram.digest import digest_text, finished_digest
from bot.notifiers.telegram.markup import Text, finished, text_of
from bot.notifiers.telegram.request import (
    PLACEHOLDER,
    READ_TIMEOUT_S,
    RefusedError,
    TelegramRequest,
    TooFastError,
)
from bot.notifiers.text import clean, shorten
from bot.notifiers.transport import NEVER_SENT

# "My bot is hitting limits": one message a second in a chat (short bursts are tolerated), 20 a minute in a group
# (and, by experience, in a channel), about 30 a second over all chats.
PRIVATE = Rate(burst=10, interval=timedelta(seconds=1))  # about one a second; short bursts pass
GROUP = Rate(burst=20, interval=timedelta(seconds=3))  # 20 in any minute, groups and channels
OVERALL = Rate(burst=30, interval=timedelta(seconds=1) / 30)  # 30 in any second, per bot
TIMEOUT_S = 20.0  # one call in all; a message may take two, when Telegram refuses its form
GENERAL_TOPIC = 1  # is named by leaving the topic out: Telegram does not find it by its own id
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# Refusals that concern the chat, not the message.
_PERMANENT = re.compile(
    r"chat not found|user not found|peer_id_invalid|chat_id is empty|group chat was deactivated|chat was deleted"
    r"|not enough rights|have no rights|need administrator rights|chat_admin_required|chat_write_forbidden"
    r"|chat_send_plain_forbidden|chat_restricted|channel_private|user_is_blocked|user is deactivated"
    r"|input_user_deactivated"
    r"|message thread not found|topic_closed|topic_deleted|topic_id_invalid|bot is not a member|bot was kicked",
    re.IGNORECASE,
)
# Refusals that another form of the same words may escape.
_FORM = re.compile(
    r"can't parse entities|message is too long|message_too_long|entit|text must be|url_invalid|wrong http url"
    r"|repl(?:y|ied)|text is empty",
    re.IGNORECASE,
)


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

    def render(self, alert: Alert) -> Message:
        """See Notifier."""
        text = text_of(alert)
        return Message(text.plain, {"html": text.html})

    def render_digest(self, alerts: Sequence[Alert]) -> Message:
        """See Notifier."""
        text = digest_text(alerts)
        return Message(text.plain, {"html": text.html})

    async def check(self) -> str:
        """See Notifier."""
        try:
            async with asyncio.timeout(self._timeout_s):
                me = await self._bot.get_me()
        except TelegramError as error:
            raise _translate(error, Destination(DestinationKind.TELEGRAM)) from error
        except TimeoutError as error:
            raise NotifyError("Telegram did not answer in time", destination="telegram") from error
        return f"@{me.username} (id {me.id})"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier. What Telegram refuses for its form is offered once more as plain text without a reply: a
        refusal is no message."""
        now = self._clock.now()
        text = Text(message.payload["html"], message.text)
        if len(claim.held) > 1:
            text = finished_digest(text, claim.held, now, maybe_sent=claim.maybe_sent)
        else:
            text = finished(text, claim.alert, now, maybe_sent=claim.maybe_sent)
        try:
            try:
                return await self._send(claim, text.html, parse_mode="HTML", reply=_reply(claim))
            except BadRequest as refused:
                if not _FORM.search(refused.message) or _PERMANENT.search(refused.message):
                    raise
            return await self._send(claim, text.plain, parse_mode=None, reply=None)
        except TelegramError as error:
            raise _translate(error, claim.destination) from error
        except TimeoutError as error:
            raise NotifyError(
                "Telegram did not answer in time", destination=str(claim.destination), maybe_sent=True
            ) from error

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """See Notifier: a bot cannot read what it has sent."""
        raise NotifyError("Telegram cannot tell", destination=str(claim.destination), permanent=True)

    async def aclose(self) -> None:
        """See Notifier."""
        await self._request.shutdown()

    async def _send(self, claim: Claim, text: str, *, parse_mode: str | None, reply: ReplyParameters | None) -> Receipt:
        to = claim.destination
        async with asyncio.timeout(self._timeout_s):
            sent: Any = await self._bot.send_message(
                chat_id=to.address if to.address.startswith("@") else int(to.address),
                text=text,
                parse_mode=parse_mode,
                message_thread_id=to.topic if to.topic != GENERAL_TOPIC else None,
                disable_notification=urgency_of(claim) is Urgency.WATCH,
                link_preview_options=_NO_PREVIEW,
                reply_parameters=reply,
            )
        if sent is True:  # a server that acknowledges without naming the message
            return Receipt("", channel=to.address)
        dated = sent.date if sent.date.timestamp() > 0 else None
        return Receipt(str(sent.message_id), channel=str(sent.chat.id), sent_at=dated)


def _reply(claim: Claim) -> ReplyParameters | None:
    """An update answers the story's first message; message numbers start anew when a group migrates."""
    thread, here = claim.thread, claim.destination.address
    if claim.alert.outcome is not Outcome.UPDATE or thread is None or not thread.message_id.isdigit():
        return None
    if not here.startswith("@") and thread.channel not in {"", here}:
        return None
    return ReplyParameters(int(thread.message_id), allow_sending_without_reply=True)


def _translate(error: TelegramError, destination: Destination) -> NotifyError:
    """What the library's error means for the next step."""
    to = str(destination)
    said = shorten(clean(error.message), 200)
    if isinstance(error, TooFastError):
        return NotifyError(f"Telegram: {said}", destination=to, retry_after=error.wait)
    if isinstance(error, ChatMigrated):
        moved = Destination(DestinationKind.TELEGRAM, str(error.new_chat_id), destination.topic)
        return NotifyError(f"the chat has moved to {moved}", destination=to, moved_to=str(moved))
    if isinstance(error, InvalidToken):
        return NotifyError(f"Telegram refuses the bot's token: {said}", destination=to, auth=True)
    if isinstance(error, Forbidden):
        return NotifyError(f"Telegram: {said}", destination=to, permanent=True)
    if isinstance(error, BadRequest):
        return NotifyError(f"Telegram: {said}", destination=to, permanent=bool(_PERMANENT.search(said)))
    if isinstance(error, (Conflict, RefusedError)):
        return NotifyError(f"Telegram: {said}", destination=to)
    cause = error.__cause__
    reached = not isinstance(cause, NEVER_SENT)
    name = type(cause).__name__ if cause is not None else ""
    if isinstance(error, TimedOut):
        return NotifyError(f"Telegram did not answer in time ({name})", destination=to, maybe_sent=reached)
    if isinstance(error, NetworkError) and not reached:
        return NotifyError(f"cannot reach Telegram ({name})", destination=to)
    return NotifyError(f"Telegram's answer was lost ({name or said})", destination=to, maybe_sent=True)
