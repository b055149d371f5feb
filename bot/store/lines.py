"""Which delivery of a destination is next: two lines that do not wait for each other.

Ordinary deliveries go in the order of their decisions, and one that waits holds up those behind it. What was held
(by quiet hours, a digest or a cap: ``release_at`` is set) stands in a line of its own, so that a flash passes what
sleeps until the morning, and a digest that a platform refuses holds up no news. There everything whose release has
come is told by one message under the id of its first delivery, the ``carrier``. Such a message keeps what it holds
from its first attempt on: what was released later goes into the next one, so that a message that is found at the
platform settles exactly what it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain import Destination
from bot.store.tables import alerts, attempts, deliveries

__all__ = ["OPEN", "TOGETHER", "due_destinations", "message_id", "next_due_at", "next_up"]

TOGETHER = 2_000
"""Most deliveries that one message settles: a bound on parameters and memory, far above a reader's busiest week."""

OPEN = deliveries.c.closed_at.is_(None)  # the condition of the partial index, literally
_ORDINARY = deliveries.c.release_at.is_(None)
_HELD = deliveries.c.release_at.is_not(None)

# The first open delivery of each destination: one pass over the index of open ones.
_first = (
    sa.select(deliveries.c.destination, sa.func.min(deliveries.c.sequence).label("sequence"))
    .where(OPEN, _ORDINARY)
    .group_by(deliveries.c.destination)
    .subquery()
)
_ordinary = sa.select(deliveries.c.destination, deliveries.c.due_at).select_from(
    _first.join(
        deliveries,
        sa.and_(
            deliveries.c.destination == _first.c.destination,
            deliveries.c.sequence == _first.c.sequence,
            OPEN,
        ),
    )
)
# A message that was begun comes before another of the same line.
_begun = sa.case((deliveries.c.carrier.is_not(None), deliveries.c.due_at))
_held = (
    sa.select(
        deliveries.c.destination,
        sa.func.coalesce(sa.func.min(_begun), sa.func.min(deliveries.c.due_at)).label("due_at"),
    )
    .where(OPEN, _HELD)
    .group_by(deliveries.c.destination)
)
_lines = sa.union_all(_ordinary, _held).subquery("lines")
_DUE = (
    sa.select(_lines.c.destination)
    .where(_lines.c.due_at <= sa.bindparam("now"))
    .group_by(_lines.c.destination)
    .order_by(sa.func.min(_lines.c.due_at), _lines.c.destination)
)
_NEXT_DUE = sa.select(sa.func.min(_lines.c.due_at)).where(_lines.c.due_at > sa.bindparam("now"))


def message_id() -> sa.ColumnElement[str]:
    """In SQL: the delivery under whose id this one is attempted; mostly itself."""
    return sa.func.coalesce(deliveries.c.carrier, deliveries.c.id)


_ROWS = (
    sa.select(
        deliveries.c.id,
        deliveries.c.story,
        deliveries.c.sequence,
        deliveries.c.state,
        deliveries.c.due_at,
        deliveries.c.attempts,
        deliveries.c.maybe_since,
        deliveries.c.release_at,
        alerts.c.body,
        attempts.c.started_at,
    )
    .join(alerts, alerts.c.id == deliveries.c.alert_id)
    .outerjoin(
        attempts,
        sa.and_(attempts.c.delivery_id == message_id(), attempts.c.number == deliveries.c.attempts),
    )
    .where(OPEN)
    .order_by(deliveries.c.sequence)
)
_HERE = deliveries.c.destination == sa.bindparam("destination")
_HEAD = _ROWS.where(_HERE, _ORDINARY).limit(1)
_FIRST_HELD = (
    sa.select(deliveries.c.carrier, deliveries.c.due_at)
    .where(_HERE, OPEN, _HELD)
    .order_by(deliveries.c.carrier.is_(None), deliveries.c.due_at, deliveries.c.sequence)
    .limit(1)
)
_BEGUN = _ROWS.where(deliveries.c.carrier == sa.bindparam("carrier"))
# Until it is begun it is due at its release; asked for by that, it is found without a look at what was sent.
_UNTIL_NOW = deliveries.c.release_at <= sa.bindparam("now")
_RELEASED = _ROWS.where(_HERE, _UNTIL_NOW, deliveries.c.carrier.is_(None)).limit(TOGETHER)


def due_destinations(conn: sa.Connection, now: datetime) -> list[Destination]:
    """See Store.due_destinations; the longest due first."""
    return [Destination.parse(name) for name in conn.execute(_DUE, {"now": now}).scalars()]


def next_due_at(conn: sa.Connection, now: datetime) -> datetime | None:
    """See Store.next_due_at."""
    earliest: datetime | None = conn.execute(_NEXT_DUE, {"now": now}).scalar_one()
    return earliest


def next_up(conn: sa.Connection, destination: str, now: datetime) -> Sequence[sa.Row[Any]]:
    """The deliveries that the next message to a destination tells, oldest first; none when nothing is due.

    News goes before what was held.
    """
    head = conn.execute(_HEAD, {"destination": destination}).one_or_none()
    if head is not None and head.due_at <= now:
        return [head]
    held = conn.execute(_FIRST_HELD, {"destination": destination}).one_or_none()
    if held is None or held.due_at > now:
        return []
    if held.carrier is not None:
        return conn.execute(_BEGUN, {"carrier": held.carrier}).all()
    return conn.execute(_RELEASED, {"destination": destination, "now": now}).all()
