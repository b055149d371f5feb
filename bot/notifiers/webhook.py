"""Alerts as JSON, posted to an address of the reader's own.

The body, version 1 (an addition is no new version; times are ISO 8601, UTC; an unknown value is null)::

    {
      "version": 1,
      "delivery": "…",            the same on every attempt: who has seen it has seen this alert
      "sent_at": "…",
      "type": "alert",            or "update"
      "reason": "new_story",      why it is told
      "alert": "…", "story": "…", "headline_id": "…",
      "urgency": "flash", "topics": ["chip_export"],
      "headline": "…", "url": "…",
      "publisher": "…", "source": "…", "tier": "press", "publishers": 1,
      "event": "import_rule", "status": "reported", "previous_status": null,
      "tickers": {"NVDA": 1},     named and listed companies: 1 up, -1 down, 0 unclear
      "companies": [{"name", "ticker", "direction", "named", "role", "why"}],
      "facts": ["H200"],
      "chip_export": 0.98, "market_moving": 0.91, "model": "…",
      "published_at": null, "first_seen_at": "…", "decided_at": "…",
      "text": "…"                 the card in plain words
    }

Alerts that were held are told together, in a body of this form::

    {
      "version": 1, "delivery": "…", "sent_at": "…",
      "type": "digest",
      "urgency": "flash",         the loudest
      "alerts": [{…}],            oldest first, each as above without "delivery" and "sent_at"
      "more": 0,                  how many did not find room
      "text": "…"                 the digest in plain words
    }

When a story that was told has moved on, how it stands now follows, in a body of this form::

    {
      "version": 1, "delivery": "…", "sent_at": "…",
      "type": "standing",
      "alert": "…", "story": "…", the alert that told it first
      "message": "…",             the delivery of that alert, as its body named it
      "status": "denied", "previous_status": "reported",
      "denied": true,             what was told is denied or withdrawn
      "publishers": 7, "headlines": 12,
      "updated_at": "…",
      "text": "…"                 the card in plain words, as it reads now
    }

A note to the operator has the type ``note`` and a ``text``.

Headers: ``X-Chipwire-Delivery`` (the delivery), ``X-Chipwire-Timestamp`` (Unix seconds) and, where a secret is set,
``X-Chipwire-Signature``: ``sha256=`` and the hexadecimal HMAC-SHA256 of ``<timestamp>.<body>``. A receiver answers
2xx within the timeout; it refuses old timestamps and passes over deliveries that it knows: after a lost answer the
same delivery comes again.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from bot.clock import Clock
from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Receipt
from bot.errors import NotifyError
from bot.notifiers import digest as held
from bot.notifiers.base import PLAIN, Look, Message, Rate
from bot.notifiers.card import amended_note, card_of, plain_lines
from bot.notifiers.text import clean, retry_after, web_link
from bot.notifiers.transport import NEVER_SENT, SecretUrlTransport

VERSION = 1
DIGEST = 200  # alerts in one body: some 300 kB, which every receiver takes
RATE = Rate(burst=10, interval=timedelta(milliseconds=100))  # kind to a small receiver
TIMEOUT_S = 10.0
DEFAULT_WAIT = timedelta(seconds=5)  # after a 429 that names no time
_REAL_URL = "chipwire.url"
_LATER = {408, 425}  # refusals that may pass
_MOVED = {301, 308}  # for good; 302, 303 and 307 are for now


class WebhookNotifier:
    """Posts alerts; redirects are not followed, so that a signed body goes nowhere else."""

    kind = DestinationKind.WEBHOOK

    def __init__(self, clock: Clock, *, secret: SecretStr | None = None, timeout_s: float = TIMEOUT_S) -> None:
        """Open no connection yet; ``secret`` signs each body, ``timeout_s`` bounds one call in all, in seconds."""
        self._clock = clock
        self._secret = secret
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            transport=SecretUrlTransport(lambda request: httpx.URL(request.extensions[_REAL_URL])),
            timeout=httpx.Timeout(timeout_s, connect=min(5.0, timeout_s)),
            headers={"User-Agent": "chipwire", "Content-Type": "application/json"},
        )

    def rate(self, destination: Destination) -> Rate:
        """See Notifier."""
        del destination
        return RATE

    def render(self, alert: Alert, look: Look = PLAIN) -> Message:
        """See Notifier."""
        card = card_of(alert, language=look.language, quotes=look.quotes)
        text = "\n".join([*plain_lines(card), card.timing])
        return Message(text, _body(alert, text))

    def render_digest(self, alerts: Sequence[Alert], look: Look = PLAIN) -> Message:
        """See Notifier."""
        digest = held.digest_of(alerts, language=look.language)
        text = "\n".join([*held.plain_lines(digest), digest.timing])
        told = held.loudest_first(alerts)[:DIGEST]
        body = {
            "version": VERSION,
            "type": "digest",
            "urgency": str(digest.urgency),
            "alerts": [self.render(alert, look).payload for alert in sorted(told, key=lambda a: a.created_at)],
            "more": len(alerts) - len(told),
            "text": text,
        }
        return Message(text, body)

    def render_amended(self, amendment: Amendment, look: Look = PLAIN) -> Message:
        """See Notifier."""
        card = card_of(amendment.alert, language=look.language, quotes=look.quotes, standing=amendment.story)
        text = "\n".join([*plain_lines(card), card.timing + amended_note(amendment, language=look.language)])
        story = amendment.story
        body = {
            "version": VERSION,
            "type": "standing",
            "alert": amendment.alert.id,
            "story": story.slug,
            "message": amendment.receipt.message_id,
            "status": str(story.status),
            "previous_status": str(amendment.alert.status),
            "publishers": card.publishers,
            "headlines": card.headlines,
            "denied": card.denied,
            "updated_at": _iso(story.updated_at),
            "text": text,
        }
        return Message(text, body)

    async def check(self) -> str:
        """See Notifier: there is no call without a message."""
        return "signed" if self._secret is not None else "unsigned: set CHIPWIRE_WEBHOOK_SECRET to sign"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        """See Notifier."""
        now = self._clock.now()
        to = await self._post(claim.destination, claim.delivery_id, message.payload, now)
        return Receipt(claim.delivery_id, channel=to, sent_at=now)

    async def amend(self, amendment: Amendment, message: Message) -> None:
        """See Notifier: how the story stands now is posted; whoever keeps the alert mends it."""
        story = amendment.story
        # The same for the same change, so that a receiver knows a second copy of it.
        name = f"{amendment.receipt.message_id}-{story.status}-{story.count}-{len(story.publishers)}"
        await self._post(amendment.destination, name, message.payload, self._clock.now())

    async def say(self, destination: Destination, text: str) -> None:
        """See Notifier."""
        now = self._clock.now()
        name = "note-" + hashlib.blake2b(f"{now.isoformat()}\0{text}".encode(), digest_size=8).hexdigest()
        await self._post(destination, name, {"version": VERSION, "type": "note", "text": text}, now)

    async def _post(self, destination: Destination, delivery: str, payload: Mapping[str, Any], now: datetime) -> str:
        """One attempt; returns whom we told, without what is secret of the address."""
        to = _public_name(destination.address)
        body = json.dumps({**payload, "delivery": delivery, "sent_at": _iso(now)}).encode()
        timestamp = str(int(now.timestamp()))
        headers = {"X-Chipwire-Delivery": delivery, "X-Chipwire-Timestamp": timestamp}
        if self._secret is not None:
            headers["X-Chipwire-Signature"] = signature(self._secret.get_secret_value(), timestamp, body)
        try:
            real = httpx.URL(destination.address)
            known = httpx.URL(scheme=real.scheme, host=real.host, port=real.port, path="/")
            auth = (real.username, real.password) if real.username or real.password else None
            async with asyncio.timeout(self._timeout_s):
                # The answer's body is never read: it may be endless, and means nothing to us.
                async with self._client.stream(
                    "POST", known, content=body, headers=headers, auth=auth, extensions={_REAL_URL: str(real)}
                ) as answer:
                    self._judge(answer, to)
        except NEVER_SENT as error:
            raise NotifyError(f"cannot reach {to} ({type(error).__name__})", destination=to) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise NotifyError(
                f"the answer of {to} was lost ({type(error).__name__})", destination=to, maybe_sent=True
            ) from error
        return to

    async def find_sent(self, claim: Claim) -> Receipt | None:
        """See Notifier: always None, so that it is sent again; the receiver knows the delivery by its header."""
        del claim
        return None

    async def aclose(self) -> None:
        """See Notifier."""
        await self._client.aclose()

    def _judge(self, answer: httpx.Response, to: str) -> None:
        code = answer.status_code
        if 200 <= code < 300:
            return
        said = f"{to} answered {code}"
        wait = retry_after(answer.headers.get("Retry-After"), self._clock.now())
        if code == 429:
            raise NotifyError(said, destination=to, retry_after=DEFAULT_WAIT if wait is None else wait)
        if code == 503 and wait is not None:
            raise NotifyError(said, destination=to, retry_after=wait)
        if code >= 500:
            raise NotifyError(said, destination=to, maybe_sent=True)
        if 300 <= code < 400:
            said += ": redirects are not followed, subscribe the final address"
        permanent = code in _MOVED or (400 <= code < 500 and code not in _LATER)
        raise NotifyError(said, destination=to, permanent=permanent)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``X-Chipwire-Signature``."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _public_name(url: str) -> str:
    """Scheme and host of an address: the rest of a webhook's URL is often its secret."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return "webhook"
    port = f":{parts.port}" if parts.port is not None else ""
    return f"webhook:{parts.scheme}://{parts.host}{port}"


def _body(alert: Alert, text: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "type": str(alert.outcome),
        "reason": str(alert.reason),
        "alert": alert.id,
        "story": alert.story,
        "headline_id": alert.headline_id,
        "urgency": str(alert.urgency),
        "topics": sorted(str(topic) for topic in alert.topics),
        "headline": clean(alert.text),
        "url": web_link(alert.url) or None,
        "publisher": clean(alert.publisher),
        "source": alert.source,
        "tier": str(alert.tier),
        "publishers": alert.publishers,
        "event": str(alert.event),
        "status": str(alert.status),
        "previous_status": str(alert.previous_status) if alert.previous_status is not None else None,
        "tickers": alert.tickers,
        "companies": [
            {
                "name": clean(mention.company),
                "ticker": mention.ticker,
                "direction": mention.direction,
                "named": mention.primary,
                "role": mention.role,
                "why": mention.reason,
            }
            for mention in alert.mentions
        ],
        "facts": [clean(fact) for fact in alert.facts],
        "chip_export": alert.chip_export,
        "market_moving": alert.market_moving,
        "model": alert.model,
        "published_at": _iso(alert.published_at),
        "first_seen_at": _iso(alert.first_seen_at),
        "decided_at": _iso(alert.created_at),
        "text": text,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
