"""``chipwire votes``: what people voted, for eyes and for labelling."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.votes import show_votes
from bot.domain import Mention, Vote
from bot.home import opened_store
from bot.settings import load_settings
from classifiers.label import read_items
from tests.fakes.store import tell
from tests.fakes.stored import NOON, after

ANN, BOB = "slack:T1:U0ANN", "telegram:4711"


@pytest.fixture
async def settings(tmp_path):
    """Settings whose store holds three alerts: one that both like, one in dispute, one without votes."""
    settings = load_settings({"CHIPWIRE_HOME": str(tmp_path / "home")}, env_file=None)
    now = datetime.now(UTC)
    async with opened_store(settings) as store:
        named = (Mention("Nvidia", "NVDA", -1), Mention("TSMC", "TSM", -1, primary=False))
        liked = await tell(store, 1, at=NOON, mentions=named, text="Nvidia [H20] licence weighed")
        disputed = await tell(store, 2, at=after(60), published_at=None)
        await tell(store, 3, at=after(120))
        for alert, person, useful, at in [
            (disputed, BOB, False, now - timedelta(days=40)),
            (disputed, ANN, True, now - timedelta(days=1)),
            (liked, ANN, True, now - timedelta(days=20)),
            (liked, BOB, True, now - timedelta(days=20)),
        ]:
            await store.record_vote(Vote(alert.id, person, useful=useful, at=at))
    return settings


def records(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_votes_by_alert(settings, capsys, tmp_path):
    """One record an alert that was voted on, without the people; labelling reads it as it stands."""
    await show_votes(settings, days=None, as_json=True)
    printed = capsys.readouterr().out
    first, second = (json.loads(line) for line in printed.splitlines())
    assert first == {
        "id": first["id"],
        "headline": "Nvidia [H20] licence weighed",
        "published": "2026-03-02",
        "publisher": "Desk Wire",
        "story": "spares-curb-1",
        "useful": 2,
        "noise": 0,
        "score": {"chip_export": 0.97, "market_moving": 0.81, "model": "tiny-1"},
        "event": "export_rule",
        "status": "reported",
        "tickers": {"NVDA": -1},
    }
    assert (second["useful"], second["noise"], second["published"]) == (1, 1, None)
    assert ANN not in printed
    assert "4711" not in printed
    file = tmp_path / "voted.jsonl"
    file.write_text(printed, encoding="utf-8")
    items = read_items(file)
    assert [(item.id, item.headline) for item in items] == [(r["id"], r["headline"]) for r in (first, second)]
    assert items[0].extra["tickers"] == {"NVDA": -1}
    assert items[0].extra["publisher"] == "Desk Wire"


async def test_votes_of_the_last_days(settings, capsys):
    """Older votes do not count, and an alert that only they speak of is not shown."""
    await show_votes(settings, days=30, as_json=True)
    assert [(r["useful"], r["noise"]) for r in records(capsys)] == [(2, 0), (1, 0)]
    await show_votes(settings, days=7, as_json=True)
    assert [r["story"] for r in records(capsys)] == ["spares-curb-2"]


async def test_a_table_for_people(settings, capsys, tmp_path):
    """With the headline as it is; where nobody voted it says where the buttons are."""
    await show_votes(settings, days=None, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert "2 0 0.97 export_rule reported Nvidia [H20] licence weighed" in shown
    empty = load_settings({"CHIPWIRE_HOME": str(tmp_path / "other")}, env_file=None)
    await show_votes(empty, days=None, as_json=False)
    await show_votes(empty, days=7, as_json=False)
    said = " ".join(capsys.readouterr().out.split())
    assert "Nobody voted yet." in said
    assert "in the last 7 days" in said
