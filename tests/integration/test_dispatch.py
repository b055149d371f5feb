"""The dispatcher over the real outbox: nothing lost, nothing twice where the platform can tell."""

import asyncio
import random
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.domain import DestinationKind, Urgency
from bot.errors import NotifyError, StoreError
from bot.notifiers.base import Rate
from bot.subscriptions import make_subscription
from tests.fakes.clock import FakeClock
from tests.fakes.dispatch import SLACK, TELEGRAM, TTL, alert, dispatcher, drained, states
from tests.fakes.notifier import FakeNotifier
from tests.fakes.values import NOW


async def test_sends_in_order_and_threads_updates(store):
    """What belongs to one story arrives in order, the second under the first."""
    slack = FakeNotifier()
    first = await alert(store, 1, SLACK)
    await alert(store, 2, SLACK)
    await drained(store, FakeClock(), slack)
    assert [text for _, text in slack.arrived] == ["Headline 1", "Headline 2"]
    assert slack.threads[0] is None
    assert slack.threads[1].message_id == "m1"
    assert await states(store, first) == {"slack:C1": "sent"}


async def test_lost_reply_is_looked_up_not_sent_again(store):
    """Slack accepted and the reply was lost: the history shows it, so there is one post."""
    slack = FakeNotifier()
    slack.faults = [lambda: NotifyError("reply lost", maybe_sent=True)]
    headline = await alert(store, 1, SLACK)
    await drained(store, FakeClock(), slack)
    assert len(slack.arrived) == 1
    trail = await store.trail(headline)
    assert [a.result for a in trail.deliveries[0].attempts] == ["maybe_sent", "reconciled"]


async def test_refused_before_acceptance_is_sent_later(store):
    """What the platform refused for now arrives later, once."""
    slack = FakeNotifier()
    slack.faults = [
        lambda: NotifyError("unreachable"),
        lambda: NotifyError("slow down", retry_after=timedelta(seconds=20)),
        lambda: NotifyError("token refused", auth=True),
    ]
    await alert(store, 1, SLACK)
    await drained(store, FakeClock(), slack)
    assert len(slack.arrived) == 1


@pytest.mark.parametrize(("urgency", "posts"), [(Urgency.FLASH, 2), (Urgency.ALERT, 2), (Urgency.WATCH, 1)])
async def test_where_nobody_can_tell_urgency_decides(store, urgency, posts):
    """Telegram cannot tell whether it got the message: a flash or an alert is said again, a watch is not."""
    telegram = FakeNotifier(DestinationKind.TELEGRAM, can_tell=False)
    telegram.faults = [lambda: NotifyError("timed out", maybe_sent=True)]
    headline = await alert(store, 1, TELEGRAM, urgency=urgency)
    await drained(store, FakeClock(), telegram)
    assert len(telegram.arrived) == posts
    assert await states(store, headline) == {"telegram:-1001": "sent" if posts == 2 else "dropped"}


async def test_a_dead_destination_is_retired_and_the_others_go_on(store):
    """One channel is gone: its deliveries end, its subscription is retired, the other channel gets everything."""
    slack = FakeNotifier()
    telegram = FakeNotifier(DestinationKind.TELEGRAM)
    slack.faults = [lambda: NotifyError("is_archived", permanent=True)]
    await store.add_subscription(make_subscription(SLACK, origin="command"), NOW)
    ids = [await alert(store, n, SLACK, TELEGRAM) for n in (1, 2)]
    await drained(store, FakeClock(), slack, telegram)
    assert slack.arrived == []
    assert [text for _, text in telegram.arrived] == ["Headline 1", "Headline 2"]
    assert await states(store, ids[1]) == {"slack:C1": "dead", "telegram:-1001": "sent"}
    assert await store.subscriptions() == []


async def test_a_chat_that_moved_is_followed(store):
    """A group became a supergroup: the alert and the subscription go to its new id."""
    telegram = FakeNotifier(DestinationKind.TELEGRAM)
    telegram.faults = [lambda: NotifyError("migrated", moved_to="telegram:-100777")]
    await store.add_subscription(make_subscription(TELEGRAM, origin="command"), NOW)
    headline = await alert(store, 1, TELEGRAM)
    await drained(store, FakeClock(), telegram)
    assert len(telegram.arrived) == 1
    assert await states(store, headline) == {"telegram:-100777": "sent"}
    assert [str(s.to) for s in await store.subscriptions()] == ["telegram:-100777"]


