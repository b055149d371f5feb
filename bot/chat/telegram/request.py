"""The notifier's connection to Telegram, for updates too: one that the library cannot read stops no other."""

from __future__ import annotations

import json
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.request import HTTPXRequest, RequestData

from bot.notifiers.telegram.request import PLACEHOLDER, TelegramRequest

log = structlog.get_logger(__name__)

# Answers that name a message of which we want nothing: they were accepted, whatever they hold.
_IGNORED = {"sendDocument", "editMessageReplyMarkup"}


class ChatRequest(TelegramRequest):
    """The notifier's, whose answers hold nothing that makes the library fail."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        write_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        connect_timeout: Any = HTTPXRequest.DEFAULT_NONE,
        pool_timeout: Any = HTTPXRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See TelegramRequest.do_request."""
        code, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        called = url.rpartition("/")[2]
        if not 200 <= code < 300 or called not in {"getUpdates", *_IGNORED}:
            return code, payload
        result = True if called in _IGNORED else _readable(json.loads(payload)["result"])
        return code, json.dumps({"ok": True, "result": result}).encode()


def harmless(raw: Any) -> dict[str, Any] | None:
    """An update as it came, where the library can read it; else only its number. None where it has not even that."""
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return None
    try:
        Update.de_json(raw, None)
    except Exception as error:  # noqa: BLE001  the library raises whatever it stumbles over
        log.warning("telegram_update_unreadable", update=raw["update_id"], error=type(error).__name__)
        return {"update_id": raw["update_id"]}
    return raw


def chat_bot(request: TelegramRequest, updates: TelegramRequest, *, api_url: str) -> Bot:
    """The library's client over these two connections; the second is for ``getUpdates`` alone, which waits."""
    return Bot(PLACEHOLDER, base_url=f"{api_url.rstrip('/')}/bot", request=request, get_updates_request=updates)


def _readable(result: Any) -> list[dict[str, Any]]:
    if not isinstance(result, list):
        raise NetworkError("the answer holds no updates")
    return [update for raw in result if (update := harmless(raw)) is not None]
