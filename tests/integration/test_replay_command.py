"""``chipwire replay`` as a person types it: records, a summary, two settings side by side, and what it refuses."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.replay import replay_file
from bot.errors import BotError, ConfigError
from bot.settings import load_settings
from tests.e2e.process import ROOT

ROWS = [
    ("a1", "Choir wins prize at village fair", "2026-06-01T08:00:00Z", "Harbour Daily"),
    ("a2", "US approves licences for Nvidia to sell H20 chips to China", "2026-06-01T09:00:00Z", "Reuters"),
    ("a3", "US approves licences for Nvidia to sell H20 chips to China", "2026-06-01T09:05:00Z", "MSN"),
    ("a4", "Netherlands bans exports of ASML lithography tools to China", "2026-06-02T10:00:00Z", "Reuters"),
]
KEYS = {"id", "outcome", "reason", "story", "urgency", "tickers", "event", "status", "chip_export"}


@pytest.fixture
def archive(tmp_path):
    """Four headlines of two days, the latest first."""
    path = tmp_path / "archive.jsonl"
    lines = [
        json.dumps({"id": i, "headline": text, "published": at, "publisher": who}) for i, text, at, who in ROWS[::-1]
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def typed(tmp_path):
    """The command as a person types it, in a folder of its own and with nothing of the tests' environment."""
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHIPWIRE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(ROOT), "COLUMNS": "120",
    }  # fmt: skip

    def run(*arguments, **settings):
        return subprocess.run(
            [sys.executable, "-m", "bot", "replay", *map(str, arguments)],
            cwd=tmp_path, env=environ | settings, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def replay(tmp_path, monkeypatch, capsys):
    """The same in this process, which saves the seconds in which one starts; returns what is printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHIPWIRE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")

    def run(path, *, compare=None, as_json=False, **settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        replay_file(path, load_settings(), compare=compare, as_json=as_json)
        return capsys.readouterr().out

    return run


def records(printed):
    return [json.loads(line) for line in printed.splitlines()]


def test_records(typed, replay, archive, tmp_path):
    """One record a headline, in time order, the same each time; a bot's store in the same home is not touched."""
    home = tmp_path / "home"
    home.mkdir()
    with contextlib.closing(sqlite3.connect(home / "chipwire.sqlite3")) as database:
        database.execute("CREATE TABLE kept (n)")
    before = (home / "chipwire.sqlite3").read_bytes()
    first = typed(archive, "--json")
    assert (first.returncode, first.stderr) == (0, "")
    found = records(first.stdout)
    assert [r["id"] for r in found] == [i for i, *_ in ROWS]
    assert all(set(r) == KEYS for r in found)
    assert replay(archive, as_json=True) == first.stdout
    assert found[0]["outcome"] == "spike"
    assert (found[2]["outcome"], found[2]["reason"]) in {("repeat", "same_words"), ("spike", "below_threshold")}
    assert (home / "chipwire.sqlite3").read_bytes() == before
    assert [path.name for path in home.iterdir()] == ["chipwire.sqlite3"]


def test_summary(replay, archive):
    """Counts by outcome and reason, alerts a day, destinations, the days of the archive and the speed."""
    printed = replay(archive)
    lines = [line.split() for line in printed.splitlines()]
    assert ["headlines", "4"] in lines
    assert "01 Jun 2026 to 02 Jun 2026" in printed
    for word in ("alerts", "updates", "repeats", "spikes", "alerts a day", "to console", "headlines/s"):
        assert word in printed, word
    outcomes = {"alerts", "updates", "repeats", "spikes"}
    counts = {line[0]: int(line[1]) for line in lines if len(line) == 2 and line[0] in outcomes}
    assert sum(counts.values()) == len(ROWS)


def test_two_settings_side_by_side(replay, archive, tmp_path):
    """The named file's settings win over the environment's; what ends differently is listed, or printed as records."""
    nothing = tmp_path / "nothing.env"
    nothing.write_text("CHIPWIRE_CHIP_EXPORT_THRESHOLD=0.999999\nCHIPWIRE_MARKET_MOVING_THRESHOLD=0.999999\n")
    loose = {"CHIPWIRE_CHIP_EXPORT_THRESHOLD": "0.000001", "CHIPWIRE_MARKET_MOVING_THRESHOLD": "0.000001"}
    table = replay(archive, compare=nothing, **loose)
    for words in ("these settings", "nothing.env", "differently", "→ spike, below threshold"):
        assert words in table, words
    pairs = records(replay(archive, compare=nothing, as_json=True, **loose))
    assert pairs
    for pair in pairs:
        assert set(pair) == {"id", "headline", "a", "b"}
        assert set(pair["a"]) == set(pair["b"]) == KEYS | {"to"}
        assert (pair["b"]["outcome"], pair["b"]["to"]) == ("spike", [])
    assert ["console"] in [pair["a"]["to"] for pair in pairs]


def test_the_same_settings_differ_in_nothing(replay, archive, tmp_path):
    """A file that changes nothing changes nothing, and the summary says so; the usual .env counts on both sides."""
    (tmp_path / ".env").write_text("CHIPWIRE_CHIP_EXPORT_THRESHOLD=0.999999\n")
    same = tmp_path / "same.env"
    same.write_text("# nothing\n")
    assert "0 headlines end differently" in replay(archive, compare=same)


def test_subscriptions_without_tokens(typed, archive, tmp_path):
    """Nothing is sent, so a channel needs no token here; a subscription that cannot be used stops no other."""
    file = tmp_path / "subscriptions.toml"
    file.write_text('[[subscription]]\nto = "slack:C1"\n\n[[subscription]]\nto = "slack:C2"\nevents = ["licens"]\n')
    result = typed(archive, CHIPWIRE_SUBSCRIPTIONS=str(file), CHIPWIRE_CHIP_EXPORT_THRESHOLD="0.000001")
    assert result.returncode == 0, result.stderr
    assert "to slack:C1" in result.stdout
    assert "slack:C2" not in result.stdout
    assert "subscription_refused" in result.stderr
    assert "subscription 2: events: unknown value 'licens'" in result.stderr


GOOD = '{"id": "1", "headline": "US bans chips", "published": "2026-06-01"}\n'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "archive.jsonl: empty"),
        (b"x" * 10_000_000, "archive.jsonl: line 1 is longer"),
        (GOOD.encode() + b'{"id": "\xff"}\n', "archive.jsonl: line 2 is not UTF-8"),
        (GOOD.replace('"id"', '"key"').encode(), "archive.jsonl: line 1: no `id`"),
        (GOOD.encode() * 2, "archive.jsonl: line 2 has the id '1' of line 1"),
        (GOOD.replace("2026-06-01", "June").encode(), "archive.jsonl: line 1: `published` 'June'"),
        (GOOD.replace("}", ', "tier": "best"}').encode(), "archive.jsonl: line 1: `tier` 'best'"),
        (None, "archive.jsonl: cannot be read: No such file"),
    ],
    ids=["empty", "long", "utf-8", "no id", "id twice", "time", "tier", "missing"],
)
def test_bad_input(replay, tmp_path, content, words):
    """One line with file and line number, before anything is scored."""
    if content is not None:
        (tmp_path / "archive.jsonl").write_bytes(content)
    with pytest.raises(BotError) as caught:
        replay(Path("archive.jsonl"), as_json=True)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_fault_is_one_line_and_an_exit_code(typed, tmp_path):
    """As a person sees it: nothing on stdout, file and line on stderr."""
    (tmp_path / "archive.jsonl").write_text(GOOD * 2)
    result = typed("archive.jsonl", "--json")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "chipwire: archive.jsonl: line 2 has the id '1' of line 1\n"


def test_a_comparison_that_cannot_be_made(replay, archive, tmp_path):
    """A file that is not there, or holds a setting that does not exist, is told before anything is scored."""
    with pytest.raises(BotError, match=r"^--compare: none.env: no such file"):
        replay(archive, compare=Path("none.env"))
    (tmp_path / "bad.env").write_text("CHIPWIRE_FLASHES=3\n")
    with pytest.raises(ConfigError, match="CHIPWIRE_FLASHES: no such setting") as caught:
        replay(archive, compare=Path("bad.env"))
    assert caught.value.exit_code == 2
