"""What the loops may ask of a store, in our words.

Every method that writes is one transaction: after it returns the change survives a power cut, and if it
raises nothing has changed. All times are aware UTC. All methods may be called from one event loop at the
same time. Every method raises StoreError when the database cannot be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain import (
    Alert,
    Amendment,
    Claim,
    Decision,
    Destination,
    Headline,
    Mute,
    Reason,
    Receipt,
    Sending,
    SourceSpec,
    SourceState,
    Story,
    Subscription,
    Urgency,
)
from bot.store.chat_base import ChatStore
from bot.store.ledger import LedgerAmendment, LedgerAttempt, LedgerDelivery, Trail

__all__ = ["LedgerAmendment", "LedgerAttempt", "LedgerDelivery", "Store", "Trail"]


class Store(ChatStore, Protocol):
    """See the module. Opened by ``bot.store.open_store``; closed by ``close``."""

    async def migrate(self) -> None:
        """Bring the schema up to date; does nothing when it is. Refuses a newer schema than it knows."""
        ...

    async def close(self) -> None:
        """Finish what is under way and close the database. May be called twice."""
        ...

    # ── leases of roles ──────────────────────────────────────────────────────────────────────

    async def take_lease(self, name: str, owner: str, ttl: timedelta, *, force: bool = False) -> int | None:
        """Own a role until ``ttl`` has passed by the database's clock; returns the new epoch, or None
        while somebody else holds it. ``force`` takes it anyway (an operating-system lock already proved
        that the holder is gone). Each taking raises the epoch by one."""
        ...

    async def renew_lease(self, name: str, owner: str, epoch: int, ttl: timedelta) -> bool:
        """Prolong a lease; False when it is lost (another owner or epoch)."""
        ...

    async def release_lease(self, name: str, owner: str, epoch: int) -> None:
        """Give a lease back so that another may take it at once; does nothing when it is lost."""
        ...

    # ── sources ──────────────────────────────────────────────────────────────────────────────

    async def sync_sources(self, specs: Sequence[SourceSpec], now: datetime) -> None:
        """Make a row for each source not yet known (due now, no baseline); leave the others as they are."""
        ...

    async def source_states(self) -> dict[str, SourceState]:
        """All known sources by name."""
        ...

    async def record_batch(
        self,
        source: str,
        headlines: Sequence[tuple[Headline, Reason | None]],
        *,
        cursor: Mapping[str, Any],
        next_due: datetime,
        now: datetime,
    ) -> list[Headline]:
        """Save what a poll brought and move the cursor, together; marks the baseline as done.

        A headline whose id is known is passed over. One with a Reason (baseline, stale) is saved with
        outcome ``spike`` and that reason; the others are due for scoring. A success clears the failures.

        Returns:
            The headlines that are new and due for scoring, in the given order.
        """
        ...

    async def record_source_failure(self, source: str, *, error: str, next_due: datetime, now: datetime) -> int:
        """Remember why a poll failed and when to try again; returns the failures in a row. The cursor stays."""
        ...

    # ── the desk ─────────────────────────────────────────────────────────────────────────────

    async def unscored(self, limit: int) -> list[Headline]:
        """Headlines that are due for scoring, oldest first seen first."""
        ...

    async def known_urls(self, canonical_urls: Iterable[str], since: datetime) -> dict[str, str]:
        """Canonical URL → id of the first headline seen with it since then, decided ones only."""
        ...

    async def open_stories(self, since: datetime) -> list[Story]:
        """Stories updated since then, oldest first."""
        ...

    async def record_decisions(self, decisions: Sequence[Decision]) -> None:
        """Save the ends of several headlines in one transaction: score, outcome, story (inserted or
        replaced), alert, deliveries (held ones with their release). A headline that already has an outcome is
        passed over whole, so that a second run of the same decision changes nothing. Deliveries are numbered
        per destination in order.

        One that amends its story makes the story's first message due for an edit wherever the story was told or
        will be (what was filtered or ended otherwise than sent counts for nothing): at once for a status, half a
        minute later for a count, and the earlier of several stays. What this decision itself tells first is right
        already.
        """
        ...

    # ── the outbox ───────────────────────────────────────────────────────────────────────────

    async def due_destinations(self, now: datetime) -> list[Destination]:
        """Destinations that something may be attempted for now: the first open delivery that was not held
        (pending and due, or sending with a lease that has run out), held ones whose release has come, or an edit."""
        ...

    async def next_due_at(self, now: datetime) -> datetime | None:
        """The earliest time after ``now`` at which an open delivery, a release or an edit becomes due; None when none
        will."""
        ...

    async def claim_delivery(
        self, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
    ) -> Claim | None:
        """Record the intent to send the destination's first open delivery (lowest sequence) and lease it.

        pending → sending, one attempt row opened, all in one transaction, and only while ``owner`` holds the
        lease ``dispatch`` with this ``epoch``. None when the first open one is not due yet, is leased, or the
        epoch is lost. A delivery found ``sending`` with a lease that ran out is claimed with maybe_sent=True;
        so is one whose last attempt ended ``maybe_sent``.

        A flash goes before what waits with it, but never before an earlier open delivery of its own story, nor
        before one that was attempted already: that one is first in its line until it ends.

        What was held stands in a line of its own: it holds up nothing, and goes when nothing else is due. All
        whose release has come are claimed together as one message (``Claim.held``, oldest first; empty where
        it is one alone), under the delivery id of the oldest, and every mark settles all of them. A message
        that was claimed once keeps what it holds; what is released later goes into the next.
        """
        ...

    async def expire_claims(self, *, owner: str, epoch: int, now: datetime) -> int:
        """End the leases of deliveries that are ``sending`` under an earlier epoch, so that they can be claimed
        (as maybe sent) at once; only while ``owner`` holds the lease ``dispatch`` with this ``epoch``. Returns
        how many, each of those that share a message counted."""
        ...

    # The marks below take the claim's ``attempt``: one that was overtaken (its lease ran out and another
    # owner claimed the delivery) is then closed in the ledger and leaves the other's claim alone. Without
    # it the newest attempt is meant.

    async def mark_sent(
        self,
        delivery_id: str,
        receipt: Receipt,
        *,
        result: Sending,
        now: datetime,
        attempt: int | None = None,
    ) -> None:
        """The platform accepted it (``sent``), or had accepted it before (``reconciled``). A receipt is a
        fact: it counts also for an overtaken attempt and for a delivery that was ended; the first one stays."""
        ...

    async def mark_retry(
        self,
        delivery_id: str,
        *,
        result: Sending,
        error: str,
        next_attempt_at: datetime,
        now: datetime,
        attempt: int | None = None,
    ) -> None:
        """The attempt failed; try again later. result is retry, rate_limited or maybe_sent (which is remembered)."""
        ...

    async def mark_ended(
        self, delivery_id: str, *, result: Sending, reason: str, now: datetime, attempt: int | None = None
    ) -> None:
        """No further attempt: ``dead`` (permanent error) or ``dropped`` (maybe sent, not worth a second post)."""
        ...

    async def release_claim(self, delivery_id: str, now: datetime, *, attempt: int | None = None) -> None:
        """Give back a claim that was not attempted (shutdown): pending again, its attempt row removed."""
        ...

    async def fold_backlog(self, destination: Destination, *, keep: Urgency, now: datetime, over: int = 0) -> int:
        """Where more than ``over`` deliveries wait in the ordinary line, hold those below ``keep`` that were never
        attempted (reason ``backlog``, release now), so that one message tells them all. What comes after another of
        its story that stays in the line, or before one, stays too. Returns how many were held."""
        ...

    # An edit of a story's first message at a destination. Only a message that was sent by itself is edited, not a
    # digest; one that was sent after its story moved on becomes due when it is sent.

    async def claim_amendment(
        self, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
    ) -> Amendment | None:
        """The next edit that is due there; until the lease runs out it is not due again. None when there is none,
        while a delivery is due (news goes first), or when the lease ``dispatch`` is not held with this epoch."""
        ...

    async def mark_amended(self, amendment: Amendment, now: datetime) -> None:
        """It shows what was claimed: done, unless the story moved on since; then it stays due."""
        ...

    async def mark_amend_failed(
        self, amendment: Amendment, *, next_due_at: datetime | None, now: datetime, error: str | None = None
    ) -> None:
        """The edit failed; try again then. None: that message can never be edited, and is left as it is for good.
        A change that came since is not put off."""
        ...

    async def retire_destination(self, destination: Destination, *, reason: str, now: datetime) -> int:
        """End every open delivery to it as ``dead``, give up its edits and mark its subscriptions as retired; returns
        how many deliveries ended."""
        ...

    async def move_destination(self, old: Destination, new: Destination) -> None:
        """Follow a chat that migrated: subscriptions, mutes, what its readers set and open deliveries point to the new
        one; remembered, so that a file that still names the old one is mapped (see ``resolve``)."""
        ...

    async def resolve(self, destination: Destination) -> Destination:
        """The destination that stands for this one after migrations; itself when it never moved."""
        ...

    async def sent_times(self, destination: Destination, since: datetime) -> list[datetime]:
        """When messages went to a destination since then, oldest first; a rate limiter starts from it."""
        ...

    async def routed_times(self, since: datetime) -> dict[Destination, list[datetime]]:
        """What counts against a cap, for each destination, oldest first: when an alert was decided for it that was
        neither held nor filtered and did not die, and when a message went that told held ones (once)."""
        ...

    async def backlog(self) -> dict[str, int]:
        """Counts for health and metrics: unscored, pending, held, sending, dead, sent."""
        ...

    # ── subscriptions ────────────────────────────────────────────────────────────────────────

    async def subscriptions(self) -> list[Subscription]:
        """All that are not retired, oldest first."""
        ...

    async def replace_subscriptions(self, origin: str, subscriptions: Sequence[Subscription], now: datetime) -> None:
        """Make the stored ones of this origin (file, settings, default) exactly these; others are untouched.
        One that was retired stays retired unless its destination's text changed."""
        ...

    async def add_subscription(self, subscription: Subscription, now: datetime) -> None:
        """Add one; replaces the one with the same id; un-retires its destination."""
        ...

    async def remove_subscription(self, subscription_id: str) -> bool:
        """Remove one; False when there is none of that id."""
        ...

    # ── mutes ────────────────────────────────────────────────────────────────────────────────

    async def add_mute(self, mute: Mute, now: datetime) -> None:
        """Add one; replaces the one with the same id. Those that have run out by now are forgotten."""
        ...

    async def remove_mute(self, mute_id: str) -> bool:
        """End one before its time; False when there is none of that id."""
        ...

    async def mutes(self, now: datetime) -> list[Mute]:
        """Those that have not run out, oldest first."""
        ...

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    async def trail(self, id_or_url: str) -> Trail | None:
        """The trail of a headline by id, url or canonical url (the first seen one); None when unknown."""
        ...

    async def recent_alerts(
        self, limit: int, before: datetime | None = None, *, ticker: str | None = None
    ) -> list[Alert]:
        """Alerts, newest first; with a ticker only those that name it or hold it for exposed."""
        ...

    async def story(self, slug: str) -> tuple[Story, list[Alert]] | None:
        """A story and its alerts, oldest first."""
        ...

    async def outcome_counts(self, since: datetime) -> dict[tuple[str, str], int]:
        """(outcome, reason) → how many headlines were decided so since then."""
        ...

    async def prune(self, before: datetime) -> int:
        """Delete spiked headlines' texts and scores older than that, keeping ids, so that nothing old can
        come back as new, and the mutes that had run out by then; returns how many headlines were trimmed. In
        portions, so that no alert waits behind it."""
        ...
