"""What is done with a request after it was acknowledged: the chat is asked, and Slack told what it says."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.chat.asking import Asker, Button, FormError, Line, Reply, Span
from bot.chat.service import Chat
from bot.chat.slack.dress import INLINE, message_of, window_of
from bot.chat.slack.form import Kept, blank, errors_of, filled, form_of
from bot.chat.slack.home import home_of
from bot.chat.slack.people import NotInstalledError, People, Place
from bot.chat.slack.posting import Answer, Posting
from bot.chat.writing import Writer
from bot.clock import Clock
from bot.errors import BotError
from bot.notifiers.slack.blocks import escape
from bot.notifiers.slack.web import RefusedError
from bot.store.base import Store
from bot.texts import Texts, texts_of

log = structlog.get_logger(__name__)

SAVE_S = 2.0  # within three seconds a form must be answered
_FORMS = {"settings", "form", "edit"}  # commands that open it
_READS = {"latest", "story", "why", "list", "help", "export"}  # pressed in the App Home, they open a window
_LATE = {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"}
_LINK = re.compile(r"<(?P<url>https?:[^|>]+)(?:\|[^>]*)?>")
_NAMED = re.compile(r"<(?:[#@!]|mailto:|tel:)[^|>]*\|(?P<name>[^>]*)>")

AckForm = Callable[[dict[str, str]], Awaitable[None]]
"""Acknowledges a form, with what is wrong by block; nothing wrong closes it."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, as it was pressed."""

    action: str
    trigger: str
    answer: Answer | None  # to the person alone, where there is a message to answer
    view: str = ""  # the id of the window in which it stands
    home: bool = False  # it stands in the App Home, or in a window over it


