"""What a person gets for what they ask, through a real store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.asking import Asker, ChatSettings, FormError
from bot.chat.replies import similar
from bot.chat.requests import COMMANDS
from bot.chat.service import TEST_EVERY, Chat
from bot.companies import load_companies
from bot.domain import (
    Destination,
    Event,
    Mention,
    MuteKind,
    Reader,
    SourceSpec,
    Subscription,
    Tier,
    Topic,
    Urgency,
)
from bot.errors import NotifyError
from bot.store.base import Store
from bot.texts import LANGUAGES
from tests.fakes.alerts import StillClock, make_alert
from tests.fakes.outbox import Dispatcher, tell
from tests.fakes.stored import NOON, SLACK, after

COMPANIES = load_companies()
PRIVATE = Destination.parse("telegram:77")
ANN = Asker("slack:T1:U1", SLACK, private=False, may_change=True)
BEN = replace(ANN, person="slack:T1:U2")
EVE = replace(ANN, person="slack:T1:U3", may_change=False)
TIM = Asker("telegram:77", PRIVATE, private=True, may_change=True, language="en")


@pytest.fixture
def clock() -> StillClock:
    """Shows a time a little after noon."""
    return StillClock(after(3600))


@pytest.fixture
def chat(store: Store, clock: StillClock) -> Chat:
    """The service over an empty store."""
    return Chat(store, COMPANIES, clock, thresholds={"chip_export": 0.82})


def actions(reply):
    return [button.action for row in reply.buttons for button in row]


# ── subscriptions ────────────────────────────────────────────────────────────────────────────────


async def test_subscribing_takes_one_line(chat, store):
    """What was asked for is stored under the chat's name and said back; asked again, nothing is doubled."""
    reply = await chat.ask(ANN, "subscribe nvidia TSM flash")
    assert reply.text == "Subscribed. This chat gets:\nNVDA, TSM · chip trade, chip news · from FLASH on"
    (made,) = await store.subscriptions_of(SLACK)
    assert (made.tickers, made.min_urgency, made.origin) == (frozenset({"NVDA", "TSM"}), Urgency.FLASH, "chat")
    again = await chat.ask(ANN, "subscribe NVDA TSM flash")
    assert again.text.startswith("You have that already.")
    assert await store.subscriptions_of(SLACK) == [made]


async def test_undo_takes_back_what_was_added_and_no_more(chat, store):
    """The button beside the answer leaves what was there before."""
    await chat.ask(ANN, "subscribe NVDA")
    reply = await chat.ask(ANN, "subscribe AMD NVDA")
    await chat.press(ANN, actions(reply)[0])
    assert [s.tickers for s in await store.subscriptions_of(SLACK)] == [{"NVDA"}]
    reply = await chat.ask(ANN, "subscribe tariff")
    await chat.press(ANN, actions(reply)[0])
    assert [s.tickers for s in await store.subscriptions_of(SLACK)] == [{"NVDA"}]


async def test_no_undo_where_something_else_was_changed_for_it(chat):
    """A ticker that moved to another urgency cannot be put back by taking it away."""
    await chat.ask(ANN, "subscribe NVDA TSM")
    reply = await chat.ask(ANN, "subscribe NVDA flash")
    assert not any(action.startswith("cmd:unsubscribe") for action in actions(reply))


@pytest.mark.parametrize(
    "text",
    ["subscribe NVDA", "unsubscribe", "mute NVDA 1h", "unmute", "quiet off", "quiet 22:00-07:00 UTC", "digest off",
     "digest hourly", "language zh", "test"],
)  # fmt: skip
async def test_who_may_not_change_a_chat_changes_nothing(chat, store, text):
    """They are told why; looking is free."""
    await chat.ask(ANN, "subscribe TSM")
    before = (await store.subscriptions_of(SLACK), await store.mutes(NOON), await store.reader(SLACK))
    assert (await chat.ask(EVE, text)).text == "Only administrators may change what this chat gets."
    assert (await store.subscriptions_of(SLACK), await store.mutes(NOON), await store.reader(SLACK)) == before
    assert (await chat.ask(EVE, "list")).text.startswith("This chat gets:\nTSM")
    assert "no quiet hours" in (await chat.ask(EVE, "quiet")).text


