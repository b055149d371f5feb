"""``chipwire replay``: an archive through the path on a simulated clock: records, a summary, or two side by side."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from bot.app import make_desk
from bot.config import Config, load_config
from bot.domain import Destination, DestinationKind, Outcome, Urgency
from bot.errors import BotError
from bot.model import pick_classifier
from bot.replay import (
    Archived,
    Played,
    Summary,
    differences,
    embed_told,
    play,
    quantile,
    read_archive,
    score_archive,
    summarise,
    told_to,
)
from bot.settings import Settings, environment, load_settings
from bot.subscriptions import implied_subscriptions, make_subscription
from classifiers.api import Classifier, Score

SHOWN = 20  # differing headlines, in the summary for people
LOUD = 10  # flashes, likewise
OUTCOMES = {Outcome.ALERT: "alerts", Outcome.UPDATE: "updates", Outcome.REPEAT: "repeats", Outcome.SPIKE: "spikes"}


@dataclass(frozen=True, slots=True)
class Scored:
    """An archive and what one model says of it."""

    archive: list[Archived]
    classifier: Classifier
    scores: list[Score]
    took_s: float


@dataclass(frozen=True, slots=True)
class Replay:
    """One configuration's run over an archive."""

    name: str
    scored: Scored
    played: list[Played]
    summary: Summary
    deciding_s: float


def replay_file(path: Path, settings: Settings, *, compare: Path | None, as_json: bool) -> None:
    """Replay an archive and print its records, or a summary.

    Args:
        path: the archive, JSON Lines.
        settings: model, thresholds, companies, exposure and subscriptions.
        compare: an ``.env`` file whose settings win over these in a second run.
        as_json: print records in place of the summary; with ``compare``, those that differ.

    Raises:
        BotError: the archive or a configuration cannot be used.
        ModelError: a model cannot be loaded.
    """
    others: Settings | None = None
    if compare is not None:  # before minutes of work
        if not compare.is_file():
            raise BotError(f"--compare: {compare}: no such file; write settings as in .env.example")
        others = load_settings(environment(), compare, file_wins=True)
    config = load_config(settings, sends=False)
    other_config = None if others is None else load_config(others, sends=False)
    console = Console(stderr=True, highlight=False)
    scored = _score(path, settings, config, console)
    one = _play("these settings", settings, config, scored, console)
    if compare is None or others is None or other_config is None:
        if as_json:
            _print_records(played.record() for played in one.played)
        else:
            _show([one])
        return
    again = read_archive(path, {spec.name: spec for spec in other_config.specs})
    if others.model != settings.model or again != scored.archive:
        scored = _score(path, others, other_config, console)
    other = _play(compare.name, others, other_config, scored, console)
    pairs = list(differences(one.played, other.played))
    if as_json:
        _print_records(
            {"id": a.archived.id, "headline": a.archived.headline.text, "a": _side(a), "b": _side(b)} for a, b in pairs
        )
        return
    _show([one, other])
    _show_differences(pairs)


def _score(path: Path, settings: Settings, config: Config, console: Console) -> Scored:
    archive = read_archive(path, {spec.name: spec for spec in config.specs})
    classifier = pick_classifier(settings)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("scoring", total=len(archive))
        started = time.perf_counter()
        scores = score_archive(archive, classifier, progress=lambda n: progress.advance(task, n))
        took_s = time.perf_counter() - started
    return Scored(archive, classifier, scores, took_s)


def _play(name: str, settings: Settings, config: Config, scored: Scored, console: Console) -> Replay:
    subscriptions = (*config.subscriptions, *implied_subscriptions(settings)) or (
        make_subscription(Destination(DestinationKind.CONSOLE), origin="default"),
    )
    desk = make_desk(settings, config, scored.classifier)
    desk.embed = embed_told(scored.archive, scored.scores, scored.classifier, desk.thresholds)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        started = time.perf_counter()
        played = list(
            progress.track(
                play(scored.archive, scored.scores, desk, subscriptions),
                total=len(scored.archive), description="deciding",
            )
        )  # fmt: skip
        deciding_s = time.perf_counter() - started
    return Replay(name, scored, played, summarise(played), deciding_s)


