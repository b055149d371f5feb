"""How each destination wants its messages: what people set there, the defaults, and prices of the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import structlog

from bot.clock import Clock
from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Reader
from bot.errors import StoreError
from bot.notifiers.base import PLAIN, Look, Quote, Quotes
from bot.store.base import Store

log = structlog.get_logger(__name__)

REMEMBER_S = 20.0  # what people set is asked for again after that
SAME_PRICE_S = 10.0  # one alert to many destinations is asked for once
QUOTED = 20  # tickers of one alert; a card shows fewer
REMEMBERED = 1_000  # alerts whose prices are kept for later edits


@dataclass(slots=True)
class Looks:
    """The looks of all destinations. ``defaults`` by platform hold where people said nothing."""

    store: Store
    clock: Clock
    defaults: Mapping[DestinationKind, Look] = field(default_factory=dict)
    quotes: Quotes | None = None
    _readers: dict[Destination, tuple[float, Reader]] = field(default_factory=dict)
    _quoted: dict[str, tuple[float, Mapping[str, Quote]]] = field(default_factory=dict)  # by alert, oldest first

    async def of(self, claim: Claim) -> Look:
        """For a message that is about to be sent; one that tells several alerts shows no prices."""
        look = await self._asked_for(claim.destination)
        return look if len(claim.held) > 1 else replace(look, quotes=await self._prices(claim.alert))

    async def of_edit(self, amendment: Amendment) -> Look:
        """For an edit: the prices are those that the message was sent with, where they are still known."""
        look = await self._asked_for(amendment.destination)
        _, quotes = self._quoted.get(amendment.alert.id, (0.0, look.quotes))
        return replace(look, quotes=quotes)

    async def language_of(self, destination: Destination) -> str:
        """Of a plain note: what people set there, or the default of its platform."""
        return (await self._asked_for(destination)).language

    async def _asked_for(self, destination: Destination) -> Look:
        default = self.defaults.get(destination.kind, PLAIN)
        at = self.clock.monotonic()
        known = self._readers.get(destination)
        if known is None or at - known[0] > REMEMBER_S:
            try:
                known = at, await self.store.reader(destination)
            except StoreError as error:
                # In another language an alert is still an alert.
                log.warning("reader_unknown", destination=destination.label, error=str(error))
                known = known or (at, Reader(destination))
            self._readers[destination] = known
        reader = known[1]
        return replace(
            default,
            language=reader.language or default.language,
            preview=default.preview if reader.preview is None else reader.preview,
        )

    async def _prices(self, alert: Alert) -> Mapping[str, Quote]:
        tickers = list(dict.fromkeys(m.ticker for m in alert.mentions if m.ticker))[:QUOTED]
        if self.quotes is None or not tickers:
            return {}
        at = self.clock.monotonic()
        known = self._quoted.get(alert.id)
        if known is not None and at - known[0] <= SAME_PRICE_S:
            return known[1]
        try:
            quotes = await self.quotes.of(tickers)
        except Exception:
            # No alert is held up or lost for the want of a price.
            log.exception("quotes_failed", tickers=tickers)
            return {}
        self._quoted[alert.id] = at, quotes
        while len(self._quoted) > REMEMBERED:
            del self._quoted[next(iter(self._quoted))]
        return quotes
