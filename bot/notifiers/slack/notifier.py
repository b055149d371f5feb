"""Posting to Slack once, editing what was posted, and finding out afterwards whether a post arrived.

Source: docs.slack.dev (chat.postMessage, chat.update, conversations.history, conversations.replies, auth.test).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.clock import Clock
from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Outcome, Reason, Receipt
from bot.errors import BotError, NotifyError
from bot.notifiers import digest as held
from bot.notifiers.base import PLAIN, Look, Message, Rate
from bot.notifiers.card import Card, amended_note, card_of, sent_note
from bot.notifiers.slack.blocks import MAX_TEXT, Block, blocks_of, escape, escape_within, fallback_of, plain_of, stamped
from bot.notifiers.slack.buttons import buttons_of
from bot.notifiers.slack.digest import SHORT_ROOM, digest_blocks, digest_fallback, digest_plain
from bot.notifiers.slack.web import CANNOT_LOOK, NO_THREAD, TIMEOUT_S, TOO_MUCH, RefusedError, SlackWeb, judge

# "Rate limits", chat.postMessage: about one message a second per channel, short bursts tolerated.
RATE = Rate(burst=30, interval=timedelta(seconds=1))
EVENT_TYPE = "chipwire_alert"
PAGE = 200  # messages of history a call
LOOK_BACK = timedelta(seconds=60)  # our clock and Slack's may differ

Tokens = Callable[[str], Awaitable[SecretStr | None]]
"""The bot token of a workspace that installed the app, by its id (``T…``); None where it did not, or no longer."""


class SlackNotifier:
    """Posts alerts as one app: under its own token, and in the workspaces that installed it under theirs."""

    kind = DestinationKind.SLACK

    def __init__(
        self,
        token: SecretStr | None,
        *,
        api_url: str,
        clock: Clock,
        timeout_s: float = TIMEOUT_S,
        tokens: Tokens | None = None,
    ) -> None:
        """Open no connection yet.

        Args:
            token: the bot's (``xoxb-…``), for ``slack:<channel>``; None where there are only installations.
            api_url: where the Web API lives, e.g. ``https://slack.com/api/``.
            clock: for the sent time.
            timeout_s: for one call in all, in seconds.
            tokens: of the workspaces that installed the app, for ``slack:<workspace>/<channel>``.
        """
        self._own = token
        self._tokens = tokens
        self._clock = clock
        self._web = SlackWeb(api_url=api_url, clock=clock, timeout_s=timeout_s)

    def rate(self, destination: Destination) -> Rate:
        """See Notifier."""
        del destination
        return RATE

    def render(self, alert: Alert, look: Look = PLAIN) -> Message:
        """See Notifier."""
        card = card_of(alert, language=look.language, quotes=look.quotes)
        short = card_of(alert, short=True, language=look.language)
        return _message(card, short, note="", buttons=_row(alert, card, look))

    def render_digest(self, alerts: Sequence[Alert], look: Look = PLAIN) -> Message:
        """See Notifier."""
        digest = held.digest_of(alerts, language=look.language)
        times = digest.timing
        text = digest_fallback(digest)
        shorter = [
            {"text": text, "blocks": digest_blocks(digest, times=times, room=SHORT_ROOM)},
            {"text": digest_plain(digest, times=times)},
        ]
        blocks = digest_blocks(digest, times=times)
        return Message(text, {"blocks": blocks, "shorter": shorter, "language": digest.texts.language})

    def render_amended(self, amendment: Amendment, look: Look = PLAIN) -> Message:
        """See Notifier."""
        alert, story = amendment.alert, amendment.story
        card = card_of(alert, language=look.language, quotes=look.quotes, standing=story)
        short = card_of(alert, short=True, language=look.language, standing=story)
        note = amended_note(amendment, language=look.language)
        return _message(card, short, note=note, buttons=_row(alert, card, look))

    async def check(self) -> str:
        """See Notifier."""
        if self._own is None:
            return "no token of its own: posts where the app was installed"
        try:
            answer = await self._web.call("auth_test", self._own, "slack")
        except RefusedError as refused:
            raise judge(refused.code, "slack") from None
        return f"{answer.get('user', '?')} in {answer.get('team', '?')} ({answer.get('url', '')})"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier. What Slack refuses as too long is offered again shorter: a refusal is no post."""
        threaded = _is_reply(claim)
        code = ""
        for form in _forms(claim, message, self._clock.now()):
            try:
                try:
                    return await self._post(claim, form, threaded=threaded)
                except RefusedError as refused:
                    if not (threaded and refused.code in NO_THREAD):
                        raise
                    threaded = False  # the story's first message was deleted: say it in the channel
                    return await self._post(claim, form, threaded=False)
            except RefusedError as refused:
                code = refused.code
                if code not in TOO_MUCH:
                    break
        raise _judge(code, claim.destination)

    async def amend(self, amendment: Amendment, message: Message) -> None:
        """See Notifier. The message's metadata stay as they are: an edit does not name them."""
        code = ""
        for form in _offers(message):
            try:
                await self._call(
                    "chat_update",
                    amendment.destination,
                    channel=amendment.receipt.channel or _place(amendment.destination)[1],
                    ts=amendment.receipt.message_id,
                    parse="none",  # as posts have it: of an edit the default is to read @mentions into the words
                    **{"blocks": [], **form},  # text alone: no old blocks may go on saying what is no longer so
                )
            except RefusedError as refused:
                code = refused.code
                if code not in TOO_MUCH:
                    break
            else:
                return
        raise _judge(code, amendment.destination, editing=True)

    async def say(self, destination: Destination, text: str) -> None:
        """See Notifier."""
        try:
            await self._call(
                "chat_postMessage",
                destination,
                channel=_place(destination)[1],
                text=escape_within(text, MAX_TEXT),
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        except RefusedError as refused:
            raise _judge(refused.code, destination) from None

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
        except RefusedError as refused:
            if refused.code in CANNOT_LOOK:
                raise NotifyError(
                    f"Slack does not let the bot read the channel's history ({refused.code}): add the scope "
                    "channels:history (groups:history for a private channel) and invite the bot",
                    destination=str(claim.destination),
                    permanent=True,
                ) from None
            raise _judge(refused.code, claim.destination) from None

    async def aclose(self) -> None:
        """See Notifier."""
        await self._web.aclose()

    async def _call(self, method: str, destination: Destination, **args: Any) -> Mapping[str, Any]:
        """Make one call in the workspace of a destination; raises what SlackWeb.call does."""
        return await self._web.call(method, await self._token(destination), str(destination), **args)

    async def _token(self, destination: Destination) -> SecretStr:
        team, _ = _place(destination)
        target = str(destination)
        if not team:
            if self._own is None:
                raise NotifyError("Slack: no token for a channel without workspace", destination=target, permanent=True)
            return self._own
        try:
            token = await self._tokens(team) if self._tokens is not None else None
        except NotifyError:
            raise
        except BotError as error:
            raise NotifyError(f"Slack: cannot look up the token of {team}: {error}", destination=target) from error
        if token is None:
            raise NotifyError(f"Slack: the app is not installed in {team}", destination=target, permanent=True)
        return token

    async def _post(self, claim: Claim, form: Mapping[str, Any], *, threaded: bool) -> Receipt:
        thread: dict[str, Any] = {}
        if threaded and claim.thread is not None:
            thread = {"thread_ts": claim.thread.message_id, "reply_broadcast": _changes_status(claim.alert)}
        channel = _place(claim.destination)[1]
        answer = await self._call(
            "chat_postMessage",
            claim.destination,
            channel=channel,
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
        )
        ts = answer.get("ts")
        if not isinstance(ts, str) or not ts:
            raise NotifyError(
                "Slack accepted a message without naming it", destination=str(claim.destination), maybe_sent=True
            )
        return _receipt(ts, str(answer.get("channel") or channel))

    async def _find(self, claim: Claim, since: datetime, *, thread: str | None) -> Receipt | None:
        channel = _place(claim.destination)[1]
        if claim.thread is not None and claim.thread.channel:
            channel = claim.thread.channel  # reading takes an id where posting also takes a name
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": PAGE,
        }
        method = "conversations_history"
        if thread is not None:
            method, asked["ts"] = "conversations_replies", thread
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            try:
                answer = await self._call(method, claim.destination, **asked, cursor=cursor)
            except RefusedError as refused:
                if thread is not None and refused.code in NO_THREAD:
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


