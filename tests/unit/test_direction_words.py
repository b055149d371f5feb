"""Which way a headline pushes each company: moves in many words, questions, buyers of chips, and who only urges."""

import pytest

from bot.companies import load_companies
from bot.domain import Event, Status
from bot.rules.direction import with_directions

BOOK = load_companies()
E, S = Event, Status


def pushed(text, event, status=S.CONFIRMED):
    mentions = with_directions(text, BOOK.find(text), event=event, status=status)
    return {m.ticker: m.direction for m in mentions if m.ticker}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASML and BESI open higher in Amsterdam", {"ASML": 1, "BESI.AS": 1}),
        ("Micron turns lower after the bell", {"MU": -1}),
        ("Nanya at limit on memory prices", {"2408.TW": 1}),
        ("Hua Hong sinks 6%, SMIC 4% in Hong Kong", {"1347.HK": -1, "0981.HK": -1}),
        ("AMD extends losses after the vote", {"AMD": -1}),
        ("Micron pares losses into the close", {"MU": 1}),
        ("Intel pares gains after a memo", {"INTC": -1}),
        ("Samsung snaps five-day losing streak", {"005930.KS": 1}),
        ("Broadcom falls from record as traders take profit", {"AVGO": -1}),
        ("Kospi slips as SK hynix drags", {"000660.KS": -1}),
        ("Qualcomm eases in early trade", {"QCOM": -1}),
        ("Marvell sells off on fears for AI", {"MRVL": -1}),
        ("Loongson and SMIC buck the market", {"688047.SS": 1, "0981.HK": 1}),
        ("$NVDA $AMD higher into the close", {"NVDA": 1, "AMD": 1}),
        ("Senators bring back the GAIN AI Act, Nvidia quiet", {"NVDA": 0}),
        ("Naura dropped from US blacklist", {"002371.SZ": 1}),
    ],
)
def test_the_many_words_for_a_share_move(text, expected):
    """Opens, limits, streaks, losses that shrink and gains that go; a bill that is called GAIN is no gain."""
    assert pushed(text, E.RESULTS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why did Micron fall 4% on a rumour?", {"MU": -1}),
        ("Nvidia's 3% jump: who was buying?", {"NVDA": 1}),
        ("Micron up 80%: time to buy the dip?", {"MU": 0}),
        ("Will AMD climb again next year?", {"AMD": 0}),
    ],
)
def test_a_question_about_a_move_that_was_made(text, expected):
    """A question does not undo a stated move, unless it asks whether to buy or what will come."""
    assert pushed(text, E.LICENCE, S.COMMENTARY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Samsung plans a price increase for NAND", {"005930.KS": 1}),
        ("Dell plans a price increase for laptops", {"DELL": 0}),
        ("Honda stops a plant, chips are missing", {"7267.T": -1}),
        ("Xiaomi braces for memory price hikes", {"1810.HK": -1}),
        ("GM says no plant is short of chips, output normal", {"GM": 0}),
        ("Microsoft scales back on Nvidia", {"MSFT": 0, "NVDA": -1}),
        ("Nvidia tells Amkor to halt H20 work", {"NVDA": -1, "AMKR": -1}),
        ("Micron wins an order from Apple", {"MU": 1, "AAPL": 0}),
        ("Apple weighs Intel 14A for a chip", {"AAPL": 0, "INTC": 1}),
    ],
)
def test_who_sells_chips_and_who_buys_them(text, expected):
    """A dearer chip is good for its maker and bad for who needs it; who places an order is not lifted by it."""
    assert pushed(text, E.SUPPLY_DEMAND) == expected


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("Senators urge Commerce to bar Nvidia from Malaysia", E.EXPORT_RULE, {"NVDA": -1}),
        ("AMD chief on export rules: we will adapt", E.EXPORT_RULE, {"AMD": 0}),
        ("Intel told permits for Huawei are void", E.LICENCE, {"INTC": -1}),
        ("Intel has yet to receive a Huawei licence", E.LICENCE, {"INTC": -1}),
        ("US leans towards permits for Samsung", E.LICENCE, {"005930.KS": 1}),
        ("ASML loses right to mend Chinese tools", E.LICENCE, {"ASML": -1}),
        ("Trade panel bans import of rival modules over Netlist patents", E.IMPORT_RULE, {"NLST": 1}),
        ("Tariffs to cost Micron $400 million", E.TARIFF, {"MU": -1}),
        ("Beijing suspends its probe of Qualcomm", E.ENFORCEMENT, {"QCOM": 1}),
        ("Court rejects Wingtech appeal", E.ENFORCEMENT, {"600745.SS": -1}),
        ("A windfall for Micron: prices double", E.SUPPLY_DEMAND, {"MU": 1}),
        ("Infineon halves dividend", E.RESULTS, {"IFX.DE": -1}),
        ("Texas Instruments proposes a dividend increase", E.RESULTS, {"TXN": 1}),
        ("Fitch downgrades Intel", E.RESULTS, {"INTC": -1}),
        ("Nvidia replaces Intel in the Dow", E.RESULTS, {"INTC": -1}),
        ("Samsung union calls a strike", E.CORPORATE, {"005930.KS": -1}),
        ("Samsung strike averted", E.CORPORATE, {"005930.KS": 1}),
    ],
)
def test_lawmakers_letters_and_ratings(text, event, expected):
    """A curb that is urged pushes like one; what is lost, void, suspended, halved or averted has a direction."""
    told = pushed(text, event)
    assert {ticker: told[ticker] for ticker in expected} == expected


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("Tesla picks TSMC over Samsung for its next chip", E.SUPPLY_DEMAND, {"TSM": 1, "005930.KS": -1, "TSLA": 0}),
        ("Chinese phone makers drop Qualcomm for MediaTek", E.SUPPLY_DEMAND, {"QCOM": -1, "2454.TW": 1}),
        ("Apple cancels part of its order at LG Display", E.SUPPLY_DEMAND, {"AAPL": 0, "034220.KS": -1}),
        ("Meta signs up for a gigawatt of AMD accelerators", E.SUPPLY_DEMAND, {"META": 0, "AMD": 1}),
        ("Nvidia's gaming cards pile up at distributors", E.SUPPLY_DEMAND, {"NVDA": -1}),
        ("Infineon says car makers are ordering again", E.SUPPLY_DEMAND, {"IFX.DE": 1}),
        ("Intel's Ohio fab now due in 2031", E.CAPACITY, {"INTC": -1}),
        ("Samsung's 2nm line reaches good yields", E.CAPACITY, {"005930.KS": 1}),
        ("Marvell's biggest customer designs its own chip", E.CORPORATE, {"MRVL": -1}),
        ("Qualcomm to buy back $15 billion of stock", E.CORPORATE, {"QCOM": 1}),
        ("Bug lets hackers take over Qualcomm modems", E.CORPORATE, {"QCOM": -1}),
        ("Silicon Labs accepts TI's cash offer", E.CORPORATE, {"SLAB": 1, "TXN": 0}),
        ("TSMC gets a tariff quota in return for Arizona", E.TARIFF, {"TSM": 1}),
        ("Tariff exemption for Apple may end", E.TARIFF, {"AAPL": -1}),
        ("HP moves output from China to dodge tariffs", E.TARIFF, {"HPQ": 0}),
        ("US drops plan to cap Nvidia exports to Gulf", E.EXPORT_RULE, {"NVDA": 1}),
        ("ASML stays out of new US curbs", E.EXPORT_RULE, {"ASML": 1}),
        ("Huawei licence for Qualcomm ends", E.LICENCE, {"QCOM": -1}),
        ("Xi's ministries favour Cambricon over Nvidia", E.IMPORT_RULE, {"688256.SS": 1, "NVDA": -1}),
        ("AMD scraps its buyback", E.RESULTS, {"AMD": -1}),
        ("Toyota recalls a million cars", E.OTHER, {"7203.T": -1}),
        ("China lifts ban on Boeing deliveries", E.OTHER, {"BA": 1}),
    ],
)
def test_one_for_another_and_what_follows(text, event, expected):
    """Who is chosen gains and who is dropped loses; what is lifted, cancelled or put off has a direction."""
    assert pushed(text, event, S.COMMENTARY if event is E.OTHER else S.CONFIRMED) == expected
