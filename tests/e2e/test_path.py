"""From source to phone: the real program against sources and platforms on loopback."""

import random
import time
from datetime import UTC, datetime, timedelta

from tests.e2e.news import BEFORE_START, NOISE, OLD, RELEVANT
from tests.e2e.process import eventually


def publish_all(world, headlines, *, every_s=0.15):
    """Publish in a shuffled, repeatable order; the feeds carry each of them in RSS and in Atom."""
    for headline in random.Random(7).sample(headlines, len(headlines)):
        world.feeds.publish(headline)
        time.sleep(every_s)


def started(world):
    """Start and wait until every source has its baseline."""
    world.bot.start()
    for _ in range(5):
        world.bot.until("baseline")


def arrived(world, headlines):
    return all(world.slack_posts(h) and world.telegram_posts(h) for h in headlines)


def test_every_relevant_headline_once_in_both_places_within_a_second(world):
    """30 headlines are published: each relevant one arrives once in Slack and once in Telegram, nothing else does."""
    for headline in BEFORE_START:
        world.feeds.publish(headline)
    world.feeds.inspect("Additions to the Entity List; filed before the start")
    started(world)
    world.feeds.publish(OLD[0], published=datetime.now(UTC) - timedelta(days=2))
    world.feeds.inspect("Additions to the Entity List: Entities Acquiring Advanced Computing Items")
    world.feeds.publish_document(
        "Order Temporarily Denying Export Privileges: Example Air Cargo LLC", day=f"{datetime.now(UTC):%Y-%m-%d}"
    )
    world.feeds.file("UNRELATED FOODS INC", 1234567)
    publish_all(world, [*RELEVANT, *NOISE[:11]])
    eventually(lambda: arrived(world, RELEVANT), what="delivery of every relevant headline")
    eventually(lambda: world.slack_posts("Acquiring Advanced Computing Items") == 1, what="the official document")
    time.sleep(1.5)  # one more round of polls: nothing may come twice
    assert world.bot.stop() == 0

    for headline in RELEVANT:
        assert (world.slack_posts(headline), world.telegram_posts(headline)) == (1, 1), headline
    for headline in (*NOISE, *OLD, *BEFORE_START, "filed before the start"):
        assert (world.slack_posts(headline), world.telegram_posts(headline)) == (0, 0), headline
    assert len(world.slack.posts) == len(world.telegram.messages) == len(RELEVANT) + 1
    assert world.slack.complaints == []
    took = sorted(line["seen_to_sent_ms"] for line in world.bot.logs if line["event"] == "sent")
    assert len(took) == 2 * (len(RELEVANT) + 1)
    p95 = took[round(0.95 * (len(took) - 1))]
    assert p95 <= 1_000, f"seen to sent: p95 {p95} ms of {took}"


def test_killed_every_few_seconds_nothing_is_missing(world):
    """SIGKILL again and again while headlines come in: every relevant one arrives; in Slack none of them twice."""
    started(world)
    headlines = [*RELEVANT, *NOISE]
    chance = random.Random(11)
    chance.shuffle(headlines)
    while headlines:
        for headline in headlines[:6]:
            world.feeds.publish(headline)
            time.sleep(chance.uniform(0.0, 0.4))
        del headlines[:6]
        time.sleep(chance.uniform(0.0, 1.2))
        world.bot.kill()
        world.bot.start()
        # The kill comes at any moment of a life: sometimes after the start, sometimes in the middle of the work.
        time.sleep(chance.uniform(2.5, 5.0))
    eventually(lambda: arrived(world, RELEVANT), within=60, what="delivery of every relevant headline")
    time.sleep(1.5)
    assert world.bot.stop() == 0
    for headline in RELEVANT:
        assert world.slack_posts(headline) == 1, headline
        assert world.telegram_posts(headline) >= 1, headline
    for headline in NOISE:
        assert (world.slack_posts(headline), world.telegram_posts(headline)) == (0, 0), headline
