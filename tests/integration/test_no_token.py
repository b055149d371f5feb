"""No token is told: in no log line, error, traceback or repr, and not by ``doctor``, however things fail.

The log is taken here before anything cleans it: that the redactor would have caught it is no excuse.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
import structlog
from pydantic import SecretStr

from bot.app import App, opened_app
from bot.bus import NatsBus
from bot.chat.slack import installations_of
from bot.chat.slack.installs import Installed
from bot.clock import SystemClock
from bot.commands import doctor
from bot.config import load_config
from bot.domain import Destination
from bot.errors import BotError, ConfigError, StoreError
from bot.home import opened_store
from bot.settings import Settings, load_settings
from bot.store import open_store
from tests.fakes import finnhub as finnhub_fake
from tests.fakes import slack as slack_fake
from tests.fakes import slack_app as app_fake
from tests.fakes import telegram as telegram_fake
from tests.fakes.finnhub import FakeFinnhub
from tests.fakes.outbox import tell
from tests.fakes.overheard import BUS_PASSWORD, GUEST, GUEST_TOKEN, HOOK_PATH, PASSWORD, SECRETS, Said, listening
from tests.fakes.remote import Fault, Remote, unused_url
from tests.fakes.slack_app import SlackApp
from tests.fakes.telegram import Chat
from tests.fakes.telegram_updates import FakeTelegramChats
from tests.fakes.webhook import FakeReceiver
from tests.faults.weather import weather_out

# What a careless server or proxy sends back; ECHO stands for the request, with what it carried.
PAGE = "<html><pre>ECHO</pre></html>"
REFUSAL = '{"ok":false,"error_code":%d,"error":"ECHO","description":"ECHO"}'

FAILURES: dict[str, tuple[Fault, dict[str, Any]]] = {
    "dropped before": (Fault.DROP_BEFORE, {}),
    "dropped after": (Fault.DROP_AFTER, {}),
    "truncated": (Fault.TRUNCATE, {}),
    "malformed": (Fault.GARBLE, {}),
    "429": (Fault.STATUS, {"status": 429, "retry_after": 1}),
    "429 page": (Fault.STATUS, {"status": 429, "body": PAGE}),
    "500 page": (Fault.STATUS, {"status": 500, "body": PAGE}),
    "404 page": (Fault.STATUS, {"status": 404, "body": PAGE}),
    "407 page": (Fault.STATUS, {"status": 407, "body": PAGE}),
    "moved": (Fault.STATUS, {"status": 302, "body": PAGE, "headers": {"Location": f"/bot{telegram_fake.TOKEN}/x"}}),
    **{str(code): (Fault.STATUS, {"status": code, "body": REFUSAL % code}) for code in (200, 400, 401, 403, 404, 409)},
    "refused": (Fault.STATUS, {"status": 200, "body": '{"ok":false,"error":"invalid_auth","error_code":401}'}),
}
UNREACHED = ("nothing listens", "no such name", "no TLS there")


@pytest.fixture
def said() -> Iterator[Said]:
    """What is said during a test."""
    with listening() as heard:
        yield heard


@dataclass
class Outside:
    """The platforms, and the settings that lead there."""

    remotes: dict[Remote, str]  # with the request that it would repeat
    environ: dict[str, str]
    hook: Destination

    @property
    def settings(self) -> Settings:
        return load_settings(self.environ, None)

    def fail(self, name: str) -> None:
        """From now on everything fails in this way."""
        fault, options = FAILURES[name]
        for remote, request in self.remotes.items():
            body = options.get("body")
            said = options if body is None else {**options, "body": body.replace("ECHO", request)}
            remote.fail(fault, times=0, **said)

    def lead_astray(self, how: str) -> None:
        """From now on the settings lead to where nobody answers as he should."""
        for name in ("SLACK_API_URL", "TELEGRAM_API_URL", "FINNHUB_API_URL"):
            there = self.environ[name]
            nowhere = {
                "nothing listens": unused_url(),
                "no such name": "https://remote.invalid",
                "no TLS there": there.replace("http:", "https:").rstrip("/"),
            }[how]
            self.environ[name] = nowhere + urlsplit(there).path * (how != "no TLS there")
        self.hook = Destination.parse(f"webhook:{unused_url()}{HOOK_PATH}")


@contextlib.contextmanager
def outside(home: Path) -> Iterator[Outside]:
    """Every platform, well at first, and every secret set."""
    with (
        SlackApp() as slack,
        FakeTelegramChats(Chat(-1001, "channel")) as telegram,
        FakeFinnhub() as finnhub,
        FakeReceiver() as receiver,
    ):
        slack.install(GUEST, GUEST_TOKEN, "C0002")
        environ = {
            **SECRETS,
            "CHIPWIRE_HOME": str(home),
            "CHIPWIRE_HTTP_LISTEN": "127.0.0.1:0",
            "CHIPWIRE_PUBLIC_URL": "https://chips.example",
            "CHIPWIRE_OPERATOR": "slack:C0123456789",
            "SLACK_CHANNELS": "C0123456789",
            "SLACK_CLIENT_ID": app_fake.CLIENT_ID,
            "SLACK_API_URL": slack.api_url,
            "TELEGRAM_CHATS": "-1001",
            "TELEGRAM_API_URL": telegram.url,
            "FINNHUB_API_URL": f"{finnhub.url}/api/v1",
        }
        hook = Destination.parse(f"webhook:{receiver.url}{HOOK_PATH}")
        requests = {
            slack: f"POST /api/chat.postMessage Authorization: Bearer {slack_fake.TOKEN}, Bearer {GUEST_TOKEN}, "
            f"Bearer {app_fake.APP_TOKEN}, {app_fake.CLIENT_SECRET}",
            telegram: f"Cannot POST /bot{telegram_fake.TOKEN}/sendMessage",
            finnhub: f"GET /quote X-Finnhub-Token: {finnhub_fake.TOKEN}",
            receiver: f"POST {HOOK_PATH}",
        }
        yield Outside(requests, environ, hook)


@contextlib.asynccontextmanager
async def program(world: Outside, *roles: str) -> AsyncIterator[App]:
    """Everything but the sources and the desk, with alerts that wait for each platform and a workspace as guest."""
    settings = world.settings
    async with opened_store(settings) as store:
        installations = installations_of(settings, store, SystemClock())
        assert installations is not None
        await installations.save(Installed(GUEST, SecretStr(GUEST_TOKEN)))
        places = ("slack:C0123456789", f"slack:{GUEST}/C0002", "telegram:-1001")
        await tell(store, 1, *(Destination.parse(p) for p in places), world.hook)
    config = load_config(settings)
    async with opened_app(settings, config, frozenset(roles), cards=io.StringIO()) as app:
        yield app


async def run_briefly(app: App, said: Said) -> None:
    """Until each delivery was attempted and the chats had time for a call or two; then somebody looks."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(app.run(stop))
    async with asyncio.timeout(20):
        while True:
            (alert,) = await app.store.recent_alerts(1)
            trail = await app.store.trail(alert.headline_id)
            assert trail is not None
            if all(d.attempts and d.attempts[0].ended_at for d in trail.deliveries):
                break
            await asyncio.sleep(0.02)
    said.add(*(text for d in trail.deliveries for text in (d.reason, *(a.error for a in d.attempts))))
    await knock(app, said, alert.story)
    await asyncio.sleep(0.2)
    stop.set()
    await running


