"""The desk: which headlines open a story, which change it, which only count, and that each has one end."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.desk import Desk
from bot.domain import Amends, DeliveryState, Destination, Event, Outcome, Reason, Status, Tier, Topic, Urgency
from bot.rules.same_story import WINDOW
from bot.subscriptions import make_subscription
from classifiers.api import Thresholds
from tests.fakes.values import NOW, make_headline, make_score

THRESHOLDS = Thresholds(chip_export=0.6, market_moving=0.5)
SLACK = make_subscription(Destination.parse("slack:C1"), origin="file")
ALL = make_subscription(Destination.parse("telegram:@all"), topics=list(Topic), origin="file")
COMPANIES = load_companies()


def new_desk():
    return Desk(COMPANIES, THRESHOLDS)


def decide(desk, text, *, at=NOW, told_before=None, headline=None, **score):
    """Decide one headline; `headline` changes its fields, the rest its score."""
    changes = {"guid": f"{text}@{at}", **(headline or {})}
    return desk.decide(
        make_headline(text, **changes), make_score(**score), [SLACK, ALL], now=at, told_before=told_before
    )


RUMOUR = "Beijing weighs letting Alibaba import Nvidia H200 chips - sources"
REWRITE = "Beijing weighs letting Alibaba import Nvidia's H200 chips, sources say"
APPROVED = "Beijing approves Alibaba imports of Nvidia H200 chips, ministry says"
DENIED = "Beijing denies it is letting Alibaba import Nvidia H200 chips"
IMPORT = {"event": Event.IMPORT_RULE}


def test_first_headline_opens_a_story_and_is_told():
    """A new event is an alert, with the companies it names, for whoever wants it."""
    decision = decide(new_desk(), RUMOUR, **IMPORT)
    assert (decision.outcome, decision.reason) == (Outcome.ALERT, Reason.NEW_STORY)
    assert set(decision.alert.tickers) == {"BABA", "NVDA"}
    assert [d.state for d in decision.deliveries] == [DeliveryState.PENDING, DeliveryState.PENDING]
    assert decision.story.slug.startswith("alibaba-")


def test_same_words_of_another_outlet_only_count():
    """The same words elsewhere raise the count; they are the same reporter's, so no further house is behind them."""
    desk = new_desk()
    first = decide(desk, RUMOUR, **IMPORT)
    again = decide(desk, f"EXCLUSIVE-{RUMOUR}", headline={"publisher": "Harbour Daily"}, **IMPORT)
    assert (again.outcome, again.reason, again.alert) == (Outcome.REPEAT, Reason.SAME_WORDS, None)
    assert again.story.slug == first.story.slug
    assert (again.story.count, len(again.story.publishers)) == (2, 1)


def test_rewrite_is_a_repeat():
    """Nearly the same words with the same companies and figures are the same story."""
    desk = new_desk()
    decide(desk, RUMOUR, **IMPORT)
    assert decide(desk, REWRITE, **IMPORT).outcome is Outcome.REPEAT


def test_same_page_through_another_feed_is_a_duplicate():
    """One article in two feeds of its publisher is one headline."""
    desk = new_desk()
    decide(desk, RUMOUR, **IMPORT)
    again = decide(desk, RUMOUR, told_before="someone", **IMPORT)
    assert (again.outcome, again.reason) == (Outcome.SPIKE, Reason.DUPLICATE)


def test_what_changes_the_posted_messages():
    """A further house raises the count, a change of status is shown at once, the same words again change nothing."""
    desk = new_desk()
    assert decide(desk, RUMOUR, **IMPORT).amends is Amends.NOTHING
    assert decide(desk, REWRITE, headline={"publisher": "Harbour Daily"}, **IMPORT).amends is Amends.COUNT
    assert decide(desk, f"UPDATE 1-{RUMOUR}", headline={"guid": "again"}, **IMPORT).amends is Amends.NOTHING
    assert decide(desk, DENIED, status=Status.DENIED, **IMPORT).amends is Amends.STATUS
    assert decide(desk, "Potato chip recall", chip_export=0.1, market_moving=0.1).amends is Amends.NOTHING


def test_confirmation_is_an_update_of_the_same_story():
    """What was reported and is now confirmed updates the story, and says what it was before."""
    desk = new_desk()
    first = decide(desk, RUMOUR, **IMPORT)
    update = decide(desk, APPROVED, status=Status.CONFIRMED, **IMPORT)
    assert (update.outcome, update.reason) == (Outcome.UPDATE, Reason.STATUS_CHANGE)
    assert update.story.slug == first.story.slug
    assert (update.alert.previous_status, update.story.status) == (Status.REPORTED, Status.CONFIRMED)


