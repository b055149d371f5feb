"""``chipwire subscriptions``: what is exported can be imported, and a preview says who would hear, and when."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.preview import preview
from bot.commands.subscriptions import (
    add_subscription,
    export_subscriptions,
    import_subscriptions,
    list_subscriptions,
    remove_subscription,
)
from bot.domain import Mute, MuteKind
from bot.errors import BotError, ConfigError
from bot.home import opened_store
from bot.settings import load_settings

WISHES = """\
[[subscription]]
to = "console"
topics = ["chip_export"]
tickers = ["WOLF"]
include = ["[H20]", "/licen[cs]e/"]
quiet = "22:00-07:00 Europe/London"
quiet_flash = false

[[subscription]]
to = "webhook:http://127.0.0.1:9/secret"
topics = ["chip_export", "semis"]
digest = "daily 07:30 Europe/London"
digest_flash = false
cap = "10 per 1h"
"""
BROKEN = WISHES + '\n[[subscription]]\nto = "console"\nevents = ["licens"]\n'
HEADLINE = "US Commerce Department approves licences for Nvidia to sell H20 chips to China"


@pytest.fixture
def settings_for(tmp_path):
    """Settings with a home of their own, and a subscriptions file where there is text for one."""

    def make(text=None):
        env = {"CHIPWIRE_HOME": str(tmp_path / "home")}
        if text is not None:
            (tmp_path / "subscriptions.toml").write_text(text, encoding="utf-8")
            env["CHIPWIRE_SUBSCRIPTIONS"] = str(tmp_path / "subscriptions.toml")
        return load_settings(env, env_file=None)

    return make


def records(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_export_and_import(settings_for, tmp_path, capsys):
    """What is printed is a file that adds the same again, once."""
    await export_subscriptions(settings_for(WISHES), as_json=False)
    assert capsys.readouterr().out == WISHES
    alone, file = settings_for(), tmp_path / "subscriptions.toml"
    await import_subscriptions(file, alone, as_json=True)
    added = records(capsys)
    assert [(s["to"], s["origin"]) for s in added] == [
        ("console", "command"),
        ("webhook:http://127.0.0.1:9/secret", "command"),
    ]
    assert (added[0]["quiet"], added[0]["quiet_flash"], added[0]["digest_flash"]) == (
        "22:00-07:00 Europe/London", False, None,
    )  # fmt: skip
    await import_subscriptions(file, alone, as_json=False)
    assert "2 were there already" in capsys.readouterr().out
    await export_subscriptions(alone, as_json=False)
    assert capsys.readouterr().out == WISHES


async def test_import_adds_what_it_can(settings_for, tmp_path, capsys):
    """One that cannot be used is told with its place and key; the others are added."""
    file = tmp_path / "new.toml"
    file.write_text(BROKEN + '\n[[subscription]]\nto = "slack:C1"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        await import_subscriptions(file, settings_for(), as_json=True)
    assert str(caught.value).splitlines() == [
        f"{file}: subscription 3: events: unknown value 'licens'; did you mean 'licence'?",
        f"{file}: slack:C1 needs SLACK_BOT_TOKEN, which is not set",
    ]
    assert len(records(capsys)) == 2


async def test_list_shows_what_each_wants_and_when(settings_for, capsys):
    """Words that look like markup are shown as they are, a webhook without its path; a bad one stops no other."""
    await list_subscriptions(settings_for(BROKEN), as_json=False)
    shown = capsys.readouterr()
    for words in ("with: [H20], /licen[cs]e/", "quiet 22:00-07:00 Europe/London, flashes too", "at most 10 per 1h"):
        assert words.split(", ")[0] in shown.out
    assert "secret" not in shown.out
    assert "subscription 3: events: unknown value 'licens'" in shown.err


async def test_nobody(settings_for, capsys):
    """With no subscription, list and export say what happens then, and how to add one."""
    await list_subscriptions(settings_for(), as_json=False)
    await export_subscriptions(settings_for(), as_json=False)
    assert capsys.readouterr().out.count("go to the terminal") == 2


async def test_add_takes_the_keys_of_the_file(settings_for, capsys):
    """And refuses each that cannot be used by its name."""
    entry = {
        "to": "console", "statuses": ["confirmed"], "cap": "3/h", "digest": "open nasdaq",
        "delay": "press 30 min, wire 900 s",
    }  # fmt: skip
    await add_subscription(entry, settings_for(), as_json=True)
    (added,) = records(capsys)
    assert (added["statuses"], added["cap"], added["digest"]) == (["confirmed"], "3 per 1h", "open new-york")
    assert added["delay"] == "wire 15 min, press 30 min"
    await list_subscriptions(settings_for(), as_json=False)
    assert "later by wire 15 min, press 30 min" in " ".join(capsys.readouterr().out.split())
    for key, text in (("cap", "0/h"), ("delay", "blog 5 min"), ("delay", "15")):
        with pytest.raises(ConfigError, match=f"{key}: "):
            await add_subscription({"to": "console", key: text}, settings_for(), as_json=True)


async def test_one_of_the_file_is_removed_there(settings_for, capsys):
    """Also while another entry of the file is broken."""
    settings = settings_for(BROKEN)
    await list_subscriptions(settings, as_json=True)
    (first, _) = records(capsys)
    with pytest.raises(ConfigError, match="remove it there"):
        await remove_subscription(first["id"], settings, as_json=True)


async def test_preview_walks_each_subscription(settings_for, capsys):
    """The model scores, the desk judges, and each subscription says where the headline ends."""
    settings = settings_for(WISHES)
    await preview(HEADLINE, settings, to=None, tier="wire", as_json=True)
    (console, webhook) = records(capsys)
    assert (console["result"], console["reason"]) == ("filtered", "ticker")
    assert [s["stage"] for s in console["steps"] if not s["passed"]] == ["ticker"]
    assert (webhook["result"], webhook["reason"]) == ("held", "digest")
    release = datetime.fromisoformat(webhook["release_at"])
    assert timedelta(0) < release - datetime.now(UTC) <= timedelta(days=1, hours=1)
    await preview(HEADLINE, settings, to="webhook:http://127.0.0.1:9/secret", tier="wire", as_json=False)
    shown = capsys.readouterr().out
    assert "held by digest" in shown
    assert "NVDA" in shown
    assert "secret" not in shown


async def test_preview_asks_the_mutes(settings_for, capsys):
    """What somebody muted for everyone is shown as muted; with no subscription the terminal is told."""
    settings = settings_for()
    await preview(HEADLINE, settings, to="console", tier="wire", as_json=True)
    assert records(capsys)[0]["result"] == "sent"
    now = datetime.now(UTC)
    async with opened_store(settings) as store:
        await store.add_mute(Mute("m1", None, MuteKind.TICKER, "NVDA", now + timedelta(hours=1), now), now)
    await preview(HEADLINE, settings, to=None, tier="wire", as_json=True)
    assert (records(capsys)[0]["reason"]) == "muted"


async def test_preview_of_several_for_one_destination(settings_for, capsys):
    """Each is walked, and then said what they come to together."""
    twice = '[[subscription]]\nto = "console"\ntickers = ["TSM"]\n[[subscription]]\nto = "console"\n'
    await preview(HEADLINE, settings_for(twice), to=None, tier="wire", as_json=False)
    assert "console, all 2 together: told at once" in capsys.readouterr().out


async def test_preview_of_what_nobody_is_told(settings_for, capsys):
    """A headline that makes no alert reaches nobody, with the desk's reason."""
    await preview("A bakery opens in the old town", settings_for(), to=None, tier="wire", as_json=True)
    (record,) = records(capsys)
    assert (record["result"], record["reason"]) == ("not_told", "gate")
    await preview("A bakery opens in the old town", settings_for(), to=None, tier="wire", as_json=False)
    assert "nobody is told: gate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "to", "tier", "error", "words"),
    [
        (" ", None, "wire", ConfigError, "no words"),
        (HEADLINE, None, "wires", ConfigError, "unknown tier 'wires'"),
        (HEADLINE, "slak:C1", "wire", ConfigError, "--to"),
        (HEADLINE, "slack:C1", "wire", BotError, "nobody subscribed slack:C1; subscribed are: console"),
    ],
)
async def test_preview_refuses(settings_for, text, to, tier, error, words):
    """What cannot be previewed, in one line."""
    with pytest.raises(error, match=words):
        await preview(text, settings_for(), to=to, tier=tier, as_json=False)
