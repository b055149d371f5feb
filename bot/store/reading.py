"""Read-only transactions: what ``why``, the web page, health and reports ask."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain import Alert, DeliveryState, Destination, Outcome, Reason, Receipt, Sending, Story
from bot.store import amendments
from bot.store.codec import dump, load
from bot.store.headlines import COLUMNS, to_headline
from bot.store.ledger import LedgerAttempt, LedgerDelivery, Trail
from bot.store.lines import message_id
from bot.store.tables import alerts, attempts, deliveries, headlines, stories

__all__ = ["alert", "backlog", "held_alerts", "outcome_counts", "recent_alerts", "story", "trail"]

_TRAIL_COLUMNS = (
    *COLUMNS,
    headlines.c.outcome,
    headlines.c.reason,
    headlines.c.decided_at,
    headlines.c.score,
    headlines.c.mentions,
    headlines.c.story,
)
_BY_ID = sa.select(*_TRAIL_COLUMNS).where(headlines.c.id == sa.bindparam("wanted"))
_BY_URL = (
    sa.select(*_TRAIL_COLUMNS)
    .where(sa.or_(headlines.c.url == sa.bindparam("wanted"), headlines.c.canonical_url == sa.bindparam("wanted")))
    .order_by(headlines.c.first_seen_at, headlines.c.id)
    .limit(1)
)
_STORY = sa.select(stories.c.body).where(stories.c.slug == sa.bindparam("wanted"))
_ALERT = sa.select(alerts.c.body).where(alerts.c.id == sa.bindparam("wanted"))
_ALERT_OF = sa.select(alerts.c.body).where(alerts.c.headline_id == sa.bindparam("wanted"))
_DELIVERIES_OF = (
    sa.select(deliveries).where(deliveries.c.alert_id == sa.bindparam("wanted")).order_by(deliveries.c.destination)
)
_ATTEMPTS_OF = (
    sa.select(deliveries.c.id.label("of_delivery"), attempts)
    .join(deliveries, message_id() == attempts.c.delivery_id)
    .where(deliveries.c.alert_id == sa.bindparam("wanted"))
    .order_by(attempts.c.delivery_id, attempts.c.number)
)
_ALERTS_OF_STORY = (
    sa.select(alerts.c.body).where(alerts.c.story == sa.bindparam("wanted")).order_by(alerts.c.created_at, alerts.c.id)
)
_RECENT = (
    sa.select(alerts.c.body)
    .order_by(alerts.c.created_at.desc(), alerts.c.id.desc())
    .limit(sa.bindparam("how_many", type_=sa.Integer))
)
_HELD = (
    sa.select(alerts.c.body, deliveries.c.release_at)
    .join(alerts, alerts.c.id == deliveries.c.alert_id)
    .where(
        deliveries.c.destination == sa.bindparam("here"),
        deliveries.c.closed_at.is_(None),
        deliveries.c.state == DeliveryState.HELD,
    )
    .order_by(deliveries.c.release_at, deliveries.c.sequence)
)
_OUTCOMES = (
    sa.select(headlines.c.outcome, headlines.c.reason, sa.func.count())
    .where(headlines.c.decided_at >= sa.bindparam("since"))
    .group_by(headlines.c.outcome, headlines.c.reason)
)

# Each counts along a partial index, whose condition it repeats literally.
_UNSCORED = sa.select(sa.func.count()).select_from(headlines).where(headlines.c.outcome.is_(None))
_OPEN = (
    sa.select(deliveries.c.state, sa.func.count()).where(deliveries.c.closed_at.is_(None)).group_by(deliveries.c.state)
)
_DEAD = sa.select(sa.func.count()).select_from(deliveries).where(sa.text("state = 'dead'"))
_SENT = sa.select(sa.func.count()).select_from(deliveries).where(deliveries.c.sent_at.is_not(None))


def backlog(conn: sa.Connection) -> dict[str, int]:
    """See Store.backlog."""
    open_ones = {state: count for state, count in conn.execute(_OPEN)}  # noqa: C416 - dict() of rows does not type
    return {
        "unscored": conn.execute(_UNSCORED).scalar_one(),
        "pending": open_ones.get(DeliveryState.PENDING, 0),
        "held": open_ones.get(DeliveryState.HELD, 0),
        "sending": open_ones.get(DeliveryState.SENDING, 0),
        "dead": conn.execute(_DEAD).scalar_one(),
        "sent": conn.execute(_SENT).scalar_one(),
    }


def trail(conn: sa.Connection, id_or_url: str) -> Trail | None:
    """See Store.trail."""
    wanted = {"wanted": id_or_url}
    row = conn.execute(_BY_ID, wanted).one_or_none() or conn.execute(_BY_URL, wanted).one_or_none()
    if row is None:
        return None
    body = conn.execute(_ALERT_OF, {"wanted": row.id}).scalar_one_or_none()
    told = None if body is None else load(Alert, body)
    return Trail(
        headline=to_headline(row),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        reason=None if row.reason is None else Reason(row.reason),
        decided_at=row.decided_at,
        score=None if row.score is None else json.loads(row.score),
        mentions=() if row.mentions is None else tuple(json.loads(row.mentions)),
        story=None if row.story is None else _story(conn, row.story),
        alert=told,
        deliveries=() if told is None else _ledger(conn, told.id),
        amendments=() if told is None else amendments.ledger(conn, told.story),
    )


def recent_alerts(conn: sa.Connection, limit: int, before: datetime | None, ticker: str | None) -> list[Alert]:
    """See Store.recent_alerts."""
    statement = _RECENT
    if before is not None:
        statement = statement.where(alerts.c.created_at < before)
    if ticker is not None:
        # The JSON has no space in it, and a quote within a text is escaped: this is found in mentions alone.
        statement = statement.where(alerts.c.body.contains(f'"ticker":{dump(ticker)}', autoescape=True))
    return [load(Alert, body) for body in conn.execute(statement, {"how_many": limit}).scalars()]


def alert(conn: sa.Connection, alert_id: str) -> Alert | None:
    """See Store.alert."""
    body = conn.execute(_ALERT, {"wanted": alert_id}).scalar_one_or_none()
    return None if body is None else load(Alert, body)


def held_alerts(conn: sa.Connection, destination: Destination) -> list[tuple[Alert, datetime]]:
    """See Store.held_alerts."""
    return [(load(Alert, row.body), row.release_at) for row in conn.execute(_HELD, {"here": str(destination)})]


def story(conn: sa.Connection, slug: str) -> tuple[Story, list[Alert]] | None:
    """See Store.story."""
    found = _story(conn, slug)
    if found is None:
        return None
    return found, [load(Alert, body) for body in conn.execute(_ALERTS_OF_STORY, {"wanted": slug}).scalars()]


def outcome_counts(conn: sa.Connection, since: datetime) -> dict[tuple[str, str], int]:
    """See Store.outcome_counts."""
    return {(outcome, reason): count for outcome, reason, count in conn.execute(_OUTCOMES, {"since": since})}


def _story(conn: sa.Connection, slug: str) -> Story | None:
    body = conn.execute(_STORY, {"wanted": slug}).scalar_one_or_none()
    return None if body is None else load(Story, body)


def _ledger(conn: sa.Connection, alert_id: str) -> tuple[LedgerDelivery, ...]:
    tried: defaultdict[str, list[LedgerAttempt]] = defaultdict(list)
    for row in conn.execute(_ATTEMPTS_OF, {"wanted": alert_id}):
        tried[row.of_delivery].append(_attempt(row))
    return tuple(
        LedgerDelivery(
            id=row.id,
            destination=row.destination,
            state=row.state,
            reason=row.reason,
            next_attempt_at=row.due_at if row.state == DeliveryState.PENDING else None,
            sent_at=row.sent_at,
            receipt=None if row.receipt is None else load(Receipt, row.receipt),
            attempts=tuple(tried[row.id]),
            release_at=row.release_at,
        )
        for row in conn.execute(_DELIVERIES_OF, {"wanted": alert_id})
    )


def _attempt(row: sa.Row[Any]) -> LedgerAttempt:
    return LedgerAttempt(
        number=row.number,
        started_at=row.started_at,
        ended_at=row.ended_at,
        result=None if row.result is None else Sending(row.result),
        error=row.error,
    )
