"""Bolt's app: which request is which. Everything is acknowledged first and then done.

Source: docs.slack.dev (slash commands, block actions, view submissions, Events API, "External data select menus").
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.service import Chat
from bot.chat.slack.form import FORM, TICKERS, Kept, options_of
from bot.chat.slack.memory import Lasting
from bot.chat.slack.people import People, Place
from bot.chat.slack.posting import Posting
from bot.chat.slack.talking import Pressed, Talk
from bot.clock import Clock

log = structlog.get_logger(__name__)

# Bolt and the SDK spell requests out, with the addresses and tokens in them; what is to be known we log ourselves.
QUIET = logging.getLogger("slack_bolt.quiet")
QUIET.setLevel(logging.CRITICAL + 1)

REMEMBER = timedelta(hours=2)  # Slack brings an event again for about an hour
MOST_REMEMBERED = 20_000
_ANY = re.compile(r"")
_TYPED = {None, "file_share", "thread_broadcast"}  # subtypes of messages that a person wrote


class Listeners:
    """Takes requests apart, and hands each once to the conversation."""

    def __init__(self, talk: Talk, chat: Chat, people: People, posting: Posting, clock: Clock) -> None:
        self._talk = talk
        self._chat = chat
        self._people = people
        self._posting = posting
        self._seen: Lasting[bool] = Lasting(clock, REMEMBER, MOST_REMEMBERED)
        self._clock = clock
        self._working: set[asyncio.Task[Any]] = set()
        self.uninstalled: Callable[[str, datetime, str], Awaitable[None]] | None = None

    def app(self, client: AsyncWebClient, flow: AsyncOAuthFlow | None) -> AsyncApp:
        """The app; the signatures were checked before.

        Args:
            client: of the Web API, without a token: no request is sent with it.
            flow: of the installation, or none.
        """
        app = AsyncApp(
            name="chipwire",
            logger=QUIET,
            client=client,
            authorize=_Anybody(),  # type: ignore[arg-type]
            oauth_flow=flow,
            signing_secret="",
            request_verification_enabled=False,  # bot.chat.slack.signing does it, with our clock
            ignoring_self_events_enabled=False,  # it would need a look-up before the acknowledgement
            attaching_function_token_enabled=False,
        )
        app.command(_ANY)(self._command)
        app.action({"type": "block_actions", "action_id": _ANY})(self._action)
        app.options(TICKERS)(self._options)
        app.view(FORM)(self._form)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._uninstalled)
        app.event("tokens_revoked")(self._revoked)
        app.event("message")(self._message)
        return app

    async def drain(self, grace: timedelta) -> None:
        """Let what was begun come to its end; what takes longer is given up."""
        await asyncio.sleep(0)  # bolt has planned what it acknowledged, and it begins now
        working = set(self._working)
        if not working:
            return
        _, late = await asyncio.wait(working, timeout=grace.total_seconds())
        for task in late:
            task.cancel()
        if late:
            log.warning("slack_requests_given_up", n=len(late))
            await asyncio.wait(late)

    async def _command(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        if self._once("command", body.get("trigger_id")):
            place = _place(context, str(body.get("user_id") or ""), channel=str(body.get("channel_id") or ""))
            answer = self._posting.by_url(str(body.get("response_url") or ""))
            trigger = str(body.get("trigger_id") or "")
            await self._work(self._talk.command(place, str(body.get("text") or ""), trigger=trigger, answer=answer))

    async def _action(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        (action, *_) = body.get("actions") or [{}]
        value = action.get("value") or (action.get("selected_option") or {}).get("value")
        once = self._once("action", body.get("trigger_id"), action.get("action_id"), action.get("action_ts"))
        if not value or not once:  # a link's button, which Slack reports as well; or brought again
            return
        view = body.get("view") or {}
        kept = Kept.read(view.get("private_metadata") or "") if view.get("type") == "modal" else None
        home = view.get("type") == "home" or (kept is not None and kept.home)
        container = body.get("container") or {}
        channel = kept.channel if kept else (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
        url = body.get("response_url")
        pressed = Pressed(
            str(value),
            str(body.get("trigger_id") or ""),
            self._posting.by_url(str(url)) if url and not view else None,
            view=str(view.get("id") or "") if kept is not None else "",
            home=home,
        )
        await self._work(self._talk.press(_person(context, body, "" if home else str(channel)), pressed))

    async def _options(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(options=options_of(self._chat.tickers_like(str(body.get("value") or ""))))

    async def _form(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        view = body.get("view") or {}
        values = (view.get("state") or {}).get("values") or {}

        async def acknowledge(problems: dict[str, str]) -> None:
            if problems:
                await ack(response_action="errors", errors=problems)
            else:
                await ack()

        if not self._once("form", body.get("trigger_id")):
            await ack()
            return
        kept = Kept.read(view.get("private_metadata") or "")
        await self._work(self._talk.save(_person(context, body, ""), values, kept, acknowledge))

    async def _home(self, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tab") == "home" and self._once("event", body.get("event_id")):
            place = _place(context, str(event.get("user") or ""), channel=str(event.get("channel") or ""))
            await self._work(self._talk.home(place))

    async def _message(self, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext) -> None:
        person = event.get("user")
        theirs = event.get("channel_type") == "im" and person and not event.get("bot_id")
        if not theirs or event.get("subtype") not in _TYPED or not self._once("event", body.get("event_id")):
            return
        place = _place(context, str(person), channel=str(event.get("channel") or ""))
        answer = self._posting.in_chat(place.team, place.channel, event.get("thread_ts"))
        await self._work(self._talk.message(place, str(event.get("text") or ""), answer=answer))

    async def _uninstalled(self, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._gone(body, context, "app_uninstalled")

    async def _revoked(self, body: dict[str, Any], event: dict[str, Any], context: AsyncBoltContext) -> None:
        if (event.get("tokens") or {}).get("bot"):  # those of single users are none of ours
            await self._gone(body, context, "tokens_revoked")

    async def _gone(self, body: dict[str, Any], context: AsyncBoltContext, reason: str) -> None:
        if self.uninstalled is not None and self._once("event", body.get("event_id")):
            at = datetime.fromtimestamp(int(body.get("event_time") or self._clock.now().timestamp()), UTC)
            await self._work(self.uninstalled(context.team_id or "", at, reason))

    def _once(self, kind: str, *names: object) -> bool:
        """Whether this came for the first time; without a name nobody can tell."""
        return not names[0] or self._seen.is_new((kind, *names), True)

    async def _work(self, work: Awaitable[None]) -> None:
        """Do it, known to ``drain``; bolt runs each listener as a task of its own and forgets it."""
        task = asyncio.current_task()
        if task is None:
            await work
            return
        self._working.add(task)
        try:
            await work
        except Exception:  # one request must not end in silence, nor with bolt's own words
            log.exception("slack_request_broke")
        finally:
            self._working.discard(task)


class _Anybody(AsyncAuthorize):
    """Lets every workspace in that Slack signed for: its token is looked for after the acknowledgement."""

    def __init__(self) -> None:
        """Nothing to know."""

    async def __call__(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        """See AsyncAuthorize."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


def _place(context: AsyncBoltContext, user: str, *, channel: str, home_team: str = "") -> Place:
    return Place(context.team_id or "", user, channel, home_team)


def _person(context: AsyncBoltContext, body: dict[str, Any], channel: str) -> Place:
    user = body.get("user") or {}
    return _place(context, str(user.get("id") or ""), channel=channel, home_team=str(user.get("team_id") or ""))
