"""What is shipped for running it elsewhere fits the program: files, flags, settings, scopes."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.chat.slack.oauth import SCOPES
from bot.cli import app
from bot.settings import ROLES, Settings, load_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

# What each method of the Slack API asks for. Source: docs.slack.dev/reference/methods, one page a method.
SCOPES_OF = {
    "auth.test": set(),
    "chat.postMessage": {"chat:write", "chat:write.public"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history"},
    "conversations.replies": {"channels:history", "groups:history"},
    "conversations.open": {"im:write"},
    "chat.postEphemeral": {"chat:write"},
    "users.info": {"users:read"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "views.open": set(),
    "views.update": set(),
    "views.publish": set(),
    "apps.connections.open": set(),  # of the app-level token
}
# And what each event, or the command, asks for. Source: docs.slack.dev/reference/events.
SCOPES_FOR = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "message.im": {"im:history"},
    "/chips": {"commands"},
}


def read_yaml(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined, comments dropped."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml("compose.yaml")["services"]
    return found


@pytest.fixture(scope="module")
def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "chipwire.service", encoding="utf-8")
    return parser


# ── the image ────────────────────────────────────────────────────────────────────────────────────


def test_the_image_is_made_of_files_that_exist_and_are_let_in() -> None:
    """Each path that the Dockerfile copies is in the repository and past the ignore file."""
    allowed = {
        line.removeprefix("!")
        for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    assert copied
    for path in (path for paths in copied for path in paths):
        assert (ROOT / path).exists(), path
        assert path.split("/")[0] in allowed, path


def test_the_image_stops_by_signal_and_is_nobody() -> None:
    """The image runs as a user of its own, ends on SIGTERM, and asks its own health."""
    found = dict(instructions())
    assert found["USER"] == "chipwire"
    assert found["STOPSIGNAL"] == "SIGTERM"
    assert found["VOLUME"] == "/data"
    assert "/healthz" in found["HEALTHCHECK"]
    assert [rest for word, rest in instructions() if word == "FROM"] == [
        "python:3.12-slim AS build",
        "python:3.12-slim",
    ]


def test_the_health_check_is_a_program() -> None:
    """The health check's one line of Python is valid and reads the address from the setting."""
    command = dict(instructions())["HEALTHCHECK"].partition("CMD ")[2]
    python, flag, program = ast.literal_eval(command)
    assert (python, flag) == ("python", "-c")
    ast.parse(program)
    assert "CHIPWIRE_HTTP_LISTEN" in program


def test_the_image_sets_settings_that_exist() -> None:
    """Every CHIPWIRE_ variable in the Dockerfile is a setting, with a value that it takes."""
    text = " ".join(rest for word, rest in instructions() if word == "ENV")
    found = dict(re.findall(r"(CHIPWIRE_\w+)=(\S+)", text))
    assert set(found) == {"CHIPWIRE_HOME", "CHIPWIRE_HTTP_LISTEN"}
    load_settings(found, None)


# ── compose ──────────────────────────────────────────────────────────────────────────────────────


def test_the_bot_alone_is_the_default(services: dict[str, Any]) -> None:
    """Without a profile one service starts: the bot."""
    assert [name for name, service in services.items() if "profiles" not in service] == ["bot"]


def test_every_command_is_one_that_the_program_takes(services: dict[str, Any]) -> None:
    """The services' commands parse as command lines, and their roles together are all roles."""
    command_line = get_command(app)
    roles: set[str] = set()
    for name, service in services.items():
        if service.get("image") != "chipwire:latest":
            continue
        word, *arguments = service["command"]
        command = command_line.commands[word]  # type: ignore[attr-defined]
        context = command.make_context(word, list(arguments))
        chosen = set(context.params["roles"].split(","))
        assert chosen <= set(ROLES)
        if name != "bot":
            assert name in chosen
            roles |= chosen
    assert roles == set(ROLES)


@pytest.mark.parametrize("password", ["", "s3cret"])
def test_all_processes_share_one_store(services: dict[str, Any], password: str) -> None:
    """With a password every process uses PostgreSQL and NATS, without it every one uses SQLite."""
    for service in services.values():
        if service.get("image") != "chipwire:latest":
            continue
        given = {
            name: interpolate(value, {"POSTGRES_PASSWORD": password}) for name, value in service["environment"].items()
        }
        settings = load_settings(given, None)
        assert settings.store_url.startswith("postgresql://chipwire:s3cret@" if password else "sqlite:////data/")
        assert (settings.nats_url is not None) == bool(password)
        assert settings.http_listen == "0.0.0.0:8787"


