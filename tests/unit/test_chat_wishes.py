"""What a chat's subscriptions become by a wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.chat.asking import ChatError
from bot.chat.requests import Subscribe, Unsubscribe
from bot.chat.wishes import MOST, MOST_TICKERS, Change, made_here, subscribed, unsubscribed
from bot.domain import Destination, Event, QuietHours, Subscription, Topic, Urgency

TO = Destination.parse("slack:C01")
BOTH = frozenset(Topic)
TRADE = frozenset({Topic.CHIP_EXPORT})
NIGHT = QuietHours(time(22), time(7), "UTC")


def wish(*tickers, topics=BOTH, events=(), urgency=Urgency.WATCH):
    return Subscribe(topics, tickers, frozenset(events), urgency)


def told(existing, *wishes):
    """The subscriptions after these wishes, one after the other."""
    by_id = {s.id: s for s in existing}
    for one in wishes:
        ask = subscribed if isinstance(one, Subscribe) else unsubscribed
        change = ask(list(by_id.values()), one, TO) if isinstance(one, Subscribe) else ask(list(by_id.values()), one)
        by_id |= {s.id: s for s in change.put}
        for id_ in change.drop:
            del by_id[id_]
    return [(sorted(s.tickers), s.min_urgency.value) for s in by_id.values()]


@pytest.mark.parametrize(
    ("wishes", "left"),
    [
        ([wish("NVDA")], [(["NVDA"], "watch")]),
        ([wish("NVDA"), wish("NVDA")], [(["NVDA"], "watch")]),
        ([wish("NVDA"), wish("TSM", "AMD")], [(["AMD", "NVDA", "TSM"], "watch")]),
        ([wish("NVDA"), wish("NVDA", urgency=Urgency.FLASH)], [(["NVDA"], "flash")]),
        (
            [wish("NVDA", "TSM"), wish("NVDA", urgency=Urgency.FLASH)],
            [(["TSM"], "watch"), (["NVDA"], "flash")],
        ),
        ([wish(topics=TRADE), wish(topics=TRADE, urgency=Urgency.FLASH)], [([], "flash")]),
        ([wish(topics=TRADE), wish("NVDA")], [([], "watch"), (["NVDA"], "watch")]),
        ([wish("NVDA"), wish("NVDA", events=[Event.TARIFF])], [(["NVDA"], "watch"), (["NVDA"], "watch")]),
        ([wish("NVDA", "TSM"), Unsubscribe(("TSM",))], [(["NVDA"], "watch")]),
        ([wish("NVDA"), Unsubscribe(("NVDA",))], []),
        ([wish("NVDA"), wish(topics=TRADE), Unsubscribe()], []),
    ],
)
def test_wishes_add_up(wishes, left):
    """Tickers join, the last word on a ticker counts, and nobody gets an alert by two ways of asking the same."""
    assert told([], *wishes) == left


def test_asking_twice_changes_nothing():
    """The second time there is nothing to store."""
    first = subscribed([], wish("NVDA"), TO)
    assert subscribed(first.put, wish("NVDA"), TO) == Change()


def test_ids_are_of_the_chat_and_differ():
    """The same chat gets the same id for its first subscription, another one for the second, and no other chat's."""
    (first,) = subscribed([], wish("NVDA"), TO).put
    (second,) = subscribed([first], wish(topics=TRADE), TO).put
    (elsewhere,) = subscribed([], wish("NVDA"), Destination.parse("slack:C02")).put
    assert len({first.id, second.id, elsewhere.id}) == 3
    assert subscribed([], wish("AMD"), TO).put[0].id == first.id
    (third,) = subscribed([second], wish("TSM"), TO).put  # the first is gone, its name is free again
    assert third.id == first.id


def test_a_new_one_is_as_silent_as_the_others():
    """Quiet hours are of the chat: a company that is added at noon must not wake anybody at night."""
    (first,) = subscribed([], wish("NVDA"), TO).put
    (second,) = subscribed([replace(first, quiet=NIGHT)], wish(topics=TRADE), TO).put
    assert second.quiet == NIGHT


def test_only_what_was_made_in_chat_is_changed():
    """The operator's file and settings are not undone by a member of the channel."""
    theirs = Subscription("ab", TO, origin="file")
    ours = Subscription("cd", TO, origin="chat")
    assert made_here([theirs, ours]) == [ours]


@pytest.mark.parametrize(
    ("existing", "taken", "key"),
    [
        ([wish("NVDA")], Unsubscribe(("AMD",)), "not_followed"),
        ([wish(topics=TRADE)], Unsubscribe(("AMD",)), "all_companies"),
        ([wish("NVDA")], Unsubscribe(ids=("00000000",)), "no_subscription"),
    ],
)
def test_what_is_not_there_cannot_be_taken_back(existing, taken, key):
    """The answer says which, and what can be done instead."""
    subscriptions = [s for one in existing for s in subscribed([], one, TO).put]
    with pytest.raises(ChatError) as caught:
        unsubscribed(subscriptions, taken)
    assert caught.value.key == f"chat.error.{key}"
    assert caught.value.suggestions


def test_there_is_an_end_to_it():
    """Nobody fills the store from a chat."""
    many = [Subscription(f"{n:08x}", TO, events=frozenset({Event.TARIFF}), origin="chat") for n in range(MOST)]
    with pytest.raises(ChatError) as caught:
        subscribed(many, wish("NVDA"), TO)
    assert caught.value.key == "chat.error.too_many"
    with pytest.raises(ChatError) as caught:
        subscribed([], wish(*(f"T{n}" for n in range(MOST_TICKERS + 1))), TO)
    assert caught.value.key == "chat.error.too_many_tickers"
