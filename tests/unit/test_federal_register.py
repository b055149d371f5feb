"""The Federal Register's two lists, and the clock they keep."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import SourceSpec, Tier
from bot.errors import SourceError
from bot.http import PoliteClient
from bot.sources.eastern import is_business_day
from bot.sources.federal_register import FederalRegister, query_url
from bot.sources.federal_register_document import headline_of, shown_url, summary_of
from bot.sources.federal_register_inspection import FederalRegisterInspection, uncached
from tests.fakes.clock import FakeClock
from tests.fakes.feedserver import DOCUMENTS, INSPECTION, Canned, FeedServer

MONDAY_NOON_ET = datetime(2026, 11, 2, 17, tzinfo=UTC)
FILED = datetime(2026, 11, 2, 21, 15, tzinfo=UTC)
MINUTE = timedelta(seconds=60)


@pytest.fixture
def server():
    with FeedServer() as server:
        yield server


@pytest.fixture
async def http():
    # The same limit as for the real site would only slow the tests.
    async with PoliteClient(contact="desk@example.com") as http:
        yield http


def inspection(url: str, http: PoliteClient, now: datetime = MONDAY_NOON_ET, **options) -> FederalRegisterInspection:
    spec = SourceSpec(
        "fr", "federal_register_inspection", url, MINUTE, "Federal Register", Tier.PRIMARY, options=options
    )
    return FederalRegisterInspection(spec, http, FakeClock(now))


def documents(url: str, http: PoliteClient, **options) -> FederalRegister:
    spec = SourceSpec("frd", "federal_register", url, MINUTE, "Federal Register", Tier.PRIMARY, options=options)
    return FederalRegister(spec, http, FakeClock(MONDAY_NOON_ET))


# ── public inspection ──


async def test_a_filed_document_becomes_a_headline(server, http):
    """Agency, kind and title; the filing time, never the future publication date; the number as document."""
    number = server.inspect("Additions to the Entity List", filed=FILED)
    (item,) = (await inspection(server.inspection_url, http).fetch({})).items
    assert item.headline == "BIS rule: Additions to the Entity List"
    assert item.guid == item.document == number
    assert item.published_at == item.event_at == FILED
    assert item.publisher == "Federal Register"
    assert server.asked[-1].query["_"] == [str(int(MONDAY_NOON_ET.timestamp() * 1000))]


async def test_other_agencies_are_passed_over(server, http):
    """The list is the whole government; ours are named anywhere among a document's agencies."""
    server.inspect("Crab Season", agency=("fisheries-service", "Fisheries Service"))
    server.inspect(
        "Imports of Chips",
        agencies=[{"slug": "commerce-department", "name": "Commerce"}, {"slug": "industry-and-security-bureau"}],
    )
    batch = await inspection(server.inspection_url, http).fetch({})
    assert [item.headline for item in batch.items] == ["BIS rule: Imports of Chips"]
    batch = await inspection(server.inspection_url, http, agencies=("fisheries-service",)).fetch({})
    assert [item.headline for item in batch.items] == ["Fisheries Service rule: Crab Season"]


async def test_a_withdrawal_is_told(server, http):
    """An editorial note of withdrawal brings an item of its own for the same document, once; other notes do not."""
    number = server.inspect("Additions to the Entity List")
    other = server.inspect("Other Rule", editorial_note="The filing time was corrected.")
    source = inspection(server.inspection_url, http)
    first = await source.fetch({})
    assert [item.guid for item in first.items] == [other, number]
    server.withdraw(number)
    second = await source.fetch(first.cursor)
    (told,) = [item for item in second.items if item.guid not in {number, other}]
    assert told.guid == f"{number}#withdrawn"
    assert told.headline == "Withdrawn from public inspection: BIS rule: Additions to the Entity List"
    assert (told.document, told.url) == (number, first.items[1].url)
    assert (told.published_at, told.event_at) == (None, None)
    assert told.summary == "This document was withdrawn by the agency before publication."
    assert (await source.fetch(second.cursor)).not_modified


async def test_a_withdrawn_document_with_a_very_long_title_stays_a_headline(server, http):
    """The words before the title never push a headline over its limit."""
    number = server.inspect("Additions " * 100)
    server.withdraw(number)
    batch = await inspection(server.inspection_url, http).fetch({})
    assert [len(item.headline) <= 500 for item in batch.items] == [True, True]


