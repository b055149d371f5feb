"""Who asks in Slack, and what they may: from a request's ids to an ``Asker``.

Source: docs.slack.dev (users.info, conversations.open, auth.test). What Slack says is kept for some minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog
from pydantic import SecretStr

from bot.chat.asking import Asker
from bot.chat.slack.installs import Installations
from bot.chat.slack.memory import Lasting
from bot.clock import Clock
from bot.domain import Destination, DestinationKind
from bot.errors import NotifyError
from bot.notifiers.slack.web import RefusedError, SlackWeb
from bot.settings import Settings

log = structlog.get_logger(__name__)

KEEP = timedelta(minutes=10)  # so long may somebody who is an administrator no more still change a channel
KEEP_CHATS = timedelta(days=1)
MOST = 10_000


class NotInstalledError(NotifyError):
    """A workspace has no token here: it was never installed, or took the app away."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who asks and where, as Slack names them."""

    team: str  # the workspace in which the app is asked
    user: str
    channel: str = ""  # empty in the App Home
    home_team: str = ""  # the user's own, where it is another (a shared channel)


@dataclass(frozen=True, slots=True)
class Workspace:
    """One in which the app works."""

    team: str
    token: SecretStr = field(repr=False)
    own: bool  # that of SLACK_BOT_TOKEN

    def destination(self, channel: str) -> Destination:
        """A channel of it."""
        return Destination(DestinationKind.SLACK, channel if self.own else f"{self.team}/{channel}")


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody."""

    admin: bool = False
    language: str | None = None


class People:
    """Knows the workspaces and asks Slack about people."""

    def __init__(self, settings: Settings, web: SlackWeb, clock: Clock, installations: Installations | None) -> None:
        """Ask nothing yet."""
        self._token = settings.slack_bot_token
        self._by_admins = settings.slack_settings_by == "admins"
        self._language = settings.language
        self._web = web
        self._installations = installations
        self._own_team: str | None = None
        self._people: Lasting[Person] = Lasting(clock, KEEP, MOST)
        self._chats: Lasting[str] = Lasting(clock, KEEP_CHATS, MOST)

    async def workspace(self, team: str) -> Workspace:
        """The workspace of a request.

        Raises:
            NotInstalledError: the app is not installed there.
            NotifyError: Slack cannot be asked whose the own token is.
            ConfigError, StoreError: as ``Installations.token``.
        """
        if self._installations is None or (self._token is not None and team == await self._own()):
            if self._token is None:
                raise NotifyError("Slack: no token", destination=f"slack:{team}", permanent=True)
            return Workspace(team, self._token, own=True)
        token = await self._installations.token(team)
        if token is None:
            raise NotInstalledError(
                f"Slack: the app is not installed in {team}", destination=f"slack:{team}", permanent=True
            )
        return Workspace(team, token, own=False)

    async def asker(self, place: Place) -> Asker:
        """The asker of a request.

        Raises:
            NotifyError: as ``workspace``; or it is asked in the App Home and their chat with us cannot be opened.
        """
        here = await self.workspace(place.team)
        person = await self._person(here, place)
        chat = await self._chat(here, place)
        own = here.destination(chat) if chat is not None else None
        # "/chips" may be typed in a chat of two others, where we cannot post: it is about their own chat with us.
        private = not place.channel or place.channel.startswith("D")
        to = own if private else here.destination(place.channel)
        if to is None:
            if not place.channel:
                raise NotifyError("Slack: cannot open a chat with somebody", destination=f"slack:{place.user}")
            to = here.destination(place.channel)
        return Asker(
            person=f"slack:{place.home_team or place.team}:{place.user}",
            to=to,
            private=private,
            may_change=private or not self._by_admins or person.admin,
            language=person.language or self._language,
            own=own,
        )

    def met(self, place: Place) -> None:
        """Remember somebody's own chat with us, where a request says which it is."""
        self._chats.put((place.team, place.user), place.channel)

    async def is_own(self, team: str) -> bool:
        """Whether a workspace is that of SLACK_BOT_TOKEN; False where that can no longer be asked."""
        if self._token is None:
            return False
        if self._installations is None:
            return True
        try:
            return await self._own() == team
        except NotifyError:
            return False

    async def _own(self) -> str:
        """The workspace of the own token; asked for once."""
        if self._own_team is None and self._token is not None:
            try:
                answer = await self._web.call("auth_test", self._token, "slack")
            except RefusedError as refused:
                raise NotifyError(f"Slack refused: {refused.code}", destination="slack", auth=True) from None
            self._own_team = str(answer.get("team_id") or "")
        return self._own_team or ""

    async def _person(self, here: Workspace, place: Place) -> Person:
        key = (place.team, place.user)
        person = self._people.get(key)
        if person is not None:
            return person
        try:
            answer = await self._web.call(
                "users_info", here.token, f"slack:{place.user}", user=place.user, include_locale=True
            )
        except (NotifyError, RefusedError) as error:
            log.warning("slack_person_unknown", team=place.team, error=str(error))
            return Person()  # nobody is an administrator because Slack did not answer
        user = answer.get("user") or {}
        # A guest of another workspace is no administrator here, whatever they are at home.
        ours = not place.home_team or place.home_team == place.team
        admin = ours and any(user.get(role) is True for role in ("is_admin", "is_owner", "is_primary_owner"))
        person = Person(admin, str(user["locale"]) if user.get("locale") else None)
        self._people.put(key, person)
        return person

    async def _chat(self, here: Workspace, place: Place) -> str | None:
        key = (place.team, place.user)
        known = self._chats.get(key)
        if known is not None:
            return known
        try:
            answer = await self._web.call("conversations_open", here.token, f"slack:{place.user}", users=place.user)
        except (NotifyError, RefusedError) as error:
            log.warning("slack_chat_unknown", team=place.team, error=str(error))
            return None
        channel = str((answer.get("channel") or {}).get("id") or "")
        if not channel:
            return None
        self.met(replace(place, channel=channel))
        return channel
