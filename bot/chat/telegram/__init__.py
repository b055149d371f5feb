"""What people ask in Telegram: private chats, groups, and channels that the bot administers.

Telegram's updates become questions to ``bot.chat.service.Chat``, and its answers become messages, alerts of buttons
and edits. Nothing is decided here but who a person is and where an answer belongs.
"""

from bot.chat.telegram.service import TelegramChat
from bot.chat.telegram.webhook import Webhook

__all__ = ["TelegramChat", "Webhook"]
