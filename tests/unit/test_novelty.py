"""What a further headline of a story adds, row by row of the table in ``bot.rules.novelty``."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Event, Reason, Status, Story, Tier, Topic, Urgency
from bot.rules.novelty import INHIBITS_FOR, REPEATS, VOICES, corrects, in_force, kills, news
from bot.rules.slots import Slots
from bot.rules.wording import material_figures
from tests.fakes.values import NOW, make_headline, make_score

TOLD = "US weighs licence for Nvidia sales of H20 chips to China"


def story(**changes):
    """A licence that one house reported an hour ago."""
    told = Story(
        slug="nvidia-licence",
        event=Event.LICENCE,
        status=Status.REPORTED,
        urgency=Urgency.ALERT,
        topics=frozenset({Topic.CHIP_EXPORT}),
        first_headline_id="1",
        first_text=TOLD,
        latest_text=TOLD,
        fingerprints=frozenset(),
        companies=frozenset({"Nvidia"}),
        publishers=frozenset({"kite wire"}),
        documents=frozenset(),
        count=1,
        created_at=NOW - timedelta(hours=1),
        updated_at=NOW - timedelta(hours=1),
    )
    return replace(told, **changes)


def told_of(known, text=TOLD, *, companies=("Nvidia",), same_words=False, headline=None, **score):
    """What `news` makes of one more headline; `headline` changes its fields, the rest its score."""
    scored = make_score(**score)
    slots = replace(Slots.of(text, scored.event, scored.status, (), (), ()), companies=frozenset(companies))
    return news(
        known,
        make_headline(text, **(headline or {})),
        scored,
        slots,
        now=NOW,
        figures=material_figures(known.first_text) | material_figures(known.latest_text),
        market_moving=0.5,
        same_words=same_words,
    )


OFFICIAL = {"tier": Tier.PRIMARY, "official": True, "document": "2026-1"}


@pytest.mark.parametrize(
    ("known", "headline", "same_words"),
    [
        (story(), OFFICIAL, False),
        (story(status=Status.CONFIRMED), OFFICIAL, False),
        (story(), OFFICIAL, True),  # an agency's title may be what a wire wrote
        (story(documents=frozenset({"f-1"})), OFFICIAL | {"guid": "f-1#text", "document": "f-1"}, False),
    ],
)
def test_an_official_text_is_news(known, headline, same_words):
    """The agency's own document of what only outlets told, and what a filing holds that was told by its form."""
    assert told_of(known, headline=headline, same_words=same_words) is Reason.OFFICIAL_TEXT


def test_an_official_text_is_news_once():
    """A second paper of a story that has one already is judged by what it says."""
    assert told_of(story(documents=frozenset({"2026-0"})), headline=OFFICIAL) is Reason.SAME_STORY


@pytest.mark.parametrize(
    "text",
    [
        f"CORRECTED: {TOLD}",
        f"Correction - {TOLD}",
        f"REFILE-{TOLD}",
        f"KILL: {TOLD}",
        "Retraction: report on Nvidia licence was wrong",
        "Paper withdraws its report on Nvidia licence",
    ],
)
def test_a_correction_is_news(text):
    """A source that mends or takes back what it said is told, however alike the words."""
    assert told_of(story(), text) is Reason.CORRECTION


def test_a_correction_is_told_once():
    """The same correction in the same words elsewhere only counts."""
    assert told_of(story(), f"CORRECTED: {TOLD}", same_words=True) is Reason.SAME_WORDS


@pytest.mark.parametrize("status", Status)
def test_the_same_words_are_no_news(status):
    """Whatever the model makes of them the second time."""
    assert told_of(story(), same_words=True, status=status) is Reason.SAME_WORDS


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (Status.REPORTED, Status.PROPOSED, Reason.STATUS_CHANGE),
        (Status.REPORTED, Status.CONFIRMED, Reason.STATUS_CHANGE),
        (Status.CONFIRMED, Status.DENIED, Reason.STATUS_CHANGE),
        (Status.DENIED, Status.CONFIRMED, Reason.STATUS_CHANGE),
        (Status.CONFIRMED, Status.REPORTED, Reason.SAME_STORY),
        (Status.REPORTED, Status.REPORTED, Reason.SAME_STORY),
        (Status.REPORTED, Status.COMMENTARY, Reason.SAME_STORY),
    ],
)
def test_a_status_that_moves_on_is_news(before, after, reason):
    """A step forward, a denial and its return are told; somebody late and commentary are not."""
    assert told_of(story(status=before), status=after) is reason


