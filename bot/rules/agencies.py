"""Who decides on chips: ministries, bureaus, regulators, by the short names that the trade uses."""

from __future__ import annotations

import re

from bot.rules.names import Name, names_of

_AGENCIES: dict[str, tuple[str, ...]] = {
    "BIS": ("BIS", "Bureau of Industry and Security"),
    "Commerce": (
        "Commerce Department", "Commerce Dept", "Department of Commerce", "Dept of Commerce", "Dept. of Commerce",
        "Commerce Secretary", "Commerce secretary", "Secretary of Commerce", "US Commerce", "U.S. Commerce",
    ),
    "USTR": ("USTR", "U.S. Trade Representative", "US Trade Representative", "Office of the Trade Representative"),
    "DOJ": ("DOJ", "Justice Department", "Justice Dept", "Department of Justice", "Dept of Justice"),
    "FBI": ("FBI",),
    "Treasury": ("Treasury Department", "Treasury Dept", "US Treasury", "U.S. Treasury", "Treasury Secretary"),
    "OFAC": ("OFAC", "Office of Foreign Assets Control"),
    "CFIUS": ("CFIUS",),
    "CBP": ("CBP", "Customs and Border Protection", "US Customs", "U.S. Customs"),
    "USITC": ("USITC", "International Trade Commission"),
    "FTC": ("FTC", "Federal Trade Commission"),
    "SEC": ("SEC", "Securities and Exchange Commission"),
    "FCC": ("FCC",),
    "State Department": ("State Department", "State Dept"),
    "Homeland Security": ("Homeland Security", "DHS"),
    "Pentagon": ("Pentagon", "Department of Defense", "Defense Department", "Department of War"),
    "White House": ("White House",),
    "House China committee": ("House China committee", "House China Committee", "House Select Committee on China"),
    "Senate": ("Senate", "US Senate", "U.S. Senate"),
    "MOFCOM": (
        "MOFCOM", "Chinese Commerce Ministry", "Chinese commerce ministry", "Chinese Ministry of Commerce",
        "China's Commerce Ministry", "China's commerce ministry", "China's Ministry of Commerce",
        "China’s Commerce Ministry", "China’s commerce ministry", "China’s Ministry of Commerce", "商务部",
        "Ministry of Commerce", "Commerce Ministry", "commerce ministry",
    ),
    "SAMR": ("SAMR", "State Administration for Market Regulation", "市场监管总局"),
    "CAC": ("CAC", "Cyberspace Administration", "Cyberspace Administration of China", "网信办"),
    "MIIT": ("MIIT", "工信部"),
    "NDRC": ("NDRC", "发改委"),
    "State Council": ("State Council", "国务院"),
    "China Customs": (
        "Chinese customs", "Chinese Customs", "China customs", "China Customs", "China's customs", "China’s customs",
        "General Administration of Customs", "GACC", "海关总署", "海关",
    ),
    "METI": ("METI", "Ministry of Economy, Trade and Industry"),
    "MOTIE": ("MOTIE",),
    "MOEA": ("MOEA",),
    "KFTC": ("KFTC",),
    "JFTC": ("JFTC",),
    "European Commission": ("European Commission",),
    "WTO": ("WTO", "World Trade Organization", "World Trade Organisation"),
}  # fmt: skip
_CHINA = re.compile(r"\b(?:China|Chinese|Beijing|PRC)\b|中国", re.IGNORECASE)
_CHIPS = re.compile(
    r"\b(?:export|chips?|Entity List|licen[cs]\w+|Commerce|Huawei|Nvidia|rules?|China|Chinese|ECCN|AI|adds|Kessler|"
    r"semiconductor\w*|curbs?|controls?|fin(?:es|ed)|penalt\w+|shipments?|smugg\w+)\b",
    re.IGNORECASE,
)
# India and Thailand have such ministries, too; BIS is also the banks' bank, and an Indian bureau of standards.
_NEAR = {
    "Ministry of Commerce": _CHINA, "Commerce Ministry": _CHINA, "commerce ministry": _CHINA,
    "BIS": _CHIPS,
}  # fmt: skip
_HIDING = (
    "Bank for International Settlements", "BIS certification", "BIS standard", "BIS standards", "CAC 40", "CAC-40",
    "SEC filing", "SEC filings",
)  # fmt: skip

AGENCY_NAMES: list[Name] = [*names_of("agency", _AGENCIES, _NEAR), *(Name(text) for text in _HIDING)]