async def test_what_the_operator_set_up_stays(chat, store):
    """Chat shows it, and cannot take it away."""
    await store.add_subscription(Subscription("fff", SLACK, origin="settings"), NOON)
    assert "set up by the operator" in (await chat.ask(ANN, "unsubscribe")).text
    assert (await chat.ask(ANN, "list")).text.endswith("all companies · chip trade · set up by the operator")
    await chat.ask(ANN, "subscribe NVDA")
    assert "What the operator set up" in (await chat.ask(ANN, "unsubscribe")).text
    assert [s.id for s in await store.subscriptions_of(SLACK)] == ["fff"]


async def test_unsubscribing_from_all(chat, store):
    """Nothing more comes, and the way back is a button."""
    await chat.ask(ANN, "subscribe NVDA")
    await chat.ask(ANN, "subscribe tariff")
    reply = await chat.ask(ANN, "unsubscribe")
    assert reply.text == "Done. Nothing more comes here."
    assert await store.subscriptions_of(SLACK) == []
    assert actions(reply) == ["sub:"]
    assert (await chat.ask(ANN, "unsubscribe")).text.startswith("Nothing comes here yet.")


async def test_a_subscription_in_one_chat_is_no_other_chats(chat, store):
    """Each has its own."""
    await chat.ask(ANN, "subscribe NVDA")
    await chat.ask(TIM, "subscribe TSM")
    await chat.ask(ANN, "unsubscribe")
    assert [s.tickers for s in await store.subscriptions_of(PRIVATE)] == [{"TSM"}]


# ── quiet hours and digests ──────────────────────────────────────────────────────────────────────


async def test_quiet_hours_are_of_the_whole_chat(chat, store):
    """All that was made in chat is silent at once, what is made later too, and the operator's is not touched."""
    await store.add_subscription(Subscription("fff", SLACK, origin="file"), NOON)
    await chat.ask(ANN, "subscribe NVDA")
    await chat.ask(ANN, "subscribe tariff")
    reply = await chat.ask(ANN, "quiet 22:00-07:00 Europe/London")
    assert "Quiet from now on: 22:00-07:00 Europe/London" in reply.text
    await chat.ask(ANN, "subscribe semis")
    zones = {s.id: s.quiet and s.quiet.zone for s in await store.subscriptions_of(SLACK)}
    assert zones.pop("fff") is None
    assert set(zones.values()) == {"Europe/London"}
    assert len(zones) == 3
    assert "already" in (await chat.ask(ANN, "quiet 22:00-07:00 Europe/London")).text
    assert "Quiet hours: 22:00-07:00 Europe/London" in (await chat.ask(EVE, "quiet")).text
    assert (await chat.press(ANN, "cmd:quiet off")).text == "No more quiet hours."
    assert {s.quiet for s in await store.subscriptions_of(SLACK)} == {None}
    assert "There are no quiet hours" in (await chat.ask(ANN, "quiet off")).text


async def test_a_digest_keeps_the_chats_time_zone(chat, store):
    """Nobody types their zone twice; where none is known it is UTC, and the answer says which."""
    await chat.ask(ANN, "subscribe NVDA")
    assert "time in UTC" in (await chat.ask(ANN, "digest daily 07:30")).text
    await chat.ask(ANN, "quiet 22:00-07:00 Asia/Tokyo")
    reply = await chat.ask(ANN, "digest daily 08:00")
    assert "daily 08:00 Asia/Tokyo" in reply.text
    assert "time in Asia/Tokyo" in reply.text
    assert "time in" not in (await chat.ask(ANN, "digest daily 09:00 Europe/Paris")).text
    (only,) = await store.subscriptions_of(SLACK)
    assert only.digest is not None
    assert (only.digest.zone, only.quiet and only.quiet.zone) == ("Europe/Paris", "Asia/Tokyo")
    assert "Digest: daily 09:00 Europe/Paris" in (await chat.ask(ANN, "digest")).text
    assert "already" in (await chat.ask(ANN, "digest daily 09:00 Europe/Paris")).text
    assert "No more digest" in (await chat.ask(ANN, "digest off")).text
    assert "There is no digest" in (await chat.ask(ANN, "digest")).text


