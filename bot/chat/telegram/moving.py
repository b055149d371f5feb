"""Chats that end or live on under another number."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Destination, DestinationKind
from bot.store.base import Store

log = structlog.get_logger(__name__)


async def chat_moved(store: Store, old: int, new: int) -> None:
    """Follow a group that has become a supergroup. Done twice it is done once."""
    for to in await _destinations_of(store, old):
        await store.move_destination(to, Destination(DestinationKind.TELEGRAM, str(new), to.topic))
    log.info("telegram_chat_moved", old=old, new=new)


async def chat_ended(store: Store, chat: int, username: str | None, *, reason: str, now: datetime) -> None:
    """Send nothing more to a chat that the bot was removed from, nor to its topics."""
    for to in await _destinations_of(store, chat, username):
        await store.retire_destination(to, reason=reason, now=now)
    log.info("telegram_chat_ended", chat=chat, reason=reason)


async def named(store: Store, chat: int, username: str, topic: int | None) -> Destination:
    """The destination that a chat is: by the name that the operator gave it, where there is one, else by its number."""
    by_number = Destination(DestinationKind.TELEGRAM, str(chat), topic)
    known = (s.to for s in await store.subscriptions())
    return next((to for to in known if to.topic == topic and _is(to, username)), by_number)


async def _destinations_of(store: Store, chat: int, username: str | None = None) -> list[Destination]:
    """The chat and every topic of it that something goes to."""
    here = Destination(DestinationKind.TELEGRAM, str(chat))
    found = dict.fromkeys([here, *(s.to for s in await store.subscriptions())])
    return [
        to
        for to in found
        if to.kind is DestinationKind.TELEGRAM
        and (to.address == str(chat) or (username is not None and _is(to, username)))
    ]


def _is(to: Destination, username: str) -> bool:
    return to.kind is DestinationKind.TELEGRAM and to.address.casefold() == f"@{username}".casefold()
