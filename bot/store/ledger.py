"""What the store knows of one headline, stage by stage, as ``chipwire why`` and the live page show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import Alert, Headline, Outcome, Reason, Receipt, Sending, Story

__all__ = ["LedgerAmendment", "LedgerAttempt", "LedgerDelivery", "Trail"]


@dataclass(frozen=True, slots=True)
class LedgerAttempt:
    """One attempt at one delivery."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    result: Sending | None  # None: in flight, or its process died
    error: str | None


@dataclass(frozen=True, slots=True)
class LedgerDelivery:
    """One delivery with its attempts, as ``chipwire why`` and the web page show it."""

    id: str
    destination: str
    state: str
    reason: str | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    receipt: Receipt | None
    attempts: tuple[LedgerAttempt, ...]  # of the message that tells it, maybe with others
    release_at: datetime | None = None  # of one that is or was held


@dataclass(frozen=True, slots=True)
class LedgerAmendment:
    """The edits of a story's first message at one destination."""

    destination: str
    edits: int
    edited_at: datetime | None  # the last one
    waits: bool  # something is not shown yet
    due_at: datetime | None  # of one that waits; None until the message itself is sent
    given_up: bool
    attempts: int  # since the last edit
    error: str | None  # of the last attempt, or why it was given up


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that is known of one headline, stage by stage."""

    headline: Headline
    outcome: Outcome | None  # None: still due for scoring
    reason: Reason | None
    decided_at: datetime | None
    score: Mapping[str, Any] | None  # the Score's fields
    mentions: Sequence[Mapping[str, Any]]
    story: Story | None
    alert: Alert | None
    deliveries: Sequence[LedgerDelivery]
    amendments: Sequence[LedgerAmendment] = ()  # of its story's first messages
