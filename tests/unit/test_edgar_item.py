"""What a filing says in one line: samples of our own of every kind of filing, and rules that hold for any text."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import prose
from bot.sources.edgar_index import press_release, primary, read_index
from bot.sources.edgar_item import MAX_HEADLINE, MAX_SUMMARY, headline, sections, sentences, tell_release, tell_report

SAMPLES = Path(__file__).parents[1] / "samples"
COVER = (
    "UNITED STATES",
    "SECURITIES AND EXCHANGE COMMISSION",
    "FORM 8-K",
    "CURRENT REPORT",
    "Emerging growth company ☐",
)
SIGNATURES = ("SIGNATURES", "Pursuant to the requirements of the Securities Exchange Act of 1934, the Registrant has …")
FURNISHED = "This Item is furnished and not deemed filed."


def samples(file: str):
    """One parameter a block: the line of company and items, the paragraphs, the text of the headline."""
    for block in (SAMPLES / file).read_text(encoding="utf-8").split("\n\n")[1:]:
        what, about, *body, line = block.splitlines()
        yield pytest.param(about, body, line.removeprefix("=").strip() or None, id=what.removeprefix("# "))


@pytest.mark.parametrize(("about", "body", "line"), list(samples("filings_8k.txt")))
def test_an_8k_becomes_a_headline(about, body, line):
    """The sentence of the item that names a measure, a government or money; dates, definitions, boilerplate go."""
    words = about.split()
    items = [word for word in words if word[0].isdigit()]
    company = " ".join(word for word in words if not word[0].isdigit())
    told = tell_report([*COVER, *body, *SIGNATURES], items, company)
    assert (told and headline(company, "8-K", told)) == (line and f"{company} 8-K, item {line}")


@pytest.mark.parametrize(("about", "body", "line"), list(samples("releases.txt")))
def test_a_press_release_speaks_by_its_title(about, body, line):
    """Cover pages, contacts and signatures are passed over; a bare title gives way to a trade measure in the text."""
    told = tell_release(body, about)
    assert (told and headline(about, "6-K", told)) == (line and f"{about} 6-K: {line}")


def test_a_section_that_points_at_a_press_release_says_so():
    """Then the exhibit is worth fetching; a section with news of its own stands alone."""
    pointing = "Item 2.02 On May 1, 2026, the Company issued a press release reporting its results of operations."
    assert tell_report([pointing], ["2.02"], "Kite").elsewhere
    assert not tell_report(["Item 8.01 The Company ended production for good."], ["8.01"], "Kite").elsewhere


def test_long_sentences_are_cut_at_a_word():
    """A headline has at most 240 characters, a summary 600."""
    told = tell_report(["Item 8.01", "The licence " + "takes very long " * 60 + "to read."], ["8.01"], "Kite")
    line = headline("Kite", "8-K", told)
    assert 200 < len(line) <= MAX_HEADLINE
    assert line.endswith(("takes…", "very…", "long…"))
    assert 500 < len(told.summary) <= MAX_SUMMARY


def test_the_summary_is_what_the_section_says():
    """Sentences in their own words and order, without boilerplate."""
    told = tell_report(
        ["Item 8.01 Other Events", "On May 1, 2026, the Company moved. It may need a licence.", FURNISHED],
        ["8.01"],
        "Kite",
    )
    assert told.summary == "On May 1, 2026, the Company moved. It may need a licence."


def test_sections_end_where_the_next_item_or_the_signatures_begin():
    """References to an item inside a section are no headings."""
    found = sections(
        [
            "Item 1.01 of the earlier report is no heading.",
            "Item 2.02",
            "Results of Operations and Financial Condition",
            "First.",
            "Item 7.01 above stays a part of it.",
            "Item 8.01 — Other Events — Second.",
            "Cautionary Statement",
            "Third.",
            "SIGNATURE",
            "Fourth.",
        ]
    )
    assert found == {"2.02": ["First.", "Item 7.01 above stays a part of it."], "8.01": ["Second."]}


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The U.S. Commerce Department told Kite Inc. No. 7 is out.", 1),
        (
            "It was sold in the U.S. The buyer paid $5.5 billion. ",
            ["It was sold in the U.S.", "The buyer paid $5.5 billion."],
        ),
        ("He said “stop.” They stopped.", ["He said “stop.”", "They stopped."]),
        ("", []),
    ],
)
def test_sentences_end_at_full_stops_that_end_them(paragraph, parts):
    """Abbreviations, numbers and quotes do not mislead."""
    assert list(sentences(paragraph)) == ([paragraph] if parts == 1 else parts)


ROWS = """<tr>|<td>|</tr>|<a href='a.htm'>|<a href='/ix?doc=/Archives/b.htm'>|<a href='/ix?doc=//x.example/b.htm'>|
<a href='https://y.example/c.htm'>|<a href='http://[/'>|8-K|EX-99.1|EX-99|99|²|</table>|
<tr><td>1<td>x<td><a href='d.htm'>d</a><td>8-K<td>12""".split("|")
PIECES = """Item 8.01|Item 2.02|Other Events.|The Company|said that|on May 5, 2026,|(the “Company”)|licence|–|
$5 billion.|U.S.|Exhibit 99.1|SIGNATURES|issued a press release announcing|
Form 20-F Form 40-F|About us|&#8220;|<p>|</p>|<br>|<td>|
<div style='display:none'>|</div>|<b|&lt;b&gt;|<!--|-->|\x00|\u202e|\ud800""".split("|")


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=60),
    st.sampled_from(["Kite", "A" * 150]),
)
def test_any_document_gives_a_headline_within_limits_or_none(pieces, company):
    """Whatever a document holds, nothing raises, and what comes out is one clean line."""
    body = ("<html>" + " ".join(pieces)).encode("utf-8", errors="replace")
    paragraphs = prose.paragraphs(body)
    for told in (tell_report(paragraphs, ["8.01", "2.02"], company), tell_release(paragraphs, company, "7.01")):
        if told is None:
            continue
        line = headline(company, "8-K", told)
        assert 12 <= len(line) <= MAX_HEADLINE
        assert len(told.summary) <= MAX_SUMMARY
        assert "\n" not in line
        assert "\x00" not in line
        assert line.startswith(f"{company} 8-K, item ")
        assert not line.endswith(": ")


@given(st.lists(st.one_of(st.sampled_from(ROWS), st.text(max_size=9)), max_size=30), st.sampled_from(["8-K", "6-K/A"]))
def test_any_page_is_an_index_or_none(pieces, form):
    """What is no index page lists nothing; what it lists lies on its own host and can be read by people."""
    page = f"<table class='tableFile'>{''.join(pieces)}".encode("utf-8", errors="replace")
    documents = read_index(page, "https://www.sec.gov/Archives/x-index.htm")
    assert all(urlsplit(one.url).hostname == "www.sec.gov" and one.kind and one.size >= 0 for one in documents)
    assert (primary(documents, form) is None) == (not documents)
    assert press_release(documents) is None or press_release(documents) in documents


@given(st.binary(max_size=2000))
def test_any_bytes_give_paragraphs(body):
    """What is no text gives none, and nothing raises."""
    assert all(line and line == " ".join(line.split()) for line in prose.paragraphs(body))
