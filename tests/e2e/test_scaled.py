"""Several processes on one PostgreSQL: each role has one owner, and another takes over when it dies."""

import contextlib
import socket

import pytest

from tests.e2e.news import NOISE, RELEVANT
from tests.e2e.process import Chipwire, eventually
from tests.fakes.postgres import find_server, fresh_database

NATS = ("127.0.0.1", 4222)


@pytest.fixture
def database():
    server = find_server()
    if server is None:
        pytest.skip("no PostgreSQL answers; set CHIPWIRE_TEST_POSTGRES")
    with fresh_database(server) as url:
        yield url


def nats_url():
    """The bus, where one runs; without it the sweeps carry the work."""
    with contextlib.suppress(OSError), socket.create_connection(NATS, timeout=1):
        return "nats://127.0.0.1:4222"
    return ""


def test_roles_in_processes_of_their_own_survive_the_death_of_one(world, database, tmp_path):
    """Poll, desk and dispatch run apart; the dispatcher is killed, a stand-by takes over, nothing is missing."""
    shared = world.bot.settings | {"CHIPWIRE_DATABASE_URL": database, "CHIPWIRE_NATS_URL": nats_url()}
    with contextlib.ExitStack() as running:
        bots = {}
        for name, roles in (
            ("poll", "poll"),
            ("desk", "desk"),
            ("dispatch", "dispatch"),
            ("standby", "dispatch"),
        ):
            home = tmp_path / name
            home.mkdir()
            bots[name] = running.enter_context(Chipwire(home, **shared, CHIPWIRE_LOG_LEVEL="debug"))
            bots[name].start("--roles", roles)
            if name == "dispatch":
                bots[name].until("role_owned", role="dispatch")
        for _ in range(5):
            bots["poll"].until("baseline")
        bots["standby"].until("standing_by", role="dispatch")
        bots["desk"].until("role_owned", role="desk")
        first, second = RELEVANT[:8], RELEVANT[8:]
        for headline in (*first, *NOISE[:4]):
            world.feeds.publish(headline)
        eventually(lambda: all(world.slack_posts(h) for h in first), what="the first half in Slack")
        bots["dispatch"].kill()
        for headline in second:
            world.feeds.publish(headline)
        bots["standby"].until("role_owned", role="dispatch", timeout=15)
        eventually(
            lambda: all(world.slack_posts(h) and world.telegram_posts(h) for h in RELEVANT),
            within=40,
            what="every headline in both places",
        )
        for name in ("poll", "desk", "standby"):
            assert bots[name].stop() == 0
    assert [world.slack_posts(h) for h in RELEVANT] == [1] * len(RELEVANT)
