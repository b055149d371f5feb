"""What a further headline of a story adds: a reason to tell it as an update, or to count it as a repeat.

In the order in which they are asked:

| the headline …                                              | it is                   |
| ----------------------------------------------------------- | ----------------------- |
| brings the official text, or says what a filing holds       | update, official_text   |
| mends or withdraws what its source said                     | update, correction      |
| repeats the words of another                                | repeat, same_words      |
| moves the status on, or denies, or takes a denial back      | update, status_change   |
| says that what was decided is now in force                  | update, in_force        |
| retells what an official text has told                      | repeat, inhibited       |
| is the fifth house that says what was only reported         | update, corroborated    |
| is commentary, or nothing that moves a market               | repeat, same_story      |
| names another company that a measure hits                   | update, new_company     |
| gives another figure                                        | update, new_number      |
| else                                                        | repeat, same_story      |
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain import Event, Headline, Reason, Score, Status, Story, Tier, Topic
from bot.rules.publishers import voice
from bot.rules.slots import Slots, advances, agree
from bot.rules.urgency import ACTS
from bot.rules.wording import material_figures

VOICES = 5
"""So many independent houses make a report more than a report."""

INHIBITS_FOR = timedelta(hours=24)
"""So long after an official text a rewrite's further names and figures are taken to stand in it."""

REPEATS = frozenset({Reason.SAME_WORDS, Reason.SAME_STORY, Reason.INHIBITED})

_CORRECTION = re.compile(r"^\W*(?:correct(?:ed|ion|s)|refile|kill(?:ed)?|retraction|retracted)\b\W*", re.IGNORECASE)
_KILL = re.compile(
    r"^\W*(?:kill(?:ed)?|retract(?:ion|ed))\b|\bwithdraws? (?:the |its |this )?(?:story|report|article)\b",
    re.IGNORECASE,
)
_IN_FORCE = re.compile(
    r"\b(?:takes?|took|taking|goes|went|comes?|came|enters?|entered) (?:into )?(?:effect|force)\b"
    r"|\b(?:now|is|are|officially) in (?:force|effect)\b|\bkicks? in\b",
    re.IGNORECASE,
)
# "Exports to China" and "rule of last May" look not ahead.
_AHEAD = re.compile(
    r"\bto (?:\w+ly )?$|(?<!\bin )(?<!\blast )\b(?:will|would|could|may|before|until|if|when)\b[^,;]*$", re.IGNORECASE
)


def news(
    story: Story,
    headline: Headline,
    score: Score,
    slots: Slots,
    *,
    now: datetime,
    figures: Collection[str],
    market_moving: float,
    same_words: bool,
) -> Reason:
    """What a headline adds to its story; see the table above.

    Args:
        story: as it stands.
        headline: the one in hand.
        score: what the model said of it.
        slots: of its words.
        now: the time of the decision.
        figures: that were told of the story.
        market_moving: from which probability on a headline is held for material.
        same_words: whether the story holds a headline of the same fingerprint.
    """
    if (headline.completes and not same_words) or (
        headline.tier is Tier.PRIMARY and headline.document and not story.documents
    ):
        return Reason.OFFICIAL_TEXT
    if corrects(headline.text) and not same_words:
        return Reason.CORRECTION
    if same_words:
        return Reason.SAME_WORDS
    measure = Topic.CHIP_EXPORT in story.topics
    if (
        advances(story.status, score.status)
        and (score.event is story.event or headline.withdraws)
        # Of shares and results everybody says in another tone what everybody knows.
        and (measure or score.event is not Event.RESULTS)
    ):
        return Reason.STATUS_CHANGE
    told = (story.first_text, story.latest_text)
    if measure and in_force(headline.text) and not any(map(in_force, told)) and score.status is Status.CONFIRMED:
        return Reason.IN_FORCE
    if story.documents and headline.tier is not Tier.PRIMARY and now - story.updated_at <= INHIBITS_FOR:
        return Reason.INHIBITED
    if story.status is Status.REPORTED and _is_fifth(story, headline):
        return Reason.CORROBORATED
    if score.status is Status.COMMENTARY or score.market_moving < market_moving:
        return Reason.SAME_STORY
    # Whom a measure hits is news; who else rose, fell or was asked is in every retelling.
    if measure and score.event in ACTS and score.event is story.event and slots.companies - story.companies:
        return Reason.NEW_COMPANY
    new = material_figures(headline.text)
    if score.event is not Event.RESULTS and new and not agree(figures, new):
        return Reason.NEW_NUMBER
    return Reason.SAME_STORY


def corrects(text: str) -> bool:
    """Whether a source mends or takes back what it said before."""
    return _CORRECTION.search(text) is not None or kills(text)


def kills(text: str) -> bool:
    """Whether a source takes back what it said before."""
    return _KILL.search(text) is not None


def in_force(text: str) -> bool:
    """Whether the words say that a measure applies from now on."""
    found = _IN_FORCE.search(text)
    return found is not None and _AHEAD.search(text[: found.start()]) is None


def _is_fifth(story: Story, headline: Headline) -> bool:
    house = voice(headline.publisher)
    return house is not None and house not in story.publishers and len(story.publishers) + 1 == VOICES
