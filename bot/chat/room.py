"""Where a request is answered: who asks, what they may, and what is known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.asking import Asker, ChatError
from bot.chat.vocabulary import Vocabulary
from bot.chat.wishes import Change, made_here
from bot.chat.writing import Writer
from bot.domain import Mute, Reader, Subscription
from bot.store.base import Store


@dataclass(frozen=True, slots=True)
class Room:
    """One chat at the moment when something is asked in it."""

    store: Store
    asker: Asker
    reader: Reader
    write: Writer
    vocabulary: Vocabulary
    now: datetime
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def may_change(self) -> None:
        """Refuse who may not change what this chat gets.

        Raises:
            ChatError: they may not.
        """
        if not self.asker.may_change:
            raise ChatError("chat.error.not_allowed")

    async def subscriptions(self) -> list[Subscription]:
        """All of this chat."""
        return await self.store.subscriptions_of(self.asker.to)

    async def own(self) -> list[Subscription]:
        """Those that chat may change."""
        return made_here(await self.subscriptions())

    async def mutes(self) -> list[Mute]:
        """Those that hold here, for everybody's too."""
        return [mute for mute in await self.store.mutes(self.now) if mute.to in {None, self.asker.to}]

    async def apply(self, change: Change) -> None:
        """Store a change: what is new first, so that nothing is missed in between."""
        for subscription in change.put:
            await self.store.add_subscription(subscription, self.now)
        for id_ in change.drop:
            await self.store.remove_subscription(id_)
