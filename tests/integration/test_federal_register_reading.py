"""Federal Register over loopback: a rule is told by its title at once, and once more by what its text says."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import Headline, RawItem, SourceSpec, Tier
from bot.http import PoliteClient
from bot.rules.fingerprint import fingerprint
from bot.sources.federal_register import FederalRegister
from bot.sources.federal_register_inspection import FederalRegisterInspection
from bot.sources.federal_register_reading import document_text, worth_reading
from tests.fakes.clock import FakeClock
from tests.fakes.federal_register import entity_rule, inspection_text, page
from tests.fakes.feedserver import DOCUMENTS, INSPECTION, Canned, FeedServer

NOON = datetime(2026, 11, 2, 17, tzinfo=UTC)
MINUTE = timedelta(seconds=60)
TITLE = "BIS rule: Additions to the Entity List"
RULE = entity_rule(
    {
        "CHINA, PEOPLE'S REPUBLIC OF": ["Amber Loom Chips Co., Ltd.", "Birch Lane Devices"],
        "SINGAPORE": ["Cedar Pte. Ltd."],
    }
)
TOLD = (
    "BIS adds 3 entities to Entity List: 2 in China, 1 in Singapore; presumption of denial; effective Nov 4 "
    "(Amber Loom Chips Co., Ltd., Birch Lane Devices, Cedar Pte. Ltd.)"
)
BIS = [{"slug": "industry-and-security-bureau"}]


@pytest.fixture
def server():
    with FeedServer() as server:
        yield server


@pytest.fixture
async def http():
    async with PoliteClient(contact="desk@example.com") as http:
        yield http


class Desk:
    """Polls one of the lists as the poller does, the cursor going from poll to poll."""

    def __init__(self, server, http, *, published=False, budget_s=3.0, **options):
        kind, url = (
            (FederalRegister, server.documents_url) if published else (FederalRegisterInspection, server.inspection_url)
        )
        spec = SourceSpec("fr", "federal_register", url, MINUTE, "Federal Register", Tier.PRIMARY, options=options)
        self.clock = FakeClock(NOON)
        self.source = kind(spec, http, self.clock, timedelta(seconds=budget_s))
        self.cursor, self.seen = {}, set()

    async def poll(self, **later) -> list[RawItem]:
        """The items that the store would take as new."""
        self.clock.advance(**(later or {"seconds": 2}))
        batch = await self.source.fetch(self.cursor)
        self.cursor = batch.cursor
        new = [item for item in batch.items if item.guid not in self.seen]
        self.seen |= {item.guid for item in new}
        return new

    @property
    def wait_s(self) -> float:
        return self.source.interval(self.clock.now()).total_seconds()


async def started(server, http, **options) -> Desk:
    server.inspect("Something Old", number="2026-20001")
    server.publish_document("Something Old", number="2026-20001")
    desk = Desk(server, http, **options)
    await desk.poll()
    return desk


def with_text(server, text=RULE, *, title="Additions to the Entity List", key="raw_text_url", **more) -> str:
    """File a rule whose text lies at home."""
    path = f"/text/{len(server.asked)}.txt"
    server.answer(path, *([text] if isinstance(text, Canned) else [Canned(body=text.encode())]))
    return server.inspect(title, filed=NOON, **{key: server.url(path), **more})


def texts_asked(server):
    return [asked.path for asked in server.asked if asked.path not in {INSPECTION, DOCUMENTS}]


async def test_the_title_is_told_at_once_and_the_text_two_seconds_later(server, http):
    """The poll that finds a rule asks for nothing else; the next one comes soon, and reads it."""
    desk = await started(server, http)
    assert desk.wait_s == 60
    number = with_text(server)
    (first,) = await desk.poll()
    assert (first.headline, first.guid, texts_asked(server)) == (TITLE, number, [])
    assert desk.wait_s == 2
    (second,) = await desk.poll()
    assert (second.headline, second.guid, second.document) == (TOLD, f"{number}#text", number)
    assert (second.published_at, second.event_at, second.url) == (first.published_at, first.event_at, first.url)
    assert second.summary.split("\n")[1:3] == [
        "Added: 3 entities (2 in China, 1 in Singapore)",
        "Licence review: presumption of denial",
    ]
    assert desk.wait_s == 60
    assert await desk.poll() == []
    assert len(texts_asked(server)) == 1  # what was read is not read again


async def test_the_second_item_completes_the_first(server, http):
    """The desk knows it by its guid."""
    desk = await started(server, http)
    with_text(server)
    await desk.poll()
    (item,) = await desk.poll()
    headline = Headline(
        "id", "fr", item.guid, item.headline, item.url, "FR", Tier.PRIMARY, True, None, NOON, None,
        fingerprint(item.headline), item.url,
    )  # fmt: skip
    assert headline.completes
    assert not headline.withdraws


async def test_the_first_poll_reads_nothing(server, http):
    """What a list holds when it is first seen is a baseline, which nobody is told."""
    with_text(server)
    desk = Desk(server, http)
    assert [item.headline for item in await desk.poll()] == [TITLE]
    assert (await desk.poll(), texts_asked(server), desk.wait_s) == ([], [], 60)


async def test_both_texts_of_a_rule_are_told_in_the_same_words(server, http):
    """Public inspection and publication say the same, so the later one is a repeat."""
    desk = await started(server, http)
    with_text(server)
    await desk.poll()
    (inspected,) = await desk.poll()
    later = Desk(server, http, published=True)
    await later.poll()
    server.publish_document("Additions to the Entity List", raw_text_url=server.url("/pub.txt"), day="2026-11-04")
    server.answer("/pub.txt", Canned(body=f"<html><body><pre>\n{RULE}\n</pre></body></html>".encode()))
    await later.poll()
    (published,) = await later.poll()
    assert published.headline == inspected.headline
    assert published.guid.endswith("#text")


async def test_a_new_title_never_waits_for_a_text(server, http):
    """While titles come, nothing is read; the texts follow in their order."""
    desk = await started(server, http)
    first = with_text(server)
    await desk.poll()
    second = with_text(server, title="Chip Rules", text=inspection_text("Words.", title="Chip Rules"))
    assert [item.guid for item in await desk.poll()] == [second]
    assert texts_asked(server) == []
    assert [item.guid for item in await desk.poll()] == [f"{first}#text", f"{second}#text"]


@pytest.mark.parametrize(
    "canned",
    [
        Canned(404), Canned(500), Canned(drop=True), Canned(body=b"<html>not yet</html>"), Canned(body=b""),
    ],
    ids=["missing", "broken", "dropped", "another page", "empty"],
)  # fmt: skip
async def test_what_cannot_be_read_is_tried_again(server, http, canned):
    """The list goes on, the next try waits a little longer each time, and the text is told when it is there."""
    desk = await started(server, http)
    path = f"/text/{len(server.asked)}.txt"
    number = with_text(server, canned)
    assert [item.guid for item in await desk.poll()] == [number]
    assert await desk.poll() == []
    assert desk.wait_s == 60
    server.answer(path, Canned(body=RULE.encode()))
    assert [item.headline for item in await desk.poll(seconds=60)] == [TOLD]


async def test_it_is_given_up_after_two_hours(server, http):
    """The title stands."""
    desk = await started(server, http)
    with_text(server, Canned(404))
    await desk.poll()
    for _ in range(6):
        assert await desk.poll(minutes=25) == []
    asked = len(texts_asked(server))
    await desk.poll(hours=3)
    assert len(texts_asked(server)) == asked
    assert desk.cursor["unread"] == []


async def test_a_site_that_turns_us_away_is_left_alone(server, http):
    """Blocked once, the text is not asked for again; titles are told as before."""
    desk = await started(server, http)
    with_text(server, Canned(403))
    await desk.poll()
    assert await desk.poll() == []
    assert await desk.poll(minutes=30) == []
    assert len(texts_asked(server)) == 1
    server.inspect("Another Chip Rule")
    assert len(await desk.poll()) == 1


async def test_a_text_that_hangs_costs_no_more_than_its_budget(server, http):
    """The poll ends in time, without the text."""
    desk = await started(server, http, budget_s=0.3)
    with_text(server, Canned(before_s=1.5, body=b"late"))
    await desk.poll()
    assert await desk.poll() == []
    assert desk.wait_s == 60


@pytest.mark.parametrize(
    ("more", "options"),
    [
        ({"title": "Order Denying Export Privileges", "kind": "Notice"}, {}),
        ({"title": "Horses by Sea"}, {}),
        ({"agency": ("trade-representative-office-of-united-states", "USTR")}, {}),
        ({"raw_text_url": "https://elsewhere.example/1.txt"}, {}),
        ({"raw_text_url": "file:///etc/hosts"}, {}),
        ({"raw_text_url": None}, {}),
        ({"raw_text_url": "https://[broken"}, {}),
        ({}, {"read_documents": False}),
        ({"editorial_note": "This document was withdrawn."}, {}),
    ],
    ids=[
        "notice",
        "no chips",
        "other agency",
        "other site",
        "no web",
        "no text",
        "bad url",
        "switched off",
        "withdrawn",
    ],
)
async def test_what_is_not_worth_reading_costs_no_request(server, http, more, options):
    """Nothing but the list is asked."""
    desk = await started(server, http, **options)
    with_text(server, **more)
    assert len(await desk.poll()) >= 1
    assert await desk.poll() == []
    assert texts_asked(server) == []


async def test_a_web_page_serves_where_there_is_no_raw_text(server, http):
    """The published document's body, paragraphs and table."""
    desk = await started(server, http)
    rows = [("SINGAPORE", "Cedar Pte. Ltd.", "For all items subject to the EAR.", "Presumption of denial.", "91 FR 1")]
    with_text(server, Canned(body=page(RULE, rows)), key="body_html_url")
    await desk.poll()
    assert [item.headline for item in await desk.poll()] == [TOLD]


