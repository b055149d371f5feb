"""EDGAR's list of latest filings."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import SourceSpec, Tier
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.sources.edgar import Edgar
from bot.sources.edgar_filing import describe, tidy_name
from tests.fakes.clock import FakeClock
from tests.fakes.feedserver import EDGAR, Canned, FeedServer

MONDAY_NOON_ET = datetime(2026, 11, 2, 17, tzinfo=UTC)
NVIDIA, TSMC = 1045810, 1046179


@pytest.fixture
def server():
    with FeedServer() as server:
        yield server


@pytest.fixture
async def http():
    async with PoliteClient(contact="desk@example.com") as http:
        yield http


def edgar(url: str, http: PoliteClient, now: datetime = MONDAY_NOON_ET, **options) -> Edgar:
    spec = SourceSpec("sec", "edgar", url, timedelta(seconds=5), "SEC", Tier.PRIMARY, options=options)
    return Edgar(spec, http, FakeClock(now))


async def test_a_filing_becomes_a_headline(server, http):
    """Company, form and items in words; the acceptance time with its offset; the accession as document."""
    accepted = datetime(2026, 11, 2, 21, 21, 5, tzinfo=UTC)
    number = server.file("NVIDIA CORP", NVIDIA, accepted=accepted)
    (item,) = (await edgar(server.edgar_url(), http).fetch({})).items
    assert item.headline == "Nvidia files 8-K: other events (item 8.01)"
    assert item.guid == item.document == number
    assert item.published_at == item.event_at == accepted
    assert item.url.endswith(f"{number}-index.htm")
    assert item.summary == "Item 8.01: Other Events; Item 9.01: Financial Statements and Exhibits"


async def test_only_watched_companies_unless_all_are_wanted(server, http):
    """Others are dropped; ``ciks`` replaces the list; ``all`` lifts it."""
    server.file("NVIDIA CORP", NVIDIA)
    server.file("EXAMPLE SEMI CORP /DE/", 99)
    headlines = [i.headline for i in (await edgar(server.edgar_url(), http).fetch({})).items]
    assert headlines == ["Nvidia files 8-K: other events (item 8.01)"]
    headlines = [i.headline for i in (await edgar(server.edgar_url(), http, ciks=(99,)).fetch({})).items]
    assert headlines == ["Example Semi files 8-K: other events (item 8.01)"]
    assert len((await edgar(server.edgar_url(), http, all=True).fetch({})).items) == 2


async def test_the_type_is_a_prefix_and_only_the_form_and_its_amendment_count(server, http):
    """8-K12B and its kin are not 8-Ks."""
    server.file("NVIDIA CORP", NVIDIA, form="8-K12B")
    server.file("NVIDIA CORP", NVIDIA, form="8-K/A")
    items = (await edgar(server.edgar_url(), http).fetch({})).items
    assert [item.headline for item in items] == ["Nvidia files 8-K/A: other events (item 8.01)"]


async def test_a_filing_listed_for_each_party_is_one(server, http):
    """The same accession under two CIKs is one item, watched if either is."""
    number = server.file("NVIDIA CORP", NVIDIA, role="Subject")
    server.file("EXAMPLE HOLDINGS LLC", 99, accession=number, role="Filer")
    (item,) = (await edgar(server.edgar_url(), http).fetch({})).items
    assert item.headline.startswith("Nvidia files 8-K")


async def test_a_6k_has_no_items(server, http):
    """Foreign issuers' reports are named as such."""
    server.file("TAIWAN SEMICONDUCTOR MANUFACTURING CO LTD", TSMC, form="6-K", items={})
    (item,) = (await edgar(server.edgar_url("6-K"), http).fetch({})).items
    assert item.headline == "TSMC files 6-K: foreign issuer's report"


async def test_latin_1_names_arrive(server, http):
    """The list is ISO-8859-1 and says so."""
    server.file("Société d'Exemple S.A.", 99)
    (item,) = (await edgar(server.edgar_url(), http, all=True).fetch({})).items
    assert item.headline.startswith("Société d'Exemple files")


