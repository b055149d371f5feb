"""The one place that builds and joins everything: start order, stop order, roles."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TextIO

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot import bus as topics
from bot.bus import Bus, LocalBus, NatsBus
from bot.chats import Chats, default_looks, installed_tokens, opened_chats
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.desk import Desk
from bot.dispatch import Dispatcher
from bot.domain import Destination, DestinationKind
from bot.errors import BotError
from bot.health import Health
from bot.home import opened_store
from bot.http import PoliteClient
from bot.model import pick_classifier, pick_thresholds
from bot.notifiers.base import Notifier
from bot.notifiers.registry import OVERALL_RATES, build_notifiers
from bot.ownership import FileTenure, RowTenure, Tenure, owner_name, run_owned
from bot.poll import Poller, PollResult
from bot.quotes import FinnhubQuotes
from bot.score import Scorer
from bot.settings import ROLES, Settings
from bot.sources.base import Source
from bot.sources.feed_parser import FeedParser
from bot.sources.registry import build_sources
from bot.startup import bind_web, check_credentials, lock_folder, sync_subscriptions
from bot.store.base import Store
from bot.web import Listener, build_web, serve
from classifiers.api import Classifier

log = structlog.get_logger(__name__)

KEEP_SPIKES = timedelta(days=30)
ONCE_DRAIN = timedelta(seconds=30)


def make_desk(settings: Settings, config: Config, classifier: Classifier) -> Desk:
    """A desk with no story open."""
    return Desk(
        config.companies,
        pick_thresholds(settings, classifier),
        exposure=config.exposure,
        embed=classifier.embed,
        flashes_per_hour=settings.flashes_per_hour,
    )


@dataclass(slots=True)
class App:
    """A running Chipwire: its parts, joined."""

    settings: Settings
    config: Config
    roles: frozenset[str]
    store: Store
    bus: Bus
    clock: Clock
    tenure: Tenure
    owner: str
    scheduler: AsyncIOScheduler
    sources: dict[str, Source]
    notifiers: dict[DestinationKind, Notifier]
    classifier: Classifier | None
    inference: ThreadPoolExecutor
    health: Health
    chats: Chats  # where people can ask
    quotes: FinnhubQuotes | None
    listener: Listener | None  # of the live page; None where it is not served

    async def run(self, stop: asyncio.Event) -> None:
        """Run the roles until ``stop`` is set, then finish what is in flight."""
        self.scheduler.start()
        work = {"poll": self._poll, "desk": self._desk, "dispatch": self._dispatch, "chat": self._chat}
        async with asyncio.TaskGroup() as tasks:
            for role in ROLES:
                if role in self.roles and role in work:
                    tasks.create_task(run_owned(self.tenure, role, partial(work[role], stop), stop), name=role)
            if self.listener is not None:
                tasks.create_task(self._web(stop), name="web")
            tasks.create_task(self._wake_all(stop), name="wake at stop")

    async def run_once(self) -> list[PollResult]:
        """Poll every source one time, decide and deliver, and return how each poll ended.

        Raises:
            BotError: another process is running on the same store.
        """
        for role in ("poll", "desk", "dispatch"):
            if not await self.tenure.try_hold(role):
                raise BotError(
                    f"another chipwire runs on {self.settings.home} (role {role}); stop it or set CHIPWIRE_HOME"
                )
        results: list[PollResult] = []
        stop = asyncio.Event()
        async with contextlib.AsyncExitStack() as roles:
            for role in ("poll", "desk", "dispatch"):
                term = await roles.enter_async_context(self.tenure.hold(role, stop))
                assert term is not None, "stop is never set here"
                if role == "dispatch":
                    epoch = term.epoch
            results = await self._poller().run_once()
            await self._scorer().drain()
            await self._dispatcher(epoch).drain(ONCE_DRAIN)
            backlog = await self.store.backlog()
        if open_still := backlog["pending"] + backlog["sending"]:
            log.warning("not_delivered_yet", deliveries=open_still, what="they are kept for the next run")
        return results

    async def _poll(self, stop: asyncio.Event, _epoch: int) -> None:
        await self._poller().run(stop)

    async def _desk(self, stop: asyncio.Event, _epoch: int) -> None:
        await self._scorer().run(stop)

    async def _dispatch(self, stop: asyncio.Event, epoch: int) -> None:
        await self._dispatcher(epoch).run(stop)

    async def _chat(self, stop: asyncio.Event, _epoch: int) -> None:
        await self.chats.run(stop)

    def _poller(self) -> Poller:
        return Poller(
            self.store, self.bus, self.clock, self.scheduler, self.sources, self.settings.max_age, self.health
        )

    def _scorer(self) -> Scorer:
        assert self.classifier is not None, "the desk's role loads the model"
        desk = make_desk(self.settings, self.config, self.classifier)
        return Scorer(self.store, self.bus, self.clock, self.classifier, desk, self.inference, self.health)

    def _dispatcher(self, epoch: int) -> Dispatcher:
        operator = self.settings.operator
        return Dispatcher(
            self.store, self.bus, self.clock, self.notifiers, self.owner, epoch, self.health, OVERALL_RATES,
            looks=default_looks(self.settings),
            quotes=self.quotes,
            operator=None if operator is None else Destination.parse(operator),
        )  # fmt: skip

    async def _web(self, stop: asyncio.Event) -> None:
        assert self.listener is not None, "only started where there is one"
        app = build_web(self.store, self.bus, health=self.health, clock=self.clock, more=self.chats.routes())
        try:
            await serve(app, self.listener, stop)
        except Exception:
            if self.roles == {"web"}:
                raise
            log.exception("live_page_failed", what="alerts go on without it")

    async def _wake_all(self, stop: asyncio.Event) -> None:
        """At the stop signal, wake the loops that wait for work, so that they see it at once."""
        await stop.wait()
        log.info("stopping", grace_s=self.settings.shutdown_grace_s)
        for topic in (topics.SCORE, topics.DISPATCH, topics.PUBLISHED):
            await self.bus.wake(topic)


@contextlib.asynccontextmanager
async def opened_app(
    settings: Settings,
    config: Config,
    roles: frozenset[str],
    *,
    clock: Clock | None = None,
    cards: TextIO | None = None,
) -> AsyncIterator[App]:
    """Build everything that these roles need, in order; close it in reverse.

    Args:
        settings: as loaded.
        config: as loaded.
        roles: which parts this process is for.
        clock: the machine's own when None.
        cards: where the console notifier writes; standard output when None.

    Raises:
        BotError: something cannot be built; the text names the setting, the file or the server.
        ModelError: the model cannot be loaded.
    """
    clock = clock or SystemClock()
    owner = owner_name()
    async with contextlib.AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened_store(settings))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        bus: Bus = LocalBus() if settings.nats_url is None else NatsBus(settings.nats_url.get_secret_value(), tasks)
        stack.push_async_callback(bus.aclose)
        embedded = settings.store_url.startswith("sqlite")
        tenure: Tenure = FileTenure(store, lock_folder(settings), owner) if embedded else RowTenure(store, owner)
        inference = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="inference"))
        loop = asyncio.get_running_loop()
        classifier = await loop.run_in_executor(inference, pick_classifier, settings) if "desk" in roles else None
        http = await stack.enter_async_context(PoliteClient(contact=settings.contact))
        parser = FeedParser()
        stack.callback(parser.close)
        sources = build_sources(config.specs, http, clock, parser)
        tokens = installed_tokens(settings, store, clock)
        notifiers = build_notifiers(settings, clock=clock, stdout=cards, tokens=tokens)
        for notifier in notifiers.values():
            stack.push_async_callback(notifier.aclose)
        chats = await stack.enter_async_context(opened_chats(settings, config, store, clock, notifiers, roles))
        quotes: FinnhubQuotes | None = None
        if settings.finnhub_token is not None:
            quotes = FinnhubQuotes(settings.finnhub_token, api_url=settings.finnhub_api_url, clock=clock)
            stack.push_async_callback(quotes.aclose)
        if "dispatch" in roles:
            await check_credentials(notifiers)
        if roles & {"desk", "dispatch"}:
            # A process that only polls or shows pages may know nothing of channels: it must not take them away.
            await sync_subscriptions(store, settings, config, clock)
        listener = bind_web(settings, roles)
        if listener is not None:
            stack.callback(listener.close)  # also where nobody comes to serve it
        scheduler = AsyncIOScheduler(timezone="UTC")
        stack.callback(lambda: scheduler.shutdown(wait=False) if scheduler.running else None)
        app = App(
            settings=settings,
            config=config,
            roles=roles,
            store=store,
            bus=bus,
            clock=clock,
            tenure=tenure,
            owner=owner,
            scheduler=scheduler,
            sources=sources,
            notifiers=notifiers,
            classifier=classifier,
            inference=inference,
            health=Health(clock, needs_model="desk" in roles, model=classifier.name if classifier else None),
            chats=chats,
            quotes=quotes,
            listener=listener,
        )
        if "desk" in roles:
            scheduler.add_job(_prune, CronTrigger(hour=4, minute=10), args=(store, clock), misfire_grace_time=None)
        yield app


async def _prune(store: Store, clock: Clock) -> None:
    trimmed = await store.prune(clock.now() - KEEP_SPIKES)
    log.info("pruned", headlines=trimmed)


async def run_app(settings: Settings, config: Config, roles: frozenset[str], *, started: Callable[[App], None]) -> None:
    """Run until SIGINT or SIGTERM; a second signal ends at once.

    Args:
        settings: as loaded.
        config: as loaded.
        roles: which parts run in this process.
        started: called when everything is built, before the first poll.

    Raises:
        BotError, ModelError: the bot cannot start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    me = asyncio.current_task()

    def on_signal() -> None:
        if stop.is_set() and me is not None:
            me.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    async with opened_app(settings, config, roles) as app:
        started(app)
        grace = asyncio.timeout(None)
        try:
            async with grace:
                stopping = asyncio.ensure_future(_limit(stop, grace, settings.shutdown_grace_s))
                try:
                    await app.run(stop)
                finally:
                    stopping.cancel()
        except TimeoutError as error:
            if not grace.expired():
                raise
            raise BotError("stopped before everything in flight had ended; it is settled at the next start") from error


async def _limit(stop: asyncio.Event, grace: asyncio.Timeout, grace_s: float) -> None:
    """From the stop signal on, what is in flight has this long; the rest is settled at the next start."""
    await stop.wait()
    grace.reschedule(asyncio.get_running_loop().time() + grace_s)
