"""Slack's own: edits in place, notes to a person, several workspaces under one app."""

from __future__ import annotations

import logging
import traceback
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.domain import Destination, Receipt, Status
from bot.errors import NotifyError, StoreError
from bot.notifiers.base import Look
from bot.notifiers.slack import SlackNotifier
from tests.fakes.alerts import SEEN, StillClock, in_thread, make_alert, make_claim, make_update
from tests.fakes.amended import make_amendment
from tests.fakes.remote import Fault
from tests.fakes.slack import OWN, TOKEN, FakeSlack

TO = "slack:C0123456789"
GUEST_TOKEN = "xoxb-3333333333-guestWorkspaceToken"
GUEST = "slack:T0GUEST/C0GUEST"


@pytest.fixture
def slack():
    """Our workspace and one that installed the app, by a clock beside ours."""
    with FakeSlack(now=(SEEN + timedelta(seconds=0.3)).timestamp) as remote:
        remote.install("T0GUEST", GUEST_TOKEN, "C0GUEST")
        yield remote


async def _tokens(team):
    return SecretStr(GUEST_TOKEN) if team == "T0GUEST" else None


@pytest.fixture
async def notifier(slack):
    """The notifier before it."""
    ours = SlackNotifier(SecretStr(TOKEN), api_url=slack.api_url, clock=StillClock(), timeout_s=0.5, tokens=_tokens)
    yield ours
    await ours.aclose()


async def _send(notifier, to=TO, alert=None, look=None, **changes):
    claim = make_claim(to, alert, **changes)
    return await notifier.send(claim, notifier.render(claim.alert, look or Look()))


async def _amend(notifier, to, receipt, **changes):
    amendment = make_amendment(to, receipt, **changes)
    await notifier.amend(amendment, notifier.render_amended(amendment, Look(buttons=True)))


async def _failed(attempt):
    with pytest.raises(NotifyError) as caught:
        await attempt
    return caught.value


# ── posts ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_times_stand_above_the_buttons(slack, notifier):
    """The sent time is filled in when it leaves, wherever the times stand."""
    await _send(notifier, look=Look(buttons=True))
    (post,) = slack.posts
    *_, times, row = post["blocks"]
    assert times["elements"][0]["text"].endswith("seen 14:02:13 (+2.1 s) · sent 14:02:13 (+0.2 s)")
    assert [e["action_id"] for e in row["elements"]] == ["useful", "noise", "why", "mute_story", "more"]
    assert slack.complaints == []


@pytest.mark.parametrize(("times", "kinds"), [(1, {"header", "section", "context"}), (2, set())])
async def test_what_is_refused_as_no_form_goes_without_buttons(slack, notifier, times, kinds):
    """They may be what is refused; shorter blocks first, then text, each with the time of sending, in the reader's
    language."""
    slack.fail(Fault.STATUS, status=200, body='{"ok":false,"error":"invalid_blocks"}', times=times)
    await _send(notifier, look=Look(buttons=True, language="ja"))
    (post,) = slack.posts
    assert {block["type"] for block in post.get("blocks", ())} == kinds
    last = post["blocks"][-1]["elements"][0]["text"] if kinds else post["text"]
    assert last.count("14:02:13") == 2, "seen and sent"


# ── edits ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_card_is_edited_in_place(slack, notifier):
    """One call; the same message, its place in the channel and its delivery's name stay."""
    receipt = await _send(notifier)
    await _amend(notifier, TO, receipt)
    (post,) = slack.posts
    shown = str(post["blocks"])
    for words in ("`confirmed`", "×3 publishers", "was reported, now confirmed", "sent 14:02:13", "edited 14:20:13"):
        assert words in shown
    assert "confirmed" in post["text"]
    assert post["metadata"]["event_payload"]["delivery_id"] == "dl-1"
    (call,) = slack.calls("chat.update")
    assert call.params["parse"] == "none"
    assert slack.complaints == []


async def test_a_denial_is_struck_out_in_every_channel(slack, notifier):
    """Loudly: nobody may go on reading the claim, in whichever workspace."""
    for to in (TO, GUEST):
        await _amend(notifier, to, await _send(notifier, to), status=Status.DENIED)
    assert len(slack.posts) == 2
    for post in slack.posts:
        assert post["blocks"][0]["text"]["text"] == "⛔ FLASH · DENIED"
        assert post["blocks"][1]["text"]["text"].startswith("~Beijing said")


async def test_an_edit_may_be_repeated(slack, notifier):
    """A lost answer is no harm: the same edit again is accepted."""
    receipt = await _send(notifier)
    slack.fail(Fault.DROP_AFTER, match="chat.update")
    error = await _failed(_amend(notifier, TO, receipt))
    assert (error.maybe_sent, error.permanent) == (True, False)
    before = slack.posts[0]["blocks"]
    await _amend(notifier, TO, receipt)
    assert slack.posts[0]["blocks"] == before


