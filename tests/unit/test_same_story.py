"""Same story or another: real wordings of the field, in our own words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import Destination, Event, Outcome, Reason, Status, Tier, Topic
from bot.rules.same_story import Slots, StoryIndex, advances, agree, vetoed
from bot.subscriptions import make_subscription
from classifiers.api import Thresholds
from tests.fakes.values import NOW, make_headline, make_score

COMPANIES = load_companies()
ALL = [make_subscription(Destination.parse("console"), topics=list(Topic), origin="file")]


def decided(*lines, **score):
    """What became of headlines, told in this order to one desk; a line may bring its own score."""
    desk = Desk(COMPANIES, Thresholds(chip_export=0.6, market_moving=0.5))
    ends = []
    for number, line in enumerate(lines):
        text, own = line if isinstance(line, tuple) else (line, {})
        headline = make_headline(text, guid=str(number), **own.pop("headline", {}))
        ends.append(desk.decide(headline, make_score(**{**score, **own}), ALL, now=NOW))
    return ends


@pytest.mark.parametrize(
    ("event", "told", "again"),
    [
        (
            Event.ENFORCEMENT,
            "Super Micro Drops 8% as Taipei Police Search Its Offices in Nvidia Server Smuggling Case",
            "Supermicro (SMCI) Faces Taipei Search Over Nvidia Server Smuggling",
        ),
        (
            Event.ENFORCEMENT,
            "Super Micro Drops 8% as Taipei Police Search Its Offices in Nvidia Server Smuggling Case",
            "Super Micro Stock Down 11% — Taipei Police Search Offices in Nvidia Smuggling Case, Says Report",
        ),
        (
            Event.CORPORATE,
            "Qualcomm close to $4B purchase of chip startup Quillon, paper reports",
            "Qualcomm to pay $3.9 billion for chip startup Quillon, paper reports",
        ),
        (
            Event.LICENCE,
            "Intel shares jump after Trump says it will make chips for Apple in the US",
            "Trump says Apple will have chips made by Intel in US",
        ),
        (
            Event.RESULTS,
            "Micron climbs 15% after record quarter, lifting other chip stocks",
            "Micron climbs 16% after record quarter, lifting some chip stocks",
        ),
    ],
)
def test_told_again_in_other_words(event, told, again):
    """Another spelling of the company, a later share price or a rounded sum make no other story."""
    _, second = decided(told, again, event=event)
    assert (second.outcome, second.reason) == (Outcome.REPEAT, Reason.SAME_STORY)


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ("US lifts tariff on Chinese chips to 25%", "US lifts tariff on Chinese chips to 50%"),
        ("Firm fined $95 million over chip exports to China", "Firm fined $300 million over chip exports to China"),
        ("US adds 14 firms to Entity List", "US adds 37 firms to Entity List"),
        ("Micron jumps on memory prices", "Micron tumbles on memory prices"),
        ("Nvidia cleared to sell H20 in China", "Nvidia cleared to sell B30A in China"),
        ("ASML gets licence for Chinese customer", "Tokyo Electron gets licence for Chinese customer"),
    ],
)
def test_another_figure_company_product_or_direction_is_another_story(told, other):
    """What the words share does not outweigh what they contradict."""
    _, second = decided(told, other, event=Event.EXPORT_RULE)
    assert second.outcome is Outcome.ALERT


@pytest.mark.parametrize("words", ["8-K: Other Events", "Additions to the Entity List"])
def test_two_documents_under_one_title_are_two_stories(words):
    """Agencies and filers give the same title to different papers: neither may swallow the other."""
    paper = {"tier": Tier.PRIMARY, "official": True}
    first, second, again = decided(
        (words, {"headline": paper | {"document": "2026-1"}}),
        (words, {"headline": paper | {"document": "2026-2"}}),
        (words, {"headline": paper | {"document": "2026-1"}}),
        event=Event.ENTITY_LIST,
    )
    assert [first.outcome, second.outcome, again.outcome] == [Outcome.ALERT, Outcome.ALERT, Outcome.REPEAT]
    assert again.story.slug == first.story.slug


def test_who_else_fell_is_no_news():
    """In retellings of a day at the exchange the list of companies changes; that interrupts nobody."""
    _, second = decided(
        "Nvidia, Micron lead fall of chip stocks as AI trade cools",
        "Nvidia, Micron, Intel lead fall of chip stocks as AI trade cools",
        event=Event.RESULTS, chip_export=0.1,
    )  # fmt: skip
    assert second.outcome is Outcome.REPEAT


def test_whom_a_measure_hits_is_news():
    """A measure that now names another company is an update."""
    _, second = decided(
        "US halts licences for sale of chip tools to China, Lam Research says",
        "US halts licences for sale of chip tools to China, Lam Research and Applied Materials say",
        event=Event.LICENCE,
    )
    assert (second.outcome, second.reason) == (Outcome.UPDATE, Reason.NEW_COMPANY)


def test_a_figure_is_news_once():
    """A sum that a retelling adds is told; its rounding, and it again after another, are not."""
    base = "China to buy Nvidia H20 chips under licence"
    reasons = [
        d.reason
        for d in decided(
            base,
            f"{base} for $4 billion",
            f"{base} for $3.9 billion",
            f"{base}, 200,000 of them",
            f"{base} for $4bn in all",
            event=Event.LICENCE,
        )
    ]
    assert reasons == [
        Reason.NEW_STORY, Reason.NEW_NUMBER, Reason.SAME_STORY, Reason.NEW_NUMBER, Reason.SAME_STORY,
    ]  # fmt: skip


def test_another_tone_about_shares_is_no_change_of_status():
    """`reported` and `confirmed` mean little where everybody sees the price."""
    _, second = decided(
        ("Chip stocks end lower as AI spending worries mount, traders say", {"status": Status.REPORTED}),
        ("Chip stocks end lower as AI spending worries mount", {"status": Status.CONFIRMED}),
        event=Event.RESULTS, chip_export=0.1,
    )  # fmt: skip
    assert second.outcome is Outcome.REPEAT


@pytest.mark.parametrize(
    ("told", "new", "news"),
    [
        (Status.REPORTED, Status.CONFIRMED, True),
        (Status.CONFIRMED, Status.REPORTED, False),
        (Status.CONFIRMED, Status.DENIED, True),
        (Status.DENIED, Status.CONFIRMED, True),
        (Status.REPORTED, Status.COMMENTARY, False),
        (Status.REPORTED, Status.REPORTED, False),
    ],
)
def test_status_goes_forward(told, new, news):
    """A step forward and any denial are news; a step back is somebody late."""
    assert advances(told, new) is news


def test_figures_agree_within_rounding():
    """Sums may be rounded; counts and percentages may not."""
    assert agree({"$4bn"}, {"$3.9bn"})
    assert agree({"$4bn"}, {"4bn"})
    assert not agree({"$4bn"}, {"$4.4bn"})
    assert not agree({"$4bn"}, {"$4mn"})
    assert not agree({"100"}, {"101"})
    assert not agree({"25%"}, {"26%"})


def test_two_stories_in_one_day_have_two_names():
    """The short key of a story is never another open story's, however alike their ids begin."""
    desk = Desk(COMPANIES, Thresholds(chip_export=0.6, market_moving=0.5))
    from dataclasses import replace

    slugs = []
    for number, text in enumerate(["Nvidia names a new finance chief", "Rotterdam court frees Nvidia reseller"]):
        headline = replace(make_headline(text), id=f"abcd{number:012}")
        slugs.append(desk.decide(headline, make_score(event=Event.CORPORATE), ALL, now=NOW).story.slug)
    assert len(set(slugs)) == len(desk.stories) == 2