def _side(played: Played) -> dict[str, Any]:
    return played.record() | {"to": told_to(played.decision)}


def _print_records(records: Iterable[dict[str, Any]]) -> None:
    for record in records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _show(runs: Sequence[Replay]) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, show_header=len(runs) > 1)
    table.add_column("")
    for run in runs:
        table.add_column(run.name, justify="right")

    def row(label: str, values: Sequence[str], *, dim: bool = False) -> None:
        table.add_row(Text(label, style="dim" if dim else ""), *(Text(v, style="dim" if dim else "") for v in values))

    summaries = [run.summary for run in runs]
    first, last = summaries[0].first, summaries[0].last
    assert first is not None, "an empty archive is refused"
    assert last is not None
    row("headlines", [f"{s.headlines:,}" for s in summaries])
    for outcome, name in OUTCOMES.items():
        row(name, [f"{s.count(outcome):,}" for s in summaries])
        for reason in sorted({reason for s in summaries for known, reason in s.outcomes if known == outcome}):
            row(f"  {reason.replace('_', ' ')}", [f"{s.outcomes[outcome, reason]:,}" for s in summaries], dim=True)
    row("alerts a day", [f"{s.count(Outcome.ALERT) / s.days:.1f}" for s in summaries])
    row("updates a day", [f"{s.count(Outcome.UPDATE) / s.days:.1f}" for s in summaries])
    for level in reversed(Urgency):
        row(f"  as {level}", [f"{s.urgencies[level] / s.days:.1f}" for s in summaries], dim=True)
    for name in sorted({name for s in summaries for name in s.deliveries}):
        ends = [s.deliveries.get(name, Counter[str]()) for s in summaries]
        row(f"to {name}", [f"{e['sent']:,}" for e in ends])
        for end in sorted({end for e in ends for end in e} - {"sent"}):
            row(f"  {end}", [f"{e[end]:,}" for e in ends], dim=True)
    waits = [sorted(s.published_to_seen_s) for s in summaries]
    if waits[0]:
        row("published to seen", [f"median {quantile(w, 0.5):,.0f} s, p95 {quantile(w, 0.95):,.0f} s" for w in waits])
    days = [f"{day:%d %b %Y}" for day in (first, last)]
    console.rule(f"[bold]{' to '.join(dict.fromkeys(days))}[/]")
    console.print(table)
    if len(runs) == 1:
        _show_flashes(runs[0].played, console)
    for run in runs:
        rate = run.summary.headlines / max(run.deciding_s, 1e-9)
        console.print(
            Text(
                f"{run.name}: scored by {run.scored.classifier.name} in {run.scored.took_s:.1f} s, "
                f"decided in {run.deciding_s:.1f} s ({rate:,.0f} headlines/s)",
                style="dim",
            )
        )


def _show_flashes(played: Sequence[Played], console: Console) -> None:
    flashes = [p for p in played if p.decision.alert is not None and p.decision.alert.urgency is Urgency.FLASH]
    for one in flashes[:LOUD]:
        when = f"{one.archived.headline.first_seen_at:%d %b %H:%M}"
        line = Text.assemble((f"flash {when}  ", "bold"), one.archived.headline.text)
        console.print(line, overflow="ellipsis", no_wrap=True)
    if len(flashes) > LOUD:
        console.print(f"… and {len(flashes) - LOUD:,} more flashes; --json prints all records")


def _show_differences(pairs: Sequence[tuple[Played, Played]]) -> None:
    console = Console(highlight=False)
    console.print(f"{len(pairs):,} headlines end differently" if len(pairs) != 1 else "1 headline ends differently")
    for a, b in pairs[:SHOWN]:
        line = Text.assemble((f"  {_end(a)} → {_end(b)}  ", "bold"), a.archived.headline.text)
        console.print(line, overflow="ellipsis", no_wrap=True)
    if len(pairs) > SHOWN:
        console.print(f"  … and {len(pairs) - SHOWN:,} more; --json prints all")


def _end(played: Played) -> str:
    decision = played.decision
    reason = decision.reason.value.replace("_", " ")
    if decision.alert is None:
        return f"{decision.outcome}, {reason}"
    return f"{decision.alert.urgency}, {reason}, to {', '.join(told_to(decision)) or 'nobody'}"
