"""EDGAR over loopback: a filing's own words reach the alert, and nothing about reading them delays or loses one."""

import asyncio
import time
from datetime import timedelta

import pytest

from bot.domain import RawItem, SourceSpec, Tier
from bot.http import PoliteClient
from bot.sources.edgar import Edgar
from bot.sources.edgar_reading import MAX_FILINGS
from tests.fakes.clock import FakeClock
from tests.fakes.feedserver import EDGAR, Canned, FeedServer

NVIDIA, TSMC = 1045810, 1046179
LISTED = "Nvidia files 8-K: other events (item 8.01)"
RULE = "On October 17, 2026, NVIDIA Corporation (the “Company”) was told of a new export rule. It took effect at once."
TOLD = "Nvidia 8-K, item 8.01: Nvidia was told of a new export rule"
RESULTS = {"2.02": "Results of Operations and Financial Condition", "9.01": "Financial Statements and Exhibits"}
POINTER = "On May 1, 2026, the Company issued a press release announcing its results for the first quarter."


@pytest.fixture
def server():
    with FeedServer() as server:
        yield server


class Desk:
    """Polls one list as the poller does, the cursor going from poll to poll."""

    def __init__(self, server, http, form="8-K", budget_s=3.0, **options):
        spec = SourceSpec(
            "sec", "edgar", server.edgar_url(form), timedelta(seconds=5), "SEC", Tier.PRIMARY, options=options
        )
        self.clock = FakeClock()
        self.source = Edgar(spec, http, self.clock, timedelta(seconds=budget_s))
        self.cursor = {}
        self.seen = set()

    async def poll(self, **later) -> list[RawItem]:
        """The items that the store would take as new."""
        self.clock.advance(**(later or {"seconds": 5}))
        batch = await self.source.fetch(self.cursor)
        self.cursor = batch.cursor
        new = [item for item in batch.items if item.guid not in self.seen]
        self.seen |= {item.guid for item in new}
        return new


@pytest.fixture
async def http():
    async with PoliteClient(contact="desk@example.com") as http:
        yield http


async def started(server, http, **options) -> Desk:
    desk = Desk(server, http, **options)
    await desk.poll()
    return desk


def archive_requests(server):
    return [asked.path for asked in server.asked if asked.path != EDGAR]


async def test_a_new_filing_is_told_in_its_own_words(server, http):
    """Index page, viewer link, inline XBRL: one poll, one item, with the telling sentence and a summary."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=f"{RULE}\n\nThis information is furnished, not filed.")
    (item,) = await desk.poll()
    assert item.headline == TOLD
    assert item.summary == RULE
    assert (item.guid, item.document) == (number, number)
    assert item.url.endswith("-index.htm")
    assert archive_requests(server) == [server.index_path(number), server.document_path(number)]
    assert await desk.poll() == []
    assert len(archive_requests(server)) == 2  # what was read is not read again


async def test_the_first_poll_reads_nothing(server, http):
    """What a list holds when it is first seen is a baseline, which nobody is told."""
    server.file("NVIDIA CORP", NVIDIA, text=RULE)
    desk = Desk(server, http)
    assert [item.headline for item in await desk.poll()] == [LISTED]
    assert await desk.poll() == []
    assert archive_requests(server) == []


async def test_a_list_that_was_empty_at_first_has_a_baseline_too(server, http):
    """The first filing after an empty list is new, and read."""
    desk = await started(server, http)
    server.file("NVIDIA CORP", NVIDIA, text=RULE)
    assert [item.headline for item in await desk.poll()] == [TOLD]


@pytest.mark.parametrize(
    ("options", "filed"),
    [
        ({"read_filings": False}, {}),
        ({}, {"items": {"5.02": "Departure of Directors"}}),
        ({}, {"cik": 99}),
        ({"forms": ("8-K12B",)}, {"form": "8-K12B"}),
    ],
    ids=["switched off", "an item told by its name", "not watched", "another form"],
)
async def test_what_is_not_worth_reading_costs_no_request(server, http, options, filed):
    """Nothing but the list is asked."""
    desk = await started(server, http, **options)
    server.file("NVIDIA CORP", **{"cik": NVIDIA, "text": RULE, **filed})
    assert all(" files 8-K" in item.headline for item in await desk.poll())
    assert archive_requests(server) == []


async def test_a_press_release_speaks_for_an_item_that_points_at_it(server, http):
    """Item 2.02 says only that results came; exhibit 99.1 says which."""
    desk = await started(server, http)
    server.file(
        "NVIDIA CORP", NVIDIA, items=RESULTS, text=POINTER,
        exhibit="Nvidia Reports Quarter With $4.5 Billion Charge\n\nSANTA CLARA, Calif., May 1, 2026 – Sales were up.",
    )  # fmt: skip
    (item,) = await desk.poll()
    assert item.headline == "Nvidia 8-K, item 2.02: Nvidia Reports Quarter With $4.5 Billion Charge"
    assert item.summary == "Nvidia Reports Quarter With $4.5 Billion Charge Sales were up."


async def test_an_item_with_news_of_its_own_needs_no_exhibit(server, http):
    """The press release is not even fetched."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE, exhibit="Something Else Altogether Happened")
    assert [item.headline for item in await desk.poll()] == [TOLD]
    assert server.document_path(number, "ex991.htm") not in archive_requests(server)


