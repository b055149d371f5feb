"""What every notifier keeps: one attempt, the right next step for each failure, and no secret in any text."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import io
import logging
import math
import re
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.domain import Destination, DestinationKind, Outcome, Reason, Receipt, Status, Urgency
from bot.errors import NotifyError
from bot.notifiers.base import Notifier
from bot.notifiers.console import ConsoleNotifier
from bot.notifiers.registry import OVERALL_RATES, build_notifiers
from bot.notifiers.slack import SlackNotifier
from bot.notifiers.telegram import TelegramNotifier
from bot.notifiers.webhook import WebhookNotifier
from bot.settings import load_settings
from tests.fakes import slack as slack_fake
from tests.fakes import telegram as telegram_fake
from tests.fakes.alerts import SEEN, StillClock, in_thread, make_alert, make_claim, make_update
from tests.fakes.remote import Fault, Remote, unused_url
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import Chat, FakeTelegram
from tests.fakes.webhook import FakeReceiver
from tests.fakes.wild import alerts

HOOK_SECRET = "hook-signing-secret-value"
HOOK_PATH = "/services/T000/B000/pathIsTheSecret"
SHORT = 0.4  # seconds until a call is given up, where a test waits for that


@dataclass
class Stage:
    """A notifier before its remote."""

    remote: Remote
    notifier: Notifier
    destination: str
    accepted: Callable[[], int]
    secrets: tuple[str, ...]


def _slack(url: str, *, timeout_s: float = 15.0, token: str = slack_fake.TOKEN) -> SlackNotifier:
    return SlackNotifier(SecretStr(token), api_url=f"{url}/api/", clock=StillClock(), timeout_s=timeout_s)


def _telegram(url: str, *, timeout_s: float = 20.0, token: str = telegram_fake.TOKEN) -> TelegramNotifier:
    return TelegramNotifier(SecretStr(token), api_url=url, clock=StillClock(), timeout_s=timeout_s)


def _webhook(*, timeout_s: float = 10.0) -> WebhookNotifier:
    return WebhookNotifier(StillClock(), secret=SecretStr(HOOK_SECRET), timeout_s=timeout_s)


@asynccontextmanager
async def staged(kind: str, *, timeout_s: float = 10.0, wrong_token: bool = False) -> AsyncIterator[Stage]:
    """One notifier and its stand-in."""
    if kind == "slack":
        remote: Remote = FakeSlack()
        token = "xoxb-9999-wrong-token-value" if wrong_token else slack_fake.TOKEN
        secrets: tuple[str, ...] = (token,)
    elif kind == "telegram":
        remote = FakeTelegram()
        token = "7000000001:BBwrongTokenValueThatIsRefused0001" if wrong_token else telegram_fake.TOKEN
        secrets = (token, token.partition(":")[2])
    else:
        remote = FakeReceiver()
        secrets = (HOOK_SECRET, HOOK_PATH)
    with remote:
        if isinstance(remote, FakeSlack):
            slack = remote
            stage = Stage(
                remote,
                _slack(remote.url, timeout_s=timeout_s, token=token),
                "slack:C0123456789",
                lambda: len(slack.posts),
                secrets,
            )
        elif isinstance(remote, FakeTelegram):
            telegram = remote
            stage = Stage(
                remote,
                _telegram(remote.url, timeout_s=timeout_s, token=token),
                "telegram:-1001",
                lambda: len(telegram.messages),
                secrets,
            )
        else:
            receiver = remote
            stage = Stage(
                remote,
                _webhook(timeout_s=timeout_s),
                f"webhook:{remote.url}{HOOK_PATH}",
                lambda: len(receiver.accepted),
                secrets,
            )
        try:
            yield stage
        finally:
            await stage.notifier.aclose()


async def attempt(stage: Stage, **changes) -> Receipt | NotifyError:
    """One attempt, however it ends."""
    claim = make_claim(stage.destination, **changes)
    try:
        return await stage.notifier.send(claim, stage.notifier.render(claim.alert))
    except NotifyError as error:
        return error


remote_kinds = pytest.mark.parametrize("kind", ["slack", "telegram", "webhook"])

# fault, options, may it have been sent, does it stand there afterwards, the wait that was asked for
FAILURES = {
    "dropped before": (Fault.DROP_BEFORE, {}, True, 0, None),
    "dropped after": (Fault.DROP_AFTER, {}, True, 1, None),
    "late": (Fault.DELAY, {"delay_s": 2.0}, True, 1, None),
    "truncated": (Fault.TRUNCATE, {}, True, 1, None),
    "500": (Fault.STATUS, {"status": 500}, True, 0, None),
    "502 page": (Fault.STATUS, {"status": 502, "body": "<html>bad gateway</html>"}, True, 0, None),
    "503 after": (Fault.STATUS_AFTER, {"status": 503, "body": "later"}, True, 1, None),
    "429": (Fault.STATUS, {"status": 429, "retry_after": 7}, False, 0, 7),
    "429 page": (
        Fault.STATUS,
        {"status": 429, "body": "<html>slow down</html>", "headers": {}},
        False,
        0,
        5,
    ),
    "429 empty": (Fault.STATUS, {"status": 429, "body": ""}, False, 0, 5),
}


@pytest.mark.parametrize("kind", ["console", "slack", "telegram", "webhook"])
async def test_sends_once_and_proves_it(kind):
    """A sent alert stands there once, and the receipt names it."""
    if kind == "console":
        stream = io.StringIO()
        console = ConsoleNotifier(StillClock(), stream=stream, width=100)
        claim = make_claim("console")
        receipt = await console.send(claim, console.render(claim.alert))
        assert stream.getvalue().count("Beijing said to weigh") == 1
        assert receipt.message_id
        return
    async with staged(kind) as stage:
        receipt = await attempt(stage)
        assert isinstance(receipt, Receipt)
        assert receipt.message_id
        assert receipt.sent_at is not None
        assert stage.accepted() == 1
        assert len(stage.remote.arrivals) == 1


@pytest.mark.parametrize("kind", ["console", "slack", "telegram", "webhook"])
async def test_a_digest_is_one_message(kind):
    """Several held alerts are one call and one message with each of them in it, and one receipt."""
    held = (make_alert(urgency=Urgency.WATCH), make_update(), make_alert(text="Third & last", story="other"))
    if kind == "console":
        stream = io.StringIO()
        console = ConsoleNotifier(StillClock(), stream=stream, width=100)
        claim = make_claim("console", held[0], held=held)
        assert (await console.send(claim, console.render_digest(held))).message_id
        shown = stream.getvalue()
    else:
        async with staged(kind) as stage:
            claim = make_claim(stage.destination, held[0], held=held)
            receipt = await stage.notifier.send(claim, stage.notifier.render_digest(held))
            assert receipt.message_id
            assert stage.accepted() == 1
            (arrival,) = stage.remote.arrivals
            shown = html.unescape(str(arrival.params))
    for words in ("3 alerts held for you", "Beijing said to weigh", "clears H200", "Third & last", "14:02:13"):
        assert words in shown


@remote_kinds
@pytest.mark.parametrize("failure", FAILURES)
async def test_each_failure_leads_to_the_right_next_step(kind, failure, caplog):
    """Maybe sent where the remote may have it, a wait where one was asked for, no second attempt, no secret told."""
    fault, options, maybe_sent, stands, wait = FAILURES[failure]
    caplog.set_level(logging.DEBUG)
    async with staged(kind, timeout_s=SHORT if fault is Fault.DELAY else 5.0) as stage:
        stage.remote.fail(fault, **options)
        error = await attempt(stage)
        if (kind, fault) == ("webhook", Fault.TRUNCATE):  # the status says it all; the body is not read
            assert isinstance(error, Receipt)
            return
        assert isinstance(error, NotifyError), error
        assert error.maybe_sent is maybe_sent
        assert not error.permanent
        assert not error.auth
        assert error.retry_after == (timedelta(seconds=wait) if wait is not None else None)
        assert stage.accepted() == stands
        assert len(stage.remote.arrivals) == 1
        assert_tells_no_secret(stage, error, caplog)


@remote_kinds
async def test_an_unreadable_answer_is_maybe_sent(kind):
    """Half a JSON text proves nothing; a webhook's answer needs no text at all."""
    async with staged(kind) as stage:
        stage.remote.fail(Fault.GARBLE)
        result = await attempt(stage)
        assert stage.accepted() == 1
        if kind == "webhook":
            assert isinstance(result, Receipt)
        else:
            assert isinstance(result, NotifyError)
            assert result.maybe_sent


