"""Calls of Slack's Web API: one attempt each, under one workspace's token, and what their failures mean.

Source: docs.slack.dev (chat.postMessage, chat.update, conversations.history, rate limits), each method's "Errors".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.errors import NotifyError
from bot.notifiers.text import retry_after

DEFAULT_WAIT = timedelta(seconds=5)  # after a 429 that names no time
CONNECT_TIMEOUT_S = 5.0
TIMEOUT_S = 15.0  # one call in all; a message may take three, when Slack refuses the longer forms
KEEP_S = 30.0  # an idle connection is kept this long

# What Slack refuses as too long or as no valid form: a shorter one may pass.
TOO_MUCH = {
    "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "block_mismatch", "no_text",
    "duplicate_block_id",
}  # fmt: skip
NO_THREAD = {"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message", "message_not_found"}
# Reading history needs more than posting does: a public channel may be posted to without being in it.
CANNOT_LOOK = {"missing_scope", "not_in_channel", "channel_not_found", "method_not_supported_for_channel_type"}
# Of a message that is to be edited: gone, another's, or too old by the workspace's rules.
CANNOT_EDIT = {"message_not_found", "cant_update_message", "edit_window_closed", "invalid_ts"}

_EXPIRED = "token_expired"
_AUTH = {
    "invalid_auth", "token_revoked", _EXPIRED, "account_inactive", "not_authed", "missing_scope",
    "no_permission", "org_login_required", "ekm_access_denied", "not_allowed_token_type", "team_access_not_granted",
    "access_denied", "enterprise_is_restricted", "two_factor_setup_required",
}  # fmt: skip
_PERMANENT = {
    "channel_not_found", "not_in_channel", "is_archived", "user_not_found", "cannot_dm_bot", "messages_tab_disabled",
    "restricted_action", "restricted_action_read_only_channel", "restricted_action_non_threadable_channel",
    "restricted_action_thread_only_channel", "is_inactive", "method_not_supported_for_channel_type",
    "channel_type_not_supported", "slack_connect_canvas_sharing_blocked", "external_channel_migrating",
    "user_is_restricted",
}  # fmt: skip
_TOO_FAST = {"ratelimited", "rate_limited", "message_limit_exceeded"}
# "It's possible some aspect of the operation succeeded before the error was raised."
_MAYBE = {"fatal_error", "internal_error"}
# The SDK's own logger has no level, and then it spells out every request and answer, whoever listens.
_SDK_LOG = logging.getLogger("slack_sdk.quiet")
_SDK_LOG.setLevel(logging.WARNING)
_CODE = re.compile(r"[a-z][a-z_]{0,79}")


class RefusedError(Exception):
    """Slack understood the call and did not do it; ``code`` is its own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SlackWeb:
    """The Web API over one pool of connections."""

    def __init__(self, *, api_url: str, clock: Clock, timeout_s: float = TIMEOUT_S) -> None:
        """Open no connection yet.

        Args:
            api_url: where the Web API lives, e.g. ``https://slack.com/api/``.
            clock: for a wait that is given as a date.
            timeout_s: for one call in all, in seconds.
        """
        self._api_url = api_url
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    async def call(self, method: str, token: SecretStr, target: str, **args: Any) -> Mapping[str, Any]:
        """Make one call; no retry inside.

        Causes are cut off (``from None``) where the foreign error holds the request's headers, the token among them.

        Args:
            method: as the SDK names it, e.g. ``chat_postMessage``.
            token: of the workspace.
            target: the destination, for the error.
            args: the method's own.

        Raises:
            RefusedError: Slack answered no.
            NotifyError: everything else.
        """
        data = (await self._answer(method, token, target, **args)).data
        return data if isinstance(data, dict) else {}

    async def scopes(self, token: SecretStr) -> frozenset[str] | None:
        """What a token may do, as each answer says in a header; None where it does not.

        Raises:
            RefusedError: Slack answered no.
            NotifyError: everything else.
        """
        answer = await self._answer("auth_test", token, "slack")
        headers = {str(name).lower(): str(value) for name, value in dict(answer.headers).items()}
        said = headers.get("x-oauth-scopes")
        return None if said is None else frozenset(scope.strip() for scope in said.split(",") if scope.strip())

    async def aclose(self) -> None:
        """Close connections. May be called twice."""
        session, self._session, self._client = self._session, None, None
        if session is not None:
            await session.close()

    async def _answer(self, method: str, token: SecretStr, target: str, **args: Any) -> AsyncSlackResponse:
        """See ``call``."""
        try:
            answer: AsyncSlackResponse = await getattr(self._web(), method)(token=token.get_secret_value(), **args)
        except SlackApiError as error:
            raise self._translate(error.response, target) from None
        except aiohttp.ClientResponseError as error:
            # A proxy that would not let us through answers before Slack is reached.
            lost = not isinstance(error, aiohttp.ClientHttpProxyError)
            raise NotifyError(
                f"Slack: {type(error).__name__}, HTTP {error.status}", destination=target, maybe_sent=lost
            ) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotifyError(f"cannot reach Slack ({type(error).__name__})", destination=target) from error
        except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError) as error:
            raise NotifyError(
                f"Slack's answer was lost ({type(error).__name__})", destination=target, maybe_sent=True
            ) from error
        except AttributeError as error:  # the SDK asks a body that is not a JSON object for its "ok"
            if error.name != "get":
                raise
            raise NotifyError("Slack's answer cannot be read", destination=target, maybe_sent=True) from error
        return answer

    def _web(self) -> AsyncWebClient:
        """The client, made on first use: its session belongs to the running loop. It has no token of its own."""
        if self._client is None:
            # trust_env: the environment's proxies with its exemptions; the SDK's own reading knows no exemptions.
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                trust_env=True,
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_S, limit_per_host=16),
            )
            self._client = AsyncWebClient(
                base_url=self._api_url,
                session=self._session,
                logger=_SDK_LOG,
                # The default handler repeats a call whose answer was lost: two posts and no exception.
                retry_handlers=[],
            )
            self._client.proxy = None
        return self._client

    def _translate(self, response: Any, target: str) -> RefusedError | NotifyError:
        """What a failed call means.

        Args:
            response: the SDK's response, or aiohttp's where the body was no JSON.
            target: the destination, for the error.
        """
        status: int = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
        data = getattr(response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        code = code if isinstance(code, str) and _CODE.fullmatch(code) else ""
        if status == 429 or code in _TOO_FAST:
            headers = {str(name).lower(): value for name, value in dict(response.headers).items()}
            wait = retry_after(headers.get("retry-after"), self._clock.now(), default=DEFAULT_WAIT)
            return NotifyError(f"Slack: too fast ({code or status})", destination=target, retry_after=wait)
        if status >= 500 or code in _MAYBE:
            return NotifyError(f"Slack failed ({code or f'HTTP {status}'})", destination=target, maybe_sent=True)
        if code:
            return RefusedError(code)
        if 400 <= status < 500:  # not Slack's own form of saying no: something on the way
            return NotifyError(f"Slack: HTTP {status}", destination=target)
        return NotifyError(f"Slack's answer cannot be read (HTTP {status})", destination=target, maybe_sent=True)


def judge(code: str, target: str, *, guest: bool = False, editing: bool = False) -> NotifyError:
    """What Slack's refusal means for the next step.

    Args:
        code: Slack's word.
        target: the destination, for the error.
        guest: of a workspace that installed the app: its token is its own, so what is wrong with that concerns no
            other workspace, and only a new installation mends it.
        editing: of a message that was to be edited.
    """
    lost = guest and code in _AUTH - {_EXPIRED}
    return NotifyError(
        f"Slack refused: {code}",
        destination=target,
        auth=code in _AUTH and not guest,
        permanent=code in _PERMANENT or lost or (editing and code in CANNOT_EDIT),
    )
