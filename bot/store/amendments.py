"""Transactions on amendments: which posted message must be edited because its story has moved on.

One row for a story and a destination, however often the story changes. It waits without ``due_at`` until the story's
first message there is sent, is due once that stands alone, and is given up where the message tells others too: a
digest is not edited. ``revision`` counts the changes, so that one that comes while an edit is on its way is shown by
the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.domain import Alert, Amendment, Amends, Decision, DeliveryState, Destination, Receipt, Story
from bot.store import leases, lines
from bot.store.codec import load
from bot.store.ledger import LedgerAmendment
from bot.store.tables import PerDialect, alerts, amendments, database_now, deliveries, moves, stories

__all__ = [
    "SOON",
    "arm",
    "claim",
    "give_up_all",
    "ledger",
    "mark_amended",
    "mark_failed",
    "move",
    "upsert",
    "waits_for",
]

SOON = timedelta(seconds=30)
"""A count is shown so long after its change, with what else has changed by then."""

_AMONG_OTHERS = "it was told in a message with others"

_other = deliveries.alias("other")
_SHARED = sa.exists().where(_other.c.carrier == deliveries.c.carrier, _other.c.id != deliveries.c.id)

# Locked (PostgreSQL), so that none of them is sent between this look and the row that waits for it.
_TOLD = (
    sa.select(deliveries.c.destination, deliveries.c.sequence, deliveries.c.sent_at, _SHARED.label("shared"))
    .where(
        deliveries.c.story == sa.bindparam("of_story"),
        deliveries.c.state.not_in([DeliveryState.FILTERED, DeliveryState.DEAD, DeliveryState.DROPPED]),
        deliveries.c.alert_id.not_in(sa.bindparam("not_yet", expanding=True)),
        deliveries.c.destination.not_in(sa.select(moves.c.name)),  # what was told there is out of reach
    )
    .order_by(deliveries.c.id)
    .with_for_update()
)
_open = amendments.c.closed_at.is_(None)


def _merge(insert: Any) -> sa.ClauseElement:
    statement = insert(amendments)
    new = statement.excluded
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=[amendments.c.story, amendments.c.destination],
        set_={
            "revision": amendments.c.revision + 1,
            "change": sa.case((sa.and_(_open, amendments.c.change == Amends.STATUS), Amends.STATUS), else_=new.change),
            "due_at": sa.case(
                (sa.and_(_open, amendments.c.due_at < new.due_at), amendments.c.due_at), else_=new.due_at
            ),
            "closed_at": None,
        },
        where=amendments.c.given_up.is_(sa.false()),
    )


_UPSERT = PerDialect(_merge)
_HERE = amendments.c.destination == sa.bindparam("here")
_ROW = sa.and_(amendments.c.story == sa.bindparam("of_story"), _HERE)
_WAITING_FOR = sa.select(amendments.c.story, amendments.c.change, amendments.c.due_at).where(
    _HERE, _open, amendments.c.story.in_(sa.bindparam("stories", expanding=True))
)
_FIRST_SENT = (
    sa.select(deliveries.c.receipt, alerts.c.body, _SHARED.label("shared"))
    .join(alerts, alerts.c.id == deliveries.c.alert_id)
    .where(
        deliveries.c.story == sa.bindparam("of_story"),
        deliveries.c.destination == sa.bindparam("here"),
        deliveries.c.sent_at.is_not(None),
    )
    .order_by(deliveries.c.sequence)
    .limit(1)
)
_ARM = sa.update(amendments).where(_ROW, _open).values(due_at=sa.bindparam("due"))
_GIVE_UP = (
    sa.update(amendments)
    .where(_ROW, _open)
    .values(closed_at=sa.bindparam("now", type_=amendments.c.closed_at.type), given_up=True, error=sa.bindparam("why"))
)
_GIVE_UP_ALL = (
    sa.update(amendments)
    .where(_HERE, _open)
    .values(closed_at=sa.bindparam("now", type_=amendments.c.closed_at.type), given_up=True, error=sa.bindparam("why"))
)
_NEXT = (
    sa.select(amendments.c.story)
    .where(_HERE, _open, amendments.c.due_at <= sa.bindparam("now"))
    .order_by(amendments.c.due_at, amendments.c.story)
    .limit(1)
)
_INTEND = (
    sa.update(amendments)
    .where(_ROW, _open, amendments.c.due_at <= sa.bindparam("now", type_=amendments.c.due_at.type), leases.held())
    .values(due_at=sa.bindparam("lease_until"), attempts=amendments.c.attempts + 1)
)
_CLAIMED = (
    sa.select(amendments.c.attempts, amendments.c.revision, stories.c.body)
    .join(stories, stories.c.slug == amendments.c.story)
    .where(_ROW)
)
_THIS_REVISION = amendments.c.revision == sa.bindparam("shown")
_SHOWN = {
    "edits": amendments.c.edits + 1,
    "edited_at": sa.bindparam("now", type_=amendments.c.edited_at.type),
    "attempts": 0,
    "error": None,
}
_CLOSE = (
    sa.update(amendments)
    .where(_ROW, _open, _THIS_REVISION)
    .values(closed_at=sa.bindparam("now", type_=amendments.c.closed_at.type), **_SHOWN)
)
_COUNT = sa.update(amendments).where(_ROW).values(_SHOWN)
_PUT_OFF = (
    sa.update(amendments)
    .where(_ROW, _open, _THIS_REVISION)
    .values(due_at=sa.bindparam("due"), error=sa.bindparam("why"))
)
_there = amendments.alias("there")
_moved = sa.exists().where(
    deliveries.c.story == amendments.c.story,
    deliveries.c.destination == sa.bindparam("target"),
    deliveries.c.closed_at.is_(None),
)
_MOVE = (
    sa.update(amendments)
    .where(
        _HERE,
        _open,
        _moved,
        ~sa.exists().where(_there.c.story == amendments.c.story, _there.c.destination == sa.bindparam("target")),
    )
    .values(destination=sa.bindparam("target"), due_at=None)
)
_OF_STORY = (
    sa.select(amendments).where(amendments.c.story == sa.bindparam("of_story")).order_by(amendments.c.destination)
)
_LEFT_BEHIND = (
    sa.update(amendments)
    .where(_HERE, _open)
    .values(closed_at=database_now(), given_up=True, error="the chat has moved")
)


def upsert(conn: sa.Connection, decisions: Sequence[Decision]) -> None:
    """Note which messages must be edited after these decisions; their stories and deliveries are saved already.

    What a decision itself tells for the first time shows the story as it stands.
    """
    rows: list[dict[str, Any]] = []
    for place, decision in enumerate(decisions):
        if decision.amends is Amends.NOTHING or decision.story is None:
            continue
        later = [d.alert.id for d in decisions[place:] if d.alert is not None and d.alert.story == decision.story.slug]
        told = conn.execute(_TOLD, {"of_story": decision.story.slug, "not_yet": later}).all()
        first: dict[str, sa.Row[Any]] = {}  # by destination: the first message that was sent, else what waits
        for row in sorted(told, key=lambda row: (row.sent_at is None, row.sequence)):
            first.setdefault(row.destination, row)
        due = decision.decided_at + (SOON if decision.amends is Amends.COUNT else timedelta(0))
        rows += [
            {
                "story": decision.story.slug,
                "destination": destination,
                "revision": 1,
                "change": decision.amends,
                "due_at": None if row.sent_at is None else due,
                "closed_at": None,
                "attempts": 0,
                "edits": 0,
                "edited_at": None,
                "given_up": False,
                "error": None,
            }
            for destination, row in sorted(first.items())
            if row.sent_at is None or not row.shared
        ]
    if rows:
        conn.execute(_UPSERT(conn), rows)


def waits_for(told: sa.Table) -> sa.Exists:
    """In SQL: whether a row of a delivery's story waits at its destination for it to be sent, or is open anyway."""
    return sa.exists().where(amendments.c.story == told.c.story, amendments.c.destination == told.c.destination, _open)


