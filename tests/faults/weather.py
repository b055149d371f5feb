"""The store, the dispatcher and the notifiers before platforms of which a share of the calls fails."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.bus import LocalBus
from bot.dispatch import Dispatcher
from bot.domain import DeliveryState, Destination, Outcome, Story
from bot.notifiers.base import Rate
from bot.notifiers.slack import SlackNotifier
from bot.notifiers.telegram import TelegramNotifier
from bot.store import open_store
from bot.store.base import Store
from tests.fakes import slack as slack_fake
from tests.fakes import telegram as telegram_fake
from tests.fakes.clock import FakeClock
from tests.fakes.remote import Chance, Fault, Remote
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import Chat, FakeTelegram
from tests.faults.news import CHANNELS, CHATS, DESTINATIONS, decision, denial
from tests.faults.outcomes import Outcomes

TIMEOUT_S = 0.7  # of a client; an answer that is only slow, on a busy machine, must not look like a late one
LATE_S = 1.0
WAVES = 5  # in which the alerts come; stories of a wave are denied in the next one
NO_LIMIT = Rate(burst=1_000_000, interval=timedelta(microseconds=1))  # what limits do has its own tests
_NUMBER = re.compile(r"number (\d+) ")

# The ways in which a call fails, each as often as the others.
WAYS: dict[str, tuple[Fault, dict[str, Any]]] = {
    "dropped before": (Fault.DROP_BEFORE, {}),
    "dropped after": (Fault.DROP_AFTER, {}),
    "late": (Fault.DELAY, {"delay_s": LATE_S}),
    "truncated": (Fault.TRUNCATE, {}),
    "malformed": (Fault.GARBLE, {}),
    "429": (Fault.STATUS, {"status": 429, "retry_after": 3}),
    "429 without a time": (Fault.STATUS, {"status": 429, "retry_after": None}),
    "429 without a body": (Fault.STATUS, {"status": 429, "body": ""}),
    "500": (Fault.STATUS, {"status": 500}),
    "500 after": (Fault.STATUS_AFTER, {"status": 500}),
    "502 page": (Fault.STATUS, {"status": 502, "body": "<html>bad gateway</html>"}),
}


class _Slack(SlackNotifier):
    """Without the platform's limit."""

    def rate(self, destination: Destination) -> Rate:
        """See Notifier."""
        del destination
        return NO_LIMIT


class _Telegram(TelegramNotifier):
    """Without the platform's limit."""

    def rate(self, destination: Destination) -> Rate:
        """See Notifier."""
        del destination
        return NO_LIMIT


def make_weather(remote: Remote, share: float, seed: int) -> dict[str, Chance]:
    """Have a share of all calls fail, in every way as often; returns the scripts, which count."""
    dice = random.Random(seed)
    each = share / len(WAYS)
    scripts = {}
    for n, (way, (fault, options)) in enumerate(WAYS.items()):
        # A script sees only what those before it let through.
        script = Chance(fault, times=0, share=each / (1 - n * each), dice=dice, **options)
        scripts[way] = script
        remote.play(script)
    return scripts


@contextmanager
def platforms(clock: FakeClock) -> Iterator[tuple[FakeSlack, FakeTelegram]]:
    """Both stand-ins with their ten places each."""
    slack = FakeSlack(*CHANNELS, now=lambda: clock.now().timestamp())
    telegram = FakeTelegram(*(Chat(c, "channel") for c in CHATS))
    with slack, telegram:
        yield slack, telegram


