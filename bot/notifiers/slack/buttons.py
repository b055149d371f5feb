"""The row of buttons under a card, in Slack's Block Kit. Pure.

What a press means is written in its value, the same on every platform (``useful:<alert>``); ``action_id`` is the verb
alone. Limits: docs.slack.dev, "Block Kit" reference (actions, button, overflow menu, option object).
"""

from __future__ import annotations

import re
from typing import Any

from bot.domain import Alert
from bot.notifiers.slack.blocks import Block, plain
from bot.notifiers.text import shorten
from bot.texts import Texts

MAX_LABEL = 75  # of a button and of an option
MAX_OPTIONS = 5  # of an overflow menu
MENU = "more"  # the menu's action_id: each of its options has a verb of its own

_VERBS = ("useful", "noise", "why", "mute_story")
_FIRST = {"mute_1h": "mute_ticker:{}:1h", "mute_1d": "mute_ticker:{}:1d", "follow": "follow:{}"}  # text to action
_NEXT = {key: _FIRST[key] for key in ("mute_1d", "follow")}
# What is not written like this is no exchange's ticker, and its action might be read as another.
_TICKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.^-]{0,19}")


def buttons_of(alert: Alert, texts: Texts) -> Block:
    """The row for one alert: vote, ask why, mute its story; what concerns its tickers is in a menu beside them."""
    row: list[dict[str, Any]] = [
        {"type": "button", "action_id": verb, "text": _label(texts, verb), "value": f"{verb}:{alert.id}"}
        for verb in _VERBS
    ]
    options = _options(alert, texts)
    if options:
        row.append({"type": "overflow", "action_id": MENU, "options": options})
    return {"type": "actions", "elements": row}


def _options(alert: Alert, texts: Texts) -> list[dict[str, Any]]:
    """Everything for the first ticker, the most of it for the second: there is room for five."""
    tickers = [ticker for ticker in alert.tickers if _TICKER.fullmatch(ticker)]
    return [
        {"text": _label(texts, key, ticker=ticker), "value": action.format(ticker)}
        for ticker in tickers
        for key, action in (_FIRST if ticker == tickers[0] else _NEXT).items()
    ][:MAX_OPTIONS]


def _label(texts: Texts, key: str, **values: str) -> dict[str, Any]:
    return plain(shorten(texts.say(f"button.{key}", **values), MAX_LABEL))