def arm(conn: sa.Connection, destination: str, told: Collection[str], now: datetime) -> None:
    """Messages about these stories were sent to a destination: what waits for them becomes due, or is given up."""
    for row in conn.execute(_WAITING_FOR, {"here": destination, "stories": list(told)}).all():
        key = {"of_story": row.story, "here": destination}
        first = conn.execute(_FIRST_SENT, key).one()
        if first.shared:
            conn.execute(_GIVE_UP, {**key, "now": now, "why": _AMONG_OTHERS})
        elif row.due_at is None:
            conn.execute(_ARM, {**key, "due": now if row.change == Amends.STATUS else now + SOON})


def claim(
    conn: sa.Connection, destination: Destination, *, owner: str, epoch: int, now: datetime, lease: timedelta
) -> Amendment | None:
    """See Store.claim_amendment."""
    here = str(destination)
    story = conn.execute(_NEXT, {"here": here, "now": now}).scalar_one_or_none()
    if story is None or lines.next_up(conn, here, now):
        return None
    key = {"of_story": story, "here": here}
    fence = {"lease_name": leases.DISPATCH, "lease_owner": owner, "lease_epoch": epoch}
    if conn.execute(_INTEND, {**key, **fence, "now": now, "lease_until": now + lease}).rowcount != 1:
        return None
    claimed = conn.execute(_CLAIMED, key).one()
    first = conn.execute(_FIRST_SENT, key).one()
    return Amendment(
        destination=destination,
        alert=load(Alert, first.body),
        receipt=load(Receipt, first.receipt),
        story=load(Story, claimed.body),
        attempt=claimed.attempts,
        revision=claimed.revision,
    )


