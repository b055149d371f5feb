"""Whatever the words are, Telegram accepts the message; and it reads like a post in a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Amendment, Destination, Event, Mention, Receipt, Status, Story, Urgency
from bot.notifiers.base import PLAIN, Look, Quote
from bot.notifiers.card import amended_note, sent_note
from bot.notifiers.telegram.digest import digest_text, finished_digest
from bot.notifiers.telegram.markup import (
    MAX_CAPTION,
    MAX_ENTITIES,
    MAX_TEXT,
    MAYBE_ROOM,
    hashtag,
    plain_words,
    ticker_tag,
)
from bot.notifiers.telegram.post import amended_post, is_picture, number_of, post_of
from bot.notifiers.text import utf16_len
from bot.texts import LANGUAGES, texts_of
from tests.fakes.alerts import SEEN, make_alert, make_update
from tests.fakes.telegram_html import MAX_SOURCE, all_entities, parse_html, utf16
from tests.fakes.wild import alerts

HERE = Destination.parse("telegram:-1001")
QUOTES = {"NVDA": Quote(181.2, 2.1), "BABA": Quote(92.1, -0.3)}
looks = st.builds(
    Look,
    language=st.sampled_from(LANGUAGES),
    buttons=st.booleans(),
    preview=st.booleans(),
    picture=st.booleans(),
    quotes=st.sampled_from([{}, QUOTES]),
)


def story_of(alert, **changes):
    """The alert's story, with the given fields changed."""
    story = Story(
        slug=alert.story,
        event=alert.event,
        status=alert.status,
        urgency=alert.urgency,
        topics=alert.topics,
        first_headline_id=alert.headline_id,
        first_text=alert.text,
        latest_text=alert.text,
        fingerprints=frozenset(),
        companies=frozenset(),
        publishers=frozenset({"a"}),
        documents=frozenset(),
        count=1,
        created_at=SEEN,
        updated_at=SEEN + timedelta(minutes=18),
    )
    return replace(story, **changes)


def amendment_of(alert, *, message_id="7", **changes):
    """The alert was posted, and its story moved on."""
    return Amendment(HERE, alert, Receipt(message_id, "-1001", SEEN), story_of(alert, **changes))


def html_of(alert, look=PLAIN):
    """The post as it leaves."""
    post = post_of(alert, look)
    return post.with_note(sent_note(alert, SEEN, language=look.language)).text.html


def _squeezed(text):
    return " ".join(text.split())


def _assert_accepted(text, limit):
    seen, marked = parse_html(text.html)
    assert 0 < utf16(seen) <= limit
    assert 0 < utf16(text.plain) <= MAX_TEXT
    assert len(text.html.encode()) <= MAX_SOURCE
    assert len(all_entities(seen, marked)) <= MAX_ENTITIES
    link = [line for line in text.plain.split("\n") if line.startswith(("http://", "https://"))]
    without = "\n".join(line for line in text.plain.split("\n") if line not in link)
    assert seen == text.plain or _squeezed(seen) == _squeezed(without)


# ── whatever the words are ───────────────────────────────────────────────────────────────────────


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(alerts, looks, st.booleans())
def test_any_words_are_accepted(alert, look, maybe_sent):
    """Balanced, escaped, at most 4,096 units (1,024 under a picture) and 100 entities; the plain form says the same."""
    post = post_of(alert, look)
    post = post.with_note(sent_note(alert, SEEN, language=look.language), maybe_sent=maybe_sent)
    _assert_accepted(post.text, MAX_TEXT)
    assert (post.caption is not None) == (look.picture and alert.urgency is Urgency.FLASH)
    if post.caption is not None:
        _assert_accepted(post.caption, MAX_CAPTION)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(alerts, looks, st.sampled_from(Status), st.booleans())
def test_any_edited_words_are_accepted(alert, look, status, pictured):
    """An edit keeps the same limits; a picture's words are a caption, whatever the wish is by now."""
    amendment = amendment_of(alert, status=status, count=40, message_id="7p" if pictured else "7")
    post = amended_post(amendment, look).with_note(amended_note(amendment, language=look.language))
    _assert_accepted(post.text, MAX_TEXT)
    assert (post.caption is not None) == pictured
    if post.caption is not None:
        _assert_accepted(post.caption, MAX_CAPTION)


