"""How long from seen to sent, and in how much memory: the real program against sources and platforms on loopback.

python -m tests.bench.bench_path [--headlines 60]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from tests.e2e.news import NOISE, RELEVANT
from tests.e2e.process import eventually
from tests.e2e.world import open_world


def main() -> None:
    """Publish headlines one by one and report the waits that the program itself logged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--headlines", type=int, default=60)
    wanted = parser.parse_args().headlines
    headlines = [*RELEVANT, *NOISE]
    with tempfile.TemporaryDirectory() as folder, open_world(Path(folder)) as world:
        world.bot.start()
        for _ in range(5):
            world.bot.until("baseline")
        for number in range(wanted):
            world.feeds.publish(headlines[number % len(headlines)])
            time.sleep(0.2)
        eventually(lambda: all(world.slack_posts(h) for h in RELEVANT[: min(wanted, len(RELEVANT))]))
        memory = psutil.Process(world.bot.pid).memory_info().rss / 2**20
        world.bot.stop()
        took = sorted(line["seen_to_sent_ms"] for line in world.bot.logs if line["event"] == "sent")
    p95 = took[round(0.95 * (len(took) - 1))]
    print(f"seen → sent over {len(took)} deliveries: median {statistics.median(took):.0f} ms, p95 {p95} ms")
    print(f"resident memory with the model loaded: {memory:.0f} MB")


if __name__ == "__main__":
    main()
