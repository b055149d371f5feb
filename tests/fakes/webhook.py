"""A receiver of webhooks: keeps what it accepted and passes over deliveries that it knows."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.remote import Arrival, Remote, Reply, Script


class FakeReceiver(Remote):
    """Accepts whatever comes."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: dict[str, dict[str, Any]] = {}  # by delivery

    def answer(self, arrival: Arrival) -> Reply:
        """See Remote."""
        self.accepted.setdefault(arrival.headers["x-chipwire-delivery"], json.loads(arrival.body))
        return Reply(204)

    def error(self, arrival: Arrival, script: Script) -> Reply:
        """See Remote."""
        headers = {"Retry-After": str(script.retry_after)} if script.status in {429, 503} and script.retry_after else {}
        return Reply(script.status, b"no", headers, "text/plain")
