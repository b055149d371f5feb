"""The phrases that push a company's shares, as tables that a trader can read; ``bot.rules.cues`` says how."""

from __future__ import annotations

from bot.rules.cues import table

# A stated share move wins over the sense of the news: every event, every status.
MOVES = table(
    r"""
    0 X _ drop|drops|dropped _ plan|plans|bid|suit|suits|lawsuit|case|support|charges|takeover|complaint|appeal
      |chinese|pursuit|name|brand|support
    0 X _ doubles|double down
    - X _ reverses _ gain
    - X _ trims gains
    - X _ halves
    + X _ (at|hits|hit|near|a|to|touch|touches|reach) fresh|new|all-time|another|record record|records|high
      |highs|peak
    + X (<share>) _ at|hits|hit|to|near (a) record|records|highs
    - X _ lead|leads _ lower|losses|decline|down|slide
    + X _ lead|leads _ higher|gains|rally|advance|up
    - X (<share>) _ down|off (about|by|more) <percent>
    - X (<share>) -\d[\d.]*%?
    + X (<share>) \+\d[\d.]*%?
    + X (<share>) _ up|adds|gains (about|by|more) <percent>
    + X (<share>) ends|closes|close|trades|opens|edges|inches up|higher|firmer
    + X <share> _ up|higher|firm|firmer|hop|hops|add|adds
    - X <share> _ down|lower|off|weaker
    - X _ worst hit
    + X _ sharply|much higher|up
    - X _ losing <percent>
    + X up|higher (to|on|as|by|after|in|for|a|at|again|,|sharply|;)
    - X down|lower|off (to|on|as|by|after|in|for|a|at|again|,|sharply|;)
    - X loses|lost|sheds|shed|shave|shaves <percent>|<number>|a (billion|bn|trillion|quarter|third|fifth|tenth
      |points|bln) (in|off|of|as|after|to)
    + X (<share>) _ limit-up|ask-only
    - X _ limit down|lower
    - X _ (at) limit-down
    + X _ upper circuit
    + X _ crosses|crossed|clears|tops|hits|passes|hit|worth \$\d\S* (trillion|tn|pre-market)
    + X _ first _ \$\d\S* (trillion|tn)
    + X hits|hit daily limit
    - X _ biggest|largest|worst|steepest|single-day _ loss|fall|drop|day|decline|rout
    + X _ best|biggest|largest _ gain|day|rise|week
    + X _ 52-week|two-year|multi-year|two-month|25-year|record|all-time|fresh high|highs|peak|peaks
    0 X _ doubles|double|doubled|tripled|halved (in|over) a|\d\S*|spite
    + X _ vaults|tops \d\S* won|yen
    + Y _ up|adds|gains|rises|jumps|climbs _ (<percent>) , X \d\S*%
    - Y _ down|off|loses|slips|falls|drops _ <percent> , X \d\S*%
    - <down> ... ; X follows
    + <up> ... ; X follows
    + X _ among gainers
    + X _ overtakes|becomes|tops _ priciest|biggest|most-valuable|most|third-biggest|value|by
    - slide|rout|sell-off|losses|drop|fall for|in|at|of X
    + rally|surge|gains|jump|rise for|in|at|of X
    - wipe*|wiped|erases ... off|from X
    + <boost> X
    + X _ back to green
    - X _ whacked|wipeout|rout
    + lights a fire under X
    + X _ shake|shakes|shrug|shrugs off
    0 X _ price|prices|rent|rental <up>|<down>
    - X _ reverses|erases|gives|gave (up) _ gains|gain
    + X ticks|perks|ticked|perked up
    - X eases|ease|follows|follow lower|as|on|;|,|$
    + X _ <up>
    - X _ <down>
    """
)

# A share move that is told in a clause of its own: "Applied guides low; shares off 6%".
LONE_MOVES = table(
    r"""
    0 dow|market|wall|s&p|nasdaq ... <down>|<up>
    - <share> _ down|lower|off|-\d[\d.]*%
    + <share> _ up|higher|\+\d[\d.]*%
    - <share> _ <down>
    + <share> _ <up>
    - ,|;|(|: down|off <percent>
    + ,|;|(|: up <percent>
    - -\d[\d.]*%
    + \+\d[\d.]*%
    + 🚀|📈|🐂|🌙|🤑
    """
)

