"""Reads subscriptions.toml, and makes the subscriptions that settings imply."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bot.domain import Destination, DestinationKind, Event, Subscription, Topic, Urgency
from bot.errors import ConfigError
from bot.settings import Settings

KEYS = ("to", "topics", "tickers", "events", "min_urgency")
_E = TypeVar("_E", bound=StrEnum)


def load_subscriptions(path: Path) -> tuple[Subscription, ...]:
    """Read a file of ``[[subscription]]`` tables.

    Raises:
        ConfigError: the file cannot be used; every problem stands in the message, a line each, with the file,
            the entry and the key.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
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
        try:
            found.append(parse_subscription(entry, origin="file"))
        except ConfigError as error:
            problems += [f"{where}: {line}" for line in str(error).splitlines()]
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(found)


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
    events = _members(entry.get("events", []), Event, "events", problems)
    urgencies = _members([entry.get("min_urgency", Urgency.WATCH)], Urgency, "min_urgency", problems)
    tickers = entry.get("tickers", [])
    if not isinstance(tickers, list) or not all(isinstance(t, str) and t.strip() for t in tickers):
        problems.append('tickers: write a list of tickers, e.g. ["NVDA", "TSM"]')
        tickers = []
    if not topics and not any(p.startswith("topics") for p in problems):
        problems.append("topics: empty, so nothing would ever be sent")
    if problems or destination is None:
        raise ConfigError("\n".join(problems))
    return make_subscription(
        destination,
        topics=topics,
        tickers=[t.strip().upper().removeprefix("$") for t in tickers],
        events=events,
        min_urgency=urgencies[0],
        origin=origin,
    )


def make_subscription(
    to: Destination,
    *,
    topics: Iterable[Topic] = (Topic.CHIP_EXPORT,),
    tickers: Iterable[str] = (),
    events: Iterable[Event] = (),
    min_urgency: Urgency = Urgency.WATCH,
    origin: str,
) -> Subscription:
    """Make a subscription whose id is the same for the same wishes, so that reading a file twice adds nothing."""
    topic_set, ticker_set, event_set = frozenset(topics), frozenset(tickers), frozenset(events)
    wishes = "|".join([str(to), *sorted(topic_set), "-", *sorted(ticker_set), "-", *sorted(event_set), min_urgency])
    digest = hashlib.blake2b(f"{origin}|{wishes}".encode(), digest_size=4).hexdigest()
    return Subscription(digest, to, topic_set, ticker_set, event_set, min_urgency, origin)


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
