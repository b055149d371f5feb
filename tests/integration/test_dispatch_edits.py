"""The dispatcher beside plain sending: edits of what was posted, looks, flashes first, backlogs, and the operator."""

import asyncio
import random
from datetime import timedelta

import pytest
import structlog

from bot.clock import SystemClock
from bot.domain import Amends, Destination, DestinationKind, Mention, Reader, Status, Urgency
from bot.errors import NotifyError, StoreError
from bot.notifiers.base import Look, Quote, Rate
from tests.fakes.clock import FakeClock
from tests.fakes.dispatch import SLACK, TELEGRAM, alert, dispatcher, drained, moved_on, states
from tests.fakes.notifier import FakeNotifier
from tests.fakes.values import NOW

CHIEF = Destination.parse("slack:D9")
PRIVATE = Destination.parse("telegram:4711")


def telegram():
    return FakeNotifier(DestinationKind.TELEGRAM)


# ── edits ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_denial_is_edited_into_every_place(store):
    """Wherever the claim was told its message says at once how the story stands; nothing is posted for it."""
    slack, chat = FakeNotifier(), telegram()
    clock = FakeClock()
    await alert(store, 1, SLACK, TELEGRAM)
    await drained(store, clock, slack, chat)
    await moved_on(store, 2, status=Status.DENIED, at=clock.now())
    work = await dispatcher(store, clock, slack, chat)
    assert await work.send_due() == 0
    assert slack.amended == chat.amended == [("m1", "Headline 1 [denied ×1]")]
    await work.send_due()
    assert len(slack.amended) == len(slack.arrived) == 1


async def test_counts_are_one_edit(store):
    """Publishers that come within half a minute are shown together."""
    slack, clock = FakeNotifier(), FakeClock()
    await alert(store, 1, SLACK)
    await drained(store, clock, slack)
    for n, houses in enumerate([{"a", "b"}, {"a", "b", "c"}], 2):
        await moved_on(store, n, amends=Amends.COUNT, publishers=frozenset(houses), at=clock.now())
        await (await dispatcher(store, clock, slack)).send_due()
        clock.advance(seconds=10)
    assert slack.amended == []
    clock.advance(seconds=10)
    await (await dispatcher(store, clock, slack)).send_due()
    assert slack.amended == [("m1", "Headline 1 [confirmed ×3]")]


async def test_a_message_that_waited_is_sent_and_edited(store):
    """The platform was away while the story moved on: the alert goes out, then says how it stands now."""
    slack, clock = FakeNotifier(), FakeClock()
    slack.faults = [lambda: NotifyError("unreachable")]
    await alert(store, 1, SLACK)
    work = await dispatcher(store, clock, slack)
    await work.send_due()
    await moved_on(store, 2, status=Status.DENIED, at=clock.now())
    clock.advance(seconds=30)
    await work.send_due()
    assert [text for _, text in slack.arrived] == ["Headline 1"]
    assert slack.amended == [("m1", "Headline 1 [denied ×1]")]


async def test_an_edit_is_tried_again(store):
    """The platform's own wish is kept, a crash and a silence are tried again, and news does not wait for any of it."""
    slack, clock = FakeNotifier(), FakeClock()

    def bug():
        raise ZeroDivisionError

    slack.amend_faults = [lambda: NotifyError("slow down", retry_after=timedelta(seconds=20)), bug]
    await alert(store, 1, SLACK)
    await drained(store, clock, slack)
    await moved_on(store, 2, status=Status.DENIED, at=clock.now())
    work = await dispatcher(store, clock, slack)
    await work.send_due()
    assert await store.next_due_at(clock.now()) == clock.now() + timedelta(seconds=20)
    await alert(store, 3, SLACK, story="other")
    await work.send_due()
    assert len(slack.arrived) == 2
    for _ in range(2):
        clock.advance(seconds=20)
        await work.send_due()
    assert slack.amended == [("m1", "Headline 1 [denied ×1]")]
    assert await store.next_due_at(NOW - timedelta(days=1)) is None


async def test_an_edit_that_hangs_is_tried_again(store, monkeypatch):
    """An answer that never comes ends the attempt, not the actor."""
    monkeypatch.setattr("bot.amend.EDIT_TIMEOUT_S", 0.05)

    class Hanging(FakeNotifier):
        async def amend(self, amendment, message):
            await asyncio.sleep(60)

    slack, clock = Hanging(), FakeClock()
    await alert(store, 1, SLACK)
    await drained(store, clock, slack)
    await moved_on(store, 2, status=Status.DENIED, at=clock.now())
    await asyncio.wait_for((await dispatcher(store, clock, slack)).send_due(), 10)
    assert await store.next_due_at(clock.now()) is not None


