"""The phrases in which shares move and results are told, as tables; ``bot.rules.cues`` says how to read them."""

from __future__ import annotations

from bot.rules.cues import table

# A stated share move wins over the sense of the news: every event, every status.
MOVES = table(
    r"""
    + buy X on (the) dip|weakness|pullback
    0 X lobbying
    0 X shoots|shoot|shot down|off
    0 X _ sheds|shed|loses|lost|drops|cuts <number>|<percent>|\d\S* _ jobs|staff|workers|posts|engineers
    0 X _ <down>|<up> _ arm|unit|support|driver|drivers|design|minimums
    - X ... give|gives|gave up <percent>
    - <share> give|gives|gave up <percent>

    0 preview : X
    0 X _ union|workers ... rally
    - X (<share>) <down> from|to _ record|peak|high|loss|low
    + X _ recovers|recoups|reverses|erases|pares|pare (early|its|all|some) loss|losses
    - X _ pares|pare|trim|trims|loses (early|its|all|some) gain|gains
    - X _ extend|extends|extended|extending (its) loss|losses|slide|decline|drop|fall|rout|slump
    + X _ extend|extends|extended|extending (its) gain|gains|rally|advance|run|climb|record
    + X _ snap|snaps|end|ends|break|breaks _ losing|down streak|run|slide
    - X _ snap|snaps|end|ends|break|breaks _ winning|record streak|run
    - X sell|sells|sold|selling off (on|as|after|in|;|,|$)
    - X _ lowest|weakest (_) since|in|level
    + X _ highest|strongest (_) since|in|level
    - X _ 52-week|two-year|multi-year|one-year|record|fresh low|lows
    - X _ under pressure
    - X (<share>) _ worst|biggest|steepest|sharpest _ week|month|session
    - investors|traders|funds|holders|fund _ dump|dumps|ditch|flee|shun|exit X
    + investors|traders|funds|buyers _ pile|flock|rush|crowd into|to X
    + X _ dropped|removed|struck|taken|deleted from|off _ list|blacklist
    + X _ seen|set|stands (to) gain|gaining|benefit|benefiting
    + X , Y drop|drops (all) (patent) suits
    + X and Y drop|drops (all) (patent) suits
    + X drop|drops (all) (patent) suits
    0 X _ drop|drops|dropped|dropping _ plan|plans|bid|suit|suits|lawsuit|case|support|charges|takeover|complaint
      |appeal|chinese|pursuit|name|brand|support|interest|race
    0 X drops|dropped <number> Y
    0 X _ insider|insiders|director|ceo|evp|svp|cfo|coo|officer|chief ... sells|sold|buys|bought|purchases|offloads
    0 X drop|drops|dropped Y
    - take|takes|took|grab|grabs|steal|steals|win|wins|gain|gains _ share|customers|business ... from X
    + X take|takes|took|grab|grabs|steal|steals|win|wins|gain|gains _ share ... from
    0 X doubles|doubled|triples|tripled _ spend|spending|investment|capacity|output|site|plant|fab|fabs|workforce
      |stake|bet|production|headcount|hiring
    - X off|from _ list ... allowed|approved|procurement|purchasing|buying
    + X off _ list|blacklist|register|roll|roster
    + X _ seen|is as|a winner|beneficiary
    - X _ pull|pulls|pulled back (by) <percent>|from|on|as|after|$
    0 X _ doubles|double down
    + X _ shake|shakes|shrug|shrugs off
    0 past|overtakes|surpasses|leapfrogs X
    0 X lower cost|costs|end|power|price|priced
    0 X _ isn't|not|aren't|without|won't _ <down>|<up>
    - X ... lead|leads|led ... sell-off|selloff|rout|retreat|slump|losses|decline|crash
    + X advance|advances|advanced <percent>|on|in|as|after|$
    0 X _ ceo|chief|executive|boss|founder|chairman _ drops|drop|dropped|declines|declined|dips|falls
    0 X _ declines|declined to|comment|request|invitation
    - X _ reverses _ gain
    - X _ trims gains
    - X _ halves
    + X _ (at|hits|hit|near|a|to|touch|touches|reach) fresh|new|all-time|another|record record|records|high|highs|peak
    + X (<share>) _ at|hits|hit|to|near (a) record|records|highs
    - X _ lead|leads _ lower|losses|decline|down|slide
    + X _ lead|leads _ higher|gains|rally|advance|up
    - X (<share>) _ down|off (about|by|more) <percent>
    - X (<share>) -\d[\d.]*%?
    + X (<share>) \+\d[\d.]*%?
    + X (<share>) _ up|adds|gains (about|by|more) <percent>
    - X _ limit down
    + X (<share>) _ hit|hits|at|locked|to|up limit|limit-up
    + X (<share>) (both|all) <opens> up|higher|firmer|green
    - X (<share>) (both|all) <opens> down|lower|off|weaker|red
    + X ... ends|closes|close|closed|ended up <percent>
    - X ... ends|closes|close|closed|ended down <percent>
    + X buck|bucks (the) market|trend|sell-off|selloff
    + X breaks|tops|passes <number> won|yen
    + X (<share>) hit|hits|at|near (a|an) peaks|highs|peak|high
    + X <share> _ up|higher|firm|firmer|hop|hops|add|adds
    - X <share> _ down|lower|off|weaker
    - X _ worst hit
    - X _ lose|loses|lost ground
    + X _ sharply|much higher|up
    - X _ losing <percent>
    + X up|higher (to|on|as|by|after|in|for|a|at|again|,|sharply|;)
    - X down|lower|off (to|on|as|by|after|in|for|a|at|again|,|sharply|;)
    - X loses|lost|sheds|shed|shave|shaves <percent>|<number>|a (billion|bn|trillion|quarter|third|fifth|tenth|points
      |bln) (in|off|of|as|after|to)
    + X (<share>) _ limit-up|ask-only
    - X _ limit down|lower
    - X _ (at) limit-down
    + X _ upper circuit
    + X _ cross|crosses|crossed|clears|tops|hits|passes|hit|worth \$\d\S* (trillion|tn|pre-market)
    + X _ first _ \$\d\S* (trillion|tn)
    + X hits|hit daily limit
    - X _ biggest|largest|worst|steepest|single-day _ loss|fall|drop|day|decline|rout
    + X _ best|biggest|largest _ gain|day|rise|week
    + X _ 52-week|two-year|multi-year|two-month|25-year|record|all-time|fresh high|highs|peak|peaks
    0 X _ doubles|double|doubled|tripled|halved (in|over) a|\d\S*|spite
    + X _ vaults|tops \d\S* won|yen
    + Y _ up|adds|gains|rises|jumps|climbs|leaps|rallies|surges _ (<percent>) , X \d\S*%
    - Y _ down|off|loses|slips|falls|drops|sinks|slides|tumbles|plunges _ (<percent>) , X \d\S*%
    - <down> ... ; X follows
    + <up> ... ; X follows
    + X _ among gainers
    + X _ overtakes|becomes|tops _ priciest|biggest|most-valuable|most|third-biggest|value|by
    - slide|rout|sell-off|losses|drop|fall for|in|at|of X
    + rally|surge|gains|jump|rise for|in|at|of X
    - wipe*|wiped|erases ... off|from X
    + <boost> X
    + , lifting X
    + X turns|turn|heads|moves|starts higher|green
    - X turns|turn|heads|moves|starts lower|red
    + X _ back to green
    - X _ whacked|wipeout|rout
    + lights a fire under X
    0 X _ price|prices <down>|rebound
    0 rental|rent|grey-market|smuggled|used|second-hand ... X ... <up>|<down>
    0 X _ rent|rental _ <up>|<down>
    - X _ reverses|erases|give|gives|gave (up) _ gains|gain
    + X ticks|perks|ticked|perked up
    - X follows|follow lower|as|on|;|,|$
    - X (<share>) eases|ease lower|as|on|in|by|at|after|though|despite|even|:|;|,|$
    + X firm|firms on|as|after|in|;|,|$
    + X adds|added|gained \$\d\S* (bn|bln|billion|tn|trillion) in|as|on|after|;|,|$
    + X (<share>) hits|hit|tops|passes|breaks <number> _ for _ first
    - cost|costs|costing X (holders|investors|shareholders) <percent>
    - took|takes|knocked|knocks|shaved|shaves <percent>|third|quarter|tenth|fifth off|from X
    - X (<share>) _ <percent> lower|loss|decline
    + X (<share>) _ <percent> higher|up
    - X drag|drags|weigh|weighs|lag|lags on|as|;|,|:|$
    + X shine|shines|helps|help as|;|,|:|$
    - X _ among losers|laggards
    + X _ <up>
    - X _ <down>
    """
)

