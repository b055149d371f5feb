"""Slack as an app meets it: who presses and types, and the methods and addresses by which it answers them.

Source: docs.slack.dev (apps.connections.open, users.info, conversations.open, views.open, views.update,
views.publish, chat.postEphemeral, oauth.v2.access, files.getUploadURLExternal, files.completeUploadExternal; "Handling
user interaction": a trigger holds three seconds and once, a response_url thirty minutes and five times).
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.fakes.remote import Arrival, Reply
from tests.fakes.slack import OWN, FakeSlack, Workspace, _named, _RefusalError
from tests.fakes.slack_views import view_problems

APP_TOKEN = "xapp-1-A0001-3333333333-chipwireTestAppTokenAbc"
CLIENT_ID = "1111.2222"
CLIENT_SECRET = "test-client-secret-abcdef"
CHANNEL = "C0123456789"
ANN = "U0ANN"
TRIGGER_S = 3.0
URL_S = 1_800.0
URL_USES = 5


@dataclass(slots=True)
class _Hook:
    channel: str
    made: float
    used: int = 0


class SlackApp(FakeSlack):
    """A workspace in which people use the app; answers to a person alone stand in ``answers``."""

    def __init__(self, *channels: str, **options: Any) -> None:
        super().__init__(*(channels or (CHANNEL,)), **options)
        self.scopes = {
            "chat:write", "chat:write.public", "commands", "channels:history", "groups:history", "im:history",
            "im:write", "users:read", "files:write",
        }  # fmt: skip
        self.admins: set[str] = set()
        self.locales: dict[str, str] = {}
        self.answers: list[dict[str, Any]] = []  # what one person alone sees
        self.views: dict[str, dict[str, Any]] = {}  # windows, by id
        self.homes: dict[str, dict[str, Any]] = {}  # by user
        self.files: list[tuple[str, bytes]] = []  # channel and content
        self.codes: dict[str, dict[str, Any]] = {}  # OAuth, each once
        self.socket_url = ""
        self.tickets: set[str] = set()
        self._triggers: dict[str, float | None] = {}  # None: used
        self._hooks: dict[str, _Hook] = {}
        self._uploads: dict[str, bytes] = {}
        self._made = 0
        self._methods |= {
            "users.info": self._user,
            "conversations.open": self._open_chat,
            "views.open": self._open,
            "views.update": self._change,
            "views.publish": self._publish,
            "chat.postEphemeral": self._ephemeral,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._uploaded,
        }

    # ── people ───────────────────────────────────────────────────────────────────────────────

    def trigger(self) -> str:
        """By which a window may be opened, once and soon."""
        with self.lock:
            made = f"{self._next()}.47445629121.803a0bc8"
            self._triggers[made] = time.monotonic()
            return made

    def hook(self, channel: str) -> str:
        """A response_url."""
        with self.lock:
            name = f"hook{self._next()}"
            self._hooks[name] = _Hook(channel, time.monotonic())
            return f"{self.url}/hooks/{name}"

    def chat_of(self, user: str) -> str:
        """Somebody's own chat with the app."""
        channel = f"D{user[1:]}"
        if channel not in self.channels:
            self._add(OWN, [channel])
        return channel

    def command(self, text: str, *, user: str = ANN, channel: str = CHANNEL, team: str = OWN) -> dict[str, Any]:
        """``/chips …`` as it comes."""
        return {
            "token": "gIkuvaNzQIHg97ATvDxqgjtO", "team_id": team, "team_domain": "desk", "channel_id": channel,
            "channel_name": "trading", "user_id": user, "user_name": "ann", "command": "/chips", "text": text,
            "api_app_id": "A0001", "is_enterprise_install": "false", "response_url": self.hook(channel),
            "trigger_id": self.trigger(),
        }  # fmt: skip

    def press(
        self,
        value: str,
        *,
        user: str = ANN,
        channel: str = CHANNEL,
        team: str = OWN,
        action_id: str = "",
        menu: bool = False,
    ) -> dict[str, Any]:
        """A button (or an entry of a menu) under a message."""
        picked = {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}
        ts = "1767621733.000100"
        return {
            "type": "block_actions", "api_app_id": "A0001", "token": "gIkuvaNzQIHg97ATvDxqgjtO",
            "team": {"id": team, "domain": "desk"}, "user": {"id": user, "name": "ann", "team_id": team},
            "channel": {"id": channel, "name": "trading"},
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
            "trigger_id": self.trigger(), "response_url": self.hook(channel), "message": {"ts": ts},
            "actions": [{
                "type": "overflow" if menu else "button", "block_id": "b1",
                "action_id": action_id or value.partition(":")[0], "action_ts": f"{time.time():.6f}",
                **(picked if menu else {"value": value}),
            }],
        }  # fmt: skip

    def press_in_view(self, value: str, view: dict[str, Any], *, user: str = ANN, team: str = OWN) -> dict[str, Any]:
        """A button of the App Home or of a window."""
        pressed = self.press(value, user=user, team=team)
        for name in ("channel", "message", "response_url"):
            del pressed[name]
        shown = {"id": "V0HOME", **view}
        return {**pressed, "view": shown, "container": {"type": "view", "view_id": shown["id"]}}

    def submit(
        self, view: dict[str, Any], values: dict[str, dict[str, Any]], *, user: str = ANN, team: str = OWN
    ) -> dict[str, Any]:
        """A form that was filled in: by block what changes; everything else as it was shown."""
        state: dict[str, dict[str, Any]] = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                given = values.get(block["block_id"], _shown_value(element))
                state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **given}}
        return {
            "type": "view_submission", "api_app_id": "A0001", "token": "gIkuvaNzQIHg97ATvDxqgjtO",
            "team": {"id": team, "domain": "desk"}, "user": {"id": user, "name": "ann", "team_id": team},
            "trigger_id": self.trigger(), "response_urls": [],
            "view": {**view, "team_id": team, "state": {"values": state}},
        }  # fmt: skip

    def suggest(self, text: str, *, user: str = ANN, team: str = OWN) -> dict[str, Any]:
        """What somebody has typed into the menu of companies."""
        return {
            "type": "block_suggestion", "api_app_id": "A0001", "team": {"id": team}, "action_id": "tickers",
            "user": {"id": user, "team_id": team}, "block_id": "tickers", "value": text,
            "container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "modal"},
        }  # fmt: skip

    def event(self, kind: str, *, team: str = OWN, **fields: Any) -> dict[str, Any]:
        """Something that happened."""
        with self.lock:
            number = self._next()
        return {
            "type": "event_callback", "token": "gIkuvaNzQIHg97ATvDxqgjtO", "team_id": team, "api_app_id": "A0001",
            "event": {"type": kind, **fields}, "event_id": f"Ev{number}", "event_time": int(self._now()) + 1,
            "authorizations": [{"team_id": team, "user_id": "U0BOT", "is_bot": True}],
        }  # fmt: skip

    def home_opened(self, *, user: str = ANN, team: str = OWN) -> dict[str, Any]:
        """Somebody looks at the App Home."""
        return self.event("app_home_opened", team=team, user=user, channel=self.chat_of(user), tab="home")

    def says(self, text: str, *, user: str = ANN, **fields: Any) -> dict[str, Any]:
        """Somebody writes to the app in their own chat with it."""
        channel = self.chat_of(user)
        return self.event("message", channel=channel, channel_type="im", user=user, text=text, ts="1.1", **fields)

    def grants(self, team: str, token: str) -> str:
        """Somebody agrees to install the app; returns the code that Slack sends back with them."""
        with self.lock:
            code = f"code-{self._next()}"
            self.codes[code] = {
                "app_id": "A0001", "authed_user": {"id": "U0OWNER"}, "scope": ",".join(sorted(self.scopes)),
                "token_type": "bot", "access_token": token, "bot_user_id": f"U{team[1:]}",
                "team": {"id": team, "name": "Another desk"}, "enterprise": None, "is_enterprise_install": False,
            }  # fmt: skip
            self.install(team, token, f"C{team[1:]}")
            return code

    # ── methods ──────────────────────────────────────────────────────────────────────────────

    def answer(self, arrival: Arrival) -> Reply:
        """See Remote."""
        if arrival.path.startswith("/hooks/"):
            return self._hooked(arrival)
        if arrival.path.startswith("/upload/"):
            self._uploads[arrival.path.removeprefix("/upload/")] = arrival.body
            return Reply(200, b"OK", {}, "text/plain")
        if arrival.path == "/api/apps.connections.open":
            return self._connect(arrival)
        if arrival.path == "/api/oauth.v2.access":
            return self._grant(arrival)
        return super().answer(arrival)

    def _connect(self, arrival: Arrival) -> Reply:
        if arrival.headers.get("authorization") != f"Bearer {APP_TOKEN}":
            return Reply.json({"ok": False, "error": "invalid_auth"})
        ticket = f"ticket-{self._next()}"
        self.tickets.add(ticket)
        return Reply.json({"ok": True, "url": f"{self.socket_url}/link/?ticket={ticket}&app_id=A0001"})

    def _grant(self, arrival: Arrival) -> Reply:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if arrival.headers.get("authorization") != f"Basic {expected}":
            return Reply.json({"ok": False, "error": "invalid_client_id"})
        granted = self.codes.pop(str(arrival.params.get("code")), None)
        return Reply.json({"ok": True, **granted} if granted else {"ok": False, "error": "invalid_code"})

    def _hooked(self, arrival: Arrival) -> Reply:
        hook = self._hooks.get(arrival.path.removeprefix("/hooks/"))
        if hook is None or time.monotonic() - hook.made > URL_S or hook.used >= URL_USES:
            return Reply(404, b'{"ok":false,"error":"used_url"}')
        hook.used += 1
        known = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"}
        if set(arrival.params) - known or arrival.params.get("response_type") not in {"ephemeral", "in_channel"}:
            self.complaints.append(f"response_url: {sorted(arrival.params)}")
            return Reply(400, b"invalid_payload", {}, "text/plain")
        try:
            text, blocks = self._content(dict(arrival.params))
        except _RefusalError as no:
            self.complaints.append(f"response_url: {no.code} {no.messages}")
            return Reply(400, no.code.encode(), {}, "text/plain")
        self.answers.append({"channel": hook.channel, **arrival.params, "text": text, "blocks": blocks})
        return Reply(200, b"ok", {}, "text/plain")

    def _user(self, args: dict[str, Any], _: Workspace) -> dict[str, Any]:
        self._need("users:read")
        user = str(args.get("user"))
        if not user.startswith("U"):
            raise _RefusalError("user_not_found")
        found: dict[str, Any] = {"id": user, "is_admin": user in self.admins, "is_owner": False, "is_bot": False}
        if str(args.get("include_locale")).lower() in {"1", "true"}:
            found["locale"] = self.locales.get(user, "en-US")
        return {"user": found}

    def _open_chat(self, args: dict[str, Any], here: Workspace) -> dict[str, Any]:
        self._need("im:write")
        channel = f"D{str(args.get('users'))[1:]}"
        if channel not in self.channels:
            self._add(here.id, [channel])
        return {"channel": {"id": channel}}

    def _open(self, args: dict[str, Any], _: Workspace) -> dict[str, Any]:
        trigger = str(args.get("trigger_id"))
        if trigger not in self._triggers:
            raise _RefusalError("invalid_trigger_id")
        made, self._triggers[trigger] = self._triggers[trigger], None
        if made is None:
            raise _RefusalError("exchanged_trigger_id")
        if time.monotonic() - made > TRIGGER_S:
            raise _RefusalError("expired_trigger_id")
        view = self._view(args, "modal")
        view["id"] = f"V{self._next()}"
        self.views[view["id"]] = view
        return {"view": view}

    def _change(self, args: dict[str, Any], _: Workspace) -> dict[str, Any]:
        if args.get("view_id") not in self.views:
            raise _RefusalError("not_found")
        view = {**self._view(args, "modal"), "id": args["view_id"]}
        self.views[view["id"]] = view
        return {"view": view}

    def _publish(self, args: dict[str, Any], _: Workspace) -> dict[str, Any]:
        view = self._view(args, "home")
        self.homes[str(args["user_id"])] = view
        return {"view": view}

    def _view(self, args: dict[str, Any], kind: str) -> dict[str, Any]:
        view = args.get("view")
        view = json.loads(view) if isinstance(view, str) else view
        problems = view_problems(view, kind=kind)
        if problems:
            self.complaints.append(f"view: {problems}")
            raise _RefusalError("invalid_arguments", problems)
        self._judge_all(view["blocks"])
        return {**view, "blocks": _named(view["blocks"])}

    def _judge_all(self, value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "mrkdwn":
                self._judge_mrkdwn(value["text"], "view")
            for inner in value.values():
                self._judge_all(inner)
        elif isinstance(value, list):
            for inner in value:
                self._judge_all(inner)

    def _ephemeral(self, args: dict[str, Any], here: Workspace) -> dict[str, Any]:
        self._need("chat:write")
        channel = self._by_id(args, here)
        text, blocks = self._content(args)
        self.answers.append({"channel": channel.id, "user": args.get("user"), "text": text, "blocks": blocks})
        return {"message_ts": self._new_ts()}

    def _upload_url(self, args: dict[str, Any], _: Workspace) -> dict[str, Any]:
        self._need("files:write")
        if not args.get("filename") or int(args.get("length") or 0) < 1:
            raise _RefusalError("invalid_arguments")
        name = f"F{self._next()}"
        return {"upload_url": f"{self.url}/upload/{name}", "file_id": name}

    def _uploaded(self, args: dict[str, Any], here: Workspace) -> dict[str, Any]:
        self._need("files:write")
        files = args["files"] if isinstance(args["files"], list) else json.loads(args["files"])
        channel = self._by_id({"channel": args.get("channel_id")}, here)
        for file in files:
            if file["id"] not in self._uploads:
                raise _RefusalError("file_not_found")
            self.files.append((channel.id, self._uploads.pop(file["id"])))
        return {"files": files}

    def _next(self) -> int:
        self._made += 1
        return self._made


def _shown_value(element: dict[str, Any]) -> dict[str, Any]:
    """What Slack gives back of a field that nobody touched."""
    if element["type"] == "plain_text_input":
        return {"value": element.get("initial_value")}
    if element["type"].startswith("multi_"):
        return {"selected_options": element.get("initial_options", [])}
    return {"selected_option": element.get("initial_option")}
