"""What the bundled map of exposure says of headlines of our own, and how often it is right or silent."""

import pytest

from bot.companies import load_companies
from bot.exposure import load_exposure
from bot.rules.direction import with_directions
from bot.rules.exposure import MOST, exposed
from bot.rules.facts import find_facts
from bot.rules.passing import with_passing
from bot.rules.sense import Sense, senses
from bot.rules.tickers import fold
from classifiers.api import Event, Status

BOOK = load_companies()
MAP = load_exposure(BOOK)
E, S = Event, Status

# Whom an analyst would name, and which way. A headline may bring any of these and nobody else.
GPU = (
    "TSM+ 000660.KS+ 005930.KS+ MU+ SMCI+ 000977.SZ+ BABA+ 0700.HK+ NVDA+ AMD+ "
    "688256.SS- 688041.SS- 688795.SS- 0981.HK-"
)
TOOLS = (
    "AMAT- LRCX- KLAC- ASML- ASM.AS- 8035.T- 7735.T- 6525.T- 0981.HK- 1347.HK- CXMT- YMTC- SMEE+ 002371.SZ+ 688012.SS+"
)
EDA = "SNPS- CDNS- SIE.DE- 301269.SZ+ 688206.SS+"
MEMORY = "MU+ 000660.KS+ 005930.KS+ SNDK+ 285A.T+ 2408.TW+ 8299.TWO+ HPQ- DELL- 1810.HK- NVDA-"
CLOUD = "NVDA+ AVGO+ TSM+ ANET+ VRT+ 000660.KS+"
CHIP_TARIFF = "TSM- 005930.KS- 000660.KS- AAPL- INTC+ GFS+ TXN+"
NEXPERIA = "600745.SS- VOW3.DE- 7267.T- 7201.T- IFX.DE+ ON+"
METALS = "TECK+ UMI.BR+ AXTI- IQE.L- UAMY+ PPTA+ 010130.KS+ MP+ LYC.AX+ USAR+ ASML-"
NOBODY = ""


def turned(expected):
    """The same companies with the other sign."""
    return expected.translate(str.maketrans("+-", "-+"))


