"""The label vocabulary of a headline: what the heads of the model predict."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """What happened; the order is the order of the event head's columns."""

    EXPORT_RULE = "export_rule"
    LICENCE = "licence"
    IMPORT_RULE = "import_rule"
    ENTITY_LIST = "entity_list"
    TARIFF = "tariff"
    ENFORCEMENT = "enforcement"
    RETALIATION = "retaliation"
    SUPPLY_DEMAND = "supply_demand"
    RESULTS = "results"
    CAPACITY = "capacity"
    CORPORATE = "corporate"
    OTHER = "other"


class Status(StrEnum):
    """How sure the words are; the order is the order of the status head's columns."""

    REPORTED = "reported"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    COMMENTARY = "commentary"


EVENTS: tuple[Event, ...] = tuple(Event)
STATUSES: tuple[Status, ...] = tuple(Status)
