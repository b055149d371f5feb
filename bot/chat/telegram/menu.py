"""The menu of commands, in each language and for each kind of reader.

Source: core.telegram.org/bots/api, "setMyCommands" (at most 100; a command of 1-32 small letters, digits and low lines,
a description of 1-256 characters; the language as ISO 639-1, none for everybody else).
"""

from __future__ import annotations

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.chat.service import Chat
from bot.chat.telegram.talk import PERSONAL
from bot.notifiers.text import shorten
from bot.texts import LANGUAGES

MAX_DESCRIPTION = 256
_LOOKING = {"list", "latest", "story", "why", "help"}  # what everybody may in a group


async def put_menus(bot: Bot, chat: Chat, *, language: str) -> None:
    """Tell Telegram what can be asked for.

    Args:
        bot: whose menu.
        chat: knows the commands.
        language: of readers in whose own there is no menu.

    Raises:
        TelegramError: it was not taken.
    """
    for code in (None, *LANGUAGES):
        commands = chat.commands(code or language)
        for scope, shown in _scopes({name for name, _ in commands}):
            menu = [BotCommand(name, shorten(what, MAX_DESCRIPTION)) for name, what in commands if name in shown]
            await bot.set_my_commands(menu, scope=scope, language_code=code)


def _scopes(every: set[str]) -> tuple[tuple[BotCommandScope, set[str]], ...]:
    return (
        (BotCommandScopeAllPrivateChats(), every),
        (BotCommandScopeAllGroupChats(), every & _LOOKING),
        (BotCommandScopeAllChatAdministrators(), every - PERSONAL),
    )