RESULTS = table(
    r"""
    + X ... rev|eps|sales|revenue|profit ... est|vs|estimate ... ✅
    0 X _ <beat> _ , stays|says|shares
    + X _ <beat>
    + X _ blows|blew|sails past
    + X _ smash|smashes|double|doubles|doubled|triple|triples _ forecasts|estimates|on|in
    - ... <number> _ loss on|from X
    - X _ miss|misses|missed|disappoints|disappoint|disappointing|underwhelms|underwhelm|stumbles
        - X _ withdraws|withdrew|pulls|suspends|skips|drops|scraps _ outlook|guidance|forecast|view
    + X _ restores|reinstates|resumes|lifts|hikes|raises|ups _ outlook|guidance|forecast|view|dividend
    + X _ buyback|buy-back|dividend|repurchase
    0 X _ no|without|any|longer _ writedown|charge|provision|impairment|hit
    + X _ could|may|set|to _ claw|book _ back|sales
    - X _ warn|warns|warned|warning|braces
    - X _ shrinks|streak|woes|stuck|slows|slow|slowest
    - X _ <cut> _ <outlook>|prognose
    - X _ sales|revenue|profit|net|earnings _ pushed|slips|hurt|down|squeezed
    - X _ loss|losses _ widen*
    + X _ swings|swing|surprises|back|returns|return _ profit|black|growth
    - X _ swings|swing|sinks|slips|plunges|posts|reports|books|logs|flags|record|takes|widens _ loss|losses|red
      |writedown|write-down
    - X ... to|will|may|could|would _ take|book|record|face|cost|shave|lose _ charge|hit|loss|impairment|it|points
    - X ... charge|charges|writedown|write-down|hole|dent|impairment|write-off|writes-off|going-concern
      |bankruptcy|insolvency
    - X ... cost|costs|shave|shaves|shaving|cutting|lose|loses it|margin|revenue|points|<number>
    - hit|charge|loss|dent _ ... X
    - X ... hit (of|from) <number>|china|export|curbs
    - X : \$\d\S* _ off
    - shaves|shave|knocks|knock ... off|X X|margin
    - X ... going concern
    - X writes|write off
    - X _ guides|guide|guided|guiding|sees|forecasts|projects|flags _ light|below|lower|low|down|short|weak
      |soft|flat|drop|decline|slower|fall|hit|softer|miss
    + X _ guides|guide|guided|guiding|sees|forecasts|projects|expects|flags|tips _ above|up|higher|well|strong
      |record|growth|beat|double|doubling|tenfold|sales|jump|rise|surge
    - X ... tepid|weak|soft|downbeat|awful|gloomy|muted|below|misses|miss|disappoint*|shortfall|cools|cooling
      |glut|weaker|sluggish|softness
    + X ... upbeat|blowout|record|tops|beats|strong|surges|jumps|soars|outpaces|stuns|sold-out|above|ahead|bull
      |bullish|lift|lifts|hikes|hike|raises
    + X _ <raise>|doubles _ <outlook>
    + X _ net|profit|sales|revenue|orders|bookings _ up|double|doubles|triple|triples|likely|seen
    + X _ books|posts|reports|flags|logs _ (operating) profit|record|growth|more
    + turns bull on|in X
    + joins _ index|list|benchmark
    - X ... at risk
    - X _ expects|sees _ impact|short-term
    - X ... leak|wipes|spooks
    + rules|rule out _ cut
    - <hit> X
    + X _ swells|swell|thrives|sees|expects _ \$\d\S*
    + X _ target _ raised|hiked|lifted|up
    + X _ (lifted|raised|upgraded|hiked) to buy|overweight|outperform
    - X _ cut|downgraded|downgrade|lowered (to)
    + <raise> _ X _ target|to|rating|price
    - sold|sells|dumps|dumped|exits|shorts|bets-against|puts _ X
    """
)

