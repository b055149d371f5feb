"""The part of ``chipwire doctor`` for chat: what questions, prices and notices to the operator need.

Source: docs.slack.dev (apps.connections.open, auth.test and its header x-oauth-scopes); core.telegram.org/bots/api
(getWebhookInfo).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram import WebhookInfo
from telegram.error import TelegramError

from bot.chat.slack import SlackChat
from bot.chat.slack.oauth import SCOPES
from bot.chat.telegram import Webhook
from bot.chat.telegram.request import ChatRequest, chat_bot
from bot.clock import Clock, SystemClock
from bot.commands.findings import Finding
from bot.domain import Destination, DestinationKind
from bot.errors import BotError, ConfigError, NotifyError
from bot.notifiers.slack.web import RefusedError, SlackWeb
from bot.notifiers.telegram.refusals import translate
from bot.notifiers.text import clean, shorten
from bot.quotes import FinnhubQuotes
from bot.settings import Settings

TIMEOUT_S = 10.0
LATELY = timedelta(hours=1)  # Telegram tells of its last failure long after it was mended
_POSTING = {"chat:write"}  # all that alerts need, where nobody asks
_MAKE_ONE = (
    "make an App-Level Token with the scope connections:write at api.slack.com/apps (Basic Information) and paste it "
    "as SLACK_APP_TOKEN"
)
_ADD_SCOPES = "add them at api.slack.com/apps (OAuth & Permissions, or paste the manifest again) and reinstall the app"


async def chat_findings(settings: Settings, *, clock: Clock | None = None) -> list[Finding]:
    """Look at what is set; of what is not set it is only said what is missed."""
    clock = clock or SystemClock()
    return [
        *await _slack(settings, clock),
        *await _telegram(settings, clock),
        *await _prices(settings, clock),
        _operator(settings),
    ]


async def _slack(settings: Settings, clock: Clock) -> list[Finding]:
    bot, app = settings.slack_bot_token, settings.slack_app_token
    found = []
    web = SlackWeb(api_url=settings.slack_api_url, clock=clock, timeout_s=TIMEOUT_S)
    try:
        if app is not None:
            found.append(await _app_token(web, app))
        elif bot is not None and not SlackChat.wanted(settings):
            off = "not set: alerts are posted, but nobody answers to /chips and buttons"
            found.append(Finding("SLACK_APP_TOKEN", ok=True, detail=off))
        if bot is not None:
            found.append(await _scopes(web, bot, set(SCOPES) if SlackChat.wanted(settings) else _POSTING))
    finally:
        await web.aclose()
    return found


async def _app_token(web: SlackWeb, token: SecretStr) -> Finding:
    """Whether Slack gives an address to it. That is not told: it holds a ticket."""
    what = "SLACK_APP_TOKEN"
    try:
        answer = await web.call("apps_connections_open", token, "slack", app_token=token.get_secret_value())
    except RefusedError as refused:
        return Finding(what, ok=False, detail=f"Slack refused: {refused.code}; {_MAKE_ONE}")
    except NotifyError as error:
        return Finding(what, ok=False, detail=f"{error}; try again, or mend SLACK_API_URL")
    if not str(answer.get("url") or "").startswith(("wss:", "ws:")):
        return Finding(what, ok=False, detail="Slack's answer has no address; try again, or mend SLACK_API_URL")
    return Finding(what, ok=True, detail="Slack lets it listen")


async def _scopes(web: SlackWeb, token: SecretStr, needed: set[str]) -> Finding:
    what = "slack scopes"
    try:
        granted = await web.scopes(token)
    except RefusedError as refused:
        return Finding(what, ok=False, detail=f"Slack refused: {refused.code}; paste SLACK_BOT_TOKEN again")
    except NotifyError as error:
        return Finding(what, ok=False, detail=f"{error}; try again, or mend SLACK_API_URL")
    if granted is None:
        return Finding(what, ok=True, detail="Slack does not tell them")
    if missing := needed - granted:
        return Finding(what, ok=False, detail=f"{', '.join(sorted(missing))} not granted; {_ADD_SCOPES}")
    return Finding(what, ok=True, detail=f"all {len(needed)} that are needed")


async def _telegram(settings: Settings, clock: Clock) -> list[Finding]:
    token = settings.telegram_bot_token
    if token is None:
        return []
    what = "telegram updates"
    requests = ChatRequest(token), ChatRequest(token)
    try:
        webhook = Webhook.of(settings)
        async with asyncio.timeout(TIMEOUT_S):
            info = await chat_bot(*requests, api_url=settings.telegram_api_url).get_webhook_info()
    except ConfigError as error:
        return [Finding(what, ok=False, detail=str(error))]
    except TelegramError as error:
        refused = translate(error, Destination(DestinationKind.TELEGRAM))
        advice = "paste TELEGRAM_BOT_TOKEN again" if refused.auth else "try again, or mend TELEGRAM_API_URL"
        return [Finding(what, ok=False, detail=f"{refused}; {advice}")]
    except TimeoutError:
        return [Finding(what, ok=False, detail=f"no answer within {TIMEOUT_S:g} s")]
    except (AttributeError, KeyError, TypeError, ValueError):  # the library stumbles over an answer that is none
        return [Finding(what, ok=False, detail="Telegram's answer cannot be read; mend TELEGRAM_API_URL")]
    finally:
        for request in requests:
            await request.shutdown()
    return [_webhook(what, info, webhook, clock.now())]


def _webhook(what: str, info: WebhookInfo, wanted: Webhook | None, now: datetime) -> Finding:
    """What Telegram knows of a webhook, beside what is wanted. Another program's address may hold a secret."""
    waiting = f"{info.pending_update_count} wait"
    other = f"`chipwire run` mends that, unless another program uses this bot too: it needs one of its own ({waiting})"
    if not info.url:
        how = "`chipwire run` asks for them" if wanted is None else "`chipwire run` sets the webhook"
        return Finding(what, ok=True, detail=f"no webhook is set; {how} ({waiting})")
    host = urlsplit(info.url).hostname or "an address"
    if wanted is None:
        return Finding(what, ok=False, detail=f"Telegram brings them to {host}; {other}")
    if info.url != wanted.url:
        return Finding(what, ok=False, detail=f"Telegram brings them to {host}, not to CHIPWIRE_PUBLIC_URL; {other}")
    failed = info.last_error_date
    if failed is not None and now - failed <= LATELY:
        said = shorten(clean(info.last_error_message or "no reason given"), 200)
        ago = max(0, int((now - failed) / timedelta(minutes=1)))
        advice = f"CHIPWIRE_PUBLIC_URL must lead to this page over HTTPS ({waiting})"
        return Finding(what, ok=False, detail=f"Telegram could not bring one {ago} min ago: {said}; {advice}")
    return Finding(what, ok=True, detail=f"Telegram brings them to {host} ({waiting})")


