"""The word lists that the tables of cues call ``<name>``; long because reporters avoid repeating a verb."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "up": """surge* jump* soar* rally rallies rallied rallying rise rises rising rose climb* gain gains gained
        rocket* leap* pop pops popped spike spikes spiked rebound* bounce* skyrocket* zoom* vault* hop hops
        triples tripled doubles doubled quadruple* quintuple* advances roar* explode* flying brighten* firmer
        balloon* outperform*""",
    "down": """fall falls falling fell fallen drop drops dropped dropping slump* sink sinks sank sinking slide slides
        slid sliding tumble* plunge* crash crashes crashed crater* tank tanks tanked dip dips dipped slip slips
        slipped skid* dive dives dived dove nosedive* plummet* sag sags sagged swoon* retreat* stumble* wobble*
        decline declines declined halves halved collapse* underperform* buckle* wilt* hammered slammed battered
        dumped pummel* whacked soften softens reel reels reeling stung clobbered sours""",
    "share": "share shares stock stocks adr adrs",
    "outlook": """
        outlook forecast forecasts guidance guide view target targets estimate estimates revenue sales profit
        prospects dividend margin goal goals expectations""",
    "beat": "beat beats tops topped exceeds smashes crushes crushed outruns outrunning surpasses",
    "raise": """raise raises raised lift lifts lifted hike hikes hiked boost boosts boosted up ups increase increases
        upgrades nudges bumps doubles""",
    "cut": """cut cuts trim trims trimmed lower lowers lowered slash slashes slashed pare pares scrap scraps pull
        pulls senkt skips""",
    "stop": """stop stops stopped halt halts halted cease ceases suspend suspends suspended pause pauses paused freeze
        freezes end ends quit quits shelves shelve""",
    "good": """licence licences license licenses permit permits permission waiver waivers approval approvals
        authorisation authorisations authorization authorizations exemption exemptions veu status access
        clearance clearances nod nods okay ok go-ahead carve-out carve-outs reprieve relief leave pass leeway
        sign-off allotment extension validated green-light greenlight certificate""",
    "trade": """sale sales selling sell sells shipment shipments shipping ship ships export exports exporting import
        imports importing order orders purchase purchases purchasing buy buying buys delivery deliveries supply
        supplies supplying request requests application applications servicing service use using deal""",
    "bad": """ban bans curb curbs restriction restrictions control controls rule rules tariff tariffs duty duties
        probe probes investigation inquiry case cases limit limits cap caps blacklist black-list list lists
        listing listings roll sanction sanctions penalty penalties fine levy crackdown clampdown embargo freeze
        bill requirement threat bar hold veto loophole barrier barriers hurdle anti-dumping purge designation
        charges""",
    "give": """grant grants granted granting issue issues issued issuing give gives gave given giving approve approves
        approved approving clear clears cleared clearing allow allows allowed allowing let lets letting extend
        extends extended renew renews renewed restore restores restored hands handed handing win wins won get
        gets got getting obtain obtains obtained receive receives received secure secures secured resume resumes
        resumed resuming offer greenlights greenlit green-lights permitted permitting authorises authorised
        authorizes authorized open opens reopen reopens wave waves waved okays okayed unlocks frees earns lands
        accept accepts signed promised promises keep keeps kept retains returns relents exempt exempts exempted
        exempting spare spares spared welcomes clinch*""",
    "take": """lowers lowered reduces reduced lift lifts lifted lifting ease eases eased easing relax relaxes relaxed
        scrap scraps scrapped drop drops dropped dropping rescind rescinds rescinded rescinding remove removes
        removed removal waive waives waived ends ended cancel cancels cancelled void voids voided loosen loosens
        soften softens softened shelve shelves shelved abandon abandons delist postpone postpones postponed
        suspend suspends suspended suspending suspension pause pauses paused delay delays delayed halt halts
        halted withdraw withdraws withdrew withdrawn pull pulls pulled revoke revokes revoked revoking
        revocation deny denies denied reject rejects rejected refuse refuses refused refusal stall stalls
        stalled block blocks blocked blocking bar bars barred barring ban bans banned kill kills killed stop
        stops stopped freeze freezes frozen strip strips stripped yank yanks lose loses lost losing nix nixes
        quash quashes dismiss dismisses rollback vanish vanishes lapse lapses snag snags forget no not without
        won't isn't can't cannot didn't hasn't doesn't don't never slow slows restricting hold holding holds cut
        cuts curb curbs restrict restricts limits withheld withhold undo turns-down torn""",
    "impose": """impose imposes imposed slap slaps slapped tighten tightens tightened widen widens widened broaden
        broadens expand expands new fresh stricter tougher broader wider total full threaten threatens
        threatened mull mulls weigh weighs readies plan plans draft drafts propose proposes consider considers
        face faces facing adds push pushes urge urges seek seeks demand demands closes under""",
    "hit": """hit hits hurt hurts dent dents hammer hammers batter batters slam slams knock knocks sink sinks drag
        drags rattle rattles jolt jolts spook spooks punish punishes pressure pressures stings clouds squeeze
        squeezes smacks threatens targets""",
    "boost": """lift lifts lifted boost boosts boosted buoy buoys buoyed propel propels cheer cheers cheering fuels
        helps aids""",
    "win": """win wins won winning land lands landed landing secure secures secured clinch clinches bag bags nab nabs
        get gets got score scores lure lures""",
    "outage": """fire blaze quake earthquake tremor flood floods outage strike walkout contamination virus blackout
        typhoon explosion power-cut""",
    "want": """ask asks asked seek seeks sought apply applies applied hope hopes want wants lobby lobbies lobbied
        request requests urge urges asking seeking lobbying""",
    "smuggle": """
        smuggle* smuggling smuggler* smuggled ring indicted arrested arrests charged jailed seized seizes seize
        black-market grey-market gray-market guilty diverted diversion diverting illegally trained posed poached
        stolen thief thieves sentenced detained suspect suspects jail prison plead pleads bought""",
    "percent": r"\d[\d.,-]*%",
    "number": r"[$€£¥]?\d[\d.,]*\w*",
}
