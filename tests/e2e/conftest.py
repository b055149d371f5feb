"""The world that the program runs in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.world import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Five sources of five kinds, polled every second, and one channel on each platform."""
    with open_world(tmp_path) as opened:
        yield opened