async def test_death_in_flight_is_settled_by_the_next_owner_at_once(store):
    """A process died between intent and receipt: its successor looks first, without waiting for the lease."""
    slack = FakeNotifier()
    await alert(store, 1, SLACK)
    clock = FakeClock()
    dead = await dispatcher(store, clock, slack, owner="dead")
    claim = await store.claim_delivery(SLACK, owner="dead", epoch=dead.epoch, now=clock.now(), lease=TTL)
    await slack.send(claim, slack.render(claim.alert))
    await drained(store, clock, slack)
    assert len(slack.arrived) == 1
    assert (await store.backlog())["sent"] == 1


async def test_an_overtaken_owner_sends_nothing(store):
    """Whoever lost the role cannot claim: the epoch is checked where the intent is recorded."""
    slack = FakeNotifier()
    await alert(store, 1, SLACK)
    old = await dispatcher(store, FakeClock(), slack, owner="old")
    await dispatcher(store, FakeClock(), slack, owner="new")
    await old.send_due()
    assert slack.arrived == []


async def test_without_its_notifier_a_delivery_waits(store):
    """A token that was taken out of the settings loses nothing: the deliveries wait for it."""
    await alert(store, 1, SLACK)
    work = await dispatcher(store, FakeClock(), FakeNotifier(DestinationKind.TELEGRAM))
    await work.send_due()
    assert (await store.backlog())["pending"] == 1


async def test_a_crashing_notifier_stops_nobody_else(store):
    """A bug in one notifier is one delivery's trouble."""
    slack, telegram = FakeNotifier(), FakeNotifier(DestinationKind.TELEGRAM)

    def bug():
        raise ZeroDivisionError

    slack.faults = [bug]
    await alert(store, 1, SLACK, TELEGRAM)
    await drained(store, FakeClock(), slack, telegram)
    assert len(slack.arrived) == len(telegram.arrived) == 1


async def test_rate_is_kept(store):
    """With one message a minute, the second waits although it is due."""
    slack = FakeNotifier()
    slack.limit = Rate(burst=1, interval=timedelta(seconds=60))
    for number in (1, 2):
        await alert(store, number, SLACK)
    clock = FakeClock()
    work = await dispatcher(store, clock, slack)
    (window,) = limits = await work._limits(SLACK, slack)
    claim = await store.claim_delivery(SLACK, owner="me", epoch=work.epoch, now=clock.now(), lease=TTL)
    await work._attempt(slack, claim, limits)
    assert window.wait_s(clock.monotonic()) == pytest.approx(60)


class Away:
    """The store, whose database is away for some calls of some methods."""

    def __init__(self, store, **failures):
        self._store = store
        self._failures = failures

    def __getattr__(self, name):
        if not self._failures.get(name):
            return getattr(self._store, name)
        self._failures[name] -= 1

        async def away(*_args, **_kwargs):
            raise StoreError("the server cannot be reached")

        return away


@pytest.mark.parametrize("platform", [SLACK, TELEGRAM])
async def test_a_receipt_is_kept_while_the_database_is_away(store, monkeypatch, platform):
    """The database restarts while a message is on its way: the receipt is saved when it is back, nothing is sent
    again, and nobody calls it the notifier's fault."""
    monkeypatch.setattr("bot.dispatch.RETRY_S", 0.0)
    notifier = FakeNotifier(platform.kind, can_tell=False)
    headline = await alert(store, 1, platform, urgency=Urgency.WATCH)
    work = await dispatcher(Away(store, mark_sent=3), FakeClock(), notifier)
    await work.send_due()
    assert len(notifier.arrived) == 1
    assert await states(store, headline) == {str(platform): "sent"}


async def test_a_database_that_stays_away_leaves_the_message_in_doubt(store, monkeypatch):
    """When the receipt cannot be saved, the next attempt looks for the message instead of sending it again."""
    monkeypatch.setattr("bot.dispatch.RETRY_S", 0.0)
    monkeypatch.setattr("bot.dispatch.KEEP_RECEIPT_S", -1.0)
    slack = FakeNotifier()
    headline = await alert(store, 1, SLACK)
    clock = FakeClock()
    work = await dispatcher(Away(store, mark_sent=1), clock, slack)
    await work.send_due()
    assert await states(store, headline) == {"slack:C1": "sending"}
    clock.advance(seconds=90)
    await work.send_due()
    assert len(slack.arrived) == 1
    assert await states(store, headline) == {"slack:C1": "sent"}


