"""Alerts in Telegram: HTML messages sent once by a bot."""

from bot.notifiers.telegram.notifier import OVERALL, TelegramNotifier

__all__ = ["OVERALL", "TelegramNotifier"]