# Acts of states on trade: what is done to this company, or for it.
MEASURES = table(
    r"""
    + wave|waves|waved|thaw|tranche ... X
    + X _ tranche|batch
    + may|could|to get|receive ... X
    - review|exclusion|case|action ... of|on|against X
    - make|makes|force|forces X
    - no X
    + lets|let ... X ... sell|ship
    # somebody else's quarrel: goods that were smuggled, a customer, a destination
    0 X _ lobby|lobbies|lobbied|lobbying|statement|comment|urge*|files
    0 n-2 ... X
    0 X _ no|not|never _ application|licence|permit|knowledge|impact|aware|sought
    0 X _ says|insists|denies|disputes _ (it) no|not|free|nothing|assessing|untrue|unaffected
    0 revenue|25%|15% share|cut|levy ... (rule|law|agree)
    + <take> _ <bad> ... win|relief|victory for X
    - yank|yanks|revoke|revokes|revoked|void|end|ends|turns|turn|sits|balk*|drag* ... X
    - X _ fail|fails|failed to win|get
    - X _ may|can|could|must not
    - X _ cannot|can't|won't
    - X _ (was|were|is) rejected|refused|denied
    0 X _ need|needs not|no
    - X _ needs|need|require*|must|await*|wait*|hangs|hinge*|braces|pending ... <good>|licence|clearance|ok|word
    + X ... in hand|safe
    - bad|trouble news|headache|blow for X
    - says|say|said no to X
    - did|didn't (not) discuss|come|raise ... X|up
    + struck|strikes|strike|taken|takes|took|removed|removes|removal|delisted|unblacklist|off ... X|list _ from
      |off|list|lists
    + X _ struck|removed|taken|dropped|delisted|off _ list|lists|roll|blacklist
    - revocation|revocations|curbing|slow|slows|snare|hitting|blocking|cutting ... X
    - X _ reviewed|scored|held|snagged|denied|nowhere|die|lapse|pending
    - over X by|in|,
    + apply|extended|extend to X
    + X _ permits|licences|licenses|approval _ in|through|ready|come|expected|close
    - X _ plea ... nowhere
    - X _ losing|lose|stand|exposed|affected|face|gap-closing|caught
    - X _ cut off|from
    - keep|keeps X _ out
    - X _ candidates|under|up|target|notice|review|near|risk _ (for) list*|blacklist*|1260h|relist|review|roster
    - add|adds|added|names|name ... X _ list|unreliable|entity|1260h
    - aim|aims|hit|hits|call|lean*|press*|sweep|checks|check|inspect*|push*|nudg*|steer*|switch*|ween|wean|vet
      |vetted ... X
    - stop|stops|suspend|pause|avoid|halt|justify|report ... X _ orders|purchases|buys|cards|shipments|parts
      |gear|order|buy|chips|$
    - X _ would fail
    - X ... trouble|firing|narrower|squeezed|affected
    + wave*|free|batch|tranche|first|lets|close|ready|ready|hints|hint|open|could ... X _ batch|through|in
      |purchases|permits|to|selling|go
    0 rules|rule out limits on X
    + denies|not|no|never|without _ <bad> _ on|against|of|for X
    - denies|not|no|never|isn't|rejects|refuses|without|yet ... <give>|<good> ... X
    + X _ escapes|dodges|avoids|spared|eligible|exempt|off _
    + <stop>|<take> _ <bad> _ on|against|of|for|over|facing|into X
    - <take> _ <good>|<trade> _ X
    - <take> _ X _ <good>|<trade>|<number>|from
    + <give> X
    + <give> _ <good> _ for|to|on|of X
    + X _ <give> _ <good>|<trade>|to|from
    + X _ cleared|allowed|approved|exempted|exempt|spared|free|licensed|okayed|authorised|eligible
    + X _ can|may|to _ <give>|sell|ship|export|resume|keep
    + X _ resume*|restart*|restore*
    + X _ back in|on|to
    + X _ set|likely|close|near|hopeful|confident|expects|in-line _ <good>|win|get|receive
    - X _ <take> _ <good>|<trade>|requests
    - X _ told|ordered|asked _ to|not|no _ <stop>|hold|cease|wait|divest|freeze|seek|get
    - X _ told _ too|licence|licences|permit
    - X _ barred|banned|blocked|denied|refused|rejected|cut|stripped|revoked|stuck|delayed|shut|locked|turned
      |out|stalled|hampered|restricted|excluded|blacklisted
    - X (now) needs|requires|must|needing|faces|face|loses|misses
    - X ... hit|blow|loss|losses|setback|exposed|crosshairs|fire|cost|charge|jeopardy|doubt|limbo|risk|dead
    - ban|bans|bar|bars|block|blocks|curb|curbs|halt|halts|restrict*|stop|stops|limit|limits|tells|orders
      |target|targets|threaten*|hit|hits|squeeze*|punish*|shun*|avoid*|blacklist*|discourag*|forbid*|warn*
      |freeze*|snub*|summon*|investigat*|probe*|fine*|sanction*|grill*|strike|strikes|ditch|drop|replace|choke* _ X
    - away|free|off|wean|shift from|of|on X
    - add|adds|added|put|puts|place|places|names|brands|keeps|tags|lists|designates _ X
    - X _ lands|added|put|placed|named|joins|on|in _ <bad>|sights|pentagon
    - X _ listed|listing|designated|tagged|targeted
    + boost|win|victory|relief|reprieve|gift|lifeline|good for|to X
    """
)

