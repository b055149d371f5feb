"""The HTTP client against a server on loopback that plays every remote it will meet."""

import asyncio
import contextlib
import gzip
import zlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.errors import SourceError
from bot.http.addresses import is_public
from bot.http.body import BodyError, read_capped
from bot.http.client import MAX_REDIRECTS, PoliteClient, Reply, parse_retry_after, shown
from bot.http.pacing import GAPS_S, MAX_HOLD_S, Pace, site_of
from tests.fakes.feedserver import Canned, FeedServer

PATH = "/x"
NOW = datetime(2026, 11, 2, 13, 0, tzinfo=UTC)
FAST = timedelta(seconds=5)


@pytest.fixture
def server():
    with FeedServer() as server:
        yield server


@pytest.fixture
async def http():
    async with PoliteClient(contact="desk@example.com", timeout=timedelta(seconds=1), max_bytes=100_000) as http:
        yield http


async def refused(http: PoliteClient, server: FeedServer, *canned: Canned) -> SourceError:
    server.answer(PATH, *canned)
    with pytest.raises(SourceError) as caught:
        await http.get(server.url(PATH) + "?apikey=secret", source="mine")
    assert "secret" not in str(caught.value)
    assert caught.value.source == "mine"
    return caught.value


# ── what is sent and what comes back ──


async def test_a_good_answer(server, http):
    """Body, type and validators come back; the client declares itself and asks only for what it can bound."""
    server.answer(
        PATH, Canned(200, {"Content-Type": "text/xml", "ETag": '"a"', "Last-Modified": "yesterday"}, b"<rss/>")
    )
    reply = await http.get(server.url(PATH), headers={"Accept": "text/xml"})
    assert reply == Reply(server.url(PATH), b"<rss/>", "text/xml", '"a"', "yesterday")
    sent = server.asked[-1].headers
    assert sent["user-agent"] == "Chipwire desk@example.com"
    assert sent["accept-encoding"] == "gzip, deflate"
    assert sent["accept"] == "text/xml"


async def test_validators_are_sent_and_304_is_not_modified(server, http):
    """If-None-Match and If-Modified-Since go out; a 304 without new validators keeps the old ones."""
    server.answer(PATH, Canned(304))
    reply = await http.get(server.url(PATH), etag='"a"', last_modified="yesterday")
    assert reply.not_modified
    assert (reply.etag, reply.last_modified) == ('"a"', "yesterday")
    assert server.asked[-1].headers["if-none-match"] == '"a"'
    assert server.asked[-1].headers["if-modified-since"] == "yesterday"


async def test_a_304_that_nobody_asked_for_is_a_failure(server, http):
    """Without validators there is nothing that could be unchanged."""
    assert "304" in str(await refused(http, server, Canned(304)))


@pytest.mark.parametrize(
    ("status", "headers", "permanent", "blocked"),
    [
        (400, {}, False, False),
        (401, {}, False, True),
        (403, {"Content-Type": "text/html"}, False, True),
        (404, {"Content-Type": "text/html"}, True, False),
        (410, {}, True, False),
        (429, {}, False, False),
        (451, {}, False, True),
        (500, {"Content-Type": "text/html"}, False, False),
        (503, {}, False, False),
        (503, {"Content-Type": "text/html; charset=utf-8"}, False, True),
        (503, {"cf-mitigated": "challenge"}, False, True),
        (204, {}, False, False),
        (599, {}, False, False),
    ],
)
async def test_refusals_say_what_decides_the_next_try(server, http, status, headers, permanent, blocked):
    """Gone is permanent, turned away is blocked, the rest passes."""
    error = await refused(http, server, Canned(status, headers))
    assert f"answers {status}" in str(error)
    assert (error.permanent, error.blocked) == (permanent, blocked)