async def test_silence_without_a_subscription_is_said_to_do_nothing(chat):
    """Quiet hours hold what comes; where nothing comes there is a better first step."""
    reply = await chat.ask(ANN, "quiet 22:00-07:00 UTC")
    assert "Subscribe first." in reply.text
    assert actions(reply) == ["cmd:subscribe"]


# ── mutes ────────────────────────────────────────────────────────────────────────────────────────


async def test_muting_twice_mutes_once(chat, store, clock):
    """The second press says so; a longer one prolongs it, and one that is nearly over is begun anew."""
    first = await chat.press(ANN, "mute_ticker:NVDA:1h")
    assert first.text == "Muted:\n🔇 NVDA until 14:00 UTC"
    assert (await chat.press(BEN, "mute_ticker:NVDA:1h")).text.startswith("That is muted already:")
    assert (await chat.press(ANN, "mute_ticker:NVDA:1d")).text == "Muted:\n🔇 NVDA until Mar 3 13:00 UTC"
    assert (await chat.press(ANN, "mute_ticker:NVDA:1h")).text.startswith("That is muted already:")
    clock.time += timedelta(hours=20)
    assert (await chat.press(ANN, "mute_ticker:NVDA:1d")).text.startswith("Muted:")
    (mute,) = await store.mutes(clock.now())
    assert (mute.kind, mute.value, mute.to) == (MuteKind.TICKER, "NVDA", SLACK)
    assert actions(first) == ["cmd:unmute NVDA"]
    assert (await chat.press(ANN, "cmd:unmute NVDA")).text == "You hear of it again: NVDA."
    assert (await chat.press(ANN, "cmd:unmute NVDA")).text == "Nothing is muted here."


async def test_a_story_is_muted_by_its_alert(chat, store):
    """By the button, or by its name; a name that is unknown brings the nearest."""
    headline = await tell(store, 1, SLACK, slug="asml-spares-260302-ab")
    reply = await chat.press(ANN, f"mute_story:alert-{headline.id}")
    assert reply.text == "Muted:\n🔇 story asml-spares-260302-ab until Mar 9 13:00 UTC"
    assert (await chat.ask(ANN, "mute asml-spares-260302-ab")).text.startswith("That is muted already:")
    missed = await chat.ask(ANN, "mute story asml-spares-260302-ac")
    assert actions(missed) == ["cmd:mute story asml-spares-260302-ab"]
    assert [m.value for m in await store.mutes(after(3600))] == ["asml-spares-260302-ab"]


async def test_a_source_is_muted_by_its_name(chat, store):
    """Only one that there is."""
    spec = SourceSpec("desk-wire", "feed", "https://wire.example/", timedelta(minutes=1), "Desk Wire", Tier.WIRE)
    await store.sync_sources([spec], NOON)
    assert (await chat.ask(ANN, "mute source desk-wire 1h")).text.startswith("Muted:\n🔇 source desk-wire")
    assert actions(await chat.ask(ANN, "mute source desk-wir")) == ["cmd:mute source desk-wire"]


async def test_unmuting_what_is_not_muted_names_what_is(chat):
    """And mutes of other chats stay theirs."""
    await chat.ask(ANN, "mute NVDA 1d")
    assert actions(await chat.ask(ANN, "unmute TSM")) == ["cmd:unmute NVDA"]
    assert (await chat.ask(TIM, "unmute all")).text == "Nothing is muted here."
    assert (await chat.ask(ANN, "unmute all")).text == "You hear of it again: NVDA."


# ── votes ────────────────────────────────────────────────────────────────────────────────────────


