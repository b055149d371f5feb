"""Which outlets stand for a report by themselves, and which only carry it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.publishers import AGGREGATORS, HOUSES, voice


@pytest.mark.parametrize(
    ("publisher", "house"),
    [
        ("Reuters", "reuters"),
        ("REUTERS", "reuters"),
        ("Reuters.com", "reuters"),
        (" Bloomberg Law ", "bloomberg"),
        ("The Wall Street Journal", "dow jones"),
        ("Barron's", "dow jones"),
        ("Nikkei Asia", "nikkei"),
        ("Financial Times", "nikkei"),
        ("www.scmp.com", "south china morning post"),
        ("Focus Taiwan", "cna taiwan"),
        ("Harbour Daily", "harbour daily"),
    ],
)
def test_houses_of_one_owner_are_one_voice(publisher, house):
    """Case, web names and brands do not make two voices of one house; an unknown outlet stands for itself."""
    assert voice(publisher) == house


@pytest.mark.parametrize("publisher", ["MSN", "Yahoo Finance", "Investing.com", "TradingView", "", "   "])
def test_who_only_carries_others_has_no_voice(publisher):
    """An aggregator's name beside a headline adds nobody who stands for it."""
    assert voice(publisher) is None


@pytest.mark.parametrize(
    ("publisher", "house"),
    [
        ("Reuters via Yahoo Finance", "reuters"),
        ("Bloomberg on MSN", "bloomberg"),
        ("Yahoo Finance via MSN", None),
    ],
)
def test_whoever_wrote_it_speaks(publisher, house):
    """A text that an aggregator carries is still its author's."""
    assert voice(publisher) == house


def test_the_tables_are_written_as_names_are_compared():
    """Every name is in lower case, no aggregator is a house too, and a house that others belong to is its own."""
    names = {*AGGREGATORS, *HOUSES, *HOUSES.values()}
    assert {name for name in names if name != name.casefold().strip()} == set()
    assert AGGREGATORS & HOUSES.keys() == set()
    assert {house for house in HOUSES.values() if voice(house) != house} == set()


@given(st.text(max_size=40))
def test_a_house_is_its_own_voice(publisher):
    """Asked again with its own answer, the rule says the same; case and blanks around never matter."""
    house = voice(publisher)
    assert house is None or voice(house) in {house, None}
    assert voice(f" {publisher} ") == house
