"""Slack as a place to ask: everything joined, over Socket Mode or HTTP or both."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot.chat.service import Chat
from bot.chat.slack.installs import installations_of
from bot.chat.slack.listeners import QUIET, Listeners
from bot.chat.slack.oauth import flow_of
from bot.chat.slack.people import People
from bot.chat.slack.posting import Posting
from bot.chat.slack.routes import event_routes, install_routes
from bot.chat.slack.socket import FIRST_WAIT_S, SocketMode
from bot.chat.slack.talking import Talk
from bot.clock import Clock
from bot.errors import BotError
from bot.notifiers.slack.web import SlackWeb
from bot.settings import Settings
from bot.store.base import Store

log = structlog.get_logger(__name__)

GRACE = timedelta(seconds=5)


class SlackChat:
    """The app in Slack: ``/chips``, the buttons, the forms, the App Home, and installing it."""

    def __init__(
        self,
        settings: Settings,
        chat: Chat,
        store: Store,
        clock: Clock,
        *,
        grace: timedelta = GRACE,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        """Join everything; no connection is opened yet.

        Args:
            settings: the SLACK_ ones, CHIPWIRE_SECRET_KEY, CHIPWIRE_PUBLIC_URL, CHIPWIRE_LANGUAGE.
            chat: what can be asked for.
            store: for the installations and the languages of chats.
            clock: tells the time.
            grace: how long requests in hand may take when it ends.
            first_wait_s: before Slack is tried again.
        """
        self._settings = settings
        self._clock = clock
        self._grace = grace
        self._installations = installations_of(settings, store, clock)
        self._web = SlackWeb(api_url=settings.slack_api_url, clock=clock)
        self._people = People(settings, self._web, clock, self._installations)
        self._posting = Posting(self._web, self._people)
        talk = Talk(chat, store, self._people, self._posting, clock, language=settings.language)
        self._listeners = Listeners(talk, chat, self._people, self._posting, clock)
        self._listeners.uninstalled = self._uninstalled
        client = AsyncWebClient(base_url=settings.slack_api_url, logger=QUIET, retry_handlers=[])
        self._flow = (
            flow_of(settings, store, self._installations, clock, client, QUIET)
            if self._installations is not None
            else None
        )
        self._app = self._listeners.app(client, self._flow)
        self._socket = (
            SocketMode(settings.slack_app_token, self._web, self._envelope, first_wait_s=first_wait_s)
            if settings.slack_app_token is not None
            else None
        )

    @staticmethod
    def wanted(settings: Settings) -> bool:
        """Whether the settings make Slack reach us in any way: buttons are to be shown then."""
        known = settings.slack_bot_token is not None or settings.slack_client_id is not None
        return known and (settings.slack_app_token is not None or settings.slack_signing_secret is not None)

    @property
    def connected(self) -> bool | None:
        """Whether Socket Mode's connection stands; None where it is not used."""
        return None if self._socket is None else self._socket.connected

    def routes(self) -> list[Route]:
        """What the web server is to answer: requests that Slack signed, and the pages of the installation."""
        routes: list[Route] = []
        if self._settings.slack_signing_secret is not None:
            routes += event_routes(self._settings.slack_signing_secret, self._dispatch, self._clock)
        if self._flow is not None:
            routes += install_routes(self._flow)
        return routes

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until ``stop`` is set: over Socket Mode where there is an app token; HTTP comes by the routes."""
        if self._socket is not None:
            await self._socket.run(stop)
        else:
            await stop.wait()

    async def aclose(self) -> None:
        """Finish what is in hand, then close connections. May be called twice."""
        await self._listeners.drain(self._grace)
        await self._posting.aclose()
        await self._web.aclose()

    async def _envelope(self, envelope: dict[str, Any]) -> dict[str, Any] | None:
        payload = envelope.get("payload")
        if not isinstance(payload, dict):
            return {}
        try:
            answer = await self._dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        except Exception:  # one envelope must not end the connection
            log.exception("slack_request_broke", type=envelope.get("type"))
            return None
        if answer.status != 200:
            return None
        if not answer.body:
            return {}
        if answer.headers.get("content-type", [""])[0].startswith("application/json"):
            found = json.loads(answer.body)
            return found if isinstance(found, dict) else {}
        return {"text": answer.body}

    async def _dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        answer = await self._app.async_dispatch(request)
        if answer.status == 404:  # nothing that we asked for; Slack need not bring it again
            log.debug("slack_request_unknown", type=request.body.get("type"))
            return BoltResponse(status=200)
        return answer

    async def _uninstalled(self, team: str, at: datetime, reason: str) -> None:
        """A workspace took the app away, or its token back."""
        own = await self._people.is_own(team)
        if self._installations is None or own:
            log.error("slack_uninstalled", team=team, reason=reason, setting="SLACK_BOT_TOKEN")
            return
        try:
            installed = await self._installations.find(team)
        except BotError as error:  # a token that cannot be read goes as well
            log.warning("slack_installation_unreadable", team=team, error=str(error))
            installed = None
        if installed is not None and installed.at is not None and installed.at.replace(microsecond=0) > at:
            log.info("slack_installed_since", team=team)  # the news came late
            return
        await self._installations.remove(team, reason=reason)
