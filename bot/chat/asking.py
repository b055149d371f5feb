"""Who asks, and what they are answered: values that know no platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.domain import Alert, Destination, Event, Mute, Subscription, Topic, Urgency

MAX_ACTION = 64  # bytes; Telegram's callback_data


@dataclass(frozen=True, slots=True)
class Asker:
    """A person who asks, and where.

    ``may_change`` is the adapter's judgement whether they may change what this chat gets. ``language`` is what the
    platform says of them (or the default); what was chosen in the chat itself goes before it.
    """

    person: str  # slack:<team>:<user>, telegram:<user id>
    to: Destination  # the chat in which they ask
    private: bool  # it is theirs alone
    may_change: bool
    language: str = "en"
    own: Destination | None = None  # their private chat with us, where it is known

    @property
    def home(self) -> Destination | None:
        """Their private chat with us."""
        return self.to if self.private else self.own


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; nothing is escaped, the platform does that."""

    text: str
    style: Literal["", "bold", "code", "italic"] = ""
    url: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: it does an action, or opens an address."""

    label: str
    action: str = ""  # at most MAX_ACTION bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that an answer hands over."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    lines: tuple[Line, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    alerts: tuple[Alert, ...] = ()  # shown as whole cards below the lines
    private: bool = True  # to the person alone, where the platform can
    document: Document | None = None

    @property
    def text(self) -> str:
        """The lines in plain text: a notification's, or the first words of a pressed button's answer."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """What a chat gets, as a form shows and returns it. Quiet hours and digest are texts, as a person types them."""

    subscription: str | None = None  # its id; None: one that is to be made
    topics: frozenset[Topic] = frozenset({Topic.CHIP_EXPORT})
    tickers: frozenset[str] = frozenset()  # empty: all
    events: frozenset[Event] = frozenset()  # empty: all
    min_urgency: Urgency = Urgency.WATCH
    # Of the chat, not of one subscription.
    quiet: str = ""
    digest: str = ""
    language: str | None = None
    preview: bool | None = None


@dataclass(frozen=True, slots=True)
class SourcesState:
    """How the sources are, for people who only read."""

    total: int
    failing: tuple[tuple[str, datetime | None], ...]  # name, and when it last answered
    last_new_at: datetime | None


@dataclass(frozen=True, slots=True)
class Home:
    """What a person sees of their own."""

    language: str
    subscriptions: tuple[Subscription, ...]
    mutes: tuple[Mute, ...]
    latest: tuple[Alert, ...]  # what they would get, newest first
    held: tuple[tuple[Alert, datetime], ...]  # what waits for them, and until when
    sources: SourcesState


class ChatError(Exception):
    """A wish that cannot be fulfilled: a text of the catalogue, and commands that may help.

    The words are found only when it is told, in the language of whoever asked.
    """

    def __init__(
        self,
        key: str,
        *,
        suggestions: tuple[str, ...] = (),
        near: bool = True,
        values: Mapping[str, object] | None = None,
    ) -> None:
        """With ``near`` the suggestions are what may have been meant, otherwise what could be done instead."""
        super().__init__(key)
        self.key = key
        self.suggestions = suggestions
        self.near = near
        self.values = dict(values or {})


class FormError(Exception):
    """A form that cannot be saved: what is wrong, by the field's name in ``ChatSettings``, in the asker's language."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = dict(problems)


class SendTest(Protocol):
    """Posts one alert to one chat, outside of the outbox."""

    async def __call__(self, to: Destination, alert: Alert) -> None:
        """Send it once.

        Raises:
            NotifyError: it could not be sent.
        """
        ...
