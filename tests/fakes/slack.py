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
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.remote import Arrival, Remote, Reply, Script
from tests.fakes.slack_blocks import block_problems, strings

TOKEN = "xoxb-1111111111-2222222222-chipwireTestTokenAbc"
OWN = "T0001"

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
    team: str = OWN
    name: str = ""
    archived: bool = False
    member: bool = True
    readable: bool = True  # the bot has the history scope
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Workspace:
    """One that installed the app, and who the bot is there."""

    id: str
    token: str
    refusal: str = ""  # what its token is told, once it is no longer good

    @property
    def bot_id(self) -> str:
        """The app as the author of a message; the same app is another bot in each workspace."""
        return f"B{self.id[1:]}"

    @property
    def user_id(self) -> str:
        """The bot's user."""
        return f"U{self.id[1:]}"


class FakeSlack(Remote):
    """Slack with one workspace, one bot and the given channels; others may install the app."""

    def __init__(
        self, *channels: str, token: str = TOKEN, enforce_rate: bool = False, now: Callable[[], float] = time.time
    ) -> None:
        """Make the workspace.

        Args:
            channels: ids, ``C…``.
            token: of the first workspace, ``T0001``.
            enforce_rate: refuse more than a burst of 4 and one message a second in a channel, and more than 50
                edits a minute in a workspace.
            now: Unix seconds, for ``ts``.
        """
        super().__init__()
        self.token = token
        self.workspaces = {OWN: Workspace(OWN, token)}
        self.token_error = "invalid_auth"  # what an unknown token is told
        self.edit_window_s: float | None = None  # how long a message may be edited; None: for ever
        self.scopes = {"chat:write", "channels:history"}
        self.enforce_rate = enforce_rate
        self.channels: dict[str, Channel] = {}
        self._add(OWN, channels or ("C0123456789",))
        self.complaints: list[str] = []  # what Slack would accept and show badly
        self._now = now
        self._last_ts = 0.0
        self._recent: dict[str, deque[float]] = {}
        self._methods: dict[str, Callable[[dict[str, Any], Workspace], dict[str, Any]]] = {
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

    def install(self, team: str, token: str, *channels: str) -> Workspace:
        """Another workspace installs the app and has these channels."""
        self.workspaces[team] = Workspace(team, token)
        self._add(team, channels)
        return self.workspaces[team]

    def talk(self, channel: str, text: str) -> dict[str, Any]:
        """Somebody else writes something."""
        message = {"type": "message", "user": "U0PERSON", "text": text, "ts": self._new_ts()}
        self.channels[channel].messages.append(message)
        return message

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
        here = next((w for w in self.workspaces.values() if w.token == given), None)
        if here is None or here.refusal:
            return Reply.json({"ok": False, "error": self.token_error if here is None else here.refusal})
        try:
            answer = {"ok": True, **call(dict(arrival.params), here)}
            return Reply.json(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})
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

    def _auth_test(self, _: dict[str, Any], here: Workspace) -> dict[str, Any]:
        return {
            "url": "https://desk.slack.com/",
            "team": "Desk",
            "user": "chipwire",
            "team_id": here.id,
            "user_id": here.user_id,
            "bot_id": here.bot_id,
            "is_enterprise_install": False,
        }

    def _post(self, args: dict[str, Any], here: Workspace | None = None) -> dict[str, Any]:
        here = here or self.workspaces[OWN]
        self._need("chat:write")
        channel = self._channel(args, here)
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
            "user": here.user_id,
            "bot_id": here.bot_id,
            "app_id": "A0001",
            "team": here.id,
            "text": text,
            "ts": self._new_ts(),
        }
        if blocks:
            message["blocks"] = _named(blocks)
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

    def _update(self, args: dict[str, Any], here: Workspace | None = None) -> dict[str, Any]:
        here = here or self.workspaces[OWN]
        self._need("chat:write")
        channel = self._by_id(args, here)
        message = next((m for m in channel.messages if m["ts"] == args.get("ts")), None)
        if message is None:
            raise _RefusalError("message_not_found")
        if message.get("bot_id") != here.bot_id:
            raise _RefusalError("cant_update_message")
        if channel.archived:
            raise _RefusalError("is_inactive")
        if self.edit_window_s is not None and self._now() - float(message["ts"]) > self.edit_window_s:
            raise _RefusalError("edit_window_closed")
        text, blocks = self._content(args)
        metadata = self._metadata(args.get("metadata"))
        self._keep_rate(f"edits {here.id}", most=50, window_s=60.0)
        message["text"] = text
        if blocks:  # "the edited flag will not be displayed"
            message["blocks"] = _named(blocks)
            message.pop("edited", None)
        else:  # text without blocks takes the old ones away
            message.pop("blocks", None)
            message["edited"] = {"user": here.user_id, "ts": self._new_ts()}
        if metadata is not None:
            message["metadata"] = metadata
        shown = {k: v for k, v in message.items() if k != "metadata"}
        return {"channel": channel.id, "ts": message["ts"], "text": text, "message": shown}

    def _history(self, args: dict[str, Any], here: Workspace) -> dict[str, Any]:
        channel = self._readable(args, here)
        standing = [m for m in channel.messages if m.get("thread_ts", m["ts"]) == m["ts"] or "subtype" in m]
        return self._page(list(reversed(standing)), args, default=100)

    def _replies(self, args: dict[str, Any], here: Workspace) -> dict[str, Any]:
        channel = self._readable(args, here)
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

    def _add(self, team: str, channels: Iterable[str]) -> None:
        self.channels |= {c: Channel(c, team, name=c.lower()) for c in channels}

    def _channel(self, args: dict[str, Any], here: Workspace) -> Channel:
        wanted = args.get("channel")
        for channel in self.channels.values():
            if channel.team == here.id and wanted in {channel.id, channel.name, f"#{channel.name}"}:
                return channel
        raise _RefusalError("channel_not_found")

    def _by_id(self, args: dict[str, Any], here: Workspace) -> Channel:
        channel = self.channels.get(str(args.get("channel")))
        if channel is None or channel.team != here.id:
            raise _RefusalError("channel_not_found")
        return channel

    def _readable(self, args: dict[str, Any], here: Workspace) -> Channel:
        self._need("channels:history")
        channel = self._by_id(args, here)
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
        found = list(strings(blocks))
        if sum(len(s) for _, s in found) > MAX_SUM:
            raise _RefusalError("msg_blocks_too_long")
        for kind, string in found:
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

    def _keep_rate(self, what: str, *, most: int = 4 + 4, window_s: float = 4.0) -> None:
        if not self.enforce_rate:
            return
        now = time.monotonic()
        recent = self._recent.setdefault(what, deque())
        while recent and now - recent[0] > window_s:
            recent.popleft()
        if len(recent) >= most:
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


def _named(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As Slack gives them back: those without an id have one."""
    return [{"block_id": f"b{i}", **block} for i, block in enumerate(blocks)]


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() in {"1", "true"}


def _after(one: str, other: str, *, inclusive: bool) -> bool:
    return float(one) > float(other) or (inclusive and float(one) == float(other))
