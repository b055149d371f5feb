"""A chat's settings as a form: the window that is shown, and what comes back from it. Pure.

Limits: docs.slack.dev, "Block Kit" reference (input, multi-select menus, plain-text input), "Views".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.asking import ChatSettings
from bot.chat.slack.dress import title
from bot.domain import Event, Topic, Urgency
from bot.notifiers.slack.blocks import Block, context, escape, plain
from bot.notifiers.slack.buttons import MAX_LABEL
from bot.notifiers.text import shorten
from bot.texts import LANGUAGES, Texts, texts_of

FORM = "form"  # callback_id
TICKERS = "tickers"  # action_id: Slack asks for options by it
MOST_OPTIONS = 100
_MAX_PLACEHOLDER = 150
_MAX_HINT = 2_000
_MAX_INPUT = 3_000
_AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form carries through Slack and back: whose settings they are. Slack signs it, a person cannot edit it."""

    channel: str  # empty: the App Home's
    subscription: str | None  # its id; None: one that is to be made
    home: bool = False  # opened from there, so that it is shown anew

    def text(self) -> str:
        """As ``private_metadata``."""
        return json.dumps({"c": self.channel, "s": self.subscription, "h": self.home}, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Kept:
        """From ``private_metadata``; of another version's nothing is left."""
        try:
            found = json.loads(text or "{}")
        except ValueError:
            found = {}
        return cls(str(found.get("c") or ""), found.get("s"), bool(found.get("h")))


def form_of(form: ChatSettings, texts: Texts, *, kept: Kept, names: Mapping[str, str]) -> dict[str, Any]:
    """The window.

    Args:
        form: what is filled in already.
        texts: in whose words.
        kept: carried through.
        names: of companies, by ticker.
    """
    where = "where_channel" if kept.channel and not kept.channel.startswith("D") else "where_private"
    blocks: list[Block] = [
        context(escape(_say(texts, where))),
        _input(texts, "topics", _topics(form, texts), hint=False, optional=False),
        _input(texts, TICKERS, _tickers(form, texts, names)),
        _input(texts, "events", _events(form, texts)),
        _input(texts, "min_urgency", _urgency(form, texts), hint=False, optional=False),
        _input(texts, "quiet", _line(form.quiet, "quiet")),
        _input(texts, "digest", _line(form.digest, "digest")),
        _input(texts, "language", _language(form, texts), hint=False),
    ]
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": kept.text(),
        "title": title(_say(texts, "title" if form.subscription is not None else "title_new")),
        "submit": title(_say(texts, "submit")),
        "close": title(_say(texts, "close")),
        "blocks": blocks,
    }


def filled(values: Mapping[str, Any], before: ChatSettings, kept: Kept) -> ChatSettings:
    """What was filled in.

    Args:
        values: the view's ``state.values``, by block and action.
        before: the chat's settings as they stand; what the form does not show stays.
        kept: as the form carried it.
    """
    given: dict[str, Any] = {block: next(iter(actions.values()), {}) for block, actions in values.items()}
    language = _picked(given.get("language"))
    return replace(
        before,
        subscription=kept.subscription,
        topics=frozenset(Topic(v) for v in _all_picked(given.get("topics")) if v in set(Topic)),
        tickers=frozenset(_all_picked(given.get(TICKERS)) or _typed(given.get(TICKERS))),
        events=frozenset(Event(v) for v in _all_picked(given.get("events")) if v in set(Event)),
        min_urgency=Urgency(_picked(given.get("min_urgency")) or Urgency.WATCH),
        quiet=(given.get("quiet", {}).get("value") or "").strip(),
        digest=(given.get("digest", {}).get("value") or "").strip(),
        language=language if language in LANGUAGES else None,
    )


def blank(form: ChatSettings) -> ChatSettings:
    """The form for one more subscription of the same chat."""
    fresh = ChatSettings()
    return replace(
        form,
        subscription=None,
        topics=fresh.topics,
        tickers=fresh.tickers,
        events=fresh.events,
        min_urgency=fresh.min_urgency,
    )