async def test_retry_after_is_carried_and_holds_the_whole_host(server, http):
    """After a 429 nobody asks the host again before its time, and they are told how long."""
    error = await refused(http, server, Canned(429, {"Retry-After": "90"}))
    assert error.retry_after == timedelta(seconds=90)
    asked = len(server.asked)
    with pytest.raises(SourceError, match="left alone") as caught:
        await http.get(server.url("/other"))
    assert caught.value.retry_after is not None
    assert timedelta(seconds=80) < caught.value.retry_after <= timedelta(seconds=90)
    assert len(server.asked) == asked


# ── bounds ──


@pytest.mark.parametrize(
    "canned",
    [
        Canned(body=b"x" * 100_001),
        Canned(200, {"Content-Length": "999999999"}, b"x"),
        Canned(200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 50_000_000)),
        Canned(200, {"Content-Encoding": "deflate"}, zlib.compress(b"\0" * 50_000_000)),
    ],
    ids=["plain", "declared", "gzip-bomb", "deflate-bomb"],
)
async def test_a_body_is_cut_off_at_its_cap(server, http, canned):
    """The cap counts after decompression, and a bomb is not unpacked further."""
    assert "larger than" in str(await refused(http, server, canned))


@pytest.mark.parametrize(
    ("encoding", "body", "why"),
    [
        ("br", b"x", "was not asked for"),
        ("gzip, gzip", b"x", "was not asked for"),
        ("gzip", gzip.compress(b"hello world")[:-9], "cut off"),
        ("gzip", b"\x1f\x8bnonsense", "corrupt"),
    ],
)
async def test_broken_encodings_are_named(server, http, encoding, body, why):
    """Neither guessed at nor passed on."""
    assert why in str(await refused(http, server, Canned(200, {"Content-Encoding": encoding}, body)))


async def test_a_slow_body_ends_at_the_total_timeout(server, http):
    """A byte now and then resets nothing."""
    error = await refused(http, server, Canned(body=b"x" * 100, dribble_s=0.1))
    assert "no complete answer within 1 s" in str(error)
    assert not error.permanent


async def test_waiting_for_a_slot_is_no_timeout(server, http):
    """Five requests over two slots take longer than one may, and none of them fails."""
    server.answer(PATH, Canned(before_s=0.45, body=b"ok"))
    replies = await asyncio.gather(*(http.get(server.url(PATH), interval=FAST) for _ in range(6)))
    assert [reply.body for reply in replies] == [b"ok"] * 6


async def test_a_host_gets_at_most_two_requests_at_once_and_others_do_not_wait(server, http):
    """One slow host does not hold up another."""
    with FeedServer() as other:
        server.answer(PATH, Canned(before_s=0.5, body=b"slow"))
        other.answer(PATH, Canned(body=b"quick"))
        slow = [asyncio.create_task(http.get(server.url(PATH))) for _ in range(4)]
        await asyncio.sleep(0.2)
        assert len(server.asked) == 2
        assert (await http.get(other.url(PATH))).body == b"quick"
        assert not any(task.done() for task in slow)
        await asyncio.gather(*slow)


async def test_hosts_with_a_stated_limit_are_paced(server):
    """Starts are a gap apart, however many wait."""
    clock = SystemClock()
    server.answer(PATH, Canned(body=b"ok"))
    async with PoliteClient(gaps_s={"127.0.0.1": 0.1}) as http:
        started = clock.monotonic()
        await asyncio.gather(*(http.get(server.url(PATH)) for _ in range(4)))
        assert clock.monotonic() - started >= 0.29


# ── redirects ──


async def test_redirects_are_followed_to_the_final_url(server, http):
    """Relative and absolute ones; the reply names where it ended."""
    server.answer(PATH, Canned(301, {"Location": "/y"}))
    server.answer("/y", Canned(307, {"Location": server.url("/z")}))
    server.answer("/z", Canned(body=b"here"))
    reply = await http.get(server.url(PATH), etag='"a"')
    assert (reply.url, reply.body) == (server.url("/z"), b"here")
    assert server.asked[-1].headers["if-none-match"] == '"a"'


