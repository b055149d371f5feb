"""Binding the address and serving, over uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog
import uvicorn
from starlette.applications import Starlette

from bot.errors import BotError, ConfigError

__all__ = ["Listener", "bind", "serve"]

log = structlog.get_logger(__name__)

SETTING = "CHIPWIRE_HTTP_LISTEN"
BACKLOG = 128
# A reader that takes nothing for this long is cut off by the kernel, also one that is alive and does not read.
UNREAD_LIMIT_S = 30


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound address."""

    socket: socket.socket
    url: str  # with the port that was really taken

    def close(self) -> None:
        """Let go of the address. May be called twice."""
        self.socket.close()


def bind(listen: str) -> Listener:
    """Take the address, so that a mistake in it shows before anything else starts.

    Args:
        listen: ``host:port``, IPv6 as ``[::1]:8787``; port 0 takes a free one.

    Raises:
        ConfigError: it is not an address of this machine.
        BotError: another program has it, or we may not have it.
    """
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ConfigError(f"{SETTING}: {listen!r} is no address; write host:port, e.g. 127.0.0.1:8787")
    try:
        family, *_, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        bound = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise _refused(listen, error) from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_LIMIT_S * 1000)
    bound.setblocking(False)
    taken = bound.getsockname()[1]
    return Listener(bound, f"http://[{host}]:{taken}" if ":" in host else f"http://{host}:{taken}")


def _refused(listen: str, error: OSError) -> BotError:
    if error.errno == errno.EADDRINUSE:
        return BotError(f"{SETTING}: {listen} is in use by another program; stop it or choose another port")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return BotError(f"{SETTING}: no permission to listen on {listen}; choose a port above 1023")
    reason = os.strerror(error.errno) if isinstance(error.errno, int) and error.errno > 0 else "unknown host"
    return ConfigError(f"{SETTING}: cannot listen on {listen}: {reason.lower()}; choose an address of this machine")


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers: the application's own decide when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


async def serve(
    app: Starlette, listen: str | Listener, stop: asyncio.Event, *, grace: timedelta = timedelta(seconds=3)
) -> str:
    """Serve until ``stop`` is set, then finish the requests in flight and let go of the address.

    Args:
        app: as ``build_web`` made it.
        listen: ``host:port``, or what ``bind`` returned for it.
        stop: set by whoever wants the server to end.
        grace: how long requests in flight may take after that.

    Returns:
        The URL that was served.

    Raises:
        BotError: the address cannot be had, see ``bind``.
    """
    listener = bind(listen) if isinstance(listen, str) else listen
    server = _Server(
        uvicorn.Config(
            app, http="h11", ws="none", lifespan="on", log_config=None, access_log=False, server_header=False,
            timeout_graceful_shutdown=max(1, round(grace.total_seconds())), h11_max_incomplete_event_size=32 * 1024,
        )
    )  # fmt: skip
    log.info("web_listening", url=listener.url)
    try:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(_run(server, app, listener), name="web server")
            stopping = tasks.create_task(_end_when(stop, server, app), name="web stop")
            await asyncio.wait([running])
            stopping.cancel()
    finally:
        listener.close()
    return listener.url


async def _run(server: uvicorn.Server, app: Starlette, listener: Listener) -> None:
    """Serve; when cancelled, end in order at once, so that no connection and no task stays behind."""
    serving = asyncio.ensure_future(server.serve(sockets=[listener.socket]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        _end(server, app)
        await serving
        raise


async def _end_when(stop: asyncio.Event, server: uvicorn.Server, app: Starlette) -> None:
    await stop.wait()
    _end(server, app)


def _end(server: uvicorn.Server, app: Starlette) -> None:
    # An event stream never ends by itself, and uvicorn waits for whatever is open.
    app.state.live.hub.close()
    server.should_exit = True
