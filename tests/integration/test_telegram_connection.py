"""How updates come from Telegram: asked for or brought, each once, whatever the network does; and no token leaks."""

from __future__ import annotations

import asyncio
import itertools
import json
import re

import httpx
import pytest
import structlog
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.chat.telegram import Webhook
from bot.chat.telegram.request import ChatRequest, chat_bot
from bot.chat.telegram.webhook import HEADER, keep
from bot.errors import ConfigError
from bot.settings import Settings
from tests.fakes.alerts import StillClock
from tests.fakes.remote import Fault
from tests.fakes.telegram import TOKEN
from tests.fakes.telegram_updates import FakeTelegramChats
from tests.fakes.telegram_updates import Webhook as Hook
from tests.fakes.telegram_world import ADA, BEN, HERE, eventually, make_chat, talking

HOOK = Webhook("https://chips.example/", SecretStr("a-secret_of-ours"))


async def subscribed(world, ticker: str) -> None:
    """Ada subscribes, and reads that she did."""
    before = len(world.of_bot(ADA.id))
    world.telegram.say(ADA, ADA.id, f"/subscribe {ticker}")
    await world.said(ADA.id, before + 1)


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


async def test_updates_are_asked_for_by_name(store):
    """Long polls for the four kinds that are understood; each is confirmed by asking for the next."""
    async with talking(store) as world:
        await subscribed(world, "NVDA")
        await world.quiet()
    asked = world.telegram.calls("getUpdates")
    assert json.loads(asked[0].params["allowed_updates"]) == [
        "message",
        "channel_post",
        "callback_query",
        "my_chat_member",
    ]
    assert int(asked[0].params["timeout"]) >= 20
    assert not world.telegram.updates


async def test_a_webhook_that_was_set_before_gives_way(store):
    """Polling and a webhook exclude each other; nothing that waits is dropped."""
    with FakeTelegramChats() as telegram:
        telegram.webhook = Hook("https://elsewhere.example/x")
        telegram.chats[ADA.id] = type(telegram.chats[5001])(ADA.id)
        telegram.say(ADA, ADA.id, "/subscribe NVDA")
        chat = make_chat(telegram, store, StillClock())
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(chat.run(stop))
            await eventually(lambda: len(telegram.chats[ADA.id].messages) == 2)
            stop.set()
        await chat.aclose()
        assert telegram.webhook is None


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.TRUNCATE, Fault.GARBLE, Fault.STATUS])
async def test_a_network_that_fails_is_outlived(store, fault):
    """What was said meanwhile is answered afterwards, once; it is told when it begins and when it is over."""
    with structlog.testing.capture_logs() as logs:
        async with talking(store) as world:
            await subscribed(world, "NVDA")
            world.telegram.fail(fault, match="getUpdates", times=3, status=502)
            world.telegram.say(ADA, ADA.id, "/list")
            await world.said(ADA.id, 2)
            await world.quiet()
            assert len(world.of_bot(ADA.id)) == 2
    events = [entry["event"] for entry in logs]
    assert events.count("telegram_unreachable") == 1
    assert events.count("telegram_answers_again") == 1


async def test_another_program_with_the_same_token_is_told_once(store):
    """409: the bot waits its turn and goes on when the other has gone."""
    with structlog.testing.capture_logs() as logs:
        async with talking(store) as world:
            await subscribed(world, "NVDA")
            world.telegram.fail(Fault.STATUS, match="getUpdates", times=4, status=409)
            world.telegram.say(ADA, ADA.id, "/list")
            await world.said(ADA.id, 2)
    conflicts = [entry for entry in logs if entry["event"] == "telegram_conflict"]
    assert len(conflicts) == 1
    assert conflicts[0]["log_level"] == "error"
    waits = [a.at for a in world.telegram.calls("getUpdates")]
    assert max(after - before for before, after in itertools.pairwise(waits)) >= 0.05


