"""The values that travel the path of a headline: frozen, valid by construction, no I/O.

All ``datetime`` values are aware and in UTC.
"""

from bot.domain.delivery import Amendment, Amends, Claim, Decision, Delivery, DeliveryState, Receipt, Sending
from bot.domain.destination import Destination, DestinationKind
from bot.domain.headline import READ, WITHDRAWN, Headline, RawItem, SourceSpec, SourceState, Tier
from bot.domain.story import Alert, Mention, Outcome, Reason, Story, Topic, Urgency
from bot.domain.wishes import (
    Cap,
    Delay,
    DigestPlan,
    Every,
    Hold,
    Mute,
    MuteKind,
    QuietHours,
    Reader,
    Subscription,
    Vote,
)
from classifiers.api import Event, Score, Status

__all__ = [
    "READ",
    "WITHDRAWN",
    "Alert",
    "Amendment",
    "Amends",
    "Cap",
    "Claim",
    "Decision",
    "Delay",
    "Delivery",
    "DeliveryState",
    "Destination",
    "DestinationKind",
    "DigestPlan",
    "Event",
    "Every",
    "Headline",
    "Hold",
    "Mention",
    "Mute",
    "MuteKind",
    "Outcome",
    "QuietHours",
    "RawItem",
    "Reader",
    "Reason",
    "Receipt",
    "Score",
    "Sending",
    "SourceSpec",
    "SourceState",
    "Status",
    "Story",
    "Subscription",
    "Tier",
    "Topic",
    "Urgency",
    "Vote",
]