# Written before the map met any headline.
BEFORE = [
    # accelerators
    ("US clears H200 exports to China", E.LICENCE, S.CONFIRMED, GPU),
    ("Washington bans H20 sales to China", E.EXPORT_RULE, S.CONFIRMED, turned(GPU)),
    ("Commerce halts Nvidia's licences for China", E.LICENCE, S.REPORTED, turned(GPU)),
    ("China lets Alibaba import a first batch of H200s", E.IMPORT_RULE, S.REPORTED, GPU),
    ("Beijing tells tech firms to avoid Nvidia's H20", E.IMPORT_RULE, S.REPORTED, turned(GPU)),
    ("AMD gets US licence to ship MI308 to China", E.LICENCE, S.CONFIRMED, GPU),
    ("Trump rules out Blackwell sales to China", E.LICENCE, S.DENIED, turned(GPU)),
    ("Washington tightens curbs on AI chips bound for China", E.EXPORT_RULE, S.CONFIRMED, turned(GPU)),
    ("China bars foreign AI chips from state data centres", E.IMPORT_RULE, S.REPORTED, turned(GPU)),
    ("US lets Saudi Arabia and UAE buy Nvidia chips", E.LICENCE, S.CONFIRMED, "TSM+ AMD+ ORCL+ Humain+ G42+"),
    ("US scraps the AI diffusion rule", E.EXPORT_RULE, S.CONFIRMED, "NVDA+ AMD+ ORCL+ TSM+"),
    ("Why H200 sales to China matter less than you think", E.LICENCE, S.COMMENTARY, NOBODY),
    ("Will Washington let Nvidia sell Blackwell in China?", E.LICENCE, S.REPORTED, NOBODY),
    ("Nvidia shares fall as US allows H200 sales to China for a fee", E.LICENCE, S.CONFIRMED, NOBODY),
    ("Senators urge White House to block H200 exports to China", E.EXPORT_RULE, S.PROPOSED, NOBODY),
    ("Nvidia awaits licence for H20 in China", E.LICENCE, S.REPORTED, NOBODY),
    ("Two men charged with smuggling Nvidia H100s to China", E.ENFORCEMENT, S.CONFIRMED, NOBODY),
    ("Nvidia unveils a new gaming card", E.CORPORATE, S.CONFIRMED, NOBODY),
    ("China clears Nvidia's purchase of Mellanox", E.CORPORATE, S.CONFIRMED, NOBODY),
    # tools, software, memory
    ("Dutch revoke ASML licences for DUV shipments to China", E.LICENCE, S.CONFIRMED, TOOLS),
    ("Netherlands to widen export controls on chip tools", E.EXPORT_RULE, S.CONFIRMED, TOOLS),
    ("Japan restricts chipmaking gear exports to China", E.EXPORT_RULE, S.CONFIRMED, TOOLS),
    ("US bars Applied Materials and Lam from selling to China", E.EXPORT_RULE, S.CONFIRMED, TOOLS),
    ("US blocks chip tools for China's new fabs", E.EXPORT_RULE, S.CONFIRMED, TOOLS),
    ("Washington halts EDA software sales to China", E.EXPORT_RULE, S.REPORTED, EDA),
    ("US lifts curbs on chip design software for China", E.EXPORT_RULE, S.CONFIRMED, turned(EDA)),
    ("Synopsys and Cadence cleared to resume China sales", E.LICENCE, S.CONFIRMED, turned(EDA)),
    ("US bans HBM exports to China", E.EXPORT_RULE, S.CONFIRMED, "005930.KS- 000660.KS- MU- CXMT+ Huawei-"),
    ("ASML sees China sales falling next year", E.RESULTS, S.CONFIRMED, NOBODY),
    ("ASML ships its first High-NA tool to Intel", E.SUPPLY_DEMAND, S.CONFIRMED, NOBODY),
    # lists
    ("US adds YMTC to Entity List", E.ENTITY_LIST, S.CONFIRMED, "MU+ 285A.T+ SNDK+ LRCX- AMAT- 002371.SZ+"),
    ("Pentagon puts CXMT on military list", E.ENTITY_LIST, S.CONFIRMED,
     "MU+ 005930.KS+ 000660.KS+ AMAT- LRCX- 002371.SZ+"),
    ("US blacklists SMIC over military ties", E.ENTITY_LIST, S.CONFIRMED, TOOLS),
    ("Washington revokes licences to sell chips to Huawei", E.LICENCE, S.CONFIRMED, "QCOM- INTC-"),
    ("US suspends 50% rule on affiliates for a year", E.EXPORT_RULE, S.CONFIRMED, "AMAT+ LRCX+ KLAC+ 600745.SS+"),
    ("Additions of Entities to the Entity List", E.ENTITY_LIST, S.CONFIRMED, NOBODY),
    ("US adds dozens of Iranian firms to Entity List", E.ENTITY_LIST, S.CONFIRMED, NOBODY),
    # fabs in China
    ("US revokes VEU status of Samsung and SK Hynix fabs in China", E.LICENCE, S.CONFIRMED, "MU+ AMAT- LRCX- KLAC-"),
    ("US grants Samsung yearly approval for China chip plants", E.LICENCE, S.REPORTED, "MU- AMAT+ LRCX+ KLAC+"),
    ("TSMC loses US waiver for its Nanjing fab", E.LICENCE, S.CONFIRMED, "0981.HK+ AMAT- LRCX- KLAC-"),
    # counter-measures and materials
    ("China bans gallium and germanium exports to the US", E.RETALIATION, S.CONFIRMED, METALS),
    ("China suspends ban on gallium, germanium and antimony exports", E.RETALIATION, S.CONFIRMED, turned(METALS)),
    ("China tightens rare earth controls on chipmakers", E.RETALIATION, S.CONFIRMED, METALS),
    ("China bans Micron from key infrastructure", E.IMPORT_RULE, S.CONFIRMED,
     "005930.KS+ 000660.KS+ YMTC+ CXMT+ 603986.SS+"),
    ("China blocks exports of Nexperia chips", E.RETALIATION, S.CONFIRMED, NEXPERIA),
    ("China opens dumping probe into US analog chips", E.RETALIATION, S.CONFIRMED,
     "300661.SZ+ 688536.SS+ 688052.SS+ TXN- ADI-"),
    # tariffs
    ("Trump imposes 100% tariff on chips", E.TARIFF, S.CONFIRMED, CHIP_TARIFF),
    ("White House delays semiconductor tariffs", E.TARIFF, S.REPORTED, turned(CHIP_TARIFF)),
    ("US slaps tariffs on legacy chips from China", E.TARIFF, S.CONFIRMED, "0981.HK- 1347.HK- GFS+ UMC+ 5347.TWO+"),
    ("Chip stocks slide on tariff fears", E.TARIFF, S.CONFIRMED, NOBODY),
    ("EU cuts tariffs on US lobster", E.TARIFF, S.CONFIRMED, NOBODY),
    # prices, outages, spending
    ("DRAM contract prices jump 40% in a quarter", E.SUPPLY_DEMAND, S.CONFIRMED, MEMORY),
    ("NAND prices fall again as PC makers cut orders", E.SUPPLY_DEMAND, S.CONFIRMED, turned(MEMORY)),
    ("TSMC to raise wafer prices from January", E.SUPPLY_DEMAND, S.REPORTED, "NVDA- AAPL- AMD- QCOM-"),
    ("Strong earthquake in Taiwan halts fabs", E.CAPACITY, S.CONFIRMED, "TSM- UMC- 5347.TWO- MU- NVDA-"),
    ("Fire stops Renesas plant in Japan", E.CAPACITY, S.CONFIRMED, "7203.T- 7201.T- 7267.T- NXPI+"),
    ("TSMC lifts capex to a record", E.CAPACITY, S.CONFIRMED, "ASML+ AMAT+ LRCX+ 8035.T+ KLAC+ ASM.AS+"),
    ("Meta raises its capex plan for AI", E.RESULTS, S.CONFIRMED, CLOUD),
    ("CoWoS shortage holds back AI chips, says supplier", E.SUPPLY_DEMAND, S.REPORTED, "3711.TW+ AMKR+ NVDA- AMD-"),
    ("Micron price target raised at a broker", E.RESULTS, S.COMMENTARY, NOBODY),
]  # fmt: skip