@pytest.mark.parametrize("noise", ["#a ", "$A ", "@abc ", "/do ", "a.com "])
@pytest.mark.parametrize("url", ["https://x.example/", ""])
def test_words_full_of_signs_make_no_more_entities_than_telegram_keeps(noise, url):
    """Where headlines and facts would fill the hundred, their signs are exchanged; the post's own tags stay."""
    alert = make_alert(text=noise * 250, url=url, facts=tuple(noise * 30 + str(n) for n in range(6)))
    seen, marked = parse_html(html_of(alert))
    found = all_entities(seen, marked)
    assert len(found) <= MAX_ENTITIES
    assert [e["type"] for e in found if e["type"] == "cashtag"][:2] == ["cashtag"] * 2
    assert found[-1]["type"] == "italic"
    digest = [alert] * 40
    seen, marked = parse_html(finished_digest(digest_text(digest), digest, SEEN, maybe_sent=True).html)
    assert len(all_entities(seen, marked)) <= MAX_ENTITIES


def test_ordinary_words_keep_their_signs():
    """A headline with a hashtag or two is told as it is."""
    html = html_of(make_alert(text="Nvidia & #AI: what $NVDA holders say on x.com", facts=("$5.4 billion",)))
    assert "Nvidia &amp; #AI: what $NVDA holders say on x.com" in html
    assert "$5.4 billion" in html


def test_too_much_is_told_in_short():
    """A card that would not fit is told with fewer companies, not refused."""
    crowd = tuple(Mention(f"{i}" + "😀" * 60, None, 1, primary=i % 2 == 0, role="😀" * 60) for i in range(40))
    text = post_of(make_alert(mentions=crowd, text="😀" * 900), PLAIN).text
    assert utf16(parse_html(text.html)[0]) <= MAX_TEXT
    assert "+ 16 more" in text.plain


def test_a_caption_is_whole_however_short():
    """What does not fit under a picture goes; the link, the companies, how sure it is and the source stay."""
    crowd = tuple(Mention(f"Company {i} " + "😀" * 40, None, 1) for i in range(30))
    alert = make_alert(
        mentions=(Mention("Nvidia", "NVDA", 1), *crowd), text="😀" * 900, publisher="😀" * 60, facts=("😀" * 60,) * 6
    )
    caption = post_of(alert, Look(picture=True)).caption
    assert caption is not None
    assert alert.url.partition("?")[0] in caption.html
    for words in ("FLASH", "▲ $NVDA", "+ 29 more", "#ImportRule · reported, not confirmed", "press", "seen 14:02:13"):
        assert words in caption.plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_warning_of_a_resend_has_room(language):
    """In every language."""
    assert utf16_len(texts_of(language).say("card.maybe_sent")) <= MAYBE_ROOM


# ── what a reader sees ───────────────────────────────────────────────────────────────────────────


def test_a_post_reads_from_the_top():
    """How loud, which tickers and which way; the headline; what it is; who else; the figures; who says so; when."""
    assert html_of(make_alert()).split("\n") == [
        "<b>🔴 FLASH</b> ▲ $NVDA ▲ $BABA · ▼ Huawei",
        (
            '<a href="https://news.example.com/chips/h200-permits?id=7&amp;lang=en">'
            "<b>Beijing said to weigh letting Alibaba buy Nvidia's H200, shares jump</b></a>"
        ),
        "#ImportRule · reported, not confirmed",
        "Exposed (inferred): ▲ $TSM foundry, ▲ $MU memory",
        "H200 · 200,000 chips",
        "Example Wire · press",
        "<i>published 14:02:11 UTC · seen 14:02:13 (+2.1 s) · sent 14:02:13 (+0.00 s)</i>",
    ]


def test_telegram_finds_the_tags():
    """Tickers and the event are tags that a reader can tap; nothing in the headline's link is."""
    mentions = (Mention("Nvidia", "NVDA", 1), Mention("Samsung", "005930.KS", -1), Mention("SK Hynix", "000660.KS"))
    text = post_of(make_alert(mentions=mentions, text="Nvidia $AMD #chips"), PLAIN).text
    seen, marked = parse_html(text.html)
    tags = [
        seen.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
        for e in all_entities(seen, marked)
        if e["type"] in {"cashtag", "hashtag"}
    ]
    assert tags == ["$NVDA", "#005930KS", "#000660KS", "#ImportRule"]


@pytest.mark.parametrize(
    ("ticker", "tag"),
    [("NVDA", "$NVDA"), ("F", "$F"), ("BRK.B", "#BRKB"), ("005930.KS", "#005930KS"), ("2330.TW", "#2330TW"),
     ("ABCDEFGHI", "#ABCDEFGHI"), ("6857", "6857"), ("腾讯", "#腾讯"), ("…", "…"), ("nvda", "#nvda")],
)  # fmt: skip
def test_tags_of_tickers(ticker, tag):
    """A cashtag where Telegram makes one, else a hashtag, else the name alone."""
    assert ticker_tag(ticker) == tag


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", Event)
def test_every_event_has_a_hashtag(event, language):
    """One tag, in the reader's language, that Telegram finds whole."""
    words = post_of(make_alert(event=event), Look(language=language)).text.plain.split("\n")[3]
    tag = words.partition(" ")[0]
    assert [e["length"] for e in all_entities(words, []) if e["type"] == "hashtag"] == [len(tag)]