async def test_an_edited_first_card_keeps_its_thread(slack, notifier):
    """Updates go on standing below it; a change of status is also shown in the channel."""
    receipt = await _send(notifier)
    await _amend(notifier, TO, receipt, publishers=frozenset("ab"))
    claim = in_thread(receipt, TO, make_update())
    await notifier.send(claim, notifier.render(claim.alert))
    await _amend(notifier, TO, receipt)
    first, update = slack.posts
    assert update["thread_ts"] == first["ts"] == first["thread_ts"]
    assert update["subtype"] == "thread_broadcast"


@pytest.mark.parametrize("times", [1, 2])
async def test_an_edit_that_is_refused_as_too_long_is_offered_shorter(slack, notifier, times):
    """In the last form the old blocks go: text alone must not stand below what is no longer so."""
    receipt = await _send(notifier)
    body = '{"ok":false,"error":"msg_blocks_too_long"}'
    slack.fail(Fault.STATUS, match="chat.update", status=200, body=body, times=times)
    await _amend(notifier, TO, receipt, status=Status.DENIED)
    (post,) = slack.posts
    assert ("blocks" in post) == (times == 1)
    assert "~Beijing said to weigh" in (str(post["blocks"]) if times == 1 else post["text"])


def _delete(slack):
    slack.channels["C0123456789"].messages.clear()


def _of_another(slack):
    slack.posts[0]["bot_id"] = "B0OTHER"


def _too_old(slack):
    slack.edit_window_s = -1.0


def _archive(slack):
    slack.channels["C0123456789"].archived = True


def _remove(slack):
    slack.channels.clear()


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (_delete, "message_not_found"), (_of_another, "cant_update_message"), (_too_old, "edit_window_closed"),
        (_archive, "is_inactive"), (_remove, "channel_not_found"),
    ],
)  # fmt: skip
async def test_what_cannot_be_edited_is_given_up(slack, notifier, happened, code):
    """Gone, another's, too old, in a channel that is closed: trying again helps nobody."""
    receipt = await _send(notifier)
    happened(slack)
    error = await _failed(_amend(notifier, TO, receipt))
    assert code in str(error)
    assert (error.permanent, error.auth, error.maybe_sent) == (True, False, False)
    assert len(slack.calls("chat.update")) == 1


async def test_edits_wait_as_asked(slack, notifier):
    """Fifty a minute in a workspace: the rest is told how long to wait."""
    receipt = await _send(notifier)
    slack.enforce_rate = True
    slack.fail(Fault.STATUS, match="chat.update", status=429, retry_after=20)
    error = await _failed(_amend(notifier, TO, receipt))
    assert (error.retry_after, error.permanent) == (timedelta(seconds=20), False)


async def test_a_missing_message_is_no_reason_to_give_up_a_channel(slack, notifier):
    """Of a post the same word speaks of its thread: it goes to the channel."""
    slack.fail(Fault.STATUS, match="postMessage", status=200, body='{"ok":false,"error":"message_not_found"}')
    claim = in_thread(Receipt("1700000000.000100", "C0123456789"), TO)
    assert await notifier.send(claim, notifier.render(claim.alert))
    assert "thread_ts" not in slack.posts[0]


# ── notes ────────────────────────────────────────────────────────────────────────────────────────


async def test_says_a_note_as_it_is(slack, notifier):
    """Plain words, escaped: no markup, nobody called, no preview."""
    await notifier.say(Destination.parse(GUEST), "slack:C1 was <!channel> & retired\n*is_archived*")
    (call,) = slack.calls("postMessage")
    assert call.params["text"] == "slack:C1 was &lt;!channel&gt; &amp; retired\n*is_archived*"
    assert call.params["mrkdwn"] is False
    assert "blocks" not in call.params
    assert [m["team"] for m in slack.channels["C0GUEST"].messages] == ["T0GUEST"]


async def test_a_note_that_is_refused_is_judged_like_a_post(slack, notifier):
    """The operator's own channel may be gone too."""
    slack.channels["C0123456789"].archived = True
    error = await _failed(notifier.say(Destination.parse(TO), "hello"))
    assert error.permanent
    assert "is_archived" in str(error)


# ── workspaces ───────────────────────────────────────────────────────────────────────────────────


