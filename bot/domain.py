"""The values that travel the path of a headline: frozen, valid by construction, no I/O.

All ``datetime`` values are aware and in UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from classifiers.api import Event as Event
from classifiers.api import Score as Score
from classifiers.api import Status as Status


class Tier(StrEnum):
    """How close a source stands to the fact."""

    PRIMARY = "primary"
    WIRE = "wire"
    PRESS = "press"
    SOCIAL = "social"


class Topic(StrEnum):
    """What a subscription may ask for."""

    CHIP_EXPORT = "chip_export"
    SEMIS = "semis"  # market-moving chip news with no trade measure


class Urgency(StrEnum):
    """How loudly an alert is told; ``rank`` orders them."""

    WATCH = "watch"
    ALERT = "alert"
    FLASH = "flash"

    @property
    def rank(self) -> int:
        """0 for watch, 1 for alert, 2 for flash."""
        return list(Urgency).index(self)


class Outcome(StrEnum):
    """What became of a headline."""

    ALERT = "alert"
    UPDATE = "update"
    REPEAT = "repeat"
    SPIKE = "spike"


class Reason(StrEnum):
    """Why a headline had its outcome; the same word labels logs and metrics."""

    # alert
    NEW_STORY = "new_story"
    # update
    STATUS_CHANGE = "status_change"
    NEW_COMPANY = "new_company"
    NEW_NUMBER = "new_number"
    OFFICIAL_TEXT = "official_text"
    IN_FORCE = "in_force"
    CORROBORATED = "corroborated"  # five independent publishers say it
    CORRECTION = "correction"  # a source mends what it said
    # repeat
    SAME_WORDS = "same_words"
    SAME_STORY = "same_story"
    INHIBITED = "inhibited"  # a rewrite of an official text that was told
    # spike
    BASELINE = "baseline"
    DUPLICATE = "duplicate"
    STALE = "stale"
    GATE = "gate"
    BELOW_THRESHOLD = "below_threshold"
    NOT_NOVEL = "not_novel"
    MUTED = "muted"


class DeliveryState(StrEnum):
    """Where one delivery stands. ``pending``, ``held`` and ``sending`` are still due; the others are final."""

    PENDING = "pending"
    SENDING = "sending"
    HELD = "held"  # by quiet hours, a digest or a cap, until its release
    SENT = "sent"
    FILTERED = "filtered"
    DROPPED = "dropped"  # maybe sent and not worth a second post
    DEAD = "dead"


class DestinationKind(StrEnum):
    """The platforms that alerts go to."""

    CONSOLE = "console"
    SLACK = "slack"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where alerts go: ``console``, ``slack:C0123``, ``telegram:<id or @channel>[:<topic>]``, ``webhook:<url>``."""

    kind: DestinationKind
    address: str = ""
    topic: int | None = None  # Telegram forum topic

    def __str__(self) -> str:
        """The text form, as written in subscriptions.toml."""
        if self.kind is DestinationKind.CONSOLE:
            return "console"
        text = f"{self.kind}:{self.address}"
        return f"{text}:{self.topic}" if self.topic is not None else text

    @property
    def label(self) -> str:
        """The text form for logs: of a webhook only the host, because its path is often a secret."""
        if self.kind is not DestinationKind.WEBHOOK:
            return str(self)
        scheme, _, rest = self.address.partition("://")
        return f"{self.kind}:{scheme}://{rest.partition('/')[0].rpartition('@')[2]}"

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read the text form.

        Raises:
            ValueError: the text names no destination; the message says what is wrong.
        """
        kind, _, rest = text.strip().partition(":")
        if kind == "console" and not rest:
            return cls(DestinationKind.CONSOLE)
        if kind == "slack":
            if not rest or any(c.isspace() for c in rest) or ":" in rest:
                raise ValueError(f"{text!r}: write slack:<channel id>, e.g. slack:C0123456789")
            return cls(DestinationKind.SLACK, rest)
        if kind == "telegram":
            address, _, topic = rest.partition(":")
            is_id = address.lstrip("-").isdigit() and address.count("-") <= 1
            if not (is_id or (address.startswith("@") and len(address) > 1)):
                raise ValueError(
                    f"{text!r}: write telegram:<chat id or @channel>[:<topic id>], e.g. telegram:@chipwire"
                )
            if topic and not topic.isdigit():
                raise ValueError(f"{text!r}: the forum topic {topic!r} is not a number")
            return cls(DestinationKind.TELEGRAM, address, int(topic) if topic else None)
        if kind == "webhook":
            if not rest.startswith(("http://", "https://")):
                raise ValueError(f"{text!r}: write webhook:<http or https URL>")
            return cls(DestinationKind.WEBHOOK, rest)
        raise ValueError(f"{text!r}: a destination begins with slack:, telegram:, webhook: or is console")


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One entry of the catalogue: where to look, how often, and how far to trust it."""

    name: str
    kind: str
    url: str
    interval: timedelta
    publisher: str
    tier: Tier
    user_agent: str | None = None  # instead of the declared default
    max_age: timedelta | None = None  # instead of the default age limit
    official: bool = False  # its titles go past the classifier's gate
    options: Mapping[str, Any] = field(default_factory=dict)  # settings of this kind alone