# Written after that. When the map first met them nobody was named wrongly and seven of 45 stayed silent; phrases for
# four of these seven were added since.
AFTER = [
    # accelerators
    ("Nvidia gets green light to resume H20 sales in China", E.LICENCE, S.CONFIRMED, GPU),
    ("China customs blocks H200 shipments at the border", E.IMPORT_RULE, S.REPORTED, turned(GPU)),
    ("US weighs letting Nvidia sell B30A to China", E.LICENCE, S.REPORTED, GPU),
    ("China orders ByteDance to stop buying Nvidia chips", E.IMPORT_RULE, S.REPORTED, turned(GPU)),
    ("AMD says US licence needed for MI308 sales to China", E.LICENCE, S.CONFIRMED, turned(GPU)),
    ("Beijing denies it banned Nvidia's H20", E.IMPORT_RULE, S.DENIED, GPU),
    ("Nvidia halts H20 production after Beijing's warning", E.SUPPLY_DEMAND, S.REPORTED, turned(GPU)),
    ("House panel passes bill to restrict AI chip exports to China", E.EXPORT_RULE, S.PROPOSED, turned(GPU)),
    ("US approves Nvidia exports to UAE's G42", E.LICENCE, S.CONFIRMED, "AMD+ TSM+ ORCL+ Humain+"),
    ("China discourages use of RTX Pro 6000D, sources say", E.IMPORT_RULE, S.REPORTED, turned(GPU)),
    ("Nvidia's Huang says China is half a year behind", E.OTHER, S.COMMENTARY, NOBODY),
    ("Nvidia rival Cambricon triples its revenue", E.RESULTS, S.CONFIRMED, NOBODY),
    ("AMD asks Washington for licence to sell MI308", E.LICENCE, S.REPORTED, NOBODY),
    ("China approves Synopsys takeover of Ansys", E.CORPORATE, S.CONFIRMED, NOBODY),
    ("Singapore charges three men over Nvidia servers", E.ENFORCEMENT, S.CONFIRMED, NOBODY),
    ("Nvidia to build its own CPU with Intel", E.CORPORATE, S.CONFIRMED, NOBODY),
    ("Congress questions Nvidia over China research centre", E.ENFORCEMENT, S.CONFIRMED, NOBODY),
    # tools, software, memory
    ("ASML wins Dutch licence to ship DUV scanners to China", E.LICENCE, S.CONFIRMED, turned(TOOLS)),
    ("Tokyo Electron barred from servicing tools in China", E.EXPORT_RULE, S.REPORTED, TOOLS),
    ("Lam Research cleared to ship to Chinese memory fabs", E.LICENCE, S.REPORTED, turned(TOOLS)),
    ("US considers new limits on chipmaking equipment sales to China", E.EXPORT_RULE, S.REPORTED, TOOLS),
    ("China tells chipmakers to use home-grown equipment and avoid foreign tools", E.IMPORT_RULE, S.REPORTED, TOOLS),
    ("EDA export ban to China lifted, says Siemens", E.EXPORT_RULE, S.CONFIRMED, turned(EDA)),
    ("US may let HBM2E flow to China again under trade deal", E.EXPORT_RULE, S.REPORTED,
     "005930.KS+ 000660.KS+ MU+ CXMT- Huawei+"),
    ("Japan curbs photoresist exports to China", E.EXPORT_RULE, S.REPORTED, "4186.T- 0981.HK- 300346.SZ+"),
    ("Applied Materials fined over SMIC shipments", E.ENFORCEMENT, S.CONFIRMED, NOBODY),
    ("KLA raises dividend", E.CORPORATE, S.CONFIRMED, NOBODY),
    # lists
    ("US removes YMTC from Pentagon list", E.ENTITY_LIST, S.CONFIRMED, "MU- 285A.T- SNDK- LRCX+ AMAT+ 002371.SZ-"),
    ("Commerce adds Inspur units to Entity List", E.ENTITY_LIST, S.CONFIRMED, "NVDA- INTC- AMD-"),
    ("US to blacklist Naura and AMEC", E.ENTITY_LIST, S.REPORTED, "MKSI- 0981.HK-"),
    ("Washington warns firms not to use Huawei's Ascend chips", E.EXPORT_RULE, S.CONFIRMED, "0981.HK- NVDA+"),
    ("Biren and Moore Threads placed on US trade blacklist", E.ENTITY_LIST, S.CONFIRMED, "0981.HK+ TSM-"),
    ("Russia-linked traders hit with US sanctions", E.ENTITY_LIST, S.CONFIRMED, NOBODY),
    ("SMIC posts record revenue", E.RESULTS, S.CONFIRMED, NOBODY),
    # fabs in China
    ("US pulls waivers for Korean chipmakers' plants in China", E.LICENCE, S.CONFIRMED,
     "005930.KS- 000660.KS- MU+ AMAT- LRCX- KLAC-"),
    ("SK Hynix wins US permit to keep upgrading China fab", E.LICENCE, S.CONFIRMED, "MU- AMAT+ LRCX+ KLAC+"),
    ("TSMC suspends AI chip work for Chinese customers", E.SUPPLY_DEMAND, S.REPORTED, "0981.HK+ 9660.HK-"),
    # counter-measures and materials
    ("China restricts germanium exports", E.RETALIATION, S.CONFIRMED, METALS),
    ("Beijing eases rare earth export controls after truce", E.RETALIATION, S.CONFIRMED, turned(METALS)),
    ("China lifts ban on Micron chips", E.IMPORT_RULE, S.REPORTED,
     turned("005930.KS+ 000660.KS+ YMTC+ CXMT+ 603986.SS+")),
    ("China exempts some Nexperia chips from export ban", E.RETALIATION, S.CONFIRMED, turned(NEXPERIA)),
    ("Carmakers warn of stoppages as Nexperia chip shortage bites", E.SUPPLY_DEMAND, S.CONFIRMED,
     NEXPERIA + " 7203.T- GM- NXPI+"),
    ("China launches probe into Qualcomm", E.ENFORCEMENT, S.CONFIRMED, "2454.TW+ Unisoc+"),
    ("Lithium exports curbed by Beijing", E.RETALIATION, S.CONFIRMED, NOBODY),
    # tariffs
    ("US exempts chips from reciprocal tariffs", E.TARIFF, S.CONFIRMED, turned(CHIP_TARIFF)),
    ("Taiwan wins lower US tariff on semiconductors", E.TARIFF, S.CONFIRMED, "TSM+ 2317.TW+ 2382.TW+ UMC+"),
    ("Trump threatens new tariffs on semiconductors", E.TARIFF, S.REPORTED, CHIP_TARIFF),
    ("How chip tariffs could hit your next phone", E.TARIFF, S.COMMENTARY, NOBODY),
    # prices, outages, spending
    ("Memory prices to rise further, says TrendForce", E.SUPPLY_DEMAND, S.REPORTED, MEMORY),
    ("Samsung raises NAND prices by 20%", E.SUPPLY_DEMAND, S.REPORTED, MEMORY),
    ("HBM shortage to last through next year", E.SUPPLY_DEMAND, S.REPORTED, MEMORY),
    ("SMIC lifts foundry prices 10%", E.SUPPLY_DEMAND, S.REPORTED, "1347.HK+ UMC+ GFS+ 5347.TWO+ 6770.TW+"),
    ("Kioxia halts lines after power outage", E.CAPACITY, S.CONFIRMED, "SNDK- 005930.KS+ MU+ 000660.KS+"),
    ("Taiwan quake leaves TSMC fabs unaffected", E.CAPACITY, S.CONFIRMED, NOBODY),
    ("Samsung cuts memory capex", E.CAPACITY, S.REPORTED, "LRCX- AMAT- 8035.T- ASML- 042700.KS-"),
    ("Microsoft slows data centre projects", E.CAPACITY, S.REPORTED, turned(CLOUD)),
    ("Alibaba boosts AI spending", E.CAPACITY, S.CONFIRMED, "688256.SS+ 000977.SZ+ 0981.HK+ 9698.HK+"),
    ("T-glass shortage hits substrate makers", E.SUPPLY_DEMAND, S.REPORTED,
     "4062.T+ 3037.TW+ 8046.TW+ 3110.T+ 2802.T+"),
    ("Intel cuts prices of desktop chips", E.CORPORATE, S.CONFIRMED, NOBODY),
    ("Chip shortage over, say carmakers", E.SUPPLY_DEMAND, S.CONFIRMED, turned("7203.T- VOW3.DE- GM- IFX.DE+ NXPI+")),
]  # fmt: skip