async def test_without_its_exhibit_the_item_still_names_its_subject(server, http):
    """A press release that is missing leaves the words of the item."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, items=RESULTS, text=POINTER, exhibit="Nvidia Reports Results")
    server.answer(server.document_path(number, "ex991.htm"), Canned(404))
    assert [item.headline for item in await desk.poll()] == [
        "Nvidia 8-K, item 2.02: Nvidia's results for the first quarter"
    ]


async def test_a_6k_speaks_by_its_exhibit_or_by_its_own_page(server, http):
    """With an exhibit the form is a cover page; without one the text stands behind the cover."""
    desk = await started(server, http, form="6-K")
    company = "TAIWAN SEMICONDUCTOR MANUFACTURING CO LTD"
    server.file(company, TSMC, form="6-K", items={}, text="", exhibit="TSMC Gets Licence for Nanjing")
    server.file(company, TSMC, form="6-K", items={}, text="TSMC Monthly Revenue Was NT$300 Billion")
    assert [item.headline for item in await desk.poll()] == [
        "TSMC 6-K: TSMC Monthly Revenue Was NT$300 Billion",
        "TSMC 6-K: TSMC Gets Licence for Nanjing",
    ]


async def test_when_the_archive_lags_the_filing_is_told_at_once_and_again_when_it_can_be_read(server, http):
    """The second item has its own guid and the same document, acceptance time and link."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.index_path(number), Canned(404))
    (first,) = await desk.poll()
    assert first.headline == LISTED
    assert await desk.poll() == []
    server.clear(server.index_path(number))
    (second,) = await desk.poll(seconds=10)
    assert (second.guid, second.headline, second.summary) == (f"{number}#text", TOLD, RULE)
    assert (second.document, second.url) == (first.document, first.url)
    assert (second.published_at, second.event_at) == (first.published_at, first.event_at)
    asked = len(archive_requests(server))
    assert await desk.poll(minutes=1) == []
    assert len(archive_requests(server)) == asked


