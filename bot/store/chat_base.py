"""What chat may ask of a store: votes, readers, what waits for them, installed workspaces. Part of ``Store``.

The rules of ``bot.store.base`` hold here too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from bot.domain import Alert, Destination, Reader, Subscription, Vote

__all__ = ["ChatStore"]


class ChatStore(Protocol):
    """See the module."""

    # ── votes ────────────────────────────────────────────────────────────────────────────────

    async def record_vote(self, vote: Vote) -> bool | None:
        """Save what a person thinks of an alert; returns what they thought before, useful or not, None for nothing.

        Raises:
            StoreError: there is no such alert.
        """
        ...

    async def votes(self, since: datetime | None = None) -> list[Vote]:
        """All, or those given since then; oldest first."""
        ...

    async def vote_counts(self, alert_id: str) -> tuple[int, int]:
        """How many hold an alert for useful, and how many for noise."""
        ...

    # ── readers ──────────────────────────────────────────────────────────────────────────────

    async def reader(self, destination: Destination) -> Reader:
        """How a destination wants to be spoken to, followed through migrations; all defaults when nobody said."""
        ...

    async def set_reader(self, reader: Reader) -> None:
        """Save it, in place of what was said before."""
        ...

    async def alert(self, alert_id: str) -> Alert | None:
        """One alert; None when there is none of that id."""
        ...

    async def held_alerts(self, destination: Destination) -> list[tuple[Alert, datetime]]:
        """What waits for a destination and until when, the next release first."""
        ...

    async def subscriptions_of(self, destination: Destination) -> list[Subscription]:
        """Those of one destination that are not retired, oldest first."""
        ...

    async def person_data(self, person: str) -> dict[str, Any]:
        """Everything that is kept of a person, as JSON values: their votes, the destinations that they set up, and
        the subscriptions and mutes of their private chats (``telegram:<user id>``, and Slack's ``D…`` that they
        set up)."""
        ...

    async def forget_person(self, person: str, private: Destination | None) -> int:
        """Delete their votes, their name from what they set up, and of their private chat everything: subscriptions,
        mutes, settings, deliveries. Returns how many rows that were."""
        ...

    # ── workspaces that installed the Slack app ──────────────────────────────────────────────

    async def save_installation(self, team: str, body: str, now: datetime) -> None:
        """Save the tokens of a workspace, in place of earlier ones. ``body`` is encrypted already."""
        ...

    async def installation(self, team: str) -> str | None:
        """The body that was saved; None when the workspace is not installed."""
        ...

    async def remove_installation(self, team: str) -> bool:
        """Forget it; False when there was none."""
        ...

    async def installations(self) -> list[str]:
        """The workspaces that are installed, in the order of their ids."""
        ...

    async def save_state(self, state: str, expires_at: datetime) -> None:
        """Remember a state that an OAuth flow was begun with."""
        ...

    async def take_state(self, state: str, now: datetime) -> bool:
        """Whether a flow was begun with it and has not expired; true once."""
        ...

    async def retire_team(self, team: str, *, reason: str, now: datetime) -> int:
        """Retire every destination ``slack:<team>/…`` (see ``Store.retire_destination``); returns how many there
        were that had something to end."""
        ...
