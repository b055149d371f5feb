"""Whom news touches that it does not name: the rule, the sense of the news, and the file that people edit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.domain import Mention
from bot.errors import ConfigError
from bot.exposure import REASON, load_exposure
from bot.rules.direction import with_directions
from bot.rules.exposure import MOST, Entry, Exposed, ExposureBook, exposed
from bot.rules.facts import find_facts
from bot.rules.sense import Sense, senses
from classifiers.api import Event, Status

BOOK = load_companies()
MAP = load_exposure(BOOK)
E, S = Event, Status

FOUNDRY = Exposed("TSMC", "TSM", "foundry", 1, "makes the chips")
RIVAL = Exposed("Cambricon", "688256.SS", "rival", -1, "sells rival chips")
H200 = Entry("h200", Sense.EASING, (FOUNDRY, RIVAL), products=("H200",), makers=("Nvidia",))


def touched(text, *entries, event=E.LICENCE, status=S.CONFIRMED):
    mentions = with_directions(text, BOOK.find(text), event=event, status=status)
    return exposed(text, mentions, find_facts(text), event, status, ExposureBook(entries))


def signs(text, *entries, event=E.LICENCE, status=S.CONFIRMED):
    return {m.company: m.direction for m in touched(text, *entries, event=event, status=status)}


# ── the rule ─────────────────────────────────────────────────────────────────────────────────────


def test_an_exposed_company_is_marked_as_inferred():
    """It carries ticker, direction, role and reason, and no offsets."""
    first, _ = touched("US clears H200 for China", H200)
    assert first == Mention("TSMC", "TSM", 1, primary=False, role="foundry", reason="makes the chips")
    assert (first.start, first.end, first.passing) == (-1, -1, False)


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("US clears H200 for China", S.CONFIRMED, {"TSMC": 1, "Cambricon": -1}),
        ("US bans H200 sales to China", S.CONFIRMED, {"TSMC": -1, "Cambricon": 1}),
        ("US may clear H200 for China", S.REPORTED, {"TSMC": 1, "Cambricon": -1}),
        ("US drafts rule that would bar H200 sales", S.PROPOSED, {"TSMC": -1, "Cambricon": 1}),
        ("US rules out H200 sales to China", S.DENIED, {"TSMC": -1, "Cambricon": 1}),
        ("US clears H200 for China", S.DENIED, {}),  # the words say one thing, the status the other
        ("US clears H200 for China", S.COMMENTARY, {}),
        ("Will the US clear H200 for China?", S.REPORTED, {}),
        ("US clears H200 but bans H20", S.CONFIRMED, {}),  # both senses
        ("H200 on show in Shanghai", S.CONFIRMED, {}),  # no sense
        ("US clears H20 for China", S.CONFIRMED, {}),  # another product
        ("Nvidia shares fall as US clears H200 for China", S.CONFIRMED, {}),  # its maker goes the other way
        ("US clears H200 for China, TSMC rises", S.CONFIRMED, {"Cambricon": -1}),  # named already
    ],
)
def test_the_sense_and_the_status_decide(text, status, expected):
    """Signs stand in the entry's own sense, turn in the opposite one, and nobody is named when it is unclear."""
    assert signs(text, H200, status=status) == expected


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("US lets Intel sell CPUs to China", True),
        ("US lets Intel sell CPUs to India", False),  # place
        ("US lets AMD sell CPUs to China", False),  # company
        ("US lets Intel sell chips to China", False),  # word
        ("US lets Intel sell CPUs to China and Russia", False),  # not_places
        ("US lets Intel sell server CPUs to China", False),  # not_words
        ("US lets Intel rival sell CPUs to China", False),  # only in passing
    ],
)
def test_every_condition_must_hold(text, holds):
    """Products, companies, words and places must all fit, and nothing may undo them."""
    entry = Entry(
        "cpu", Sense.EASING, (FOUNDRY,), companies=("Intel",), words=("cpu",), places=("China",),
        not_words=("server*",), not_places=("Russia",), events=frozenset({E.LICENCE}),
    )  # fmt: skip
    assert bool(signs(text, entry)) is holds
    assert signs(text, entry, event=E.CORPORATE) == {}


def test_an_entry_may_say_nothing_in_the_opposite_sense():
    """Without flip a company is left out when the news is the opposite."""
    one_way = Exposed("TSMC", "TSM", "foundry", 1, "makes the chips", flip=False)
    entry = Entry("h200", Sense.EASING, (one_way, RIVAL), products=("H200",))
    assert signs("US clears H200", entry) == {"TSMC": 1, "Cambricon": -1}
    assert signs("US bans H200", entry) == {"Cambricon": 1}