@remote_kinds
async def test_a_refused_connection_is_not_sent(kind, caplog):
    """Where nothing listens nothing can have arrived."""
    caplog.set_level(logging.DEBUG)
    async with staged(kind) as stage:
        await stage.notifier.aclose()
        nowhere = unused_url()
        if kind == "slack":
            stage.notifier = _slack(nowhere)
        elif kind == "telegram":
            stage.notifier = _telegram(nowhere)
        else:
            stage.notifier = _webhook()
            stage.destination = f"webhook:{nowhere}{HOOK_PATH}"
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert (error.maybe_sent, error.permanent, error.auth) == (False, False, False)
        assert_tells_no_secret(stage, error, caplog)


@remote_kinds
async def test_a_name_that_does_not_resolve_is_not_sent(kind, caplog):
    """Without an address no request leaves."""
    caplog.set_level(logging.DEBUG)
    async with staged(kind) as stage:
        await stage.notifier.aclose()
        nowhere = "http://remote.invalid"
        if kind == "slack":
            stage.notifier = _slack(nowhere)
        elif kind == "telegram":
            stage.notifier = _telegram(nowhere)
        else:
            stage.notifier = _webhook()
            stage.destination = f"webhook:{nowhere}{HOOK_PATH}"
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert not error.maybe_sent
        assert_tells_no_secret(stage, error, caplog)


