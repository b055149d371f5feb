"""The phrases of news that is not about chips, as a table; ``bot.rules.cues`` says how to read it.

In short: who is hit and who is helped, in court, in trade, at work and in the figures.
"""

from __future__ import annotations

from bot.rules.cues import table

# Everything that is not about chips: in short, who is hit and who is helped.
OTHER = table(
    r"""
    - X _ end|ends|ended|call|calls|drop|drops|scrap|scraps (off) merger|takeover|tie-up|deal
    + lifts|lift|eases|ends|drops|scraps|removes|lifted ban|bans|curbs|tariff|tariffs|duty|duties|probe|sanctions on
      |against|of|into X
    0 X ... wins|win ... oscar|oscars|emmy|award|awards
    - X must
    - X _ forced to
    - X _ named|cited in|as _ case|suit|lawsuit|probe|inquiry|complaint
    0 X ... wins|win ... cup|contest|cook-off|prize|workplace|honour|honor|medal
    # in court, before regulators
    - X _ sued|fined|raided|charged|indicted|probed|accused|subpoenaed|investigated|recalls|recalled|penalised
      |penalized|hauled|summoned|rebuked|boycotted|blamed|blacklisted
    - X _ faces|face|facing|draws|hit|fights ... fine|suit|lawsuit|trial|probe|inquiry|ban|charges|strike|duty|tariff
      |claim
    - X _ must|to|may|ordered|told|agrees (to) pay _ <number>|billion|million
    - X _ pays <number>
    - X ... loses _ appeal|case|bid|suit|trial|licence|exemption
    - X _ told|ordered _ to|out _ unwind|open|stop|pay|of|leave|divest|sell|canada
    - accuse|accuses|sues|sue|sued|charges|subpoenas|fines|fine|raids|probes|investigates|bans|blocks|bars _ X
    - looks|look into ... X
    - reviews|review|probes|investigates|probe|review|investigation|raid|raids|subpoenas ... at|on|of|into X
    - judge|court _ rejects|denies|tosses X _ plea|bid|appeal
    - import ban|bar on X
    - revokes|revoke|pulls|strips|cancels ... for|of X
    - tells|tell|orders|urges _ firms|airlines|buyers ... no|drop|stop|avoid|shun ... X
    - shut|locked|pushed|kept|taken out|down
    - lands|land|put|puts|puts X _ (on) pentagon|unreliable|black|roll|list
    - X _ lands|put|placed on _ list|roll|pentagon
    - X helped|helps|aids|aided ... military
    - X ... downgrade|downgraded|junk
    - fraud|accounting row|probe|scandal
    - antitrust|breaking up|break-up ... X
    + X _ beats|wins|win|prevails|defeats _ ftc|suit|case|appeal|lawsuit|trial|doj|court|ruling|$
    + X _ founder|chief|boss|chair _ acquitted|cleared
    + X ... cleared|acquitted|spared|exempt|exempted|reprieve|waiver|grace|relief
    + drops|drop|ends|closes|dropped|loses|lose ... case|complaint|probe|suit|bid ... against|freeze|block|stop|on|to X
    + drops|drop X ... case|probe|suit
    + weighs|mulls|eyes delaying|dropping|easing ... X
    + deferred|delayed|postponed|suspended ... outcry|months
    + X ... truce|peace
    + clears|clear|lets|let ... X
    + X _ clear*|blessing|approved|escape*|dodges|swells
    + X _ may|can|could sell ... again
    + X ... has|have|gets|wins (my) blessing|nod|approval|clearance|green
    # orders and deals
    + X _ lands|bags|wins|clinches|nets|books|takes|signs|secures|gets|named|picked ... order|job|contract|deal|role
      |nod|slot|keeper|work
    + hands|awards|gives X _ wider|bigger|new role|contract|order|deal
    + agrees|agree|ready|readies|plans|to (to) buy|order X
    + X to build|supply
    + X taken private
    + X _ joins|join|enters _ s&p|dow|nasdaq|index
    + holders|shareholders back
    # numbers
    + X _ back in black|profit
    + X _ lifts|raises|hikes|ups _ (lower) (end) (of) sales|profit|guidance|view|outlook|forecast|dividend|target
    + X _ profit|sales|revenue|net _ up|best|record|doubles|jumps|rises|beats
    + X _ logs|posts|books|reports ... profit|record
    + X _ beats|tops estimates|on|forecasts|$
    + X _ overtakes|passes|outsells Y
    - X _ reports|posts|logs|books ... loss
    - X _ withdraws|withdraw|pulls|cuts|trims|slashes _ guidance|outlook|forecast|view|forecasts
    - X ... duties|tariffs|tariff (to) cost|costs|bite|hit|add|hurt
    - X _ counts|says|sees|warns ... <number> _ (of|in|from) duties|tariffs|tariff
    - X ... tariff|tariffs ... sights|hand|rise|see|hurt|studies
    - tariff|tariffs|duty|duties (on) ... X _ fall|drop|sink|washers|cars|phones
    - <percent> on autos|cars|phones
    # mishaps
    - X ... outage|hacked|hack|breach|recall|shortage|strike|walk-out|walkout|fire|raid
    - outage|fire|strike|raid|breach|hack ... X
    - X _ workers|staff|union _ walk|strike|down
    - X _ halts|idles|shuts|closes|trims|rations|idle|stops|suspends (its) ... plant|plants|output|production|line
      |works|cracker|deliveries
    - X _ to shut|close|idle|halt
    - X ... lies|lie idle
    - X _ runs|run|running short|out
    - X _ pulls|pull _ doll|product|drug|price
    - unplug|unplugs|drops|ditches|shuns|rip|rips|ripping|remove|removes|bans|dumps (out) X
    - still aren't|not buying X
    - without X
    - weaning|wean ... off X
    - X ... need|needs permit|licence
    - slows|slow|delays|blocks|holds ... of X
    - X ... bar|barred|bans|banned|blacklist*|illegally
    + <give>|buy|buys|acquire ... to|for|buy|acquire X _ for|$
    + praises|praise|hails|lauds X
    + indispensable|world-beating|car of the year
    """
)
