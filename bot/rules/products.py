"""Chips, memory, tools, software and process nodes that a headline names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.rules.names import Name

# Model numbers and generations. A plural "s" is not part of a name; neither is what follows in "B40 biodiesel".
_MODELS = re.compile(
    r"""(?<![A-Za-z0-9.$-])(?:
        (?:[AH][128]00 | A30 | A40 | H20 | B[123]00 | B30A | B40 | GB[23]00 | GH200 | L20 | L40S? | V100)
            (?!s?\s(?:million|billion|trillion|bn|mn|
            motorways?|Autobahn|highways?|road|biodiesel|palm|blend(?:ing|ed|s)?|
            diesel|fuel|mandate|junction|tolls?)\b)
        | RTX\s?(?:P[Rr][Oo]\s)?\d{4}D? | MI[1-9]\d{1,2}[A-Z]? | Gaudi\s?[1-4] | WSE-\d
        | Ascend\s?9\d{2}[A-Z]{0,2} | (?:910|920|950)[A-D] | Kirin\s?[X\d]\d{2,4}S? | Kunpeng\s?\d{3}
        | HBM[2-5][Ee]? | (?:LP|G)?DDR[3-7]X? | NXT:?\d{4}[A-Za-z]* | EXE:?\d{4} | Trainium\s?\d
        | (?<!Schedule\s)(?<!DEF\s)(?:14|18|20)A(?!\w|\sbn)
        | \d{1,3}(?:\.\d)?[\s-]?(?:nm|nanomet(?:er|re))
            (?!s?\s(?:sea|nautical|off|away|from|out|east|west|north|south)\b)
    )(?=s?(?![A-Za-z0-9]))""",
    re.VERBOSE,
)
_LOUD_NODE = re.compile(
    r"(?<![A-Z0-9.$-])\d{1,3}(?:\.\d)?[\s-]?NM(?![A-Z0-9])"
    r"(?!\s(?:SEA|NAUTICAL|MILES|OFF|AWAY|FROM|OUT|EAST|WEST|NORTH|SOUTH)\b)"
)
_NODE = re.compile(r"(?P<size>[\d.]+)[\s-]?(?:nm|nanomet(?:er|re))", re.IGNORECASE)

_CHIPS = re.compile(
    r"chip|semicon|\bAI\b|huawei|nvidia|\bamd\b|intel\b|\bgpu|processor|accelerator|hisilicon|smic|foundry|transistor"
    r"|\bnm\b|\d\s?nm\b|tsmc|samsung|wafer|cluster|芯片|华为",
    re.IGNORECASE,
)
_NAMES = (
    "High-NA EUV", "High-NA", "high-NA EUV", "low-NA EUV", "Low-NA EUV", "EUV", "DUV", "EDA", "CoWoS", "CoWoS-L",
    "CoWoS-R", "CoWoS-S", "GAAFET", "HBM", "NAND", "DRAM", "SSD", "TPU", "Blackwell", "Blackwell Ultra", "Rubin CPX",
    "Vera Rubin",
    "Trainium", "Inferentia", "Xeon", "EPYC", "Ryzen", "GeForce", "Snapdragon", "Exynos", "Dimensity",
)  # fmt: skip
# Words of the language, and the names of people, beers and games.
_AMBIGUOUS = ("Ascend", "Hopper", "Rubin", "Kirin", "Kunpeng", "Gaudi", "GAA")
_HIDING = (
    "Rubin Observatory", "Vera Rubin Observatory", "Vera C. Rubin Observatory", "Robert Rubin", "Edward Hopper",
    "Grace Hopper Celebration", "Kirin Holdings", "Kirin Brewery",
)  # fmt: skip

PRODUCT_NAMES: list[Name] = [
    *(Name(text + plural, (("product", text),)) for text in _NAMES for plural in ("", "s")),
    *(Name(text, (("product", text),), _CHIPS) for text in _AMBIGUOUS),
    *map(Name, _HIDING),
]


def find_models(text: str) -> Iterator[tuple[int, int, str]]:
    """The products whose names hold a figure: start, end, and the name as it is told ("14 nm", "RTX Pro 6000D")."""
    for match in _MODELS.finditer(text):
        yield match.start(), match.end(), _told(match[0])
    if text.isupper():
        for match in _LOUD_NODE.finditer(text):
            yield match.start(), match.end(), _told(match[0])


def _told(text: str) -> str:
    node = _NODE.fullmatch(text)
    return f"{node['size']} nm" if node else " ".join(text.split())