# The same, where the words name no company beside the measure.
STANCE = table(
    r"""
    - <good> _ now|still needed|required|unacceptable|pending
    + <good> are|is out|through|in|coming
    - yet|not to process|issue|approve|clear
    + letter|letters rescinded|withdrawn
    + <take> _ <impose> _ <bad>
    - rules|rule|ruled out _ <good>|<trade>|<give>|lifting
    - no|not|never|without|yet|nothing|neither _ <give>|<good>|<trade>
    + no|not|never|without _ <bad>|<impose>
    + <take> _ <bad>
    + <bad> _ lifted|eased|dropped|rescinded|scrapped|waived|suspended|paused|over|ends|softened|delayed|gone
      |withdrawn|relaxed|shelved|reversed|removed
    - <good>|<trade>|truce _ denied|refused|revoked|pulled|suspended|halted|blocked|delayed|stalled|stuck
      |rejected|stopped|barred|banned|lapse*|frozen|dead|hang*|slow-walk*|stall*|snag*|wait*
    + <good> _ granted|issued|approved|cleared|signed|through|land*|restored|renewed|extended|hopes|come|coming
      |flow*|start*
    - <take> _ <good>|<trade>
    - <give> _ <bad>
    - <impose> _ <bad>
    + <give> _ <good>|<trade>
    + <give> ... <good>|<trade>
    - needs|need|needed|requires|require|required|requirement|must|demands _ <good>
    - ban|bans|banned|barring|bar|bars|barred|curb|curbs|blacklist*|tighten*|clampdown|crackdown|restrict*
      |embargo|block|blocks|snub|shun*|avoid|discourag*|sanction*|probe*|investigat*|antitrust|dumping|fine
      |fined|penalty|halt|halts|limits|targets
    + clears|cleared|allow*|lets|let|approv*|greenlight*|green|waive*|exempt*|relief|reprieve|go-ahead|nod|open
      |resume*|restart*
    - list|rule|rules|controls|bill|threat
    """
)

