"""The stand-in refuses what Slack's documents refuse: a test that passes before it means something."""

from __future__ import annotations

import pytest

from tests.fakes.slack import FakeSlack, _RefusalError
from tests.fakes.slack_blocks import block_problems


def text(length=3, kind="plain_text", **more):
    """A text object."""
    return {"type": kind, "text": "x" * length, **more}


def button(**changes):
    """A button that is accepted."""
    return {"type": "button", "action_id": "useful", "text": text(), "value": "useful:1"} | changes


def option(n=1, **changes):
    """An option that is accepted."""
    return {"text": text(), "value": f"v{n}"} | changes


def menu(*options, **changes):
    """An overflow menu."""
    return {"type": "overflow", "action_id": "more", "options": list(options)} | changes


def dialog(**changes):
    """A confirmation dialog."""
    return {"title": text(), "text": text(), "confirm": text(), "deny": text()} | changes


def row(*elements):
    """A block of actions."""
    return {"type": "actions", "elements": list(elements)}


GOOD = {
    "a header of 150": {"type": "header", "text": text(150)},
    "a section of 3,000": {"type": "section", "text": text(3_000, "mrkdwn", verbatim=True)},
    "ten fields": {"type": "section", "fields": [text(2_000)] * 10},
    "a section with a button": {"type": "section", "text": text(), "accessory": button()},
    "ten in small text": {"type": "context", "elements": [text(kind="mrkdwn")] * 10},
    "25 buttons": row(*(button(action_id=f"a{n}") for n in range(25))),
    "a button at its bounds": row(button(text=text(75), value="v" * 2_000, style="danger", confirm=dialog())),
    "a menu of five": row(menu(*(option(n, text=text(75), value=f"{n:0>150}") for n in range(5)))),
    "a divider": {"type": "divider"},
}
BAD = {
    "no block": "hello",
    "an unknown kind": {"type": "markdown", "text": "x"},
    "an unknown key": {"type": "header", "text": text(), "color": "red"},
    "a header of 151": {"type": "header", "text": text(151)},
    "a header with markup": {"type": "header", "text": text(kind="mrkdwn")},
    "an empty text": {"type": "section", "text": text(0)},
    "markup in plain text": {"type": "section", "text": text(verbatim=True)},
    "a section of nothing": {"type": "section"},
    "eleven fields": {"type": "section", "fields": [text()] * 11},
    "eleven in small text": {"type": "context", "elements": [text()] * 11},
    "a button in small text": {"type": "context", "elements": [button()]},
    "no buttons": row(),
    "26 buttons": row(*(button(action_id=f"a{n}") for n in range(26))),
    "two of one action": row(button(), button(value="useful:2")),
    "a text in a row": row(text()),
    "a long label": row(button(text=text(76))),
    "a label with markup": row(button(text=text(kind="mrkdwn"))),
    "a long value": row(button(value="v" * 2_001)),
    "an empty value": row(button(value="")),
    "an action without a name": row(button(action_id="")),
    "an unknown style": row(button(style="warning")),
    "a menu of one": row(menu(option())),
    "a menu of six": row(menu(*(option(n) for n in range(6)))),
    "a long option": row(menu(option(1, text=text(76)), option(2))),
    "a long option's value": row(menu(option(1, value="v" * 151), option(2))),
    "two of one value": row(menu(option(1), option(1))),
    "an option with an action": row(menu(option(1, action_id="x"), option(2))),
    "a dialog without a no": row(button(confirm={k: v for k, v in dialog().items() if k != "deny"})),
    "a dialog of long words": row(button(confirm=dialog(confirm=text(31)))),
}


@pytest.mark.parametrize("what", GOOD)
def test_what_is_allowed_passes(what):
    """At its bounds and not beyond."""
    assert block_problems([GOOD[what]]) == []


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_allowed_is_refused(what):
    """One step beyond."""
    assert block_problems([BAD[what]]) != []


def test_a_message_has_fifty_blocks_with_a_name_each():
    """51 are too many, and no two have one name."""
    line = {"type": "divider"}
    assert block_problems([line] * 50) == []
    assert block_problems([line] * 51) != []
    assert block_problems([line | {"block_id": "a"}, line | {"block_id": "a"}]) != []


def _code(call, **args):
    with pytest.raises(_RefusalError) as caught:
        call({"channel": "C0123456789", **args})
    return caught.value.code


def test_edits_are_as_strict_as_posts():
    """Only one's own, by the channel's id, within all limits; text alone takes the blocks away."""
    slack = FakeSlack()
    channel = slack.channels["C0123456789"]
    blocks = [GOOD["a header of 150"]]
    ts = slack._post({"channel": channel.id, "text": "one", "blocks": blocks})["ts"]
    other = slack.talk(channel.id, "hello")["ts"]
    assert _code(slack._update, ts="1.0", text="two") == "message_not_found"
    assert _code(slack._update, ts=other, text="two") == "cant_update_message"
    assert _code(slack._update, ts=ts, text="two", channel=channel.name) == "channel_not_found"
    assert _code(slack._update, ts=ts, text="") == "no_text"
    assert _code(slack._update, ts=ts, text="two", blocks=[BAD["two of one action"]]) == "invalid_blocks"
    assert channel.messages[0]["text"] == "one"
    slack._update({"channel": channel.id, "ts": ts, "text": "two", "blocks": blocks})
    assert channel.messages[0]["blocks"]
    slack._update({"channel": channel.id, "ts": ts, "text": "three"})
    assert "blocks" not in channel.messages[0]


def test_workspaces_do_not_see_each_other():
    """Neither to post nor to edit, though the app is the same."""
    slack = FakeSlack()
    guest = slack.install("T0GUEST", "xoxb-guest", "C0GUEST")
    ts = slack._post({"channel": "C0GUEST", "text": "one"}, guest)["ts"]
    assert _code(slack._post, channel="C0GUEST", text="two") == "channel_not_found"
    assert _code(slack._update, channel="C0GUEST", ts=ts, text="two") == "channel_not_found"


def test_edits_have_a_rate_of_their_own():
    """Fifty a minute in a workspace."""
    slack = FakeSlack(enforce_rate=True)
    ts = slack._post({"channel": "C0123456789", "text": "one"})["ts"]
    for n in range(50):
        slack._update({"channel": "C0123456789", "ts": ts, "text": f"{n}"})
    assert _code(slack._update, ts=ts, text="51") == "ratelimited"
