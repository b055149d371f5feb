"""Block Kit as a web page that looks much like Slack. Our own drawing: no logo, and no file of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_LINK = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>")
_MARKS = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), r"<s>\1</s>"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"<i>\1</i>"),
)

CSS = """
.slack { font: 15px/1.46 Lato, "DejaVu Sans", "Liberation Sans", sans-serif; color: #1d1c1d; background: #fff;
  border: 1px solid #ddd; border-radius: 8px; overflow: hidden; }
.slack .bar { padding: 11px 18px; border-bottom: 1px solid #e4e4e4; font-weight: 800; font-size: 16px; }
.slack .bar small { font-weight: 400; color: #616061; margin-left: 8px; font-size: 13px; }
.slack .message { display: flex; gap: 10px; padding: 10px 18px 8px; }
.slack .avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #14532d; color: #bbf7d0;
  display: grid; place-items: center; font: 700 19px "DejaVu Sans", sans-serif; }
.slack .body { min-width: 0; flex: 1; }
.slack .who { font-weight: 800; }
.slack .who .app { background: #e8e8e8; color: #616061; border-radius: 3px; font: 700 10px/1 sans-serif;
  padding: 2px 4px; vertical-align: 2px; margin: 0 4px; }
.slack .who time { color: #616061; font-weight: 400; font-size: 12px; }
.slack .header { font-size: 18px; font-weight: 800; margin: 4px 0 4px; line-height: 1.34; }
.slack .section { margin: 5px 0; display: flex; gap: 12px; justify-content: space-between; align-items: flex-start; }
.slack .context { color: #616061; font-size: 13px; margin: 5px 0; }
.slack .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 4px; }
.slack .button { border: 1px solid #bbb; border-radius: 4px; padding: 3px 11px; font-weight: 700; font-size: 13px;
  white-space: nowrap; background: #fff; }
.slack .button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.slack .button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
.slack .divider { border-top: 1px solid #e4e4e4; margin: 10px 0; }
.slack a { color: #1264a3; text-decoration: none; }
.slack code { font: 12px "DejaVu Sans Mono", monospace; color: #c01343; background: #f8f8f8;
  border: 1px solid #ddd; border-radius: 3px; padding: 1px 4px; }
.slack pre { font: 12px "DejaVu Sans Mono", monospace; background: #f8f8f8; border: 1px solid #ddd; padding: 8px; }
.slack .replies { color: #1264a3; font-weight: 700; font-size: 13px; margin-top: 4px; }
.slack .replies span { color: #616061; font-weight: 400; }
.slack .note { color: #616061; font-size: 12px; margin-bottom: 1px; }
.slack .rule { display: flex; align-items: center; gap: 10px; color: #616061; font-size: 13px; padding: 2px 18px; }
.slack .rule::after { content: ""; flex: 1; border-top: 1px solid #e4e4e4; }
.slack .asked { color: #616061; font-size: 13px; padding: 10px 18px 0 64px; }
.slack .home { padding: 6px 22px 18px; }
.slack .home .header { margin-top: 16px; }
"""


def mrkdwn(text: str) -> str:
    """Slack's markup as HTML. Its escapes are HTML's."""
    kept: list[str] = []

    def keep(made: str) -> str:
        kept.append(made)
        return f"\x00{len(kept) - 1}\x00"

    text = _CODE.sub(lambda m: keep(f"<pre>{m[1]}</pre>" if m[1] else f"<code>{m[2]}</code>"), text)
    text = _LINK.sub(lambda m: f"{keep('<a>')}{m[2] or m[1]}{keep('</a>')}", text)
    for pattern, made in _MARKS:
        text = pattern.sub(made, text)
    text = re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], text)
    return text.replace("\n", "<br>")


def blocks(given: Iterable[Mapping[str, Any]]) -> str:
    """All blocks of a message or view."""
    return "".join(_block(block) for block in given)


def message(post: Mapping[str, Any], *, replies: Sequence[Mapping[str, Any]] = (), note: str = "") -> str:
    """One message with its author.

    Args:
        post: as the platform has it.
        replies: of its thread, to be counted below it.
        note: what stands above it.
    """
    at = datetime.fromtimestamp(float(post["ts"]), UTC)
    below = ""
    if replies:
        last = datetime.fromtimestamp(float(replies[-1]["ts"]), UTC)
        many = "reply" if len(replies) == 1 else "replies"
        below = f'<div class="replies">{len(replies)} {many} <span>Last reply {last:%H:%M}</span></div>'
    above = f'<div class="note">{mrkdwn(note)}</div>' if note else ""
    return _framed(f"{above}{_who(f'{at:%H:%M}')}{blocks(post['blocks'])}{below}")


def answer(asked: str, found: Mapping[str, Any], at: str) -> str:
    """A command and what only the person who typed it sees."""
    eye = '<div class="note">👁 Only visible to you</div>'
    return f'<div class="asked">/chips {escape(asked)}</div>' + _framed(f"{eye}{_who(at)}{blocks(found['blocks'])}")


def panel(title: str, inner: str, *, small: str = "") -> str:
    """A channel, a thread or a tab."""
    return f'<div class="slack"><div class="bar">{escape(title)}<small>{escape(small)}</small></div>{inner}</div>'


def rule(text: str) -> str:
    """A line across, with words at its beginning."""
    return f'<div class="rule">{escape(text)}</div>'


def _framed(inner: str) -> str:
    return f'<div class="message"><div class="avatar">C</div><div class="body">{inner}</div></div>'


def _who(at: str) -> str:
    return f'<div class="who">Chipwire<span class="app">APP</span><time>{at}</time></div>'


def _block(block: Mapping[str, Any]) -> str:
    kind = block["type"]
    if kind == "header":
        return f'<div class="header">{escape(block["text"]["text"])}</div>'
    if kind == "divider":
        return '<div class="divider"></div>'
    if kind == "section":
        aside = _element(block["accessory"]) if "accessory" in block else ""
        fields = "".join(f"<div>{_text(f)}</div>" for f in block.get("fields", ()))
        inner = (_text(block["text"]) if "text" in block else "") + fields
        return f'<div class="section"><div>{inner}</div>{aside}</div>'
    if kind in {"context", "actions"}:
        return f'<div class="{kind}">{"".join(_element(e) for e in block["elements"])}</div>'
    raise ValueError(f"no drawing of a block {kind!r}")


def _element(element: Mapping[str, Any]) -> str:
    kind = element["type"]
    if kind in {"mrkdwn", "plain_text"}:
        return _text(element)
    if kind == "button":
        return f'<span class="button {element.get("style", "")}">{escape(element["text"]["text"])}</span>'
    if kind == "overflow":
        return '<span class="button">⋯</span>'
    raise ValueError(f"no drawing of an element {kind!r}")


def _text(text: Mapping[str, Any]) -> str:
    return mrkdwn(text["text"]) if text["type"] == "mrkdwn" else escape(text["text"]).replace("\n", "<br>")