async def test_one_vote_a_person(chat, store):
    """It can be changed, a second press says that it was given, and both people count."""
    headline = await tell(store, 1, SLACK)
    alert = f"alert-{headline.id}"
    said = [
        (await chat.press(who, f"{verb}:{alert}")).text
        for who, verb in [(ANN, "useful"), (ANN, "useful"), (EVE, "noise"), (ANN, "noise")]
    ]
    assert said == [
        "Noted: 👍 Useful. So far 1 useful, 0 noise.",
        "You said so already: 👍 Useful. So far 1 useful, 0 noise.",
        "Noted: 👎 Noise. So far 1 useful, 1 noise.",
        "Changed to: 👎 Noise. So far 0 useful, 2 noise.",
    ]
    assert {(v.person, v.useful) for v in await store.votes()} == {(ANN.person, False), (EVE.person, False)}


async def test_two_people_vote_at_once(chat, store, clock):
    """Each is told of their own vote, whatever comes between."""

    class Busy:
        """Somebody else's vote always comes just before."""

        def __getattr__(self, name):
            return getattr(store, name)

        async def record_vote(self, vote):
            await store.record_vote(replace(vote, person=EVE.person, useful=not vote.useful))
            return await store.record_vote(vote)

    alert = f"alert-{(await tell(store, 1, SLACK)).id}"
    await chat.press(ANN, f"useful:{alert}")
    busy = Chat(Busy(), COMPANIES, clock)
    assert (await busy.press(ANN, f"useful:{alert}")).text.startswith(
        "You said so already: 👍 Useful. So far 1 useful, 1"
    )
    assert (await busy.press(ANN, f"noise:{alert}")).text.startswith("Changed to: 👎 Noise. So far 1 useful, 1")
    assert (await busy.press(BEN, f"useful:{alert}")).text.startswith("Noted: 👍 Useful.")


@pytest.mark.parametrize("action", ["useful:gone", "why:gone", "mute_story:test", "more:x"])
async def test_an_alert_that_is_gone_is_said_to_be(chat, action):
    """A sample's buttons, or those of an alert from another store, do nothing and say so."""
    assert (await chat.press(ANN, action)).text == "This alert is no longer known, or was a sample."


@pytest.mark.parametrize("action", ["", "dance:1", "mute_ticker:NVDA", "mute_ticker::1h", "mute_ticker:NVDA:soon"])
async def test_a_button_of_an_older_version_does_nothing(chat, store, action):
    """It says so, and where help is."""
    reply = await chat.press(ANN, action)
    assert reply.text.startswith("This button does nothing any more.")
    assert await store.mutes(NOON) == []


async def test_more_offers_what_can_be_done_with_the_companies(chat, store):
    """A second row for platforms whose first is full."""
    headline = await tell(store, 1, SLACK)
    reply = await chat.press(ANN, f"more:alert-{headline.id}")
    assert actions(reply) == ["mute_ticker:ASML:1h", "mute_ticker:ASML:1d", "follow:ASML"]


async def test_follow_in_a_channel_is_for_oneself(chat, store):
    """Whoever presses it gets the company in their own chat; the channel hears no more than before."""
    eve = replace(EVE, own=Destination.parse("slack:D9"))
    assert (await chat.press(eve, "follow:NVDA")).text.startswith("Subscribed.")
    assert (await chat.press(eve, "follow:NVDA")).text.startswith("You have that already.")
    assert [s.tickers for s in await store.subscriptions_of(Destination.parse("slack:D9"))] == [{"NVDA"}]
    assert await store.subscriptions_of(SLACK) == []
    assert (await store.reader(Destination.parse("slack:D9"))).owner == EVE.person


# ── looking ──────────────────────────────────────────────────────────────────────────────────────


