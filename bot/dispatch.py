"""The dispatch loop: claim with a lease → render → send once → receipt, or the next attempt.

One actor a destination, so that order and rate are kept and a slow platform holds up nobody else. What may
have been sent is looked up where the platform can tell (Slack) before anything is sent again. When nothing is left
to send, messages whose story moved on are edited. A backlog that a platform's limit would drip for more than a
minute is folded into one message.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot import bus as topics
from bot.amend import Amender
from bot.bus import Bus
from bot.clock import Clock
from bot.domain import Claim, Destination, DestinationKind, Receipt, Sending, Urgency
from bot.errors import NotifyError, StoreError
from bot.health import Health
from bot.looks import Looks
from bot.notices import Notices
from bot.notifiers.base import Look, Notifier, Quotes, Rate
from bot.notifiers.digest import urgency_of
from bot.rules.attempts import next_delivery_attempt
from bot.rules.rate import Window
from bot.store.base import Store

log = structlog.get_logger(__name__)

SWEEP_S = 3.0
SEND_TIMEOUT_S = 60.0  # a platform may refuse a form or two before it takes the plain one
KEEP_RECEIPT_S = 15.0  # what is left of a lease after the longest send
RETRY_S = 1.0  # after the store failed
LEASE = timedelta(seconds=SEND_TIMEOUT_S + KEEP_RECEIPT_S)
UNCLAIMED_S = 0.25
AT_LEAST_S = 0.02  # between two looks, so that nothing that cannot be claimed is asked for without a pause
FOLDS = frozenset({DestinationKind.TELEGRAM})  # platforms slow enough for a backlog to be told as one message
LOOK_AFTER = timedelta(seconds=2)  # a message whose reply was lost needs a moment to show in the history


@dataclass(slots=True)
class Dispatcher:
    """Sends what is due. Owns the role ``dispatch`` under ``epoch``."""

    store: Store
    bus: Bus
    clock: Clock
    notifiers: Mapping[DestinationKind, Notifier]
    owner: str
    epoch: int
    health: Health = field(default_factory=Health)
    overall: Mapping[DestinationKind, Rate] = field(default_factory=dict)  # limits over a whole platform
    looks: Mapping[DestinationKind, Look] = field(default_factory=dict)  # where people set nothing
    quotes: Quotes | None = None  # prices for the cards
    operator: Destination | None = None  # who is told what a person must mend
    folds: frozenset[DestinationKind] = FOLDS
    _overall: dict[DestinationKind, Window] = field(default_factory=dict)
    _actors: dict[Destination, asyncio.Task[None]] = field(default_factory=dict)
    _windows: dict[Destination, Window] = field(default_factory=dict)
    _untold: set[DestinationKind] = field(default_factory=set)
    _refused: set[DestinationKind] = field(default_factory=set)
    _looks: Looks = field(init=False)
    _amender: Amender = field(init=False)
    _notices: Notices = field(init=False)

    def __post_init__(self) -> None:
        self._looks = Looks(self.store, self.clock, self.looks, self.quotes)
        self._amender = Amender(self.store, self.clock, self._looks, self.owner, self.epoch)
        self._notices = Notices(self.notifiers, self._looks, self.operator)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set; then finish the attempts in flight."""
        await self._inherit()
        with self.health.turning("dispatch", within=timedelta(seconds=30)):
            await self._turn(stop)

    async def _turn(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            while not stop.is_set():
                self.health.beat("dispatch")
                try:
                    await self._start_actors(tasks, stop)
                    wait_s = await self._until_next()
                except StoreError as error:
                    log.error("dispatch_failed", error=str(error), again_in_s=RETRY_S)  # noqa: TRY400  the text says it all
                    wait_s = RETRY_S
                await self.bus.wait(topics.DISPATCH, wait_s)

    async def drain(self, within: timedelta) -> None:
        """Send what is due now, and what becomes due within the given time (retries); then return."""
        deadline = self.clock.monotonic() + within.total_seconds()
        while await self.send_due():
            left = deadline - self.clock.monotonic()
            wait_s = await self._until_due()
            if wait_s is None or wait_s > left:
                return
            await asyncio.sleep(wait_s)

    async def send_due(self) -> int:
        """Attempt what is due now, each destination in order; returns how many deliveries are open after it, but for
        those that are held until their time."""
        await self._inherit()
        async with asyncio.TaskGroup() as tasks:
            await self._start_actors(tasks, asyncio.Event())
        backlog = await self.store.backlog()
        return backlog["pending"] + backlog["sending"]

    async def _inherit(self) -> None:
        # Whoever held the role before us is gone, so what it had in flight is ours to settle now.
        orphans = await self.store.expire_claims(owner=self.owner, epoch=self.epoch, now=self.clock.now())
        if orphans:
            log.warning("inherited", maybe_sent=orphans)

    async def _start_actors(self, tasks: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        for destination in await self.store.due_destinations(self.clock.now()):
            if destination in self._actors:
                continue
            if destination.kind not in self.notifiers:
                if destination.kind not in self._untold:
                    self._untold.add(destination.kind)
                    log.error("no_notifier", platform=destination.kind.value, what="its deliveries wait for a token")
                continue
            self._actors[destination] = tasks.create_task(
                self._act(destination, stop), name=f"send {destination.label}"
            )

    async def _until_next(self) -> float:
        wait_s = await self._until_due()
        return SWEEP_S if wait_s is None else min(wait_s, SWEEP_S)

    async def _until_due(self) -> float | None:
        """Seconds until a delivery that somebody here can send is due; None when none will be by itself."""
        now = self.clock.now()
        if any(d.kind in self.notifiers and d not in self._actors for d in await self.store.due_destinations(now)):
            return AT_LEAST_S
        due = await self.store.next_due_at(now)
        return None if due is None else max((due - now).total_seconds(), AT_LEAST_S)

    async def _act(self, destination: Destination, stop: asyncio.Event) -> None:
        """Send what is due to one destination, in order, then edit what is due there; ends when nothing is."""
        notifier = self.notifiers[destination.kind]
        attempted = False
        try:
            await self._fold(destination, notifier)
            while not stop.is_set():
                windows = await self._limits(destination, notifier)
                # Waiting comes before the claim: a claim that waits is one more that a crash leaves in doubt.
                if wait_s := max(window.wait_s(self.clock.monotonic()) for window in windows):
                    await self._fold(destination, notifier)
                    try:
                        async with asyncio.timeout(wait_s):
                            await stop.wait()
                    except TimeoutError:
                        continue
                    return
                claim = await self.store.claim_delivery(
                    destination, owner=self.owner, epoch=self.epoch, now=self.clock.now(), lease=LEASE
                )
                if claim is not None:
                    await self._attempt(notifier, claim, windows)
                elif not await self._amender.amend_next(notifier, destination, windows):
                    if not attempted:
                        # Due, and not to be had: the role was taken over, or another was quicker.
                        await asyncio.sleep(UNCLAIMED_S)
                    return
                attempted = True
        except StoreError as error:
            log.error("delivery_not_recorded", destination=destination.label, error=str(error))  # noqa: TRY400  as above
            await asyncio.sleep(RETRY_S)
        finally:
            del self._actors[destination]
            # One may have become due between our last look and now.
            await self.bus.wake(topics.DISPATCH)

    async def _fold(self, destination: Destination, notifier: Notifier) -> None:
        """Where more waits than goes through in a minute, have all but flashes told by one message."""
        if destination.kind not in self.folds:
            return
        over = timedelta(minutes=1) // notifier.rate(destination).interval
        now = self.clock.now()
        if folded := await self.store.fold_backlog(destination, keep=Urgency.FLASH, now=now, over=over):
            log.warning("backlog_folded", destination=destination.label, alerts=folded)

    async def _limits(self, destination: Destination, notifier: Notifier) -> list[Window]:
        """The limits that a message to this destination counts against."""
        if destination not in self._windows:
            rate = notifier.rate(destination)
            now = self.clock.now()
            sent = await self.store.sent_times(destination, now - rate.burst * rate.interval)
            self._windows[destination] = Window(rate.burst, rate.interval)
            self._windows[destination].inherit(sent, now=now, at=self.clock.monotonic())
        limits = [self._windows[destination]]
        if destination.kind in self.overall:
            rate = self.overall[destination.kind]
            limits.append(self._overall.setdefault(destination.kind, Window(rate.burst, rate.interval)))
        return limits

    async def _attempt(self, notifier: Notifier, claim: Claim, limits: Sequence[Window]) -> None:
        """Settle one claim: found, sent, to be tried again, or ended. Exactly one row of the ledger is closed."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                if claim.maybe_sent and await self._settled_by_look_up(notifier, claim):
                    return
                look = await self._looks.of(claim)
                for window in limits:
                    window.take(self.clock.monotonic())
                several = len(claim.held) > 1
                message = notifier.render_digest(claim.held, look) if several else notifier.render(claim.alert, look)
                receipt = await notifier.send(claim, message)
        except TimeoutError:
            await self._failed(claim, NotifyError("no answer in time", maybe_sent=True))
        except NotifyError as error:
            await self._failed(claim, error)
        except StoreError:
            raise
        except Exception as error:
            # A bug in one notifier must not stop the other destinations, and its alert may have gone out.
            log.exception("notifier_crashed", destination=claim.destination.label)
            await self._failed(claim, NotifyError(f"{type(error).__name__} in the notifier", maybe_sent=True))
        else:
            self._refused.discard(claim.destination.kind)
            self._notices.heard_from(claim.destination)
            now = self.clock.now()
            await self._mark_sent(claim, receipt, Sending.SENT, now)
            log.info(
                "sent",
                destination=claim.destination.label,
                story=claim.alert.story,
                outcome=claim.alert.outcome.value,
                urgency=urgency_of(claim).value,
                alerts=_alerts(claim),
                attempt=claim.attempt,
                seen_to_sent_ms=round((now - claim.alert.first_seen_at).total_seconds() * 1000),
            )

    async def _settled_by_look_up(self, notifier: Notifier, claim: Claim) -> bool:
        """Deal with an attempt that may have arrived; False when it must be sent (again)."""
        try:
            found = await notifier.find_sent(claim)
        except NotifyError as error:
            if not error.permanent:
                raise NotifyError(
                    f"cannot tell yet whether it arrived: {error}",
                    maybe_sent=True,
                    auth=error.auth,
                    retry_after=error.retry_after,
                ) from error
            # The platform can never tell. A watch is not worth saying twice; anything louder is.
            if urgency_of(claim) is Urgency.WATCH:
                await self.store.mark_ended(
                    claim.delivery_id,
                    result=Sending.DROPPED,
                    reason="maybe_sent",
                    now=self.clock.now(),
                    attempt=claim.attempt,
                )
                log.warning(
                    "dropped",
                    destination=claim.destination.label,
                    reason="maybe_sent",
                    story=claim.alert.story,
                    alerts=_alerts(claim),
                )
                return True
            return False
        if found is None:
            return False
        await self._mark_sent(claim, found, Sending.RECONCILED, self.clock.now())
        log.info("reconciled", destination=claim.destination.label, story=claim.alert.story, alerts=_alerts(claim))
        return True

    async def _mark_sent(self, claim: Claim, receipt: Receipt, result: Sending, now: datetime) -> None:
        """Save a receipt, patiently: while the store is away it is the only proof that the message arrived.

        Raises:
            StoreError: the lease is nearly over, so whoever claims it next looks for the message itself.
        """
        deadline = self.clock.monotonic() + KEEP_RECEIPT_S
        while True:
            try:
                await self.store.mark_sent(claim.delivery_id, receipt, result=result, now=now, attempt=claim.attempt)
            except StoreError as error:
                if self.clock.monotonic() + RETRY_S > deadline:
                    raise
                log.warning("receipt_waits", destination=claim.destination.label, error=str(error))
                await asyncio.sleep(RETRY_S)
            else:
                return

    async def _failed(self, claim: Claim, error: NotifyError) -> None:
        now = self.clock.now()
        where = claim.destination.label
        if error.moved_to is not None:
            moved = Destination.parse(error.moved_to)
            await self.store.mark_retry(
                claim.delivery_id,
                result=Sending.RETRY,
                error=str(error),
                next_attempt_at=now,
                now=now,
                attempt=claim.attempt,
            )
            await self.store.move_destination(claim.destination, moved)
            log.warning("destination_moved", destination=where, to=moved.label)
            return
        if error.permanent:
            await self.store.mark_ended(
                claim.delivery_id, result=Sending.DEAD, reason=str(error), now=now, attempt=claim.attempt
            )
            ended = await self.store.retire_destination(claim.destination, reason=str(error), now=now)
            ended += _alerts(claim)
            log.error("destination_retired", destination=where, error=str(error), deliveries_ended=ended)
            await self._notices.retired(claim.destination, error=str(error), ended=ended)
            return
        wait = next_delivery_attempt(
            claim.attempt,
            auth=error.auth,
            retry_after=error.retry_after,
            jitter=random.random(),  # noqa: S311  spreads load, keeps no secret
        )
        if error.maybe_sent:
            wait = max(wait, LOOK_AFTER)
        result = (
            Sending.MAYBE_SENT
            if error.maybe_sent
            else Sending.RATE_LIMITED
            if error.retry_after is not None
            else Sending.RETRY
        )
        await self.store.mark_retry(
            claim.delivery_id,
            result=result,
            error=str(error),
            next_attempt_at=now + wait,
            now=now,
            attempt=claim.attempt,
        )
        self._tell(claim, error, result, wait)

    def _tell(self, claim: Claim, error: NotifyError, result: Sending, wait: timedelta) -> None:
        kind = claim.destination.kind
        if error.auth:
            # Said once: every destination of the platform waits for the same mended token.
            if kind not in self._refused:
                self._refused.add(kind)
                log.error("credentials_refused", platform=kind.value, error=str(error), what="deliveries wait")
            return
        log.warning(
            "will_retry",
            destination=claim.destination.label,
            result=result.value,
            error=str(error),
            attempt=claim.attempt,
            again_in_s=round(wait.total_seconds(), 1),
        )


def _alerts(claim: Claim) -> int:
    """How many alerts the message tells."""
    return max(len(claim.held), 1)