def test_denial_is_as_loud_as_the_claim():
    """A denial updates the story with at least the urgency of what it denies."""
    desk = new_desk()
    first = decide(desk, RUMOUR, **IMPORT)
    denial = decide(desk, DENIED, status=Status.DENIED, headline={"tier": Tier.SOCIAL}, **IMPORT)
    assert (denial.outcome, denial.story.slug) == (Outcome.UPDATE, first.story.slug)
    assert denial.alert.urgency.rank >= first.alert.urgency.rank


def test_a_denial_that_names_nobody_is_known_by_its_figure():
    """A measure without companies is followed by what it is about and how much."""
    desk = new_desk()
    told = decide(desk, "US mulls tariff of up to 25% on imported legacy chips - officials", event=Event.TARIFF)
    denial = decide(
        desk,
        "Commerce Department denies it is considering a tariff of 25% on imported legacy chips",
        event=Event.TARIFF,
        status=Status.DENIED,
    )
    assert (denial.outcome, denial.story.slug) == (Outcome.UPDATE, told.story.slug)


def test_official_text_updates_a_rumour():
    """An agency's own document for a story that only outlets had is an update."""
    desk = new_desk()
    decide(desk, RUMOUR, **IMPORT)
    official = {"tier": Tier.PRIMARY, "document": "2026-1", "official": True}
    update = decide(desk, REWRITE, headline=official, status=Status.CONFIRMED, **IMPORT)
    assert (update.outcome, update.reason) == (Outcome.UPDATE, Reason.OFFICIAL_TEXT)


def test_a_withdrawn_document_is_told_to_whoever_was_told_of_it():
    """An agency takes its rule back: a loud update of the same story, whatever the model makes of the words."""
    desk = new_desk()
    official = {"tier": Tier.PRIMARY, "document": "2026-7", "official": True}
    rule = decide(
        desk,
        "BIS rule: Additions to the Entity List",
        headline=official,
        status=Status.CONFIRMED,
        event=Event.ENTITY_LIST,
    )
    taken_back = official | {"guid": "2026-7#withdrawn"}
    update = decide(
        desk, "Withdrawn from public inspection: BIS rule", headline=taken_back, chip_export=0.1, market_moving=0.1
    )
    assert (update.outcome, update.reason) == (Outcome.UPDATE, Reason.STATUS_CHANGE)
    assert (update.story.slug, update.story.status) == (rule.story.slug, Status.DENIED)
    assert update.alert.urgency is rule.alert.urgency
    assert decide(desk, "Withdrawn: BIS notice on fees", headline={"guid": "x#withdrawn"}, chip_export=0.1,
                  market_moving=0.1).outcome is Outcome.SPIKE  # fmt: skip


def test_an_8k_under_item_801_is_told_before_it_is_read_and_again_when_it_is():
    """Other events may be anything: the listing is told quietly, its text as an update of the same story."""
    desk = new_desk()
    filing = {"tier": Tier.PRIMARY, "document": "0001045810-26-000999", "official": True}
    dull = {"chip_export": 0.01, "market_moving": 0.3, "event": Event.CORPORATE, "status": Status.CONFIRMED}
    listed = decide(desk, "Nvidia files 8-K: other events (item 8.01)", headline=filing, **dull)
    assert (listed.outcome, listed.alert.urgency) == (Outcome.ALERT, Urgency.WATCH)
    assert [d.state for d in listed.deliveries] == [DeliveryState.PENDING, DeliveryState.PENDING]
    text = "Nvidia 8-K, item 8.01: the US government requires a licence for exports of H20 chips to China"
    read = decide(desk, text, headline=filing | {"guid": "0001045810-26-000999#text"}, status=Status.CONFIRMED)
    assert (read.outcome, read.reason) == (Outcome.UPDATE, Reason.OFFICIAL_TEXT)
    assert (read.story.slug, read.story.event) == (listed.story.slug, Event.LICENCE)
    other = decide(
        desk, "Nvidia files 8-K: officers and directors (item 5.02)", headline=filing | {"document": "x"}, **dull
    )
    assert other.outcome is Outcome.SPIKE


