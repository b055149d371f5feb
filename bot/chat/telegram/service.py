"""The running whole: from Telegram's updates to answers."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TypeVar

import structlog
from pydantic import SecretStr
from starlette.routing import Route
from telegram import Update, User
from telegram.error import InvalidToken, TelegramError

from bot.chat.service import Chat
from bot.chat.telegram.commands import Commands
from bot.chat.telegram.lanes import Lanes
from bot.chat.telegram.membership import Memberships
from bot.chat.telegram.menu import put_menus
from bot.chat.telegram.people import People
from bot.chat.telegram.polling import Poller
from bot.chat.telegram.presses import Presses
from bot.chat.telegram.request import ChatRequest, chat_bot
from bot.chat.telegram.sending import Sender
from bot.chat.telegram.tally import EVERY_S, Tally
from bot.chat.telegram.webhook import Webhook, keep, route_of
from bot.clock import Clock
from bot.domain import Destination, DestinationKind
from bot.notifiers.telegram.refusals import translate
from bot.store.base import Store

log = structlog.get_logger(__name__)

LAST_S = 5.0  # for answers in hand when we are to stop
CALL_S = 15.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long is waited for what; tests wait less."""

    again_s: float = 10.0  # before Telegram is asked once more who we are, or told where to come
    menus_s: float = 600.0  # before menus that were refused are offered once more
    failed_s: float = 1.0  # after the first failed poll; doubled with each that follows
    slowly_s: float = 30.0  # after one that only a person can mend
    tally_s: float = EVERY_S  # between two drawings of the votes


PAUSES = Pauses()


class TelegramChat:
    """Answers people in Telegram, as one bot. Alerts are the notifier's: neither waits for the other."""

    def __init__(
        self,
        token: SecretStr,
        *,
        api_url: str,
        chat: Chat,
        store: Store,
        clock: Clock,
        language: str = "en",
        webhook: Webhook | None = None,
        pauses: Pauses = PAUSES,
    ) -> None:
        """Open no connection yet.

        Args:
            token: the bot's, from @BotFather.
            api_url: where the Bot API lives.
            chat: knows the answers.
            store: is told of chats that end or move, and counts votes.
            clock: tells the time.
            language: of people in whose own there is no catalogue.
            webhook: where Telegram brings updates to; None: they are asked for.
            pauses: how long is waited for what.
        """
        self._requests = ChatRequest(token), ChatRequest(token)
        self._bot = chat_bot(*self._requests, api_url=api_url)
        self._chat = chat
        self._store = store
        self._clock = clock
        self._language = language
        self._webhook = webhook
        self._pauses = pauses
        self._sender = Sender(self._bot, store)
        self._people = People(self._sender, store, clock, language=language)
        self._memberships = Memberships(chat, self._sender, self._people, store, clock)
        self._tally = Tally(self._sender, store, every_s=pauses.tally_s)
        self._lanes = Lanes(self._handle)
        self._commands: Commands | None = None  # from the moment on when we know our name
        self._presses: Presses | None = None

    def routes(self) -> list[Route]:
        """What the web server is to answer; nothing where updates are asked for."""
        return [] if self._webhook is None else [route_of(self._webhook, self._bot, self._lanes.put)]

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until ``stop`` is set; then finish what is in hand. May be run again."""
        me = await _before(stop, self._introduced())
        if me is None:
            return
        name = str(me.username)
        self._commands = Commands(self._chat, self._sender, self._people, self._store, username=name)
        self._presses = Presses(self._chat, self._sender, self._people, self._tally, username=name)
        poller = Poller(self._bot, self._lanes, first_s=self._pauses.failed_s, slowly_s=self._pauses.slowly_s)
        source = poller.run() if self._webhook is None else keep(self._bot, self._webhook, again_s=self._pauses.again_s)
        async with self._lanes.open(last_s=LAST_S), asyncio.TaskGroup() as tasks:
            listening = [
                tasks.create_task(source, name="telegram updates"),
                tasks.create_task(self._tally.run(), name="telegram tally"),
                tasks.create_task(self._menus(), name="telegram menus"),
            ]
            log.info("telegram_chat_ready", bot=f"@{name}", by="polling" if self._webhook is None else "webhook")
            await stop.wait()
            for task in listening:
                task.cancel()
        await poller.confirm()

    async def aclose(self) -> None:
        """Close connections. May be called twice."""
        for request in self._requests:
            await request.shutdown()

    async def _introduced(self) -> User:
        """Ask who we are until somebody says."""
        told = ""
        while True:
            try:
                async with asyncio.timeout(CALL_S):
                    return await self._bot.get_me()
            except (TelegramError, TimeoutError) as error:
                said = _said(error)
                if said != told:
                    refused = isinstance(error, InvalidToken)
                    (log.error if refused else log.warning)("telegram_chat_waits", error=said)
                told = said
            await asyncio.sleep(self._pauses.again_s)

    async def _menus(self) -> None:
        while True:
            try:
                async with asyncio.timeout(4 * CALL_S):
                    await put_menus(self._bot, self._chat, language=self._language)
            except (TelegramError, TimeoutError) as error:
                log.warning("telegram_menus_not_set", error=_said(error), what="tried again later")
                await asyncio.sleep(self._pauses.menus_s)
            else:
                return

    async def _handle(self, update: Update) -> None:
        assert self._commands is not None, "the lanes are opened after that"
        assert self._presses is not None, "the lanes are opened after that"
        message = update.message or update.channel_post
        if message is not None:
            await self._commands.handle(message)
        elif update.callback_query is not None:
            await self._presses.handle(update.callback_query)
        elif update.my_chat_member is not None:
            await self._memberships.handle(update.my_chat_member)


def _said(error: TelegramError | TimeoutError) -> str:
    failed = error if isinstance(error, TelegramError) else TelegramError("no answer in time")
    return str(translate(failed, Destination(DestinationKind.TELEGRAM)))


async def _before(stop: asyncio.Event, work: Coroutine[None, None, _T]) -> _T | None:
    """What the work gives; None where ``stop`` is set before that."""
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(work, name="telegram introduction")
        stopping = tasks.create_task(stop.wait(), name="telegram stop")
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        stopping.cancel()
    return None if working.cancelled() else working.result()
