"""Alerts in Slack: Block Kit messages posted with chat.postMessage, found again by their metadata."""

from bot.notifiers.slack.notifier import SlackNotifier, Tokens

__all__ = ["SlackNotifier", "Tokens"]
