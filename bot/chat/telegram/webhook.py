"""Telegram brings updates itself, to an address of ours.

Source: core.telegram.org/bots/api, "setWebhook" (secret_token: 1-256 characters of A-Z, a-z, 0-9, _ and -, which comes
back in the header X-Telegram-Bot-Api-Secret-Token; what is not answered with 2xx is brought again) and
"getWebhookInfo".
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.chat.telegram.polling import ALLOWED
from bot.chat.telegram.request import harmless
from bot.domain import Destination, DestinationKind
from bot.errors import ConfigError
from bot.notifiers.telegram.refusals import translate
from bot.settings import Settings

log = structlog.get_logger(__name__)

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1_000_000  # bytes; an update has a few thousand
AGAIN_S = 30.0
LOOK_S = 300.0  # how often it is looked whether Telegram gets through
CALL_S = 20.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram is to come, and what it must say there."""

    public_url: str  # of this installation, from outside
    secret: SecretStr

    def __post_init__(self) -> None:
        """Refuse a secret that Telegram would refuse."""
        if not _SECRET.fullmatch(self.secret.get_secret_value()):
            raise ConfigError("TELEGRAM_WEBHOOK_SECRET: write 1 to 256 letters, digits, _ or -")

    @classmethod
    def of(cls, settings: Settings) -> Webhook | None:
        """As it is set; None where updates are to be asked for."""
        if settings.telegram_webhook_secret is None or settings.public_url is None:
            return None
        return cls(settings.public_url, settings.telegram_webhook_secret)

    @property
    def url(self) -> str:
        """The whole address."""
        return self.public_url.rstrip("/") + PATH

    def is_from_telegram(self, said: str | None) -> bool:
        """Whether the caller knows the secret; takes the same time for any wrong one."""
        return hmac.compare_digest((said or "").encode(), self.secret.get_secret_value().encode())


def route_of(webhook: Webhook, bot: Bot, put: Callable[[Update], bool]) -> Route:
    """What answers Telegram: at once, whatever an update asks for.

    Args:
        webhook: what Telegram must say.
        bot: of the updates.
        put: takes an update in hand; False when there is no room, and then Telegram comes again.
    """

    async def taken(request: Request) -> Response:
        if not webhook.is_from_telegram(request.headers.get(HEADER)):
            return Response(status_code=403)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MAX_BODY:
                return Response(status_code=413)
        try:
            raw = harmless(json.loads(body))
        except (ValueError, RecursionError):
            raw = None
        if raw is None:
            return Response(status_code=400)
        return Response(status_code=200 if put(Update.de_json(raw, bot)) else 503)

    return Route(PATH, taken, methods=["POST"])


async def keep(bot: Bot, webhook: Webhook, *, again_s: float = AGAIN_S, look_s: float = LOOK_S) -> None:
    """Tell Telegram where to come, and look now and then whether it gets through; until cancelled."""
    told = ""
    while True:
        try:
            async with asyncio.timeout(CALL_S):
                await bot.set_webhook(
                    webhook.url, secret_token=webhook.secret.get_secret_value(), allowed_updates=ALLOWED
                )
            log.info("telegram_webhook_set", path=PATH)
            told = ""
            await _watch(bot, webhook, look_s)
        except (TelegramError, TimeoutError) as error:
            failed = error if isinstance(error, TelegramError) else TelegramError("no answer in time")
            said = str(translate(failed, Destination(DestinationKind.TELEGRAM)))
            if said != told:
                log.warning("telegram_webhook_not_set", error=said, what="tried again until it is taken")
            told = said
            await asyncio.sleep(again_s)


async def _watch(bot: Bot, webhook: Webhook, look_s: float) -> None:
    """Look until somebody has set another webhook, or none."""
    failed_at = None
    while True:
        await asyncio.sleep(look_s)
        async with asyncio.timeout(CALL_S):
            info = await bot.get_webhook_info()
        if info.url != webhook.url:
            log.warning("telegram_webhook_gone", what="another program uses this bot's token; set again")
            return
        if info.last_error_date is not None and info.last_error_date != failed_at:
            failed_at = info.last_error_date
            log.warning("telegram_webhook_failing", error=info.last_error_message, waiting=info.pending_update_count)