async def test_a_message_that_is_gone_is_given_up_once(store):
    """It says so once, its destination goes on, and later changes of its story are not tried."""
    slack, clock = FakeNotifier(), FakeClock()
    slack.amend_faults = [lambda: NotifyError("message_not_found", permanent=True)]
    await alert(store, 1, SLACK)
    await drained(store, clock, slack)
    with structlog.testing.capture_logs() as logs:
        for n in (2, 3):
            await moved_on(store, n, status=Status.DENIED, at=clock.now())
            await (await dispatcher(store, clock, slack)).send_due()
    assert [line["event"] for line in logs].count("edit_given_up") == 1
    assert slack.amended == []
    await alert(store, 4, SLACK, story="other")
    await drained(store, clock, slack)
    assert len(slack.arrived) == 2


async def test_an_edit_of_a_chat_that_moved(store):
    """The message stayed behind in the old group; what is sent next goes to the new one."""
    chat, clock = telegram(), FakeClock()
    chat.amend_faults = [lambda: NotifyError("migrated", moved_to="telegram:-100777")]
    await alert(store, 1, TELEGRAM)
    await drained(store, clock, chat)
    await moved_on(store, 2, status=Status.DENIED, at=clock.now())
    await (await dispatcher(store, clock, chat)).send_due()
    assert chat.amended == []
    assert await store.next_due_at(NOW - timedelta(days=1)) is None
    assert str(await store.resolve(TELEGRAM)) == "telegram:-100777"


async def test_edits_count_against_the_limit(store):
    """Where one message a minute may go, an edit waits for its turn like any other."""
    slack, clock = FakeNotifier(), FakeClock()
    await alert(store, 1, SLACK)
    await drained(store, clock, slack)
    slack.limit = Rate(burst=1, interval=timedelta(seconds=60))
    await moved_on(store, 2, status=Status.DENIED, at=clock.now())
    clock.advance(seconds=61)
    work = await dispatcher(store, clock, slack)
    (window,) = limits = await work._limits(SLACK, slack)
    assert window.wait_s(clock.monotonic()) == 0
    assert await work._amender.amend_next(slack, SLACK, limits)
    assert len(slack.amended) == 1
    assert window.wait_s(clock.monotonic()) == pytest.approx(60)


# ── looks ────────────────────────────────────────────────────────────────────────────────────────


class Prices:
    """A market of our own, whose prices rise by one at each question."""

    def __init__(self):
        self.asked = []

    async def of(self, tickers):
        self.asked.append(list(tickers))
        return {"NVDA": Quote(100.0 + len(self.asked), 2.1)}


async def test_looks_are_the_destinations_own(store):
    """What people set there comes before the platform's default, and is asked for again after a while."""
    slack, chat = FakeNotifier(), telegram()
    clock = FakeClock()
    defaults = {DestinationKind.SLACK: Look(buttons=True), DestinationKind.TELEGRAM: Look("ja", preview=True)}
    work = await dispatcher(store, clock, slack, chat, looks=defaults)
    await store.set_reader(Reader(TELEGRAM, preview=False))
    await alert(store, 1, SLACK, TELEGRAM)
    await work.send_due()
    await store.set_reader(Reader(SLACK, language="zh"))
    clock.advance(seconds=60)
    await alert(store, 2, SLACK)
    await work.send_due()
    assert slack.looks == [Look(buttons=True), Look("zh", buttons=True)]
    assert chat.looks == [Look("ja", preview=False)]


async def test_prices_of_the_moment(store):
    """Asked for once an alert and moment, named companies first; an edit keeps what the message was sent with."""
    slack, chat, prices = FakeNotifier(), telegram(), Prices()
    clock = FakeClock()
    mentions = (Mention("Nvidia", "NVDA", 1), Mention("Kiosk", None), Mention("TSMC", "TSM", primary=False))
    work = await dispatcher(store, clock, slack, chat, quotes=prices)
    await alert(store, 1, SLACK, TELEGRAM, mentions=mentions)
    await alert(store, 2, SLACK, story="nobody", mentions=())
    await work.send_due()
    assert prices.asked == [["NVDA", "TSM"]]
    assert slack.looks[0].quotes == chat.looks[0].quotes == {"NVDA": Quote(101.0, 2.1)}
    assert slack.looks[1].quotes == {}
    clock.advance(minutes=5)
    await moved_on(store, 3, status=Status.DENIED, at=clock.now())
    await work.send_due()
    assert slack.looks[-1].quotes == {"NVDA": Quote(101.0, 2.1)}
    other = await dispatcher(store, clock, slack, chat, quotes=prices)
    await moved_on(store, 4, status=Status.CONFIRMED, at=clock.now())
    await other.send_due()
    assert slack.looks[-1].quotes == {}
    assert len(prices.asked) == 1


