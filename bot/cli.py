"""The commands: parse, call one function, print. Nothing heavy is imported before a command needs it."""
# ruff: noqa: PLC0415  every import inside a command keeps `--help` fast

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import __version__

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="chipwire",
    help="Alerts on market-moving semiconductor trade news.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
sources_app = typer.Typer(help="The catalogue of sources.", no_args_is_help=True)
subscriptions_app = typer.Typer(help="Who gets what.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")
app.add_typer(subscriptions_app, name="subscriptions")
mutes_app = typer.Typer(help="What is not told for a while.", no_args_is_help=True)
app.add_typer(mutes_app, name="mutes")

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON Lines on stdout.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chipwire {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _settings(*, quiet: bool = False) -> Settings:
    from bot import log
    from bot.settings import load_settings

    settings = load_settings()
    level = "warning" if quiet and settings.log_level == "info" else settings.log_level
    log.configure(level=level, json_lines=settings.log_json, secrets=settings.secrets)
    return settings


def _print_json(record: Any) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


@app.command(epilog="Example:  chipwire run    or    chipwire run --roles poll,desk")
def run(
    once: Annotated[bool, typer.Option("--once", help="Poll every source one time, deliver, exit.")] = False,
    roles: Annotated[
        str, typer.Option(help="Start only these parts: poll, desk, dispatch, chat, web (comma-separated).")
    ] = "poll,desk,dispatch,chat,web",
    json_: JsonFlag = False,
) -> None:
    """Poll, score, alert and serve the live page, until stopped.

    With no tokens set, alerts appear in this terminal.
    """
    from bot import app as composition
    from bot.commands.run import announce, check_options, parse_roles, print_once
    from bot.config import load_config

    chosen = parse_roles(roles)
    check_options(chosen, once=once, as_json=json_)
    settings = _settings()
    config = load_config(settings)
    if not once:
        asyncio.run(composition.run_app(settings, config, chosen, started=announce))
        return

    async def one_round() -> bool:
        wanted = frozenset({"poll", "desk", "dispatch"})
        # With --json, stdout is for the records alone: cards go where the log goes.
        cards = sys.stderr if json_ else None
        async with composition.opened_app(settings, config, wanted, cards=cards) as bot:
            return print_once(await bot.run_once(), as_json=json_)

    if not asyncio.run(one_round()):
        raise typer.Exit(1)


@app.command(epilog="Example:  chipwire demo --pace 0")
def demo(
    pace: Annotated[
        float, typer.Option(min=0, max=5, help="Seconds between headlines; 0 plays as fast as it can.")
    ] = 0.25,
    json_: JsonFlag = False,
) -> None:
    """Play a made-up day of headlines through the whole path: no network, no tokens. Ends by itself."""
    from bot import log
    from bot.demo import play

    log.configure(level="warning")
    asyncio.run(play(pace_s=pace, as_json=json_))


@app.command(epilog='Example:  echo "US lets Nvidia sell H20 chips to China" | chipwire score -')
def score(
    file: Annotated[
        str, typer.Argument(help="A file with a headline a line (or JSON Lines with `headline`); - reads stdin.")
    ] = "-",
    explain: Annotated[
        bool, typer.Option("--explain", help="Add the words that carried chip_export, with their weights in log-odds.")
    ] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="The default; accepted so that every command takes it.")
    ] = False,
) -> None:
    """Score headlines: one JSON object a line, in the order of the input."""
    del json_
    from bot.commands.score import score_file

    score_file(file, _settings(quiet=True), explained=explain)


@app.command(epilog="Example:  chipwire why https://example.com/article")
def why(
    headline: Annotated[str, typer.Argument(metavar="ID|URL", help="A headline's id or the address of its page.")],
    json_: JsonFlag = False,
) -> None:
    """Show what became of one headline, stage by stage, for each destination."""
    from bot.commands.why import show_trail

    asyncio.run(show_trail(headline, _settings(quiet=True), as_json=json_))