async def test_latest_tells_the_newest_first(chat, store):
    """Of all, or of one company; the headline is the link."""
    assert (await chat.ask(ANN, "latest")).text == "Nothing was told yet."
    for n in range(1, 8):
        await tell(store, n, SLACK)
    reply = await chat.ask(ANN, "latest")
    assert len(reply.lines) == 5
    assert reply.lines[0][2].text == "Ministry weighs curb number 7 on lithography spares"
    assert reply.lines[0][2].url == "https://wire.example/7?from=feed"
    assert reply.text.splitlines()[0].endswith(" · reported, not confirmed · Desk Wire · 12:00 UTC")
    assert len((await chat.ask(ANN, "latest ASML")).lines) == 5
    none = await chat.ask(ANN, "latest AMD")
    assert (none.text, actions(none)) == ("Nothing was told of AMD yet.", ["follow:AMD"])


async def test_a_story_is_told_from_its_beginning(chat, store):
    """What it is, how it stands, and what was told of it; an unknown name brings the nearest."""
    await tell(store, 1, SLACK, slug="asml-spares")
    last = await tell(store, 2, SLACK, slug="asml-spares")
    reply = await chat.ask(ANN, "story asml-spares")
    lines = reply.text.splitlines()
    assert lines[1] == "export rule · reported, not confirmed · 1 headline · 1 publisher"
    assert "curb number 1" in lines[2]
    assert "curb number 2" in lines[3]
    assert lines[-1] == "asml-spares"
    assert actions(reply) == [f"why:alert-{last.id}", f"mute_story:alert-{last.id}"]
    assert actions(await chat.ask(ANN, "story asml")) == ["cmd:story asml-spares"]


async def test_why_shows_score_stages_and_what_was_like_it(chat, store):
    """By the button, the link or an id: the model's numbers, what became of it here, and past alerts with votes."""
    await chat.ask(ANN, "subscribe NVDA flash")
    past = await tell(store, 1, SLACK)
    await chat.press(BEN, f"useful:alert-{past.id}")
    headline = await tell(store, 2, SLACK)
    dispatcher = await Dispatcher(store).take()
    for _ in range(2):
        await dispatcher.send(at=3)
    reply = await chat.press(EVE, f"why:alert-{headline.id}")
    text = reply.text
    assert "chip trade 0.97 (counts from 0.82) · market-moving 0.81 · export rule · reported, not confirmed" in text
    assert "Judged by tiny-1." in text
    assert "Outcome: alert, a new story." in text
    assert "Here: sent 12:00:04 UTC, 2.0 s after it was seen, at the first attempt." in text
    assert "✗ companies (ASML; wanted: NVDA)" in text
    assert "✗ urgency (alert; from flash on)" in text
    assert "✓ topic" in text
    assert "curb number 1" in text
    assert "👍 1 👎 0" in text
    assert (await chat.ask(EVE, f"why {headline.url}")).text == text
    assert (await chat.ask(EVE, f"why {headline.id}")).text == text
    assert (await chat.ask(EVE, f"why alert-{headline.id}")).text == text
    assert (await chat.ask(EVE, f"why story-{headline.id}")).text == text


async def test_why_tells_nothing_of_other_chats(chat, store):
    """Who else is told is nobody's business."""
    headline = await tell(store, 1, SLACK, PRIVATE)
    text = (await chat.ask(ANN, f"why {headline.id}")).text
    assert "telegram" not in text
    assert "Here: on its way" in text
    elsewhere = replace(ANN, to=Destination.parse("slack:C99"))
    assert "nothing was subscribed here then" in (await chat.ask(elsewhere, f"why {headline.id}")).text


async def test_why_says_what_waits(chat, store):
    """Until when, and because of what."""
    headline = await tell(store, 1, held={SLACK: 7200})
    assert "Here: waits until 14:00 UTC (quiet hours)." in (await chat.ask(ANN, f"why {headline.id}")).text


async def test_why_of_nothing_known(chat):
    """A link that no source brought."""
    reply = await chat.ask(ANN, "why https://elsewhere.example/")
    assert reply.text.startswith("I know no headline by that.")


