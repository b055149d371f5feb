"""What a headline states apart from who did what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.facts import Facts, find_facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beijing weighs H200 imports", ("H200",)),
        ("Crates of H20s and A800s seized", ("H20", "A800")),
        ("MI308 and MI355X wait for papers", ("MI308", "MI355X")),
        ("GB300 racks land in the Gulf", ("GB300",)),
        ("B30A asks for a permit", ("B30A",)),
        ("RTX Pro 6000D and RTX 5090D barred", ("RTX Pro 6000D", "RTX 5090D")),
        ("HBM3E and HBM4 sold out, DDR4 scarce", ("HBM3E", "HBM4", "DDR4")),
        ("High-NA EUV ships, DUV service ends", ("High-NA EUV", "DUV")),
        ("EDA tools cut off", ("EDA",)),
        ("Curbs reach 14nm and 28 nm lines", ("14 nm", "28 nm")),
        ("7-nanometre wafers from Shanghai", ("7 nm",)),
        ("Ascend 910C costs less", ("Ascend 910C",)),
        ("18A yields improve", ("18A",)),
        ("中国批准H200进口", ("H200",)),
        ("Gaudi 3 rejected, Blackwell ruled out", ("Gaudi 3", "Blackwell")),
        ("Nothing to buy here", ()),
    ],
)
def test_products_are_read(text, expected):
    """Model numbers, memory, tools, software and nodes, each once and without a plural."""
    assert find_facts(text).products == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A $5.5 billion charge", ("$5.5 billion",)),
        ("A $5.5bn charge and NT$343.61 billion of sales", ("$5.5bn", "NT$343.61 billion")),
        ("S$31bn plant, Rs 10,000 crore more", ("S$31bn", "Rs 10,000 crore")),
        ("13.2 billion euros of orders, 19 trillion won spent", ("13.2 billion euros", "19 trillion won")),
        ("A 25% cut, then 15 per cent", ("25%", "15 per cent")),
        ("Prices up 30-50% this spring", ("30-50%",)),
        ("200,000 chips each", ("200,000 chips",)),
        ("200,000 Nvidia H200 chips each", ("200,000 chips",)),
        ("2 million units ordered", ("2 million units",)),
        ("US adds 28 firms and cuts 400 jobs", ("28 firms", "400 jobs")),
        ("No number at all", ()),
    ],
)
def test_figures_are_read(text, expected):
    """Money, shares of a hundred and quantities, in the order in which they stand."""
    assert find_facts(text).figures == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Beijing answers Washington", ("China", "US")),
        ("The Hague and Tokyo follow", ("Netherlands", "Japan")),
        ("U.S. and Chinese officials meet in London", ("US", "China", "UK")),
        ("Taipei, Seoul and Brussels protest", ("Taiwan", "South Korea", "EU")),
        ("TELL US, BEIJING SAYS", ("US", "China")),
        ("Tell us when the train leaves", ()),
        ("北京要求荷兰解释", ("China", "Netherlands")),
        ("Dutch cabinet, Dutch minister", ("Netherlands",)),
    ],
)
def test_places_stand_for_countries(text, expected):
    """Capitals, seats of government and adjectives count as their country, each once."""
    assert find_facts(text).places == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Imports resume in early 2026", ("early 2026",)),
        ("In force from Nov 10", ("Nov 10",)),
        ("In force on Nov. 10, 2025", ("Nov. 10, 2025",)),
        ("Published 15 January 2025", ("15 January 2025",)),
        ("Due in June 2027 or Q3 2027", ("June 2027", "Q3 2027")),
        ("It may rain", ()),
        ("Costs $2026 a piece", ()),
    ],
)
def test_dates_are_read(text, expected):
    """Days, months, quarters and years as they stand."""
    assert find_facts(text).dates == expected


def test_labels_are_what_a_card_shows():
    """Products, figures and dates come in that order; places stay in the headline."""
    facts = find_facts("Beijing clears 200,000 H200 chips for early 2026 at a 25% levy")
    assert facts.labels() == ("H200", "200,000 chips", "25%", "early 2026")
    assert facts.places == ("China",)


def test_json_leaves_empty_kinds_out():
    """Only what was found is told."""
    assert find_facts("H20 at 25%").as_dict() == {"products": ["H20"], "figures": ["25%"]}
    assert Facts().as_dict() == {}


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_read(text):
    """Nothing makes it raise, it answers the same twice, and every fact is told once."""
    facts = find_facts(text)
    assert find_facts(text) == facts
    for kind in (facts.products, facts.figures, facts.places, facts.dates):
        assert len(set(kind)) == len(kind)
        assert all(kind)
