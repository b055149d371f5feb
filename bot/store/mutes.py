"""Transactions on mutes: what somebody wishes to hear no more of for a while."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.domain import Destination, Mute, MuteKind
from bot.store.tables import PerDialect, mutes

__all__ = ["active", "add", "follow", "prune", "remove"]

_ADD = PerDialect(
    lambda insert: (statement := insert(mutes)).on_conflict_do_update(
        index_elements=[mutes.c.id],
        set_={name: statement.excluded[name] for name in ("destination", "kind", "value", "until", "created_at")},
    )
)
_REMOVE = sa.delete(mutes).where(mutes.c.id == sa.bindparam("mute_id"))
_ACTIVE = sa.select(mutes).where(mutes.c.until > sa.bindparam("now")).order_by(mutes.c.created_at, mutes.c.id)
_PRUNE = sa.delete(mutes).where(mutes.c.until <= sa.bindparam("before"))
_FOLLOW = (
    sa.update(mutes).where(mutes.c.destination == sa.bindparam("of_name")).values(destination=sa.bindparam("to_name"))
)


def add(conn: sa.Connection, mute: Mute, to: Destination | None, now: datetime) -> None:
    """Save one under its destination after moves. See Store.add_mute."""
    prune(conn, now)
    row = {
        "id": mute.id,
        "destination": None if to is None else str(to),
        "kind": mute.kind,
        "value": mute.value,
        "until": mute.until,
        "created_at": mute.created_at,
    }
    conn.execute(_ADD(conn), row)


def remove(conn: sa.Connection, mute_id: str) -> bool:
    """See Store.remove_mute."""
    return conn.execute(_REMOVE, {"mute_id": mute_id}).rowcount == 1


def active(conn: sa.Connection, now: datetime) -> list[Mute]:
    """See Store.mutes."""
    return [
        Mute(
            id=row.id,
            to=None if row.destination is None else Destination.parse(row.destination),
            kind=MuteKind(row.kind),
            value=row.value,
            until=row.until,
            created_at=row.created_at,
        )
        for row in conn.execute(_ACTIVE, {"now": now})
    ]


def follow(conn: sa.Connection, old: str, new: str) -> None:
    """A destination has moved: its mutes go along."""
    conn.execute(_FOLLOW, {"of_name": old, "to_name": new})


def prune(conn: sa.Connection, before: datetime) -> int:
    """Delete those that had run out by then; returns how many. See Store.prune."""
    return conn.execute(_PRUNE, {"before": before}).rowcount
