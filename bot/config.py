"""What people wrote in files: the catalogue, subscriptions, companies and exposure, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.companies import load_companies
from bot.domain import SourceSpec, Subscription
from bot.errors import ConfigError
from bot.exposure import load_exposure
from bot.rules.exposure import ExposureBook
from bot.rules.tickers import CompanyBook
from bot.settings import Settings
from bot.sources.catalog import load_catalog
from bot.subscriptions import Loaded, check_tokens, load_subscriptions, read_subscriptions

log = structlog.get_logger(__name__)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that people wrote in files, read and checked before any connection is made."""

    specs: tuple[SourceSpec, ...]
    subscriptions: tuple[Subscription, ...]  # of the file
    companies: CompanyBook
    exposure: ExposureBook


def load_config(settings: Settings, *, strict: bool = False, sends: bool = True) -> Config:
    """Read the catalogue, the subscriptions, the companies and who is exposed to what.

    Args:
        settings: which files.
        strict: whether one subscription that cannot be used is an error, where others can; else it is logged.
        sends: whether alerts will leave this process, so that platforms need their tokens.

    Raises:
        ConfigError: every problem of all four files, a line each.
    """
    problems: list[str] = []

    def attempt(read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except ConfigError as error:
            problems.extend(str(error).splitlines())
            return None

    specs = attempt(lambda: load_catalog(settings.sources))
    subscriptions = attempt(lambda: _file_subscriptions(settings, strict=strict, sends=sends))
    companies = attempt(lambda: load_companies(settings.companies))
    exposure = None if companies is None else attempt(lambda: load_exposure(companies, settings.exposure))
    if problems or specs is None or subscriptions is None or companies is None or exposure is None:
        raise ConfigError("\n".join(problems))
    return Config(specs, subscriptions, companies, exposure)


def _file_subscriptions(settings: Settings, *, strict: bool, sends: bool) -> tuple[Subscription, ...]:
    path = settings.subscriptions
    if path is None:
        return ()
    loaded = Loaded(load_subscriptions(path), ()) if strict else read_subscriptions(path)
    if loaded.problems and not loaded.subscriptions:
        raise ConfigError("\n".join(loaded.problems))
    if sends:
        check_tokens(loaded.subscriptions, settings, str(path))
    for problem in loaded.problems:
        # One reader's typing mistake must not silence all the others.
        log.error("subscription_refused", problem=problem)
    return loaded.subscriptions
