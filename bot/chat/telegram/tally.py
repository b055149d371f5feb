"""How many have voted, shown on the buttons: redrawn at once, and then now and then, however many press."""

from __future__ import annotations

import asyncio

import structlog
from telegram import InlineKeyboardMarkup, MaybeInaccessibleMessage, Message

from bot.chat.telegram.keyboards import counted
from bot.chat.telegram.sending import Sender
from bot.errors import StoreError
from bot.store.base import Store

log = structlog.get_logger(__name__)

EVERY_S = 15.0  # between two drawings: edits count as messages of a group, which has 20 a minute
MOST = 100  # messages that wait to be redrawn


class Tally:
    """Messages whose votes have changed."""

    def __init__(self, sender: Sender, store: Store, *, every_s: float = EVERY_S) -> None:
        """Draw nothing before ``run``."""
        self._sender = sender
        self._store = store
        self._every_s = every_s
        self._changed: dict[tuple[int, int], tuple[str, InlineKeyboardMarkup]] = {}
        self._some = asyncio.Event()

    def note(self, message: MaybeInaccessibleMessage | None, alert_id: str) -> None:
        """Somebody has voted under this message."""
        if not isinstance(message, Message) or message.reply_markup is None:
            return  # too old for Telegram to show us its buttons
        key = message.chat.id, message.message_id
        if key in self._changed or len(self._changed) < MOST:
            self._changed[key] = alert_id, message.reply_markup
            self._some.set()

    async def run(self) -> None:
        """Draw until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            changed, self._changed = self._changed, {}
            for (chat, message), (alert_id, markup) in changed.items():
                try:
                    votes = await self._store.vote_counts(alert_id)
                except StoreError as error:
                    log.warning("telegram_votes_not_shown", error=str(error))
                    continue
                after = counted(markup, alert_id, votes)
                if after != markup:
                    await self._sender.redraw(chat, message, after)
            await asyncio.sleep(self._every_s)
