"""What a chat's subscriptions become by a wish. Pure.

Only those made in chat are changed; what a file or the settings ask for is the operator's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.asking import ChatError, ChatSettings
from bot.chat.requests import Subscribe, Unsubscribe
from bot.domain import Destination, DigestPlan, QuietHours, Subscription

ORIGIN = "chat"
MOST = 20  # subscriptions of one chat
MOST_TICKERS = 200  # of one subscription


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be stored, and what removed (ids)."""

    put: tuple[Subscription, ...] = ()
    drop: tuple[str, ...] = ()


def made_here(subscriptions: Sequence[Subscription]) -> list[Subscription]:
    """Those that chat may change."""
    return [s for s in subscriptions if s.origin == ORIGIN]


def subscribed(existing: Sequence[Subscription], wish: Subscribe, to: Destination) -> Change:
    """Add a wish: tickers join those that are asked for in the same way, and the latest word on a ticker or on
    how loud it must be counts. Nothing to do where it is so already.

    Args:
        existing: of this chat, made in chat.
        wish: what is asked for.
        to: the chat.

    Raises:
        ChatError: too many subscriptions or tickers.
    """
    alike = [
        s
        for s in existing
        if (s.topics, s.events) == (wish.topics, wish.events) and bool(s.tickers) == bool(wish.tickers)
    ]
    same = next((s for s in alike if not wish.tickers or s.min_urgency is wish.urgency), None)
    tickers = frozenset(wish.tickers) | (same.tickers if same is not None else frozenset())
    if len(tickers) > MOST_TICKERS:
        raise ChatError("chat.error.too_many_tickers", values={"most": MOST_TICKERS})
    if same is None and len(existing) >= MOST:
        raise ChatError("chat.error.too_many", suggestions=("list",), near=False, values={"most": MOST})
    made = same if same is not None else fresh(existing, to)
    made = replace(made, topics=wish.topics, events=wish.events, tickers=tickers, min_urgency=wish.urgency)
    put = [] if made == same else [made]
    drop = []
    for other in alike:
        if other is same or not (taken := other.tickers & made.tickers):
            continue
        if left := other.tickers - taken:
            put.append(replace(other, tickers=left))
        else:
            drop.append(other.id)
    return Change(tuple(put), tuple(drop))


def fresh(existing: Sequence[Subscription], to: Destination) -> Subscription:
    """A new subscription of a chat, silent when its others are; its id is made of the chat's name and its place."""
    known = {s.id for s in existing}
    names = (hashlib.blake2b(f"chat|{to}|{n}".encode(), digest_size=4).hexdigest() for n in range(len(known) + 1))
    made = Subscription(next(name for name in names if name not in known), to, origin=ORIGIN)
    if existing:
        first = existing[0]
        made = replace(made, quiet=first.quiet, digest=first.digest, cap=first.cap, delay=first.delay)
    return made


def unsubscribed(existing: Sequence[Subscription], wish: Unsubscribe) -> Change:
    """Take a wish back.

    Raises:
        ChatError: what is named is not asked for here.
    """
    if not wish.tickers and not wish.ids:
        return Change(drop=tuple(s.id for s in existing))
    missing = [id_ for id_ in wish.ids if id_ not in {s.id for s in existing}]
    if missing:
        raise ChatError("chat.error.no_subscription", suggestions=("list",), near=False, values={"word": missing[0]})
    lost = [t for t in wish.tickers if not any(t in s.tickers for s in existing)]
    if lost:
        everything = any(not s.tickers for s in existing)
        raise ChatError(
            "chat.error.all_companies" if everything else "chat.error.not_followed",
            suggestions=(f"mute {lost[0]} 7d",) if everything else ("list",),
            near=False,
            values={"ticker": lost[0]},
        )
    drop = list(wish.ids)
    put = []
    for s in existing:
        left = s.tickers - frozenset(wish.tickers)
        if s.id in drop or left == s.tickers:
            continue
        if left:
            put.append(replace(s, tickers=left))
        else:
            drop.append(s.id)
    return Change(tuple(put), tuple(drop))


def filled_in(
    existing: Sequence[Subscription],
    form: ChatSettings,
    to: Destination,
    *,
    quiet: QuietHours | None,
    digest: DigestPlan | None,
) -> Change:
    """What a filled-in form makes: its own subscription as it says, and quiet hours and digest for all of them.

    Raises:
        ChatError: the subscription was removed meanwhile, or there are too many.
    """
    base = next((s for s in existing if s.id == form.subscription), None)
    if form.subscription is not None and base is None:
        raise ChatError(
            "chat.error.no_subscription", suggestions=("list",), near=False, values={"word": form.subscription}
        )
    if base is None and len(existing) >= MOST:
        raise ChatError("chat.error.too_many", suggestions=("list",), near=False, values={"most": MOST})
    if len(form.tickers) > MOST_TICKERS:
        raise ChatError("chat.error.too_many_tickers", values={"most": MOST_TICKERS})
    made = replace(
        base if base is not None else fresh(existing, to),
        topics=form.topics,
        tickers=form.tickers,
        events=form.events,
        min_urgency=form.min_urgency,
    )
    others = [s for s in existing if s is not base]
    return planned([made, *others], existing, quiet=quiet, digest=digest)


def planned(
    wanted: Sequence[Subscription],
    existing: Sequence[Subscription],
    *,
    quiet: QuietHours | None,
    digest: DigestPlan | None,
) -> Change:
    """The same quiet hours and digest for all of a chat's subscriptions; those that are so already are left alone."""
    put = (replace(s, quiet=quiet, digest=digest) for s in wanted)
    known = set(existing)
    return Change(tuple(s for s in put if s not in known))
