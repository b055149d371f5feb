"""The questions of people to ``Chat``, and its answers, whatever happens: a person is never left without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import structlog

from bot.chat.asking import Asker, Reply, Span
from bot.chat.service import Chat
from bot.chat.writing import Writer
from bot.domain import DestinationKind
from bot.errors import StoreError
from bot.texts import texts_of

log = structlog.get_logger(__name__)

WITHIN_S = 8.0  # a pressed button must be answered within seconds
PERSONAL = {"export", "forget"}  # nobody else's business


async def asked(chat: Chat, asker: Asker, text: str) -> Reply:
    """The answer to a command as it was typed."""
    return await _whatever(chat, asker, chat.ask(asker, text))


async def pressed(chat: Chat, asker: Asker, action: str) -> Reply:
    """The answer to a pressed button."""
    return await _whatever(chat, asker, chat.press(asker, action))


async def _whatever(chat: Chat, asker: Asker, answer: Awaitable[Reply]) -> Reply:
    try:
        async with asyncio.timeout(WITHIN_S):
            return await answer
    except (StoreError, TimeoutError) as error:
        log.warning("telegram_question_failed", error=str(error) or "no answer in time")
        return chat.broken(asker)


def at_home(asker: Asker) -> Asker:
    """The same person in their private chat, where they have one."""
    if asker.own is None:
        return asker
    return replace(asker, to=asker.own, private=True, may_change=True)


def chat_of(asker: Asker) -> int | None:
    """The number of the chat that is theirs alone."""
    home = asker.home
    return int(home.address) if home is not None and home.kind is DestinationKind.TELEGRAM else None


def command_of(text: str) -> str:
    """The command that a line begins with."""
    return (text.split() or [""])[0].removeprefix("/").partition("@")[0].lower()


def come_to_me(username: str, command: str, language: str) -> Reply:
    """Where something is said that only one person may read; the bot's name leads there."""
    line = Writer(texts_of(language), "/").line("telegram.write_first", bot=username, command=command)
    name, link = f"@{username}", f"https://t.me/{username}?start"
    return Reply((tuple(Span(s.text, s.style, link if s.text == name else s.url) for s in line),))