def test_a_late_rumour_does_not_undo_a_confirmation():
    """Somebody who is late does not move a story back."""
    desk = new_desk()
    decide(desk, APPROVED, status=Status.CONFIRMED, **IMPORT)
    late = decide(desk, "Beijing may approve Alibaba imports of Nvidia H200 chips, ministry source says", **IMPORT)
    assert late.outcome is Outcome.REPEAT
    assert late.story.status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("told", "new"),
    [
        (
            "US grants Nvidia licence to sell H20 chips to China",
            "US grants AMD licence to sell MI308 chips to China",
        ),
        (
            "Japan adds 23 chip tools to its export control list",
            "Netherlands adds 23 chip tools to its export control list",
        ),
        ("Firm to pay $95 million over chip exports to China", "Firm to pay $300 million over chip exports to China"),
        ("US adds 14 firms to Entity List over chips", "US adds 37 firms to Entity List over chips"),
    ],
)
def test_alike_in_words_but_another_event(told, new):
    """Other companies, countries or figures are another story, however alike the words."""
    desk = new_desk()
    decide(desk, told, status=Status.CONFIRMED)
    assert decide(desk, new, status=Status.CONFIRMED).outcome is Outcome.ALERT


def test_below_the_threshold_is_a_spike():
    """What the model does not hold for relevant is dropped, and says why."""
    decision = decide(new_desk(), "Potato chip recall", chip_export=0.1, market_moving=0.1)
    assert (decision.outcome, decision.reason) == (Outcome.SPIKE, Reason.BELOW_THRESHOLD)
    gated = decide(new_desk(), "Cup final tonight", chip_export=0.0, market_moving=0.0, gated=True)
    assert gated.reason is Reason.GATE


def test_chip_news_without_a_measure_is_for_those_who_asked():
    """Market-moving chip news with no trade measure has the topic `semis`."""
    decision = decide(new_desk(), "Micron lifts forecast on HBM demand", chip_export=0.1, event=Event.RESULTS)
    assert decision.alert.topics == {Topic.SEMIS}
    assert [d.state for d in decision.deliveries] == [DeliveryState.FILTERED, DeliveryState.PENDING]
    assert decision.deliveries[0].reason == "topic"


def test_after_the_window_it_is_news_again():
    """A story that nobody added to for three days is closed."""
    desk = new_desk()
    first = decide(desk, RUMOUR, **IMPORT)
    later = decide(desk, REWRITE, at=NOW + WINDOW + timedelta(hours=1), **IMPORT)
    assert later.outcome is Outcome.ALERT
    assert later.story.slug != first.story.slug


def test_a_restart_remembers_the_open_stories():
    """A desk that is loaded from the store decides like the one that wrote it."""
    desk = new_desk()
    story = decide(desk, RUMOUR, **IMPORT).story
    reborn = new_desk()
    reborn.load([story])
    assert decide(reborn, REWRITE, **IMPORT).outcome is Outcome.REPEAT


def test_deciding_twice_makes_the_same_alert():
    """Ids come from the headline, so that a decision that is repeated after a crash is the same."""
    one, two = decide(new_desk(), RUMOUR, **IMPORT), decide(new_desk(), RUMOUR, **IMPORT)
    assert one.alert.id == two.alert.id
    assert [d.id for d in one.deliveries] == [d.id for d in two.deliveries]


def test_two_publishers_make_a_confirmed_act_a_flash():
    """A state's act that a second independent publisher confirms is as loud as it gets."""
    desk = new_desk()
    decide(desk, RUMOUR, **IMPORT)
    update = decide(desk, APPROVED, status=Status.CONFIRMED, headline={"publisher": "Harbour Daily"}, **IMPORT)
    assert update.alert.urgency is Urgency.FLASH


# ── how often a flash ────────────────────────────────────────────────────────────────────────────


PLACES = ["Japan", "Netherlands", "Taiwan", "South Korea", "Malaysia", "India", "Vietnam", "Germany"]
SURE = {"status": Status.CONFIRMED, "event": Event.EXPORT_RULE}
PAPER = {"tier": Tier.PRIMARY, "official": True}


def acts(desk, places, *, at=NOW, step=timedelta()):
    """Official acts of several states, each a flash by itself; returns how loudly each was told."""
    told = []
    for number, place in enumerate(places):
        paper = PAPER | {"document": f"{place}@{at}"}
        decision = decide(
            desk, f"{place} bans exports of lithography tools {number}", at=at + number * step, headline=paper, **SURE
        )
        assert decision.outcome is Outcome.ALERT
        told.append(decision.alert.urgency)
    return told


