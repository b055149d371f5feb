"""What a rule does, read from its own text: counts, names, policies, days; and nothing that the text does not say."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.facts import find_facts
from bot.rules.rule_card import read_rule, rule_headline, rule_summary
from bot.rules.rule_entities import country_of
from bot.rules.rule_table import read_rows
from bot.rules.rule_text import NUMBER, count
from bot.sources.federal_register_reading import document_text
from tests.fakes.federal_register import INSTEAD_OF_A_DAY, entity_rule, inspection_text, page

SAMPLES = Path(__file__).parents[1] / "samples"
TWO = {
    "CHINA, PEOPLE'S REPUBLIC OF": ["Amber Loom Chips Co., Ltd.", "Birch Lane Devices"],
    "SINGAPORE": ["Cedar Pte. Ltd."],
}


def sample(name):
    return document_text((SAMPLES / f"rule_{name}.txt").read_bytes())


def test_a_rule_on_public_inspection():
    """Names and destinations from the instructions, counts from the summary, the day from the stamp."""
    card = read_rule(sample("inspection"))
    assert (card.action, card.title) == ("Final rule", "Additions and Revisions of Entities on the Entity List")
    assert (card.added.entities, card.added.entries) == (5, 6)
    assert card.added.by_country == (("China", 4), ("Singapore", 1), ("UAE", 1))
    assert [entry.name for entry in card.added.listed][:3] == [
        "Aurora Lantern Semiconductor Co., Ltd.",
        "Beryl River Microsystems",
        "Copper Kite Institute of Lithography",
    ]
    assert card.added.listed[-1].country == "UAE"
    assert [(e.name, e.country) for e in card.removed.listed] == [("Grey Heron Trading Sdn. Bhd.", "Malaysia")]
    assert [e.name for e in card.revised.listed] == ["Elm Gate Computing Co., Ltd.", "Farrow Chip Design"]
    assert card.policies == ("presumption of denial",)
    assert card.requirement == "all items subject to the EAR"
    assert card.effective == card.published == date(2026, 9, 16)
    assert card.documents == ("2026-29001", "260910-0041", "0694-AZ01")
    assert rule_headline(card) == (
        "BIS adds 5 entities under 6 entries to Entity List: 4 in China, 1 in Singapore, 1 in UAE; "
        "removes 1 in Malaysia; revises 2 in China; presumption of denial; effective Sept 16 "
        "(Aurora Lantern Semiconductor Co., Ltd. and 4 more)"
    )


def test_a_published_rule_with_its_table():
    """The printing office's columns give each entry its aliases and its policy, across a page mark."""
    card = read_rule(sample("published"))
    assert [(e.name, e.country, e.aliases, e.policy) for e in card.added.listed] == [
        ("Iron Orchard Memory Co., Ltd.", "China", 2, "Presumption of denial"),
        ("Juniper Wafer Research Institute", "China", 0, "Case-by-case review"),
        ("Kestrel Optics Inc.", "Taiwan", 1, "Presumption of denial"),
    ]
    assert card.requirement == "all items subject to the EAR"
    assert card.policies == ("presumption of denial", "case-by-case review")
    assert card.documents == ("2026-29002", "91 FR 51200", "260910-0042", "0694-AZ02")
    assert rule_headline(card).startswith(
        "BIS adds 3 entities to Entity List: 2 in China, 1 in Taiwan; presumption of denial or case-by-case review; "
        "effective Sept 16"
    )
    assert rule_summary(card).split("\n")[-1] == "+ Kestrel Optics Inc. (Taiwan, 1 alias): presumption of denial"


