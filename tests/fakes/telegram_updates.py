"""The half of Telegram that people and bots speak through: updates, pressed buttons, members, menus, webhooks.

Source: core.telegram.org/bots/api ("Getting updates", setMyCommands, BotCommandScope, answerCallbackQuery,
getChatMember, sendDocument, sendChatAction) and /bots/features ("Privacy mode", "Deep linking"); the descriptions of
refusals are those of the published server.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.fakes.remote import Arrival, Reply
from tests.fakes.telegram import TOKEN, Chat, FakeTelegram
from tests.fakes.telegram_html import RefusalError, content, utf16

BOT = {"id": int(TOKEN.partition(":")[0]), "is_bot": True, "first_name": "Chipwire", "username": "chipwire_bot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
# All but these are brought where nothing was said of what is wanted.
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
MAX_ANSWER = 200  # characters of a pressed button's answer
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?")
_LANGUAGES = {"en", "zh", "ja", "de", "fr", "ko"}  # some of ISO 639-1


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a telephone."""

    id: int
    name: str = "Ada"
    language: str = "en"

    @property
    def shown(self) -> dict[str, Any]:
        """As a User."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}


@dataclass(slots=True)
class Press:
    """One pressed button, and how it was answered."""

    id: str
    data: str
    answer: dict[str, Any] | None = None
    too_old: bool = False

    @property
    def text(self) -> str:
        """What the person was shown."""
        return str((self.answer or {}).get("text") or "")


@dataclass(slots=True)
class Webhook:
    """Where updates are brought to."""

    url: str
    secret: str = ""
    last_error: str = ""
    failed_at: int = 0


class FakeTelegramChats(FakeTelegram):
    """Telegram with people in its chats; nobody administers any yet."""

    def __init__(self, *chats: Chat, **options: Any) -> None:
        super().__init__(*chats, **options)
        self.admins: set[tuple[int, int]] = set()  # chat and person
        self.hidden_members: set[int] = set()  # channels that do not tell who is there
        self.presses: dict[str, Press] = {}
        self.menus: dict[tuple[str, str], list[dict[str, str]]] = {}  # by scope and language
        self.webhook: Webhook | None = None
        self.allowed: set[str] | None = None
        self.documents: list[tuple[int, str, bytes]] = []  # chat, name of the file, what is in it
        self.written: set[tuple[int, int]] = set()  # by people: chat and message
        self._numbers = count(900_001)
        self._pollers = 0
        self._methods |= {
            "getUpdates": self._updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "setMyCommands": self._set_commands,
            "answerCallbackQuery": self._answer_press,
            "getChatMember": self._member,
            "sendDocument": self._send_document,
            "sendChatAction": self._send_action,
        }

    # ── what people do ───────────────────────────────────────────────────────────────────────

    def say(self, person: Person | None, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
        """Somebody writes; None: a channel's post. What the bot may not see is only kept."""
        with self.lock:
            chat = self.chats[chat_id]
            message = self._written(person, chat, text) | more
            kind = "channel_post" if chat.type == "channel" else "message"
            if not self._is_hidden(chat, person, message):
                self.push(kind, message)
            return message

    def post(self, chat_id: int, text: str, *actions: str) -> dict[str, Any]:
        """A message of the bot's own, with a button for each action."""
        with self.lock:
            chat = self.chats[chat_id]
            rows = [[{"text": action.partition(":")[0].title(), "callback_data": action} for action in actions]]
            return self._post(chat, {"reply_markup": json.dumps({"inline_keyboard": rows})}, {"text": text})

    def press(self, person: Person, message: dict[str, Any], data: str, *, too_old: bool = False) -> Press:
        """Somebody presses a button; of a message that is long gone, Telegram tells only the number."""
        with self.lock:
            shown = dict(message)
            if too_old:
                shown = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
            press = Press(str(next(self._numbers)), data)
            self.presses[press.id] = press
            query = {"id": press.id, "from": person.shown, "message": shown, "chat_instance": "1", "data": data}
            self.push("callback_query", query)
            return press

    def change_bot(self, person: Person, chat_id: int, was: str, now: str) -> None:
        """Somebody lets the bot in, or removes it; in a private chat ``kicked`` means blocked."""
        with self.lock:
            chat = self.chats[chat_id]
            chat.forbidden = "" if now in {"member", "administrator"} else f"bot was kicked from the {chat.type} chat"
            change = {"chat": self._shown_chat(chat), "from": person.shown, "date": int(time.time())}
            old, new = ({"user": BOT, **_standing(status)} for status in (was, now))
            self.push("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})

    def migrate(self, chat_id: int, new_id: int, *, told: bool = True) -> None:
        """A group becomes a supergroup; the bot is told so in both, or not at all."""
        with self.lock:
            old = self.chats[chat_id]
            new = self.chats[new_id] = Chat(new_id, "supergroup")
            before = self._written(None, old, "") | {"migrate_to_chat_id": new_id}
            after = self._written(None, new, "") | {"migrate_from_chat_id": chat_id}
            old.migrated_to = new_id
            self.admins |= {(new_id, person) for chat, person in self.admins if chat == chat_id}
            for message in (before, after) if told else ():
                del message["text"]
                self.push("message", message)

    def push(self, kind: str, value: dict[str, Any]) -> int:
        """An update for the bot, where it wants that kind; returns its number."""
        with self.lock:
            number = next(self._numbers)
            wanted = kind not in UNASKED if self.allowed is None else kind in self.allowed
            if wanted:
                self.updates.append({"update_id": number, kind: json.loads(json.dumps(value))})
            return number

    # ── getting updates ──────────────────────────────────────────────────────────────────────

    def serve(self, arrival: Arrival) -> tuple[Reply | None, bool]:
        """See Remote. A question for updates waits, without keeping others from asking."""
        if arrival.path.lower().endswith("/getupdates"):
            with self.lock:
                self._pollers += 1
                mine = self._pollers
                offset = int(arrival.params.get("offset") or 0)
                self._confirm(offset)
            until = time.monotonic() + float(arrival.params.get("timeout") or 0)
            while time.monotonic() < until and not self._closing.is_set():
                with self.lock:
                    if mine != self._pollers or self.webhook is not None:
                        break
                    if any(update["update_id"] >= offset for update in self.updates) or self._scripts:
                        break
                time.sleep(0.005)
            with self.lock:
                if mine != self._pollers:
                    arrival.params["superseded"] = True
        return super().serve(arrival)

    def _updates(self, args: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook is not None:
            raise RefusalError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        if args.get("superseded"):
            raise RefusalError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        self._want(args)
        limit = int(args.get("limit") or 100)
        if not 1 <= limit <= 100:
            raise RefusalError(400, "Bad Request: limit must be between 1 and 100")
        offset = int(args.get("offset") or 0)
        if offset < 0:  # counted from the end; what is before is forgotten
            last = list(self.updates)[offset:]
            offset = last[0]["update_id"] if last else 0
        self._confirm(offset)
        return list(self.updates)[:limit]

    def _confirm(self, offset: int) -> None:
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()

    def _want(self, args: dict[str, Any]) -> None:
        wanted = args.get("allowed_updates")
        if wanted is None:
            return
        kinds = json.loads(wanted) if isinstance(wanted, str) else wanted
        self.allowed = set(kinds) or None

    def _set_webhook(self, args: dict[str, Any]) -> bool:
        url, secret = str(args.get("url") or ""), str(args.get("secret_token") or "")
        if url and not url.startswith("https://"):
            raise RefusalError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise RefusalError(400, "Bad Request: secret token contains unallowed characters")
        self._want(args)
        self.webhook = Webhook(url, secret) if url else None
        return True

    def _delete_webhook(self, args: dict[str, Any]) -> bool:
        self.webhook = None
        if str(args.get("drop_pending_updates")).lower() == "true":
            self.updates.clear()
        return True

    def _webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        hook = self.webhook
        info = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }
        if hook is not None and hook.last_error:
            info |= {"last_error_date": hook.failed_at, "last_error_message": hook.last_error}
        return info

    # ── other methods ────────────────────────────────────────────────────────────────────────

    def _set_commands(self, args: dict[str, Any]) -> bool:
        given = args.get("commands")
        commands = json.loads(given) if isinstance(given, str) else given
        if not isinstance(commands, list) or len(commands) > 100:
            raise RefusalError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
                raise RefusalError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        given_scope = args.get("scope") or {"type": "default"}
        scope = json.loads(given_scope) if isinstance(given_scope, str) else given_scope
        known = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
        if scope.get("type") not in known:
            raise RefusalError(400, "Bad Request: unsupported type specified")
        language = str(args.get("language_code") or "")
        if language and language not in _LANGUAGES:
            raise RefusalError(400, "Bad Request: invalid language_code specified")
        self.menus[scope["type"], language] = commands
        return True

    def _answer_press(self, args: dict[str, Any]) -> bool:
        press = self.presses.get(str(args.get("callback_query_id")))
        if press is None or press.too_old or press.answer is not None:
            raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        text = str(args.get("text") or "")
        if utf16(text) > MAX_ANSWER:
            raise RefusalError(400, "Bad Request: MESSAGE_TOO_LONG")
        url = str(args.get("url") or "")
        if url and not url.startswith(f"https://t.me/{BOT['username']}?start"):
            raise RefusalError(400, "Bad Request: URL_INVALID")
        press.answer = {key: value for key, value in args.items() if key != "callback_query_id"}
        return True

    def _member(self, args: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(args)
        if chat.id in self.hidden_members:
            raise RefusalError(400, "Bad Request: member list is inaccessible")
        user = int(args.get("user_id") or 0)
        status = "administrator" if (chat.id, user) in self.admins else "member"
        return {"user": {"id": user, "is_bot": False, "first_name": "Ada"}, **_standing(status)}

    def _send_document(self, args: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(args)
        body = args.get("document")
        if not isinstance(body, bytes):
            raise RefusalError(400, "Bad Request: there is no document in the request")
        if not body:
            raise RefusalError(400, "Bad Request: file must be non-empty")
        caption, _ = content(str(args.get("caption") or ""), str(args.get("parse_mode") or ""), caption=True)
        found = re.search(rb'name="document"; filename="([^"]*)"', self.arrivals[-1].body)
        name = found[1].decode() if found else ""
        self.documents.append((chat.id, name, body))
        shown = {"file_id": "d1", "file_unique_id": "d1", "file_name": name, "file_size": len(body)}
        return self._post(chat, args, {"document": shown} | ({"caption": caption} if caption else {}))

    def _send_action(self, args: dict[str, Any]) -> bool:
        self._chat(args)
        if args.get("action") != "typing":
            raise RefusalError(400, "Bad Request: wrong parameter action in request")
        return True

    # ── rules ────────────────────────────────────────────────────────────────────────────────

    def _written(self, person: Person | None, chat: Chat, text: str) -> dict[str, Any]:
        chat.last_id += 1
        message = {"message_id": chat.last_id, "date": int(time.time()), "chat": self._shown_chat(chat), "text": text}
        if chat.type == "private":
            message["chat"] = message["chat"] | {"first_name": "Ada"}
        if person is None and chat.type == "channel":
            message["sender_chat"] = self._shown_chat(chat)
        elif person is None:
            message |= {"from": ANONYMOUS, "sender_chat": self._shown_chat(chat)}
        else:
            message["from"] = person.shown
        if found := _COMMAND.match(text):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(found[0])}]
        chat.messages[chat.last_id] = message
        self.written.add((chat.id, chat.last_id))
        return message

    def _is_hidden(self, chat: Chat, person: Person | None, message: dict[str, Any]) -> bool:
        """Privacy mode: in a group a bot sees commands that are for no other, and what answers it."""
        if chat.type not in {"group", "supergroup"} or (person is not None and (chat.id, BOT["id"]) in self.admins):
            return False
        command = _COMMAND.match(message["text"])
        named = command[0].partition("@")[2].lower() if command else ""
        return not command or named not in {"", BOT["username"]}


def _standing(status: str) -> dict[str, Any]:
    """A ChatMember without its user."""
    if status == "kicked":
        return {"status": status, "until_date": 0}
    if status != "administrator":
        return {"status": status}
    rights = (
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
        "can_edit_stories", "can_delete_stories",
    )  # fmt: skip
    return {"status": status} | dict.fromkeys(rights, False)