def errors_of(problems: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the block under which Slack shows it; of what has none, under the first."""
    shown: dict[str, str] = {}
    for name, text in problems.items():
        block = (
            name if name in {"topics", TICKERS, "events", "min_urgency", "quiet", "digest", "language"} else "topics"
        )
        shown[block] = shorten(f"{shown[block]} {text}" if block in shown else text, 500)
    return shown


def options_of(tickers: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Companies to choose from: ticker and name."""
    return [_option(ticker, f"{ticker} {name}" if name else ticker) for ticker, name in tickers[:MOST_OPTIONS]]


def _say(texts: Texts, key: str, **values: object) -> str:
    return texts.say(f"slack.form.{key}", **values)


def _input(texts: Texts, name: str, element: dict[str, Any], *, hint: bool = True, optional: bool = True) -> Block:
    block = {"type": "input", "block_id": name, "label": plain(_say(texts, name)), "element": element}
    if hint:
        block["hint"] = plain(shorten(_say(texts, f"{name}_hint"), _MAX_HINT))
    return {**block, "optional": True} if optional else block


def _option(value: str, label: str) -> dict[str, Any]:
    return {"text": plain(shorten(label, MAX_LABEL)), "value": value}


def _many(name: str, options: list[dict[str, Any]], chosen: set[str], placeholder: str = "") -> dict[str, Any]:
    element: dict[str, Any] = {"type": "multi_static_select", "action_id": name, "options": options}
    if placeholder:
        element["placeholder"] = plain(shorten(placeholder, _MAX_PLACEHOLDER))
    initial = [option for option in options if option["value"] in chosen]
    return {**element, "initial_options": initial} if initial else element  # an empty list is an error


def _topics(form: ChatSettings, texts: Texts) -> dict[str, Any]:
    options = [_option(topic, texts.say(f"chat.topic.{topic}")) for topic in Topic]
    return _many("topics", options, {str(t) for t in form.topics})


def _events(form: ChatSettings, texts: Texts) -> dict[str, Any]:
    options = [_option(event, texts.say(f"event.{event}")) for event in Event]
    return _many("events", options, {str(e) for e in form.events}, _say(texts, "events_pick"))


def _tickers(form: ChatSettings, texts: Texts, names: Mapping[str, str]) -> dict[str, Any]:
    chosen = sorted(form.tickers)
    if len(chosen) > MOST_OPTIONS:  # a menu shows no more; a line of text takes them all
        return _line(" ".join(chosen), TICKERS, long=True)
    element: dict[str, Any] = {
        "type": "multi_external_select",
        "action_id": TICKERS,
        "min_query_length": 1,
        "placeholder": plain(shorten(_say(texts, "tickers_pick"), _MAX_PLACEHOLDER)),
    }
    if chosen:
        element["initial_options"] = options_of([(ticker, names.get(ticker, "")) for ticker in chosen])
    return element


def _urgency(form: ChatSettings, texts: Texts) -> dict[str, Any]:
    options = [_option(u, _say(texts, f"urgency_{u}")) for u in (Urgency.WATCH, Urgency.ALERT, Urgency.FLASH)]
    initial = next(option for option in options if option["value"] == form.min_urgency)
    return {"type": "static_select", "action_id": "min_urgency", "options": options, "initial_option": initial}


def _language(form: ChatSettings, texts: Texts) -> dict[str, Any]:
    options = [_option(_AUTO, _say(texts, "language_auto"))]
    options += [_option(code, texts_of(code).say("chat.language.own")) for code in LANGUAGES]
    initial = next((o for o in options if o["value"] == form.language), options[0])
    return {"type": "static_select", "action_id": "language", "options": options, "initial_option": initial}


def _line(text: str, name: str, *, long: bool = False) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": _MAX_INPUT}
    if long:
        element["multiline"] = True
    return {**element, "initial_value": text[:_MAX_INPUT]} if text else element


def _picked(given: Mapping[str, Any] | None) -> str:
    return str(((given or {}).get("selected_option") or {}).get("value") or "")


def _all_picked(given: Mapping[str, Any] | None) -> list[str]:
    return [str(option["value"]) for option in (given or {}).get("selected_options") or ()]


def _typed(given: Mapping[str, Any] | None) -> list[str]:
    text = (given or {}).get("value") or ""
    return [word for word in re.split(r"[\s,;]+", text) if word]
