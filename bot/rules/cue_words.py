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
    "refuting": """
        denies denied denying deny rejects rejected refutes refuted rebuts rebutted disputes disputed dismisses
        dismissed rubbishes contradicts contradicted scotches quashes disowns isn't aren't wasn't hasn't haven't
        didn't doesn't won't never not no""",
    "untrue": """
        untrue false wrong baseless incorrect unfounded groundless fabricated fiction rumours hoax fake nonsense""",
    "harm": """
        freezing suspending delaying cancelling canceling shutting postponing scrapping exiting recalling
        dropping cut cuts cutting delay delays delayed late fail fails failed failing loss losing lost lose
        shut shutdown halt halts halted halting stop stops stopped stopping suspend suspended suspends cancel
        cancelled canceled freeze frozen warning squeeze squeezed damage damaged redesign slipping slip slowed
        slow shortage breach dumped dumping overheating overheat leak probe subpoena recall reducing reduced
        rationing ration unhappy shrink shrinking falling fell drop drops dropped leaving quitting scrapped
        shifted shifting moving moved in-house layoffs bankruptcy insolvency hit trim trimmed ended end rights
        writedown setback trouble problem problems slowdown slump glitch defect defects fault flaw flaws fire
        outage disruption disrupted closing closure closed hacked hack defective postponed postpone stalled
        idled idle poor""",
    "gain": """
        rise rises hike hikes increase raise raised raising order orders deal talks price-rise sale sales sell
        selling buyback merger takeover bid stake supplying supply making contract won winning win expansion
        resume resuming reversed bonus approval plans plan restart pricing""",
    "site": """
        fab fabs plant plants factory factories foundry foundries site sites campus line lines hub project projects
        plan plans expansion expansions extension construction work build-out complex cleanroom venture award idea tool
        tools start groundbreaking park phase megafab""",
    "shelving": """
        halts freezes pauses stops suspends halt pause freeze stop suspend mothballs mothball rethinks rethink shelves
        shelve buries bury scraps scrap axes axe cancels cancel abandons abandon delays delay postpones postpone defers
        defer slows curtails reconsiders ditches ditch""",
    "aid": """
        grant grants award awards subsidy subsidies aid funding money loan loans credit credits tax cash support
        incentive incentives""",
    "nod": """
        nod approval approvals clearance consent go-ahead green-light green blessing permission permit permits okay ok
        all-clear sign-off assent""",
    "helps": """
        pick picks picked picking choos* chose chosen select selects selected tap taps tapped back backs
        backed backing fund funds funded financ* bankroll* subsidis* subsidiz* support supports rescu* save
        saves saved boost boosts boosted lift lifts lifted lifting help helps helped aid aids bolster* buoy*
        cheer cheers gladden* reward rewards rewarded favour favours favor favors prefer prefers praise
        praises praised laud lauds lauded hail hails hailed applaud* commend* touts recommend* upgrad* endors*
        clear clears cleared approv* okay okays okayed greenlight* permit permits permitted allow* let lets
        letting exempt* spare spares spared free frees freed pardon* absolv* acquit* exonerat* vindicat* award
        awards awarded grant grants granted give gives hand hands promis* pledg* acquire* snap snaps adopt
        adopts adopted deploy* install* embrac* court courts courting woo woos circl* stalk* bid bids welcome
        welcomes join joins prop props shield shields protect* sweeten* enrich* crown crowns""",
    "hurts": """
        sue* suing accus* charge charges charged fine fines fined raid raids raided probe probes probed
        investigat* block blocks blocked bar bars barred ban bans banned veto vetoes vetoed reject rejects
        rejected rebuff rebuffs rebuffed spurn spurns spurned snub snubs snubbed shun shuns shunned ditch
        ditches ditched ditching dump dumps dumped dumping drop drops dropped dropping axe axes axed squeez*
        pinch pinches hurt hurts hurting hit hits hitting harm harms harmed damage damages dent dents dented
        hammer hammers batter batters rattle rattles rattled jolt jolts jolted spook spooks spooked unsettle*
        threaten* endanger* imperil* menace* rebuke* scold* slam slams slammed blast blasts attack attacks
        attacked criticis* criticiz* pan pans mock mocks lambast* assail* condemn* denounc* fault faults blame
        blames blamed penalis* penaliz* punish* sanction sanctions sanctioned blacklist* restrict* curb curbs
        curbed limit limits limited cap caps capped constrain* hamper* hobbl* hinder* imped* slow slows slowed
        delay delays delayed stall stalls stalled halt halts halted stop stops stopped freeze freezes frozen
        suspend* disrupt* cripple* paralys* paralyz* idle idles idled evict* expel* oust ousts ousted remov*
        exclud* sidelin* bypass* replac* displac* supplant* unseat* dethron* overtak* overtook eclips*
        outrank* outsell* outsold outpac* outmuscl* outgun* trounc* undercut* challeng* rival rivals threaten
        copy copies copied clone clones cloned infring* steal steals stole stolen robs robbed hack hacks
        hacked breach breaches strip strips stripped deny denies denied depriv* starv* downgrad* short shorts
        shorting abandon* desert deserts deserted boycott* grill grills grilled summon* question questions
        questioned pressur* quit quits quitting leave leaves leaving exit exits trail trails sap saps target
        targets bury haunt haunts dog dogs plague plagues sour sours""",
    "thrives": """
        win wins won winning gain gains clinch* bag bags net nets beat beats top tops resume* restart*
        recover* rebound* restor* reopen* escape* dodge* avoid* avert* overtake* overtook lead leads dominat*
        outpac* outsell* outperform* qualif* regain* reclaim* accelerat* prevail* benefit* thriv* enjoy*
        sidestep* cheer* flourish* prosper* triumph* vindicated exonerated acquitted cleared spared exempted
        approved rewarded praised lauded hailed favoured favored upgraded boosted lifted helped buoyed chosen
        picked selected tapped awarded crowned backed rescued sold-out""",
    "suffers": """
        lose loses lost losing face faces facing delay delays delayed halt halts halted suspend suspends
        suspended stop stops stopped cancel* scrap* shelve* miss misses missed cut cuts slash slashes warn
        warns fear fears fret frets struggle* fail fails failed flunk* stumble* suffer* withdraw* pull pulls
        postpone* abandon* quit quits exit exits retreat* shut shuts idle idles recall recalls
        apologise* apologize* admit* plead* forfeit* cede cedes brace braces fight fights bleed* burn burns
        default* restate* axe axes freeze freezes pause pauses mothball* blame blames trim trims defer defers
        ration rations lags lag trail trails slips stall stalls stalled sinks falter* flounder* reel reels
        languish* wither* shrink shrinks dwindl* evaporat* dries flags counts complain* laments regrets
        concedes curtail* downsiz* backtrack* backpedal* jettison* hobbled hampered squeezed pinched crippled
        dogged plagued dented exposed stranded stuck shunned snubbed barred blocked denied refused sued
        fined probed accused charged indicted raided""",
    "wanted": """
        sold spoken booked tight tighter tightness allocation lead-time prepay* prepaid premium surcharge hike
        hikes dearer rising rise rises higher record demand full fill fills filling filled fully backlog
        overflow hungry thirst scramble queue queues short shortage snapped flying brisk strong stronger boom
        booming doubling doubles tripled triple doubled extra more order orders customer customers client
        clients contract contracts multi-year long-term supplier qualified qualifies adopts picks resume*
        restart* gigawatt gw million""",
    "unwanted": """
        weak weaker glut oversupply inventory inventories falling fall falls slump* drop drops cut cuts stall*
        halt* stop* delay* unsold discount* dump* slow slows slowing lower fewer less loses lost lose ban bans
        banned curb curbs blocked pause* suspend* cancel* shrink* quit* exit* leave leaving rival rivals
        domestic home-grown in-house without glitch flaw overheat* nowhere stuck idle* ration* zero nothing no
        never end ends ended ceas*""",
    "welcome": """
        subsid* grant grants aid award awards credit credits tax approval approves approved permit permits nod
        cleared clears green funding money billion early yields passes passed win wins customer customers
        incentive* finalis* finaliz* greenlight* okays okay cash support backing funds demand""",
    "hitch": """
        delay* halt* stop* shelv* quake earthquake tremor fire blaze outage strike* lawsuit sue sues
        opposition zoning idle* cut cuts slip slips paus* suspend* evacuat* flood* power drought leak* hack*
        postpon* abandon* scrap* cancel* mothball* fined killed death accident protest* residents neighbours
        neighbors hold stall* slow* dormant shut* clos* withdraw* quit* struggl* low poor short shortage curbs
        limits layoffs trim* freez* late problem* trouble*""",
    "cheering": """
        wins won beats beat approval approved clears cleared record lifts raises profit back order orders
        contract deal joins praise* reprieve exempt* spared truce upgrade* tops jumps rises nod surge*
        acquitted dropped boost*""",
    "chilling": """
        sue* suing lawsuit suit fine fined probe* investigat* ban bans banned tariff tariffs duty duties
        recall* strike outage hack* breach* raid loss losses cut cuts halt* halts stop* idle* shut* warns
        delay* shortage blacklist* sanction* curbs accus* charge* fraud fire crash* down falls fell plunge*
        reject* loses lost withdraws drop drops scandal junk antitrust boycott*""",
    "opening": """
        approv* clear* grant* issue* allow* let lets permit* licence licences license licenses waiver exempt*
        nod relief relax* ease* eased easing resume* restart* green sell extend* renew* year annual sign*
        through received hope* talks propos* draft*""",
    "closing": """
        revok* revoc* den* refus* reject* block* ban* bar* halt* stop* suspend* withdraw* pull* cancel* delay*
        stall* pending wait* hold void lapse* expir* without no not never needs need require* curb* limit*
        tighten* freeze* frozen slow* stuck limbo hinge* must probe* senators lawmakers""",
    "guilt": """
        probe* investigat* fine* penalt* charge* indict* raid* subpoena* accus* sue* violat* illegal* smuggl*
        senators lawmakers letter letters asks asked request* seiz* alleg* guilty plea* antitrust ban* block*
        bar* question* grill* summon* look looks examin* review* over""",
    "acquittal": """
        drop* clear* acquit* end ends ended suspend* close* settle* dismiss* spare* no not""",
    "improving": """
        beat beats record raise raises raised rise rises rising growth grow grows grew up above profit strong
        higher double doubles doubled top tops topped lift lifts hike hikes black joins join add adds added
        high most best lead leads surge swell swells reach reaches exceed ahead early resume reverses finally
        bottomed over buyback buy club market upbeat ramp largest biggest first milestone""",
    "worsening": """
        miss misses cut cuts loss losses lower fall falls fell drop drops decline down below weak weaker soft
        slow slows slowest red charge charges hit impact cost costs hole excludes without zero no withdraw*
        suspend* delay* late trim* warn* flag* blame* shrink* drag* less half short shortfall undershoots
        dilut* offering stop end ends export tariff tariffs curbs restrictions licence license ban rule rules
        write write-off off under risk peaked normalise gives sell sells""",
    "praise": """
        winner winners win wins winning cheap cheaper cheapest bargain undervalued own hold buy upside
        comeback best top moat monopoly growth gift strong stronger room higher climb climbs beat bullish
        leads love like likes wider safe sleep dodge* spared gain gains lift lifts boost boosts save* saved
        rich king great praise* deserves overdone right rally relief dent needn't fit survive* thriv*
        resilien* favourite favorite pick picks upgrade* raised raises double* hope hopes""",
    "doom": """
        loser loser* lose loses losing lost trouble* problem* risk risks risky fear fears worry worries
        danger* overvalued expensive trap bubble sell selling sold short cut cost costs hurt hurts bruise*
        squeeze* slow slows weak weaker late falls fell bad worst blunder mistake wrong without end ends
        doubt* warn* bear bears debt dead death slip slips threat* shock blow scare nightmare tragedy bind
        narrow* shut ban banned bans revoked refus* no never skip avoid shun* trim downgrade* trouble crown
        rival* gap strain fail* sank sink* hole hit hits peril leash blacklist* sanction* careful fools cold
        snub* cautious cautions tightened imperil* nervous broke break charges indictment""",
}
