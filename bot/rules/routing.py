"""Who gets an alert, and if not, why not."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.domain import Alert, Destination, Subscription


class Filtered(StrEnum):
    """Why a subscription lets an alert pass by; the order is the order of the stages."""

    TOPIC = "topic"
    EVENT = "event"
    TICKER = "ticker"
    URGENCY = "urgency"


def filtered(alert: Alert, subscription: Subscription) -> Filtered | None:
    """The first stage that holds the alert back, or None when it is wanted."""
    if not alert.topics & subscription.topics:
        return Filtered.TOPIC
    if subscription.events and alert.event not in subscription.events:
        return Filtered.EVENT
    if subscription.tickers and not subscription.tickers & {m.ticker for m in alert.mentions if m.ticker}:
        return Filtered.TICKER
    if alert.urgency.rank < subscription.min_urgency.rank:
        return Filtered.URGENCY
    return None


def route(alert: Alert, subscriptions: Sequence[Subscription]) -> dict[Destination, Filtered | None]:
    """Each destination once, in the order of its first subscription.

    A destination with several subscriptions gets the alert when any of them wants it; otherwise the stage of
    the one that came furthest is named.
    """
    order = list(Filtered)
    result: dict[Destination, Filtered | None] = {}
    for subscription in subscriptions:
        stage = filtered(alert, subscription)
        if subscription.to not in result:
            result[subscription.to] = stage
            continue
        known = result[subscription.to]
        if stage is None or (known is not None and order.index(stage) > order.index(known)):
            result[subscription.to] = stage if known is not None else None
    return result
