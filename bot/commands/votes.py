"""``chipwire votes``: what people think of alerts, in a form that ``python -m classifiers label`` reads."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain import Alert
from bot.home import opened_store
from bot.settings import Settings
from bot.store.base import Store


@dataclass(frozen=True, slots=True)
class Judged:
    """An alert, and how many hold it for useful or for noise; who, is not told."""

    alert: Alert
    useful: int
    noise: int


async def show_votes(settings: Settings, *, days: int | None, as_json: bool) -> None:
    """Print the alerts that were voted on, the oldest first; with ``days``, only votes of so many days count."""
    since = None if days is None else datetime.now(UTC) - timedelta(days=days)
    async with opened_store(settings) as store:
        found = await judged(store, since)
    if as_json:
        sys.stdout.writelines(json.dumps(as_record(j), ensure_ascii=False) + "\n" for j in found)
        return
    console = Console(highlight=False)
    if not found:
        when = "yet" if days is None else f"in the last {days} days"
        console.print(f"Nobody voted {when}. The buttons stand under alerts in Slack and Telegram.", markup=False)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("useful", "noise", "score"):
        table.add_column(column, justify="right", no_wrap=True)
    for column in ("event", "status", "headline"):
        table.add_column(column, overflow="fold")
    for j in found:
        a = j.alert
        table.add_row(str(j.useful), str(j.noise), f"{a.chip_export:.2f}", a.event, a.status, Text(a.text))
    console.print(table)


async def judged(store: Store, since: datetime | None) -> list[Judged]:
    """The alerts with votes given since then, the oldest alert first."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for vote in await store.votes(since):
        counts[vote.alert_id][not vote.useful] += 1
    found = [
        Judged(alert, useful, noise)
        for alert_id, (useful, noise) in counts.items()
        if (alert := await store.alert(alert_id)) is not None
    ]
    return sorted(found, key=lambda j: (j.alert.created_at, j.alert.id))


def as_record(judged: Judged) -> dict[str, Any]:
    """As JSON values, named as in the training data where it has the same; ``score`` is what the model gave."""
    alert = judged.alert
    return {
        "id": alert.headline_id,
        "headline": alert.text,
        "published": alert.published_at.date().isoformat() if alert.published_at else None,
        "publisher": alert.publisher,
        "story": alert.story,
        "useful": judged.useful,
        "noise": judged.noise,
        "score": {
            "chip_export": round(alert.chip_export, 4),
            "market_moving": round(alert.market_moving, 4),
            "model": alert.model,
        },
        "event": alert.event.value,
        "status": alert.status.value,
        "tickers": alert.tickers,
    }
