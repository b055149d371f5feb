"""500 alerts to 20 destinations while a fifth of the calls fails in every way. ``python -m tests.faults`` sends each
alert to all of them."""

import pytest

from bot.notifiers.slack import SlackNotifier
from tests.faults.weather import WAYS, weather_out


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of warnings are due, and nobody reads them."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


async def test_what_fails_in_every_way_arrives(tmp_path):
    """Slack has each alert exactly once; Telegram misses nothing louder than a watch and repeats no watch in doubt;
    each delivery and each edit of a denied story has an end with a name in the ledger."""
    came = await weather_out(tmp_path, each=2)
    assert came.problems() == []
    assert len(came.alerts) == 500
    assert len({where for _, where in came.states}) == 20
    assert set(came.faults) == set(WAYS)
    assert min(came.faults.values()) > 0
    assert 0.15 < came.faults.total() / came.calls < 0.25
    assert came.edits["edited"] > 40


async def test_without_a_look_at_the_history_posts_would_be_doubled(tmp_path, monkeypatch):
    """That the test above can fail: a notifier that takes every doubt for a loss posts twice."""

    async def find_nothing(_notifier, _claim):
        return None

    monkeypatch.setattr(SlackNotifier, "find_sent", find_nothing)
    came = await weather_out(tmp_path, alerts=60, each=2)
    assert any(problem.startswith("not exactly once") for problem in came.problems())
