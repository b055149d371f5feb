"""The phrases of orders, shortages and stopped plants by role, as tables; ``bot.rules.cues`` says how to read them.

``FIRST`` tables are asked before those of ``bot.rules.cue_business`` and ``LAST`` ones after them.
"""

from __future__ import annotations

from bot.rules.cues import table

# Seller, buyer, and those who wait for goods.
SUPPLY_FIRST = table(
    r"""
    - undercut|undercuts|outbids X
    + to fit|adopt|equip|carry ... X
    - shelves|shelve|freezes|pauses|delays|cancels|drops|scraps X order|orders|purchase|deal|buy
    0 order|orders from X lift|lifts|boost|boosts|help|helps Y
    + X ... out of stock
    + X parts|chips|lasers|drives|memory ... run|runs|running short|out
    - , not X
    - gains|gain|closing|closes (in) on X
    + behind X
    + X ... hard to come|find|get
    - X supply|supplies dries|dry|tightens|shrinks
    # one maker for another
    - pick|picks|chooses|choose|prefers|prefer|favours|favors|selects ... over X
    + drop|drops|ditch|ditches|dump|dumps|leave|leaves|swap|swaps|abandon|abandons|replace|replaces|trade|trades|quit
      |quits Y for|with X
    - cancel|cancels|cancelled|cut|cuts|trim|trims|halves|slashes|scraps|delays|defers ... order|orders ... at|with
      |from|to X
    # goods that wait for buyers, and buyers that come back
    - X ... pile|piles|piling|stack|stacks up|high
    - X ... gather|gathers|gathering dust
    - X customers|clients|buyers _ hold|holds|holding|put|puts off|back
    + X ... ordering|buying|back again
    + gigawatt|gigawatts of X
    # markets that no longer matter, and things that happen to somebody else
    - X _ stops|halts|cease|ceases|ends all|sales
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
    - X _ blames|cites|citing|blaming (the) memory|dram|ram|nand|chip|component|parts (chip|chips|price|module) cost
      |costs|bill|prices|crunch|inflation|squeeze|surge|shortage|shortages
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
    # hoarding and orders that another takes: nothing for the maker, or something for the taker only
    0 hoard*|stockpil*|pile|piles|rush|book ... X ... ahead|before|as|on|to of|fear|curbs|get|ban
    0 told|rush to take|book ... X ... before|ahead
    0 pull|pulls forward X
    0 fully|sold booked|out on X
    0 rents|rent X
    0 <win>|takes|take|wins|gets ... order|orders|work|overflow for|from|of|X X work|overflow|hbm4|kumamoto|packaging|$
    0 X _ places|placed|puts ... order ... (with|at) Y
    0 X _ secures|gets|takes ... supply|wafers from
    # a supplier whose goods are wanted
    + X halts|suspends|stops|pulls|freezes _ quotes|quoting|quotations
    + X _ books <number> order|of|from
    + X _ ships|ship at _ pace
    + X ... on allocation
    + X _ lifts|raises _ sales|shipment forecast
    + asks|ask|asked X (to|for) ... forward|sooner|faster|half|more
    + pay|pays|paid ... X ... double|up|cash|premium
    + X ... cash up front
    + X _ to hike|double|expand ... capacity ... demand|orders
    + return|returns|returned|back to X
    + X _ resume|resumes|resumed|restarts ... shipments|sales|deliveries|orders
    + resumes|resume|resumed shipments|sales|deliveries to X
    + X ... get|win|take (a) third|half|two-thirds|most|bulk of
    + camp|queue|scalpers ... (for) X
    + X _ to sell _ (than) ... quarter|half|million|thousand|<number> ... gpus|chips|accelerators
    - stops|stop|stopped|ends making X
    - X _ suspends|suspend|stops|halts|freezes _ phytium|huawei|some|nxt ... shipments|deliveries|sales
    - won't|cannot|can't|refuses _ sell|ship|supply|license _ (to) X
    - gas|helium|neon|power|water ... stops|runs|short ... X
    - cease|ceases|stop|stops|halt|halts|cut|cuts supply|supplies|parts ... to ... X
    - X _ ships|ship _ without
    - X _ run|runs|ran out of
    - X ... for want|lack of
    - X _ short of|on
    - line|lines|slots|capacity for X now|to|switched|makes
    - brings|bring in-house ... from X
    - X _ freezes|freeze|scraps|drops _ deal|float|plan
    - ban|bans|curbs open|opens ... X|door
    - X to|will|may lose|cede|give
    + X _ stops|suspends|stop|halts taking|accepting _ orders
    + X ... all|nearly|already|fully sold|spoken|subscribed|gone|booked $|,|out|for|until|to|through|;
    + X ... shares|share out
    + lead|delivery|waiting|wait times|time|waits ... X
    + X _ waits _ stretch|lengthen|grow
    + X ... supply|supplies|stock vanishes|tight|tighter|gone
    + X ... demand ... strong|insane|exceeds|outstrips|charts|unmet|runs
    + X ... slots|capacity|output|supply ... gone|full|taken
    + X _ put|puts|puts|tables|notifies|tells|lifts|raise|raises|hike|hikes|lays ... increase|rise|more|floor
      |<percent>|surcharge|price|prices
    + X ... to cost|charge ... more
    + X _ prices|instances|ddr5|nand|dram _ by (a) <percent>|quarter|third|half
    + double|twice|premium|more for X _ nand|dram|chips|memory|parts
    + X _ can|could|able (to) (only) fill|meet|serve _ half|part|two-thirds
    + X _ backlog|visibility|bookings|order (book) tops|swells|to|at|record|reaches|grows
    + X ... prepaid|prepayment|long-term|multi-year contract|contracts|prepayments|clauses
    + X _ fill|fills|filling|filled with|gap|as|,
    + loses|lost|lose ... to X
    + accept|accepts|accepted ... price ... from X
    + reserve|reserves|agree|agrees|agreed|commit|commits|committed to ... X
    + X ... agree|agrees to reserve|supply
    + X _ announces|signs|inks|strikes|seals|wraps|wins|books ... agreement|contract|deal|contracts|engagement|orders
      |talks (with|worth|for|from|of|,|$|signed)
    + X _ : ... contract|deal|order signed|doubles|won
    + X _ mystery order|customer
    + <number> gigawatts|gw of X
    + X ... fab|foundry|lines|plant will|to make|build|produce ... Y
    + have X make|build|produce|package
    + X _ to make|build|produce|package ... (for) Y
    + gave|gives|hands|give _ to X
    + X ... tapped|chosen|qualified|picked|selected|named (as|by) _ top|sole|main|supplier|source|by
    + qualifies|qualified|qualify X
    + vie|scramble|fight|clamour|jostle|queue|queues|camp|camps|hunt for X
    + X for <percent>|half|more|extra|<number> _ more|again|of|wafers|slots|a
    + to use|put|deploy|run|install|fill|rent|host|equip|buy|order ... X
    # what hurts the seller
    - inventory of X
    - X _ cease|ceases|ceased|halts|suspends|ends|stopped|ended _ supply|supplies|shipments|sales|service|serving
      |deliveries
    - X _ no|zero _ further|shipments|sold|sales|deliveries|shipment
    - leaving|quitting|exiting|leaves|quits|exits|quit|leave _ china|chinese|server|market
    - off|without|free (of|from) X to|onto|and|for|chips|$
    - away from X
    - at|to X _ cost|expense
    - X _ asks|ask|seeks|demands ... price cut|cuts
    - X _ pinch|squeezed|squeeze|starved (for|of|by|as)
    - X _ ration|rations
    - X _ overheat*|redesign*|flaw|flawed|recall*|snag|snags
    - X _ sees|expects|says|forecasts ... peaked|drop|fall|shrink|decline|slide|weaken|bleak|worst
    - X _ share|part|cut (of) sales about|to <percent>
    - gives|give|gave back|up ... X
    - shifts|shift|switch|moves|diverts ... from X
    - cap|caps|ceiling on X
    - eyes|eye|weighs|mulls|tries|tests Y for|as ... X
    - X _ weighs|mulls|may|might|could|considers _ pulling|idle|idles|stop|halt|shut|halting|stopping|leave|delay
      |shutting|exit
    - outrank|outranks|overtakes|overtake|retakes|dethrones|replaces|replace X
    - tested|tests X ... stalled|stopped|dropped|walked
    - X _ hunts|hunt|begs|scrounges _ (for) wafers|parts|chips|diodes
    - X ... ended|end|stopped|ceased when|as|after
    + X ... can't|cannot|unable|struggles|struggling (to) keep|make|meet up|enough|demand
    + X _ lead time|times _ stretch|stretches|lengthen|grow|beyond|past|to
    + X ... (is|are|already|almost|nearly|all|fully) sold|booked|spoken out|up|for|to|through|solid
    + X _ runs|running|run (flat) full|out
    + X _ to charge|raise|increase|lift|hike|add _ more|price|prices|surcharge|<percent>
    + X ... price-rise
    + X _ raises|lifts|hikes _ by <percent>
    + X ... meet _ half
    + X _ weighs|mulls|plans|seeks|considers|signals|announces|tells _ surcharge|cost (rise|increase|hike) $|for|on
      |from|more|<percent>
    + X _ prices|wafers|tags|quotes _ cost|rise|climb|jump|go|up
    0 <win>|wins|bags|clinches|gets ... order|orders|contract|deal _ from X
    + X _ lands|wins|bags|secures|clinches|scoops|nets|gets|takes|discloses|reports ... order|orders|contract|deal
      |pact|slot|slots|overflow|tender
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
    0 X _ cancels|cuts|trims|halves|delays (its) Y
    0 X ... cancel|cancels|cut|cuts|trim|trims|halves|delays ... order|orders ... at|with|from|to Y
    - X ... memory (now) ... third|half|quarter|<percent> of ... cost|bill|price
    - X _ pays|paid double|twice|more
    0 X ... normal
    - X _ blames|blaming memory|chip|dram|component
    - X _ short of gpus|chips|accelerators
    + X _ (quietly) raises|lifts _ instance|rental|cloud|gpu
    + takes|take|books|signs|commits|use ... X tpus|trainium
    + X tpus|trainium|t-head
    0 X ... raises|raise|lifts|hikes|dearer|cost|warns _ more|phones|price|prices|list|laptops|console|playstation|pcs
    0 Y _ lands|wins|bags|nabs|books|gets|supplies ... (from|with|for) X
    0 X ... signs|sign|commits|takes|orders|buys ... Y
    0 X _ expand|deepen|extend _ pact|deal|tie-up
    + X _ rents|rent|finds|enough|stockpiled|trains|train
    0 X _ denies|won't|isn't|hasn't|stockpiles|testing|tests|weigh|weighs
    - X ... idle|idles|halt|halts|stop|stops|trim|trims|furlough*|park|parks|short-time|cut|cuts|miss|shutdown
      |plant ... chip|chips|semiconductor|semiconductors|nexperia|microcontrollers|memory|crunch
    - chip|chips|semiconductor|semiconductors|nexperia|memory ... X _ idle|idles|halt|halts|stop|stops|trim|trims|cut
      |cuts
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