# One headline more for each entry that those do not reach, with one company that it must bring.
MORE = [
    ("hbm-prices", "HBM prices fall as supply grows", E.SUPPLY_DEMAND, "NVDA+"),
    ("euv-china", "Dutch bar EUV exports to China", E.EXPORT_RULE, "0981.HK-"),
    ("intel-gaudi-china", "US bars Intel from selling Gaudi 3 to China", E.LICENCE, "TSM-"),
    ("taiwan-deal-tsmc", "US lowers tariffs on Taiwan after TSMC pledge", E.TARIFF, "2382.TW+"),
    ("tsmc-chinese-customers", "US orders TSMC to halt shipments to Chinese AI firms", E.EXPORT_RULE, "0981.HK+"),
    ("nexperia-control", "Dutch state drops control of Nexperia", E.ENFORCEMENT, "600745.SS+"),
    ("china-cpu-guidance", "China bans Intel and AMD CPUs in state offices", E.IMPORT_RULE, "688047.SS+"),
    ("jinhua-curbs", "US puts Fujian Jinhua on Entity List", E.ENTITY_LIST, "MU+"),
    ("hua-hong-curbs", "US adds Hua Hong to Entity List", E.ENTITY_LIST, "UMC+"),
    ("huawei-fab-network", "US blacklists SwaySure and Pengxinwei", E.ENTITY_LIST, "KLAC-"),
    ("zte-ban", "US lifts ban on ZTE", E.EXPORT_RULE, "QCOM+"),
    ("optics-makers-listed", "Pentagon adds Innolight and Eoptolink to its list", E.ENTITY_LIST, "COHR+"),
    ("boe-import-ban", "US bars imports of BOE panels", E.IMPORT_RULE, "034220.KS+"),
    ("analog-prices", "Infineon raises prices of power chips", E.SUPPLY_DEMAND, "STM+"),
    ("tsmc-outage", "Power outage halts TSMC fab in Tainan", E.CAPACITY, "AAPL-"),
    ("samsung-outage", "Blackout halts Samsung lines in Pyeongtaek", E.CAPACITY, "MU+"),
    ("hynix-outage", "Fire halts SK Hynix plant in Wuxi", E.CAPACITY, "005930.KS+"),
    ("micron-outage", "Power outage halts Micron plant in Taichung", E.CAPACITY, "000660.KS+"),
    ("nexperia-outage", "Fire halts Nexperia plant in Hamburg", E.CAPACITY, "IFX.DE+"),
    ("intel-capex", "Intel cuts capex by a fifth", E.CAPACITY, "KLAC-"),
    ("chinese-fab-capex", "CXMT doubles capex", E.CAPACITY, "688012.SS+"),
    ("ai-chips-southeast-asia", "US restricts AI chip exports to Malaysia and Thailand", E.EXPORT_RULE, "ORCL-"),
    ("cloud-loophole", "US bars remote access by China to AI clouds", E.EXPORT_RULE, "ByteDance-"),
    ("photoresist-korea", "Japan restricts photoresist exports to South Korea", E.EXPORT_RULE, "357780.KQ+"),
    ("chinese-memory-modules-barred", "US bans Chinese memory in federal computers", E.IMPORT_RULE, "SNDK+"),
    ("critical-minerals", "China tightens critical mineral exports", E.RETALIATION, "LYC.AX+"),
    ("korea-chip-tariff", "US lowers tariffs on South Korean chips", E.TARIFF, "005930.KS+"),
    ("japan-disaster", "Quake in Japan halts chip plants", E.CAPACITY, "6723.T-"),
    ("korea-disaster", "Power outage in South Korea halts chip plants", E.CAPACITY, "000660.KS-"),
    ("malaysia-outage", "Floods in Malaysia halt chip packaging plants", E.CAPACITY, "IFX.DE-"),
    ("ai-chip-security-bills", "Senate blocks GAIN AI bill", E.EXPORT_RULE, "NVDA+"),
    ("risc-v-curbs", "US restricts RISC-V work with China", E.EXPORT_RULE, "ARM+"),
    ("helium-neon", "Helium shortage worries fabs", E.SUPPLY_DEMAND, "LIN+"),
    ("dichlorosilane", "China imposes duties on Japanese dichlorosilane", E.RETALIATION, "4063.T-"),
    ("noble-gases-russia", "Russia restricts noble gas exports", E.RETALIATION, "LIN+"),
    ("tungsten", "China bans tungsten exports", E.RETALIATION, "4047.T-"),
    ("indium-phosphide", "China restricts indium phosphide exports", E.RETALIATION, "AXTI-"),
    ("chip-tool-tariff", "US exempts chipmaking equipment from tariffs", E.TARIFF, "8035.T+"),
    ("memory-shortage", "Memory shortage deepens", E.SUPPLY_DEMAND, "MU+"),
    ("dram-shortage", "DRAM glut returns", E.SUPPLY_DEMAND, "2408.TW-"),
    ("nand-shortage", "NAND shortage spreads to phones", E.SUPPLY_DEMAND, "SNDK+"),
    ("mlcc-prices", "Murata raises MLCC prices", E.SUPPLY_DEMAND, "009150.KS+"),
    ("wafer-prices", "Silicon wafer prices rise again", E.SUPPLY_DEMAND, "3436.T+"),
    ("substrate-prices", "ABF substrate prices climb", E.SUPPLY_DEMAND, "3037.TW+"),
    ("advanced-packaging-shortage", "Advanced packaging shortage eases", E.SUPPLY_DEMAND, "AMKR-"),
    ("texas-power", "Texas freeze halts fabs as power fails", E.CAPACITY, "NXPI-"),
    ("ai-spending", "Hyperscalers raise capex once more", E.CAPACITY, "AVGO+"),
]

