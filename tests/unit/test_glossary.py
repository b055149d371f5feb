"""Chinese headlines in English words, and how the shipped model reads them."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import classifiers
from classifiers.api import ModelError
from classifiers.dataset import load as load_data
from classifiers.dataset import read_file
from classifiers.evaluate import evaluate
from classifiers.glossary import MIN_COVERAGE, Glossary, default_glossary
from classifiers.serve import load
from classifiers.text import MAX_CHARS, language, normalise

CHINESE_TEST = Path(classifiers.__file__).parent / "data" / "zh" / "test.jsonl"

FIELD_WORDS = (
    "的将对向被拟传芯片英伟达台积电出口管制关税禁令美国中国亿万元月年成家台〇星、，。：「」《》％ 0123456789.,%$"
)
field_text = st.text(alphabet=st.sampled_from(FIELD_WORDS) | st.characters(codec="utf-8"), max_size=120)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("英伟达", "Nvidia"),
        ("輝達", "Nvidia"),
        ("長江存儲", "YMTC"),
        ("台積電", "TSMC"),
        ("SK海力士", "SK Hynix"),
        ("光刻机", "lithography machine"),
        ("微影設備", "lithography machine"),
        ("高频宽记忆体", "high-bandwidth memory"),
        ("對華晶片出口管制", "chip export curbs on China"),
        ("反垄断调查", "antitrust probe"),
        ("據悉", "reportedly"),
        ("拟", "plans to"),
        ("毛利率", "gross margin"),
        ("超微、美光", "AMD, Micron"),
        ("H200芯片", "H200 chip"),
        ("芯片,芯片。", "chip, chip."),
        ("營收創高 股價大漲", "revenue hits high, shares surges"),
        ("英伟达 H20 芯片", "Nvidia H20 chip"),
    ],
)
def test_terms(chinese, english):
    """The longest term wins, in simplified and traditional characters; Latin words stay whole."""
    assert default_glossary().english(chinese).text == english


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("35亿美元", "$3.5 billion"),
        ("1.5万亿日元", "1.5 trillion yen"),
        ("5.5億歐元", "€550 million"),
        ("12,500万元", "125 million yuan"),
        ("3674.7亿元", "367.47 billion yuan"),
        ("40万颗", "400,000 units"),
        ("逾万颗", "more than 10,000 units"),
        ("10余家", "10"),
        ("十二家", "12"),
        ("两款", "2"),
        ("五成", "50%"),
        ("9.9%", "9.9%"),
        ("2奈米", "2nm"),
        ("12英寸", "12-inch"),
        ("0.5个百分点", "0.5 percentage points"),
        ("2027年6月", "2027 June"),
        ("18个月", "18 months"),
        ("三年", "three years"),
        ("500兆瓦", "500 megawatts"),
        ("13月", "13 months"),
        ("232条款", "Section 232"),
        ("2325", "2325"),
        ("5G基站", "5G base station"),
    ],
)
def test_numbers(chinese, english):
    """Figures take the English scale, currency and unit; a number that names a thing stays that thing."""
    assert default_glossary().english(chinese).text == english


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("美国将中芯国际列入实体清单", "U.S. adds SMIC to Entity List"),
        ("英伟达将出售芯片", "Nvidia to sells chip"),
        ("美国允许英伟达向中国出售H200", "U.S. allows Nvidia sells H200 to China"),
        ("荷蘭對華光刻機出口限制", "Netherlands lithography machine export restrictions to China"),
        ("台積電許可遭美國撤銷", "TSMC licence revokes by U.S."),
        ("明年产能售罄", "capacity sold out next year"),
        ("被列入黑名单", "added to blacklist"),
    ],
)
def test_word_order(chinese, english):
    """Who does what to whom comes out in English order: directions, objects before the verb, passives, dates."""
    assert default_glossary().english(chinese).text == english


@pytest.mark.parametrize(
    ("chinese", "coverage"),
    [("英伟达芯片", 1.0), ("犇骉麤龘", 0.0), ("芯片犇骉", 0.5), ("H20", 1.0), ("", 1.0)],
)
def test_coverage(chinese, coverage):
    """Coverage is the share of Han characters in known terms; other letters do not count."""
    assert default_glossary().english(chinese).coverage == pytest.approx(coverage)


def test_unknown_chinese_stays_as_it_is():
    """Where too little is known nothing is rewritten, so that the gate can see that the headline was not read."""
    assert MIN_COVERAGE == 0.5
    assert normalise("芯片犇骉麤") == "芯片犇骉麤"
    assert normalise("英伟达芯片犇骉麤") == "Nvidia chip"


@given(field_text)
def test_never_raises_and_leaves_no_han(text):
    """Whatever the text, the line has no Han character, and coverage is a share."""
    reading = default_glossary().english(text)
    assert 0.0 <= reading.coverage <= 1.0
    assert not any("\u4e00" <= c <= "\u9fff" for c in reading.text)


@given(field_text)
def test_normalise_is_idempotent_with_chinese(text):
    """A second pass changes nothing, whether the first has rewritten or not."""
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "text", ["芯片" * 50_000, "1" * 5_000 + "亿芯片", "一二三亿" * 500, "百万亿千" * 300, "对" * 900]
)
def test_long_runs_are_bounded(text):
    """Runs without end cost no more than a long headline."""
    started = time.perf_counter()
    assert len(normalise(text)) <= MAX_CHARS
    assert time.perf_counter() - started < 1.0


def test_english_data_is_untouched():
    """No headline of the project's English data is taken for Chinese, so that the glossary never sees one."""
    records = load_data()
    assert len(records) > 10_000
    assert [r.headline for r in records if language(r.headline) == "zh" and r.batch != "chinese"] == []


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF, codec="utf-8"), max_size=100))
def test_other_scripts_are_untouched(text):
    """Without Han characters there is nothing to rewrite."""
    assert language(text) in {"en", "ko", "ja"}


