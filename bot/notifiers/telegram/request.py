"""How python-telegram-bot reaches Telegram here: it never learns the token, and never meets an answer it misreads.

The library puts the token into the URL, httpx puts the URL into its log and errors, and servers put the path into
their error pages. So the library is given a placeholder for a token; the transport puts the real one in on the last
step, and it is taken out of whatever comes back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import SecretStr
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

from bot.notifiers.text import retry_after
from bot.notifiers.transport import SecretUrlTransport

PLACEHOLDER = "token"
DEFAULT_WAIT = timedelta(seconds=5)  # after a 429 that names no time
CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 10.0
CONNECTIONS = 16
_UNDERSTOOD = {400, 401, 403, 404, 409}  # what the library translates as we want it


class TooFastError(TelegramError):
    """429. The library's own RetryAfter warns of its future whenever it is made, and is only made when the answer
    names a time."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too Many Requests: retry after {wait.total_seconds():g}")
        self.wait = wait


class RefusedError(TelegramError):
    """The request was not accepted, by something that need not be Telegram."""


class TelegramRequest(HTTPXRequest):
    """The library's HTTP client with our transport."""

    def __init__(self, token: SecretStr, *, read_timeout_s: float = READ_TIMEOUT_S) -> None:
        # A token never holds other characters; a mistyped one must not bend the path.
        self._secret = SecretStr(quote(token.get_secret_value().strip(), safe=":-_"))
        connect = min(CONNECT_TIMEOUT_S, read_timeout_s)
        super().__init__(
            connection_pool_size=CONNECTIONS,
            read_timeout=read_timeout_s,
            write_timeout=connect,
            connect_timeout=connect,
            pool_timeout=connect,
            httpx_kwargs={"transport": SecretUrlTransport(self._reveal, connections=CONNECTIONS)},
        )

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
        """See telegram.request.BaseRequest.

        Raises:
            TooFastError: 429.
            RefusedError: another refusal that the library would read as a network failure, or as Telegram's word.
            NetworkError: no readable answer; the request may have been accepted.
        """
        code, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        payload = payload.replace(self._secret.get_secret_value().encode(), b"[token]")
        answer = _parse(payload)
        if 200 <= code < 300 and answer is not None and answer.get("ok") is False:
            # Some servers of this API say no with HTTP 200.
            code = answer["error_code"] if isinstance(answer.get("error_code"), int) else 400
        if code == 429:
            parameters = (answer or {}).get("parameters")
            wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
            raise TooFastError(retry_after(wait, datetime.now(UTC), default=DEFAULT_WAIT) or DEFAULT_WAIT)
        if 200 <= code < 300:
            if answer is None or answer.get("ok") is not True or "result" not in answer:
                raise NetworkError("the answer cannot be read")
            lean = _LEAN.get(url.rpartition("/")[2])
            return code, payload if lean is None else json.dumps(
                {"ok": True, "result": lean(answer["result"])}
            ).encode()
        if code >= 500 or code < 200:
            raise NetworkError(f"HTTP {code}")
        if code not in _UNDERSTOOD or answer is None or answer.get("ok") is not False:
            raise RefusedError(f"HTTP {code}, not in Telegram's form")
        return code, payload

    def _reveal(self, request: httpx.Request) -> httpx.URL:
        path = request.url.raw_path.replace(
            f"/bot{PLACEHOLDER}/".encode(), f"/bot{self._secret.get_secret_value()}/".encode(), 1
        )
        return request.url.copy_with(raw_path=path)


def _parse(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _lean_message(result: Any) -> Any:
    """Of a message only what we read, made safe to parse: it was accepted, whatever else its answer holds.

    True, as other methods answer, where the answer names no message.
    """
    number = result.get("message_id") if isinstance(result, dict) else None
    chat = result.get("chat") if isinstance(result, dict) else None
    if not isinstance(number, int) or not isinstance(chat, dict) or not isinstance(chat.get("id"), int):
        return True
    date = result.get("date")
    date = date if isinstance(date, int) and 0 < date < 2**33 else 0
    return {"message_id": number, "date": date, "chat": {"id": chat["id"], "type": str(chat.get("type", "private"))}}


def _lean_user(result: Any) -> Any:
    """Of a bot its name and number.

    Raises:
        NetworkError: it has none.
    """
    if not isinstance(result, dict) or not isinstance(result.get("id"), int):
        raise NetworkError("the answer names no bot")
    user = {"id": result["id"], "is_bot": True, "first_name": str(result.get("first_name", ""))}
    return {**user, "username": str(result.get("username", ""))}


_LEAN: dict[str, Callable[[Any], Any]] = {
    "sendMessage": _lean_message,
    "sendPhoto": _lean_message,
    "editMessageText": _lean_message,
    "editMessageCaption": _lean_message,
    "editMessageMedia": _lean_message,
    "getMe": _lean_user,
}
