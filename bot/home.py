"""The data folder and the store in it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bot.errors import ConfigError
from bot.settings import Settings
from bot.store import open_store
from bot.store.base import Store


@contextlib.asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    """The store of these settings, migrated; closed at the end.

    Raises:
        StoreError: it cannot be opened or written.
        ConfigError: CHIPWIRE_HOME cannot be made.
    """
    make_home(settings.home)
    store = await open_store(settings.store_url)
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


def make_home(home: Path) -> None:
    """Make the data folder where it is missing.

    Raises:
        ConfigError: it cannot be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"CHIPWIRE_HOME: cannot make {home}: {error.strerror}; name a folder that can be written"
        ) from error
