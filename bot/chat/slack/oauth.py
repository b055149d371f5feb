"""Installing the app into a workspace: OAuth v2, with bolt's flow and our store.

Source: docs.slack.dev, "Installing with OAuth" (state, oauth.v2.access), "Scopes".
"""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta
from html import escape
from logging import Logger
from typing import Any
from urllib.parse import urlencode

import structlog
from pydantic import SecretStr
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.installs import Installations, Installed
from bot.clock import Clock
from bot.errors import BotError
from bot.settings import Settings
from bot.store.base import Store
from bot.texts import texts_of

log = structlog.get_logger(__name__)

# What the app asks a workspace for; the reason of each stands in deploy/slack-manifest.yaml.
SCOPES = (
    "chat:write", "chat:write.public", "commands", "channels:history", "groups:history", "im:history", "im:write",
    "users:read", "files:write",
)  # fmt: skip
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
STATE_LASTS = timedelta(minutes=10)


class _States(AsyncOAuthStateStore):
    """States in our store: each holds for some minutes, and once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """A new one."""
        state, now = secrets.token_urlsafe(32), self._clock.now()
        await self._store.take_state("", now)  # anybody may begin: what expired must not pile up
        await self._store.save_state(state, now + STATE_LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it was issued and still holds; true once."""
        return await self._store.take_state(state, self._clock.now())


class _Kept(AsyncInstallationStore):
    """What bolt's flow saves into."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def async_save(self, installation: Installation) -> None:
        """Keep a workspace's token, encrypted.

        Raises:
            BoltError: it is none of one workspace, or it cannot be kept.
        """
        if not installation.team_id or not installation.bot_token or installation.is_enterprise_install:
            raise BoltError("only a single workspace can install this app")
        scopes = installation.bot_scopes
        installed = Installed(
            installation.team_id,
            SecretStr(installation.bot_token),
            ",".join([scopes] if isinstance(scopes, str) else scopes or ()),
            installation.user_id or "",
        )
        try:
            await self._installations.save(installed)
        except BotError as error:
            log.error("slack_installation_not_saved", team=installed.team, error=str(error))  # noqa: TRY400
            raise BoltError("the installation could not be saved") from None


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, but for the call that takes the code: the SDK's way of naming the client is deprecated by aiohttp,
    and bolt writes codes into its log."""

    async def run_installation(self, code: str) -> Installation | None:
        """See AsyncOAuthFlow."""
        named = f"{self.settings.client_id}:{self.settings.client_secret}".encode()
        try:
            answer = await self.client.api_call(
                "oauth.v2.access",
                params={"code": code, "redirect_uri": self.redirect_uri},
                headers={"Authorization": f"Basic {base64.b64encode(named).decode()}"},
            )
        except SlackApiError as error:
            log.warning("slack_code_refused", error=str(error.response.get("error") or "")[:60])
            return None
        team, installer = answer.get("team") or {}, answer.get("authed_user") or {}
        return Installation(
            app_id=answer.get("app_id"),
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=answer.get("access_token"),
            bot_user_id=answer.get("bot_user_id"),
            bot_scopes=str(answer.get("scope") or ""),
            user_id=str(installer.get("id") or ""),
            is_enterprise_install=bool(answer.get("is_enterprise_install")),
        )


def flow_of(
    settings: Settings, store: Store, installations: Installations, clock: Clock, client: AsyncWebClient, logger: Logger
) -> AsyncOAuthFlow:
    """Bolt's flow. It binds the state to the browser that began, by a cookie.

    Args:
        settings: SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and CHIPWIRE_PUBLIC_URL are set.
        store: keeps the states.
        installations: keep the tokens.
        clock: for the states.
        client: of the Web API, without a token.
        logger: a quiet one: bolt's own words spell codes out.
    """
    if settings.slack_client_secret is None or settings.public_url is None:  # the settings have refused this
        raise ValueError("OAuth needs a client secret and a public URL")
    return _Flow(
        client=client,
        logger=logger,
        settings=AsyncOAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=settings.public_url.rstrip("/") + REDIRECT_PATH,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(
                success=_Pages(settings.language).installed, failure=_Pages(settings.language).failed
            ),
            installation_store=_Kept(installations),
            installation_store_bot_only=True,
            state_store=_States(store, clock),
            state_expiration_seconds=int(STATE_LASTS.total_seconds()),
            logger=logger,
        ),
    )


class _Pages:
    """What the browser shows in the end."""

    def __init__(self, language: str) -> None:
        self._texts = texts_of(language)

    async def installed(self, args: AsyncSuccessArgs) -> BoltResponse:
        """It is installed."""
        found = args.installation
        where = urlencode({"app": found.app_id or "", "team": found.team_id or ""})
        link = f'<a href="https://slack.com/app_redirect?{escape(where)}">{escape(self._say("open"))}</a>'
        return _page(200, f"<p>{escape(self._say('done'))}</p><p>{link}</p>", args.settings)

    async def failed(self, args: AsyncFailureArgs) -> BoltResponse:
        """It is not."""
        log.warning("slack_install_failed", reason=args.reason[:60])
        said = self._say("failed", reason=args.reason[:60])
        return _page(args.suggested_status_code, f"<p>{escape(said)}</p>", args.settings)

    def _say(self, key: str, **values: object) -> str:
        return self._texts.say(f"slack.oauth.{key}", **values)


def _page(status: int, inner: str, settings: AsyncOAuthSettings) -> BoltResponse:
    body = f'<!doctype html><meta charset="utf-8"><title>Chipwire</title>{inner}'
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Set-Cookie": [settings.state_utils.build_set_cookie_for_deletion()],
    }
    return BoltResponse(status=status, body=body, headers=headers)
