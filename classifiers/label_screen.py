"""The labeller's terminal: draws a session, reads single keys, saves after each decision."""

from __future__ import annotations

import os
import re
import select
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from rich import box
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from classifiers.api import Classifier, ModelError
from classifiers.label import EVENT_KEYS, STATUS_KEYS, Guess, Item, Labels, Session, open_session
from classifiers.labels import Event, Status

__all__ = ["draw", "keys", "label_file"]

POLL_S: Final = 0.5  # how soon a resized window is drawn anew
NAMED: Final = {"\r": "enter", "\n": "enter", " ": "space", "\x7f": "u", "\x08": "u", "\x04": "q"}
# One key: an arrow or function key as terminals send it (ECMA-48), an Alt combination, or a character.
SEQUENCE: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b.?|.", re.DOTALL)

MEANINGS: Final[Mapping[Event | Status, str]] = {
    Event.EXPORT_RULE: "an exporting state's rule, law, bill or review on chip exports",
    Event.LICENCE: "permission for named firms or products: granted, denied, paused, revoked",
    Event.IMPORT_RULE: "a buying state's approval, ban, guidance or customs action",
    Event.ENTITY_LIST: "firms put on, taken off or threatened with a black list",
    Event.TARIFF: "tariffs, duties, Section 232 and 301",
    Event.ENFORCEMENT: "smuggling, evasion, arrests, fines, probes, a state's takeover of a firm",
    Event.RETALIATION: "counter-measures on materials, firms or purchases, and their easing",
    Event.SUPPLY_DEMAND: "orders, shipments, shortages, prices, allocation",
    Event.RESULTS: "results, guidance, charges, analysts, share moves without another event",
    Event.CAPACITY: "fabs, capital spending, outages, disasters, process technology",
    Event.CORPORATE: "mergers, stakes, partnerships, people, products, lawsuits",
    Event.OTHER: "none of these, or not about chips",
    Status.REPORTED: "unnamed sources, another outlet, says may, could, set to, weighs",
    Status.PROPOSED: "a draft, bill, consultation or plan, not yet decided",
    Status.CONFIRMED: "announced, decided, published, in force, done",
    Status.DENIED: "denied, withdrawn, delayed without end, ruled out",
    Status.COMMENTARY: "opinion, analysis, explainer, forecast; and whatever is other",
}
QUESTIONS: Final = {
    "chip_export": "chip trade across borders: allowed, curbed, taxed, policed",
    "market_moving": "a trader in chip stocks would want to be interrupted",
}