@pytest.mark.parametrize(
    ("known", "score", "reason"),
    [
        (story(), {"event": Event.TARIFF}, Reason.SAME_STORY),
        (story(event=Event.RESULTS, topics=frozenset({Topic.SEMIS})), {"event": Event.RESULTS}, Reason.SAME_STORY),
        (story(event=Event.RESULTS), {"event": Event.RESULTS}, Reason.STATUS_CHANGE),
    ],
)
def test_whose_status_moves_on_matters(known, score, reason):
    """Of another event, or of shares that everybody sees, a firmer tone says nothing."""
    assert told_of(known, status=Status.CONFIRMED, **score) is reason


def test_a_withdrawn_document_moves_the_status_whatever_its_event():
    """That an agency took its paper back is a fact of the source."""
    known = story(documents=frozenset({"2026-1"}), event=Event.ENTITY_LIST, status=Status.CONFIRMED)
    headline = OFFICIAL | {"guid": "2026-1#withdrawn"}
    assert told_of(known, "Withdrawn: BIS rule", headline=headline, status=Status.DENIED) is Reason.STATUS_CHANGE


DECIDED = "US approves licence for Nvidia sales of H20 chips to China"


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("US licence rule for H20 chips takes effect", Status.CONFIRMED, Reason.IN_FORCE),
        ("US rule on H20 chips came into force on Monday", Status.CONFIRMED, Reason.IN_FORCE),
        ("US rule on H20 chips is now in effect", Status.CONFIRMED, Reason.IN_FORCE),
        ("US rule on H20 chips kicks in", Status.CONFIRMED, Reason.IN_FORCE),
        ("US rule on sales of H20 chips to China takes effect", Status.CONFIRMED, Reason.IN_FORCE),
        ("US rule on H20 chips that was announced in May takes effect", Status.CONFIRMED, Reason.IN_FORCE),
        ("US rule on H20 chips may take effect on Monday", Status.CONFIRMED, Reason.SAME_STORY),
        ("US rule on sales of H20 chips will on Monday take effect", Status.CONFIRMED, Reason.SAME_STORY),
        ("US rule on H20 chips to fully take effect on Monday", Status.CONFIRMED, Reason.SAME_STORY),
        ("US rule on H20 chips set to come into force", Status.CONFIRMED, Reason.SAME_STORY),
        ("What changes when the US rule on H20 chips takes effect", Status.CONFIRMED, Reason.SAME_STORY),
        ("US rule on H20 chips takes effect", Status.COMMENTARY, Reason.SAME_STORY),
    ],
)
def test_what_is_now_in_force_is_news(text, status, reason):
    """From today on is told; that it will be, or somebody's view of it, is not."""
    known = story(first_text=DECIDED, latest_text=DECIDED, status=Status.CONFIRMED)
    assert told_of(known, text, status=status) is reason


def test_in_force_is_told_once():
    """Where the story's own words say it already, it is no news."""
    told = "US rule on H20 chips takes effect"
    known = story(first_text=DECIDED, latest_text=told, status=Status.CONFIRMED)
    assert told_of(known, f"{told} for Nvidia", status=Status.CONFIRMED) is Reason.SAME_STORY


@pytest.mark.parametrize(
    ("text", "companies", "tier", "age", "reason"),
    [
        (TOLD, ("Nvidia", "AMD"), Tier.WIRE, timedelta(hours=1), Reason.INHIBITED),
        (f"{TOLD} for $4 billion", ("Nvidia",), Tier.PRESS, timedelta(hours=1), Reason.INHIBITED),
        (TOLD, ("Nvidia",), Tier.SOCIAL, INHIBITS_FOR, Reason.INHIBITED),
        (TOLD, ("Nvidia", "AMD"), Tier.WIRE, INHIBITS_FOR + timedelta(seconds=1), Reason.NEW_COMPANY),
        (TOLD, ("Nvidia", "AMD"), Tier.PRIMARY, timedelta(hours=1), Reason.NEW_COMPANY),
    ],
)
def test_an_official_text_silences_its_retellings(text, companies, tier, age, reason):
    """For a day, further names and figures are taken to stand in the paper; not those of another official source."""
    known = story(documents=frozenset({"2026-1"}), status=Status.CONFIRMED, updated_at=NOW - age)
    got = told_of(known, text, companies=companies, headline={"tier": tier}, status=Status.CONFIRMED)
    assert got is reason


