"""The phrases of orders and deals, as tables; ``bot.rules.cues`` says how to read them."""

from __future__ import annotations

from bot.rules.cues import table

SUPPLY = table(
    r"""
    + X _ bags|lands|wins|takes ... order|orders|contract|deal|tender|qualification
    + hands|gives|awards ... X ... order|share|deal|contract
    + X _ clears|passes ... test|tests|qualification|qualif*
    + asks|asked|orders|ordered|turns|sounding ... to|for|about X ... more|extra|wafers
    + front-load|pull|line|lines|place|places|pay|pays forward|up|\$\d\S*|for ... X
    + run|built|tested|made on|by|with|at X
    - X to idle
    - X _ stopping|stops lines
    - X has no
    - shut|shuts out
    0 X _ den*|refut*|disput*|scotch*
    - X _ has|have|had|says (not|yet) sold|generated|shipped
    - X _ <stop> _ sales|selling|taking|shipping|shipments|deliveries|orders|chip|chips|supply|supplying|memory|work
      |h20|production|lines|output|huawei
    - X _ to stop|halt|end|cease|suspend
    + X _ (said|is|are) (to) _ told|tells|tell _ cost|expect|rise|increase|price*
    - X _ <cut>|curb|curbs|throttle|throttles _ output|production|wafer|supply|orders|goals|shipments|forecast|<number>
    - X _ pull|pulls|withdraws _ staff|out|from
    - X _ rule|rules|rules|ruled out
    + X _ <raise>|raising|hiking _ prices|price|quotes|tags
    + X ... sold|booked|spoken|fully|full (already) out|into|for|up|as|booked
    + X ... to double|raise|go _ price|up|prices
    - X _ closes|idles|halts|stops _ plant|plants|line|lines
    - reshaping|hits|hurting X
    0 X ask|asks|asked _ to boost|supply
    - slashes|cuts _ price
    - X _ failing|fails
    - X turns|turn away
    - X _ won't|can't|not sell
    - X ... lose|low
    + X ... spoken|gone|brim|brisk|swells|restart*|doubling
    + X _ near|close|line|running|talks|likely|said ... deal|order|supply|landing|supplier|contract|won|client
    + biggest|largest customer|customers
    + book|books|wants|wanted|takes|take _ (half|most|bulk|much) _ of X
    + X _ lead|leads|perks
    + X _ sells|sell _ <number>|pods|to
    - X _ hasn't|hasnt|hasn|not|isn't _ passed|sold|qualified|shipped
    - not _ single|one X
    - X ... left this year
    + X _ land|lands|arrive|arrives|reached|reach|delivered
    - trim|trims|cut|cuts|pause|pauses|slash|suspend|halts|reduce _ X
    + reaches|runs|run _ above|full|capacity
    - outsells|outships|overtakes|tops _ X
    + X _ expand|expands|extend|extends|deepen* _ pact|deal|tie-up|partnership
    + X _ <number> gigawatt*|gw|10gw|6gw
    + X _ resume*|restart*
    + X _ <win> _ order|orders|contract|deal|customer|client|slot|supply|business|share|socket|tender|deal
    - X _ cuts|cut|halts|halt|warns|idles|stops|slashes|trims|sees|fears|blames ... short|shortage|shortages
      |shortfall|crunch|drought|want|lack|bill|cut-off|ban|stoppages|fewer|stop
    - X _ short|shortage|shortages|shortfall|drought|blames|woes|glut
    + X _ to|in|near|starts|begins|now _ supply|make|ship|shipping|supplying|build|shipments|deliveries
    + X _ supplies|ships|shipping|shipped|sells
    + X tells|asks|sounds _ suppliers|customers|tsmc|clients|distributors|samsung _ more|extra|raise|up|expect
    - X tells|told|asks|asked ... to|they stop|halt|pause|suspend
    + X _ orders|order|sales|demand|book _ top|swell|jump|surge|double|filling|strong
    - X ... held up
    - X ... lower|weak|slow|fog|alternatives|unsatisfied
    - shift*|switch*|move*|dump*|ditch*|drop*|defect* ... from|away X
    + switch*|shift*|turn*|move* ... to X
    + buy|buys|bought|order|orders|ordered|takes|take|deploy|deploys|stockpile*|hoard*|rush*|spend|spends|commit*
      |lines|pile*|rent|rents|sign*|ink*|pick*|choos*|tap*|want*|lock*|get|gets|use|uses|install*|fill|host|expand*
      |adopt*|award*|places _ X
    + order|orders|demand|deal|deals|tender ... with|for|to|from|of X
    - X _ loses|lost|losing|stops|misses
    + X _ gains|wins|beats|tops
    + X _ (already) spoken|revealed|lead
    + revealed ... X
    """
)


