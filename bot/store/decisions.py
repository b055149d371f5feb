"""The transaction that ends headlines, all or nothing: score, story, alert, one delivery per destination, due edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain import Decision, Delivery, DeliveryState, Story
from bot.errors import StoreError
from bot.store import amendments
from bot.store.codec import dump, load
from bot.store.tables import PerDialect, alerts, deliveries, destinations, headlines, stories

__all__ = ["number_deliveries", "open_stories", "record"]

_OPEN = frozenset({DeliveryState.PENDING, DeliveryState.HELD})

# The row lock (PostgreSQL) keeps a second desk from ending the same headlines meanwhile; in id order, so
# that two desks cannot wait for each other.
_OUTCOMES = (
    sa.select(headlines.c.id, headlines.c.outcome)
    .where(headlines.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(headlines.c.id)
    .with_for_update()
)
_END = (
    sa.update(headlines)
    .where(headlines.c.id == sa.bindparam("headline_id"))
    .values({name: sa.bindparam(name) for name in ("outcome", "reason", "decided_at", "score", "mentions", "story")})
)
_STORY = PerDialect(
    lambda insert: (statement := insert(stories)).on_conflict_do_update(
        index_elements=[stories.c.slug],
        set_={
            "created_at": statement.excluded.created_at,
            "updated_at": statement.excluded.updated_at,
            "body": statement.excluded.body,
        },
    )
)
_ALERT = sa.insert(alerts)
_DELIVERY = sa.insert(deliveries)
_NUMBER = PerDialect(
    lambda insert: (statement := insert(destinations)).on_conflict_do_update(
        index_elements=[destinations.c.name],
        set_={"last_sequence": destinations.c.last_sequence + statement.excluded.last_sequence},
    )
)
_LAST_NUMBERS = sa.select(destinations.c.name, destinations.c.last_sequence).where(
    destinations.c.name.in_(sa.bindparam("names", expanding=True))
)
_OPEN_STORIES = (
    sa.select(stories.c.body)
    .where(stories.c.updated_at >= sa.bindparam("since"))
    .order_by(stories.c.created_at, stories.c.slug)
)


def record(conn: sa.Connection, decisions: Sequence[Decision]) -> None:
    """See Store.record_decisions.

    Raises:
        StoreError: a decision's headline was never saved.
    """
    if not decisions:
        return
    ids = list({decision.headline_id for decision in decisions})
    outcomes: dict[str, str | None] = {row.id: row.outcome for row in conn.execute(_OUTCOMES, {"ids": ids})}
    fresh = []
    for decision in decisions:
        if decision.headline_id not in outcomes:
            raise StoreError(f"no headline {decision.headline_id} was saved, so nothing can be decided about it")
        if outcomes[decision.headline_id] is None:
            outcomes[decision.headline_id] = decision.outcome
            fresh.append(decision)
    if fresh:
        _save(conn, fresh)


def _save(conn: sa.Connection, decisions: Sequence[Decision]) -> None:
    told = {decision.story.slug: decision.story for decision in decisions if decision.story is not None}
    if told:
        conn.execute(_STORY(conn), [_story_row(story) for story in told.values()])
    conn.execute(_END, [_end_row(decision) for decision in decisions])
    alert_rows = [
        {
            "id": decision.alert.id,
            "headline_id": decision.alert.headline_id,
            "story": decision.alert.story,
            "created_at": decision.alert.created_at,
            "body": dump(decision.alert),
        }
        for decision in decisions
        if decision.alert is not None
    ]
    if alert_rows:
        conn.execute(_ALERT, alert_rows)
    delivery_rows = [row for decision in decisions for row in _delivery_rows(decision)]
    if delivery_rows:
        following = number_deliveries(conn, (row["destination"] for row in delivery_rows))
        for row in delivery_rows:
            row["sequence"] = following[row["destination"]]
            following[row["destination"]] += 1
        conn.execute(_DELIVERY, delivery_rows)
    amendments.upsert(conn, decisions)


def number_deliveries(conn: sa.Connection, names: Iterable[str]) -> dict[str, int]:
    """Reserve one sequence number for each mention of a destination.

    The counter's row stays locked until the transaction ends, so that numbers become visible in their order.

    Args:
        conn: in a transaction.
        names: destinations in text form, with repeats, at least one.

    Returns:
        The first reserved number of each; the others follow it.
    """
    wanted = Counter(names)
    # In name order, so that two transactions cannot wait for each other.
    rows = [{"name": name, "last_sequence": wanted[name]} for name in sorted(wanted)]
    conn.execute(_NUMBER(conn), rows)
    last_numbers = conn.execute(_LAST_NUMBERS, {"names": list(wanted)})
    return {name: last - wanted[name] + 1 for name, last in last_numbers}


def open_stories(conn: sa.Connection, since: datetime) -> list[Story]:
    """See Store.open_stories."""
    return [load(Story, body) for body in conn.execute(_OPEN_STORIES, {"since": since}).scalars()]


def _story_row(story: Story) -> dict[str, Any]:
    return {
        "slug": story.slug,
        "created_at": story.created_at,
        "updated_at": story.updated_at,
        "body": dump(story),
    }


def _end_row(decision: Decision) -> dict[str, Any]:
    return {
        "headline_id": decision.headline_id,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "decided_at": decision.decided_at,
        "score": None if decision.score is None else dump(decision.score),
        "mentions": dump(decision.mentions) if decision.mentions else None,
        "story": None if decision.story is None else decision.story.slug,
    }


def _delivery_rows(decision: Decision) -> list[dict[str, Any]]:
    if decision.deliveries and decision.alert is None:
        raise StoreError(f"the decision about headline {decision.headline_id} has deliveries but no alert")
    return [
        {
            "id": delivery.id,
            "alert_id": decision.alert.id,
            "story": decision.alert.story,
            "destination": str(delivery.destination),
            "state": delivery.state,
            "reason": delivery.reason,
            "due_at": _release(delivery) or decision.decided_at,
            "closed_at": None if delivery.state in _OPEN else decision.decided_at,
            "attempts": 0,
            "release_at": _release(delivery),
            "rank": decision.alert.urgency.rank,
        }
        for delivery in decision.deliveries
        if decision.alert is not None
    ]


def _release(delivery: Delivery) -> datetime | None:
    return delivery.release_at if delivery.state is DeliveryState.HELD else None