async def test_a_cancelled_send_is_in_doubt_not_lost(store):
    """The role is lost, or Ctrl-C comes twice, while a send is on its way: whoever is next looks for it."""

    class Slow(FakeNotifier):
        async def send(self, claim, message):
            await super().send(claim, message)
            under_way.set()
            await asyncio.sleep(60)

    under_way, stop = asyncio.Event(), asyncio.Event()
    slow, headline = Slow(), await alert(store, 1, SLACK)
    clock = FakeClock()
    running = asyncio.create_task((await dispatcher(store, clock, slow)).run(stop))
    await asyncio.wait_for(under_way.wait(), 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    quick = FakeNotifier()
    quick.arrived = slow.arrived
    await (await dispatcher(store, clock, quick, owner="next")).send_due()
    assert len(quick.arrived) == 1
    assert await states(store, headline) == {"slack:C1": "sent"}


async def test_a_dispatcher_whose_role_was_taken_sends_nothing_and_does_not_spin(store):
    """Under an old epoch no claim succeeds, and asking again takes a breath each time."""
    slack = FakeNotifier()
    await alert(store, 1, SLACK)
    asked = []

    class Counting(Away):
        def __getattr__(self, name):
            asked.append(name)
            return super().__getattr__(name)

    work = await dispatcher(Counting(store), FakeClock(), slack)
    await dispatcher(store, FakeClock(), owner="thief")
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.6, stop.set)
    await asyncio.wait_for(work.run(stop), 10)
    assert slack.arrived == []
    assert asked.count("claim_delivery") <= 5


async def test_drain_does_not_wait_for_what_nobody_here_can_send(store):
    """`run --once` ends at once when what is left waits for a token or for longer than it may wait."""
    slack = FakeNotifier()
    slack.faults = [lambda: NotifyError("token refused", auth=True)]
    await alert(store, 1, SLACK, TELEGRAM)
    async with asyncio.timeout(5):
        await (await dispatcher(store, SystemClock(), slack)).drain(timedelta(seconds=30))
    assert (await store.backlog())["pending"] == 2


# ── what was held ────────────────────────────────────────────────────────────────────────────────


MORNING = NOW + timedelta(hours=8)


async def test_what_was_held_is_told_in_one_message(store):
    """At night only the flash arrives; in the morning one message tells the rest, and nothing is told twice."""
    slack = FakeNotifier()
    held = [await alert(store, n, SLACK, story=f"s{n}", release_at=MORNING) for n in (1, 2, 4)]
    await alert(store, 3, SLACK, urgency=Urgency.FLASH, story="s3")
    clock = FakeClock()
    work = await dispatcher(store, clock, slack)
    assert await work.send_due() == 0, "what is held is not open work"
    assert [text for _, text in slack.arrived] == ["Headline 3"]
    clock.advance(hours=8)
    await work.send_due()
    assert [text for _, text in slack.arrived] == ["Headline 3", "Headline 1\nHeadline 2\nHeadline 4"]
    assert [await states(store, headline) for headline in held] == [{"slack:C1": "sent"}] * 3
    assert await store.backlog() == {"unscored": 0, "pending": 0, "held": 0, "sending": 0, "dead": 0, "sent": 4}


async def test_one_that_was_held_is_told_as_itself(store):
    """A digest of one would only be in the way."""
    rendered = []

    class Watched(FakeNotifier):
        def render_digest(self, alerts, look):
            rendered.append(alerts)
            return super().render_digest(alerts, look)

    slack = Watched()
    await alert(store, 1, SLACK, release_at=NOW)
    await drained(store, FakeClock(), slack)
    assert [text for _, text in slack.arrived] == ["Headline 1"]
    assert rendered == []


