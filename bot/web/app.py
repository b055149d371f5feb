"""The routes: what the web server answers, and what it refuses."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import bot
from bot.bus import Bus
from bot.clock import Clock, SystemClock
from bot.domain import Alert
from bot.errors import StoreError
from bot.health import Health
from bot.store.base import Store
from bot.web.live import Live
from bot.web.metrics import CONTENT_TYPE, HeadlineCounter, families_of, render
from bot.web.stream import Client, Event, Hub, StreamFull, write
from bot.web.views import alert_view, dump, iso, story_view

__all__ = ["build_web"]

log = structlog.get_logger(__name__)

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
SAME_MOMENT = 64  # more than the desk decides in one batch: alerts that may share one created_at
STORE_TIMEOUT_S = 5.0  # readiness must answer also when the store hangs

_SLUG = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_CURSOR = re.compile(r"(?P<moment>[0-9TZ:.+ -]{10,40})(?:,(?P<id>[^,\s]{1,100}))?")


def build_web(
    store: Store, bus: Bus, *, health: Health, clock: Clock | None = None, more: Sequence[Route] = ()
) -> Starlette:
    """Make the web application.

    Its lifespan runs the follower of new alerts, the one waiter for the bus's topic ``published``.

    Args:
        store: read only.
        bus: tells when there are new alerts.
        health: of this process; the loops write it.
        clock: the machine's own if None.
        more: routes of others, which answer what a chat platform calls us with.
    """
    clock = clock or SystemClock()
    live = Live(store, bus, clock, health)
    web = _Web(store, live, health, clock, HeadlineCounter(store, clock, health.started_at), _Page.load())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(live.run(), name="web follow")
            yield
            live.hub.close()
            following.cancel()

    app = Starlette(
        routes=[
            Route("/", web.page),
            Route("/healthz", web.healthz),
            Route("/readyz", web.readyz),
            Route("/metrics", web.metrics),
            Route("/api/alerts", web.alerts),
            Route("/api/stories/{slug}", web.story),
            Route("/api/stream", web.stream),
            *more,
        ],
        middleware=[Middleware(_Guarded)],
        exception_handlers={HTTPException: _refuse, StoreError: _store_down},  # type: ignore[dict-item]
        lifespan=lifespan,
    )
    app.state.live = live
    return app


@dataclass(frozen=True, slots=True)
class _Page:
    """The live page and the policy that lets its own script and style run, and nothing else."""

    html: str
    policy: str

    @classmethod
    def load(cls) -> _Page:
        html = files("bot.web").joinpath("page.html").read_text(encoding="utf-8")
        script, style = (_hash(html, tag) for tag in ("script", "style"))
        return cls(
            html,
            f"default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; img-src data:; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )


def _hash(html: str, tag: str) -> str:
    """The policy's name for the page's one inline element of this tag."""
    inside = html.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dump(value) + "\n", status, headers, "application/json")


@dataclass(frozen=True, slots=True)
class _Web:
    """The answers."""

    store: Store
    live: Live
    health: Health
    clock: Clock
    headlines: HeadlineCounter
    live_page: _Page

    async def page(self, _: Request) -> Response:
        """``/``: the live page."""
        headers = {"content-security-policy": self.live_page.policy}
        return Response(self.live_page.html, headers=headers, media_type="text/html")

    async def healthz(self, _: Request) -> Response:
        """``/healthz``: 200 while every loop turns, 503 when one is stuck."""
        loops = self.health.loops()
        body = {
            "alive": not any(loop.stalled for loop in loops),
            "version": bot.__version__,
            "started_at": iso(self.health.started_at),
            "loops": {
                loop.name: {"silent_s": round(loop.silent_for.total_seconds(), 1), "stalled": loop.stalled}
                for loop in loops
            },
        }
        return _json(body, 200 if body["alive"] else 503)

    async def readyz(self, _: Request) -> Response:
        """``/readyz``: 200 once the store answers, the model is loaded and a source was polled."""
        checks = {"store": "ok", "model": "not loaded yet", "sources": "unknown"}
        if self.health.model is not None or not self.health.needs_model:
            checks["model"] = "ok"
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                states = await self.store.source_states()
        except (StoreError, TimeoutError) as error:
            log.warning("store_not_ready", error=str(error) or "no answer in time")
            checks["store"] = "cannot be read"
        else:
            polled = any(state.last_ok_at is not None for state in states.values())
            checks["sources"] = "ok" if polled else "none polled with success yet"
        ready = all(check == "ok" for check in checks.values())
        return _json({"ready": ready, "checks": checks, "model": self.health.model}, 200 if ready else 503)

    async def metrics(self, _: Request) -> Response:
        """``/metrics``: Prometheus text; answers also when the store does not."""
        headlines: dict[tuple[str, str], int] = {}
        backlog: dict[str, int] = {}
        states: Sequence[Any] = ()
        up = True
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                headlines = await self.headlines.read()
                backlog = await self.store.backlog()
                states = list((await self.store.source_states()).values())
        except (StoreError, TimeoutError) as error:
            log.warning("metrics_without_store", error=str(error) or "no answer in time")
            up = False
        families = families_of(
            health=self.health,
            version=bot.__version__,
            now=self.clock.now(),
            headlines=headlines,
            backlog=backlog,
            sources=states,
            latency=self.live.latency,
            clients=len(self.live.hub),
            store_up=up,
        )
        return Response(render(families), headers={"content-type": CONTENT_TYPE})

    async def alerts(self, request: Request) -> Response:
        """``/api/alerts?limit=&before=``: newest first; ``next`` is the ``before`` of the page that follows."""
        limit = _limit(request.query_params.get("limit"))
        before = _Before.parse(request.query_params.get("before"))
        found = await self.store.recent_alerts(limit + 1 + SAME_MOMENT, before.until if before else None)
        if before is not None:
            found = before.rest(found)
        page, more = found[:limit], len(found) > limit
        views = [alert_view(alert, await self.live.deliveries_of(alert)) for alert in page]
        return _json({"alerts": views, "next": f"{iso(page[-1].created_at)},{page[-1].id}" if more else None})

    async def story(self, request: Request) -> Response:
        """``/api/stories/{slug}``: one story with its alerts, oldest first."""
        slug: str = request.path_params["slug"]
        found = await self.store.story(slug) if _SLUG.fullmatch(slug) else None
        if found is None:
            raise HTTPException(404, "there is no story with this slug")
        story, alerts = found
        return _json(story_view(story, [alert_view(a, await self.live.deliveries_of(a)) for a in alerts]))

    async def stream(self, request: Request) -> Response:
        """``/api/stream``: each new alert as a server-sent event whose id is the alert's.

        ``Last-Event-ID`` (or ``?last_id=``) brings what was missed; ``?detail=1`` adds the page's events
        ``deliveries`` and ``status``.
        """
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}  # nginx would hold events back
        if request.method == "HEAD":
            return Response(headers=headers, media_type="text/event-stream")
        detail = request.query_params.get("detail") == "1"
        last_id = request.headers.get("last-event-id") or request.query_params.get("last_id")
        try:
            client = self.live.hub.admit(detail=detail)
        except StreamFull:
            raise HTTPException(503, "the stream has no room for more readers; try again later") from None
        try:
            first: list[Event] = [await self.live.status()] if detail else []
            if last_id:
                first += await self.live.missed(last_id)
        except BaseException:
            self.live.hub.leave(client)
            raise
        return _Stream(self.live.hub, client, first, headers)


class _Stream(StreamingResponse):
    """A stream whose reader leaves the hub however it ends, also when not a byte of it could be sent."""

    def __init__(self, hub: Hub, client: Client, first: Sequence[Event], headers: dict[str, str]) -> None:
        super().__init__(write(client, first), headers=headers, media_type="text/event-stream")
        self._leave = partial(hub.leave, client)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the reader goes or is let go."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_LIMIT):
        raise HTTPException(400, f"limit: write a whole number from 1 to {MAX_LIMIT}")
    return int(text)


@dataclass(frozen=True, slots=True)
class _Before:
    """Where a page of alerts begins: before a moment, and among those of that moment after an id."""

    moment: datetime
    id: str | None

    @classmethod
    def parse(cls, text: str | None) -> _Before | None:
        """Read ``before``; None when there is none.

        Raises:
            HTTPException: it is neither a time with a zone nor the ``next`` of a page.
        """
        if text is None:
            return None
        found = _CURSOR.fullmatch(text)
        moment = _moment(found["moment"]) if found is not None else None
        if found is None or moment is None:
            hint = "before: write a time with its zone, e.g. 2026-01-30T08:00:00Z, or the next of the last page"
            raise HTTPException(400, hint)
        return cls(moment, found["id"])

    @property
    def until(self) -> datetime:
        """What to ask the store for: everything before this."""
        return self.moment if self.id is None else self.moment + timedelta(microseconds=1)

    def rest(self, alerts: list[Alert]) -> list[Alert]:
        """Drop what earlier pages held. The store's order within one moment is by id, downwards."""
        if self.id is None:
            return alerts
        return [a for a in alerts if (a.created_at, a.id) < (self.moment, self.id)]


def _moment(text: str) -> datetime | None:
    """A time with its zone, in UTC; None when it is none, or so late that nothing can come after it."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a "+" that was not escaped arrives as a blank
        in_utc = moment.astimezone(UTC) + timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None
    return in_utc - timedelta(microseconds=1) if moment.tzinfo is not None else None


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


async def _refuse(_: Request, error: HTTPException) -> Response:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    text = error.detail
    if error.status_code == 404 and text == "Not Found":
        text = "there is nothing at this address"
    if error.status_code == 405:
        headers["allow"] = "GET, HEAD"
        text = "this server only answers GET"
    return _json({"error": text}, error.status_code, headers)


async def _store_down(request: Request, error: StoreError) -> Response:
    # The text may name a file or a server: that is for the operator's log, not for the network.
    log.warning("web_store_unreachable", path=request.url.path, error=str(error))
    return _json({"error": "the store cannot be read at the moment; try again"}, 503, {"retry-after": "2"})


class _Guarded:
    """Puts the security headers on every answer, whatever made it."""

    HEADERS = {  # noqa: RUF012  never changed
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-store",
    }

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
