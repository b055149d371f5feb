"""Which way a headline pushes each company."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rules
from bot.companies import load_companies
from bot.domain import Mention
from bot.rules import cue_tones, cues
from bot.rules.direction import with_directions
from classifiers.api import Event, Status

BOOK = load_companies()
E, S = Event, Status
TABLES = tuple(import_module(f"bot.rules.{m.name}") for m in iter_modules(rules.__path__) if m.name.startswith("cue_"))


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
        ("Tencent may buy 40,000 Nvidia cards under Beijing's terms", E.IMPORT_RULE, {"0700.HK": 1, "NVDA": 1}),
        ("Baidu can now order AMD accelerators abroad", E.IMPORT_RULE, {"BIDU": 1, "AMD": 1}),
        ("Rules for purchases of Nvidia H20 by Chinese firms come into force", E.IMPORT_RULE, {"NVDA": 0}),
        ("China's conditions on imports of AMD cards take effect", E.IMPORT_RULE, {"AMD": 0}),
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
    """An opinion that says nothing of the company, and an explainer, are 0."""
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


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("Beijing denies it banned Nvidia's H20", E.IMPORT_RULE, {"NVDA": 1}),
        ("Union at SK Hynix calls off its autumn walkout", E.CAPACITY, {"000660.KS": 1}),
        ("Ministry says no ban on Micron memory is planned", E.IMPORT_RULE, {"MU": 1}),
        ("Beijing rules out lifting its Micron ban", E.IMPORT_RULE, {"MU": -1}),
        ("The Hague drops plan to bar ASML spare parts", E.EXPORT_RULE, {"ASML": 1}),
        ("No licence for AMD this year, Commerce says", E.LICENCE, {"AMD": -1}),
        ("President: nobody in China gets Blackwell", E.LICENCE, {"NVDA": -1}),
        ("Pentagon shelves blacklist entry for SMIC", E.ENTITY_LIST, {"0981.HK": 1}),
        ("Regulator isn't investigating Qualcomm", E.ENFORCEMENT, {"QCOM": 1}),
        ("Micron says it never applied for a Huawei licence", E.LICENCE, {"MU": 0}),
        ("TSMC denies raising wafer prices", E.SUPPLY_DEMAND, {"TSM": -1}),
        ("Intel: no delay in Ohio", E.CAPACITY, {"INTC": 1}),
        ("Kioxia denies its new memory failed a customer's test", E.SUPPLY_DEMAND, {"285A.T": 1}),
        ("Onsemi denies it is losing a big car order", E.SUPPLY_DEMAND, {"ON": 1}),
        ("Infineon rejects talk of a profit warning", E.RESULTS, {"IFX.DE": 1}),
        ("Micron withdraws its forecast", E.RESULTS, {"MU": -1}),
        ("STMicro: production in Crolles has not been halted", E.CAPACITY, {"STM": 1}),
        ("Wolfspeed gives up on its German plant", E.CAPACITY, {"WOLF": -1}),
        ("Intel isn't in talks on a GlobalFoundries stake", E.CORPORATE, {"INTC": 0, "GFS": -1}),
        ("Qualcomm says it was not subpoenaed", E.CORPORATE, {"QCOM": 1}),
        ("President rules out Blackwell sales to China", E.LICENCE, {"NVDA": -1}),
        ("Minister rules out limits on ASML repairs", E.EXPORT_RULE, {"ASML": 1}),
        ("Nvidia rules out H20 sales this quarter", E.SUPPLY_DEMAND, {"NVDA": -1}),
        ("Broadcom drops Intel takeover", E.CORPORATE, {"AVGO": 0, "INTC": -1}),
        ("SoftBank plays down Marvell takeover report", E.CORPORATE, {"9984.T": 0, "MRVL": -1}),
    ],
)
def test_what_is_denied_pushes_the_other_way(text, event, expected):
    """No ban is good, no licence is bad; so with delays and takeovers, whoever denies them."""
    assert pushed(text, event, S.DENIED) == expected


@pytest.mark.parametrize("status", [S.CONFIRMED, S.REPORTED, S.DENIED])
def test_a_state_that_denies_is_heard_whatever_the_status(status):
    """The verb decides even where the status was read otherwise."""
    assert pushed("Beijing denies it banned Nvidia's H20", E.IMPORT_RULE, status) == {"NVDA": 1}


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        # who asks or comments
        ("SK hynix seeks licence to sell memory to Huawei", E.LICENCE, {"000660.KS": 0}),
        ("Lam and KLA press Congress for the same limits abroad", E.EXPORT_RULE, {"LRCX": 0, "KLAC": 0}),
        ("Applied Materials applauds tool rule", E.EXPORT_RULE, {"AMAT": 0}),
        ("Arm chief: export bans slow everybody", E.EXPORT_RULE, {"ARM": 0}),
        # what is answered
        ("Nvidia says its application to sell B30A was rejected", E.LICENCE, {"NVDA": -1}),
        ("Washington pulls some Huawei permits from Qualcomm", E.LICENCE, {"QCOM": -1}),
        ("AMD receives licences for MI308 and will pay a 15% levy", E.LICENCE, {"AMD": 1}),
        ("Samsung on course for another yearly permit", E.LICENCE, {"005930.KS": 1}),
        ("Commerce posts case-by-case path for H200", E.LICENCE, {"NVDA": 1}),
        ("Dutch minister: ASML can go on servicing old scanners", E.EXPORT_RULE, {"ASML": 1}),
        ("White House backs off H20 curb", E.LICENCE, {"NVDA": 1}),
        ("H20 is back: Nvidia assured of permits", E.LICENCE, {"NVDA": 1}),
        ("UK adds Arm cores to its control list", E.EXPORT_RULE, {"ARM": -1}),
        ("Naura off the Unverified List after a visit", E.ENTITY_LIST, {"002371.SZ": 1}),
        # a buying state and its buyers
        ("Beijing tells Alibaba to stop testing Nvidia cards", E.IMPORT_RULE, {"BABA": 0, "NVDA": -1}),
        ("China exempts some Nexperia chips from export ban", E.LICENCE, {}),
        # duties
        ("Samsung won't face the chip levy, envoy says", E.TARIFF, {"005930.KS": 1}),
        ("Apple escapes coming duty on chips", E.TARIFF, {"AAPL": 1}),
        ("China begins anti-dumping inquiry into analog parts of Texas Instruments", E.TARIFF, {"TXN": -1}),
        ("Micron seen as winner if memory from abroad is taxed", E.TARIFF, {"MU": 1}),
        # the law
        ("Megaspeed faces probe over Nvidia chips", E.ENFORCEMENT, {"NVDA": 0}),
        ("Applied Materials to pay $200m over SMIC shipments", E.ENFORCEMENT, {"AMAT": -1, "0981.HK": 0}),
        ("Cadence near plea deal over China sales", E.ENFORCEMENT, {"CDNS": -1}),
        ("Regulator calls in Nvidia over back doors", E.ENFORCEMENT, {"NVDA": -1}),
        ("Commerce orders TSMC to halt 7nm shipments", E.ENFORCEMENT, {"TSM": -1}),
    ],
)
def test_roles_in_a_measure(text, event, expected):
    """Who asks, obeys or only made the goods is not hit; who is refused, spared or fined is."""
    assert pushed(text, event) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Samsung, SK hynix win orders as Micron is shut out", {"005930.KS": 1, "000660.KS": 1, "MU": -1}),
        ("Google orders TPUs from Intel as TSMC strains", {"GOOGL": 0, "INTC": 1, "TSM": 0}),
        ("US firms shift orders from SMIC to UMC", {"0981.HK": -1, "UMC": 1}),
        ("Volkswagen sends workers home for want of chips", {"VOW3.DE": -1}),
        ("HP blames memory costs for dearer laptops", {"HPQ": -1}),
        ("Lumentum can't make enough lasers", {"LITE": 1}),
        ("TSMC to charge 10% more for 2nm wafers", {"TSM": 1}),
        ("Samsung clears Nvidia's HBM bar", {"005930.KS": 1, "NVDA": 0}),
        ("Samsung's HBM4 failed a heat test", {"005930.KS": -1}),
        ("TSMC halts Russian orders", {"TSM": 0}),
        ("Nvidia to wind down H20 output", {"NVDA": -1}),
        ("Samsung's China sales evaporate", {"005930.KS": -1}),
        ("Quanta's racks are sold out to 2027", {"2382.TW": 1}),
    ],
)
def test_sellers_buyers_and_those_who_wait(text, expected):
    """Orders lift the seller, a shortage hurts who waits, and a rival's loss stays in its own clause."""
    assert pushed(text, E.SUPPLY_DEMAND) == expected


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("AMD buys Lattice Semiconductor for $9bn", E.CORPORATE, {"AMD": 0, "LSCC": 1}),
        ("GlobalWafers bid for Siltronic lapses", E.CORPORATE, {"6488.TWO": 0, "WAF.DE": -1}),
        ("Skyworks and Qorvo close to merger", E.CORPORATE, {"SWKS": 1, "QRVO": 1}),
        ("Nvidia puts $2bn into Lumentum", E.CORPORATE, {"NVDA": 0, "LITE": 1}),
        ("Fund dumps its TSMC stake", E.CORPORATE, {"TSM": -1}),
        ("Micron insider sold shares worth $2,498,589", E.CORPORATE, {"MU": 0}),
        ("Jury: Samsung owes Netlist $118m", E.CORPORATE, {"005930.KS": -1, "NLST": 1}),
        ("Court denies Qualcomm a new trial", E.CORPORATE, {"QCOM": -1}),
        ("Class action accuses Micron of choking supply", E.CORPORATE, {"MU": -1}),
        ("Baidu weighs listing of its chip unit", E.CORPORATE, {"BIDU": 1}),
        ("Power cut at Micron's Taichung fab clips output", E.CAPACITY, {"MU": -1}),
        ("Fire at UMC shed, production unaffected", E.CAPACITY, {"UMC": 0}),
        ("Renesas restarts Naka a month after blaze", E.CAPACITY, {"6723.T": 1}),
        ("Samsung halts cleanroom work at Pyeongtaek", E.CAPACITY, {"005930.KS": -1}),
        ("Micron doubles its Singapore site", E.CAPACITY, {"MU": 0}),
    ],
)
def test_deals_courts_and_plants(text, event, expected):
    """The target gains and the buyer waits, the loser in court falls, outages hurt and building does not."""
    assert pushed(text, event) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia takes $5.5bn hit as Washington demands a licence", {"NVDA": -1}),
        ("KLA counts $500m cost of limits", {"KLAC": -1}),
        ("Infineon sees AI revenue tripling", {"IFX.DE": 1}),
        ("Cambricon passes Moutai as priciest share", {"688256.SS": 1, "600519.SS": 0}),
        ("Nvidia, Micron lead tech sell-off", {"NVDA": -1, "MU": -1}),
        ("Qualcomm (QCOM) stock slides as market rises", {"QCOM": -1}),
        ("Micron boss drops a hint on memory", {"MU": 0}),
        ("SpaceX flies past TSMC in value", {"TSM": 0}),
        ("Nasdaq futures fall, Micron earnings tonight", {"MU": 0}),
        ("Nvidia stock shrugs off tech wobble", {"NVDA": 1}),
    ],
)
def test_results_and_ranks(text, expected):
    """Costs push down and growth up; an index, a boss or a passing rival moves nobody."""
    assert pushed(text, E.RESULTS) == expected


