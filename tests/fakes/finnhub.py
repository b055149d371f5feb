"""Finnhub's quotes: a price by symbol, zeros for the unknown, 401 without the token."""

from __future__ import annotations

from tests.fakes.remote import Arrival, Remote, Reply, Script

TOKEN = "c0finnhubTokenOfTests0"


class FakeFinnhub(Remote):
    """Answers ``/quote`` as the documents say; ``prices`` holds price and change in per cent by symbol."""

    def __init__(self) -> None:
        super().__init__()
        self.prices: dict[str, tuple[float, float]] = {}
        self.slow: dict[str, float] = {}  # seconds by symbol

    @property
    def asked(self) -> list[str]:
        """The symbols that were asked for, in order."""
        return [a.params["symbol"] for a in self.calls("/quote")]

    def serve(self, arrival: Arrival) -> tuple[Reply | None, bool]:
        """See Remote; a slow symbol holds up no other."""
        reply = super().serve(arrival)
        self._closing.wait(self.slow.get(arrival.params.get("symbol", ""), 0.0))
        return reply

    def answer(self, arrival: Arrival) -> Reply:
        """See Remote."""
        if arrival.headers.get("x-finnhub-token") != TOKEN:
            return Reply.json({"error": "Invalid API key"}, 401)
        if arrival.method != "GET" or arrival.path != "/api/v1/quote":
            return Reply.json({"error": "no such path"}, 404)
        price, change = self.prices.get(arrival.params["symbol"], (0, None))
        rest = dict.fromkeys("hlo", price)
        return Reply.json({"c": price, "d": change, "dp": change, **rest, "pc": price, "t": 1793624400 if price else 0})

    def error(self, arrival: Arrival, script: Script) -> Reply:
        """See Remote."""
        return Reply.json({"error": f"API limit reached ({arrival.params.get('symbol')})"}, script.status)
