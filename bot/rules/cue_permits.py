"""The phrases of permissions and penalties by role, as tables; ``bot.rules.cues`` says how to read them.

They are asked before the broader ones of ``bot.rules.cue_measures``: who asks or comments is not hit, what is refused,
revoked or spared has a direction whatever else the words hold.
"""

from __future__ import annotations

from bot.rules.cues import table

OUTRIGHT = table(
    r"""
    + boon|boost|win|relief|reprieve|victory|lifeline|gift|fillip|windfall|tailwind for|to X
    - blow|setback|headache|trouble|headwind|hit for|to X
    """
)

MEASURES = OUTRIGHT + table(
    r"""
    - X gives|give|gave up
    0 X _ expects|sees|says|expect _ little|no|minimal|limited hit|impact|effect|damage
    + drops|shelves|scraps|abandons|ditches|drop|shelve plan|plans|idea|bid|move to cap|ban|bar|tax|curb|block|limit
      |list|restrict|stop ... X
    - licence|license|permit|waiver ... X ends|end|lapses|expires
    0 korea|seoul|japan|tokyo|taipei|taiwan|hague|minister presses|press|asks|urges|lobbies us|washington|lutnick
      |commerce
    0 X asks|ask|seeks|wants|sues to be|get|leave
    - X still ... no|not|without|waits|waiting|awaits
    + X stays|stay|left out of
    - not|won't|never let|allow|permit|license X
    + no objection|objections to X
    + unlikely to object to X
    - needs|need|needing|under|put|puts ... case-by-case
    + take|takes|taken|strike|strikes|struck|remove|removes|delist|delists X off|from
    + keep|keeping|keeps|preserve|preserving|maintain|maintaining|extend|extending|renew|renewing _ <good> ... X
    # an answer to a request
    - X _ loses|lose|lost right|rights|leave|access
    + X _ clears|clear|passes _ hurdle|hurdles|review
    - X _ gets|get|got|receives|granted|given|wins no <good>
    - X _ to|must|will pay|face|bear <percent>|duty|duties|tariff|tariffs
    - yet to win|get|receive|clear|issue|approve|start|begin|ship|arrive
    + another|extra year ... X
    - X _ letter|letters requiring
    - X _ told|says <good> (is|are) needed|required|void
    - X _ bid|plan to ... stall*
    - X ... application|applications|request|bid|plea|appeal ... <refused>
    - X _ permit|permits|licence|licences|license|licenses|exemption|waiver|waivers|status|approval|clearance|plan
      |gear ... <refused>
    - <revoking> ... <good> ... X
    - pulling|revoking|withdrawing|voiding|suspending|cancelling|yanking _ X _ <good>
    - revocation|revocations ... X
    - X ... revocation|suspension|denial of
    + X _ receives|received|gets|got|wins|won|granted|obtains|obtained|secures|secured|lands|handed ... <good>
    # voices: who asks, lobbies or comments
    - X _ must|now|to seek|needs|ask|asks|apply _ permission|leave|permit|nod|permission|licence
    - make|makes|making|would-make X seek|ask|apply|build|serve|sell|tell
    - X ... partial|full withdrawal|revocation
    + X ... cleared|allowed|free|approved|permitted to buy|sell|ship|keep
    + X ... (has|have|had) waved|agreed|granted|assured|cleared|approved|got|told us we can ...
    0 X _ seeks|seek|seeking|sought|asks|petitions|petitioned|applies|lobbies|lobbying|urges|presses|pressing|press
      |applauds|welcomes|criticises|criticizes|slams|thanks|comments|hopes|scoffs|backs|flies|questions|decries|blasts
    - senator|senators|lawmaker|lawmakers|democrats|republicans|congressmen|warren|banks|hawks|moolenaar|panel
      |committee|democrat|hawley|cotton|congress _ press|presses|urge|urges|ask|asks|write|writes|want|wants|call
      |calls|demand|demands|blasts|blast|angry|grill|grills|seek|seeks|void|suspend|oppose|opposes|scold|scolds|quiz
      |quizzes|probe|question
    0 X chief|ceo|boss|executive|exec|president|cfo|chairman|lobbyist _ says|calls|warns|welcomes|urges|slams|:|asks
    0 X (chief|ceo) Y|huang|su|tan|wei :
    0 X _ taps|hires|names|appoints _ lobbyist|lobbyists|veteran|head|envoy
    # not hit after all
    + X ... won't|not|doesn't|don't|needn't|isn't|aren't _ need|require|requires|face|pay|bear|covered|subject|hit
      |affected|caught
    + X ... escape|escapes|spared|exempt|exempted|dodge|dodges|sidestep|sidesteps ... duty|duties|tariff|tariffs|levy
      |tax|curbs|limits|rules|list
    + spares|exempts|exempt|exempting|excuse|excuses ... X
    + back|backs|backed|backing|climbs|retreats off|down|away|from _ X
    + drops|drop|dropped|lifts|lifted|eases|rescinds|scraps|cancels|shelves|loosens|removes _ X _ <bad>
    + sides|rules|finds with|for X
    + X ... throws|thrown out|off
    + throws|throw|tosses|dismisses|rejects _ complaint|case|bid|motion|petition ... X
    + finds no ... X
    + X _ exits|leaves|off|escapes _ list|blacklist|register
    # may go on
    + X _ may|can|could|free|right|rights|allowed|able (to) (again|still|now) (to) go|keep|continue|carry|serve|sell
      |ship|servic*|resume|restart
    + right|rights to sell|ship|export
    + X _ on course for
    + X _ assured|promised ... <good>|supply|sales
    + X _ back|return|returns _ in|to china
    + formalis*|formaliz* X
    + permits|allows|letting|authoris*|authoriz* _ sale|sales|exports|shipments of X
    + letting X
    + letting ... X _ in|into|through|back|sell|ship
    + exchange|return for permits|licences|licenses|permission
    + case-by-case
    + case by case
    # stopped
    - stop|stops|stopping|bar|barring|keep|keeping|prevent ... X ... from|servicing|selling|sales|shipping|shipments
    - add|adds|adding|put|puts|placing|place ... X ... list|control|controls|licence|license|permit|register|regime
    - <holding> ... from X
    - shut|shuts|shutting|cut|cuts|cutting ... access|off|supply|supplies ... X
    - rattle|rattles|rattling|squeeze|squeezes|squeezing|hurting|hitting|threatening|punishing X
    - X ... lacks|short of
    """
)