async def test_an_alert_does_not_wait_for_its_trimmings(store):
    """Prices that fail and settings that cannot be read: it goes out plain."""

    class Broken:
        async def of(self, tickers):
            raise ZeroDivisionError

    class Forgetful:
        def __getattr__(self, name):
            return getattr(store, name)

        async def reader(self, destination):
            raise StoreError("the server cannot be reached")

    slack = FakeNotifier()
    await alert(store, 1, SLACK)
    work = await dispatcher(store, FakeClock(), slack, quotes=Broken())
    work._looks.store = Forgetful()
    await work.send_due()
    assert slack.looks == [Look()]


# ── flashes and backlogs ─────────────────────────────────────────────────────────────────────────


async def test_flashes_first_when_much_waits(store):
    """A platform that was away is back: the flash goes out before the rest, its own story in order."""
    slack, clock = FakeNotifier(), FakeClock()
    for n in range(1, 5):
        await alert(store, n, SLACK, story=f"s{n}")
    await alert(store, 5, SLACK, story="s4", urgency=Urgency.FLASH)
    await alert(store, 6, SLACK, story="s6", urgency=Urgency.FLASH)
    await drained(store, clock, slack)
    assert [text[-1] for _, text in slack.arrived] == ["6", "1", "2", "3", "4", "5"]


async def test_a_backlog_is_one_post(store):
    """More than a minute's worth waits for a group: flashes one by one, the rest in one message, nothing twice."""
    chat, clock = telegram(), FakeClock()
    chat.limit = Rate(burst=20, interval=timedelta(seconds=3))
    headlines = [await alert(store, n, TELEGRAM, SLACK, story=f"s{n}") for n in range(1, 31)]
    await alert(store, 31, TELEGRAM, story="s31", urgency=Urgency.FLASH)
    slack = FakeNotifier()
    await (await dispatcher(store, clock, chat)).send_due()
    assert [text.count("\n") for _, text in chat.arrived] == [0, 29]
    assert chat.arrived[0][1] == "Headline 31"
    assert await states(store, headlines[4]) == {"telegram:-1001": "sent", "slack:C1": "pending"}
    await drained(store, clock, slack)
    assert len(slack.arrived) == 30, "a platform that takes them is given them one by one"


async def test_a_backlog_that_arises_while_the_limit_bites(store):
    """What piles up behind a limit is looked at again at each wait; all of it is told once, in order of its stories."""
    chat, clock = telegram(), SystemClock()
    chat.limit = Rate(burst=1, interval=timedelta(seconds=0.2))
    for n in range(1, 4):
        await alert(store, n, TELEGRAM, story=f"s{n}")
    work = await dispatcher(store, clock, chat)
    work.store = FewerWait(store)
    stop = asyncio.Event()
    acting = asyncio.create_task(work.run(stop))
    while not chat.arrived:
        await asyncio.sleep(0.01)
    for n in range(4, 14):
        await alert(store, n, TELEGRAM, story=f"s{n}")
    async with asyncio.timeout(10):
        while (await store.backlog())["sent"] < 13:
            await asyncio.sleep(0.02)
    stop.set()
    await acting
    told = [line for _, text in chat.arrived for line in text.split("\n")]
    assert told == [f"Headline {n}" for n in range(1, 14)]
    assert len(chat.arrived) <= 4


class FewerWait:
    """A store that takes more than five waiting deliveries for a backlog."""

    def __init__(self, store):
        self._store = store

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def fold_backlog(self, destination, *, keep, now, over=0):
        return await self._store.fold_backlog(destination, keep=keep, now=now, over=5)


# ── the operator ─────────────────────────────────────────────────────────────────────────────────


