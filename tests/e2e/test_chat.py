"""Asking for alerts in chat, getting them, and seeing them corrected: the real program, killed in between."""

import asyncio
import time

from tests.e2e.world import READER, SLACK_CHANNEL
from tests.fakes.slack_app import APP_TOKEN
from tests.fakes.slack_socket import FakeSocket
from tests.fakes.telegram_updates import Person

ADA = Person(READER)
CLAIM_URL = "https://kite-wire.example/claim"
CLAIM = "Beijing weighs letting Alibaba import Nvidia H200 chips, sources say"
DENIAL = "China denies report that it weighs letting Alibaba import Nvidia H200 chips"


async def seen(check, what, within_s=40):
    """Wait until ``check()`` is true, while the stand-in's own loop goes on."""
    deadline = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < deadline, f"{what} did not happen within {within_s} s"
        await asyncio.sleep(0.05)


async def test_subscribed_in_chat_told_and_corrected_through_a_kill(world):
    """A person in each place subscribes by a command, is told once, votes; after a SIGKILL the denial comes into the
    thread, and the card that stood there is struck out."""
    for name in ("SLACK_CHANNELS", "TELEGRAM_CHATS"):
        del world.bot.settings[name]
    world.bot.settings["SLACK_APP_TOKEN"] = APP_TOKEN
    async with FakeSocket(world.slack) as socket:
        world.bot.start()
        await seen(lambda: socket.opened == 1 and socket.connections, "the connection")
        await socket.deliver("slash_commands", world.slack.command("subscribe NVDA", channel=SLACK_CHANNEL))
        world.telegram.say(ADA, READER, "/subscribe NVDA")
        await seen(lambda: len(world.slack.answers) == 1 and said(world), "an answer in both places")
        assert "NVDA" in str(world.slack.answers)
        for _ in range(5):
            await asyncio.to_thread(world.bot.until, "baseline")
        before = len(world.telegram.messages)
        world.feeds.publish(CLAIM, url=CLAIM_URL)
        await seen(lambda: world.slack_posts(CLAIM) and world.telegram_posts(CLAIM), "the alert in both places")
        card = next(post for post in world.slack.posts if CLAIM in str(post))
        buttons = {e.get("action_id"): e for block in card["blocks"] for e in block.get("elements", ())}
        for _ in range(2):
            await socket.deliver("interactive", world.slack.press(buttons["useful"]["value"], channel=SLACK_CHANNEL))
        world.bot.kill()

        world.bot.start()
        await seen(lambda: socket.opened == 2 and socket.connections, "the connection")
        world.feeds.publish(DENIAL)
        await seen(lambda: world.slack_posts(DENIAL) and world.telegram_posts(DENIAL), "the denial in both places")
        await seen(lambda: "DENIED" in str(shown(world, card["ts"])), "the edit of the card in Slack")
        first = next(m for m in world.telegram.messages[before:] if CLAIM in str(m.get("text")))
        await seen(lambda: "DENIED" in str(current(world, first)), "the edit of the post in Telegram")
        answer = next(post for post in world.slack.posts if DENIAL in str(post))
        assert answer["thread_ts"] == card["ts"]
        assert sum(CLAIM in str(post.get("blocks")) for post in world.slack.posts) == 1, "the claim was posted once"
        assert await asyncio.to_thread(world.bot.stop) == 0
    why = world.bot.command("why", CLAIM_URL)
    assert why.returncode == 0, why.stderr
    assert why.stdout.count(b"sent") >= 2
    assert world.slack.complaints == socket.complaints == []


def said(world):
    """What the bot answered in the private chat."""
    return [m for m in world.telegram.messages if m["chat"]["id"] == READER]


def shown(world, ts):
    """A Slack message as it stands now."""
    return next(post for post in world.slack.posts if post["ts"] == ts)


def current(world, message):
    """A Telegram message as it stands now."""
    return world.telegram.chats[READER].messages[message["message_id"]]