# A share move that is told in a clause of its own: "Applied guides low; shares off 6%".
LONE_MOVES = table(
    r"""
    - foreigners|investors|funds|traders dump|dumps|sell|flee X
    + <up> ... X lead|leads|leading (the) charge
    + X _ lead|leads|leading (the) charge
    - sinks|dives|slides|falls|drops|plunges|tumbles ... as X _ unwind|unwinds|slide|drag|sink|fall|tumble
    0 dow|market|markets|wall|s&p|nasdaq|futures|asian|software|european|global|kospi|nikkei ... <down>|<up>
    - <share> _ down|lower|off|-\d[\d.]*%
    + <share> _ up|higher|\+\d[\d.]*%
    - <share> _ <down>
    + <share> _ <up>
    - <share> _ ease|eases
    + <share> _ recover|recovers|rebounds|green|firm
    - ,|; <down> <percent>
    + ,|; <up> <percent>
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
    - X ... omit|omits|skip|skips|suspend|suspends|cut|cuts|halves|lowers|scraps|no _ dividend|payout
    - bet|bets against X
    - X _ to|could|may|might|would lose _ <number>|revenue|sales
    - X ... cut|hit|hits|dent|weighed|weigh (on) _ sales|revenue|profit
    - <cut>|trimming X _ estimates|estimate
    + X _ narrows|narrowed loss
    - X ... in the red
    + X ... sales|revenue|profit|bookings|orders top|tops|reach|reaches _ <number>|high|record
    - X _ profit|sales|revenue _ falls|fall short
    - X _ posts|post|sees|reports|books ... loss|losses
    + X _ signs ... orders|order|contract
    - sell|sells|selling|sold ... X shares|stock
    - X ... profit|sales|revenue|margin slide|fall|drop|decline|slump|squeezed
    + X ... profit|sales|revenue|margin jump|rise|surge
    - X ... shaving|shaves|shave|delisting
    - X _ trims|cuts year|q1|q2|q3|q4|quarter
    - X sets|puts aside
    + X _ reverses|releases ... reserve|provision
    + X ... *fold _ profit|sales|revenue|growth|rise|jump
    + X overtakes|passes ... value|worth
    - X ... dividend|payout cut
    0 X ... dividend|payout ... unchanged
    + X ... dividend|payout|buyback|buy-back _ increase|rise|up
    - X ... freezes|freeze|suspends|forgo|forgoes|without|omit ... dividend|buyback
    0 X _ proposes|announces|declares ... second-half|quarterly|final|interim dividend ($|of|,|in|to)
    0 without dividend
    + X ... buyback|buy-back|dividend|repurchase
    - X ... costing it|us|them
    - X _ cut|cuts|axes|sheds|slashes _ jobs|staff|posts|workers
    0 X _ no|without|any|longer _ writedown|charge|provision|impairment|hit
    + X _ could|may|set|to _ claw|book _ back|sales
    - X _ warn|warns|warned|warning|braces
    - X _ shrinks|streak|woes|stuck|slows|slow|slowest
    - X _ <cut> _ <outlook>|prognose
    - X _ sales|revenue|profit|net|earnings _ pushed|slips|hurt|down|squeezed
    - X _ loss|losses _ widen*
    + X _ swings|swing|surprises|back|returns|return _ profit|black|growth
    - replaces|replacing|replace X _ dow|index|benchmark|$
    + X _ join|joins|joining|added _ dow|s&p|index|benchmark|nasdaq
    + Y|to replace|replaces|replacing Y in dow
    - X _ delay|delays|delayed|postpones _ report|results|earnings|filing
    - X _ restate|restates|restated
    - downgrade|downgrades|downgraded X
    - cut|cuts|lowers|lowered X to _ junk|sell|hold|neutral|underweight|reduce|underperform
    + upgrade|upgrades|upgraded X
    + no slowdown|letup|let-up|weakness
    - X _ swung|slid|turns|falls|fell (in|to|into) loss|red
    - X _ swings|swung|swing|sinks|slips|plunges|posts|reports|books|logs|flags|record|takes|widens _ loss|losses|red
      |writedown|write-down
    - X ... to|will|may|could|would _ take|book|record|face|cost|shave|lose _ charge|hit|loss|impairment|it|points
    - X ... charge|charges|writedown|write-down|hole|dent|impairment|write-off|writes-off|going-concern|bankruptcy
      |insolvency
    - X ... cost|costs|shave|shaves|shaving|cutting|lose|loses it|margin|revenue|points|<number>
    - hit|charge|loss|dent _ ... X
    - X ... hit of|from <number>|china|export|curbs
    - X ... hit <number>|china|export|curbs
    - X : \$\d\S* _ off
    - shaves|shave|knocks|knock ... off|X X|margin
    - X ... going concern
    - X writes|write off
    - X _ guides|guide|guided|guiding|sees|forecasts|projects|flags _ light|below|lower|low|down|short|weak|soft|flat
      |drop|decline|slower|fall|hit|softer|miss
    + X _ guides|guide|guided|guiding|sees|forecasts|projects|expects|flags|tips _ above|up|higher|well|strong|record
      |growth|beat|double|doubling|tenfold|sales|jump|rise|surge
    - X ... tepid|weak|soft|downbeat|awful|gloomy|muted|below|misses|miss|disappoint*|shortfall|cools|cooling|glut
      |weaker|sluggish|softness
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

# Asked before RESULTS: costs and cut-off sales that stand beside a good word.
RESULTS_FIRST = table(
    r"""
    - X writes|wrote down|off
    + X (:) orders|demand|sales recover|recovers|rebound|rebounds|improve|improves|pick|return|bounce
    0 X keeps|keep|reiterates|maintains|reaffirms|holds|sticks _ (growth) target|outlook|forecast|guidance|view
    - X _ scraps|drops|suspends|pauses|halts|cancels|ends (its) buyback|dividend|repurchase
    - X orders|sales|bookings|demand _ dry|dries|evaporate|vanish|shrink|sink|slip
    - X ... china ... less|shrink|shrinks|smaller|fewer
    + X _ replace|replaces|replacing Y in
    + supply|capacity|output _ won't|can't|cannot|not _ meet|keep|match|satisfy
    + demand _ outpace*|outstrip*|exceed*|outrun*
    - X _ takes|take|books|book|counts|count|sees|faces|expects|flags|warns|warned|puts|tells ... <number> _ hit|cost
      |costs|charge|charges|blow|bill|loss|losses|writedown|dent|off|tariff
    - X ... <number> ... charges|charge|writedown|write-down
    - X ... <number> ... off profit|sales|revenue
    - X ... hit|hurt|dented|squeezed|crimped by|from|on _ <bad>|export
    + X ... won't|not dent|hurt|hit
    + X ... no (<number>) (direct) impact|hit on|after
    - shun|shuns|shunned _ X
    - X _ loses|lost ... revenue|licence|license|sales|customer
    - X ... excludes|exclude|excluding|without|minus ... sales|china
    - X ... cautious|downbeat|can't|cannot
    - X ... tariffs|curbs|limits|restrictions|ban|deposits _ taking|cost|costs|shave|weigh|weighs|lower|hit|dent|hurt
      |bite
    - X ... <bad> _ cost|costs|weigh|weighs|lower|hit|dent
    """
)

# Asked after RESULTS: growth and ranks in looser words.
RESULTS_LAST = table(
    r"""
    + X ... tripling|doubling|trebling|treble|trebles|quadrupling|multiplied|fold|tenfold|surged|grew|growth|soared
    + X _ <percent> higher|above|up
    + X ... <percent> higher|gain|rise|jump|growth
    + X _ passes|overtakes|overtook|becomes|tops|leapfrogs ... as|most|priciest|biggest|largest|third|second
    + X _ green|front|firms
    + good|great news for X
    - bad|terrible news for X
    + with X _ out|in|leading _ front|lead|pack|way
    + upgrades|upgrade|upgraded
    + X ... half|most|bulk of _ gain|gains|rally
    - X ... <percent> lower|loss|fall|drop|decline
    - X ... cut|cuts _ jobs|staff|workers
    - X ... no plan|growth|recovery
    - restrictions|curbs|limits|controls|tariffs ... lower|cut|hit|dent|weigh ... revenue|sales|profit|margin
    """
)
