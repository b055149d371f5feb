"""Whether a request is Slack's: its signature, and how old it is. Pure.

Source: docs.slack.dev, "Verifying requests from Slack": ``v0=`` and the HMAC-SHA256 of ``v0:<timestamp>:<body>`` under
the app's signing secret; a timestamp more than five minutes away may be a replay.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)
_VERSION = "v0"
_DIGITS = 12  # of a timestamp at most: what is longer is no time


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request's raw body."""
    signed = f"{_VERSION}:{timestamp}:".encode() + body
    return f"{_VERSION}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def why_refused(secret: str, timestamp: str, given: str, body: bytes, now: datetime) -> str | None:
    """What is wrong with a request; None: it is Slack's, and new.

    Args:
        secret: the app's signing secret.
        timestamp: the header ``X-Slack-Request-Timestamp``.
        given: the header ``X-Slack-Signature``.
        body: as it came, byte for byte.
        now: aware.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS):
        return "no timestamp"
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return "too old"
    if not hmac.compare_digest(signature(secret, timestamp, body).encode(), given.encode()):
        return "wrong signature"
    return None
