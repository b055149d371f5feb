"""What of a story's posted messages a further headline changes."""

from __future__ import annotations

from bot.domain import Amends, Reason, Story

_OF_STATUS = frozenset({Reason.STATUS_CHANGE, Reason.IN_FORCE, Reason.CORRECTION})


def amends(before: Story, after: Story, reason: Reason) -> Amends:
    """What must be edited where a story was told.

    Args:
        before: the story as it stood.
        after: as it stands with the headline.
        reason: of the headline's outcome.
    """
    if after.status is not before.status or reason in _OF_STATUS:
        return Amends.STATUS
    # A card says at least one publisher, so that the first known one is no news.
    if max(len(after.publishers), 1) > max(len(before.publishers), 1) or worth_showing(after.count):
        return Amends.COUNT
    return Amends.NOTHING


def worth_showing(count: int) -> bool:
    """Whether that many headlines of a story say more than one fewer did: 5, 10, 20, 50, 100 and so on."""
    digits = str(count)
    return count >= 5 and digits[0] in "125" and not digits[1:].strip("0")
