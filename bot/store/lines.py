"""Which delivery of a destination is next: two lines that do not wait for each other.

Ordinary deliveries go in the order of their decisions, and one that was attempted and waits holds up those behind it.
Of those that were not, a flash goes first, but never before an earlier one of its own story. What was held (by quiet
hours, a digest, a cap, a delay or a backlog: ``release_at`` is set) stands in a line of its own, so that a flash passes
what sleeps until the morning, and a digest that a platform refuses holds up no news. There everything whose release
has come is told by one message under the id of its first delivery, the ``carrier``. Such a message keeps what it holds
from its first attempt on: what was released later goes into the next one, so that a message that is found at the
platform settles exactly what it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain import DeliveryState, Destination, Hold, Urgency
from bot.store.tables import alerts, amendments, attempts, deliveries

__all__ = ["OPEN", "TOGETHER", "due_destinations", "fold", "message_id", "next_due_at", "next_up", "waiting"]

TOGETHER = 2_000
"""Most deliveries that one message settles: a bound on parameters and memory, far above a reader's busiest week."""

OPEN = deliveries.c.closed_at.is_(None)  # the condition of the partial index, literally
_ORDINARY = deliveries.c.release_at.is_(None)
_HELD = deliveries.c.release_at.is_not(None)

_begun_first = sa.case((deliveries.c.attempts > 0, deliveries.c.sequence))
# The first of each destination's ordinary line: one pass over the index of open ones.
_first = (
    sa.select(
        deliveries.c.destination,
        sa.func.coalesce(sa.func.min(_begun_first), sa.func.min(deliveries.c.sequence)).label("sequence"),
    )
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
_edits = sa.select(amendments.c.destination, amendments.c.due_at).where(
    amendments.c.closed_at.is_(None), amendments.c.due_at.is_not(None)
)
_lines = sa.union_all(_ordinary, _held, _edits).subquery("lines")
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
_ahead = deliveries.alias("ahead")
# Mostly nothing passes it, and then its row is read once.
_passed = sa.exists().where(
    _ahead.c.destination == deliveries.c.destination,
    _ahead.c.closed_at.is_(None),
    _ahead.c.release_at.is_(None),
    _ahead.c.sequence > deliveries.c.sequence,
    sa.or_(_ahead.c.attempts > 0, _ahead.c.rank == Urgency.FLASH.rank),
)
_ORDINARY_HERE = _ROWS.where(_HERE, _ORDINARY).limit(1)
_HEAD = _ORDINARY_HERE.add_columns(deliveries.c.rank, _passed.label("passed"))
_FIRST_BEGUN = _ORDINARY_HERE.where(deliveries.c.attempts > 0)
_beside = deliveries.alias("beside")
_of_its_story = sa.and_(
    _beside.c.destination == deliveries.c.destination,
    _beside.c.story == deliveries.c.story,
    _beside.c.closed_at.is_(None),
    _beside.c.release_at.is_(None),
)
_FLASH = _ORDINARY_HERE.where(
    deliveries.c.rank == Urgency.FLASH.rank,
    deliveries.c.due_at <= sa.bindparam("now"),
    ~sa.exists().where(_of_its_story, _beside.c.sequence < deliveries.c.sequence),
)
_WAITING = sa.select(sa.func.count()).select_from(deliveries).where(_HERE, OPEN, _ORDINARY)
_FOLD = (
    sa.update(deliveries)
    .where(
        deliveries.c.destination == sa.bindparam("here"),
        OPEN,
        _ORDINARY,
        deliveries.c.state == DeliveryState.PENDING,
        deliveries.c.attempts == 0,
        deliveries.c.rank < sa.bindparam("keep"),
        # Who reads a denial should not find the claim after it.
        ~sa.exists().where(_of_its_story, sa.or_(_beside.c.attempts > 0, _beside.c.rank >= sa.bindparam("keep"))),
    )
    .values(
        state=DeliveryState.HELD,
        reason=Hold.BACKLOG,
        due_at=sa.bindparam("now", type_=deliveries.c.due_at.type),
        release_at=sa.bindparam("now", type_=deliveries.c.release_at.type),
    )
)
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
    head = _ordinary_head(conn, destination, now)
    if head is not None and head.due_at <= now:
        return [head]
    held = conn.execute(_FIRST_HELD, {"destination": destination}).one_or_none()
    if held is None or held.due_at > now:
        return []
    if held.carrier is not None:
        return conn.execute(_BEGUN, {"carrier": held.carrier}).all()
    return conn.execute(_RELEASED, {"destination": destination, "now": now}).all()


def _ordinary_head(conn: sa.Connection, destination: str, now: datetime) -> sa.Row[Any] | None:
    head = conn.execute(_HEAD, {"destination": destination}).one_or_none()
    if head is None or head.attempts or not head.passed:
        return head
    begun = conn.execute(_FIRST_BEGUN, {"destination": destination}).one_or_none()
    if begun is not None or head.due_at > now or head.rank == Urgency.FLASH.rank:
        return begun or head
    return conn.execute(_FLASH, {"destination": destination, "now": now}).one_or_none() or head


def waiting(conn: sa.Connection, destination: str) -> int:
    """How many are open in a destination's ordinary line."""
    return conn.execute(_WAITING, {"destination": destination}).scalar_one()


def fold(conn: sa.Connection, destination: str, *, keep: Urgency, now: datetime) -> int:
    """Hold what waits there and was never attempted, but for the loudest. See Store.fold_backlog."""
    return conn.execute(_FOLD, {"here": destination, "keep": keep.rank, "now": now}).rowcount
