"""Runs the real program as a process, the way a user's machine does."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Chipwire:
    """One `chipwire run` with settings of its own. Its logs are JSON on stderr and are kept."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.settings = settings
        self.logs: list[dict[str, Any]] = []
        self.noise: list[str] = []  # lines on stderr that are not logs
        self.out: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._readers: list[threading.Thread] = []
        self._news: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    @property
    def environ(self) -> dict[str, str]:
        """The environment: the settings, and nothing of the one that the tests run in."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONUNBUFFERED": "1",
            "CHIPWIRE_HOME": str(self.home),
            "CHIPWIRE_HTTP_LISTEN": "127.0.0.1:0",
            "CHIPWIRE_LOG_JSON": "true",
            **self.settings,
        }

    def command(self, *arguments: str, stdin: bytes = b"", timeout: float = 60) -> subprocess.CompletedProcess[bytes]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.home, env=self.environ | {"PYTHONPATH": str(ROOT)}, input=stdin, capture_output=True,
            timeout=timeout, check=False,
        )  # fmt: skip

    def start(self, *arguments: str) -> Self:
        """Start `chipwire run`."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *arguments],
            cwd=self.home, env=self.environ | {"PYTHONPATH": str(ROOT)}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        for stream, keep in ((self._process.stderr, self._log), (self._process.stdout, self.out.append)):
            reader = threading.Thread(target=self._read, args=(stream, keep), daemon=True)
            reader.start()
            self._readers.append(reader)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        for reader in self._readers:
            reader.join(10)

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self, timeout: float = 20) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout)

    def wait(self, timeout: float = 30) -> int:
        """Wait for it to end by itself; returns the exit code."""
        assert self._process is not None
        return self._process.wait(timeout)

    def until(self, event: str, *, timeout: float = 40, **values: Any) -> dict[str, Any]:
        """Wait for a log line of this event, among those not yet waited for."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._news.get(timeout=left)
            except queue.Empty:
                break
            if line.get("event") == event and all(line.get(k) == v for k, v in values.items()):
                return line
        raise AssertionError(f"no {event} {values} within {timeout} s; logs: {self.logs[-12:]}; {self.noise[-12:]}")

    def _read(self, stream: Any, keep: Any) -> None:
        with stream:
            for line in stream:
                keep(line.rstrip("\n"))

    def _log(self, line: str) -> None:
        try:
            record = json.loads(line)
        except ValueError:
            self.noise.append(line)
            return
        self.logs.append(record)
        self._news.put(record)


def eventually(check: Any, *, within: float = 30, what: str = "it") -> None:
    """Wait until ``check()`` is true."""
    deadline = time.monotonic() + within
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within} s")
        time.sleep(0.05)
