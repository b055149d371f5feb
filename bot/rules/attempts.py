"""When to try again: for a source that failed and for a delivery that failed."""

from __future__ import annotations

from datetime import timedelta

SOURCE_CEILING = timedelta(minutes=30)
BLOCKED_FLOOR = timedelta(minutes=15)  # sites behind a challenge only get angrier
DELIVERY_FLOOR = timedelta(seconds=1)
DELIVERY_CEILING = timedelta(minutes=5)
AUTH_WAIT = timedelta(minutes=1)  # a person must mend the token; nothing is given up meanwhile


def backoff(failures: int, *, floor: timedelta, ceiling: timedelta, jitter: float) -> timedelta:
    """Doubling wait with equal jitter: half fixed, half drawn.

    Args:
        failures: in a row, from 1.
        floor: the wait after the first failure.
        ceiling: the longest wait.
        jitter: drawn by the caller, uniform in [0, 1].

    Source: "equal jitter", M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    wait = min(floor * (1 << min(failures - 1, 20)), ceiling)
    return wait / 2 + wait / 2 * jitter


def next_poll_after_failure(
    failures: int,
    *,
    interval: timedelta,
    blocked: bool,
    permanent: bool,
    retry_after: timedelta | None,
    jitter: float,
) -> timedelta:
    """How long to leave a source alone. Never shorter than its interval or than the remote asked for."""
    if permanent:
        wait = SOURCE_CEILING
    else:
        floor = max(interval, BLOCKED_FLOOR) if blocked else interval
        wait = max(interval, backoff(failures, floor=floor, ceiling=max(SOURCE_CEILING, floor), jitter=jitter))
        if blocked:
            wait = max(wait, BLOCKED_FLOOR)
    return max(wait, retry_after) if retry_after is not None else wait


def next_delivery_attempt(attempt: int, *, auth: bool, retry_after: timedelta | None, jitter: float) -> timedelta:
    """How long to leave a delivery alone after attempt number ``attempt`` (from 1)."""
    if retry_after is not None:
        return retry_after
    if auth:
        return AUTH_WAIT
    return backoff(attempt, floor=DELIVERY_FLOOR, ceiling=DELIVERY_CEILING, jitter=jitter)