async def test_list_shows_what_comes_what_is_muted_and_what_waits(chat, store):
    """The whole of it, in one answer; a newcomer gets the first steps."""
    empty = await chat.ask(ANN, "list")
    assert actions(empty) == ["sub:", "cmd:latest", "cmd:test"]
    await chat.ask(ANN, "subscribe NVDA")
    await chat.ask(ANN, "mute TSM 1h")
    await tell(store, 1, held={SLACK: 7200})
    assert (await chat.ask(ANN, "list")).text == (
        "This chat gets:\nNVDA · chip trade, chip news\nMuted:\n🔇 TSM until 14:00 UTC\n1 alert waits until 14:00 UTC."
    )


async def test_list_shows_no_other_chats_mutes(chat):
    """Each chat has its own."""
    await chat.ask(ANN, "subscribe NVDA")
    await chat.ask(TIM, "mute AMD 1h")
    assert "AMD" not in (await chat.ask(ANN, "list")).text


def past(n, *tickers, event=Event.EXPORT_RULE, story=""):
    """An alert of hours ago."""
    mentions = tuple(Mention(ticker, ticker) for ticker in tickers)
    at = NOON - timedelta(hours=n)
    return make_alert(id=f"al-{n}", story=story or f"s-{n}", event=event, mentions=mentions, created_at=at)


def test_the_most_alike_come_first():
    """Companies in common and the same event count, then the newest; each other story once, nothing that is unlike,
    nothing of the story itself, nothing that came later."""
    alert = past(0, "NVDA", "TSM", story="own")
    others = [
        past(1, "NVDA", "TSM", story="own"),
        past(2, "AMD", event=Event.RESULTS),
        past(3, "NVDA", event=Event.RESULTS),
        past(4, "NVDA", "TSM"),
        past(5, "NVDA", story="s-4"),
        past(6, "AMD"),
        past(7, "AMD"),
        past(-1, "NVDA", "TSM"),
    ]
    assert [a.id for a in similar(alert, others, 9)] == ["al-4", "al-6", "al-7", "al-3"]
    assert [a.id for a in similar(alert, others, 1)] == ["al-4"]


async def test_home_shows_ones_own(chat, store):
    """Subscriptions, what they would get, what waits, and how the sources are."""
    specs = [
        SourceSpec(name, "feed", "https://x.example/", timedelta(minutes=1), "X", Tier.PRESS)
        for name in ("desk-wire", "dead")
    ]
    await store.sync_sources(specs, NOON)
    for _ in range(3):
        await store.record_source_failure("dead", error="gone", next_due=after(60), now=NOON)
    await tell(store, 1, held={PRIVATE: 7200})
    home = await chat.home(TIM)
    assert [a.text for a in home.latest] == ["Ministry weighs curb number 1 on lithography spares"]
    await chat.ask(TIM, "subscribe NVDA")
    await chat.ask(TIM, "mute AMD 1h")
    home = await chat.home(TIM)
    assert [s.tickers for s in home.subscriptions] == [{"NVDA"}]
    assert home.latest == ()
    assert [until for _, until in home.held] == [after(7200)]
    assert [m.value for m in home.mutes] == ["AMD"]
    assert (home.sources.total, home.sources.failing) == (2, (("dead", None),))
    assert home.sources.last_new_at is not None


# ── language, data, links, samples ───────────────────────────────────────────────────────────────


