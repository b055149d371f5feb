"""The web server over a real socket and a real store: what it answers, streams and refuses."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import httpx
import pytest

from bot.bus import PUBLISHED, LocalBus
from bot.domain import Mention, Outcome, Reason, SourceSpec, Tier, Urgency
from bot.errors import BotError, ConfigError
from bot.health import Health
from bot.store import open_store
from bot.web import bind, build_web, serve
from bot.web.stream import QUEUE, Client, Event, write
from tests.fakes.clock import FakeClock
from tests.fakes.store import FailingStore, send_next, tell
from tests.fakes.stored import CHANNEL, SLACK, make_headline

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert('chips')</script> & \u2028 \u202e"


@dataclass
class Site:
    """A served application with everything that a test moves."""

    store: Any
    bus: LocalBus
    health: Health
    live: Any
    http: httpx.AsyncClient
    stop: asyncio.Event
    serving: asyncio.Task[str]

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


@asynccontextmanager
async def served(**health: Any) -> AsyncIterator[Site]:
    """Serve on a free port until the block ends."""
    real = await open_store("sqlite://")
    await real.migrate()
    store, bus, pulse, stop = FailingStore(real), LocalBus(), Health(**health), asyncio.Event()
    app = build_web(store, bus, health=pulse)  # type: ignore[arg-type]
    listener = bind("127.0.0.1:0")
    serving = asyncio.create_task(serve(app, listener, stop))
    try:
        async with httpx.AsyncClient(base_url=listener.url, timeout=5) as http:
            yield Site(store, bus, pulse, app.state.live, http, stop, serving)
    finally:
        stop.set()
        async with asyncio.timeout(5):
            assert await serving == listener.url
        await real.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A server with the model loaded and nothing in the store."""
    async with served(model="tiny-1") as opened:
        yield opened


class Stream:
    """Reads server-sent events."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def block(self) -> dict[str, str]:
        """The fields up to the next blank line; a comment's key is empty."""
        found: dict[str, str] = {}
        async with asyncio.timeout(5):
            async for line in self._lines:
                if not line:
                    return found
                name, _, value = line.partition(":")
                found[name] = value.strip()
        raise EOFError

    async def event(self, name: str | None = None) -> dict[str, Any]:
        """The next event of this name, its data read."""
        while True:
            block = await self.block()
            if "data" in block and block.get("event") == name:
                return {**block, "data": json.loads(block["data"])}


@asynccontextmanager
async def stream(site: Site, path: str = "/api/stream", **headers: str) -> AsyncIterator[Stream]:
    """Read the stream; its opening has been read when the block begins."""
    async with site.http.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        reader = Stream(answer)
        assert await reader.block() == {"retry": "2000", "": "chipwire"}
        yield reader


# ── the API ──────────────────────────────────────────────────────────────────────────────────────


async def test_alerts_are_listed_newest_first_with_their_three_times_in_utc(site: Site) -> None:
    """An alert shows when it was published, seen and sent, and what its deliveries came to."""
    await tell(site.store, 1, at=NOON)
    await tell(site.store, 2, at=NOON + timedelta(seconds=9), to=(SLACK, CHANNEL))
    await send_next(site.store, SLACK, at=NOON + timedelta(seconds=9.25))
    body = await site.get("/api/alerts")
    newest, oldest = body["alerts"]
    assert (newest["headline"], oldest["headline"]) == (make_headline(2).text, make_headline(1).text)
    assert newest["published_at"] == "2026-03-02T12:00:07.000000Z"
    assert newest["first_seen_at"] == "2026-03-02T12:00:09.000000Z"
    assert newest["decided_at"] == "2026-03-02T12:00:09.040000Z"
    assert newest["sent_at"] == "2026-03-02T12:00:09.250000Z"
    assert newest["deliveries"] == {"pending": 1, "sent": 1}
    assert newest["tickers"] == {"ASML": -1}
    assert newest["companies"][1] == {
        "name": "Veldhoven Optics", "ticker": None, "direction": 0, "named": False, "role": None, "why": None,
    }  # fmt: skip
    assert body["next"] is None


