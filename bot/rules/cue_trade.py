"""The phrases of orders, shortages and stopped plants by role, as tables; ``bot.rules.cues`` says how to read them.

``FIRST`` tables are asked before those of ``bot.rules.cue_business`` and ``LAST`` ones after them.
"""

from __future__ import annotations

from bot.rules.cues import table

# Seller, buyer, and those who wait for goods.
SUPPLY_FIRST = table(
    r"""
    # markets that no longer matter, and things that happen to somebody else
    0 X ... russia|russian|belarus|iran
    - X customers|clients|buyers _ delay|delays|cancel|cancels|cut|cuts|balk|defer|defers|shun|trim
    0 X customers|customer|clients|client|buyers|users
    - told|tells|asked|asks X to _ <stop>|cut|hold
    - told|tells|asked|asks Y and X to _ <stop>|cut|hold
    - halt|halts|stop|stops|pause|pauses X _ parts|work|production|components
    + X ... stops|stop|halts quoting
    - X _ delay|delays|delayed|postpones _ shipment|shipments|launch|deliveries|ramp
    - scale|scales|scaled back (on) X
    - slow|slows|slowed|defer|defers|pares X _ orders|purchases|spending|deliveries
    + X _ pass|passes|passed on cost|costs
    - X delayed
    - X _ hit by
    - X ... flaw|flaws|glitch|glitches
    - X orders cancelled|canceled|cut
    - X inventories|inventory|stock|stocks pile|piles|build|builds|swell|swells|balloon*
    - X _ cut|cuts|slash|slashes|lowers|trims _ price|prices
    + X named|chosen|picked|selected|tapped (as) _ supplier|to|for
    - X ... yield|yields _ disappoint*|poor|low|lag*
    + X tells ... cost|prices|more
    + X _ <win> <percent>|thirds|half|most|bulk of
    + X _ sign|signs|signed ... order|orders|contract
    + X _ to qualif*
    # a buyer who pays more or gets less
    - X _ blames|cites|citing|blaming (the) memory|dram|ram|nand|chip|component|parts (chip|chips|price
      |module) cost|costs|bill|prices|crunch|inflation|squeeze|surge|shortage|shortages
    - X _ blames|cites|citing|blaming (the|rising) cost|costs|price of
    - X _ memory|dram|ram (chip) cost|costs|bill|crunch|squeeze
    - memory|dram _ will push|pushes|force|forces|raise|lift _ prices|price
    - X _ (for) <lacking> _ chips|chip|parts|memory|dram|components|wafers|gas|tungsten|semiconductors
    - X _ want|lack|shortage|dearth|scarcity of chips|parts|memory|semiconductors|components|dram
    - X _ scramble|scrambles|idles|idle|furloughs|parks|halts|shuts _ lines|plants|plant|shifts|workers|staff|output
      |production|cars|line|size
    - want|lack|shortage of chips|parts|memory _ X
    - drop|drops|dropped|ditch|ditches|dump|dumps|swaps|shun|shuns|shunned|snubs|abandons|bar|barred _ X
    - X orders dry|dries|evaporate|collapse
    - zero|no _ X sold|sales
    - X _ leave|leaves|leaving|quit|quits|exit|exits ... market|china|business
    - ends|ending|cancels|stops _ X _ purchases|orders|contract|deal
    # a supplier whose goods are wanted
    + X ... can't|cannot|unable|struggles|struggling (to) keep|make|meet up|enough|demand
    + X _ lead time|times _ stretch|stretches|lengthen|grow|beyond|past|to
    + X ... (is|are|already|almost|nearly|all|fully) sold|booked|spoken out|up|for|to|through|solid
    + X _ runs|running|run (flat) full|out
    + X _ to charge|raise|increase|lift|hike|add _ more|price|prices|surcharge|<percent>
    + X ... price-rise
    + X _ raises|lifts|hikes _ by <percent>
    + X ... meet _ half
    + X _ weighs|mulls|plans|seeks|considers|signals|announces|tells _ surcharge|cost (rise|increase|hike) $|for
      |on|from|more|<percent>
    + X _ prices|wafers|tags|quotes _ cost|rise|climb|jump|go|up
    0 <win>|wins|bags|clinches|gets ... order|orders|contract|deal _ from X
    + X _ lands|wins|bags|secures|clinches|scoops|nets|gets|takes|discloses|reports ... order|orders
      |contract|deal|pact|slot|slots|overflow|tender
    + X _ clears|passes|qualifies|qualified ... bar|test|tests|tested|qualification|for|at
    + X _ restarts|resumes|ramps|restores _ shipments|shipping|sales|deliveries|supply|supplies|orders|production
    - X ... failed|fails|failing|flunks|flunked
    - X _ wind|winds|winding down|back
    - X _ sales|revenue|orders|share|market|business|shipments|demand _ evaporate*|vanish*|dries|shrink*|shrank
      |collapse*|nought|nil|zero|gone|lost|slump*|melt*|fade*
    - shift*|switch*|mov*|divert*|cut*|cancel*|steer*|pull* _ from|at|with X
    - Y _ wins|win|gets|grabs|takes _ as X
    + go|goes|going|comes|come to|from X
    + give|gives|gave|hands _ X _ work|production|volume|slice|order|orders|packaging
    + weighs|eye|eyes|mulls|considers|tries|try _ X _ foundry|14a|18a|lines|for
    + X _ foundry customer
    + use|host|take|deploy ... <number> _ X
    + <ordering> _ at|from|with X
    + <ordering> _ <number> _ X
    + <ordering> _ X
    + X _ asks|asked|turns|turned (to) Y for|to more|extra|add|raise|boost
    + asks|asked|sounds|presses|urges _ X _ (for|to) _ more|extra|double|boost|add|raise|speed
    + switch*|shift*|move*|moving|turn*|migrat* _ (orders|production) to|towards X
    + gap|void|slack|orders (left|by|spill|flow|go|shift|move) (by|to|over) (to) X
    + X _ fills|replaces|steps _ gap|in|void
    + splits|split|divides _ (between|among|with) X
    - loses|lose|losing|lost _ to X
    - X _ turned|turns|turning (away) from
    - X _ on ice|hold
    """
)

