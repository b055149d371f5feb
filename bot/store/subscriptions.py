"""Transactions on who gets what, and on destinations that end or move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain import (
    Cap,
    Delay,
    DeliveryState,
    Destination,
    DigestPlan,
    Event,
    QuietHours,
    Sending,
    Status,
    Subscription,
    Tier,
    Topic,
    Urgency,
)
from bot.errors import StoreError
from bot.store import amendments, lines, mutes
from bot.store.codec import dump, load
from bot.store.decisions import number_deliveries
from bot.store.tables import PerDialect, attempts, database_now, deliveries, moves, readers, subscriptions

__all__ = ["active", "active_of", "add", "move", "remove", "replace", "resolve", "retire", "retire_team"]

_ACTIVE = (
    sa.select(subscriptions)
    .where(subscriptions.c.retired_at.is_(None))
    .order_by(subscriptions.c.created_at, subscriptions.c.position, subscriptions.c.id)
)
_ACTIVE_OF = _ACTIVE.where(subscriptions.c.destination == sa.bindparam("of_name"))
_KNOWN = sa.select(subscriptions.c.id, subscriptions.c.origin).where(
    subscriptions.c.id.in_(sa.bindparam("ids", expanding=True))
)
_OF_ORIGIN = sa.select(subscriptions.c.id).where(subscriptions.c.origin == sa.bindparam("of_origin"))
_REMOVE = sa.delete(subscriptions).where(subscriptions.c.id == sa.bindparam("subscription_id"))
_REPLACED = (
    "origin", "given", "destination", "topics", "tickers", "events", "min_urgency", "position",
    "statuses", "tiers", "include", "exclude", "quiet", "digest", "cap",
    "delay",
)  # fmt: skip


def _upsert(insert: Any, *, keep_retired: bool) -> sa.ClauseElement:
    statement = insert(subscriptions)
    changed = {name: statement.excluded[name] for name in _REPLACED}
    for name in ("retired_at", "retired_reason"):
        # Retired by the platform's word; only another destination text is news about that.
        same = subscriptions.c.given == statement.excluded.given
        changed[name] = sa.case((same, subscriptions.c[name]), else_=None) if keep_retired else None
    return statement.on_conflict_do_update(index_elements=[subscriptions.c.id], set_=changed)  # type: ignore[no-any-return]


_REPLACE = PerDialect(lambda insert: _upsert(insert, keep_retired=True))
_ADD = PerDialect(lambda insert: _upsert(insert, keep_retired=False))
_UNRETIRE = (
    sa.update(subscriptions)
    .where(subscriptions.c.destination == sa.bindparam("of_name"))
    .values(retired_at=None, retired_reason=None)
)
_RETIRE = (
    sa.update(subscriptions)
    .where(subscriptions.c.destination == sa.bindparam("of_name"), subscriptions.c.retired_at.is_(None))
    .values(retired_at=sa.bindparam("now"), retired_reason=sa.bindparam("why"))
)
_MOVE_SUBSCRIPTIONS = (
    sa.update(subscriptions)
    .where(subscriptions.c.destination == sa.bindparam("of_name"))
    .values(destination=sa.bindparam("to_name"))
)

_TARGET = sa.select(moves.c.target).where(moves.c.name == sa.bindparam("of_name"))
_FORGET_MOVE = sa.delete(moves).where(moves.c.name == sa.bindparam("of_name"))
_FOLLOW = sa.update(moves).where(moves.c.target == sa.bindparam("of_name")).values(target=sa.bindparam("to_name"))
_MOVE = PerDialect(
    lambda insert: (statement := insert(moves)).on_conflict_do_update(
        index_elements=[moves.c.name], set_={"target": statement.excluded.target}
    )
)

_OPEN_TO = sa.and_(deliveries.c.destination == sa.bindparam("of_name"), deliveries.c.closed_at.is_(None))
# In flight now: closed with its delivery. One whose lease ran out died, and stays without an end.
_END_ATTEMPTS = (
    sa.update(attempts)
    .where(
        attempts.c.ended_at.is_(None),
        sa.exists().where(
            _OPEN_TO,
            lines.message_id() == attempts.c.delivery_id,
            deliveries.c.attempts == attempts.c.number,
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.due_at > sa.bindparam("now"),
        ),
    )
    .values(
        ended_at=sa.bindparam("now", type_=attempts.c.ended_at.type), result=Sending.DEAD, error=sa.bindparam("why")
    )
)
_END_DELIVERIES = (
    sa.update(deliveries)
    .where(_OPEN_TO)
    .values(state=DeliveryState.DEAD, closed_at=sa.bindparam("now"), reason=sa.bindparam("why"))
)
_OPEN_IDS = (
    sa.select(deliveries.c.id, deliveries.c.alert_id).where(_OPEN_TO).order_by(deliveries.c.sequence).with_for_update()
)
_ALREADY_THERE = sa.select(deliveries.c.alert_id).where(
    deliveries.c.destination == sa.bindparam("to_name"),
    deliveries.c.alert_id.in_(sa.select(deliveries.c.alert_id).where(_OPEN_TO).scalar_subquery()),
)
_REDIRECT = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("delivery_id"))
    .values(destination=sa.bindparam("to_name"), sequence=sa.bindparam("number"))
)
_SUPERSEDE = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("delivery_id"))
    # What one message was to tell with it goes on without it.
    .values(state=DeliveryState.FILTERED, closed_at=database_now(), reason="moved", carrier=None)
)
_MOVE_READER = (
    sa.update(readers)
    .where(
        readers.c.destination == sa.bindparam("of_name"),
        ~sa.exists().where((_there := readers.alias("there")).c.destination == sa.bindparam("to_name")),
    )
    .values(destination=sa.bindparam("to_name"))
)


def _of_team(team: str) -> sa.CompoundSelect[Any]:
    """The destinations of a workspace that have a subscription or something open."""
    prefix = f"slack:{team}/"
    return sa.union(
        sa.select(subscriptions.c.destination).where(
            subscriptions.c.destination.startswith(prefix, autoescape=True), subscriptions.c.retired_at.is_(None)
        ),
        sa.select(deliveries.c.destination).where(
            deliveries.c.destination.startswith(prefix, autoescape=True), deliveries.c.closed_at.is_(None)
        ),
    )


def active(conn: sa.Connection) -> list[Subscription]:
    """See Store.subscriptions."""
    return [_subscription(row) for row in conn.execute(_ACTIVE)]


def active_of(conn: sa.Connection, destination: Destination) -> list[Subscription]:
    """See Store.subscriptions_of."""
    return [_subscription(row) for row in conn.execute(_ACTIVE_OF, {"of_name": str(resolve(conn, destination))})]


def _subscription(row: sa.Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        to=Destination.parse(row.destination),
        topics=load(frozenset[Topic], row.topics),
        tickers=load(frozenset[str], row.tickers),
        events=load(frozenset[Event], row.events),
        min_urgency=Urgency(row.min_urgency),
        origin=row.origin,
        statuses=load(frozenset[Status], row.statuses),
        tiers=load(frozenset[Tier], row.tiers),
        include=load(tuple[str, ...], row.include),
        exclude=load(tuple[str, ...], row.exclude),
        quiet=None if row.quiet is None else load(QuietHours, row.quiet),
        digest=None if row.digest is None else load(DigestPlan, row.digest),
        cap=None if row.cap is None else load(Cap, row.cap),
        delay=None if row.delay is None else load(Delay, row.delay),
    )


def replace(conn: sa.Connection, origin: str, wanted: Sequence[Subscription], now: datetime) -> None:
    """See Store.replace_subscriptions.

    Raises:
        StoreError: an id belongs to a subscription of another origin.
    """
    by_id = {subscription.id: subscription for subscription in wanted}  # a file may say the same thing twice
    ids = list(by_id)
    for row in conn.execute(_KNOWN, {"ids": ids}):
        if row.origin != origin:
            raise StoreError(f"the subscription id {row.id} is already taken by one of origin {row.origin}")
    gone = set(conn.execute(_OF_ORIGIN, {"of_origin": origin}).scalars()) - set(ids)
    if gone:
        conn.execute(_REMOVE, [{"subscription_id": subscription_id} for subscription_id in sorted(gone)])
    if by_id:
        rows = [_row(conn, s, now, origin=origin, position=n) for n, s in enumerate(by_id.values())]
        conn.execute(_REPLACE(conn), rows)


def add(conn: sa.Connection, subscription: Subscription, now: datetime) -> None:
    """See Store.add_subscription."""
    row = _row(conn, subscription, now, origin=subscription.origin, position=0)
    conn.execute(_UNRETIRE, {"of_name": row["destination"]})
    conn.execute(_ADD(conn), row)


def remove(conn: sa.Connection, subscription_id: str) -> bool:
    """See Store.remove_subscription."""
    return conn.execute(_REMOVE, {"subscription_id": subscription_id}).rowcount == 1


def retire(conn: sa.Connection, destination: Destination, *, reason: str, now: datetime) -> int:
    """See Store.retire_destination."""
    values = {"of_name": str(destination), "why": reason, "now": now}
    conn.execute(_END_ATTEMPTS, values)
    conn.execute(_RETIRE, values)
    amendments.give_up_all(conn, str(destination), reason=reason, now=now)
    return conn.execute(_END_DELIVERIES, values).rowcount


def retire_team(conn: sa.Connection, team: str, *, reason: str, now: datetime) -> int:
    """See Store.retire_team."""
    names = conn.execute(_of_team(team)).scalars().all()
    for name in names:
        retire(conn, Destination.parse(name), reason=reason, now=now)
    return len(names)


def resolve(conn: sa.Connection, destination: Destination) -> Destination:
    """See Store.resolve."""
    target = conn.execute(_TARGET, {"of_name": str(destination)}).scalar_one_or_none()
    return destination if target is None else Destination.parse(target)


def move(conn: sa.Connection, old: Destination, new: Destination) -> None:
    """See Store.move_destination.

    The open deliveries keep their order, behind those that the new destination already has. An alert that
    the new destination already has is not told there a second time.
    """
    name, target = str(old), str(new)
    if name == target:
        return
    both = {"of_name": name, "to_name": target}
    conn.execute(_FORGET_MOVE, {"of_name": target})  # it is final now, so that no chain becomes a circle
    conn.execute(_FOLLOW, both)
    conn.execute(_MOVE(conn), {"name": name, "target": target})
    conn.execute(_MOVE_SUBSCRIPTIONS, both)
    conn.execute(_MOVE_READER, both)
    mutes.follow(conn, name, target)
    rows = conn.execute(_OPEN_IDS, {"of_name": name}).all()
    there = set(conn.execute(_ALREADY_THERE, both).scalars())
    doubled = [{"delivery_id": row.id} for row in rows if row.alert_id in there]
    if doubled:
        conn.execute(_SUPERSEDE, doubled)
    redirected = [row.id for row in rows if row.alert_id not in there]
    if redirected:
        first = number_deliveries(conn, [target] * len(redirected))[target]
        conn.execute(
            _REDIRECT,
            [
                {"delivery_id": delivery_id, "to_name": target, "number": number}
                for number, delivery_id in enumerate(redirected, first)
            ],
        )
    amendments.move(conn, name, target)


def _row(
    conn: sa.Connection, subscription: Subscription, now: datetime, *, origin: str, position: int
) -> dict[str, Any]:
    return {
        "id": subscription.id,
        "origin": origin,
        "given": str(subscription.to),
        "destination": str(resolve(conn, subscription.to)),
        "topics": dump(subscription.topics),
        "tickers": dump(subscription.tickers),
        "events": dump(subscription.events),
        "min_urgency": subscription.min_urgency,
        "created_at": now,
        "position": position,
        "retired_at": None,
        "retired_reason": None,
        "statuses": dump(subscription.statuses),
        "tiers": dump(subscription.tiers),
        "include": dump(subscription.include),
        "exclude": dump(subscription.exclude),
        "quiet": None if subscription.quiet is None else dump(subscription.quiet),
        "digest": None if subscription.digest is None else dump(subscription.digest),
        "cap": None if subscription.cap is None else dump(subscription.cap),
        "delay": None if subscription.delay is None else dump(subscription.delay),
    }
