"""From bytes to entries: the dialects, the guards, the fall-back, and a hostile corpus."""

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.sources.feed import items_of
from bot.sources.feed_document import MAX_ENTRIES, Entry, NotAFeedError, guard, parse, parse_fast, parse_slow, resolve
from bot.sources.text import clean, shorten, without_publisher

SAMPLES = Path(__file__).parents[1] / "samples"
URL = "https://news.example/feeds/chips.xml"
ITEM = b"<item><title>Example Chip gets a licence</title><link>https://news.example/1</link></item>"


def rss(inner: bytes = ITEM, declaration: bytes = b'<?xml version="1.0"?>') -> bytes:
    return declaration + b'<rss version="2.0"><channel><title>Example</title>' + inner + b"</channel></rss>"


def read(body: bytes, content_type: str = ""):
    """Items of a body by the path that it would take, in this process."""
    entries = parse(body, content_type=content_type)
    return items_of(entries, base=URL, publisher="Example Daily")


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "index.rdf", "feed.json"])
def test_every_dialect_tells_the_same(name):
    """RSS, Atom, RDF and JSON Feed with the same two headlines give the same words, links and dates."""
    items = read((SAMPLES / name).read_bytes())
    assert [item.headline for item in items] == [
        "Example Chip & Sons cleared to ship 5,000 accelerators",
        "Ministry of Examples weighs curbs on wafer tools",
    ]
    assert [item.url for item in items] == ["https://news.example/chips/1", "https://news.example/chips/2?id=2"]
    assert [item.published_at for item in items] == [
        datetime(2026, 11, 2, 13, 0, tzinfo=UTC),
        datetime(2026, 11, 2, 4, 0, tzinfo=UTC),
    ]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "index.rdf"])
def test_both_parsers_agree(name):
    """What the fast parser is trusted with, the slow one reads alike."""
    body = guard((SAMPLES / name).read_bytes())
    fast = parse_fast(body)
    assert fast is not None
    slow = parse_slow(body)
    assert items_of(fast, base=URL, publisher="") == items_of(slow, base=URL, publisher="")


# ── titles, links, ids ──


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("&lt;b&gt;Chips&lt;/b&gt; rise", "Chips rise"),
        ("&amp;lt;b&amp;gt;Chips&amp;lt;/b&amp;gt; rise", "Chips rise"),
        ("<![CDATA[A &amp; <i>B</i>]]>", "A & B"),
        ("  two\n   lines\t ", "two lines"),
        ("margin &lt; 5% and &gt; 3%", "margin < 5% and > 3%"),
        ("Nvidia&amp;#8217;s H200", "Nvidia’s H200"),
        ("zero\u200bwidth \u202eand bidi", "zerowidth and bidi"),
    ],
)
def test_titles_are_plain_text(written, headline):
    """Entities are read however often they were escaped, markup and invisible marks go, white space folds."""
    title = f"<item><title>{written}</title><link>https://news.example/1</link></item>".encode()
    assert read(rss(title))[0].headline == headline


def test_the_publisher_of_an_aggregator_is_named_and_its_suffix_goes():
    """<source> names the entry's publisher, and " - Publisher" leaves the end of the title."""
    item = (
        b"<item><title>Example Chip gets a licence - Example Wire</title><link>https://news.example/1</link>"
        b"<source url='https://wire.example'>Example Wire</source></item>"
    )
    (found,) = read(rss(item))
    assert (found.headline, found.publisher) == ("Example Chip gets a licence", "Example Wire")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/chips/1", "https://news.example/chips/1"),
        ("2.html", "https://news.example/feeds/2.html"),
        ("//cdn.example/3", "https://cdn.example/3"),
        ("javascript:alert(1)", ""),
        ("ftp://news.example/4", ""),
        ("http://[broken", ""),
        ("", URL),
    ],
)
def test_links_are_resolved_against_the_final_url_and_only_web_addresses_stay(link, url):
    """Relative links follow RFC 3986; anything that is not http or https is no link."""
    assert resolve(URL, link) == url


def test_the_id_is_the_guid_else_the_link_else_a_hash_of_the_title():
    """Ids never depend on position or date; a fragment in them is kept."""
    entries = [
        Entry(id="tag:1#part", title="One", link="/1"),
        Entry(title="Two", link="/2"),
        Entry(title="Three", date="Mon, 02 Nov 2026 13:00:00 GMT"),
    ]
    first, second, third = items_of(entries, base=URL, publisher="")
    assert (first.guid, second.guid) == ("tag:1#part", "https://news.example/2")
    assert third == items_of([entries[2]], base=URL, publisher="")[0]
    assert third.url == ""
    assert len(third.guid) == 32


