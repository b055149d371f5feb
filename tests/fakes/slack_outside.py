"""Slack and a browser, outside of our web server: what they send it, signed by a signer of our own."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from starlette.applications import Starlette

from bot.chat.service import Chat
from bot.chat.slack import SlackChat
from bot.domain import Destination
from bot.settings import load_settings
from tests.fakes.slack import TOKEN
from tests.fakes.slack_app import CLIENT_ID, CLIENT_SECRET
from tests.fakes.slack_desk import COMPANIES, until

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
KEY = "a long random text, for the tests alone"
PUBLIC = "https://chips.example"
OTHER = "T0002"
OTHER_TOKEN = "xoxb-4444444444-5555555555-anotherTestTokenAbcd"
THERE = Destination.parse(f"slack:{OTHER}/C0002")


class Outside:
    """Slack and a browser, outside of our web server."""

    def __init__(self, slack, store, clock, **more):
        self.slack, self.store, self.clock = slack, store, clock
        given = {"SLACK_SIGNING_SECRET": SIGNING, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.api_url, **more}
        self.settings = load_settings({k: v for k, v in given.items() if v}, None)
        self.ours = SlackChat(self.settings, Chat(store, COMPANIES, clock), store, clock)
        app = Starlette(routes=self.ours.routes())
        self.web = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.web.aclose()
        await self.ours.aclose()
        assert self.slack.complaints == []

    async def post(self, body: bytes, kind="application/x-www-form-urlencoded", *, age_s=0, secret=SIGNING, **headers):
        """A request as Slack signs it, so old."""
        stamp = str(int(self.clock.now().timestamp()) - age_s)
        signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        made = {
            "Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}", **headers
        }  # fmt: skip
        return await self.web.post("/slack/events", content=body, headers=made)

    async def command(self, text, **who):
        before = len(self.slack.answers)
        answer = await self.post(urlencode(self.slack.command(text, **who)).encode())
        assert (answer.status_code, answer.text) == (200, "")
        await until(lambda: len(self.slack.answers) > before)
        return self.slack.answers[-1]

    async def interact(self, payload):
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode())

    async def event(self, payload):
        answer = await self.post(json.dumps(payload).encode(), "application/json")
        assert answer.status_code == 200
        await self.ours._listeners.drain(timedelta(seconds=5))

    async def installed(self, team=OTHER, token=OTHER_TOKEN):
        """Somebody installs the app with their browser."""
        state = await self.begun()
        code = self.slack.grants(team, token)
        return await self.web.get("/slack/oauth_redirect", params={"code": code, "state": state}, headers=cookie(state))

    async def begun(self):
        sent = await self.web.get("/slack/install")
        assert sent.status_code == 302
        self.web.cookies.clear()  # a test says itself which browser comes back
        return parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]


def cookie(state):
    return {"Cookie": f"slack-app-oauth-state={state}"}


OAUTH = {
    "SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET, "CHIPWIRE_SECRET_KEY": KEY,
    "CHIPWIRE_PUBLIC_URL": PUBLIC,
}  # fmt: skip