# Smugglers, thieves and spies: the maker of the goods is not the accused.
ENFORCEMENT = table(
    r"""
    0 X ... face|faces|grilled _ senators|lawmakers|senate|congress
    - X _ insiders|cofounder|co-founder|halted
    0 ex|ex-|former X
    0 <smuggle> ... X
    0 trained|trains|train ... X
    0 X _ no|not|won't|wont|itself ... charged|target|notice
    0 fraud|smuggling|suitcase|scrutiny|black|grey|ghost|phantom ... X
    0 X ... smuggl*|diver*|black-market|fraud|suitcase|indicted|ring|buyer|seized|illegally|trained
    0 over X _ shipments|sales
    + suspends|drops|ends ... X _ probe|case|investigation
    + isn't|not|no investigating|probing X
    - questions|question|stalling|indict* X
    - X _ lost|loses|locked
    - detain* X
    0 to|for|from|with|by|via X
    0 X _ employee|engineer|worker|staff|staffer|secrets
    + X _ cleared|acquitted|exonerated|not
    + drop|drops|dropped|ends|closes|clears|no|isn't|calls|suspends ... <bad>|probes ... X
    - X _ fined|raided|probed|subpoena*|charged|indicted|accused|sued|penalised|violated|broke|admits|failed
      |pays|pleads|guilty|settles
    - fines|fined|fine|probes|probe|investigat*|accuses|raids|charges|subpoenas|sues|penalty|looking|scrutin*
      |antitrust|inquiry|case|complaint|demands _ X
    - X ... probe|fine|penalty|antitrust|inquiry|antimonopoly|investigation|subpoena|case|scrutiny|charges|penalties
    - antitrust|probe|inquiry|antimonopoly|monopoly|fine|penalty ... X
    """
)

SUPPLY = table(
    r"""
    + X _ bags|lands|wins|takes ... order|orders|contract|deal|tender|qualification
    + hands|gives|awards ... X ... order|share|deal|contract
    + X _ clears|passes ... test|tests|qualification|qualif*
    + asks|asked|orders|ordered|turns|sounding ... to|for|about X ... more|extra|wafers
    + front-load|pull|line|lines|place|places|pay|pays forward|up|\$\d\S*|for ... X
    + run|built|tested|made on|by|with X
    - X to idle
    - X _ stopping|stops lines
    - X has no
    - shut|shuts out
    0 X _ den*|refut*|disput*|scotch*
    - X _ has|have|had|says (not|yet) sold|generated|shipped
    - X _ <stop> _ sales|selling|taking|shipping|shipments|deliveries|orders|chip|chips|supply|supplying|memory
      |work|h20|production|lines|output|huawei
    - X _ to stop|halt|end|cease|suspend
    + X _ (said|is|are) (to) _ told|tells|tell _ cost|expect|rise|increase|price*
    - X _ <cut>|curb|curbs|throttle|throttles _ output|production|wafer|supply|orders|goals|shipments|forecast
      |<number>
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
    + X ... price|prices _ rise|hike|increase|increases|rises
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
    + buy|buys|bought|order|orders|ordered|takes|take|deploy|deploys|stockpile*|hoard*|rush*|spend|spends
      |commit*|lines|pile*|rent|rents|sign*|ink*|pick*|choos*|tap*|want*|lock*|get|gets|use|uses|install*|fill
      |host|expand*|adopt*|award*|places ... X
    + order|orders|demand|deal|deals|tender ... with|for|to|from|of X
    - X _ loses|lost|losing|stops|misses
    + X _ gains|wins|beats|tops
    + X _ (already) spoken|revealed|lead
    + revealed ... X
    + X _ quotes|quote
    """
)

CAPACITY = table(
    r"""
    0 X ... evacuat*
    0 X fire|fires up
    - X stops|halts _ lines|plants
    - X _ backs|walks _ out|away
    - shutters|lockdown ... X
    0 no|normal|unaffected|averted|off|escape* ... <outage>
    0 <outage> ... unaffected|averted|normal|off|check
    + X ... back within|online
    - X _ fined
    - <hit>|halts|shuts|stops|dark ... X
    - X _ shelves|delays|cancels|abandons|drop|drops|pushes _ fab|plant|site|sites|plans|project|to
    + boon|win|boost for X
    - X _ cut* _ <number>|about _ jobs|staff|of
    - X _ overheat*|defect*|mishap
    - <outage> ... X
    - X ... <outage>
    - X _ halts|evacuates|shuts|closes|close|stops|loses|suspends|idles|freezes|scraps|quits|quit|exits|gives
      |pulls|axes|delayed|dark|deferred
    - X _ to _ close|shut|cut|axe|lay|halt|idle
    - X _ cuts|axes|sheds|trims|slashes _ jobs|staff|workers|positions|posts
    - X _ yield|yields _ stuck|poor|low|below
    - shuts|halts|trips|knocks|hits|stops|ices _ X
    - on|in ice|jeopardy|doubt|limbo
    """
)

