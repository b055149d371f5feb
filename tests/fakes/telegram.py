"""A strict stand-in for Telegram's Bot API, built from its documents: it refuses what Telegram refuses.

Source: core.telegram.org/bots/api ("Making requests", sendMessage, sendPhoto, "Updating messages",
InlineKeyboardMarkup, ResponseParameters) and /bots/faq; the descriptions of refusals are those of the published server.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.fakes.remote import Arrival, Remote, Reply, Script
from tests.fakes.telegram_html import RefusalError, all_entities, content, parse_html, utf16

__all__ = ["TOKEN", "Chat", "FakeTelegram", "all_entities", "parse_html", "utf16"]

TOKEN = "7000000001:AAchipwireTestTokenForLoopbackOnly01"

MAX_BUTTONS = 100
MAX_DATA = 64  # bytes of callback_data


@dataclass(slots=True)
class Chat:
    """One chat and the messages in it."""

    id: int
    type: str = "private"  # private, group, supergroup, channel
    username: str = ""
    forbidden: str = ""  # "bot was kicked from the channel chat"
    migrated_to: int | None = None
    topics: set[int] | None = None  # of a forum
    can_send: bool = True
    can_send_photos: bool = True
    fixed: set[int] = field(default_factory=set)  # messages that may no longer be edited
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_id: int = 0


class FakeTelegram(Remote):
    """Telegram with one bot and the given chats."""

    def __init__(self, *chats: Chat, token: str = TOKEN, enforce_rate: bool = False) -> None:
        """Make the chats.

        Args:
            chats: those that the bot may know of.
            token: the only one that is good.
            enforce_rate: refuse more than 20 messages a minute in a group or channel and 30 a second over all.
        """
        super().__init__()
        self.token = token
        self.enforce_rate = enforce_rate
        self.chats = {chat.id: chat for chat in chats or (Chat(5001), Chat(-1001, "channel", "chipwire"))}
        self.updates: deque[dict[str, Any]] = deque()
        self._recent: dict[int, deque[float]] = {}
        self._methods: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": self._get_me,
            "getChat": lambda args: self._shown_chat(self._chat(args)),
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "getUpdates": self._get_updates,
            "answerCallbackQuery": lambda _: True,
            "deleteWebhook": lambda _: True,
            "setMyCommands": lambda _: True,
        }

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages of all chats."""
        with self.lock:
            return [m for c in self.chats.values() for m in c.messages.values()]

    def answer(self, arrival: Arrival) -> Reply:
        """See Remote."""
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", arrival.path)
        if match is None or not re.fullmatch(r"\d+:[\w-]{20,}", match[1]):
            return _refuse(404, "Not Found")
        if match[1] != self.token:
            return _refuse(401, "Unauthorized")
        call = {name.lower(): method for name, method in self._methods.items()}.get(match[2].lower())
        if call is None:
            return _refuse(404, "Not Found: method not found")
        try:
            args = dict(arrival.params)
            if arrival.headers.get("content-type", "").startswith("multipart/form-data"):
                args |= _multipart(arrival)
            return Reply.json({"ok": True, "result": call(args)})
        except RefusalError as no:
            return _refuse(no.code, no.description, no.parameters)

    def error(self, arrival: Arrival, script: Script) -> Reply:
        """See Remote."""
        if script.status == 429:
            wait = script.retry_after
            parameters = {"retry_after": wait} if wait is not None else None
            return _refuse(429, f"Too Many Requests: retry after {wait or 0}", parameters)
        return _refuse(script.status, HTTPStatus(script.status).phrase)

    # ── methods ──────────────────────────────────────────────────────────────────────────────

    def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Chipwire",
            "username": "chipwire_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _send_message(self, args: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(args)
        if not chat.can_send:
            raise RefusalError(400, "Bad Request: not enough rights to send text messages to the chat")
        text, entities = content(str(args.get("text") or ""), str(args.get("parse_mode") or ""))
        said: dict[str, Any] = {"text": text} | ({"entities": entities} if entities else {})
        preview = _object(args.get("link_preview_options"))
        if preview is not None:
            said["link_preview_options"] = preview
        return self._post(chat, args, said)

    def _send_photo(self, args: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(args)
        if not (chat.can_send and chat.can_send_photos):
            raise RefusalError(400, "Bad Request: not enough rights to send photos to the chat")
        caption, entities = content(str(args.get("caption") or ""), str(args.get("parse_mode") or ""), caption=True)
        said: dict[str, Any] = {"photo": [_picture(args.get("photo"))]}
        said |= {"caption": caption} if caption else {}
        return self._post(chat, args, said | ({"caption_entities": entities} if entities else {}))

    def _post(self, chat: Chat, args: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        topic = _integer(args.get("message_thread_id"))
        if topic is not None and (chat.topics is None or topic not in chat.topics or topic == 1):
            raise RefusalError(400, "Bad Request: message thread not found")
        reply = _object(args.get("reply_parameters"))
        answered = None
        if reply is not None:
            answered = chat.messages.get(int(reply.get("message_id", 0)))
            if answered is None and not reply.get("allow_sending_without_reply"):
                raise RefusalError(400, "Bad Request: message to be replied not found")
        keyboard = _keyboard(args)
        self._keep_rate(chat)
        chat.last_id += 1
        message: dict[str, Any] = {
            "message_id": chat.last_id,
            "date": int(time.time()),
            "chat": self._shown_chat(chat),
            **said,
        }
        if chat.type == "channel":
            message["sender_chat"] = self._shown_chat(chat)
        else:
            message["from"] = {"id": 7000000001, "is_bot": True, "first_name": "Chipwire", "username": "chipwire_bot"}
        if keyboard is not None:
            message["reply_markup"] = keyboard
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if answered is not None:
            message["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        chat.messages[chat.last_id] = message
        return message

    def _edit_text(self, args: dict[str, Any]) -> dict[str, Any]:
        message = self._message(args, "edit")
        text, entities = content(str(args.get("text") or ""), str(args.get("parse_mode") or ""))
        if "text" not in message:
            raise RefusalError(400, "Bad Request: there is no text in the message to edit")
        preview = _object(args.get("link_preview_options"))
        said = {"text": text, "entities": entities or None, "link_preview_options": preview}
        return self._change(message, said, _keyboard(args))

    def _edit_caption(self, args: dict[str, Any]) -> dict[str, Any]:
        message = self._message(args, "edit")
        caption, entities = content(str(args.get("caption") or ""), str(args.get("parse_mode") or ""), caption=True)
        if "photo" not in message:
            raise RefusalError(400, "Bad Request: there is no caption in the message to edit")
        said = {"caption": caption or None, "caption_entities": entities or None}
        return self._change(message, said, _keyboard(args))

    def _edit_media(self, args: dict[str, Any]) -> dict[str, Any]:
        message = self._message(args, "edit")
        media = _object(args.get("media")) or {}
        source = str(media.get("media", ""))
        if media.get("type") != "photo" or not source.startswith("attach://"):
            raise RefusalError(400, "Bad Request: can't parse InputMedia: media not found")
        photo = _picture(args.get(source.removeprefix("attach://")))
        words, mode = str(media.get("caption") or ""), str(media.get("parse_mode") or "")
        caption, entities = content(words, mode, caption=True)
        if "photo" not in message:
            raise RefusalError(400, "Bad Request: message can't be edited")
        said = {"photo": [photo], "caption": caption or None, "caption_entities": entities or None}
        return self._change(message, said, _keyboard(args))

    def _edit_markup(self, args: dict[str, Any]) -> dict[str, Any]:
        return self._change(self._message(args, "edit"), {}, _keyboard(args))

    def _change(self, message: dict[str, Any], said: dict[str, Any], keyboard: dict[str, Any] | None) -> dict[str, Any]:
        """Put the words and the buttons in the place of the former ones: buttons that are not sent again are gone."""
        after = {**message, **said, "reply_markup": keyboard}
        after = {key: value for key, value in after.items() if value is not None}
        if after == message:
            raise RefusalError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
            )
        message.clear()
        message |= after | {"edit_date": int(time.time())}
        return message

    def _delete(self, args: dict[str, Any]) -> bool:
        message = self._message(args, "delete")
        del self.chats[message["chat"]["id"]].messages[message["message_id"]]
        return True

    def _get_updates(self, args: dict[str, Any]) -> list[dict[str, Any]]:
        offset = _integer(args.get("offset")) or 0
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        return list(self.updates)[: _integer(args.get("limit")) or 100]

    # ── rules ────────────────────────────────────────────────────────────────────────────────

    def _chat(self, args: dict[str, Any]) -> Chat:
        wanted = args.get("chat_id")
        if wanted in {None, ""}:
            raise RefusalError(400, "Bad Request: chat_id is empty")
        for chat in self.chats.values():
            if str(wanted) == str(chat.id) or (chat.username and str(wanted).lower() == f"@{chat.username}".lower()):
                break
        else:
            raise RefusalError(400, "Bad Request: chat not found")
        if chat.migrated_to is not None:
            raise RefusalError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.forbidden:
            raise RefusalError(403, f"Forbidden: {chat.forbidden}")
        return chat

    def _message(self, args: dict[str, Any], verb: str) -> dict[str, Any]:
        message = self._chat(args).messages.get(_integer(args.get("message_id")) or 0)
        if message is None:
            raise RefusalError(400, f"Bad Request: message to {verb} not found")
        if message["message_id"] in self.chats[message["chat"]["id"]].fixed:
            raise RefusalError(400, f"Bad Request: message can't be {verb.removesuffix('e')}ed")
        return message

    def _keep_rate(self, chat: Chat) -> None:
        if not self.enforce_rate:
            return
        now = time.monotonic()
        everywhere = self._recent.setdefault(0, deque())
        here = self._recent.setdefault(chat.id, deque())
        while everywhere and now - everywhere[0] > 1.0:
            everywhere.popleft()
        while here and now - here[0] > 60.0:
            here.popleft()
        if len(everywhere) >= 30 or (chat.type != "private" and len(here) >= 20):
            wait = 1 if len(everywhere) >= 30 else int(60.0 - (now - here[0])) + 1
            raise RefusalError(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        everywhere.append(now)
        here.append(now)

    @staticmethod
    def _shown_chat(chat: Chat) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": chat.id, "type": chat.type}
        if chat.type != "private":
            shown["title"] = "Chips"
        if chat.username:
            shown["username"] = chat.username
        if chat.topics is not None:
            shown["is_forum"] = True
        return shown


def _refuse(code: int, description: str, parameters: dict[str, Any] | None = None) -> Reply:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters is not None:
        body["parameters"] = parameters
    return Reply.json(body, code)


def _multipart(arrival: Arrival) -> dict[str, Any]:
    """The fields of a form with files; a file's value is its bytes."""
    boundary = re.search(r'boundary="?([^";]+)', arrival.headers["content-type"])
    assert boundary is not None
    fields: dict[str, Any] = {}
    for part in arrival.body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'; name="([^"]*)"', head)
        assert name is not None
        value = value.removesuffix(b"\r\n")
        fields[name[1].decode()] = value if b"; filename=" in head else value.decode()
    return fields


def _picture(value: Any) -> dict[str, Any]:
    """The size of a picture; refuses what is none or has a shape that Telegram does not show.

    At most 10 MB, width and height together at most 10,000, and one at most 20 times the other.
    """
    if not isinstance(value, bytes):
        raise RefusalError(400, "Bad Request: there is no photo in the request")
    if not value:
        raise RefusalError(400, "Bad Request: file must be non-empty")
    if len(value) > 10 * 2**20:
        raise RefusalError(413, "Request Entity Too Large")
    if not value.startswith(b"\x89PNG\r\n\x1a\n") or not value.endswith(b"IEND\xaeB`\x82"):
        raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    width, height = int.from_bytes(value[16:20], "big"), int.from_bytes(value[20:24], "big")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise RefusalError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    unique = hashlib.blake2b(value, digest_size=8).hexdigest()
    return {"file_id": unique, "file_unique_id": unique, "width": width, "height": height, "file_size": len(value)}


def _keyboard(args: dict[str, Any]) -> dict[str, Any] | None:
    """The inline keyboard of a request; refuses what Telegram refuses."""
    markup = _object(args.get("reply_markup"))
    rows = (markup or {}).get("inline_keyboard")
    if not rows:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise RefusalError(
            400, 'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise RefusalError(400, "Bad Request: reply markup is too long")
    for button in buttons:
        if not isinstance(button, dict) or not isinstance(button.get("text"), str):
            raise RefusalError(400, "Bad Request: can't parse inline keyboard button: Can't find field \"text\"")
        if not button["text"].strip():
            raise RefusalError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        data, url = button.get("callback_data"), button.get("url")
        if data is None and url is None:
            raise RefusalError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if data is not None and not 1 <= len(str(data).encode()) <= MAX_DATA:
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
        if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
            raise RefusalError(400, "Bad Request: BUTTON_URL_INVALID")
    return {"inline_keyboard": rows}


def _integer(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise RefusalError(400, "Bad Request: an integer is expected") from None


def _object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            raise RefusalError(400, "Bad Request: can't parse JSON-serialized object") from None
    return value if isinstance(value, dict) else None
