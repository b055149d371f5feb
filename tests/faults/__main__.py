"""See the package."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bot import log
from tests.faults.news import DESTINATIONS
from tests.faults.weather import weather_out


def main() -> int:
    """Run it once and print the figures; 1 where a promise was broken."""
    ask = argparse.ArgumentParser(prog="python -m tests.faults", description="500 alerts while the calls fail")
    ask.add_argument("--alerts", type=int, default=500)
    ask.add_argument("--each", type=int, default=len(DESTINATIONS), help="destinations of an alert")
    ask.add_argument("--share", type=float, default=0.2, help="of the calls that fail")
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    log.configure(level="error")
    with tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(
            weather_out(Path(folder), alerts=given.alerts, each=given.each, share=given.share, seed=given.seed)
        )
    print("\n".join(outcomes.lines()))
    return 1 if outcomes.problems() else 0


if __name__ == "__main__":
    sys.exit(main())
