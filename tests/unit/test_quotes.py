"""Prices for the cards: in time or not at all."""

import asyncio
import logging
import time

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.errors import ConfigError
from bot.notifiers.base import Quote
from bot.quotes import OFF_S, SAME_S, WITHIN_S, FinnhubQuotes, quote_of
from tests.fakes.clock import FakeClock
from tests.fakes.finnhub import TOKEN, FakeFinnhub
from tests.fakes.remote import Fault, unused_url

NVDA = Quote(181.2, 2.1)
IN_TIME_S = WITHIN_S + 0.3  # for a busy machine


@pytest.fixture
def remote():
    with FakeFinnhub() as fake:
        fake.prices = {"NVDA": (181.2, 2.1), "MU": (242.5, -1.4), "TSM": (301.0, 0.0)}
        yield fake


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
async def quotes(remote, clock):
    quotes = FinnhubQuotes(SecretStr(TOKEN), api_url=f"{remote.url}/api/v1", clock=clock)
    yield quotes
    await quotes.aclose()
    await quotes.aclose()


async def timed(quotes, tickers):
    began = time.monotonic()
    got = await quotes.of(tickers)
    return got, time.monotonic() - began


async def test_prices_by_ticker(quotes):
    """Each known ticker has its price and its change."""
    assert await quotes.of(["NVDA", "MU", "TSM"]) == {"NVDA": NVDA, "MU": Quote(242.5, -1.4), "TSM": Quote(301.0, 0.0)}


async def test_only_us_listings_are_asked_for_each_once_and_at_most_five(quotes, remote):
    """A home listing costs no call; of six tickers the first five are asked for."""
    assert await quotes.of(["005930.KS", "0981.HK", "8035.T", "IFX.DE", "not a ticker", ""]) == {}
    assert remote.asked == []
    await quotes.of(["NVDA", "005930.KS", "NVDA", "MU", "BRK.B", "AMD", "ARM", "TSM"])
    assert sorted(remote.asked) == ["AMD", "ARM", "BRK.B", "MU", "NVDA"]


async def test_a_price_is_told_again_for_half_a_minute(quotes, remote, clock):
    """Within 30 s nothing is asked again, for unknown tickers neither; afterwards it is."""
    await quotes.of(["NVDA", "ZZZZ"])
    remote.prices["NVDA"] = (190.0, 7.0)
    clock.advance(seconds=SAME_S)
    assert await quotes.of(["NVDA", "ZZZZ"]) == {"NVDA": NVDA}
    assert len(remote.asked) == 2
    clock.advance(seconds=1)
    assert await quotes.of(["NVDA", "ZZZZ"]) == {"NVDA": Quote(190.0, 7.0)}
    assert len(remote.asked) == 4


async def test_many_destinations_ask_once(quotes, remote):
    """One alert to ten destinations at the same moment costs one call a ticker."""
    got = await asyncio.gather(*(quotes.of(["NVDA", "MU"]) for _ in range(10)))
    assert all(set(one) == {"NVDA", "MU"} for one in got)
    assert sorted(remote.asked) == ["MU", "NVDA"]


async def test_zeros_mean_no_such_ticker(quotes):
    """A symbol that Finnhub does not know is left out, and the others stay."""
    with capture_logs() as logs:
        assert await quotes.of(["ZZZZ", "NVDA"]) == {"NVDA": NVDA}
    assert logs == []


async def test_a_slow_ticker_is_left_out(quotes, remote):
    """What came in time is told in time; the slow one is missing and is asked for again by the next alert."""
    remote.slow = {"MU": 5.0}
    got, took = await timed(quotes, ["MU", "NVDA"])
    assert got == {"NVDA": NVDA}
    assert took < IN_TIME_S
    remote.slow = {}
    assert set(await quotes.of(["MU", "NVDA"])) == {"NVDA", "MU"}


async def test_silence_switches_off(quotes, remote, clock):
    """A remote that answers nothing costs one alert 0.6 s; the next ones do not wait, until a minute is over."""
    script = remote.fail(Fault.DELAY, times=0, delay_s=5.0)
    with capture_logs() as logs:
        got, took = await timed(quotes, ["NVDA", "MU"])
        assert (got, took < IN_TIME_S) == ({}, True)
        got, took = await timed(quotes, ["NVDA", "MU"])
        assert (got, took < 0.1) == ({}, True)
    assert [(e["event"], e["reason"]) for e in logs] == [("quotes_off", "no answer in time")]
    script.delay_s = 0.0
    clock.advance(seconds=OFF_S)
    assert await quotes.of(["NVDA"]) == {"NVDA": NVDA}


