"""The phrases of what states do to companies, as tables; ``bot.rules.cues`` says how to read them."""

from __future__ import annotations

from bot.rules.cues import table

# Acts of states on trade: what is done to this company, or for it.
MEASURES = table(
    r"""
    + wave|waves|waved|thaw|tranche ... X
    # a share of sales that buys the permission
    + X ... talks|bargain|deal ... cut|share|permit|sell
    - revenue share ... is|may|could|will (be) extended to|on ... X
    + cut|cuts|lower|lowers revenue share
    # hopes and fears by name
    + free|freed|frees|about (to) (be) (freed) X
    + X _ chips|sales|orders about to be freed
    + signs|sign|signed|sign-off|clears|waves (off) _ X
    + prepares|ready|readies|set|close|floats|near|nears|proposes|drafts|consult|consults|plans to|on|for sign|issue
      |grant|general|annual (off) _ licence|licences|license|exception (for|on) X
    + site|general|annual|new licence|licences|license|licenses ... X
    + toys|mulls|weighs|floats|considers|open with|to|over letting|allowing|selling ... X
    + X _ has|have|holds|hold|confirms (it) has (us|dutch) clearance|licence|licences|permit|permits|leave
    + X _ to remain|stay on|in stream|business|production
    + gets|get|receive|receives <number> X
    + X _ told to expect _ permits|permit|licence
    + X ... no|needn't licence|license|permit need|needed|required
    + easing X
    + speak|speaking|discuss|discusses|raise|talk (to) _ (about) X
    + X _ seen winning|winner|gaining
    + pick|prefer|choose|buy X over
    + pause|freeze|ban|block over
    - oblige|obliges|order|orders|force|forces|make|makes|require|requires X to|build|tell|seek|serve|track
    - ahead of ... X _ queue|line
    - X ... may|would|will|must have to build|seek|ask|track|name
    - put|puts|class|classes|classify|license|licence ... X under|permits
    - X ... under|behind permit|permits|licence|licences|review
    - mulling|mulls|weighs|eyes|drafts|plans permit|licence|cap|curb|limit ... X
    - stalls|stall|stalled|parked|wait|limbo|held|delayed ... X
    - X ... stalls|stalled|parked|hold|limbo|wall
    - pull|pulls back ... X _ decision
    - accused|accuses ... X
    - X ... braced|braces|brace for
    - X ... slow|slows|delay|delays|squeeze|lag|tight|disrupt|hold|holds _ (up) ... unit|output|lines|supply|plant
      |capacitors|boards
    - X ... idles|idle|stops|trims|halts|stop|short-time ... beijing|china|nexperia|rare-earth|chips
    - X ... military|army|pentagon _ tag|list|role widens|scrutiny|entries
    - X ... at service of ... military
    - could|may|might be named ... unreliable|listed
    - X ... could|may|might be _ named|listed|added|cut
    - X ... lays off
    - aid|aids|aiding|arms|helps _ military
    - not permitted|allowed to enter
    - keep|limit|restrict|cap|hold X buys|purchases|orders to
    - X ... snub
    - snub|shun|ban|squeeze of X
    - X (,|and) _ in spotlight|focus
    - X _ licence|license|permits _ die|dies|lapse
    - turns|turn down ... X
    - X ... slow-walked
    - refuse|refuses|refused ... permit|licence ... X
    + X _ tranche|batch
    + may|could|to get|receive ... X
    - review|exclusion|case|action ... of|on|against X
    - no X
    + lets|let ... X ... sell|ship
    # somebody else's quarrel: goods that were smuggled, a customer, a destination
    0 X _ lobby|lobbies|lobbied|lobbying|statement|comment|urge*|files
    - n-2|n-3 ... X
    0 X _ no|not|never _ application|licence|permit|knowledge|impact|aware|sought
    0 X _ says|insists|denies|disputes _ (it) no|not|free|nothing|assessing|untrue|unaffected
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
    + struck|strikes|strike|taken|takes|took|removed|removes|removal|delisted|unblacklist|off ... X|list _ from|off
      |list|lists
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
    + lean* to|towards ... yes|<good>
    - X ... hangs|hang on
    - refuse|refuses|refused X
    + permits X
    + can|could sell X
    + close|near|nears|nearing (to) _ <good> ... X
    + X <good> ... through|near
    - aim|aims|hit|hits|call|leans|leaned|press*|sweep|checks|check|inspect*|push*|nudg*|steer*|switch*|ween|wean|vet
      |vetted ... X
    - stop|stops|suspend|pause|avoid|halt|justify|report ... X _ orders|purchases|buys|cards|shipments|parts|gear
      |order|buy|chips|$
    - X _ would fail
    - X ... trouble|firing|narrower|squeezed|affected
    + wave*|free|batch|tranche|first|lets|close|ready|ready|hints|hint|open|could ... X _ batch|through|in|purchases
      |permits|to|selling|go
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
    - X _ barred|banned|blocked|denied|refused|rejected|cut|stripped|revoked|stuck|delayed|shut|locked|turned|out
      |stalled|hampered|restricted|excluded|blacklisted
    - X (now) needs|requires|must|needing|faces|face|loses|misses
    - X ... hit|blow|loss|losses|setback|exposed|crosshairs|fire|cost|charge|jeopardy|doubt|limbo|risk|dead
    - ban|bans|bar|bars|block|blocks|curb|curbs|halt|halts|restrict*|stop|stops|limit|limits|tells|orders|target
      |targets|threaten*|hit|hits|squeeze*|punish*|shun*|avoid*|blacklist*|discourag*|forbid*|warn*|freeze*|snub*
      |summon*|investigat*|probe*|fine*|sanction*|grill*|strike|strikes|ditch|drop|replace|choke* _ X
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
    # who speaks of the measure is not met by it
    0 X chief|ceo|cfo|boss|exec|executive|chair|chairman|co-ceo (on) (<bad>) :
    0 X _ to testif*|study
    0 X _ tell|tells|told|ask|asks _ senators|congress|lawmakers|senate
    0 X _ plays|blasts|calls _ down|<bad>
    0 await*|hinge*|seek|seeks|raise ... <good>|green
    - <good> would|will|to go|lapse|end
    - <good> (are|is) void|off
    - X ... aid|aids|aiding|help|helps|helping ... military|army|pla
    - <good> _ (now|still) needed|required|unacceptable|pending
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
    - <good>|<trade>|truce _ denied|refused|revoked|pulled|suspended|halted|blocked|delayed|stalled|stuck|rejected
      |stopped|barred|banned|lapse*|frozen|dead|hang*|slow-walk*|stall*|snag*|wait*
    + <good> _ granted|issued|approved|cleared|signed|through|land*|restored|renewed|extended|hopes|come|coming|flow*
      |start*
    - <take> _ <good>|<trade>
    - <give> _ <bad>
    - <impose> _ <bad>
    + <give> _ <good>|<trade>
    + <give> ... <good>|<trade>
    - needs|need|needed|requires|require|required|requirement|must|demands _ <good>
    - ban|bans|banned|barring|bar|bars|barred|curb|curbs|blacklist*|tighten*|clampdown|crackdown|restrict*|embargo
      |block|blocks|snub|shun*|avoid|discourag*|sanction*|probe*|investigat*|antitrust|dumping|fine|fined|penalty
      |halt|halts|limits|targets
    + clears|cleared|allow*|lets|let|approv*|greenlight*|green|waive*|exempt*|relief|reprieve|go-ahead|nod|open
      |resume*|restart*
    - list|rule|rules|controls|bill|threat
    """
)

# Smugglers, thieves and spies: the maker of the goods is not the accused.
ENFORCEMENT = table(
    r"""
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
    - X _ fined|raided|probed|subpoena*|charged|indicted|accused|sued|penalised|violated|broke|admits|failed|pays
      |pleads|guilty|settles
    - fines|fined|fine|probes|probe|investigat*|accuses|raids|charges|subpoenas|sues|penalty|looking|scrutin*
      |antitrust|inquiry|case|complaint|demands _ X
    - X ... probe|fine|penalty|antitrust|inquiry|antimonopoly|investigation|subpoena|case|scrutiny|charges|penalties
    - antitrust|probe|inquiry|antimonopoly|monopoly|fine|penalty ... X
    - start|starts|opens|new review of X
    - checks on X
    """
)
