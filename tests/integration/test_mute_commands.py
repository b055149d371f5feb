"""``chipwire mutes``: what is muted can be seen and ended, and what makes no sense is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.mutes import add_mute, list_mutes, remove_mute
from bot.errors import BotError, ConfigError
from bot.rules.muting import parse_length
from bot.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    return load_settings({"CHIPWIRE_HOME": str(tmp_path / "home")}, env_file=None)


async def test_a_mute_is_listed_until_it_is_removed(settings, capsys):
    """Added for one destination, shown with its end, removed by its id; a second removal says that there is none."""
    before = datetime.now(UTC)
    await add_mute("ticker", "nvda", settings, length="3d", to="slack:C0123", as_json=True)
    added = json.loads(capsys.readouterr().out)
    assert (added["kind"], added["value"], added["to"]) == ("ticker", "NVDA", "slack:C0123")
    assert timedelta(0) <= datetime.fromisoformat(added["until"]) - before - timedelta(days=3) < timedelta(minutes=1)
    await list_mutes(settings, as_json=False)
    assert "ticker NVDA" in capsys.readouterr().out
    await remove_mute(added["id"], settings, as_json=False)
    assert added["id"] in capsys.readouterr().out
    await list_mutes(settings, as_json=True)
    assert capsys.readouterr().out == ""
    with pytest.raises(BotError, match="no mute has the id"):
        await remove_mute(added["id"], settings, as_json=False)


async def test_muting_again_moves_the_end(settings, capsys):
    """The same wish has the same id, so that it stands once, with its later end."""
    for length in ("1h", "2w"):
        await add_mute("story", "alibaba-h200-import-rule-270111-83ac", settings, length=length, to=None, as_json=True)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    await list_mutes(settings, as_json=True)
    (listed,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["id"] == second["id"] == listed["id"]
    assert listed["until"] == second["until"] > first["until"]


@pytest.mark.parametrize(
    ("kind", "value", "length", "to", "says"),
    [
        ("topic", "chips", "1d", None, "unknown kind 'topic'; known: story, ticker, source"),
        ("ticker", " ", "1d", None, "which ticker"),
        ("ticker", "NVDA", "0h", None, "--for: '0h' is no length of time"),
        ("ticker", "NVDA", "soon", None, "--for: 'soon' is no length of time"),
        ("ticker", "NVDA", "53w", None, "longer than a year"),
        ("ticker", "NVDA", "1d", "irc:#chips", "--to: 'irc:#chips'"),
    ],
)
async def test_what_makes_no_sense_is_refused(settings, capsys, kind, value, length, to, says):
    """One line with the reason, and nothing is muted."""
    with pytest.raises(ConfigError, match=says):
        await add_mute(kind, value, settings, length=length, to=to, as_json=False)
    await list_mutes(settings, as_json=True)
    assert capsys.readouterr().out == ""


@given(st.integers(1, 300), st.sampled_from("mhdMHD"))
def test_lengths(number, unit):
    """A number with its unit is that long."""
    length = parse_length(f" {number}{unit} ")
    assert length == number * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[unit.lower()]