@remote_kinds
async def test_goes_on_after_a_failure(kind):
    """A lost connection is not reused."""
    async with staged(kind) as stage:
        stage.remote.fail(Fault.DROP_BEFORE)
        assert isinstance(await attempt(stage), NotifyError)
        assert isinstance(await attempt(stage), Receipt)


@remote_kinds
async def test_closes_twice(kind):
    """The end may be asked for again."""
    async with staged(kind) as stage:
        await attempt(stage)
        await stage.notifier.aclose()
        assert await stage.notifier.aclose() is None  # and not an error


@remote_kinds
async def test_a_cancelled_attempt_stays_cancelled(kind):
    """Shutdown is not turned into a failure of the remote."""
    async with staged(kind) as stage:
        stage.remote.fail(Fault.DELAY, delay_s=2.0)
        task = asyncio.ensure_future(attempt(stage))
        assert await asyncio.to_thread(stage.remote.arrived.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("kind", ["slack", "telegram"])
async def test_a_refused_token_is_an_auth_failure(kind, caplog):
    """For sending and for checking alike, and the token is not repeated."""
    caplog.set_level(logging.DEBUG)
    async with staged(kind, wrong_token=True) as stage:
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert error.auth
        assert not error.permanent
        assert_tells_no_secret(stage, error, caplog)
        with pytest.raises(NotifyError) as caught:
            await stage.notifier.check()
        assert caught.value.auth
        assert_tells_no_secret(stage, caught.value, caplog)


@pytest.mark.parametrize("kind", ["slack", "telegram", "webhook"])
async def test_an_error_page_that_repeats_the_request_tells_no_secret(kind, caplog):
    """Servers like to quote the path that they do not know."""
    caplog.set_level(logging.DEBUG)
    for status in (400, 401, 403, 404, 409, 500):
        for form in ('{{"ok":false,"error_code":{0},"error":"{1}","description":"Cannot POST {1}"}}', "<pre>{1}</pre>"):
            async with staged(kind) as stage:
                echo = form.format(status, f"/bot{stage.secrets[0]}/sendMessage")
                stage.remote.fail(Fault.STATUS, status=status, body=echo, times=0)
                error = await attempt(stage)
                assert isinstance(error, NotifyError)
                assert_tells_no_secret(stage, error, caplog)


@pytest.mark.parametrize(
    ("kind", "line"),
    [("slack", "chipwire in Desk (https://desk.slack.com/)"), ("telegram", "@chipwire_bot (id 7000000001)")],
)
async def test_check_says_who_we_are(kind, line):
    """One line for the operator."""
    async with staged(kind) as stage:
        assert await stage.notifier.check() == line


@pytest.mark.parametrize("kind", ["slack", "telegram"])
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DELAY, Fault.GARBLE])
async def test_check_says_that_the_platform_is_out_of_reach(kind, fault):
    """No verdict on the token then."""
    async with staged(kind, timeout_s=SHORT) as stage:
        stage.remote.fail(fault, delay_s=2.0)
        with pytest.raises(NotifyError) as caught:
            await stage.notifier.check()
        assert not caught.value.auth


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(alert=alerts, kind=st.sampled_from(["slack", "telegram", "webhook"]))
def test_whatever_the_words_are_it_is_accepted(alert, kind):
    """No headline can make itself undeliverable, and it takes one call."""

    async def deliver() -> None:
        async with staged(kind) as stage:
            receipt = await attempt(stage, alert=alert)
            assert isinstance(receipt, Receipt), receipt
            assert stage.accepted() == 1
            assert len(stage.remote.arrivals) == 1

    asyncio.run(deliver())