async def test_the_operator_is_told_once_of_what_ended(store):
    """Where, why and how much; not again for the same place, until it has worked in between."""
    slack, chat = FakeNotifier(), telegram()
    clock = FakeClock()
    work = await dispatcher(store, clock, slack, chat, operator=CHIEF)

    async def blocked(*numbers):
        chat.faults = [lambda: NotifyError("bot was kicked", permanent=True)]
        for n in numbers:
            await alert(store, n, TELEGRAM, story=f"s{n}")
        await work.send_due()

    await blocked(1, 2)
    await blocked(3)
    ((to, text),) = slack.said
    assert to == "slack:D9"
    assert "telegram:-1001: bot was kicked. 2 waiting alerts ended" in text
    await alert(store, 4, TELEGRAM, story="s4")
    await work.send_due()
    await blocked(5)
    assert len(slack.said) == 2


async def test_the_operator_is_told_in_their_language(store):
    """As they set it in that chat; else as the platform's messages are."""
    slack, chat = FakeNotifier(), telegram()
    looks = {DestinationKind.SLACK: Look(language="ja")}
    work = await dispatcher(store, FakeClock(), slack, chat, operator=CHIEF, looks=looks)
    chat.faults = [lambda: NotifyError("bot was kicked", permanent=True)]
    await alert(store, 1, TELEGRAM)
    await work.send_due()
    await store.set_reader(Reader(CHIEF, language="zh"))
    work = await dispatcher(store, FakeClock(), slack, chat, operator=CHIEF, looks=looks)
    chat.faults = [lambda: NotifyError("bot was kicked", permanent=True)]
    await alert(store, 2, PRIVATE, story="s2")
    await work.send_due()
    first, second = (text for _, text in slack.said)
    assert first.startswith("Chipwire は telegram:-1001 への配信を停止しました：bot was kicked。配信待ちの1件")
    assert second.startswith("Chipwire 不再向")


@pytest.mark.parametrize("fault", ["refused", "crash", "no token", "itself"])
async def test_an_operator_who_cannot_be_told(store, fault):
    """It stands in the log, and everything else goes on."""

    class Deaf(FakeNotifier):
        async def say(self, destination, text):
            raise ZeroDivisionError if fault == "crash" else NotifyError("not_in_channel", permanent=True)

    deaf, chat, clock = Deaf(), telegram(), FakeClock()
    chat.faults = [lambda: NotifyError("bot was kicked", permanent=True)]
    await alert(store, 1, TELEGRAM)
    notifiers = [chat] if fault == "no token" else [chat, deaf]
    work = await dispatcher(store, clock, *notifiers, operator=TELEGRAM if fault == "itself" else CHIEF)
    with structlog.testing.capture_logs() as logs:
        await work.send_due()
    await alert(store, 2, PRIVATE, story="s2")
    await work.send_due()
    said = [line for line in logs if line["event"] == "operator_not_told"]
    assert len(said) == (0 if fault == "itself" else 1)
    assert chat.said == []
    assert len(chat.arrived) == 1


@pytest.mark.parametrize("seed", range(6))
async def test_days_with_every_kind_of_trouble(store, seed):
    """However the platform answers, every message ends up saying how its story stands, and none is posted twice."""
    draw = random.Random(seed)
    slack, clock = FakeNotifier(), FakeClock()
    troubles = [
        None,
        lambda: NotifyError("unreachable"),
        lambda: NotifyError("reply lost", maybe_sent=True),
        lambda: NotifyError("slow down", retry_after=timedelta(seconds=30)),
    ]
    slack.faults = [draw.choice(troubles) for _ in range(15)]
    slack.amend_faults = [draw.choice(troubles) for _ in range(15)]
    last = {}
    for n in range(40):
        slug = f"s{draw.randrange(5)}"
        if slug not in last:
            await alert(store, n, SLACK, story=slug)
            last[slug] = Status.CONFIRMED
        else:
            last[slug] = draw.choice(list(Status))
            amends = draw.choice([Amends.STATUS, Amends.COUNT])
            await moved_on(store, n, slug, amends=amends, status=last[slug], at=clock.now())
        work = await dispatcher(store, clock, slack, owner=draw.choice("ab"))
        await work.send_due()
        clock.advance(seconds=draw.choice([0, 1, 20, 90]))
    work = await dispatcher(store, clock, slack)
    for _ in range(30):
        await work.send_due()
        clock.advance(minutes=6)
    assert len(slack.arrived) == len(last)
    shown = dict(slack.amended)
    for number, (delivery_id, text) in enumerate(slack.arrived, 1):
        trail = await store.trail(
            (await store.alert(f"a{delivery_id.removeprefix('d').partition('-')[0]}")).headline_id
        )
        status = last[trail.story.slug]
        assert f"[{status} " in shown.get(f"m{number}", f"{text} [{Status.CONFIRMED} "), trail.amendments
