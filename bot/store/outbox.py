"""Transactions on the outbox: claim a delivery, record how the attempt ended.

A delivery is ``pending`` or ``sending`` while it is open and has a final state once ``closed_at`` is set.
``due_at`` is when it may be claimed: a pending one's next attempt, a sending one's end of lease.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain import Alert, Claim, DeliveryState, Destination, Receipt, Sending
from bot.errors import StoreError
from bot.store import leases
from bot.store.codec import dump, load
from bot.store.tables import alerts, attempts, deliveries

__all__ = [
    "claim",
    "due_destinations",
    "expire_claims",
    "mark_ended",
    "mark_retry",
    "mark_sent",
    "next_due_at",
    "release",
    "sent_times",
]

_OPEN = deliveries.c.closed_at.is_(None)  # the condition of the partial index, literally

# The first open delivery of each destination: one pass over the index of open ones.
_heads = (
    sa.select(deliveries.c.destination, sa.func.min(deliveries.c.sequence).label("sequence"))
    .where(_OPEN)
    .group_by(deliveries.c.destination)
    .subquery()
)
_from_heads = _heads.join(
    deliveries,
    sa.and_(
        deliveries.c.destination == _heads.c.destination,
        deliveries.c.sequence == _heads.c.sequence,
        _OPEN,
    ),
)
_DUE = (
    sa.select(deliveries.c.destination)
    .select_from(_from_heads)
    .where(deliveries.c.due_at <= sa.bindparam("now"))
    .order_by(deliveries.c.due_at, deliveries.c.destination)
)
_NEXT_DUE = (
    sa.select(sa.func.min(deliveries.c.due_at))
    .select_from(_from_heads)
    .where(deliveries.c.due_at > sa.bindparam("now"))
)

_HEAD = (
    sa.select(
        deliveries.c.id,
        deliveries.c.story,
        deliveries.c.sequence,
        deliveries.c.state,
        deliveries.c.due_at,
        deliveries.c.attempts,
        deliveries.c.maybe_since,
        alerts.c.body,
        attempts.c.started_at,
    )
    .join(alerts, alerts.c.id == deliveries.c.alert_id)
    .outerjoin(
        attempts,
        sa.and_(attempts.c.delivery_id == deliveries.c.id, attempts.c.number == deliveries.c.attempts),
    )
    .where(deliveries.c.destination == sa.bindparam("destination"), _OPEN)
    .order_by(deliveries.c.sequence)
    .limit(1)
)
# The fence: one statement proves that the delivery is as it was read, that it is due, and that the lease is
# held. Whoever comes second changes no row.
_INTEND = (
    sa.update(deliveries)
    .where(
        deliveries.c.id == sa.bindparam("delivery_id"),
        _OPEN,
        deliveries.c.state == sa.bindparam("seen_state"),
        deliveries.c.attempts == sa.bindparam("seen_attempts"),
        deliveries.c.due_at <= sa.bindparam("now", type_=deliveries.c.due_at.type),
        leases.held(),
    )
    .values(
        state=DeliveryState.SENDING,
        due_at=sa.bindparam("lease_until"),
        attempts=deliveries.c.attempts + 1,
        maybe_since=sa.bindparam("maybe"),
    )
)
_EXPIRE = (
    sa.update(deliveries)
    .where(
        _OPEN,
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.due_at > sa.bindparam("now", type_=deliveries.c.due_at.type),
        sa.exists().where(
            attempts.c.delivery_id == deliveries.c.id,
            attempts.c.number == deliveries.c.attempts,
            attempts.c.epoch < sa.bindparam("lease_epoch"),
        ),
        leases.held(),
    )
    .values(due_at=sa.bindparam("now", type_=deliveries.c.due_at.type))
)
_BEGIN_ATTEMPT = sa.insert(attempts)
_THREAD = (
    sa.select(deliveries.c.receipt)
    .where(
        deliveries.c.story == sa.bindparam("story"),
        deliveries.c.destination == sa.bindparam("destination"),
        deliveries.c.sequence < sa.bindparam("sequence"),
        deliveries.c.sent_at.is_not(None),
    )
    .order_by(deliveries.c.sequence)
    .limit(1)
)

_FIND = (
    sa.select(deliveries.c.state, deliveries.c.attempts, deliveries.c.maybe_since)
    .where(deliveries.c.id == sa.bindparam("delivery_id"))
    .with_for_update()
)
_THIS_ATTEMPT = sa.and_(
    attempts.c.delivery_id == sa.bindparam("attempt_of"), attempts.c.number == sa.bindparam("attempt_number")
)
_STARTED = sa.select(attempts.c.started_at).where(_THIS_ATTEMPT)
_END_ATTEMPT = (
    sa.update(attempts)
    .where(_THIS_ATTEMPT, attempts.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("end"), result=sa.bindparam("how"), error=sa.bindparam("why"))
)
_FORGET_ATTEMPT = sa.delete(attempts).where(_THIS_ATTEMPT)


def _update(*names: str) -> sa.Update:
    return (
        sa.update(deliveries)
        .where(deliveries.c.id == sa.bindparam("delivery_id"))
        .values({name: sa.bindparam(name) for name in names})
    )


_SET_SENT = _update("state", "closed_at", "sent_at", "receipt", "reason")
_SET_PENDING = _update("state", "due_at", "maybe_since")
_SET_ENDED = _update("state", "closed_at", "reason")
_SET_RELEASED = _update("state", "due_at", "attempts")

_SENT_TIMES = (
    sa.select(deliveries.c.sent_at)
    .where(
        deliveries.c.destination == sa.bindparam("destination"),
        deliveries.c.sent_at.is_not(None),
        deliveries.c.sent_at >= sa.bindparam("since"),
    )
    .order_by(deliveries.c.sent_at)
)


def due_destinations(conn: sa.Connection, now: datetime) -> list[Destination]:
    """See Store.due_destinations; the longest due first."""
    return [Destination.parse(name) for name in conn.execute(_DUE, {"now": now}).scalars()]


def next_due_at(conn: sa.Connection, now: datetime) -> datetime | None:
    """See Store.next_due_at."""
    earliest: datetime | None = conn.execute(_NEXT_DUE, {"now": now}).scalar_one()
    return earliest


def claim(
    conn: sa.Connection, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
) -> Claim | None:
    """See Store.claim_delivery."""
    name = str(destination)
    head = conn.execute(_HEAD, {"destination": name}).one_or_none()
    if head is None or head.due_at > now:
        return None
    maybe_since = head.maybe_since
    if maybe_since is None and head.state == DeliveryState.SENDING:
        maybe_since = head.started_at  # its process died between the intent and the receipt
    intended = conn.execute(
        _INTEND,
        {
            "delivery_id": head.id,
            "seen_state": head.state,
            "seen_attempts": head.attempts,
            "now": now,
            "lease_name": leases.DISPATCH,
            "lease_owner": owner,
            "lease_epoch": epoch,
            "lease_until": now + lease,
            "maybe": maybe_since,
        },
    )
    if intended.rowcount != 1:
        return None
    number = head.attempts + 1
    conn.execute(
        _BEGIN_ATTEMPT,
        {"delivery_id": head.id, "number": number, "owner": owner, "epoch": epoch, "started_at": now},
    )
    thread = conn.execute(
        _THREAD, {"story": head.story, "destination": name, "sequence": head.sequence}
    ).scalar_one_or_none()
    return Claim(
        delivery_id=head.id,
        destination=destination,
        alert=load(Alert, head.body),
        attempt=number,
        maybe_sent=maybe_since is not None,
        first_intent_at=maybe_since,
        thread=None if thread is None else load(Receipt, thread),
    )


def expire_claims(conn: sa.Connection, *, owner: str, epoch: int, now: datetime) -> int:
    """See Store.expire_claims."""
    key = {"lease_name": leases.DISPATCH, "lease_owner": owner, "lease_epoch": epoch}
    return conn.execute(_EXPIRE, {**key, "now": now}).rowcount


def mark_sent(
    conn: sa.Connection, delivery_id: str, receipt: Receipt, *, result: Sending, now: datetime, attempt: int | None
) -> None:
    """See Store.mark_sent.

    A receipt is a fact: it counts in whatever state the delivery is by now, and the first one stays.
    """
    found = _find(conn, delivery_id)
    _end_attempt(conn, delivery_id, attempt or found.attempts, result=result, error=None, now=now)
    if found.state == DeliveryState.SENT:
        return
    sent_at = now
    if result is Sending.RECONCILED:
        sent_at = receipt.sent_at or found.maybe_since or now
    conn.execute(
        _SET_SENT,
        {
            "delivery_id": delivery_id,
            "state": DeliveryState.SENT,
            "closed_at": now,
            "sent_at": sent_at,
            "receipt": dump(receipt),
            "reason": None,
        },
    )


def mark_retry(
    conn: sa.Connection,
    delivery_id: str,
    *,
    result: Sending,
    error: str,
    next_attempt_at: datetime,
    now: datetime,
    attempt: int | None,
) -> None:
    """See Store.mark_retry."""
    found = _find(conn, delivery_id)
    number = attempt or found.attempts
    _end_attempt(conn, delivery_id, number, result=result, error=error, now=now)
    if not _in_flight(found, number):
        return
    maybe_since = found.maybe_since
    if maybe_since is None and result is Sending.MAYBE_SENT:
        maybe_since = conn.execute(_STARTED, {"attempt_of": delivery_id, "attempt_number": number}).scalar_one()
    conn.execute(
        _SET_PENDING,
        {
            "delivery_id": delivery_id,
            "state": DeliveryState.PENDING,
            "due_at": next_attempt_at,
            "maybe_since": maybe_since,
        },
    )


def mark_ended(
    conn: sa.Connection, delivery_id: str, *, result: Sending, reason: str, now: datetime, attempt: int | None
) -> None:
    """See Store.mark_ended."""
    found = _find(conn, delivery_id)
    number = attempt or found.attempts
    _end_attempt(conn, delivery_id, number, result=result, error=reason, now=now)
    if _in_flight(found, number):
        conn.execute(
            _SET_ENDED,
            {
                "delivery_id": delivery_id,
                "state": DeliveryState.DEAD if result is Sending.DEAD else DeliveryState.DROPPED,
                "closed_at": now,
                "reason": reason,
            },
        )


def release(conn: sa.Connection, delivery_id: str, now: datetime, *, attempt: int | None) -> None:
    """See Store.release_claim."""
    found = _find(conn, delivery_id)
    number = attempt or found.attempts
    if _in_flight(found, number):
        conn.execute(_FORGET_ATTEMPT, {"attempt_of": delivery_id, "attempt_number": number})
        conn.execute(
            _SET_RELEASED,
            {"delivery_id": delivery_id, "state": DeliveryState.PENDING, "due_at": now, "attempts": number - 1},
        )


def sent_times(conn: sa.Connection, destination: Destination, since: datetime) -> list[datetime]:
    """See Store.sent_times."""
    return list(conn.execute(_SENT_TIMES, {"destination": str(destination), "since": since}).scalars())


def _find(conn: sa.Connection, delivery_id: str) -> sa.Row[Any]:
    found = conn.execute(_FIND, {"delivery_id": delivery_id}).one_or_none()
    if found is None:
        raise StoreError(f"there is no delivery {delivery_id}")
    return found


def _in_flight(found: sa.Row[Any], number: int) -> bool:
    """Whether this attempt is the delivery's own; false for one that was overtaken after its lease ran out."""
    return bool(found.state == DeliveryState.SENDING and found.attempts == number)


def _end_attempt(
    conn: sa.Connection, delivery_id: str, number: int, *, result: Sending, error: str | None, now: datetime
) -> None:
    conn.execute(
        _END_ATTEMPT,
        {"attempt_of": delivery_id, "attempt_number": number, "end": now, "how": result, "why": error},
    )
