"""What chat keeps in a store: votes, readers, what waits for them, installed workspaces, and forgetting."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import (
    Amends,
    Delay,
    Destination,
    Mention,
    Mute,
    MuteKind,
    QuietHours,
    Reader,
    Sending,
    Vote,
)
from bot.errors import StoreError
from bot.rules.quiet import parse_quiet
from bot.store import Store
from bot.subscriptions import make_subscription
from tests.fakes.outbox import Dispatcher, repeat, save, states, tell
from tests.fakes.stored import CHANNEL, CONSOLE, NOON, SLACK, after, make_alert_decision, make_headline

ANN, BOB = "telegram:4711", "slack:T1:U2"
PRIVATE = Destination.parse("telegram:4711")
GROUP = Destination.parse("telegram:-100")
SUPERGROUP = Destination.parse("telegram:-100777")
LONDON: QuietHours = parse_quiet("22:00-07:00 Europe/London")


# ── votes ────────────────────────────────────────────────────────────────────────────────────────


async def test_one_vote_a_person(store: Store) -> None:
    """The latest counts, and the one before is told; others' votes and other alerts' are apart."""
    alerts = [f"alert-{(await tell(store, n, SLACK)).id}" for n in (1, 2)]
    assert await store.vote_counts(alerts[0]) == (0, 0)
    assert await store.record_vote(Vote(alerts[0], ANN, useful=True, at=after(10))) is None
    assert await store.record_vote(Vote(alerts[0], BOB, useful=True, at=after(11))) is None
    assert await store.record_vote(Vote(alerts[0], ANN, useful=False, at=after(12))) is True
    assert await store.record_vote(Vote(alerts[0], ANN, useful=False, at=after(13))) is False
    assert await store.record_vote(Vote(alerts[1], ANN, useful=True, at=after(14))) is None
    assert await store.vote_counts(alerts[0]) == (1, 1)
    assert await store.vote_counts(alerts[1]) == (1, 0)
    assert await store.votes() == [
        Vote(alerts[0], BOB, useful=True, at=after(11)),
        Vote(alerts[0], ANN, useful=False, at=after(13)),
        Vote(alerts[1], ANN, useful=True, at=after(14)),
    ]
    assert [vote.at for vote in await store.votes(after(13))] == [after(13), after(14)]


async def test_votes_at_once(store: Store) -> None:
    """However many come together, each person's votes stand in a row: one is their first, and one is what stays."""
    alert = f"alert-{(await tell(store, 1, SLACK)).id}"
    given = [Vote(alert, person, useful=n % 2 == 0, at=after(n)) for n in range(6) for person in (ANN, BOB)]
    told = list(zip(given, await asyncio.gather(*map(store.record_vote, given)), strict=True))
    for person in (ANN, BOB):
        former = [before for vote, before in told if vote.person == person]
        (stays,) = (vote.useful for vote in await store.votes() if vote.person == person)
        assert former.count(None) == 1
        # What was given is what was there before the next, but for the last.
        assert sorted([*former, stays], key=str) == sorted([None, *[True, False] * 3], key=str)


async def test_a_vote_on_nothing(store: Store) -> None:
    """An alert that never was cannot be voted on."""
    with pytest.raises(StoreError):
        await store.record_vote(Vote("nothing", ANN, useful=True, at=NOON))
    assert await store.votes() == []


# ── readers ──────────────────────────────────────────────────────────────────────────────────────


async def test_readers(store: Store) -> None:
    """Defaults until somebody says otherwise; then what was said last, also for who has moved."""
    assert await store.reader(GROUP) == Reader(GROUP)
    await store.set_reader(Reader(GROUP, language="zh", preview=True, owner=ANN))
    await store.set_reader(Reader(GROUP, language="ja", preview=False, owner=BOB))
    assert await store.reader(GROUP) == Reader(GROUP, "ja", preview=False, owner=BOB)
    assert await store.reader(CHANNEL) == Reader(CHANNEL)
    await store.move_destination(GROUP, SUPERGROUP)
    assert await store.reader(GROUP) == await store.reader(SUPERGROUP) == Reader(SUPERGROUP, "ja", False, BOB)
    await store.set_reader(Reader(GROUP, language="en"))
    assert (await store.reader(SUPERGROUP)).language == "en"


async def test_moving_onto_a_reader(store: Store) -> None:
    """What the new chat has set for itself stays."""
    await store.set_reader(Reader(GROUP, language="zh"))
    await store.set_reader(Reader(SUPERGROUP, language="ja"))
    await store.move_destination(GROUP, SUPERGROUP)
    assert (await store.reader(GROUP)).language == "ja"


async def test_one_alert(store: Store) -> None:
    """By its id, or nothing."""
    headline = await tell(store, 1, SLACK)
    found = await store.alert(f"alert-{headline.id}")
    assert found is not None
    assert found.headline_id == headline.id
    assert await store.alert("alert") is None


