"""Normalisation of headlines, and their language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.text import MAX_CHARS, language, normalise


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Chip\tcurbs \n widen ", "Chip curbs widen"),
        ("Nvidia&#8217;s H20 &amp;amp; AMD&rsquo;s MI308", "Nvidia's H20 & AMD's MI308"),
        ("“Green light” for chips — at last", '"Green light" for chips - at last'),
        ("U. S. -China chip talks stall", "U.S.-China chip talks stall"),
        ("US clears sale; USA waits, U.S.A. too", "U.S. clears sale; U.S. waits, U.S. too"),
        ("They told us nothing about USB chips", "They told us nothing about USB chips"),
        ("<b>Nvidia</b> halts <a href='x'>H20</a>", "Nvidia halts H20"),
        ("Ｎｖｉｄｉａ　Ｈ２０", "Nvidia H20"),
        ("Nvidia™ ships\u200b H20\ufeff", "Nvidia ships H20"),
        ("A < B and C > D chips", "A < B and C > D chips"),
        ("AT&T buys", "AT&T buys"),
        ("", ""),
    ],
)
def test_normalise(raw, clean):
    """Markup, entities, typography and the country's spellings come out as one form."""
    assert normalise(raw) == clean


def test_normalise_cuts_body_text():
    """A feed that puts an article into the title costs no more than a long headline."""
    assert len(normalise("chip " * 1_000_000)) <= MAX_CHARS


@given(st.text(max_size=300))
def test_normalise_is_idempotent(text):
    """A second pass changes nothing, whatever the first was given."""
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nvidia halts H20", "en"),
        ("英伟达暂停对华出口H20芯片", "zh"),
        ("東京エレクトロン、中国向け輸出を停止", "ja"),
        ("삼성전자, 중국 공장 장비 반입 허가", "ko"),
        ("Huawei (华为) unveils new Ascend chip for data centres", "en"),
        ("12345 …", "en"),
    ],
)
def test_language(text, code):
    """The script that fills the headline names the language; a name in brackets does not."""
    assert language(text) == code
