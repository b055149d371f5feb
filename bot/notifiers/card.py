"""What an alert says, in words that no platform has dressed yet.

A trader reads from the top: how loud, which tickers and which way, what happened and how sure, who says so, and
how late we are. Every notifier writes the same card; none invents words of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import Alert, Amendment, Event, Mention, Outcome, Reason, Status, Story, Topic, Urgency
from bot.notifiers.base import Quote
from bot.notifiers.text import clean, clock_time, shorten, span, web_link
from bot.texts import Texts, texts_of

HEADLINE = 500  # code points; the longest official titles have 300
SHORT_HEADLINE = 200
TAGS = 10  # companies on a line; the others are counted
SHORT_TAGS = 4
FACTS = 6
_CURRENCY = 8
_WORD = 60  # one company, role, fact or publisher
SENT_ROOM = 80  # code points that ``sent_note`` may take

_CHANGES = frozenset({Reason.NEW_COMPANY, Reason.NEW_NUMBER, Reason.OFFICIAL_TEXT})
_ARROWS = {1: "▲", -1: "▼", 0: "•"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A company as a card shows it."""

    name: str  # its ticker; its name where it has none
    direction: int  # 1, -1, 0
    listed: bool
    role: str = ""  # of an inferred one
    quote: str = ""  # "181.20 +2.1 %", where its price is known

    @property
    def arrow(self) -> str:
        """Which way: ``▲``, ``▼``, ``•``; empty for a company without ticker and direction."""
        return _ARROWS[self.direction] if self.listed or self.direction else ""

    def __str__(self) -> str:
        """``▲ NVDA``, ``▲ NVDA 181.20 +2.1 %``, ``• TSM foundry``; a company without ticker and direction is its
        name alone."""
        return " ".join(part for part in (self.arrow, self.name, self.quote, self.role) if part)


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
    texts: Texts  # of the reader's language
    headlines: int = 0  # how many its story has, where the card shows how that stands now
    struck: bool = False  # denied, withdrawn or corrected after it was told: its headline is struck out

    @property
    def named_line(self) -> str:
        """``▲ NVDA ▼ AMD • TSM``, then companies without a ticker."""
        return self._line(self.named, self.more_named, " ")

    @property
    def exposed_line(self) -> str:
        """``▲ TSM foundry, ▲ MU memory``: inferred, not named."""
        return self._line(self.exposed, self.more_exposed, ", ")

    @property
    def exposed_label(self) -> str:
        """``Exposed (inferred)``."""
        return self.texts.say("card.exposed")

    @property
    def update_line(self) -> str:
        """``Update: was reported, now confirmed``; empty where nothing changed."""
        return self.texts.say("card.update_line", change=self.change) if self.change else ""

    @property
    def what(self) -> str:
        """``import rule · reported, not confirmed``."""
        return f"{self.event} · {self.status}"

    @property
    def facts_line(self) -> str:
        """``H200 · 200,000 chips``."""
        return " · ".join(self.facts)

    @property
    def badge(self) -> str:
        """``3 publishers``; of a card that shows how its story stands now ``×3 publishers``; empty for one."""
        if self.publishers < 2:
            return ""
        return self.texts.say("card.badge" if self.headlines else "card.publishers", n=self.publishers)

    @property
    def standing(self) -> str:
        """What stands beside the publisher's name: ``press``, ``press · 3 publishers``."""
        return " · ".join(part for part in (self.tier, self.badge) if part)

    @property
    def source(self) -> str:
        """``Reuters · press``, ``Reuters · press · 3 publishers``."""
        return f"{self.publisher} · {self.standing}"

    def _line(self, tags: tuple[Tag, ...], more: int, between: str) -> str:
        parts = [between.join(str(tag) for tag in tags if tag.listed), ", ".join(str(t) for t in tags if not t.listed)]
        line = (" · " if between == " " else between).join(part for part in parts if part)
        return self.texts.say("card.more", names=line, n=more) if more else line


