"""Transactions on readers: how a destination wants to be spoken to, what is kept of a person, and its end."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.domain import Destination, DestinationKind, Reader
from bot.store import subscriptions
from bot.store.codec import load
from bot.store.tables import (
    PerDialect,
    amendments,
    attempts,
    deliveries,
    destinations,
    moves,
    mutes,
    readers,
    votes,
)
from bot.store.tables import subscriptions as subscriptions_table

__all__ = ["find", "forget", "personal", "save"]

_FIND = sa.select(readers).where(readers.c.destination == sa.bindparam("here"))
_SAVE = PerDialect(
    lambda insert: (statement := insert(readers)).on_conflict_do_update(
        index_elements=[readers.c.destination],
        set_={name: statement.excluded[name] for name in ("language", "preview", "owner")},
    )
)
_OWNED = sa.select(readers).where(readers.c.owner == sa.bindparam("person")).order_by(readers.c.destination)
_VOTES = sa.select(votes).where(votes.c.person == sa.bindparam("person")).order_by(votes.c.at, votes.c.alert_id)
_IN_THEIR_CHATS: sa.BindParameter[list[str]] = sa.bindparam("chats", expanding=True)
_SUBSCRIPTIONS = (
    sa.select(subscriptions_table)
    .where(subscriptions_table.c.destination.in_(_IN_THEIR_CHATS))
    .order_by(subscriptions_table.c.created_at, subscriptions_table.c.position, subscriptions_table.c.id)
)
_MUTES = sa.select(mutes).where(mutes.c.destination.in_(_IN_THEIR_CHATS)).order_by(mutes.c.created_at, mutes.c.id)

_FORGET_VOTES = sa.delete(votes).where(votes.c.person == sa.bindparam("person"))
_DISOWN = sa.update(readers).where(readers.c.owner == sa.bindparam("person")).values(owner=None)
_OF_CHAT = sa.select(deliveries.c.id).where(deliveries.c.destination == sa.bindparam("here")).scalar_subquery()
# What refers to another row goes before it.
_FORGET_CHAT = (
    sa.delete(attempts).where(attempts.c.delivery_id.in_(_OF_CHAT)),
    sa.delete(deliveries).where(deliveries.c.destination == sa.bindparam("here")),
    sa.delete(destinations).where(destinations.c.name == sa.bindparam("here")),
    sa.delete(amendments).where(amendments.c.destination == sa.bindparam("here")),
    sa.delete(subscriptions_table).where(subscriptions_table.c.destination == sa.bindparam("here")),
    sa.delete(mutes).where(mutes.c.destination == sa.bindparam("here")),
    sa.delete(readers).where(readers.c.destination == sa.bindparam("here")),
    sa.delete(moves).where(sa.or_(moves.c.name == sa.bindparam("here"), moves.c.target == sa.bindparam("here"))),
)


def find(conn: sa.Connection, destination: Destination) -> Reader:
    """See Store.reader."""
    to = subscriptions.resolve(conn, destination)
    row = conn.execute(_FIND, {"here": str(to)}).one_or_none()
    return Reader(to) if row is None else Reader(to, row.language, row.preview, row.owner)


def save(conn: sa.Connection, reader: Reader) -> None:
    """See Store.set_reader."""
    row = {
        "destination": str(subscriptions.resolve(conn, reader.to)),
        "language": reader.language,
        "preview": reader.preview,
        "owner": reader.owner,
    }
    conn.execute(_SAVE(conn), row)


def personal(conn: sa.Connection, person: str) -> dict[str, Any]:
    """See Store.person_data."""
    owned = conn.execute(_OWNED, {"person": person}).all()
    chats = [person, *(row.destination for row in owned if _is_private(row.destination))]
    return {
        "person": person,
        "votes": [
            {"alert": row.alert_id, "useful": row.useful, "at": row.at.isoformat()}
            for row in conn.execute(_VOTES, {"person": person})
        ],
        "set_up": [{"to": row.destination, "language": row.language, "preview": row.preview} for row in owned],
        "subscriptions": [_plain(row) for row in conn.execute(_SUBSCRIPTIONS, {"chats": chats})],
        "mutes": [
            {"to": row.destination, "kind": row.kind, "value": row.value, "until": row.until.isoformat()}
            for row in conn.execute(_MUTES, {"chats": chats})
        ],
    }


def forget(conn: sa.Connection, person: str, private: Destination | None) -> int:
    """See Store.forget_person."""
    key = {"person": person}
    rows = conn.execute(_FORGET_VOTES, key).rowcount
    if private is not None:
        here = str(subscriptions.resolve(conn, private))
        rows += sum(conn.execute(statement, {"here": here}).rowcount for statement in _FORGET_CHAT)
    return rows + conn.execute(_DISOWN, key).rowcount


def _is_private(name: str) -> bool:
    """Whether a destination that a person set up is their direct messages in Slack: ``slack:D…``, ``slack:T…/D…``.
    In Telegram the private chat is the person."""
    to = Destination.parse(name)
    return to.kind is DestinationKind.SLACK and to.address.rpartition("/")[2].startswith("D")


def _plain(row: sa.Row[Any]) -> dict[str, Any]:
    """A subscription, as JSON values."""
    lists = ("topics", "tickers", "events", "statuses", "tiers", "include", "exclude")
    nested = ("quiet", "digest", "cap", "delay")
    return {
        "id": row.id,
        "to": row.destination,
        "origin": row.origin,
        "min_urgency": row.min_urgency,
        "created_at": row.created_at.isoformat(),
        **{name: load(list, getattr(row, name)) for name in lists},
        **{name: None if getattr(row, name) is None else load(dict, getattr(row, name)) for name in nested},
    }
