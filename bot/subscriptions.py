"""Reads and writes subscriptions.toml, and makes the subscriptions that settings imply."""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bot.domain import (
    Cap,
    Delay,
    Destination,
    DestinationKind,
    DigestPlan,
    Event,
    QuietHours,
    Status,
    Subscription,
    Tier,
    Topic,
    Urgency,
)
from bot.errors import ConfigError
from bot.rules import patterns
from bot.rules.caps import format_cap, parse_cap
from bot.rules.delays import format_delay, parse_delay
from bot.rules.digests import format_digest, parse_digest
from bot.rules.quiet import format_quiet, parse_quiet
from bot.settings import Settings

KEYS = (
    "to",
    "topics",
    "tickers",
    "events",
    "statuses",
    "tiers",
    "include",
    "exclude",
    "min_urgency",
    "quiet",
    "quiet_flash",
    "digest",
    "digest_flash",
    "cap",
    "delay",
)
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file of subscriptions holds: those that can be used, and a line on everything that cannot."""

    subscriptions: tuple[Subscription, ...]
    problems: tuple[str, ...]  # with the file, the entry and the key


def load_subscriptions(path: Path) -> tuple[Subscription, ...]:
    """Read a file of ``[[subscription]]`` tables that must be right to the last key.

    Raises:
        ConfigError: the file cannot be used; every problem stands in the message, a line each, with the file,
            the entry and the key.
    """
    loaded = read_subscriptions(path)
    if loaded.problems:
        raise ConfigError("\n".join(loaded.problems))
    return loaded.subscriptions


def read_subscriptions(path: Path, *, origin: str = "file") -> Loaded:
    """Read a file of ``[[subscription]]`` tables; one that cannot be used does not stop the others.

    Raises:
        ConfigError: the file cannot be read, or is not TOML, so that nothing is known of any of them.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    problems: list[str] = [
        f"{path}: unknown key {key!r}; the file holds [[subscription]] tables"
        for key in document
        if key != "subscription"
    ]
    entries = document.get("subscription", [])
    if not isinstance(entries, list):
        problems.append(f"{path}: write [[subscription]] with two brackets")
        entries = []
    found: list[Subscription] = []
    for number, entry in enumerate(entries, 1):
        where = f"{path}: subscription {number}"
        if not isinstance(entry, dict):
            problems.append(f"{where}: {entry!r} is no table; write [[subscription]]")
            continue
        try:
            found.append(parse_subscription(entry, origin=origin))
        except ConfigError as error:
            problems += [f"{where}: {line}" for line in str(error).splitlines()]
    return Loaded(tuple(found), tuple(problems))


def parse_subscription(entry: Mapping[str, Any], *, origin: str) -> Subscription:
    """Make a subscription of one table of the file or of a command's options.

    Raises:
        ConfigError: a line for each key that cannot be used.
    """
    problems: list[str] = []
    for key in entry:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, n=1)
            problems.append(
                f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(KEYS)}")
            )
    destination: Destination | None = None
    if not isinstance(entry.get("to"), str):
        problems.append('to: missing; write for example to = "slack:C0123456789"')
    else:
        try:
            destination = Destination.parse(entry["to"])
        except ValueError as error:
            problems.append(f"to: {error}")
    topics = _members(entry.get("topics", [Topic.CHIP_EXPORT]), Topic, "topics", problems)
    if not topics and not any(p.startswith("topics") for p in problems):
        problems.append("topics: empty, so nothing would ever be sent")
    urgencies = _members([entry.get("min_urgency", Urgency.WATCH)], Urgency, "min_urgency", problems)
    wishes: dict[str, Any] = {
        "topics": topics,
        "tickers": [
            t.strip().upper().removeprefix("$")
            for t in _texts(entry, "tickers", '["NVDA", "TSM"]', "tickers", problems)
        ],
        "events": _members(entry.get("events", []), Event, "events", problems),
        "statuses": _members(entry.get("statuses", []), Status, "statuses", problems),
        "tiers": _members(entry.get("tiers", []), Tier, "tiers", problems),
        "include": _patterns(entry, "include", problems),
        "exclude": _patterns(entry, "exclude", problems),
        "quiet": _planned(entry, "quiet", parse_quiet, problems),
        "digest": _planned(entry, "digest", parse_digest, problems),
        "cap": _small(entry, "cap", parse_cap, problems),
        "delay": _small(entry, "delay", parse_delay, problems),
    }
    if wishes["include"] and set(wishes["include"]) <= set(wishes["exclude"]):
        problems.append("include: all of it is excluded, so nothing would ever be sent")
    if problems or destination is None:
        raise ConfigError("\n".join(problems))
    return make_subscription(destination, **wishes, min_urgency=urgencies[0], origin=origin)


def make_subscription(
    to: Destination,
    *,
    topics: Iterable[Topic] = (Topic.CHIP_EXPORT,),
    tickers: Iterable[str] = (),
    events: Iterable[Event] = (),
    min_urgency: Urgency = Urgency.WATCH,
    origin: str,
    statuses: Iterable[Status] = (),
    tiers: Iterable[Tier] = (),
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    quiet: QuietHours | None = None,
    digest: DigestPlan | None = None,
    cap: Cap | None = None,
    delay: Delay | None = None,
) -> Subscription:
    """Make a subscription whose id is the same for the same wishes, so that reading a file twice adds nothing."""
    made = Subscription(
        "",
        to,
        frozenset(topics),
        frozenset(tickers),
        frozenset(events),
        min_urgency,
        origin,
        frozenset(statuses),
        frozenset(tiers),
        tuple(dict.fromkeys(include)),
        tuple(dict.fromkeys(exclude)),
        quiet,
        digest,
        cap,
        delay,
    )
    wishes = "|".join(
        [str(to), *sorted(made.topics), "-", *sorted(made.tickers), "-", *sorted(made.events), min_urgency]
    )
    # Only what is set, so that a subscription keeps the id that it had before these keys were there.
    later = {
        key: sorted(value) if isinstance(value, list) else value  # the order of words is no wish
        for key, value in as_entry(made).items()
        if key not in {"to", "topics", "tickers", "events", "min_urgency"}
    }
    if later:
        wishes += "|" + json.dumps(later, sort_keys=True)
    name = hashlib.blake2b(f"{origin}|{wishes}".encode(), digest_size=4).hexdigest()
    return replace(made, id=name)


