"""What can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain import DigestPlan, Event, MuteKind, QuietHours, Topic, Urgency


@dataclass(frozen=True, slots=True)
class Help:
    """What can be asked for."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Send alerts to this chat."""

    topics: frozenset[Topic]
    tickers: tuple[str, ...] = ()
    events: frozenset[Event] = frozenset()
    urgency: Urgency = Urgency.WATCH


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Send fewer; nothing named: none at all."""

    tickers: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListAll:
    """What this chat gets, and what is muted and held."""


@dataclass(frozen=True, slots=True)
class MuteFor:
    """Hear no more of something for a while."""

    kind: MuteKind
    value: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class Unmute:
    """Hear of it again; nothing named: of everything."""

    value: str | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours: set them, or with None end them; not ``change``: show them."""

    plan: QuietHours | None = None
    change: bool = True


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest: set it, or with None end it; not ``change``: show it."""

    plan: DigestPlan | None = None
    change: bool = True
    zoned: bool = True  # the person named the time zone


@dataclass(frozen=True, slots=True)
class Latest:
    """The last alerts."""

    ticker: str | None = None


@dataclass(frozen=True, slots=True)
class StoryOf:
    """A story from its beginning."""

    slug: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why something was told, and how it came here."""

    what: str  # a link, or an id of a headline or an alert


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample card."""


@dataclass(frozen=True, slots=True)
class Language:
    """The language of this chat; None: which there are."""

    code: str | None


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is kept about the person."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete that; it is asked once more unless ``sure``."""

    sure: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody came by a link."""

    payload: str


Request = (
    Help | Subscribe | Unsubscribe | ListAll | MuteFor | Unmute | Quiet | Digest | Latest | StoryOf | Why | Sample
    | Language | Export | Forget | Start
)  # fmt: skip

# In the order of menus and of help; "start" is Telegram's own and stands in none.
COMMANDS = (
    "subscribe", "unsubscribe", "list", "latest", "story", "why", "mute", "unmute", "quiet", "digest", "language",
    "test", "export", "forget", "help",
)  # fmt: skip