async def test_a_token_that_is_refused_is_told_once(store):
    """401: only a person can mend it, and the bot goes on when they have."""
    with structlog.testing.capture_logs() as logs:
        async with talking(store) as world:
            await subscribed(world, "NVDA")
            world.telegram.fail(Fault.STATUS, match="getUpdates", times=3, status=401)
            world.telegram.say(ADA, ADA.id, "/list")
            await world.said(ADA.id, 2)
    assert [e["event"] for e in logs if e["log_level"] == "error"] == ["telegram_token_refused"]


async def test_an_update_that_comes_twice_is_handled_once(store):
    """Also when Telegram did not hear that it was confirmed."""
    async with talking(store) as world:
        await subscribed(world, "NVDA")
        world.telegram.fail(Fault.DROP_AFTER, match="getUpdates", times=1)
        world.telegram.say(ADA, ADA.id, "/list")
        await world.said(ADA.id, 2)
        with world.telegram.lock:
            number = world.telegram.push("message", world.telegram.say(BEN, BEN.id, "/list"))
            world.telegram.updates.append(dict(world.telegram.updates[-1]))
        await world.said(BEN.id)
        await world.quiet()
        assert number
        assert len(world.of_bot(ADA.id)) == 2
        assert len(world.of_bot(BEN.id)) == 2  # said and pushed: two updates, of which one came twice


async def test_an_update_that_cannot_be_read_stops_no_other(store):
    """A new kind of chat, say: it is passed over and confirmed."""
    with structlog.testing.capture_logs() as logs:
        async with talking(store) as world:
            world.telegram.push("message", {"message_id": 1, "text": "/help"})
            world.telegram.push("callback_query", {"id": "9", "data": "useful:1"})
            world.telegram.push("channel_post", {"date": "yesterday", "chat": 7})
            await subscribed(world, "NVDA")
            await world.quiet()
    assert [e["event"] for e in logs].count("telegram_update_unreadable") >= 3


async def test_a_bug_in_one_answer_stops_no_other(store, monkeypatch):
    """It is logged for a person to look at."""
    with structlog.testing.capture_logs() as logs:
        async with talking(store) as world:
            await subscribed(world, "NVDA")
            handle = world.chat._commands.handle

            async def fails_for_ben(message):
                if message.chat.id == BEN.id:
                    raise ZeroDivisionError
                await handle(message)

            monkeypatch.setattr(world.chat._commands, "handle", fails_for_ben)
            world.telegram.say(BEN, BEN.id, "/list")
            await subscribed(world, "AMD")
    assert [e["event"] for e in logs if e["log_level"] == "error"] == ["telegram_update_failed"]


async def test_who_the_bot_is_is_asked_until_somebody_says(store):
    """Telegram may be away when the bot starts; and the bot may be stopped meanwhile."""
    with FakeTelegramChats() as telegram:
        telegram.fail(Fault.STATUS, match="getMe", times=0, status=502)
        chat = make_chat(telegram, store, StillClock())
        stop = asyncio.Event()
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(chat.run(stop))
            await eventually(lambda: len(telegram.calls("getMe")) >= 3)
            stop.set()
            await running
            telegram.heal()
            stop = asyncio.Event()
            tasks.create_task(chat.run(stop))
            await eventually(lambda: telegram.calls("deleteWebhook"))
            stop.set()
        assert running.done()
        assert len(telegram.calls("getMe")) >= 4, "asked in vain, then answered"
        await chat.aclose()
        await chat.aclose()


async def test_stopping_finishes_what_is_in_hand(store):
    """And confirms it: the next run does not answer it again."""
    async with talking(store) as world:
        await subscribed(world, "NVDA")
        script = world.telegram.fail(Fault.DELAY, match="sendMessage", delay_s=0.3)
        world.telegram.say(ADA, ADA.id, "/list")
        await eventually(lambda: script.hits)
        world.stop.set()
        await asyncio.wait_for(world.running, 5)
        assert not world.telegram.updates
        chat = make_chat(world.telegram, store, StillClock())
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(chat.run(stop))
            world.telegram.say(ADA, ADA.id, "/latest")
            await world.said(ADA.id, 3)
            stop.set()
        await chat.aclose()
        assert len(world.of_bot(ADA.id)) == 3


# ── being brought ────────────────────────────────────────────────────────────────────────────────


