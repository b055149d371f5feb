"""Same story or another: real wordings of the field, in our own words."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import Destination, Event, Outcome, Reason, Status, Tier, Topic
from bot.rules.evidence import WEIGHTS, Overlap, evidence, likelihood, pooled
from bot.rules.same_story import NEAR, TAKES, StoryIndex
from bot.rules.slots import Slots, advances, agree, vetoed
from bot.subscriptions import make_subscription
from classifiers.api import Thresholds
from tests.fakes.classifier import FakeClassifier
from tests.fakes.values import NOW, make_headline, make_score

COMPANIES = load_companies()
ALL = [make_subscription(Destination.parse("console"), topics=list(Topic), origin="file")]


def new_desk(model=None):
    embed = None if model is None else model.embed
    return Desk(COMPANIES, Thresholds(chip_export=0.6, market_moving=0.5), embed=embed)


def pointing(degrees):
    """A meaning: two of them are as alike as their directions are near, and opposite ones tell of other things."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))], dtype=np.float32)


def model_of(degrees):
    """A model that gives each headline the direction it is told."""
    return FakeClassifier(meaning=lambda text: pointing(degrees[text]))


def decided(*lines, model=None, **score):
    """What became of headlines, told in this order to one desk; a line may bring its own score."""
    desk = new_desk(model)
    ends = []
    for number, line in enumerate(lines):
        text, own = line if isinstance(line, tuple) else (line, {})
        own = dict(own)
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
    desk = new_desk()
    slugs = []
    for number, text in enumerate(["Nvidia names a new finance chief", "Rotterdam court frees Nvidia reseller"]):
        headline = replace(make_headline(text), id=f"abcd{number:012}")
        slugs.append(desk.decide(headline, make_score(event=Event.CORPORATE), ALL, now=NOW).story.slug)
    assert len(set(slugs)) == len(desk.stories) == 2


CLAIM = "Nvidia cleared to ship H20 accelerators to the mainland"
IN_OTHER_WORDS = "Washington waves through H20 sales of Nvidia, insiders tell paper"
ELSEWHERE = "Dutch court orders memory maker to pay its former supplier"


def test_a_meaning_joins_what_shares_few_words():
    """A rewrite in words of its own is the same story where it means the same, and only then."""
    model = model_of({CLAIM: 0, ELSEWHERE: 180, IN_OTHER_WORDS: 5})
    lines = [CLAIM, ELSEWHERE, IN_OTHER_WORDS]
    first, other, again = decided(*lines, model=model, event=Event.CORPORATE)
    assert [first.outcome, other.outcome, again.outcome] == [Outcome.ALERT, Outcome.ALERT, Outcome.REPEAT]
    assert again.story.slug == first.story.slug
    assert decided(*lines, event=Event.CORPORATE)[2].outcome is Outcome.ALERT, "words alone do not tell"


def test_a_meaning_parts_what_shares_nearly_all_words():
    """Where two headlines mean the opposite, words join them no more."""
    told, new = "Micron jumps on memory prices", "Micron jumps on memory prices again"
    assert decided(told, new, event=Event.RESULTS)[1].outcome is Outcome.REPEAT
    model = model_of({told: 0, new: 180})
    assert decided(told, new, model=model, event=Event.RESULTS)[1].outcome is Outcome.ALERT


@pytest.mark.parametrize(
    ("told", "new"),
    [
        ("Micron jumps on memory prices", "Micron jumps on memory prices again"),
        ("Micron jumps on memory prices", "Micron tumbles on memory prices"),
        (CLAIM, IN_OTHER_WORDS),
    ],
)
def test_a_model_that_gives_no_meaning_leaves_it_to_the_words(told, new):
    """Another checkpoint may have none to give; the rest is as without it."""
    silent = FakeClassifier(meaning=None)
    with_it = decided(told, new, model=silent, event=Event.RESULTS)
    without = decided(told, new, event=Event.RESULTS)
    assert [(d.outcome, d.reason) for d in with_it] == [(d.outcome, d.reason) for d in without]
    assert silent.asked


def test_one_document_is_one_story_whatever_its_titles_mean():
    """What is the same by its words or its paper is joined against the model's sense of it."""
    model = model_of({"Notice on tools": 0, "Final text of a rule": 180})
    paper = {"headline": {"tier": Tier.PRIMARY, "official": True, "document": "2026-1"}}
    lines = [("Notice on tools", paper), ("Notice on tools", {}), ("Final text of a rule", paper)]
    assert len({d.story.slug for d in decided(*lines, model=model, event=Event.EXPORT_RULE)}) == 1