async def test_after_a_pause_the_pages_in_between_are_read(server, http):
    """When the first page holds nothing known, older pages follow until one does."""
    source = edgar(server.edgar_url(count=2), http, all=True)
    server.file("KNOWN CORP", 1)
    server.file("KNOWN CORP", 1)
    first = await source.fetch({})
    missed = [server.file("MISSED CORP", 2) for _ in range(5)]
    second = await source.fetch(first.cursor)
    assert set(missed) <= {item.guid for item in second.items}
    assert second.items[0].guid == missed[-1]
    third = await source.fetch(second.cursor)
    assert [item.guid for item in third.items] == missed[:-3:-1]  # the first page alone again


async def test_an_unchanged_list_is_not_modified(server, http):
    """EDGAR gives no validators; the same filings are known by their hash."""
    server.file("NVIDIA CORP", NVIDIA)
    source = edgar(server.edgar_url(), http)
    first = await source.fetch({})
    assert (await source.fetch(first.cursor)).not_modified


async def test_an_empty_list_is_a_fault_on_a_business_day_only(server, http):
    """At noon on a Monday something must be listed; on a Sunday night nothing need be."""
    cursor = {"url": server.edgar_url(), "filled": True}
    with pytest.raises(SourceError, match="0 items"):
        await edgar(server.edgar_url(), http).fetch(cursor)
    sunday = datetime(2026, 11, 1, 17, tzinfo=UTC)
    assert (await edgar(server.edgar_url(), http, sunday).fetch(cursor)).items == ()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><body>undeclared tool</body></html>", "answers HTML"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "broken XML"),
        (b"<rss><channel/></rss>", "not an Atom list"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>?</title></entry></feed>", "none of its 1 entries"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><feed/>", "entities"),
        (b"", "nothing"),
    ],
)
async def test_anything_else_is_a_plain_failure(server, http, body, why):
    """A changed shape is told, not taken as silence."""
    server.answer(EDGAR, Canned(body=body))
    with pytest.raises(SourceError, match=why):
        await edgar(server.edgar_url(), http).fetch({})


async def test_a_403_without_a_contact_says_what_to_set(server):
    """EDGAR turns away clients that name no e-mail; the operator reads which setting mends it."""
    server.answer(EDGAR, Canned(403))
    async with PoliteClient() as http:
        with pytest.raises(SourceError, match="set CHIPWIRE_CONTACT") as caught:
            await edgar(server.edgar_url(), http).fetch({})
    assert caught.value.blocked


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (MONDAY_NOON_ET, 5),
        (datetime(2026, 11, 3, 2, 59, tzinfo=UTC), 5),  # 21:59 ET
        (datetime(2026, 11, 3, 4, 0, tzinfo=UTC), 60),  # 23:00 ET
        (datetime(2026, 11, 1, 17, tzinfo=UTC), 60),  # Sunday
        (datetime(2026, 11, 26, 17, tzinfo=UTC), 60),  # Thanksgiving
    ],
)
def test_it_is_asked_less_while_edgar_takes_no_filings(now, seconds):
    """06:00 to 22:00 Eastern on business days at the set pace, otherwise at the quiet one where it is set."""
    source = edgar("https://www.sec.gov/x", PoliteClient(), quiet_interval_s=60)
    assert source.interval(now) == timedelta(seconds=seconds)
    assert edgar("https://www.sec.gov/x", PoliteClient()).interval(now) == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("conformed", "name"),
    [
        ("EXAMPLE SEMI CORP /DE/", "Example Semi"),
        ("Micron Example, Inc.", "Micron Example"),
        ("ABC HOLDINGS CO LTD", "ABC"),
        ("QRST INC", "QRST"),
        ("Inc", "Inc"),
    ],
)
def test_company_names_are_tidied(conformed, name):
    """State marks and legal forms go, capitals become words."""
    assert tidy_name(conformed) == name


def test_the_weightiest_items_come_first():
    """Exhibits are not news; at most three items are named, unknown ones in EDGAR's words."""
    items = [("9.01", "Exhibits"), ("5.07", "x"), ("2.02", "x"), ("8.01", "x"), ("6.06", "Something New")]
    assert describe("8-K", items) == (
        "other events (item 8.01); results of operations (item 2.02); result of a shareholder vote (item 5.07)"
    )
    assert describe("8-K", [("6.06", "Something New")]) == "Something New (item 6.06)"
    assert describe("8-K", [("9.01", "x")]) == "exhibits (item 9.01)"
    assert describe("8-K", []) == "current report"
    assert describe("S-1", []) == "filing"
