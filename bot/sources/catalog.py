"""The catalogue of sources: the bundled one, and a user's file that replaces or extends it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.domain import SourceSpec, Tier
from bot.errors import ConfigError
from bot.sources.registry import KINDS

BUNDLED = "catalog.toml"
DEFAULT_INTERVAL_S = 60
MIN_INTERVAL_S = 1
_TOP = ("extend", "source")
_REQUIRED = ("name", "kind", "url")
_OPTIONAL = ("interval_s", "publisher", "tier", "user_agent", "max_age_s", "official")


def load_catalog(path: Path | None = None) -> tuple[SourceSpec, ...]:
    """Read the sources to poll.

    Args:
        path: a user's TOML file. It replaces the bundled catalogue, or with ``extend = true`` at its top adds to
            it; an entry with the name of a bundled one takes its place. None: the bundled catalogue alone.

    Raises:
        ConfigError: every problem of the file at once, one a line: the file, the entry, the key, what to do.
    """
    bundled_text = resources.files("bot.sources").joinpath(BUNDLED).read_text(encoding="utf-8")
    if path is None:
        return parse_catalog(bundled_text, BUNDLED)[0]
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not a UTF-8 text file") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error})") from error
    specs, extend = parse_catalog(text, str(path))
    if not extend:
        return specs
    merged = {spec.name: spec for spec in parse_catalog(bundled_text, BUNDLED)[0]}
    merged.update((spec.name, spec) for spec in specs)
    return tuple(merged.values())


def parse_catalog(text: str, file: str) -> tuple[tuple[SourceSpec, ...], bool]:
    """Read a catalogue's text; returns its entries and whether it extends the bundled one.

    Raises:
        ConfigError: every problem at once.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not readable as TOML: {error}") from error  # the text names line and column
    problems = [f"{key}: unknown{_meant(key, _TOP)}" for key in document if key not in _TOP]
    extend = document.get("extend", False)
    if not isinstance(extend, bool):
        problems.append("extend: must be true or false")
    entries = document.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append("source: write each source under its own [[source]] line")
        entries = []
    elif not entries and not extend:
        problems.append("no [[source]] in it; add one, or write extend = true to keep the bundled ones")
    specs: dict[str, SourceSpec] = {}
    for number, entry in enumerate(entries, start=1):
        label = f"[[source]] {number}" + (f" ({entry['name']})" if isinstance(entry.get("name"), str) else "")
        found = _entry_problems(entry)
        if isinstance(name := entry.get("name"), str) and name in specs:
            found.append(f"name: {name!r} stands twice in this file")
        problems += [f"{label}: {problem}" for problem in found]
        if not found:
            specs[entry["name"]] = _spec(entry)
    if problems:
        raise ConfigError("\n".join(f"{file}: {problem}" for problem in problems))
    return tuple(specs.values()), bool(extend)


def _entry_problems(entry: Mapping[str, Any]) -> list[str]:
    problems = [f"{key}: missing" for key in _REQUIRED if key not in entry]
    kind = KINDS.get(entry["kind"]) if isinstance(entry.get("kind"), str) else None
    if "kind" in entry and kind is None:
        problems.append(f"kind: {entry['kind']!r} is unknown{_meant(entry['kind'], KINDS)}; known: {', '.join(KINDS)}")
    own = kind.options if kind is not None else {}
    known = [*_REQUIRED, *_OPTIONAL, *own]
    if kind is not None:  # with an unknown kind nobody can say which settings are its own
        problems += [f"{key}: unknown{_meant(key, known)}" for key in entry if key not in known]
    for key in ("name", "url", "publisher", "user_agent"):
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            problems.append(f"{key}: must be a text that is not empty")
        elif key in entry and not entry[key].isprintable():
            problems.append(f"{key}: has characters that cannot be printed, such as a line break")
    if isinstance(entry.get("url"), str) and entry["url"].strip() and not _is_web_address(entry["url"]):
        problems.append("url: must begin with http:// or https:// and name a host")
    if "interval_s" in entry and not _is_number(entry["interval_s"], at_least=MIN_INTERVAL_S):
        problems.append(f"interval_s: must be a number of seconds, {MIN_INTERVAL_S} or more")
    if "max_age_s" in entry and not _is_number(entry["max_age_s"], at_least=1):
        problems.append("max_age_s: must be a number of seconds, 1 or more")
    if "tier" in entry and entry["tier"] not in list(Tier):
        problems.append(f"tier: {entry['tier']!r} is none of {', '.join(Tier)}{_meant(entry['tier'], list(Tier))}")
    if "official" in entry and not isinstance(entry["official"], bool):
        problems.append("official: must be true or false")
    for key, check in own.items():
        if key in entry and (wrong := check(entry[key])) is not None:
            problems.append(f"{key}: {wrong}")
    return problems


def _spec(entry: Mapping[str, Any]) -> SourceSpec:
    max_age_s = entry.get("max_age_s")
    return SourceSpec(
        name=entry["name"].strip(),
        kind=entry["kind"],
        url=entry["url"].strip(),
        interval=timedelta(seconds=entry.get("interval_s", DEFAULT_INTERVAL_S)),
        publisher=entry.get("publisher") or (urlsplit(entry["url"]).hostname or "").removeprefix("www."),
        tier=Tier(entry.get("tier", Tier.PRESS)),
        user_agent=entry.get("user_agent"),
        max_age=timedelta(seconds=max_age_s) if max_age_s is not None else None,
        official=entry.get("official", False),
        options={
            key: tuple(value) if isinstance(value, list) else value
            for key, value in entry.items()
            if key in KINDS[entry["kind"]].options
        },
    )


def _is_number(value: Any, *, at_least: float) -> bool:
    # The upper bound also keeps out inf and nan, which TOML can write.
    return isinstance(value, int | float) and not isinstance(value, bool) and at_least <= value <= 366 * 86400


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _meant(word: Any, known: Collection[str]) -> str:
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f", did you mean {close[0]}?" if close else ""