def test_the_registry_makes_what_the_settings_allow():
    """Console and webhook always; the others with their token; no secret in any representation."""
    bare = build_notifiers(load_settings({}, None))
    assert set(bare) == {DestinationKind.CONSOLE, DestinationKind.WEBHOOK}
    full = build_notifiers(
        load_settings(
            {
                "SLACK_BOT_TOKEN": slack_fake.TOKEN,
                "TELEGRAM_BOT_TOKEN": telegram_fake.TOKEN,
                "CHIPWIRE_WEBHOOK_SECRET": HOOK_SECRET,
            },
            None,
        )
    )
    assert set(full) == set(DestinationKind)
    for kind, notifier in full.items():
        assert notifier.kind is kind
        shown = repr(notifier) + repr(getattr(notifier, "__dict__", ""))
        for secret in (slack_fake.TOKEN, telegram_fake.TOKEN, HOOK_SECRET):
            assert secret not in shown


@pytest.mark.parametrize(
    ("destination", "kind", "per_minute"),
    [
        ("telegram:-1001", "telegram", 20),
        ("telegram:@chipwire", "telegram", 20),
        ("telegram:5001", "telegram", 63),
        ("slack:C1", "slack", 63),
    ],
)
def test_rates_keep_below_the_documented_limits(destination, kind, per_minute):
    """Burst and interval together allow no more in any minute than the platform."""
    notifier = _slack("http://x") if kind == "slack" else _telegram("http://x")
    rate = notifier.rate(Destination.parse(destination))
    windows = math.ceil(timedelta(minutes=1) / (rate.burst * rate.interval))
    assert rate.burst * windows <= per_minute
    overall = OVERALL_RATES[DestinationKind.TELEGRAM]
    assert overall.burst <= 30
    assert overall.burst * overall.interval >= timedelta(seconds=0.99)


# ── Slack alone ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "auth", "permanent"),
    [
        ("token_revoked", True, False), ("account_inactive", True, False), ("missing_scope", True, False),
        ("channel_not_found", False, True), ("not_in_channel", False, True), ("is_archived", False, True),
        ("restricted_action", False, True), ("some_new_refusal", False, False),
    ],
)  # fmt: skip
async def test_slack_refusals(code, auth, permanent):
    """A refusal was not sent; some concern the token, some the channel."""
    async with staged("slack") as stage:
        stage.remote.fail(Fault.STATUS, status=200, body=f'{{"ok":false,"error":"{code}"}}')
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert (error.auth, error.permanent, error.maybe_sent) == (auth, permanent, False)
        assert code in str(error)
        assert len(stage.remote.arrivals) == 1