@pytest.mark.parametrize("text", ["SanDisk is up 900%. Too late to buy?", "Is Intel a bargain after doubling?"])
def test_a_columnists_question_pushes_nobody(text):
    """Even a stated rise is only the occasion of a stock pick."""
    assert set(pushed(text, E.RESULTS, S.COMMENTARY).values()) == {0}


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("AMD's comeback in servers", E.CORPORATE, {"AMD": 1}),
        ("Say no to H20 sales, writes a former general", E.EXPORT_RULE, {"NVDA": -1}),
        ("How Huawei learned to live without Nvidia", E.IMPORT_RULE, {"NVDA": -1}),
        ("Intel's China problem", E.IMPORT_RULE, {"INTC": -1}),
        ("The legacy duty's quiet winner: Texas Instruments", E.TARIFF, {"TXN": 1}),
        ("Five charts on ASML", E.EXPORT_RULE, {"ASML": 0}),
        ("Micron's slide on the ban looks overdone", E.IMPORT_RULE, {"MU": 0}),
    ],
)
def test_opinion_is_judged_by_what_it_says(text, event, expected):
    """Praise lifts and doom weighs, a move that the writer takes back does neither."""
    assert pushed(text, event, S.COMMENTARY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why I sold my Nvidia", {"NVDA": -1}),
        ("Two stocks to own: Lam and KLA", {"LRCX": 1, "KLAC": 1}),
        ("Marvell price target goes to $150 at a big broker", {"MRVL": 1}),
        ("Bulls versus bears on Super Micro", {"SMCI": 0}),
    ],
)
def test_what_a_columnist_would_do(text, expected):
    """To own is up, to sell is down, both sides of a case are neither."""
    assert pushed(text, E.RESULTS, S.COMMENTARY) == expected


