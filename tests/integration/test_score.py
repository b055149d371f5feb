"""The scoring loop over the real store: it outlives an absent database, and one bad headline stops no other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot.bus import LocalBus
from bot.companies import load_companies
from bot.desk import Desk
from bot.score import Scorer
from classifiers.api import Thresholds
from tests.fakes.clock import FakeClock
from tests.fakes.store import FailingStore
from tests.fakes.values import NOW, make_headline, make_score

COMPANIES = load_companies()
THRESHOLDS = Thresholds(chip_export=0.6, market_moving=0.5)
NEWS = "US grants Nvidia licence to sell H20 chips to China"


class Certain:
    """A classifier that holds everything for relevant."""

    name = "certain"
    thresholds = THRESHOLDS

    def score(self, headlines, *, official=None):
        return [make_score() for _ in headlines]


async def save(store, *headlines):
    await store.record_batch("wire", [(h, None) for h in headlines], cursor={}, next_due=NOW, now=NOW)


def loop(store, desk):
    return Scorer(store, LocalBus(), FakeClock(), Certain(), desk, ThreadPoolExecutor(1))


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
