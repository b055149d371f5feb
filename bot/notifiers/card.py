"""What an alert says, in words that no platform has dressed yet.

A trader reads from the top: how loud, which tickers and which way, what happened and how sure, who says so, and
how late we are. Every notifier writes the same card; none invents words of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import Alert, Event, Mention, Outcome, Reason, Status, Tier, Topic, Urgency
from bot.notifiers.text import clean, clock_time, shorten, span, web_link

HEADLINE = 500  # code points; the longest official titles have 300
SHORT_HEADLINE = 200
TAGS = 10  # companies on a line; the others are counted
SHORT_TAGS = 4
FACTS = 6
_WORD = 60  # one company, role, fact or publisher
SENT_ROOM = 80  # code points that ``sent_note`` may take

EVENT_WORDS: dict[Event, str] = {
    Event.EXPORT_RULE: "export rule",
    Event.LICENCE: "export licence",
    Event.IMPORT_RULE: "import rule",
    Event.ENTITY_LIST: "Entity List",
    Event.TARIFF: "tariff",
    Event.ENFORCEMENT: "enforcement",
    Event.RETALIATION: "retaliation",
    Event.SUPPLY_DEMAND: "supply and demand",
    Event.RESULTS: "results",
    Event.CAPACITY: "capacity",
    Event.CORPORATE: "company news",
    Event.OTHER: "other",
}
STATUS_WORDS: dict[Status, str] = {
    Status.REPORTED: "reported, not confirmed",
    Status.PROPOSED: "proposed, not final",
    Status.CONFIRMED: "confirmed",
    Status.DENIED: "DENIED",
    Status.COMMENTARY: "commentary",
}
TIER_WORDS: dict[Tier, str] = {
    Tier.PRIMARY: "primary source",
    Tier.WIRE: "wire",
    Tier.PRESS: "press",
    Tier.SOCIAL: "social media",
}
_CHANGES: dict[Reason, str] = {
    Reason.NEW_COMPANY: "another company named",
    Reason.NEW_NUMBER: "new figure",
    Reason.OFFICIAL_TEXT: "official text published",
}
_ARROWS = {1: "▲", -1: "▼", 0: "•"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A company as a card shows it."""

    name: str  # its ticker; its name where it has none
    direction: int  # 1, -1, 0
    listed: bool
    role: str = ""  # of an inferred one

    def __str__(self) -> str:
        """``▲ NVDA``, ``• TSM foundry``; a company without ticker and direction is its name alone."""
        arrow = f"{_ARROWS[self.direction]} " if self.listed or self.direction else ""
        return f"{arrow}{self.name}" + (f" {self.role}" if self.role else "")


@dataclass(frozen=True, slots=True)
class Card:
    """An alert in plain words, each part cleaned and bounded; an empty part is not shown."""

    urgency: Urgency
    label: str  # "FLASH", "ALERT · UPDATE", "FLASH · DENIED"
    denied: bool  # says so loudly
    headline: str
    url: str  # safe, or empty
    named: tuple[Tag, ...]
    exposed: tuple[Tag, ...]
    more_named: int  # how many did not find room
    more_exposed: int
    event: str  # "import rule"
    status: str  # "reported, not confirmed"
    change: str  # of an update: "was reported, now confirmed"
    facts: tuple[str, ...]
    publisher: str
    tier: str
    publishers: int
    timing: str  # published and seen; ``sent_note`` comes after it

    @property
    def named_line(self) -> str:
        """``▲ NVDA ▼ AMD • TSM``, then companies without a ticker."""
        return _line(self.named, self.more_named, " ")

    @property
    def exposed_line(self) -> str:
        """``▲ TSM foundry, ▲ MU memory``: inferred, not named."""
        return _line(self.exposed, self.more_exposed, ", ")

    @property
    def what(self) -> str:
        """``import rule · reported, not confirmed``."""
        return f"{self.event} · {self.status}"

    @property
    def facts_line(self) -> str:
        """``H200 · 200,000 chips``."""
        return " · ".join(self.facts)

    @property
    def standing(self) -> str:
        """What stands beside the publisher's name: ``press``, ``press · 3 publishers``."""
        return self.tier + (f" · {self.publishers} publishers" if self.publishers > 1 else "")

    @property
    def source(self) -> str:
        """``Reuters · press``, ``Reuters · press · 3 publishers``."""
        return f"{self.publisher} · {self.standing}"


