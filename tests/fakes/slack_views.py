"""What Slack calls an invalid view: forms, windows and the App Home.

Source: docs.slack.dev, "Views", and of the "Block Kit" reference: input, plain-text input, select and multi-select
menus of static and external options.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.slack_blocks import block_problems

MAX_BLOCKS = 100
_MENUS = {
    "static_select": {"options", "initial_option"},
    "multi_static_select": {"options", "initial_options", "max_selected_items"},
    "external_select": {"initial_option", "min_query_length"},
    "multi_external_select": {"initial_options", "min_query_length", "max_selected_items"},
}
_EVERY_MENU = {"type", "action_id", "placeholder", "focus_on_load", "confirm"}
_LINE = {
    "type", "action_id", "initial_value", "multiline", "min_length", "max_length", "placeholder", "focus_on_load",
    "dispatch_action_config",
}  # fmt: skip
_KEYS = {
    "modal": {
        "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
        "notify_on_close", "external_id", "submit_disabled",
    },
    "home": {"type", "blocks", "private_metadata", "callback_id", "external_id"},
}  # fmt: skip


def view_problems(view: Any, *, kind: str) -> list[str]:
    """Why Slack would refuse a view of this kind."""
    if not isinstance(view, dict) or view.get("type") != kind:
        return [f"must be a view of type {kind}"]
    problems = [f"unknown keys {sorted(set(view) - _KEYS[kind])}"] if set(view) - _KEYS[kind] else []
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= MAX_BLOCKS:
        return [*problems, f"1 to {MAX_BLOCKS} blocks"]
    inputs = [b for b in blocks if isinstance(b, dict) and b.get("type") == "input"]
    if kind == "modal":
        problems += _plain(view.get("title"), "title", 24)
        for name in ("close", "submit"):
            if name in view:
                problems += _plain(view[name], name, 24)
        if inputs and "submit" not in view:
            problems.append("a form needs a submit button")
    if len(view.get("private_metadata", "")) > 3_000 or len(view.get("callback_id", "")) > 255:
        problems.append("private_metadata or callback_id: too long")
    ids = [b["block_id"] for b in blocks if isinstance(b, dict) and "block_id" in b]
    if len(ids) != len(set(ids)):
        problems.append("block_id must be unique")
    for n, block in enumerate(blocks):
        problems += _input(block, f"/blocks/{n}") if block in inputs else block_problems([block])
    return problems


def options_problems(options: Any) -> list[str]:
    """Why Slack would show none of the options that an external menu was given."""
    if not isinstance(options, list) or len(options) > 100:
        return ["options: a list of at most 100"]
    return [p for n, option in enumerate(options) for p in _option(option, f"/options/{n}")]


def _input(block: dict[str, Any], at: str) -> list[str]:
    unknown = set(block) - {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"}
    problems = [f"{at}: unknown keys {sorted(unknown)}"] if unknown else []
    problems += _plain(block.get("label"), f"{at}/label", 2_000)
    if "hint" in block:
        problems += _plain(block["hint"], f"{at}/hint", 2_000)
    element = block.get("element")
    if not isinstance(element, dict):
        return [*problems, f"{at}/element: must be an object"]
    if not 1 <= len(element.get("action_id", "")) <= 255:
        problems.append(f"{at}/element/action_id: 1 to 255 characters")
    if "placeholder" in element:
        problems += _plain(element["placeholder"], f"{at}/element/placeholder", 150)
    if element.get("type") == "plain_text_input":
        return problems + _line(element, f"{at}/element")
    return problems + _menu(element, f"{at}/element")


def _line(element: dict[str, Any], at: str) -> list[str]:
    problems = [f"{at}: unknown keys {sorted(set(element) - _LINE)}"] if set(element) - _LINE else []
    if not 1 <= element.get("max_length", 3_000) <= 3_000:
        problems.append(f"{at}/max_length: 1 to 3000")
    if "initial_value" in element and not 1 <= len(element["initial_value"]) <= element.get("max_length", 3_000):
        problems.append(f"{at}/initial_value: empty or too long")
    return problems


def _menu(element: dict[str, Any], at: str) -> list[str]:
    kind = element.get("type")
    if kind not in _MENUS:
        return [f"{at}: unsupported type {kind}"]
    unknown = set(element) - _EVERY_MENU - _MENUS[kind]
    problems = [f"{at}: unknown keys {sorted(unknown)}"] if unknown else []
    options = element.get("options")
    if "static" in kind:
        if not isinstance(options, list) or not 1 <= len(options) <= 100:
            return [*problems, f"{at}/options: 1 to 100 items"]
        problems += [p for n, option in enumerate(options) for p in _option(option, f"{at}/options/{n}")]
    initial = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else None)
    if initial is not None:
        if not initial:
            problems.append(f"{at}/initial_options: must not be empty")
        for option in initial:
            problems += _option(option, f"{at}/initial_options")
            if "static" in kind and option not in (options or ()):
                problems.append(f"{at}/initial_options: not one of the options")
    return problems


def _option(option: Any, at: str) -> list[str]:
    if not isinstance(option, dict) or set(option) - {"text", "value", "description"}:
        return [f"{at}: must be an option"]
    problems = _plain(option.get("text"), f"{at}/text", 75)
    if not isinstance(option.get("value"), str) or not 1 <= len(option["value"]) <= 150:
        problems.append(f"{at}/value: 1 to 150 characters")
    return problems


def _plain(value: Any, at: str, limit: int) -> list[str]:
    if not isinstance(value, dict) or value.get("type") != "plain_text" or not isinstance(value.get("text"), str):
        return [f"{at}: must be plain text"]
    return [] if 1 <= len(value["text"]) <= limit else [f"{at}: 1 to {limit} characters"]
