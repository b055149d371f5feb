"""How loudly an alert is told, as a table that a trader can read.

| who says it, and how sure                      | a state's act or a licence | other chip news           |
| ---------------------------------------------- | -------------------------- | ------------------------- |
| official text or two houses, confirmed, denied | flash                      | alert; flash if it        |
|                                                |                            | touches six listed names  |
| wire or press, confirmed or denied             | alert                      | alert                     |
| wire or press, reported or proposed            | alert                      | watch                     |
| social media, whatever it claims               | watch                      | watch                     |
| commentary, or not market-moving               | watch                      | watch                     |

A further name or figure of a story that was told is never a flash. So many flashes an hour are told as such, the
rest as alerts (the desk counts them).
"""

from __future__ import annotations

from bot.domain import Event, Reason, Status, Tier, Urgency

ACTS = frozenset(
    {
        Event.EXPORT_RULE,
        Event.LICENCE,
        Event.IMPORT_RULE,
        Event.ENTITY_LIST,
        Event.TARIFF,
        Event.ENFORCEMENT,
        Event.RETALIATION,
    }
)
WIDE = 6  # listed names that an outage or a shortage touches, from which it is a matter of the whole field
DETAILS = frozenset({Reason.NEW_COMPANY, Reason.NEW_NUMBER})


def urgency(
    *,
    event: Event,
    status: Status,
    tier: Tier,
    market_moving: bool,
    chip_export: bool,
    publishers: int = 1,
    touched: int = 0,
    reason: Reason = Reason.NEW_STORY,
) -> Urgency:
    """The urgency of an alert or an update; see the table above.

    Args:
        event: what happened.
        status: how sure the words are.
        tier: of the source that says it.
        market_moving: whether the model holds it to be material.
        chip_export: whether it is about chip trade.
        publishers: independent ones that stand behind the story, this one included.
        touched: listed names that it touches, named or exposed.
        reason: what is new about it.
    """
    act = chip_export and event in ACTS
    if status is Status.COMMENTARY or not market_moving:
        # An official text is material whatever its title's wording: agencies do not write for the market.
        return Urgency.ALERT if tier is Tier.PRIMARY and act else Urgency.WATCH
    if tier is Tier.SOCIAL:
        return Urgency.WATCH
    settled = status in {Status.CONFIRMED, Status.DENIED}
    if settled and (tier is Tier.PRIMARY or publishers > 1) and reason not in DETAILS:
        return Urgency.FLASH if act or touched >= WIDE else Urgency.ALERT
    return Urgency.ALERT if act or settled else Urgency.WATCH