async def test_recent_alerts_of_a_ticker(store: Store) -> None:
    """Those that name it or are exposed, newest first; what a headline says in quotes is no mention."""
    mentions = [
        (Mention("Nvidia", "NVDA", 1),),
        (Mention("TSMC", "TSM"), Mention("Nvidia", "NVDA", primary=False)),
        (Mention("NVDA%", "NVDA%"),),
        (),
    ]
    for n, named in enumerate(mentions, 1):
        headline = make_headline(n, seen=after(n), text='"ticker":"NVDA"')
        await save(store, headline)
        decision = make_alert_decision(headline, (SLACK,))
        assert decision.alert is not None
        await store.record_decisions([replace(decision, alert=replace(decision.alert, mentions=named))])
    found = await store.recent_alerts(9, ticker="NVDA")
    assert [alert.headline_id for alert in found] == [make_headline(n).id for n in (2, 1)]
    assert len(await store.recent_alerts(1, ticker="NVDA")) == 1
    assert await store.recent_alerts(9, before=found[0].created_at, ticker="NVDA") == found[1:]
    assert [a.headline_id for a in await store.recent_alerts(9, ticker="NVDA%")] == [make_headline(3).id]
    assert await store.recent_alerts(9, ticker="N_DA") == []
    assert len(await store.recent_alerts(9)) == 4


async def test_held_alerts(store: Store) -> None:
    """What waits for one destination and until when, the next release first; not what is on its way."""
    late = await tell(store, 1, held={SLACK: 90})
    soon = await tell(store, 2, CHANNEL, held={SLACK: 50})
    assert [(alert.headline_id, at) for alert, at in await store.held_alerts(SLACK)] == [
        (soon.id, after(50)),
        (late.id, after(90)),
    ]
    assert await store.held_alerts(CHANNEL) == []
    await (await Dispatcher(store).take()).must_claim(at=50)
    assert [alert.headline_id for alert, _ in await store.held_alerts(SLACK)] == [late.id]


async def test_subscriptions_of_a_destination(store: Store) -> None:
    """Its own, oldest first, found by its old name too; none when it is retired."""
    first = make_subscription(GROUP, tickers=["NVDA"], delay=Delay(press=timedelta(minutes=30)), origin="chat")
    second = make_subscription(GROUP, quiet=LONDON, origin="chat")
    for n, subscription in enumerate([first, make_subscription(SLACK, origin="chat"), second]):
        await store.add_subscription(subscription, after(n))
    assert await store.subscriptions_of(GROUP) == [first, second]
    await store.move_destination(GROUP, SUPERGROUP)
    moved = [replace(s, to=SUPERGROUP) for s in (first, second)]
    assert await store.subscriptions_of(GROUP) == await store.subscriptions_of(SUPERGROUP) == moved
    await store.retire_destination(SUPERGROUP, reason="blocked", now=after(9))
    assert await store.subscriptions_of(SUPERGROUP) == []


async def fill(store: Store) -> str:
    """A person who votes, set up a group, and has a private chat with everything in it; returns an alert's id."""
    headline = await tell(store, 1, PRIVATE, CHANNEL, slug="curbs")
    a = await Dispatcher(store).take()
    await a.send(PRIVATE, at=5)
    for n in (2, 3):
        await tell(store, n, held={PRIVATE: 6}, slug="other")
    await a.send(PRIVATE, at=6)
    await tell(store, 4, held={PRIVATE: 900}, slug="third")
    await repeat(store, 10, "curbs", amends=Amends.STATUS)
    alert = f"alert-{headline.id}"
    await store.record_vote(Vote(alert, ANN, useful=True, at=after(10)))
    await store.record_vote(Vote(alert, BOB, useful=True, at=after(11)))
    await store.set_reader(Reader(PRIVATE, language="ja", owner=ANN))
    await store.set_reader(Reader(GROUP, language="zh", owner=ANN))
    await store.set_reader(Reader(CHANNEL, owner=BOB))
    for to in (PRIVATE, GROUP):
        await store.add_subscription(make_subscription(to, quiet=LONDON, tickers=["NVDA"], origin="chat"), after(1))
        await store.add_mute(Mute(f"m-{to}", to, MuteKind.TICKER, "TSM", after(999), NOON), NOON)
    return alert


async def test_what_is_kept_of_a_person(store: Store) -> None:
    """Votes, what they set up, and what their private chat asks for; it is JSON, and nobody else's."""
    alert = await fill(store)
    data = await store.person_data(ANN)
    assert json.loads(json.dumps(data)) == data
    assert data["votes"] == [{"alert": alert, "useful": True, "at": after(10).isoformat()}]
    assert [row["to"] for row in data["set_up"]] == [str(GROUP), str(PRIVATE)]
    (subscription,) = data["subscriptions"]
    assert (subscription["to"], subscription["tickers"], subscription["quiet"]["zone"]) == (
        str(PRIVATE), ["NVDA"], "Europe/London",
    )  # fmt: skip
    assert [mute["value"] for mute in data["mutes"]] == ["TSM"]
    stranger = await store.person_data("telegram:1")
    assert not any(value for key, value in stranger.items() if key != "person")