async def test_counters_do_not_make_the_list_new(server, http):
    """Page views change all day; the same documents are not modified."""
    server.inspect("Additions to the Entity List")
    source = inspection(server.inspection_url, http)
    first = await source.fetch({})
    server._inspected[0]["page_views"] = {"count": 99}
    assert (await source.fetch(first.cursor)).not_modified


async def test_yesterdays_list_carried_over_brings_the_same_documents(server, http):
    """Before 08:45 ET yesterday's list stands there again: the same numbers and times, so nobody is told."""
    number = server.inspect("Additions to the Entity List", filed=FILED)
    early = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)  # 06:00 ET
    (item,) = (await inspection(server.inspection_url, http, early).fetch({})).items
    assert (item.guid, item.published_at) == (number, FILED)


async def test_an_empty_list_is_a_fault_only_when_the_office_works(server, http):
    """Empty before 08:45, on weekends, or with an announcement; a fault at noon on a Monday."""
    cursor = {"url": server.inspection_url, "filled": True}
    with pytest.raises(SourceError, match="0 items"):
        await inspection(server.inspection_url, http).fetch(cursor)
    early = datetime(2026, 11, 3, 11, 0, tzinfo=UTC)
    assert (await inspection(server.inspection_url, http, early).fetch(cursor)).items == ()
    sunday = datetime(2026, 11, 1, 17, tzinfo=UTC)
    assert (await inspection(server.inspection_url, http, sunday).fetch(cursor)).items == ()
    notice = {"count": 0, "meta": {"pil_unavailability_message": "closed for the storm"}, "results": []}
    server.answer(INSPECTION, Canned(body=json.dumps(notice).encode()))
    batch = await inspection(server.inspection_url, http).fetch(cursor)
    assert batch.cursor["filled"] is True


def test_the_pace_follows_the_filing_times():
    """15 s in the three minutes after a filing time, never past the next one, the set pace otherwise."""
    source = inspection("https://www.federalregister.gov/x", PoliteClient())

    def at(hour: int, minute: int, second: int = 0, day: int = 2) -> float:
        return source.interval(datetime(2026, 11, day, hour + 5, minute, second, tzinfo=UTC)).total_seconds()

    assert at(8, 45) == at(8, 47, 59) == at(11, 16) == at(18, 2) == 15
    assert at(8, 48) == at(12, 0) == 60
    assert at(8, 44, 40) == 20
    assert at(8, 44, 59) == 1
    assert at(8, 46, day=1) == 60  # Sunday
    assert at(8, 46, day=11) == 60  # Veterans Day


# ── published documents ──


async def test_a_published_document_has_the_same_headline_and_document(server, http):
    """The text of record joins the story that public inspection began; its day is no publication time."""
    server.publish_document("Additions to the Entity List", day="2026-11-04", number="2026-29999")
    (item,) = (await documents(server.documents_url, http).fetch({})).items
    assert item.headline == "BIS rule: Additions to the Entity List"
    assert item.document == "2026-29999"
    assert item.published_at is None
    assert item.event_at == datetime(2026, 11, 4, 5, tzinfo=UTC)


async def test_signing_is_the_event_of_a_presidential_document(server, http):
    """Where there is a signing date it is when the thing happened."""
    server.publish_document(
        "Adjusting Imports of Semiconductors",
        agency=("executive-office-of-the-president", "Executive Office of the President"),
        kind="Presidential Document",
        subtype="Proclamation",
        signing_date="2026-11-01",
    )
    (item,) = (await documents(server.documents_url, http).fetch({})).items
    assert item.headline == "White House proclamation: Adjusting Imports of Semiconductors"
    assert item.event_at == datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnight, still in summer time


async def test_an_answer_without_results_is_an_empty_list(server, http):
    """The API leaves the key out; that is empty at first and a fault once the list was filled."""
    source = documents(server.documents_url, http)
    empty = await source.fetch({})
    assert empty.items == ()
    with pytest.raises(SourceError, match="0 items"):
        await source.fetch({**empty.cursor, "filled": True})


async def test_documents_of_other_agencies_mean_that_the_condition_was_ignored(server, http):
    """An unknown slug is ignored by the API in silence; here it is a fault."""
    server.publish_document("Crab Season", agency=("fisheries-service", "Fisheries Service"))
    with pytest.raises(SourceError, match="none of its 1 documents"):
        await documents(server.documents_url, http).fetch({})