def test_hashtags_are_one_word():
    """Each word begins large; what has no letter is no tag."""
    assert hashtag("supply and demand") == "#SupplyAndDemand"
    assert hashtag("Entity List") == "#EntityList"
    assert hashtag("出口 管制") == "#出口管制"
    assert hashtag("1 2") == ""


def test_the_headline_is_the_link():
    """Markup in the words stays words, and the address is an attribute."""
    html = html_of(make_alert(text='Nvidia <b>& "AMD"</b>', url='https://x.example/?a=1&b="2"'))
    assert '<a href="https://x.example/?a=1&amp;b=%222%22"><b>Nvidia &lt;b&gt;&amp; "AMD"&lt;/b&gt;</b></a>' in html
    seen, entities = parse_html(html)
    assert 'Nvidia <b>& "AMD"</b>' in seen
    assert [e["url"] for e in entities if e["type"] == "text_link"] == ["https://x.example/?a=1&b=%222%22"]


def test_prices_stand_beside_their_tickers():
    """Where they are known, and the tickers then keep apart."""
    html = html_of(make_alert(), Look(quotes=QUOTES))
    assert html.startswith("<b>🔴 FLASH</b> ▲ $NVDA 181.20 +2.1\u00a0% · ▲ $BABA 92.10 -0.3\u00a0% · ▼ Huawei\n")


def test_a_resend_warns_first():
    """What may be there already says so in its first line."""
    text = post_of(make_update(), PLAIN).with_note("", maybe_sent=True).text
    assert text.html.startswith("<i>(may have been sent before)</i>\n<b>🔴 FLASH · UPDATE</b> ▲ $NVDA")
    assert text.plain.startswith("(may have been sent before)\n🔴 FLASH · UPDATE ▲ $NVDA")
    assert "\n<b>Update: was reported, now confirmed</b>\n" in text.html


def test_a_denial_strikes_the_headline_out():
    """Loud at the top, the words that no longer hold struck out, and what was said before."""
    amendment = amendment_of(make_alert(), status=Status.DENIED, publishers=frozenset("abcdefg"), count=9)
    html = amended_post(amendment, PLAIN).with_note(amended_note(amendment)).text.html
    lines = html.split("\n")
    assert lines[0] == "<b>⛔ FLASH · DENIED</b> • $NVDA • $BABA · Huawei"
    assert lines[1].endswith("><b><s>Beijing said to weigh letting Alibaba buy Nvidia's H200, shares jump</s></b></a>")
    assert lines[2:4] == ["#ImportRule · <b>DENIED</b>", "<b>Update: was reported, now DENIED</b>"]
    assert "Example Wire · press · ×7 publishers" in lines
    assert lines[-1].endswith(" · sent 14:02:13 (+0.00 s) · edited 14:20:13</i>")


def test_a_confirmation_strikes_nothing_out():
    """The words hold: only what is known of them changes."""
    html = amended_post(amendment_of(make_alert(), status=Status.CONFIRMED), PLAIN).text.html
    assert "<s>" not in html
    assert "<b>Update: was reported, now confirmed</b>" in html
    assert "#ImportRule · confirmed" in html


def test_the_same_story_is_edited_to_the_same_words():
    """So that an edit that changes nothing is known as one."""
    amendment = amendment_of(make_alert(), count=4)
    first, second = (amended_post(amendment, PLAIN).with_note(amended_note(amendment)) for _ in range(2))
    assert first == second


# ── receipts and notes ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("message_id", "number", "picture"),
    [("123", 123, False), ("123p", 123, True), ("", None, False), ("p", None, True), ("x1", None, False),
     ("²", None, False)],
)  # fmt: skip
def test_a_receipt_tells_a_picture_from_words(message_id, number, picture):
    """By a mark after the number; receipts from before there were pictures have none."""
    assert (number_of(Receipt(message_id)), is_picture(Receipt(message_id))) == (number, picture)


@pytest.mark.parametrize("text", ["", " \n ", "a" * 9_000, "😀" * 9_000, "x" + "😀" * 9_000, "a\x00b\ncd"])
def test_notes_fit(text):
    """A note to a person keeps its lines and has something in it, but no more than a message may."""
    words = plain_words(text)
    assert 0 < utf16(words) <= MAX_TEXT
    assert words.encode()
    assert plain_words("a\x00b\n cd ") == "ab\ncd"
