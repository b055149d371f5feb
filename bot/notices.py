"""What the operator is told in chat: that a destination was given up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from bot.domain import Destination, DestinationKind
from bot.errors import NotifyError
from bot.looks import Looks
from bot.notifiers.base import Notifier
from bot.texts import texts_of

log = structlog.get_logger(__name__)

TIMEOUT_S = 15.0


@dataclass(slots=True)
class Notices:
    """Tells the operator, once a case and in their language; without one everything is in the log alone."""

    notifiers: Mapping[DestinationKind, Notifier]
    looks: Looks  # know the language
    operator: Destination | None = None
    _retired: set[Destination] = field(default_factory=set)  # that the operator knows of

    def heard_from(self, destination: Destination) -> None:
        """It accepts messages: should it be retired (again), that is news."""
        self._retired.discard(destination)

    async def retired(self, destination: Destination, *, error: str, ended: int) -> None:
        """Say that nothing more goes to a destination, and why."""
        if destination in self._retired:
            return
        self._retired.add(destination)
        if self.operator is None or self.operator == destination:
            return
        texts = texts_of(await self.looks.language_of(self.operator))
        lost = texts.say("notice.ended", n=ended) if ended else ""
        text = texts.say("notice.retired", to=destination.label, error=error, ended=lost)
        await self._say(self.operator, text, about=destination)

    async def _say(self, operator: Destination, text: str, *, about: Destination) -> None:
        notifier = self.notifiers.get(operator.kind)
        error = "its platform has no token"
        try:
            if notifier is not None:
                async with asyncio.timeout(TIMEOUT_S):
                    await notifier.say(operator, text)
                return
        except NotifyError as failure:
            error = str(failure)
        except TimeoutError:
            error = "no answer in time"
        except Exception as failure:
            # What the notice is about is done and must not fail for it.
            log.exception("notifier_crashed", destination=operator.label)
            error = f"{type(failure).__name__} in the notifier"
        log.error("operator_not_told", operator=operator.label, about=about.label, error=error)