async def test_the_query_asks_for_the_newest_of_its_agencies(server, http):
    """Conditions, order, fields and the cache breaker; what the URL already says stays."""
    server.publish_document("Additions to the Entity List")
    source = documents(server.documents_url + "?per_page=20", http, types=("RULE",), term="chips")
    await source.fetch({})
    query = server.asked[-1].query
    assert "industry-and-security-bureau" in query["conditions[agencies][]"]
    assert query["conditions[type][]"] == ["RULE"]
    assert query["conditions[term]"] == ["chips"]
    assert query["order"] == ["newest"]
    assert query["per_page"] == ["20"]
    assert "signing_date" in query["fields[]"]
    assert "&_=" not in query_url(source.spec)


@pytest.mark.parametrize("path", [INSPECTION, DOCUMENTS])
@pytest.mark.parametrize(
    ("body", "why", "blocked"),
    [
        (b"<!DOCTYPE html><html></html>", "answers HTML, not JSON", True),
        (b'{"results": [', "broken JSON", False),
        (b"[" * 100_000, "broken JSON", False),
        (b'{"errors": {"per_page": "too large"}}', "not a list of documents", False),
        (b"[1, 2]", "not a list of documents", False),
        (b'{"results": {"0": 1}}', "not a list of documents", False),
    ],
)
async def test_another_shape_is_a_plain_failure(server, http, path, body, why, blocked):
    """Web pages are blocked; anything else is named."""
    server.answer(path, Canned(body=body))
    source = (inspection if path == INSPECTION else documents)(server.url(path), http)
    with pytest.raises(SourceError, match=why) as caught:
        await source.fetch({})
    assert caught.value.blocked is blocked


# ── rules ──


def test_headlines_of_documents():
    """Short agency, kind, title; the table of contents where there is no title; nothing without either."""
    bis = [{"slug": "commerce-department"}, {"slug": "industry-and-security-bureau"}]
    assert headline_of({"title": " A Rule ", "type": "Proposed Rule", "agencies": bis}) == "BIS proposed rule: A Rule"
    assert headline_of({"toc_subject": "Entity List:", "toc_doc": "Additions", "agencies": bis}) == (
        "BIS document: Entity List: Additions"
    )
    assert (
        headline_of({"title": "X", "type": "Presidential Document", "agencies": []}) == "Federal Register document: X"
    )
    assert headline_of({"title": None, "agencies": "?"}) == ""
    assert headline_of({"title": "T", "type": "Notice", "agencies": [{"slug": "x", "name": "Office X"}]}) == (
        "Office X notice: T"
    )


def test_links_and_summaries_of_documents():
    """The page before the PDF; the abstract before the table of contents, and that only where it adds something."""
    assert shown_url({"pdf_url": "https://x.example/1.pdf", "html_url": None}) == "https://x.example/1.pdf"
    assert shown_url({"html_url": "/documents/1"}) == "https://www.federalregister.gov/documents/1"
    assert shown_url({}) == ""
    assert summary_of({"abstract": "A", "toc_doc": "B"}) == "A"
    assert summary_of({"title": "The Whole Title", "toc_doc": "Whole"}) is None
    assert summary_of({"title": "T", "toc_subject": "Entity List", "toc_doc": "Additions"}) == "Entity List Additions"


def test_the_cache_breaker_is_set_once():
    """An old one is replaced, other parameters stay."""
    url = uncached("https://x.example/a?q=1&_=5", datetime(2026, 11, 2, tzinfo=UTC))
    assert url == "https://x.example/a?q=1&_=1793577600000"


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1), date(2026, 1, 19), date(2026, 2, 16), date(2026, 5, 25), date(2026, 6, 19), date(2026, 7, 3),
        date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25),
        date(2021, 12, 31), date(2026, 10, 31),
    ],
)  # fmt: skip
def test_federal_holidays_and_weekends_are_no_business_days(day):
    """Holidays as observed: Independence Day 2026 on the Friday before, New Year 2022 in 2021."""
    assert not is_business_day(day)


def test_ordinary_days_are_business_days():
    """Including the Monday after a Saturday holiday."""
    assert all(is_business_day(day) for day in (date(2026, 7, 6), date(2026, 11, 2), date(2026, 11, 27)))
