"""The app in Slack over HTTP: requests that Slack signed, and no others."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from tests.fakes.alerts import StillClock
from tests.fakes.slack import TOKEN
from tests.fakes.slack_app import ANN, SlackApp
from tests.fakes.slack_desk import TO, until
from tests.fakes.slack_outside import OAUTH, OTHER, SIGNING, Outside


@pytest.fixture
def clock():
    """Shows one time until it is moved."""
    return StillClock()


@pytest.fixture
def slack(clock):
    """Slack, by the same clock."""
    with SlackApp(now=lambda: clock.now().timestamp()) as remote:
        yield remote


@pytest.fixture
async def one(slack, store, clock):
    """The app of one workspace."""
    async with Outside(slack, store, clock) as outside:
        yield outside


# ── signed requests ──────────────────────────────────────────────────────────────────────────────


async def test_commands_buttons_forms_and_events_come_to_one_address(one, store):
    """Over HTTP the same works as over Socket Mode."""
    assert (await one.command("subscribe NVDA"))["text"].startswith("Subscribed.")
    assert len(await store.subscriptions_of(TO)) == 1
    assert (await one.interact(one.slack.press("cmd:latest"))).status_code == 200
    await until(lambda: len(one.slack.answers) == 2)
    assert (await one.interact(one.slack.press("form:-"))).status_code == 200
    await until(lambda: one.slack.views)
    (form,) = one.slack.views.values()
    wrong = await one.interact(one.slack.submit(form, {"quiet": {"value": "never ever"}}))
    assert set(wrong.json()["errors"]) == {"quiet"}
    found = await one.interact(one.slack.suggest("tsm"))
    assert "TSM" in [option["value"] for option in found.json()["options"]]
    await one.event(one.slack.home_opened())
    assert ANN in one.slack.homes


async def test_slack_may_check_the_address(one):
    """The challenge of a new address is answered with itself."""
    asked = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1aBm2r"}).encode()
    answer = await one.post(asked, "application/json")
    assert answer.status_code == 200
    assert answer.json() == {"challenge": "3eZbrw1aBm2r"}


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({}, 200),
        ({"age_s": 299}, 200),
        ({"age_s": -299}, 200),
        ({"age_s": 301}, 401),
        ({"age_s": -301}, 401),
        ({"secret": "another"}, 401),
        ({"X-Slack-Signature": "v0=" + "0" * 64}, 401),
        ({"X-Slack-Signature": ""}, 401),
        ({"X-Slack-Signature": "v0=ünsigned"}, 401),
        ({"X-Slack-Request-Timestamp": ""}, 401),
        ({"X-Slack-Request-Timestamp": "now"}, 401),
        ({"X-Slack-Request-Timestamp": "9" * 400}, 401),
    ],
)
async def test_only_what_slack_signed_just_now_is_read(one, store, how, status):
    """Another secret, another body, an old time, or none: 401, and nothing happens."""
    how = {k: v.encode() if isinstance(v, str) and k.startswith("X-") else v for k, v in how.items()}
    body = urlencode(one.slack.command("subscribe NVDA")).encode()
    assert (await one.post(body, **how)).status_code == status
    await one.ours.aclose()
    assert len(await store.subscriptions_of(TO)) == (status == 200)


async def test_a_changed_body_is_refused(one, store):
    """A signature holds for one body, byte for byte."""
    body = urlencode(one.slack.command("subscribe NVDA")).encode()
    stamp = str(int(one.clock.now().timestamp()))
    signed = hmac.new(SIGNING.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed}"}
    answer = await one.web.post("/slack/events", content=body + b"&x=1", headers=headers)
    assert answer.status_code == 401
    assert await store.subscriptions_of(TO) == []


async def test_what_cannot_be_read_is_refused(one):
    """Too long, no UTF-8, no method of ours: refused in words, never with an error of ours."""
    assert (await one.post(b"x" * (1024 * 1024 + 1))).status_code == 413
    assert (await one.post(b"\xff\xfe")).status_code == 400
    assert (await one.web.get("/slack/events")).status_code == 405
    assert (await one.post(b"[1]", "application/json")).status_code in {200, 400}
    assert (await one.post(b"{", "application/json")).status_code in {200, 400}
    assert (await one.post(b"payload=%7B", "application/x-www-form-urlencoded")).status_code in {200, 400}


async def test_bolts_own_headers_mean_nothing_from_outside(one):
    """Headers are not signed: one that tells bolt to skip the acknowledgement is not read."""
    body = urlencode(one.slack.command("list")).encode()
    answer = await one.post(body, **{"x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "x"})
    assert answer.status_code == 200
    await until(lambda: one.slack.answers)


async def test_without_a_signing_secret_nothing_is_mounted(slack, store, clock):
    """No secret, no address."""
    async with Outside(slack, store, clock, SLACK_SIGNING_SECRET="") as outside:
        assert outside.ours.routes() == []


async def test_the_environment_says_nothing_to_bolt(slack, store, clock, monkeypatch, tmp_path_factory):
    """Bolt reads variables of its own, and keeps installations in the home folder: here the settings alone count."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_SCOPES"):
        monkeypatch.setenv(name, "xoxb-from-the-environment")
    async with Outside(slack, store, clock) as outside:
        assert [route.path for route in outside.ours.routes()] == ["/slack/events"]
        await outside.command("list")
        assert {a.headers["authorization"] for a in slack.calls("users.info")} == {f"Bearer {TOKEN}"}
    async with Outside(slack, store, clock, **OAUTH) as outside:
        await outside.installed()
        assert await store.installation(OTHER) is not None
    assert list(home.iterdir()) == []
