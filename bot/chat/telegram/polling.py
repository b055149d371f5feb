"""Asking Telegram for updates, again and again: it needs no public address.

Source: core.telegram.org/bots/api, "getUpdates" (an update is confirmed by asking for the one after it; not beside a
webhook, and not by two at once: 409).
"""

from __future__ import annotations

import asyncio

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.chat.telegram.lanes import Lanes
from bot.domain import Destination, DestinationKind
from bot.notifiers.telegram.refusals import translate
from bot.notifiers.telegram.request import TooFastError

log = structlog.get_logger(__name__)

ALLOWED = ["message", "channel_post", "callback_query", "my_chat_member"]
WAIT_S = 25  # that Telegram holds a question which it has no answer to
CALL_S = 35.0  # in all, a network that swallows everything included
HANDLED_S = 3.0  # that the next question waits for what came to be answered, and so to be confirmed
SLOWLY_S = 30.0  # after what only a person can mend
LONGEST_S = 60.0
_HERE = Destination(DestinationKind.TELEGRAM)


class Poller:
    """Brings updates; which of them are done, only Telegram remembers."""

    def __init__(
        self, bot: Bot, lanes: Lanes, *, wait_s: int = WAIT_S, first_s: float = 1.0, slowly_s: float = SLOWLY_S
    ) -> None:
        """Ask nothing yet.

        Args:
            bot: whose updates.
            lanes: take them in hand.
            wait_s: that Telegram may hold a question.
            first_s: after the first failure; doubled with each that follows.
            slowly_s: after a failure that only a person can mend.
        """
        self._bot = bot
        self._lanes = lanes
        self._wait_s = wait_s
        self._first_s = first_s
        self._slowly_s = slowly_s
        self._offset: int | None = None
        self._no_webhook = False
        self._failures = 0
        self._told: type[TelegramError] | None = None

    async def run(self) -> None:
        """Ask until cancelled. Survives whatever the network does."""
        while True:
            try:
                await self._turn()
            except TelegramError as error:
                await asyncio.sleep(self._pause(error))
            except TimeoutError:
                await asyncio.sleep(self._pause(TelegramError("no answer in time")))
            except Exception:
                # A bug here must not end the chat for good.
                log.exception("telegram_poll_failed")
                await asyncio.sleep(self._slowly_s)
            else:
                if self._failures:
                    log.info("telegram_answers_again", failures=self._failures)
                self._failures, self._told = 0, None

    async def confirm(self) -> None:
        """Tell Telegram that all which came is done, where it is; a last word that may be lost."""
        if self._offset is None or self._lanes.left:
            return
        try:
            async with asyncio.timeout(2):
                await self._bot.get_updates(self._offset, limit=1, timeout=0, allowed_updates=ALLOWED)
        except (TelegramError, TimeoutError) as error:
            log.debug("telegram_updates_not_confirmed", error=type(error).__name__)

    async def _turn(self) -> None:
        if not self._no_webhook:
            async with asyncio.timeout(CALL_S):
                await self._bot.delete_webhook(drop_pending_updates=False)
            self._no_webhook = True
        async with asyncio.timeout(CALL_S):
            updates = await self._bot.get_updates(self._offset, timeout=self._wait_s, allowed_updates=ALLOWED)
        for update in updates:
            while not self._lanes.put(update):
                await self._lanes.room()
            self._offset = update.update_id + 1
        if updates:
            # Asking on confirms them: whoever dies before that is given them once more.
            await self._lanes.idle(HANDLED_S)

    def _pause(self, error: TelegramError) -> float:
        """Seconds until the next try; tells of a failure when it begins, not each time."""
        self._failures += 1
        new = type(error) is not self._told
        self._told = type(error)
        said = str(translate(error, _HERE))
        if isinstance(error, Conflict):
            self._no_webhook = False  # one may have been set meanwhile
            if new:
                log.error(
                    "telegram_conflict",
                    error=said,
                    what="another program asks for this bot's updates: stop it, or give it a bot of its own",
                )
            return self._slowly_s
        if isinstance(error, InvalidToken):
            if new:
                log.error("telegram_token_refused", error=said, what="paste TELEGRAM_BOT_TOKEN again")
            return self._slowly_s
        if new:
            log.warning("telegram_unreachable", error=said, what="asked again until it answers")
        wait_s = min(self._first_s * 2.0 ** min(self._failures - 1, 16), LONGEST_S)
        return max(wait_s, error.wait.total_seconds()) if isinstance(error, TooFastError) else wait_s