CORPORATE = table(
    r"""
    0 X _ sues|sue|accuses|poaches|hires|names|appoints|poached
    0 ex|ex-|former X
    - charge|charges|charged|indict|indicts X
    - X _ unit|arm _ charged|indicted
    - X _ (jury|court) ordered|told to pay
    - orders|tells|told X to pay
    + orders|tells|told Y to pay X
    - X ... going|seek|seeks|files|file|filing (for) chapter|bankruptcy|insolvency
    + X _ shelve*|call*|end*|averts|settles _ strike|walkout
    - X ... price-fixing|price fixing
    0 sues|sue|sued ... X
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
    + clears|approves|gives|nod|approval|ok|green-light|all-clear ... X ... takeover|deal|purchase|buyout
      |merger|bid|acquisition|stake
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
    + X _ to|is make|build|own|design _ chip|chips|china-specific
    + in early|advanced talks _ X _ foundry|customer|client
    + X _ foundry|venture customer|joint
    + X ... praised
    + X _ renew|extend|renews|extends _ venture|joint|pact
    + X _ raises _ yuan|fund
    + X , ... rockets|soars|jumps|surges|leaps
    + invests|invest|puts|put|pours|takes|to-invest _ <number> _ in|into X
    + takes|turns|buys _ tenth|<percent>|slice|stake _ of|in X
    - <number> ... from X
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
    - X _ workers|union _ strike|walkout|threaten*
    - block|blocks|blocked|bars|bar|vetoes|veto|rejects _ sale|bid|takeover|purchase|deal|fund ... X
    - <stop>|scrap*|drops|abandon*|ditch*|shelve*|walks|terminat* ... takeover|bid|merger|deal|pursuit ... X
    0 block*|sues ... bid|takeover|purchase|deal|merger ... X
    + takeover|offer|buyout of|for X
    + stake|<percent>|slice|<number> _ in|of X
    + buys|buy|acquires|acquire|to-acquire|snaps|swallows|takeover _ X
    + X _ wins|win|prevails|beats
    + finds|sides|rules|awards|award _ (for|with|in) X
    """
)

OTHER = table(
    r"""
    0 X _ seek*|ask*|plead*|urge*|lobb*|sue*|faces|holds|absorbs
    + X ... wins|win|escape*|spared|clear*|blessing|swells|waiver|reprieve|relief
    + clears|clear|lets|let ... X
    - fines|fine|sues|sue|accuses|bars|bar|blocks|bans|pulls|strike|probe|probes|charges|blacklists|summons
      |illegally|antitrust _ ... X
    - X ... barred|banned|blacklist*|breaches|braces|illegally|close|fined|recall*
    - X _ (to) cut* _ price|jobs
    - X lifts|raises _ price
    - X _ warn|warns|recalls|fined|faces|sued|hit|loses|settles
    - pentagon|military _ ... X
    - X _ idles|closes|shuts
    """
)

# Analysts and columnists on one share.
CALLS = table(
    r"""
    + X _ target|rating _ raised|hiked|lifted|up
    - X _ cut|downgraded|lowered to
    + X _ upgraded|upgrade
    - X _ downgraded|downgrade
    + raises|lifts|hikes|doubles|nudges|boosts|upgrades|likes|backs _ X
    - cuts|trims|slashes|downgrades _ X
    - starts|initiates X at underweight|sell
    - says sell
    0 X _ insider|short interest
    0 cheap ,|for or|a
    + top pick
    + X _ buy|upside|gift|gravy|printing|flying
    + stay|stays long|overweight|bullish
    + reasons to buy|own|hold|love _ X
    + room to run
    0 which ... X
    + best idea
    - i'm|im|m|why selling|sell|short
    + bargain|cheap|sleeper|upside|bullish|bull|undervalued|buying|winner
    """
)
