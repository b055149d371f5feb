"""``chipwire sources``: list and check."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.clock import SystemClock
from bot.domain import RawItem, SourceSpec
from bot.errors import ConfigError, SourceError
from bot.home import opened_store
from bot.http import PoliteClient
from bot.settings import Settings
from bot.sources.base import Source
from bot.sources.catalog import load_catalog
from bot.sources.feed_parser import FeedParser
from bot.sources.registry import build_sources


@dataclass(frozen=True, slots=True)
class Checked:
    """What one poll of one source gave."""

    source: str
    items: int = 0
    newest: RawItem | None = None
    took_ms: int = 0
    error: str | None = None


async def list_sources(settings: Settings, *, as_json: bool) -> None:
    """Print the catalogue and what the store knows of each source.

    Raises:
        ConfigError: the catalogue cannot be used.
    """
    specs = load_catalog(settings.sources)
    async with opened_store(settings) as store:
        states = await store.source_states()
    if as_json:
        for spec in specs:
            state = states.get(spec.name)
            record = {
                "name": spec.name,
                "kind": spec.kind,
                "url": spec.url,
                "interval_s": spec.interval.total_seconds(),
                "publisher": spec.publisher,
                "tier": spec.tier.value,
                "last_ok_at": state.last_ok_at.isoformat() if state and state.last_ok_at else None,
                "failures": state.failures if state else 0,
                "error": state.last_error if state and state.failures else None,
            }
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("name", "tier", "kind", "every", "publisher", "last polls"):
        table.add_column(column, overflow="fold")
    now = datetime.now(UTC)
    for spec in specs:
        state = states.get(spec.name)
        if state is None or (state.last_ok_at is None and not state.failures):
            last = "not polled yet"
        elif state.failures:
            last = f"[red]failed {state.failures} times:[/] {state.last_error}"
        else:
            assert state.last_ok_at is not None, "no failure and polled means one success"
            last = f"ok {round((now - state.last_ok_at).total_seconds())} s ago"
        table.add_row(
            spec.name, spec.tier.value, spec.kind, f"{spec.interval.total_seconds():g} s", spec.publisher, last
        )
    Console(highlight=False).print(table)


async def check_sources(names: Sequence[str], settings: Settings, *, as_json: bool) -> bool:
    """Poll sources once and print what came; True when all answered.

    Raises:
        ConfigError: a name is not in the catalogue.
    """
    specs = pick(load_catalog(settings.sources), names)
    results = await check_all(specs, settings)
    if as_json:
        for r in results:
            newest = r.newest
            record = {
                "source": r.source,
                "items": r.items,
                "newest": newest.headline if newest else None,
                "published_at": newest.published_at.isoformat() if newest and newest.published_at else None,
                "took_ms": r.took_ms,
                "error": r.error,
            }
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    else:
        Console(highlight=False).print(table_of(results))
    return all(r.error is None for r in results)


def pick(specs: Sequence[SourceSpec], names: Sequence[str]) -> list[SourceSpec]:
    """The named sources, or all when none is named.

    Raises:
        ConfigError: a name is not in the catalogue.
    """
    by_name = {spec.name: spec for spec in specs}
    for name in names:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=1)
            raise ConfigError(f"no source {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return [by_name[name] for name in names] if names else list(specs)


async def check_all(specs: Sequence[SourceSpec], settings: Settings) -> list[Checked]:
    """Poll each source once, side by side, and store nothing."""
    clock = SystemClock()
    parser = FeedParser()
    with contextlib.closing(parser):
        async with PoliteClient(contact=settings.contact) as http, asyncio.TaskGroup() as tasks:
            sources = build_sources(specs, http, clock, parser)
            polls = [tasks.create_task(_check(source, clock)) for source in sources.values()]
    return [poll.result() for poll in polls]


async def _check(source: Source, clock: SystemClock) -> Checked:
    started = clock.monotonic()
    try:
        batch = await source.fetch({})
    except SourceError as error:
        return Checked(source.spec.name, took_ms=round((clock.monotonic() - started) * 1000), error=str(error))
    dated = [item for item in batch.items if item.published_at is not None]
    newest = max(dated, key=lambda i: i.published_at or datetime.min.replace(tzinfo=UTC), default=None)
    return Checked(
        source.spec.name,
        len(batch.items),
        newest or next(iter(batch.items), None),
        round((clock.monotonic() - started) * 1000),
    )


def table_of(results: Sequence[Checked]) -> Table:
    """A table of what polls gave."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("source", "", "items", "took", "newest, or what is wrong"):
        table.add_column(column, overflow="fold")
    for r in results:
        mark = "[green]ok[/]" if r.error is None else "[red]failed[/]"
        what = r.error if r.error is not None else (r.newest.headline if r.newest else "no items now")
        table.add_row(r.source, mark, str(r.items) if r.error is None else "", f"{r.took_ms} ms", escape(what))
    return table
