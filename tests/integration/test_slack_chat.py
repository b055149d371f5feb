"""The app in Slack as a person uses it, over Socket Mode."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.domain import Reader, Subscription, Topic, Urgency, Vote
from bot.errors import StoreError
from tests.fakes.slack_app import ANN, CHANNEL
from tests.fakes.slack_desk import TO, desk, told, until

BEN = "U0BEN"


@pytest.fixture
async def room(store):
    """A workspace with the app in it."""
    async with desk(store) as opened:
        yield opened


async def own(room, user=ANN):
    return await room.store.subscriptions_of(TO.parse(f"slack:D{user[1:]}"))


# ── /chips ───────────────────────────────────────────────────────────────────────────────────────


async def test_subscribing_is_one_line(room):
    """/chips subscribe NVDA stores a subscription of the channel and answers the person alone."""
    answer = await room.types("subscribe NVDA")
    assert answer["response_type"] == "ephemeral"
    assert answer["channel"] == CHANNEL
    assert answer["text"].startswith("Subscribed. This chat gets:")
    assert "*NVDA*" in answer["blocks"][0]["text"]["text"]
    (made,) = await room.store.subscriptions_of(TO)
    assert made.tickers == {"NVDA"}
    assert room.slack.posts == []  # nobody else is disturbed


async def test_a_near_miss_is_mended_by_a_press(room):
    """A misspelt ticker is answered with what may be meant, and the button does it."""
    answer = await room.types("subscribe NVDIA")
    buttons = [e for b in answer["blocks"] if b["type"] == "actions" for e in b["elements"]]
    value = next(b["value"] for b in buttons if "NVDA" in b["value"])
    await room.presses(value, action_id=buttons[0]["action_id"])
    assert [s.tickers for s in await room.store.subscriptions_of(TO)] == [{"NVDA"}]


async def test_in_a_chat_of_two_others_it_is_about_ones_own(room):
    """Where the app cannot post, /chips is about the person's own chat with it."""
    await room.types("subscribe AMD", channel="D0OTHERS")
    assert [s.tickers for s in await own(room)] == [{"AMD"}]


