"""The phrases of headlines that deny, withdraw or rule out, as tables; ``bot.rules.cues`` says how to read them.

What is denied pushes the other way: no ban is good, no licence is bad, no delay is good, no takeover is bad.
"""

from __future__ import annotations

from bot.rules.cues import table

MEASURES = table(
    r"""
    # a step that the state says it did not take
    - <never> (plan|plans|intention) to allow|let|approve|clear|license ... X
    + <never> ... X _ licence|permit|license _ withdrawn|revoked|review
    + <never> ... ultimatum|step|steps|counter-move|retaliation|review|plan|reprisal|notice ... X
    + <good>|permits ... X ... <never> ... review|risk|danger
    + denies|denied ... accepted|plan|plans ... tax|duty|<percent>|hold|holding|listing|added|blacklist ... X
    + X _ <never> ... notice|listing|list|added|asked
    + X : no , we ... <never>
    + <refuting> ... ban|joining|curb|hold ... X
    + X ... goes|go on
    - X _ says|said _ <never> ... talks|received|got
    - disowns|disown|contradicts|plays ... claim|report|idea ... X ... <good>|sell|cleared|let|spared
    - denies|denied|deny ... separate|deal|waving|waiver|talks|promise|promised|exemption ... X
    - plays|throws|pours down|cold ... X
    - X _ plays down _ ... cleared|permit|licence
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
    + X : ... <never> ... target|charged|suspect
    0 X _ found|finds|saw|sees
    + <never> ... breach|fine|sign|evidence|notice|held ... X
    + X ... <never> ... fine|notice|breach|subpoena|target
    - <probing>|ban|case|plea|deal|reprieve ... <never>|stays|off|remains
    - <never> ... dropped|dropping|closed|reprieve|deal|thaw ... X
    0 X _ says|denies|denied|rejects|rebuts|disputes|insists|:
    + <never>|drops|dropped|closes|closed|ends ... <probing> ... X
    + X _ <never> ... <probing>|target|accused|charged|suspect
    + X _ cleared|exonerated|acquitted
    """
)

# Orders and results: bad news that is contradicted lifts the shares, good news that is contradicted hurts them, and so
# does a plan that is given up.
BUSINESS = table(
    r"""
    + <refuting> (it) (is) dropping|leaving|ditching|quitting|cutting|replacing ... X
    # who was said to gain from another's loss
    - Y _ <refuting> ... losing|moving|moved|shifting|shifted|switching|giving|gave ... to|with X
    + Y _ <refuting> ... losing|moving|moved|shifting|shifted|switching|taking|leaving|dropping ... from X
    + X _ <refuting> ... losing|moving|shifted|shift|switching|leaving|dropping|shut
    # the firm, or somebody who must know, contradicts bad news
    0 X ... <refuting> ... quotes|quoting|quote|taking
    0 Y ... <refuting> ... failed|failing ... X
    + X _ <refuting> ... <harm>
    + X : ... <harm> ... <untrue>|fiction
    + X : ... <never> ... <harm>
    - rules|rule|ruled out ... X
    + X ... <never> ... <harm>
    + X _ calls|tells|says ... <harm> ... <untrue>|fiction
    + X ... on|ahead|still|normal|unchanged schedule|track|shipping|plan
    + X ... orders|shipments|production unchanged|normal|continue
    # good news that is contradicted
    - X _ <refuting> ... <gain>
    - X : ... <never> ... <gain>
    - X ... <never> ... <gain>
    - <never> ... <gain> ... X
    - X ... still have|has ... to sell
    # plans given up
    - X _ takes|took back
    - X _ pulls|withdraws|scraps|suspends|drops _ <outlook>
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
    - X _ <refuting> (it) (is) for sale
    + X _ <refuting> ... subpoena*|chapter|bankruptcy|suit|probe|inquiry|leaving|raid|split|filing|end of life
      |plans ... (file)
    + X _ says|said ... <never> ... subpoena*|chapter|probe|probed|investigat*|sued|bankruptcy
    + <never> ... investigation|probe|subpoena|inquiry ... X
    + X _ union|strike|walkout _ call|calls|called off
    + withdraws|drops|ends ... threat|suit|case|bid ... X _ licence|license
    - Y _ <refuting> ... talks|stake|buy|buying|merger|venture|deal|takeover|bid|interest|offer ... X
    - Y _ <never> ... X
    - walks|walk|walked|backs|pulls away|out ... X
    - X _ deal|purchase|venture|bid|merger|ipo|listing|spin-out|carve-out|sale _ off|dies|dead|collapses|fails|out
      |lapses
    - X ... sale|merger|deal|purchase ... is off
    - scraps|drops|abandons|ends|buries|gives ... of|for|on|taking|with|up X
    - turns|turned down X
    - X ... <dead> ... takeover|deal|merger|purchase|bid ... as|after ... approval|sign-off|beijing|china|deadline|trump
    - X : no merger|deal|talks
    - X _ denies|says ... merger|giant order|takeover|deal
    0 X _ says|said|denies|denied|rejects|rebuts|disputes|insists|dismisses|:
    0 X _ <dead> ... Y
    - X _ <dead> _ merger|tie-up|combination|ipo|listing|float|flotation
    - X ... merger|takeover|deal|bid|swoop|pursuit|buyout ... <dying>
    - <dead> ... X _ <deal>|offer|proposal|report|story
    - <dead> ... pursuit|swoop|bid|offer ... for|of|on X
    - <never> pursue|pursuing X
    """
)

# Fabs and plants: a stop that is denied is good, a site that is given up is bad.
CAPACITY = table(
    r"""
    + X _ <refuting> ... <harm>|halting|shut|halt|delay|damage|single
    + <never> ... <harm>|halting|halted|shut|shutdown|damage|delay|delayed|wafers|leak|cancelled|suspend|late
      |moved ... X
    + X ... <never> ... <harm>|halting|halted|shut|shutdown|damage|delay|delayed|wafers|leak|cancelled|suspend|late
      |moved|yields
    + X ... going|goes|on|still|picked ahead|schedule|track|plan|partner
    + strike|walkout ... called|call|calls off
    + call|calls|called off _ strike|walkout
    + X ... <never> ... plan|plans|need|intention to leave|close|shut|sell|exit|quit
    0 X ... <never> ... plan|plans
    0 X _ walks|walk|pulls|pull|quits|won't _ away|out of|from|fund|funding ... Y
    - X ... <dead>|off|bury|buries|hold|ice|won't
    - <dead>|off|bury|buries|hold|won't|quits|shelves ... X
    """
)
