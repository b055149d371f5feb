"""Messages of the Bot API as a web page that looks much like Telegram. Our own drawing, as for Slack."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from typing import Any

_LINKS = {"text_link", "url", "mention", "hashtag", "cashtag", "bot_command"}
_STYLES = {"bold": "b", "italic": "i", "strikethrough": "s", "underline": "u", "code": "code"}

CSS = """
.telegram { font: 14.5px/1.4 Roboto, "DejaVu Sans", "Liberation Sans", sans-serif; color: #000; border-radius: 10px;
  overflow: hidden; border: 1px solid #ccd6cc; background: #bdd9ae; }
.telegram .bar { background: #fff; padding: 9px 16px; font-weight: 600; }
.telegram .bar small { display: block; color: #8a9197; font-weight: 400; font-size: 12.5px; }
.telegram .post { margin: 10px 14px 0; max-width: 470px; }
.telegram .post:last-child { margin-bottom: 14px; }
.telegram .bubble { background: #fff; border-radius: 12px; overflow: hidden; box-shadow: 0 1px 1px #0002; }
.telegram .words { padding: 7px 12px 7px; overflow-wrap: anywhere; }
.telegram .name { color: #c03d33; font-weight: 600; font-size: 13.5px; }
.telegram img { display: block; width: 100%; }
.telegram a { color: #168acd; text-decoration: none; }
.telegram .when { color: #8a9197; font-size: 12px; text-align: right; margin-top: 1px; }
.telegram .quote { border-left: 3px solid #c03d33; background: #fbeeed; border-radius: 4px; padding: 2px 8px;
  margin: 3px 0 5px; font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.telegram .quote b { color: #c03d33; display: block; }
.telegram .row { display: flex; gap: 5px; margin-top: 5px; }
.telegram .row span { flex: 1; background: #44664199; color: #fff; border-radius: 8px; text-align: center;
  padding: 6px 4px; font-weight: 600; font-size: 13.5px; white-space: nowrap; }
"""


def words(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    """Text with its entities as HTML; places are counted in UTF-16 units."""
    units = text.encode("utf-16-le")
    spans = [(e["offset"], e["offset"] + e["length"], e["type"]) for e in entities]
    edges = sorted({0, len(units) // 2, *(place for begin, end, _ in spans for place in (begin, end))})
    made = []
    for begin, end in pairwise(edges):
        piece = escape(units[2 * begin : 2 * end].decode("utf-16-le")).replace("\n", "<br>")
        kinds = [kind for first, last, kind in spans if first <= begin and end <= last]
        for kind in kinds:
            if kind in _STYLES:
                piece = f"<{_STYLES[kind]}>{piece}</{_STYLES[kind]}>"
        made.append(f"<a>{piece}</a>" if _LINKS & set(kinds) else piece)
    return "".join(made)


def post(message: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    """One post of a channel."""
    at = datetime.fromtimestamp(message["date"], UTC)
    inner = ""
    if "photo" in message:
        data = base64.b64encode(pictures[message["photo"][0]["file_id"]]).decode()
        inner = f'<img src="data:image/png;base64,{data}">'
    said = message.get("text", message.get("caption", ""))
    shown = words(said, message.get("entities", message.get("caption_entities", ())))
    edited = "edited " if "edit_date" in message else ""
    inner += (
        f'<div class="words"><div class="name">Chipwire</div>{_quote(message.get("reply_to_message"))}{shown}'
        f'<div class="when">{edited}{at:%H:%M}</div></div>'
    )
    rows: Sequence[Sequence[Mapping[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", ())
    keys = ["".join(f"<span>{escape(button['text'])}</span>" for button in row) for row in rows]
    below = "".join(f'<div class="row">{row}</div>' for row in keys)
    return f'<div class="post"><div class="bubble">{inner}</div>{below}</div>'


def panel(title: str, inner: str, *, small: str) -> str:
    """A channel."""
    return f'<div class="telegram"><div class="bar">{escape(title)}<small>{escape(small)}</small></div>{inner}</div>'


def _quote(answered: Mapping[str, Any] | None) -> str:
    if answered is None:
        return ""
    said = answered.get("text", answered.get("caption", ""))
    return f'<div class="quote"><b>Chipwire</b>{escape(said.replace(chr(10), " "))}</div>'