async def test_help_offers_the_form(room):
    """Help has a button that opens the form."""
    answer = await room.types("")
    values = [e["value"] for b in answer["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert "form:-" in values
    window = await room.window("interactive", room.slack.press("form:-"))
    assert window["callback_id"] == "form"


async def test_the_same_command_brought_again_is_answered_once(room):
    """Slack may deliver twice; the second time nothing is said."""
    payload = room.slack.command("latest")
    await room.socket.deliver("slash_commands", payload)
    await room.socket.deliver("slash_commands", payload)
    await until(lambda: room.slack.answers)
    await room.ours.aclose()
    assert len(room.slack.answers) == 1


async def test_a_locale_is_the_language_until_the_chat_has_one(room):
    """Somebody whose Slack is Japanese is answered in Japanese; a language that the chat has chosen goes before."""
    room.slack.locales[BEN] = "ja-JP"
    window = await room.window("slash_commands", room.slack.command("settings", user=BEN))
    assert window["close"]["text"] == "キャンセル"
    await room.types("language zh", user=BEN)
    window = await room.window("slash_commands", room.slack.command("settings", user=BEN))
    assert window["close"]["text"] == "取消"


# ── who may change a channel ─────────────────────────────────────────────────────────────────────


async def test_only_admins_change_a_channel_where_it_is_set_so(store):
    """Members are refused, administrators not, and everybody keeps their own chat."""
    async with desk(store, SLACK_SETTINGS_BY="admins") as room:
        room.slack.admins.add(BEN)
        refused = await room.types("subscribe NVDA")
        assert refused["text"].startswith("Only administrators")
        assert await store.subscriptions_of(TO) == []
        await room.types("subscribe NVDA", user=BEN)
        assert len(await store.subscriptions_of(TO)) == 1
        await room.types("subscribe TSM", channel=room.slack.chat_of(ANN))
        assert len(await own(room)) == 1
        asked = [a.params["user"] for a in room.slack.calls("users.info")]
        assert sorted(asked) == [ANN, BEN]  # once each


async def test_nobody_is_an_administrator_while_slack_does_not_say_so(store):
    """Without an answer about the person the channel stays as it is."""
    async with desk(store, SLACK_SETTINGS_BY="admins") as room:
        room.slack.admins.add(BEN)
        room.slack.scopes.discard("users:read")
        assert (await room.types("subscribe NVDA", user=BEN))["text"].startswith("Only administrators")


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_vote_counts_once_and_can_be_changed(room):
    """Useful pressed twice is one vote; Noise changes it; another person has a vote of their own."""
    alert = await told(room.store)
    first = await room.presses(f"useful:{alert.id}")
    again = await room.presses(f"useful:{alert.id}")
    assert first["text"] != again["text"]
    assert await room.store.vote_counts(alert.id) == (1, 0)
    await room.presses(f"noise:{alert.id}")
    assert await room.store.vote_counts(alert.id) == (0, 1)
    await room.presses(f"useful:{alert.id}", user=BEN)
    assert await room.store.vote_counts(alert.id) == (1, 1)
    votes = await room.store.votes()
    assert {vote.person for vote in votes} == {f"slack:T0001:{ANN}", f"slack:T0001:{BEN}"}
    assert all(isinstance(vote, Vote) for vote in votes)


async def test_the_menu_of_a_card_mutes_and_follows(room):
    """An entry of the overflow menu mutes the ticker here; following is for the person alone."""
    await told(room.store)
    await room.presses("mute_ticker:NVDA:1h", action_id="more", menu=True)
    (mute,) = await room.store.mutes(room.ours._clock.now())
    assert (mute.to, mute.value) == (TO, "NVDA")
    await room.presses("follow:NVDA", action_id="more", menu=True)
    assert await room.store.subscriptions_of(TO) == []
    assert [s.tickers for s in await own(room)] == [{"NVDA"}]


async def test_why_is_answered_to_the_person_alone(room):
    """Why? names the model and the story, and nothing is posted."""
    alert = await told(room.store)
    answer = await room.presses(f"why:{alert.id}")
    shown = json.dumps(answer["blocks"], ensure_ascii=False)
    assert alert.story in shown
    assert room.slack.posts == []


async def test_a_button_of_another_time_does_no_harm(room):
    """A press that means nothing any more is answered, and links are only acknowledged."""
    assert "nothing any more" in (await room.presses("explode:1"))["text"]
    link = room.slack.press("x", action_id="link.0.0")
    del link["actions"][0]["value"]
    assert await room.socket.deliver("interactive", link) == {}


# ── the form ─────────────────────────────────────────────────────────────────────────────────────


async def test_the_form_saves_what_a_channel_gets(room):
    """/chips settings opens the form; what is filled in is stored and said back to the person alone."""
    form = await room.window("slash_commands", room.slack.command("settings"))
    options = await room.socket.deliver("interactive", room.slack.suggest("nvid"))
    nvidia = next(o for o in options["options"] if o["value"] == "NVDA")
    tariff = {"text": {"type": "plain_text", "text": "tariff", "emoji": False}, "value": "tariff"}
    values = {
        "tickers": {"selected_options": [nvidia]},
        "events": {"selected_options": [tariff]},
        "min_urgency": {"selected_option": {"value": "alert"}},
        "quiet": {"value": "22:00-07:00 Europe/London"},
        "digest": {"value": "daily 07:30 Europe/London"},
    }
    assert await room.socket.deliver("interactive", room.slack.submit(form, values)) == {}
    await until(lambda: room.slack.answers)
    assert room.slack.answers[-1]["text"].startswith("Saved. This chat gets:")
    (made,) = await room.store.subscriptions_of(TO)
    assert (made.tickers, made.events, made.min_urgency) == ({"NVDA"}, {"tariff"}, Urgency.ALERT)
    assert made.topics == {Topic.CHIP_EXPORT}
    assert made.quiet is not None
    assert made.quiet.zone == "Europe/London"
    assert made.digest is not None
    # Opened again, it shows what was saved; left as it is, it changes nothing.
    form = await room.window("slash_commands", room.slack.command("settings"))
    assert await room.socket.deliver("interactive", room.slack.submit(form, {})) == {}
    await until(lambda: len(room.slack.answers) == 2)
    assert await room.store.subscriptions_of(TO) == [made]


async def test_what_cannot_be_saved_is_said_at_its_field(room):
    """A mistake stands under its field, the form stays open, and nothing is stored."""
    form = await room.window("slash_commands", room.slack.command("settings"))
    answer = await room.socket.deliver(
        "interactive", room.slack.submit(form, {"quiet": {"value": "22 to 7"}, "digest": {"value": "sometimes"}})
    )
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"quiet", "digest"}
    assert await room.store.subscriptions_of(TO) == []


async def test_a_form_is_judged_by_who_sends_it(store):
    """A member cannot save a channel's form where only administrators may."""
    async with desk(store, SLACK_SETTINGS_BY="admins") as room:
        form = await room.window("slash_commands", room.slack.command("settings"))
        answer = await room.socket.deliver("interactive", room.slack.submit(form, {}))
        assert "Only administrators" in answer["errors"]["topics"]


async def test_more_companies_than_a_menu_shows_are_a_line_of_text(room):
    """A subscription of more than a hundred tickers is edited as text, and none is lost."""
    tickers = frozenset(sorted({t for t, _ in room.ours._listeners._chat.tickers_like("", 1_000)})[:120])
    assert len(tickers) > 100
    await room.store.add_subscription(
        Subscription("abcd1234", TO, tickers=tickers, origin="chat"), room.ours._clock.now()
    )
    form = await room.window("slash_commands", room.slack.command("settings"))
    assert await room.socket.deliver("interactive", room.slack.submit(form, {})) == {}
    await until(lambda: room.slack.answers)
    (kept,) = await room.store.subscriptions_of(TO)
    assert kept.tickers == tickers


# ── the App Home ─────────────────────────────────────────────────────────────────────────────────


async def opened_home(room, user=ANN):
    room.slack.homes.pop(user, None)
    await room.socket.deliver("events_api", room.slack.home_opened(user=user))
    await until(lambda: user in room.slack.homes)
    return room.slack.homes[user]


def values_of(view):
    found = [e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
    found += [b["accessory"] for b in view["blocks"] if "accessory" in b]
    return [e["value"] for e in found]


async def test_the_home_is_a_place_to_manage_everything(room):
    """A newcomer subscribes there with a press, adds one more by the form, removes it, and sees it each time."""
    home = await opened_home(room)
    assert {"sub:", "form:", "cmd:test"} <= set(values_of(home))
    room.slack.homes.clear()
    await room.socket.deliver("interactive", room.slack.press_in_view("sub:", home))
    await until(lambda: ANN in room.slack.homes)
    assert len(await own(room)) == 1
    form = await room.window("interactive", room.slack.press_in_view("form:", room.slack.homes[ANN]))
    assert form["title"]["text"] == "New subscription"
    room.slack.homes.clear()
    tsm = {"text": {"type": "plain_text", "text": "TSM"}, "value": "TSM"}
    assert (
        await room.socket.deliver("interactive", room.slack.submit(form, {"tickers": {"selected_options": [tsm]}}))
        == {}
    )
    await until(lambda: ANN in room.slack.homes)
    made = await own(room)
    assert [s.tickers for s in made] == [frozenset(), {"TSM"}]
    home = room.slack.homes[ANN]
    assert [v for v in values_of(home) if v.startswith("form:")] == [*(f"form:{s.id}" for s in made), "form:"]
    room.slack.homes.clear()
    await room.socket.deliver("interactive", room.slack.press_in_view(f"cmd:unsubscribe {made[1].id}", home))
    await until(lambda: ANN in room.slack.homes)
    assert len(await own(room)) == 1
    assert await room.store.subscriptions_of(TO) == []


async def test_the_home_shows_alerts_and_why_opens_a_window(room):
    """The last alerts stand there; Why? opens a window, and what is pressed in it changes that window."""
    alert = await told(room.store)
    home = await opened_home(room)
    shown = json.dumps(home, ensure_ascii=False)
    assert alert.text in shown
    window = await room.window("interactive", room.slack.press_in_view(f"why:{alert.id}", home))
    assert alert.story in json.dumps(window)
    before = dict(window)
    await room.socket.deliver("interactive", room.slack.press_in_view(f"cmd:story {alert.story}", window))
    await until(lambda: room.slack.views[window["id"]]["blocks"] != before["blocks"])
    assert len(room.slack.views) == 1


async def test_a_window_that_comes_too_late_says_so(room):
    """A trigger that was used cannot open the form; the person is told."""
    payload = room.slack.command("settings")
    room.slack._triggers[payload["trigger_id"]] = None
    await room.socket.deliver("slash_commands", payload)
    await until(lambda: room.slack.answers)
    assert "could not be opened in time" in room.slack.answers[-1]["text"]


# ── direct messages ──────────────────────────────────────────────────────────────────────────────


async def test_a_message_to_the_app_is_a_command(room):
    """What is written in the person's own chat with the app is a command without a slash, answered in its thread."""
    await room.socket.deliver("events_api", room.slack.says("subscribe NVDA"))
    await until(lambda: room.slack.posts)
    (post,) = room.slack.posts
    assert post["text"].startswith("Subscribed.")
    assert post in room.slack.channels[f"D{ANN[1:]}"].messages
    await room.socket.deliver("events_api", room.slack.says("/chips subscribe TSM", thread_ts=post["ts"]))
    await until(lambda: len(room.slack.posts) == 2)
    assert room.slack.posts[-1]["thread_ts"] == post["ts"]
    assert [s.tickers for s in await own(room)] == [{"NVDA", "TSM"}]
    await room.socket.deliver("events_api", room.slack.says("settings"))
    await until(lambda: len(room.slack.posts) == 3)
    assert "form:-" in json.dumps(room.slack.posts[-1]["blocks"])


async def test_an_event_brought_again_is_answered_once(room):
    """Slack repeats an event whose acknowledgement it missed."""
    event = room.slack.says("help")
    for _ in range(3):
        await room.socket.deliver("events_api", event)
    await until(lambda: room.slack.posts)
    await room.ours.aclose()
    assert len(room.slack.posts) == 1


async def test_the_apps_own_messages_and_edits_are_no_commands(room):
    """What a bot wrote, and what was only edited, is not answered."""
    await room.socket.deliver("events_api", room.slack.says("help", bot_id="B0001"))
    await room.socket.deliver("events_api", room.slack.says("help", subtype="message_changed"))
    await room.ours.aclose()
    assert room.slack.posts == []


async def test_a_long_export_comes_as_a_file(room):
    """Everything that is kept of a person is handed over: short in the answer, long as a file in their own chat."""
    short = await room.types("export")
    assert "```" in json.dumps(short["blocks"])
    room.slack.chat_of(ANN)
    mine = TO.parse(f"slack:D{ANN[1:]}")
    await room.store.set_reader(Reader(mine, owner=f"slack:T0001:{ANN}"))
    for n in range(20):
        await room.store.add_subscription(Subscription(f"abcd{n:04}", mine, origin="chat"), room.ours._clock.now())
    answer = await room.types("export")
    ((channel, content),) = room.slack.files
    assert channel == f"D{ANN[1:]}"
    assert len(json.loads(content)["subscriptions"]) == 20
    assert "as a file" in answer["text"]


# ── when something does not work ─────────────────────────────────────────────────────────────────


async def test_a_broken_store_is_said_and_nothing_ends(room, monkeypatch):
    """The person hears that it does not work now; the next request is answered."""

    async def broken(*_):
        raise StoreError("/secret/place: disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(room.store, "reader", broken)
        answer = await room.types("list")
        assert "does not work at the moment" in answer["text"]
        assert "/secret" not in answer["text"]
    assert "does not work" not in (await room.types("list"))["text"]


async def test_slow_work_does_not_delay_the_acknowledgement(room, monkeypatch):
    """Whatever the store does, Slack hears at once that the request came."""
    released = asyncio.Event()
    real = room.store.reader

    async def slow(to):
        await released.wait()
        return await real(to)

    monkeypatch.setattr(room.store, "reader", slow)
    async with asyncio.timeout(1):
        assert await room.socket.deliver("slash_commands", room.slack.command("list")) == {}
    assert room.slack.answers == []
    released.set()
    await until(lambda: room.slack.answers)
    assert len(room.slack.answers) == 1


async def test_a_form_that_is_saved_slowly_closes_and_is_told_afterwards(room, monkeypatch):
    """A form is acknowledged within three seconds although the store takes longer; what came of it follows."""
    form = await room.window("slash_commands", room.slack.command("settings"))
    monkeypatch.setattr("bot.chat.slack.talking.SAVE_S", 0.05)
    released = asyncio.Event()
    real = room.store.reader

    async def slow(to):
        await released.wait()
        return await real(to)

    monkeypatch.setattr(room.store, "reader", slow)
    assert await room.socket.deliver("interactive", room.slack.submit(form, {})) == {}
    assert room.slack.answers == []
    released.set()
    await until(lambda: room.slack.answers)
    assert room.slack.answers[-1]["text"].startswith("Saved.")
    assert len(await room.store.subscriptions_of(TO)) == 1