def test_too_many_flashes_in_an_hour_step_down():
    """The rest are told as alerts, and an hour after the first there is room for one again."""
    desk = Desk(COMPANIES, THRESHOLDS, flashes_per_hour=2)
    minute = timedelta(minutes=1)
    assert acts(desk, PLACES[:4], step=minute) == [Urgency.FLASH, Urgency.FLASH, Urgency.ALERT, Urgency.ALERT]
    almost = NOW + timedelta(minutes=59, seconds=59)
    assert acts(desk, PLACES[4:5], at=almost) == [Urgency.ALERT]
    hour = NOW + timedelta(hours=1)
    assert acts(desk, PLACES[5:7], at=hour) == [Urgency.FLASH, Urgency.ALERT]
    assert acts(desk, PLACES[7:8], at=hour + minute) == [Urgency.FLASH]


def test_a_flash_that_stepped_down_takes_no_room():
    """Only what was told as a flash counts against the hour."""
    desk = Desk(COMPANIES, THRESHOLDS, flashes_per_hour=1)
    assert acts(desk, PLACES[:4]) == [Urgency.FLASH, *[Urgency.ALERT] * 3]
    assert acts(desk, PLACES[4:5], at=NOW + timedelta(hours=1)) == [Urgency.FLASH]


def test_a_restart_does_not_open_the_cap():
    """Flashes that a desk finds in the store count against its hour."""
    desk = Desk(COMPANIES, THRESHOLDS, flashes_per_hour=2)
    acts(desk, PLACES[:2])
    reborn = Desk(COMPANIES, THRESHOLDS, flashes_per_hour=2)
    reborn.load(list(desk.stories.values()))
    assert acts(reborn, PLACES[2:3], at=NOW + timedelta(minutes=5)) == [Urgency.ALERT]


def test_a_denial_is_as_loud_as_the_claim_whatever_the_cap():
    """Who was woken by a claim is woken by its denial."""
    desk = Desk(COMPANIES, THRESHOLDS, flashes_per_hour=1)
    claim = decide(desk, APPROVED, headline=PAPER | {"document": "x"}, status=Status.CONFIRMED, **IMPORT)
    denial = decide(desk, DENIED, headline={"publisher": "Harbour Daily"}, status=Status.DENIED, **IMPORT)
    assert [claim.alert.urgency, denial.alert.urgency] == [Urgency.FLASH, Urgency.FLASH]


# ── who says it, and what else is news ───────────────────────────────────────────────────────────


def rewrites(desk, publishers, *, text=RUMOUR):
    """The rumour told by several outlets, each in words of its own; returns the decisions."""
    tails = ["", ", paper says", ", one insider says", " in coming weeks", " after talks", " this month", " after all"]
    return [
        decide(desk, f"{text}{tails[n]}", headline={"publisher": publisher}, **IMPORT)
        for n, publisher in enumerate(publishers)
    ]


def test_five_houses_corroborate_once():
    """The fifth independent house makes a report more than a report; the sixth is one more."""
    ends = rewrites(new_desk(), ["Kite Wire", "Harbour Daily", "Bloomberg", "Reuters", "Nikkei", "Yonhap"])
    assert [d.outcome for d in ends] == [Outcome.ALERT, *[Outcome.REPEAT] * 3, Outcome.UPDATE, Outcome.REPEAT]
    assert ends[4].reason is Reason.CORROBORATED
    assert ends[4].alert.publishers == 5
    assert len({d.story.slug for d in ends}) == 1


def test_houses_of_one_owner_and_aggregators_corroborate_nothing():
    """Their names are many and their reporters the same."""
    ends = rewrites(new_desk(), ["Kite Wire", "MSN", "Nikkei", "Nikkei Asia", "Financial Times", "Yahoo Finance"])
    assert {d.outcome for d in ends[1:]} == {Outcome.REPEAT}
    assert ends[-1].story.publishers == {"kite wire", "nikkei"}


def test_syndicated_copies_corroborate_nothing():
    """The same words in ten papers are one reporter's."""
    desk = new_desk()
    papers = ["Kite Wire", *(f"Paper {n}" for n in range(10))]
    ends = [decide(desk, RUMOUR, headline={"publisher": p, "guid": p}, **IMPORT) for p in papers]
    assert {(d.outcome, d.reason) for d in ends[1:]} == {(Outcome.REPEAT, Reason.SAME_WORDS)}
    assert (ends[-1].story.count, ends[-1].story.publishers) == (11, {"kite wire"})


