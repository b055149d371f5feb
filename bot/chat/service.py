"""The one door: a line of text, a pressed button or a filled-in form in, an answer out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.chat import changing, forms, looking
from bot.chat.asking import Asker, ChatError, ChatSettings, Home, Reply, SendTest
from bot.chat.parsing import MUTE_STORY_FOR, parse
from bot.chat.replies import described, first_buttons, help_of, mute_buttons, sample_alert
from bot.chat.requests import (
    COMMANDS,
    Digest,
    Export,
    Forget,
    Help,
    Language,
    Latest,
    ListAll,
    MuteFor,
    Quiet,
    Request,
    Sample,
    Start,
    StoryOf,
    Subscribe,
    Unmute,
    Unsubscribe,
    Why,
)
from bot.chat.room import Room
from bot.chat.vocabulary import Vocabulary
from bot.chat.writing import Writer
from bot.clock import Clock
from bot.domain import Alert, MuteKind
from bot.errors import NotifyError
from bot.rules.muting import parse_length
from bot.rules.tickers import CompanyBook
from bot.store.base import Store
from bot.texts import texts_of

TEST_EVERY = timedelta(seconds=20)  # sample cards to one chat


class Chat:
    """What a person can ask for, the same on every platform. Safe to call from many tasks of one event loop."""

    def __init__(
        self,
        store: Store,
        companies: CompanyBook,
        clock: Clock,
        *,
        thresholds: Mapping[str, float] | None = None,
        send_test: SendTest | None = None,
    ) -> None:
        """Know the companies by all their names.

        Args:
            store: what is known and asked for.
            companies: whose tickers and names a person may use.
            clock: tells the time.
            thresholds: from which on a score counts, by its name (``chip_export``, ``market_moving``); for ``why``.
            send_test: posts a sample card; without it ``test`` answers with the card.
        """
        self._store = store
        self._vocabulary = Vocabulary(companies)
        self._clock = clock
        self._thresholds = dict(thresholds or {})
        self._send_test = send_test
        self._tested: dict[str, datetime] = {}

    async def ask(self, asker: Asker, text: str) -> Reply:
        """Answer a command as it was typed.

        Raises:
            StoreError: the database cannot be used; ``broken`` is what to say then.
        """
        room = await self._room(asker)
        try:
            return await self._answer(room, parse(text, self._vocabulary))
        except ChatError as error:
            return room.write.error(error)

    async def press(self, asker: Asker, action: str) -> Reply:
        """Do what a button says; pressed twice it is done once, and the answer says so.

        Raises:
            StoreError: as ``ask``.
        """
        room = await self._room(asker)
        try:
            return await self._pressed(room, action)
        except ChatError as error:
            return room.write.error(error)

    async def home(self, asker: Asker) -> Home:
        """What a person sees of their own."""
        return await looking.home(await self._room(asker))

    async def settings_of(self, asker: Asker, subscription: str | None = None) -> ChatSettings:
        """A form as it is to be shown: of one subscription by its id, without one of the chat's first; where there is
        none, of one that is to be made."""
        return await forms.settings_of(await self._room(asker), subscription)

    async def save(self, asker: Asker, form: ChatSettings) -> Reply:
        """Store a filled-in form.

        Raises:
            FormError: fields that cannot be used, with what is wrong.
        """
        await forms.save(await self._room(asker), form)
        room = await self._room(asker)  # the form may have changed the language
        return Reply((room.write.line("chat.saved"), *(described(s, room.write) for s in await room.subscriptions())))

    def tickers_like(self, text: str, limit: int = 100) -> list[tuple[str, str]]:
        """Tickers and names for what somebody has typed into a field so far."""
        return self._vocabulary.like(text, limit)

    def commands(self, language: str) -> list[tuple[str, str]]:
        """The commands and what each does, in the order of a menu."""
        texts = texts_of(language)
        return [(name, texts.say(f"command.{name}")) for name in COMMANDS]

    def broken(self, asker: Asker) -> Reply:
        """What to say when something of ours does not work."""
        return Writer.to(asker, texts_of(asker.language)).reply("chat.error.broken")

    async def _room(self, asker: Asker) -> Room:
        reader = await self._store.reader(asker.to)
        write = Writer.to(asker, texts_of(reader.language or asker.language))
        return Room(self._store, asker, reader, write, self._vocabulary, self._clock.now(), self._thresholds)

    async def _answer(self, room: Room, request: Request) -> Reply:
        match request:
            case Help():
                return help_of(room.write)
            case Subscribe():
                return await changing.subscribe(room, request)
            case Unsubscribe():
                return await changing.unsubscribe(room, request)
            case ListAll():
                return await looking.list_all(room)
            case MuteFor():
                return await changing.mute(room, request)
            case Unmute():
                return await changing.unmute(room, request)
            case Quiet():
                return await changing.quiet(room, request)
            case Digest():
                return await changing.digest(room, request)
            case Latest():
                return await looking.latest(room, request)
            case StoryOf():
                return await looking.story(room, request)
            case Why():
                return await looking.why(room, request)
            case Sample():
                return await self._test(room)
            case Language():
                return await changing.language(room, request)
            case Export():
                return await looking.export(room)
            case Forget():
                return await looking.forget(room, request)
            case Start(payload):
                return await self._start(room, payload)

    async def _pressed(self, room: Room, action: str) -> Reply:
        verb, _, rest = action.partition(":")
        if verb == "cmd":
            return await self._answer(room, parse(rest, self._vocabulary))
        if verb == "sub":
            return await self._answer(room, parse(f"subscribe {rest}", self._vocabulary))
        if verb == "follow":
            # In a channel somebody follows for themselves; the others need not hear more of it.
            own = await self._room(looking.own_chat(room.asker))
            return await self._answer(own, parse(f"subscribe {rest}", self._vocabulary))
        if verb == "mute_ticker":
            ticker, _, length = rest.rpartition(":")
            return await self._mute_ticker(room, ticker, length)
        if verb not in {"useful", "noise", "why", "mute_story", "more"}:
            raise ChatError("chat.error.button", suggestions=("help",), near=False)
        alert = await self._alert(rest)
        if verb == "why":
            return await looking.why(room, Why(alert.headline_id))
        if verb == "mute_story":
            return await changing.mute(room, MuteFor(MuteKind.STORY, alert.story, MUTE_STORY_FOR))
        if verb == "more":
            return Reply((), mute_buttons(alert, room.write))
        return await changing.vote(room, alert, useful=verb == "useful")

    async def _alert(self, alert_id: str) -> Alert:
        alert = await self._store.alert(alert_id)
        if alert is None:
            raise ChatError("chat.error.no_alert")
        return alert

    async def _mute_ticker(self, room: Room, ticker: str, length: str) -> Reply:
        known = self._vocabulary.ticker(ticker)
        try:
            lasting = parse_length(length)
        except ValueError:
            known = None
        if known is None:
            raise ChatError("chat.error.button", suggestions=("help",), near=False)
        return await changing.mute(room, MuteFor(MuteKind.TICKER, known, lasting))

    async def _start(self, room: Room, payload: str) -> Reply:
        """Come by a link: ``NVDA`` and ``sub_NVDA-TSM`` subscribe, ``story_<slug>`` tells a story; else a welcome."""
        kind, _, rest = payload.partition("_")
        if kind == "story" and rest:
            return await looking.story(room, StoryOf(rest.lower()))
        wanted = rest.split("-") if kind == "sub" else [payload]
        # A link's payload knows no dot: 005930_KS.
        tickers = [self._vocabulary.ticker(t) or self._vocabulary.ticker(t.replace("_", ".")) for t in wanted if t]
        known = tuple(dict.fromkeys(ticker for ticker in tickers if ticker))
        if known:
            return await self._answer(room, parse(f"subscribe {' '.join(known)}", self._vocabulary))
        lines = room.write.lines("chat.welcome")
        if payload:
            lines = (*room.write.lines("chat.error.payload"), *lines)
        return Reply(lines, (first_buttons(room.write), (room.write.button("chat.button.language", "cmd:language"),)))

    async def _test(self, room: Room) -> Reply:
        room.may_change()
        write = room.write
        sample = sample_alert(write, room.now)
        if self._send_test is None:
            return Reply(write.lines("chat.test.card"), alerts=(sample,))
        to = str(room.asker.to)
        last = self._tested.get(to)
        if last is not None and room.now - last < TEST_EVERY:
            return write.reply("chat.test.just_now")
        self._tested = {k: at for k, at in self._tested.items() if room.now - at < TEST_EVERY} | {to: room.now}
        try:
            await self._send_test(room.asker.to, sample)
        except NotifyError as error:
            raise ChatError("chat.error.test", values={"detail": str(error)}) from None
        return write.reply("chat.test.sent")