@pytest.mark.parametrize("code", ["fatal_error", "internal_error"])
async def test_slack_may_have_posted_what_it_failed_at(code):
    """Slack's own words: some aspect of the operation may have succeeded."""
    async with staged("slack") as stage:
        stage.remote.fail(Fault.STATUS_AFTER, status=200, body=f'{{"ok":false,"error":"{code}"}}')
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert error.maybe_sent


@pytest.mark.parametrize("code", ["msg_too_long", "msg_blocks_too_long", "invalid_blocks"])
@pytest.mark.parametrize("times", [1, 2])
async def test_slack_refuses_the_length_and_gets_a_shorter_form(code, times):
    """First shorter blocks, then text alone; what was refused is no post, so there is one."""
    async with staged("slack") as stage:
        stage.remote.fail(Fault.STATUS, status=200, body=f'{{"ok":false,"error":"{code}"}}', times=times)
        assert isinstance(await attempt(stage), Receipt)
        assert isinstance(stage.remote, FakeSlack)
        (post,) = stage.remote.posts
        assert ("blocks" in post) == (times == 1)
        assert post["metadata"]["event_payload"]["delivery_id"] == "dl-1"
        assert len(stage.remote.arrivals) == times + 1


async def test_slack_is_asked_as_documented():
    """No unfurling, metadata that names the delivery, the times complete."""
    async with staged("slack") as stage:
        await attempt(stage)
        (call,) = stage.remote.calls("chat.postMessage")
        assert call.params["unfurl_links"] is False
        assert call.params["unfurl_media"] is False
        assert call.params["metadata"] == {
            "event_type": "chipwire_alert",
            "event_payload": {"delivery_id": "dl-1", "story": "beijing-h200-imports", "alert_id": "al-1"},
        }
        assert call.params["blocks"][-1]["elements"][0]["text"] == (
            "published 14:02:11 UTC · seen 14:02:13 (+2.1 s) · sent 14:02:13 (+0.2 s)"
        )
        assert "thread_ts" not in call.params


async def test_slack_updates_stand_in_the_thread():
    """A change of status is also shown in the channel; another update is not."""
    async with staged("slack") as stage:
        first = await attempt(stage)
        assert isinstance(first, Receipt)
        changed = in_thread(first, stage.destination)
        figure = in_thread(
            first,
            stage.destination,
            make_update(reason=Reason.NEW_NUMBER, status=Status.REPORTED, previous_status=None),
            delivery_id="dl-3",
        )
        for claim in (changed, figure):
            await stage.notifier.send(claim, stage.notifier.render(claim.alert))
        assert isinstance(stage.remote, FakeSlack)
        _, confirmed, number = stage.remote.posts
        assert confirmed["thread_ts"] == number["thread_ts"] == first.message_id
        assert confirmed["subtype"] == "thread_broadcast"
        assert "subtype" not in number


async def test_slack_update_of_a_deleted_message_goes_to_the_channel():
    """The story's first message may be gone; the news is not."""
    async with staged("slack") as stage:
        claim = in_thread(Receipt("1700000000.000100", "C0123456789"), stage.destination)
        assert isinstance(await stage.notifier.send(claim, stage.notifier.render(claim.alert)), Receipt)
        assert isinstance(stage.remote, FakeSlack)
        (post,) = stage.remote.posts
        assert "thread_ts" not in post


# ── Telegram alone ───────────────────────────────────────────────────────────────────────────────


async def _telegram_attempt(chat: Chat, destination: str, **changes):
    with FakeTelegram(chat) as remote:
        notifier = _telegram(remote.url)
        try:
            claim = make_claim(destination, **changes)
            try:
                return remote, await notifier.send(claim, notifier.render(claim.alert))
            except NotifyError as error:
                return remote, error
        finally:
            await notifier.aclose()


