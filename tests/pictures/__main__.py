"""See the package."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import log
from tests.pictures import slack, telegram
from tests.pictures.camera import find, page, photograph
from tests.pictures.story import AT_ONCE, DAILY, Played, Seen, played

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def slack_card(story: Played) -> str:
    """A card as posted, its thread after the denial, and the flash that ends it."""
    first, denied, approved = (_after(story, words) for words in ("is said to weigh", "China denies", "approves first"))
    root, *replies = _thread(denied)
    flash = approved.slack[-1]
    thread = slack.message(root) + slack.rule(f"{len(replies)} replies") + "".join(map(slack.message, replies))
    note = f"replied to a thread: _{root['text'].replace('~', '')[:100]}…_"
    return page(
        slack.CSS,
        [
            [
                (
                    "06:20 · told 1.5 seconds after it was published",
                    slack.panel("# chip-alerts", slack.message(first.slack[0])),
                ),
                (
                    "two days later · a flash, and the thread goes on",
                    slack.panel("# chip-alerts", slack.message(flash, note=note)),
                ),
            ],
            [
                (
                    "12:45 · denied: the first card is struck out wherever it stands",
                    slack.panel("Thread", thread, small="# chip-alerts"),
                )
            ],
        ],
    )


def slack_chat(story: Played) -> str:
    """What somebody asks, and the App Home."""
    asked = story.answers
    talk = "".join(slack.answer(text, asked[text], "10:01") for text in ("help", "list", "mute NVDIA 1h"))
    home = f'<div class="home">{slack.blocks(asked["home"]["blocks"])}</div>'
    return page(
        slack.CSS,
        [
            [("/chips in a channel", slack.panel("# chip-alerts", talk))],
            [("App Home", slack.panel("Chipwire", home, small="Home   Messages   About"))],
        ],
    )


def telegram_channel(story: Played) -> str:
    """A denied alert and the answers to it, a flash with its picture, and a digest."""
    said = ("each want", "China denies", "approves first", "take effect")
    updated, denied, approved, last = (_after(story, words) for words in said)
    posted, struck = updated.telegram[AT_ONCE], denied.telegram[AT_ONCE][0]
    flash = approved.telegram[AT_ONCE][-1]
    digest = last.telegram[DAILY][0]

    def shown(*messages: Mapping[str, Any]) -> str:
        return "".join(telegram.post(m, story.pictures) for m in messages)

    channel = ("Chipwire", "@chipwire · public channel")
    return page(
        telegram.CSS,
        [
            [
                (
                    "06:20 · an alert, and an update that answers it",
                    telegram.panel(channel[0], shown(*posted), small=channel[1]),
                ),
                ("12:45 · the same alert after a denial", telegram.panel(channel[0], shown(struck), small=channel[1])),
            ],
            [
                (
                    "two days later · a flash with its picture",
                    telegram.panel(channel[0], shown(flash), small=channel[1]),
                ),
                (
                    "a channel that wants one message a day",
                    telegram.panel("Chipwire daily", shown(digest), small="@chipwire_daily"),
                ),
            ],
        ],
    )


def _after(story: Played, words: str) -> Seen:
    """What stood there after the headline with these words."""
    return next(seen for seen in story.stages if words in seen.headline)


def _thread(seen: Seen) -> list[dict[str, Any]]:
    first = seen.slack[0]
    return [post for post in seen.slack if post.get("thread_ts", post["ts"]) == first["ts"]]


def main() -> int:
    """Draw all pictures into a folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    log.configure(level="error")
    try:
        find()
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as home:
        story = asyncio.run(played(Path(home)))
    for name, html, width in (
        ("slack-card", slack_card(story), 1240),
        ("slack-chat", slack_chat(story), 1240),
        ("telegram-channel", telegram_channel(story), 1060),
    ):
        to = folder / f"{name}.png"
        photograph(html, to, width=width)
        print(f"{to}: {to.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
