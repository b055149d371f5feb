"""subscriptions.toml and what settings imply: every mistake in one line that names file, entry and key."""

import pytest

from bot.domain import Destination, Event, Topic, Urgency
from bot.errors import ConfigError
from bot.settings import load_settings
from bot.subscriptions import check_tokens, implied_subscriptions, load_subscriptions, make_subscription


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
            min_urgency = "alert"
            """,
        )
    )
    assert str(found.to) == "telegram:-1001234:7"
    assert found.topics == set(Topic)
    assert found.tickers == {"NVDA", "TSM"}
    assert (found.events, found.min_urgency) == ({Event.LICENCE}, Urgency.ALERT)


def test_defaults(tmp_path):
    """A destination alone gets everything on chip export."""
    (found,) = load_subscriptions(write(tmp_path, '[[subscription]]\nto = "console"\n'))
    assert (found.topics, found.tickers, found.events) == ({Topic.CHIP_EXPORT}, frozenset(), frozenset())


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


def test_a_file_that_cannot_be_read(tmp_path):
    """Missing, or not text: one line with the file's name."""
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load_subscriptions(tmp_path / "nowhere.toml")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_subscriptions(bad)


def test_the_same_wishes_have_the_same_id():
    """Reading a file twice adds nothing; other wishes or another origin are another subscription."""
    console = Destination.parse("console")
    one = make_subscription(console, tickers=["NVDA", "TSM"], origin="file")
    assert one.id == make_subscription(console, tickers=["TSM", "NVDA"], origin="file").id
    assert one.id != make_subscription(console, tickers=["TSM"], origin="file").id
    assert one.id != make_subscription(console, tickers=["NVDA", "TSM"], origin="command").id


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
