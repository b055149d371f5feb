"""The buttons under a post. Pure.

Source: core.telegram.org/bots/api, "InlineKeyboardButton" (callback_data has 1-64 bytes).
"""

from __future__ import annotations

from bot.domain import Alert
from bot.notifiers.text import clean, shorten
from bot.texts import texts_of

MAX_DATA = 64  # bytes
TICKERS = 3  # that have buttons of their own; more is more than a thumb finds
_NAME = 16  # code points of a ticker in a label

# Rows of (label, action).
Keyboard = tuple[tuple[tuple[str, str], ...], ...]


def keyboard_of(alert: Alert, *, language: str = "en", more: bool = False) -> Keyboard:
    """What a reader may do with an alert, one action a button; an action that has no room in a button is left out.

    Args:
        alert: under which the buttons stand.
        language: of their labels.
        more: with a row for each of the first tickers, in place of the button that asks for these.
    """
    say = texts_of(language).say
    tickers = list(dict.fromkeys(m.ticker for m in alert.mentions if m.ticker and m.primary))[:TICKERS]
    names = {ticker: shorten(clean(ticker), _NAME) for ticker in tickers}
    rows = [
        [(say("button.useful"), f"useful:{alert.id}"), (say("button.noise"), f"noise:{alert.id}")],
        [(say("button.why"), f"why:{alert.id}"), (say("button.mute_story"), f"mute_story:{alert.id}")],
    ]
    if tickers and not more:
        first = tickers[0]
        rows[1] += [
            (say("button.mute_more", ticker=names[first]), f"more:{alert.id}"),
            (say("button.follow", ticker=names[first]), f"follow:{first}"),
        ]
    elif tickers:
        rows += [
            [
                (say("button.mute_1h", ticker=names[ticker]), f"mute_ticker:{ticker}:1h"),
                (say("button.mute_1d", ticker=names[ticker]), f"mute_ticker:{ticker}:1d"),
                (say("button.follow", ticker=names[ticker]), f"follow:{ticker}"),
            ]
            for ticker in tickers
        ]
    return tuple(row for row in (tuple(b for b in row if _fits(b)) for row in rows) if row)


def _fits(button: tuple[str, str]) -> bool:
    return len(button[1].encode("utf-8", "surrogatepass")) <= MAX_DATA and button[1] == clean(button[1])