# Silent where an analyst would speak: rather that than a wrong name.
SILENT = {
    "TSMC suspends AI chip work for Chinese customers",
    "China exempts some Nexperia chips from export ban",
}


def holding(text, event, status):
    mentions = with_passing(text, with_directions(text, BOOK.find(text), event=event, status=status))
    named = {m.company: m for m in mentions if not m.passing}
    found = senses(text, event=event, status=status)
    return {e.name for e in MAP.entries if e.sense_of(fold(text), named, find_facts(text), event, found)}


def brought(text, event, status):
    mentions = with_passing(text, with_directions(text, BOOK.find(text), event=event, status=status))
    inferred = exposed(text, mentions, find_facts(text), event, status, MAP)
    return {m.ticker or m.company: m.direction for m in inferred}


def wanted(expected):
    return {word[:-1]: 1 if word[-1] == "+" else -1 for word in expected.split()}


@pytest.mark.parametrize(("text", "event", "status", "expected"), BEFORE + AFTER)
def test_a_headline_brings_only_whom_an_analyst_would_name(text, event, status, expected):
    """Every inferred company is one that an analyst would name, with the same sign; and nobody is, where none fits."""
    found, right = brought(text, event, status), wanted(expected)
    assert {who: sign for who, sign in found.items() if right.get(who) != sign} == {}
    assert bool(found) is (bool(right) and text not in SILENT)
    assert len(found) <= MOST


