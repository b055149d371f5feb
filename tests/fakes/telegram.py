"""A strict stand-in for Telegram's Bot API, built from its documents: it refuses what Telegram refuses.

Source: core.telegram.org/bots/api ("Making requests", sendMessage, editMessageText, "HTML style",
ResponseParameters) and /bots/faq.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.fakes.remote import Arrival, Remote, Reply, Script

TOKEN = "7000000001:AAchipwireTestTokenForLoopbackOnly01"

MAX_TEXT = 4_096
MAX_ENTITIES = 100
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|lt|gt|amp|quot);")
_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip


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
            "editMessageText": self._edit,
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
            return Reply.json({"ok": True, "result": call(dict(arrival.params))})
        except _RefusalError as no:
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
            raise _RefusalError(400, "Bad Request: not enough rights to send text messages to the chat")
        text, entities = _content(args)
        topic = _integer(args.get("message_thread_id"))
        if topic is not None and (chat.topics is None or topic not in chat.topics or topic == 1):
            raise _RefusalError(400, "Bad Request: message thread not found")
        reply = _object(args.get("reply_parameters"))
        answered = None
        if reply is not None:
            answered = chat.messages.get(int(reply.get("message_id", 0)))
            if answered is None and not reply.get("allow_sending_without_reply"):
                raise _RefusalError(400, "Bad Request: message to be replied not found")
        self._keep_rate(chat)
        chat.last_id += 1
        message: dict[str, Any] = {
            "message_id": chat.last_id,
            "date": int(time.time()),
            "chat": self._shown_chat(chat),
            "text": text,
        }
        if chat.type == "channel":
            message["sender_chat"] = self._shown_chat(chat)
        else:
            message["from"] = {"id": 7000000001, "is_bot": True, "first_name": "Chipwire", "username": "chipwire_bot"}
        if entities:
            message["entities"] = entities
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if answered is not None:
            message["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        chat.messages[chat.last_id] = message
        return message

    def _edit(self, args: dict[str, Any]) -> dict[str, Any]:
        message = self._message(args, "edit")
        text, entities = _content(args)
        if (text, entities) == (message["text"], message.get("entities", [])):
            raise _RefusalError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
            )
        message |= {"text": text, "entities": entities, "edit_date": int(time.time())}
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
            raise _RefusalError(400, "Bad Request: chat_id is empty")
        for chat in self.chats.values():
            if str(wanted) == str(chat.id) or (chat.username and str(wanted).lower() == f"@{chat.username}".lower()):
                break
        else:
            raise _RefusalError(400, "Bad Request: chat not found")
        if chat.migrated_to is not None:
            raise _RefusalError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.forbidden:
            raise _RefusalError(403, f"Forbidden: {chat.forbidden}")
        return chat

    def _message(self, args: dict[str, Any], verb: str) -> dict[str, Any]:
        message = self._chat(args).messages.get(_integer(args.get("message_id")) or 0)
        if message is None:
            raise _RefusalError(400, f"Bad Request: message to {verb} not found")
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
            raise _RefusalError(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
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


class _RefusalError(Exception):
    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def _refuse(code: int, description: str, parameters: dict[str, Any] | None = None) -> Reply:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters is not None:
        body["parameters"] = parameters
    return Reply.json(body, code)


def _content(args: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    text = str(args.get("text") or "")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _RefusalError(400, "Bad Request: strings must be encoded in UTF-8") from None
    mode = str(args.get("parse_mode") or "")
    entities: list[dict[str, Any]] = []
    if mode.lower() == "html":
        text, entities = parse_html(text)
    elif mode:
        raise _RefusalError(400, "Bad Request: unsupported parse_mode")
    text = text.strip()
    if not text:
        raise _RefusalError(400, "Bad Request: message text is empty")
    if utf16(text) > MAX_TEXT:
        raise _RefusalError(400, "Bad Request: message is too long")
    return text, entities[:MAX_ENTITIES]


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of Telegram's HTML; refuses what is unsupported, unbalanced or crossed."""
    out = ""
    entities: list[dict[str, Any]] = []
    stack: list[tuple[str, int, dict[str, str]]] = []
    at = 0

    def where() -> str:
        return f"byte offset {len(source[:at].encode())}"

    while at < len(source):
        char = source[at]
        if char == "&":
            entity = _ENTITY.match(source, at)
            # Telegram takes what it does not know to the letter; here it is an escape that was forgotten.
            if entity is None:
                raise _RefusalError(400, f"Bad Request: can't parse entities: Bare ampersand at {where()}")
            out += html.unescape(entity[0])
            at = entity.end()
            continue
        if char == ">":
            raise _RefusalError(400, f"Bad Request: can't parse entities: Bare bracket at {where()}")
        if char != "<":
            out += char
            at += 1
            continue
        tag = _TAG.match(source, at)
        if tag is None:
            raise _RefusalError(400, f"Bad Request: can't parse entities: Unclosed start tag at {where()}")
        name = tag[2].lower()
        at = tag.end()
        if tag[1]:
            if not stack or stack[-1][0] != name:
                raise _RefusalError(400, f"Bad Request: can't parse entities: Unexpected end tag at {where()}")
            _, start, attributes = stack.pop()
            if utf16(out) > start:
                entity_of: dict[str, Any] = {"offset": start, "length": utf16(out) - start, "type": _KINDS[name]}
                if name == "a":
                    entity_of["url"] = attributes["href"]
                entities.append(entity_of)
            continue
        attributes = {k.lower(): html.unescape(v.strip("\"'")) for k, v in _ATTRIBUTE.findall(tag[3])}
        if (
            name not in _KINDS
            or (name == "span" and attributes.get("class") != "tg-spoiler")
            or (name == "a" and not attributes.get("href", "").startswith(("http://", "https://", "tg://")))
        ):
            raise _RefusalError(
                400,
                f'Bad Request: can\'t parse entities: Unsupported start tag "{name}" at {where()}',
            )
        stack.append((name, utf16(out), attributes))
    if stack:
        raise _RefusalError(
            400, f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\""
        )
    return out, sorted(entities, key=lambda e: e["offset"])


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _integer(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise _RefusalError(400, "Bad Request: an integer is expected") from None


def _object(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            raise _RefusalError(400, "Bad Request: can't parse JSON-serialized object") from None
    return value if isinstance(value, dict) else None