def card_of(
    alert: Alert,
    *,
    short: bool = False,
    language: str = "en",
    quotes: Mapping[str, Quote] | None = None,
    standing: Story | None = None,
) -> Card:
    """The card of an alert; never raises, whatever the words are.

    Args:
        alert: what is told.
        short: keep the bare minimum.
        language: of bot.texts.
        quotes: prices by ticker, where they are known.
        standing: the alert's story, when the card is to show how that stands now.
    """
    texts = texts_of(language)
    limit = SHORT_TAGS if short else TAGS
    status = standing.status if standing is not None else alert.status
    denied = status is Status.DENIED
    corrected = _is_corrected(alert, standing)
    struck = corrected or (denied and alert.status is not Status.DENIED)
    # What is taken back pushes nobody: an arrow left standing would be read as advice.
    mentions = [replace(m, direction=0) for m in alert.mentions if m.primary] if struck else alert.mentions
    prices = {} if short or struck or quotes is None else quotes
    named, more_named = _tags((m for m in mentions if m.primary), limit, prices, texts)
    known = {tag.name for tag in named}
    inferred = (m for m in mentions if not m.primary and _name(m) not in known)
    exposed, more_exposed = _tags(inferred, limit, {}, texts)
    update = alert.outcome is Outcome.UPDATE
    label = texts.say(f"urgency.{alert.urgency}")
    if denied or corrected or update:
        label += " · " + texts.say("card.denied" if denied else "card.corrected" if corrected else "card.update")
    return Card(
        urgency=alert.urgency,
        label=label,
        denied=denied,
        headline=shorten(clean(alert.text), SHORT_HEADLINE if short else HEADLINE) or texts.say("card.no_headline"),
        url=web_link(alert.url),
        named=named,
        exposed=() if short else exposed,
        more_named=more_named,
        more_exposed=0 if short else more_exposed,
        event=_event(alert, texts),
        status=texts.say(f"status.{status}"),
        change=_change(alert, standing, texts),
        facts=() if short else _facts(alert.facts),
        publisher=shorten(clean(alert.publisher), _WORD)
        or shorten(clean(alert.source), _WORD)
        or texts.say("card.unknown_source"),
        tier=texts.say(f"tier.{alert.tier}"),
        publishers=max(alert.publishers, len(standing.publishers) if standing is not None else 0),
        timing=_timing(alert, texts),
        texts=texts,
        headlines=standing.count if standing is not None else 0,
        struck=struck,
    )


def plain_lines(card: Card) -> list[str]:
    """The card as lines of plain text, without the times."""
    lines = [
        f"{card.label} {card.named_line}".rstrip(),
        card.headline,
        card.what,
        card.update_line,
        card.texts.say("card.exposed_line", names=card.exposed_line) if card.exposed else "",
        card.facts_line,
        card.source,
        card.url,
    ]
    return [line for line in lines if line]


def sent_note(alert: Alert, sent_at: datetime, *, language: str = "en") -> str:
    """What follows the timing when the message leaves: `` · sent 14:02:13 (+0.2 s)``, counted from when we saw it."""
    wait = max(sent_at - alert.first_seen_at, timedelta(0))
    sent = clock_time(sent_at, alert.first_seen_at)
    return texts_of(language).say("card.sent", sent=sent, wait=span(wait, language=language))


def amended_note(amendment: Amendment, *, language: str = "en") -> str:
    """What follows the timing of an edited message: when it was sent, where that is known, and as of when it is:
    `` · sent 14:02:13 (+0.2 s) · edited 14:20:07``."""
    alert, sent_at = amendment.alert, amendment.receipt.sent_at
    if sent_at is None:
        sent = ""
    elif sent_at.microsecond:
        sent = sent_note(alert, sent_at, language=language)
    else:  # a platform whose clock has whole seconds: how long it took, that cannot say
        sent = texts_of(language).say("digest.sent", sent=clock_time(sent_at, alert.first_seen_at))
    edited = clock_time(amendment.story.updated_at, alert.first_seen_at)
    return sent + texts_of(language).say("card.edited", edited=edited)


