"""The words of a headline without its dress, fingerprints and canonical addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.fingerprint import canonical_url, fingerprint
from bot.rules.wording import figures, material_figures, undress, words


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("UPDATE 2-Chip maker cuts its forecast", "Chip maker cuts its forecast"),
        ("EXCLUSIVE: Chip maker cuts its forecast", "Chip maker cuts its forecast"),
        ("BREAKING NEWS | Chip maker cuts its forecast", "Chip maker cuts its forecast"),
        ("[News] Chip maker cuts its forecast", "Chip maker cuts its forecast"),
        ("(OFFICIAL)-UPDATE 1-Chip maker cuts its forecast", "Chip maker cuts its forecast"),
        ("Chip maker cuts its forecast - Kite Wire", "Chip maker cuts its forecast"),
        ("Chip maker cuts its forecast | Fab Weekly", "Chip maker cuts its forecast"),
        ("Chip maker cuts its forecast: sources", "Chip maker cuts its forecast"),
        ("Chip maker cuts its forecast &amp; warns", "Chip maker cuts its forecast & warns"),
        ("Exclusive", "Exclusive"),
    ],
)
def test_undress(text, bare):
    """Wire prefixes, trailing outlets and attributions say how, not what."""
    assert undress(text) == bare


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S. curbs chip exports", "US curbs chip exports"),
        ("Firm to pay $5 bn", "Firm to pay $5bn"),
        ("Firm to pay $5 billion", "Firm to pay $5bn"),
        ("Tariff of 25 percent", "Tariff of 25%"),
        ("Washington’s curbs on chips", "Washington's curbs on chips"),
        ("Licence granted", "License granted"),
        ("1,500 servers seized", "1500 servers seized"),
        ("China bans the chips", "CHINA BANS CHIPS"),
    ],
)
def test_same_words(one, other):
    """Spelling, case and units do not make another headline."""
    assert words(one) == words(other)
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nvidia sues AMD", "AMD sues Nvidia"),
        ("H20 sales resume", "H200 sales resume"),
        ("Shares up 5%", "Shares up 6%"),
        ("China lifts ban", "China plans ban"),
    ],
)
def test_other_words(one, other):
    """Who does it, which product and how much make another headline."""
    assert fingerprint(one) != fingerprint(other)


def test_fingerprint_never_changes():
    """Fingerprints are stored: this value may only change together with a migration."""
    text = "UPDATE 1-U.S. lets Acme ship 200,000 H20 chips worth $5.5 billion to China - Kite Wire"
    assert fingerprint(text) == fingerprint("US lets Acme ship 200,000 H20 chips worth $5.5bn to China")
    assert words(text) == ("us", "let", "acme", "ship", "200000", "h20", "chip", "worth", "$5.5bn", "china")


def test_figures():
    """Money, percentages and counts are figures; model numbers are not."""
    assert figures("H20 charge of $5.5 billion, 140 firms, 25% cut") == {"$5.5bn", "140", "25%"}
    assert material_figures("H20 charge of $5.5 billion in 2025, 12 firms, 25% cut") == {"$5.5bn"}


def test_han_is_compared_in_bigrams():
    """Chinese has no blanks, so neighbours stand for words."""
    assert words("出口管制") == ("出口", "口管", "管制")


@given(st.text(min_size=1, max_size=200))
def test_any_text_has_words(text):
    """Whatever stands in a feed, there is a fingerprint, and it is the same twice."""
    assert words(text)
    assert fingerprint(text) == fingerprint(text)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.a.example/x/?utm_source=feed&id=7#top", "https://a.example/x?id=7"),
        ("http://A.example:80/x", "https://a.example/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://a.example/x?id=1&fbclid=2", "https://a.example/x?id=1"),
        ("not a url", "not a url"),
        ("https://[bad", "https://[bad"),
    ],
)
def test_canonical_url(url, canonical):
    """Tracking falls away; what names the article stays."""
    assert canonical_url(url) == canonical