# A buying state tells its own firms what to leave alone: those who are told only obey.
BUYERS = table(
    r"""
    # the day on which terms begin that were told before; and what they let in
    0 conditions|terms|rules|guidelines ... X ... take|takes|come|comes|enter|enters _ effect|force
    + X may|can|could (now) import|buy|order
    + Y may|can|could (now) import|buy|order ... X
    + favour|favours|favor|favors|prefer|prefers|pick|picks|choose|chooses|buy X over
    + bar|bars|block|blocks|bans|ban import|imports ... in|over X _ patent|patents
    + add|adds|added ... X ... procurement|approved|purchasing|buying list
    + thaw|carve-out
    + to clear|admit ... X
    - strike|strikes|remove|removes|take|takes|drop|drops X from|off _ purchasing|procurement|buying|approved|shopping
    0 tells|told|orders|ordered|asks|asked|urges|urged|warns|quizzes|presses|instructs X ... Y
    0 X _ told|ordered|asked|urged|instructed|warned|quizzed|summoned ... Y
    0 X _ shelves|scraps|drops|shuns|leans|turns|start|starts|ditches|switches|swaps|halts|pauses|cancels ... Y
    """
)

DUTIES = table(
    r"""
    - exemption|waiver|pass|break for X _ end|ends|lapse|lapses|expire|go
    0 X wants|backs|urges|supports|seeks tariff|tariffs|duties|duty
    + X ... duty|tariff free
    0 X moves|shifts|move|shift ... to dodge|avoid|escape|skirt
    + X ... pass|passes on tariff|tariffs|duty|duties
    + X _ gets|get|wins|win|secures|lands|earns ... quota|exemption|pass|break|discount|relief|exclusion|carve-out
      |rebate|credit|waiver|reprieve
    + X _ on par|parity|footing
    + trims|trim|cuts|cut|caps|lowers ... duty|tariff|rate|duties ... (to|at) <percent> ... X
    + X _ plants|fab|chips|wafers|servers|racks ... tariff-free|duty-free|excluded|excludes|exempt|spared|quota|unhurt
    + leaves X _ for later|out
    + inclusion ... increase|duty|tariff
    + X _ add|adds|adding|to-add _ surcharge
    + X ... free of duty|tariff|duties
    + widen exclusions|exclusion ... X
    - X ... adds|add|adding|takes|take|trims|trim|shaves|shave|swallowed|swallow|costs|cost|eats|eat|puts
      |put _ <number>|two|three|<percent>|margin|margins
    - X ... to weigh|bite|bites|dent
    - X ... (now) pay|pays|taxed|levied _ duty|twice|tariff
    - X _ warns|warn|fears|fear|frets|blames|blame|braces|brace ... tariff|tariffs|duty|duties|levy|232
    - X _ withdraws|pulls|suspends guidance|outlook|forecast
    - X _ eyes|mulls|weighs ... as|after|if ... counts|tax|levy|levied|tariff|duty
    - <percent> levy|duty|tariff falls|lands|hits on X
    - duty|tariff|levy on X ... could|may|to|would ... announced|come|land|start
    - build (in) ... or pay|face ...
    - duty|duties|tariff|tariffs ... would|could|may|might|will reach|hit|catch|cover|cost|bruise|sting|squeeze X
    - X ... lose|loses tariff|duty|usmca exemption|exempt|break
    - X _ droop|droops
    - cost|costs|costing X <number>
    + X _ <win> _ terms|rate|ceiling
    - dumping|anti-dumping|antidumping|countervailing ... X
    - X ... bear|bears|pays|caught|bill|absorb|absorbs|costing|costs
    - X _ prices ... up|rise
    - tariff|tariffs|duty|duties|levy ... reaches|hits|hit|catches|catch|snare|snares|covers|lands _ (on) X
    + X ... winner|winners|beneficiary|beneficiaries|gains|ahead
    + breathes out|easier
    - X _ in the middle|crossfire|firing
    """
)

