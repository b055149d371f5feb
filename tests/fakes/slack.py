"""A strict stand-in for Slack's Web API, built from its documents: it refuses what Slack refuses.

Source: docs.slack.dev (chat.postMessage, chat.update, conversations.history, conversations.replies, auth.test,
"Block Kit", "Rate limits", "Formatting text", "Message metadata").
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.remote import Arrival, Remote, Reply, Script

TOKEN = "xoxb-1111111111-2222222222-chipwireTestTokenAbc"

MAX_BLOCKS = 50
MAX_SUM = 13_000  # not documented
MAX_TEXT = 40_000
MAX_METADATA = 8_000
# What may follow an unescaped "<": a link, a channel, a user, a group or a date. All but links call somebody.
_ANGLE = re.compile(r"<([^<>]*)>")
_AMP = re.compile(r"&(?!(?:amp|lt|gt);)")


@dataclass(slots=True)
class Channel:
    """One conversation and what stands in it, oldest first."""

    id: str
    name: str = ""
    archived: bool = False
    member: bool = True
    readable: bool = True  # the bot has the history scope
    messages: list[dict[str, Any]] = field(default_factory=list)


class FakeSlack(Remote):
    """Slack with one workspace, one bot and the given channels."""

    def __init__(
        self, *channels: str, token: str = TOKEN, enforce_rate: bool = False, now: Callable[[], float] = time.time
    ) -> None:
        """Make the workspace.

        Args:
            channels: ids, ``C…``.
            token: the only one that is good.
            enforce_rate: refuse more than a burst of 4 and one message a second in a channel.
            now: Unix seconds, for ``ts``.
        """
        super().__init__()
        self.token = token
        self.token_error = "invalid_auth"  # what another token is told
        self.scopes = {"chat:write", "channels:history"}
        self.enforce_rate = enforce_rate
        self.channels = {c: Channel(c, name=c.lower()) for c in channels or ("C0123456789",)}
        self.complaints: list[str] = []  # what Slack would accept and show badly
        self._now = now
        self._last_ts = 0.0
        self._recent: dict[str, deque[float]] = {}
        self._methods: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.url}/api/"

    @property
    def posts(self) -> list[dict[str, Any]]:
        """All messages of all channels."""
        with self.lock:
            return [m for c in self.channels.values() for m in c.messages]

    def answer(self, arrival: Arrival) -> Reply:
        """See Remote."""
        method = arrival.path.removeprefix("/api/")
        call = self._methods.get(method)
        if call is None:
            return Reply.json({"ok": False, "error": "unknown_method", "req_method": method})
        given = arrival.headers.get("authorization", "").removeprefix("Bearer ") or arrival.params.get("token", "")
        if not given:
            return Reply.json({"ok": False, "error": "not_authed"})
        if given != self.token:
            return Reply.json({"ok": False, "error": self.token_error})
        try:
            return Reply.json({"ok": True, **call(dict(arrival.params))})
        except _RefusalError as no:
            status = 429 if no.code == "ratelimited" else 200
            headers = {"Retry-After": str(no.retry_after)} if status == 429 else {}
            body: dict[str, Any] = {"ok": False, "error": no.code}
            if no.messages:
                body |= {
                    "errors": no.messages,
                    "response_metadata": {"messages": [f"[ERROR] {m}" for m in no.messages]},
                }
            return Reply.json(body, status, headers)

    def error(self, arrival: Arrival, script: Script) -> Reply:
        """See Remote."""
        if script.status == 429:
            headers = {"Retry-After": str(script.retry_after)} if script.retry_after is not None else {}
            return Reply.json({"ok": False, "error": "ratelimited"}, 429, headers)
        if script.status == 200:
            return Reply.json({"ok": False, "error": "internal_error"})
        return Reply(script.status, b"<html>upstream error</html>", {}, "text/html")

    # ── methods ──────────────────────────────────────────────────────────────────────────────

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": "https://desk.slack.com/",
            "team": "Desk",
            "user": "chipwire",
            "team_id": "T0001",
            "user_id": "U0001",
            "bot_id": "B0001",
            "is_enterprise_install": False,
        }

    def _post(self, args: dict[str, Any]) -> dict[str, Any]:
        self._need("chat:write")
        channel = self._channel(args)
        if not channel.member:
            raise _RefusalError("not_in_channel")
        if channel.archived:
            raise _RefusalError("is_archived")
        text, blocks = self._content(args)
        metadata = self._metadata(args.get("metadata"))
        thread_ts = args.get("thread_ts")
        parent = None
        if thread_ts:
            parent = next((m for m in channel.messages if m["ts"] == thread_ts), None)
            if parent is None:
                raise _RefusalError("thread_not_found")
        self._keep_rate(channel.id)
        message: dict[str, Any] = {
            "type": "message",
            "user": "U0001",
            "bot_id": "B0001",
            "app_id": "A0001",
            "team": "T0001",
            "text": text,
            "ts": self._new_ts(),
        }
        if blocks:
            message["blocks"] = [{**block, "block_id": f"b{i}"} for i, block in enumerate(blocks)]
        if metadata is not None:
            message["metadata"] = metadata
        if parent is not None:
            message["thread_ts"] = parent.get("thread_ts", parent["ts"])
            parent.setdefault("thread_ts", parent["ts"])
            parent["reply_count"] = parent.get("reply_count", 0) + 1
            if _flag(args.get("reply_broadcast")):
                message["subtype"] = "thread_broadcast"
        channel.messages.append(message)
        shown = {k: v for k, v in message.items() if k != "metadata"}
        return {"channel": channel.id, "ts": message["ts"], "message": shown}

    def _update(self, args: dict[str, Any]) -> dict[str, Any]:
        self._need("chat:write")
        channel = self._channel(args)
        message = next((m for m in channel.messages if m["ts"] == args.get("ts")), None)
        if message is None:
            raise _RefusalError("message_not_found")
        text, blocks = self._content(args)
        message["text"] = text
        message["edited"] = {"user": "U0001", "ts": self._new_ts()}
        if blocks:
            message["blocks"] = blocks
        else:
            message.pop("blocks", None)
        if args.get("metadata") is not None:
            message["metadata"] = self._metadata(args["metadata"])
        return {"channel": channel.id, "ts": message["ts"], "text": text, "message": message}

    def _history(self, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._readable(args)
        standing = [m for m in channel.messages if m.get("thread_ts", m["ts"]) == m["ts"] or "subtype" in m]
        return self._page(list(reversed(standing)), args, default=100)

    def _replies(self, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._readable(args)
        root = args.get("ts")
        if not any(m["ts"] == root for m in channel.messages):
            raise _RefusalError("thread_not_found")
        first = [m for m in channel.messages if m["ts"] == root]
        rest = [m for m in channel.messages if m.get("thread_ts") == root and m["ts"] != root]
        page = self._page(rest, args, default=1000)
        page["messages"] = [self._shown(first[0], args), *page["messages"]]  # the parent comes with every page
        return page

    # ── rules ────────────────────────────────────────────────────────────────────────────────

    def _need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise _RefusalError("missing_scope")

    def _channel(self, args: dict[str, Any]) -> Channel:
        wanted = args.get("channel")
        for channel in self.channels.values():
            if wanted in {channel.id, channel.name, f"#{channel.name}"}:
                return channel
        raise _RefusalError("channel_not_found")

    def _readable(self, args: dict[str, Any]) -> Channel:
        self._need("channels:history")
        channel = self.channels.get(str(args.get("channel")))  # by id alone
        if channel is None:
            raise _RefusalError("channel_not_found")
        if not channel.member:
            raise _RefusalError("not_in_channel")
        return channel

    def _content(self, args: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
        text = args.get("text") or ""
        blocks = args.get("blocks") or []
        if isinstance(blocks, str):
            try:
                blocks = json.loads(blocks)
            except ValueError:
                raise _RefusalError("invalid_blocks_format") from None
        if not isinstance(text, str) or (not text.strip() and not blocks):
            raise _RefusalError("no_text")
        if len(text) > MAX_TEXT:
            raise _RefusalError("msg_too_long")
        self._judge_mrkdwn(text, "text")
        if not isinstance(blocks, list):
            raise _RefusalError("invalid_blocks_format")
        problems = block_problems(blocks)
        if problems:
            raise _RefusalError("invalid_blocks", problems)
        strings = list(_strings(blocks))
        if sum(len(s) for _, s in strings) > MAX_SUM:
            raise _RefusalError("msg_blocks_too_long")
        for kind, string in strings:
            if kind == "mrkdwn":
                self._judge_mrkdwn(string, "block")
        return text, blocks

    def _judge_mrkdwn(self, text: str, where: str) -> None:
        for inner in _ANGLE.findall(text):
            if not inner.startswith(("http://", "https://", "mailto:")):
                self.complaints.append(f"{where}: <{inner}> calls somebody or is shown wrongly")
        if "<" in _ANGLE.sub("", text) or ">" in _ANGLE.sub("", text):
            self.complaints.append(f"{where}: an angle bracket that is not escaped")
        if _AMP.search(text):
            self.complaints.append(f"{where}: an ampersand that is not escaped")

    def _metadata(self, value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise _RefusalError("invalid_metadata_format") from None
        if (
            not isinstance(value, dict)
            or not isinstance(value.get("event_type"), str)
            or not re.fullmatch(r"[A-Za-z0-9_.-]{1,255}", value["event_type"])
            or not isinstance(value.get("event_payload"), dict)
        ):
            raise _RefusalError("invalid_metadata_format")
        if len(json.dumps(value)) > MAX_METADATA:
            raise _RefusalError("metadata_too_large")
        return value

    def _keep_rate(self, channel: str) -> None:
        if not self.enforce_rate:
            return
        now = time.monotonic()
        recent = self._recent.setdefault(channel, deque())
        while recent and now - recent[0] > 4.0:
            recent.popleft()
        if len(recent) >= 4 + 4:
            raise _RefusalError("ratelimited", retry_after=1)
        recent.append(now)

    def _new_ts(self) -> str:
        self._last_ts = max(round(self._now(), 6), round(self._last_ts + 0.0001, 6))
        return f"{self._last_ts:.6f}"

    def _page(self, messages: list[dict[str, Any]], args: dict[str, Any], *, default: int) -> dict[str, Any]:
        oldest, latest = args.get("oldest"), args.get("latest")
        inclusive = _flag(args.get("inclusive"))
        if oldest is not None:
            messages = [m for m in messages if _after(m["ts"], str(oldest), inclusive=inclusive)]
        if latest is not None:
            messages = [m for m in messages if _after(str(latest), m["ts"], inclusive=inclusive)]
        limit = min(int(args.get("limit") or default), 999)
        start = 0
        if args.get("cursor"):
            try:
                start = int(base64.b64decode(str(args["cursor"]).encode()).removeprefix(b"next:"))
            except ValueError:
                raise _RefusalError("invalid_cursor") from None
        page = messages[start : start + limit]
        more = start + limit < len(messages)
        answer: dict[str, Any] = {"messages": [self._shown(m, args) for m in page], "has_more": more, "pin_count": 0}
        if more:
            cursor = base64.b64encode(f"next:{start + limit}".encode()).decode()
            answer["response_metadata"] = {"next_cursor": cursor}
        return answer

    @staticmethod
    def _shown(message: dict[str, Any], args: dict[str, Any]) -> dict[str, Any]:
        if _flag(args.get("include_all_metadata")):
            return dict(message)
        return {k: v for k, v in message.items() if k != "metadata"}


class _RefusalError(Exception):
    def __init__(self, code: str, messages: list[str] | None = None, *, retry_after: int = 1) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.retry_after = retry_after


def block_problems(blocks: list[Any]) -> list[str]:
    """Why Slack would call these blocks invalid."""
    problems: list[str] = []
    if len(blocks) > MAX_BLOCKS:
        problems.append(f"no more than {MAX_BLOCKS} items allowed")
    ids = [b.get("block_id") for b in blocks if isinstance(b, dict) and b.get("block_id")]
    if len(ids) != len(set(ids)):
        problems.append("block_id must be unique")
    for index, block in enumerate(blocks):
        at = f"/blocks/{index}"
        if not isinstance(block, dict):
            problems.append(f"{at}: must be an object")
            continue
        if len(block.get("block_id", "")) > 255:
            problems.append(f"{at}/block_id: too long")
        kind = block.get("type")
        if kind == "header":
            problems += _text_problems(block.get("text"), f"{at}/text", 150, kinds={"plain_text"})
        elif kind == "section":
            fields = block.get("fields")
            if block.get("text") is None and not fields:
                problems.append(f"{at}: text or fields required")
            if block.get("text") is not None:
                problems += _text_problems(block["text"], f"{at}/text", 3_000)
            if fields is not None:
                if not 1 <= len(fields) <= 10:
                    problems.append(f"{at}/fields: 1 to 10 items")
                for i, item in enumerate(fields):
                    problems += _text_problems(item, f"{at}/fields/{i}", 2_000)
        elif kind == "context":
            elements = block.get("elements")
            if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
                problems.append(f"{at}/elements: 1 to 10 items")
                continue
            for i, item in enumerate(elements):
                problems += _text_problems(item, f"{at}/elements/{i}", 3_000)
        elif kind == "actions":
            if not 1 <= len(block.get("elements", [])) <= 25:
                problems.append(f"{at}/elements: 1 to 25 items")
            for i, item in enumerate(block.get("elements", [])):
                problems += _button_problems(item, f"{at}/elements/{i}")
        elif kind != "divider":
            problems.append(f"{at}: unsupported type: {kind}")
        unknown = set(block) - {"type", "block_id", "text", "fields", "elements", "accessory", "expand"}
        if unknown:
            problems.append(f"{at}: unknown keys {sorted(unknown)}")
    return problems


def _text_problems(value: Any, at: str, limit: int, *, kinds: set[str] | None = None) -> list[str]:
    if not isinstance(value, dict) or value.get("type") not in (kinds or {"plain_text", "mrkdwn"}):
        return [f"{at}: must be a text object"]
    text = value.get("text")
    if not isinstance(text, str) or not text:
        return [f"{at}: must be more than 0 characters"]
    problems = [f"{at}: must be less than {limit + 1} characters"] if len(text) > limit else []
    allowed = {"type", "text", "emoji"} if value["type"] == "plain_text" else {"type", "text", "verbatim"}
    if set(value) - allowed:
        problems.append(f"{at}: unknown keys {sorted(set(value) - allowed)}")
    return problems


def _button_problems(item: Any, at: str) -> list[str]:
    if not isinstance(item, dict) or item.get("type") != "button":
        return [f"{at}: only buttons are known here"]
    problems = _text_problems(item.get("text"), f"{at}/text", 75, kinds={"plain_text"})
    for key, limit in (("action_id", 255), ("value", 2_000), ("url", 3_000)):
        if len(item.get(key, "")) > limit:
            problems.append(f"{at}/{key}: too long")
    return problems


def _strings(value: Any) -> Any:
    """Every (text type, text) in the blocks."""
    if isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn"} and isinstance(value.get("text"), str):
            yield value["type"], value["text"]
        else:
            for inner in value.values():
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() in {"1", "true"}


def _after(one: str, other: str, *, inclusive: bool) -> bool:
    return float(one) > float(other) or (inclusive and float(one) == float(other))
