"""A platform in memory that accepts, refuses or loses its reply as a test tells it to."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.domain import Alert, Amendment, Claim, Destination, DestinationKind, Receipt
from bot.errors import NotifyError
from bot.notifiers.base import PLAIN, Look, Message, Rate


class FakeNotifier:
    """Keeps what arrived, in order. ``faults`` are taken one a send: None lets it through."""

    def __init__(self, kind: DestinationKind = DestinationKind.SLACK, *, can_tell: bool = True) -> None:
        self.kind = kind
        self.can_tell = can_tell
        self.arrived: list[tuple[str, str]] = []  # (delivery id, text)
        self.faults: list[Callable[[], NotifyError] | None] = []
        self.threads: list[Receipt | None] = []
        self.looks: list[Look] = []  # one for each message that arrived
        self.amended: list[tuple[str, str]] = []  # (id of the message, text)
        self.amend_faults: list[Callable[[], NotifyError] | None] = []
        self.said: list[tuple[str, str]] = []  # (destination, text)
        self.limit = Rate(burst=1000, interval=timedelta(seconds=1))

    def rate(self, destination: Destination) -> Rate:
        return self.limit

    def render(self, alert: Alert, look: Look = PLAIN) -> Message:
        return Message(alert.text, {"look": look})

    def render_digest(self, alerts: Sequence[Alert], look: Look = PLAIN) -> Message:
        return Message("\n".join(alert.text for alert in alerts), {"look": look})

    def render_amended(self, amendment: Amendment, look: Look = PLAIN) -> Message:
        story = amendment.story
        return Message(f"{amendment.alert.text} [{story.status} ×{len(story.publishers)}]", {"look": look})

    async def check(self) -> str:
        return "fake"

    async def send(self, claim: Claim, message: Message) -> Receipt:
        fault = self.faults.pop(0) if self.faults else None
        error = fault() if fault else None
        if error is None or error.maybe_sent:
            self.arrived.append((claim.delivery_id, message.text))
            self.threads.append(claim.thread)
            self.looks.append(message.payload["look"])
        if error is not None:
            raise error
        return Receipt(message_id=f"m{len(self.arrived)}", channel=claim.destination.address)

    async def amend(self, amendment: Amendment, message: Message) -> None:
        fault = self.amend_faults.pop(0) if self.amend_faults else None
        if fault is not None:
            raise fault()
        self.amended.append((amendment.receipt.message_id, message.text))
        self.looks.append(message.payload["look"])

    async def say(self, destination: Destination, text: str) -> None:
        self.said.append((str(destination), text))

    async def find_sent(self, claim: Claim) -> Receipt | None:
        if not self.can_tell:
            raise NotifyError("cannot tell", permanent=True)
        for number, (delivery_id, _) in enumerate(self.arrived, 1):
            if delivery_id == claim.delivery_id:
                return Receipt(message_id=f"m{number}", channel=claim.destination.address)
        return None

    async def aclose(self) -> None:
        pass
