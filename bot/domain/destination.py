"""Where alerts go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DestinationKind(StrEnum):
    """The platforms that alerts go to."""

    CONSOLE = "console"
    SLACK = "slack"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where alerts go: ``console``, ``slack:C0123``, ``telegram:<id or @channel>[:<topic>]``, ``webhook:<url>``."""

    kind: DestinationKind
    address: str = ""
    topic: int | None = None  # Telegram forum topic

    def __str__(self) -> str:
        """The text form, as written in subscriptions.toml."""
        if self.kind is DestinationKind.CONSOLE:
            return "console"
        text = f"{self.kind}:{self.address}"
        return f"{text}:{self.topic}" if self.topic is not None else text

    @property
    def label(self) -> str:
        """The text form for logs: of a webhook only the host, because its path is often a secret."""
        if self.kind is not DestinationKind.WEBHOOK:
            return str(self)
        scheme, _, rest = self.address.partition("://")
        return f"{self.kind}:{scheme}://{rest.partition('/')[0].rpartition('@')[2]}"

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read the text form.

        Raises:
            ValueError: the text names no destination; the message says what is wrong.
        """
        kind, _, rest = text.strip().partition(":")
        if kind == "console" and not rest:
            return cls(DestinationKind.CONSOLE)
        if kind == "slack":
            if not rest or any(c.isspace() for c in rest) or ":" in rest:
                raise ValueError(f"{text!r}: write slack:<channel id>, e.g. slack:C0123456789")
            return cls(DestinationKind.SLACK, rest)
        if kind == "telegram":
            address, _, topic = rest.partition(":")
            is_id = address.lstrip("-").isdigit() and address.count("-") <= 1
            if not (is_id or (address.startswith("@") and len(address) > 1)):
                raise ValueError(
                    f"{text!r}: write telegram:<chat id or @channel>[:<topic id>], e.g. telegram:@chipwire"
                )
            if topic and not topic.isdigit():
                raise ValueError(f"{text!r}: the forum topic {topic!r} is not a number")
            return cls(DestinationKind.TELEGRAM, address, int(topic) if topic else None)
        if kind == "webhook":
            if not rest.startswith(("http://", "https://")):
                raise ValueError(f"{text!r}: write webhook:<http or https URL>")
            return cls(DestinationKind.WEBHOOK, rest)
        raise ValueError(f"{text!r}: a destination begins with slack:, telegram:, webhook: or is console")