def client(world) -> httpx.AsyncClient:
    """What Telegram uses to come."""
    app = Starlette(routes=world.chat.routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://chips.example")


def brought(world, ticker: str) -> bytes:
    """An update that was not fetched."""
    with world.telegram.lock:
        world.telegram.say(ADA, ADA.id, f"/subscribe {ticker}")
        return json.dumps(world.telegram.updates.pop()).encode()


KNOWN = {HEADER: "a-secret_of-ours"}


async def test_telegram_is_told_where_to_come(store):
    """With the secret that it must bring, and for the kinds that are understood."""
    async with talking(store, webhook=HOOK) as world:
        await eventually(lambda: world.telegram.webhook)
        assert world.telegram.webhook == Hook("https://chips.example/telegram", "a-secret_of-ours")
        assert world.telegram.allowed == {"message", "channel_post", "callback_query", "my_chat_member"}
    assert world.telegram.webhook is not None  # what is said while the bot is away is kept for it
    assert not world.telegram.calls("getUpdates")


async def test_a_webhook_that_is_refused_is_offered_again(store):
    """Until it is taken; told once."""
    with structlog.testing.capture_logs() as logs, FakeTelegramChats() as telegram:
        telegram.fail(Fault.STATUS, match="setWebhook", times=3, status=400)
        chat = make_chat(telegram, store, StillClock(), webhook=HOOK)
        stop = asyncio.Event()
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            tasks.create_task(chat.run(stop))
            await eventually(lambda: telegram.webhook and "telegram_webhook_set" in [e["event"] for e in logs])
            stop.set()
        await chat.aclose()
    assert len(telegram.calls("setWebhook")) == 4
    assert [e["event"] for e in logs].count("telegram_webhook_not_set") == 1


async def test_a_webhook_that_another_program_changes_is_set_again():
    """It is looked at now and then; so is whether Telegram gets through, which is told once a failure."""
    request = ChatRequest(SecretStr(TOKEN))
    with structlog.testing.capture_logs() as logs, FakeTelegramChats() as telegram:
        bot = chat_bot(request, request, api_url=telegram.url)
        keeping = asyncio.create_task(keep(bot, HOOK, again_s=0.02, look_s=0.02))
        await eventually(lambda: telegram.webhook)
        telegram.webhook.failed_at, telegram.webhook.last_error = 1_800_000_000, "Connection refused"
        await eventually(lambda: len(telegram.calls("getWebhookInfo")) >= 4)
        telegram.webhook = Hook("https://elsewhere.example/x")
        await eventually(lambda: telegram.webhook.url == HOOK.url and len(logs) >= 4)
        keeping.cancel()
        await asyncio.wait({keeping})
        await request.shutdown()
    assert [e["event"] for e in logs] == [
        "telegram_webhook_set",
        "telegram_webhook_failing",
        "telegram_webhook_gone",
        "telegram_webhook_set",
    ]


async def test_an_update_that_is_brought_is_answered_at_once(store):
    """200 before the answer is said; brought twice it is answered once."""
    async with talking(store, webhook=HOOK) as world, client(world) as telegram:
        await eventually(lambda: world.telegram.webhook)
        world.telegram.fail(Fault.DELAY, match="sendMessage", delay_s=0.3)
        update = brought(world, "NVDA")
        for _ in range(2):
            answer = await telegram.post("/telegram", content=update, headers=KNOWN)
            assert answer.status_code == 200
        await world.said(ADA.id)
        (made,) = await store.subscriptions_of(HERE)
        assert made.tickers == {"NVDA"}
        await asyncio.sleep(0.1)
        assert len(world.of_bot(ADA.id)) == 1


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "another"}, {HEADER: "a-secret_of-our"}])
async def test_who_does_not_know_the_secret_is_refused(store, headers):
    """And nothing of what they bring is read."""
    async with talking(store, webhook=HOOK) as world, client(world) as telegram:
        await eventually(lambda: world.telegram.webhook)
        update = brought(world, "NVDA")
        answer = await telegram.post("/telegram", content=update, headers=headers)
        assert answer.status_code == 403
        assert answer.content == b""
        await asyncio.sleep(0.05)
        assert await store.subscriptions_of(HERE) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b"[]", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": "x"}', 400),
        (b" " * 1_000_001, 413),
        (b'{"update_id": 5}', 200),
        (b'{"update_id": 6, "message": {"odd": 1}}', 200),
    ],
)
async def test_what_is_no_update_is_refused(store, body, status):
    """An update that cannot be read is taken: Telegram would bring it for ever."""
    async with talking(store, webhook=HOOK) as world, client(world) as telegram:
        await eventually(lambda: world.telegram.webhook)
        assert (await telegram.post("/telegram", content=body, headers=KNOWN)).status_code == status
        assert (await telegram.get("/telegram", headers=KNOWN)).status_code == 405


