"""The phrases of mergers, stakes and courts, as tables; ``bot.rules.cues`` says how to read them.

In a deal the target gains and the buyer is left alone; when it dies the target loses. In court the loser falls.
"""

from __future__ import annotations

from bot.rules.cues import table

COURTS = table(
    r"""
    - orders|order|opens|launches|seeks inquiry|probe|investigation|audit at|into|of ... X
    - X heirs|family _ sell|sells|offload|pledge
    - X whistleblower
    - X targeted|named in|by
    0 <former> (-) X
    # who wins
    + suit|lawsuit|case|action|claims|complaint ... X ... thrown|tossed|dismissed|quashed (out|$)
    + Y _ loses|lost|fails|failed _ ... against|to|in|over X
    + denies|denied|rejects|rejected|tosses|tossed|throws|dismisses|dismissed|refuses|refused|ends _ Y ... against
      |over|on|versus X
    - backs|sides|favours|favors|clears (with) Y ... with|against|over X
    - X v|vs Y : ... <refused>|refuses|rejects|denies|tosses|dismisses
    + Y v|vs X : ... <refused>|refuses|rejects|denies|tosses|dismisses
    - Y _ wins|win|won _ ... from|against|over X
    + sides|side|back|backs with X
    + declines|declined|refuses|refused to sanction|punish|revive|halt|block ... X
    - declines|declined|refuses|refused to hear X
    + drop|drops|dropping|dropped|withdraws|ends|closes ... appeal|suit|case|complaint|claim ... against X
    + dismisses|dismissed|tosses|tossed|throws|threw|drops|dropped|rejects|denies|quashes|ends|withdraws|overturns
      |annuls|scraps|cuts (out) _ case|suit|lawsuit|claim|claims|complaint|fine|verdict|action|probe|inquiry|ban
      |award|sanction _ against|on|over|into X
    - dismisses|dismissed|tosses|tossed|throws|threw|rejects|rejected|denies|denied|refuses
      |refused (out) (last) X _ bid|claim|claims|case|suit|lawsuit|appeal|request|plea|motion|a|new|retrial|complaint
      |petition
    - X _ loses|lost _ case|appeal|bid|suit|lawsuit|trial|court|fight|claim|verdict|patent|ruling|round
    + X _ wins|won|prevails|scores _ case|appeal|bid|suit|lawsuit|trial|court|fight|claim|verdict|patent|ruling|round
      |dismissal|reversal
    + jury|court|judge|tribunal|panel|ruling|verdict|itc|ptab _ clears|backs|sides|finds|rules|favours|favors
      |for (with|for|in) (favour|favor|of) X
    - rules|rule|finds|sides|decides|ruling|verdict _ against X
    - jury|court|judge|tribunal|panel|verdict|ruling|ptab _ X _ owes|owe|pay|infringed|infringes|guilty|liable
      |strangled|broke|violated|abused|stole|copied|misused|invalid|void|voids|cancels|retrial
    - invalidates|voids|cancels|kills|guts|strikes _ X _ patent|patents|claims
    - X _ must|ordered|told|has _ pay|owe|stand|face (trial) _ <number>|damages|royalties|fine|penalty|trial|jury
    - X _ to pay _ damages|royalties|fine|penalty|settle|settlement|verdict|patent
    + order|orders|ordered|told|tells|must|owes|owe|pays|pay _ pay|<number> _ X
    + pays|owes|pay|owe _ X <number>
    - X _ owes|owe|liable|infringed|infringes
    + drops|drop|ends|tosses|abandons _ X _ class|case|suit|lawsuit|claim|complaint|probe
    # who is accused
    - sue|sues|sued to block|stop|undo|halt X
    - X holders|shareholders|shareholder|investors|bondholders|bondholder _ sues|sue
    - sues|sue|sued|suing X _
    - takes|take|took|drags|dragged|hauls X to|into|before court|tribunal|itc
    - complain|complains|complained|complaint|grievance ... about|against X
    - X (a) statement of objections
    - revive|revives|let|lets|allow|allows|back|backs|clears ... suit|lawsuit|claim|claims|case|action ... against|on
      |over X
    - lets|let X _ suit|case|lawsuit ... go|proceed|stand
    - seeks|seek|wants|asks|sought|demands _ ... import|sales|ban|block|bar|injunction|halt ... X
    - enjoin X
    - brussels|beijing|washington|seoul|senators|lawmakers|warren|senator|congress _ asks|ask|wants|quizzes|demands
      |probes|questions|grills ... X
    - upholds|uphold|upheld ... fine|verdict|penalty|ban|ruling|levy ... on|against X
    - X ... lead plaintiff|investors
    - class action ... X
    - question|questions X
    - looks|look into X
    - investigates|investigating|investigate|probes X
    - alleg|alleges|allege|alleging|claims|claim ... secrets|patents|code|fraud|bias ... to|by|against|at X
    - suit|lawsuit|complaint (by) _ ... says|claims|alleges|accuses|names|targets|against X
    - X ... , suit|lawsuit|complaint _ claims|says|alleges
    - secrets|code|files to X
    - X _ under fire|attack|scrutiny|investigation
    - X ... could face charges
    - X _ class action|actions
    - class action|actions _ X
    - <watchdog> _ looks|look|looking|digs|probe|probes|inquiry|investigat*|charges|charge|fines|fine|raids|raid
      |summons|accuses|objections|questions|quizzes|warns|scrutin*|suspects _ (into|at|on|over|to|of|from) X
    - looks|looking|digs|digging|probes|probe|inquiry|investigat* into (alleged) X
    - X _ faces|facing|hit|draws|under|confronts|fights|suffers _ probe|inquiry|investigation|class|suit|lawsuit
      |claim|complaint|charges|scrutiny|fine|action|objections|antitrust|recall|boycott|strike|verdict
    - suit|lawsuit|complaint|action|accuses|accusing _ X _ (of|over)
    """
)

