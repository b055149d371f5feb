"""The phrases of mergers, stakes and courts, as tables; ``bot.rules.cues`` says how to read them.

In a deal the target gains and the buyer is left alone; when it dies the target loses. In court the loser falls.
"""

from __future__ import annotations

from bot.rules.cues import table

COURTS = table(
    r"""
    0 <former> (-) X
    # who wins
    + dismisses|dismissed|tosses|tossed|throws|threw|drops|dropped|rejects|denies|quashes|ends|withdraws
      |overturns|annuls|scraps|cuts (out) _ case|suit|lawsuit|claim|claims|complaint|fine|verdict|action|probe
      |inquiry|ban|award|sanction _ against|on|over|into X
    - dismisses|dismissed|tosses|tossed|throws|threw|rejects|rejected|denies|denied|refuses|refused (out) (last) X _ bid
      |claim|claims|case|suit|lawsuit|appeal|request|plea|motion|a|new|retrial|complaint|petition
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
    - X _ class action|actions
    - class action|actions _ X
    - <watchdog> _ looks|look|looking|digs|probe|probes|inquiry|investigat*|charges|charge|fines|fine|raids|raid
      |summons|accuses|objections|questions|quizzes|warns|scrutin*|suspects _ (into|at|on|over|to|of|from) X
    - looks|looking|digs|digging|probes|probe|inquiry|investigat* into (alleged) X
    - X _ faces|facing|hit|draws|under|confronts|fights|suffers _ probe|inquiry|investigation|class|suit|lawsuit|claim
      |complaint|charges|scrutiny|fine|action|objections|antitrust|recall|boycott|strike|verdict
    - suit|lawsuit|complaint|action|accuses|accusing _ X _ (of|over)
    """
)

DEALS = table(
    r"""
    0 acquired|bought|owned|taken (over) by X
    - dumps|dumped X $|stake|after|on|as
    # deals that die
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
    + X ... prepares|readies|files|weighs|mulls|plans _ (unit|arm) (for) _ listing|ipo|float|floating|flotation
    + take|takes|taking (control) of|over X
    + made|built|produced|fabbed|manufactured by|at X
    - <selling> _ X _ stake|shares|holding|stock
    - <selling> _ stake|slice|shares|holding|block|<percent> _ of|in X
    0 <buying> _ X _ unit|arm|business|division|stake|operations|assets|brand|patents|ip
      |plant|fab|site|lines|robots|loss
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
    + X _ calls|call|called off _ strike|walkout
    + strike|walkout _ off|averted
    - X _ <breach>
    - <breach> _ at|from|of|hits|hit X
    - steal|steals|stole|hack|hacks|breach|breaches _ X
    - X _ strike|walkout|stoppage
    - strike|walkout _ at|hits X
    - X _ recalls|recall|recalling|postpones
    - X _ ceo|chief|boss|chairman|cfo _ ousted|resigns|quits|steps|fired|out|retires|leaves|exits|dies
    """
)