def test_a_rule_about_chips_and_policy():
    """What changes into what, for which classes, from when, and until when comments are taken."""
    card = read_rule(sample("policy"))
    assert card.action == "Interim final rule"
    assert not card.is_entity_list
    assert card.policy_change == ("presumption of denial", "case-by-case review")
    assert card.eccns == ("3A090.a", "4A090.a")
    assert (card.effective, card.staged, card.comments_due) == (date(2026, 1, 15), True, date(2026, 2, 17))
    assert rule_headline(card) == (
        "BIS interim final rule: Review of Licenses for Certain Computing Chips; presumption of denial becomes "
        "case-by-case review; ECCNs 3A090.a, 4A090.a; effective Jan 15; comments due Feb 17"
    )
    assert "Comments due: 17 February 2026" in rule_summary(card)


def test_the_headline_feeds_the_facts():
    """What the desk reads from the headline is what the card says."""
    facts = find_facts(rule_headline(read_rule(sample("inspection"))))
    assert facts.places == ("China", "Singapore", "UAE", "Malaysia")
    assert facts.deadlines == ("effective Sept 16",)
    assert facts.agencies == ("BIS",)
    assert "5 entities" in facts.figures
    facts = find_facts(rule_headline(read_rule(sample("policy"))))
    assert facts.labels() == ("3A090.a", "4A090.a", "effective Jan 15", "comments due Feb 17")


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        (
            "adding 9 entities under 9 entries to the Entity List, under the destinations of Burma (2), China, "  # noqa: ISC004
            "People's Republic of (China) (6), and Laos (1).",
            (9, 9, (("China", 6), ("Myanmar", 2), ("Laos", 1))),
        ),
        (
            "adding seven entities to the Entity List under the destination of the People's Republic of China (China).",
            (7, 7, (("China", 7),)),
        ),
        ("adding twenty-four entities to the Entity List.", (24, 24, ())),
        (
            "adding 3 entities under 4 entries to the Entity List under the destinations of Japan (1) and Peru (2).",
            (3, 4, ()),  # the destinations do not make up the count
        ),
        ("adding two entities to the Entity List under the destinations of Japan and Sweden.", (2, 2, ())),
        ("adds 1 entity to the Entity List, under the destination of Türkiye.", (1, 1, (("Turkey", 1),))),
    ],
)
def test_the_summary_counts(summary, expected):
    """Figures and words, entities and entries; destinations only where they make up the count."""
    card = read_rule(inspection_text(f"BIS changes the EAR by {summary}"))
    assert (card.added.entities, card.added.entries, card.added.by_country) == expected
    assert card.added.listed == ()


def test_names_that_do_not_make_up_the_count_are_left_out():
    """The summary says three, the instructions name two: the count stays, nobody is named."""
    text = entity_rule({"JAPAN": ["Amber Loom", "Birch Lane"]}).replace("adding 2 entities", "adding 3 entities")
    card = read_rule(text)
    assert (card.added.entities, card.added.listed) == (3, ())


@pytest.mark.parametrize(
    ("instructions", "kind", "names"),
    [
        (["a. Under CHINA, PEOPLE'S REPUBLIC OF, by adding an entry for “Amber Loom;”"], "added", ["Amber Loom"]),
        (["a. By adding under JAPAN, entries for “Amber,” “Birch”;"], "added", ["Amber", "Birch"]),
        (["a. Adding a heading for TURKMENISTAN and an entry for “Amber Loom Inc.”"], "added", ["Amber Loom Inc."]),
        (["a. Under INDIA, by revising the entry for “Amber Loom” by adding one alias;"], "revised", ["Amber Loom"]),
        (["a. Under UNITED ARAB EMIRATES, by removing the entity “Amber Loom FZE.”"], "removed", ["Amber Loom FZE"]),
        (["a. Under SINGAPORE, remove the entry for “Amber Loom.”"], "removed", ["Amber Loom"]),
        (["a. Something about “Amber Loom” that is no instruction."], "added", None),
    ],
)  # fmt: skip
def test_instructions_name_entries(instructions, kind, names):
    """Country before or after the verb, new headings, removals, revisions; without a country or a verb nothing."""
    card = read_rule(inspection_text("BIS changes the Entity List.", instructions=instructions))
    change = getattr(card, kind)
    assert (None if change is None else [entry.name for entry in change.listed]) == names


