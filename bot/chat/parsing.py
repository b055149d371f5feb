"""From a line of text to what is asked for."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from bot.chat.asking import ChatError
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
from bot.chat.vocabulary import TOPICS, URGENCIES, Vocabulary, event_at, near_wish, near_word, topics_for
from bot.domain import Event, MuteKind, Topic, Urgency
from bot.notifiers.text import clean, shorten
from bot.rules.digests import parse_digest
from bot.rules.muting import parse_length
from bot.rules.quiet import parse_quiet
from bot.texts import LANGUAGES

LONGEST = 1_000  # characters of a line that are read
_WORDS = 60  # of a line
_ECHO = 40  # code points of a word that is said back
MUTE_FOR = timedelta(days=1)
MUTE_STORY_FOR = timedelta(days=7)  # a story is over by then


_ALSO = {
    "sub": "subscribe", "follow": "subscribe", "add": "subscribe", "unsub": "unsubscribe", "unfollow": "unsubscribe",
    "stop": "unsubscribe", "remove": "unsubscribe", "subscriptions": "list", "settings": "list", "status": "list",
    "last": "latest", "news": "latest", "lang": "language", "hush": "quiet", "?": "help", "h": "help",
}  # fmt: skip
_OFF = {"off", "none", "no", "关", "关闭", "オフ"}
_EVERYTHING = {"all", "everything", "全部", "すべて"}
_FILLERS = {"to", "and", "for", "from", "about", "the", "me"}  # in small letters only: FOR may be a ticker
_LANGUAGE_NAMES = {
    "english": "en", "chinese": "zh", "中文": "zh", "简体中文": "zh", "汉语": "zh", "japanese": "ja", "日本語": "ja",
    "英文": "en", "英語": "en", "cn": "zh", "jp": "ja",
}  # fmt: skip
_LANGUAGE_FORM = re.compile(r"(?P<code>[a-z]{2})(?:[-_][a-z-_]+)?")
_ID = re.compile(r"[0-9a-f]{8}")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
# "1h", "2 days" at the end of a line; a slug or a foreign ticker has more than letters after its digits.
_TAIL = re.compile(r"(?:^|\s)(?P<all>\d+\s*[a-z]*)$", re.IGNORECASE)
_T = TypeVar("_T")


def parse(text: str, vocabulary: Vocabulary) -> Request:
    """Read a command as a person types it: ``subscribe NVDA flash``, ``/quiet@chipwire_bot off``.

    Raises:
        ChatError: it cannot be understood; says why, and what may have been meant.
    """
    words = [word for word in re.split(r"[\s,;，；、]+", clean(text[:LONGEST])) if word][:_WORDS]
    head = words[0].removeprefix("/").partition("@")[0].lower() if words else "help"
    command = _ALSO.get(head, head)
    if command == "start":
        return Start(words[1] if len(words) > 1 else "")
    reader = _READERS.get(command)
    if reader is None:
        raise _unknown_command(words, head, vocabulary)
    return reader(words[1:], vocabulary)


def _unknown_command(words: Sequence[str], head: str, vocabulary: Vocabulary) -> ChatError:
    if found := _LINK.search(" ".join(words)):
        return _error("command", words[0], (f"why {found[0]}",))
    if (company := vocabulary.company_at(words)) is not None:
        return _error("command", words[0], (f"subscribe {company[0]}", f"latest {company[0]}"))
    near = near_word(head, [*COMMANDS, *_ALSO])
    commands = dict.fromkeys(_ALSO.get(word, word) for word in near)
    rest = " ".join(words[1:])
    meant = tuple(f"{command} {rest}".rstrip() for command in commands)
    return _error("command", words[0], meant or ("help",), near=bool(meant))


def _error(key: str, word: str, suggestions: tuple[str, ...] = (), *, near: bool = True, **values: object) -> ChatError:
    said = {"word": shorten(clean(word), _ECHO), **values}
    return ChatError(f"chat.error.{key}", suggestions=suggestions, near=near, values=said)


def _subscribe(words: Sequence[str], vocabulary: Vocabulary) -> Subscribe:
    topics: set[Topic] = set()
    tickers: list[str] = []
    events: set[Event] = set()
    urgency: Urgency | None = None
    at = 0
    while at < len(words):
        word, rest = words[at], words[at:]
        at += 1
        if word in _FILLERS:
            continue
        if word.lower() in URGENCIES:
            found = URGENCIES[word.lower()]
            if urgency not in {None, found}:
                raise _error("two_urgencies", word)
            urgency = found
        elif (event := event_at(rest)) is not None:
            events.add(event[0])
            at += event[1] - 1
        elif word.lower() in TOPICS:
            topics |= TOPICS[word.lower()]
        elif (company := vocabulary.company_at(rest)) is not None:
            tickers.append(company[0])
            at += company[1] - 1
        else:
            raise _unknown_wish(words, at - 1, vocabulary)
    return Subscribe(
        frozenset(topics) or topics_for(tickers, events),
        tuple(dict.fromkeys(tickers)),
        frozenset(events),
        urgency or Urgency.WATCH,
    )


def _unknown_wish(words: Sequence[str], at: int, vocabulary: Vocabulary) -> ChatError:
    """What is no ticker, event, topic or urgency: said with the same wish as it may have been meant."""
    word = words[at]
    if vocabulary.unlisted(word):
        return _error("unlisted", word)
    near = (*near_wish(word), *vocabulary.near(word))
    if word.isupper() or word.startswith("$"):  # written like a ticker
        near = (*vocabulary.near(word), *near)
    before, after = " ".join(words[:at]), " ".join(words[at + 1 :])
    meant = [" ".join(f"subscribe {before} {hint} {after}".split()) for hint in dict.fromkeys(near)]
    return _error("wish", word, tuple(meant[:3]))


def _unsubscribe(words: Sequence[str], vocabulary: Vocabulary) -> Unsubscribe:
    tickers: list[str] = []
    ids: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.lower() in _EVERYTHING:
            return Unsubscribe()
        if word in _FILLERS:
            continue
        if (company := vocabulary.company_at(words[at - 1 :])) is not None:
            tickers.append(company[0])
            at += company[1] - 1
        elif _ID.fullmatch(word.lower()):
            ids.append(word.lower())
        else:
            raise _error("ticker", word, tuple(f"unsubscribe {hint}" for hint in vocabulary.near(word)))
    if words and not tickers and not ids:  # fillers alone: too little to take everything away
        raise _error("ticker", words[0])
    return Unsubscribe(tuple(dict.fromkeys(tickers)), tuple(dict.fromkeys(ids)))


def _mute(words: Sequence[str], vocabulary: Vocabulary) -> MuteFor:
    text = " ".join(word for word in words if word not in _FILLERS)
    length: timedelta | None = None
    found = _TAIL.search(text)
    if found is not None and vocabulary.ticker(found["all"]) is None:
        try:
            length = parse_length(found["all"])
        except ValueError as error:
            raise _error("length", found["all"], detail=str(error)) from None
        text = text[: found.start()]
    rest = text.split()
    kind = MuteKind(rest.pop(0).lower()) if len(rest) > 1 and rest[0].lower() in list(MuteKind) else None
    if not rest:
        raise _error("mute_what", "")
    value = " ".join(rest)
    ticker = vocabulary.ticker(value)
    if kind is None:
        kind = MuteKind.TICKER if ticker is not None or "-" not in value else MuteKind.STORY
    if kind is MuteKind.TICKER:
        if ticker is None:
            lasting = f" {found['all']}" if length is not None and found is not None else ""
            raise _error("ticker", value, tuple(f"mute {hint}{lasting}" for hint in vocabulary.near(value)))
        value = ticker
    return MuteFor(kind, value, length or (MUTE_STORY_FOR if kind is MuteKind.STORY else MUTE_FOR))


def _unmute(words: Sequence[str], vocabulary: Vocabulary) -> Unmute:
    rest = list(words[1:] if len(words) > 1 and words[0].lower() in list(MuteKind) else words)
    value = " ".join(rest)
    if not rest or value.lower() in _EVERYTHING:
        return Unmute(None)
    return Unmute(vocabulary.ticker(value) or value)


def _quiet(words: Sequence[str], _: Vocabulary) -> Quiet:
    text = " ".join(words)
    if not words:
        return Quiet(change=False)
    if text.lower() in _OFF:
        return Quiet()
    return Quiet(_planned("quiet", text, parse_quiet))


def _digest(words: Sequence[str], _: Vocabulary) -> Digest:
    text = " ".join(words)
    if not words:
        return Digest(change=False)
    if text.lower() in _OFF:
        return Digest()
    try:
        # "daily 07:30" is whole for a person: the zone is then the chat's.
        return Digest(parse_digest(f"{text} UTC"), zoned=False)
    except ValueError:
        return Digest(_planned("digest", text, parse_digest))


def _planned(command: str, text: str, read: Callable[[str], _T]) -> _T:
    """A line of one of the small languages; where its error names what may be meant and that can be read, so
    is it suggested."""
    try:
        return read(text)
    except ValueError as error:
        detail = str(error)
    suggestions: list[str] = []
    if found := re.search(r"did you mean ['\"]?(?P<near>[^'\"?]+)", detail):
        near, words = found["near"], text.split()
        # In place of the first word, or of as many of the last as it takes.
        tries = [[near.split()[0], *words[1:]], *([*words[:n], near] for n in range(len(words) - 1, -1, -1))]
        for meant in map(" ".join, tries):
            with contextlib.suppress(ValueError):
                read(meant)
                suggestions.append(f"{command} {meant}")
                break
    raise _error(command, text, tuple(suggestions), detail=shorten(clean(detail), 300))


def _latest(words: Sequence[str], vocabulary: Vocabulary) -> Latest:
    if not words:
        return Latest()
    text = " ".join(words)
    if (ticker := vocabulary.ticker(text)) is None:
        if vocabulary.unlisted(text):
            raise _error("unlisted", text)
        raise _error("ticker", text, tuple(f"latest {hint}" for hint in vocabulary.near(text)))
    return Latest(ticker)


def _story(words: Sequence[str], _: Vocabulary) -> StoryOf:
    if not words:
        raise _error("story_which", "", ("latest",), near=False)
    return StoryOf("-".join(words).lower())


def _why(words: Sequence[str], _: Vocabulary) -> Why:
    if not words:
        raise _error("why_which", "", ("latest",), near=False)
    # Slack writes a link as <https://…|shown>.
    return Why(words[0].strip("<>").partition("|")[0])


def _language(words: Sequence[str], _: Vocabulary) -> Language:
    if not words:
        return Language(None)
    word = words[0].lower()
    form = _LANGUAGE_FORM.fullmatch(word)
    code = _LANGUAGE_NAMES.get(word) or (form["code"] if form else word)
    code = _LANGUAGE_NAMES.get(code, code)
    if code in LANGUAGES:
        return Language(code)
    near = near_word(word, _LANGUAGE_NAMES)
    codes = dict.fromkeys(_LANGUAGE_NAMES[name] for name in near) or LANGUAGES
    raise _error("language", word, tuple(f"language {code}" for code in codes))


_READERS: dict[str, Callable[[Sequence[str], Vocabulary], Request]] = {
    "help": lambda _words, _vocabulary: Help(),
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "list": lambda _words, _vocabulary: ListAll(),
    "mute": _mute,
    "unmute": _unmute,
    "quiet": _quiet,
    "digest": _digest,
    "latest": _latest,
    "story": _story,
    "why": _why,
    "test": lambda _words, _vocabulary: Sample(),
    "language": _language,
    "export": lambda _words, _vocabulary: Export(),
    "forget": lambda words, _: Forget([w.lower() for w in words] == ["yes"]),
}
