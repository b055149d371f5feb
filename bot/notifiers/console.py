"""Alerts on the terminal: a card on stdout, for a first run without any token."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TextIO

from rich.box import ROUNDED
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from bot.clock import Clock
from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Receipt, Urgency
from bot.errors import NotifyError
from bot.notifiers import digest as held
from bot.notifiers.base import PLAIN, Look, Message, Rate
from bot.notifiers.card import Card, Tag, amended_note, card_of, plain_lines, sent_note
from bot.notifiers.text import clean
from bot.texts import Texts

RATE = Rate(burst=1_000, interval=timedelta(milliseconds=1))  # a terminal has no limit
MAX_WIDTH = 100  # lines longer than this are hard to read
BOXLESS_BELOW = 40  # on a narrower terminal the box would cost more than it gives
_FRAME = 4  # columns that the box and its padding take
_LOUDNESS = {Urgency.FLASH: "bold white on red", Urgency.ALERT: "bold yellow", Urgency.WATCH: "cyan"}
_MARKS = {Urgency.FLASH: "bold red", Urgency.ALERT: "bold yellow", Urgency.WATCH: "cyan"}
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

    def render(self, alert: Alert, look: Look = PLAIN) -> Message:
        """See Notifier."""
        card = card_of(alert, language=look.language, quotes=look.quotes)
        return Message("\n".join([*plain_lines(card), card.timing]), {"card": card})

    def render_digest(self, alerts: Sequence[Alert], look: Look = PLAIN) -> Message:
        """See Notifier."""
        digest = held.digest_of(alerts, language=look.language)
        return Message("\n".join([*held.plain_lines(digest), digest.timing]), {"digest": digest})

    def render_amended(self, amendment: Amendment, look: Look = PLAIN) -> Message:
        """See Notifier."""
        card = card_of(amendment.alert, language=look.language, quotes=look.quotes, standing=amendment.story)
        times = card.timing + amended_note(amendment, language=look.language)
        return Message("\n".join([*plain_lines(card), times]), {"card": card})

    async def check(self) -> str:
        """See Notifier."""
        stream = self._stream or sys.stdout
        return "terminal" if stream.isatty() else "standard output, not a terminal: no colour"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier."""
        now = self._clock.now()
        await self._show(_drawing(claim, message, now), str(claim.destination))
        return Receipt(claim.delivery_id, sent_at=now)

    async def amend(self, amendment: Amendment, message: Message) -> None:
        """See Notifier: what a terminal has shown stays; the update itself is shown after it."""

    async def say(self, destination: Destination, text: str) -> None:
        """See Notifier."""
        note = Group(Text("\n".join(clean(line) for line in text.splitlines())), Text(""))
        await self._show(lambda _width: note, str(destination))

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """See Notifier: a terminal keeps no record."""
        raise NotifyError(
            "a terminal cannot tell what it has shown", destination=str(claim.destination), permanent=True
        )

    async def aclose(self) -> None:
        """See Notifier."""

    async def _show(self, layout: Callable[[int], Panel | Group], destination: str) -> None:
        try:
            # A reader that has stopped reading (a pager) blocks the write; it must not stop the loop.
            await asyncio.to_thread(self._write, layout)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise NotifyError(
                f"cannot write to standard output: {error}", destination=destination, permanent=True
            ) from error

    def _write(self, layout: Callable[[int], Panel | Group]) -> None:
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
        console.print(layout(console.width))
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(drawn.getvalue().encode(encoding, "replace").decode(encoding))
        stream.flush()


def _drawing(claim: Claim, message: Message, now: datetime) -> Callable[[int], Panel | Group]:
    """What draws the message for a width in columns."""
    if "digest" in message.payload:
        digest: held.Digest = message.payload["digest"]
        whole = digest.timing + held.sent_note(claim.held, now, language=digest.texts.language)
        return lambda width: _digest_layout(digest, whole, width=width)
    card: Card = message.payload["card"]
    times = card.timing + sent_note(claim.alert, now, language=card.texts.language)
    return lambda width: _layout(card, times, width=width)


def _digest_layout(digest: held.Digest, times: str, *, width: int) -> Panel | Group:
    lines = [Text(digest.counts)]
    for entry in digest.entries:
        mark = (entry.mark, "bold red" if entry.denied else _MARKS[entry.urgency])
        lines.append(Text.assemble(mark, " ", (entry.headline, "bold"), (f" · {entry.tail}", "dim")))
        if entry.url:
            lines.append(Text(entry.url, "dim underline", overflow="fold"))
    if more := digest.more(len(digest.entries)):
        lines.append(Text(more))
    lines.append(Text(times, "dim"))
    return _boxed(Text(f" {digest.title} ", _LOUDNESS[digest.urgency]), lines, digest.urgency, width=width)


def _boxed(title: Text, lines: Sequence[Text], urgency: Urgency, *, width: int) -> Panel | Group:
    """Lines in a box that is as loud as they are; without it where it would cost more than it gives."""
    if width < BOXLESS_BELOW:
        return Group(title, *lines, Text(""))
    return Panel(
        Group(*lines),
        box=ROUNDED,
        title=title,
        title_align="left",
        border_style=_BORDERS[urgency],
        padding=(0, 1),
    )


def _layout(card: Card, times: str, *, width: int) -> Panel | Group:
    boxed = width >= BOXLESS_BELOW
    label = Text(f" {card.label} ", "bold white on red" if card.denied else _LOUDNESS[card.urgency])
    what = Text(card.what)
    lines = [Text(card.headline, "bold")]
    if card.named:
        lines.append(_tags(card.named, card.more_named, " ", card.texts))
    if card.change:
        lines.append(Text(card.update_line, "bold red" if card.denied else "bold"))
    if card.exposed:
        lead = (card.texts.say("console.exposed") + " ", "dim")
        lines.append(Text.assemble(lead, _tags(card.exposed, card.more_exposed, ", ", card.texts)))
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
    return _boxed(label, [what, *lines], card.urgency, width=width)


def _tags(tags: tuple[Tag, ...], more: int, between: str, texts: Texts) -> Text:
    line = Text()
    for index, tag in enumerate(tags):
        if index:
            line.append(between if tag.listed else ", " if not tags[index - 1].listed else " · ")
        line.append(str(tag), _DIRECTIONS[tag.direction] if between == " " else "")
    if more:
        line.append(texts.say("card.more_end", n=more), "dim")
    return line