async def test_direct_messages_in_slack_are_their_owner_s(store: Store) -> None:
    """A DM is found by who set it up; a channel that they set up is not theirs."""
    for channel in ("slack:D1", "slack:T1/D2", "slack:C1"):
        to = Destination.parse(channel)
        await store.set_reader(Reader(to, owner=BOB))
        await store.add_subscription(make_subscription(to, origin="chat"), NOON)
    found = {row["to"] for row in (await store.person_data(BOB))["subscriptions"]}
    assert found == {"slack:D1", "slack:T1/D2"}


async def test_a_person_is_forgotten(store: Store) -> None:
    """Nothing of theirs is left, nothing goes to their chat any more, and others keep what is theirs."""
    alert = await fill(store)
    assert await store.forget_person(ANN, PRIVATE) > 0
    data = await store.person_data(ANN)
    assert not any(value for key, value in data.items() if key != "person")
    assert await store.votes() == [Vote(alert, BOB, useful=True, at=after(11))]
    assert await store.reader(GROUP) == Reader(GROUP, "zh")
    assert await store.reader(CHANNEL) == Reader(CHANNEL, owner=BOB)
    assert [str(s.to) for s in await store.subscriptions()] == [str(GROUP)]
    assert [str(mute.to) for mute in await store.mutes(NOON)] == [str(GROUP)]
    assert await states(store, make_headline(1)) == {str(CHANNEL): "pending"}
    assert await store.due_destinations(after(999)) == [CHANNEL]
    assert await store.forget_person(ANN, PRIVATE) == 0
    await tell(store, 20, PRIVATE)
    assert (await (await Dispatcher(store).take()).send(PRIVATE, at=30)).thread is None


async def test_forgetting_without_a_private_chat(store: Store) -> None:
    """Votes go and names are taken off; the destinations stay."""
    await fill(store)
    assert await store.forget_person(BOB, None) == 2
    assert await store.reader(CHANNEL) == Reader(CHANNEL)
    assert [vote.person for vote in await store.votes()] == [ANN]


# ── workspaces that installed the Slack app ──────────────────────────────────────────────────────


async def test_installations(store: Store) -> None:
    """Saved, replaced, listed and forgotten by workspace."""
    assert await store.installation("T1") is None
    await store.save_installation("T2", "two", NOON)
    await store.save_installation("T1", "one", NOON)
    await store.save_installation("T1", "one again", after(1))
    assert await store.installation("T1") == "one again"
    assert await store.installations() == ["T1", "T2"]
    assert [await store.remove_installation("T1") for _ in range(2)] == [True, False]
    assert await store.installations() == ["T2"]


async def test_a_state_is_taken_once(store: Store) -> None:
    """In time, and only one that was saved."""
    await store.save_state("a", after(60))
    await store.save_state("b", after(60))
    assert not await store.take_state("c", after(1))
    assert [await store.take_state("a", after(59)) for _ in range(2)] == [True, False]
    assert not await store.take_state("b", after(60))


async def test_a_team_is_retired(store: Store) -> None:
    """Every destination of the workspace ends, subscribed or with something open; its neighbours go on."""
    channel, other, neighbour = map(Destination.parse, ("slack:T1/C1", "slack:T1/C2", "slack:T12/C1"))
    await store.add_subscription(make_subscription(channel, origin="chat"), NOON)
    await store.add_subscription(make_subscription(neighbour, origin="chat"), NOON)
    await store.add_subscription(make_subscription(SLACK, origin="chat"), NOON)
    headline = await tell(store, 1, channel, other, neighbour, SLACK, CONSOLE)
    assert await store.retire_team("T1", reason="app_uninstalled", now=after(2)) == 2
    assert await states(store, headline) == {
        "slack:T1/C1": "dead", "slack:T1/C2": "dead", "slack:T12/C1": "pending", "slack:C01": "pending",
        "console": "pending",
    }  # fmt: skip
    assert {str(s.to) for s in await store.subscriptions()} == {"slack:T12/C1", "slack:C01"}
    assert await store.retire_team("T1", reason="app_uninstalled", now=after(3)) == 0
    assert await store.retire_team("T_", reason="x", now=after(3)) == 0


async def test_a_receipt_after_forgetting(store: Store) -> None:
    """A message that was on its way when its chat was forgotten has no row to be marked in, and says so."""
    await tell(store, 1, PRIVATE)
    claim = await (await Dispatcher(store).take()).must_claim(PRIVATE)
    await store.forget_person(ANN, PRIVATE)
    with pytest.raises(StoreError, match="no delivery"):
        await store.mark_ended(claim.delivery_id, result=Sending.DEAD, reason="x", now=after(101))
