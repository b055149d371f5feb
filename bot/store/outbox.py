"""Transactions on the outbox: claim a delivery, record how the attempt ended.

A delivery is ``pending``, ``held`` or ``sending`` while it is open and has a final state once ``closed_at`` is set.
``due_at`` is when it may be claimed: a pending one's next attempt, a held one's release, a sending one's end of
lease. Deliveries that one message tells (``bot.store.lines``) have the same ``carrier``, state, ``due_at`` and count
of attempts from its claim on; the attempts themselves stand in the ledger once, under the carrier.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain import Alert, Claim, DeliveryState, Destination, Receipt, Sending
from bot.errors import StoreError
from bot.store import amendments, leases, lines
from bot.store.codec import dump, load
from bot.store.tables import alerts, attempts, deliveries

__all__ = [
    "claim",
    "expire_claims",
    "mark_ended",
    "mark_retry",
    "mark_sent",
    "release",
    "routed_times",
    "sent_times",
]

# The fence: one statement proves that the delivery is as it was read, that it is due, and that the lease is
# held. Whoever comes second changes no row.
_INTEND = (
    sa.update(deliveries)
    .where(
        deliveries.c.id == sa.bindparam("delivery_id"),
        lines.OPEN,
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
        carrier=sa.bindparam("together"),
    )
)
# The rest of the message, behind the fence.
_JOIN = (
    sa.update(deliveries)
    .where(deliveries.c.id.in_(sa.bindparam("ids", expanding=True)), lines.OPEN)
    .values(
        state=DeliveryState.SENDING,
        due_at=sa.bindparam("lease_until"),
        attempts=sa.bindparam("number"),
        maybe_since=sa.bindparam("maybe"),
        carrier=sa.bindparam("together"),
    )
)
_EXPIRE = (
    sa.update(deliveries)
    .where(
        lines.OPEN,
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.due_at > sa.bindparam("now", type_=deliveries.c.due_at.type),
        sa.exists().where(
            attempts.c.delivery_id == lines.message_id(),
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
    sa.select(
        deliveries.c.id,
        deliveries.c.destination,
        deliveries.c.state,
        deliveries.c.attempts,
        deliveries.c.maybe_since,
        deliveries.c.carrier,
    )
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


class _Change(NamedTuple):
    """The same change of one delivery, and of all that its message tells."""

    alone: sa.Update | ReturningUpdate[Any]
    together: sa.Update | ReturningUpdate[Any]

    def make(self, conn: sa.Connection, found: sa.Row[Any], values: dict[str, Any]) -> sa.CursorResult[Any]:
        """Make it, for what was found under the id that was claimed."""
        statement = self.alone if found.carrier is None else self.together
        return conn.execute(statement, {"delivery_id": found.id, **values})


def _update(*names: str, of: sa.ColumnElement[bool] = lines.OPEN) -> _Change:
    values: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(name) for name in names}
    key: sa.BindParameter[str] = sa.bindparam("delivery_id")
    return _Change(
        sa.update(deliveries).where(deliveries.c.id == key).values(values),
        sa.update(deliveries).where(deliveries.c.carrier == key, of).values(values),
    )


_sent = _update("state", "closed_at", "sent_at", "receipt", "reason", of=deliveries.c.state != DeliveryState.SENT)
# Says of which of the stories that it told something waits to be edited; mostly of none.
_waits = deliveries.c.story, amendments.waits_for(deliveries).label("waits")
_SET_SENT = _Change(_sent.alone.returning(*_waits), _sent.together.returning(*_waits))
_SET_PENDING = _update("state", "due_at", "maybe_since")
_SET_ENDED = _update("state", "closed_at", "reason")
_SET_RELEASED = _update("state", "due_at", "attempts")

# A message counts once, however many deliveries it told.
_A_MESSAGE = deliveries.c.id == lines.message_id()
_SENT_TIMES = (
    sa.select(deliveries.c.sent_at)
    .where(
        deliveries.c.destination == sa.bindparam("destination"),
        deliveries.c.sent_at.is_not(None),
        deliveries.c.sent_at >= sa.bindparam("since"),
        _A_MESSAGE,
    )
    .order_by(deliveries.c.sent_at)
)
_since = sa.bindparam("since", type_=alerts.c.created_at.type)
_ROUTED_TIMES = sa.union_all(
    sa.select(deliveries.c.destination, alerts.c.created_at.label("at"))
    .join(alerts, alerts.c.id == deliveries.c.alert_id)
    .where(
        alerts.c.created_at >= _since,
        deliveries.c.release_at.is_(None),
        deliveries.c.state.not_in([DeliveryState.FILTERED, DeliveryState.DEAD]),
    ),
    sa.select(deliveries.c.destination, deliveries.c.sent_at.label("at")).where(
        deliveries.c.release_at.is_not(None),  # the condition of the partial index
        deliveries.c.sent_at >= _since,
        _A_MESSAGE,
    ),
).order_by("at")


def claim(
    conn: sa.Connection, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
) -> Claim | None:
    """See Store.claim_delivery."""
    name = str(destination)
    rows = lines.next_up(conn, name, now)
    if not rows:
        return None
    head, *others = rows
    maybe_since = head.maybe_since
    if maybe_since is None and head.state == DeliveryState.SENDING:
        maybe_since = head.started_at  # its process died between the intent and the receipt
    number = head.attempts + 1
    values = {
        "lease_until": now + lease,
        "maybe": maybe_since,
        "together": None if head.release_at is None else head.id,
    }
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
            **values,
        },
    )
    if intended.rowcount != 1:
        return None
    if others:
        conn.execute(_JOIN, {"ids": [row.id for row in others], "number": number, **values})
    conn.execute(
        _BEGIN_ATTEMPT,
        {"delivery_id": head.id, "number": number, "owner": owner, "epoch": epoch, "started_at": now},
    )
    told = tuple(load(Alert, row.body) for row in rows)
    return Claim(
        delivery_id=head.id,
        destination=destination,
        alert=told[0],
        attempt=number,
        maybe_sent=maybe_since is not None,
        first_intent_at=maybe_since,
        thread=None if others else _thread(conn, head, name),
        held=told if others else (),
    )


def _thread(conn: sa.Connection, head: sa.Row[Any], destination: str) -> Receipt | None:
    found = conn.execute(_THREAD, {"story": head.story, "destination": destination, "sequence": head.sequence})
    receipt = found.scalar_one_or_none()
    return None if receipt is None else load(Receipt, receipt)


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
    told = _SET_SENT.make(
        conn,
        found,
        {
            "state": DeliveryState.SENT,
            "closed_at": now,
            "sent_at": sent_at,
            "receipt": dump(receipt),
            "reason": None,
        },
    )
    if waiting := {row.story for row in told.all() if row.waits}:
        amendments.arm(conn, found.destination, waiting, now)


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
    _SET_PENDING.make(
        conn,
        found,
        {
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
        _SET_ENDED.make(
            conn,
            found,
            {
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
        _SET_RELEASED.make(conn, found, {"state": DeliveryState.PENDING, "due_at": now, "attempts": number - 1})


def sent_times(conn: sa.Connection, destination: Destination, since: datetime) -> list[datetime]:
    """See Store.sent_times."""
    return list(conn.execute(_SENT_TIMES, {"destination": str(destination), "since": since}).scalars())


def routed_times(conn: sa.Connection, since: datetime) -> dict[Destination, list[datetime]]:
    """See Store.routed_times."""
    times: defaultdict[str, list[datetime]] = defaultdict(list)
    for row in conn.execute(_ROUTED_TIMES, {"since": since}):
        times[row.destination].append(row.at)
    return {Destination.parse(name): found for name, found in times.items()}


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