VOCABULARY = [f"word{n}" for n in range(60)] + ["Nvidia", "AMD", "ASML", "China", "$5bn", "25%"]


def slots_of(text):
    return Slots.of(text, Event.LICENCE, Status.REPORTED, COMPANIES.find(text), (), ())


@given(st.integers(0, 2**32))
def test_nothing_is_left_of_what_was_dropped(seed):
    """An index that took stories in and out is as small as a new one: it does not grow with the days."""
    draw = random.Random(seed)
    desk = Desk(COMPANIES, Thresholds(chip_export=0.6, market_moving=0.5))
    for number in range(12):
        text = " ".join(draw.choices(VOCABULARY, k=8))
        desk.decide(make_headline(text, guid=str(number)), make_score(), ALL, now=NOW)
    index: StoryIndex = desk.index
    for slug in list(desk.stories):
        index.drop(slug)
    assert not index._postings
    assert not index._fingerprints
    assert not index._documents
    assert (len(index), index._size) == (0, 0)


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8), st.lists(st.sampled_from(VOCABULARY), max_size=8))
def test_a_veto_is_mutual(one, other):
    """With the same status on both sides, which headline came first does not matter."""
    a, b = slots_of(" ".join(one)), slots_of(" ".join(other))
    assert vetoed(a, b) == vetoed(b, a)
    assert not vetoed(a, a)
