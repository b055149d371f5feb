"""``chipwire doctor`` for the chats: each thing that may be wrong is one line that says what to do, without secrets."""

import asyncio
import time

import pytest

from bot.commands.doctor_chat import chat_findings
from bot.settings import load_settings
from tests.fakes.finnhub import TOKEN as FINNHUB
from tests.fakes.finnhub import FakeFinnhub
from tests.fakes.overheard import SECRETS, Said
from tests.fakes.remote import Fault, unused_url
from tests.fakes.slack import TOKEN as SLACK
from tests.fakes.slack_app import APP_TOKEN, SlackApp
from tests.fakes.telegram import TOKEN as TELEGRAM
from tests.fakes.telegram_updates import FakeTelegramChats, Webhook

PUBLIC = "https://chips.example"


class World:
    """The platforms, everything set, and what doctor finds there."""

    def __init__(self, slack, telegram, finnhub):
        self.slack, self.telegram, self.finnhub = slack, telegram, finnhub
        self.environ = {
            "SLACK_BOT_TOKEN": SLACK,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "TELEGRAM_BOT_TOKEN": TELEGRAM,
            "TELEGRAM_API_URL": telegram.url,
            "FINNHUB_TOKEN": FINNHUB,
            "FINNHUB_API_URL": f"{finnhub.url}/api/v1",
            "CHIPWIRE_OPERATOR": "telegram:4711",
        }

    async def found(self, **changes):
        """Its lines by what they are of: whether it is well, and the words."""
        environ = {name: value for name, value in (self.environ | changes).items() if value}
        findings = await chat_findings(load_settings(environ, None))
        assert len({f.what for f in findings}) == len(findings)
        heard = Said(texts=[f"{f.what} {f.detail}" for f in findings])
        heard.check()
        return {f.what: (f.ok, f.detail) for f in findings}

    def by_webhook(self, url=f"{PUBLIC}/telegram", **changes):
        """Telegram brings updates there; and the settings that want it to bring them to us."""
        self.telegram.webhook = Webhook(url, **changes)
        return {"TELEGRAM_WEBHOOK_SECRET": SECRETS["TELEGRAM_WEBHOOK_SECRET"], "CHIPWIRE_PUBLIC_URL": PUBLIC}


@pytest.fixture
def world():
    with SlackApp() as slack, FakeTelegramChats() as telegram, FakeFinnhub() as finnhub:
        slack.socket_url = "wss://wss-primary.slack.example"
        finnhub.prices["NVDA"] = (181.2, 2.1)
        yield World(slack, telegram, finnhub)


async def test_everything_in_place(world):
    """Each is asked once, no socket is opened, and nothing is posted or changed."""
    assert await world.found() == {
        "SLACK_APP_TOKEN": (True, "Slack lets it listen"),
        "slack scopes": (True, "all 9 that are needed"),
        "telegram updates": (True, "no webhook is set; `chipwire run` asks for them (0 wait)"),
        "FINNHUB_TOKEN": (True, "NVDA stands at 181.2 USD"),
        "CHIPWIRE_OPERATOR": (True, "telegram:4711"),
    }
    assert sorted(a.path for a in world.slack.arrivals) == ["/api/apps.connections.open", "/api/auth.test"]
    assert world.telegram.webhook is None
    assert len(world.telegram.arrivals) == len(world.finnhub.arrivals) == 1


async def test_prices_may_take_longer_here_than_an_alert_waits(world):
    """Nothing waits for them."""
    world.finnhub.slow["NVDA"] = 0.8
    assert (await world.found())["FINNHUB_TOKEN"][0]


async def test_what_is_not_set_is_no_fault(world):
    """It is said what is missed; with no token at all nothing is asked."""
    world.environ = {}
    assert {what: ok for what, (ok, _) in (await world.found()).items()} == {
        "FINNHUB_TOKEN": True, "CHIPWIRE_OPERATOR": True,
    }  # fmt: skip
    world.slack.scopes = {"chat:write"}
    found = await world.found(SLACK_BOT_TOKEN=SLACK, SLACK_API_URL=world.slack.api_url)
    assert found["SLACK_APP_TOKEN"] == (True, "not set: alerts are posted, but nobody answers to /chips and buttons")
    assert found["slack scopes"] == (True, "all 1 that are needed")


async def test_scopes_that_the_manifest_has_and_the_app_lacks(world):
    """An app that was made before the manifest grew names them, and how they are added."""
    world.slack.scopes -= {"im:write", "users:read"}
    ok, detail = (await world.found())["slack scopes"]
    assert not ok
    assert detail.startswith("im:write, users:read not granted; add them")
    assert detail.endswith("reinstall the app")


