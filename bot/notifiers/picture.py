"""A card as a picture, to be read on a phone at arm's length."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageDraw

from bot.domain import Urgency
from bot.notifiers.card import Card, Tag
from bot.notifiers.fonts import Face, face_for, written
from bot.notifiers.text import ELLIPSIS

WIDTH, HEIGHT = 1_200, 675  # 16:9: every client shows it uncropped
_MARGIN = 56
_ROOM = WIDTH - 2 * _MARGIN
_BAND = 100
_TOP, _BOTTOM = _BAND + 34, 424  # of the headline
_TAGS_AT = 442
_TAG_HEIGHT = 72
_RULE_AT = 540
_FOOT_AT = 560
_TIMES_AT = 612
_SIZES = (104, 92, 82, 74, 66, 60, 54, 48)  # of the headline: the largest in which it fits
_LEADING = 1.18

_GROUND = (13, 17, 23)
_PANEL = (28, 34, 43)
_RULE = (48, 54, 61)
_WHITE = (240, 246, 252)
_GREY = (160, 170, 182)
_UP, _DOWN, _FLAT = (63, 205, 110), (255, 96, 90), (160, 170, 182)
_DENIED = (190, 16, 24)  # on white: like no other band
_AMBER = (245, 185, 66)
_BANDS = {Urgency.FLASH: (214, 36, 36), Urgency.ALERT: (196, 110, 0), Urgency.WATCH: (38, 104, 184)}
_ARROWS = str.maketrans("", "", "▲▼•")  # are drawn, not written
Colour = tuple[int, int, int]


@functools.lru_cache(maxsize=4)  # one alert goes to many chats
def picture_of(card: Card) -> bytes | None:
    """The card as a PNG of ``WIDTH`` by ``HEIGHT`` pixels; None where no font of this machine has its letters."""
    words = f"{card.label} {card.headline} {card.named_line} {card.what} {card.source} {card.timing} {ELLIPSIS}"
    face = face_for(words.translate(_ARROWS))
    if face is None:
        return None
    image = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    pen = _Pen(ImageDraw.Draw(image), face)
    _band(pen, card)
    _headline(pen, card)
    _companies(pen, card)
    _foot(pen, card)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


class _Pen:
    """Writes in one face; a place is the top left corner of a line."""

    def __init__(self, draw: ImageDraw.ImageDraw, face: Face) -> None:
        self.draw = draw
        self._face = face

    def width(self, text: str, size: int, *, bold: bool = False) -> float:
        """In pixels."""
        return self._face.at(size, bold=bold).getlength(written(self._face, text)) + 2 * self._stroke(size, bold=bold)

    def write(self, place: tuple[float, float], text: str, size: int, colour: Colour, *, bold: bool = False) -> float:
        """One line; returns its width."""
        # Placed by its baseline, so that lines of different letters stand even.
        x, y = place
        self.draw.text(
            (x, y + size * 0.8),
            written(self._face, text),
            fill=colour,
            font=self._face.at(size, bold=bold),
            anchor="ls",
            stroke_width=self._stroke(size, bold=bold),
            stroke_fill=colour,
        )
        return self.width(text, size, bold=bold)

    def cut(self, text: str, size: int, room: float, *, bold: bool = False) -> str:
        """As much of the text as finds room on a line, ending in … when cut."""
        if self.width(text, size, bold=bold) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + ELLIPSIS, size, bold=bold) <= room:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + ELLIPSIS

    def wrap(self, text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
        """Lines that are broken between words, and within words that are wider than a line."""
        lines: list[str] = []
        line = ""
        for piece in _pieces(text):
            longer = line + piece
            if self.width(longer.strip(), size, bold=bold) <= room:
                line = longer
                continue
            if line.strip():
                lines.append(line.strip())
            line = piece.lstrip()
            while self.width(line.strip(), size, bold=bold) > room:
                kept = max(len(self.cut(line.strip(), size, room, bold=bold)) - 1, 1)
                lines.append(line[:kept])
                line = line[kept:]
        return [*lines, line.strip()] if line.strip() else lines

    def _stroke(self, size: int, *, bold: bool) -> float:
        return size / 50 if bold and not self._face.bold else 0


def _pieces(text: str) -> list[str]:
    """Where a line may be broken: before a space, and around each sign of the scripts that have none."""
    pieces = [""]
    for char in text:
        wide = "\u2e80" <= char <= "\uffef" and char not in "，。、：；！？）」』》"
        if char == " " or wide or (pieces[-1] and "\u2e80" <= pieces[-1][-1] <= "\uffef" and char.isalnum()):
            pieces.append(char)
        else:
            pieces[-1] += char
    return [piece for piece in pieces if piece]


def _band(pen: _Pen, card: Card) -> None:
    """How loud it is, from edge to edge, and what kind of news."""
    pen.draw.rectangle((0, 0, WIDTH, _BAND), _WHITE if card.denied else _BANDS[card.urgency])
    ink = _DENIED if card.denied else _WHITE
    used = pen.write((_MARGIN, 22), pen.cut(card.label, 56, _ROOM, bold=True), 56, ink, bold=True)
    room = _ROOM - used - 40
    if room > 200:
        event = pen.cut(card.event, 40, room)
        pen.write((WIDTH - _MARGIN - pen.width(event, 40), 34), event, 40, ink)


def _headline(pen: _Pen, card: Card) -> None:
    """As large as it can be; a line through it where it no longer holds."""
    for size in _SIZES:
        lines = pen.wrap(card.headline, size, _ROOM, bold=True)
        most = int((_BOTTOM - _TOP) // (size * _LEADING))
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], pen.cut(" ".join(lines[most - 1 :]), size, _ROOM, bold=True)]
    top = _TOP + max((_BOTTOM - _TOP - len(lines) * size * _LEADING) / 3, 0)
    for number, line in enumerate(lines):
        y = top + number * size * _LEADING
        width = pen.write((_MARGIN, y), line, size, _GREY if card.struck else _WHITE, bold=True)
        if card.struck:
            middle = y + size * 0.53
            pen.draw.line((_MARGIN - 8, middle, _MARGIN + width + 8, middle), _DOWN, width=max(size // 11, 4))


def _companies(pen: _Pen, card: Card) -> None:
    """The companies with their arrows, as many as find room; the others are counted."""
    x = float(_MARGIN)
    more = card.more_named
    for number, tag in enumerate(card.named):
        left = len(card.named) - number - 1 + more
        room = WIDTH - _MARGIN - x - (150 if left else 0)
        width = _tag_width(pen, tag)
        if width > room and number:
            more += len(card.named) - number
            break
        _tag(pen, tag, x, min(width, room), faint=card.struck)
        x += min(width, room) + 16
    if more:
        pen.write((x + 8, _TAGS_AT + 16), f"+{more}", 42, _GREY, bold=True)


def _tag_width(pen: _Pen, tag: Tag) -> float:
    quote = pen.width(tag.quote, 38) + 18 if tag.quote else 0
    return 24 + (44 if tag.arrow else 0) + pen.width(tag.name, 46, bold=True) + quote + 24


def _tag(pen: _Pen, tag: Tag, x: float, width: float, *, faint: bool) -> None:
    top, bottom = _TAGS_AT, _TAGS_AT + _TAG_HEIGHT
    colour = _FLAT if faint or not tag.direction else _UP if tag.direction > 0 else _DOWN
    pen.draw.rounded_rectangle((x, top, x + width, bottom), 14, _PANEL, colour, 3)
    at = x + 24
    if tag.arrow:
        middle = (top + bottom) / 2
        if not tag.direction:
            pen.draw.ellipse((at + 4, middle - 10, at + 24, middle + 10), colour)
        else:
            tip = -15 * tag.direction
            pen.draw.polygon([(at, middle - tip), (at + 32, middle - tip), (at + 16, middle + tip)], colour)
        at += 44
    quote = pen.width(tag.quote, 38) + 18 if tag.quote else 0
    name = pen.cut(tag.name, 46, x + width - 24 - quote - at + 1, bold=True)
    at += pen.write((at, top + 15), name, 46, _GREY if faint else _WHITE, bold=True)
    if tag.quote:
        pen.write((at + 18, top + 21), tag.quote, 38, _UP if "+" in tag.quote else _DOWN if "-" in tag.quote else _GREY)


def _foot(pen: _Pen, card: Card) -> None:
    """How sure it is and who says so, then the times."""
    pen.draw.line((_MARGIN, _RULE_AT, WIDTH - _MARGIN, _RULE_AT), _RULE, width=2)
    sure = card.status == card.texts.say("status.confirmed")
    colour = _DOWN if card.denied else _UP if sure else _AMBER
    used = pen.write((_MARGIN, _FOOT_AT), pen.cut(card.status, 40, _ROOM, bold=True), 40, colour, bold=True)
    source = pen.cut(card.source, 38, max(_ROOM - used - 40, 0))
    pen.write((WIDTH - _MARGIN - pen.width(source, 38), _FOOT_AT), source, 38, _WHITE)
    pen.write((_MARGIN, _TIMES_AT), pen.cut(card.timing, 32, _ROOM), 32, _GREY)