def card_of(alert: Alert, *, short: bool = False) -> Card:
    """The card of an alert; never raises, whatever the words are. ``short`` keeps the bare minimum."""
    limit = SHORT_TAGS if short else TAGS
    named, more_named = _tags((m for m in alert.mentions if m.primary), limit)
    known = {tag.name for tag in named}
    exposed, more_exposed = _tags((m for m in alert.mentions if not m.primary and _name(m) not in known), limit)
    denied = alert.status is Status.DENIED
    update = alert.outcome is Outcome.UPDATE
    return Card(
        urgency=alert.urgency,
        label=alert.urgency.upper() + (" · DENIED" if denied else " · UPDATE" if update else ""),
        denied=denied,
        headline=shorten(clean(alert.text), SHORT_HEADLINE if short else HEADLINE) or "(no headline)",
        url=web_link(alert.url),
        named=named,
        exposed=() if short else exposed,
        more_named=more_named,
        more_exposed=0 if short else more_exposed,
        event=_event(alert),
        status=STATUS_WORDS[alert.status],
        change=_change(alert) if update else "",
        facts=() if short else _facts(alert.facts),
        publisher=shorten(clean(alert.publisher), _WORD) or shorten(clean(alert.source), _WORD) or "unknown source",
        tier=TIER_WORDS[alert.tier],
        publishers=alert.publishers,
        timing=_timing(alert),
    )


def plain_lines(card: Card) -> list[str]:
    """The card as lines of plain text, without the times."""
    lines = [
        f"{card.label} {card.named_line}".rstrip(),
        card.headline,
        card.what,
        f"Update: {card.change}" if card.change else "",
        f"Exposed (inferred): {card.exposed_line}" if card.exposed else "",
        card.facts_line,
        card.source,
        card.url,
    ]
    return [line for line in lines if line]


def sent_note(alert: Alert, sent_at: datetime) -> str:
    """What follows the timing when the message leaves: `` · sent 14:02:13 (+0.2 s)``, counted from when we saw it."""
    wait = max(sent_at - alert.first_seen_at, timedelta(0))
    return f" · sent {clock_time(sent_at, alert.first_seen_at)} (+{span(wait)})"


def _timing(alert: Alert) -> str:
    seen = alert.first_seen_at
    if alert.published_at is None:
        return f"publication time unknown · seen {clock_time(seen, seen)} UTC"
    published = f"published {clock_time(alert.published_at, seen)} UTC"
    late = seen - alert.published_at
    if late < timedelta(0):  # the source's clock runs ahead, or it states a time to come
        return f"{published} by the source's clock · seen {clock_time(seen, seen)} (-{span(-late)})"
    return f"{published} · seen {clock_time(seen, seen)} (+{span(late)})"


def _event(alert: Alert) -> str:
    if alert.event is Event.OTHER:
        return "chip trade" if Topic.CHIP_EXPORT in alert.topics else "chip news"
    return EVENT_WORDS[alert.event]


def _change(alert: Alert) -> str:
    before, now = alert.previous_status, alert.status
    parts = [_CHANGES[alert.reason]] if alert.reason in _CHANGES else []
    if before is not None and before is not now:
        parts.append(f"was {before}, now {now.upper() if now is Status.DENIED else now}")
    return "; ".join(parts) or f"now {now}"


def _facts(facts: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(shorten(clean(fact), _WORD) for fact in facts)
    return tuple(fact for fact in unique if fact)[:FACTS]


def _name(mention: Mention) -> str:
    return shorten(clean(mention.ticker or "") or clean(mention.company), _WORD)


def _tags(mentions: Iterable[Mention], limit: int) -> tuple[tuple[Tag, ...], int]:
    """Each company once, listed ones first, and how many were left out."""
    found: dict[str, Tag] = {}
    for mention in mentions:
        name = _name(mention)
        role = "" if mention.primary else shorten(clean(mention.role or ""), _WORD)
        sign = (mention.direction > 0) - (mention.direction < 0)
        if name and name not in found:
            found[name] = Tag(name, sign, bool(clean(mention.ticker or "")), role)
    tags = sorted(found.values(), key=lambda tag: not tag.listed)
    return tuple(tags[:limit]), max(len(tags) - limit, 0)


def _line(tags: tuple[Tag, ...], more: int, between: str) -> str:
    parts = [between.join(str(tag) for tag in tags if tag.listed), ", ".join(str(t) for t in tags if not t.listed)]
    line = (" · " if between == " " else between).join(part for part in parts if part)
    return f"{line} + {more} more" if more else line