@pytest.mark.parametrize(
    ("text", "event", "status", "expected"),
    [
        # the state's money and its permits
        ("Micron lands a $300 million grant for Boise", E.CAPACITY, S.CONFIRMED, {"MU": 1}),
        ("Town board denies zoning for Amkor", E.CAPACITY, S.CONFIRMED, {"AMKR": -1}),
        ("Micron fab strike averted in the night", E.CAPACITY, S.CONFIRMED, {"MU": 1}),
        ("Onsemi shelves its Czech expansion", E.CAPACITY, S.CONFIRMED, {"ON": -1}),
        ("TSMC evacuates a fab after a tremor", E.CAPACITY, S.CONFIRMED, {"TSM": -1}),
        # in court and before parliament
        ("Netlist sues Micron again", E.CORPORATE, S.CONFIRMED, {"NLST": 0, "MU": -1}),
        ("Senators grill Intel over a toolmaker", E.ENFORCEMENT, S.CONFIRMED, {"INTC": -1}),
        ("Arm loses its bid for a rehearing against Qualcomm", E.CORPORATE, S.CONFIRMED, {"ARM": -1, "QCOM": 1}),
        ("Class action over prices against Kioxia thrown out", E.CORPORATE, S.CONFIRMED, {"285A.T": 1}),
        ("Ministry blocks a bid for Aixtron", E.CORPORATE, S.CONFIRMED, {"AIXA.DE": -1}),
        # a chip cut to fit the curbs
        ("Nvidia readies a slower chip for China", E.CORPORATE, S.REPORTED, {"NVDA": 1}),
        ("White House will not let AMD sell its best to China", E.LICENCE, S.REPORTED, {"AMD": -1}),
        # duties in money
        ("Corning says duties take $20 million a quarter", E.TARIFF, S.CONFIRMED, {"GLW": -1}),
        # news that is not about chips
        ("Boeing sued over a door", E.OTHER, S.COMMENTARY, {"BA": -1}),
        ("Walmart lifts its sales view", E.OTHER, S.COMMENTARY, {"WMT": 1}),
    ],
)
def test_families_of_acts(text, event, status, expected):
    """Money, permits, courts, duties and the rest of the world, each by who is met."""
    assert pushed(text, event, status) == expected


