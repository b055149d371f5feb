"""The phrases of headlines that deny, withdraw or rule out, as tables; ``bot.rules.cues`` says how to read them.

What is denied pushes the other way: no ban is good, no licence is bad. A company that denies a tale about itself is
where it was.
"""

from __future__ import annotations

from bot.rules.cues import table

MEASURES = table(
    r"""
    # the company speaks for itself
    0 X _ says|said|denies|denied|denying|rejects|rebuts|rebuffs|refutes|disputes|insists|rubbishes|dismisses

    0 X :
    0 X _ chief|ceo|boss|executive|spokesman|spokeswoman|spokesperson
    - X _ withdraws|shelves|drops|abandons|gives ... bid|application|request|plan|export|exports
    # a step against the company, or one in its favour, that does not come
    - rule|rules|ruled|ruling out _ <ease>
    + rule|rules|ruled|ruling out _ <bad>|<halting>|<shunning>
    - rule|rules|ruled|ruling out
    - say|says|said no to X
    + back|backs|backed off _ to <take>|strip|ban|list
    + no ... <good> _ withdrawn|revoked|pause|suspension
    + <good> _ hasn't|isn't|not _ turned|refused|revoked|withdrawn
    - <never> ... <ease> ... <bad>
    - <bad> ... <never> ... <ease>|<eased>
    - <bad> _ stays|remains|stands|unchanged
    + <halting> ... <good>|<trade>
    + <never> ... <shunning>|<bad>
    + <shunning>|<bad> ... <never>
    + <dropped> ... <bad>|<shunning>
    + <bad>|<shunning> ... <dropped>
    - <never> ... <good>|<trade>|<give>|<talk>
    - <good>|<trade> ... <never>|<dropped>
    - <dropped> ... <good>
    - nobody|nowhere|none|neither ... X
    - no X
    - X ... <never> ... <give>|<talk>|come|came|up|decision
    + X ... <never>
    """
)

ENFORCEMENT = table(
    r"""
    0 X _ says|denies|denied|rejects|rebuts|disputes|insists|finds|saw|sees|:
    + <never>|drops|dropped|closes|closed|ends ... <probing> ... X
    + X _ <never> ... <probing>|target|accused|charged|suspect
    + X _ cleared|exonerated|acquitted
    """
)

# Orders, fabs, results: a tale that is contradicted leaves the shares alone, a plan that is given up does not.
BUSINESS = table(
    r"""
    - X _ rules|rule|ruled out ... sales|shipments|sale
    - no|zero|nil ... sales|shipments|orders|plan|talks|discussions ... china ... X
    - no|zero|nil|<never> ... selling|sell|ship|shipping ... X
    - X : no (h20|h200|h20s|b30a) sales|shipments|orders ...
    - X (hbm4|hbm3e|hbm) fails|failed
    0 X _ says|said|denies|denied|rejects|rebuts|disputes|refutes|insists|dismisses
    0 X :
    """
)

DEALS = table(
    r"""
    0 X _ says|said|denies|denied|rejects|rebuts|disputes|insists|dismisses|:
    0 X _ <dead> ... Y
    - X _ <dead> _ merger|tie-up|combination|ipo|listing|float|flotation
    - X ... merger|takeover|deal|bid|swoop|pursuit|buyout ... <dying>
    - <dead> ... X _ <deal>|offer|proposal|report|story
    - <dead> ... pursuit|swoop|bid|offer ... for|of|on X
    - <never> pursue|pursuing X
    """
)
