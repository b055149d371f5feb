"""One polite client for everything that is polled: declared, conditional, bounded in bytes and seconds.

One small ``httpx.AsyncClient`` per host: httpx's pool looks at every connection for each request, so that one
client for 1,000 hosts did 11 requests a second where this does 1,093. A request first takes a slot of its host
and waits for the host's pace; only then does its clock run, so that waiting never counts as a timeout.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from bot.clock import Clock, SystemClock
from bot.errors import SourceError
from bot.http.addresses import PrivateAddressError, public_address
from bot.http.body import ACCEPTED_ENCODINGS, MAX_BYTES, BodyError, read_capped
from bot.http.pacing import GAPS_S, Pace, site_of

CONNECTIONS_PER_HOST = 2
TIMEOUT = timedelta(seconds=15)  # in all, redirects included, waiting for a slot excluded
MAX_REDIRECTS = 5
KEEP_OPEN = timedelta(seconds=15)  # a host asked less often than this gets its connections closed after each request
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer. ``body`` is decompressed and at most 5 MB, empty when ``not_modified``."""

    url: str  # the final one, after redirects
    body: bytes
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False

    @property
    def is_html(self) -> bool:
        """Whether the body begins like a web page, whatever its headers say."""
        head = self.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script"))


@dataclass(slots=True)
class _Host:
    """What is kept for one origin: its connections, its slots, and who uses them now."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS_PER_HOST))
    client: httpx.AsyncClient | None = None
    users: int = 0
    warm: bool = False  # its client has had an answer, so the next request may meet a connection gone stale


class PoliteClient:
    """Fetches what sources poll. Use as an async context manager, or call ``aclose``."""

    def __init__(
        self,
        *,
        contact: str | None = None,
        clock: Clock | None = None,
        gaps_s: Mapping[str, float] = GAPS_S,
        timeout: timedelta = TIMEOUT,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.contact = contact
        # Plain, without URL and brackets: sec.gov is reported to turn others away.
        self.user_agent = f"Chipwire {contact}" if contact else "Chipwire"
        self._clock = clock or SystemClock()
        self._gaps_s = gaps_s
        self._timeout_s = timeout.total_seconds()
        self._max_bytes = max_bytes
        self._hosts: dict[tuple[str, bool], _Host] = {}
        self._paces: dict[str, Pace] = {}
        self._tls: ssl.SSLContext | None = None  # one for all clients: each costs 20 ms and megabytes

    async def __aenter__(self) -> Self:
        """Nothing is opened before it is needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection. The client may be used again afterwards."""
        hosts, self._hosts = self._hosts, {}
        for host in hosts.values():
            if host.client is not None:
                await host.client.aclose()

    async def get(
        self,
        url: str,
        *,
        source: str = "",
        headers: Mapping[str, str] | None = None,
        user_agent: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        interval: timedelta | None = None,
        public_only: bool = False,
    ) -> Reply:
        """Fetch one URL, following at most five redirects.

        Args:
            url: http or https.
            source: name of the source, carried by the errors.
            headers: more request headers; they are not sent on to another host.
            user_agent: instead of the declared default.
            etag: validator of the last answer; sent as If-None-Match.
            last_modified: validator of the last answer; sent as If-Modified-Since.
            interval: how often this is asked; beyond 15 s the connection is closed afterwards.
            public_only: refuse addresses that are not public, on each hop and after name resolution.

        Raises:
            SourceError: no usable answer; ``permanent`` for 404 and 410, ``blocked`` for 401, 403, 451 and a
                503 with a web page, ``retry_after`` where the remote states a wait. The text holds no query.
        """
        sent = {
            "User-Agent": user_agent or self.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": ACCEPTED_ENCODINGS,
            **(headers or {}),
        }
        if etag:
            sent["If-None-Match"] = etag
        if last_modified:
            sent["If-Modified-Since"] = last_modified
        left_s = self._timeout_s
        here = url
        for _ in range(MAX_REDIRECTS + 1):
            began, result = await self._hop(here, sent, left_s, source, interval, public_only=public_only)
            if isinstance(result, Reply):
                return result
            left_s = max(0.1, left_s - (self._clock.monotonic() - began))
            there = self._redirected(here, result, source)
            if urlsplit(there).netloc != urlsplit(here).netloc:
                sent = {name: value for name, value in sent.items() if name not in (headers or {}) or name == "Accept"}
            here = there
        raise SourceError(f"{shown(url)} redirects more than {MAX_REDIRECTS} times", source=source)

    @staticmethod
    def _redirected(here: str, location: str, source: str) -> str:
        try:
            there = urljoin(here, location)
            parts = urlsplit(there)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            raise SourceError(f"{shown(here)} redirects to something that is no web address", source=source)
        # Whoever sits on the way of a plain request could put words into our alerts.
        if urlsplit(here).scheme == "https" and parts.scheme == "http":
            raise SourceError(f"{shown(here)} redirects from https to plain http ({shown(there)})", source=source)
        return there

    async def _hop(
        self,
        url: str,
        headers: Mapping[str, str],
        left_s: float,
        source: str,
        interval: timedelta | None,
        *,
        public_only: bool,
    ) -> tuple[float, Reply | str]:
        """One request: when its own time began, and the answer or the location that it redirects to."""
        try:
            parts = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise SourceError(f"{shown(url)} is no web address", source=source) from error
        if parts.scheme not in {"http", "https"} or not parts.host:
            raise SourceError(f"{shown(url)} is no http or https address", source=source, permanent=True)
        site = site_of(parts.host, self._gaps_s)
        pace = self._paces.setdefault(site, Pace(self._gaps_s.get(site, 0.0)))
        key = (f"{parts.scheme}://{parts.netloc.decode()}", public_only)
        host = self._hosts.setdefault(key, _Host())
        host.users += 1
        try:
            async with host.slots:
                if held := pace.held_for(self._clock.monotonic()):
                    raise SourceError(
                        f"{site} asked to be left alone for {held:.0f} s more",
                        source=source,
                        retry_after=timedelta(seconds=held),
                    )
                if wait := pace.reserve(self._clock.monotonic()):
                    await asyncio.sleep(wait)
                began = self._clock.monotonic()
                try:
                    async with asyncio.timeout(left_s):
                        return began, await self._answer(host, parts, headers, pace, source, public_only=public_only)
                except TimeoutError as error:
                    text = f"{shown(url)}: no complete answer within {self._timeout_s:g} s"
                    raise SourceError(text, source=source) from error
                except httpx.InvalidURL as error:  # httpx reads a redirect's target even where it does not follow it
                    text = f"{shown(url)} redirects to something that is no web address"
                    raise SourceError(text, source=source) from error
                except httpx.HTTPError as error:
                    raise SourceError(f"{shown(url)}: {_in_words(error)}", source=source) from error
                except PrivateAddressError as error:
                    raise SourceError(f"{shown(url)} {error}", source=source, permanent=True) from error
                except (BodyError, OSError) as error:
                    reason = error if isinstance(error, BodyError) else "its name cannot be resolved"
                    raise SourceError(f"{shown(url)}: {reason}", source=source) from error
        finally:
            host.users -= 1
            if not host.users and (host.client is None or interval is None or interval > KEEP_OPEN):
                await self._forget(key, site)

    async def _forget(self, key: tuple[str, bool], site: str) -> None:
        """Close an origin that nobody uses now. What its site asked of us stays known."""
        host = self._hosts.pop(key, None)
        pace = self._paces.get(site)
        if pace is not None and site not in self._gaps_s and not pace.held_for(self._clock.monotonic()):
            del self._paces[site]
        if host is not None and host.client is not None:
            await host.client.aclose()

    async def _answer(
        self, host: _Host, url: httpx.URL, headers: Mapping[str, str], pace: Pace, source: str, *, public_only: bool
    ) -> Reply | str:
        shown_to, sent, extensions = url, dict(headers), {}
        if public_only:
            # Connect to the very address that was checked, so that a second look-up cannot answer differently.
            address = await public_address(url.host, url.port or (443 if url.scheme == "https" else 80))
            sent["Host"] = url.netloc.decode()
            extensions["sni_hostname"] = url.host
            url = url.copy_with(host=address)
        for again in (False, True):
            if host.client is None:
                host.client = self._new_client()
            was_warm, host.warm = host.warm, True
            request = host.client.build_request("GET", url, headers=sent, extensions=extensions)
            try:
                response = await host.client.send(request, stream=True)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if again or not was_warm:
                    raise
                continue  # the remote closed a kept connection in the moment that we used it
            try:
                return await self._judged(response, str(shown_to), sent, pace, source)
            finally:
                await response.aclose()
        raise AssertionError("unreachable: the second attempt returns or raises")

    def _new_client(self) -> httpx.AsyncClient:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
        return httpx.AsyncClient(
            http2=True,
            verify=self._tls,
            follow_redirects=False,
            timeout=httpx.Timeout(self._timeout_s, pool=None),
            limits=httpx.Limits(
                max_connections=CONNECTIONS_PER_HOST,
                max_keepalive_connections=CONNECTIONS_PER_HOST,
                keepalive_expiry=2 * KEEP_OPEN.total_seconds(),
            ),
        )

    async def _judged(
        self, response: httpx.Response, url: str, sent: Mapping[str, str], pace: Pace, source: str
    ) -> Reply | str:
        status = response.status_code
        got = response.headers
        if status in _REDIRECTS and "location" in got:
            return str(got["location"])
        if status == HTTPStatus.NOT_MODIFIED and ("If-None-Match" in sent or "If-Modified-Since" in sent):
            return Reply(
                url=url,
                body=b"",
                etag=got.get("etag") or sent.get("If-None-Match"),
                last_modified=got.get("last-modified") or sent.get("If-Modified-Since"),
                not_modified=True,
            )
        if status != HTTPStatus.OK:
            raise self._refusal(response, url, pace, source)
        length = got.get("content-length", "")
        if length.isdigit() and int(length) > self._max_bytes:
            raise BodyError(f"larger than {self._max_bytes / 1024 / 1024:.0f} MB")
        return Reply(
            url=url,
            body=await read_capped(response.aiter_raw(), got.get("content-encoding", ""), cap=self._max_bytes),
            content_type=got.get("content-type", ""),
            etag=got.get("etag"),
            last_modified=got.get("last-modified"),
        )

    def _refusal(self, response: httpx.Response, url: str, pace: Pace, source: str) -> SourceError:
        status = response.status_code
        retry_after = parse_retry_after(response.headers.get("retry-after", ""), self._clock.now())
        if status in {429, 503} and retry_after is not None:
            pace.hold(self._clock.monotonic(), retry_after.total_seconds())
        page = response.headers.get("content-type", "").lower().startswith("text/html")
        challenge = status == HTTPStatus.SERVICE_UNAVAILABLE and (page or "cf-mitigated" in response.headers)
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "no known status"
        return SourceError(
            f"{shown(url)} answers {status} {phrase}",
            source=source,
            permanent=status in {404, 410},
            blocked=status in {401, 403, 451} or challenge,
            retry_after=retry_after,
        )


def parse_retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or an HTTP date; None when it says nothing usable. At most one day.

    Source: RFC 9110, section 10.2.3.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), timedelta(days=1))
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return min(max(when - now, timedelta(0)), timedelta(days=1))


def shown(url: str) -> str:
    """The URL as messages may show it: without user, password, query and fragment, where keys are kept."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "the address"
    if not netloc:
        return "the address"
    return f"{parts.scheme}://{netloc}{parts.path}" + ("?…" if parts.query else "")


def _in_words(error: httpx.HTTPError) -> str:
    """What went wrong on the way, for a person."""
    cause: BaseException | None = error
    while cause is not None:
        text = str(cause)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({cause.verify_message})"
        if isinstance(cause, ConnectionRefusedError) or "Connection refused" in text:
            return "connection refused"
        if isinstance(cause, OSError) and type(cause).__name__ == "gaierror":
            return "its name cannot be resolved"
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.TimeoutException():
            return "no answer in time"
        case httpx.ConnectError():
            return f"no connection ({error or 'no reason given'})"
        case httpx.RemoteProtocolError():
            return "broke off its answer or does not speak HTTP"
        case httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
            return "the connection was lost"
        case _:
            return f"{type(error).__name__}: {error}"
