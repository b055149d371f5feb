"""Settings: every problem at once, secrets stay secret, and the example file is true."""

import re
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


def load(environ=None, env_file=None):
    return load_settings(environ or {}, env_file)


def test_defaults_need_nothing():
    """With an empty environment the bot runs on one machine, with no platform."""
    settings = load()
    assert settings.slack_bot_token is None
    assert settings.store_url.startswith("sqlite:///")
    assert settings.http_listen == "127.0.0.1:8787"


def test_all_problems_are_said_at_once():
    """Three mistakes give three lines, each naming its setting."""
    with pytest.raises(ConfigError) as caught:
        load({"CHIPWIRE_HTTP_LISTEN": "8787", "CHIPWIRE_MAX_AGE_S": "soon", "CHIPWIRE_CONTACT": "me"})
    lines = str(caught.value).splitlines()
    assert {line.partition(":")[0] for line in lines} == {
        "CHIPWIRE_HTTP_LISTEN",
        "CHIPWIRE_MAX_AGE_S",
        "CHIPWIRE_CONTACT",
    }


def test_near_miss_is_pointed_out():
    """A misspelt name in the environment is an error that names the right one."""
    with pytest.raises(ConfigError, match="did you mean CHIPWIRE_SOURCES"):
        load({"CHIPWIRE_SOURCE": "x.toml"})


def test_unknown_name_in_file_is_refused(tmp_path):
    """The file is ours alone, so any unknown CHIPWIRE_ name in it is a mistake."""
    file = tmp_path / ".env"
    file.write_text("CHIPWIRE_FLAVOUR=salt\n")
    with pytest.raises(ConfigError, match="CHIPWIRE_FLAVOUR: no such setting"):
        load({}, file)


def test_other_names_in_environment_are_not_ours():
    """The environment is shared: a CHIPWIRE_ name that is like none of ours is left alone."""
    assert load({"CHIPWIRE_TEST_POSTGRES": "x", "PATH": "/bin"})


def test_environment_wins_over_file(tmp_path):
    """What the process was started with beats the file."""
    file = tmp_path / ".env"
    file.write_text("CHIPWIRE_LOG_LEVEL=debug\nCHIPWIRE_CONTACT=file@example.com\n")
    settings = load({"CHIPWIRE_LOG_LEVEL": "error"}, file)
    assert (settings.log_level, settings.contact) == ("error", "file@example.com")


def test_secret_from_file(tmp_path):
    """A secret may be named as a file, whose trailing newline is not part of it."""
    secret = tmp_path / "token"
    secret.write_text("xoxb-1-2-abc\n")
    settings = load({"SLACK_BOT_TOKEN_FILE": str(secret)})
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-2-abc"


def test_unreadable_secret_file_is_named(tmp_path):
    """A secret file that is not there is an error that names the setting and the path."""
    missing = tmp_path / "none"
    with pytest.raises(ConfigError, match=re.escape(f"SLACK_BOT_TOKEN_FILE: cannot read {missing}")):
        load({"SLACK_BOT_TOKEN_FILE": str(missing)})


def test_channels_without_token_are_refused():
    """Naming a channel without a token can never deliver, so it is said at once."""
    with pytest.raises(ConfigError, match="SLACK_CHANNELS is set but SLACK_BOT_TOKEN is not"):
        load({"SLACK_CHANNELS": "C1"})


def test_secrets_do_not_show():
    """No secret appears in the settings' own text."""
    settings = load(
        {
            "SLACK_BOT_TOKEN": "xoxb-very-secret",
            "TELEGRAM_BOT_TOKEN": "12345678:very-secret-token",
            "CHIPWIRE_DATABASE_URL": "postgresql://bot:hunter22@db/chipwire",
        }
    )
    assert "very-secret" not in repr(settings)
    assert "hunter22" not in repr(settings)
    assert "hunter22" in settings.secrets


def test_example_names_every_setting_with_its_default():
    """`.env.example` holds each setting once, with its default, under a comment."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert set(shown) == {field.alias for field in Settings.model_fields.values()}
    for index, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            assert lines[index - 1].startswith("# "), f"{line} has no sentence above it"
    assert load({name: value for name, value in shown.items() if value}) == load()


def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    """A .env file knows no shell: `~/x` is a folder at home, not one that is named `~`."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load({"CHIPWIRE_HOME": "~/chips"}).home == tmp_path / "chips"


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch):
    """As in a container that runs under a bare number."""

    def nobody(*_args, **_kwargs):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("platformdirs.user_data_dir", nobody)
    with pytest.raises(ConfigError, match="CHIPWIRE_HOME"):
        load()


def test_a_byte_order_mark_hides_no_setting(tmp_path):
    """Editors on Windows put one in front; the first line counts all the same."""
    path = tmp_path / ".env"
    path.write_bytes(b"\xef\xbb\xbfCHIPWIRE_LOG_LEVEL=debug\r\n")
    assert load(env_file=path).log_level == "debug"


def test_an_env_file_that_is_no_text_is_named(tmp_path):
    """UTF-16, as some shells write it, is one clear line."""
    path = tmp_path / ".env"
    path.write_text("CHIPWIRE_LOG_LEVEL=debug\n", encoding="utf-16")
    with pytest.raises(ConfigError, match=r"\.env: cannot be read: not UTF-8"):
        load(env_file=path)


def test_secrets_in_addresses_are_known_to_the_redactor():
    """Passwords as written and as meant, and a token in the place of a user."""
    settings = load(
        {
            "CHIPWIRE_DATABASE_URL": "postgresql://bot:p%40ssword@db/x",
            "CHIPWIRE_NATS_URL": "nats://s3cret-token@bus:4222",
        }
    )
    assert {"p%40ssword", "p@ssword", "s3cret-token"} <= set(settings.secrets)
