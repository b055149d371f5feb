"""How a headline ends, and how an alert reaches a destination: decisions, deliveries, claims, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.destination import Destination
from bot.domain.story import Alert, Mention, Outcome, Reason, Story
from classifiers.api import Score


class DeliveryState(StrEnum):
    """Where one delivery stands. ``pending``, ``held`` and ``sending`` are still due; the others are final."""

    PENDING = "pending"
    SENDING = "sending"
    HELD = "held"  # by quiet hours, a digest or a cap, until its release
    SENT = "sent"
    FILTERED = "filtered"
    DROPPED = "dropped"  # maybe sent and not worth a second post
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one destination, as the desk decides it."""

    id: str
    destination: Destination
    state: DeliveryState  # pending, held or filtered
    reason: str | None = None  # why filtered or held
    release_at: datetime | None = None  # of a held one: when it is told, with what else is held by then


class Amends(StrEnum):
    """Whether a headline changes what the story's posted messages say."""

    NOTHING = "nothing"
    COUNT = "count"  # more publishers or headlines: soon, several changes as one edit
    STATUS = "status"  # how sure it is: at once


@dataclass(frozen=True, slots=True)
class Decision:
    """The end of a headline: saved in one transaction, all or nothing."""

    headline_id: str
    outcome: Outcome
    reason: Reason
    decided_at: datetime
    score: Score | None = None
    mentions: tuple[Mention, ...] = ()
    story: Story | None = None  # as it stands after this headline
    alert: Alert | None = None
    deliveries: tuple[Delivery, ...] = ()
    amends: Amends = Amends.NOTHING  # what of the story's posted messages must be edited


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a platform accepted a message: Slack channel and ts, Telegram chat and message_id."""

    message_id: str
    channel: str = ""
    sent_at: datetime | None = None  # by the platform's clock, where it says


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process alone may attempt until its lease runs out.

    ``maybe_sent`` is true when an earlier attempt may have reached the platform (it timed out, or
    its process died in flight). ``thread`` is the receipt of the story's first message at this
    destination, None when there is none. ``attempt`` counts from 1.
    """

    delivery_id: str
    destination: Destination
    alert: Alert
    attempt: int
    maybe_sent: bool
    first_intent_at: datetime | None  # when the first attempt that may have been sent began
    thread: Receipt | None
    held: tuple[Alert, ...] = ()  # told by the same message, oldest first, ``alert`` included; empty: an ordinary one


class Sending(StrEnum):
    """How one attempt ended; one row of the attempts' ledger each."""

    SENT = "sent"
    RECONCILED = "reconciled"  # found at the platform, not sent again
    RETRY = "retry"
    MAYBE_SENT = "maybe_sent"
    RATE_LIMITED = "rate_limited"
    DROPPED = "dropped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A posted message whose story has moved on since: it is edited in place. Editing twice does no harm."""

    destination: Destination
    alert: Alert  # which the message told first
    receipt: Receipt  # of the story's first message there
    story: Story  # as it stands now
    attempt: int = 1  # since it was last edited
    revision: int = 0  # the change that it shows; the store's own count
