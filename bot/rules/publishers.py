"""Who really says a thing: of the outlets that carry a story, those that stand for it by themselves.

An aggregator repeats what others wrote, and the houses of one owner share their reporters. Only the rest corroborate.
"""

from __future__ import annotations

import re

# They carry other people's texts: their name beside a headline adds no voice.
AGGREGATORS = frozenset(
    {
        "aol", "barchart", "benzinga", "biztoc", "devdiscourse", "finviz", "flipboard", "futu", "google news",
        "gurufocus", "gurufocus.com", "hacker news", "head topics", "insider monkey", "investing.com", "kelo", "kfgo",
        "latestly", "marketscreener", "moomoo", "morningstar", "msn", "nasdaq", "nasdaq.com", "newsbreak",
        "one news page", "seeking alpha", "simply wall st", "slashdot", "smartnews", "stock titan", "stocktitan",
        "stocktwits", "techmeme", "the globe and mail", "the mighty 790 kfgo", "tipranks", "tradingview", "webull",
        "whbl", "wkzo", "wtaq", "yahoo", "yahoo finance", "yahoo news", "yahoo tech", "zacks",
    }
)  # fmt: skip
# Houses under one roof, by the name that stands for them.
HOUSES = {
    "nikkei asia": "nikkei", "nikkei": "nikkei", "nikkei.com": "nikkei", "financial times": "nikkei", "ft": "nikkei",
    "wall street journal": "dow jones", "the wall street journal": "dow jones", "wsj": "dow jones",
    "barron's": "dow jones", "marketwatch": "dow jones", "dow jones": "dow jones", "dow jones newswires": "dow jones",
    "investor's business daily": "dow jones",
    "bloomberg.com": "bloomberg", "bloomberg law": "bloomberg", "bnn bloomberg": "bloomberg",
    "reuters.com": "reuters", "thomson reuters": "reuters",
    "scmp": "south china morning post", "scmp.com": "south china morning post",
    "yonhap": "yonhap", "yonhap news agency": "yonhap", "yonhap news": "yonhap",
    "focus taiwan": "cna taiwan", "central news agency": "cna taiwan",
    "global times": "people's daily", "people's daily": "people's daily", "globaltimes.cn": "people's daily",
    "xinhua": "xinhua", "xinhua news agency": "xinhua", "xinhuanet": "xinhua",
    "cnbc": "nbc", "nbc news": "nbc", "cnbc tv18": "network18", "moneycontrol": "network18", "firstpost": "network18",
    "the economic times": "times of india", "economic times": "times of india", "et": "times of india",
    "the times of india": "times of india", "times of india": "times of india",
    "udn": "udn", "economic daily news": "udn",
    "the verge": "vox", "vox": "vox",
    "ap": "associated press", "ap news": "associated press",
    "the information": "the information",
}  # fmt: skip
_VIA = re.compile(r"\s+(?:via|on|by way of)\s+.*$")  # "Reuters via Yahoo Finance" speaks for Reuters


def voice(publisher: str) -> str | None:
    """The house that stands behind a publisher's name, or None where it only carries what others say."""
    name = _VIA.sub("", publisher.casefold().strip()).removeprefix("www.")
    if not name or name in AGGREGATORS:
        return None
    return HOUSES.get(name, name)