async def test_a_chat_speaks_its_language(chat, store):
    """The person's own until one is chosen for the chat; then everybody there is answered in that."""
    assert (await chat.ask(replace(ANN, language="zh-hans"), "latest")).text == "尚未推送过快讯。"
    assert (await chat.ask(ANN, "language 日本語")).text == "このチャットは今後、日本語で表示します。"
    assert (await chat.ask(BEN, "latest")).text == "まだアラートはありません。"
    assert (await store.reader(SLACK)).language == "ja"
    choice = await chat.ask(ANN, "language")
    assert actions(choice) == ["cmd:language en", "cmd:language zh", "cmd:language ja"]
    assert [b.label for row in choice.buttons for b in row] == ["English", "中文", "日本語"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_names_every_command_as_it_is_typed(chat, language):
    """With the platform's own beginning, in every language."""
    slack = (await chat.ask(replace(ANN, language=language), "help")).text
    telegram = (await chat.ask(replace(TIM, language=language), "help")).text
    for name in COMMANDS:
        assert f"/chips {name}" in slack
        assert f"\n/{name}" in telegram
    assert [name for name, _ in chat.commands(language)] == list(COMMANDS)


async def test_export_and_forget_ones_data(chat, store):
    """All of it in a file; deleted only when asked twice, and then really."""
    headline = await tell(store, 1, PRIVATE)
    await chat.press(TIM, f"useful:alert-{headline.id}")
    await chat.ask(TIM, "subscribe NVDA")
    document = (await chat.ask(TIM, "export")).document
    assert document is not None
    kept = json.loads(document.text)
    assert [v["useful"] for v in kept["votes"]] == [True]
    assert [s["tickers"] for s in kept["subscriptions"]] == [["NVDA"]]
    sure = await chat.ask(TIM, "forget")
    assert await store.subscriptions_of(PRIVATE)
    assert (await chat.press(TIM, actions(sure)[0])).text == "Deleted. Nothing is kept about you."
    assert await store.votes() == []
    assert await store.subscriptions_of(PRIVATE) == []
    assert (await chat.press(TIM, "cmd:forget yes")).text == "There was nothing to delete."


async def test_forgetting_in_a_channel_leaves_the_channel_alone(chat, store):
    """What a channel gets is not one member's to delete; their votes and their name are."""
    headline = await tell(store, 1, SLACK)
    await chat.press(ANN, f"useful:alert-{headline.id}")
    await chat.ask(ANN, "subscribe NVDA")
    assert (await store.reader(SLACK)).owner == ANN.person
    await chat.ask(ANN, "forget yes")
    assert await store.votes() == []
    assert (await store.reader(SLACK)).owner is None
    assert [s.tickers for s in await store.subscriptions_of(SLACK)] == [{"NVDA"}]


@pytest.mark.parametrize(
    ("payload", "tickers"),
    [("NVDA", {"NVDA"}), ("sub_NVDA-TSM", {"NVDA", "TSM"}), ("nvda", {"NVDA"}), ("sub_005930_KS", {"005930.KS"}),
     ("sub_NVDA-XXXX", {"NVDA"})],
)  # fmt: skip
async def test_a_link_subscribes(chat, store, payload, tickers):
    """Coming by ``t.me/bot?start=NVDA`` is enough; coming twice does no more."""
    for _ in range(2):
        await chat.ask(TIM, f"/start {payload}")
    assert [s.tickers for s in await store.subscriptions_of(PRIVATE)] == [tickers]


async def test_a_link_to_a_story_tells_it(chat, store):
    """It subscribes to nothing."""
    await tell(store, 1, slug="asml-spares")
    assert "asml-spares" in (await chat.ask(TIM, "/start story_asml-spares")).text
    assert await store.subscriptions_of(PRIVATE) == []


async def test_a_newcomer_is_welcomed(chat, store):
    """With the first steps as buttons; a link to nothing known says so first."""
    plain = await chat.ask(TIM, "/start")
    assert plain.text.startswith("Chipwire tells what moves chip stocks")
    assert actions(plain) == ["sub:", "cmd:latest", "cmd:test", "cmd:language"]
    lost = await chat.ask(TIM, "/start whatever")
    assert lost.text.startswith("I know no company by that link.")
    assert await store.subscriptions_of(PRIVATE) == []
    await chat.press(TIM, "sub:")
    assert len(await store.subscriptions_of(PRIVATE)) == 1


async def test_a_sample_is_marked_as_one(chat):
    """Where nobody sends it, the answer carries it."""
    reply = await chat.ask(TIM, "test")
    (sample,) = reply.alerts
    assert sample.text.startswith("TEST, not news")
    assert sample.id == "test"


async def test_a_sample_is_posted_once_in_a_while(store, clock):
    """To the chat itself, not again and again; a platform's refusal is passed on."""
    posted = []

    async def post(to, alert):
        posted.append((to, alert.text))
        if len(posted) > 1:
            raise NotifyError("not in the channel", destination=str(to), permanent=True)

    chat = Chat(store, COMPANIES, clock, send_test=post)
    assert (await chat.ask(ANN, "test")).text == "A sample alert was posted here."
    assert "just now" in (await chat.ask(ANN, "test")).text
    assert [to for to, _ in posted] == [SLACK]
    clock.time += TEST_EVERY
    assert (await chat.ask(ANN, "test")).text == "The sample could not be sent: not in the channel"


# ── the form ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_form_shows_and_saves_what_a_chat_gets(chat, store):
    """What is filled in is what is stored; shown again it reads the same, and saved again it changes nothing."""
    await chat.ask(TIM, "subscribe NVDA")
    await chat.ask(TIM, "subscribe tariff")
    shown = await chat.settings_of(TIM)
    ids = {s.id: s for s in await store.subscriptions_of(PRIVATE)}
    assert shown.subscription in ids
    filled = replace(
        shown,
        topics=frozenset({Topic.SEMIS}),
        tickers=frozenset({"amd", "TSM"}),
        events=frozenset({Event.RESULTS}),
        min_urgency=Urgency.ALERT,
        quiet="22:00-07:00 Asia/Tokyo",
        digest="daily 07:30 Asia/Tokyo",
        language="ja",
        preview=True,
    )
    reply = await chat.save(TIM, filled)
    assert reply.text.startswith("保存しました。")
    again = await chat.settings_of(TIM, shown.subscription)
    assert again == replace(filled, tickers=frozenset({"AMD", "TSM"}))
    stored = await store.subscriptions_of(PRIVATE)
    assert len(stored) == 2
    assert all(s.quiet is not None and s.digest is not None for s in stored)
    assert await store.reader(PRIVATE) == Reader(PRIVATE, "ja", True, TIM.person)
    await chat.save(TIM, again)
    assert await store.subscriptions_of(PRIVATE) == stored


async def test_a_form_makes_the_first_subscription(chat, store):
    """An empty chat is shown the defaults."""
    shown = await chat.settings_of(TIM)
    assert shown == ChatSettings()
    await chat.save(TIM, replace(shown, tickers=frozenset({"NVDA"})))
    (made,) = await store.subscriptions_of(PRIVATE)
    assert (made.tickers, made.origin) == ({"NVDA"}, "chat")


async def test_a_form_that_cannot_be_saved_says_every_fault_and_saves_nothing(chat, store):
    """Each beside its field."""
    wrong = ChatSettings(
        topics=frozenset(), tickers=frozenset({"NVDI"}), quiet="22:00", digest="daily", language="xx", preview=True
    )
    with pytest.raises(FormError) as caught:
        await chat.save(TIM, wrong)
    assert set(caught.value.problems) == {"topics", "tickers", "quiet", "digest", "language"}
    assert await store.subscriptions_of(PRIVATE) == []
    assert (await store.reader(PRIVATE)).preview is None


async def test_a_form_of_what_is_gone_or_not_theirs_is_refused(chat, store):
    """A subscription that was removed while the form was open, and a person who may not change the chat."""
    with pytest.raises(FormError):
        await chat.save(TIM, ChatSettings(subscription="00000000"))
    with pytest.raises(FormError):
        await chat.save(EVE, ChatSettings())
    assert await store.subscriptions() == []


async def test_every_action_fits_a_platforms_button(chat, store):
    """At most 64 bytes, whatever the answer."""
    headline = await tell(store, 1, SLACK, slug="a-very-long-story-name-" + "x" * 60)
    replies = [
        await chat.press(ANN, f"why:alert-{headline.id}"),
        await chat.press(ANN, f"mute_story:alert-{headline.id}"),
        await chat.ask(ANN, "story a-very-long"),
        await chat.ask(ANN, "subscribe " + " ".join(sorted(c.ticker for c in COMPANIES.companies if c.ticker)[:50])),
        await chat.ask(ANN, "help"),
        await chat.ask(ANN, "/start"),
    ]
    for reply in replies:
        assert reply.lines
        assert all(len(action.encode()) <= 64 for action in actions(reply))