def test_one_meaning_joins_no_two_documents():
    """Two papers of one agency are two stories, however alike their titles mean."""
    model = model_of({"Notice on chip tools": 0, "Further notice on chip tools": 0})
    one, two = ({"headline": {"tier": Tier.PRIMARY, "official": True, "document": d}} for d in ("2026-1", "2026-2"))
    lines = [("Notice on chip tools", one), ("Further notice on chip tools", two)]
    assert len({d.story.slug for d in decided(*lines, model=model)}) == 2


@pytest.mark.parametrize(("event", "stories"), [(Event.RETALIATION, 2), (Event.ENTITY_LIST, 1)])
def test_a_paper_that_names_nobody_joins_no_other_kind_of_event(event, stories):
    """However alike they mean: the lists of two states are two events, a rumour of a list and the list are one."""
    told, title = "Two chip designers put on a list", "Additions to the list"
    paper = {"event": Event.ENTITY_LIST, "headline": {"tier": Tier.PRIMARY, "official": True, "document": "2026-1"}}
    ends = decided((told, {"event": event}), (title, paper), model=model_of({told: 0, title: 0}))
    assert len({end.story.slug for end in ends}) == stories


def test_of_several_stories_the_likeliest_is_joined():
    """Not the first that is likely enough, and not the one most alike in words."""
    told = {"Nvidia sale weighed": 0, "Nvidia sale drafted": 120, "Nvidia sale on hold": 240}
    index, story = StoryIndex(), decided("Chip curbs")[0].story
    for text, degrees in told.items():
        index.put(replace(story, slug=text), [slots_of(text, pointing(degrees))])
    assert index.match(slots_of("Nvidia sale weighed anew", pointing(125)), NOW).slug == "Nvidia sale drafted"


def test_a_model_is_asked_for_what_may_be_told_alone():
    """What no threshold lets through costs no embedding, and each headline that passes is asked for once."""
    model = FakeClassifier(meaning=lambda text: pointing(0 if "curbs" in text else 180))
    decided("Choir wins prize", model=model, chip_export=0.1, market_moving=0.1)
    assert model.asked == []
    decided("Chip curbs weighed", "Cup final moved", model=model)
    assert model.asked == ["Chip curbs weighed", "Cup final moved"]


def test_open_stories_are_embedded_once_when_they_are_loaded():
    """Their first and their latest headlines, and what joins them joins them as before the restart."""
    model = model_of({CLAIM: 0, ELSEWHERE: 180, IN_OTHER_WORDS: 5})
    before = new_desk(model)
    for number, text in enumerate([CLAIM, ELSEWHERE]):
        before.decide(make_headline(text, guid=str(number)), make_score(event=Event.CORPORATE), ALL, now=NOW)
    model.asked.clear()
    desk = new_desk(model)
    desk.load(list(before.stories.values()))
    assert sorted(model.asked) == sorted([CLAIM, ELSEWHERE])
    again = desk.decide(make_headline(IN_OTHER_WORDS), make_score(event=Event.CORPORATE), ALL, now=NOW)
    assert again.outcome is Outcome.REPEAT
    assert again.story.first_text == CLAIM


def numbered(count):
    """Headlines that differ in one word, which is no figure."""
    return [f"Chip curbs of kind {'a' * (n // 26 + 1)}{chr(97 + n % 26)}" for n in range(count)]


def test_few_are_weighed():
    """However many stories are open: so many by their words, and as many by what they mean."""
    texts = numbered(80)
    model = model_of({text: n * 360 / len(texts) for n, text in enumerate(texts)})
    index = StoryIndex()
    story = decided("Chip curbs")[0].story
    for text in texts:
        index.put(replace(story, slug=text), [slots_of(text, model.meaning(text))])
    weighed = index.candidates(slots_of("Chip curbs of another kind", pointing(90)), NOW)
    assert NEAR < len(weighed) <= 2 * NEAR
    assert len({take.slug for take, _ in weighed}) == len(weighed)
    assert texts[20] in {take.slug for take, _ in weighed}, "the nearest in meaning is among them"
    assert len(index.candidates(slots_of("Chip curbs of another kind"), NOW)) == NEAR


def test_a_story_is_compared_by_a_few_of_its_headlines():
    """Its first and its newest: a story of a hundred headlines costs no more than one of four."""
    index, story, (first, *others) = StoryIndex(), decided("Chip curbs")[0].story, numbered(30)
    index.put(story, [slots_of(first, pointing(0))])
    for text in others:
        index.join(story, slots_of(text, pointing(0)))
        assert len(index.candidates(slots_of(text, pointing(0)), NOW)) <= TAKES
    compared = {take.slots.text for take, _ in index.candidates(slots_of("Chip curbs", pointing(0)), NOW)}
    assert compared == {first, *others[-TAKES + 1 :]}


VOCABULARY = [f"word{n}" for n in range(60)] + ["Nvidia", "AMD", "ASML", "China", "$5bn", "25%"]


