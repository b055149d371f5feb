"""One message to Telegram, whole but for the moment at which it leaves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain import Alert, Amendment, Receipt, Urgency
from bot.notifiers.base import Look
from bot.notifiers.card import Card, card_of
from bot.notifiers.telegram.digest import digest_text
from bot.notifiers.telegram.keyboard import Keyboard, keyboard_of
from bot.notifiers.telegram.markup import MAX_CAPTION, Text, noted, text_of

PICTURE = "p"  # ends the number of a message that is a picture: its words are edited in another way


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent or put in the place of what was sent."""

    text: Text
    caption: Text | None = None  # under the picture, where the post may have one
    card: Card | None = None  # what the picture shows
    keyboard: Keyboard = ()
    preview: str = ""  # the page that is shown below the words; empty: none
    language: str = "en"

    def with_note(self, note: str, *, maybe_sent: bool = False) -> Post:
        """With what is only known when it leaves."""
        add = partial(noted, note=note, maybe_sent=maybe_sent, language=self.language)
        return replace(self, text=add(self.text), caption=add(self.caption) if self.caption is not None else None)


def post_of(alert: Alert, look: Look) -> Post:
    """A first alert or an update of it; a flash has a picture where that is wished."""
    wish = look.picture and alert.urgency is Urgency.FLASH
    return _post(alert, look, partial(card_of, alert, language=look.language, quotes=look.quotes), pictured=wish)


def amended_post(amendment: Amendment, look: Look) -> Post:
    """A posted alert as its story stands now."""
    alert, story = amendment.alert, amendment.story
    cards = partial(card_of, alert, language=look.language, quotes=look.quotes, standing=story)
    return _post(alert, look, cards, pictured=is_picture(amendment.receipt))


def digest_post(alerts: Sequence[Alert], look: Look) -> Post:
    """Several alerts in one message."""
    return Post(digest_text(alerts, language=look.language), language=look.language)


def is_picture(receipt: Receipt) -> bool:
    """Whether the message is a picture with a caption."""
    return receipt.message_id.endswith(PICTURE)


def number_of(receipt: Receipt) -> int | None:
    """The message's number in its chat; None where the receipt names none."""
    number = receipt.message_id.removesuffix(PICTURE)
    return int(number) if number.isascii() and number.isdigit() else None


def _post(alert: Alert, look: Look, cards: Callable[..., Card], *, pictured: bool) -> Post:
    full, short = cards(), cards(short=True)
    return Post(
        text_of([full, short]),
        caption=text_of([full, short], limit=MAX_CAPTION) if pictured else None,
        card=full if pictured else None,
        keyboard=keyboard_of(alert, language=look.language) if look.buttons else (),
        preview=full.url if look.preview else "",
        language=look.language,
    )