async def weather_out(
    folder: Path,
    *,
    alerts: int = 500,
    each: int = len(DESTINATIONS),
    share: float = 0.2,
    seed: int = 1,
    through: Callable[[Remote], str] | None = None,
) -> Outcomes:
    """Send alerts in bad weather until nothing is open.

    Args:
        folder: for the store.
        alerts: how many; a third each is flash, alert and watch, and every fifth one is an update of a story.
        each: to how many destinations an alert goes, half of them channels in Slack.
        share: of the calls that fail.
        seed: of the dice.
        through: the address of something that makes the faults on the way to a remote; None: the remote makes them.
    """
    clock = FakeClock()
    outcomes = Outcomes()
    started = time.perf_counter()
    store = await open_store(f"sqlite:///{folder / 'faults.sqlite3'}")
    try:
        await store.migrate()
        with platforms(clock) as (slack, telegram):
            scripts = []
            if through is None:
                scripts = [make_weather(slack, share, seed), make_weather(telegram, share, seed + 1)]
            base = through or (lambda remote: remote.url)
            notifiers = [
                _Slack(SecretStr(slack_fake.TOKEN), api_url=f"{base(slack)}/api/", clock=clock, timeout_s=TIMEOUT_S),
                _Telegram(SecretStr(telegram_fake.TOKEN), api_url=base(telegram), clock=clock, timeout_s=TIMEOUT_S),
            ]
            try:
                epoch = await store.take_lease("dispatch", "storm", timedelta(days=9), force=True)
                assert epoch is not None
                work = Dispatcher(store, LocalBus(), clock, {n.kind: n for n in notifiers}, "storm", epoch)
                headlines = await _play(store, clock, work, alerts, each, outcomes)
            finally:
                for notifier in notifiers:
                    await notifier.aclose()
            outcomes.calls = len(slack.arrivals) + len(telegram.arrivals)
            for weather in scripts:
                outcomes.faults.update({way: script.hits for way, script in weather.items()})
            _count(slack, telegram, outcomes)
        await _read_ledger(store, headlines, outcomes)
    finally:
        await store.close()
    outcomes.took_s = time.perf_counter() - started
    return outcomes


async def _play(
    store: Store, clock: FakeClock, work: Dispatcher, alerts: int, each: int, outcomes: Outcomes
) -> list[str]:
    """Have the alerts come in waves, the stories of each be denied in the next, and all of it be sent; returns the
    headlines' ids."""
    headlines: list[str] = []
    to_deny: list[Story] = []
    per_wave = -(-alerts // WAVES)
    for first in range(0, alerts, per_wave):
        told = [decision(n, each, clock) for n in range(first, min(first + per_wave, alerts))]
        denials = [denial(story, n, clock) for n, story in enumerate(to_deny, alerts + first)]
        outcomes.denied |= {story.slug for story in to_deny}
        to_deny = [d.story for d, _ in told[::10] if d.story is not None]
        await store.record_batch(
            "wire", [(h, None) for _, h in [*told, *denials]], cursor={}, next_due=clock.now(), now=clock.now()
        )
        await store.record_decisions([d for d, _ in [*told, *denials]])
        outcomes.expected += sum(len(d.deliveries) for d, _ in told)
        outcomes.alerts |= {d.alert.id: d.alert.urgency for d, _ in told if d.alert is not None}
        headlines += [h.id for _, h in told]
        # The next wave comes while some of this one still wait for another attempt.
        await work.send_due()
        clock.advance(seconds=1)
    while await work.send_due() or await store.due_destinations(clock.now()) or await store.next_due_at(clock.now()):
        due = await store.next_due_at(clock.now())
        if due is not None:
            clock.advance(seconds=max((due - clock.now()).total_seconds(), 2))
    return headlines


def _count(slack: FakeSlack, telegram: FakeTelegram, outcomes: Outcomes) -> None:
    """What stands at the platforms."""
    for channel in slack.channels.values():
        for post in channel.messages:
            payload = post["metadata"]["event_payload"]
            alert = payload["alert_id"]
            outcomes.arrived[alert, f"slack:{channel.id}"] += 1
            first = payload["story"] == f"lot-{int(alert, 16)}"  # an update's own message stays as it was
            if first and payload["story"] in outcomes.denied and "DENIED" not in post["text"]:
                outcomes.undenied.append(f"not edited: {post['text']} in {channel.id}")
    outcomes.complaints = slack.complaints[:]
    for chat in telegram.chats.values():
        for message in chat.messages.values():
            number = _NUMBER.search(message["text"])
            assert number is not None, message["text"]
            outcomes.arrived[f"{int(number[1]):024x}", f"telegram:{chat.id}"] += 1


async def _read_ledger(store: Store, headlines: list[str], outcomes: Outcomes) -> None:
    for id_ in headlines:
        trail = await store.trail(id_)
        assert trail is not None
        assert trail.alert is not None
        for delivery in trail.deliveries:
            key = trail.alert.id, delivery.destination
            outcomes.states[key] = delivery.state
            outcomes.attempts[key] = [attempt.result for attempt in delivery.attempts]
        if trail.alert.outcome is Outcome.ALERT:
            for edit in trail.amendments:
                # A watch that was dropped in doubt may stand there, and nobody knows under which number.
                named = outcomes.states[trail.alert.id, edit.destination] == DeliveryState.SENT
                end = "given up" if edit.given_up else "open" if named else "never named"
                outcomes.edits[end if edit.waits or edit.given_up else "edited"] += 1