async def test_each_workspace_is_spoken_to_with_its_own_token(slack, notifier):
    """The channel is the part behind the stroke, in the post, the receipt, the thread and the search."""
    receipt = await _send(notifier, GUEST)
    assert receipt.channel == "C0GUEST"
    claim = in_thread(receipt, GUEST)
    slack.fail(Fault.DROP_AFTER, match="postMessage")
    error = await _failed(notifier.send(claim, notifier.render(claim.alert)))
    assert error.maybe_sent
    found = await notifier.find_sent(claim)
    assert found is not None
    assert found.channel == "C0GUEST"
    assert [m["team"] for m in slack.posts] == ["T0GUEST", "T0GUEST"]
    assert slack.posts[1]["thread_ts"] == receipt.message_id
    assert {a.headers["authorization"] for a in slack.arrivals} == {f"Bearer {GUEST_TOKEN}"}
    assert not any("token" in a.params for a in slack.arrivals), "in the header, not in the body"


async def test_one_token_does_not_reach_another_workspace(slack, notifier):
    """A channel of the guest under our own token is no channel."""
    error = await _failed(_send(notifier, "slack:C0GUEST"))
    assert "channel_not_found" in str(error)


@pytest.mark.parametrize("call", ["send", "amend", "say", "find"])
async def test_an_unknown_workspace_is_gone(slack, notifier, call):
    """It never installed the app, or took it away: nothing is asked of Slack."""
    to = "slack:T0STRANGER/C1"
    receipt = Receipt("1.1", "C1")
    error = await _failed(
        {
            "send": lambda: _send(notifier, to),
            "amend": lambda: _amend(notifier, to, receipt),
            "say": lambda: notifier.say(Destination.parse(to), "hello"),
            "find": lambda: notifier.find_sent(make_claim(to, maybe_sent=True)),
        }[call]()
    )
    assert (error.permanent, error.auth, error.maybe_sent) == (True, False, False)
    assert "T0STRANGER" in str(error)
    assert error.destination == to
    assert slack.arrivals == []


@pytest.mark.parametrize(
    ("code", "permanent"), [("token_revoked", True), ("account_inactive", True), ("token_expired", False)]
)
async def test_a_guest_s_token_concerns_the_guest_alone(slack, notifier, code, permanent):
    """A revoked one ends that workspace's destinations, not the platform; an expired one will be renewed."""
    slack.workspaces["T0GUEST"].refusal = code
    error = await _failed(_send(notifier, GUEST))
    assert (error.auth, error.permanent) == (False, permanent)
    assert isinstance(await _send(notifier), Receipt)
    slack.workspaces[OWN].refusal = code
    ours = await _failed(_send(notifier))
    assert (ours.auth, ours.permanent) == (True, False)


async def test_an_app_of_installations_alone(slack):
    """No token of its own: guests are served, a channel without workspace cannot be, and check says so."""
    notifier = SlackNotifier(None, api_url=slack.api_url, clock=StillClock(), tokens=_tokens)
    try:
        assert isinstance(await _send(notifier, GUEST), Receipt)
        error = await _failed(_send(notifier))
        assert error.permanent
        assert "no token of its own" in await notifier.check()
    finally:
        await notifier.aclose()


async def test_without_installations_a_workspace_is_unknown(slack):
    """The token of our own is not tried on others."""
    notifier = SlackNotifier(SecretStr(TOKEN), api_url=slack.api_url, clock=StillClock())
    error = await _failed(_send(notifier, GUEST))
    assert error.permanent
    assert slack.arrivals == []
    await notifier.aclose()


async def test_a_store_that_cannot_say_the_token_is_no_verdict(slack):
    """Not sent, asked again later; a bug passes as one."""

    async def broken(_team):
        raise StoreError("database is locked")

    notifier = SlackNotifier(None, api_url=slack.api_url, clock=StillClock(), tokens=broken)
    error = await _failed(_send(notifier, GUEST))
    assert (error.permanent, error.auth, error.maybe_sent) == (False, False, False)
    assert "database is locked" in str(error)
    await notifier.aclose()


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("call", ["amend", "say"])
async def test_no_failure_tells_a_token(slack, notifier, caplog, fault, call):
    """Neither ours nor a guest's, in no error, traceback or log at its most talkative."""
    caplog.set_level(logging.DEBUG)
    receipt = await _send(notifier, GUEST, make_alert())
    match = "chat.update" if call == "amend" else "postMessage"
    slack.fail(fault, match=match, body='{"ok":false,"error":"xoxb-3333333333-guestWorkspaceToken"}', delay_s=1.5)
    if call == "amend":
        error = await _failed(_amend(notifier, GUEST, receipt))
    else:
        error = await _failed(notifier.say(Destination.parse(GUEST), "hello"))
    told = ["".join(traceback.format_exception(error)), repr(vars(error)), caplog.text, repr(vars(notifier))]
    assert not any(secret in text for secret in (TOKEN, GUEST_TOKEN) for text in told)
