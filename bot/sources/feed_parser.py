"""Which parser reads a feed, and where: in the event loop, or in one long-lived process that may be killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any, Literal

from bot.errors import SourceError
from bot.sources.feed_document import Entry, NotAFeedError, guard, parse_fast
from bot.sources.feed_worker import ANSWER, REQUEST

IN_LOOP = 256 * 1024  # bytes; real feeds below it take 2 ms at the 95th percentile
LIMIT_S = 2.0  # for one body in the worker
START_LIMIT_S = 20.0  # for the worker itself; 240 ms on an idle machine
_ROOT = str(Path(__file__).resolve().parents[2])
_ANSWER_CAP = 64 * 1024 * 1024


class FeedParser:
    """Turns bodies into entries. One serves all feeds of a process; it starts its worker when first needed."""

    def __init__(self, *, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._lock = asyncio.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._finalizer: weakref.finalize[[subprocess.Popen[bytes]], FeedParser] | None = None

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id while it runs; None before it is needed and after it died."""
        return self._worker.pid if self._worker is not None and self._worker.poll() is None else None

    async def parse(self, body: bytes, *, content_type: str = "") -> list[Entry]:
        """Read a feed of any dialect.

        Args:
            body: at most 5 MB, decompressed.
            content_type: as the HTTP header gave it; its charset counts.

        Returns:
            At most 500 entries in the feed's order; empty for a sound feed without entries.

        Raises:
            SourceError: not a feed (``blocked`` for a web page), or one that took too long to read.
        """
        parser: Literal["slow", "both"] = "both"
        if len(body) <= IN_LOOP:
            try:
                body = guard(body, content_type)
                entries = parse_fast(body)
            except NotAFeedError as error:
                raise SourceError(str(error), blocked=error.html) from error
            if entries is not None:
                return entries
            parser = "slow"
        head = json.dumps({"parser": parser, "content_type": content_type}).encode()
        answer = await self._ask(REQUEST.pack(len(head), len(body)) + head + body)
        if "refused" in answer:
            raise SourceError(str(answer["refused"]), blocked=bool(answer["html"]))
        return [Entry(*fields) for fields in answer["entries"]]

    async def _ask(self, request: bytes) -> dict[str, Any]:
        async with self._lock:
            for again in (False, True):
                worker = await self._running()
                try:
                    async with asyncio.timeout(self._limit_s):
                        return await _in_thread(worker, request)
                except TimeoutError as error:
                    self._stop()
                    text = f"cannot be read as a feed within {self._limit_s:g} s"
                    raise SourceError(text) from error
                except (OSError, ValueError, EOFError) as error:
                    # Somebody killed it, or this body did: a second death under the same body is the body's fault.
                    self._stop()
                    if again:
                        raise SourceError("cannot be read as a feed: its parser died over it") from error
                except BaseException:
                    self._stop()  # cancelled in the middle: its next answer would be to the wrong question
                    raise
        raise AssertionError("unreachable: the second attempt returns or raises")

    async def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        self._stop()
        # The package's own folder first, so that it also starts from a checkout; -P keeps the current folder out.
        path = os.pathsep.join(filter(None, [_ROOT, os.environ.get("PYTHONPATH")]))
        worker = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-P", "-m", "bot.sources.feed_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._worker = worker
        self._finalizer = weakref.finalize(self, _end, worker)
        try:
            async with asyncio.timeout(START_LIMIT_S):
                await _in_thread(worker, b"")
        except (TimeoutError, OSError, ValueError, EOFError) as error:
            self._stop()
            raise SourceError("the process that reads difficult feeds does not start") from error
        except BaseException:
            self._stop()
            raise
        return worker

    def _stop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()  # at most once, whoever calls it
        self._worker = self._finalizer = None

    def close(self) -> None:
        """End the worker, if there is one. A parser that is garbage ends its worker too, and so does our exit."""
        self._stop()


async def _in_thread(worker: subprocess.Popen[bytes], request: bytes) -> dict[str, Any]:
    """Send a request and read the answer. When this is abandoned, killing the worker ends the thread."""
    return await asyncio.to_thread(_exchange, worker, request)


def _exchange(worker: subprocess.Popen[bytes], request: bytes) -> dict[str, Any]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    if request:
        worker.stdin.write(request)
        worker.stdin.flush()
    head = worker.stdout.read(ANSWER.size)
    if len(head) < ANSWER.size:
        raise EOFError
    (length,) = ANSWER.unpack(head)
    if length > _ANSWER_CAP:
        raise ValueError(length)
    data = worker.stdout.read(length)
    if len(data) < length:
        raise EOFError
    answer: dict[str, Any] = json.loads(data)
    return answer


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError, ValueError):
                pipe.close()
