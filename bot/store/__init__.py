"""The truth: headlines, cursors, scores, stories, alerts, deliveries, subscriptions, mutes."""

from __future__ import annotations

from bot.store.base import LedgerAttempt, LedgerDelivery, Store, Trail

__all__ = ["LedgerAttempt", "LedgerDelivery", "Store", "Trail", "open_store"]


async def open_store(url: str) -> Store:
    """Open the store that a database URL names; call ``migrate`` before anything else, ``close`` in the end.

    Args:
        url: ``sqlite:///relative.sqlite3``, ``sqlite:////absolute.sqlite3`` (the file and its folder are
            made if missing, unless ``?mode=ro`` or ``rw``), ``sqlite://`` (in memory, gone when closed),
            or ``postgresql://user:password@host:port/database``.

    Raises:
        ConfigError: the URL names no database that Chipwire can use.
        StoreError: the file or the server cannot be used; the text says what to do.
    """
    # The databases' libraries are loaded by those who open one: a third of a second that `--help` need not wait.
    from bot.store.urls import SqliteAddress, parse_url  # noqa: PLC0415

    address = parse_url(url)
    if isinstance(address, SqliteAddress):
        from bot.store.sqlite import SqliteStore  # noqa: PLC0415

        return await SqliteStore.open(address)
    from bot.store.postgres import PostgresStore  # noqa: PLC0415

    return await PostgresStore.open(address)
