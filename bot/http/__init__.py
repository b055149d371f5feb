"""One polite HTTP client for everything that is polled: declared, conditional, bounded in bytes and seconds."""

from bot.http.client import CONNECTIONS_PER_HOST, PoliteClient, Reply

__all__ = ["CONNECTIONS_PER_HOST", "PoliteClient", "Reply"]
