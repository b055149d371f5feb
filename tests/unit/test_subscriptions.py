"""subscriptions.toml and what settings imply: every mistake in one line that names file, entry and key."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st

from bot.domain import Cap, Delay, Destination, DigestPlan, Event, Every, QuietHours, Status, Tier, Topic, Urgency
from bot.errors import ConfigError
from bot.rules.markets import MARKETS
from bot.settings import load_settings
from bot.subscriptions import (
    KEYS,
    as_entry,
    check_tokens,
    implied_subscriptions,
    load_subscriptions,
    make_subscription,
    parse_subscription,
    read_subscriptions,
    to_toml,
)

not_timed = running(deadline=None)  # the first use of a zone or a market reads its data


def write(tmp_path, text):
    path = tmp_path / "subscriptions.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load_subscriptions(write(tmp_path, text))
    return str(caught.value).splitlines()


def test_reads_every_key(tmp_path):
    """Tickers are folded to capitals without the dollar sign; the rest is as written."""
    (found,) = load_subscriptions(
        write(
            tmp_path,
            """
            [[subscription]]
            to = "telegram:-1001234:7"
            topics = ["chip_export", "semis"]
            tickers = ["$nvda", "TSM"]
            events = ["licence"]
            statuses = ["confirmed", "denied"]
            tiers = ["primary", "wire"]
            include = ["H20", "/licen[cs]e/"]
            exclude = ["rumour"]
            min_urgency = "alert"
            quiet = "22:00-07:00 Europe/London"
            quiet_flash = false
            digest = "weekly mon 07:30 Europe/London"
            digest_flash = false
            cap = "10 per 1h"
            delay = "press 30 min, wire 15 min"
            """,
        )
    )
    assert str(found.to) == "telegram:-1001234:7"
    assert found.topics == set(Topic)
    assert found.tickers == {"NVDA", "TSM"}
    assert (found.events, found.min_urgency) == ({Event.LICENCE}, Urgency.ALERT)
    assert (found.statuses, found.tiers) == ({Status.CONFIRMED, Status.DENIED}, {Tier.PRIMARY, Tier.WIRE})
    assert (found.include, found.exclude) == (("H20", "/licen[cs]e/"), ("rumour",))
    assert found.quiet == QuietHours(time(22), time(7), "Europe/London", flash_breaks=False)
    assert found.digest == DigestPlan(Every.WEEK, time(7, 30), 0, "Europe/London", flash_breaks=False)
    assert found.cap == Cap(10, timedelta(hours=1))
    assert found.delay == Delay(wire=timedelta(minutes=15), press=timedelta(minutes=30))


def test_defaults(tmp_path):
    """A destination alone gets everything on chip export."""
    (found,) = load_subscriptions(write(tmp_path, '[[subscription]]\nto = "console"\n'))
    assert (found.topics, found.tickers, found.events) == ({Topic.CHIP_EXPORT}, frozenset(), frozenset())
    assert (found.include, found.exclude, found.statuses, found.tiers) == ((), (), frozenset(), frozenset())
    assert (found.quiet, found.digest, found.cap) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[subscription]]\n", ["subscription 1", "to", "missing"]),
        ('[[subscription]]\nto = "slak:C1"\n', ["subscription 1", "to", "slack:"]),
        ('[[subscription]]\nto = "console"\ntopic = []\n', ["unknown key 'topic'", "'topics'"]),
        ('[[subscription]]\nto = "console"\nevents = ["licens"]\n', ["events", "did you mean 'licence'"]),
        ('[[subscription]]\nto = "console"\nmin_urgency = "loud"\n', ["min_urgency", "watch, alert, flash"]),
        ('[[subscription]]\nto = "console"\ntickers = "NVDA"\n', ["tickers", "list"]),
        ('[[subscription]]\nto = "console"\ntopics = []\n', ["topics", "nothing would ever be sent"]),
        ('[[subscription]]\nto = "console"\nstatuses = ["confirmd"]\n', ["statuses", "did you mean 'confirmed'"]),
        ('[[subscription]]\nto = "console"\ntiers = ["wires"]\n', ["tiers", "did you mean 'wire'"]),
        ('[[subscription]]\nto = "console"\ninclude = "H20"\n', ["include", "write a list of words"]),
        ('[[subscription]]\nto = "console"\ninclude = ["/(a/"]\n', ["include", "'/(a/'", "missing )"]),
        ('[[subscription]]\nto = "console"\nexclude = ["/[^x]{900}/"]\n', ["exclude", "too large"]),
        ('[[subscription]]\nto = "console"\nexclude = ["//"]\n', ["exclude", "every headline"]),
        (
            '[[subscription]]\nto = "console"\ninclude = ["a"]\nexclude = ["a", "b"]\n',
            ["include", "nothing would ever be sent"],
        ),
        ('[[subscription]]\nto = "console"\nquiet = "22:00-07:00 Europe/Londn"\n', ["quiet", "Europe/London"]),
        ('[[subscription]]\nto = "console"\nquiet = "07:00-07:00 UTC"\n', ["quiet", "the same minute"]),
        ('[[subscription]]\nto = "console"\nquiet = 22\n', ["quiet", "22 is no text"]),
        ('[[subscription]]\nto = "console"\nquiet_flash = true\n', ["quiet_flash", "says nothing without quiet"]),
        (
            '[[subscription]]\nto = "console"\ndigest = "hourly"\ndigest_flash = "no"\n',
            ["digest_flash", "neither true nor false"],
        ),
        ('[[subscription]]\nto = "console"\ndigest = "open new-yrok"\n', ["digest", "did you mean 'new-york'"]),
        ('[[subscription]]\nto = "console"\ncap = "0 per 1h"\n', ["cap", "lets nothing through"]),
        ('[[subscription]]\nto = "console"\ndelay = "pres 5 min"\n', ["delay", "did you mean 'press'"]),
        ('[[subscription]]\nto = "console"\nquite = "22:00-07:00 UTC"\n', ["unknown key 'quite'", "'quiet'"]),
        ("subscription = [1]\n", ["subscription 1", "no table"]),
        ('[subscription]\nto = "console"\n', ["two brackets"]),
        ("[[subscriber]]\n", ["unknown key 'subscriber'"]),
        ("to = \n", ["not valid TOML"]),
    ],
)
def test_a_mistake_is_one_line_that_says_where(tmp_path, text, words):
    """The file, the entry, the key and what to write instead."""
    (line,) = problems(tmp_path, text)
    assert "subscriptions.toml" in line
    for word in words:
        assert word in line


def test_all_mistakes_are_told_at_once(tmp_path):
    """A person mends a file once, not once a mistake."""
    assert len(problems(tmp_path, '[[subscription]]\nto = "x"\n[[subscription]]\nevents = ["y"]\n')) == 3


def test_all_mistakes_of_one_entry_are_told_at_once(tmp_path):
    """Each key by its own name."""
    told = problems(
        tmp_path,
        """
        [[subscription]]
        to = "console"
        events = ["licens"]
        include = ["/(a/", "ok"]
        quiet = "22:00-22:00 UTC"
        digest = "daily 07:30 Moon/Base"
        cap = "0 per 1h"
        """,
    )
    keys = [line.split("subscription 1: ")[1].split(":")[0] for line in told]
    assert keys == ["events", "include", "quiet", "digest", "cap"]


def test_a_bad_subscription_does_not_stop_the_others(tmp_path):
    """What can be used is, and a line tells of what cannot."""
    good, bad = '[[subscription]]\nto = "console"\n', '[[subscription]]\nto = "slak:C1"\n'
    loaded = read_subscriptions(write(tmp_path, f'{good}{bad}{good}topics = ["semis"]\nsubscriber = 1\n'))
    assert [s.topics for s in loaded.subscriptions] == [{Topic.CHIP_EXPORT}]
    assert ["subscription 2: to" in loaded.problems[0], "unknown key 'subscriber'" in loaded.problems[1]] == [True] * 2


def test_a_file_that_cannot_be_read(tmp_path):
    """Missing, or not text: one line with the file's name."""
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load_subscriptions(tmp_path / "nowhere.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_subscriptions(bad)


def test_a_file_as_an_editor_on_windows_writes_it(tmp_path):
    """A byte order mark in front does not matter."""
    path = tmp_path / "subscriptions.toml"
    path.write_bytes(b'\xef\xbb\xbf[[subscription]]\r\nto = "console"\r\n')
    assert [str(s.to) for s in load_subscriptions(path)] == ["console"]


def test_the_same_wishes_have_the_same_id():
    """Reading a file twice adds nothing; other wishes or another origin are another subscription."""
    console = Destination.parse("console")
    one = make_subscription(console, tickers=["NVDA", "TSM"], origin="file")
    assert one.id == make_subscription(console, tickers=["TSM", "NVDA"], origin="file").id
    assert one.id != make_subscription(console, tickers=["TSM"], origin="file").id
    assert one.id != make_subscription(console, tickers=["NVDA", "TSM"], origin="command").id
    worded = make_subscription(console, include=["a", "b"], origin="file")
    assert worded.id == make_subscription(console, include=["b", "a", "b"], origin="file").id
    others = [
        make_subscription(console, origin="file"),
        worded,
        make_subscription(console, exclude=["a", "b"], origin="file"),
        make_subscription(console, statuses=[Status.DENIED], origin="file"),
        make_subscription(console, tiers=[Tier.WIRE], origin="file"),
        make_subscription(console, cap=Cap(1, timedelta(hours=1)), origin="file"),
        make_subscription(console, delay=Delay(press=timedelta(hours=1)), origin="file"),
        make_subscription(console, quiet=QuietHours(time(1), time(2), "UTC"), origin="file"),
        make_subscription(console, quiet=QuietHours(time(1), time(2), "UTC", flash_breaks=False), origin="file"),
        make_subscription(console, digest=DigestPlan(Every.HOUR), origin="file"),
        make_subscription(console, digest=DigestPlan(Every.DAY), origin="file"),
    ]
    assert len({s.id for s in others}) == len(others)


def test_ids_of_before_stay():
    """An id that was shown once is the id for ever, or a restart would add what is there."""
    console = Destination.parse("console")
    assert make_subscription(console, origin="file").id == "29bd43c9"
    full = make_subscription(
        console, topics=list(Topic), tickers=["TSM"], events=[Event.TARIFF], min_urgency=Urgency.FLASH, origin="chat"
    )
    assert full.id == "a6002555"


def test_a_platform_without_its_token_is_refused():
    """A subscription that could never be served is a mistake at the start, not silence later."""
    settings = load_settings({}, env_file=None)
    slack = make_subscription(Destination.parse("slack:C1"), origin="file")
    with pytest.raises(ConfigError, match=r"wishes: slack:C1 needs SLACK_BOT_TOKEN"):
        check_tokens([slack], settings, "wishes")
    check_tokens([slack], load_settings({"SLACK_BOT_TOKEN": "xoxb-1"}, env_file=None), "wishes")


def test_settings_imply_subscriptions():
    """Channels in the settings get everything on chip export."""
    settings = load_settings(
        {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_CHANNELS": "C1, C2",
            "TELEGRAM_BOT_TOKEN": "1:a",
            "TELEGRAM_CHATS": "@news",
        },
        env_file=None,
    )
    assert [str(s.to) for s in implied_subscriptions(settings)] == ["slack:C1", "slack:C2", "telegram:@news"]


minutes = st.times().map(lambda t: t.replace(second=0, microsecond=0))
zones = st.sampled_from(["UTC", "Europe/London", "Asia/Tokyo"])
words = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12).map(str.strip)
entries = st.lists(words.filter(lambda w: w and not w.startswith("/")) | st.just('/li"cen[cs]e\\\\d/'), max_size=3)
digests = st.one_of(
    st.builds(DigestPlan, st.just(Every.HOUR), minutes.map(lambda t: time(0, t.minute)), zone=zones),
    st.builds(DigestPlan, st.just(Every.WEEK), minutes, st.integers(0, 6), zones, flash_breaks=st.booleans()),
    st.builds(DigestPlan, st.just(Every.CLOSE), market=st.sampled_from(sorted(MARKETS)), flash_breaks=st.booleans()),
)
subscriptions = st.builds(
    make_subscription,
    st.sampled_from(["console", "slack:C1", "telegram:-1001:7", 'webhook:https://a.example/"b"\\c']).map(
        Destination.parse
    ),
    topics=st.sets(st.sampled_from(Topic), min_size=1),
    tickers=st.sets(st.sampled_from(["NVDA", "0700.HK"])),
    events=st.sets(st.sampled_from(Event)),
    statuses=st.sets(st.sampled_from(Status)),
    tiers=st.sets(st.sampled_from(Tier)),
    include=entries,
    exclude=entries.map(lambda found: [f"not {word}" for word in found if not word.startswith("/")]),
    min_urgency=st.sampled_from(Urgency),
    quiet=st.none() | st.builds(QuietHours, minutes, minutes, zones, st.booleans()).filter(lambda q: q.start != q.end),
    digest=st.none() | digests,
    cap=st.none() | st.builds(Cap, st.integers(1, 99), st.integers(1, 999).map(lambda m: timedelta(minutes=m))),
    delay=st.none() | st.builds(Delay, wire=st.integers(1, 999).map(lambda m: timedelta(minutes=m))),
    origin=st.just("file"),
)


@not_timed
@given(st.lists(subscriptions, max_size=4))
def test_what_is_written_is_read_again(tmp_path_factory, found):
    """A file of subscriptions says all there is to say of them, whatever words they hold."""
    path = tmp_path_factory.getbasetemp() / "written.toml"
    path.write_text(to_toml(found), encoding="utf-8", newline="")
    assert list(load_subscriptions(path)) == found


@not_timed
@given(subscriptions)
def test_an_entry_has_only_known_keys(found):
    """And what is the default is left out."""
    entry = as_entry(found)
    assert set(entry) <= set(KEYS)
    assert parse_subscription(entry, origin="file") == found
    assert set(as_entry(make_subscription(found.to, origin="file"))) == {"to", "topics"}
