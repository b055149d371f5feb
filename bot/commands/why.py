"""``chipwire why``: the way of one headline, stage by stage, for each destination."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.domain import DeliveryState, Destination
from bot.errors import BotError
from bot.home import opened_store
from bot.settings import Settings
from bot.store.base import LedgerAmendment, LedgerDelivery, Trail

_ARROWS = {1: "▲", -1: "▼", 0: "•"}


async def show_trail(id_or_url: str, settings: Settings, *, as_json: bool) -> None:
    """Print the trail of a headline.

    Raises:
        BotError: no headline of that id or address is known.
    """
    async with opened_store(settings) as store:
        trail = await store.trail(id_or_url)
    if trail is None:
        raise BotError(
            f"no headline known by {id_or_url!r}: give its id or the address of its page, as alerts show them"
        )
    trail = discreet(trail)
    if as_json:
        sys.stdout.write(json.dumps(plain(trail), ensure_ascii=False) + "\n")
        return
    _show(trail, Console(highlight=False))


def discreet(trail: Trail) -> Trail:
    """The trail with destinations as logs name them: of a webhook only the host, its path is often a secret."""
    return dataclasses.replace(
        trail,
        deliveries=[dataclasses.replace(d, destination=_label(d.destination)) for d in trail.deliveries],
        amendments=[dataclasses.replace(a, destination=_label(a.destination)) for a in trail.amendments],
    )


def _label(destination: str) -> str:
    return Destination.parse(destination).label


def plain(value: Any) -> Any:
    """A domain value as JSON values: dataclasses to objects, sets to sorted lists, times to ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _show(trail: Trail, console: Console) -> None:
    headline = trail.headline
    console.print(Text(headline.text, style="bold"))
    _stage(console, "id", headline.id)
    _stage(console, "source", f"{headline.source} · {headline.publisher} · {headline.tier.value}")
    _stage(console, "link", headline.url)
    seen = headline.first_seen_at
    if headline.published_at is not None:
        late = (seen - headline.published_at).total_seconds()
        _stage(console, "published", f"{_time(headline.published_at)}   seen {_time(seen)} ({late:+.1f} s)")
    else:
        _stage(console, "published", f"not stated by the source   seen {_time(seen)}")
    if trail.score is not None:
        s = trail.score
        _stage(
            console,
            "score",
            f"chip_export {s['chip_export']:.3f}   market_moving {s['market_moving']:.3f}   {s['event']}   "
            f"{s['status']}   by {s['model']}{'   (dropped by the gate)' if s.get('gated') else ''}",
        )
    if trail.mentions:
        named = [m for m in trail.mentions if m["primary"]]
        if named:
            _stage(console, "companies", "  ".join(map(_company, named)))
        for m in trail.mentions:
            if not m["primary"]:
                _stage(console, "exposed", f"{_company(m)}, {m['role']}: {m.get('reason') or 'inferred'}")
    if trail.outcome is None or trail.reason is None:
        _stage(console, "outcome", "none yet: it waits to be scored")
        return
    decided = f"   decided {_time(trail.decided_at)}" if trail.decided_at else ""
    _stage(console, "outcome", f"{trail.outcome.value}: {trail.reason.value.replace('_', ' ')}{decided}")
    if trail.story is not None:
        story = trail.story
        _stage(
            console,
            "story",
            f"{story.slug} ({story.count} headlines, {len(story.publishers)} publishers, {story.status.value})",
        )
    if trail.alert is not None:
        _stage(console, "urgency", trail.alert.urgency.value)
    for delivery in trail.deliveries:
        _show_delivery(console, delivery, trail)
    for amendment in trail.amendments:
        _stage(console, "edit", f"{amendment.destination}: {_edited(amendment)}")
    if trail.alert is not None and not trail.deliveries:
        _stage(console, "delivery", "none: nobody was subscribed")


def _show_delivery(console: Console, delivery: LedgerDelivery, trail: Trail) -> None:
    detail = delivery.state
    if delivery.state == DeliveryState.SENT and delivery.sent_at is not None:
        late = (delivery.sent_at - trail.headline.first_seen_at).total_seconds()
        detail = f"sent {_time(delivery.sent_at)} ({late:+.3f} s after it was seen)"
        if delivery.receipt is not None:
            detail += f", message {delivery.receipt.message_id}"
        if delivery.release_at is not None:
            detail += f", held until {_time(delivery.release_at)}"
    elif delivery.state == DeliveryState.HELD and delivery.release_at is not None:
        detail = f"held until {_time(delivery.release_at)}: {delivery.reason or 'no reason is known'}"
    elif delivery.next_attempt_at is not None:
        detail = f"{delivery.state}, next attempt {_time(delivery.next_attempt_at)}"
    elif delivery.reason:
        detail = f"{delivery.state}: {delivery.reason}"
    _stage(console, "delivery", f"{delivery.destination}: {detail}")
    for attempt in delivery.attempts:
        result = attempt.result.value.replace("_", " ") if attempt.result else "in flight, or its process died"
        error = f": {attempt.error}" if attempt.error else ""
        _stage(console, "", f"  attempt {attempt.number}, {_time(attempt.started_at)}: {result}{error}")


def _edited(amendment: LedgerAmendment) -> str:
    """What became of the edits of the story's first message at a destination."""
    said = []
    if amendment.edited_at is not None:
        times = "once" if amendment.edits == 1 else f"{amendment.edits} times"
        said.append(f"edited {times}, last {_time(amendment.edited_at)}")
    if amendment.given_up:
        said.append(f"given up: {amendment.error}")
    elif amendment.due_at is not None:
        tried = f" (attempt {amendment.attempts}: {amendment.error})" if amendment.error else ""
        said.append(f"next edit {_time(amendment.due_at)}{tried}")
    elif amendment.waits:
        said.append("edited when the message is sent")
    return "; ".join(said)


def _company(mention: Mapping[str, Any]) -> str:
    return f"{_ARROWS[int(mention['direction'])]} {mention['ticker'] or mention['company']}"


def _stage(console: Console, name: str, value: str) -> None:
    console.print(Text.assemble((f"  {name:<10} ", "dim"), value), soft_wrap=True)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d} UTC"