def test_a_permalink_guid_is_the_link_where_there_is_none():
    """RSS says that a guid is a permalink unless it says otherwise."""
    (item,) = read(rss(b"<item><title>T</title><guid>https://news.example/9</guid></item>"))
    assert item.url == "https://news.example/9"


def test_an_entry_without_a_title_speaks_through_its_text():
    """Microblogs have no titles."""
    (item,) = read(rss(b"<item><link>https://news.example/1</link><description>Chips, now.</description></item>"))
    assert item.headline == "Chips, now."
    assert item.summary is None


def test_atom_prefers_the_alternate_link_wherever_it_stands():
    """rel="self" is the entry's own document, not the article."""
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>T</title><link rel="self" href="/s"/>'
        b'<link href="/a"/><updated>2026-11-02T13:00:00Z</updated></entry></feed>'
    )
    assert read(body)[0].url == "https://news.example/a"


def test_xml_base_is_honoured():
    """Relative links under xml:base go to the slow parser, which knows it."""
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/"><entry><id>1</id>'
        b'<title>T</title><link href="a"/><updated>2026-11-02T13:00:00Z</updated></entry></feed>'
    )
    assert parse_fast(guard(body)) is None
    assert read(body)[0].url == "https://other.example/x/a"


def test_xhtml_titles_are_read():
    """A title of type xhtml, which the fast parser takes as empty, falls back."""
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title type="xhtml">'
        b'<div xmlns="http://www.w3.org/1999/xhtml">Chips <b>rise</b> again</div></title><link href="/a"/></entry>'
        b"</feed>"
    )
    assert read(body)[0].headline == "Chips rise again"


def test_at_most_500_entries_are_read():
    """A feed with its whole archive in it gives its first 500."""
    many = b"".join(b"<item><title>T%d</title><link>/%d</link></item>" % (n, n) for n in range(800))
    assert len(read(rss(many))) == MAX_ENTRIES


# ── charsets ──


@pytest.mark.parametrize(
    ("encode", "content_type"),
    [
        (lambda t: t.encode("utf-16"), ""),
        (lambda t: t.encode("utf-32"), ""),
        (lambda t: t.replace("utf-8", "utf-16").encode("utf-16-le"), ""),
        (lambda t: b"\xef\xbb\xbf" + t.encode(), ""),
        (lambda t: b"\r\n\n" * 11_000 + t.encode(), ""),
        (lambda t: t.replace("utf-8", "iso-8859-1").encode("iso-8859-1"), ""),
        (lambda t: t.replace("utf-8", "windows-1252").encode("cp1252"), "text/xml"),
        (lambda t: t.replace(' encoding="utf-8"', "").encode("iso-8859-1"), "text/xml; charset=iso-8859-1"),
    ],
    ids=["utf16", "utf32", "utf16le-no-bom", "bom", "blank-prolog", "latin1", "cp1252", "header-only"],
)
def test_charsets(encode, content_type):
    """The same words arrive whatever charset they are written in, wherever it is declared."""
    text = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>Zölle auf Chips</title>'
        "<link>https://news.example/1</link></item></channel></rss>"
    )
    assert read(encode(text), content_type)[0].headline == "Zölle auf Chips"


def test_a_wrong_declaration_still_gives_the_words():
    """Latin-1 bytes declared as UTF-8 are not well-formed; the slow parser makes the best of them."""
    body = rss("<item><title>Zölle auf Chips</title><link>/1</link></item>".encode("iso-8859-1"))
    assert parse_fast(guard(body)) is None
    assert "lle auf Chips" in read(body)[0].headline


# ── what is refused ──


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html><body>Just a moment...</body></html>",
        b"\n\n<HTML><head><title>Log in</title></head></HTML>",
        b"<!-- edge --><html><body>blocked</body></html>",
        b"<html><body>subscribe: <rss></body></html>",
    ],
)
def test_a_web_page_is_named_as_one(page):
    """HTML in place of a feed is its own kind of failure, with the way out in its text."""
    with pytest.raises(NotAFeedError, match="answers HTML, not a feed: check the url") as caught:
        guard(page)
    assert caught.value.html


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "nothing"),
        (b"   \n", "nothing"),
        (gzip.compress(rss()), "gzip"),
        (b"just words", "not a feed"),
        (b"<opml version='2.0'><body/></opml>", "<opml>"),
        (b"<!--" + b"x" * 17_000 + b"-->" + rss(), "not a feed"),
        (
            b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + rss(b"<item><title>&b;</title></item>"),
            "entit",
        ),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(b"<item><title>&x;</title></item>"), "entit"),
        (rss(b"<item " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"></item>"), "tag of more than"),
        (rss(b"<item " + b" ".join(b'a%d=">"' % n for n in range(20_000)) + b"></item>"), "tag of more than"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": ', "broken JSON"),
        (b'{"error": "no"}', "not a JSON Feed"),
        (b"{" * 100_000, "broken JSON"),
        (b'{"a":' * 50_000, "broken JSON"),
    ],
)
def test_what_no_honest_feed_is_is_refused_at_once(body, why):
    """Bombs, stalls and other things are refused by name, without a parser's time."""
    started = time.perf_counter()
    with pytest.raises(NotAFeedError, match=why):
        parse(body)
    assert time.perf_counter() - started < 0.5