async def knock(app: App, said: Said, story: str) -> None:
    """Strangers come to our own addresses, and one comes back from Slack with a code."""
    assert app.listener is not None
    async with httpx.AsyncClient(base_url=app.listener.url) as web:
        begun = await web.get("/slack/install")
        state = httpx.URL(begun.headers["location"]).params["state"]
        browser = {"Cookie": f"slack-app-oauth-state={state}"}
        answers = [
            begun,
            await web.post("/telegram", content=b"{}", headers={"X-Telegram-Bot-Api-Secret-Token": "wrong"}),
            await web.post("/slack/events", content=b"payload=x", headers={"X-Slack-Signature": "v0=wrong"}),
            await web.get("/slack/oauth_redirect", params={"code": "c", "state": state}, headers=browser),
            *[await web.get(path) for path in ("/", "/readyz", "/metrics", "/api/alerts", f"/api/stories/{story}")],
        ]
    said.add(*(text for answer in answers for text in (answer.text, answer.headers)))


@pytest.mark.parametrize("failure", [*FAILURES, *UNREACHED])
async def test_the_program_tells_no_token(tmp_path, said, failure):
    """Deliveries, edits, chats, prices, installations, our own addresses: whatever fails, and in whichever way."""
    with outside(tmp_path) as world:
        if failure in UNREACHED:
            world.lead_astray(failure)
        async with program(world, "dispatch", "chat", "web") as app:
            if failure in FAILURES:
                world.fail(failure)
            await run_briefly(app, said)
            said.add(app, app.settings, vars(app.settings), *app.notifiers.values(), app.quotes, app.chats)
    assert "will_retry" in said.log.getvalue() or "destination_retired" in said.log.getvalue()
    said.check()