def mark_amended(conn: sa.Connection, amendment: Amendment, now: datetime) -> None:
    """See Store.mark_amended."""
    if conn.execute(_CLOSE, {**_key(amendment), "shown": amendment.revision, "now": now}).rowcount != 1:
        conn.execute(_COUNT, {**_key(amendment), "now": now})


def mark_failed(
    conn: sa.Connection, amendment: Amendment, *, error: str | None, next_due_at: datetime | None, now: datetime
) -> None:
    """See Store.mark_amend_failed."""
    if next_due_at is None:
        conn.execute(_GIVE_UP, {**_key(amendment), "now": now, "why": error})
    else:
        conn.execute(_PUT_OFF, {**_key(amendment), "shown": amendment.revision, "due": next_due_at, "why": error})


def give_up_all(conn: sa.Connection, destination: str, *, reason: str, now: datetime) -> None:
    """A destination has ended: nothing there is edited any more."""
    conn.execute(_GIVE_UP_ALL, {"here": destination, "now": now, "why": reason})


def move(conn: sa.Connection, old: str, new: str) -> None:
    """A destination has moved and its open deliveries with it: what waits for one of those goes along. What was told
    at the old one cannot be edited from the new one."""
    conn.execute(_MOVE, {"here": old, "target": new})
    conn.execute(_LEFT_BEHIND, {"here": old})


def ledger(conn: sa.Connection, story: str) -> tuple[LedgerAmendment, ...]:
    """All of a story, as its trail shows them."""
    return tuple(
        LedgerAmendment(
            destination=row.destination,
            edits=row.edits,
            edited_at=row.edited_at,
            due_at=row.due_at if row.closed_at is None else None,
            waits=row.closed_at is None,
            given_up=row.given_up,
            attempts=row.attempts,
            error=row.error,
        )
        for row in conn.execute(_OF_STORY, {"of_story": story})
    )


def _key(amendment: Amendment) -> dict[str, str]:
    return {"of_story": amendment.story.slug, "here": str(amendment.destination)}
