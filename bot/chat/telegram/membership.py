"""The bot is let into a chat, or removed from it."""

from __future__ import annotations

import structlog
from telegram import ChatMemberUpdated
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.service import Chat
from bot.chat.telegram.moving import chat_ended, chat_moved
from bot.chat.telegram.people import People, Where
from bot.chat.telegram.sending import Place, Sender
from bot.chat.telegram.talk import asked
from bot.clock import Clock
from bot.domain import Destination
from bot.store.base import Store

log = structlog.get_logger(__name__)

_GONE = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


class Memberships:
    """Keeps up with where the bot is."""

    def __init__(self, chat: Chat, sender: Sender, people: People, store: Store, clock: Clock) -> None:
        """Greet as one bot.

        Args:
            chat: knows what to say to a new chat.
            sender: says it.
            people: knows who has let the bot in.
            store: is told of chats that end.
            clock: tells when.
        """
        self._chat = chat
        self._sender = sender
        self._people = people
        self._store = store
        self._clock = clock

    async def handle(self, change: ChatMemberUpdated) -> None:
        """Greet a group or channel that knows nothing of us yet; send nothing more to a chat that has removed us."""
        was, now = change.old_chat_member.status, change.new_chat_member.status
        if now in _GONE:
            await self._removed(change)
        elif change.chat.type == ChatType.PRIVATE:
            log.debug("telegram_chat_opened", chat=change.chat.id)  # they say themselves what they want
        elif was in _GONE:
            await self._added(change)
        else:
            log.info("telegram_standing_changed", chat=change.chat.id, was=was, now=now)

    async def _removed(self, change: ChatMemberUpdated) -> None:
        chat = change.chat
        if chat.type == ChatType.GROUP:
            # A group that becomes a supergroup goes without us too, and lives on.
            refused = await self._sender.reach(chat.id)
            if refused is not None and refused.moved_to is not None:
                await chat_moved(self._store, chat.id, int(Destination.parse(refused.moved_to).address))
                return
        reason = "the bot was blocked" if chat.type == ChatType.PRIVATE else "the bot was removed"
        await chat_ended(self._store, chat.id, chat.username, reason=reason, now=self._clock.now())

    async def _added(self, change: ChatMemberUpdated) -> None:
        where = Where(change.chat)
        log.info("telegram_chat_joined", chat=change.chat.id, kind=change.chat.type)
        asker = await self._people.asker(where, change.from_user, settles=False)
        if await self._store.subscriptions_of(asker.to):
            return  # whoever set it up needs no telling how
        reply = await asked(self._chat, asker, "/start")
        await self._sender.answer(Place(change.chat.id, silent=True), reply, language=asker.language)
