"""Signatures of Slack's requests, against the example that Slack publishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.slack.signing import signature, why_refused

# docs.slack.dev, "Verifying requests from Slack", the worked example.
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
STAMP = "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SIGNED = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
THEN = datetime.fromtimestamp(int(STAMP), UTC)


def test_slacks_own_example():
    """The published secret, time and body give the published signature, and the request is taken."""
    assert signature(SECRET, STAMP, BODY) == SIGNED
    assert why_refused(SECRET, STAMP, SIGNED, BODY, THEN) is None


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_are_new(seconds):
    """A request may be five minutes old, or ahead by a clock of ours that is late."""
    assert why_refused(SECRET, STAMP, SIGNED, BODY, THEN + timedelta(seconds=seconds)) is None


@pytest.mark.parametrize(
    ("stamp", "given", "body", "later_s", "why"),
    [
        (STAMP, SIGNED, BODY, 301, "too old"),
        (STAMP, SIGNED, BODY, -301, "too old"),
        (STAMP, SIGNED, BODY + b" ", 0, "wrong signature"),
        (STAMP, SIGNED.upper(), BODY, 0, "wrong signature"),
        (STAMP, SIGNED.removeprefix("v0="), BODY, 0, "wrong signature"),
        (STAMP, "", BODY, 0, "wrong signature"),
        (STAMP, "v0=∑", BODY, 0, "wrong signature"),
        ("1531420619", SIGNED, BODY, 0, "wrong signature"),
        ("", SIGNED, BODY, 0, "no timestamp"),
        ("-1531420618", SIGNED, BODY, 0, "no timestamp"),
        ("1531420618.5", SIGNED, BODY, 0, "no timestamp"),
        ("١٥٣١٤٢٠٦١٨", SIGNED, BODY, 0, "no timestamp"),
        ("9" * 5000, SIGNED, BODY, 0, "no timestamp"),
    ],
)
def test_everything_else_is_refused(stamp, given, body, later_s, why):
    """Another time, body, form or signature is not Slack's."""
    assert why_refused(SECRET, stamp, given, body, THEN + timedelta(seconds=later_s)) == why


def test_another_secret():
    """What was signed with another secret is not Slack's."""
    assert why_refused("another", STAMP, SIGNED, BODY, THEN) == "wrong signature"
