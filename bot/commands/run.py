"""``chipwire run``: roles, the greeting, and the report of ``--once``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from bot import __version__
from bot.app import App
from bot.domain import DestinationKind
from bot.errors import ConfigError
from bot.poll import PollResult
from bot.settings import ROLES


def parse_roles(text: str) -> frozenset[str]:
    """Read ``--roles``.

    Raises:
        ConfigError: names what is not a role.
    """
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    unknown = sorted(chosen - set(ROLES))
    if unknown or not chosen:
        raise ConfigError(f"--roles: {', '.join(unknown) or 'empty'} is not a role; known: {', '.join(ROLES)}")
    return chosen


def check_options(roles: frozenset[str], *, once: bool, as_json: bool) -> None:
    """Refuse what would be passed over in silence.

    Raises:
        ConfigError: options that do not go together.
    """
    if once and roles != frozenset(ROLES):
        raise ConfigError("--roles does not go with --once, which polls, decides and delivers in one process")
    if as_json and not once:
        raise ConfigError("--json goes with --once; a running bot shows its alerts at /api/stream as JSON")


def announce(app: App) -> None:
    """Say on stderr what runs and where alerts will go, so that silence is never a riddle."""
    console = Console(stderr=True, highlight=False)
    tiers = Counter(spec.tier.value for spec in app.config.specs)
    console.print(f"[bold]Chipwire {__version__}[/]  roles: {', '.join(r for r in ROLES if r in app.roles)}")
    if "poll" in app.roles:
        counts = ", ".join(f"{n} {tier}" for tier, n in sorted(tiers.items()))
        console.print(
            f"  watching   {len(app.config.specs)} sources ({counts}); what they hold now is the baseline, not news"
        )
    if app.classifier is not None:
        limits = app.classifier.thresholds
        console.print(f"  scoring    {app.classifier.name}, alerts from {limits.chip_export:.2f}")
    if "dispatch" in app.roles:
        platforms = [k.value for k in app.notifiers if k in {DestinationKind.SLACK, DestinationKind.TELEGRAM}]
        where = ", ".join(platforms) if platforms else "this terminal (no tokens set)"
        console.print(f"  telling    {where}")
    if app.chats.names:
        console.print(f"  answering  {' and '.join(app.chats.names)}")
    if app.listener is not None:
        console.print(f"  live page  {app.listener.url}/")
    console.print(f"  data       {app.settings.home}")
    if "poll" in app.roles and app.settings.contact is None and any("sec.gov/" in s.url for s in app.config.specs):
        console.print(
            "  [yellow]hint[/]       set CHIPWIRE_CONTACT to an e-mail: the SEC turns away clients without one"
        )


def print_once(results: Sequence[PollResult], *, as_json: bool) -> bool:
    """Print how each poll of ``--once`` ended; True when at least one source answered."""
    if as_json:
        for r in results:
            sys.stdout.write(json.dumps({"source": r.source, "seen": r.seen, "new": r.new, "error": r.error}) + "\n")
    else:
        console = Console(stderr=True, highlight=False)
        failed = [r for r in results if r.error]
        for r in failed:
            console.print(f"  {r.source}: {r.error}", markup=False)
        seen, new = sum(r.seen for r in results), sum(r.new for r in results)
        console.print(f"{len(results) - len(failed)} of {len(results)} sources answered: {seen} headlines, {new} new")
    return any(r.error is None for r in results) or not results
