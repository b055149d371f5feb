"""Why an alert was told: what the model said, what became of it here, and what was like it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.asking import Line, Reply, Span
from bot.chat.replies import HEADLINE, on_a_line
from bot.chat.writing import Writer, plain
from bot.domain import Alert, DeliveryState, Destination, Hold, Mute, Subscription
from bot.notifiers.text import clean, clock_time, shorten, span, web_link
from bot.rules.routing import Filtered, Step, walk
from bot.store.base import LedgerDelivery, Trail

_STAGES = {*Filtered, *Hold}
_REASON = 120  # code points of a delivery's reason


def why_of(
    trail: Trail,
    write: Writer,
    *,
    to: Destination,
    subscriptions: Sequence[Subscription],
    mutes: Sequence[Mute],
    thresholds: Mapping[str, float],
    alike: Sequence[tuple[Alert, tuple[int, int]]],
) -> Reply:
    """The way of one headline to one chat. Other chats stay out of it: who else is told is nobody's business.

    Args:
        trail: everything that is known of the headline.
        write: to whom.
        to: the chat that asks.
        subscriptions: of this chat.
        mutes: that hold now.
        thresholds: from which on a score counts, by its name.
        alike: past alerts like it, with how many found each useful and how many noise.
    """
    headline = trail.headline
    lines: list[Line] = [(Span(shorten(clean(headline.text), HEADLINE), "bold", web_link(headline.url)),)]
    lines += _score(trail, thresholds, write)
    if trail.outcome is None or trail.reason is None:
        lines.append(write.line("chat.why.waits"))
    else:
        outcome = write.say(f"chat.outcome.{trail.outcome}")
        lines.append(write.line("chat.why.outcome", outcome=outcome, reason=write.say(f"chat.reason.{trail.reason}")))
    if (story := trail.story) is not None:
        said = write.say("chat.headlines", n=story.count)
        publishers = write.say("card.publishers", n=max(len(story.publishers), 1))
        lines.append(write.line("chat.why.story", slug=story.slug, headlines=said, publishers=publishers))
    inferred = [m for m in trail.alert.mentions if not m.primary and m.reason] if trail.alert is not None else []
    for m in inferred[:3]:
        lines.append(plain(f"{clean(m.ticker or m.company)}: {shorten(clean(m.reason or ''), _REASON)}"))
    if trail.alert is not None:
        lines += _here(trail, trail.alert, write, to=to, subscriptions=subscriptions, mutes=mutes)
    if alike:
        lines.append(write.line("chat.why.alike"))
    for alert, (useful, noise) in alike:
        votes = (Span(f" · 👍 {useful} 👎 {noise}"),) if useful or noise else ()
        lines.append((*on_a_line(alert, write, headline.first_seen_at), *votes))
    buttons = (
        ((write.button("chat.button.story", f"cmd:story {trail.story.slug}"),),) if trail.story is not None else ()
    )
    return Reply(tuple(lines), tuple(row for row in buttons if all(len(b.action.encode()) <= 64 for b in row)))


def _score(trail: Trail, thresholds: Mapping[str, float], write: Writer) -> list[Line]:
    score = trail.score
    if score is None:
        return []
    parts = []
    for name in ("chip_export", "market_moving"):
        said = write.say(f"chat.score.{name}", value=f"{float(score[name]):.2f}")
        limit = thresholds.get(name)
        parts.append(said if limit is None else write.say("chat.score.from", said=said, limit=f"{limit:.2f}"))
    label = " · ".join([*parts, write.say(f"event.{score['event']}"), write.say(f"status.{score['status']}")])
    return [plain(label), write.line("chat.why.model", model=clean(str(score["model"])))]


def _here(
    trail: Trail,
    alert: Alert,
    write: Writer,
    *,
    to: Destination,
    subscriptions: Sequence[Subscription],
    mutes: Sequence[Mute],
) -> list[Line]:
    """What became of it in this chat, and each stage on the way to each of its subscriptions."""
    delivery = next((d for d in trail.deliveries if d.destination == str(to)), None)
    lines = [_delivery(delivery, alert, write) if delivery is not None else write.line("chat.why.not_here")]
    for subscription in subscriptions:
        # As it was decided, but by the wishes of now: what somebody asks is why the next one would or would not come.
        steps = walk(alert, subscription, mutes=mutes, now=alert.created_at)
        lines.append(tuple(s for step in steps for s in _step(step, write)))
    return lines


def _step(step: Step, write: Writer) -> tuple[Span, ...]:
    name = _stage(step.stage, write)
    if step.passed:
        return (Span(f"✓ {name} "),)
    return (Span(f"✗ {name}", "bold"), Span(f" ({shorten(clean(step.detail), _REASON)}) "))


def _delivery(delivery: LedgerDelivery, alert: Alert, write: Writer) -> Line:
    seen = alert.first_seen_at
    if delivery.sent_at is not None:
        wait = span(delivery.sent_at - seen, language=write.texts.language)
        return write.line(
            "chat.why.sent", at=clock_time(delivery.sent_at, seen), wait=wait, n=max(len(delivery.attempts), 1)
        )
    if delivery.state == DeliveryState.HELD and delivery.release_at is not None:
        until = write.moment(delivery.release_at, seen)
        return write.line("chat.why.held", until=until, reason=_stage(delivery.reason, write))
    if delivery.state == DeliveryState.FILTERED:
        return write.line("chat.why.filtered", reason=_stage(delivery.reason, write))
    if delivery.state in {DeliveryState.DEAD, DeliveryState.DROPPED}:
        return write.line("chat.why.ended", reason=shorten(clean(delivery.reason or delivery.state), _REASON))
    return write.line("chat.why.pending", n=len(delivery.attempts))


def _stage(name: str | None, write: Writer) -> str:
    """A stage in words; what an older version wrote is shown as it stands."""
    return write.say(f"chat.stage.{name}") if name in _STAGES else shorten(clean(name or "–"), _REASON)
