"""The scoring loop over the real store: it outlives an absent database, and one bad headline stops no other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta

from bot.bus import LocalBus
from bot.companies import load_companies
from bot.desk import Desk
from bot.dispatch import Dispatcher
from bot.domain import Cap, Destination, Mute, MuteKind, QuietHours
from bot.score import Scorer
from bot.subscriptions import make_subscription
from classifiers.api import Thresholds
from tests.fakes.classifier import FakeClassifier
from tests.fakes.clock import FakeClock
from tests.fakes.notifier import FakeNotifier
from tests.fakes.store import FailingStore
from tests.fakes.values import NOW, make_headline

COMPANIES = load_companies()
THRESHOLDS = Thresholds(chip_export=0.6, market_moving=0.5)
SLACK = Destination.parse("slack:C1")
NEWS = "US grants Nvidia licence to sell H20 chips to China"


async def save(store, *headlines):
    await store.record_batch("wire", [(h, None) for h in headlines], cursor={}, next_due=NOW, now=NOW)


def loop(store, desk):
    return Scorer(store, LocalBus(), FakeClock(), FakeClassifier(), desk, ThreadPoolExecutor(1))


async def test_a_headline_that_a_rule_stumbles_on_stops_no_other(store):
    """It stays due for a mended version, and is passed over meanwhile."""

    class Stumbling(Desk):
        def decide(self, headline, *args, **kwargs):
            if "stumble" in headline.text:
                raise ZeroDivisionError
            return super().decide(headline, *args, **kwargs)

    await save(store, make_headline("stumble here"), make_headline(NEWS))
    await loop(store, Stumbling(COMPANIES, THRESHOLDS)).drain()
    assert [h.text for h in await store.unscored(10)] == ["stumble here"]
    assert len(await store.recent_alerts(10)) == 1


async def test_the_loop_outlives_an_absent_database(store, monkeypatch):
    """Nothing was saved, so the stories are read anew; the headline is told once when the database is back."""
    monkeypatch.setattr("bot.score.RETRY_S", 0.01)
    away = FailingStore(store)
    work, stop = loop(away, Desk(COMPANIES, THRESHOLDS)), asyncio.Event()
    await save(store, make_headline(NEWS))
    record = store.record_decisions
    failures = []

    async def fail_once(decisions):
        if not failures:
            failures.append(1)
            away.down = True
            asyncio.get_running_loop().call_later(0.1, setattr, away, "down", False)
            await away.backlog()
        await record(decisions)

    monkeypatch.setattr(store, "record_decisions", fail_once)
    async with asyncio.timeout(10):
        running = asyncio.create_task(work.run(stop))
        while not await store.recent_alerts(10):
            await asyncio.sleep(0.02)
        stop.set()
        await work.bus.wake("score")
        await running
    assert failures
    (alert,) = await store.recent_alerts(10)
    assert alert.outcome == "alert", "memory that was ahead of the truth would have made it a repeat"


async def test_one_page_in_two_feeds_of_one_batch_is_one_headline(store):
    """Both arrive before either is decided; the second is a duplicate, not another voice."""
    page = "https://wire.example/one-page"
    first, second = (make_headline(NEWS, guid=g, url=page, canonical_url=page) for g in ("1", "2"))
    await save(store, first, second)
    await loop(store, Desk(COMPANIES, THRESHOLDS)).drain()
    assert (await store.trail(second.id)).reason == "duplicate"


MEASURES = (
    "US grants Nvidia licence to sell H20 chips to China",
    "Netherlands widens export rule on ASML lithography tools",
    "Japan adds Tokyo Electron spares to its export control list",
    "Seoul weighs curbs on SK Hynix memory sales to Huawei",
)


async def told_now(store, headlines):
    """The state of each headline's one delivery, with its reason."""
    trails = [await store.trail(headline.id) for headline in headlines]
    return [(trail.deliveries[0].state, trail.deliveries[0].reason) for trail in trails]


async def test_a_cap_counts_within_a_batch_and_across_batches(store):
    """The third of a batch waits until there is room after the first two, and so does one of the next batch."""
    capped = replace(make_subscription(SLACK, origin="command"), cap=Cap(2, timedelta(hours=1)))
    await store.add_subscription(capped, NOW)
    headlines = [make_headline(text) for text in MEASURES]
    work = loop(store, Desk(COMPANIES, THRESHOLDS))
    await save(store, *headlines[:3])
    await work.drain()
    await save(store, headlines[3])
    work.clock.advance(minutes=5)
    await work.drain()
    assert sorted(await told_now(store, headlines[:3])) == [("held", "cap"), ("pending", None), ("pending", None)]
    assert await told_now(store, headlines[3:]) == [("held", "cap")]
    trail = await store.trail(headlines[3].id)
    assert trail.deliveries[0].release_at == NOW + timedelta(hours=1)


async def test_mutes_of_the_store_are_heard(store):
    """A muted source is decided, and told to nobody, until the mute has run out."""
    await store.add_subscription(make_subscription(SLACK, origin="command"), NOW)
    await store.add_mute(Mute("m", SLACK, MuteKind.SOURCE, "wire", NOW + timedelta(minutes=1), NOW), NOW)
    first, second = (make_headline(text) for text in MEASURES[:2])
    work = loop(store, Desk(COMPANIES, THRESHOLDS))
    await save(store, first)
    await work.drain()
    work.clock.advance(minutes=2)
    await save(store, second)
    await work.drain()
    assert await told_now(store, [first, second]) == [("filtered", "muted"), ("pending", None)]


async def test_a_night_of_quiet_hours(store):
    """Through the desk and the dispatcher: what comes at night is one message in the morning, and none is lost."""
    quiet = QuietHours(time(11), time(19), "UTC")
    await store.add_subscription(replace(make_subscription(SLACK, origin="command"), quiet=quiet), NOW)
    slack, work = FakeNotifier(), loop(store, Desk(COMPANIES, THRESHOLDS))
    epoch = await store.take_lease("dispatch", "me", timedelta(days=1), force=True)
    sender = Dispatcher(store, work.bus, work.clock, {slack.kind: slack}, "me", epoch)
    for text in MEASURES:
        await save(store, make_headline(text))
        await work.drain()
        await sender.send_due()
        work.clock.advance(hours=1)
    assert slack.arrived == []
    assert (await store.backlog())["held"] == len(MEASURES)
    work.clock.advance(hours=3)
    await sender.send_due()
    assert [text for _, text in slack.arrived] == ["\n".join(MEASURES)]
    assert (await store.backlog())["sent"] == len(MEASURES)