def test_a_long_text_without_markup_is_no_wide_tag():
    """20 KB of escaped or CDATA text between two tags is ordinary."""
    long = b"&lt;p&gt;words " * 2_000
    body = rss(b"<item><title>T</title><link>/1</link><description>" + long + b"</description></item>")
    assert len(read(body)) == 1
    body = rss(
        b"<item><title>T</title><link>/1</link><description><![CDATA[" + b"a " * 20_000 + b"]]></description></item>"
    )
    assert len(read(body)) == 1


# ── what is mended ──


@pytest.mark.parametrize(
    "body",
    [
        rss()[:-20],
        rss(ITEM + b"<item><title>cut in the mid"),
        b"<br />\n<b>Warning</b>: something in line 3<br />\n" + rss(),
        rss(ITEM.replace(b"a licence", b"a\x00 licence")),
        rss(ITEM.replace(b"gets", b"gets &nbsp;")),
        rss(ITEM.replace(b"<title>", b"<title foo:bar='1'>")),
        rss(ITEM, b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd">'),
        b'<r:rss xmlns:r="http://backend.userland.com/rss2">' + b"<channel>" + ITEM + b"</channel></r:rss>",
    ],
    ids=["cut-end", "cut-title", "php-warning", "nul", "nbsp", "prefix", "doctype", "namespaced-root"],
)
def test_damaged_feeds_still_give_their_headline(body):
    """What publishers get wrong every day costs the slow parser's time, not the news."""
    items = read(body)
    assert "Example Chip gets" in items[0].headline
    assert items[0].url == "https://news.example/1"


def test_a_sound_empty_feed_is_empty_not_broken():
    """No entries in a well-formed feed is an answer."""
    assert parse(rss(b"")) == []


PIECES = st.sampled_from(
    [
        b"<rss>", b"<channel>", b"<item>", b"<title>", b"</title>", b"</item>", b"<link>", b"<pubDate>", b"<rdf:RDF>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&amp;",
        b"&#0;", b"&#xD800;", b"\x00", b"\xff", b"http://[", b"{", b'"items":[', b"2026", b"xml:base='x'",
        b"<?xml version='1.0' encoding='utf-7'?>", b"<?xml version='1.0' encoding='nope'?>", b"<", b">", b"'", b'"',
        b" ",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=40).map(b"".join)))
@example(b"<rss><channel><item><title>&#xD800;</title><link>http://[</link></item></channel></rss>")
def test_any_bytes_give_items_or_a_plain_refusal(body):
    """The parser in the loop never raises anything else, and its items are valid."""
    try:
        entries = parse_fast(guard(body))
    except NotAFeedError:
        return
    for item in items_of(entries or [], base=URL, publisher="x"):
        assert item.guid
        assert item.headline
        assert item.url == "" or item.url.startswith(("http://", "https://"))


JSON_VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)


@given(st.dictionaries(st.sampled_from(["id", "title", "url", "date_published", "summary"]), JSON_VALUES, max_size=5))
def test_json_items_of_any_shape_do_not_raise(item):
    """Values of the wrong type in a JSON Feed are passed over."""
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item, None, 3]}).encode()
    assert len(items_of(parse_fast(body) or [], base=URL, publisher="")) <= 1


# ── text ──


@given(st.text(max_size=400), st.integers(20, 200))
def test_clean_text_is_one_line_within_its_limit(text, limit):
    """Whatever comes in, one line of at most the limit comes out."""
    found = clean(text, limit=limit)
    assert len(found) <= limit
    assert found == " ".join(found.split())
    found.encode()


def test_shortening_cuts_between_words():
    """The cut is at a word where there is one, and says that it is one."""
    assert shorten("alpha beta gamma delta", 17) == "alpha beta gamma…"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"
    assert shorten("short", 10) == "short"


def test_a_headline_that_is_only_the_publisher_stays():
    """The suffix goes only when words stand before it."""
    assert without_publisher("Chips rise | Example", "Example") == "Chips rise"
    assert without_publisher("Chips rise - Other", "Example") == "Chips rise - Other"
    assert without_publisher(" - Example", "Example") == " - Example"