def test_a_list_in_the_preamble_is_read_when_it_is_whole():
    """Without instructions, the lines under a country count, where there are as many as it says."""
    body = (
        "This rule adds the following three entities to the Entity List:\nChina\n  Amber Loom Co., Ltd.;\n"
        "  Birch Lane; and\nJapan\n  Cedar Works.\n\nReasons follow.\n"
    )
    summary = "BIS changes the EAR by adding {} entities to the Entity List."
    card = read_rule(inspection_text(summary.format("three"), body=body))
    assert [(e.name, e.country) for e in card.added.listed] == [
        ("Amber Loom Co., Ltd.", "China"), ("Birch Lane", "China"), ("Cedar Works", "Japan"),
    ]  # fmt: skip
    assert read_rule(inspection_text(summary.format("four"), body=body)).added.listed == ()


def test_a_table_of_a_web_page_is_read():
    """Its cells come with bars; the country stands beside its first entry alone."""
    policy = ("For all items subject to the EAR.", "Policy of denial.", "91 FR 1, 1/1/26.")
    aliases = "a.k.a., the following three aliases: —A; —B; and —C."
    rows = [
        ("CHINA, PEOPLE'S REPUBLIC OF", f"Amber Loom Chips Co., Ltd., {aliases}", *policy),
        ("", "Birch Lane Devices, No. 5 Road, Hefei.", *policy),
        ("SINGAPORE", "Cedar Pte. Ltd.", *policy),
    ]
    card = read_rule(document_text(page(entity_rule(TWO), rows)))
    assert [(e.aliases, e.policy) for e in card.added.listed] == [(n, "Policy of denial") for n in (3, 0, 0)]
    assert card.policies == ("policy of denial",)


@pytest.mark.parametrize(
    ("dates", "effective", "comments"),
    [
        ("This rule is effective October 5, 2026.", date(2026, 10, 5), None),
        (f"This rule is effective {INSTEAD_OF_A_DAY}.", date(2026, 11, 4), None),
        ("Effective [INSERT DATE 30 DAYS AFTER DATE OF PUBLICATION IN THE FEDERAL REGISTER].", date(2026, 12, 4), None),
        ("This rule is effective [INSERT DATE OF FILING FOR PUBLIC INSPECTION].", date(2026, 11, 2), None),
        ("Effective date: May 5, 2026. Comments come no later than May 9, 2026.", date(2026, 5, 5), date(2026, 5, 9)),
        ("Submit comments on or before January 8, 2027.", None, date(2027, 1, 8)),
        ("This rule is effective at some time.", None, None),
        ("This rule is effective February 31, 2026.", None, None),
    ],
)  # fmt: skip
def test_days(dates, effective, comments):
    """Written days, and days to be filled in from publication or filing; a day that does not exist is none."""
    card = read_rule(inspection_text("BIS changes something.", dates=dates), filed=date(2026, 11, 2))
    assert (card.effective, card.comments_due) == (effective, comments)


def test_the_year_is_told_where_it_is_another():
    """A day of the next year bears it."""
    text = inspection_text(
        "Words.", title="Chip Rules", dates="Comments are due by January 8, 2027.", action="Proposed rule"
    )
    assert rule_headline(read_rule(text)) == "BIS proposed rule: Chip Rules; comments due Jan 8, 2027"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("Final rule", "Final rule"),
        ("Interim final rule, with request for comments", "Interim final rule"),
        ("Final rule; request for comments", "Interim final rule"),
        ("Proposed rule", "Proposed rule"),
        ("Advance notice of proposed rulemaking", "Proposed rule"),
        ("Final rule; correction", "Final rule"),
        ("Notice", "Notice"),
    ],
)
def test_actions(action, expected):
    """Words of the caption, in four kinds."""
    assert read_rule(inspection_text("Words.", action=action)).action == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>blocked</html>",
        "AGENCY: Bureau of Industry and Security. ACTION: Final rule.",  # cut off: its last caption holds everything
        inspection_text("Crabs.", agency="National Marine Fisheries Service"),
        inspection_text("Words.", action="Something unheard of"),
    ],
)
def test_what_is_no_rule_has_no_card(text):
    """Other agencies, other actions, and texts that end before they begin."""
    assert read_rule(text) is None