@app.command(epilog="Example:  chipwire replay archive.jsonl --compare candidate.env")
def replay(
    file: Annotated[
        Path, typer.Argument(help="JSON Lines with `id`, `headline`, `published` and, if known, `url`, `publisher`, …")
    ],
    compare: Annotated[
        Path | None, typer.Option(metavar="ENV", help="Replay again with this .env file's settings; show what differs.")
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Play archived headlines through the whole path on a simulated clock. Sends and stores nothing."""
    from bot.commands.replay import replay_file

    replay_file(file, _settings(quiet=True), compare=compare, as_json=json_)


@app.command(epilog="Example:  chipwire votes --since 30 --json > voted.jsonl")
def votes(
    since: Annotated[
        int | None, typer.Option(metavar="DAYS", min=1, max=36_500, help="Count only the votes of so many days.")
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Show which alerts people hold for useful or noise; as JSON Lines, `python -m classifiers label` reads them."""
    from bot.commands.votes import show_votes

    asyncio.run(show_votes(_settings(quiet=True), days=since, as_json=json_))


@app.command(epilog="Example:  chipwire doctor")
def doctor(json_: JsonFlag = False) -> None:
    """Check settings, store, model, tokens, chat and each source once; exit code 1 if something is wrong."""
    from bot.commands.doctor import examine

    if not asyncio.run(examine(as_json=json_)):
        raise typer.Exit(1)


@sources_app.command("list", epilog="Example:  chipwire sources list --json")
def sources_list(json_: JsonFlag = False) -> None:
    """List the sources with tier, interval and what the last polls gave."""
    from bot.commands.sources import list_sources

    asyncio.run(list_sources(_settings(quiet=True), as_json=json_))


@sources_app.command("check", epilog="Example:  chipwire sources check sec-8k")
def sources_check(
    names: Annotated[list[str] | None, typer.Argument(help="Names of sources; all when none is given.")] = None,
    json_: JsonFlag = False,
) -> None:
    """Fetch sources once, store nothing, and say what came; exit code 1 if one failed."""
    from bot.commands.sources import check_sources

    if not asyncio.run(check_sources(names or [], _settings(quiet=True), as_json=json_)):
        raise typer.Exit(1)


@subscriptions_app.command("list", epilog="Example:  chipwire subscriptions list")
def subscriptions_list(json_: JsonFlag = False) -> None:
    """List who gets what."""
    from bot.commands.subscriptions import list_subscriptions

    asyncio.run(list_subscriptions(_settings(quiet=True), as_json=json_))


@subscriptions_app.command(
    "add", epilog="Example:  chipwire subscriptions add slack:C0123456789 --ticker NVDA --min-urgency alert"
)
def subscriptions_add(
    to: Annotated[
        str, typer.Argument(help="slack:C…, telegram:@channel or telegram:-100…[:topic], webhook:URL, console.")
    ],
    topic: Annotated[list[str] | None, typer.Option(help="chip_export (default) or semis; may be repeated.")] = None,
    ticker: Annotated[list[str] | None, typer.Option(help="Only these tickers; may be repeated.")] = None,
    event: Annotated[list[str] | None, typer.Option(help="Only these events; may be repeated.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Only these statuses; may be repeated.")] = None,
    tier: Annotated[
        list[str] | None, typer.Option(help="Only sources of these tiers: primary, wire, press, social.")
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option(help="A word, phrase or /expression/, one of which must be in the headline.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="A word, phrase or /expression/ that must not be in the headline.")
    ] = None,
    min_urgency: Annotated[str, typer.Option(help="watch, alert or flash.")] = "watch",
    quiet: Annotated[str | None, typer.Option(help='Hold alerts in these hours: "22:00-07:00 Europe/London".')] = None,
    quiet_flash: Annotated[
        bool, typer.Option("--quiet-flash/--no-quiet-flash", help="Whether a flash breaks quiet hours.")
    ] = True,
    digest: Annotated[
        str | None,
        typer.Option(
            help='Gather alerts into one message: "hourly", "daily 07:30 Europe/London", '
            '"weekly mon 07:30 Europe/London", "open new-york", "close tokyo".'
        ),
    ] = None,
    digest_flash: Annotated[
        bool, typer.Option("--digest-flash/--no-digest-flash", help="Whether a flash is told at once all the same.")
    ] = True,
    cap: Annotated[str | None, typer.Option(help='At most so many, the rest waits: "10 per 1h".')] = None,
    delay: Annotated[
        str | None,
        typer.Option(help='Tell so much later than others: "15 min", or by tier "press 30 min, wire 15 min".'),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Add a subscription; a running bot uses it at once."""
    from bot.commands.subscriptions import add_subscription

    entry: dict[str, Any] = {
        "to": to,
        "tickers": ticker or [],
        "events": event or [],
        "statuses": status or [],
        "tiers": tier or [],
        "include": include or [],
        "exclude": exclude or [],
        "min_urgency": min_urgency,
    }
    if topic:
        entry["topics"] = topic
    # True is what is meant where nothing is said, and says nothing without the key it belongs to.
    given = {"quiet": quiet, "digest": digest, "cap": cap, "delay": delay}
    entry |= {key: value for key, value in given.items() if value is not None}
    entry |= {f"{key}_flash": False for key, breaks in (("quiet", quiet_flash), ("digest", digest_flash)) if not breaks}
    asyncio.run(add_subscription(entry, _settings(quiet=True), as_json=json_))


@subscriptions_app.command("remove", epilog="Example:  chipwire subscriptions remove 3fa9c1d2")
def subscriptions_remove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `subscriptions list` shows it.")], json_: JsonFlag = False
) -> None:
    """Remove a subscription that was added by command or in chat."""
    from bot.commands.subscriptions import remove_subscription

    asyncio.run(remove_subscription(id_, _settings(quiet=True), as_json=json_))


@subscriptions_app.command("export", epilog="Example:  chipwire subscriptions export > subscriptions.toml")
def subscriptions_export(json_: JsonFlag = False) -> None:
    """Print all subscriptions as a subscriptions.toml."""
    from bot.commands.subscriptions import export_subscriptions

    asyncio.run(export_subscriptions(_settings(quiet=True), as_json=json_))


@subscriptions_app.command("import", epilog="Example:  chipwire subscriptions import subscriptions.toml")
def subscriptions_import(
    file: Annotated[Path, typer.Argument(help="A file of [[subscription]] tables, as `export` prints it.")],
    json_: JsonFlag = False,
) -> None:
    """Add the subscriptions of a file; a running bot uses them at once."""
    from bot.commands.subscriptions import import_subscriptions

    asyncio.run(import_subscriptions(file, _settings(quiet=True), as_json=json_))


@subscriptions_app.command(
    "preview",
    epilog='Example:  chipwire subscriptions preview "US lets Nvidia sell H20 chips to China" --source primary',
)
def subscriptions_preview(
    headline: Annotated[str, typer.Argument(help="The words, as a source would write them.")],
    to: Annotated[str | None, typer.Option(help="Only this destination.")] = None,
    source: Annotated[str, typer.Option(help="Tier of the source: primary, wire, press, social.")] = "wire",
    json_: JsonFlag = False,
) -> None:
    """Say whom a headline would reach now, and if not, why not, stage by stage. Sends and stores nothing."""
    from bot.commands.preview import preview

    asyncio.run(preview(headline, _settings(quiet=True), to=to, tier=source, as_json=json_))


@mutes_app.command("list", epilog="Example:  chipwire mutes list")
def mutes_list(json_: JsonFlag = False) -> None:
    """List what is muted, for whom, and until when."""
    from bot.commands.mutes import list_mutes

    asyncio.run(list_mutes(_settings(quiet=True), as_json=json_))


@mutes_app.command("add", epilog="Example:  chipwire mutes add ticker NVDA --for 1d --to slack:C0123456789")
def mutes_add(
    kind: Annotated[str, typer.Argument(help="story, ticker or source.")],
    value: Annotated[str, typer.Argument(help="The story's key, the ticker, or the source's name.")],
    length: Annotated[str, typer.Option("--for", help="How long: 90m, 1h, 3d, 2w.")] = "1d",
    to: Annotated[str | None, typer.Option(help="Only for this destination; everybody if left out.")] = None,
    json_: JsonFlag = False,
) -> None:
    """Mute a story, a ticker or a source for a while; a running bot obeys at once."""
    from bot.commands.mutes import add_mute

    asyncio.run(add_mute(kind, value, _settings(quiet=True), length=length, to=to, as_json=json_))


@mutes_app.command("remove", epilog="Example:  chipwire mutes remove 3fa9c1d2")
def mutes_remove(
    id_: Annotated[str, typer.Argument(metavar="ID", help="As `mutes list` shows it.")], json_: JsonFlag = False
) -> None:
    """End a mute."""
    from bot.commands.mutes import remove_mute

    asyncio.run(remove_mute(id_, _settings(quiet=True), as_json=json_))
