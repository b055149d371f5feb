"""Words made safe and short for a reader: what every notifier's rendering is built from. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit, urlunsplit

from bot.texts import texts_of

ELLIPSIS = "…"
MAX_URL = 2_000  # characters; Slack's own limit for a link is 3,000 and escaping lengthens it
# Terminal escape sequences as a whole (CSI and OSC): without its first character the rest would stay as litter.
_ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)")
_JOINERS = "\u200c\u200d"  # format characters that belong to words and emoji; the others only deceive
_URL_SAFE = "!#$%&'()*+,-./:;=?@[]_~"  # no space, quote, bracket, bar or backslash: they end links early
_LONGEST_WAIT = timedelta(days=1)


def clean(text: str) -> str:
    """One line without control, direction-changing or unpaired characters; runs of white space become one space."""
    kept = "".join(_replacement(c) for c in _ESCAPES.sub("", text))
    return " ".join(kept.split())


def _replacement(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":  # half of a pair: cannot be encoded
        return "\ufffd"
    if category == "Cc" or category in {"Zl", "Zp"}:
        return " " if char.isspace() else ""
    return "" if category == "Cf" and char not in _JOINERS else char


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` code points (≥ 1), ending in … when cut; at a word's end where one is near."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    if space > limit * 3 // 4:
        cut = cut[:space]
    return cut.rstrip() + ELLIPSIS


def utf16_len(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text) + sum(c > "\uffff" for c in text)


def web_link(url: str) -> str:
    """The URL if it is http or https and not overlong, with everything that could end a link early encoded and
    user names dropped (they disguise hosts); otherwise nothing."""
    try:
        parts = urlsplit(clean(url))
        _ = parts.port  # raises when it is no number
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    link = quote(urlunsplit(bare), safe=_URL_SAFE)
    return link if len(link) <= MAX_URL else ""


def span(duration: timedelta, *, language: str = "en") -> str:
    """How long, as a person says it: ``0.04 s``, ``2.1 s``, ``1 min 5 s``, ``2 h 5 min``, ``3 d 4 h``."""
    texts = texts_of(language)
    seconds = max(duration.total_seconds(), 0.0)
    if seconds < 0.095:
        return f"{seconds:.2f} {texts.say('unit.s')}"
    if seconds < 59.95:
        return f"{seconds:.1f} {texts.say('unit.s')}"
    whole = round(seconds)
    for unit, size, lower, lower_size in (("d", 86_400, "h", 3_600), ("h", 3_600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            rest = whole % size // lower_size
            said = f"{whole // size} {texts.say(f'unit.{unit}')}"
            return said + (f" {rest} {texts.say(f'unit.{lower}')}" if rest else "")
    raise AssertionError("at least a minute")


def clock_time(moment: datetime, beside: datetime) -> str:
    """The time of day in UTC; with its date when that is another day than ``beside``'s."""
    moment = moment.astimezone(UTC)
    return f"{moment:%H:%M:%S}" if moment.date() == beside.astimezone(UTC).date() else f"{moment:%Y-%m-%d %H:%M:%S}"


def retry_after(value: str | float | None, now: datetime, *, default: timedelta | None = None) -> timedelta | None:
    """Read a Retry-After header (seconds or an HTTP date) or a number of seconds; at most a day.

    Args:
        value: what the remote said; None when it said nothing.
        now: aware, for dates.
        default: the answer when nothing usable was said.
    """
    text = "" if value is None else str(value).strip()
    if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit():
        return min(timedelta(seconds=min(float(text), _LONGEST_WAIT.total_seconds())), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, OverflowError):
        return default
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)
