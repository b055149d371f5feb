"""Settings: every problem at once, secrets stay secret, and the example file is true."""

import re
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.model import pick_thresholds
from bot.settings import Settings, environment, load_settings
from tests.fakes.classifier import FakeClassifier

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


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not"),
        ({"TELEGRAM_WEBHOOK_SECRET": "s"}, "TELEGRAM_WEBHOOK_SECRET is set but CHIPWIRE_PUBLIC_URL is not"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together"),
        (
            {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "CHIPWIRE_PUBLIC_URL": "https://chips.example"},
            "SLACK_CLIENT_ID is set, so SLACK_SIGNING_SECRET and CHIPWIRE_SECRET_KEY must be too",
        ),
        ({"CHIPWIRE_OPERATOR": "slak:C1"}, "CHIPWIRE_OPERATOR"),
        ({"CHIPWIRE_PUBLIC_URL": "chips.example"}, "CHIPWIRE_PUBLIC_URL: not an http or https URL"),
        ({"SLACK_SETTINGS_BY": "everybody"}, "SLACK_SETTINGS_BY"),
        ({"CHIPWIRE_LANGUAGE": "fr"}, "CHIPWIRE_LANGUAGE"),
    ],
)
def test_what_goes_together_is_said(given, message):
    """A chat setting that can do nothing alone, or names nothing, is refused with what is missing."""
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(given)


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


def test_what_is_tuned_has_a_default_that_changes_nothing():
    """Without a word on it the model's thresholds hold, and six flashes an hour are told as such."""
    settings = load()
    assert (settings.chip_export_threshold, settings.market_moving_threshold) == (None, None)
    assert (settings.flashes_per_hour, settings.exposure, settings.model) == (6, None, None)


def test_what_is_tuned_is_read(monkeypatch, tmp_path):
    """Thresholds, flashes an hour and the map of exposure, whose path may begin with a tilde."""
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = load(
        {
            "CHIPWIRE_CHIP_EXPORT_THRESHOLD": "0.8",
            "CHIPWIRE_MARKET_MOVING_THRESHOLD": "0.7",
            "CHIPWIRE_FLASHES_PER_HOUR": "2",
            "CHIPWIRE_EXPOSURE": "~/exposure.toml",
        }
    )
    assert (settings.chip_export_threshold, settings.market_moving_threshold) == (0.8, 0.7)
    assert (settings.flashes_per_hour, settings.exposure) == (2, tmp_path / "exposure.toml")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHIPWIRE_CHIP_EXPORT_THRESHOLD", "0"),
        ("CHIPWIRE_CHIP_EXPORT_THRESHOLD", "1"),
        ("CHIPWIRE_CHIP_EXPORT_THRESHOLD", "nan"),
        ("CHIPWIRE_MARKET_MOVING_THRESHOLD", "60%"),
        ("CHIPWIRE_MARKET_MOVING_THRESHOLD", "-0.1"),
        ("CHIPWIRE_FLASHES_PER_HOUR", "0"),
        ("CHIPWIRE_FLASHES_PER_HOUR", "1.5"),
    ],
)
def test_what_cannot_be_a_threshold_is_refused(name, value):
    """A threshold that everything or nothing passes, or that is no number, is a mistake; so is no flash at all."""
    with pytest.raises(ConfigError, match=name):
        load({name: value})


@pytest.mark.parametrize(
    ("chip", "moving", "expected"),
    [(None, None, (0.6, 0.5)), (0.8, None, (0.8, 0.5)), (None, 0.2, (0.6, 0.2)), (0.8, 0.2, (0.8, 0.2))],
)
def test_a_threshold_of_the_settings_stands_in_the_models_place(chip, moving, expected):
    """Each by itself; the model's own holds where nothing is said."""
    given = {"CHIPWIRE_CHIP_EXPORT_THRESHOLD": chip, "CHIPWIRE_MARKET_MOVING_THRESHOLD": moving}
    settings = load({name: str(value) for name, value in given.items() if value is not None})
    picked = pick_thresholds(settings, FakeClassifier())
    assert (picked.chip_export, picked.market_moving) == expected


def test_a_file_may_win(tmp_path):
    """For a comparison the file's settings stand over the environment's; an empty one is the default again."""
    file = tmp_path / "candidate.env"
    file.write_text("CHIPWIRE_LOG_LEVEL=debug\nCHIPWIRE_MODEL=\n")
    settings = load_settings(
        {"CHIPWIRE_LOG_LEVEL": "error", "CHIPWIRE_MODEL": "fast", "CHIPWIRE_FLASHES_PER_HOUR": "3"},
        file,
        file_wins=True,
    )
    assert (settings.log_level, settings.model, settings.flashes_per_hour) == ("debug", None, 3)


def test_a_file_that_wins_may_hold_no_unknown_name(tmp_path):
    """As any other file of settings."""
    file = tmp_path / "candidate.env"
    file.write_text("CHIPWIRE_FLASHES=3\n")
    with pytest.raises(ConfigError, match="CHIPWIRE_FLASHES: no such setting"):
        load_settings({}, file, file_wins=True)


def test_the_environment_stands_over_the_usual_file(monkeypatch, tmp_path):
    """What a comparison begins from is what the program would have used."""
    file = tmp_path / ".env"
    file.write_text("CHIPWIRE_CONTACT=file@example.com\nCHIPWIRE_LOG_LEVEL=debug\n")
    monkeypatch.setenv("CHIPWIRE_LOG_LEVEL", "error")
    found = environment(file)
    assert (found["CHIPWIRE_CONTACT"], found["CHIPWIRE_LOG_LEVEL"]) == ("file@example.com", "error")
    assert "CHIPWIRE_CONTACT" not in environment(tmp_path / "none.env")
