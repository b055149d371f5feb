"""What a chat gets, as a form that is shown, filled in and saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.chat.asking import ChatError, ChatSettings, FormError
from bot.chat.room import Room
from bot.chat.wishes import filled_in
from bot.rules.digests import format_digest, parse_digest
from bot.rules.quiet import format_quiet, parse_quiet
from bot.texts import LANGUAGES

_T = TypeVar("_T")


async def settings_of(room: Room, subscription: str | None) -> ChatSettings:
    """The form of one subscription, or of the chat's first; where there is none, of one that is to be made."""
    own = await room.own()
    shown = next((s for s in own if subscription in {None, s.id}), None)
    first = own[0] if own else None
    form = ChatSettings(
        quiet=format_quiet(first.quiet) if first is not None and first.quiet is not None else "",
        digest=format_digest(first.digest) if first is not None and first.digest is not None else "",
        language=room.reader.language,
        preview=room.reader.preview,
    )
    if shown is None:
        return form
    return replace(
        form,
        subscription=shown.id,
        topics=shown.topics,
        tickers=shown.tickers,
        events=shown.events,
        min_urgency=shown.min_urgency,
    )


async def save(room: Room, form: ChatSettings) -> None:
    """Store a filled-in form, all of it or nothing.

    Raises:
        FormError: fields that cannot be used, with what is wrong.
    """
    say = room.write.say
    if not room.asker.may_change:
        raise FormError({"subscription": say("chat.error.not_allowed")})
    problems: dict[str, str] = {}
    quiet = _planned(room, "quiet", form.quiet, parse_quiet, problems)
    digest = _planned(room, "digest", form.digest, parse_digest, problems)
    tickers = {ticker: room.vocabulary.ticker(ticker) for ticker in form.tickers}
    if unknown := sorted(ticker for ticker, known in tickers.items() if known is None):
        problems["tickers"] = say("chat.error.ticker", word=unknown[0])
    if not form.topics:
        problems["topics"] = say("chat.error.no_topic")
    if form.language not in {None, *LANGUAGES}:
        problems["language"] = say("chat.error.language", word=form.language)
    if problems:
        raise FormError(problems)
    known = replace(form, tickers=frozenset(ticker for ticker in tickers.values() if ticker))
    try:
        change = filled_in(await room.own(), known, room.asker.to, quiet=quiet, digest=digest)
    except ChatError as error:
        raise FormError({"subscription": say(error.key, **error.values)}) from None
    reader = replace(
        room.reader,
        language=form.language,
        preview=form.preview,
        owner=room.reader.owner or room.asker.person,
    )
    if reader != room.reader:
        await room.store.set_reader(reader)
    await room.apply(change)


def _planned(room: Room, key: str, text: str, read: Callable[[str], _T], problems: dict[str, str]) -> _T | None:
    if not text.strip():
        return None
    try:
        return read(text)
    except ValueError as error:
        problems[key] = room.write.say(f"chat.error.{key}", detail=str(error))
        return None