async def test_a_digest_whose_reply_was_lost_is_looked_up(store):
    """It is found by its carrier, settles what it told and no more, and what came later is told by the next."""
    slack = FakeNotifier()
    slack.faults = [lambda: NotifyError("reply lost", maybe_sent=True)]
    for n in (1, 2):
        await alert(store, n, SLACK, story=f"s{n}", release_at=NOW)
    clock = FakeClock()
    work = await dispatcher(store, clock, slack)
    await work.send_due()
    for n in (3, 4):
        await alert(store, n, SLACK, story=f"s{n}", release_at=NOW + timedelta(seconds=1))
    await drained(store, clock, slack)
    assert [text for _, text in slack.arrived] == ["Headline 1\nHeadline 2", "Headline 3\nHeadline 4"]
    assert (await store.backlog())["sent"] == 4


@pytest.mark.parametrize(("loudest", "posts"), [(Urgency.FLASH, 2), (Urgency.ALERT, 2), (Urgency.WATCH, 1)])
async def test_a_digest_in_doubt_is_as_urgent_as_its_loudest(store, loudest, posts):
    """Where nobody can tell, a digest of watches is not said again; one that carries more is."""
    telegram = FakeNotifier(DestinationKind.TELEGRAM, can_tell=False)
    telegram.faults = [lambda: NotifyError("timed out", maybe_sent=True)]
    first = await alert(store, 1, TELEGRAM, urgency=Urgency.WATCH, story="s1", release_at=NOW)
    second = await alert(store, 2, TELEGRAM, urgency=loudest, story="s2", release_at=NOW)
    await drained(store, FakeClock(), telegram)
    assert len(telegram.arrived) == posts
    ended = {"telegram:-1001": "sent" if posts == 2 else "dropped"}
    assert [await states(store, headline) for headline in (first, second)] == [ended, ended]


async def test_a_digest_follows_its_chat(store):
    """The chat moved while the digest was on its way: it arrives there, whole and once."""
    telegram = FakeNotifier(DestinationKind.TELEGRAM)
    telegram.faults = [lambda: NotifyError("migrated", moved_to="telegram:-100777")]
    ids = [await alert(store, n, TELEGRAM, story=f"s{n}", release_at=NOW) for n in (1, 2)]
    await drained(store, FakeClock(), telegram)
    assert [text for _, text in telegram.arrived] == ["Headline 1\nHeadline 2"]
    assert [await states(store, headline) for headline in ids] == [{"telegram:-100777": "sent"}] * 2


async def test_death_with_a_digest_in_flight(store):
    """A process died between intent and receipt of a digest: its successor finds the message, and nothing is lost."""
    slack = FakeNotifier()
    for n in (1, 2, 3):
        await alert(store, n, SLACK, story=f"s{n}", release_at=NOW)
    clock = FakeClock()
    dead = await dispatcher(store, clock, slack, owner="dead")
    claim = await store.claim_delivery(SLACK, owner="dead", epoch=dead.epoch, now=clock.now(), lease=TTL)
    await slack.send(claim, slack.render_digest(claim.held))
    await drained(store, clock, slack)
    assert len(slack.arrived) == 1
    assert (await store.backlog())["sent"] == 3


@pytest.mark.parametrize("seed", range(6))
async def test_nights_with_every_kind_of_trouble(store, seed):
    """However the platform answers, every alert is told exactly once where it can be looked up."""
    draw = random.Random(seed)
    slack, clock = FakeNotifier(), FakeClock()
    troubles = [
        None,
        lambda: NotifyError("unreachable"),
        lambda: NotifyError("reply lost", maybe_sent=True),
        lambda: NotifyError("slow down", retry_after=timedelta(seconds=30)),
    ]
    slack.faults = [draw.choice(troubles) for _ in range(25)]
    for n in range(30):
        wait = draw.choice([None, 1, 3, 3])
        release_at = None if wait is None else clock.now() + timedelta(hours=wait)
        await alert(store, n, SLACK, story=f"s{draw.randrange(6)}", release_at=release_at)
        work = await dispatcher(store, clock, slack, owner=draw.choice("ab"))
        await work.send_due()
        clock.advance(minutes=draw.choice([1, 20, 70]))
    clock.advance(hours=4)
    await drained(store, clock, slack)
    told = [line for _, text in slack.arrived for line in text.split("\n")]
    assert sorted(told) == sorted(f"Headline {n}" for n in range(30))
    assert (await store.backlog())["sent"] == 30
