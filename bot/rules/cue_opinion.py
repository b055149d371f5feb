"""The phrases of columnists and analysts, as tables; ``bot.rules.cues`` says how to read them.

An opinion is judged by what it says of the firm; a question without an answer says nothing.
"""

from __future__ import annotations

from bot.rules.cues import table

# A move that the writer takes back: the words pull both ways.
FADES = table(
    r"""
    0 overdone|overblown|mirage|premature|panic|overreaction|exaggerated|mispricing|misplaced|unjustified|fades|early
    0 buying|entry|buy chance|opportunity|point
    0 or|and (the|a) ghost|ghosts|mania|meme
    """
)

OPINION = table(
    r"""
    # hopes and praise
    + comeback|renaissance|revival|moat|indispensable|irreplaceable|unbeatable|unstoppable|unrivalled|unrivaled
      |kingmaker
    + X _ winner|winners|beneficiary|beneficiaries|wins|thrives|prospers|shines|cheap|undervalued|bargain|resilient
    + would|will|could|may lift|help|boost|benefit|favour|favor|save|crown X
    + makes|made|keeps|kept X rich|great|king|safe|strong
    + X _ sleep well|easy
    + X _ gets|found|finds|got (a) way|round|around
    + X _ needn't|need|does|doesn't not|need|fear|worry|lose
    + fails|failed|failing|unable to dent|hurt|stop|slow it|X
    + right call|thing|move
    + let|letting X sell|ship|trade|compete
    + X _ deserves|deserve|better|praise
    + winner|winners|beneficiary|beneficiaries (is|are) (:) X
    # fears and blame
    - learn|learns|learning|learned to live|build|do|work without
    - X _ problem|problems|trouble|troubles|scare|nightmare|trap|peril|perils|tragedy|predicament|plight|blues|woes
      |headache|crisis|fall|decline|dilemma|reckoning|shock|debacle|bust|mess|risk|curse|agony|blunder
    - trouble|problem|problems|peril|danger|reckoning|crisis|pain|bad|ruin|death|end|doom|misery|shock for|at|of X
    - X _ should|must|has|ought _ leave|exit|worry|go|feel|quit
    - takes|taking|take|steals|wins ... from X
    - cost|costs|hurt|hurts|bruise|bruises|harm|harms|cripple|cripples|sink|sinks|punish|hit|hits|kill|kills|threaten
      |threatens X
    - selling|sales|sell ... X ... blunder|mistake|folly|danger|dangerous|dumbest|wrong|error|reckless
    - say|says|saying no to X
    - right to turn|block|ban|refuse|deny|bar
    - counsels|urges|advises|tells _ buyers|firms|companies|clients to skip|avoid|shun|drop
    - X ... probe|case|tariff ... cost|costs|price|hurt
    - antitrust weapon|trouble|peril|noose
    """
)

# Analysts and columnists on one share.
CALLS = table(
    r"""
    + no|not bubble|trap
    + not a bubble|trap
    - running|runs|ran out of road|time|steam|luck|cash|room
    - priced for perfection
    + arms dealer
    + shovel sellers
    - cools|sours|cautious|bearish|negative on X
    + warms|bullish|positive|upbeat to|on X
    + X could|may|might|will double|triple|soar|surge|jump|climb|rise
    - X could|may|might|will fall|halve|sink|drop|crash|tumble|slide
    # screens, theories and riddles
    0 bull case theory
    0 bull|bulls|bullish (case) and|versus|vs|or bear|bears
    0 sell into strength
    # a call in one or two words
    - X _ downgraded|downgrade|cut|lowered
    - X ... initiated|started|starts|initiates at|with sell|underweight|reduce|underperform
    - X ... sticks|keeps|stays (to|at) reduce|sell|underweight
    - X ... (rating) downgrade
    - trim|trims|sell|dump|avoid|ditch X
    - i'm|im|i|why sold|out|selling|i'm (half) (my) out|selling|X
    - forget|dump|skip X
    + forget Y : ... X
    - cheap for a reason
    - too dear|expensive|pricey|rich|stretched
    - bear case
    - X _ lag|lags|lagged|trailed|trails
    - leave|leaves much to
    - no plan|moat|edge
    - warns|warn of risk
    - on the brink
    - dangerous|desperate|doomed gambit|game|bet
    - fight with X
    - X ... real problem
    - tragedy|crumbs|casualty
    + X _ double-upgraded|upgraded|upgrade
    + X ... raised|raises|lifted|bumped|nudged|moved|upped|goes|up (to) buy|overweight|outperform|\$\d\S*
    + X (price) target|pt to|goes|raised|bumped|lifted|up|nudged
    + X ... raises|lifts|ups|bumps target|pt
    + reiterates|keeps|reaffirms _ buy|overweight|outperform ... X
    + X ... keeps|reiterates|reaffirms _ buy|overweight|outperform
    + sees|see X at <number>
    + X _ profit|earnings|sales|q3|q2|q1|q4 will|may|to|could double|triple|jump|soar
    + X ... seen back in profit
    + X _ (has|have) further|room|more to run|rise|go
    + own|owning X
    + stocks|names|toolmakers|two|three to own|hold|buy
    + top pick|picks
    + my favorite|favourite
    + best business|stock|way
    + not done yet
    + can't|cannot live without
    + just noise
    + old news
    + priced for nothing|war
    + looks|already priced in
    + bears ... surrender|capitulate
    + not|no (losing) sleep
    + not the end of X
    + still printing
    + hasn't|won't|failed|fails (to) dent*
    + strikes back
    + X pulls|pulled away
    - Y pulls|pulled away as _ X
    + priciest stock|share
    + nobody talks about
    + without china ... growth|crazy|still
    + buys|buying|loads more (shares)
    + X _ target|rating _ raised|hiked|lifted|up
    - X _ cut|downgraded|lowered to
    + X _ upgraded|upgrade
    + X ... upgrades to buy|overweight
    - X _ could|may|might lose _ <number>
    - cost|costs X <number>
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
