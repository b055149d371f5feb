"""Slack's requests over HTTP: what the web server mounts.

Source: docs.slack.dev, "Using HTTP" (one address for events, commands and interactions), "Verifying requests".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from pydantic import SecretStr
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.chat.slack.signing import why_refused
from bot.clock import Clock
from bot.errors import StoreError

log = structlog.get_logger(__name__)

EVENTS_PATH = "/slack/events"
MAX_BODY = 1024 * 1024  # bytes; a form with everything in it has some thousands

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


def event_routes(secret: SecretStr, dispatch: Dispatch, clock: Clock) -> list[Route]:
    """The one address for events, commands, buttons and forms.

    Args:
        secret: the app's signing secret.
        dispatch: answers within three seconds.
        clock: for the age of a request.
    """

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response("too large", 413)
        headers = request.headers
        wrong = why_refused(
            secret.get_secret_value(),
            headers.get("x-slack-request-timestamp", ""),
            headers.get("x-slack-signature", ""),
            body,
            clock.now(),
        )
        if wrong is not None:
            log.warning("slack_request_refused", reason=wrong)
            return Response("not signed by Slack", 401)
        try:
            asked = _asked(request, body.decode())
        except (ValueError, AttributeError):  # not UTF-8, no JSON where there should be, or no object in it
            return Response("cannot be read", 400)
        return _answered(await dispatch(asked))

    return [Route(EVENTS_PATH, events, methods=["POST"])]


def install_routes(flow: AsyncOAuthFlow) -> list[Route]:
    """Where a workspace begins to install the app, and where Slack sends it back to."""

    async def guarded(request: Request, step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Response:
        try:
            return _answered(await step(_asked(request, "")))
        except StoreError as error:
            log.error("slack_install_broke", error=str(error))  # noqa: TRY400
        except Exception as error:  # noqa: BLE001  the SDK's errors hold the code and the secret
            log.error("slack_install_broke", error=type(error).__name__)  # noqa: TRY400
        return Response("the installation failed; please try again in a minute", 503)

    async def install(request: Request) -> Response:
        return await guarded(request, flow.handle_installation)

    async def redirected(request: Request) -> Response:
        return await guarded(request, flow.handle_callback)

    return [Route(flow.install_path, install), Route(flow.redirect_uri_path, redirected)]


async def _body(request: Request) -> bytes | None:
    """The body; None where it is longer than any that Slack sends."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > MAX_BODY:
                return None
            parts.append(part)
    except ClientDisconnect:
        return b""  # nobody reads the answer any more; its signature is wrong
    return b"".join(parts)


def _asked(request: Request, body: str) -> AsyncBoltRequest:
    # No other header says anything to bolt, and some of its own would.
    headers: dict[str, str | Sequence[str]] = {
        name: value for name, value in request.headers.items() if name in {"content-type", "cookie"}
    }
    return AsyncBoltRequest(body=body, query=str(request.url.query), headers=headers)


def _answered(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        if name.lower() == "content-length":
            continue
        if name.lower() == "content-type":
            response.headers["content-type"] = values[0]
            continue
        for value in values:
            response.headers.append(name, value)
    return response
