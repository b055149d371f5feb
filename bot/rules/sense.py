"""Which sense a headline's news has for those who are not named: eased or tightened, short or in glut, up or down.

Every sense has an opposite and a table of phrases, read as ``bot.rules.cues`` says, with ``+`` for the first of the
pair, ``-`` for the second and ``0`` for words that leave it open. Unlike there, every phrase counts, and each takes
its words out of the headline: "lifts ban" is no ban. Where the phrases disagree there is no sense.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.domain import Event, Status
from bot.rules.cues import END, Rule, table
from bot.rules.tickers import body_end, fold


class Sense(StrEnum):
    """What the news does to a trade, a plant, a supply, a price or a budget."""

    EASING = "easing"
    TIGHTENING = "tightening"
    RECOVERY = "recovery"
    OUTAGE = "outage"
    SHORTAGE = "shortage"
    GLUT = "glut"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"
    SPENDING_UP = "spending_up"
    SPENDING_DOWN = "spending_down"

    @property
    def opposite(self) -> Sense:
        """The sense that turns every sign."""
        return _OPPOSITE[self]


_PAIRS = (
    (Sense.EASING, Sense.TIGHTENING),
    (Sense.RECOVERY, Sense.OUTAGE),
    (Sense.SHORTAGE, Sense.GLUT),
    (Sense.PRICE_UP, Sense.PRICE_DOWN),
    (Sense.SPENDING_UP, Sense.SPENDING_DOWN),
)
_OPPOSITE = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}

# Verbs that undo, nouns that bind, nouns that free. Only in company do the nouns say anything.
_UNDO = """lift|lifts|lifted|lifting|ease|eases|eased|easing|relax|relaxes|relaxed|relaxing|scrap|scraps|scrapped|drop
    |drops|dropped|rescind*|remove|removes|removed|removing|removal|end|ends|ended|ending|cancel*|loosen*|soften*
    |shelve*|abandon*|delist*|postpone*|suspend*|suspension|pause|pauses|paused|pausing|delay|delays|delayed|withdraw*
    |withdrew|void|voids|voided|revers*|rollback|undo|undoes|quash*|dismiss*|dodge*|escape*|avoid|avoids|avoided|spare
    |spares|spared|repeal*|reject*|kill|kills|killed|narrow*|denies|denied|halt|halts|halted|freez*|frozen|block|blocks
    |blocked|reduces|reduced|lowers|lowered|waive|waives|waived|exempt*|stop|stops|stopped|lapse|lapses|expire*"""
_BIND = """ban|bans|bar|curb|curbs|restriction|restrictions|control|controls|rule|rules|tariff|tariffs|duty|duties|levy
    |levies|limit|limits|cap|caps|blacklist|blacklisting|list|lists|sanction|sanctions|crackdown|embargo|freeze|bill
    |requirement|requirements|barrier|barriers|hold|halt|probe|suspension|prohibition|prohibitions|revocation|blockade
    |clampdown|moratorium"""
_STOP = """revok*|revocation|cancel*|suspend*|suspension|pause|pauses|paused|halt|halts|halted|halting|deny|denies
    |denied|denial|reject*|refus*|stop|stops|stopped|stopping|freez*|frozen|withdraw*|withdrew|pull|pulls|pulled|strip
    |strips|stripped|delay|delays|delayed|stall*|block|blocks|blocked|blocking|bar|bars|barred|barring|ban|bans|banned
    |banning|end|ends|ended|rescind*|curb|curbs|curbing|restrict*|limit|limits|limiting|choke*|void|voids|lose|loses
    |lost|losing|expire*|lapse|lapses|yank*|remove|removes|removed|scrap|scraps|scrapped|dropping|ending|cut|cuts
    |cutting|tighten*|drop|drops|without|no|not|never|nixes|forbid*|prohibit*"""
_FREE = """licence|licences|license|licenses|permit|permits|waiver|waivers|approval|approvals|exemption|exemptions|veu
    |authorisation|authorisations|authorization|authorizations|status|clearance|access|reprieve|relief|carve-out
    |carve-outs|sale|sales|sell|selling|shipment|shipments|shipping|export|exports|exporting|import|imports|importing
    |order|orders|purchase|purchases|buy|buying|delivery|deliveries|supply|supplies|production|servicing|service|allow
    |allows|approve|clear|green-light|resume"""
_LICENCE = "licence*|license*|permit|permits|waiver*|approval*|exemption*|veu|authori*|clearance*|nod|reprieve|leave"

# What the words themselves undo; of a denial only these count.
_UNDONE = table(
    rf"""
    0 whether to
    - beijing|china|chinese|cac|miit|regulator|regulators ... tells|told|asks|asked|urges|urged|orders|ordered|warns
        |instructs|pushes ... stop|halt|avoid|suspend|cease|shun|not|against|off|ditch|replace|drop|pause|without
    0 urge*|lobb*|plead*|pressed|presses|petition*|campaign*|appeal* _ to|for|against|on|over
    0 call|calls|called|push|pushes for|to
    0 ask|asks|asked|want|wants|demand|demands|hope|hopes|seek|seeks|sought|apply|applies|applied _ {_LICENCE}|to|for
    0 await*|pending|waiting|awaits
    0 despite|amid|dodging|evad*|skirt*|around|beyond|under|bypass*|circumvent*|sidestep*|defy|defies|defying|facing
        |overcome*|counter* _ {_BIND}
    0 fail|fails|failed|unable|struggle|struggles to|in stop|halt|curb|block|get|win|secure|ban|keep
    0 stay|stays|remain|remains|still frozen|blocked|banned|barred|stalled|halted|restricted|suspended|limited
    - clos*|plug*|shut*|end|ends _ loophole|loopholes ... let|lets|allow|allows|allowed|allowing
    - clos*|plug*|shut*|end|ends _ loophole|loopholes
    + {_UNDO} _ {_BIND}
    + {_BIND} _ lifted|eased|relaxed|scrapped|dropped|rescinded|removed|ended|cancelled|loosened|softened|shelved
        |postponed|suspended|paused|delayed|withdrawn|reversed|waived|lapses|expires|ends|reduced|lowered|halted|off
        |over
    + taken|takes|take|struck|dropped|removed|off _ from|off _ list|blacklist
    + holds|hold|backs|back|held|backed off|down|away|back _ {_BIND}|banning|curbing|curb
    + refus*|reject*|declin*|deny|denies|denied|no|not|never|won't|without|isn't|hasn't|didn't _ ban|banned|banning
        |block|curb|restrict|blacklist|halt|halted
    - rule|rules|ruled out _ {_FREE}
    - {_STOP} _ {_FREE}
    - {_FREE} _ revoked|cancelled|suspended|paused|halted|denied|rejected|refused|stopped|frozen|withdrawn|pulled
        |stripped|delayed|stalled|blocked|barred|banned|ended|rescinded|curbed|restricted|limited|lost|expires|lapses
        |voided
    """
)
_DONE = table(
    rf"""
    - off-limits|cut-off
    - need|needs|needed|require*|must _ {_LICENCE}
    - {_LICENCE} (now|is|are) needed|required
    - told|tells|orders|ordered|warns|warned|instructs ... stop|halt|avoid|suspend|cease|shun|not|against|off|ditch
        |replace|drop|pause
    - <impose>|announces|unveils|sets|signs|adopts|introduces|doubles|raises|hikes _ {_BIND}
    - add|adds|added|adding|addition|additions|put|puts|place|places|placed|names|named|join|joins|hit|hits|land
        |lands ... list|lists|blacklist|roster
    - hit|hits _ tariff|tariffs|controls|curbs
    + licenses|licences|licensed _ to export|sell|ship|import
    + <give> _ {_FREE}
    - opens|opened|open|launches|launched|launch|starts|begins _ probe|investigation|case|inquiry|review
    + cuts|cut|reduces|lowers|lower|reduced|slashes _ tariff|tariffs|duties|levy
    - ban|bans|banned|banning|bar|bars|barred|block|blocks|blocked|blocking|curb|curbs|curbing|restrict*|tighten*
        |blacklist*|crackdown|clampdown|clamps|embargo*|forbid*|prohibit*|sanction|sanctions|sanctioned|revok*|choke*
        |denies|deny|denied|shun|shuns|discourag*|snub|snubs|avoid|outlaw*
    + allow|allows|allowed|allowing|let|lets|letting|approv*|clear|clears|cleared|greenlight*|greenlit|green-light*
        |grant|grants|granted|resum*|restart*|reopen*|exempt*|waive|waives|waived|waiving|relax*|loosen*|okays|okayed
        |go-ahead|nod|unblock*|authoris*|authoriz*|eas*|permits|permitted|lift|lifts|lifted|carve-out
    """
)
MEASURES = _UNDONE + _DONE
_DISASTER = """quake|earthquake|tremor|typhoon|fire|blaze|flood*|blackout|outage|contamina*|explosion|leak|power|storm
    |strike|walkout|drought|cyberattack|ransomware"""
OUTAGE = table(
    rf"""
    0 no|minor|little|limited|unaffected|normal|averts|averted|avoid|avoids|spared|threat|threaten*|risk|risks|fears
        |drill|drills|unharmed|intact
    0 strike|strikes _ deal|deals|pact|agreement
    + restart*|resum*|restor*|reopen*|recover*|back|repair* ... {_DISASTER}|online
    + {_DISASTER} ... restart*|resum*|restor*|reopen*
    - halt*|stop|stops|stopped|evacuat*|shut|shuts|suspend*|disrupt*|damag*|idle|idles|idled|knock*|paralys*|scrap*|hit
        |hits|contaminat* ... {_DISASTER}|wafers|lines
    - {_DISASTER} ... halt*|stop|stops|stopped|evacuat*|shut|shuts|suspend*|disrupt*|damag*|idle|idles|idled|hit|hits
        |knock*|paralys*|strikes|rocks|jolts|scrap*
    - {_DISASTER} at|in|near ... plant|fab|factory|line|lines|site
    """
)
SHORTAGE = table(
    r"""
    0 no|not shortage|shortages|glut
    0 fight*|target*|tackl*|solv*|fix*|crack*|combat*|address*|break*|uncork*|beat|overcome|despite|fear
        |fears _ shortage|shortages|bottleneck|bottlenecks|crunch
    0 labour|labor|talent|worker|engineer|staff|skills|water shortage|shortages|crunch
    - shortage|shortages|crunch|shortfall|tightness|bottleneck* _ eas*|end*|over|fade*|abat*|resolv*|cool*
    - eas*|end*|resolv* _ shortage|shortages|crunch|bottleneck*
    - inventory|inventories pile*|builds|swells|swell|balloon*
    - glut|oversupply|oversupplied|overcapacity
    + shortage|shortages|shortfall|bottleneck|bottlenecks|crunch
    + short|tight supply|supplies
    + sold|sells out
    + supply|supplies _ tight|tighten*|tightens|short
    + demand _ outstrip*|outpac*|exceed* _ supply|capacity
    + ration*|allocation|rationing
    """
)
_PRICE = "price|prices|pricing|quotes"
PRICE = table(
    rf"""
    0 share|stock|target|bitcoin|oil|gas|power|electricity|phone|iphone|car _ {_PRICE}
    0 {_PRICE} target|targets|war|list
    0 price-to-earnings|price-fixing
    0 stable|steady|refrain*|no|not|freez*|unchanged|combat*|without ... {_PRICE}|price-hike
    - {_PRICE} _ fall*|fell|drop*|slump*|slid*|sink*|tumbl*|declin*|plung*|cool*|soften*|weak*|down|cut|cuts|collaps*
        |eas*|retreat
    - cut|cuts|cutting|lower|lowers|slash*|falling|lower|weak|weaker|trim|trims|slumping|sliding _ {_PRICE}
    + {_PRICE} _ ris*|rose|rise|jump*|surg*|soar*|climb*|up|increase*|hike*|gain*|double*|doubl*|rall*|spik*|higher
        |record|skyrocket*|tripl*
    + rais*|hik*|lift*|increas*|doubl*|higher|rising|soaring|surging|record|up|boost*|push* _ {_PRICE}
    + price-hike|price-hikes|price-increase
    """
)
_BUDGET = "capex|capital-spending|capital-expenditure*|capital-budget|ai-spending|data-centre-spending"
SPENDING = table(
    rf"""
    0 {_BUDGET} _ doubt*|question*|worr*|fear*|unchanged|steady|flat|maintain*
    0 keeps|maintains|holds|questions|defends|reiterates|reaffirms _ {_BUDGET}
    - cut*|trim*|lower|lowers|lowered|slash*|paus*|pull*|reduc*|scal*|slow*|par|pares|halv*|delay* _ {_BUDGET}
        |data-centre-leases|data-centre-projects
    - {_BUDGET} _ cut*|fall*|drop*|below|slow*|lower|down|slump*|shrink*|miss*
    + rais*|lift*|boost*|hik*|increas*|doubl*|record|ups|bump*|expand*|tripl*|more|bigger|higher|plans|pledges
        |commits _ {_BUDGET}
    + {_BUDGET} _ jump*|surg*|ris*|rose|rise|climb*|up|above|top*|soar*|doubl*|record|higher|increase*|hike*|raise*|to
        |of|swell*|hit*|reach*
    + spend|invest _ <number> _ _ on|in _ ai|data-centres|chips|fabs|capex
    """
)
_TABLES: tuple[tuple[Rule, ...], ...] = (MEASURES, OUTAGE, SHORTAGE, PRICE, SPENDING)
_TOKEN = re.compile(r"[$€£¥]?\d(?:[\w.,-]*\w)?%?|[^\W\d_](?:[\w&'-]*\w)?|[^\w\s]")
# Words that belong together, so that no gap stands between them.
_ONE_WORD = (
    (re.compile(r"\bu\.\s?s\.(?:\s?a\.)?"), "us "),
    (re.compile(r"\bcapital (spending|expenditures?|budget)\b"), r"capital-\1"),
    (re.compile(r"\b(?:ai|artificial intelligence) (?:capex|spending|spend|infrastructure spending)\b"), "ai-spending"),
    (re.compile(r"\bdata[ -]?cent(?:er|re) (?:capex|spending)\b"), "data-centre-spending"),
    (re.compile(r"\bdata[ -]?cent(?:er|re) (lease|project)s?\b"), r"data-centre-\1s"),
    (re.compile(r"\bdata[ -]?cent(?:er|re)s\b"), "data-centres"),
    (re.compile(r"\bgreen light"), "green-light"),
    (re.compile(r"\boff[ -]limits\b"), "off-limits"),
    (re.compile(r"\bcut off from\b"), "cut-off"),
    (re.compile(r"\bprice (hike|increase)s?\b"), r"price-\1"),
)
_SURE = frozenset({Status.CONFIRMED, Status.REPORTED, Status.PROPOSED})
_NO_MEASURE = frozenset({Event.RESULTS, Event.CAPACITY, Event.OTHER})
_ASKING = re.compile(r"\?\s*$")


def senses(text: str, *, event: Event, status: Status) -> frozenset[Sense]:
    """The senses of a headline, at most one of each pair; empty when the words leave it open.

    Args:
        text: one headline.
        event: what it tells of; results, plants and the rest carry no measure of a state.
        status: how sure it is. Commentary and questions have no sense. A denial has only the sense of a measure
            that the words themselves undo ("denies that it banned", "rules out sales").
    """
    if status is Status.COMMENTARY or _ASKING.search(text):
        return frozenset()
    words = _words(text)
    found: set[Sense] = set()
    for (first, second), rules in zip(_PAIRS, _TABLES, strict=True):
        sign = _sign(rules, words, undone_only=status not in _SURE)
        if sign and not (rules is MEASURES and event in _NO_MEASURE):
            found.add(first if sign > 0 else second)
    return frozenset(found)


def _words(text: str) -> str:
    plain = fold(text)[: body_end(text)]
    for pattern, word in _ONE_WORD:
        plain = pattern.sub(word, plain)
    plain = re.sub(r"'s?(?=\W|$)|(?<!\w)'|[\"“”]", " ", plain)
    return f" {' '.join(_TOKEN.findall(plain))} {END} "


def _sign(rules: tuple[Rule, ...], words: str, *, undone_only: bool) -> int:
    """The one sign of all phrases, 0 when there is none, when one leaves it open, or when they disagree."""
    signs: set[int] = set()
    for rule in rules:
        if not rule.pattern.search(words):
            continue
        if undone_only and rule not in _UNDONE:
            return 0
        signs.add(rule.sign)
        words = rule.pattern.sub(" ~ ", words)
    return signs.pop() if len(signs) == 1 else 0