async def test_telegram_is_asked_as_documented():
    """HTML, no preview, silent for a watch alone."""
    for urgency in Urgency:
        remote, receipt = await _telegram_attempt(Chat(5001), "telegram:5001", alert=make_alert(urgency=urgency))
        assert isinstance(receipt, Receipt)
        (call,) = remote.calls("sendMessage")
        assert call.params["parse_mode"] == "HTML"
        assert call.params["link_preview_options"] == '{"is_disabled": true}'
        assert call.params["disable_notification"] == ("true" if urgency is Urgency.WATCH else "false")
        assert "reply_parameters" not in call.params


@pytest.mark.parametrize(("topic", "sent"), [(7, "7"), (1, None)])
async def test_telegram_topics(topic, sent):
    """A forum's topic is named; its General topic is named by leaving it out."""
    chat = Chat(-1002, "supergroup", topics={1, 7})
    remote, receipt = await _telegram_attempt(chat, f"telegram:-1002:{topic}")
    assert isinstance(receipt, Receipt), receipt
    assert remote.calls("sendMessage")[0].params.get("message_thread_id") == sent


async def test_telegram_updates_answer_the_first_message():
    """Also when that was deleted; not across a migration, where numbers start anew."""
    with FakeTelegram(Chat(-1001, "supergroup")) as remote:
        notifier = _telegram(remote.url)
        first = make_claim("telegram:-1001")
        receipt = await notifier.send(first, notifier.render(first.alert))
        for thread in (receipt, Receipt("999", "-1001"), Receipt("1", "-44")):
            claim = in_thread(thread, "telegram:-1001")
            await notifier.send(claim, notifier.render(claim.alert))
        answers = [m.get("reply_to_message", {}).get("message_id") for m in remote.messages]
        assert answers == [None, 1, None, None]
        await notifier.aclose()


async def test_telegram_sounds_for_the_loudest():
    """A digest that carries anything but watches is heard."""
    watch, flash = make_alert(urgency=Urgency.WATCH), make_alert(urgency=Urgency.FLASH, story="other")
    with FakeTelegram(Chat(5001)) as remote:
        notifier = _telegram(remote.url)
        for held in ((watch, watch), (watch, flash)):
            claim = make_claim("telegram:5001", watch, held=held, maybe_sent=True)
            await notifier.send(claim, notifier.render_digest(held))
        assert [c.params["disable_notification"] for c in remote.calls("sendMessage")] == ["true", "false"]
        assert remote.messages[0]["text"].startswith("(may have been sent before)\n2 alerts held for you\n")
        await notifier.aclose()


async def test_slack_refuses_a_digest_s_length_and_gets_a_shorter_form():
    """A refusal is no post: fewer lines are offered, then text alone, and the rest is counted."""
    held = tuple(make_alert(id=f"a{n}", story=f"s{n}", text=f"Headline {n} " + "words " * 20) for n in range(60))
    async with staged("slack") as stage:
        stage.remote.fail(Fault.STATUS, status=200, body='{"ok":false,"error":"msg_blocks_too_long"}', times=2)
        claim = make_claim(stage.destination, held[0], held=held)
        assert isinstance(await stage.notifier.send(claim, stage.notifier.render_digest(held)), Receipt)
        full, short, plain = (call.params for call in stage.remote.calls("chat.postMessage"))
        assert len(str(full["blocks"])) > 2 * len(str(short["blocks"]))
        assert "blocks" not in plain
        assert re.search(r"\nand \d+ more\nseen 14:02 UTC · sent 14:02:13$", plain["text"])


async def test_telegram_resend_is_marked():
    """Telegram cannot tell whether it arrived, so a reader is told."""
    remote, _ = await _telegram_attempt(Chat(5001), "telegram:5001", maybe_sent=True)
    assert remote.messages[0]["text"].startswith("(may have been sent before)\n")


