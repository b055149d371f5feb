"""Stories that moved on after they were told, for tests of edits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain import Alert, Amendment, Destination, Receipt, Status, Story
from tests.fakes.alerts import SEEN, make_alert


def make_amendment(to: str, receipt: Receipt, alert: Alert | None = None, **changes: Any) -> Amendment:
    """A posted message whose story was confirmed by others 18 minutes later.

    Args:
        to: the destination.
        receipt: of the message.
        alert: what it told.
        changes: fields of the story as it stands now.
    """
    alert = alert or make_alert()
    values: dict[str, Any] = {
        "slug": alert.story,
        "event": alert.event,
        "status": Status.CONFIRMED,
        "urgency": alert.urgency,
        "topics": alert.topics,
        "first_headline_id": alert.headline_id,
        "first_text": alert.text,
        "latest_text": "China's commerce ministry clears H200 purchases",
        "fingerprints": frozenset({"f1", "f2"}),
        "companies": frozenset({"Nvidia", "Alibaba"}),
        "publishers": frozenset({"Example Wire", "Kite Wire", "Daily Chip"}),
        "documents": frozenset(),
        "count": 5,
        "created_at": SEEN,
        "updated_at": SEEN + timedelta(minutes=18),
    }
    return Amendment(Destination.parse(to), alert, receipt, Story(**(values | changes)))
