"""Which way a headline pushes each company."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.domain import Mention
from bot.rules import cue_business, cue_measures, cue_shares, cues
from bot.rules.direction import with_directions
from classifiers.api import Event, Status

BOOK = load_companies()
E, S = Event, Status


def pushed(text, event=E.OTHER, status=S.CONFIRMED):
    mentions = with_directions(text, BOOK.find(text), event=event, status=status)
    return {m.ticker: m.direction for m in mentions if m.ticker}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia shares jump 6% after the bell", {"NVDA": 1}),
        ("Nvidia slides on a rumour", {"NVDA": -1}),
        ("Shares in Intel fall again", {"INTC": -1}),
        ("AMD down 7%, Intel up 3%", {"AMD": -1, "INTC": 1}),
        ("Micron, Western Digital rally on prices", {"MU": 1, "WDC": 1}),
        ("Lam, Nvidia and AMD sink after the order", {"LRCX": -1, "NVDA": -1, "AMD": -1}),
        ("TSMC closes at a record", {"TSM": 1}),
        ("SMIC limit-down in Shanghai", {"0981.HK": -1}),
        ("$NVDA -4% on the probe", {"NVDA": -1}),
        ("Samsung, SK Hynix rise as Micron is banned", {"005930.KS": 1, "000660.KS": 1, "MU": -1}),
        ("Cambricon gains as China bans Nvidia", {"688256.SS": 1, "NVDA": -1}),
        ("Qualcomm loses 5% of its value in a day", {"QCOM": -1}),
        ("Applied Materials guides low; shares off 6%", {"AMAT": -1}),
        ("ASML stock tumbles in Amsterdam", {"ASML": -1}),
    ],
)
def test_a_stated_share_move_wins(text, expected):
    """What the words say of the shares counts before the sense of the news, whatever the event."""
    assert pushed(text, E.IMPORT_RULE) == expected


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        # licences and rules
        ("Nvidia wins licence to sell H20 in China", E.LICENCE, {"NVDA": 1}),
        ("US grants TSMC a yearly licence for its China fab", E.LICENCE, {"TSM": 1}),
        ("Washington lets AMD ship MI308 again", E.LICENCE, {"AMD": 1}),
        ("Samsung, SK Hynix get a waiver for their China fabs", E.LICENCE, {"005930.KS": 1, "000660.KS": 1}),
        ("Commerce revokes Intel licence for Huawei", E.LICENCE, {"INTC": -1}),
        ("Dutch withdraw ASML export permit", E.LICENCE, {"ASML": -1}),
        ("Nvidia told to stop shipping H100 to China", E.LICENCE, {"NVDA": -1}),
        ("US tightens curbs on Nvidia chips", E.EXPORT_RULE, {"NVDA": -1}),
        ("Washington lifts curbs on Synopsys and Cadence", E.EXPORT_RULE, {"SNPS": 1, "CDNS": 1}),
        ("AMD barred from selling to the Gulf", E.EXPORT_RULE, {"AMD": -1}),
        # a buying state
        ("China bans Micron from key networks", E.IMPORT_RULE, {"MU": -1}),
        ("Beijing tells firms to avoid H20", E.IMPORT_RULE, {"NVDA": -1}),
        ("China approves Nvidia H200 imports", E.IMPORT_RULE, {"NVDA": 1}),
        ("China's customs checks every Nvidia cargo", E.IMPORT_RULE, {"NVDA": -1}),
        # lists
        ("US blacklists SMIC", E.ENTITY_LIST, {"0981.HK": -1}),
        ("Naura added to US entity list", E.ENTITY_LIST, {"002371.SZ": -1}),
        ("Pentagon removes AMEC from its list", E.ENTITY_LIST, {"688012.SS": 1}),
        # tariffs
        ("Trump exempts TSMC from chip tariffs", E.TARIFF, {"TSM": 1}),
        # enforcement
        ("China opens antitrust probe into Qualcomm", E.ENFORCEMENT, {"QCOM": -1}),
        ("Seagate fined $300 million over Huawei drives", E.ENFORCEMENT, {"STX": -1}),
        ("Two men jailed for smuggling Nvidia chips", E.ENFORCEMENT, {"NVDA": 0}),
        ("China drops its probe of Qualcomm", E.ENFORCEMENT, {"QCOM": 1}),
        # retaliation
        ("China opens a dumping case against Texas Instruments", E.RETALIATION, {"TXN": -1}),
        # results
        ("Micron beats estimates", E.RESULTS, {"MU": 1}),
        ("Nvidia to take a $5.5 billion charge on H20", E.RESULTS, {"NVDA": -1}),
        ("STMicro warns of a weak quarter", E.RESULTS, {"STM": -1}),
        ("Infineon cuts its outlook", E.RESULTS, {"IFX.DE": -1}),
        ("Tokyo Electron raises its profit forecast", E.RESULTS, {"8035.T": 1}),
        ("Samsung posts record profit", E.RESULTS, {"005930.KS": 1}),
        ("Intel swings to a loss", E.RESULTS, {"INTC": -1}),
        ("AMD Q4 EPS $1.53 vs $1.32 expected", E.RESULTS, {"AMD": 1}),
        ("ASML bookings 2.6 bln vs 5.4 bln expected", E.RESULTS, {"ASML": -1}),
        # supply
        ("OpenAI orders chips from Broadcom", E.SUPPLY_DEMAND, {"AVGO": 1}),
        ("TSMC stops new Huawei orders", E.SUPPLY_DEMAND, {"TSM": -1}),
        ("Micron resumes shipments to Huawei", E.SUPPLY_DEMAND, {"MU": 1}),
        ("Ford idles two plants on a chip shortage", E.SUPPLY_DEMAND, {"F": -1}),
        ("SK Hynix sold out through next year", E.SUPPLY_DEMAND, {"000660.KS": 1}),
        # capacity alone is nothing, an outage is
        ("TSMC breaks ground on a second fab", E.CAPACITY, {"TSM": 0}),
        ("Fire halts Renesas fab", E.CAPACITY, {"6723.T": -1}),
        ("Micron picks Idaho for a fab", E.CAPACITY, {"MU": 0}),
        # corporate
        ("AMD shows a laptop part", E.CORPORATE, {"AMD": 0}),
        ("Intel fined by regulators", E.CORPORATE, {"INTC": -1}),
        ("Nvidia buys a 4% stake in Intel", E.CORPORATE, {"NVDA": 0, "INTC": 1}),
        ("Samsung sued over price fixing", E.CORPORATE, {"005930.KS": -1}),
    ],
)
def test_acts_push_those_they_meet(text, event, expected):
    """Curbs, losses and probes push down, permission, orders and beats push up, new capacity pushes nobody."""
    assert pushed(text, event) == expected


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Why Nvidia matters to export policy", E.EXPORT_RULE),
        ("Opinion: the H20 ban was a mistake", E.EXPORT_RULE),
        ("What ASML's licence means for Europe", E.LICENCE),
        ("Can AMD live without China?", E.SUPPLY_DEMAND),
    ],
)
def test_commentary_pushes_nobody(text, event):
    """An opinion or an explainer without a share move is 0."""
    assert set(pushed(text, event, S.COMMENTARY).values()) == {0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Broker downgrades Qualcomm", {"QCOM": -1}),
        ("Analyst lifts Micron target to $300", {"MU": 1}),
        ("Five questions for ASML holders", {"ASML": 0}),
    ],
)
def test_an_analysts_call_is_a_push(text, expected):
    """Ratings and targets push although they are opinions."""
    assert pushed(text, E.RESULTS, S.COMMENTARY) == expected


def test_the_headline_that_began_it():
    """A surge on a possible approval lifts buyer and seller."""
    text = "Alibaba Stock Surges on China's Potential Approval of Nvidia H200 Chip Imports"
    assert pushed(text, E.IMPORT_RULE, S.REPORTED) == {"BABA": 1, "NVDA": 1}


def test_the_denial_of_a_curb_is_not_a_curb():
    """What is denied does not push the way the thing itself would."""
    assert pushed("China denies ban on Nvidia chips", E.IMPORT_RULE, S.DENIED)["NVDA"] >= 0


def test_mentions_without_offsets_keep_their_direction():
    """Inferred mentions are passed through as they came."""
    inferred = Mention("TSMC", "TSM", -1, primary=False)
    named = BOOK.find("Nvidia jumps")
    first, second = with_directions("Nvidia jumps", (*named, inferred), event=E.RESULTS, status=S.CONFIRMED)
    assert first.direction == 1
    assert second is inferred


def test_no_mentions_no_answer():
    """Nobody named, nobody pushed."""
    assert with_directions("Markets fall", (), event=E.OTHER, status=S.COMMENTARY) == ()


def test_a_publisher_at_the_end_is_not_read():
    """Words after the dash belong to the publisher."""
    assert pushed("AMD shows a laptop part - Market Falls Daily", E.CORPORATE) == {"AMD": 0}


def test_a_table_reads_signs_and_joins_lines():
    """A phrase may run over several lines, comments are skipped, an unknown list is refused."""
    rules = cues.table("# note\n+ X _ wins\n  |gains\n- no (big) X\n0 X ... \\d+%")
    assert [r.sign for r in rules] == [1, -1, 0]
    assert cues.first(rules, f" {cues.X} at last gains {cues.END} ") is rules[0]
    assert cues.first(rules, f" no big {cues.X} {cues.END} ") is rules[1]
    assert cues.first(rules, f" {cues.X} by as much as 30% {cues.END} ") is rules[2]
    assert cues.first(rules, f" nothing {cues.END} ") is None
    with pytest.raises(KeyError):
        cues.table("+ X <no-such-list>")


def test_a_short_gap_stops_at_a_new_clause():
    """Three words may stand in between, but no conjunction, comma or other company."""
    (rule,) = cues.table("+ X _ wins")
    assert rule.pattern.search(f" {cues.X} at last wins ")
    assert not rule.pattern.search(f" {cues.X} waits as Bob wins ")
    assert not rule.pattern.search(f" {cues.X} , too , wins ")
    assert not rule.pattern.search(f" {cues.X} and {cues.Y} wins ")


def test_no_rule_stands_in_a_table_twice():
    """A second copy of a phrase could never decide."""
    tables = {
        (module.__name__, name): value
        for module in (cue_shares, cue_measures, cue_business)
        for name, value in vars(module).items()
        if name.isupper()
    }
    assert len(tables) >= 11
    for name, rules in tables.items():
        phrases = [rule.phrase for rule in rules]
        assert len(set(phrases)) == len(phrases), name


@given(
    st.one_of(
        st.text(max_size=100),
        st.lists(
            st.sampled_from(
                ["Nvidia", "AMD", "and", ",", "falls", "bans", "licence", "not", "$5bn", "vs", "-3%", "as", "TSMC"]
            ),
            max_size=14,
        ).map(" ".join),
    ),
    st.sampled_from(Event),
    st.sampled_from(Status),
)
@settings(max_examples=150, deadline=None)
def test_any_headline_has_directions(text, event, status):
    """Nothing makes it raise; only directions change, to -1, 0 or 1; asking again changes nothing."""
    mentions = BOOK.find(text)
    told = with_directions(text, mentions, event=event, status=status)
    assert [(m.company, m.start, m.end) for m in told] == [(m.company, m.start, m.end) for m in mentions]
    assert {m.direction for m in told} <= {-1, 0, 1}
    assert with_directions(text, told, event=event, status=status) == told
