"""What Slack calls an invalid block, element by element.

Source: docs.slack.dev, "Block Kit" reference: blocks (actions, context, divider, header, section), elements (button,
overflow menu), composition objects (text, option, confirmation dialog).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_BLOCKS = 50
_PLAIN = {"plain_text"}
_KEYS = {
    "header": {"text"},
    "section": {"text", "fields", "accessory", "expand"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set(),
    "button": {"text", "action_id", "url", "value", "style", "confirm", "accessibility_label"},
    "overflow": {"action_id", "options", "confirm"},
}  # beside the type and, of blocks, the block_id


def block_problems(blocks: list[Any]) -> list[str]:
    """Why Slack would call these blocks invalid."""
    problems: list[str] = []
    if len(blocks) > MAX_BLOCKS:
        problems.append(f"no more than {MAX_BLOCKS} items allowed")
    ids = [b.get("block_id") for b in blocks if isinstance(b, dict) and b.get("block_id")]
    if len(ids) != len(set(ids)):
        problems.append("block_id must be unique")
    for index, block in enumerate(blocks):
        problems += _block(block, f"/blocks/{index}")
    return problems


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Every (text type, text) in the blocks."""
    if isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn"} and isinstance(value.get("text"), str):
            yield value["type"], value["text"]
        else:
            for inner in value.values():
                yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def _block(block: Any, at: str) -> list[str]:
    if not isinstance(block, dict):
        return [f"{at}: must be an object"]
    kind = block.get("type")
    if kind not in {"header", "section", "context", "actions", "divider"}:
        return [f"{at}: unsupported type: {kind}"]
    problems = _unknown({k: v for k, v in block.items() if k != "block_id"}, at)
    if len(block.get("block_id", "")) > 255:
        problems.append(f"{at}/block_id: too long")
    elements = block.get("elements")
    if kind == "header":
        problems += _text(block.get("text"), f"{at}/text", 150, kinds=_PLAIN)
    elif kind == "section":
        problems += _section(block, at)
    elif kind in {"context", "actions"}:
        most = 10 if kind == "context" else 25
        if not isinstance(elements, list) or not 1 <= len(elements) <= most:
            return [*problems, f"{at}/elements: 1 to {most} items"]
        for i, item in enumerate(elements):
            where = f"{at}/elements/{i}"
            problems += _text(item, where, 3_000) if kind == "context" else _element(item, where)
        if kind == "actions":
            problems += _twice([e.get("action_id") for e in elements if isinstance(e, dict)], f"{at}: action_id")
    return problems


def _section(block: dict[str, Any], at: str) -> list[str]:
    problems: list[str] = []
    fields = block.get("fields")
    if block.get("text") is None and not fields:
        problems.append(f"{at}: text or fields required")
    if block.get("text") is not None:
        problems += _text(block["text"], f"{at}/text", 3_000)
    if fields is not None:
        if not 1 <= len(fields) <= 10:
            problems.append(f"{at}/fields: 1 to 10 items")
        for i, item in enumerate(fields):
            problems += _text(item, f"{at}/fields/{i}", 2_000)
    if block.get("accessory") is not None:
        problems += _element(block["accessory"], f"{at}/accessory")
    return problems


def _element(item: Any, at: str) -> list[str]:
    if not isinstance(item, dict) or item.get("type") not in {"button", "overflow"}:
        return [f"{at}: only buttons and overflow menus are known here"]
    problems = _unknown(item, at)
    if not isinstance(item.get("action_id"), str) or not 1 <= len(item["action_id"]) <= 255:
        problems.append(f"{at}/action_id: 1 to 255 characters")
    if item.get("confirm") is not None:
        problems += _confirm(item["confirm"], f"{at}/confirm")
    return problems + (_button(item, at) if item["type"] == "button" else _overflow(item, at))


def _button(item: dict[str, Any], at: str) -> list[str]:
    problems = _text(item.get("text"), f"{at}/text", 75, kinds=_PLAIN)
    for key, limit in (("value", 2_000), ("url", 3_000), ("accessibility_label", 75)):
        if key in item and not (isinstance(item[key], str) and 1 <= len(item[key]) <= limit):
            problems.append(f"{at}/{key}: 1 to {limit} characters")
    if item.get("style") not in {None, "primary", "danger"}:
        problems.append(f"{at}/style: primary or danger")
    return problems


def _overflow(item: dict[str, Any], at: str) -> list[str]:
    options = item.get("options")
    # The SDK lets one option pass; the reference asked for two for years. Two is accepted by both.
    if not isinstance(options, list) or not 2 <= len(options) <= 5:
        return [f"{at}/options: 2 to 5 items"]
    problems: list[str] = []
    for i, option in enumerate(options):
        where = f"{at}/options/{i}"
        if not isinstance(option, dict) or set(option) - {"text", "value", "description", "url"}:
            problems.append(f"{where}: must be an option")
            continue
        problems += _text(option.get("text"), f"{where}/text", 75, kinds=_PLAIN)
        if option.get("description") is not None:
            problems += _text(option["description"], f"{where}/description", 75, kinds=_PLAIN)
        if not isinstance(option.get("value"), str) or not 1 <= len(option["value"]) <= 150:
            problems.append(f"{where}/value: 1 to 150 characters")
        if len(option.get("url", "")) > 3_000:
            problems.append(f"{where}/url: too long")
    return problems + _twice([o.get("value") for o in options if isinstance(o, dict)], f"{at}/options: value")


def _confirm(value: Any, at: str) -> list[str]:
    if not isinstance(value, dict) or set(value) - {"title", "text", "confirm", "deny", "style"}:
        return [f"{at}: must be a confirmation dialog"]
    problems: list[str] = []
    for key, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        problems += _text(value.get(key), f"{at}/{key}", limit, kinds=_PLAIN)
    return problems


def _text(value: Any, at: str, limit: int, *, kinds: set[str] | None = None) -> list[str]:
    if not isinstance(value, dict) or value.get("type") not in (kinds or {"plain_text", "mrkdwn"}):
        return [f"{at}: must be a text object"]
    text = value.get("text")
    if not isinstance(text, str) or not text:
        return [f"{at}: must be more than 0 characters"]
    problems = [f"{at}: must be less than {limit + 1} characters"] if len(text) > limit else []
    allowed = {"type", "text", "emoji"} if value["type"] == "plain_text" else {"type", "text", "verbatim"}
    if set(value) - allowed:
        problems.append(f"{at}: unknown keys {sorted(set(value) - allowed)}")
    return problems


def _unknown(item: dict[str, Any], at: str) -> list[str]:
    unknown = set(item) - {"type"} - _KEYS[item["type"]]
    return [f"{at}: unknown keys {sorted(unknown)}"] if unknown else []


def _twice(values: list[Any], what: str) -> list[str]:
    return [f"{what} must be unique"] if len(values) != len(set(map(str, values))) else []