DEALS = table(
    r"""
    + X holders|shareholders|investors back|approve|bless|clear
    + talks to buy|acquire|take X
    + X rejects|spurns|rebuffs|weighs|considers Y _ bid|offer|approach|proposal
    - bug|bugs|flaw|flaws|hole|exploit lets|let|allows ... X
    0 Y _ accepts|rejects|weighs|spurns|backs X _ offer|bid
    + offers|offered|bids|bid|pays|paying <number> for X
    + X _ accepts|accept ... offer|bid
    + <number> position|stake in ... X
    - X ... plagued|dogged|beset|haunted
    - retaliation|reprisals|action|steps against X
    - pick|picks|chooses|choose|prefers|prefer|favours|favors|selects ... over X
    - X apologises|apologizes|apologise|apologize
    - X _ holder|shareholder|owner|backer|investor _ sells|sell|trims|cuts|exits|dumps|offloads
    - tells|wants|calls|urges ... X chief|ceo|boss _ go|quit|out|resign|leave
    - X on|under watch|review
    - holds|hold|stalls|delays|blocks (up) X _ takeover|deal|bid|purchase|merger
    - X _ customer|customers|client ... own|in-house chip|chips|silicon|processor|part
    + X _ buy|buys|buying back _ <number>|shares|stock
    0 acquired|bought|owned|taken (over) by X
    - dumps|dumped X $|stake|after|on|as
    # deals that die
    - X _ deal|takeover|bid|purchase|swoop _ collapses|collapse|dies|dead|unravels|blocked|fails|lapses
    - walks|walk|walked (away) from|on X
    - gives|gave|give up on X
    - refuses|refused|withholds|opposes|opposition ... to|ends ... X
    - turns|turn|turned down ... X
    0 X _ to|agree|agrees|said|eyes|explores (to) merge|combine|explore (merger) with Y
    0 X _ to merge|combine in
    0 X _ merge _ unit|tape|business|arm|division|line
    - X _ merger|takeover|deal|bid|swoop|purchase|buyout|sale _ <dying>
    0 X _ <dead> _ <deal>|bid|purchase|pursuit|offer
    - <dead> _ X _ <deal>|bid|purchase|sale|offer
    - X merger|tie-up with Y <dying>
    - <dead> _ <deal>|bid|purchase|pursuit|offer _ of|for|with X
    - takes|withdraws|revokes|annuls|bars|blocks|vetoes|rejects|opposes _ X _ sale|deal|takeover|plant|bid|purchase
    - bid|offer|swoop|takeover|tilt|deal|merger|purchase|acquisition for|of|with X _ <dying>
    - appetite|interest for|in X _ cool*|wane*|fade*
    - cools|sours on X
    - X _ on ice|hold
    # deals that live
    0 X _ completes|completed|closes|closed _ acquisition|purchase|takeover|deal|buy (of|,|$)
    + X ... deal|takeover|purchase|buy|bid|merger ... gets|wins|secures|clears|receives|earns|obtains
      |passes ... <nod>|review|scrutiny
    + X ... deal|takeover|purchase ... after|with|as _ <nod>|signs|clears|approves|okays|nods
    + nod|nods|signs|sign|waves|wave|waved|okays off|through|on X
    + X (holders) _ approves|approve|wins|closes ... combination|merger
    + X _ to be|join|enter|replace ... s&p|nasdaq|dow|index
    + X _ prices ipo|listing above|top
    + X _ strong|blockbuster|stellar|hot|roaring debut|ipo|listing
    + X ... ipo|listing|offer|debut ... times covered|subscribed|oversubscribed
    + X _ sells|sell|sold|hands|agrees _ fab|plant|building|land _ to|for Y|<number>
    + X _ agrees|agree to sell
    + <buying> X _ plant|fab|unit|site|lines for <number>
    + split|break-up|breakup|spin-off of X
    + split|break X _ foundry|up
    + X _ readies|prepares|preparing|prepare|weighs|mulls|plans|eyes|eyeing ... for|of (an) (eventual) listing|float
      |ipo|flotation
    + eyes|eyeing|circles|circling|stalks|mulls|bids|bid|wants X
    - block*|veto*|walks|walk|rejects|rejected|drops|dropped|withdraws|withdrew|ends|ended|kills|abandons ... bid
      |offer|interest|proposal for|in X
    + bids|bid|bidding|interest|offer|proposal for|in X
    + X _ draws|attracts|gets|receives|fields ... interest|bid|offer|proposal|approach|suitors
    + X _ exploring|explores|weighs sale
    + X _ asked|asks|sounds|sounded|seeks ... Y ... stake|investment|invest
    0 asked|asks|sounds|sounded|sounding (out) X ... stake|investment|invest
    + grants|subsidies|aid into|to ... X equity|stake
    + <win> ... <nod> for|of X
    + pitched|pitches|pitch ... X foundry|venture
    + X _ to|makes|make|launch|making|building (its) own chip|chips|cpu|silicon
    + praise|praises|praised|laud|lauds|hails|impressed|delighted|satisfied|thanks ... X
    + X ... praise|praised|delighted|satisfied|liked|laud|impressed
    + X _ renew|renews|renewed|sign|signs|signed|extends _ patent|licence|license|cross-licence _ with|deal|licence
      |license
    + accepts|accept X _ remedy|remedies|offer|commitments
    + lose|loses|lost bid|fight|case _ to freeze|block|cancel|stop|end X
    + X _ cleared by|in|of|over
    + dodges|avoids|escapes|averts ... delisting
    + trims|trim|cuts|cut|slashes|halves X _ fine|penalty
    + back|recovers|recovered|returns _ after hack|breach|outage
    + invests|invest|investment|equity _ in X
    + raises|lifts|ups|adds|boosts _ X stake
    + made|run|runs|running|built|written|move|moves|moved|goes|shift (first) to|on|at|by|with|into|for ... X 2nm|n2
      |n2p|18a|14a|foundry|hardware|lines|process
    + leans|lean towards|toward X
    + X _ to supply Y
    + adds|add|installs|buys|takes|puts|ordering <number> X
    + X _ full|volume|mass production , months|early|ahead
    + clears|cleared|lets|let|allows|approves|waves X to|through buy|acquire|take|swallow|purchase|close
    + X _ gets|wins|secures|has|told|receives|clears|obtains|earns ... <nod>|clear|cleared
    + <nod> in hand ... X
    + X ... <raise>|increase _ dividend|payout
    + merger|merge|combine|tie-up|combination with X
    + X _ out|clear|back (from|of) chapter|bankruptcy
    + judge|court _ approves|confirms|clears X _ plan
    0 X _ completes|completed|closes|closed ... offering|placement|notes
    - X _ to offer|sell _ convertible|notes|stock|shares
    - X _ files|file|filed|heads ... chapter|bankruptcy|insolvency
    + X _ files|file|filed _ spin|split|hive off
    0 X _ files|file|filed for|with|to
    - bankruptcy|insolvency|chapter _ ... X
    + pick|picks|picked|choose|chooses|chose|selects|selected X (,|for|as|to|$)
    + X _ signs|books|lands|wins|bags|nets|scores|secures|clinches ... design|order|client|customer|deal|contract|win
      |slot
    + signs|signed|sign _ with X
    + X _ designs|readies|readying|develops|developing|preps|working|works|weighs|launches|unveils|cut ... for|fit
      |fits|suit|suits|meets|meet|within|china-only|china-legal _ china|chinese|mainland|limits|limit|curbs|curb|rules
    + licenses|licences ... to X
    + X ... prepares|readies|files|weighs|mulls|plans _ (unit|arm) (for) _ listing|ipo|float|floating|flotation
    + take|takes|taking (control) of|over X
    + made|built|produced|fabbed|manufactured by|at X
    - <selling> _ X _ stake|shares|holding|stock
    - <selling> _ stake|slice|shares|holding|block|<percent> _ of|in X
    0 <buying> _ X _ unit|arm|business|division|stake|operations|assets|brand|patents|ip|plant|fab|site|lines|robots
      |loss
    0 sue|sues|block|blocks|stop|stops ... <buying> X
    + <buying> _ (control|over|all|rest|most|up) (of) X
    + takes X for <number>
    + X _ in play|merger|takeover|buyout|approach|offer
    + X _ fields|fielded|receives|received|attracts|draws|gets|got _ bid|bids|offer|offers|interest|approach|proposal
      |suitor|suitors|takeover
    + X _ agrees|accepts|backs|recommends _ sale|takeover|offer|bid|buyout|deal|<number>
    + X _ close|near|in|nearing|agree|agrees|closing|tying|to _ merger|merge|combine|combination|knot
    + X _ to be|being _ bought|acquired|taken|sold
    + <bidding> _ bid|offer|takeover|purchase|acquisition|buyout|stake _ for|of|in X
    + <bidding> _ X _ takeover|bid|buyout|deal|acquisition|purchase
    + sounds|sounded|sounding out X
    + <investing> _ <number> _ in|into X
    + <investing> _ (up) (to) stake|tenth|<percent>|<number> _ of|in X
    + <investing> _ X _ stake|shares
    - X _ prices|announces|launches|plans _ share|stock|equity|rights|common|public (public) offering|sale|issue
    # business won and lost
    + asks|turns|taps|weighs|eyes|mulls|considers _ X _ foundry|process|packaging|14a|18a
    + X _ to|will|may|could make|build|produce|design|develop _ chips|chip|processors|asic _ for Y
    + X _ talks|said|picked|chosen|tapped|selected|hired _ to make|build|design|supply|develop
    + <with> X _ chip|asic|accelerator|accelerators
    - X _ loses|losing|lose|lost _ favour|favor|customer|client|contract|deal|order|orders|slot|share|socket|chief
    # mishaps
    + X ... averts|averted|averting|averts|shelves|suspends|ends strike|walkout
    + X ... strike|walkout ... averted|off|shelved|suspended
    - X _ hackers|hacked|stolen|leaks|leaked|breach
    - taken|stolen|leaked ... hackers|breach|hack
    - X ... wage|pay|strike|walkout|union ... on|rejects|walk|out
    - X _ union _ may|could|to|votes|plans ... strike|walk|out
    - strike|walkout stops X
    - pass|passes|passed on X
    - X ... notice of delisting|default
    - X _ to leave|quit new|nasdaq|nyse|york
    - X _ is|are|was refused
    - withdraws|withdraw|loses support|confidence for|in X
    - rival|rivals|match|matches|pass|overtake|beat|dethrone|challenge|topple X _ best|in|on|at|lead|$
    - gap left ... X
    - curbs|limits|ban|restrictions|rules|sanctions _ on|shut|squeeze|keep X
    - X _ access|supply tightens|shrinks|dries|squeezed
    - moves|move|seeks|threatens|wants|tries to cancel|end|revoke|void X
    - X _ to lay|laying|lays off
    - hedges|hedge|hedging on|against X
    - take|takes|taken|bring|brings X ... to|before ... court
    - sanctions against X
    - X _ poses|pose _ risk|risks
    - set|poised|ready|may|might|could|threatens to block|stall|stop|delay|veto|hold X
    - stall|stalls|delay|delays|hold|holds X - Y
    - mainland|foreign|chinese _ buyer|bidder for|of X
    - flaw|flaws|bug|bugs|vulnerability|hole|holes in|at X
    - killing|kills|kill|burn|burns|melts|bricks|frying|fries ... X
    - X _ offers|offer to quit|resign|leave
    - X _ vice-chairman|co-ceo|ceo|chief|chairman|chair|co-chief|president|cfo|founder _ offers|walks|ousted|fired
      |resign*|quits|quitting to|out|as|over|after|in|,|;|$
    - X _ loses|lose|losing|lost ... engineers|engineer|architect|scientists|designer|executives|staff|head|talent
      |researchers
    - X _ architect|engineer|designer|scientist _ decamps|defects|jumps|joins|leaves|quits
    - X _ lays|lay|laying off|out ... curbs|sanctions|losses|slump|blacklist|blaming|china
    - X ... cut|cuts|axes|sheds ... jobs|staff|posts ... curbs|sanctions|losses|slump|weigh|memory|china|demand|loss
    - X _ ditches|abandons|scraps|shelves|kills ... own|plan|plans|line|fab|chip|project|venture
    - combine|combines|unite|team|gang ... against X
    - X ... delayed|postponed by|to|until|as|,|;|$
    - X _ cannot|can't|unable|barred|won't _ sell|ship|supply|license
    - X _ to stop|quit|exit|leave|end _ supplying|selling|china|sales
    - drop|drops|ditch|ditches|dropping|replace|replaces|replacing|swap|swaps X
    + X _ calls|call|called off _ strike|walkout
    + strike|walkout _ off|averted
    - X _ <breach>
    - <breach> _ at|from|of|hits|hit X
    - steal|steals|stole|hack|hacks|breach|breaches _ X
    - X _ strike|walkout|stoppage
    - strike|walkout _ at|hits X
    - X _ recalls|recall|recalling|postpones
    - X _ ceo|chief|boss|chairman|cfo _ ousted|resigns|quits|steps|fired|out|leaves|exits|dies
    """
)
