"""What every notifier must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from bot.domain import Alert, Claim, Destination, DestinationKind, Receipt


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


class Notifier(Protocol):
    """Sends alerts to one platform. ``render`` is pure; ``send`` makes exactly one attempt."""

    @property
    def kind(self) -> DestinationKind:
        """The platform."""
        ...

    def rate(self, destination: Destination) -> Rate:
        """The platform's limit for this destination; a constant beside the document that it comes from."""
        ...

    def render(self, alert: Alert) -> Message:
        """Say the alert in the platform's form; never raises, whatever the words are. What depends on the
        moment of sending (the sent time) is filled in by ``send``."""
        ...

    def render_digest(self, alerts: Sequence[Alert]) -> Message:
        """Say several alerts in one message, one line each, the loudest first; what finds no room is counted.
        Like ``render`` otherwise. ``send`` is then given a claim whose ``held`` are these alerts.

        Args:
            alerts: at least one, in any order.
        """
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
