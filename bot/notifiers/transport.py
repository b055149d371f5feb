"""An httpx transport that keeps secret URLs out of logs and errors.

httpx writes the URL of every request into its log and its exceptions; Telegram puts the token into the path, and a
webhook's URL is often itself the secret. So the client is given a harmless URL, and the real one is put in here, on
the last step before the wire.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import httpx

KEEP_S = 30.0  # an idle connection is kept this long: most alerts then pay for no handshake
# Errors that are raised before the first byte of a request leaves: the remote cannot have seen it.
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class SecretUrlTransport(httpx.AsyncBaseTransport):
    """Sends each request to ``reveal(request)`` instead of the URL that its client knows."""

    def __init__(self, reveal: Callable[[httpx.Request], httpx.URL], *, connections: int = 16) -> None:
        """Open no connection yet.

        Args:
            reveal: the real URL of a request.
            connections: at most so many at once.
        """
        self._reveal = reveal
        self._limits = httpx.Limits(max_connections=connections, keepalive_expiry=KEEP_S)
        self._inner: dict[str | None, httpx.AsyncHTTPTransport] = {}  # by proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        url = self._reveal(request)
        proxy = _environment_proxy(url)
        if proxy not in self._inner:  # a client with a transport of its own does not look at the environment
            self._inner[proxy] = httpx.AsyncHTTPTransport(limits=self._limits, proxy=proxy)
        real = httpx.Request(
            request.method,
            url,
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._inner[proxy].handle_async_request(real)

    async def aclose(self) -> None:
        """See httpx.AsyncBaseTransport."""
        for inner in self._inner.values():
            await inner.aclose()
        self._inner.clear()


def _environment_proxy(url: httpx.URL) -> str | None:
    """The proxy that the environment names for a URL; None where it names none or exempts the host."""
    if urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if proxy and proxy.startswith(("http://", "https://")) else None
