"""The process that parses what the event loop must not: large bodies, and everything for feedparser.

A thread would be no isolation: a regular expression keeps the interpreter's lock until it ends. Started as
``python -P -m bot.sources.feed_worker``; it imports the parsers and little else. A request on standard
input is a header, ``length`` of the JSON head and ``length`` of the body (two big-endian 32-bit numbers), then
both; an answer on standard output is one length and one JSON object. The end of input ends it, so it cannot outlive
its parent; a parse that hangs after the parent's death is ended by the watchdog.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import struct
import sys
from dataclasses import astuple
from pathlib import Path
from typing import IO, Any

from bot.sources import feed_document

REQUEST = struct.Struct(">II")
ANSWER = struct.Struct(">I")
HARD_LIMIT_S = 5.0  # the parent kills at 2 s; this is for a parent that died meanwhile
MEMORY_LIMIT = 1 << 30


def main() -> None:
    """Answer requests until the input ends."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # A library that prints must not break the framing.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    _limit_memory()
    with Path(os.devnull).open("w", encoding="utf-8") as trace:
        _write(answers, {"ready": True})
        while len(head := requests.read(REQUEST.size)) == REQUEST.size:
            head_length, body_length = REQUEST.unpack(head)
            request = json.loads(requests.read(head_length))
            body = requests.read(body_length)
            # A thread of C code, which needs no lock of the interpreter's to end the process.
            faulthandler.dump_traceback_later(HARD_LIMIT_S, exit=True, file=trace)
            answer = _answer(request, body)
            faulthandler.cancel_dump_traceback_later()
            _write(answers, answer)


def _answer(request: dict[str, str], body: bytes) -> dict[str, Any]:
    try:
        parse = feed_document.parse_slow if request["parser"] == "slow" else feed_document.parse
        entries = parse(body, content_type=request["content_type"])
    except feed_document.NotAFeedError as error:
        return {"refused": str(error), "html": error.html}
    except Exception as error:  # noqa: BLE001  parsers of foreign bytes fail in every way; one body ends, not the worker
        return {"refused": f"cannot be read as a feed ({type(error).__name__})", "html": False}
    return {"entries": [astuple(entry) for entry in entries]}


def _write(stream: IO[bytes], answer: dict[str, Any]) -> None:
    data = json.dumps(answer).encode()  # ASCII: lone surrogates survive as escapes
    stream.write(ANSWER.pack(len(data)) + data)
    stream.flush()


def _limit_memory() -> None:
    """Let a monstrous document fail here instead of in the kernel's choice of victim. Where the platform can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on every platform

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