async def test_a_text_that_says_no_more_than_its_title_is_not_told(server, http):
    """Nor read again."""
    desk = await started(server, http)
    with_text(server, inspection_text("Words.", dates="None."))
    await desk.poll()
    assert await desk.poll() == []
    assert await desk.poll(minutes=20) == []
    assert len(texts_asked(server)) == 1


async def test_what_waits_survives_a_restart_and_a_strange_cursor(server, http):
    """The cursor holds what waits; entries of another shape are passed over."""
    desk = await started(server, http)
    with_text(server)
    await desk.poll()
    again = Desk(server, http)
    again.cursor = {**desk.cursor, "unread": [None, {"number": 1}, {"since": "x"}, *desk.cursor["unread"]]}
    again.seen = desk.seen
    assert [item.headline for item in await again.poll()] == [TOLD]
    again.cursor = {**desk.cursor, "unread": "strange"}
    assert await again.poll() == []


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ({"title": "Additions to the Entity List", "type": "Rule", "agencies": BIS}, True),
        ({"title": "Advanced Computing Rules", "type": "Proposed Rule", "agencies": BIS}, True),
        ({"title": "Corrections", "abstract": "Words on semiconductors", "type": "Rule", "agencies": BIS}, True),
        ({"title": "Entity List", "type": "Notice", "agencies": BIS}, False),
        ({"title": "Entity List", "type": "Rule", "agencies": []}, False),
        ({"title": "Entity List", "type": "Rule", "agencies": "?"}, False),
        ({"title": "Fishing", "type": "Rule", "agencies": BIS}, False),
        ({}, False),
    ],
)
def test_what_is_worth_reading(result, expected):
    """Rules and proposals of the bureau about chips or its lists."""
    assert worth_reading(result) is expected


def test_texts_come_plain_or_as_pages():
    """Plain text stays, a ``pre`` gives its inside, a page its paragraphs and rows; scripts are gone."""
    assert document_text(b"plain & <b>text\n  stays") == "plain & <b>text\n  stays"
    assert (
        document_text(b"<html><head><title>x</title></head><body><pre>\na &amp; b\n  c</pre></body></html>")
        == "\na & b\n  c"
    )
    told = document_text(
        b"<div><script>x()</script><p>one\ntwo</p><table><tr><td>a</td>\n<td>b<br>c</td></tr></table></div>"
    )
    assert [line.strip() for line in told.split("\n") if line.strip()] == ["one two", "a | b c"]