async def test_telegram_cannot_find_what_it_sent():
    """A bot cannot read history."""
    async with staged("telegram") as stage:
        with pytest.raises(NotifyError) as caught:
            await stage.notifier.find_sent(make_claim(stage.destination, maybe_sent=True))
        assert caught.value.permanent
        assert stage.remote.arrivals == []


@pytest.mark.parametrize(
    ("chat", "destination", "permanent"),
    [
        (Chat(-1001, "channel", forbidden="bot was kicked from the channel chat"), "telegram:-1001", True),
        (Chat(5001, forbidden="bot was blocked by the user"), "telegram:5001", True),
        (Chat(5001), "telegram:5002", True),
        (Chat(-1001, "supergroup", can_send=False), "telegram:-1001", True),
        (Chat(-1001, "supergroup", topics={1, 3}), "telegram:-1001:9", True),
    ],
)
async def test_telegram_chats_that_are_gone(chat, destination, permanent):
    """Kicked, blocked, not found, muted, without that topic: never again, and not sent."""
    _, error = await _telegram_attempt(chat, destination)
    assert isinstance(error, NotifyError)
    assert (error.permanent, error.maybe_sent, error.auth) == (permanent, False, False)


async def test_telegram_chat_that_moved():
    """The new name is handed on, topic included; nothing was sent."""
    _, error = await _telegram_attempt(Chat(-44, "group", migrated_to=-100_44), "telegram:-44")
    assert isinstance(error, NotifyError)
    assert error.moved_to == "telegram:-10044"
    assert Destination.parse(error.moved_to).address == "-10044"
    assert not error.maybe_sent


@pytest.mark.parametrize(
    "description",
    ["Bad Request: can't parse entities: Unsupported start tag", "Bad Request: message is too long"],
)
async def test_telegram_refuses_the_form_and_gets_plain_text(description):
    """What was refused was not sent: the words go once more, without markup."""
    async with staged("telegram") as stage:
        stage.remote.fail(
            Fault.STATUS, status=400, body=f'{{"ok":false,"error_code":400,"description":"{description}"}}'
        )
        assert isinstance(await attempt(stage), Receipt)
        _, second = stage.remote.calls("sendMessage")
        assert "parse_mode" not in second.params
        assert "<b>" not in second.params["text"]
        assert "https://news.example.com/chips/h200-permits?id=7&lang=en" in second.params["text"]
        assert stage.accepted() == 1


@pytest.mark.parametrize("body", ['{"ok":true,"result":true}', '{"ok":true,"result":{"message_id":"x"}}'])
async def test_telegram_acceptance_without_a_number_is_acceptance(body):
    """A simpler server that says ok has the message."""
    async with staged("telegram") as stage:
        stage.remote.fail(Fault.STATUS_AFTER, status=200, body=body)
        receipt = await attempt(stage)
        assert isinstance(receipt, Receipt)
        assert receipt.message_id == ""


async def test_telegram_refusal_in_a_success_is_a_refusal():
    """Some servers of the API answer no with HTTP 200."""
    async with staged("telegram") as stage:
        body = '{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":9}}'
        stage.remote.fail(Fault.STATUS, status=200, body=body)
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert error.retry_after == timedelta(seconds=9)


@pytest.mark.parametrize("status", [403, 404, 409, 413])
async def test_a_page_from_something_else_decides_nothing(status):
    """A gateway's refusal is not Telegram's: not sent, not given up."""
    async with staged("telegram") as stage:
        stage.remote.fail(Fault.STATUS, status=status, body="<html>no</html>")
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert (error.permanent, error.auth, error.maybe_sent) == (False, False, False)


# ── webhooks alone ───────────────────────────────────────────────────────────────────────────────