async def test_a_redirect_loop_ends(server, http):
    """Five redirects are followed, the sixth is one too many."""
    assert "redirects more than 5 times" in str(await refused(http, server, Canned(302, {"Location": PATH})))
    assert len(server.asked) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("location", ["javascript:alert(1)", "http://[", "file:///etc/passwd"])
async def test_a_redirect_to_no_web_address_is_refused(server, http, location):
    """Only http and https are followed."""
    assert "no web address" in str(await refused(http, server, Canned(302, {"Location": location})))


async def test_own_headers_do_not_go_to_another_host(server, http):
    """A key in a header stays with the host that it is for."""
    with FeedServer() as other:
        server.answer(PATH, Canned(302, {"Location": other.url(PATH)}))
        other.answer(PATH, Canned(body=b"ok"))
        await http.get(server.url(PATH), headers={"X-Key": "secret", "Accept": "text/xml"})
        assert server.asked[-1].headers["x-key"] == "secret"
        assert "x-key" not in other.asked[-1].headers
        assert other.asked[-1].headers["accept"] == "text/xml"


def test_https_does_not_step_down_to_http():
    """Who redirects from https to plain http is refused."""
    with pytest.raises(SourceError, match="from https to plain http"):
        PoliteClient._redirected("https://a.example/x", "http://a.example/y", "mine")
    assert PoliteClient._redirected("http://a.example/x", "https://a.example/y", "") == "https://a.example/y"


# ── the way there ──


async def test_connection_refused_is_named(http):
    """Nobody listens: said in two words, not as a library's exception."""
    with FeedServer() as gone:
        url = gone.url(PATH)
    with pytest.raises(SourceError, match="connection refused"):
        await http.get(url)


async def test_a_name_that_does_not_exist_is_named(http):
    """The reserved top-level domain ``invalid`` never resolves."""
    with pytest.raises(SourceError, match="cannot be resolved"):
        await http.get("https://nowhere.invalid/x")


async def test_a_connection_closed_without_an_answer_is_named(server, http):
    """A remote that hangs up is a passing failure."""
    error = await refused(http, server, Canned(drop=True))
    assert "broke off" in str(error)
    assert not error.permanent


async def test_a_stale_kept_connection_is_replaced_in_silence(server, http):
    """The remote closed a connection that we kept: one more try on a new one."""
    server.answer(PATH, Canned(body=b"one"), Canned(drop=True), Canned(body=b"two"))
    assert (await http.get(server.url(PATH), interval=FAST)).body == b"one"
    assert (await http.get(server.url(PATH), interval=FAST)).body == b"two"


async def test_plain_tls_errors_are_named(server, http):
    """A server that speaks plain http on an https address."""
    with pytest.raises(SourceError, match=r"127\.0\.0\.1"):
        await http.get(server.url(PATH).replace("http:", "https:"))


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "x", "http://", "http://[", "http://a b/", "http://x.example:99999/"]
)
async def test_what_is_no_web_address_is_refused(http, url):
    """Nothing is sent for it."""
    with pytest.raises(SourceError):
        await http.get(url)


async def test_connections_are_kept_only_for_hosts_that_are_asked_often(server, http):
    """Beyond 15 s the connection is closed after each request."""
    server.answer(PATH, Canned(body=b"ok"))
    await http.get(server.url(PATH), interval=timedelta(seconds=60))
    assert http._hosts == {}
    await http.get(server.url(PATH), interval=FAST)
    assert len(http._hosts) == 1
    await http.aclose()
    assert http._hosts == {}
    assert (await http.get(server.url(PATH))).body == b"ok"


async def test_public_only_checks_every_hop(server, http):
    """A public page may not lead to a private one; names that do not resolve are no offence."""
    with pytest.raises(SourceError, match="not public") as caught:
        await http.get(server.url(PATH), public_only=True)
    assert caught.value.permanent
    with pytest.raises(SourceError, match="not public"):
        await http.get(server.url(PATH).replace("127.0.0.1", "localhost"), public_only=True)
    assert server.asked == []
    with pytest.raises(SourceError, match="resolved") as caught:
        await http.get("http://nowhere.invalid/", public_only=True)
    assert not caught.value.permanent


