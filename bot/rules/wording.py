"""The words of a headline with the dress taken off: what is compared, counted and fingerprinted.

Fingerprints are built on ``words``: its answer for a given text is permanent and may only change with a migration.
"""

from __future__ import annotations

import html
import re
import unicodedata

# What wires put before a headline: it says how, not what.
_PREFIX = re.compile(
    r"""^(?:
        \W* (?: \(?official\)? \W+ )?
        (?: (?:update|wrapup|refile|correct(?:ed|ion)|repeat|rpt|recast|adds?)\s*\d*\s*[-–—:] |
            (?:exclusive|breaking(?:\ news)?|just\ in|urgent|brief|factbox|explainer|analysis|focus|insight|
               news\ alert|alert|flash|watch|live|developing|tech\ war|chip\ war|\[news\]|\[exclusive\])\s*[-–—:|\]]+ |
            \[[^\]]{1,20}\]
        )
    )+\s*""",
    re.VERBOSE | re.IGNORECASE,
)
# A trailing outlet: " - Reuters", " | SCMP", " – Nikkei Asia". Only a few words, none of them a verb form we know.
_SUFFIX = re.compile(r"\s+[-–—|·]\s+(?P<outlet>[^-–—|·]{2,40})$")
_ATTRIBUTION = re.compile(
    r"\s*(?:[-–—:,]\s*)(?:sources?|reports?|report says|reuters|bloomberg|nikkei|ft|wsj|the information|"
    r"people familiar|source says|officials?|documents?|statement)\s*$",
    re.IGNORECASE,
)
# What syndication adds: "By Reuters" at the end, and a ticker after a company's name.
_BYLINE = re.compile(r"\s+By (?:Reuters|Bloomberg|Investing\.com|AFP|AP)\s*$")
_TICKER = re.compile(r"\s\((?:[A-Z]{2,8}:\s?)?[A-Z]{1,5}(?:[:.][A-Z]{1,8})?\)(?=\W|$)")
_MONEY = re.compile(
    r"(?<![\w.])(?:(?P<sign>(?:us|nt|hk)?[$€£¥])\s?)?(?P<number>\d+(?:[.,]\d+)*)"
    r"(?:\s?(?P<unit>trillion|billion|million|tn|trn|bn|mln|mn|m|b|t|k)\b)?",
    re.IGNORECASE,
)
_UNITS = {
    "trillion": "tn", "tn": "tn", "trn": "tn", "t": "tn",
    "billion": "bn", "bn": "bn", "b": "bn",
    "million": "mn", "mln": "mn", "mn": "mn", "m": "mn",
    "k": "k",
}  # fmt: skip
_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\b")
_WORD = re.compile(
    r"[\u3400-\u9fff]"
    r"|[$€£¥]?\d+(?:\.\d+)?(?:tn|bn|mn|k)?%?[a-z]*"
    r"|[^\W\d_\u3400-\u9fff](?:[^\W\u3400-\u9fff]|[+&])*"
)
_FIGURE = re.compile(r"[$€£¥]?\d+(?:\.\d+)?(?:tn|bn|mn|k)?%?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_STOP = frozenset(
    "a an the of to in on at for by with from as and or is are was were be been has have had its it their his her "
    "that this will would s t over amid after into than".split()
)
_SAME = {
    "us": "us", "usa": "us", "america": "us", "american": "us", "washington": "us",
    "uk": "uk", "britain": "uk", "british": "uk",
    "chinese": "china", "beijing": "china", "dutch": "netherlands", "hague": "netherlands",
    "japanese": "japan", "tokyo": "japan", "korean": "korea", "seoul": "korea", "taiwanese": "taiwan",
    "licence": "license", "licences": "license", "semiconductor": "chip", "chipmaker": "chipmak",
}  # fmt: skip


def undress(text: str) -> str:
    """A headline without wire prefix, trailing outlet and attribution; case and punctuation stay."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).strip()
    text = _TICKER.sub("", _BYLINE.sub("", " ".join(text.split())))
    bare = _PREFIX.sub("", text).strip() or text
    suffix = _SUFFIX.search(bare)
    if suffix is not None and _is_outlet(suffix["outlet"]) and len(bare[: suffix.start()].split()) >= 3:
        bare = bare[: suffix.start()]
    shorter = _ATTRIBUTION.sub("", bare)
    return shorter if len(shorter.split()) >= 3 else bare


def words(text: str) -> tuple[str, ...]:
    """The meaning-bearing words in order: folded, lightly stemmed, ``$5 bn`` = ``$5bn``, Han in bigrams."""
    bare = undress(text).casefold().replace("\u2019", "'")
    bare = _DOTTED.sub(lambda m: re.sub(r"[.\s]", "", m[0]) + " ", bare)
    bare = _POSSESSIVE.sub("", bare)
    bare = re.sub(r"(?<=\d)\s?(?:percent|per cent|pct)\b", "%", bare)
    bare = re.sub(r"(?<=\d),(?=\d{3})", "", bare)
    bare = _MONEY.sub(_fold_money, bare)
    found: list[str] = []
    previous_han = ""
    for token in _WORD.findall(bare):
        if _HAN.match(token):
            if previous_han:
                found.append(previous_han + token)
            previous_han = token
            continue
        previous_han = ""
        if token in _STOP:
            continue
        found.append(_SAME.get(token) or _stem(token))
    return tuple(found) or tuple(_HAN.findall(bare)) or (bare,)


def figures(text: str) -> frozenset[str]:
    """The numbers of a headline as comparable words: ``$5.5bn``, ``25%``, ``140``; model numbers are not figures."""
    return frozenset(w for w in words(text) if _FIGURE.fullmatch(w))


def material_figures(text: str) -> frozenset[str]:
    """Figures that are news by themselves: money and counts of a hundred and more; no percentages, no years."""
    return frozenset(f for f in figures(text) if _is_material(f))


def _is_material(figure: str) -> bool:
    if figure[0] in "$€£¥" or figure.endswith(("tn", "bn", "mn", "k")):
        return True
    if figure.endswith("%") or not figure.replace(".", "").isdigit():
        return False
    value = float(figure)
    return value >= 100 and not 1990 <= value <= 2040


def _fold_money(match: re.Match[str]) -> str:
    sign = (match["sign"] or "")[-1:]
    unit = _UNITS.get((match["unit"] or "").lower(), "")
    return f"{sign}{match['number'].rstrip('.,')}{unit}"


def _stem(token: str) -> str:
    """Light on purpose: endings only, no exceptions, so that its answers never change."""
    if not token.isascii() or len(token) < 4 or token.endswith("ss"):
        return token
    for ending, put in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""), ("ing", ""), ("ed", "")):
        if token.endswith(ending) and len(token) - len(ending) >= 3:
            stem = token[: -len(ending)] + put
            doubled = put == "" and ending != "s" and stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem
    return token


def _is_outlet(text: str) -> bool:
    """A few capitalised words with no figure look like the name of an outlet, not like the end of a sentence."""
    parts = text.strip().split()
    return 1 <= len(parts) <= 5 and all(p[0].isupper() or p.lower() in {"of", "the", "and"} for p in parts)