async def test_webhook_body_and_signature():
    """A receiver can check who sent it, when, and which delivery it is."""
    async with staged("webhook") as stage:
        await attempt(stage)
        (call,) = stage.remote.arrivals
        assert call.path == HOOK_PATH
        stamp = call.headers["x-chipwire-timestamp"]
        assert stamp == str(int((SEEN + timedelta(seconds=0.2)).timestamp()))
        expected = hmac.new(HOOK_SECRET.encode(), f"{stamp}.".encode() + call.body, hashlib.sha256).hexdigest()
        assert call.headers["x-chipwire-signature"] == f"sha256={expected}"
        assert call.headers["x-chipwire-delivery"] == "dl-1" == call.params["delivery"]
        assert call.params["version"] == 1
        assert call.params["tickers"] == {"NVDA": 1, "BABA": 1}
        assert call.params["published_at"] == "2026-01-05T14:02:11+00:00"
        assert call.params["type"] == str(Outcome.ALERT)


async def test_webhook_without_a_secret_is_not_signed():
    """No empty signature that looks like one."""
    with FakeReceiver() as remote:
        notifier = WebhookNotifier(StillClock())
        claim = make_claim(f"webhook:{remote.url}/in")
        await notifier.send(claim, notifier.render(claim.alert))
        assert "x-chipwire-signature" not in remote.arrivals[0].headers
        await notifier.aclose()


async def test_webhook_lost_answer_is_sent_again_and_known_there():
    """The receiver passes over the second copy by the delivery's id."""
    async with staged("webhook") as stage:
        stage.remote.fail(Fault.DROP_AFTER)
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert error.maybe_sent
        claim = make_claim(stage.destination, maybe_sent=True, first_intent_at=SEEN)
        assert await stage.notifier.find_sent(claim) is None
        assert isinstance(await attempt(stage, maybe_sent=True), Receipt)
        assert stage.accepted() == 1
        assert len(stage.remote.arrivals) == 2


@pytest.mark.parametrize(
    ("status", "permanent", "maybe_sent", "wait"),
    [(410, True, False, None), (404, True, False, None), (400, True, False, None), (401, True, False, None),
     (408, False, False, None), (301, True, False, None), (302, False, False, None), (429, False, False, 3),
     (503, False, False, 3), (500, False, True, None)],
)  # fmt: skip
async def test_webhook_answers(status, permanent, maybe_sent, wait):
    """Gone is for good, busy waits as asked, broken may have it."""
    async with staged("webhook") as stage:
        stage.remote.fail(Fault.STATUS, status=status, retry_after=3)
        error = await attempt(stage)
        assert isinstance(error, NotifyError)
        assert (error.permanent, error.maybe_sent) == (permanent, maybe_sent)
        assert error.retry_after == (timedelta(seconds=wait) if wait else None)
        assert HOOK_PATH not in error.destination


async def test_webhook_carries_the_addresses_credentials():
    """A user name and password in the address become an Authorization header, not part of the path."""
    with FakeReceiver() as remote:
        notifier = _webhook()
        claim = make_claim(f"webhook:{remote.url.replace('//', '//reader:pass@')}/in?key=1")
        await notifier.send(claim, notifier.render(claim.alert))
        assert remote.arrivals[0].headers["authorization"] == "Basic cmVhZGVyOnBhc3M="
        assert remote.arrivals[0].params["key"] == "1"
        await notifier.aclose()


# ── the console alone ────────────────────────────────────────────────────────────────────────────


async def test_console_that_is_gone_is_permanent():
    """A closed stream takes nothing more."""
    stream = io.StringIO()
    stream.close()
    console = ConsoleNotifier(StillClock(), stream=stream)
    claim = make_claim("console")
    with pytest.raises(NotifyError) as caught:
        await console.send(claim, console.render(claim.alert))
    assert caught.value.permanent


def assert_tells_no_secret(stage: Stage, error: NotifyError, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the error, nor what it came from, nor a printed traceback, nor the log at its most talkative."""
    told = ["".join(traceback.format_exception(error)), error.destination, repr(error), repr(vars(error)), caplog.text]
    cause: BaseException | None = error
    while cause is not None:
        told += [str(cause), repr(cause), repr(cause.args)]
        cause = cause.__cause__
    for secret in stage.secrets:
        for text in told:
            assert secret not in text