# ── rules ──


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Nov 2026 13:02:00 GMT", 120),
        ("Mon, 02 Nov 2026 12:00:00 GMT", 0),
        ("Mon, 02 Nov 2026 13:01:00 -0000", 60),
        ("99999999999999999999", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value, seconds):
    """Seconds or an HTTP date, at most a day; nonsense is nothing."""
    assert parse_retry_after(value, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_shown_urls_hold_no_secrets():
    """Neither user nor password nor query nor fragment."""
    assert shown("https://user:pw@x.example/feed?key=secret#s") == "https://x.example/feed?…"
    assert shown("https://x.example/feed") == "https://x.example/feed"
    assert shown("http://[") == shown("nonsense") == "the address"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (b"<!DOCTYPE HTML><p>", True),
        (b"\xef\xbb\xbf\n <html lang='en'>", True),
        (b"<?xml version='1.0'?><rss/>", False),
        (b"", False),
    ],
)
def test_a_web_page_is_known_by_its_beginning(body, html):
    """Content types lie too often."""
    assert Reply("https://x.example", body, "text/html").is_html is html


def test_sites_share_a_limit_with_their_subdomains():
    """All sec.gov hosts are one; the longest match counts; others stand for themselves."""
    assert site_of("www.sec.gov", GAPS_S) == site_of("data.sec.gov", GAPS_S) == "sec.gov"
    assert site_of("notsec.gov", GAPS_S) == "notsec.gov"
    assert site_of("a.b.example", {"example": 1.0, "b.example": 2.0}) == "b.example"
    assert 1 / GAPS_S["sec.gov"] <= 10


@given(st.floats(0.01, 10), st.lists(st.floats(0, 5), min_size=1, max_size=30))
def test_starts_are_never_closer_than_the_gap(gap, steps):
    """Whenever requests come, their starts keep the gap."""
    pace, now, starts = Pace(gap), 0.0, []
    for step in steps:
        now += step
        starts.append(now + pace.reserve(now))
    assert all(later - earlier >= gap * 0.999 for earlier, later in pairwise(starts))


def test_a_hold_is_never_shortened_nor_endless():
    """The longer wish wins; a year is cut to a day."""
    pace = Pace()
    assert pace.held_for(0.0) == 0.0
    pace.hold(0.0, 60)
    pace.hold(10.0, 5)
    assert pace.held_for(10.0) == 50.0
    pace.hold(0.0, 1e9)
    assert pace.held_for(0.0) == MAX_HOLD_S


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07::1", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("172.16.0.1", False), ("0.0.0.0", False),  # noqa: S104  never bound
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("2001:0:7f00:1::", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_open_internet_are_public(address, public):
    """Loopback, private, link-local, shared, multicast and IPv4 hidden in IPv6 are not."""
    assert is_public(address) is public


async def chunked(body: bytes, size: int):
    for start in range(0, len(body), size):
        yield body[start : start + size]


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@given(st.binary(max_size=500), st.integers(1, 50))
def test_every_encoding_gives_the_body_back_however_it_is_cut(body, size):
    """Plain, gzip (two members, padding), zlib and bare deflate."""
    half = len(body) // 2
    for encoding, packed in (
        ("", body),
        ("identity", body),
        ("gzip", gzip.compress(body)),
        ("x-gzip", gzip.compress(body[:half]) + gzip.compress(body[half:])),
        ("gzip", gzip.compress(body) + b"\0" * 8),
        ("deflate", zlib.compress(body)),
        ("deflate", raw_deflate(body)),
    ):
        assert asyncio.run(read_capped(chunked(packed, size), encoding)) == body


@given(st.binary(max_size=300))
def test_any_bytes_called_gzip_give_a_body_or_a_body_error(body):
    """Corruption has one exception."""
    with contextlib.suppress(BodyError):
        assert len(asyncio.run(read_capped(chunked(body, 64), "gzip", cap=1000))) <= 1000