def test_the_parts_wait_for_a_healthy_store_and_bus(services: dict[str, Any]) -> None:
    """Whatever is waited for has a health check, and every volume that is mounted is declared."""
    declared = read_yaml("compose.yaml")["volumes"]
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            assert wanted == {"condition": "service_healthy"}
            assert "healthcheck" in services[name]
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(declared)
    assert set(services["desk"]["depends_on"]) == {"postgres", "nats"}


def interpolate(text: str, values: dict[str, str]) -> str:
    """Compose's ${A:-b} and ${A:+b}, nested, innermost first."""
    pattern = re.compile(r"\$\{(\w+)(?::([-+])([^${}]*))?\}")

    def replace(found: re.Match[str]) -> str:
        value, sign, other = values.get(found[1], ""), found[2], found[3] or ""
        if sign == "+":
            return other if value else ""
        return value or other

    while pattern.search(text):
        text = pattern.sub(replace, text)
    return text


# ── systemd ──────────────────────────────────────────────────────────────────────────────────────


def test_the_unit_comes_back_and_has_time_to_end(unit: configparser.RawConfigParser) -> None:
    """The service restarts after every end but a mistake in the settings, and stops later than the program wants to."""
    service = unit["Service"]
    assert service["Restart"] == "always"
    assert service["RestartPreventExitStatus"] == "2"
    grace = Settings.model_fields["shutdown_grace_s"].default
    assert int(service["TimeoutStopSec"]) > grace
    assert service["ExecStart"].endswith("/chipwire run")


def test_the_unit_is_locked_down(unit: configparser.RawConfigParser) -> None:
    """The service may write its own folder alone and can gain no privilege."""
    wanted = {
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "NoNewPrivileges": "yes",
        "StateDirectory": "chipwire",
        "CapabilityBoundingSet": "",
        "EnvironmentFile": "/etc/chipwire.env",
    }
    assert {key: unit["Service"][key] for key in wanted} == wanted


# ── Slack ────────────────────────────────────────────────────────────────────────────────────────


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml("slack-manifest.yaml")
    return found


def texts_in(*folders: str) -> Iterator[tuple[Path, str]]:
    """Every text in the code of these folders."""
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield path, node.value


def test_the_manifest_asks_for_what_is_used_and_nothing_else() -> None:
    """Each API method that is called, each event and the command has its scopes, and each scope something that needs
    it; the installation asks for the same."""
    form = re.compile(r"(?P<family>apps_connections|auth|chat|conversations|files|users|views)_(?P<verb>[a-zA-Z]+)")
    found = (form.fullmatch(text) for _, text in texts_in("bot/notifiers/slack", "bot/chat/slack"))
    used = {f"{hit['family'].replace('_', '.')}.{hit['verb']}" for hit in found if hit}
    assert used == set(SCOPES_OF)
    asked = manifest()["settings"]["event_subscriptions"]["bot_events"]
    commands = [command["command"] for command in manifest()["features"]["slash_commands"]]
    assert {*asked, *commands} == set(SCOPES_FOR)
    needed = set().union(*SCOPES_OF.values(), *(SCOPES_FOR[name] for name in (*asked, *commands)))
    granted = manifest()["oauth_config"]["scopes"]["bot"]
    assert needed == set(granted) == set(SCOPES)
    assert len(granted) == len(set(granted)) == len(SCOPES)


def test_the_manifest_subscribes_to_what_is_listened_for() -> None:
    """Each event has a listener."""
    listened = {text for path, text in texts_in("bot/chat/slack") if path.name == "listeners.py"}
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in events} <= listened


def test_the_manifest_keeps_slacks_limits() -> None:
    """The manifest's texts are as long as Slack takes them; what the app answers to is on, and nothing else."""
    found = manifest()
    shown = found["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert set(found["features"]) == {"app_home", "bot_user", "slash_commands"}
    home = found["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]  # else nobody can write to the app
    for command in found["features"]["slash_commands"]:
        assert command["command"].startswith("/")
        assert 1 <= len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is False  # a link comes as it was typed
    on = found["settings"]
    assert on["interactivity"]["is_enabled"]
    assert on["socket_mode_enabled"]  # no public address is needed
    assert not on["org_deploy_enabled"]
    assert not on["token_rotation_enabled"]