async def test_a_filing_that_left_the_list_meanwhile_is_still_read(server, http):
    """On a busy evening a hundred filings push it off the page before its pages are there."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.index_path(number), Canned(404))
    await desk.poll()
    for _ in range(100):
        server.file("UNRELATED FOODS INC", 99)
    server.clear(server.index_path(number))
    assert [item.guid for item in await desk.poll()] == [f"{number}#text"]


async def test_after_ten_minutes_nothing_is_tried_any_more(server, http):
    """Tries grow rarer, some twenty in all, and end; the cursor forgets the filing."""
    desk = await started(server, http)
    server.file("NVIDIA CORP", NVIDIA)  # no page, ever
    for _ in range(65):
        await desk.poll(seconds=10)
    assert 12 <= len(archive_requests(server)) <= 25
    assert desk.cursor["unread"] == []


@pytest.mark.parametrize(
    "broken",
    [
        Canned(500),
        Canned(403),
        Canned(429, {"Retry-After": "0"}),
        Canned(drop=True),
        Canned(body=b"<html><body>Please wait</body></html>"),
        Canned(body=b""),
        Canned(body=b"%PDF-1.7"),
    ],
    ids=["500", "403", "429", "dropped", "no table", "empty", "not HTML"],
)
async def test_a_broken_index_page_never_fails_the_poll(server, http, broken):
    """The filing is told as listed, and tried again."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.index_path(number), broken)
    assert [item.headline for item in await desk.poll()] == [LISTED]
    server.clear(server.index_path(number))
    assert [item.headline for item in await desk.poll()] == [TOLD]


@pytest.mark.parametrize(
    "document",
    [
        b"%PDF-1.7 \x00\x01",
        b"\x00" * 2000,
        b"",
        b"<html><body><p>FORM 8-K</p><p>Item 9.01 Exhibits</p></body></html>",
        b"<b>" * 100_000,
    ],
    ids=["pdf", "zeros", "empty", "no such item", "nested"],
)
async def test_a_document_that_says_nothing_is_told_as_listed_and_left(server, http, document):
    """Trying again could not help."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.document_path(number), Canned(headers={"Content-Type": "text/html"}, body=document))
    assert [item.headline for item in await desk.poll()] == [LISTED]
    assert desk.cursor["unread"] == []


async def test_a_missing_document_is_tried_again(server, http):
    """The index may be there before what it lists."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.document_path(number), Canned(404), Canned(404))
    assert [item.headline for item in await desk.poll()] == [LISTED]
    server.clear(server.document_path(number))
    assert [item.headline for item in await desk.poll()] == [TOLD]


async def test_of_a_document_of_5_mb_the_beginning_is_read(server, http):
    """Its first pages hold the news; the rest is not parsed, and the loop is not held up."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    page = f"<html><body><p>Item 8.01 Other Events.</p><p>{RULE}</p>".encode() + b"<p>Exhibit text.</p>" * 260_000
    server.answer(server.document_path(number), Canned(body=page[: 5 * 1024 * 1024]))
    late = asyncio.create_task(longest_pause())
    (item,) = await desk.poll()
    late.cancel()
    assert item.headline == TOLD
    assert await late < 0.5


async def longest_pause() -> float:
    """How long the loop went without a turn, at most, until cancelled."""
    worst = 0.0
    try:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.005)
            worst = max(worst, time.monotonic() - began)
    except asyncio.CancelledError:
        return worst


async def test_a_larger_document_is_given_up_and_the_exhibit_speaks(server, http):
    """Beyond the client's cap nothing is read; its size stands in the index."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE, exhibit="Nvidia Gets Licences for Three Chips")
    server.answer(
        server.index_path(number),
        Canned(
            body=f"""<table class="tableFile"><tr><th>Seq<th>Description<th>Document<th>Type<th>Size
            <tr><td>1<td>8-K<td><a href="form.htm">form.htm</a><td>8-K<td>5242881
            <tr><td>2<td>X<td><a href="{server.url(server.document_path(number, "ex991.htm"))}">x</a><td>EX-99.1<td>9
            <tr><td>3<td>X<td><a href="https://elsewhere.example/x.htm">x</a><td>EX-99.1<td>9</table>""".encode()
        ),
    )
    assert [item.headline for item in await desk.poll()] == [
        "Nvidia 8-K, item 8.01: Nvidia Gets Licences for Three Chips"
    ]
    assert server.document_path(number) not in archive_requests(server)


async def test_a_slow_archive_holds_the_poll_no_longer_than_its_budget(server, http):
    """One that hangs takes half of the budget at most: the next filing is still read in the same poll."""
    desk = await started(server, http, budget_s=0.8)
    quick = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    slow = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.index_path(slow), Canned(before_s=5))
    began = time.monotonic()
    items = await desk.poll()
    assert time.monotonic() - began < 2
    assert [(item.guid, item.headline) for item in items] == [(slow, LISTED), (quick, TOLD)]


