"""Everything that is sent to Slack from a conversation: one attempt each, for nothing may be said twice.

Source: docs.slack.dev, "Handling user interaction" (response_url: five posts within thirty minutes), chat.postMessage,
chat.postEphemeral, files.getUploadURLExternal, files.completeUploadExternal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp

from bot.chat.asking import Document
from bot.chat.slack.people import People
from bot.errors import NotifyError
from bot.notifiers.slack.web import CONNECT_TIMEOUT_S, TIMEOUT_S, SlackWeb

Answer = Callable[[dict[str, Any]], Awaitable[None]]
"""Posts a message where it was asked for."""


class Posting:
    """The Web API under each workspace's token, and the addresses to which answers go."""

    def __init__(self, web: SlackWeb, people: People) -> None:
        """Open no connection yet."""
        self._web = web
        self._people = people
        self._session: aiohttp.ClientSession | None = None

    async def call(self, team: str, method: str, **args: Any) -> Mapping[str, Any]:
        """Make one call in a workspace; raises what ``SlackWeb.call`` and ``People.workspace`` do."""
        here = await self._people.workspace(team)
        return await self._web.call(method, here.token, f"slack:{team}", **args)

    def by_url(self, url: str) -> Answer:
        """To the person alone, by the address that came with a command or a press."""

        async def post(message: dict[str, Any]) -> None:
            await self._post(url, {"response_type": "ephemeral", "replace_original": False, **message})

        return post

    def in_chat(self, team: str, channel: str, thread: str | None) -> Answer:
        """In somebody's own chat with us."""

        async def post(message: dict[str, Any]) -> None:
            args = {"channel": channel, "unfurl_links": False, "unfurl_media": False, **_content(message)}
            await self.call(team, "chat_postMessage", **args, **({"thread_ts": thread} if thread else {}))

        return post

    def to_one(self, team: str, channel: str, user: str) -> Answer:
        """To the person alone, in a channel, where nothing came by which to answer."""

        async def post(message: dict[str, Any]) -> None:
            await self.call(team, "chat_postEphemeral", channel=channel, user=user, **_content(message))

        return post

    async def upload(self, team: str, channel: str, document: Document) -> None:
        """A file into somebody's own chat with us.

        Raises:
            NotifyError, RefusedError: it is not there.
        """
        data = document.text.encode()
        place = await self.call(team, "files_getUploadURLExternal", filename=document.name, length=len(data))
        try:
            async with self._http().post(str(place.get("upload_url") or ""), data=data) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise NotifyError(f"Slack took no file ({type(error).__name__})", destination=f"slack:{team}") from None
        if status != 200:
            raise NotifyError(f"Slack took no file (HTTP {status})", destination=f"slack:{team}")
        files = [{"id": str(place.get("file_id") or ""), "title": document.name}]
        await self.call(team, "files_completeUploadExternal", files=files, channel_id=channel)

    async def aclose(self) -> None:
        """Close connections. May be called twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _post(self, url: str, message: dict[str, Any]) -> None:
        """The address is a secret of its own: it stands in no error."""
        try:
            async with self._http().post(url, json=message) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise NotifyError(
                f"Slack's answer was lost ({type(error).__name__})", destination="slack", maybe_sent=True
            ) from None
        if status != 200:
            raise NotifyError(f"Slack took no answer (HTTP {status})", destination="slack", maybe_sent=status >= 500)

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S)
            self._session = aiohttp.ClientSession(timeout=timeout, trust_env=True)
        return self._session


def _content(message: dict[str, Any]) -> dict[str, Any]:
    """What a method takes of a message: the rest is for addresses alone."""
    return {key: message[key] for key in ("text", "blocks") if key in message}
