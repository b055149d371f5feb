"""Texts of the catalogue made into lines of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from bot.chat.asking import MAX_ACTION, Asker, Button, ChatError, Line, Reply, Span
from bot.domain import DestinationKind
from bot.notifiers.text import clean, shorten
from bot.texts import Texts

_MARKED = re.compile(r"\*(?P<bold>[^*\n]+)\*|`(?P<code>[^`\n]+)`")
_LABEL = 40  # code points of a button


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to one reader: in their language, with commands as their platform wants them typed.

    In the catalogue ``*bold*`` and ```code``` mark a text; values are put in after that, so they mark nothing.
    ``{cmd}`` stands for what goes before a command.
    """

    texts: Texts
    cmd: str  # "/chips " or "/"

    @classmethod
    def to(cls, asker: Asker, texts: Texts) -> Writer:
        """The writer for an asker."""
        return cls(texts, "/chips " if asker.to.kind is DestinationKind.SLACK else "/")

    def say(self, key: str, **values: object) -> str:
        """A text without marks."""
        return "".join(span.text for line in self.lines(key, **values) for span in line)

    def line(self, key: str, **values: object) -> Line:
        """A text of one line."""
        return self.lines(key, **values)[0]

    def lines(self, key: str, **values: object) -> tuple[Line, ...]:
        """A text of one line or several."""
        filled = {**values, "cmd": self.cmd}
        return tuple(_spans(line, filled) for line in self.texts.form(key, values.get("n")).rstrip("\n").split("\n"))

    def button(self, key: str, action: str, **values: object) -> Button:
        """A button whose label is a text."""
        return Button(shorten(self.say(key, **values), _LABEL), action)

    def reply(self, key: str, *rows: tuple[Button, ...], **values: object) -> Reply:
        """An answer of one text, with rows of buttons."""
        return Reply(self.lines(key, **values), rows)

    def error(self, error: ChatError) -> Reply:
        """What went wrong, and what may have been meant: as text to type and as buttons to press."""
        lines = self.lines(error.key, **error.values)
        buttons = tuple(
            (Button(shorten(command, _LABEL), f"cmd:{command}"),)
            for command in error.suggestions
            if len(f"cmd:{command}".encode()) <= MAX_ACTION
        )
        if error.suggestions:
            meant = joined(([Span(self.cmd + command, "code")] for command in error.suggestions), ", ")
            lines += ((*self.line("chat.meant" if error.near else "chat.instead"), Span(" "), *meant),)
        return Reply(lines, buttons)

    def moment(self, moment: datetime, beside: datetime) -> str:
        """``14:02 UTC``; with its date when that is another day than ``beside``'s."""
        moment, beside = moment.astimezone(UTC), beside.astimezone(UTC)
        if moment.date() == beside.date():
            return f"{moment:%H:%M} UTC"
        month = self.texts.say(f"month.{moment.month}")
        return self.texts.say("digest.day", month=month, day=moment.day, time=f"{moment:%H:%M}") + " UTC"


def plain(text: str, style: Literal["", "bold", "code", "italic"] = "") -> Line:
    """Words of no catalogue, cleaned."""
    return (Span(clean(text), style),)


def joined(lines: Iterable[Iterable[Span]], between: str) -> Line:
    """Several lines as one."""
    spans: list[Span] = []
    for line in lines:
        spans += [Span(between), *line] if spans else line
    return tuple(spans)


def _spans(template: str, values: dict[str, object]) -> Line:
    spans: list[Span] = []
    end = 0
    for found in _MARKED.finditer(template):
        spans.append(Span(template[end : found.start()].format(**values)))
        style: Literal["bold", "code"] = "bold" if found["bold"] else "code"
        spans.append(Span((found["bold"] or found["code"]).format(**values), style))
        end = found.end()
    spans.append(Span(template[end:].format(**values)))
    return tuple(span for span in spans if span.text)
