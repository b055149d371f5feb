"""What readers ask for: subscriptions, silence, digests, mutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.destination import Destination
from bot.domain.headline import Tier
from bot.domain.story import Topic, Urgency
from classifiers.api import Event, Status


class Hold(StrEnum):
    """Why a delivery waits."""

    QUIET = "quiet"
    DIGEST = "digest"
    CAP = "cap"
    DELAY = "delay"
    BACKLOG = "backlog"  # more waits than the platform's limit lets through in a minute: told as one post


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


@dataclass(frozen=True, slots=True)
class Delay:
    """How much later than others a destination is told, by the tier of the source: a public channel beside
    subscribers. None is negative; flashes wait too."""

    primary: timedelta = timedelta(0)
    wire: timedelta = timedelta(0)
    press: timedelta = timedelta(0)
    social: timedelta = timedelta(0)

    def of(self, tier: Tier) -> timedelta:
        """Of one tier."""
        return {
            Tier.PRIMARY: self.primary,
            Tier.WIRE: self.wire,
            Tier.PRESS: self.press,
            Tier.SOCIAL: self.social,
        }[tier]


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
    delay: Delay | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person thinks of one alert; one a person and alert, the latest counts."""

    alert_id: str
    person: str  # as ``Asker.person``: ``slack:T…:U…``, ``telegram:<user id>``
    useful: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """How a destination wants to be spoken to, as people set it in chat."""

    to: Destination
    language: str | None = None  # of bot.texts; None: the default
    preview: bool | None = None  # of the linked page; None: the default
    owner: str | None = None  # the person who set the destination up in chat
