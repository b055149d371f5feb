"""Which notifiers there are: those whose credentials are set, and those that need none."""

from __future__ import annotations

from typing import TextIO

from bot.clock import Clock, SystemClock
from bot.domain import DestinationKind
from bot.notifiers.base import Notifier, Rate
from bot.notifiers.console import ConsoleNotifier
from bot.notifiers.slack import SlackNotifier, Tokens
from bot.notifiers.telegram import OVERALL, TelegramNotifier
from bot.notifiers.webhook import WebhookNotifier
from bot.settings import Settings

# Limits over all destinations of a platform together, where it has one.
OVERALL_RATES: dict[DestinationKind, Rate] = {DestinationKind.TELEGRAM: OVERALL}


def build_notifiers(
    settings: Settings, *, clock: Clock | None = None, stdout: TextIO | None = None, tokens: Tokens | None = None
) -> dict[DestinationKind, Notifier]:
    """Make each notifier that the settings allow; opens no connection.

    Args:
        settings: tokens and addresses.
        clock: for the sent times; the machine's own when None.
        stdout: where the console writes; standard output when None.
        tokens: of Slack workspaces that installed the app, by team; None where none can.
    """
    clock = clock or SystemClock()
    notifiers: dict[DestinationKind, Notifier] = {
        DestinationKind.CONSOLE: ConsoleNotifier(clock, stream=stdout),
        DestinationKind.WEBHOOK: WebhookNotifier(clock, secret=settings.webhook_secret),
    }
    if settings.slack_bot_token is not None or tokens is not None:
        notifiers[DestinationKind.SLACK] = SlackNotifier(
            settings.slack_bot_token, api_url=settings.slack_api_url, clock=clock, tokens=tokens
        )
    if settings.telegram_bot_token is not None:
        notifiers[DestinationKind.TELEGRAM] = TelegramNotifier(
            settings.telegram_bot_token, api_url=settings.telegram_api_url, clock=clock
        )
    return notifiers