READ = "#text"
"""Ends the guid of an item that says what a filing holds that was first told by its form alone."""
WITHDRAWN = "#withdrawn"
"""Ends the guid of an item that says that the document before it was withdrawn by its own agency."""


@dataclass(frozen=True, slots=True)
class RawItem:
    """One entry as a source gave it, cleaned of markup but not yet judged."""

    guid: str  # stable id within the source; never a position or a date
    headline: str
    url: str
    published_at: datetime | None = None  # the source's claim
    event_at: datetime | None = None  # signing, acceptance, filing
    publisher: str | None = None  # where the entry itself names another than the source's
    summary: str | None = None
    document: str | None = None  # document number, accession, docket: what joins official texts


@dataclass(frozen=True, slots=True)
class Headline:
    """One line from one source, as saved."""

    id: str
    source: str
    guid: str
    text: str
    url: str
    publisher: str
    tier: Tier
    official: bool
    published_at: datetime | None
    first_seen_at: datetime
    event_at: datetime | None
    fingerprint: str  # bot.rules.fingerprint: equal for exact and near-exact repeats
    canonical_url: str
    summary: str | None = None
    document: str | None = None

    @property
    def completes(self) -> bool:
        """Whether it tells the content of a filing that was told before by its form alone."""
        return self.guid.endswith(READ)

    @property
    def withdraws(self) -> bool:
        """Whether an agency takes back its own document with it: a fact of the source, not of the words."""
        return self.guid.endswith(WITHDRAWN)

    @staticmethod
    def make_id(source: str, guid: str) -> str:
        """The id of a headline: 16 hex digits, the same for the same source and guid for ever."""
        return hashlib.blake2b(f"{source}\0{guid}".encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store remembers of a source between polls."""

    name: str
    cursor: Mapping[str, Any]  # the adapter's own; empty before the first success
    baseline_done: bool
    next_due: datetime
    last_ok_at: datetime | None
    last_new_at: datetime | None
    failures: int  # in a row
    last_error: str | None


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Mention:
    """A company named in a headline."""

    company: str  # its name, as alerts write it
    ticker: str | None  # primary listing; None for a company that is not listed
    direction: int = 0  # 1 up, -1 down, 0 none or unclear
    primary: bool = True  # False: inferred from exposure, not named
    role: str | None = None  # foundry, memory, designer, …
    reason: str | None = None  # of an inferred one: why, in one line
    passing: bool = False  # named only to place another one: "Nvidia rival Cambricon", "ex-Intel chief"
    start: int = -1  # character offsets in the headline, -1 when inferred
    end: int = -1


@dataclass(frozen=True, slots=True)
class Story:
    """Headlines about one event, as the desk remembers it."""

    slug: str
    event: Event
    status: Status
    urgency: Urgency
    topics: frozenset[Topic]
    first_headline_id: str
    first_text: str
    latest_text: str
    fingerprints: frozenset[str]
    companies: frozenset[str]
    publishers: frozenset[str]
    documents: frozenset[str]
    count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """Our decision to tell: everything that a card shows, frozen at the moment of the decision."""

    id: str
    story: str  # slug
    headline_id: str
    outcome: Outcome  # alert or update
    reason: Reason
    urgency: Urgency
    topics: frozenset[Topic]
    text: str  # the headline
    url: str
    source: str
    publisher: str
    tier: Tier
    event: Event
    status: Status
    previous_status: Status | None  # of the story, when this is a status change
    mentions: tuple[Mention, ...]
    facts: tuple[str, ...]  # products, quantities, dates named in the words
    chip_export: float
    market_moving: float
    model: str
    published_at: datetime | None
    first_seen_at: datetime
    created_at: datetime
    publishers: int = 1  # how many independent ones stand behind the story

    @property
    def tickers(self) -> dict[str, int]:
        """Named listed companies and their direction."""
        return {m.ticker: m.direction for m in self.mentions if m.ticker and m.primary}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one destination, as the desk decides it."""

    id: str
    destination: Destination
    state: DeliveryState  # pending, held or filtered
    reason: str | None = None  # why filtered or held
    release_at: datetime | None = None  # of a held one: when it is told, with what else is held by then


@dataclass(frozen=True, slots=True)
class Decision:
    """The end of a headline: saved in one transaction, all or nothing."""

    headline_id: str
    outcome: Outcome
    reason: Reason
    decided_at: datetime
    score: Score | None = None
    mentions: tuple[Mention, ...] = ()
    story: Story | None = None  # as it stands after this headline
    alert: Alert | None = None
    deliveries: tuple[Delivery, ...] = ()


class Hold(StrEnum):
    """Why a delivery waits."""

    QUIET = "quiet"
    DIGEST = "digest"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When a reader wants silence, by the clock on the wall of their zone; may pass midnight."""

    start: time
    end: time  # never equal to start
    zone: str  # IANA name
    flash_breaks: bool = True  # a flash is told at once


class Every(StrEnum):
    """How often a digest is told."""

    HOUR = "hourly"
    DAY = "daily"
    WEEK = "weekly"
    OPEN = "open"  # of a market, on its trading days
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """When what was gathered is told in one message."""

    every: Every
    at: time = time(0)  # of the day; of hourly only the minute counts
    weekday: int = 0  # weekly: 0 is Monday
    zone: str = "UTC"  # IANA name
    market: str | None = None  # open and close: a key of bot.rules.markets
    flash_breaks: bool = True  # a flash is told at once


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many alerts in any such stretch of time; what is over it waits until there is room."""

    alerts: int  # 1 or more
    window: timedelta


class MuteKind(StrEnum):
    """What may be muted."""

    STORY = "story"
    TICKER = "ticker"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Mute:
    """Somebody's wish to hear no more of something for a while."""

    id: str
    to: Destination | None  # None: for every destination
    kind: MuteKind
    value: str  # slug, ticker, or name of a source
    until: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who gets what, and when."""

    id: str
    to: Destination
    topics: frozenset[Topic] = frozenset({Topic.CHIP_EXPORT})
    tickers: frozenset[str] = frozenset()  # empty: all
    events: frozenset[Event] = frozenset()  # empty: all
    min_urgency: Urgency = Urgency.WATCH
    origin: str = "file"  # file, command, chat, settings, default
    statuses: frozenset[Status] = frozenset()  # empty: all
    tiers: frozenset[Tier] = frozenset()  # empty: all
    include: tuple[str, ...] = ()  # words, or /expressions/; one must be in the headline; empty: none need be
    exclude: tuple[str, ...] = ()  # none may be in it
    quiet: QuietHours | None = None
    digest: DigestPlan | None = None
    cap: Cap | None = None


# ── delivery ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a platform accepted a message: Slack channel and ts, Telegram chat and message_id."""

    message_id: str
    channel: str = ""
    sent_at: datetime | None = None  # by the platform's clock, where it says


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this process alone may attempt until its lease runs out.

    ``maybe_sent`` is true when an earlier attempt may have reached the platform (it timed out, or
    its process died in flight). ``thread`` is the receipt of the story's first message at this
    destination, None when there is none. ``attempt`` counts from 1.
    """

    delivery_id: str
    destination: Destination
    alert: Alert
    attempt: int
    maybe_sent: bool
    first_intent_at: datetime | None  # when the first attempt that may have been sent began
    thread: Receipt | None
    held: tuple[Alert, ...] = ()  # told by the same message, oldest first, ``alert`` included; empty: an ordinary one


class Sending(StrEnum):
    """How one attempt ended; one row of the attempts' ledger each."""

    SENT = "sent"
    RECONCILED = "reconciled"  # found at the platform, not sent again
    RETRY = "retry"
    MAYBE_SENT = "maybe_sent"
    RATE_LIMITED = "rate_limited"
    DROPPED = "dropped"
    DEAD = "dead"
