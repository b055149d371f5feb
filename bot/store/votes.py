"""Transactions on votes: what people think of alerts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.domain import Vote
from bot.store.tables import PerDialect, votes

__all__ = ["counts", "record", "since"]

_FIRST = PerDialect(lambda insert: insert(votes).on_conflict_do_nothing())
_FORMER = (
    sa.select(votes.c.useful)
    .where(votes.c.alert_id == sa.bindparam("of_alert"), votes.c.person == sa.bindparam("of_person"))
    .with_for_update()
)
_RECORD = PerDialect(
    lambda insert: (statement := insert(votes)).on_conflict_do_update(
        index_elements=[votes.c.alert_id, votes.c.person],
        set_={"useful": statement.excluded.useful, "at": statement.excluded.at},
    )
)
_ALL = sa.select(votes).order_by(votes.c.at, votes.c.alert_id, votes.c.person)
_SINCE = _ALL.where(votes.c.at >= sa.bindparam("since"))
_COUNTS = (
    sa.select(votes.c.useful, sa.func.count())
    .where(votes.c.alert_id == sa.bindparam("of_alert"))
    .group_by(votes.c.useful)
)


def record(conn: sa.Connection, vote: Vote) -> bool | None:
    """See Store.record_vote. The insert comes first: of two first votes of one person it makes one wait."""
    row = {"alert_id": vote.alert_id, "person": vote.person, "useful": vote.useful, "at": vote.at}
    if conn.execute(_FIRST(conn), row).rowcount == 1:
        return None
    former: bool | None = conn.scalar(_FORMER, {"of_alert": vote.alert_id, "of_person": vote.person})
    conn.execute(_RECORD(conn), row)
    return former


def since(conn: sa.Connection, moment: datetime | None) -> list[Vote]:
    """See Store.votes."""
    found = conn.execute(_ALL) if moment is None else conn.execute(_SINCE, {"since": moment})
    return [Vote(alert_id=row.alert_id, person=row.person, useful=row.useful, at=row.at) for row in found]


def counts(conn: sa.Connection, alert_id: str) -> tuple[int, int]:
    """See Store.vote_counts."""
    found = {useful: count for useful, count in conn.execute(_COUNTS, {"of_alert": alert_id})}  # noqa: C416 - dict() of rows does not type
    return found.get(True, 0), found.get(False, 0)