async def test_when_hands_are_full_telegram_comes_again(store):
    """Nothing is taken that cannot be held, nor before the bot is ready or after it has stopped."""
    async with talking(store, webhook=HOOK) as world, client(world) as telegram:
        await eventually(lambda: world.telegram.webhook)
        world.chat._lanes._most = 1
        script = world.telegram.fail(Fault.DELAY, match="sendMessage", delay_s=0.3)
        first, second = brought(world, "NVDA"), brought(world, "AMD")
        assert (await telegram.post("/telegram", content=first, headers=KNOWN)).status_code == 200
        assert (await telegram.post("/telegram", content=second, headers=KNOWN)).status_code == 503
        await world.said(ADA.id)
        assert script.hits
        await eventually(lambda: world.chat._lanes._in_hand == 0)
        assert (await telegram.post("/telegram", content=second, headers=KNOWN)).status_code == 200
        await world.said(ADA.id, 2)
        world.stop.set()
        await asyncio.wait_for(world.running, 5)
        assert (await telegram.post("/telegram", content=brought(world, "MU"), headers=KNOWN)).status_code == 503


@pytest.mark.parametrize("secret", ["", "with space", "schlüssel", "x" * 257])
def test_a_secret_that_telegram_would_refuse_is_refused_here(secret):
    """Before anything runs, by the setting's name and without the secret."""
    with pytest.raises(ConfigError, match="TELEGRAM_WEBHOOK_SECRET") as caught:
        Webhook("https://chips.example", SecretStr(secret))
    assert not secret or secret not in str(caught.value)


def test_a_webhook_is_used_where_both_settings_are():
    """Otherwise updates are asked for, and the web server answers nothing of Telegram's."""
    assert Webhook.of(Settings.model_construct(telegram_webhook_secret=None, public_url="https://x.example")) is None
    made = Webhook.of(Settings(TELEGRAM_WEBHOOK_SECRET="s3cret", CHIPWIRE_PUBLIC_URL="https://x.example/bot/"))
    assert made is not None
    assert made.url == "https://x.example/bot/telegram"
    assert "s3cret" not in repr(made)


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        *((Fault.STATUS, status) for status in (400, 401, 404, 409, 429, 500)),
        (Fault.DROP_AFTER, 0),
        (Fault.GARBLE, 0),
    ],
)
async def test_no_token_reaches_a_log(store, caplog, capsys, fault, status):
    """Whatever Telegram says, and whatever a proxy writes into its error page."""
    page = f"<p>no /bot{TOKEN}/getUpdates here</p>" if status >= 500 else None
    with structlog.testing.capture_logs() as logs, caplog.at_level("DEBUG"):
        async with talking(store, webhook=HOOK if status == 429 else None) as world:
            world.telegram.fail(fault, match=f"/bot{TOKEN}/", times=6, status=status, body=page, retry_after=1)
            world.telegram.say(ADA, ADA.id, "/subscribe NVDA")
            await eventually(lambda: len(world.telegram.arrivals) >= 5)
            shown = repr(world.chat) + repr(world.chat._bot) + str(vars(world.chat))
    written = json.dumps(logs, default=repr) + caplog.text + "".join(capsys.readouterr()) + shown
    assert TOKEN not in written
    assert TOKEN.partition(":")[2] not in written
    assert not re.search("a-secret_of-ours", written)