async def test_tokens_that_are_refused(world):
    """Each says which setting is to be pasted again."""
    found = await world.found(
        SLACK_APP_TOKEN="xapp-1-A0001-0000000000-notTheRightOne",
        SLACK_BOT_TOKEN="xoxb-000-wrong-token-000",
        TELEGRAM_BOT_TOKEN="123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        FINNHUB_TOKEN="c0wrong0finnhub0token",
    )
    for what, setting in {
        "SLACK_APP_TOKEN": "SLACK_APP_TOKEN",
        "slack scopes": "SLACK_BOT_TOKEN",
        "telegram updates": "TELEGRAM_BOT_TOKEN",
        "FINNHUB_TOKEN": "FINNHUB_TOKEN",
    }.items():
        ok, detail = found[what]
        assert not ok
        assert setting in detail
    everything = str(found)
    for token in ("notTheRightOne", "wrong-token", "AAAAAAAA", "0finnhub0"):
        assert token not in everything


@pytest.mark.parametrize(
    ("url", "says"),
    [(f"{PUBLIC}/telegram", "Telegram brings them to chips.example (0 wait)"), ("", "`chipwire run` sets the webhook")],
)
async def test_a_webhook_that_works_or_is_yet_to_be_set(world, url, says):
    """Telegram comes to us, or will."""
    wanted = world.by_webhook(url)
    ok, detail = (await world.found(**wanted))["telegram updates"]
    assert ok
    assert says in detail


async def test_a_webhook_that_telegram_cannot_reach(world):
    """Its own words for the last hour's failure, and what must lead where; an older one was mended."""
    wanted = world.by_webhook(last_error="SSL error {error:0A000086}", failed_at=int(time.time()) - 300)
    ok, detail = (await world.found(**wanted))["telegram updates"]
    assert not ok
    assert detail.startswith("Telegram could not bring one 5 min ago: SSL error {error:0A000086}; CHIPWIRE_PUBLIC_URL")
    wanted = world.by_webhook(last_error="SSL error", failed_at=int(time.time()) - 7200)
    assert (await world.found(**wanted))["telegram updates"][0]


async def test_a_webhook_of_another_program(world):
    """By its host alone: what follows may be that program's secret."""
    wanted = world.by_webhook("https://other.example/hooks/theirSecretPath")
    for settings in ({}, wanted):
        ok, detail = (await world.found(**settings))["telegram updates"]
        assert not ok
        assert "other.example" in detail
        assert "theirSecretPath" not in detail
        assert "another program" in detail


async def test_a_webhook_secret_that_telegram_refuses(world):
    """Before anything is asked."""
    wanted = world.by_webhook() | {"TELEGRAM_WEBHOOK_SECRET": "no blanks allowed"}
    ok, detail = (await world.found(**wanted))["telegram updates"]
    assert not ok
    assert detail.startswith("TELEGRAM_WEBHOOK_SECRET: write")


async def test_an_operator_whose_platform_has_no_token(world):
    """Names the setting; a workspace that installed the app needs none of ours, a webhook none at all."""
    ok, detail = (await world.found(SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="", CHIPWIRE_OPERATOR="slack:D042"))[
        "CHIPWIRE_OPERATOR"
    ]
    assert not ok
    assert detail == "slack:D042 cannot be told: set SLACK_BOT_TOKEN, or another destination"
    hook = "webhook:https://ops.example/hooks/ourSecretPath"
    ok, detail = (await world.found(CHIPWIRE_OPERATOR=hook))["CHIPWIRE_OPERATOR"]
    assert ok
    assert "ourSecretPath" not in detail
    many = {name: SECRETS[name] for name in ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET", "CHIPWIRE_SECRET_KEY")} | {
        "SLACK_CLIENT_ID": "1.2",
        "CHIPWIRE_PUBLIC_URL": PUBLIC,
        "SLACK_BOT_TOKEN": "",
        "SLACK_APP_TOKEN": "",
    }
    found = await world.found(**many, CHIPWIRE_OPERATOR="slack:T0002/D042")
    assert found["CHIPWIRE_OPERATOR"][0]


@pytest.mark.parametrize("body", ["[]", '{"ok":true}', '{"ok":true,"result":[]}', "<html>", '{"c":"much"}', '{"c":0}'])
async def test_answers_that_are_none(world, body):
    """From a proxy's page to JSON of another kind: a line each, and never an error of ours."""
    for remote in (world.slack, world.telegram, world.finnhub):
        remote.fail(Fault.STATUS, times=0, status=200, body=body)
    found = await world.found()
    wrong = {what for what, (ok, _) in found.items() if not ok}
    assert wrong >= {"SLACK_APP_TOKEN", "telegram updates", "FINNHUB_TOKEN"}


async def test_nobody_answers(world):
    """Addresses where nobody listens are named by their setting, and none holds the others up."""
    nowhere = unused_url()
    async with asyncio.timeout(20):
        found = await world.found(SLACK_API_URL=f"{nowhere}/", TELEGRAM_API_URL=nowhere, FINNHUB_API_URL=nowhere)
    assert {what for what, (ok, _) in found.items() if ok} == {"CHIPWIRE_OPERATOR"}
    assert "SLACK_API_URL" in found["slack scopes"][1]
    assert "TELEGRAM_API_URL" in found["telegram updates"][1]
