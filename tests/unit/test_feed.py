"""The feed adapter: validators, what is unchanged, what is a fault."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import SourceSpec, Tier
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.sources.feed import FeedSource
from bot.sources.feed_parser import FeedParser
from tests.fakes.feedserver import RSS, Canned, FeedServer

EMPTY = b'<rss version="2.0"><channel><title>x</title></channel></rss>'


@pytest.fixture
def server():
    with FeedServer() as server:
        yield server


@pytest.fixture
async def http():
    async with PoliteClient(contact="desk@example.com") as http:
        yield http


def source(url: str, http: PoliteClient, **options) -> FeedSource:
    spec = SourceSpec("example", "feed", url, timedelta(seconds=5), "Example", Tier.PRESS, options=options)
    return FeedSource(spec, http, FeedParser())


@pytest.mark.parametrize("dialect", ["rss_url", "atom_url", "rdf_url", "json_feed_url"])
async def test_each_dialect_is_polled_and_then_unchanged(server, http, dialect):
    """The first poll brings the headline, the second sends the validator and brings nothing."""
    when = datetime(2026, 11, 2, 13, tzinfo=UTC)
    server.publish("Example Chip gets a licence", url="https://news.example/1", published=when)
    feed = source(getattr(server, dialect), http)
    first = await feed.fetch({})
    (item,) = first.items
    assert (item.headline, item.url) == ("Example Chip gets a licence", "https://news.example/1")
    assert item.published_at == when
    second = await feed.fetch(first.cursor)
    assert second.not_modified
    assert second.items == ()
    assert server.asked[-1].headers["if-none-match"] == first.cursor["etag"]
    assert (await feed.fetch(second.cursor)).not_modified


async def test_new_items_come_with_the_old_ones(server, http):
    """A changed feed gives its whole list; the store knows which are new."""
    server.publish("One")
    feed = source(server.rss_url, http)
    first = await feed.fetch({})
    server.publish("Two")
    second = await feed.fetch(first.cursor)
    assert [item.headline for item in second.items] == ["Two", "One"]
    assert {item.guid for item in first.items} < {item.guid for item in second.items}


async def test_the_same_items_in_another_body_count_as_unchanged(server, http):
    """Servers without validators, and bodies that change around the items, cost the store nothing."""
    feed = source(server.rss_url, http)
    body = b"<rss version='2.0'><channel><!-- %d --><item><title>One</title><link>/1</link></item></channel></rss>"
    server.answer(RSS, Canned(body=body % 1), Canned(body=body % 2))
    first = await feed.fetch({})
    assert len(first.items) == 1
    assert (await feed.fetch(first.cursor)).not_modified


async def test_a_feed_that_turns_empty_is_a_fault_and_one_that_began_empty_is_not(server, http):
    """Empty is believed at first sight only."""
    feed = source(server.rss_url, http)
    server.answer(RSS, Canned(body=EMPTY))
    empty = await feed.fetch({})
    assert empty.items == ()
    await feed.fetch(empty.cursor)
    server.clear(RSS)
    server.publish("One")
    filled = await feed.fetch(empty.cursor)
    server.answer(RSS, Canned(body=EMPTY))
    with pytest.raises(SourceError, match="0 items") as caught:
        await feed.fetch(filled.cursor)
    assert caught.value.source == "example"


async def test_entries_without_any_words_are_a_fault(server, http):
    """A feed whose titles have moved elsewhere says so instead of falling silent."""
    server.answer(RSS, Canned(body=EMPTY.replace(b"</channel>", b"<item><link>/1</link></item></channel>")))
    feed = source(server.rss_url, http)
    with pytest.raises(SourceError, match="0 items: none of its 1 entries"):
        await feed.fetch({})
    feed.parser.close()


async def test_html_in_place_of_the_feed_is_blocked(server, http):
    """A challenge with status 200 is recognised by its body."""
    server.answer(RSS, Canned(headers={"Content-Type": "text/html"}, body=b"<!doctype html><html></html>"))
    with pytest.raises(SourceError, match="answers HTML, not a feed: check the url") as caught:
        await source(server.rss_url, http).fetch({})
    assert caught.value.blocked
    assert caught.value.source == "example"


async def test_a_cursor_of_another_url_is_not_used(server, http):
    """After the operator changes the URL, old validators and expectations do not count."""
    server.publish("One")
    cursor = {"url": "https://old.example/", "etag": '"x"', "filled": True, "digest": "0"}
    batch = await source(server.rss_url, http).fetch(cursor)
    assert len(batch.items) == 1
    assert "if-none-match" not in server.asked[-1].headers


async def test_the_sources_own_user_agent_is_sent(server, http):
    """A catalogue entry may introduce itself differently."""
    server.publish("One")
    feed = source(server.rss_url, http)
    await feed.fetch({})
    assert server.asked[-1].headers["user-agent"] == "Chipwire desk@example.com"
    spec = SourceSpec(
        "x", "feed", server.rss_url, timedelta(seconds=5), "X", Tier.PRESS, user_agent="FeedReader/1 desk@example.com"
    )
    await FeedSource(spec, http, FeedParser()).fetch({})
    assert server.asked[-1].headers["user-agent"] == "FeedReader/1 desk@example.com"


async def test_a_strangers_feed_may_not_reach_this_machine(server, http):
    """With public_only, loopback is refused before any request."""
    with pytest.raises(SourceError, match="not public") as caught:
        await source(server.rss_url, http, public_only=True).fetch({})
    assert caught.value.permanent
    assert server.asked == []


async def test_dates_without_a_zone_are_in_the_sources_zone(server, http):
    """The option timezone says what an undeclared wall clock means."""
    item = b"<item><title>One</title><link>/1</link><pubDate>2026-11-02 13:00:00</pubDate></item>"
    server.answer(RSS, Canned(body=EMPTY.replace(b"</channel>", item + b"</channel>")))
    batch = await source(server.rss_url, http, timezone="Asia/Seoul").fetch({})
    assert batch.items[0].published_at == datetime(2026, 11, 2, 4, tzinfo=UTC)
