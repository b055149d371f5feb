"""The stand-in refuses what Telegram refuses, so that the other tests mean something."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from tests.fakes.telegram import TOKEN, Chat
from tests.fakes.telegram_updates import FakeTelegramChats, Person

ADA = Person(77)


@pytest.fixture
def telegram():
    """A private chat and a group."""
    with FakeTelegramChats(Chat(ADA.id), Chat(-500, "group")) as telegram:
        yield telegram


def call(telegram: FakeTelegramChats, method: str, **args: Any) -> dict[str, Any]:
    return httpx.post(f"{telegram.url}/bot{TOKEN}/{method}", json=args, trust_env=False).json()


def test_updates_are_kept_until_the_next_is_asked_for(telegram):
    """Asking with an offset confirms what is before it; negative ones count from the end."""
    for text in ("a", "b", "c"):
        telegram.say(ADA, ADA.id, text)
    first = call(telegram, "getUpdates", limit=2)["result"]
    assert [u["message"]["text"] for u in first] == ["a", "b"]
    assert call(telegram, "getUpdates", limit=2)["result"] == first
    (last,) = call(telegram, "getUpdates", offset=first[-1]["update_id"] + 1)["result"]
    assert last["message"]["text"] == "c"
    telegram.say(ADA, ADA.id, "d")
    assert [u["message"]["text"] for u in call(telegram, "getUpdates", offset=-1)["result"]] == ["d"]
    assert call(telegram, "getUpdates", limit=101)["error_code"] == 400


def test_only_what_is_asked_for_is_brought(telegram):
    """From the question on; without a list all but what members do."""
    call(telegram, "getUpdates", allowed_updates=["callback_query"])
    telegram.say(ADA, ADA.id, "unheard")
    assert call(telegram, "getUpdates")["result"] == []
    call(telegram, "getUpdates", allowed_updates=[])
    telegram.push("chat_member", {})
    telegram.say(ADA, ADA.id, "heard")
    assert len(call(telegram, "getUpdates")["result"]) == 1


def test_a_question_waits_for_an_update(telegram):
    """As long as it says; others are answered meanwhile, and a second question ends the first with 409."""
    found: list[dict[str, Any]] = []
    first = threading.Thread(target=lambda: found.append(call(telegram, "getUpdates", timeout=20)))
    first.start()
    while not telegram._pollers:
        pass
    assert call(telegram, "getMe")["ok"]
    second = threading.Thread(target=lambda: found.append(call(telegram, "getUpdates", timeout=20)))
    second.start()
    first.join(5)
    assert found[0]["error_code"] == 409
    telegram.say(ADA, ADA.id, "now")
    second.join(5)
    assert len(found[1]["result"]) == 1


def test_a_webhook_excludes_questions(telegram):
    """And must be an https address with a plain secret."""
    assert not call(telegram, "setWebhook", url="http://x.example")["ok"]
    assert not call(telegram, "setWebhook", url="https://x.example", secret_token="a b")["ok"]
    assert call(telegram, "setWebhook", url="https://x.example", secret_token="a_b-1")["ok"]
    assert call(telegram, "getUpdates")["error_code"] == 409
    telegram.say(ADA, ADA.id, "kept")
    assert call(telegram, "getWebhookInfo")["result"]["pending_update_count"] == 1
    call(telegram, "deleteWebhook")
    assert len(call(telegram, "getUpdates")["result"]) == 1


@pytest.mark.parametrize(
    ("args", "taken"),
    [
        ({"commands": [{"command": "help", "description": "x"}]}, True),
        ({"commands": [{"command": "Help", "description": "x"}]}, False),
        ({"commands": [{"command": "h" * 33, "description": "x"}]}, False),
        ({"commands": [{"command": "help", "description": ""}]}, False),
        ({"commands": [{"command": "help", "description": "x" * 257}]}, False),
        ({"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]}, False),
        ({"commands": [], "language_code": "zh"}, True),
        ({"commands": [], "language_code": "zh-hans"}, False),
        ({"commands": [], "scope": {"type": "all_chat_administrators"}}, True),
        ({"commands": [], "scope": {"type": "everybody"}}, False),
    ],
)
def test_menus_have_limits(telegram, args, taken):
    """Of commands, descriptions, scopes and languages."""
    assert call(telegram, "setMyCommands", **args)["ok"] is taken


def test_a_pressed_button_is_answered_once(telegram):
    """In 200 characters, and not by an address elsewhere."""
    press = telegram.press(ADA, telegram.post(ADA.id, "x", "why:1"), "why:1")
    assert not call(telegram, "answerCallbackQuery", callback_query_id=press.id, text="x" * 201)["ok"]
    assert not call(telegram, "answerCallbackQuery", callback_query_id=press.id, url="https://e.example")["ok"]
    assert call(telegram, "answerCallbackQuery", callback_query_id=press.id, text="x" * 200)["ok"]
    assert "too old" in call(telegram, "answerCallbackQuery", callback_query_id=press.id)["description"]
    assert not call(telegram, "answerCallbackQuery", callback_query_id="1")["ok"]


def test_a_bot_does_not_read_everything(telegram):
    """In a group it sees commands, unless it administers the group."""
    for text in ("hello", "/help", "/help@chipwire_bot", "/help@other_bot"):
        telegram.say(ADA, -500, text)
    heard = [u["message"]["text"] for u in call(telegram, "getUpdates")["result"]]
    assert heard == ["/help", "/help@chipwire_bot"]


def test_documents_have_a_body(telegram):
    """And a name."""
    url = f"{telegram.url}/bot{TOKEN}/sendDocument"
    sent = httpx.post(url, data={"chat_id": ADA.id}, files={"document": ("a.json", b"{}")}, trust_env=False).json()
    assert sent["result"]["document"]["file_name"] == "a.json"
    assert not httpx.post(url, data={"chat_id": ADA.id}, files={"document": ("a", b"")}, trust_env=False).json()["ok"]
    assert json.loads(telegram.documents[0][2]) == {}
