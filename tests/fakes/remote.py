"""A loopback HTTP server that plays a remote in a thread of its own, keeps what arrived, and fails on demand."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import threading
import time
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


class Fault(Enum):
    """What may go wrong, seen from the client."""

    DROP_BEFORE = "the connection dies and the request was not accepted"
    DROP_AFTER = "the request was accepted and the connection dies"
    DELAY = "the request was accepted and the answer comes late"
    TRUNCATE = "the request was accepted and the answer's body stops half-way"
    GARBLE = "the request was accepted and the answer is no JSON"
    STATUS = "the request was not accepted; the answer is an error"
    STATUS_AFTER = "the request was accepted and the answer is an error"


@dataclass(slots=True)
class Script:
    """One fault: which requests it hits and how often."""

    fault: Fault
    match: str = ""  # part of the path
    times: int = 1  # 0: for ever
    skip: int = 0  # matching requests that pass first
    status: int = 500
    body: str | None = None  # None: the API's own form of that error
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: int | None = 1  # of a 429
    delay_s: float = 5.0
    hits: int = 0

    def takes(self, path: str) -> bool:
        """Whether this request is to fail; counts."""
        if self.match not in path or (self.times and self.hits >= self.times):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.hits += 1
        return True


@dataclass(slots=True)
class Chance(Script):
    """A fault that hits a share of the matching requests, by dice."""

    share: float = 0.0
    dice: random.Random = field(default_factory=random.Random)

    def takes(self, path: str) -> bool:
        """See Script."""
        if self.match not in path or self.dice.random() >= self.share:
            return False
        self.hits += 1
        return True


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request as it came in."""

    at: float  # time.monotonic()
    method: str
    path: str  # without the query
    headers: dict[str, str]  # names in lower case
    body: bytes
    params: dict[str, Any]  # query, form and JSON together


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    @classmethod
    def json(cls, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
        """A JSON answer."""
        return cls(status, json.dumps(value).encode(), headers or {})


class Remote:
    """Base of the stand-ins: subclass and answer. Use as a context manager; ``url`` is where it listens."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.lock = threading.RLock()  # held while a request is answered: tests see whole states
        self.arrived = threading.Event()  # set with each request; tests may clear it
        self._scripts: list[Script] = []
        self._closing = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    # ── for subclasses ───────────────────────────────────────────────────────────────────────

    def answer(self, arrival: Arrival) -> Reply:
        """Accept or refuse a request, as the documents say."""
        raise NotImplementedError

    def error(self, arrival: Arrival, script: Script) -> Reply:
        """A scripted error in the API's own form."""
        raise NotImplementedError

    # ── for tests ────────────────────────────────────────────────────────────────────────────

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>``."""
        assert self._server is not None, "not started"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, fault: Fault, **options: Any) -> Script:
        """Script a fault; see Script for the options. The first one that matches hits."""
        return self.play(Script(fault, **options))

    def play(self, script: Script) -> Script:
        """Add a fault to those that are scripted."""
        with self.lock:
            self._scripts.append(script)
        return script

    def heal(self) -> None:
        """Forget all scripted faults."""
        with self.lock:
            self._scripts.clear()

    def calls(self, match: str) -> list[Arrival]:
        """Requests whose path contains ``match``."""
        with self.lock:
            return [a for a in self.arrivals if match in a.path]

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name=type(self).__name__
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()  # waits for the handlers' threads
        self._thread.join()

    def serve(self, arrival: Arrival) -> tuple[Reply | None, bool]:
        """Answer one request, faults included.

        Returns:
            The reply, or None to drop the connection; and whether to cut its body.
        """
        with self.lock:
            self.arrivals.append(arrival)
            self.arrived.set()
            script = next((s for s in self._scripts if s.takes(arrival.path)), None)
            if script is None:
                return self.answer(arrival), False
            if script.fault is Fault.DROP_BEFORE:
                return None, False
            if script.fault is Fault.STATUS:
                return self._error(arrival, script), False
            reply = self.answer(arrival)
        if script.fault is Fault.DROP_AFTER:
            return None, False
        if script.fault is Fault.STATUS_AFTER:
            return self._error(arrival, script), False
        if script.fault is Fault.DELAY:
            self._closing.wait(script.delay_s)
            return reply, False
        if script.fault is Fault.GARBLE:
            return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers), False
        return reply, True

    def _error(self, arrival: Arrival, script: Script) -> Reply:
        if script.body is not None:
            kind = "application/json" if script.body.startswith("{") else "text/html"
            return Reply(script.status, script.body.encode(), script.headers, kind)
        reply = self.error(arrival, script)
        return Reply(reply.status, reply.body, {**reply.headers, **script.headers}, reply.content_type)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may leave at any time; an error of ours shows as a missing answer."""

    def hang_up(self) -> None:
        """End kept connections, so that their threads end."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _handler(remote: Remote) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write for head and body: two cost a delayed acknowledgement of 40 ms
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            """Silent."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            params: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
            kind = self.headers.get_content_type()
            if kind == "application/x-www-form-urlencoded":
                params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
            elif kind == "application/json" and body:
                try:
                    sent = json.loads(body)
                except ValueError:
                    sent = None
                params |= sent if isinstance(sent, dict) else {}
            headers = {name.lower(): value for name, value in self.headers.items()}
            arrival = Arrival(time.monotonic(), self.command, parts.path, headers, body, params)
            reply, cut = remote.serve(arrival)
            if reply is None:
                self._hang_up()
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if cut else reply.body)
            self.wfile.flush()
            if cut:
                self._hang_up()

        do_GET = do_POST  # noqa: N815  the name that http.server calls

        def _hang_up(self) -> None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    return Handler


def unused_url() -> str:
    """An address on which nothing listens: the connection is refused."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
