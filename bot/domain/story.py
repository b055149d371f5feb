"""What the desk makes of headlines: mentions, stories and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.headline import Tier
from classifiers.api import Event, Status


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
    corrected: frozenset[str] = frozenset()  # publishers that mended what they had said of it


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