@pytest.mark.parametrize(
    ("text", "event", "status", "expected"),
    [
        ("A lobby lambasts Broadcom", E.CORPORATE, S.CONFIRMED, {"AVGO": -1}),
        ("Sweden bankrolls Infineon", E.CAPACITY, S.CONFIRMED, {"IFX.DE": 1}),
        ("Kioxia: output booked, extra buyers queue", E.SUPPLY_DEMAND, S.CONFIRMED, {"285A.T": 1}),
        ("Micron and the void of unsold flash", E.SUPPLY_DEMAND, S.CONFIRMED, {"MU": -1}),
        ("Foxconn and the cabinet's answer", E.RETALIATION, S.REPORTED, {"2317.TW": -1}),
        ("Aide on Samsung's Xi'an papers", E.LICENCE, S.REPORTED, {"005930.KS": 1}),
        ("Aide on Samsung's Xi'an papers", E.LICENCE, S.CONFIRMED, {"005930.KS": 0}),
        ("Not so, says The Hague of ASML", E.EXPORT_RULE, S.DENIED, {"ASML": 1}),
    ],
)
def test_where_no_phrase_fits(text, event, status, expected):
    """Verbs decide, then single words, then what such news mostly means for those whom it names."""
    assert pushed(text, event, status) == expected


def test_the_head_of_a_filing_is_not_read():
    """A form and its item stand between the company and what it says."""
    text = "Qualcomm 8-K, item 8.01: one of its licenses to export to Huawei is revoked"
    assert pushed(text, E.LICENCE) == {"QCOM": -1}


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
        for module in TABLES
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, tuple)
    }
    for event, tone in cue_tones.TONES.items():
        tables |= {("good", event): tone.good, ("bad", event): tone.bad}
    assert len(tables) >= 24 + 2 * len(cue_tones.TONES)
    for name, table in tables.items():
        phrases = [rule.phrase for rule in table]
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
