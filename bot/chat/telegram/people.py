"""Who asks, where, and whether they may change what comes there."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

import structlog
from telegram import Chat, User
from telegram.constants import ChatType

from bot.chat.asking import Asker
from bot.chat.telegram.moving import named
from bot.chat.telegram.sending import Sender
from bot.clock import Clock
from bot.domain import Destination, DestinationKind
from bot.errors import NotifyError, StoreError
from bot.store.base import Store
from bot.texts import LANGUAGES

log = structlog.get_logger(__name__)

REMEMBERED = timedelta(minutes=1)  # who is an administrator, and by which name a chat is known
_MOST = 2_000  # answers that are remembered
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Where:
    """A chat, or one topic of it."""

    chat: Chat
    topic: int | None = None

    @property
    def private(self) -> bool:
        """It is one person's alone."""
        return self.chat.type == ChatType.PRIVATE


class People:
    """Askers, as Telegram names them."""

    def __init__(self, sender: Sender, store: Store, clock: Clock, *, language: str) -> None:
        """Ask nothing yet.

        Args:
            sender: asks Telegram who administers a chat.
            store: knows by which name the operator calls a channel.
            clock: tells how old an answer is.
            language: of people whose own language there is no catalogue of.
        """
        self._sender = sender
        self._store = store
        self._clock = clock
        self._language = language
        self._admins: _Remembered[bool] = _Remembered()
        self._names: _Remembered[Destination] = _Remembered()

    async def asker(self, where: Where, user: User | None, behind: Chat | None = None, *, settles: bool) -> Asker:
        """Who asks.

        Args:
            where: they ask.
            user: who they are; None in channels, where posts are the channel's.
            behind: the chat in whose name they speak, if any: an anonymous administrator's is the group itself.
            settles: whether they want to change something; only then Telegram is asked whether they may.
        """
        chat = where.chat
        own = None if user is None or behind is not None else Destination(DestinationKind.TELEGRAM, str(user.id))
        speaks = behind.id if behind is not None else user.id if user is not None else chat.id
        may_change = where.private or speaks == chat.id
        if settles and not may_change and user is not None and behind is None:
            may_change = await self._is_admin(chat.id, user.id)
        return Asker(
            person=f"{DestinationKind.TELEGRAM}:{speaks}",
            to=await self._name(where),
            private=where.private,
            may_change=may_change,
            language=self.language_of(user),
            own=own,
        )

    def language_of(self, user: User | None) -> str:
        """The language of a person's telephone, where there is a catalogue of it."""
        code = ((user.language_code if user is not None else None) or "").partition("-")[0].lower()
        return code if code in LANGUAGES else self._language

    async def _is_admin(self, chat: int, user: int) -> bool:
        now = self._clock.monotonic()
        known = self._admins.get((chat, user), now)
        if known is not None:
            return known
        try:
            found = await self._sender.is_admin(chat, user)
        except (NotifyError, TimeoutError) as error:
            log.info("telegram_admin_unknown", chat=chat, error=str(error) or "no answer in time")
            return False
        self._admins.put((chat, user), found, now)
        return found

    async def _name(self, where: Where) -> Destination:
        chat = where.chat
        if where.private or not chat.username:
            return Destination(DestinationKind.TELEGRAM, str(chat.id), where.topic)
        now = self._clock.monotonic()
        key = (chat.id, chat.username, where.topic)
        if (known := self._names.get(key, now)) is None:
            try:
                known = await named(self._store, chat.id, chat.username, where.topic)
            except StoreError:  # whoever answers will say so
                return Destination(DestinationKind.TELEGRAM, str(chat.id), where.topic)
            self._names.put(key, known, now)
        return known


@dataclass(slots=True)
class _Remembered(Generic[_T]):
    """Answers that hold for a minute."""

    _answers: dict[Hashable, tuple[_T, float]] = field(default_factory=dict)

    def get(self, key: Hashable, now: float) -> _T | None:
        """The answer, while it holds."""
        known = self._answers.get(key)
        return known[0] if known is not None and now < known[1] else None

    def put(self, key: Hashable, answer: _T, now: float) -> None:
        """Remember it from now on."""
        if len(self._answers) >= _MOST:
            self._answers = {k: v for k, v in self._answers.items() if now < v[1]}
        if len(self._answers) < _MOST:
            self._answers[key] = answer, now + REMEMBERED.total_seconds()