@pytest.mark.parametrize(
    ("fault", "options", "reason"),
    [
        (Fault.STATUS, {"status": 429}, "answers 429"),
        (Fault.STATUS, {"status": 403}, "answers 403"),
        (Fault.STATUS, {"status": 500}, "answers 500"),
        (Fault.STATUS, {"status": 302, "headers": {"Location": "http://127.0.0.1:9/steal"}}, "answers 302"),
        (Fault.STATUS, {"status": 200, "body": "<html>Good day</html>"}, "its answer is no quote"),
        (Fault.STATUS, {"status": 200, "body": "[" * 8000}, "its answer is no quote"),
        (Fault.STATUS, {"status": 200, "body": "{" + " " * 100_000 + "}"}, "its answer is no quote"),
        (Fault.STATUS, {"status": 200, "body": '{"c": "high"}'}, "its answer is no quote"),
        (
            Fault.STATUS,
            {"status": 200, "body": "{}", "headers": {"Content-Encoding": "gzip"}},
            "its answer is no quote",
        ),
        (Fault.GARBLE, {}, "its answer is no quote"),
        (Fault.TRUNCATE, {}, "RemoteProtocolError"),
        (Fault.DROP_BEFORE, {}, "RemoteProtocolError"),
    ],
)
async def test_a_failure_switches_off_for_a_minute(quotes, remote, clock, fault, options, reason):
    """After a refusal or an error nothing is asked for a minute, one line says so, and then all is well again."""
    remote.fail(fault, times=3, **options)
    with capture_logs() as logs:
        assert await quotes.of(["NVDA", "MU", "TSM"]) == {}
        calls = len(remote.asked)
        clock.advance(seconds=OFF_S - 1)
        assert await quotes.of(["NVDA"]) == {}
    assert len(remote.asked) == calls
    assert [(e["event"], e["log_level"], e["reason"]) for e in logs] == [("quotes_off", "warning", reason)]
    remote.heal()
    clock.advance(seconds=1)
    assert await quotes.of(["NVDA"]) == {"NVDA": NVDA}


async def test_fresh_prices_are_told_while_it_is_off(quotes, remote):
    """A refusal takes no price away that is still fresh."""
    await quotes.of(["NVDA"])
    remote.fail(Fault.STATUS, status=429)
    assert await quotes.of(["NVDA", "MU"]) == {"NVDA": NVDA}


async def test_nobody_there(clock):
    """A refused connection is a failure like others."""
    quotes = FinnhubQuotes(SecretStr(TOKEN), api_url=unused_url(), clock=clock)
    with capture_logs() as logs:
        assert await quotes.of(["NVDA"]) == {}
    assert [e["reason"] for e in logs] == ["ConnectError"]
    await quotes.aclose()


@pytest.mark.parametrize("token", [TOKEN, "wrongTokenOfTests"])
async def test_the_token_stands_in_no_log(remote, clock, caplog, token):
    """The token goes out as a header only, and neither our log nor any library's, at its most talkative, holds it."""
    caplog.set_level(logging.DEBUG)
    quotes = FinnhubQuotes(SecretStr(token), api_url=f"{remote.url}/api/v1", clock=clock)
    with capture_logs() as logs:
        try:
            for fault in (None, Fault.STATUS, Fault.TRUNCATE, Fault.DROP_AFTER):
                if fault is not None:
                    remote.fail(fault)
                await quotes.of(["NVDA"])
                clock.advance(seconds=OFF_S)
        finally:
            await quotes.aclose()
    told = f"{logs} {caplog.text} {quotes!r} {[a.path for a in remote.arrivals]} {[a.params for a in remote.arrivals]}"
    assert token not in told
    assert all("token" not in a.params for a in remote.arrivals)


@pytest.mark.parametrize("token", ["tokenWith\nNewline", "tokenWithUmlautÄ", "tokenWith Blank", ""])
def test_what_cannot_be_a_token_is_refused(clock, token):
    """A token that no header may hold is refused at the start, and not quoted."""
    with pytest.raises(ConfigError, match="FINNHUB_TOKEN") as caught:
        FinnhubQuotes(SecretStr(token), api_url="http://127.0.0.1:9", clock=clock)
    assert "tokenWith" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"c": 181.2, "d": 3.7, "dp": 2.1, "h": 1, "l": 1, "o": 1, "pc": 1, "t": 1}, NVDA),
        ({"c": 12, "dp": None}, Quote(12.0, None)),
        ({"c": 12, "dp": "up"}, Quote(12.0, None)),
        ({"c": 12, "dp": float("nan")}, Quote(12.0, None)),
        ({"c": 0, "d": None, "dp": None, "t": 0}, None),
    ],
)
def test_an_answer_is_a_quote(answer, expected):
    """Price and change are read; zeros are no price, a change that is no number is not known."""
    assert quote_of(answer) == expected


@pytest.mark.parametrize("answer", [{}, {"c": None}, {"c": True}, {"c": -1}, {"c": float("inf")}, {"c": 10**400}, []])
def test_what_has_no_price_is_refused(answer):
    """An answer without a usable price raises."""
    with pytest.raises(ValueError, match="no price"):
        quote_of(answer)
