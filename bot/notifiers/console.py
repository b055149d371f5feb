"""Alerts on the terminal: a card on stdout, for a first run without any token."""

from __future__ import annotations

import asyncio
import io
import sys
from datetime import timedelta
from typing import TextIO

from rich.box import ROUNDED
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.clock import Clock
from bot.domain import Alert, Claim, Destination, DestinationKind, Receipt, Urgency
from bot.errors import NotifyError
from bot.notifiers.base import Message, Rate
from bot.notifiers.card import Card, Tag, card_of, plain_lines, sent_note

RATE = Rate(burst=1_000, interval=timedelta(milliseconds=1))  # a terminal has no limit
MAX_WIDTH = 100  # lines longer than this are hard to read
BOXLESS_BELOW = 40  # on a narrower terminal the box would cost more than it gives
_FRAME = 4  # columns that the box and its padding take
_LOUDNESS = {Urgency.FLASH: "bold white on red", Urgency.ALERT: "bold yellow", Urgency.WATCH: "cyan"}
_BORDERS = {Urgency.FLASH: "red", Urgency.ALERT: "yellow", Urgency.WATCH: "cyan"}
_DIRECTIONS = {1: "bold green", -1: "bold red", 0: "bold"}


class ConsoleNotifier:
    """Writes a card for each alert; colour only on a terminal."""

    kind = DestinationKind.CONSOLE

    def __init__(self, clock: Clock, *, stream: TextIO | None = None, width: int | None = None) -> None:
        """Write to ``stream`` (stdout at the moment of writing when None), ``width`` columns wide at most."""
        self._clock = clock
        self._stream = stream
        self._width = width

    def rate(self, destination: Destination) -> Rate:
        """See Notifier."""
        del destination
        return RATE

    def render(self, alert: Alert) -> Message:
        """See Notifier."""
        card = card_of(alert)
        return Message("\n".join([*plain_lines(card), card.timing]), {"card": card})

    async def check(self) -> str:
        """See Notifier."""
        stream = self._stream or sys.stdout
        return "terminal" if stream.isatty() else "standard output, not a terminal: no colour"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier."""
        now = self._clock.now()
        card: Card = message.payload["card"]
        try:
            # A reader that has stopped reading (a pager) blocks the write; it must not stop the loop.
            await asyncio.to_thread(self._write, card, card.timing + sent_note(claim.alert, now))
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise NotifyError(
                f"cannot write to standard output: {error}", destination=str(claim.destination), permanent=True
            ) from error
        return Receipt(claim.delivery_id, sent_at=now)

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """See Notifier: a terminal keeps no record."""
        raise NotifyError(
            "a terminal cannot tell what it has shown", destination=str(claim.destination), permanent=True
        )

    async def aclose(self) -> None:
        """See Notifier."""

    def _write(self, card: Card, times: str) -> None:
        stream = self._stream or sys.stdout
        ours = Console(file=stream, width=self._width, highlight=False, emoji=False, markup=False)
        drawn = io.StringIO()
        console = Console(
            file=drawn,
            width=min(ours.width, MAX_WIDTH),
            force_terminal=ours.is_terminal,
            no_color=ours.no_color,
            color_system=ours.color_system,  # type: ignore[arg-type]  # rich types its property as str
            legacy_windows=ours.legacy_windows,
            highlight=False,
            emoji=False,
            markup=False,
        )
        console.print(_layout(card, times, width=console.width))
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(drawn.getvalue().encode(encoding, "replace").decode(encoding))
        stream.flush()


def _layout(card: Card, times: str, *, width: int) -> Panel | Group:
    boxed = width >= BOXLESS_BELOW
    label = Text(f" {card.label} ", "bold white on red" if card.denied else _LOUDNESS[card.urgency])
    what = Text(card.what)
    lines = [Text(card.headline, "bold")]
    if card.named:
        lines.append(_tags(card.named, card.more_named, " "))
    if card.change:
        lines.append(Text(f"Update: {card.change}", "bold red" if card.denied else "bold"))
    if card.exposed:
        lines.append(Text.assemble(("exposed (inferred): ", "dim"), _tags(card.exposed, card.more_exposed, ", ")))
    if card.facts:
        lines.append(Text(card.facts_line))
    lines.append(Text(card.source, "dim"))
    if card.url:
        lines.append(Text(card.url, "dim underline", overflow="fold"))
    if len(times) > (width - _FRAME if boxed else width):  # rather a line for each time than a break inside one
        times = times.replace(" · ", "\n")
    lines.append(Text(times, "dim"))
    if not boxed:
        return Group(Text.assemble(label, " ", what), *lines, Text(""))
    return Panel(
        Group(what, *lines),
        box=ROUNDED,
        title=label,
        title_align="left",
        border_style=_BORDERS[card.urgency],
        padding=(0, 1),
    )


def _tags(tags: tuple[Tag, ...], more: int, between: str) -> Text:
    line = Text()
    for index, tag in enumerate(tags):
        if index:
            line.append(between if tag.listed else ", " if not tags[index - 1].listed else " · ")
        line.append(str(tag), _DIRECTIONS[tag.direction] if between == " " else "")
    if more:
        line.append(f" + {more} more", "dim")
    return line
