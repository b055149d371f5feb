"""What a process reads at its start: one wrong subscription stops no other, except where everything must be right."""

import pytest
import structlog

from bot.config import load_config
from bot.errors import ConfigError
from bot.settings import load_settings

GOOD = '[[subscription]]\nto = "console"\n'
WRONG = '[[subscription]]\nto = "slack:C1"\nevents = ["licens"]\n'
TOKENLESS = '[[subscription]]\nto = "slack:C1"\n'


@pytest.fixture
def settings_for(tmp_path):
    """Settings with this text as subscriptions.toml."""

    def make(text):
        path = tmp_path / "subscriptions.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings({"CHIPWIRE_SUBSCRIPTIONS": str(path), "CHIPWIRE_HOME": str(tmp_path)}, None)

    return make


def test_one_wrong_subscription_stops_no_other(settings_for):
    """The good ones are used, and each problem is told as an error with file, entry and key."""
    with structlog.testing.capture_logs() as logs:
        config = load_config(settings_for(WRONG + GOOD + WRONG))
    assert [str(s.to) for s in config.subscriptions] == ["console"]
    told = [(line["log_level"], line["problem"].partition("subscription ")[2]) for line in logs]
    assert [level for level, _ in told] == ["error", "error"]
    assert [text.partition(";")[0] for _, text in told] == [
        "1: events: unknown value 'licens'",
        "3: events: unknown value 'licens'",
    ]
    assert {line["event"] for line in logs} == {"subscription_refused"}


def test_with_no_good_subscription_all_problems_are_told(settings_for):
    """A file that would leave everybody without alerts is no start."""
    with pytest.raises(ConfigError) as caught:
        load_config(settings_for(WRONG + WRONG))
    assert len(str(caught.value).splitlines()) == 2


def test_an_empty_file_is_nobody(settings_for):
    """No subscription and no problem."""
    assert load_config(settings_for("")).subscriptions == ()


def test_an_examination_wants_everything_right(settings_for):
    """For `doctor` one wrong entry is a finding, although the bot would start."""
    with pytest.raises(ConfigError, match="subscription 2: events"):
        load_config(settings_for(GOOD + WRONG), strict=True)


def test_a_token_is_needed_only_to_send(settings_for):
    """A channel without its token is refused, except where nothing leaves the process."""
    with pytest.raises(ConfigError, match="slack:C1 needs SLACK_BOT_TOKEN"):
        load_config(settings_for(TOKENLESS + GOOD))
    assert len(load_config(settings_for(TOKENLESS + GOOD), sends=False).subscriptions) == 2
