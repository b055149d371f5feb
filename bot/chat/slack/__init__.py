"""Slack as a place to ask: /chips, buttons, forms, the App Home, over Socket Mode or HTTP, for one workspace or many.

``SlackChat`` translates between Slack and ``bot.chat.service.Chat``; ``installations_of`` gives the notifier the
tokens of the workspaces that installed the app.
"""

from bot.chat.slack.installs import Installations, installations_of
from bot.chat.slack.service import SlackChat

__all__ = ["Installations", "SlackChat", "installations_of"]
