"""The people whose words move chips, each with the office that makes them count.

Offices change hands: the name is what a headline states, the office is ours, as of early 2026. A surname stands alone
only where nobody else in the news bears it, or where the text names their house.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rules.names import Name


@dataclass(frozen=True, slots=True)
class Person:
    """One of them; ``short`` are surnames that suffice, ``near`` what must stand by where they do not."""

    name: str
    office: str
    also: tuple[str, ...] = ()  # other ways to write the whole name
    short: tuple[str, ...] = ()
    near: str = ""  # with it each of ``short`` counts only near one of these words; empty: always


_PEOPLE = (
    # United States
    Person("Donald Trump", "US president", short=("Trump",)),
    Person("Howard Lutnick", "US Commerce secretary", short=("Lutnick",)),
    Person("Jamieson Greer", "US Trade Representative", short=("Greer",)),
    Person("Scott Bessent", "US Treasury secretary", short=("Bessent",)),
    Person("Marco Rubio", "US secretary of state", short=("Rubio",)),
    Person(
        "Jeffrey Kessler", "under secretary of Commerce, BIS", also=("Jeff Kessler",), short=("Kessler",),
        near=r"BIS|Commerce|export|chips?|under ?secretary|licen[cs]\w+",
    ),
    Person("David Peters", "assistant secretary for export enforcement, BIS"),
    Person("Landon Heid", "US export-control official"),
    Person("David Sacks", "White House AI adviser", short=("Sacks",), near=r"AI|chips?|White House|Nvidia"),
    Person("Michael Kratsios", "White House science adviser", short=("Kratsios",)),
    Person("John Moolenaar", "chair, House China committee", short=("Moolenaar",)),
    Person("Raja Krishnamoorthi", "US representative", short=("Krishnamoorthi",)),
    Person("Elizabeth Warren", "US senator", short=("Warren",), near=r"senators?|Nvidia|chips?|export"),
    Person("Jim Banks", "US senator"),
    Person("Tom Cotton", "US senator"),
    Person("Chuck Schumer", "US senator", short=("Schumer",)),
    Person("Gina Raimondo", "former US Commerce secretary", short=("Raimondo",)),
    Person("Alan Estevez", "former under secretary of Commerce, BIS"),
    Person("Jake Sullivan", "former US national security adviser"),
    Person("Joe Biden", "former US president", short=("Biden",)),
    # China
    Person("Xi Jinping", "president of China", also=("习近平",), short=("Xi",)),
    Person("Li Qiang", "premier of China", also=("李强",)),
    Person("He Lifeng", "vice premier of China", also=("何立峰",)),
    Person("Wang Wentao", "Chinese commerce minister", also=("王文涛",)),
    Person("Li Chenggang", "Chinese trade negotiator", also=("李成钢",)),
    Person("He Yongqian", "MOFCOM spokesperson"),
    Person("He Yadong", "MOFCOM spokesperson"),
    Person("Wang Yi", "Chinese foreign minister", also=("王毅",)),
    Person("Ren Zhengfei", "Huawei founder", also=("任正非",)),
    Person("Meng Wanzhou", "Huawei rotating chair"),
    Person("Eric Xu", "Huawei rotating chair", also=("Xu Zhijun",)),
    Person("Liang Mong Song", "SMIC co-chief executive", also=("Liang Mong-song", "Liang Mong-Song")),
    Person("Zhao Haijun", "SMIC co-chief executive"),
    Person("Zhang Jianzhong", "Moore Threads chief executive"),
    Person("Liang Wenfeng", "DeepSeek founder"),
    Person("Joe Tsai", "Alibaba chairman"),
    # companies elsewhere
    Person(
        "Jensen Huang", "Nvidia chief executive", also=("Jen-Hsun Huang", "黄仁勋"), short=("Huang", "Jensen"),
        near=r"Nvidia(?:'s|’s)?|H20|H200|Blackwell",
    ),
    Person("Colette Kress", "Nvidia finance chief", short=("Kress",), near=r"Nvidia"),
    Person("Lisa Su", "AMD chief executive", also=("苏姿丰",), short=("Su",), near=r"AMD(?:'s|’s)?"),
    Person("Jean Hu", "AMD finance chief"),
    Person("Lip-Bu Tan", "Intel chief executive", also=("Lip Bu Tan",), short=("Tan",), near=r"Intel(?:'s|’s)?"),
    Person("Pat Gelsinger", "former Intel chief executive", also=("Patrick Gelsinger",), short=("Gelsinger",)),
    Person("David Zinsner", "Intel finance chief", short=("Zinsner",)),
    Person(
        "C.C. Wei", "TSMC chief executive", also=("CC Wei", "C. C. Wei", "C.C.Wei", "魏哲家"), short=("Wei",),
        near=r"TSMC(?:'s|’s)?",
    ),
    Person("Wendell Huang", "TSMC finance chief"),
    Person("Morris Chang", "TSMC founder", also=("张忠谋",)),
    Person("Mark Liu", "former TSMC chairman"),
    Person("Christophe Fouquet", "ASML chief executive", short=("Fouquet",)),
    Person("Roger Dassen", "ASML finance chief", short=("Dassen",)),
    Person("Peter Wennink", "former ASML chief executive", short=("Wennink",)),
    Person("Sanjay Mehrotra", "Micron chief executive", short=("Mehrotra",)),
    Person("Hock Tan", "Broadcom chief executive"),
    Person("Cristiano Amon", "Qualcomm chief executive", short=("Amon",), near=r"Qualcomm(?:'s|’s)?"),
    Person("Rene Haas", "Arm chief executive"),
    Person("Matt Murphy", "Marvell chief executive"),
    Person("Gary Dickerson", "Applied Materials chief executive", short=("Dickerson",), near=r"Applied"),
    Person("Tim Archer", "Lam Research chief executive"),
    Person("Rick Wallace", "KLA chief executive"),
    Person("Young Liu", "Foxconn chairman"),
    Person("Lee Jae-yong", "Samsung Electronics chairman", also=("Jay Y. Lee", "Jay Y Lee")),
    Person("Chey Tae-won", "SK Group chairman"),
    Person("Kwak Noh-jung", "SK Hynix chief executive"),
    Person("Masayoshi Son", "SoftBank chief executive"),
    Person("Sam Altman", "OpenAI chief executive", short=("Altman",)),
    Person("Elon Musk", "Tesla chief executive", short=("Musk",)),
    Person("Tim Cook", "Apple chief executive"),
    # governments elsewhere
    Person("Maroš Šefčovič", "EU trade commissioner", also=("Maros Sefcovic",), short=("Šefčovič", "Sefcovic")),
    Person("Ursula von der Leyen", "president, European Commission", short=("von der Leyen",)),
    Person("Vincent Karremans", "Dutch economy minister", short=("Karremans",)),
    Person("Ryosei Akazawa", "Japanese economy minister", short=("Akazawa",)),
    Person("Sanae Takaichi", "prime minister of Japan", short=("Takaichi",)),
    Person("Lai Ching-te", "president of Taiwan", also=("William Lai", "赖清德")),
    Person("Lee Jae Myung", "president of South Korea", also=("Lee Jae-myung",)),
    Person("Kim Jung-kwan", "South Korean industry minister"),
)  # fmt: skip

OFFICES: dict[str, str] = {person.name: person.office for person in _PEOPLE}
"""Whole name to office."""

# Other people, and things that bear the same name.
_HIDING = ("Greer County", "Trump Tower", "Trump Media", "Trump Mobile", "Warren Buffett")


def _names(person: Person) -> list[Name]:
    says = (("person", person.name),)
    near = re.compile(rf"\b(?:{person.near})\b", re.IGNORECASE) if person.near else None
    whole = [Name(text, says) for text in (person.name, *person.also)]
    return [*whole, *(Name(text, says, near) for text in person.short)]


PERSON_NAMES: list[Name] = [*(name for person in _PEOPLE for name in _names(person)), *map(Name, _HIDING)]
