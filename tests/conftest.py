"""What many tests stand on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import open_store
from bot.store.base import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty SQLite store, migrated."""
    store = await open_store(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    await store.migrate()
    yield store
    await store.close()
