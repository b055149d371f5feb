"""A reply that is lost after Slack accepted the post: there is exactly one post in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.domain import Claim, Reason, Receipt, Status
from bot.errors import NotifyError
from bot.notifiers.slack import SlackNotifier
from tests.fakes.alerts import SEEN, StillClock, in_thread, make_alert, make_claim, make_update
from tests.fakes.remote import Fault
from tests.fakes.slack import TOKEN, FakeSlack

TO = "slack:C0123456789"


@pytest.fixture
def slack():
    """A workspace whose clock stands beside ours."""
    with FakeSlack(now=(SEEN + timedelta(seconds=0.3)).timestamp) as remote:
        yield remote


@pytest.fixture
async def notifier(slack):
    """The notifier before it."""
    ours = SlackNotifier(SecretStr(TOKEN), api_url=slack.api_url, clock=StillClock(), timeout_s=0.5)
    yield ours
    await ours.aclose()


async def _deliver(notifier: SlackNotifier, claim: Claim) -> Receipt:
    """What the dispatcher does: send once; after a loss look first, and send again only what is not there."""
    for _ in range(5):
        if claim.maybe_sent:
            found = await notifier.find_sent(claim)
            if found is not None:
                return found
        try:
            message = notifier.render_digest(claim.held) if claim.held else notifier.render(claim.alert)
            return await notifier.send(claim, message)
        except NotifyError as error:
            if not error.maybe_sent:
                raise
            claim = replace(claim, attempt=claim.attempt + 1, maybe_sent=True, first_intent_at=SEEN)
    raise AssertionError("not delivered")


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.TRUNCATE, Fault.GARBLE, Fault.DELAY, Fault.STATUS_AFTER])
async def test_an_accepted_post_is_found_and_not_repeated(slack, notifier, fault):
    """Whatever way the answer is lost, the post is found by its delivery."""
    slack.fail(fault, match="postMessage", delay_s=1.5)
    receipt = await _deliver(notifier, make_claim(TO))
    (post,) = slack.posts
    assert receipt.message_id == post["ts"]
    assert receipt.channel == "C0123456789"
    assert len(slack.calls("postMessage")) == 1


async def test_a_post_that_never_arrived_is_sent_again(slack, notifier):
    """Looking finds nothing, so it is posted: once."""
    slack.fail(Fault.DROP_BEFORE, match="postMessage")
    await _deliver(notifier, make_claim(TO))
    assert len(slack.posts) == 1
    assert len(slack.calls("postMessage")) == 2


async def test_another_delivery_is_not_taken_for_ours(slack, notifier):
    """The same alert to the same channel under another delivery proves nothing."""
    await _deliver(notifier, make_claim(TO, delivery_id="dl-other"))
    claim = make_claim(TO, maybe_sent=True, first_intent_at=SEEN)
    assert await notifier.find_sent(claim) is None


async def test_a_digest_is_found_by_its_carrier(slack, notifier):
    """What several alerts were told by is found under the one delivery that it was posted as."""
    slack.fail(Fault.DROP_AFTER, match="postMessage")
    held = (make_alert(), make_update())
    receipt = await _deliver(notifier, make_claim(TO, held[0], held=held))
    (post,) = slack.posts
    assert receipt.message_id == post["ts"]
    assert len(slack.calls("postMessage")) == 1


async def test_a_reply_in_a_thread_is_found(slack, notifier):
    """An update is looked for in its thread, not only in the channel."""
    first = await _deliver(notifier, make_claim(TO))
    quiet = make_update(reason=Reason.NEW_NUMBER, status=Status.REPORTED, previous_status=None)
    slack.fail(Fault.DROP_AFTER, match="postMessage")
    receipt = await _deliver(notifier, in_thread(first, TO, quiet))
    assert len(slack.posts) == 2
    assert receipt.message_id == slack.posts[1]["ts"]


async def test_an_update_whose_thread_is_gone_is_found_in_the_channel(slack, notifier):
    """It was posted to the channel, so it is looked for there."""
    slack.fail(Fault.DROP_AFTER, match="postMessage", skip=1)
    claim = in_thread(Receipt("1700000000.000100", "C0123456789"), TO)
    receipt = await _deliver(notifier, claim)
    assert [p["ts"] for p in slack.posts] == [receipt.message_id]


async def test_a_busy_channel_is_searched_to_its_end(slack, notifier):
    """The post lies behind three pages of others."""
    await _deliver(notifier, make_claim(TO))
    for i in range(650):
        slack._post({"channel": "C0123456789", "text": f"talk {i}"})
    claim = make_claim(TO, maybe_sent=True, first_intent_at=SEEN)
    found = await notifier.find_sent(claim)
    assert found is not None
    assert found.message_id == slack.posts[0]["ts"]
    assert len(slack.calls("conversations.history")) == 4


async def test_what_is_older_than_the_first_attempt_is_not_read(slack, notifier):
    """The search begins a minute before the first attempt."""
    await _deliver(notifier, make_claim(TO))
    later = make_claim(TO, maybe_sent=True, first_intent_at=SEEN + timedelta(minutes=5))
    assert await notifier.find_sent(later) is None


@pytest.mark.parametrize("why", ["no scope", "not a member"])
async def test_a_bot_that_may_not_read_cannot_tell(slack, notifier, why):
    """Posting needs less than reading: the platform cannot tell, which is not a lost channel."""
    if why == "no scope":
        slack.scopes.remove("channels:history")
    else:
        slack.channels["C0123456789"].member = False
    with pytest.raises(NotifyError) as caught:
        await notifier.find_sent(make_claim(TO, maybe_sent=True, first_intent_at=SEEN))
    assert caught.value.permanent
    assert not caught.value.auth


async def test_looking_may_be_told_to_wait(slack, notifier):
    """Too fast is no answer to the question."""
    slack.fail(Fault.STATUS, match="history", status=429, retry_after=30)
    with pytest.raises(NotifyError) as caught:
        await notifier.find_sent(make_claim(TO, maybe_sent=True, first_intent_at=SEEN))
    assert caught.value.retry_after == timedelta(seconds=30)
    assert not caught.value.permanent