class Talk:
    """The conversation of the app with everybody."""

    def __init__(
        self, chat: Chat, store: Store, people: People, posting: Posting, clock: Clock, *, language: str = "en"
    ) -> None:
        """Join them; ``language`` is for the case that nobody's own can be looked up."""
        self._chat = chat
        self._store = store
        self._people = people
        self._posting = posting
        self._clock = clock
        self._language = language

    async def command(self, place: Place, text: str, *, trigger: str, answer: Answer) -> None:
        """``/chips …``."""
        async with self._guard(place, answer):
            asker = await self._people.asker(place)
            if text.strip().lower() in _FORMS:
                await self._open(place, asker, Kept(_channel(asker), None), trigger, new=False)
            else:
                await self._ask(place, asker, text, answer)

    async def message(self, place: Place, text: str, *, answer: Answer) -> None:
        """What somebody writes to the app in their own chat with it."""
        self._people.met(place)
        words = typed(text).strip()
        if words.lower().startswith("/chips"):
            words = words[len("/chips") :].strip()
        async with self._guard(place, answer):
            asker = await self._people.asker(place)
            # A form opens on a press alone, so here it takes one more.
            await self._ask(place, asker, "list" if words.lower() in _FORMS else words, answer)

    async def press(self, place: Place, pressed: Pressed) -> None:
        """A button of a card, of an answer or of the App Home."""
        async with self._guard(place, pressed.answer):
            asker = await self._people.asker(place)
            verb, _, rest = pressed.action.partition(":")
            if verb == "form":
                # "-" is the chat's first; nothing is one more.
                kept = Kept("" if pressed.home else _channel(asker), rest.strip("-") or None, pressed.home)
                await self._open(place, asker, kept, pressed.trigger, new=not rest)
                return
            reply = await self._chat.press(asker, pressed.action)
            if pressed.answer is not None:
                await pressed.answer(await self._dressed(reply, place, asker))
                return
            read = verb in {"why", "more"} or (verb == "cmd" and rest.partition(" ")[0] in _READS)
            if pressed.view or read:
                window = window_of(reply, await self._texts(asker), kept=Kept(place.channel, None, pressed.home).text())
                how = {"view_id": pressed.view} if pressed.view else {"trigger_id": pressed.trigger}
                method = "views_update" if pressed.view else "views_open"
                await self._posting.call(place.team, method, view=window, **how)
            if pressed.home and not read:
                await self._publish(place, asker, answer=None if pressed.view else reply)

    async def home(self, place: Place) -> None:
        """Somebody looks at the App Home; the place's channel is their own chat with us."""
        if place.channel:
            self._people.met(place)
        async with self._guard(place, None):
            await self._publish(place, await self._people.asker(place), answer=None)

    async def save(self, place: Place, values: Mapping[str, Any], kept: Kept, ack: AckForm) -> None:
        """A filled-in form. It is acknowledged in time in any case; what takes longer is told afterwards."""
        here = replace(place, channel=kept.channel)
        saving = asyncio.ensure_future(self._save(here, values, kept))
        done, _ = await asyncio.wait({saving}, timeout=SAVE_S)
        await ack(saving.result()[0] if done else {})
        problems, reply = await saving
        if problems and done:
            return
        answer = self._posting.to_one(place.team, kept.channel, place.user) if kept.channel else None
        async with self._guard(here, answer):
            asker = await self._people.asker(here)
            reply = reply or Reply(tuple((Span(text),) for text in problems.values()))
            if kept.home:
                await self._publish(here, asker, answer=reply)
            elif answer is not None:
                await answer(await self._dressed(reply, here, asker))

    async def _save(self, here: Place, values: Mapping[str, Any], kept: Kept) -> tuple[dict[str, str], Reply | None]:
        """What is wrong, by block; or the chat's answer."""
        try:
            asker = await self._people.asker(here)
            before = await self._chat.settings_of(asker, kept.subscription)
            return {}, await self._chat.save(asker, filled(values, before, kept))
        except FormError as error:
            return errors_of(error.problems), None
        except (BotError, RefusedError) as error:
            log.warning("slack_form_not_saved", team=here.team, error=str(error))
            return errors_of({"subscription": texts_of(self._language).say("chat.error.broken")}), None

    async def _ask(self, place: Place, asker: Asker, text: str, answer: Answer) -> None:
        reply = await self._chat.ask(asker, text)
        asked = text.strip().lower()
        if asked in {"", "help", "list"}:
            write = Writer.to(asker, await self._texts(asker))
            lines = reply.lines if asked == "list" else (*reply.lines, write.line("slack.answer.settings_line"))
            button = Button(write.say("slack.answer.settings"), "form:-")
            reply = replace(reply, lines=lines, buttons=(*reply.buttons, (button,)))
        await answer(await self._dressed(reply, place, asker))

    async def _dressed(self, reply: Reply, place: Place, asker: Asker) -> dict[str, Any]:
        """The message; a document that is too long for it goes into their own chat first."""
        texts = await self._texts(asker)
        document = reply.document
        if document is not None and asker.home is not None and len(escape(document.text)) > INLINE:
            await self._posting.upload(place.team, asker.home.address.rpartition("/")[2], document)
            line: Line = (Span(texts.say("slack.answer.file")),)
            reply = replace(reply, document=None, lines=(*reply.lines, line))
        message = message_of(reply, texts)
        return message if reply.private else {**message, "response_type": "in_channel"}

    async def _open(self, place: Place, asker: Asker, kept: Kept, trigger: str, *, new: bool) -> None:
        form = await self._chat.settings_of(asker, kept.subscription)
        if new:
            form = blank(form)
        kept = replace(kept, subscription=form.subscription)
        names = dict(self._chat.tickers_like("", limit=10_000))
        window = form_of(form, await self._texts(asker), kept=kept, names=names)
        await self._posting.call(place.team, "views_open", trigger_id=trigger, view=window)

    async def _publish(self, place: Place, asker: Asker, *, answer: Reply | None) -> None:
        home = await self._chat.home(asker)
        view = home_of(home, Writer.to(asker, texts_of(home.language)), self._clock.now(), answer=answer)
        await self._posting.call(place.team, "views_publish", user_id=place.user, view=view)

    @asynccontextmanager
    async def _guard(self, place: Place, answer: Answer | None) -> AsyncIterator[None]:
        """Isolates one request: what fails in it is logged, and the person told where that is possible."""
        said = "chat.error.broken"
        try:
            yield
        except (BotError, RefusedError) as error:
            log.warning("slack_request_failed", team=place.team, error=str(error))
            if isinstance(error, NotInstalledError):
                said = "slack.answer.not_installed"
            elif isinstance(error, RefusedError) and error.code in _LATE:
                said = "slack.answer.form_late"
        except Exception:
            log.exception("slack_request_broke", team=place.team)
        else:
            return
        if answer is None:
            return
        try:
            await answer({"text": texts_of(self._language).say(said)})
        except (BotError, RefusedError) as error:
            log.warning("slack_answer_lost", team=place.team, error=str(error))

    async def _texts(self, asker: Asker) -> Texts:
        """In the language that the chat has now."""
        return texts_of((await self._store.reader(asker.to)).language or asker.language)


def typed(text: str) -> str:
    """What a person typed, from a message's text: links as they were written, nothing escaped."""
    text = _LINK.sub(lambda found: found["url"], text)
    return html.unescape(_NAMED.sub(lambda found: found["name"], text))


def _channel(asker: Asker) -> str:
    return asker.to.address.rpartition("/")[2]
