"""What a headline states apart from who did what: products, figures, places, dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Model numbers, generations of memory, kinds of tool and software, process nodes. A plural "s" is not part of a name.
_PRODUCTS = re.compile(
    r"""(?<![A-Za-z0-9.$-])(?:
        [AH][128]00 | A30 | A40 | H20 | B[123]00 | B30A | B40 | GB[23]00 | GH200 | L20 | L40S? | V100
        | RTX\s?(?:P[Rr][Oo]\s)?\d{4}D? | MI[1-9]\d{1,2}[A-Z]? | Gaudi(?:\s?[1-4])? | WSE-\d
        | Ascend(?:\s?9\d{2}[A-Z]{0,2})? | (?:910|920|950)[A-D] | Kirin(?:\s?[X\d]\d{2,4}S?)? | Kunpeng(?:\s?\d{3})?
        | HBM(?:[2-5][Ee]?)? | (?:LP|G)?DDR[3-7]X? | NAND | DRAM | SSDs?
        | (?:High-NA\s|low-NA\s)?EUV | DUV | NXT:?\d{4}[A-Za-z]* | EXE:?\d{4} | EDA | CoWoS(?:-[LRS])? | GAA(?:FET)?
        | Blackwell | Hopper | (?:Vera\s)?Rubin | Trainium\s?\d? | Inferentia | TPU | Xeon | EPYC | Ryzen | GeForce
        | Snapdragon | Exynos | Dimensity | (?:14|18|20)A(?!\w|\sbn)
        | (?:\d{1,3}(?:\.\d)?)[\s-]?(?:nm|nanomet(?:er|re))
    )(?=s?(?![A-Za-z0-9]))""",
    re.VERBOSE,
)
_NODE = re.compile(r"(?P<size>[\d.]+)[\s-]?(?:nm|nanomet(?:er|re))", re.IGNORECASE)
_SCALE = r"(?:trillion|billion|million|thousand|crore|lakh|tn|trn|bn|bln|mln|mn|[tbmk])\b"
_MONEY = re.compile(
    rf"(?:(?<!\w)(?:US|NT|HK|AU?|CA?|S))?[$€£¥₩₹]\s?\d[\d,]*(?:\.\d+)?(?:\s?{_SCALE})?"
    rf"|\bRs\.?\s?\d[\d,]*(?:\.\d+)?(?:\s?{_SCALE})?"
    rf"|(?<![\w.,])\d[\d,]*(?:\.\d+)?\s?(?:{_SCALE}\s)?(?:dollars|euros?|pounds|yuan|yen|won|rupees)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?:\s?[-–]\s?\d+(?:\.\d+)?)?\s?(?:%|per\s?cent\b|pct\b|pc\b)", re.IGNORECASE
)
# Up to three words may stand between number and unit: "200,000 Nvidia H200 chips".
_QUANTITY = re.compile(
    r"(?<![\w.,$€£¥₩-])(?P<number>\d[\d,]*(?:\.\d+)?(?:\s?(?:million|billion|k\b))?)\s(?:(?![\d.,;:])[^\s,;:]+\s){0,3}?"
    r"(?P<unit>chips?|gpus?|servers?|accelerators?|processors?|cards|wafers?|units?|racks|firms?|companies|entities|"
    r"tools?|machines?|scanners|jobs|workers|staff|employees|people|gigawatts?|gw|mw)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sep(?:t(?:ember|\.)?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"20[1-3]\d"
_DATE = re.compile(
    rf"(?<![\w$€£¥,.-])(?:(?:early|mid|late|end)[ -])?"
    rf"(?:{_MONTH}\s\d{{1,2}}(?:,?\s{_YEAR})?(?!\d|\.\d|%|,\d|\s?(?:bn|billion|million))|\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?"
    rf"|{_MONTH}\s{_YEAR}|Q[1-4](?:\s{_YEAR})?|[1-4]Q\s?(?:{_YEAR}|\d\d)|[12]H\s?{_YEAR}|{_YEAR})(?![\w%]|[.,]\d)",
)
# Cities and seats of government stand for their country: headlines use them so.
_PLACES: dict[str, tuple[str, ...]] = {
    "US": (
        "U.S.",
        "US",
        "USA",
        "America",
        "American",
        "Washington",
        "White House",
        "United States",
        "Pentagon",
        "Congress",
        "Commerce Department",
        "Capitol Hill",
    ),
    "China": (
        "China",
        "Chinese",
        "Beijing",
        "Shenzhen",
        "Shanghai",
        "Hangzhou",
        "Wuhan",
        "MOFCOM",
        "PRC",
        "中国",
        "北京",
    ),
    "Taiwan": ("Taiwan", "Taiwanese", "Taipei", "Hsinchu", "Kaohsiung", "Tainan", "台湾"),
    "South Korea": ("South Korea", "South Korean", "S.Korea", "Korea", "Korean", "Seoul", "Pyeongtaek", "韩国"),
    "Japan": ("Japan", "Japanese", "Tokyo", "METI", "Kumamoto", "Hiroshima", "日本"),
    "Netherlands": ("Netherlands", "Dutch", "The Hague", "Holland", "Veldhoven", "荷兰"),
    "Germany": ("Germany", "German", "Berlin", "Dresden"),
    "EU": ("EU", "European Union", "Brussels", "European Commission"),
    "UK": ("UK", "U.K.", "Britain", "British", "London"),
    "France": ("France", "French", "Paris"),
    "Malaysia": ("Malaysia", "Malaysian", "Kuala Lumpur", "Penang"),
    "Singapore": ("Singapore", "Singaporean"),
    "India": ("India", "Indian", "New Delhi", "Gujarat"),
    "Hong Kong": ("Hong Kong",),
    "Vietnam": ("Vietnam", "Vietnamese", "Hanoi"),
    "Thailand": ("Thailand", "Thai", "Bangkok"),
    "UAE": ("UAE", "Abu Dhabi", "Dubai", "Emirati", "Emirates"),
    "Saudi Arabia": ("Saudi Arabia", "Saudi", "Riyadh"),
    "Russia": ("Russia", "Russian", "Moscow", "Kremlin"),
    "Italy": ("Italy", "Italian", "Rome"),
    "Spain": ("Spain", "Spanish", "Madrid"),
    "Belgium": ("Belgium", "Belgian"),
    "Ireland": ("Ireland", "Irish"),
    "Poland": ("Poland", "Polish", "Warsaw"),
    "Ukraine": ("Ukraine", "Ukrainian", "Kyiv"),
    "Iran": ("Iran", "Iranian", "Tehran"),
    "Philippines": ("Philippines", "Philippine", "Manila"),
    "Indonesia": ("Indonesia", "Indonesian", "Jakarta"),
    "Australia": ("Australia", "Australian", "Canberra"),
    "Israel": ("Israel", "Israeli"),
    "Mexico": ("Mexico", "Mexican"),
    "Canada": ("Canada", "Canadian", "Ottawa"),
}
_COUNTRY = {name: country for country, names in _PLACES.items() for name in names}
_LOUD_COUNTRY = {name.upper(): country for name, country in _COUNTRY.items()}


def _any_name(names: Iterable[str]) -> re.Pattern[str]:
    """The longest name first; names in Latin letters only as whole words."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(n)}(?!\w)" if n.isascii() else re.escape(n) for n in longest))


