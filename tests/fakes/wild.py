"""Alerts whose words may be anything: for properties of rendering."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.domain import Event, Mention, Outcome, Reason, Status, Tier, Topic, Urgency
from tests.fakes.alerts import make_alert

# What breaks markup, what calls people, what counts double, what goes the other way, what is half a character.
_NASTY = st.sampled_from(
    ["<b>", "</a>", "<!channel>", "<@U1>", "&amp;", "&", "<", ">", '"', "*", "_", "`", "|", "\n", "\x00", "\x1b[31m",
     "\u202e", "\ud800", "😀", "👩‍💻", "é", "半导体", "\u00a0", "&#0;", "<pre>", "]]>", "%s", "{}", "\u200b"]
)  # fmt: skip
words = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=60),
    st.lists(_NASTY, max_size=20).map("".join),
    st.builds(lambda piece, n: piece * n, _NASTY, st.integers(0, 6_000)),
)
urls = st.one_of(words, words.map(lambda w: "https://example.com/" + w), st.just("https://x.example/?" + "a&" * 900))
mentions = st.builds(
    Mention, company=words, ticker=st.none() | words, direction=st.integers(-1, 1), primary=st.booleans(),
    role=st.none() | words,
)  # fmt: skip
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone

alerts = st.builds(
    make_alert,
    outcome=st.sampled_from([Outcome.ALERT, Outcome.UPDATE]),
    reason=st.sampled_from(Reason),
    urgency=st.sampled_from(Urgency),
    topics=st.frozensets(st.sampled_from(Topic)),
    text=words,
    url=urls,
    source=words,
    publisher=words,
    tier=st.sampled_from(Tier),
    event=st.sampled_from(Event),
    status=st.sampled_from(Status),
    previous_status=st.none() | st.sampled_from(Status),
    mentions=st.lists(mentions, max_size=30).map(tuple),
    facts=st.lists(words, max_size=12).map(tuple),
    published_at=st.none() | moments,
    first_seen_at=moments,
    publishers=st.integers(1, 10_000),
)