def _place(destination: Destination) -> tuple[str, str]:
    """The workspace, empty for that of the bot's own token, and the channel in it."""
    team, slash, channel = destination.address.partition("/")
    return (team, channel) if slash else ("", team)


def _judge(code: str, destination: Destination, *, editing: bool = False) -> NotifyError:
    return judge(code, str(destination), guest=bool(_place(destination)[0]), editing=editing)


def _row(alert: Alert, card: Card, look: Look) -> list[Block]:
    return [buttons_of(alert, card.texts)] if look.buttons else []


def _message(card: Card, short: Card, *, note: str, buttons: list[Block]) -> Message:
    """A card in full, then shorter, then as text alone; the buttons may be what is refused, so only the first has
    them. The payload is what ``_offers`` reads."""
    times = card.timing + note
    shorter = [
        {"text": fallback_of(short), "blocks": blocks_of(short, times=times)},
        {"text": plain_of(short, times=times)},
    ]
    blocks = [*blocks_of(card, times=times), *buttons]
    return Message(fallback_of(card), {"blocks": blocks, "shorter": shorter, "language": card.texts.language})


def _offers(message: Message) -> Iterator[dict[str, Any]]:
    """The forms of a message, the fullest first."""
    yield {"text": message.text, "blocks": message.payload["blocks"]}
    yield from message.payload["shorter"]


def _forms(claim: Claim, message: Message, now: datetime) -> Iterator[dict[str, Any]]:
    """The same with the time of sending."""
    language = message.payload["language"]
    if len(claim.held) > 1:
        note = held.sent_note(claim.held, now, language=language)
    else:
        note = sent_note(claim.alert, now, language=language)
    for form in _offers(message):
        if "blocks" in form:
            yield {**form, "blocks": stamped(form["blocks"], note)}
        else:
            yield {**form, "text": form["text"] + escape(note)}


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
