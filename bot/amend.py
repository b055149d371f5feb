"""Edits of posted messages whose story has moved on: claim → render → edit once → done, or the next attempt."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.domain import Amendment, Destination
from bot.errors import NotifyError
from bot.looks import Looks
from bot.notifiers.base import Notifier
from bot.rules.attempts import next_delivery_attempt
from bot.rules.rate import Window
from bot.store.base import Store

log = structlog.get_logger(__name__)

EDIT_TIMEOUT_S = 30.0
LEASE = timedelta(seconds=2 * EDIT_TIMEOUT_S)


@dataclass(frozen=True, slots=True)
class Amender:
    """Makes the edits that are due, one at a time, under the role ``dispatch``. Editing twice does no harm, so that
    nothing is looked up after a doubt."""

    store: Store
    clock: Clock
    looks: Looks
    owner: str
    epoch: int

    async def amend_next(self, notifier: Notifier, destination: Destination, limits: Sequence[Window]) -> bool:
        """Make the next edit that is due at a destination, counting it against its limits; False when none is.

        Raises:
            StoreError: it could not be claimed or recorded; it is due again after its lease.
        """
        amendment = await self.store.claim_amendment(
            destination, owner=self.owner, epoch=self.epoch, now=self.clock.now(), lease=LEASE
        )
        if amendment is None:
            return False
        try:
            async with asyncio.timeout(EDIT_TIMEOUT_S):
                look = await self.looks.of_edit(amendment)
                message = notifier.render_amended(amendment, look)
                for window in limits:
                    window.take(self.clock.monotonic())
                await notifier.amend(amendment, message)
        except TimeoutError:
            await self._failed(amendment, NotifyError("no answer in time"))
        except NotifyError as error:
            await self._failed(amendment, error)
        except Exception as error:
            # A bug in one notifier must not stop the other destinations.
            log.exception("notifier_crashed", destination=destination.label)
            await self._failed(amendment, NotifyError(f"{type(error).__name__} in the notifier"))
        else:
            await self.store.mark_amended(amendment, self.clock.now())
            log.info(
                "amended",
                destination=destination.label,
                story=amendment.story.slug,
                status=amendment.story.status.value,
                publishers=len(amendment.story.publishers),
                attempt=amendment.attempt,
            )
        return True

    async def _failed(self, amendment: Amendment, error: NotifyError) -> None:
        now = self.clock.now()
        where = {"destination": amendment.destination.label, "story": amendment.story.slug, "error": str(error)}
        if error.moved_to is not None:
            # The message stayed behind in the old chat.
            await self.store.move_destination(amendment.destination, Destination.parse(error.moved_to))
            log.warning("destination_moved", to=error.moved_to, **where)
            return
        if error.permanent:
            # That this message cannot be edited says nothing about the next one that is to be sent.
            await self.store.mark_amend_failed(amendment, next_due_at=None, now=now, error=str(error))
            log.info("edit_given_up", **where)
            return
        wait = next_delivery_attempt(
            amendment.attempt,
            auth=error.auth,
            retry_after=error.retry_after,
            jitter=random.random(),  # noqa: S311  spreads load, keeps no secret
        )
        await self.store.mark_amend_failed(amendment, next_due_at=now + wait, now=now, error=str(error))
        # A refused token is told by the deliveries that it holds up.
        tell = log.debug if error.auth else log.warning
        tell("edit_will_be_retried", attempt=amendment.attempt, again_in_s=round(wait.total_seconds(), 1), **where)