# Smuggled goods are not their maker's guilt; fines, pleas and raids are.
ENFORCEMENT = table(
    r"""
    - freeze|freezes|shut|shuts|lock|locks ... X out
    - queries|query|quizzes|examines|inspects|audits X
    - senate|senators|senator|lawmakers|lawmaker|congress|house|panel|warren|banks|blumenthal|cotton
      |committee _ scolds|scold|grills|grill|asks|ask|press|presses|wants|want|demands|hauls|questions|write|writes
      |gives|quizzes|summons ... X
    - X ... face|faces|facing|grilled|questioned|hauled in|by|before|at senate|senators|lawmakers|congress|panel
    - us|washington|commerce|bis|beijing|brussels|seoul|regulator|regulators|prosecutors|officials|fbi|doj|police
      |agency|customs|meti|ed _ asks|ask|quizzes|quizzing|looks|look|looking|reviews|reviewing|examines|examine
      |examining|checks|believes|believe|allege|alleges|say|says|probes at|into X
    - X ... asked|told|ordered (by) _ to _ account|explain|hand|surrender|halt|produce|disclose|stop|papers|records
    - X ... asked by ... for papers|records|files|data
    - asks|ask|asked X to|how|about|for
    - X _ got|gets|received|receives|discloses|disclosed ... letter|letters|subpoena|request|notice|summons
    - X _ sold|shipped|supplied|used|hid|hides|tested ... say|says|allege|officials|sources|reuters|finds
    - take|takes|took X _ to court
    - bars|bar|block|blocks|ban|bans|halts X _ imports|import|panels|chips|products
    - block|ban|bar on imports|import (of) X
    - seeks|seek|recommend|recommends ... ban|block ... X
    + bars|bar|blocks|bans Y ... ; X wins
    - X _ unit|arm|subsidiary|reseller|dealer _ investigated|checked|charged|raided|probed
    - X _ still frozen|locked|shut out
    - tear|tears|tore up X
    - hold|holds|held up X
    - weighs|mulls|considers|threatens penalties|penalty|sanctions|fines|curbs|action ... on|against X
    - curb X
    - monitor for X
    - X ... halts|cuts ... client
    - X ... voluntarily discloses|disclosed
    - hunting|hunt|hunts (for) X
    - X _ stop|stops|idle|halt _ line|plant
    - probed|investigated|scrutinised|fined by
    0 over|of|with|where|about|into|whose|got|for _ X chips|cards|servers|gpus|tools|kit|parts|gear|deliveries
      |shipments|machines|accelerators|racks|boards|goods
    0 Y ... in|over|under|end|against (a) X (shipment|sales|export) case|probe|inquiry
    + suspend|suspends|drop|drops|end|ends|close|closes|shelves _ probe|inquiry|case|investigation of|into|on|against X
    + end|ends|ended|close|closes|closed|drop|drops|dropped|wraps|suspend|suspends _ X _ inquiry|probe|case
      |investigation|suit|charges
    - raid|raids|raided|search|searches|searched _ X
    - X _ to|will|could|may|must|agrees|near|nears|faces|face _ pay|settle|plead|plea|fine|penalty|<number>
    0 plead|pleads|pleaded not guilty
    - rejects|rejected|dismisses|refuses _ X _ appeal|bid|plea|claim
    - X ... plea|plead|pleads|guilty|monitor
    - X ... pays|fined|penalty|fine _ <number>
    - costs X
    - X _ summoned|hauled
    - matter of : X
    - calls|called|hauls in X
    - go|goes|going|went after X
    - strips|stripped|ousts|removes _ X
    - orders|order|ordered|tells|told X _ to _ <stop>|hand|open
    - stop|stops|halt|halts|seize|seizes|intercept* _ X _ shipments|deliveries|imports|cargo|cargoes
    - sue|sues|sued X
    - senator|senators|lawmakers|congress|panel _ asks|grills|questions|presses|demands X
    - X ... cuts off ... client|customer
    - individuals|executives|employees|staff _ associated|linked|tied _ with|to X _ indicted|charged
    """
)