@pytest.mark.parametrize(("name", "text", "event", "expected"), MORE)
def test_no_entry_waits_for_words_that_never_come(name, text, event, expected):
    """Each entry that the headlines above do not reach holds for one of its own."""
    assert name in holding(text, event, S.CONFIRMED)
    assert wanted(expected).items() <= brought(text, event, S.CONFIRMED).items()


def test_every_entry_is_reached():
    """There is no entry without a headline."""
    reached = {name for text, event, status, _ in BEFORE + AFTER for name in holding(text, event, status)}
    assert {e.name for e in MAP.entries} - reached == {name for name, *_ in MORE}


def test_how_often_the_map_is_right_and_silent():
    """Over both halves no inferred company is wrong, and at most one headline in twelve is left without one."""
    assert (len(BEFORE), len(AFTER), len({row[0] for row in BEFORE + AFTER})) == (60, 60, 120)
    right = wrong = silent = speaking = 0
    for text, event, status, expected in BEFORE + AFTER:
        found, accepted = brought(text, event, status), wanted(expected)
        right += sum(accepted.get(who) == sign for who, sign in found.items())
        wrong += sum(accepted.get(who) != sign for who, sign in found.items())
        speaking += bool(accepted)
        silent += bool(accepted) and not found
    assert speaking == 90
    assert wrong / (right + wrong) <= 0.02
    assert silent / speaking <= 1 / 12


def test_the_map_covers_the_trade():
    """There are at least sixty entries, and every sense of the news that can be told has one."""
    assert len(MAP.entries) >= 60
    assert {s for e in MAP.entries for s in (e.sense, e.sense.opposite)} == set(Sense)
    assert {e for entry in MAP.entries for e in entry.events} >= set(Event) - {E.OTHER}


def test_reasons_are_short_and_in_plain_words():
    """Every reason is one short line that begins like the rest of a sentence, with no full stop."""
    reasons = {one.reason for entry in MAP.entries for one in entry.exposed}
    assert all(len(reason) <= 120 and not reason.endswith(".") for reason in reasons)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("event", list(Event))
def test_a_headline_without_chips_brings_nobody(event, status):
    """News of other trades touches no company, whatever the model calls it."""
    for text in ("Parliament bans smoking in parks", "US lifts ban on beef from Brazil", "Strike halts trains", ""):
        assert brought(text, event, status) == {}
