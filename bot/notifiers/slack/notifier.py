"""Posting to Slack once, and finding out afterwards whether a post arrived.

Source: docs.slack.dev (chat.postMessage, conversations.history, conversations.replies, auth.test, rate limits).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.domain import Alert, Claim, Destination, DestinationKind, Outcome, Reason, Receipt
from bot.errors import NotifyError
from bot.notifiers import digest as held
from bot.notifiers.base import Message, Rate
from bot.notifiers.card import card_of, sent_note
from bot.notifiers.slack.blocks import blocks_of, fallback_of, plain_of
from bot.notifiers.slack.digest import SHORT_ROOM, digest_blocks, digest_fallback, digest_plain
from bot.notifiers.text import retry_after

# "Rate limits", chat.postMessage: about one message a second per channel, short bursts tolerated.
RATE = Rate(burst=30, interval=timedelta(seconds=1))
DEFAULT_WAIT = timedelta(seconds=5)  # after a 429 that names no time
CONNECT_TIMEOUT_S = 5.0
TIMEOUT_S = 15.0  # one call in all; a message may take three, when Slack refuses the longer forms
KEEP_S = 30.0  # an idle connection is kept this long
EVENT_TYPE = "chipwire_alert"
PAGE = 200  # messages of history a call
LOOK_BACK = timedelta(seconds=60)  # our clock and Slack's may differ

_AUTH = {
    "invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed", "missing_scope",
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
_TOO_MUCH = {
    "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "block_mismatch", "no_text",
    "duplicate_block_id",
}  # fmt: skip
_NO_THREAD = {"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message", "message_not_found"}
_TOO_FAST = {"ratelimited", "rate_limited", "message_limit_exceeded"}
# "It's possible some aspect of the operation succeeded before the error was raised."
_MAYBE = {"fatal_error", "internal_error"}
# Reading history needs more than posting does: a public channel may be posted to without being in it.
_CANNOT_LOOK = {"missing_scope", "not_in_channel", "channel_not_found", "method_not_supported_for_channel_type"}
# The SDK's own logger has no level, and then it spells out every request and answer, whoever listens.
_SDK_LOG = logging.getLogger("slack_sdk.quiet")
_SDK_LOG.setLevel(logging.WARNING)
_CODE = re.compile(r"[a-z][a-z_]{0,79}")


class _RefusedError(Exception):
    """Slack understood the call and did not do it; ``code`` is its own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SlackNotifier:
    """Posts alerts as one bot."""

    kind = DestinationKind.SLACK

    def __init__(self, token: SecretStr, *, api_url: str, clock: Clock, timeout_s: float = TIMEOUT_S) -> None:
        """Open no connection yet.

        Args:
            token: the bot's (``xoxb-…``).
            api_url: where the Web API lives, e.g. ``https://slack.com/api/``.
            clock: for the sent time.
            timeout_s: for one call in all, in seconds.
        """
        self._token = token
        self._api_url = api_url
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(CONNECT_TIMEOUT_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    def rate(self, destination: Destination) -> Rate:
        """See Notifier."""
        del destination
        return RATE

    def render(self, alert: Alert) -> Message:
        """See Notifier."""
        card = card_of(alert)
        return Message(fallback_of(card), {"blocks": blocks_of(card, times=card.timing)})

    def render_digest(self, alerts: Sequence[Alert]) -> Message:
        """See Notifier."""
        digest = held.digest_of(alerts)
        return Message(digest_fallback(digest), {"blocks": digest_blocks(digest, times=digest.timing)})

    async def check(self) -> str:
        """See Notifier."""
        try:
            answer = await self._call(self._web().auth_test(), "slack")
        except _RefusedError as refused:
            raise _judge(refused.code, "slack") from None
        return f"{answer.get('user', '?')} in {answer.get('team', '?')} ({answer.get('url', '')})"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier. What Slack refuses as too long is offered again shorter: a refusal is no post."""
        target = str(claim.destination)
        threaded = _is_reply(claim)
        code = ""
        for form in _forms(claim, message, self._clock.now()):
            try:
                try:
                    return await self._post(claim, form, threaded=threaded)
                except _RefusedError as refused:
                    if not (threaded and refused.code in _NO_THREAD):
                        raise
                    threaded = False  # the story's first message was deleted: say it in the channel
                    return await self._post(claim, form, threaded=False)
            except _RefusedError as refused:
                code = refused.code
                if code not in _TOO_MUCH:
                    break
        raise _judge(code, target)

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """See Notifier. Looks through the thread and the channel since the first attempt.

        Raises:
            NotifyError: permanent where the bot may post but not read (no history scope, not a member).
        """
        since = (claim.first_intent_at or claim.alert.created_at) - LOOK_BACK
        try:
            if claim.thread is not None and _is_reply(claim):
                found = await self._find(claim, since, thread=claim.thread.message_id)
                if found is not None:
                    return found
            return await self._find(claim, since, thread=None)
        except _RefusedError as refused:
            if refused.code in _CANNOT_LOOK:
                raise NotifyError(
                    f"Slack does not let the bot read the channel's history ({refused.code}): add the scope "
                    "channels:history (groups:history for a private channel) and invite the bot",
                    destination=str(claim.destination),
                    permanent=True,
                ) from None
            raise _judge(refused.code, str(claim.destination)) from None

    async def aclose(self) -> None:
        """See Notifier."""
        session, self._session, self._client = self._session, None, None
        if session is not None:
            await session.close()

    async def _post(self, claim: Claim, form: Mapping[str, Any], *, threaded: bool) -> Receipt:
        thread: dict[str, Any] = {}
        if threaded and claim.thread is not None:
            thread = {"thread_ts": claim.thread.message_id, "reply_broadcast": _changes_status(claim.alert)}
        target = str(claim.destination)
        answer = await self._call(
            self._web().chat_postMessage(
                channel=claim.destination.address,
                unfurl_links=False,
                unfurl_media=False,
                metadata={
                    "event_type": EVENT_TYPE,
                    "event_payload": {
                        "delivery_id": claim.delivery_id,
                        "story": claim.alert.story,
                        "alert_id": claim.alert.id,
                    },
                },
                **form,
                **thread,
            ),
            target,
        )
        ts = answer.get("ts")
        if not isinstance(ts, str) or not ts:
            raise NotifyError("Slack accepted a message without naming it", destination=target, maybe_sent=True)
        return _receipt(ts, str(answer.get("channel") or claim.destination.address))

    async def _find(self, claim: Claim, since: datetime, *, thread: str | None) -> Receipt | None:
        channel = claim.destination.address
        if claim.thread is not None and claim.thread.channel:
            channel = claim.thread.channel  # reading takes an id where posting also takes a name
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            asked: dict[str, Any] = {
                "channel": channel,
                "oldest": f"{since.timestamp():.6f}",
                "inclusive": True,
                "include_all_metadata": True,
                "limit": PAGE,
                "cursor": cursor,
            }
            web = self._web()
            if thread is not None:
                call = web.conversations_replies(ts=thread, **asked)
            else:
                call = web.conversations_history(**asked)
            try:
                answer = await self._call(call, str(claim.destination))
            except _RefusedError as refused:
                if thread is not None and refused.code in _NO_THREAD:
                    return None
                raise
            for post in answer.get("messages") or ():
                if _delivery_of(post) == claim.delivery_id:
                    return _receipt(str(post["ts"]), channel)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None
            if cursor in seen:
                raise NotifyError("Slack's history does not end", destination=str(claim.destination))
            seen.add(cursor)

    def _web(self) -> AsyncWebClient:
        """The client, made on first use: its session belongs to the running loop."""
        if self._client is None:
            # trust_env: the environment's proxies with its exemptions; the SDK's own reading knows no exemptions.
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                trust_env=True,
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_S, limit_per_host=16),
            )
            self._client = AsyncWebClient(
                token=self._token.get_secret_value(),
                base_url=self._api_url,
                session=self._session,
                logger=_SDK_LOG,
                # The default handler repeats a call whose answer was lost: two posts and no exception.
                retry_handlers=[],
            )
            self._client.proxy = None
        return self._client

    async def _call(self, call: Awaitable[AsyncSlackResponse], target: str) -> Mapping[str, Any]:
        """Wait for one call.

        Causes are cut off (``from None``) where the foreign error holds the request's headers, the token among them.

        Raises:
            _RefusedError: Slack answered no.
            NotifyError: everything else.
        """
        try:
            answer = await call
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
        data = answer.data
        return data if isinstance(data, dict) else {}

    def _translate(self, response: Any, target: str) -> _RefusedError | NotifyError:
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
            return _RefusedError(code)
        if 400 <= status < 500:  # not Slack's own form of saying no: something on the way
            return NotifyError(f"Slack: HTTP {status}", destination=target)
        return NotifyError(f"Slack's answer cannot be read (HTTP {status})", destination=target, maybe_sent=True)


def _judge(code: str, target: str) -> NotifyError:
    """What Slack's refusal means for the next step."""
    return NotifyError(f"Slack refused: {code}", destination=target, auth=code in _AUTH, permanent=code in _PERMANENT)


def _forms(claim: Claim, message: Message, now: datetime) -> Iterator[dict[str, Any]]:
    """The message in full, then shorter, then as text alone; each with the time of sending."""
    several = len(claim.held) > 1
    note = held.sent_note(claim.held, now) if several else sent_note(claim.alert, now)
    *blocks, times = message.payload["blocks"]
    last = {**times, "elements": [{**times["elements"][0], "text": times["elements"][0]["text"] + note}]}
    yield {"text": message.text, "blocks": [*blocks, last]}
    if several:
        digest = held.digest_of(claim.held)
        whole = digest.timing + note
        yield {"text": message.text, "blocks": digest_blocks(digest, times=whole, room=SHORT_ROOM)}
        yield {"text": digest_plain(digest, times=whole)}
        return
    short = card_of(claim.alert, short=True)
    yield {"text": fallback_of(short), "blocks": blocks_of(short, times=short.timing + note)}
    yield {"text": plain_of(short, times=short.timing + note)}


def _is_reply(claim: Claim) -> bool:
    return claim.alert.outcome is Outcome.UPDATE and claim.thread is not None and bool(claim.thread.message_id)


def _changes_status(alert: Alert) -> bool:
    return alert.reason is Reason.STATUS_CHANGE or alert.previous_status not in {None, alert.status}


def _delivery_of(post: Any) -> str | None:
    metadata = post.get("metadata") if isinstance(post, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("delivery_id") if isinstance(payload, dict) else None


def _receipt(ts: str, channel: str) -> Receipt:
    try:
        sent_at = datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        sent_at = None
    return Receipt(ts, channel=channel, sent_at=sent_at)