def as_entry(subscription: Subscription) -> dict[str, Any]:
    """A subscription as a table of the file, without what is the default: ``parse_subscription`` reads it back."""
    s = subscription
    entry: dict[str, Any] = {"to": str(s.to), "topics": [t.value for t in sorted(s.topics)]}
    lists: dict[str, Sequence[str]] = {
        "tickers": sorted(s.tickers),
        "events": sorted(s.events),
        "statuses": sorted(s.statuses),
        "tiers": sorted(s.tiers),
        "include": list(s.include),
        "exclude": list(s.exclude),
    }
    entry |= {key: [str(value) for value in values] for key, values in lists.items() if values}
    if s.min_urgency is not Urgency.WATCH:
        entry["min_urgency"] = s.min_urgency.value
    if s.quiet is not None:
        entry["quiet"] = format_quiet(s.quiet)
        entry |= {} if s.quiet.flash_breaks else {"quiet_flash": False}
    if s.digest is not None:
        entry["digest"] = format_digest(s.digest)
        entry |= {} if s.digest.flash_breaks else {"digest_flash": False}
    if s.cap is not None:
        entry["cap"] = format_cap(s.cap)
    if s.delay is not None:
        entry["delay"] = format_delay(s.delay)
    return entry


def to_toml(subscriptions: Iterable[Subscription]) -> str:
    """The text of a subscriptions.toml that holds these."""
    tables = []
    for subscription in subscriptions:
        lines = ["[[subscription]]", *(f"{key} = {_toml(value)}" for key, value in as_entry(subscription).items())]
        tables.append("\n".join(lines) + "\n")
    return "\n".join(tables)


def _toml(value: str | bool | list[str]) -> str:
    # JSON's strings, lists of strings and booleans are TOML's, but for one character that TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def implied_subscriptions(settings: Settings) -> tuple[Subscription, ...]:
    """What SLACK_CHANNELS and TELEGRAM_CHATS ask for."""
    places = [f"slack:{c}" for c in settings.slack_channels] + [f"telegram:{c}" for c in settings.telegram_chats]
    return tuple(make_subscription(Destination.parse(place), origin="settings") for place in places)


def check_tokens(subscriptions: Sequence[Subscription], settings: Settings, where: str) -> None:
    """Refuse subscriptions to a platform whose token is not set.

    Raises:
        ConfigError: names the destination and the setting.
    """
    needed = {
        DestinationKind.SLACK: ("SLACK_BOT_TOKEN", settings.slack_bot_token),
        DestinationKind.TELEGRAM: ("TELEGRAM_BOT_TOKEN", settings.telegram_bot_token),
    }
    problems = []
    for subscription in subscriptions:
        name, token = needed.get(subscription.to.kind, ("", True))
        if token is None:
            problems.append(f"{where}: {subscription.to} needs {name}, which is not set")
    if problems:
        raise ConfigError("\n".join(dict.fromkeys(problems)))


def _members(values: object, kind: type[_E], key: str, problems: list[str]) -> list[_E]:
    if not isinstance(values, list):
        problems.append(f"{key}: write a list, e.g. [{next(iter(kind)).value!r}]")
        return []
    found: list[_E] = []
    for value in values:
        try:
            found.append(kind(value))
        except ValueError:
            near = difflib.get_close_matches(str(value), [m.value for m in kind], n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(m.value for m in kind)}"
            problems.append(f"{key}: unknown value {value!r}; {hint}")
    return found


def _texts(entry: Mapping[str, Any], key: str, example: str, what: str, problems: list[str]) -> list[str]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        problems.append(f"{key}: write a list of {what}, e.g. {example}")
        return []
    return values


def _patterns(entry: Mapping[str, Any], key: str, problems: list[str]) -> list[str]:
    """Words and expressions that can be used; the others are problems."""
    good = []
    for value in _texts(entry, key, '["H20", "/licen[cs]e/"]', "words or /expressions/", problems):
        try:
            patterns.check(value)
        except ValueError as error:
            problems.append(f"{key}: {error}")
        else:
            good.append(value.strip())
    return good


def _small(entry: Mapping[str, Any], key: str, parse: Callable[[str], _T], problems: list[str]) -> _T | None:
    """A key whose value is a line of a small language."""
    value = entry.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        problems.append(f"{key}: {value!r} is no text; write it in quotes")
        return None
    try:
        return parse(value)
    except ValueError as error:
        problems.append(f"{key}: {error}")
        return None


def _planned(entry: Mapping[str, Any], key: str, parse: Callable[..., _T], problems: list[str]) -> _T | None:
    """Quiet hours or a digest, each with a key of its own that says whether a flash breaks through."""
    flash_key = f"{key}_flash"
    breaks = entry.get(flash_key, True)
    if not isinstance(breaks, bool):
        problems.append(f"{flash_key}: {breaks!r} is neither true nor false")
    if flash_key in entry and key not in entry:
        problems.append(f"{flash_key}: says nothing without {key}")
    return _small(entry, key, lambda text: parse(text, flash_breaks=breaks), problems)
