"""Which headlines of a story change what its posted messages say."""

from dataclasses import replace

import pytest

from bot.domain import Amends, Event, Reason, Status, Story, Topic, Urgency
from bot.rules.amending import amends, worth_showing
from tests.fakes.values import NOW

STORY = Story(
    slug="s", event=Event.LICENCE, status=Status.REPORTED, urgency=Urgency.ALERT, topics=frozenset({Topic.CHIP_EXPORT}),
    first_headline_id="h", first_text="a", latest_text="a", fingerprints=frozenset(), companies=frozenset(),
    publishers=frozenset({"kite wire"}), documents=frozenset(), count=1, created_at=NOW, updated_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason", "found"),
    [
        ({"count": 2}, Reason.SAME_WORDS, Amends.NOTHING),
        ({"count": 5}, Reason.SAME_WORDS, Amends.COUNT),
        ({"count": 2, "publishers": {"kite wire", "harbour daily"}}, Reason.SAME_STORY, Amends.COUNT),
        ({"count": 2, "publishers": {"kite wire", "harbour daily"}}, Reason.NEW_COMPANY, Amends.COUNT),
        ({"count": 2}, Reason.NEW_NUMBER, Amends.NOTHING),
        ({"count": 2, "status": Status.DENIED}, Reason.STATUS_CHANGE, Amends.STATUS),
        ({"count": 2, "status": Status.CONFIRMED}, Reason.OFFICIAL_TEXT, Amends.STATUS),
        ({"count": 2, "publishers": {"kite wire", "bis"}}, Reason.OFFICIAL_TEXT, Amends.COUNT),
        ({"count": 2}, Reason.CORRECTION, Amends.STATUS),
        ({"count": 2}, Reason.IN_FORCE, Amends.STATUS),
    ],
)
def test_what_a_headline_changes(changes, reason, found):
    """Status before count; what a card does not show is nothing."""
    assert amends(STORY, replace(STORY, **changes), reason) is found


def test_the_first_known_publisher_is_no_news():
    """A card said one publisher before, also of a story whose first was nobody's own voice."""
    nobody = replace(STORY, publishers=frozenset())
    assert amends(nobody, replace(STORY, count=2), Reason.SAME_STORY) is Amends.NOTHING


def test_counts_worth_showing():
    """Ever fewer, the more there are."""
    assert [n for n in range(1, 2500) if worth_showing(n)] == [5, 10, 20, 50, 100, 200, 500, 1000, 2000]
