"""One story through the real path to both platforms' stand-ins, and what stands there at each stage."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.bus import LocalBus
from bot.chat.service import Chat
from bot.chat.slack import SlackChat
from bot.companies import load_companies
from bot.desk import Desk
from bot.dispatch import Dispatcher
from bot.domain import Destination, DestinationKind, DigestPlan, Every, Headline, RawItem, SourceSpec, Tier, Topic
from bot.exposure import load_exposure
from bot.notifiers.base import Look, Quote
from bot.notifiers.slack import SlackNotifier
from bot.notifiers.telegram import TelegramNotifier
from bot.poll import normalise
from bot.replay import read_archive
from bot.rules.fingerprint import canonical_url
from bot.score import Scorer
from bot.store import open_store
from bot.store.base import Store
from bot.subscriptions import make_subscription
from classifiers.serve import load
from tests.fakes.clock import FakeClock
from tests.fakes.slack import TOKEN as SLACK_TOKEN
from tests.fakes.slack_app import ANN, CHANNEL, SlackApp
from tests.fakes.slack_desk import settings_for, until
from tests.fakes.slack_socket import FakeSocket
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram import Chat as Place
from tests.fakes.telegram import FakeTelegram

STORY = Path(__file__).parents[1] / "stories" / "alibaba_h200.jsonl"
AT_ONCE, DAILY = -1001, -1002  # channels in Telegram
SEEN_AFTER = timedelta(seconds=1.4)
# Made-up prices of a made-up story: from then on, price and change since the last close.
PRICES: dict[str, dict[str, Quote]] = {
    "2027-01-11T00:00:00Z": {"BABA": Quote(171.2, 5.3), "NVDA": Quote(212.4, 1.8), "TSM": Quote(318.05, 0.9)},
    "2027-01-11T12:00:00Z": {"BABA": Quote(160.3, -1.4), "NVDA": Quote(208.1, -0.3), "TSM": Quote(316.4, 0.4)},
    "2027-01-12T00:00:00Z": {"TSM": Quote(321.7, 1.7), "ASML": Quote(1_012.3, -2.4)},
    "2027-01-13T00:00:00Z": {"BABA": Quote(175.9, 7.1), "NVDA": Quote(218.6, 3.4), "TSM": Quote(322.15, 1.1)},
}
# Said beside the story, so that a digest has something to hold.
ASIDE = (
    ("2027-01-12T03:05:00Z", "Kite Wire", "TSMC raises 2027 capital spending to $48 billion on AI demand"),
    ("2027-01-12T05:40:00Z", "Lantern Post", "Netherlands weighs curbs on servicing ASML tools in China, sources say"),
    ("2027-01-12T08:15:00Z", "Harbour Daily", "South Korea's chip exports to China rise for a third month"),
)


@dataclass(slots=True)
class _Quotes:
    clock: FakeClock

    async def of(self, tickers: Collection[str]) -> Mapping[str, Quote]:
        """See Quotes."""
        known = [prices for since, prices in PRICES.items() if datetime.fromisoformat(since) <= self.clock.now()][-1]
        return {ticker: known[ticker] for ticker in tickers if ticker in known}


class _Telegram(FakeTelegram):
    """Keeps pictures, and stamps messages by the story's clock."""

    def __init__(self, clock: FakeClock, *places: Place) -> None:
        super().__init__(*places)
        self.clock = clock
        self.pictures: dict[str, bytes] = {}

    def _post(self, chat: Place, args: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        message = super()._post(chat, args, said)
        message["date"] = int(self.clock.now().timestamp())
        if "photo" in said:
            self.pictures[said["photo"][0]["file_id"]] = args["photo"]
        return message


@dataclass(slots=True)
class Seen:
    """What stands at the platforms after a headline."""

    headline: str
    slack: list[dict[str, Any]]
    telegram: dict[int, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Played:
    """The story as it was seen."""

    stages: list[Seen]  # after each headline
    answers: dict[str, Any]  # by what was asked; ``home``: the App Home
    pictures: dict[str, bytes]  # in Telegram, by file


@dataclass(slots=True)
class Stage:
    """The program between its headlines and the platforms."""

    store: Store
    clock: FakeClock
    desk: Scorer
    dispatcher: Dispatcher
    slack: SlackApp
    telegram: _Telegram
    stages: list[Seen] = field(default_factory=list)

    async def tell(self, headline: Headline) -> None:
        """A headline is seen, decided, told and everything edited that is due; then somebody looks."""
        await self.until(headline.first_seen_at)
        await self.store.record_batch(
            headline.source, [(headline, None)], cursor={}, next_due=self.clock.now(), now=self.clock.now()
        )
        self.clock.advance(seconds=0.02)
        await self.desk.drain()
        self.clock.advance(seconds=0.12)
        await self.settle()
        self.look(headline.text)

    async def until(self, then: datetime) -> None:
        """Let time pass; digests are sent when they are due."""
        while (due := await self.store.next_due_at(self.clock.now())) is not None and due < then:
            self.clock.advance(seconds=(due - self.clock.now()).total_seconds())
            await self.dispatcher.send_due()
        self.clock.advance(seconds=(then - self.clock.now()).total_seconds())

    async def settle(self) -> None:
        """Send and edit what is due soon."""
        await self.dispatcher.send_due()
        self.clock.advance(seconds=61)
        await self.dispatcher.send_due()

    def look(self, headline: str) -> None:
        """Keep what stands there."""
        self.stages.append(
            Seen(
                headline,
                copy.deepcopy(self.slack.channels[CHANNEL].messages),
                {n: copy.deepcopy(list(chat.messages.values())) for n, chat in self.telegram.chats.items()},
            )
        )


def headlines() -> list[Headline]:
    """The story, and what was said beside it, in the order of time and with an address each."""
    told = [a.headline for a in read_archive(STORY, {})]
    for at, publisher, text in ASIDE:
        when = datetime.fromisoformat(at)
        spec = SourceSpec(_slug(publisher), "feed", "https://x.example/", timedelta(seconds=2), publisher, Tier.WIRE)
        told.append(normalise(RawItem(text, text, spec.url, when), spec, when))
    return sorted((_seen(headline) for headline in told), key=lambda h: h.first_seen_at)


def _seen(headline: Headline) -> Headline:
    assert headline.published_at is not None
    url = f"https://{_slug(headline.publisher)}.example/{headline.published_at:%Y/%m/%d/%H%M}"
    seen = headline.published_at + SEEN_AFTER
    return replace(headline, url=url, canonical_url=canonical_url(url), first_seen_at=seen)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Everything built, nothing told."""
    clock = FakeClock(datetime(2027, 1, 11, 6, 0, tzinfo=UTC))
    classifier, companies = load(), load_companies()
    store = await open_store(f"sqlite:///{folder / 'pictures.sqlite3'}")
    places = (Place(AT_ONCE, "channel", "chipwire"), Place(DAILY, "channel", "chipwire_daily"))
    with (
        SlackApp(now=lambda: clock.now().timestamp()) as slack,
        _Telegram(clock, *places) as telegram,
        ThreadPoolExecutor(1) as inference,
    ):
        posts = SlackNotifier(SecretStr(SLACK_TOKEN), api_url=slack.api_url, clock=clock)
        sends = TelegramNotifier(SecretStr(TELEGRAM_TOKEN), api_url=telegram.url, clock=clock)
        try:
            await store.migrate()
            at_once = [Destination.parse(f"slack:{CHANNEL}"), Destination.parse(f"telegram:{AT_ONCE}")]
            for to in at_once:
                await store.add_subscription(make_subscription(to, topics=list(Topic), origin="command"), clock.now())
            plan = DigestPlan(Every.DAY, time(18, 0), flash_breaks=False)
            daily = make_subscription(
                Destination.parse(f"telegram:{DAILY}"), topics=list(Topic), digest=plan, origin="command"
            )
            await store.add_subscription(daily, clock.now())
            bus = LocalBus()
            exposure = load_exposure(companies)
            rules = Desk(companies, classifier.thresholds, exposure=exposure, embed=classifier.embed)
            desk = Scorer(store, bus, clock, classifier, rules, inference)
            epoch = await store.take_lease("dispatch", "pictures", timedelta(days=99), force=True)
            assert epoch is not None
            looks = {
                DestinationKind.SLACK: Look(buttons=True),
                DestinationKind.TELEGRAM: Look(buttons=True, picture=True),
            }
            dispatcher = Dispatcher(
                store,
                bus,
                clock,
                {n.kind: n for n in (posts, sends)},
                "pictures",
                epoch,
                looks=looks,
                quotes=_Quotes(clock),
            )
            yield Stage(store, clock, desk, dispatcher, slack, telegram)
        finally:
            await posts.aclose()
            await sends.aclose()
            await store.close()


async def answers(stage: Stage) -> dict[str, Any]:
    """What somebody asks in Slack and is told: by command, and the App Home."""
    slack, clock = stage.slack, stage.clock
    chat = Chat(stage.store, load_companies(), clock)
    async with FakeSocket(slack) as socket:
        ours = SlackChat(settings_for(slack), chat, stage.store, clock)
        stop = asyncio.Event()
        running = asyncio.ensure_future(ours.run(stop))
        found: dict[str, Any] = {}
        try:
            await socket.opens(1)
            own = slack.chat_of(ANN)
            for text, where in (
                ("subscribe NVDA BABA flash", own),
                ("quiet 22:00-07:00 Europe/London", own),
                ("mute ASML 1d", own),
                ("help", CHANNEL),
                ("list", CHANNEL),
                ("mute NVDIA 1h", CHANNEL),
            ):
                before = len(slack.answers)
                await socket.deliver("slash_commands", slack.command(text, channel=where))
                await until(lambda: len(slack.answers) > before)  # noqa: B023  it is awaited here
                found[text] = slack.answers[-1]
            await socket.deliver("events_api", slack.home_opened())
            await until(lambda: ANN in slack.homes)
            found["home"] = slack.homes[ANN]
        finally:
            stop.set()
            await running
            await ours.aclose()
    assert slack.complaints == []
    return found


async def played(folder: Path) -> Played:
    """The whole story, and what somebody was answered in Slack after the approval."""
    async with staged(folder) as stage:
        asked: dict[str, Any] = {}
        for headline in headlines():
            await stage.tell(headline)
            if "MOFCOM" in headline.text:
                asked = await answers(stage)
        return Played(stage.stages, asked, stage.telegram.pictures)