_PLACE = _any_name(_COUNTRY)
_LOUD_PLACE = _any_name(_LOUD_COUNTRY)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one headline, each once, in order of appearance."""

    products: tuple[str, ...] = ()  # H200, HBM3E, EUV, "14 nm"
    figures: tuple[str, ...] = ()  # "$5.5 billion", "25%", "200,000 chips"
    places: tuple[str, ...] = ()  # countries, by their common English name
    dates: tuple[str, ...] = ()  # as they stand: "early 2026", "Nov 10"

    def labels(self) -> tuple[str, ...]:
        """What a card shows: products, figures and dates; places stand in the headline anyway."""
        return (*self.products, *self.figures, *self.dates)

    def as_dict(self) -> dict[str, list[str]]:
        """As JSON values; empty kinds are left out."""
        kinds = {"products": self.products, "figures": self.figures, "places": self.places, "dates": self.dates}
        return {name: list(found) for name, found in kinds.items() if found}


def find_facts(text: str) -> Facts:
    """Read the facts that stand in a headline's words."""
    loud = text.isupper()
    names, pattern = (_LOUD_COUNTRY, _LOUD_PLACE) if loud else (_COUNTRY, _PLACE)
    figures = [(m.start(), " ".join(m[0].split())) for kind in (_MONEY, _PERCENT) for m in kind.finditer(text)]
    figures += [(m.start(), f"{m['number']} {m['unit'].lower()}") for m in _QUANTITY.finditer(text)]
    return Facts(
        products=_each(_product(match[0]) for match in _PRODUCTS.finditer(text)),
        figures=_each(figure for _, figure in sorted(figures)),
        places=_each(names[match[0]] for match in pattern.finditer(text)),
        dates=_each(match[0] for match in _DATE.finditer(text)),
    )


def _product(text: str) -> str:
    node = _NODE.fullmatch(text)
    return f"{node['size']} nm" if node else " ".join(text.split())


def _each(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
