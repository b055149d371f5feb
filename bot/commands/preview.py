"""``chipwire subscriptions preview``: whom a headline would reach now, and if not, why not."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.commands.subscriptions import everyone
from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import (
    Alert,
    Decision,
    Destination,
    DestinationKind,
    Mute,
    RawItem,
    SourceSpec,
    Subscription,
    Tier,
)
from bot.errors import BotError, ConfigError
from bot.exposure import load_exposure
from bot.home import opened_store
from bot.model import pick_classifier, pick_thresholds
from bot.poll import normalise
from bot.rules import caps
from bot.rules.routing import Routed, Step, route, walk
from bot.settings import Settings
from bot.subscriptions import make_subscription
from classifiers.api import Thresholds

_ARROWS = {1: "▲", -1: "▼", 0: "•"}


async def preview(text: str, settings: Settings, *, to: str | None, tier: str, as_json: bool) -> None:
    """Score a headline, let the desk judge it as a new story, and walk it to each subscription. Nothing is stored.

    Raises:
        ConfigError: no words, an unknown tier, or no destination.
        BotError: nobody subscribed that destination.
        ModelError: the model cannot be loaded.
    """
    if not text.strip():
        raise ConfigError("preview: no words; write the headline in quotes")
    if tier not in list(Tier):
        raise ConfigError(f"--source: unknown tier {tier!r}; known: {', '.join(Tier)}")
    now = datetime.now(UTC)
    async with opened_store(settings) as store:
        subscriptions = await everyone(settings, store)
        mutes = await store.mutes(now)
        told = await store.routed_times(now - caps.LONGEST)
    # With no subscription at all, a start tells the terminal.
    subscriptions = subscriptions or [make_subscription(Destination(DestinationKind.CONSOLE), origin="default")]
    if to is not None:
        subscriptions = _of(subscriptions, to)
    classifier = pick_classifier(settings)
    spec = SourceSpec("preview", "feed", "https://preview.example/", timedelta(minutes=1), "Preview", Tier(tier))
    headline = normalise(RawItem("preview", " ".join(text.split()), spec.url, now), spec, now)
    (score,) = classifier.score([headline.text], official=[headline.official])
    thresholds = pick_thresholds(settings, classifier)
    companies = load_companies(settings.companies)
    desk = Desk(companies, thresholds, exposure=load_exposure(companies, settings.exposure))
    decision = desk.decide(headline, score, (), now=now)
    if decision.alert is None:
        _not_told(headline.text, decision, thresholds, as_json=as_json)
        return
    if not as_json:
        _show_alert(decision.alert)
    for subscription in subscriptions:
        _show(decision.alert, subscription, mutes, told, now, as_json=as_json)
    if not as_json:
        _show_shared(route(decision.alert, subscriptions, mutes=mutes, told=told, now=now), subscriptions)


def _of(subscriptions: Sequence[Subscription], to: str) -> list[Subscription]:
    try:
        wanted = Destination.parse(to)
    except ValueError as error:
        raise ConfigError(f"--to: {error}") from error
    found = [s for s in subscriptions if s.to == wanted]
    if not found:
        known = ", ".join(dict.fromkeys(s.to.label for s in subscriptions))
        raise BotError(f"nobody subscribed {wanted.label}; subscribed are: {known}")
    return found


def _not_told(text: str, decision: Decision, thresholds: Thresholds, *, as_json: bool) -> None:
    score = decision.score
    assert score is not None
    if as_json:
        record: dict[str, Any] = {
            "headline": text,
            "result": "not_told",
            "reason": decision.reason.value,
            "chip_export": round(score.chip_export, 4),
            "market_moving": round(score.market_moving, 4),
        }
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(text, style="bold"))
    console.print(
        f"  nobody is told: {decision.reason.value}; chip_export {score.chip_export:.3f} (told from "
        f"{thresholds.chip_export:.3f}), market_moving {score.market_moving:.3f} (from {thresholds.market_moving:.3f})"
    )


def _show_alert(alert: Alert) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(alert.text, style="bold"))
    tickers = "  ".join(f"{_ARROWS[direction]} {ticker}" for ticker, direction in alert.tickers.items())
    words = [alert.urgency.value.upper(), ", ".join(sorted(alert.topics)), alert.event, alert.status, tickers]
    console.print(Text("  " + " · ".join(word for word in words if word)))


def _show(
    alert: Alert,
    subscription: Subscription,
    mutes: Sequence[Mute],
    told: Mapping[Destination, Sequence[datetime]],
    now: datetime,
    *,
    as_json: bool,
) -> None:
    steps = walk(alert, subscription, mutes=mutes, told=told.get(subscription.to, ()), now=now)
    routed = route(alert, [subscription], mutes=mutes, told=told, now=now)[subscription.to]
    if as_json:
        sys.stdout.write(json.dumps(_record(alert, subscription, routed, steps), ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    line = Text(f"\n{subscription.to.label}", style="bold")
    line.append(f"  {subscription.id}  ", style="dim")
    line.append(_summary(routed), style="green" if routed == Routed() else "yellow" if routed.hold else "red")
    console.print(line)
    for step in steps:
        mark = Text("  ✓ ", style="green") if step.passed else Text("  ✗ ", style="red")
        until = f" → until {step.release_at:%Y-%m-%d %H:%M} UTC" if step.release_at else ""
        console.print(mark.append(f"{step.stage:<9}", style="bold").append(f"{step.detail}{until}", style="default"))


def _show_shared(routes: Mapping[Destination, Routed], subscriptions: Sequence[Subscription]) -> None:
    """What the several subscriptions of one destination come to: the most generous decides."""
    places = [s.to for s in subscriptions]
    for destination, routed in routes.items():
        if places.count(destination) > 1:
            line = f"\n{destination.label}, all {places.count(destination)} together: {_summary(routed)}"
            Console(highlight=False, soft_wrap=True).print(Text(line, style="bold"))


def _summary(routed: Routed) -> str:
    if routed.stage is not None:
        return f"not told: {routed.stage}"
    if routed.hold is not None:
        return f"told at {routed.release_at:%Y-%m-%d %H:%M} UTC: held by {routed.hold}"
    return "told at once"


def _record(alert: Alert, subscription: Subscription, routed: Routed, steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "headline": alert.text,
        "id": subscription.id,
        "to": str(subscription.to),
        "result": "filtered" if routed.stage else "held" if routed.hold else "sent",
        "reason": routed.stage or routed.hold,
        "release_at": routed.release_at.isoformat() if routed.release_at else None,
        "urgency": alert.urgency,
        "steps": [
            {
                "stage": step.stage,
                "passed": step.passed,
                "detail": step.detail,
                "release_at": step.release_at.isoformat() if step.release_at else None,
            }
            for step in steps
        ],
    }