def test_size():
    """The shipped glossary holds at least 600 terms of the field and the words around them."""
    assert len(default_glossary()) >= 2_000


@pytest.mark.parametrize(
    ("terms", "traditional", "fault"),
    [
        ({"a": {"chip": "芯片"}, "b": {"chips": "芯片"}}, "", "twice"),
        ({"a": {"Nvidia": "輝達"}}, "輝辉 達达", "simplified"),
        ({"a": {"chip": "芯片"}}, "輝", "pairs"),
    ],
)
def test_glossary_at_fault(terms, traditional, fault):
    """A term that stands twice or can never be met, and half a pair, are refused."""
    with pytest.raises(ValueError, match=fault):
        Glossary(terms, traditional=traditional)


def test_glossary_file_at_fault(tmp_path):
    """A missing or damaged file is a ModelError that names it."""
    with pytest.raises(ModelError, match=r"none\.toml"):
        Glossary.from_file(tmp_path / "none.toml")
    for number, text in enumerate(["terms = 3", "[other]", "traditional = 3\n[terms.a]\nchip = '芯片'", "[terms.a"]):
        path = tmp_path / f"bad{number}.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ModelError, match=path.name):
            Glossary.from_file(path)


def test_chinese_split_stays_out_of_training():
    """The Chinese headlines are for measuring: reading the project's data does not find them."""
    chinese = {r.headline for r in read_file(CHINESE_TEST)}
    assert len(chinese) == 420
    assert chinese.isdisjoint(r.headline for r in load_data())


def test_quality_on_chinese_headlines():
    """The shipped model, gate and glossary find the relevant Chinese headlines and leave general news alone."""
    classifier = load()
    report = evaluate(classifier, labelled=[CHINESE_TEST], baselines=False)
    # Measured with the first shipped weights: F1 .96, precision 1.00, events .83, statuses .78.
    head = report.heads["chip_export"]
    assert head.quality.value >= 0.90
    assert head.precision is not None
    assert head.precision >= 0.95
    assert report.heads["event"].quality.value >= 0.72
    assert report.heads["status"].quality.value >= 0.68
    general = [r.headline for r in read_file(CHINESE_TEST) if r.event == "other"]
    alarms = [s for s in classifier.score(general) if s.chip_export >= classifier.thresholds.chip_export]
    assert len(alarms) <= 1