def label_file(path: Path, load_classifier: Callable[[], Classifier]) -> str:
    """Label a file in this terminal until the person quits, and return one line that says how far it went.

    Args:
        path: see ``open_session``.
        load_classifier: called once the terminal is known to be one.

    Raises:
        ModelError: this is no terminal, a file is at fault, or a decision cannot be saved.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ModelError("label reads single keys: start it in a terminal, without a pipe")
    try:
        import termios  # noqa: PLC0415 - not on every system
        import tty  # noqa: PLC0415
    except ImportError as e:
        raise ModelError("label needs a Unix terminal") from e
    console = Console()
    with console.status("reading and scoring…"):
        session, out = open_session(path, load_classifier())
    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd)
        with Live(draw(session, path.name), console=console, screen=True, auto_refresh=False) as live:
            while not session.over:
                for key in _wait(fd):
                    after = session.press(key)
                    if after.done != session.done:
                        out.save(after.done)
                    session = after
                    if session.over:
                        break
                live.update(draw(session, path.name), refresh=True)
    except KeyboardInterrupt:
        pass  # as q: every decision is in the file
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
    return f"{out.path}: {len(session.done):,} labelled, {len(session.todo):,} to go"


def _wait(fd: int) -> list[str]:
    """The keys that were pressed; none after a while, so that a resized window is drawn anew."""
    if not select.select([fd], [], [], POLL_S)[0]:
        return []
    return keys(os.read(fd, 1024))


def keys(data: bytes) -> list[str]:
    """Key names of what a terminal sent; an escape sequence is one key without a meaning, the end of input is q."""
    if not data:
        return ["q"]
    pressed = SEQUENCE.findall(data.decode("utf-8", errors="replace"))
    return ["escape" if key[0] == "\x1b" else NAMED.get(key, key.lower()) for key in pressed]


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────


def draw(session: Session, name: str) -> RenderableType:
    """The screen of a session."""
    total = len(session.done) + len(session.todo)
    top = Table.grid(expand=True)
    top.add_column()
    top.add_column(justify="right")
    top.add_row(
        Text.assemble(("CHIPWIRE ", "bold"), ("label  ", "dim"), name),
        Text.assemble((f"{len(session.done):,}", "bold"), (f" of {total:,} done", "dim")),
    )
    parts: list[RenderableType] = [top]
    item, form = session.item, session.form
    if item is None or form is None:
        parts.append(Panel(Text("All labelled.", style="bold green"), padding=(1, 2), border_style="green"))
    else:
        parts += [_headline(item), _form(form, session.guesses[item.id])]
    parts.append(Padding(_help(waiting=item is not None), (1, 0, 0, 1)))
    if session.note:
        parts.append(Padding(Text(session.note, style="yellow"), (0, 0, 0, 1)))
    return Group(*parts)


def _headline(item: Item) -> RenderableType:
    source = "  ".join(str(item.extra[k]) for k in ("publisher", "published") if k in item.extra)
    return Panel(
        Text(item.headline, style="bold"),
        padding=(1, 2),
        border_style="dim",
        box=box.ROUNDED,
        subtitle=Text(source, style="dim") if source else None,
        subtitle_align="right",
    )


def _form(form: Labels, guess: Guess) -> RenderableType:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=13)
    table.add_column(ratio=1)
    table.add_column(justify="right", width=16)
    score = guess.score
    for name, key, p in (
        ("chip_export", "c", score.chip_export),
        ("market_moving", "m", score.market_moving),
    ):
        said, model = getattr(form, name), getattr(guess.labels, name)
        choice = Text.assemble((f" {key} ", "bold cyan"), _chosen("yes" if said else "no", changed=said != model))
        table.add_row(Text(name, style="bold"), choice, _model("yes" if model else "no", p))
        table.add_row("", _aside(QUESTIONS[name]))
        table.add_row()
    for name, by_key, said, model, p in (
        ("event", EVENT_KEYS, form.event, guess.labels.event, score.event_prob),
        ("status", STATUS_KEYS, form.status, guess.labels.status, score.status_prob),
    ):
        choices = Columns(
            [
                Text.assemble(
                    (f" {key} ", "bold cyan"), _chosen(value, changed=said != model) if value == said else value
                )
                for key, value in by_key.items()
            ],
            padding=(0, 1),
            equal=len(by_key) > len(STATUS_KEYS),
        )
        table.add_row(Text(name, style="bold"), choices, _model("", p, gated=score.gated))
        table.add_row("", _aside(MEANINGS[said]), Text(model, style="dim"))
        table.add_row()
    return Padding(table, (1, 1, 0, 1))


def _aside(words: str) -> RenderableType:
    return Padding(Text(words, style="dim"), (0, 0, 0, 1))


def _chosen(value: str, *, changed: bool) -> Text:
    """A choice: green where it is the model's, yellow where the person made it another."""
    return Text(value, style="bold black on yellow" if changed else "bold black on green")


def _model(value: str, p: float, *, gated: bool = False) -> Text:
    return Text("model: gated" if gated else f"model {p:.2f} {value}".rstrip(), style="dim")


def _help(*, waiting: bool) -> Text:
    pairs = [("Enter", "accept"), ("Space", "later")] if waiting else []
    pairs += [("u", "undo"), ("q", "quit; it goes on from here" if waiting else "quit")]
    return Text("   ").join(Text.assemble((key, "bold cyan"), f"\u00a0{what}") for key, what in pairs)
