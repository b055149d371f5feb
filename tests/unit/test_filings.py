"""Filings that are told although their listing says nothing."""

import pytest

from bot.rules.filings import must_tell


@pytest.mark.parametrize(
    ("headline", "told"),
    [
        ("Nvidia files 8-K: other events (item 8.01)", True),
        ("Micron files 8-K/A: results of operations (item 2.02); other events (item 8.01)", True),
        ("Nvidia files 8-K: officers and directors (item 5.02)", False),
        ("Nvidia 8-K, item 8.01: notes due 2036 were priced", False),
        ("Why item 8.01 matters: how Nvidia files 8-K forms", False),
    ],
)
def test_must_tell(headline, told):
    """Item 8.01 of an 8-K that was not read yet; nothing that was read, and no other item."""
    assert must_tell(headline) is told
