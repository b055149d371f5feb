"""What many tests stand on."""

import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.store import open_store
from bot.store.base import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty SQLite store, migrated."""
    store = await open_store(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    await store.migrate()
    yield store
    await store.close()


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging as it was: a command that a test runs in this process points it to a stream that is closed afterwards."""
    root = logging.getLogger()
    handlers, level, hooks = list(root.handlers), root.level, (sys.excepthook, threading.excepthook)
    yield
    structlog.reset_defaults()
    root.handlers[:], (sys.excepthook, threading.excepthook) = handlers, hooks
    root.setLevel(level)