async def test_pages_follow_each_other_without_gap_or_overlap(site: Site) -> None:
    """Paging with `next` visits every alert once, also where many share one moment."""
    for n in range(1, 8):
        await tell(site.store, n, at=NOON if n < 6 else NOON + timedelta(seconds=n))
    seen: list[str] = []
    before = None
    while True:
        params = {"limit": "2"} | ({"before": before} if before else {})
        page = (await site.http.get("/api/alerts", params=params)).json()
        assert len(page["alerts"]) <= 2
        seen += [alert["id"] for alert in page["alerts"]]
        before = page["next"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_before_takes_a_time_in_any_zone(site: Site) -> None:
    """`before` cuts at a moment, whatever zone it is written in."""
    await tell(site.store, 1, at=NOON)
    await tell(site.store, 2, at=NOON + timedelta(minutes=1))
    page = await site.get("/api/alerts?before=2026-03-02T13:00:30+01:00")
    assert [alert["headline"] for alert in page["alerts"]] == [make_headline(1).text]


async def test_a_bad_limit_is_refused_in_one_line(site: Site) -> None:
    """A limit that is no number from 1 to 200 gets 400 and one line that says what to write."""
    for limit in ("0", "201", "-1", "ten", "", "1.5", "٣", "9" * 40, "000201"):
        answer = await site.http.get("/api/alerts", params={"limit": limit})
        assert answer.status_code == 400, limit
        assert answer.json() == {"error": "limit: write a whole number from 1 to 200"}
    await site.get("/api/alerts?limit=200")


async def test_a_bad_before_is_refused_in_one_line(site: Site) -> None:
    """A `before` that is no time with a zone gets 400 and one line that says what to write."""
    last = "9999-12-31T23:59:59.999999Z"
    for before in ("yesterday", "", "2026-03-02T12:00:00", "2026-13-02T12:00:00Z", last, "\0", "2026-03-02,x"):
        answer = await site.http.get("/api/alerts", params={"before": before})
        assert answer.status_code == 400, before
        assert answer.json()["error"].startswith("before: write a time with its zone")


async def test_a_story_is_told_with_its_alerts_in_order(site: Site) -> None:
    """A story shows its alerts from the first to the last."""
    await tell(site.store, 1, at=NOON, story="spares-curb")
    await tell(
        site.store, 2, at=NOON + timedelta(hours=1), story="spares-curb",
        outcome=Outcome.UPDATE, reason=Reason.NEW_NUMBER,
    )  # fmt: skip
    body = await site.get("/api/stories/spares-curb")
    assert body["slug"] == "spares-curb"
    assert [alert["reason"] for alert in body["alerts"]] == ["new_story", "new_number"]


async def test_an_unknown_slug_is_a_404_in_json(site: Site) -> None:
    """A slug that names no story gets 404 with a JSON error, whatever it is made of."""
    for slug in ("no-such-story", "%00", "..%2f..%2fetc", "a" * 300, "' or 1=1"):
        answer = await site.http.get(f"/api/stories/{slug}")
        assert answer.status_code == 404
        assert set(answer.json()) == {"error"}


async def test_only_get_is_answered(site: Site) -> None:
    """Every other method is refused with 405, and nothing is changed by it."""
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        for path in ("/", "/api/alerts", "/api/stories/x", "/api/stream", "/metrics", "/healthz", "/readyz"):
            answer = await site.http.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
            assert answer.json() == {"error": "this server only answers GET"}


async def test_a_head_request_of_the_stream_ends(site: Site) -> None:
    """HEAD on the stream answers its headers and does not hold the connection."""
    answer = await site.http.head("/api/stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert len(site.live.hub) == 0


async def test_a_store_that_is_down_is_a_503_that_gives_nothing_away(site: Site) -> None:
    """While the store cannot be read the API says so, without the path of its file, and the process stays alive."""
    site.store.down = True
    for path in ("/api/alerts", "/api/stories/x", "/api/stream?detail=1"):
        answer = await site.http.get(path)
        assert answer.status_code == 503
        assert "secret" not in answer.text
    assert (await site.get("/healthz"))["alive"] is True
    assert (await site.get("/readyz", 503))["checks"]["store"] == "cannot be read"
    assert "chipwire_store_up 0\n" in (await site.http.get("/metrics")).text
    assert len(site.live.hub) == 0
    site.store.down = False
    await site.get("/api/alerts")


# ── the stream ───────────────────────────────────────────────────────────────────────────────────


async def test_a_new_alert_reaches_every_reader_once(site: Site) -> None:
    """An alert that is decided arrives as an event whose id is the alert's; a second wake-up brings it not again."""
    async with stream(site) as one, stream(site) as two:
        second = await tell(site.store, 2, at=NOON + timedelta(seconds=1))
        await site.bus.wake(PUBLISHED)
        for reader in (one, two):
            event = await reader.event()
            assert event["id"] == event["data"]["id"] == second.id
        third = await tell(site.store, 3, at=NOON + timedelta(seconds=2))
        await site.bus.wake(PUBLISHED)
        assert (await one.event())["id"] == third.id


async def test_a_reader_who_comes_back_gets_what_it_missed(site: Site) -> None:
    """With Last-Event-ID the stream begins with the alerts after it, oldest first."""
    alerts = [await tell(site.store, n, at=NOON + timedelta(seconds=n)) for n in range(1, 5)]
    async with stream(site, **{"Last-Event-ID": alerts[1].id}) as reader:
        assert [(await reader.event())["id"] for _ in range(2)] == [alerts[2].id, alerts[3].id]
    async with stream(site, "/api/stream?last_id=gone") as reader:
        assert [(await reader.event())["id"] for _ in range(4)] == [alert.id for alert in alerts]


async def test_the_page_hears_of_deliveries_and_sources(site: Site) -> None:
    """With detail=1 the stream also tells how sources are and when an alert was sent."""
    now = datetime.now(UTC)
    spec = SourceSpec("bis", "feed", "https://bis.example", timedelta(seconds=5), "BIS", Tier.PRIMARY)
    await site.store.sync_sources([spec], now)
    await site.store.record_source_failure("bis", error="HTTP 403", next_due=now, now=now)
    async with stream(site, "/api/stream?detail=1") as reader:
        status = await reader.event("status")
        assert status["data"]["sources"]["failing"] == 1
        assert status["data"]["sources"]["shown"][0]["error"] == "HTTP 403"
        alert = await tell(site.store, 1, at=NOON, to=(SLACK,))
        await site.bus.wake(PUBLISHED)
        assert (await reader.event())["id"] == alert.id
        await send_next(site.store, SLACK, at=NOON + timedelta(seconds=0.25))
        while True:
            data = (await reader.event("deliveries"))["data"]
            if data["sent_at"]:
                break
    assert data == {
        "id": alert.id,
        "first_seen_at": "2026-03-02T12:00:00.000000Z",
        "sent_at": "2026-03-02T12:00:00.250000Z",
        "held_until": None,
        "deliveries": {"sent": 1},
    }
    text = (await site.http.get("/metrics")).text
    assert 'chipwire_seen_to_sent_seconds_bucket{platform="slack",le="0.2"} 0\n' in text
    assert 'chipwire_seen_to_sent_seconds_bucket{platform="slack",le="0.3"} 1\n' in text
    assert 'chipwire_seen_to_sent_seconds_count{platform="slack"} 1\n' in text


async def test_what_is_held_says_until_when_and_is_no_latency(site: Site) -> None:
    """A held delivery shows its release; when it is told, the wait that its reader wished for is not measured."""
    morning, night = NOON + timedelta(minutes=30), NOON + timedelta(hours=8)
    async with stream(site, "/api/stream?detail=1") as reader:
        await tell(site.store, 1, at=NOON, held={SLACK: morning, CHANNEL: night})
        await site.bus.wake(PUBLISHED)
        data = (await reader.event("deliveries"))["data"]
        assert (data["deliveries"], data["held_until"]) == ({"held": 2}, "2026-03-02T12:30:00.000000Z")
        assert "chipwire_backlog_deliveries 0\n" in (text := (await site.http.get("/metrics")).text)
        assert 'chipwire_deliveries{state="held"} 2\n' in text
        await send_next(site.store, SLACK, at=morning)
        while not data["sent_at"]:
            data = (await reader.event("deliveries"))["data"]
    assert data["deliveries"] == {"held": 1, "sent": 1}
    assert (data["sent_at"], data["held_until"]) == ("2026-03-02T12:30:00.000000Z", "2026-03-02T20:00:00.000000Z")
    assert 'chipwire_seen_to_sent_seconds_count{platform="slack"}' not in (await site.http.get("/metrics")).text


async def test_more_alerts_at_once_than_one_page_are_all_told(site: Site) -> None:
    """Nothing is lost when more alerts were decided than the follower reads at a time."""
    async with stream(site) as reader:
        site.store.down = True  # so that all of them are found in one turn
        told = [await tell(site.store.real, n, at=NOON + timedelta(microseconds=n // 4)) for n in range(1, 151)]
        site.store.down = False
        await site.bus.wake(PUBLISHED)
        heard = [(await reader.event())["id"] for _ in told]
        assert sorted(heard) == sorted(alert.id for alert in told)


async def test_a_reader_who_lags_is_dropped_and_the_others_are_not(site: Site) -> None:
    """A reader whose queue is full is let go; whoever reads is not held up by it."""
    hub = site.live.hub
    slow = hub.admit()
    async with stream(site) as quick:
        for n in range(QUEUE + 1):
            hub.tell(Event({"n": n}, id=str(n)))
            assert (await quick.event())["data"] == {"n": n}
        assert len(hub) == 1
    assert slow.queue.get_nowait() is None


async def test_a_silent_stream_is_kept_open_by_comments() -> None:
    """While nothing happens the stream sends comments, which no client takes for an event."""
    body = write(Client(), [], heartbeat_s=0.01)
    assert [await anext(body) for _ in range(3)][1:] == [": still here\n\n"] * 2
    await body.aclose()


async def test_the_stream_refuses_more_readers_than_it_can_serve(site: Site) -> None:
    """When every place is taken a further reader gets 503 and the places come back when readers go."""
    hub = site.live.hub
    others = [hub.admit() for _ in range(200)]
    answer = await site.http.get("/api/stream")
    assert answer.status_code == 503
    hub.leave(others[0])
    async with stream(site):
        pass


async def test_open_streams_do_not_hold_up_the_end() -> None:
    """When the application stops, streams are closed and the server is gone within the grace."""
    async with served(model="tiny-1") as site, stream(site) as reader:
        site.stop.set()
        with pytest.raises(EOFError):
            await reader.block()
        async with asyncio.timeout(2):
            url = await site.serving
        with pytest.raises(httpx.ConnectError):
            await httpx.AsyncClient().get(url)


# ── hostile words ────────────────────────────────────────────────────────────────────────────────


async def test_hostile_words_stay_words(site: Site) -> None:
    """Markup in a headline reaches the page as JSON that holds no tag, under a policy that runs no foreign script."""
    await tell(
        site.store, 1, at=NOON, text=HOSTILE, publisher="<b>x</b>", url="javascript:alert(1)",
        facts=("<u>9</u>",), mentions=(Mention("<i>y</i>", '"><svg onload=alert(1)>', 1),), urgency=Urgency.FLASH,
    )  # fmt: skip
    for path in ("/api/alerts", "/api/stories/spares-curb-1"):
        answer = await site.http.get(path)
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not set("<>&\u2028") & set(answer.text)
        alert = answer.json()["alerts"][0]
        assert (alert["headline"], alert["url"]) == (HOSTILE, "javascript:alert(1)")
    async with stream(site, "/api/stream?last_id=none") as reader:
        block = await reader.block()
        assert not set("<>&\u2028") & set(block["data"])
        assert json.loads(block["data"])["headline"] == HOSTILE


def test_the_page_never_turns_words_into_markup() -> None:
    """The live page's script has no way to make markup, script or style out of text."""
    page = files("bot.web").joinpath("page.html").read_text(encoding="utf-8")
    for way in (
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "Function(",
        "srcdoc", "createContextualFragment", ".cssText",
    ):  # fmt: skip
        assert way not in page
    assert not re.search(r"<[^>]+\son[a-z]+=", page), "an inline handler would need a weaker policy"
    assert not re.search(r"(?:src|href)=[\"']?https?:", page), "the page fetches nothing from elsewhere"


async def test_the_page_runs_its_own_script_and_nothing_else(site: Site) -> None:
    """The live page comes with a policy that names its script and style by hash."""
    answer = await site.http.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", policy["script-src"])
    assert policy["script-src"] != policy["style-src"]
    assert policy["frame-ancestors"] == "'none'"


async def test_every_answer_carries_the_security_headers(site: Site) -> None:
    """Pages, data, refusals and unknown addresses alike tell browsers not to sniff, frame or keep them."""
    for path in ("/", "/healthz", "/metrics", "/api/alerts", "/api/alerts?limit=x", "/nowhere"):
        headers = (await site.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


# ── health and metrics ───────────────────────────────────────────────────────────────────────────


async def test_a_loop_that_is_stuck_makes_the_process_unhealthy() -> None:
    """The health check answers 503 and names the loop when it has been silent for longer than it may."""
    clock = FakeClock()
    async with served(clock=clock) as site:
        with site.health.turning("desk", within=timedelta(seconds=10)), site.health.turning("poll"):
            assert (await site.get("/healthz"))["loops"]["desk"]["stalled"] is False
            clock.advance(seconds=11)
            site.health.beat("web")
            body = await site.get("/healthz", 503)
            assert body["loops"]["desk"] == {"silent_s": 11.0, "stalled": True}
            assert body["loops"]["poll"]["stalled"] is False
            site.health.beat("desk")
            site.health.beat("web")
            await site.get("/healthz")
        assert set((await site.get("/healthz"))["loops"]) == {"web"}


async def test_it_is_ready_once_model_store_and_a_source_are() -> None:
    """The readiness check says what is missing until the model is loaded and one source was polled with success."""
    async with served() as site:
        spec = SourceSpec("wire", "feed", "https://wire.example", timedelta(seconds=5), "Wire", Tier.WIRE)
        await site.store.sync_sources([spec], NOON)
        checks = (await site.get("/readyz", 503))["checks"]
        assert checks == {"store": "ok", "model": "not loaded yet", "sources": "none polled with success yet"}
        site.health.model = "tiny-1"
        await site.store.record_batch("wire", [], cursor={}, next_due=NOON, now=NOON)
        assert await site.get("/readyz") == {
            "ready": True, "checks": {"store": "ok", "model": "ok", "sources": "ok"}, "model": "tiny-1",
        }  # fmt: skip


async def test_a_process_without_the_desk_needs_no_model() -> None:
    """A process that only serves the page is ready without a model."""
    async with served(needs_model=False) as site:
        assert (await site.get("/readyz", 503))["checks"]["model"] == "ok"


async def test_metrics_count_what_was_decided_and_polled(site: Site) -> None:
    """Metrics tell headlines by outcome and reason, deliveries, backlog, sources and polls."""
    now = datetime.now(UTC)
    await tell(site.store, 1, at=now, to=(SLACK, CHANNEL))
    await site.store.record_batch(
        'odd "name"\\', [(make_headline(9, source="odd"), None)], cursor={}, next_due=now, now=now
    )
    site.health.polled("desk-wire", ok=True)
    site.health.polled("desk-wire", ok=False)
    site.health.polled("desk-wire", ok=False)
    answer = await site.http.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    for line in (
        'chipwire_headlines_total{outcome="alert",reason="new_story"} 1',
        'chipwire_deliveries{state="pending"} 2',
        "chipwire_backlog_headlines 1",
        "chipwire_backlog_deliveries 2",
        'chipwire_polls_total{source="desk-wire",result="failed"} 2',
        'chipwire_source_failures{source="odd \\"name\\"\\\\"} 0',
        "chipwire_store_up 1",
    ):
        assert line in lines
    assert any(line.startswith('chipwire_source_last_ok_age_seconds{source="desk-wire"} ') for line in lines)
    sample = re.compile(r'[a-z_]+(\{([a-z]+="(\\.|[^"\\])*",?)+\})? (-?[0-9.e+-]+|[+-]Inf)')
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in lines)
    assert answer.text.endswith("\n")


# ── the address ──────────────────────────────────────────────────────────────────────────────────


async def test_a_port_that_is_taken_is_named_in_one_line() -> None:
    """Serving on a taken port fails with one line that names the setting and the address."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(BotError, match=rf"CHIPWIRE_HTTP_LISTEN: {listen} is in use") as caught:
            await serve(build_web(None, LocalBus(), health=Health()), listen, asyncio.Event())  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("listen", ["8787", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:70000", "203.0.113.9:0", ":80"])
def test_an_address_that_cannot_be_is_a_mistake_in_the_setting(listen: str) -> None:
    """What is no address of this machine is refused with the setting's name."""
    with pytest.raises(ConfigError, match=r"^CHIPWIRE_HTTP_LISTEN: [^\n]+$"):
        bind(listen)


async def test_a_cancelled_server_lets_go_of_its_port() -> None:
    """When its task is cancelled the server closes its socket and leaves no task behind."""
    store = await open_store("sqlite://")
    await store.migrate()
    before = asyncio.all_tasks()
    listener = bind("127.0.0.1:0")
    serving = asyncio.create_task(serve(build_web(store, LocalBus(), health=Health()), listener, asyncio.Event()))
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"{listener.url}/healthz")).status_code == 200
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert asyncio.all_tasks() == before
    await store.close()
    bind(listener.url.removeprefix("http://")).close()
