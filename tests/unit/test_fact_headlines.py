"""Headlines of our own words and every fact that stands in them, with the traps that look like facts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.facts import find_facts
from bot.rules.names import Name, NameBook
from bot.rules.people import OFFICES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Beijing lets 400,000 H200 chips in by early 2027",
            {
                "products": ["H200"],
                "figures": ["400,000 chips"],
                "places": ["China"],
                "dates": ["early 2027"],
                "deadlines": ["by early 2027"],
            },
        ),
        (
            "Nvidia sells H20s and RTX Pro 6000D cards to Shenzhen cloud",
            {"products": ["H20", "RTX Pro 6000D"], "places": ["China"]},
        ),
        ("Profit climbs H200 million at tool maker", {}),
        ("A100 motorway shuts near Berlin", {"places": ["Germany"]}),
        ("Jakarta raises B40 biodiesel blend", {"places": ["Indonesia"]}),
        ("A100 GPUs turn up in Hefei market", {"products": ["A100"]}),
        (
            "MI308 licence at 15% levy, AMD's Su says",
            {"products": ["MI308"], "figures": ["15%"], "people": ["Lisa Su"]},
        ),
        ("Intel 14A customers sign, 18A slips", {"products": ["14A", "18A"]}),
        ("Mooring fee of $14A is a typo", {}),
        ("Proxy on Schedule 14A names new directors", {}),
        ("Tanker drifts 10 nm off Taiwan", {"places": ["Taiwan"]}),
        ("FREIGHTER SINKS 10 NM OFF COAST", {}),
        ("7NM LINE STARTS IN SHANGHAI", {"products": ["7 nm"], "places": ["China"]}),
        ("Curbs reach 14 nm and 28-nm tools", {"products": ["14 nm", "28 nm"]}),
        ("Vera Rubin racks ship; Rubin Observatory opens", {"products": ["Vera Rubin"]}),
        ("Huawei Ascend 950 clusters beat plan", {"products": ["Ascend 950"]}),
        ("Markets ascend as talks go on", {}),
        ("Markets Ascend As Talks Go On", {}),
        ("Kirin Holdings brews less beer", {}),
        ("Kirin 9030 phone chip seen in Huawei's new model", {"products": ["Kirin 9030"]}),
        ("GAA transistors fall under new rule", {"products": ["GAA"]}),
        ("GAA final draws crowd in Dublin", {}),
        ("EDA and DUV next on list, Dutch minister warns", {"products": ["EDA", "DUV"], "places": ["Netherlands"]}),
        ("High-NA EUV goes to Hsinchu", {"products": ["High-NA EUV"], "places": ["Taiwan"]}),
        ("HBM4, DDR5 and NAND prices up 30-50%", {"products": ["HBM4", "DDR5", "NAND"], "figures": ["30-50%"]}),
        ("LPDDR5X at $12 per unit", {"products": ["LPDDR5X"], "figures": ["$12"]}),
        ("Memory costs $4.50 a unit, up from $3", {"figures": ["$4.50", "$3"]}),
        ("Prices rise to $30,000-$40,000 per H200", {"products": ["H200"], "figures": ["$30,000", "$40,000"]}),
        ("Fund of $25-30 billion for fabs", {"figures": ["$25-30 billion"]}),
        ("Fund of $25 to $30 billion for fabs", {"figures": ["$25 to $30 billion"]}),
        ("Cut from $25 billion to $20 billion", {"figures": ["$25 billion", "$20 billion"]}),
        ("US$5bn for Arizona fab, NT$343.61 billion of sales", {"figures": ["US$5bn", "NT$343.61 billion"]}),
        ("Levy of 20 to 25% on chips from Malaysia", {"figures": ["20 to 25%"], "places": ["Malaysia"]}),
        ("Duty of 20%-25% on servers", {"figures": ["20%-25%"]}),
        ("Stake sold for 3.2 trillion won", {"figures": ["3.2 trillion won"]}),
        ("Grant of 600 million euros for Dresden", {"figures": ["600 million euros"], "places": ["Germany"]}),
        ("40,000-80,000 chips a month from Penang", {"figures": ["40,000-80,000 chips"], "places": ["Malaysia"]}),
        ("1.5 million wafers and 3 GW of power", {"figures": ["1.5 million wafers", "3 GW"]}),
        ("Section 232 chips case nears end", {}),
        ("Section 301 duties stay", {}),
        ("3A alone is no class", {}),
        ("3A090 chips to Macau need papers", {"eccns": ["3A090"], "places": ["Macau"]}),
        ("Rule moves 3A090.a and 4A090.a to case-by-case review", {"eccns": ["3A090.a", "4A090.a"]}),
        ("3B001.f.4 tools and 5A992 servers named", {"eccns": ["3B001.f.4", "5A992"]}),
        ("EAR99 items freed for Vietnam", {"eccns": ["EAR99"], "places": ["Vietnam"]}),
        ("Flight 3B12 lands", {}),
        (
            "Rule 2025-01234 corrected, docket BIS-2025-0012 stays open",
            {"documents": ["2025-01234", "BIS-2025-0012"], "agencies": ["BIS"]},
        ),
        ("RIN 0694-AK12 withdrawn", {"documents": ["0694-AK12"]}),
        ("See 90 FR 12345 and 91 Fed. Reg. 4,617", {"documents": ["90 FR 12345", "91 FR 4617"]}),
        ("Docket No. 250108-0010 reopened", {"documents": ["250108-0010"]}),
        (
            "MOFCOM Announcement No. 61 of 2025 suspended",
            {
                "places": ["China"],
                "dates": ["2025"],
                "documents": ["Announcement No. 61 of 2025"],
                "agencies": ["MOFCOM"],
            },
        ),
        (
            "商务部公告2024年第46号暂停",
            {"places": ["China"], "documents": ["Announcement No. 46 of 2024"], "agencies": ["MOFCOM"]},
        ),
        ("HTS 8541.10.00 and heading 8486.20 hit by duty", {"documents": ["HTS 8541.10.00", "HTS 8486.20"]}),
        ("Index closes at 4321.10", {}),
        (
            "Executive Order 14105 extended; Proclamation 10962 signed",
            {"documents": ["Executive Order 14105", "Proclamation 10962"]},
        ),
        ("H.R. 3447 passes House, S. 1705 waits", {"documents": ["H.R. 3447", "S. 1705"]}),
        ("Fiscal 2025-2026 budget for chips", {}),
        ("Comments due Dec. 15 on chip duty", {"dates": ["Dec. 15"], "deadlines": ["comments due Dec. 15"]}),
        (
            "Comment period closes on January 8, 2027",
            {"dates": ["January 8, 2027"], "deadlines": ["comments due January 8, 2027"]},
        ),
        ("Rule takes effect on Nov 10", {"dates": ["Nov 10"], "deadlines": ["effective Nov 10"]}),
        ("Rule effective Sept 16, 2026", {"dates": ["Sept 16, 2026"], "deadlines": ["effective Sept 16, 2026"]}),
        ("Licence expires on June 30", {"dates": ["June 30"], "deadlines": ["expires June 30"]}),
        (
            "Deadline of March 1 set for Dutch answer",
            {"places": ["Netherlands"], "dates": ["March 1"], "deadlines": ["due March 1"]},
        ),
        ("Shipments end by Q3 2027", {"dates": ["Q3 2027"], "deadlines": ["by Q3 2027"]}),
        ("Nothing may 5 years from now be sure", {}),
        ("Chip sales may rise in May 2027", {"dates": ["May 2027"]}),
        ("It may rain on 5 fabs", {}),
        ("FIRMS MAY 10 TIMES ASK FOR PAPERS", {}),
        ("US TO ADD 20 FIRMS FROM NOV 10", {"figures": ["20 firms"], "places": ["US"], "dates": ["NOV 10"]}),
        ("ALL OF US WANT CHIPS", {}),
        ("TELL US WHEN, BEIJING SAYS", {"places": ["US", "China"]}),
        ("Tell us when the chips come", {}),
        (
            "US Commerce adds 28 firms, Lutnick says",
            {"figures": ["28 firms"], "places": ["US"], "people": ["Howard Lutnick"], "agencies": ["Commerce"]},
        ),
        ("Greer and He Lifeng meet in Madrid", {"places": ["Spain"], "people": ["Jamieson Greer", "He Lifeng"]}),
        (
            "Wang Wentao calls Lutnick; MOFCOM readout",
            {"places": ["China"], "people": ["Wang Wentao", "Howard Lutnick"], "agencies": ["MOFCOM"]},
        ),
        (
            "Kessler of BIS before House China committee",
            {"places": ["China"], "people": ["Jeffrey Kessler"], "agencies": ["BIS", "House China committee"]},
        ),
        ("Kessler twins win race", {}),
        (
            "Nvidia's Huang in Beijing, Trump to meet Xi",
            {"places": ["China"], "people": ["Jensen Huang", "Donald Trump", "Xi Jinping"]},
        ),
        ("Huang family buys hotel", {}),
        ("Lip-Bu Tan and Pat Gelsinger disagree", {"people": ["Lip-Bu Tan", "Pat Gelsinger"]}),
        ("Intel's Tan sees 2027 profit", {"dates": ["2027"], "people": ["Lip-Bu Tan"]}),
        ("Hock Tan on AI orders", {"people": ["Hock Tan"]}),
        ("TSMC's Wei: overseas fabs cost more", {"people": ["C.C. Wei"]}),
        ("Warren Buffett sells chip shares", {}),
        ("Warren asks Nvidia about China sales", {"places": ["China"], "people": ["Elizabeth Warren"]}),
        ("Christophe Fouquet warns on DUV service ban", {"products": ["DUV"], "people": ["Christophe Fouquet"]}),
        ("Mehrotra: Micron leaves China servers", {"places": ["China"], "people": ["Sanjay Mehrotra"]}),
        ("Xi'an fab of Samsung runs on", {"places": ["China"]}),
        ("SAMR opens case against Qualcomm, CAC summons Nvidia", {"agencies": ["SAMR", "CAC"]}),
        ("CAC 40 falls on chip fears", {}),
        (
            "Chinese customs stops H20 parcels",
            {"products": ["H20"], "places": ["China"], "agencies": ["China Customs"]},
        ),
        ("US Customs holds DJI; CBP silent", {"places": ["US"], "agencies": ["CBP"]}),
        ("METI revises list; Tokyo follows The Hague", {"places": ["Japan", "Netherlands"], "agencies": ["METI"]}),
        ("India's Commerce Ministry on chips", {"places": ["India"]}),
        ("China's Commerce Ministry on chips", {"places": ["China"], "agencies": ["MOFCOM"]}),
        ("Bank for International Settlements meets in Basel", {}),
        ("BIS opens door to licences for H20 chips", {"products": ["H20"], "agencies": ["BIS"]}),
        ("BIS hallmark on gold coins", {}),
        ("Justice Department charges four over A100 smuggling", {"products": ["A100"], "agencies": ["DOJ"]}),
        ("FBI raids server broker in Singapore", {"places": ["Singapore"], "agencies": ["FBI"]}),
        ("Taiwan's MOEA adds Huawei to list", {"places": ["Taiwan"], "agencies": ["MOEA"]}),
        ("SK Hynix wins as DRAM jumps 8.3 percent", {"products": ["DRAM"], "figures": ["8.3 percent"]}),
        ("South China Morning Post: Alibaba tests chip", {}),
        ("North Korean hackers hit Seoul fab", {"places": ["North Korea", "South Korea"]}),
        ("Chinese Taipei sends chip team", {"places": ["Taiwan"]}),
        ("New Mexico fab of Intel gets grant", {"places": ["US"]}),
        (
            "UAE gets 500,000 chips a year; Riyadh waits",
            {"figures": ["500,000 chips"], "places": ["UAE", "Saudi Arabia"]},
        ),
        ("U.S., EU and Japan sign minerals pact", {"places": ["US", "EU", "Japan"]}),
        ("Washington Post buys new presses", {}),
        ("Qatar and Turkey ask for AI chips", {"places": ["Qatar", "Turkey"]}),
        ("朝鲜 no, 韩国 yes, 欧盟 yes", {"places": ["North Korea", "South Korea", "EU"]}),
        ("黄仁勋访问北京", {"places": ["China"], "people": ["Jensen Huang"]}),
        ("美国拟对荷兰DUV设备加征25%关税", {"products": ["DUV"], "figures": ["25%"], "places": ["US", "Netherlands"]}),
        ("海关总署查扣H20芯片", {"products": ["H20"], "agencies": ["China Customs"]}),
        ("台湾 limits N2 exports to South Africa", {"places": ["Taiwan"]}),
        (
            "Samsung to make 2 nm chips in Texas by 2027",
            {"products": ["2 nm"], "dates": ["2027"], "deadlines": ["by 2027"]},
        ),
        ("GB300 servers at 120 kW each", {"products": ["GB300"]}),
        (
            "Blackwell Ultra sales of $27 billion in Q2 2027",
            {"products": ["Blackwell Ultra"], "figures": ["$27 billion"], "dates": ["Q2 2027"]},
        ),
        ("TSMC Q3 sales up 30.3% to NT$989.92 billion", {"figures": ["30.3%", "NT$989.92 billion"], "dates": ["Q3"]}),
        ("3Q 2027 guidance: 60-62% margin", {"figures": ["60-62%"], "dates": ["3Q 2027"]}),
        ("ASML books 7.1 billion euros, 80% EUV", {"products": ["EUV"], "figures": ["7.1 billion euros", "80%"]}),
        ("Fine of $140 million for Cadence over China sales", {"figures": ["$140 million"], "places": ["China"]}),
        ("Cadence to pay more than $140m", {"figures": ["$140m"]}),
        ("Rs 76,000 crore chip scheme in Gujarat", {"figures": ["Rs 76,000 crore"], "places": ["India"]}),
        ("1,200 jobs go at Intel Ireland", {"figures": ["1,200 jobs"], "places": ["Ireland"]}),
        (
            "140 entities added, 16 in Japan and Korea",
            {"figures": ["140 entities"], "places": ["Japan", "South Korea"]},
        ),
        ("Two Chinese firms freed, says Commerce Secretary", {"places": ["China"], "agencies": ["Commerce"]}),
        ("WTO panel on US chip duties", {"places": ["US"], "agencies": ["WTO"]}),
        ("CFIUS blocks sale of Nexperia unit", {"agencies": ["CFIUS"]}),
        ("H100s at $2.10 an hour", {"products": ["H100"], "figures": ["$2.10"]}),
        ("100% tariff on chips unless made in America", {"figures": ["100%"], "places": ["US"]}),
        ("Chips worth RMB 3 million seized", {"figures": ["RMB 3 million"]}),
        ("Phone with 16 GB of DRAM and 512 GB SSD", {"products": ["DRAM", "SSD"]}),
        ("Ship at 9 pm on 14 May 2027", {"dates": ["14 May 2027"]}),
        ("Decision due on 1 April", {"dates": ["1 April"], "deadlines": ["due 1 April"]}),
        ("RDNA 5 GPUs wait, 5 GPUs sold", {"figures": ["5 GPUs"]}),
        ("Makers look to post-HBM memory", {}),
        ("HBM first", {"products": ["HBM"]}),
        ("No date, no number, no name", {}),
    ],
)
def test_every_fact_and_nothing_else(text, expected):
    """Products, classes, figures, places, dates, deadlines, papers, people and agencies."""
    assert find_facts(text).as_dict() == expected


def test_labels_say_what_falls_on_a_day():
    """Products, classes, figures, then days, each with what falls on it; names stand in the headline anyway."""
    facts = find_facts("Lutnick: 3A090 rule on H200 at 25% effective Sept 16, comments due Nov 20, first talks Jan 5")
    assert facts.labels() == ("H200", "3A090", "25%", "effective Sept 16", "comments due Nov 20", "Jan 5")
    assert facts.dates == ("Sept 16", "Nov 20", "Jan 5")


def test_figures_are_told_apart():
    """Money, percentages and counts, each in order; together they are the figures."""
    facts = find_facts("Nvidia pays $5.5 billion, 15% of sales, for 200,000 chips and $1 million more")
    assert facts.money == ("$5.5 billion", "$1 million")
    assert facts.percentages == ("15%",)
    assert facts.counts == ("200,000 chips",)
    assert facts.figures == ("$5.5 billion", "15%", "200,000 chips", "$1 million")


def test_people_have_offices():
    """Whoever is found has an office that says why they count."""
    (person,) = find_facts("Kessler of BIS signs").people
    assert OFFICES[person] == "under secretary of Commerce, BIS"


def test_the_longest_name_wins_and_an_empty_one_hides():
    """A longer name hides the shorter inside it; one that stands for nothing hides it for good."""
    book = NameBook([Name("Oak", (("tree", "oak"),)), Name("Oak Street"), Name("Old Oak", (("pub", "Old Oak"),))])
    assert [found.says for found in book.find("Oak and Old Oak, Oak Street, Oaks")] == [
        (("tree", "oak"),),
        (("pub", "Old Oak"),),
    ]
    assert [found.says for found in book.find("OAK")] == [(("tree", "oak"),)]


@given(st.text(alphabet="AH0129BMUSnm .,$%-:XiTrump商务部\u0301ß", max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_headline_can_be_read(text):
    """Pieces of facts in any order never raise, and each fact is told once."""
    for kind, found in find_facts(text).as_dict().items():
        assert kind
        assert len(set(found)) == len(found)
        assert all(found)