@pytest.mark.parametrize(
    ("houses", "publisher", "status", "reason"),
    [
        (4, "Harbour Daily", Status.REPORTED, Reason.CORROBORATED),
        (3, "Harbour Daily", Status.REPORTED, Reason.SAME_STORY),
        (5, "Harbour Daily", Status.REPORTED, Reason.SAME_STORY),
        (4, "House 1", Status.REPORTED, Reason.SAME_STORY),
        (4, "Yahoo Finance", Status.REPORTED, Reason.SAME_STORY),
        (4, "Harbour Daily", Status.CONFIRMED, Reason.SAME_STORY),
    ],
)
def test_the_fifth_house_is_news(houses, publisher, status, reason):
    """Once, for another house than those before, and only of what was not settled."""
    known = story(publishers=frozenset(f"house {n}" for n in range(houses)), status=status)
    assert told_of(known, headline={"publisher": publisher}) is reason
    assert VOICES == 5


@pytest.mark.parametrize("score", [{"status": Status.COMMENTARY}, {"market_moving": 0.49}])
def test_what_moves_no_market_is_no_news(score):
    """Commentary and colour bring no name and no figure that anybody must hear."""
    assert told_of(story(), f"{TOLD} for $4 billion", companies=("Nvidia", "AMD"), **score) is Reason.SAME_STORY


@pytest.mark.parametrize(
    ("known", "companies", "score", "reason"),
    [
        (story(), ("Nvidia", "AMD"), {}, Reason.NEW_COMPANY),
        (story(), ("AMD",), {}, Reason.NEW_COMPANY),
        (story(), ("Nvidia",), {}, Reason.SAME_STORY),
        (story(), (), {}, Reason.SAME_STORY),
        (story(), ("Nvidia", "AMD"), {"event": Event.TARIFF}, Reason.SAME_STORY),
        (story(topics=frozenset({Topic.SEMIS})), ("Nvidia", "AMD"), {}, Reason.SAME_STORY),
        (story(event=Event.CORPORATE), ("Nvidia", "AMD"), {"event": Event.CORPORATE}, Reason.SAME_STORY),
    ],
)
def test_whom_a_measure_hits_is_news(known, companies, score, reason):
    """Another company under the same measure is told; who else is named in other news is not."""
    assert told_of(known, companies=companies, **score) is reason


@pytest.mark.parametrize(
    ("text", "event", "reason"),
    [
        (f"{TOLD} for $4 billion", Event.LICENCE, Reason.NEW_NUMBER),
        (f"{TOLD}, 200,000 of them", Event.LICENCE, Reason.NEW_NUMBER),
        (f"{TOLD} for $4 billion", Event.RESULTS, Reason.SAME_STORY),
        (TOLD, Event.LICENCE, Reason.SAME_STORY),
    ],
)
def test_a_figure_is_news(text, event, reason):
    """A figure that was not told; but of results everybody has a figure."""
    assert told_of(story(), text, event=event) is reason


def test_a_figure_that_was_told_is_no_news():
    """Nor is its rounding."""
    known = story(first_text=f"{TOLD} for $3.9 billion")
    assert told_of(known, f"{TOLD} for $4 billion") is Reason.SAME_STORY


@pytest.mark.parametrize(
    ("text", "mends", "takes_back"),
    [
        ("CORRECTED: Chip maker lifts forecast", True, False),
        ("(Corrects figure) Chip maker lifts forecast", True, False),
        ("KILL: Chip maker lifts forecast", True, True),
        ("Paper withdraws report on chip maker", True, True),
        ("Killer app lifts chip maker", False, False),
        ("Chip maker corrects course in China", False, False),
        ("Chip maker withdraws from China", False, False),
    ],
)
def test_what_is_a_correction(text, mends, takes_back):
    """Only a source's own word about its story counts, not the same verbs in the news."""
    assert (corrects(text), kills(text)) == (mends, takes_back)


@given(
    st.sampled_from(Status), st.sampled_from(Status), st.sampled_from(Event), st.sampled_from(Tier), st.booleans(),
    st.floats(0, 1), st.sampled_from([TOLD, f"CORRECTED: {TOLD}", f"{TOLD} for $4bn", "It takes effect", ""]),
)  # fmt: skip
def test_every_headline_adds_something_or_repeats(before, after, event, tier, same_words, moving, text):
    """Whatever comes, there is one reason, fit for an update or a repeat; the same words are never an update."""
    headline = {"tier": tier}
    got = told_of(
        story(status=before), text, headline=headline, same_words=same_words, status=after, event=event,
        market_moving=moving,
    )  # fmt: skip
    updates = {
        Reason.STATUS_CHANGE, Reason.NEW_COMPANY, Reason.NEW_NUMBER, Reason.OFFICIAL_TEXT, Reason.IN_FORCE,
        Reason.CORROBORATED, Reason.CORRECTION,
    }  # fmt: skip
    assert got in REPEATS | updates
    assert not same_words or got is Reason.SAME_WORDS
    assert in_force(text) is (text == "It takes effect")