def test_two_policies_without_a_table_are_none():
    """The text does not say which entries each is for."""
    card = read_rule(entity_rule(TWO, policy="a presumption of denial, and case-by-case review for medicine"))
    assert card.policies == ()
    assert read_rule(entity_rule(TWO)).policies == ("presumption of denial",)


def test_a_title_that_says_all_has_no_headline():
    """Nothing is told twice."""
    card = read_rule(inspection_text("Words.", dates="None."))
    assert (card.says_more, rule_headline(card)) == (False, "")


def test_headlines_and_summaries_keep_their_limits():
    """Many long names: as many as fit are told, and how many more there are."""
    names = [f"{letter}" * 60 + " Semiconductor Manufacturing Co., Ltd." for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    card = read_rule(entity_rule({"JAPAN": names}))
    assert card.added.entries == 26
    assert len(rule_headline(card)) <= 250
    assert rule_headline(card).endswith(f"({names[0]} and 25 more)")
    assert len(rule_summary(card)) <= 1000
    assert rule_summary(card).endswith("\n…")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("seven", 7), ("14", 14), ("Twenty-four", 24), ("ninety nine", 99), ("fourteen", 14), ("several", 0)],
)
def test_counts_in_words(words, expected):
    """As rules write them up to ninety-nine."""
    assert count(words) == expected
    assert bool(re.fullmatch(NUMBER, words, re.IGNORECASE)) is bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CHINA, PEOPLE'S REPUBLIC OF", "China"), ("the People's Republic of China (China)", "China"),
        ("and the United Arab Emirates (UAE)", "UAE"), ("BURMA", "Myanmar"),
        ("BRITISH VIRGIN ISLANDS", "British Virgin Islands"),
        ("KOREA, REPUBLIC OF", "South Korea"), ("Taiwan", "Taiwan"), ("ISLE OF MAN", "Isle of Man"),
    ],
)  # fmt: skip
def test_destinations_have_common_names(text, expected):
    """The list's own headings as the trade calls them; others as they are."""
    assert country_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Country  Entity  License requirement\n" + "-" * 40 + "\nCHINA  X  For all items  Y\n" + "-" * 40,
        "Country  Entity  License requirement\n" + "-" * 40 + "\nCHINA     X",
        "no table at all",
    ],
)
def test_a_table_that_cannot_be_told_apart_is_not_read(text):
    """Too few columns, or an end that is missing."""
    assert list(read_rows(text)) == []


_PIECES = (
    *"\n |-*", "Under CHINA, by adding entries for ", "“Amber”", "``Birch''", "SUMMARY: ", "ACTION: Final rule ",
    "AGENCY: Bureau of Industry and Security ", "adding two entities to the Entity List ", "DATES: effective ",
    "January 1, 2027", "Country Entity License\n", "-" * 30 + "\n", "Supplement No. 4 to part 744 is amended",
)  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(text):
    """Pieces of rules in any order never raise, and what is named makes up what is counted."""
    card = read_rule(text)
    if card is not None:
        assert len(rule_headline(card)) <= 250
        for change in (card.added, card.removed, card.revised):
            assert change is None or not change.listed or len(change.listed) == change.entries


_NAMES = st.from_regex(r"[A-Z][a-z]{3,9} [A-Z][a-z]{3,9} (?:Co\., Ltd\.|Institute|Inc\.)", fullmatch=True)


@given(st.lists(_NAMES, min_size=1, max_size=30, unique=True))
@settings(max_examples=60, deadline=None)
def test_every_name_of_the_instructions_is_found(names):
    """Whatever they are called, in their order."""
    card = read_rule(entity_rule({"CHINA, PEOPLE'S REPUBLIC OF": names}))
    assert [entry.name for entry in card.added.listed] == names