def _is_corrected(alert: Alert, standing: Story | None) -> bool:
    """Whether the publisher that said it has mended it since; what the mending itself says still holds."""
    return standing is not None and alert.publisher in standing.corrected and alert.reason is not Reason.CORRECTION


def quote_text(quote: Quote) -> str:
    """``181.20 +2.1 %``, ``2,905 JPY``; empty for a price that is none."""
    if not math.isfinite(quote.price) or quote.price <= 0:
        return ""
    price = f"{quote.price:,.0f}" if quote.price >= 1_000 else f"{quote.price:.2f}"
    parts = [price] if quote.currency == "USD" else [price, shorten(clean(quote.currency), _CURRENCY)]
    if quote.change_percent is not None and math.isfinite(quote.change_percent):
        parts.append(f"{quote.change_percent:+.1f}\u00a0%")  # no line may begin with the sign
    return " ".join(parts)


def _timing(alert: Alert, texts: Texts) -> str:
    moment = alert.first_seen_at
    seen = clock_time(moment, moment)
    if alert.published_at is None:
        return texts.say("card.timing_unknown", seen=seen)
    published = clock_time(alert.published_at, moment)
    late = moment - alert.published_at
    if late < timedelta(0):  # the source's clock runs ahead, or it states a time to come
        early = span(-late, language=texts.language)
        return texts.say("card.timing_ahead", published=published, seen=seen, early=early)
    return texts.say("card.timing", published=published, seen=seen, late=span(late, language=texts.language))


def _event(alert: Alert, texts: Texts) -> str:
    if alert.event is Event.OTHER:
        return texts.say("event.other_trade" if Topic.CHIP_EXPORT in alert.topics else "event.other_news")
    return texts.say(f"event.{alert.event}")


def _change(alert: Alert, standing: Story | None, texts: Texts) -> str:
    """What is new about it: of an update, or of a card whose story has moved on since."""
    before, now = alert.previous_status, alert.status
    if standing is not None and standing.status is not alert.status:
        before, now = alert.status, standing.status
    elif alert.outcome is not Outcome.UPDATE:
        return ""
    said = texts.say(f"status_word.{now}")
    said = said.upper() if now is Status.DENIED else said
    parts = [texts.say(f"change.{alert.reason}")] if alert.reason in _CHANGES else []
    if before is not None and before is not now:
        parts.append(texts.say("change.was", before=texts.say(f"status_word.{before}"), now=said))
    return "; ".join(parts) or texts.say("change.now", now=said)


def _facts(facts: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(shorten(clean(fact), _WORD) for fact in facts)
    return tuple(fact for fact in unique if fact)[:FACTS]


def _name(mention: Mention) -> str:
    return shorten(clean(mention.ticker or "") or clean(mention.company), _WORD)


def _tags(
    mentions: Iterable[Mention], limit: int, quotes: Mapping[str, Quote], texts: Texts
) -> tuple[tuple[Tag, ...], int]:
    """Each company once, listed ones first, and how many were left out."""
    found: dict[str, Tag] = {}
    for mention in mentions:
        name = _name(mention)
        sign = (mention.direction > 0) - (mention.direction < 0)
        if name and name not in found:
            quote = quotes.get(mention.ticker or "")
            price = quote_text(quote) if quote is not None else ""
            found[name] = Tag(name, sign, bool(clean(mention.ticker or "")), _role(mention, texts), price)
    tags = sorted(found.values(), key=lambda tag: not tag.listed)
    return tuple(tags[:limit]), max(len(tags) - limit, 0)


def _role(mention: Mention, texts: Texts) -> str:
    """Of an inferred one, in the reader's language where the catalogue knows it: the words are a file's."""
    if mention.primary or mention.role is None:
        return ""
    key = f"role.{mention.role}"
    return shorten(clean(texts.say(key) if texts.has(key) else mention.role), _WORD)
