"""The commands as a person types them: what they print, what they refuse, and with which exit code."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from tests.e2e.process import ROOT, Chipwire
from tests.fakes.feedserver import Canned, FeedServer
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

BEGAN_FROM = "Alibaba Stock Surges on China's Potential Approval of Nvidia H200 Chip Imports"


@pytest.fixture
def bot(tmp_path):
    return Chipwire(tmp_path)


def lines(result):
    return [json.loads(line) for line in result.stdout.decode().splitlines()]


def expect_refusal(result, *parts, code=(1, 2)):
    """One clear line or a few, no traceback, and an exit code that says so."""
    text = result.stderr.decode()
    assert result.returncode in code, (result.returncode, text)
    assert "Traceback" not in text
    for part in parts:
        assert part in text, text
    assert len(text.splitlines()) <= 4, text
    return text


def sources(folder, *entries):
    path = folder / "sources.toml"
    path.write_text("\n".join(entries))
    return str(path)


def feed(url, name="wire", **more):
    extra = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
    return f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = "{url}"\ninterval_s = 1\n{extra}'


def test_score_of_the_headline_that_it_all_began_from(bot):
    """One headline in, one record out, with everything that the contract names."""
    (record,) = lines(bot.command("score", "-", stdin=f"{BEGAN_FROM}\n".encode()))
    assert record["chip_export"] >= 0.9
    assert (record["event"], record["status"]) == ("import_rule", "reported")
    assert record["tickers"] == {"BABA": 1, "NVDA": 1}
    assert set(record) == {
        "headline", "chip_export", "market_moving", "event", "event_prob", "status", "status_prob", "tickers",
        "exposed", "facts", "language", "model", "threshold",
    }  # fmt: skip


def test_score_keeps_order_and_takes_json_lines(bot, tmp_path):
    """Plain lines and JSON Lines may be mixed; blank lines are passed over; ids come back."""
    file = tmp_path / "in.txt"
    file.write_text('Local choir wins prize\n\n{"id": "r7", "headline": "US bans chip tool exports to SMIC"}\n')
    first, second = lines(bot.command("score", str(file)))
    assert first["headline"] == "Local choir wins prize"
    assert (second["id"], second["headline"]) == ("r7", "US bans chip tool exports to SMIC")
    assert first["chip_export"] < second["chip_export"]


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", ("in.txt", "empty")),
        (b"\n \n", ("in.txt", "empty")),
        (b"fine\n\xff\xfe\n", ("in.txt: line 2", "UTF-8")),
        (b'fine\n{"headline": 3}\n', ("in.txt: line 2", "headline")),
        (b'{"headline": "cut\n', ("in.txt: line 1", "JSON")),
        (b"fine\n" + b"x" * 200_000, ("in.txt: line 2", "longer")),
    ],
)
def test_score_refuses_what_it_cannot_read(bot, tmp_path, content, parts):
    """Bad input gets one line with file and line number."""
    (tmp_path / "in.txt").write_bytes(content)
    expect_refusal(bot.command("score", "in.txt"), *parts)


def test_score_of_a_file_that_is_not_there(bot):
    """The name stands in the message."""
    expect_refusal(bot.command("score", "nowhere.txt"), "nowhere.txt", "No such file")


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ("[[source]\nname = 1", ("sources.toml", "line 1")),
        (
            '[[source]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/f"\nintervall_s = 5\n',
            ("sources.toml", "intervall_s", "interval_s"),
        ),
        ('[[source]]\nname = "a"\nkind = "fed"\nurl = "https://a.example/f"\n', ("sources.toml", "a", "fed", "feed")),
    ],
)
def test_run_refuses_a_broken_catalogue(bot, tmp_path, toml, parts):
    """An unreadable file, an unknown key and an unknown kind name the file and what to write."""
    bot.settings["CHIPWIRE_SOURCES"] = sources(tmp_path, toml)
    expect_refusal(bot.command("run", "--once"), *parts)


def test_run_refuses_broken_subscriptions(bot, tmp_path):
    """Every mistake of the file is said at once, each with its entry and key."""
    path = tmp_path / "subscriptions.toml"
    path.write_text('[[subscription]]\nto = "slak:C1"\nevents = ["tarif"]\n')
    bot.settings["CHIPWIRE_SUBSCRIPTIONS"] = str(path)
    text = expect_refusal(bot.command("run", "--once"), "subscriptions.toml: subscription 1", "slak:C1", "'tariff'")
    assert len(text.splitlines()) == 2


def test_a_wrong_slack_token_is_said_before_anything_is_polled(bot, tmp_path):
    """The setting is named, the token is not, and nothing was fetched."""
    with FakeSlack() as slack, FeedServer() as feeds:
        bot.settings |= {
            "CHIPWIRE_SOURCES": sources(tmp_path, feed(feeds.rss_url)),
            "SLACK_BOT_TOKEN": "xoxb-000-wrong-token-000",
            "SLACK_CHANNELS": "C0123456789",
            "SLACK_API_URL": slack.api_url,
        }
        result = bot.command("run", "--once")
        assert not feeds.asked
    assert "wrong-token" not in result.stderr.decode()
    lines_ = [line for line in result.stderr.decode().splitlines() if line.startswith("chipwire:")]
    assert result.returncode == 2
    assert len(lines_) == 1
    assert "SLACK_BOT_TOKEN" in lines_[0]


def test_a_wrong_telegram_token_is_said_without_it(bot, tmp_path):
    """Telegram has the token in the path of every request: it must not come out in the error."""
    with FakeTelegram() as telegram, FeedServer() as feeds:
        bot.settings |= {
            "CHIPWIRE_SOURCES": sources(tmp_path, feed(feeds.rss_url)),
            "TELEGRAM_BOT_TOKEN": "7000000002:AAwrongTokenWrongTokenWrongToken12",
            "TELEGRAM_CHATS": "@chips",
            "TELEGRAM_API_URL": telegram.url,
        }
        result = bot.command("run", "--once")
    assert result.returncode == 2
    assert "TELEGRAM_BOT_TOKEN" in result.stderr.decode()
    assert "AAwrongToken" not in result.stderr.decode() + result.stdout.decode()


def test_once_says_which_source_failed_and_polls_the_others(bot, tmp_path):
    """A source that answers HTML is named with what to do; the others are polled."""
    with FeedServer() as feeds:
        feeds.publish("Local choir wins prize")
        feeds.answer("/page", Canned(body=b"<!doctype html><title>Home</title>", headers={"Content-Type": "text/html"}))
        bot.settings["CHIPWIRE_SOURCES"] = sources(
            tmp_path, feed(feeds.rss_url), feed(feeds.url("/page"), name="mistaken")
        )
        result = bot.command("run", "--once", "--json")
    by_name = {record["source"]: record for record in lines(result)}
    assert by_name["wire"] == {"source": "wire", "seen": 1, "new": 0, "error": None}
    assert "HTML" in by_name["mistaken"]["error"]
    assert result.returncode == 0


def test_once_tells_what_came_between_two_runs(bot, tmp_path):
    """With no tokens an alert appears in the terminal; the first run is the baseline; `why` explains it."""
    with FeedServer() as feeds:
        feeds.publish("Japan to curb chip tool exports")
        bot.settings["CHIPWIRE_SOURCES"] = sources(tmp_path, feed(feeds.rss_url, publisher="Kite Wire"))
        assert bot.command("run", "--once").stdout == b""
        feeds.publish("US grants Nvidia licence to ship H20 accelerators to China", url=feeds.url("/h20"))
        feeds.publish("Local choir wins prize")
        shown = bot.command("run", "--once").stdout.decode()
        assert "US grants Nvidia licence" in shown
        assert "NVDA" in shown
        assert "choir" not in shown
        assert bot.command("run", "--once").stdout == b""
        (trail,) = lines(bot.command("why", feeds.url("/h20"), "--json"))
        assert (trail["outcome"], trail["reason"]) == ("alert", "new_story")
        assert [d["state"] for d in trail["deliveries"]] == ["sent"]
        told = bot.command("why", trail["headline"]["id"]).stdout.decode()
    assert "alert: new story" in told
    assert "console" in told


def test_why_of_an_unknown_headline(bot):
    """It says that it knows none."""
    expect_refusal(bot.command("why", "https://nobody.example/"), "no headline known", code=(1,))


def test_a_database_that_is_no_database(bot, tmp_path):
    """A file with something else in it is named, and is not touched."""
    (tmp_path / "chipwire.sqlite3").write_bytes(b"this is a diary, not a database" * 100)
    before = (tmp_path / "chipwire.sqlite3").read_bytes()
    expect_refusal(bot.command("run", "--once"), "chipwire.sqlite3", code=(1,))
    assert (tmp_path / "chipwire.sqlite3").read_bytes() == before


def test_a_read_only_database(bot, tmp_path):
    """A database that cannot be written is said at once, with its name."""
    assert bot.command("subscriptions", "list").returncode == 0
    bot.settings["CHIPWIRE_DATABASE_URL"] = f"sqlite:///{tmp_path / 'chipwire.sqlite3'}?mode=ro"
    expect_refusal(bot.command("run", "--once"), "chipwire.sqlite3", "read-only", code=(1,))


def test_a_database_of_a_newer_version(bot, tmp_path):
    """A schema that this version does not know is refused, not changed."""
    assert bot.command("subscriptions", "list").returncode == 0
    database = sqlite3.connect(tmp_path / "chipwire.sqlite3")
    with contextlib.closing(database), database:
        database.execute(
            "UPDATE schema_migrations SET version = 999 WHERE version = (SELECT MAX(version) FROM schema_migrations)"
        )
    expect_refusal(bot.command("subscriptions", "list"), "999", code=(1,))


def test_subscriptions_by_command(bot):
    """Add, list, remove; a mistake is refused with the key and what it could be."""
    (added,) = lines(bot.command("subscriptions", "add", "webhook:http://127.0.0.1:9/x", "--ticker", "$nvda", "--json"))
    assert added["tickers"] == ["NVDA"]
    assert lines(bot.command("subscriptions", "list", "--json")) == [added]
    expect_refusal(
        bot.command("subscriptions", "add", "console", "--event", "tarif"), "events", "did you mean 'tariff'"
    )
    expect_refusal(bot.command("subscriptions", "add", "slack:C1"), "SLACK_BOT_TOKEN")
    assert bot.command("subscriptions", "remove", added["id"]).returncode == 0
    expect_refusal(bot.command("subscriptions", "remove", added["id"]), added["id"])
    assert lines(bot.command("subscriptions", "list", "--json")) == []


def test_sources_list_and_check(bot, tmp_path):
    """The bundled catalogue is listed; a check fetches without storing and fails with the source that failed."""
    bundled = lines(bot.command("sources", "list", "--json"))
    assert len(bundled) >= 25
    assert {"primary", "wire", "press"} <= {source["tier"] for source in bundled}
    with FeedServer() as feeds:
        feeds.publish("Local choir wins prize")
        feeds.answer("/gone", Canned(404))
        bot.settings["CHIPWIRE_SOURCES"] = sources(tmp_path, feed(feeds.rss_url), feed(feeds.url("/gone"), name="gone"))
        good = bot.command("sources", "check", "wire", "--json")
        bad = bot.command("sources", "check", "--json")
    assert lines(good)[0]["newest"] == "Local choir wins prize"
    assert (good.returncode, bad.returncode) == (0, 1)
    expect_refusal(bot.command("sources", "check", "wier"), "did you mean 'wire'")


def test_doctor(bot, tmp_path):
    """Everything in place: exit 0. A source that is down: exit 1, and the line says which. No secret is shown."""
    with FeedServer() as feeds, FakeSlack() as slack:
        feeds.publish("Local choir wins prize")
        bot.settings |= {
            "CHIPWIRE_SOURCES": sources(tmp_path, feed(feeds.rss_url)),
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_API_URL": slack.api_url,
        }
        well = bot.command("doctor", "--json")
        assert well.returncode == 0, well.stdout.decode() + well.stderr.decode()
        feeds.answer("/rss.xml", Canned(500))
        ill = bot.command("doctor", "--json")
        bot.settings["SLACK_BOT_TOKEN"] = "xoxb-000-wrong-token-000"
        refused_ = bot.command("doctor")
    assert ill.returncode == 1
    assert [f["what"] for f in lines(ill) if not f["ok"]] == ["source wire"]
    assert refused_.returncode == 1
    everything = b"".join(r.stdout + r.stderr for r in (well, ill, refused_)).decode()
    assert slack.token not in everything
    assert "wrong-token" not in everything


def test_demo_ends_by_itself_and_shows_a_story_move(bot):
    """A day of at least 60 headlines: a rumour, its confirmation, a repeat, a denial and noise, each with its end."""
    records = lines(bot.command("demo", "--pace", "0", "--json", timeout=60))
    assert len(records) >= 60
    outcomes = {(record["outcome"], record["reason"]) for record in records}
    assert ("alert", "new_story") in outcomes
    assert any(outcome == "repeat" for outcome, _ in outcomes)
    assert {"gate", "below_threshold"} & {reason for _, reason in outcomes}
    rumour = next(r for r in records if r["headline"].startswith("Beijing weighs letting Alibaba and Tencent"))
    confirmed = next(r for r in records if r["headline"].startswith("MOFCOM spokesperson"))
    assert (confirmed["outcome"], confirmed["story"]) == ("update", rumour["story"])
    claim = next(r for r in records if r["headline"].startswith("US mulls tariff"))
    denial = next(r for r in records if r["headline"].startswith("Commerce Department denies"))
    assert (denial["outcome"], denial["status"], denial["story"]) == ("update", "denied", claim["story"])


def test_wrong_usage_is_exit_code_2(bot):
    """An option that does not exist, and a role that does not."""
    assert bot.command("run", "--sideways").returncode == 2
    expect_refusal(bot.command("run", "--roles", "poll,cook"), "cook", code=(2,))


def test_version_and_help(bot):
    """Every command explains itself with an example."""
    assert bot.command("--version").stdout.startswith(b"chipwire ")
    for command in (
        ["run"], ["demo"], ["score"], ["why"], ["replay"], ["votes"], ["doctor"], ["sources", "list"],
        ["subscriptions", "add"], ["mutes", "list"], ["mutes", "add"], ["mutes", "remove"],
    ):  # fmt: skip
        assert b"Example" in bot.command(*command, "--help").stdout, command


def test_two_bots_on_one_home_do_not_both_send(bot, tmp_path):
    """While one runs, `run --once` on the same home says so and does nothing."""
    with FeedServer() as feeds, bot:
        bot.settings["CHIPWIRE_SOURCES"] = sources(tmp_path, feed(feeds.rss_url))
        bot.start()
        bot.until("baseline")
        expect_refusal(bot.command("run", "--once"), "another chipwire runs", code=(1,))
        assert bot.stop() == 0


def test_json_leaves_stdout_to_the_records(bot, tmp_path):
    """With --json, cards and logs go to stderr; an option that would be passed over is refused."""
    with FeedServer() as feeds:
        bot.settings["CHIPWIRE_SOURCES"] = sources(tmp_path, feed(feeds.rss_url))
        lines(bot.command("run", "--once", "--json"))
        feeds.publish("US grants Nvidia licence to ship H20 accelerators to China")
        again = bot.command("run", "--once", "--json")
    assert [r["new"] for r in lines(again)] == [1]
    assert "US grants Nvidia licence" in again.stderr.decode()
    expect_refusal(bot.command("run", "--json"), "--once", code=(2,))
    expect_refusal(bot.command("run", "--once", "--roles", "poll"), "--roles", code=(2,))


def test_output_that_cannot_be_written(bot, tmp_path):
    """A reader that left is no error; a full disk is one line."""
    headlines = tmp_path / "headlines.txt"
    headlines.write_text("Chip maker cuts its forecast\n" * 600)
    shell = f"{sys.executable} -m bot score {headlines}"
    environ = bot.environ | {"PYTHONPATH": str(ROOT)}
    left = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shell} | head -n 1"],
        env=environ,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (left.returncode, left.stderr) == (0, b"")
    closed = subprocess.run(["bash", "-c", f"{shell} >&-"], env=environ, capture_output=True, timeout=60, check=False)
    assert (closed.returncode, closed.stderr) == (0, b"")
    full = subprocess.run(
        ["bash", "-c", f"{shell} > /dev/full"], env=environ, capture_output=True, timeout=60, check=False
    )
    expect_refusal(full, "No space left", code=(1,))


def test_a_second_signal_ends_at_once_and_quietly(bot, tmp_path):
    """The first asks for an orderly end, the second does not wait for it; neither shows a traceback."""
    with FeedServer() as feeds, bot:
        bot.settings["CHIPWIRE_SOURCES"] = sources(tmp_path, feed(feeds.rss_url))
        bot.start().until("baseline")
        os.kill(bot.pid, signal.SIGINT)
        os.kill(bot.pid, signal.SIGINT)
        assert bot.wait() in {0, 130}
    assert not any("Traceback" in line for line in bot.noise)