CORPORATE = table(
    r"""
    0 X _ sues|sue|accuses|poaches|hires|names|appoints|poached|recruits|offloads|unloads
    0 ex|ex-|former X
    - charge|charges|charged|indict|indicts X
    - X _ unit|arm _ charged|indicted
    - X _ (jury|court) ordered|told to pay
    - orders|tells|told X to pay
    + orders|tells|told Y to pay X
    - X ... going|seek|seeks|files|file|filing (for) chapter|bankruptcy|insolvency
    + X _ shelve*|end*|averts|settles _ strike|walkout
    - X ... price-fixing|price fixing
    - X ... sale|takeover|purchase to|by ... <dying>
    - <dead> ... X sale|purchase
    - X ... pact|plan|deal _ ice
    - hackers|ransomware|intruder* ... X
    + extends|renews _ X _ pact|deal|tie-up|contract
    + X _ passed|passes|clears ... test|tests|qualification
    + qualifies|qualified X
    + X _ deal|purchase|takeover|merger (is) cleared
    + X ... settle|averting ... strike
    + explore|explores _ merger|tie-up _ with X
    + X explore|explores _ tie-up
    - X _ sued
    - wins|win|beats|prevails over|against|vs X
    - beats|defeats X
    - sides|finds|rules with|for|in _ Y _ ... X
    - ending X
    - dumps|sells|sold|exits|offloads|unloads|cuts|trims _ X stake|share|shares|holding|stock
    - X _ exit|quit|leave|stop*|halt* _ china|business|deliveries|market|shipments
    - voted|votes down
    + favour|favor of X
    - phase|phases X _ out
    + X _ agrees|agree to _ taken|be|acquired
    + X _ to merge|combine
    + clears|approves|gives|nod|approval|ok|green-light|all-clear ... X ... takeover|deal|purchase|buyout|merger|bid
      |acquisition|stake
    - stops|blocks|block|blocked _ X _ bid|takeover|purchase|deal|buy
    - X _ scraps|shelves _ spin-off|listing|ipo|float
    + X _ unveils|shows|unwraps _ own|first
    + X _ takeover|merger interest|approach|offer|talks
    + X explore|explores|weighs|considers _ merger|sale
    + approached|approach|kicked|sounded|eyed|explored ... X _ takeover|tires|deal|,|$
    + X _ sounded _ out
    - ditch*|move*|moving|switch* ... from X
    - ditching|ditch X
    + ditch*|move*|moving|switch* ... Y to|for X
    + in early|advanced talks _ X _ foundry|customer|client
    + X _ foundry|venture customer|joint
    + X ... praised
    + X _ raises _ yuan|fund
    + X , ... rockets|soars|jumps|surges|leaps
    + invests|invest|puts|put|pours|takes|to-invest _ <number> _ in|into X
    + takes|turns|buys _ tenth|<percent>|slice|stake _ of|in X
    - seeks|demands|wants|claims _ <number> ... from X
    - X _ hit|slapped|stung with
    - X _ fined|subpoenaed|hacked|breached|indicted|raided|downgraded|probed
    - fines|fined|subpoena|subpoenas|raids|probes|indicts|hacks|summons _ X
    - antitrust|antimonopoly ... X
    - X _ chief|ceo _ conflicted|resign
    - X ... hack|hacked|cyber|cyberattack|ransomware|crashing|recall|defect|vulnerability
    - X _ auditor|accountant
    - X _ sale|takeover|merger _ collapses|blocked|scuttled|vetoed|lapses
    - calls|call|called off
    - gives|give up on X
    - X ... infringed
    + X - Y _ clear*|approv*|through
    + clears|clear|approves|approve|waves|nod|nods _ X - Y
    - X _ workers|union _ strike|walkout|walks|threaten*|rejects|calls
    - X ... bankruptcy
    - bankruptcy for X
    - cashes out of X
    - block|blocks|blocked|bars|bar|vetoes|veto|rejects _ sale|bid|takeover|purchase|deal|fund ... X
    - <stop>|scrap*|drops|abandon*|ditch*|shelve*|walks|terminat* ... takeover|bid|merger|deal|pursuit ... X
    0 block*|sues ... bid|takeover|purchase|deal|merger ... X
    + takeover|offer|buyout of|for X
    + stake|<percent>|slice|<number> _ in|of X
    + buys|buy|acquires|acquire|to-acquire|snaps|swallows|takeover _ X
    0 X _ win|wins|won ... award|prize|honour|honor|honours|awards|contest|skills|medal|title|cup|day
    + X _ wins|win|prevails|beats
    + finds|sides|rules|awards|award _ (for|with|in) X
    """
)
