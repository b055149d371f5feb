"""The word lists that the tables of cues call ``<name>``; long because reporters avoid repeating a verb."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "up": """
        surge* jump* soar* rally rallies rallied rallying rise rises rising rose climb* gain gains gained rocket*
        leap* pop pops popped spike spikes spiked rebound* bounce* skyrocket* zoom* vault* hop hops triples tripled
        doubles doubled quadruple* quintuple* roar* explode* flying brighten* firmer balloon* outperform*
        perks strengthens strengthened bounced catapults catapulted vaulted hopped leapt springs sprang booms
        recover recovers recovered rerates shoots shot levitates mounts spurts""",
    "down": """
        fall falls falling fell fallen drop drops dropped dropping slump* sink sinks sank sinking slide slides slid
        sliding tumble* plunge* crash crashes crashed crater* tank tanks tanked dip dips dipped slip slips slipped
        skid* dive dives dived dove nosedive* plummet* sag sags sagged swoon* retreat* stumble* wobble* decline
        declines declined halves halved collapse* underperform* buckle* wilt* hammered slammed battered dumped
        pummel* whacked soften softens reel reels reeling stung clobbered sours weakens weakened craters cratering
        spirals spiralled crumbles crumbled tumbling plunging shudders slackens falters faltered founders flounders
        withers bleeds bled pounded thumped routed mauled shrivels recedes backslides caves wanes succumbs""",
    "share": "share shares stock stocks adr adrs",
    "opens": """
        open opens opened opening end ends ended ending close closes closed closing trade trades trading traded finish
        finishes finished edge edges edged inch inches inched gap gaps gapped""",
    "outlook": """
        outlook forecast forecasts guidance guide view target targets estimate estimates revenue sales profit
        prospects dividend margin goal goals expectations prognosis projection projections numbers""",
    "beat": """
        beat beats tops topped exceeds smashes crushes crushed outruns outrunning surpasses outstrips outstripped
        surpass surpassed exceed exceeded trounces trounced outdoes""",
    "raise": """
        raise raises raised lift lifts lifted hike hikes hiked boost boosts boosted up ups increase increases
        upgrades nudges bumps doubles""",
    "cut": """
        cut cuts trim trims trimmed lower lowers lowered slash slashes slashed pare pares scrap scraps pull pulls
        senkt skips halves halved slices sliced abandons abandoned reduces reduce
        cutting slashing trimming downgrades downgraded shrinks curtails""",
    "stop": """
        stop stops stopped halt halts halted cease ceases suspend suspends suspended pause pauses paused freeze
        freezes end ends quit quits shelves shelve pulls withdraws withdraw drops drop abandons scraps scrap axes
        exits curtails""",
    "good": """
        licence licences license licenses permit permits permission waiver waivers approval approvals authorisation
        authorisations authorization authorizations exemption exemptions veu status access clearance clearances nod
        nods okay ok go-ahead carve-out carve-outs reprieve relief leave pass leeway sign-off allotment extension
        validated green-light greenlight certificate green-lights sign-offs permissions concession concessions
        easing dispensation grace pathway allowance allowances authority amnesty entry""",
    "trade": """
        sale sales selling sell sells shipment shipments shipping ship ships export exports exporting import imports
        importing order orders purchase purchases purchasing buy buying buys delivery deliveries supply supplies
        supplying request requests application applications servicing service use using deal""",
    "bad": """
        ban bans curb curbs restriction restrictions control controls rule rules tariff tariffs duty duties probe
        probes investigation inquiry case cases limit limits cap caps blacklist black-list list lists listing
        listings roll sanction sanctions penalty penalties fine levy crackdown clampdown embargo freeze bill
        requirement threat bar hold veto loophole barrier barriers hurdle anti-dumping purge designation charges
        blockade choke chokehold barring squeeze measures measure scrutiny prohibition restraints constraints
        licensing embargoes fines levies surcharge surcharges moratorium roadblock noose threats reprisal reprisals
        countermeasures raid raids""",
    "give": """
        grant grants granted granting issue issues issued issuing give gives gave given giving approve approves
        approved approving clear clears cleared clearing allow allows allowed allowing let lets letting extend
        extends extended renew renews renewed restore restores restored hands handed handing win wins won get gets
        got getting obtain obtains obtained receive receives received secure secures secured resume resumes resumed
        resuming offer greenlights greenlit green-lights permitted permitting authorises authorised authorizes
        authorized open opens reopen reopens wave waves waved okays okayed unlocks frees earns lands accept accepts
        signed promised promises keep keeps kept retains returns relents exempt exempts exempted exempting spare
        spares spared welcomes clinch* okaying greenlighting green-lighting rubber-stamps rubber-stamped nodded nods
        regains regained regain bags bagged nets netted scores scored clinched unfreezes unlocked
        reinstates reinstated reinstate restart restarts readmits unblocks unblocked agrees """,
    "take": """
        tears rips bins junks repeals repealed repeal reverses reversed overturns overturned
        lowers lowered reduces reduced lift lifts lifted lifting ease eases eased easing relax relaxes relaxed scrap
        scraps scrapped drop drops dropped dropping rescind rescinds rescinded rescinding remove removes removed
        removal waive waives waived ends ended cancel cancels cancelled void voids voided loosen loosens soften
        softens softened shelve shelves shelved abandon abandons delist postpone postpones postponed suspend
        suspends suspended suspending suspension pause pauses paused delay delays delayed halt halts halted withdraw
        withdraws withdrew withdrawn pull pulls pulled revoke revokes revoked revoking revocation deny denies denied
        reject rejects rejected refuse refuses refused refusal stall stalls stalled block blocks blocked blocking
        bar bars barred barring ban bans banned kill kills killed stop stops stopped freeze freezes frozen strip
        strips stripped yank yanks lose loses lost losing nix nixes quash quashes dismiss dismisses rollback vanish
        vanishes lapse lapses snag snags forget no not without won't isn't can't cannot didn't hasn't doesn't don't
        never slow slows restricting hold holding holds cut cuts curb curbs restrict restricts limits withheld
        withhold undo turns-down torn rebuffs rebuffed vetoes vetoed veto shoots torpedoes torpedoed annuls annulled
        nullifies scuppers scuppered clips unwinds unwound shuns shunned snubs snubbed sours thwarts
        thwarted deprives deprived robs""",
    "impose": """
        impose imposes imposed slap slaps slapped tighten tightens tightened widen widens widened broaden broadens
        expand expands new fresh stricter tougher broader wider total full threaten threatens threatened mull mulls
        weigh weighs readies plan plans draft drafts propose proposes consider considers face faces facing adds push
        pushes urge urges seek seeks demand demands closes under hits hit clamps ratchets extends extend escalates
        escalate toughens toughen hardens harden ramps introduces unveils announces levies prepares prepare
        threatening seeking drafting broadening tightening widening expanding stiffer harsher floats floated""",
    "hit": """
        hit hits hurt hurts dent dents hammer hammers batter batters slam slams knock knocks sink sinks drag drags
        rattle rattles jolt jolts spook spooks punish punishes pressure pressures stings clouds squeeze squeezes
        smacks threatens targets crush crushes cripple cripples choke chokes bite bites sap saps sour sours unsettle
        unsettles shake shakes dash dashes cloud squeezing hobble hobbles maul mauls weighs whack whacks tests
        imperil imperils endanger endangers""",
    "boost": """
        lift lifts lifted boost boosts boosted buoy buoys buoyed propel propels cheer cheers cheering fuels helps
        aids bolsters bolster spurs spur supercharges supercharge revives revive strengthens benefits
        benefit rewards reward juices uplifts gladdens heartens energises energizes boosting buoying propelling
        cheering fuelling helping""",
    "win": """
        win wins won winning land lands landed landing secure secures secured clinch clinches bag bags nab nabs get
        gets got score scores lure lures earns earn seals seal bagged nabbed scoops scoop snags nets gains captures
        capture grabs grab""",
    "outage": """
        fire blaze quake earthquake tremor flood floods outage strike walkout contamination virus blackout typhoon
        explosion power-cut""",
    "want": """
        ask asks asked seek seeks sought apply applies applied hope hopes want wants lobby lobbies lobbied request
        requests urge urges asking seeking lobbying""",
    "smuggle": """
        smuggle* smuggling smuggler* smuggled ring indicted arrested arrests charged jailed seized seizes seize
        black-market grey-market gray-market guilty diverted diversion diverting illegally trained posed poached
        stolen thief thieves sentenced detained suspect suspects jail prison plead pleads bought""",
    "percent": r"\d[\d.,-]*%",
    "number": r"[$€£¥]?\d[\d.,]*\w*",
    "never": """
        no not never none denies deny denied dismisses dismiss dismissed rejects reject rejected refutes refute
        disputes dispute isn't aren't wasn't hasn't haven't hadn't didn't don't doesn't won't can't cannot without
        untrue false wrong baseless unaware nothing neither rules ruled off unlikely""",
    "dropped": """
        drops drop dropped scraps scrap scrapped shelves shelve shelved withdraws withdraw withdrew withdrawn pulls
        pulled pull abandons abandoned blocks blocked block rejects rejected reject defeats defeated out buries bury
        backs walks plays brushes downplays retreats retracts rescinds rescinded cancels cancelled canceled kills
        killed dead dies stripped strips taken leave quashes voted delays delayed postpones postponed spares spared
        error mistake lets lapse""",
    "ease": """
        lift lifts lifting ease eases easing relax relaxing loosen loosening end ending scrap remove waive undo""",
    "eased": "lifted eased relaxed loosened ended scrapped removed waived undone",
    "halting": """
        halt halts halting stop stops stopping void voids voiding revoke revokes revoking suspend suspends
        suspending block blocking bar barring cancel cancelling withdraw withdrawing pull pulling freeze freezing
        end ending cut cutting needed hold holding limit limiting restrict restricting curb curbing""",
    "shunning": """
        shun shunned snub snubbed avoid avoided stop banned bans ban barred blocked failed closed halt halted
        restrict restricted cut probe probed investigating investigation inquiry tighter tariff duty levy listing
        listed blacklist sanction* special""",
    "talk": "discuss discussed discussing discussions talks raise raised come came up sell selling swayed",
    "probing": "prob* investigat* inquiry case finding subpoena target charges action evidence",
    "dead": """
        scrap scraps scrapped drop drops dropped dropping abandon abandons abandoned ditch ditches ditched shelve
        shelves shelved walks walk walked terminate terminates terminated withdraw withdraws withdrew ends end ended
        collapse collapses collapsed lapse lapses lapsed dies died dead stall stalls stalled cool cools cooled
        opposes opposition sinks sank calls call blocked blocks block vetoed vetoes scuppers scuttled unravels fails
        failed rejects rejected rebuffs rebuffed spurns no brushes plays pulls pull gives ice hold frozen axes
        axed aborts aborted scotches derails derailed thwarts torpedoes sours unwinds annuls quashes""",
    "deal": """
        takeover merger tie-up buyout acquisition deal bid talks sale approach combination pact plan ipo interest""",
    "buying": """
        buy buys buying bought acquire acquires acquiring acquired swallow swallows absorb absorbs absorbing snap
        snaps purchase purchases purchasing gobble gobbles scoop scoops""",
    "bidding": """
        eye eyes eyeing weigh weighs weighing mull mulls mulling consider considers considering explore explores
        exploring approach approaches approached court courts courting launch launches launched make makes made
        prepare prepares readies preparing offer offers offered sweetens raises tables lodges plots plans seeks
        wants clears cleared approves approved nod circles stalks""",
    "investing": """
        invest invests invested investing puts put pour pours poured pump pumps pumped plough ploughs take takes
        taking took buy buys bought acquire acquires commits inject injects back backs
        snaps picks turns""",
    "selling": """
        sell sells sold selling dump dumps dumped trim trims trimmed exit exits cut cuts offload offloads unload
        unloads slash slashes reduce reduces shed sheds ditches""",
    "with": "with via through from",
    "former": "ex ex- former one-time onetime",
    "watchdog": """
        watchdog watchdogs regulator regulators ftc eu brussels doj samr cma jftc kftc antitrust competition
        commission prosecutors senators lawmakers cac inquiry probe sec ministry authority authorities agency court
        cfius commerce fcc tribunal parliament""",
    "breach": """
        hack hacked hackers breach breached ransomware cyberattack malware stolen recall recalls defect defects
        overheat* melting intrusion hacker phishing extortion""",
    "dying": """
        collapse* lapse* dies died dead ends ended terminated scuttled scuppered unravel* off fails failed blocked
        vetoed stall* through cool* apart sunk derail* implodes evaporate* lapsed abandoned dropped scrapped shelved
        withdrawn aborted axed void""",
    "lacking": """
        lack lacks lacking want short shy starved shortage without await awaits awaiting scarce scarcity""",
    "ordering": """
        order orders ordered buy buys buying bought book books booked purchase purchases purchased commit commits
        committed rent rents rented lease leases source sources sourced reserve reserves reserved secures lock locks
        deploy deploys deploying stockpile stockpiles stockpiling hoard hoards sign signs signed ink inks award
        awards awarded pick picks picked tap taps tapped choose chooses chose place places placed put contract
        contracts adopt adopts use uses""",
    "damage": """
        fire blaze quake earthquake tremor flood floods flooding outage contamination contaminated
        blackout typhoon explosion
        power-cut ransomware storm lockdown drought """,
    "refused": """
        rejected refused denied unanswered revoked withdrawn pulled suspended lapse* expire* snagged stuck stalled
        blocked cancelled canceled voided ignored nowhere declined frozen scrapped nixed vetoed rebuffed spurned
        barred halted axed shelved terminated void ended lost""",
    "revoking": """
        revoke revokes revoked revoking pulled pulls pull withdraws withdrew withdrawn cancels cancelled cancel
        strips stripped voids rescinds rescinded suspends suspended yanks yanked terminates ends scraps scrapped
        axes axed kills halts halted blocks blocked freezes frozen annuls voided void removes removed""",
    "holding": "holding hold holds withhold withholding withholds blocking block blocks cut cutting",
}
