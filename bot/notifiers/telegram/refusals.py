"""What Telegram's refusals mean for the next step.

Source: core.telegram.org/bots/api ("Making requests", ResponseParameters); the descriptions are those of the
published server of the Bot API.
"""

from __future__ import annotations

import re

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

from bot.domain import Destination, DestinationKind
from bot.errors import NotifyError
from bot.notifiers.telegram.request import RefusedError, TooFastError
from bot.notifiers.text import clean, shorten
from bot.notifiers.transport import NEVER_SENT

# Refusals that concern the chat, not the message.
_CHAT = re.compile(
    r"chat not found|user not found|peer_id_invalid|chat_id is empty|group chat was deactivated|chat was deleted"
    r"|not enough rights|have no rights|need administrator rights|chat_admin_required|chat_write_forbidden"
    r"|chat_send_plain_forbidden|chat_restricted|channel_private|user_is_blocked|user is deactivated"
    r"|input_user_deactivated"
    r"|message thread not found|topic_closed|topic_deleted|topic_id_invalid|bot is not a member|bot was kicked",
    re.IGNORECASE,
)
# Refusals that another form of the same words may escape.
_FORM = re.compile(
    r"can't parse entities|(?:message|text|caption) is too long|message_too_long|caption_too_long|entit|text must be"
    r"|url_invalid|wrong http url|repl(?:y|ied)|text is empty|button_|inline keyboard",
    re.IGNORECASE,
)
# Refusals that concern a posted message: it is gone, too old, not ours, or of another kind.
_POSTED = re.compile(
    r"message to edit not found|message can't be edited|message_id_invalid|message_edit_time_expired"
    r"|message_author_required|message not found|message identifier is not specified"
    r"|no (?:text|caption|media) in the message to edit",
    re.IGNORECASE,
)
# Refusals that concern a picture: words alone may be taken.
_PICTURE = re.compile(
    r"photo|image_process|chat_send_media_forbidden|wrong file|file (?:is too big|must be)|media_(?:empty|invalid)",
    re.IGNORECASE,
)
_SAME = re.compile(r"message is not modified|message_not_modified", re.IGNORECASE)


def of_form(refused: BadRequest) -> bool:
    """Whether the same words may be taken in another form: with other markup, without a picture."""
    said = refused.message
    if _SAME.search(said):
        return False
    return bool(_PICTURE.search(said)) or (bool(_FORM.search(said)) and not _CHAT.search(said))


def of_sameness(refused: BadRequest) -> bool:
    """Whether the message says so already."""
    return bool(_SAME.search(refused.message))


def translate(error: TelegramError, destination: Destination, *, editing: bool = False) -> NotifyError:
    """What the library's error means for the next step; ``editing`` where a posted message was to be changed."""
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
        permanent = bool(_CHAT.search(said)) or (editing and bool(_POSTED.search(said)))
        return NotifyError(f"Telegram: {said}", destination=to, permanent=permanent)
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