@pytest.mark.parametrize("failure", ["404 page", "401", "refused", "500 page", *UNREACHED])
async def test_a_start_that_fails_tells_no_token(tmp_path, said, failure):
    """The error that the command line prints, and all that it came from."""
    with outside(tmp_path) as world:
        if failure in UNREACHED:
            world.lead_astray(failure)
        else:
            world.fail(failure)
        try:
            async with program(world, "dispatch", "chat"):
                pass
        except* BotError as error:
            said.add(error)
    said.check()


async def test_bad_weather_tells_no_token(tmp_path, said):
    """Late answers too, and every call after another that failed."""
    came = await weather_out(tmp_path, alerts=40, each=2, share=0.5)
    assert came.problems() == []
    assert "will_retry" in said.log.getvalue()
    said.check()


async def test_a_key_that_does_not_open_tells_neither(tmp_path, said):
    """The installed workspaces were encrypted under another key."""
    with outside(tmp_path) as world:
        async with program(world, "dispatch", "chat"):
            world.environ["CHIPWIRE_SECRET_KEY"] = "another long text, for the tests alone"
        async with opened_store(world.settings) as store:
            installations = installations_of(world.settings, store, SystemClock())
            assert installations is not None
            with pytest.raises(ConfigError) as caught:
                await installations.token(GUEST)
    said.add(caught.value)
    said.check()
    assert "another long text" not in "".join(said.texts)


@pytest.mark.parametrize("where", ["nothing listens", "no such name", "another protocol"])
async def test_a_database_out_of_reach_tells_no_password(said, where):
    """PostgreSQL and the bus, whose addresses have their passwords in them."""

    async def answer(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        out.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        host = {
            "nothing listens": urlsplit(unused_url()).netloc,
            "no such name": "remote.invalid",
            "another protocol": f"127.0.0.1:{other.sockets[0].getsockname()[1]}",
        }[where]
        address = f"postgresql://chip:{quote(PASSWORD, safe='')}@{host}/chipwire"
        with pytest.raises(StoreError) as caught:
            await (await open_store(address)).migrate()
        said.add(caught.value)
        async with asyncio.TaskGroup() as tasks:
            bus = NatsBus(f"nats://chip:{BUS_PASSWORD}@{host}", tasks)
            async with asyncio.timeout(10):
                while "bus_" not in said.log.getvalue():
                    await asyncio.sleep(0.02)
            said.add(bus)
            await bus.aclose()
    said.check()


@pytest.mark.parametrize("name", [*SECRETS, "CHIPWIRE_DATABASE_URL", "CHIPWIRE_NATS_URL"])
def test_settings_that_are_refused_tell_no_secret(said, name):
    """Whatever else is wrong with them; and none shows in what was read."""
    values = SECRETS | {
        "CHIPWIRE_DATABASE_URL": f"mysql://chip:{quote(PASSWORD, safe='')}@db/chipwire",
        "CHIPWIRE_NATS_URL": f"nats://chip:{BUS_PASSWORD}@bus",
    }
    with pytest.raises(ConfigError) as caught:
        load_settings({name: values[name], "CHIPWIRE_MAX_AGE_S": "-1"}, None)
    said.add(caught.value)
    good = {k: v for k, v in values.items() if k in {name} - {"CHIPWIRE_DATABASE_URL"}}
    with contextlib.suppress(ConfigError):
        settings = load_settings(good, None)
        said.add(settings, settings.model_dump(), settings.model_dump_json())
    said.check()


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("failure", ["well", "404 page", "401", "refused", "nothing listens", "no database"])
async def test_doctor_tells_no_token(tmp_path, monkeypatch, capsys, failure, as_json):
    """In its table and in its lines: identities, refusals, and addresses that do not answer."""
    (tmp_path / "sources.toml").write_text('[[source]]\nname = "wire"\nkind = "feed"\nurl = "http://127.0.0.1:9/"\n')
    with outside(tmp_path) as world:
        world.environ["CHIPWIRE_SOURCES"] = str(tmp_path / "sources.toml")
        if failure == "no database":
            netloc = urlsplit(unused_url()).netloc
            world.environ["CHIPWIRE_DATABASE_URL"] = f"postgresql://chip:{quote(PASSWORD, safe='')}@{netloc}/chipwire"
        elif failure in UNREACHED:
            world.lead_astray(failure)
        elif failure != "well":
            world.fail(failure)
        for name, value in world.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        root = logging.getLogger()
        kept = root.level, root.handlers[:]
        try:
            await doctor.examine(as_json=as_json)
        finally:
            root.setLevel(kept[0])
            root.handlers[:] = kept[1]
            structlog.reset_defaults()
    printed = capsys.readouterr()
    assert "slack" in printed.out
    heard = Said()
    heard.texts += [printed.out, printed.err, printed.out.replace("\n", "")]  # a table breaks long words
    heard.check()
