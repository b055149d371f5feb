"""The buttons under messages: made, counted, widened. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.asking import MAX_ACTION, Button
from bot.notifiers.text import clean

_COUNT = re.compile(r" \d+$")  # as ``counted`` puts it


def keyboard_of(rows: Iterable[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """The buttons of an answer; what Telegram would refuse is left out. None where nothing is left."""
    made = [[button for wish in row if (button := _button(wish)) is not None] for row in rows]
    made = [row for row in made if row]
    return InlineKeyboardMarkup(made) if made else None


def counted(markup: InlineKeyboardMarkup, alert_id: str, votes: tuple[int, int]) -> InlineKeyboardMarkup:
    """The same buttons, those of the votes on an alert with how many there are.

    Args:
        markup: as it stands under the message.
        alert_id: whose votes.
        votes: how many useful, how many noise; none is not shown.
    """
    shown = {f"useful:{alert_id}": votes[0], f"noise:{alert_id}": votes[1]}

    def labelled(button: InlineKeyboardButton) -> InlineKeyboardButton:
        if button.callback_data not in shown:
            return button
        n = shown[str(button.callback_data)]
        label = _COUNT.sub("", button.text) + (f" {n}" if n else "")
        return InlineKeyboardButton(label, callback_data=button.callback_data)

    return InlineKeyboardMarkup([[labelled(button) for button in row] for row in markup.inline_keyboard])


def widened(markup: InlineKeyboardMarkup, rows: Iterable[Sequence[Button]]) -> InlineKeyboardMarkup:
    """The same buttons with more rows, in the place of the button that asked for them; no action twice."""
    more = keyboard_of(rows)
    added = more.inline_keyboard if more is not None else ()
    doubled = {button.callback_data for row in added for button in row}

    def stays(button: InlineKeyboardButton) -> bool:
        return button.callback_data not in doubled and not str(button.callback_data).startswith("more:")

    kept = [[button for button in row if stays(button)] for row in markup.inline_keyboard]
    return InlineKeyboardMarkup([*(row for row in kept if row), *added])


def _button(wish: Button) -> InlineKeyboardButton | None:
    label = clean(wish.label)
    if label and wish.url:
        return InlineKeyboardButton(label, url=wish.url)
    if label and 1 <= len(wish.action.encode("utf-8", "replace")) <= MAX_ACTION:
        return InlineKeyboardButton(label, callback_data=wish.action)
    return None