def test_a_correction_is_told_and_moves_the_status_only_forward():
    """A source that mends its words updates the story, as loudly as its words are, not as a change of status."""
    desk = new_desk()
    first = decide(desk, RUMOUR, **IMPORT)
    mended = decide(desk, f"CORRECTED: {REWRITE}", **IMPORT)
    assert (mended.outcome, mended.reason) == (Outcome.UPDATE, Reason.CORRECTION)
    assert mended.story.slug == first.story.slug
    assert (mended.story.status, mended.alert.previous_status) == (Status.REPORTED, None)
    assert (first.story.corrected, mended.story.corrected) == (frozenset(), {mended.alert.publisher})


@pytest.mark.parametrize("text", [f"KILL: {REWRITE}", f"RETRACTED: {REWRITE}"])
def test_a_kill_denies_whatever_the_model_says(text):
    """A source that takes its story back says that it is not so, as loudly as it said that it is."""
    desk = new_desk()
    first = decide(desk, RUMOUR, **IMPORT)
    killed = decide(desk, text, **IMPORT)
    assert (killed.outcome, killed.reason) == (Outcome.UPDATE, Reason.CORRECTION)
    assert (killed.story.slug, killed.story.status) == (first.story.slug, Status.DENIED)
    assert killed.alert.previous_status is Status.REPORTED
    assert killed.alert.urgency.rank >= first.alert.urgency.rank


def test_what_comes_into_force_is_told_once():
    """The day on which a known measure applies is news, once."""
    desk = new_desk()
    licence = {"status": Status.CONFIRMED, "event": Event.EXPORT_RULE}
    first = decide(desk, "US bans exports of Nvidia H20 chips to China", **licence)
    starts = decide(desk, "US ban on exports of Nvidia H20 chips to China takes effect", **licence)
    again = decide(desk, "US ban on exports of Nvidia H20 chips to China goes into effect", **licence)
    assert (starts.outcome, starts.reason) == (Outcome.UPDATE, Reason.IN_FORCE)
    assert {d.story.slug for d in (starts, again)} == {first.story.slug}
    assert again.outcome is Outcome.REPEAT


def test_an_official_text_inhibits_its_retellings_for_a_day():
    """What outlets read in a paper that was told interrupts nobody; a denial still does."""
    desk = new_desk()
    official = PAPER | {"document": "2026-1"}
    decide(desk, RUMOUR, headline=official, status=Status.CONFIRMED, **IMPORT)
    retold = decide(desk, f"{REWRITE}, worth $4 billion", status=Status.CONFIRMED, **IMPORT)
    assert (retold.outcome, retold.reason) == (Outcome.REPEAT, Reason.INHIBITED)
    denial = decide(desk, DENIED, status=Status.DENIED, **IMPORT)
    assert (denial.outcome, denial.reason) == (Outcome.UPDATE, Reason.STATUS_CHANGE)


PIECES = st.sampled_from(
    ["Nvidia", "AMD", "ASML", "H20", "China", "US", "ban", "licence", "denies", "$5bn", "25%", "chips", "tools", "?"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(PIECES, min_size=1, max_size=8).map(" ".join),
            st.sampled_from(Status),
            st.sampled_from(Event),
            st.floats(0, 1),
            st.floats(0, 1),
            st.sampled_from(Tier),
        ),
        max_size=12,
    )
)
def test_every_headline_ends_and_counts_add_up(stream):
    """Whatever comes in, each headline has one outcome, alerts have stories, and a story counts its headlines."""
    desk = new_desk()
    joined = {}
    for number, (text, status, event, export, moving, tier) in enumerate(stream):
        decision = decide(
            desk, text, at=NOW + timedelta(minutes=number), headline={"tier": tier},
            status=status, event=event, chip_export=export, market_moving=moving,
        )  # fmt: skip
        assert (decision.alert is not None) == (decision.outcome in {Outcome.ALERT, Outcome.UPDATE})
        assert (decision.story is None) == (decision.outcome is Outcome.SPIKE)
        if decision.story is not None:
            joined[decision.story.slug] = joined.get(decision.story.slug, 0) + 1
            assert decision.story.count == joined[decision.story.slug]