# A maker of cars, phones or servers, or a cloud: it buys chips, so dearth and dear memory hurt it.
BUYERS = table(
    r"""
    0 X ... normal
    0 X _ denies|won't|isn't|hasn't|stockpiles|testing|tests|weigh|weighs|caps
    - X ... idle|idles|halt|halts|stop|stops|trim|trims|furlough*|park|parks|short-time|cut|cuts|miss|shutdown
      |plant ... chip|chips|semiconductor|semiconductors|nexperia|microcontrollers|memory|crunch
    - chip|chips|semiconductor|semiconductors|nexperia|memory ... X _ idle|idles|halt|halts|stop|stops|trim|trims
      |cut|cuts
    - X ... dearer|scarce|scarcity|shortage|shortages|bottleneck|crunch|pinch|short-time|squeeze
    - shortage|shortages|bottleneck|crunch|scarcity|squeeze ... X
    - X ... cost|costs|costing _ it|us|margin|margins
    - X _ face|faces|braces|warn|warns ... price-rise|cost|costs|prices
    0 X ... prices|price|price-rise|more|surcharge
    """
)

SUPPLY_LAST = table(
    r"""
    + with|from X ... order|deal|contract|pact|agreement|supply
    + X ... sold|order|orders|won|record|demand ... out|double|doubles|swell*|climb*|jump*|surge*|full
    - X _ (has|have|is|are) stopped|paused|halted|suspended|pausing|halting|stopping|losing
    - X _ out of china
    - X _ sales|revenue|orders|shipments|demand ... down|weak|weaker|slow|slows|shrink|hit
    """
)

CAPACITY_FIRST = table(
    r"""
    # building, moving and pausing is spending
    0 X _ halts|freezes|pauses|stops|suspends|halt|pause|freeze ... work|expansion|cleanroom|construction|extension
      |groundbreaking|hiring|project
    0 X _ gives|donates|hires|trains|opens|begins|starts|breaks|completes|doubles|triples|adds|moves|readies
    0 unaffected|unhurt|unscathed|safe|intact
    0 no|without _ impact|damage|effect
    0 X _ evacuat*
    0 <damage> ... X _ evacuat*
    0 fires|fire up
    + X _ restarts|reopens|resumes|restores|recovers|back ... blaze|quake|fire|outage|flood|storm|lockdown|normal
    - X ... <damage>
    - <damage> ... X
    - power|electricity cut|cuts|dip|outage|failure|loss ... X
    - X ... power|electricity cut|dip|outage|failure
    - without power|water|gas ... X
    - X ... down|dark|offline|idled|switched _ after|power|lines|fab|fabs|line
    - X _ idle|idles
    - X _ switch|switches|turn|turns|turned off
    - X _ puts|put|pushes|push|pushed ... off|back|out|beyond|past
    """
)
