"""Imports point one way: domain ← rules ← loops ← app; adapters never know each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "transformers", "onnxruntime", "numpy", "sqlalchemy", "telegram", "slack_sdk", "lxml", "httpx"}


def modules(*packages):
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def imported(path, *, top_level_only=False):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def within(name, *packages):
    return any(name == p or name.startswith(f"{p}.") for p in packages)


# What a chat may know: never how a platform sends, nor how the loops work.
CHAT = (
    "bot.domain", "bot.errors", "bot.clock", "bot.rules", "bot.texts", "bot.store.base", "bot.companies",
    "bot.subscriptions", "bot.notifiers.card", "bot.notifiers.text",
)  # fmt: skip

# What may be imported from bot and classifiers, by the longest prefix that fits the importing module.
ALLOWED = {
    "bot.domain": ("bot.domain", "classifiers.api"),
    "bot.errors": (),
    "bot.clock": (),
    "bot.log": (),
    "bot.bus": (),
    "bot.rules": ("bot.domain", "bot.rules", "bot.errors", "classifiers.api"),
    "bot.sources": ("bot.domain", "bot.errors", "bot.clock", "bot.http", "bot.sources", "bot.rules"),
    "bot.health": ("bot.clock",),
    "bot.http": ("bot.errors", "bot.clock", "bot.http"),
    "bot.quotes": ("bot.clock", "bot.errors", "bot.http", "bot.notifiers.base"),
    "bot.texts": ("bot.texts",),
    "bot.notifiers": ("bot.domain", "bot.errors", "bot.clock", "bot.notifiers", "bot.settings", "bot.log", "bot.texts"),
    "bot.chat": (*CHAT, "bot.chat"),
    "bot.chat.slack": (*CHAT, "bot.chat", "bot.notifiers.slack", "bot.settings", "bot.log"),
    "bot.chat.telegram": (*CHAT, "bot.chat", "bot.notifiers.telegram", "bot.settings", "bot.log"),
    "bot.store": ("bot.domain", "bot.errors", "bot.store"),
    "bot.web": ("bot.domain", "bot.health", "bot.errors", "bot.bus", "bot.clock", "bot.store.base", "bot.web", "bot"),
    "classifiers": ("classifiers",),
}


@pytest.mark.parametrize(("name", "path"), [pytest.param(n, p, id=n) for n, p in modules("bot", "classifiers")])
def test_imports_point_one_way(name, path):
    """A module imports only what stands below it."""
    rule = max((p for p in ALLOWED if within(name, p)), key=len, default=None)
    ours = [i for i in imported(path) if within(i, "bot", "classifiers")]
    if rule is not None:
        wrong = [i for i in ours if not (i in ALLOWED[rule] or within(i, *(p for p in ALLOWED[rule] if p != "bot")))]
        assert not wrong, f"{name} may not import {wrong}"
    elif within(name, "bot"):
        assert all(
            i in {"classifiers.api", "classifiers.explain", "classifiers.serve"}
            for i in ours
            if within(i, "classifiers")
        )


def test_platforms_do_not_know_each_other():
    """Slack, Telegram, the webhook and the console share the card and nothing else."""
    platforms = {"slack", "telegram", "webhook", "console"}
    for name, path in modules("bot/notifiers"):
        own = set(name.split(".")[2:3])
        if own & platforms:
            others = {i.split(".")[2] for i in imported(path) if within(i, "bot.notifiers") and i.count(".") > 1}
            assert not (others & platforms) - own, f"{name} imports another platform"


def test_chat_knows_no_platform():
    """What a person can ask for is written once: only the packages below it know Slack or Telegram, each its own."""
    for name, path in modules("bot/chat"):
        known = {i.split(".")[0] for i in imported(path)} & {"slack_bolt", "slack_sdk", "telegram"}
        package = next(iter(name.split(".")[2:3]), "")
        own = {"slack": {"slack_bolt", "slack_sdk"}, "telegram": {"telegram"}}.get(package, set())
        assert not known - own, f"{name} imports {known}"
        platforms = {i.split(".")[2] for i in imported(path) if within(i, "bot.chat") and i.count(".") > 1}
        assert not (platforms & {"slack", "telegram"}) - {package}, f"{name} imports a platform"


def test_command_line_starts_light():
    """`chipwire --help` loads nothing heavy: the entry point's own imports are few."""
    for name in ("bot/__main__.py", "bot/cli.py", "bot/errors.py", "bot/domain/__init__.py", "classifiers/api.py"):
        tops = {i.split(".")[0] for i in imported(ROOT / name, top_level_only=True)}
        assert not tops & HEAVY, f"{name} imports {tops & HEAVY}"
