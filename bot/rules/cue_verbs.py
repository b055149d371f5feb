"""The last resort: verbs by what they say of who does them and of whom they are done to.

``bot.rules.cues`` says how to read the tables. They know no context, so they are asked where nothing else fits, and
only for events in whose headlines they are right more often than not.
"""

from __future__ import annotations

from bot.rules.cues import table

# Done to the company: sued, shut out, replaced; picked, backed, praised.
DONE_TO = table(
    r"""
    - <hurts> X
    + <helps> X
    - <hurts> _ X
    """
)

# What the company goes through; in news of orders only where nothing stands between.
LOSES = table(
    r"""
    - X <suffers>
    """
)

SUFFERS = LOSES + table(
    r"""
    - X _ <suffers>
    """
)

THRIVES = table(
    r"""
    + X _ <thrives>
    """
)

# Words around the company that weigh on it, or lift it, whoever does what.
ACCUSED = table(
    r"""
    - X over
    - seeks|seek|sought|wants|demands ... X
    - curbs|restrictions|ban|limits|sanctions|controls ... X
    + X _ <nod>|approved|cleared
    """
)

STOPPED = table(
    r"""
    - X ... stop|stops|stopped|halt|halts|halted|suspend*|pause|pauses|paused
    - stop|stops|halt|halts|suspends ... X
    - curbs|restrictions|ban|limits|sanctions|controls ... X
    + X _ <nod>|approved|cleared
    """
)
