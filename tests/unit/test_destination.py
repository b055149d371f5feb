"""Destinations: their text form, what is refused, and what a log may show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Destination


@pytest.mark.parametrize(
    "text",
    [
        "console",
        "slack:C0123456789",
        "telegram:@chipwire",
        "telegram:-1001234:42",
        "telegram:77",
        "webhook:https://a.example/x?y=1",
    ],
)
def test_text_form_is_kept(text):
    """What is written in a file comes back to the letter."""
    assert str(Destination.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slak:C1",
        "slack:",
        "slack:a b",
        "telegram:chipwire",
        "telegram:--1",
        "telegram:@x:topic",
        "webhook:ftp://a",
        "console:x",
    ],
)
def test_what_names_no_destination_is_refused(text):
    """The message quotes what was written."""
    with pytest.raises(ValueError, match=r"write|begins|not a number"):
        Destination.parse(text)


def test_a_webhooks_path_stays_out_of_logs():
    """Whoever knows the address of a webhook may post there, so a log shows its host alone."""
    assert (
        Destination.parse("webhook:https://me:pw@hooks.example/T0/B0/secret").label == "webhook:https://hooks.example"
    )
    assert Destination.parse("slack:C1").label == "slack:C1"


@given(st.text())
def test_any_text_is_a_destination_or_a_value_error(text):
    """No other error comes out, and what is taken is written back the same."""
    try:
        parsed = Destination.parse(text)
    except ValueError:
        return
    assert Destination.parse(str(parsed)) == parsed
