"""The fixed phrases of filings and press releases, as patterns: what to cut, what to pass over, what to look for.

Every quantifier over free text is bounded, so that no document can make a search slow.
"""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = rf"(?:{_MONTH}\s+\d{{1,2}}(?:,\s*|\s+)\d{{4}}|\d{{1,2}}\s+{_MONTH},?\s+\d{{4}})"
_DASH = r"(?:--|[–—―]|\s-\s)"
_QUOTE = "[\"“”'‘’]"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _any_words(*patterns: str) -> re.Pattern[str]:
    """Like ``_any``, at the beginnings of words alone; several times faster, because most places are none."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})", re.IGNORECASE)


# ── the parts of an 8-K ──

HEADING = _any(
    r"items?\s{0,3}\d{1,2}\.\d{2}(?:\s{0,3}(?:,|and|&)\s{0,3}(?:items?\s{0,3})?\d{1,2}\.\d{2}){0,5}[\s.:;–—-]*"
)
NUMBER = re.compile(r"\d{1,2}\.\d{2}")
REFERENCE = re.compile(
    r"(?:of|above|below|in|is|are|shall|to|on|herein|hereof|which|has|was|by|and)\b"
)  # "Item 2.02 of …"
_TITLES = (
    "entry into (?:a |an )?material definitive agreements?",
    "termination of (?:a |an )?material definitive agreements?",
    "completion of acquisition or disposition of assets",
    "results of operations and financial condition",
    "costs associated with exit or disposal activities",
    "material impairments?",
    "regulation fd disclosures?",
    "other events(?: and regulation fd disclosures?)?",
)
ITEM_TITLE = re.compile(  # only before a mark, a capital or the end: "Other events that …" is a sentence
    rf"\(?(?i:{'|'.join(_TITLES)})\)?(?:\s*[.:;–—-]+\s*|\s*$|\s+(?=[A-Z(“\"]))"
)
SIGNATURES = _any(
    r"signatures?\W{0,5}$", r"exhibit index", r"pursuant to the requirements of the securities exchange act"
)
CAUTION = _any(
    r"(?:special |cautionary |important )?(?:note|notice|statement|information|language)s? "
    r"(?:regarding|concerning|on|about) forward",
    r"forward[- ]looking (?:statements?|information)\b",
    r"caution(?:ary)?\b",
    r"safe harbou?r\b",
)

# ── sentences ──

SENTENCE_END = re.compile(r"[.!?][\"”’)\]]{0,2}\s+(?=[\"“‘(\[]?[A-Z0-9$€£¥])")
ABBREVIATION = re.compile(
    r"\W{0,2}(?:[A-Z]|(?:[A-Za-z]\.){1,4}[A-Za-z]|Inc|Corp|Co|Ltd|Nos?|Mr|Ms|Mrs|Dr|St|Jr|Sr|vs|approx|Calif|Mass|Tex|"
    r"Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Reg|Rev|Sec|Art|Bros|etc|al)\.?"
)
# "… in the U.S. The licence …": an abbreviation can end a sentence, too.
OPENER = re.compile(r"(?:The|This|These|Those|It|Its|We|Our|In|On|As|At|However|There|If|Such|No|Any|For)\s")

BOILERPLATE = _any_words(
    r"furnish(?:ed|ing)\b",
    r"exhibits?\s+(?:no\.?\s*)?\d",
    r"incorporated\b.{0,60}\bby reference\b",
    r"deemed\b.{0,40}\b(?:filed|incorporated)\b",
    r"section 18\b",
    r"a copy of (?:the|this|that|its|such|our)\b",
    r"forward[- ]looking\b",
    r"private securities litigation\b",
    r"safe harbou?r\b",
    r"undertakes? no\b|no (?:obligation|duty) to\b|disclaims? any\b",
    r"risks and uncertaint",
    r"differ materially\b",
    r"investors?(?: and others)? (?:should|are (?:encouraged|urged|cautioned))\b",
    r"(?:on|through|via|of) (?:its|our|the company['’]s) (?:investor relations )?website\b",
    r"set forth (?:in|under|above|below)\b",
    r"information (?:in|contained|set forth|included|under|provided)\b.{0,60}\b(?:item|report|exhibit|form|website)",
    r"qualified in (?:its|their) entirety\b|does not purport\b",
    r"pursuant to (?:item|general instruction)",
    r"not applicable\b",
    r"capitalized terms\b",
    r"signed on its behalf\b",
    r"cover page interactive data\b",
    r"(?:conference call|webcast)\b",
    r"emerging growth company\b",
)
COPY_OF_WHICH = _any(
    r"[,;]?\s*(?:and\s+)?(?:a copy of which|copies of which|the text of which|which(?: press release)?)\s+"
    r"(?:is|are|was|were|has been|have been)\s+(?:being\s+|hereby\s+)?"
    r"(?:attached|furnished|filed|included|incorporated)\b"
    r"[^.]*(?:\.\d[^.]*)*"
)
ATTACHED = _any(
    r",?\s*(?:which is |that is )?(?:attached|furnished|filed|included)(?: hereto| herewith)? as exhibit "
    r"\d{1,2}(?:\.\d{1,2})?(?:\s+(?:hereto|herewith|to this (?:current )?report(?: on form 8-k)?))?,?"
)
RELEASE = _any(
    r"\b(?:issued|released|published|posted|distributed|made) (?:a|an|the|its|our)? ?(?:\S+ ){0,4}?"
    r"(?:press|news|earnings|media)[ -]releases?\b"
)
_SAYING = (
    r"(?:announcing|reporting|disclosing|stating|regarding|relating to|related to|concerning|about|titled|entitled)"
)
RELEASE_SUBJECT = _any(rf"releases?\b.{{0,40}}?\b{_SAYING}\b")

# ── a sentence as a headline ──

LEAD = _any(
    r"(?:as (?:previously )?(?:disclosed|announced|reported)\b[^,]{0,90}(?:, \d{4})?,\s*)",
    r"(?:in addition|additionally|also|furthermore|further|accordingly|as a result|separately|today),\s*",
)
DATE_LEAD = _any(
    rf"(?:on|effective(?: as of)?|as of|dated)\s+(?:\w{{3,6}}day,?\s+)?{_DATE}(?:\s*\([^()]{{0,80}}\))?,?\s*"
)
# "HSINCHU, Taiwan, R.O.C., Apr. 17, 2025 (Wire) – "; a title may hold a date, but hardly behind a comma.
DATELINE = re.compile(
    rf"(?:(?:[A-Z(][^\s–—―]{{0,20}}|the|of|,)\s+){{1,8}}?(?<=[,–—)/-]\s)\(?(?i:(?:\w{{3,6}}day,?\s+)?{_DATE})\)?[.,]{{0,2}}\s*"
    rf"[^–—―]{{0,40}}?{_DASH}+\s*"
)
_NAME_WORD = r"[A-Z][\w.,&'’-]{0,30}"
DEFINED = re.compile(
    rf"\b(?P<name>(?:(?:{_NAME_WORD}|of|and|&)\s+){{0,8}}{_NAME_WORD}),?\s*"
    rf"\((?P<terms>[^()]{{0,100}}{_QUOTE}[^()]{{0,80}})\)"
)
DEFINITION = re.compile(r"\s*\([^()]{0,80}[\"“”][^()]{0,120}\)")
OR_TERM = re.compile(
    r", or (?:the )?[\"“]?(?:Company|Registrant|we|us|our|[A-Z][A-Z&]{1,6})[\"”]?"
    r"(?:, (?:we|us|our))*(?:,| or (?:us|our),)"
)
TICKERS = re.compile(
    r"\s*\((?:[^()]{0,30}\b)?(?:NASDAQ|Nasdaq|NYSE|TWSE|TWO|HKEX|HKSE|SEHK|Euronext|LSE|TSE)\b[^()]{0,60}\)"
)
LEGAL_NAME = (
    r"(?:,?\s+(?:Corporation|Corp|Incorporated|Inc|Company|Co|Limited|Ltd|PLC|N\.V|S\.A|Holdings?|Group|Technology|"
    r"Technologies)\b\.?)+"
)
THE_COMPANY = _any(r"\bthe (?:company|registrant|corporation)\b(?! law)")
_SUBJECT = r"(?P<subject>[^,;:]{1,60}?)"
ANNOUNCED = _any(
    rf"{_SUBJECT}\s+(?:today\s+|also\s+|has\s+)?(?:announced|reported|disclosed|stated|confirmed|said)"
    rf"(?:\s+(?:today|on {_DATE}),?)?\s+that\s+"
)
RELEASE_SAYS = _any(rf"{_SUBJECT}\s+{RELEASE.pattern}.{{0,40}}?\b{_SAYING}(?:,? among other things,?)?(?:\s+that)?\s+")
ITSELF = re.compile(r"\A(?:it(?P<its>s)?)\b")
LOOSE_MARK = re.compile(r"\s+([,.;:])")
SELF = _any(r"\b(?:company|registrant|corporation|we|us|our)\b")

# ── what a trader looks for ──

MEASURE = re.compile(
    r"\b(?:(?i:(?:re-?)?export(?!-import)\w*|tariffs?|entity list|blacklist\w*|embargo\w*|sanction(?:s|ed)|"
    r"section (?:232|301)|industry and security|commerce department|department of commerce|ministry of commerce|"
    r"foreign direct product|chip controls|validated end.user|"
    r"licen[cs](?:e|es|ing) (?:requirements?|applications?|polic\w+|conditions?|for (?:sale|export|shipment)\w*)|"
    r"(?:requires?|required|require|without|government|grant\w*|issued?|den(?:y|ies|ied)|revok\w+|appl\w+ for|"
    r"approv\w+) (?:an? |any |the |such |its |those )?(?:\w+ )?licen[cs]es?)|BIS|MOFCOM|SAMR|CFIUS)\b"
)
TELLING = _any_words(
    r"(?:governments?|usg|white house|executive order|administration|department|ministry|minister|authorit(?:y|ies))\b",
    r"(?:regulators?|regulatory|courts?|european commission|china|chinese|beijing)\b",
    r"(?:rules?(?! 1\d\d)(?! 10b)|regulations?(?! fd| s-)|licen[cs]\w+|restrict\w+|prohibit\w+|bans?|banned)\b",
    r"(?:(?<!internal )controls|quotas?|dut(?:y|ies) on|(?<!in )orders?|subpoena\w*|investigat\w+|lawsuit|settle\w*)\b",
    r"(?:charges?|impairments?|write-?(?:down|off)s?|restructuring|layoffs?|workforce)\b",
    r"(?:us|nt|hk)?[$€£¥]\s?\d|\d[\d.,]{0,12} (?:million|billion|trillion)\b|euros?\b",
)

# ── press releases and cover pages ──

RELEASE_MARK = _any(
    r"^\s*(?:(?:exhibit|ex-?)\s*99(?:\.\d{1,2})?\W{0,3}\s*)?"
    r"(?:(?:for immediate (?:release|publication)|(?:press|news|media) release|financial news|"
    r"news(?=\s*(?::|$)))\s*[:–—-]*\s*){0,2}"
)
RELEASE_END = _any(
    r"about\s+\S+(?:\s+\S+){0,5}\W{0,2}$",
    r"(?:#\s?){2,}",
    r"(?:media|press|investor|company)?\s*(?:relations\s*)?contacts?\b.{0,3}$",
    CAUTION.pattern,
)
COVER_END = _any(r"\bform 20-?f\b.{0,40}\bform 40-?f\b", r"^indicate by check mark", r"^if .?yes.? is marked")
FURNITURE = _any(
    r"united states$|\(?securities and exchange commission|washington,? d\.?\s?c|form (?:6-?k|8-?k)\b|current report$",
    r"report of foreign (?:private )?issuer|pursuant to\b|under the securities|for the month of|commission file",
    r"\(?(?:translation|address|exact name|name of registrant|registrant|state or other|telephone|i\.?r\.?s)\b",
    r"indicate by|(?:form )?(?:20|40)-?f\b|if .?yes|signatures?\b|by:|/s/|dated?:|name:|title:|exhibits?\b",
    r"table of contents",
    r"(?:media|press|investors?|company)(?:/\w+)?(?: relations)?(?: contacts?| inquiries)?\s*:?$",
    r"(?:investor|media|public) relations\b|contacts?\s*:|tel(?:ephone)?\s*[.:]|fax\b|e-?mail\s*:|page \d",
    r"\(?(?:nasdaq|nyse|stock code|incorporated (?:in|under|by))\b|.{0,250}takes? no responsibility for the contents",
)
OFFICER = _any(
    r"\W*(?:(?:senior|executive|group|vice|deputy|president|chairman|chief|officer|director|secretary|general|counsel|corporate|"
    r"legal|financial|operating|finance|treasurer|spokesperson|head|investor|relations|and|of|svp|evp|vp|cfo|ceo)\b\W*)+"
)
DATE_ONLY = _any(rf"\W{{0,3}}(?:\S{{1,20}},? ){{0,4}}(?:\w{{3,6}}day,?\s+)?{_DATE}\W{{0,3}}")
REACH = _any(r"@\w|https?://|\bwww\.|\+?\d[\d ().-]{8,}\d")
ENDS_AS_NAME = _any(
    r"\b(?:ltd|limited|inc|corp|corporation|company|n\.v|s\.a|plc|holdings?|group)\.?(?:\s*\([^()]*\))?$"
)
