"""What every notifier must be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Receipt


@dataclass(frozen=True, slots=True)
class Message:
    """An alert as one platform says it: escaped, shortened, within all limits."""

    text: str  # the whole message, or the fallback that a notification shows
    payload: Mapping[str, Any] = field(default_factory=dict)  # blocks, JSON body, options


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a destination may be fed: at most ``burst`` messages in any stretch of ``burst × interval``."""

    burst: int
    interval: timedelta


@dataclass(frozen=True, slots=True)
class Quote:
    """A price at the moment of sending."""

    price: float
    change_percent: float | None  # since the last close; None where it is not known
    currency: str = "USD"  # ISO 4217


class Quotes(Protocol):
    """Where prices come from."""

    async def of(self, tickers: Collection[str]) -> Mapping[str, Quote]:
        """The prices that are known now, by ticker; never raises and never waits long, because an alert waits for
        it: a ticker whose price cannot be had in time is left out."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """How one destination wants its messages."""

    language: str = "en"  # of bot.texts
    buttons: bool = False  # somebody listens to them
    preview: bool = False  # of the linked page (Telegram)
    picture: bool = False  # a flash as a picture with a caption (Telegram)
    quotes: Mapping[str, Quote] = field(default_factory=dict)  # by ticker


PLAIN = Look()


class Notifier(Protocol):
    """Sends alerts to one platform. ``render`` is pure; ``send`` makes exactly one attempt."""

    @property
    def kind(self) -> DestinationKind:
        """The platform."""
        ...

    def rate(self, destination: Destination) -> Rate:
        """The platform's limit for this destination; a constant beside the document that it comes from."""
        ...

    def render(self, alert: Alert, look: Look = PLAIN) -> Message:
        """Say the alert in the platform's form; never raises, whatever the words are. What depends on the
        moment of sending (the sent time) is filled in by ``send``."""
        ...

    def render_digest(self, alerts: Sequence[Alert], look: Look = PLAIN) -> Message:
        """Say several alerts in one message, one line each, the loudest first; what finds no room is counted.
        Like ``render`` otherwise. ``send`` is then given a claim whose ``held`` are these alerts.

        Args:
            alerts: at least one, in any order.
            look: how the destination wants it.
        """
        ...

    def render_amended(self, amendment: Amendment, look: Look = PLAIN) -> Message:
        """Say a posted alert anew as its story stands now: its status, how many publishers; struck out, and DENIED
        loudly, where it was denied or withdrawn. Like ``render`` otherwise."""
        ...

    async def check(self) -> str:
        """Try the credentials once; returns a line for ``doctor`` (who we are there).

        Raises:
            NotifyError: auth=True when they are refused; otherwise the platform could not be reached.
        """
        ...

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """Make one attempt; no retry inside.

        Raises:
            NotifyError: with what decides the next step.
        """
        ...

    async def amend(self, amendment: Amendment, message: Message) -> None:
        """Edit the posted message in place: one attempt. A message that says so already counts as edited; where
        nothing can be edited (a terminal) nothing is done.

        Raises:
            NotifyError: with what decides the next step; permanent=True when the message is gone, too old, or may
                not be edited.
        """
        ...

    async def say(self, destination: Destination, text: str) -> None:
        """Tell a person something that is no alert, in plain words: one attempt.

        Raises:
            NotifyError: as ``send`` does.
        """
        ...

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """Look whether an attempt that may have been sent did arrive; None when it did not.

        Raises:
            NotifyError: could not look (ask again later); permanent=True where the platform cannot tell at all
            (Telegram): the dispatcher then resends or drops by urgency.
        """
        ...

    async def aclose(self) -> None:
        """Close connections. May be called twice."""
        ...