async def _prices(settings: Settings, clock: Clock) -> list[Finding]:
    what, token = "FINNHUB_TOKEN", settings.finnhub_token
    if token is None:
        return [Finding(what, ok=True, detail="not set: cards show no prices")]
    try:
        quotes = FinnhubQuotes(token, api_url=settings.finnhub_api_url, clock=clock)
    except ConfigError as error:
        return [Finding(what, ok=False, detail=str(error))]
    try:
        quote = await quotes.check("NVDA")
    except BotError as error:
        return [Finding(what, ok=False, detail=str(error))]
    finally:
        await quotes.aclose()
    return [Finding(what, ok=True, detail=f"NVDA stands at {quote.price:g} {quote.currency}")]


def _operator(settings: Settings) -> Finding:
    """Whether their platform has a token; nothing is sent."""
    what = "CHIPWIRE_OPERATOR"
    if settings.operator is None:
        return Finding(what, ok=True, detail="not set: what a person must mend stands in the log alone")
    to = Destination.parse(settings.operator)
    name, token = {
        DestinationKind.SLACK: ("SLACK_BOT_TOKEN", settings.slack_bot_token),
        DestinationKind.TELEGRAM: ("TELEGRAM_BOT_TOKEN", settings.telegram_bot_token),
    }.get(to.kind, ("", SecretStr("none is needed")))
    if to.kind is DestinationKind.SLACK and "/" in to.address and settings.slack_client_id is not None:
        return Finding(what, ok=True, detail=f"{to.label}, where the app must be installed")
    if token is None:
        return Finding(what, ok=False, detail=f"{to.label} cannot be told: set {name}, or another destination")
    return Finding(what, ok=True, detail=to.label)
