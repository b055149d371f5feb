"""Which companies a headline names only to place another one."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.companies import load_companies
from bot.domain import Mention
from bot.rules.passing import passing, with_passing

BOOK = load_companies()


def in_passing(text):
    return {m.company for m in BOOK.find(text) if passing(text, m)}


def named(text):
    return {m.company for m in BOOK.find(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # kin of another company
        ("Nvidia rival Cambricon triples its sales", {"Nvidia"}),
        ("Nvidia's Chinese rival Biren files to list", {"Nvidia"}),
        ("Nvidia's biggest rival AMD lifts its outlook", {"Nvidia"}),
        ("TSMC supplier Soitec cuts its forecast", {"TSMC"}),
        ("Apple supplier Foxconn posts record sales", {"Apple"}),
        ("Apple suppliers slide in Taipei", {"Apple"}),
        ("ASML supplier Zeiss opens a plant", {"ASML"}),
        ("Nvidia challenger Cerebras raises $1 billion", {"Nvidia"}),
        ("Nvidia competitor Groq wins Gulf order", {"Nvidia"}),
        ("Intel spinoff raises funds for sensors", {"Intel"}),
        ("TSMC alternative Rapidus finds a customer", {"TSMC"}),
        ("Samsung contractor halts work on fab", {"Samsung Electronics"}),
        ("Nvidia customers wait for racks", {"Nvidia"}),
        ("Nvidia chip rival Huawei shows a cluster", {"Nvidia"}),
        ("A supplier to TSMC warns of weak orders", {"TSMC"}),
        ("Rivals of Nvidia meet in Taipei", {"Nvidia"}),
        ("Start-up pitches an alternative to Nvidia", {"Nvidia"}),
        # who stands behind somebody
        ("Nvidia-backed CoreWeave borrows $2 billion", {"Nvidia"}),
        ("Tencent-backed Enflame plans to list", {"Tencent"}),
        ("Alibaba-linked chip firm wins a tender", {"Alibaba"}),
        ("SoftBank-owned Arm raises its fees", {"SoftBank"}),
        ("Start-up backed by Intel makes optical links", {"Intel"}),
        ("Nvidia-style rack goes on show in Shenzhen", {"Nvidia"}),
        ("Chipmaker funded by Samsung opens a lab", {"Samsung Electronics"}),
        ("An Apple-like margin at a memory maker", {"Apple"}),
        # people who left
        ("Former Intel CEO joins a chip start-up", {"Intel"}),
        ("Ex-TSMC engineer jailed over leak", {"TSMC"}),
        ("Former top Samsung executive sentenced", {"Samsung Electronics"}),
        ("Intel veteran to lead new fab project", {"Intel"}),
        ("Apple's former chip chief raises money", {"Apple"}),
        ("Former CEO of Qualcomm backs an AI firm", {"Qualcomm"}),
        ("AMD hires a designer from Apple", {"Apple"}),
        ("Huawei poaches lens experts from ASML", {"ASML"}),
        ("Micron names finance chief from Intel", {"Intel"}),
        ("New chief joins from Broadcom", {"Broadcom"}),
        ("Nvidia alumni start a robot firm", {"Nvidia"}),
        # measured by another
        ("Unlike Intel, AMD sees no shortage", {"Intel"}),
        ("Cerebras says its chip is faster than Nvidia", {"Nvidia"}),
        ("Micron is now worth more than Intel", {"Intel"}),
        ("Huawei chip as fast as Nvidia, tests show", {"Nvidia"}),
        ("SMIC narrows its gap with TSMC", {"TSMC"}),
        ("China's answer to ASML takes shape", {"ASML"}),
        ("Is Broadcom the next Nvidia?", {"Nvidia"}),
        ("Memory firm looks like Nvidia in 2019", {"Nvidia"}),
        ("Rapidus tries to catch up with TSMC", {"TSMC"}),
        ("Hygon is cheap compared to AMD", {"AMD"}),
        ("Besides Nvidia, few earn money with AI", {"Nvidia"}),
        ("Kioxia margin is bigger than Micron's", {"Micron"}),
        # who went before
        ("After Nvidia, AMD is told to stop China sales", {"Nvidia"}),
        ("Days after Nvidia, Intel cuts its outlook", {"Nvidia"}),
        ("Following Samsung, SK Hynix lifts prices", {"Samsung Electronics"}),
        ("After Nvidia and AMD, Intel gets a China licence", {"Nvidia", "AMD"}),
        # those who use it
        ("Bug annoys Windows 11 users", {"Microsoft"}),
        ("Update worries GeForce owners", {"Nvidia"}),
    ],
)
def test_a_company_that_only_places_another_is_passing(text, expected):
    """Rivals, suppliers, backers, former employers and yardsticks are not what the news is about."""
    assert in_passing(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nvidia wins licence to sell H20 in China",
        "US adds firms including Inspur to its list",
        "Chipmakers including Nvidia, AMD and Intel fall",
        "Micron falls after Nvidia warns on China",
        "Chip stocks rise after TSMC lifts capex",
        "Nvidia partners with Intel on servers",
        "Samsung and Nvidia partner on HBM",
        "Chip stocks such as AMD and Micron slide",
        "Stocks like Micron and AMD jump",
        "SK Hynix overtakes Samsung in market value",
        "Bad news for Qualcomm and MediaTek",
        "Nvidia tells Samsung to speed up",
        "TSMC, supplier of wafers, lifts prices",
        "Nvidia investors sue over China sales",
        "AMD and Nvidia agree to pay 15% of China sales",
        "China bars Micron; Samsung gains",
        "Intel chief meets Trump",
        "Amazon challenges Nvidia with its own chip",
        "Huawei to take on Nvidia abroad",
        "Google moves orders from Broadcom to MediaTek",
        "Apple buys more chips from TSMC",
        "Qualcomm says Arm broke its contract",
        "Customs seizes Nvidia cards in Hong Kong",
        "ASML to ship fewer tools to China",
        "Broadcom loses a large customer",
        "Intel supplies Microsoft with custom chips",
        "Nexperia customers get parts again, Nexperia says",  # a second time as itself
        "Nvidia suppliers rise as Nvidia lifts its outlook",
        "Lam, KLA and Applied see less from China",
        "Samsung to make Tesla's next chip",
    ],
)
def test_what_the_news_is_about_is_not_passing(text):
    """Subjects, objects, causes and lists stay, and so does a company that is named again as itself."""
    assert named(text)
    assert in_passing(text) == set()


def test_a_passing_company_has_no_direction():
    """It stays a named company, marked, without a push; the others are as they were."""
    text = "Nvidia rival Cambricon jumps"
    mentions = tuple(dataclasses.replace(m, direction=1) for m in BOOK.find(text))
    nvidia, cambricon = with_passing(text, mentions)
    assert (nvidia.company, nvidia.primary, nvidia.passing, nvidia.direction) == ("Nvidia", True, True, 0)
    assert cambricon == mentions[1]


def test_an_inferred_company_is_never_passing():
    """What has no place in the words cannot be in passing."""
    inferred = Mention("TSMC", "TSM", -1, primary=False, role="foundry", reason="makes the chips")
    assert not passing("Nvidia rival AMD jumps", inferred)
    assert with_passing("Nvidia rival AMD jumps", (inferred,)) == (inferred,)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from("Nvidia rival AMD former Intel , after unlike TSMC supplier of to - backed and's than".split()),
        max_size=12,
    ).map(" ".join)
)
def test_marking_keeps_who_is_named(text):
    """Whatever the words, the same companies stand there in the same order, and only passing ones lose direction."""
    before = tuple(dataclasses.replace(m, direction=1) for m in BOOK.find(text))
    after = with_passing(text, before)
    assert [m.company for m in after] == [m.company for m in before]
    assert all(m.direction == (0 if m.passing else 1) for m in after)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.integers(-3, 90), st.integers(-3, 90))
def test_any_span_of_any_text_is_judged(text, start, end):
    """No text and no offsets break the rule."""
    assert passing(text, Mention("Nvidia", "NVDA", start=start, end=end)) in {True, False}