def test_where_entries_disagree_nothing_is_said_of_that_company():
    """A company with a plus in one entry and a minus in another is dropped, the others stay."""
    other = Entry("chips", Sense.EASING, (Exposed("TSMC", "TSM", "importer", -1, "pays"),), companies=("Nvidia",))
    assert signs("US clears Nvidia H200", H200, other) == {"Cambricon": -1}


def test_the_most_specific_entry_comes_first_and_gives_the_reason():
    """Products go before companies, and each company is named once."""
    general = Entry(
        "nvidia", Sense.EASING, (RIVAL, Exposed("TSMC", "TSM", "foundry", 1, "in general")), companies=("Nvidia",)
    )
    found = touched("US clears Nvidia H200", general, H200)
    assert [(m.company, m.reason) for m in found] == [("TSMC", "makes the chips"), ("Cambricon", "sells rival chips")]


def test_at_most_six_are_named():
    """The first six of the strongest entries stay."""
    many = tuple(Exposed(f"Firm {i}", None, "buyer", 1, "buys") for i in range(9))
    found = touched("US clears H200", Entry("many", Sense.EASING, many, products=("H200",)))
    assert [m.company for m in found] == [f"Firm {i}" for i in range(MOST)]
    assert all(m.ticker is None for m in found)


def test_a_star_means_any_ending():
    """HBM* holds for HBM3E, and tool* for tools."""
    entry = Entry("hbm", Sense.TIGHTENING, (FOUNDRY,), products=("HBM*",))
    assert signs("US bans HBM3E exports", entry) == {"TSMC": 1}
    assert signs("US bans DRAM exports", entry) == {}


def test_who_spends_is_who_is_named_first():
    """A supplier that names its customer beside its own budget does not spend in the customer's name."""
    entry = Entry("capex", Sense.SPENDING_UP, (Exposed("ASML", "ASML", "tools", 1, "sells"),), companies=("TSMC",))
    assert signs("TSMC lifts capex", entry, event=E.CAPACITY) == {"ASML": 1}
    assert signs("Foxconn lifts capex after TSMC deal", entry, event=E.CAPACITY) == {}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "US China bans lifts clears curbs Nvidia TSMC H200 HBM DRAM prices rise fall ASML DUV gallium tariffs on "
            "chips shortage capex raises quake halts Taiwan , and not to of".split()
        ),
        max_size=14,
    ).map(" ".join),
    st.sampled_from(list(Event)),
    st.sampled_from(list(Status)),
)
def test_what_always_holds(text, event, status):
    """Inferred companies are few, never named ones, each once, each with a sign, a role and a reason."""
    mentions = with_directions(text, BOOK.find(text), event=event, status=status)
    found = exposed(text, mentions, find_facts(text), event, status, MAP)
    names = [m.company for m in found]
    assert len(names) == len(set(names)) <= MOST
    assert not set(names) & {m.company for m in mentions}
    assert all(m.direction in {1, -1} and m.role and m.reason and not m.primary and m.start == -1 for m in found)
    assert status is not S.COMMENTARY or not found


# ── the sense ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # measures
        ("US lifts ban on chip sales", "easing"),
        ("Ban on chip sales lifted", "easing"),
        ("Dutch ease licence rule", "easing"),
        ("Beijing grants permits for exports", "easing"),
        ("US delays chip tariffs", "easing"),
        ("Washington holds off on new curbs", "easing"),
        ("Firm taken off US blacklist", "easing"),
        ("US tightens chip controls", "tightening"),
        ("US revokes licences", "tightening"),
        ("Export licence denied", "tightening"),
        ("China tells firms to avoid foreign chips", "tightening"),
        ("Commerce adds firm to entity list", "tightening"),
        ("US closes loophole that let firms rent chips", "tightening"),
        ("Licence now needed for exports", "tightening"),
        ("Japan adopts new export controls", "tightening"),
        ("Best chips are off limits for China", "tightening"),
        ("Maker cut off from US chips", "tightening"),
        ("US weighs dropping tool waivers", "tightening"),
        # left open
        ("Lawmakers urge ban on exports", ""),
        ("Firm asks for licence", ""),
        ("White House mulls whether to allow sales", ""),
        ("Growth continues despite curbs", ""),
        ("Sales remain blocked", ""),
        ("China fails to stop imports", ""),
        ("US eases one rule and tightens another", ""),
        # the other senses
        ("Blaze halts wafer plant", "outage"),
        ("Plant restarts after quake", "recovery"),
        ("Quake leaves plants unaffected", ""),
        ("Memory shortage deepens", "shortage"),
        ("Shortage eases", "glut"),
        ("Glut of flash memory", "glut"),
        ("Maker fights memory bottleneck", ""),
        ("DRAM prices jump", "price_up"),
        ("DRAM prices slump", "price_down"),
        ("Maker keeps prices stable", ""),
        ("Share price jumps", ""),
        ("Cloud firm raises capex", "spending_up"),
        ("Foundry cuts capital spending", "spending_down"),
        ("Maker keeps capex flat", ""),
    ],
)
def test_words_have_a_sense(text, expected):
    """What is done counts, what is undone turns, and wishes, failures and standing facts say nothing."""
    measure = {Sense.EASING, Sense.TIGHTENING}
    event = E.CAPACITY if expected and Sense(expected) not in measure else E.EXPORT_RULE
    assert {s.value for s in senses(text, event=event, status=S.CONFIRMED)} == set(expected.split())


