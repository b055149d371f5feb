"""Prices of US-listed tickers from Finnhub, for the cards; an alert waits for them no longer than a blink.

Source: finnhub.io/docs/api/quote (60 calls a minute free, 30 a second; 429 beyond).
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from http import HTTPStatus

import httpx
import structlog
from pydantic import SecretStr

from bot.clock import Clock
from bot.errors import BotError, ConfigError
from bot.http.body import ACCEPTED_ENCODINGS, BodyError, read_capped
from bot.notifiers.base import Quote

log = structlog.get_logger(__name__)

WITHIN_S = 0.6  # in all, whatever the remote does
SAME_S = 30.0  # a price, and that there is none, is told again for so long
OFF_S = 60.0  # after a refusal, an error or silence; also the window of the limit
MOST = 5  # tickers of one alert: twelve alerts a minute then stay within the free limit
MAX_BYTES = 8 * 1024  # an answer has a hundred
CONNECTIONS = 10  # two alerts at once
CHECK_S = 8.0  # for ``doctor``, where nobody waits for an alert
KEEP_S = 30.0  # an idle connection is kept this long: a burst of alerts pays for one handshake
_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
US_LISTED = re.compile(r"[A-Z]{1,5}(?:\.[AB])?")  # NVDA, BRK.B; 005930.KS is not ours to ask for


class FinnhubQuotes:
    """Asks Finnhub for each ticker; see Quotes. What has not come in time is left out, and nothing raises."""

    def __init__(self, token: SecretStr, *, api_url: str, clock: Clock) -> None:
        """Open no connection yet.

        Args:
            token: of finnhub.io; sent as a header, because httpx writes URLs into its log and its errors.
            api_url: e.g. ``https://finnhub.io/api/v1``.
            clock: for how long a price is told again.

        Raises:
            ConfigError: the token has characters that no header may have; libraries would quote it in their logs.
        """
        if not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            raise ConfigError("FINNHUB_TOKEN: is no token: it has blanks or characters that no token has")
        self._token = token
        self._url = f"{api_url.rstrip('/')}/quote"
        self._clock = clock
        self._client = httpx.AsyncClient(
            headers={"Accept-Encoding": ACCEPTED_ENCODINGS, "User-Agent": "Chipwire"},
            follow_redirects=False,  # a token goes nowhere else
            timeout=WITHIN_S,
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEP_S),
        )
        self._known: dict[str, tuple[float, Quote | None]] = {}  # when it came; None: no such ticker there
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # many ask at once, one goes out
        self._off_until = -math.inf

    async def of(self, tickers: Collection[str]) -> Mapping[str, Quote]:
        """See Quotes; of more than five US-listed tickers the first five."""
        wanted = [ticker for ticker in dict.fromkeys(tickers) if US_LISTED.fullmatch(ticker)][:MOST]
        missing = [ticker for ticker in wanted if not self._fresh(ticker)]
        if missing and not self._is_off():
            try:
                async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as group:
                    for ticker in missing:
                        group.create_task(self._ask(ticker))
            except TimeoutError:
                if not any(self._fresh(ticker) for ticker in missing):  # every alert would wait in vain
                    self._switch_off("no answer in time")
        known = {ticker: self._known[ticker][1] for ticker in wanted if self._fresh(ticker)}
        return {ticker: quote for ticker, quote in known.items() if quote is not None}

    async def check(self, ticker: str = "NVDA") -> Quote:
        """Try the token once, for ``doctor``, with more patience than an alert has.

        Raises:
            BotError: what is wrong, and what to do; no cause, because that may quote a header.
        """
        try:
            async with asyncio.timeout(CHECK_S):
                quote = await self._fetch(ticker, within_s=CHECK_S)
        except _RefusedError as error:
            advice = "; paste FINNHUB_TOKEN again" if error.status in _DENIED else ""
            raise BotError(f"Finnhub {error}{advice}") from None
        except TimeoutError:
            raise BotError(f"Finnhub did not answer within {CHECK_S:g} s; try again") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BotError(f"cannot ask Finnhub ({type(error).__name__}); try again, or mend FINNHUB_API_URL") from None
        except (BodyError, ValueError, RecursionError):
            raise BotError("Finnhub's answer is no quote; mend FINNHUB_API_URL") from None
        if quote is None:
            raise BotError(f"Finnhub knows no price of {ticker}")
        return quote

    async def aclose(self) -> None:
        """Close connections. May be called twice."""
        await self._client.aclose()

    async def _ask(self, ticker: str) -> None:
        async with self._asking[ticker]:
            if self._fresh(ticker) or self._is_off():
                return  # somebody else was told while this waited
            try:
                quote = await self._fetch(ticker)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                self._switch_off(type(error).__name__)  # its text may quote a header
            except (BodyError, ValueError, RecursionError):
                self._switch_off("its answer is no quote")
            except _RefusedError as error:
                self._switch_off(str(error))
            else:
                self._known[ticker] = self._clock.monotonic(), quote

    async def _fetch(self, ticker: str, *, within_s: float = WITHIN_S) -> Quote | None:
        headers = {"X-Finnhub-Token": self._token.get_secret_value()}
        asking = self._client.stream("GET", self._url, params={"symbol": ticker}, headers=headers, timeout=within_s)
        async with asking as response:
            if response.status_code != HTTPStatus.OK:
                raise _RefusedError(response.status_code)
            encoding = response.headers.get("content-encoding", "")
            body = await read_capped(response.aiter_raw(), encoding, cap=MAX_BYTES)
        return quote_of(json.loads(body))

    def _fresh(self, ticker: str) -> bool:
        known = self._known.get(ticker)
        return known is not None and self._clock.monotonic() - known[0] <= SAME_S

    def _is_off(self) -> bool:
        return self._clock.monotonic() < self._off_until

    def _switch_off(self, reason: str) -> None:
        if not self._is_off():  # the other tickers of an alert mostly fail alike
            log.warning("quotes_off", reason=reason, for_s=OFF_S)
            self._off_until = self._clock.monotonic() + OFF_S


class _RefusedError(Exception):
    """An answer that is none."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answers {status}")
        self.status = status


def quote_of(answer: object) -> Quote | None:
    """Read an answer; None for a ticker that Finnhub does not know (all zeros).

    Raises:
        ValueError: it has no price.
    """
    fields = answer if isinstance(answer, dict) else {}
    price, change = _number(fields.get("c")), _number(fields.get("dp"))
    if price is None or price < 0:
        raise ValueError("no price")
    return Quote(price, change) if price else None


def _number(value: object) -> float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:  # JSON knows integers of any length
        return None
    return number if math.isfinite(number) else None
