"""The worker process: started when needed, killed when stuck, gone when we are."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from bot.errors import SourceError
from bot.sources.feed_parser import IN_LOOP, FeedParser

GOOD = (
    b'<rss version="2.0"><channel><item><title>Example Chip gets a licence</title>'
    b"<link>https://news.example/1</link></item></channel></rss>"
)
DAMAGED = GOOD[:-15]
LARGE = GOOD.replace(b"</item>", b"<description>" + b"words " * (IN_LOOP // 6) + b"</description></item>")
SLOW = b"<rss><channel>" + b"<a>" * 84_000  # feedparser's time over open elements is quadratic: 3 s


@pytest.fixture
def parser():
    parser = FeedParser()
    yield parser
    parser.close()


async def test_an_ordinary_feed_needs_no_worker(parser):
    """Memory for the slow parser is spent only where it is needed."""
    (entry,) = await parser.parse(GOOD)
    assert entry.title == "Example Chip gets a licence"
    assert parser.worker_pid is None


@pytest.mark.parametrize("body", [DAMAGED, LARGE], ids=["damaged", "large"])
async def test_damaged_and_large_feeds_go_to_the_worker(parser, body):
    """Both give their entries from the other process, and the process stays for the next one."""
    (entry,) = await parser.parse(body)
    assert entry.title == "Example Chip gets a licence"
    pid = parser.worker_pid
    assert pid is not None
    await parser.parse(body)
    assert parser.worker_pid == pid


async def test_a_killed_worker_is_started_anew(parser):
    """SIGKILL between two feeds costs the next one a new start, nothing else."""
    await parser.parse(DAMAGED)
    first = parser.worker_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    (entry,) = await parser.parse(DAMAGED)
    assert entry.title == "Example Chip gets a licence"
    assert parser.worker_pid not in {None, first}


async def test_a_body_that_takes_too_long_is_given_up_and_the_next_one_is_read():
    """The limit ends the worker, says so, and the loop stays free meanwhile."""
    parser = FeedParser()
    await parser.parse(DAMAGED)
    parser._limit_s = 0.0  # any body takes longer
    beats = 0

    async def beat():
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.005)

    heart = asyncio.create_task(beat())
    with pytest.raises(SourceError, match="within 0 s"):
        await parser.parse(DAMAGED)
    heart.cancel()
    assert beats >= 1
    assert parser.worker_pid is None
    parser._limit_s = 2.0
    assert len(await parser.parse(DAMAGED)) == 1
    parser.close()


async def test_a_hostile_body_ends_within_its_limit(parser):
    """Whatever a quarter megabyte of broken markup does to the slow parser, it is over in time."""
    started = time.monotonic()
    try:
        assert len(await parser.parse(SLOW)) <= 500
    except SourceError as error:
        assert re.search(r"within 2 s|not a feed", str(error))  # noqa: PT017  a quick machine reads it in time
    assert time.monotonic() - started < 10


async def test_requests_at_the_same_time_get_their_own_answers(parser):
    """Answers are never swapped."""
    bodies = [DAMAGED.replace(b"Example Chip", b"Chip %d" % number) for number in range(8)]
    found = await asyncio.gather(*(parser.parse(body) for body in bodies))
    assert [entries[0].title for entries in found] == [f"Chip {number} gets a licence" for number in range(8)]


async def test_a_cancelled_request_does_not_answer_the_next_one(parser):
    """The worker of a cancelled request is ended, because its answer would come to the wrong question."""
    await parser.parse(DAMAGED)
    task = asyncio.create_task(parser.parse(LARGE))
    await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (entry,) = await parser.parse(DAMAGED.replace(b"Example", b"Other"))
    assert entry.title == "Other Chip gets a licence"


async def test_html_is_blocked_also_when_the_worker_says_it(parser):
    """A large web page is named as one."""
    with pytest.raises(SourceError, match="answers HTML") as caught:
        await parser.parse(b"<!doctype html><html>" + b"x" * IN_LOOP)
    assert caught.value.blocked


async def test_closing_ends_the_worker(parser):
    """After close, no process is left."""
    await parser.parse(DAMAGED)
    process = psutil.Process(parser.worker_pid)
    parser.close()
    assert parser.worker_pid is None
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_the_worker_does_not_outlive_a_killed_parent():
    """SIGKILL of the parent closes the worker's input, and that ends it."""
    script = textwrap.dedent(f"""
        import asyncio
        from bot.sources.feed_parser import FeedParser
        async def main():
            parser = FeedParser()
            await parser.parse({DAMAGED!r})
            print(parser.worker_pid, flush=True)
            await asyncio.sleep(60)
        asyncio.run(main())
    """)
    root = str(Path(__file__).parents[2])
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert psutil.wait_procs([worker], timeout=10)[0] or worker.status() == psutil.STATUS_ZOMBIE
