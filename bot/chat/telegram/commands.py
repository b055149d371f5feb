"""Messages: what somebody typed, and groups that move."""

from __future__ import annotations

from collections.abc import Collection

from telegram import Message

from bot.chat.service import Chat
from bot.chat.telegram.moving import chat_moved
from bot.chat.telegram.people import People, Where
from bot.chat.telegram.sending import Place, Sender
from bot.chat.telegram.talk import PERSONAL, asked, at_home, chat_of, come_to_me, command_of
from bot.store.base import Store


class Commands:
    """Answers what is typed."""

    def __init__(self, chat: Chat, sender: Sender, people: People, store: Store, *, username: str) -> None:
        """Answer as one bot.

        Args:
            chat: knows the answers.
            sender: says them.
            people: knows who asks.
            store: is told of chats that have moved.
            username: of the bot.
        """
        self._chat = chat
        self._sender = sender
        self._people = people
        self._store = store
        self._username = username
        self._known = {"start", *(name for name, _ in chat.commands("en"))}

    async def handle(self, message: Message) -> None:
        """Answer a message, if it is for us."""
        if message.migrate_to_chat_id is not None:
            await chat_moved(self._store, message.chat.id, message.migrate_to_chat_id)
        if message.migrate_from_chat_id is not None:
            await chat_moved(self._store, message.migrate_from_chat_id, message.chat.id)
        where = where_of(message)
        if not message.text or not _is_said_here(message, where):
            return
        text = addressed(message.text, username=self._username, private=where.private, known=self._known)
        if text is None:
            return
        asker = await self._people.asker(where, message.from_user, message.sender_chat, settles=True)
        place = Place(
            message.chat.id,
            where.topic,
            reply_to=None if where.private else message.message_id,
            silent=not where.private,
        )
        if (command := command_of(text)) in PERSONAL and not where.private:
            own = chat_of(asker)
            if own is None or await self._sender.reach(own) is not None:
                await self._sender.answer(place, come_to_me(self._username, command, asker.language))
                return
            asker, place = at_home(asker), Place(own)
        reply = await asked(self._chat, asker, text)
        await self._sender.answer(place, reply, language=asker.language)


def where_of(message: Message) -> Where:
    """The chat of a message; its topic, where the chat is a forum of many people."""
    where = Where(message.chat)
    return where if where.private or not message.is_topic_message else Where(message.chat, message.message_thread_id)


def addressed(text: str, *, username: str, private: bool, known: Collection[str]) -> str | None:
    """What is for us of what can be read in a chat; None when nothing is.

    In a private chat all is, unless it names another bot. Elsewhere a command is, that names us or is one of ours: an
    administrator bot sees the talk of the whole group, and other bots have commands too.
    """
    head = (text.split() or [""])[0]
    if not head.startswith("/"):
        return text if private else None
    command, _, named = head[1:].partition("@")
    if named:
        return text if named.lower() == username.lower() else None
    return text if private or command.lower() in known else None


def _is_said_here(message: Message, where: Where) -> bool:
    """Whether somebody has written it themselves: no bot, and nothing that was forwarded to a group."""
    if message.via_bot is not None or message.is_automatic_forward:
        return False
    if message.from_user is not None and message.from_user.is_bot and message.sender_chat is None:
        return False
    return where.private or message.forward_origin is None
