"""``chipwire mutes``: what nobody, or one destination, wants to hear for a while."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain import Destination, Mute, MuteKind
from bot.errors import BotError, ConfigError
from bot.home import opened_store
from bot.rules.muting import make_mute, parse_length
from bot.settings import Settings


async def list_mutes(settings: Settings, *, as_json: bool) -> None:
    """Print the mutes that have not expired."""
    async with opened_store(settings) as store:
        found = await store.mutes(datetime.now(UTC))
    if as_json:
        for mute in found:
            _print_json(as_record(mute))
        return
    console = Console(highlight=False)
    if not found:
        console.print("Nothing is muted. Mute with `chipwire mutes add ticker NVDA --for 1d`.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("id", "mutes", "for", "until (UTC)"):
        table.add_column(column, overflow="fold")
    for mute in sorted(found, key=lambda m: (m.until, m.id)):
        whom = mute.to.label if mute.to else "everybody"
        table.add_row(mute.id, Text(f"{mute.kind} {mute.value}"), Text(whom), f"{mute.until:%d %b %Y %H:%M}")
    console.print(table)


async def add_mute(kind: str, value: str, settings: Settings, *, length: str, to: str | None, as_json: bool) -> None:
    """Mute a story, a ticker or a source from now on.

    Raises:
        ConfigError: an unknown kind, no value, no length of time, or no destination.
    """
    if kind not in list(MuteKind):
        raise ConfigError(f"mutes add: unknown kind {kind!r}; known: {', '.join(MuteKind)}")
    if not value.strip():
        raise ConfigError(f"mutes add: which {kind}? name it after the kind")
    try:
        whom = Destination.parse(to) if to is not None else None
    except ValueError as error:
        raise ConfigError(f"--to: {error}") from error
    now = datetime.now(UTC)
    try:
        mute = make_mute(whom, MuteKind(kind), value, length=parse_length(length), now=now)
    except ValueError as error:
        raise ConfigError(f"--for: {error}") from error
    async with opened_store(settings) as store:
        await store.add_mute(mute, now)
    if as_json:
        _print_json(as_record(mute))
        return
    Console(highlight=False).print(
        f"Muted {kind} {mute.value} for {whom.label if whom else 'everybody'} until {mute.until:%d %b %Y %H:%M} UTC. "
        f"End it sooner with `chipwire mutes remove {mute.id}`.",
        markup=False,
    )


async def remove_mute(id_: str, settings: Settings, *, as_json: bool) -> None:
    """End a mute.

    Raises:
        BotError: there is none of this id.
    """
    async with opened_store(settings) as store:
        if not await store.remove_mute(id_):
            raise BotError(f"no mute has the id {id_!r}; `chipwire mutes list` shows them")
    if as_json:
        _print_json({"removed": id_})
    else:
        Console(highlight=False).print(f"Removed {id_}.", markup=False)


def as_record(mute: Mute) -> dict[str, Any]:
    """As JSON values."""
    return {
        "id": mute.id,
        "kind": mute.kind.value,
        "value": mute.value,
        "to": str(mute.to) if mute.to else None,
        "until": mute.until.isoformat(),
    }


def _print_json(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