def test_a_sense_is_its_opposites_opposite():
    """Every sense has one opposite, and it is another."""
    assert all(s.opposite is not s and s.opposite.opposite is s for s in Sense)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.sampled_from(list(Event)), st.sampled_from(list(Status)))
def test_any_text_has_at_most_one_sense_of_a_pair(text, event, status):
    """No text breaks the rule, and none has a sense together with its opposite."""
    found = senses(text, event=event, status=status)
    assert all(s.opposite not in found for s in found)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────

ENTRY = """
[[exposure]]
name = "mine"
sense = "easing"
products = ["H200"]
exposed = [{ ticker = "TSM", role = "foundry", sign = "+", reason = "makes the chips" }]
"""


@pytest.fixture
def extra(tmp_path):
    """Writes a user's file and gives its path."""

    def write(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path):
    with pytest.raises(ConfigError) as caught:
        load_exposure(BOOK, path)
    return str(caught.value).splitlines()


def named(book):
    return {entry.name: entry for entry in book.entries}


def test_a_users_file_adds_to_the_map(extra):
    """A new entry stands beside the bundled ones."""
    book = named(load_exposure(BOOK, extra(ENTRY)))
    assert book.keys() == named(MAP).keys() | {"mine"}
    assert book["mine"].exposed == (Exposed("TSMC", "TSM", "foundry", 1, "makes the chips"),)


def test_a_users_file_replaces_and_removes_entries(extra):
    """A known name replaces that entry, and an empty list takes it out."""
    text = ENTRY.replace('"mine"', '"nvidia-h200-china"') + (
        '[[exposure]]\nname = "dutch-duv"\nsense = "easing"\nproducts = ["DUV"]\nexposed = []\n'
    )
    book = named(load_exposure(BOOK, extra(text)))
    assert [one.ticker for one in book["nvidia-h200-china"].exposed] == ["TSM"]
    assert book.keys() == named(MAP).keys() - {"dutch-duv"}


def test_a_users_file_may_stand_alone(extra):
    """With extend = false nothing of the bundled map is left."""
    assert named(load_exposure(BOOK, extra("extend = false\n" + ENTRY))).keys() == {"mine"}


