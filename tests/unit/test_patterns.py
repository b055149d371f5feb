"""Words and expressions of a subscription: whole words in any case, RE2 between slashes."""

import pytest
import re2
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st

from bot.rules import patterns
from bot.rules.patterns import LONGEST, check, matches

not_timed = running(deadline=None)  # the first use of a zone or a market reads its data

TEXT = "US weighs new export  controls on Nvidia's H200-class chips"


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("nvidia", TEXT, True),
        ("H200", TEXT, True),
        ("H20", TEXT, False),
        ("export controls", TEXT, True),
        ("Export   Controls", TEXT, True),
        ("export chips", TEXT, False),
        ("port", TEXT, False),
        ("C++", "A fab in C++ terms", True),
        ("C", "A fab in Clang terms", False),
        ("$NVDA", "Traders pile into $nvda", True),
        ("出口管制", "商务部加强出口管制措施", True),
        ("Nvidia", "英伟达Nvidia芯片获批", True),
        ("輸出", "半導体の輸出規制を強化", True),
        ("엔비디아", "엔비디아가 밝혔다", True),
        ("Ｈ２０", "H20 sales resume", True),
        ("ASML", "ASMLs Aktie fällt", False),
        ("/licen[cs]e/", "Licence granted", True),
        ("/^us /", TEXT, True),
        ("/H\\d+0\\b/", TEXT, True),
        ("/nvidia.{0,5}amd/", TEXT, False),
    ],
)
def test_matches(entry, text, found):
    """Whole words and phrases in any case; beside letters of scripts without blanks no border is asked for."""
    assert matches(entry, text) is found


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", ["empty"]),
        ("  ", ["empty"]),
        ("//", ["every headline"]),
        ("/x*/", ["every headline"]),
        ("/licence", ["begins with a slash"]),
        ("/(a/", ["missing )"]),
        ("/[z-a]/", ["invalid character class range"]),
        ("/(?=a)b/", ["look-around is not supported"]),
        (r"/(a)\1/", ["back references are not supported"]),
        ("/[^x]{900}/", ["too large", "smaller repetitions"]),
        ("x" * (LONGEST + 1), [str(LONGEST)]),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(entry, words, capfd):
    """The engine's own words where there are any, and nothing on stderr beside them."""
    with pytest.raises(ValueError, match=r".") as caught:
        check(entry)
    for word in words:
        assert word in str(caught.value)
    assert capfd.readouterr().err == ""


def test_expressions_run_in_linear_time():
    """Expressions are compiled by RE2, for which no pattern takes more than linear time."""
    assert patterns.re2 is re2
    assert not matches("/(a+)+$/", "a" * 100_000 + "b")
    assert not matches("/(.*)(.*)(.*)(.*)x$/", "a" * 20_000)


@not_timed
@given(st.text(min_size=1, max_size=40), st.text(max_size=80))
def test_a_plain_entry_never_fails(entry, text):
    """Whatever a person writes that is no expression is taken as words, or refused when it is read."""
    try:
        check(entry)
    except ValueError:
        assert not entry.strip() or entry.startswith("/") or not entry.split()
    else:
        assert matches(entry, text) in {True, False}


@not_timed
@given(st.lists(st.sampled_from(["chip", "H20", "export", "rule", "ban"]), min_size=1, max_size=6))
def test_every_word_of_a_headline_is_found(words):
    """Each word, and the whole, is in the headline that is made of them."""
    text = " ".join(words)
    assert all(matches(word.swapcase(), text) for word in words)
    assert matches(text, f"({text})")