async def test_when_everything_hangs_everything_is_told_as_listed(server, http):
    """The budget is one for all; what was not reached is tried at the next poll."""
    desk = await started(server, http, budget_s=0.4)
    numbers = [server.file("NVIDIA CORP", NVIDIA, text=RULE) for _ in range(4)]
    for number in numbers:
        server.answer(server.index_path(number), Canned(before_s=5))
    began = time.monotonic()
    assert [item.headline for item in await desk.poll()] == [LISTED] * 4
    assert time.monotonic() - began < 1.5
    for number in numbers:
        server.clear(server.index_path(number))
    told = [item for _ in range(4) for item in await desk.poll()]
    assert {item.guid for item in told} == {f"{number}#text" for number in numbers}


async def test_of_a_flood_the_newest_are_read_first_and_the_others_after(server, http):
    """At most MAX_FILINGS a poll, so that the site's pace is kept for the lists."""
    desk = await started(server, http)
    numbers = [server.file("NVIDIA CORP", NVIDIA, text=RULE) for _ in range(MAX_FILINGS + 2)]
    first = await desk.poll()
    assert [item.guid for item in first if item.headline == TOLD] == numbers[:1:-1]
    second = await desk.poll()
    assert {item.guid for item in second} == {f"{number}#text" for number in numbers[:2]}


async def test_a_site_that_wants_to_be_left_alone_is(server, http):
    """A refusal ends the reading of this poll for all filings."""
    desk = await started(server, http)
    server.file("NVIDIA CORP", NVIDIA, text=RULE)
    newest = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.index_path(newest), Canned(403))
    assert [item.headline for item in await desk.poll()] == [LISTED, LISTED]
    assert archive_requests(server) == [server.index_path(newest)]


async def test_a_list_sends_nobody_to_another_host(server, http):
    """A filing whose link leads away from the list's own host is told as listed."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    page = server._edgar({"type": ["8-K"]}).replace("127.0.0.1", "localhost")
    server.answer(EDGAR, Canned(body=page.encode()))
    assert [item.headline for item in await desk.poll()] == [LISTED]
    assert server.index_path(number) not in archive_requests(server)


async def test_a_list_that_is_not_modified_still_lets_waiting_filings_be_read(server, http):
    """A 304 keeps the memory, and brings the late text alone."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE)
    server.answer(server.index_path(number), Canned(404))
    body = server._edgar({"type": ["8-K"]}).encode()
    server.answer(EDGAR, Canned(headers={"ETag": '"1"'}, body=body), Canned(304, {"ETag": '"1"'}))
    assert [item.guid for item in await desk.poll()] == [number]
    server.clear(server.index_path(number))
    assert [item.guid for item in await desk.poll()] == [f"{number}#text"]
    assert await desk.poll() == []
    server.clear(EDGAR)
    assert await desk.poll() == []


async def test_a_cursor_that_another_version_wrote_is_no_obstacle(server, http):
    """What cannot be read of the memory is passed over."""
    desk = await started(server, http)
    desk.cursor = {**desk.cursor, "unread": [{"accession": "x"}, 7, {**dict.fromkeys("abc")}]}
    server.file("NVIDIA CORP", NVIDIA, text=RULE)
    assert [item.headline for item in await desk.poll()] == [TOLD]
    desk.cursor = {**desk.cursor, "unread": "nonsense"}
    assert await desk.poll() == []


async def test_a_filing_is_readable_after_a_delay(server, http):
    """The fake archive's own lag: listed at once, readable a moment later."""
    desk = await started(server, http)
    number = server.file("NVIDIA CORP", NVIDIA, text=RULE, late_s=0.2)
    assert [item.headline for item in await desk.poll()] == [LISTED]
    async with asyncio.timeout(10):
        while not (late := await desk.poll(seconds=20)):
            await asyncio.sleep(0.05)
    assert [item.guid for item in late] == [f"{number}#text"]
