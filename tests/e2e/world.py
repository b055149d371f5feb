"""A world for the program: sources, Slack and Telegram on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.process import Chipwire
from tests.fakes.feedserver import FeedServer
from tests.fakes.slack_app import SlackApp
from tests.fakes.telegram import Chat
from tests.fakes.telegram_updates import FakeTelegramChats

SLACK_CHANNEL = "C0123456789"
TELEGRAM_CHAT = -1001234567890
READER = 77  # somebody's private chat


@dataclass(frozen=True)
class World:
    """Everything outside the program."""

    feeds: FeedServer
    slack: SlackApp
    telegram: FakeTelegramChats
    bot: Chipwire

    def slack_posts(self, headline: str) -> int:
        """How often a headline stands in the Slack channel."""
        return sum(headline in str(post) for post in self.slack.posts)

    def telegram_posts(self, headline: str) -> int:
        """How often a headline stands in the Telegram chat."""
        return sum(headline in str(message.get("text")) for message in self.telegram.messages)


@contextmanager
def open_world(folder: Path) -> Iterator[World]:
    """Five sources of five kinds, polled every second, and one channel on each platform."""
    with (
        FeedServer() as feeds,
        SlackApp(SLACK_CHANNEL) as slack,
        FakeTelegramChats(Chat(TELEGRAM_CHAT, "channel"), Chat(READER, "private")) as telegram,
    ):
        (folder / "sources.toml").write_text(
            "\n".join(
                f'[[source]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\ninterval_s = 1\n'
                f'publisher = "{publisher}"\ntier = "{tier}"\n'
                for name, kind, url, publisher, tier in (
                    ("wire-rss", "feed", feeds.rss_url, "Kite Wire", "wire"),
                    ("wire-atom", "feed", feeds.atom_url, "Kite Wire", "wire"),
                    ("filings", "edgar", feeds.edgar_url(), "SEC", "primary"),
                    ("inspection", "federal_register_inspection", feeds.inspection_url, "Federal Register", "primary"),
                    ("documents", "federal_register", feeds.documents_url, "Federal Register", "primary"),
                )
            )
        )
        bot = Chipwire(
            folder,
            CHIPWIRE_SOURCES=str(folder / "sources.toml"),
            CHIPWIRE_CONTACT="desk@example.com",
            SLACK_BOT_TOKEN=slack.token,
            SLACK_CHANNELS=SLACK_CHANNEL,
            SLACK_API_URL=slack.api_url,
            TELEGRAM_BOT_TOKEN=telegram.token,
            TELEGRAM_CHATS=str(TELEGRAM_CHAT),
            TELEGRAM_API_URL=telegram.url,
        )
        with bot:
            yield World(feeds, slack, telegram, bot)