@pytest.mark.parametrize(
    ("who", "company", "ticker"),
    [
        ('ticker = "2330.TW"', "TSMC", "TSM"),  # another listing of a known company
        ('name = "Huawei"', "Huawei", None),
        ('name = "TSMC"', "TSMC", "TSM"),
        ('ticker = "TSM", name = "TSMC"', "TSMC", "TSM"),
        ('name = "Veldhoven Optics"', "Veldhoven Optics", None),
        ('ticker = "VELD.AS", name = "Veldhoven Optics"', "Veldhoven Optics", "VELD.AS"),
    ],
)
def test_a_company_is_written_by_ticker_or_by_name(extra, who, company, ticker):
    """A known one takes its primary listing; an unlisted one has none; an unknown one is what is written."""
    (one,) = named(load_exposure(BOOK, extra(ENTRY.replace('ticker = "TSM"', who))))["mine"].exposed
    assert (one.company, one.ticker) == (company, ticker)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "mine"', "", "exposure number 1: name: is missing"),
        ('name = "mine"', "name = 3", "exposure number 1: name: is not a text"),
        ('sense = "easing"', "", "exposure 'mine': sense: is missing"),
        ('sense = "easing"', 'sense = "eesing"', "sense: 'eesing' is unknown; did you mean 'easing'?"),
        ('sense = "easing"', 'sense = "easing"\nflip = "yes"', "flip: write true or false"),
        ('products = ["H200"]', "", "products, companies or words: one of them must say"),
        ('products = ["H200"]', 'products = "H200"', "products: is not a list of texts"),
        ('products = ["H200"]', 'products = ["Widget"]', "products: 'Widget' is no product"),
        ('products = ["H200"]', 'companies = ["Nvidea"]', "companies: 'Nvidea' is unknown; did you mean 'Nvidia'?"),
        ('products = ["H200"]', 'words = ["x"]\nmakers = ["Nvidea"]', "makers: 'Nvidea' is unknown"),
        ('products = ["H200"]', 'words = ["x"]\nplaces = ["Beijing"]', "places: 'Beijing' is no country"),
        ('products = ["H200"]', 'words = ["x"]\nnot_places = ["Mars"]', "not_places: 'Mars' is no country"),
        ('products = ["H200"]', 'words = ["x"]\nevents = ["license"]', "events: 'license' is unknown; did you mean"),
        ('products = ["H200"]', 'words = ["price* of dram"]', "words: 'price* of dram': an asterisk may only stand"),
        ('products = ["H200"]', 'prodcuts = ["H200"]', "prodcuts: unknown key; did you mean 'products'?"),
        ("exposed = [", "touched = [", "exposed: is missing"),
        ("exposed = [{", "exposed = [3, {", "exposed: is not a list"),
        ('ticker = "TSM", ', "", "exposed 1: ticker: is missing"),
        ('ticker = "TSM"', "ticker = 5", "exposed 1: ticker: is not a text"),
        ('ticker = "TSM"', 'ticker = "TSMM"', "exposed 1: ticker: 'TSMM' is no known company's; did you mean"),
        ('ticker = "TSM"', 'ticker = "tsmm", name = "New"', "exposed 1: ticker: 'tsmm' is no ticker"),
        ('ticker = "TSM"', 'ticker = "TSM", name = "UMC"', "exposed 1: name: 'TSM' is 'TSMC', not 'UMC'"),
        ('ticker = "TSM"', 'ticker = "XYZ", name = "TSMC"', "exposed 1: ticker: 'TSMC' trades as 'TSM', not 'XYZ'"),
        ('role = "foundry"', 'role = ""', "exposed 1: role: is not a text"),
        ('sign = "+"', 'sign = "up"', "exposed 1: sign: 'up' is no sign; write"),
        ('sign = "+"', 'sign = ["+"]', "exposed 1: sign: ['+'] is no sign; write"),
        ('sign = "+", ', "", "exposed 1: sign: is missing; write"),
        ('sign = "+"', 'sign = "+", flip = 1', "exposed 1: flip: write true or false"),
        ('"makes the chips"', f'"{"x" * (REASON + 1)}"', "exposed 1: reason: must be one line of at most"),
        (', reason = "makes the chips"', "", "exposed 1: reason: is missing"),
        ("}]", '}, { ticker = "TSM", role = "a", sign = "+", reason = "b" }]', "exposed 2: 'TSMC' stands there twice"),
        ("\n[[", "extend = 1\n[[", "extend: write true or false"),
        ("\n[[", "extends = true\n[[", "extends: unknown key; did you mean 'extend'?"),
    ],
)
def test_a_problem_is_told_with_file_entry_and_key(extra, old, new, said):
    """Whatever cannot be used is named, and where it stands."""
    path = extra(ENTRY.replace(old, new, 1))
    told = problems(path)
    assert any(said in line for line in told), told
    assert all(line.startswith(f"{path}: ") for line in told)


def test_all_problems_are_told_at_once(extra):
    """One start shows everything that is wrong, twice the same name too."""
    told = problems(extra(ENTRY + ENTRY + ENTRY.replace("easing", "eesing").replace('"+"', '"?"')))
    assert len(told) == 3
    assert "exposure 'mine' stands there twice" in told[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"exposure = 3", "exposure: write [[exposure]] for each entry"),
        (b"[[exposure]", "is not valid TOML"),
        (b"\xff", "is not UTF-8 text (byte 0)"),
    ],
)
def test_a_file_that_is_no_map_is_told(tmp_path, data, said):
    """A wrong form, broken TOML and broken text are problems of the file."""
    path = tmp_path / "mine.toml"
    path.write_bytes(data)
    assert any(said in line for line in problems(path))


def test_a_missing_file_is_told(tmp_path):
    """The message names the file."""
    path = tmp_path / "none.toml"
    assert problems(path)[0].startswith(f"{path}: cannot be read")
