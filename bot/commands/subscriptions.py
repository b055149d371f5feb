"""``chipwire subscriptions``: list, add, remove, export, import."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain import Subscription, Urgency
from bot.errors import BotError, ConfigError
from bot.home import opened_store
from bot.rules.caps import format_cap
from bot.rules.delays import format_delay
from bot.rules.digests import format_digest
from bot.rules.quiet import format_quiet
from bot.settings import Settings
from bot.store.base import Store
from bot.subscriptions import (
    check_tokens,
    implied_subscriptions,
    parse_subscription,
    read_subscriptions,
    to_toml,
)

NOBODY = "No subscriptions: alerts on chip export go to the terminal. Add one with `chipwire subscriptions add`."


async def everyone(settings: Settings, store: Store) -> list[Subscription]:
    """Who gets what: of the store, and of the file and the settings as a start would read them.

    What of the file cannot be used is told on stderr, the others count.

    Raises:
        ConfigError: the subscriptions file cannot be read at all.
    """
    in_file: tuple[Subscription, ...] = ()
    if settings.subscriptions is not None:
        loaded = read_subscriptions(settings.subscriptions)
        in_file = loaded.subscriptions
        for problem in loaded.problems:
            Console(stderr=True, highlight=False, soft_wrap=True).print(problem, markup=False)
    by_person = [s for s in await store.subscriptions() if s.origin not in {"file", "settings", "default"}]
    return [*in_file, *implied_subscriptions(settings), *by_person]


async def list_subscriptions(settings: Settings, *, as_json: bool) -> None:
    """Print who gets what.

    Raises:
        ConfigError: the subscriptions file cannot be read.
    """
    async with opened_store(settings) as store:
        found = await everyone(settings, store)
    if as_json:
        for subscription in found:
            sys.stdout.write(json.dumps(as_record(subscription), ensure_ascii=False) + "\n")
        return
    console = Console(highlight=False)
    if not found:
        console.print(NOBODY)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("id", "to", "wants", "origin"):
        table.add_column(column, overflow="fold")
    for s in found:
        # As Text, because a pattern may look like markup.
        table.add_row(s.id, Text(s.to.label), Text("\n".join([*_wants(s), *_when(s)])), s.origin)
    console.print(table)


def _wants(s: Subscription) -> list[str]:
    """What may pass, a line each."""
    urgency = "" if s.min_urgency is Urgency.WATCH else f", from {s.min_urgency} on"
    wishes: dict[str, Sequence[str]] = {
        "tickers": sorted(s.tickers),
        "events": sorted(s.events),
        "statuses": sorted(s.statuses),
        "tiers": sorted(s.tiers),
        "with": s.include,
        "without": s.exclude,
    }
    narrowed = [f"{name}: {', '.join(values)}" for name, values in wishes.items() if values]
    return [", ".join(sorted(s.topics)) + urgency, *narrowed]


def _when(s: Subscription) -> list[str]:
    """What may delay an alert, a line each."""
    lines = []
    if s.digest is not None:
        lines.append(format_digest(s.digest) + ("" if s.digest.flash_breaks else ", flashes too"))
    if s.quiet is not None:
        lines.append(f"quiet {format_quiet(s.quiet)}" + ("" if s.quiet.flash_breaks else ", flashes too"))
    if s.cap is not None:
        lines.append(f"at most {format_cap(s.cap)}")
    if s.delay is not None:
        lines.append(f"later by {format_delay(s.delay)}")
    return lines


async def export_subscriptions(settings: Settings, *, as_json: bool) -> None:
    """Print all of them as a subscriptions.toml, whole webhook addresses included; JSON Lines on wish.

    Raises:
        ConfigError: the subscriptions file cannot be read.
    """
    async with opened_store(settings) as store:
        found = await everyone(settings, store)
    if as_json:
        sys.stdout.writelines(json.dumps(as_record(s), ensure_ascii=False) + "\n" for s in found)
    else:
        sys.stdout.write(to_toml(found) or f"# {NOBODY}\n")


async def import_subscriptions(path: Path, settings: Settings, *, as_json: bool) -> None:
    """Add those of a file as if each were added by command; one that cannot be used does not stop the others.

    Raises:
        ConfigError: with a line for each that could not be added; the others are.
    """
    loaded = read_subscriptions(path, origin="command")
    problems = list(loaded.problems)
    added, known = [], 0
    async with opened_store(settings) as store:
        wishes = {_wishes(s) for s in await everyone(settings, store)}
        for subscription in loaded.subscriptions:
            if _wishes(subscription) in wishes:
                known += 1
                continue
            try:
                check_tokens([subscription], settings, str(path))
            except ConfigError as error:
                problems += [line for line in str(error).splitlines() if line not in problems]
                continue
            await store.add_subscription(subscription, datetime.now(UTC))
            wishes.add(_wishes(subscription))
            added.append(subscription)
    if as_json:
        sys.stdout.writelines(json.dumps(as_record(s), ensure_ascii=False) + "\n" for s in added)
    else:
        there = f"; {known} were there already" if known else ""
        Console(highlight=False, soft_wrap=True).print(f"Added {len(added)} of {path}{there}", markup=False)
    if problems:
        raise ConfigError("\n".join(problems))


def _wishes(subscription: Subscription) -> Subscription:
    return replace(subscription, id="", origin="")


async def add_subscription(entry: Mapping[str, Any], settings: Settings, *, as_json: bool) -> None:
    """Add one by command.

    Raises:
        ConfigError: an option cannot be used, or the platform's token is not set.
    """
    subscription = parse_subscription(entry, origin="command")
    check_tokens([subscription], settings, "subscriptions add")
    async with opened_store(settings) as store:
        await store.add_subscription(subscription, datetime.now(UTC))
    if as_json:
        sys.stdout.write(json.dumps(as_record(subscription), ensure_ascii=False) + "\n")
    else:
        Console(highlight=False).print(f"Added {subscription.id}: {subscription.to}", markup=False)


async def remove_subscription(id_: str, settings: Settings, *, as_json: bool) -> None:
    """Remove one that a person added.

    Raises:
        ConfigError: it stands in the file or the settings, and must be removed there.
        BotError: there is none of that id.
    """
    in_file = read_subscriptions(settings.subscriptions).subscriptions if settings.subscriptions is not None else ()
    if any(s.id == id_ for s in in_file):
        raise ConfigError(f"{id_} stands in {settings.subscriptions}; remove it there and restart")
    if any(s.id == id_ for s in implied_subscriptions(settings)):
        raise ConfigError(f"{id_} comes from SLACK_CHANNELS or TELEGRAM_CHATS; remove it there and restart")
    async with opened_store(settings) as store:
        if not await store.remove_subscription(id_):
            raise BotError(f"no subscription {id_!r}; `chipwire subscriptions list` shows the ids")
    if as_json:
        sys.stdout.write(json.dumps({"removed": id_}) + "\n")
    else:
        Console(highlight=False).print(f"Removed {id_}")


def as_record(subscription: Subscription) -> dict[str, Any]:
    """A subscription as JSON, with the keys of subscriptions.toml."""
    s = subscription
    return {
        "id": s.id,
        "to": str(s.to),
        "topics": sorted(s.topics),
        "tickers": sorted(s.tickers),
        "events": sorted(s.events),
        "statuses": sorted(s.statuses),
        "tiers": sorted(s.tiers),
        "include": list(s.include),
        "exclude": list(s.exclude),
        "min_urgency": s.min_urgency.value,
        "quiet": format_quiet(s.quiet) if s.quiet else None,
        "quiet_flash": s.quiet.flash_breaks if s.quiet else None,
        "digest": format_digest(s.digest) if s.digest else None,
        "digest_flash": s.digest.flash_breaks if s.digest else None,
        "cap": format_cap(s.cap) if s.cap else None,
        "delay": format_delay(s.delay) if s.delay else None,
        "origin": s.origin,
    }