def slots_of(text, meaning=None):
    return Slots.of(text, Event.LICENCE, Status.REPORTED, COMPANIES.find(text), (), (), meaning=meaning)


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_nothing_is_left_of_what_was_dropped(seed):
    """An index that took stories in and out is as small as a new one: it does not grow with the days."""
    draw = random.Random(seed)
    desk = new_desk(FakeClassifier(meaning=lambda _: pointing(draw.uniform(0, 360))))
    for number in range(12):
        text = " ".join(draw.choices(VOCABULARY, k=8))
        desk.decide(make_headline(text, guid=str(number)), make_score(), ALL, now=NOW)
    index: StoryIndex = desk.index
    for slug in list(desk.stories):
        index.drop(slug)
    assert not index._postings
    assert not index._fingerprints
    assert not index._documents
    assert (len(index), index._size, len(index._meanings)) == (0, 0, 0)


PHRASES = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)


OVERLAPS = st.builds(Overlap, cosine=st.floats(0, 1), company=st.floats(0, 1), hours=st.floats(0, 72))


@given(PHRASES, PHRASES, OVERLAPS, st.floats(0, 180), st.floats(0, 180))
def test_the_nearer_the_meaning_the_likelier_one_event(one, other, overlap, p, q):
    """The likelihood rises with likeness of meaning, whatever else speaks for or against."""
    told = slots_of(one, pointing(0))
    far, near = (likelihood(told, slots_of(other, pointing(x)), overlap) for x in sorted((p, q), reverse=True))
    assert 0 <= far <= near + 1e-4 <= 1.001
    sure, unsure = (likelihood(told, slots_of(other, pointing(x)), overlap) for x in (10, 120))
    assert sure > unsure


@given(PHRASES, PHRASES, OVERLAPS, st.floats(0, 180))
def test_evidence_is_mutual(one, other, overlap, degrees):
    """With the same status on both sides only a further company tells which came first; each kind is a share, a yes
    or no, or the logarithm of hours."""
    a, b = slots_of(one, pointing(0)), slots_of(other, pointing(degrees))
    further = list(WEIGHTS).index("further company")
    found, back = (list(evidence(x, y, overlap)) for x, y in ((a, b), (b, a)))
    assert found[:further] + found[further + 1 :] == pytest.approx(back[:further] + back[further + 1 :])
    assert len(found) == len(WEIGHTS)
    assert -1.001 <= found[0] <= 1.001
    assert all(
        0 <= value <= (math.log(73) if kind == "hours apart" else 1)
        for kind, value in zip(list(WEIGHTS)[1:], found[1:], strict=True)
    )
    assert evidence(slots_of(one), b, overlap)[0] == 0, "what is not known speaks neither way"


@given(PHRASES, PHRASES, OVERLAPS, st.floats(0, 72), st.floats(0, 180))
def test_the_longer_ago_the_less_likely_one_event(one, other, overlap, hours, degrees):
    """The same words days later are more often the next event than the next minute."""
    told, new = slots_of(one, pointing(0)), slots_of(other, pointing(degrees))
    soon, late = (likelihood(told, new, replace(overlap, hours=h)) for h in sorted((overlap.hours, hours)))
    assert soon >= late


def test_a_company_of_many_stories_says_less_than_one_of_few():
    """Nvidia in common is no sign of one event where every other story names it."""
    index, story = StoryIndex(), decided("Chip curbs")[0].story
    for number, name in enumerate(["Nvidia", "Nvidia", "Nvidia", "Nvidia", "ASML"]):
        index.put(
            replace(story, slug=f"{number}"), [slots_of(f"{name} tells of thing {number}", pointing(60 * number))]
        )
    rarity = {
        name: max(overlap.company for _, overlap in index.candidates(slots_of(f"{name} speaks", pointing(0)), NOW))
        for name in ("Nvidia", "ASML", "AMD")
    }
    assert 0 == rarity["AMD"] < rarity["Nvidia"] < rarity["ASML"] == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.randoms())
def test_a_story_is_as_likely_as_its_headlines(likelihoods, draw):
    """Between the most alike and the mean, whatever their order; of one headline its own."""
    shuffled = draw.sample(likelihoods, len(likelihoods))
    assert pooled(shuffled) == pooled(likelihoods)
    assert sum(likelihoods) / len(likelihoods) - 1e-9 <= pooled(likelihoods) <= max(likelihoods) + 1e-9
    assert pooled(likelihoods[:1]) == pytest.approx(likelihoods[0])


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8), st.lists(st.sampled_from(VOCABULARY), max_size=8))
def test_a_veto_is_mutual(one, other):
    """With the same status on both sides, which headline came first does not matter."""
    a, b = slots_of(" ".join(one)), slots_of(" ".join(other))
    assert vetoed(a, b) == vetoed(b, a)
    assert not vetoed(a, a)
