"""Transactions on workspaces that installed the Slack app, and on the states of installing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.tables import PerDialect, installations, oauth_states

__all__ = ["find", "remember", "remove", "save", "take", "teams"]

_SAVE = PerDialect(
    lambda insert: (statement := insert(installations)).on_conflict_do_update(
        index_elements=[installations.c.team],
        set_={"body": statement.excluded.body, "saved_at": statement.excluded.saved_at},
    )
)
_FIND = sa.select(installations.c.body).where(installations.c.team == sa.bindparam("of_team"))
_REMOVE = sa.delete(installations).where(installations.c.team == sa.bindparam("of_team"))
_TEAMS = sa.select(installations.c.team).order_by(installations.c.team)
_REMEMBER = PerDialect(
    lambda insert: (statement := insert(oauth_states)).on_conflict_do_update(
        index_elements=[oauth_states.c.state], set_={"expires_at": statement.excluded.expires_at}
    )
)
_TAKE = sa.delete(oauth_states).where(
    oauth_states.c.state == sa.bindparam("wanted"), oauth_states.c.expires_at > sa.bindparam("now")
)
_FORGET_EXPIRED = sa.delete(oauth_states).where(oauth_states.c.expires_at <= sa.bindparam("now"))


def save(conn: sa.Connection, team: str, body: str, now: datetime) -> None:
    """See Store.save_installation."""
    conn.execute(_SAVE(conn), {"team": team, "body": body, "saved_at": now})


def find(conn: sa.Connection, team: str) -> str | None:
    """See Store.installation."""
    body: str | None = conn.execute(_FIND, {"of_team": team}).scalar_one_or_none()
    return body


def remove(conn: sa.Connection, team: str) -> bool:
    """See Store.remove_installation."""
    return conn.execute(_REMOVE, {"of_team": team}).rowcount == 1


def teams(conn: sa.Connection) -> list[str]:
    """See Store.installations."""
    return list(conn.execute(_TEAMS).scalars())


def remember(conn: sa.Connection, state: str, expires_at: datetime) -> None:
    """See Store.save_state."""
    conn.execute(_REMEMBER(conn), {"state": state, "expires_at": expires_at})


def take(conn: sa.Connection, state: str, now: datetime) -> bool:
    """See Store.take_state."""
    taken = conn.execute(_TAKE, {"wanted": state, "now": now}).rowcount == 1
    conn.execute(_FORGET_EXPIRED, {"now": now})
    return taken
