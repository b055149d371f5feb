"""What a rule of the Bureau of Industry and Security does, from its own full text: a card, a headline, a summary.

Nothing is guessed: a field that the text does not say plainly is empty, and a text that is no such rule has no card.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.rules.identifiers import find_documents, find_eccns
from bot.rules.rule_entities import Change, Entry, country_of, read_changes
from bot.rules.rule_text import DAY, RuleText, read_text

MAX_TEXT = 1_500_000  # characters that are read; the longest known rule has 900,000
MAX_ECCNS = 8  # in the words; a rule may name a hundred
_ISSUER = re.compile(r"Bureau of Industry and Security|Industry and Security Bureau", re.IGNORECASE)
_ACTIONS = (
    (
        "Interim final rule",
        re.compile(r"interim\s(?:final\s)?rule|final\srule.{0,40}request\sfor\scomments", re.IGNORECASE),
    ),
    (
        "Proposed rule",
        re.compile(r"proposed\srule|notice\sof\sproposed\srulemaking|notice\sof\sinquiry", re.IGNORECASE),
    ),
    ("Final rule", re.compile(r"final\srule|^rule\b|correction", re.IGNORECASE)),
    ("Notice", re.compile(r"notice|order", re.IGNORECASE)),
)
_POLICY = re.compile(
    r"(?P<denial>(?<!no\s)(?<!not\s)presumption\sof\sdenial|presumptive\sdenial)|(?P<policy>\bpolicy\sof\sdenial)"
    r"|(?P<case>case[-\s]by[-\s]case(?!\sbasis\sto\sdetermine))"
    r"|(?P<approval>presumption\sof\sapproval|policy\sof\sapproval)",
    re.IGNORECASE,
)
_POLICIES = {
    "denial": "presumption of denial", "policy": "policy of denial", "case": "case-by-case review",
    "approval": "presumption of approval",
}  # fmt: skip
_CHANGED = re.compile(
    rf"\bfrom\s(?:an?\s|one\sof\s)?[“\"]?(?:{_POLICY.pattern})[”\"]?(?:\sreview)?\sto\s(?:an?\s|one\sof\s)?[“\"]?"
    rf"(?:{_POLICY.pattern.replace('?P<', '?P<to_')})",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(rf"\beffective\b(?:\sdates?:)?[^.;]{{0,60}}?(?:{DAY}|INSERT\sDATE[^\]]{{0,80}})", re.IGNORECASE)
_COMMENTS = re.compile(
    rf"\bcomments?\b[^.;]{{0,120}}?(?:no\slater\sthan|on\sor\sbefore|by|until|"
    rf"close[sd]?(?:\son)?|due(?:\son)?|date:?)\s"
    rf"(?:11:59\s[^,]{{0,20}},?\s(?:on\s)?)?\[?(?:{DAY}|INSERT\sDATE[^\]]{{0,80}})",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(r"\ball\sitems\ssubject\sto\sthe\sEAR\b", re.IGNORECASE)
_REQUIRED = re.compile(
    r"\blicen[cs]e\srequirements?\b[^.;]{0,200}?\ball\sitems\ssubject\sto\sthe\sEAR\b", re.IGNORECASE
)
_ON_FILING = re.compile(r"effective\s(?:up)?on\s(?:filing|publication|public\sinspection)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:FR\sDoc\.?\s?(?:No[.:]+\s?)?|federalregister\.gov/d/)(?P<number>20\d\d-\d{5})")
_DOCKETS = re.compile(r"\[?Docket\s(?:No\.?|Number|ID)?:?\s?(?P<docket>\d{6}-\d{4}|[A-Z]{2,6}-20\d\d-\d{4})")
_CITED = re.compile(r"Volume\s(?P<volume>\d{2}),\sNumber\s\d+.{0,80}?\[Pages?\s(?P<page>\d{1,6})")
_MONTHS = "Jan Feb March April May June July Aug Sept Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule, proposal or notice, as its own text has it."""

    action: str  # "Final rule", "Interim final rule", "Proposed rule", "Notice"
    title: str = ""
    added: Change | None = None  # to the Entity List; None: nothing is
    removed: Change | None = None
    revised: Change | None = None
    requirement: str = ""  # "all items subject to the EAR", where the entries say so
    policies: tuple[str, ...] = ()  # how licence applications are reviewed
    policy_change: tuple[str, str] | None = None  # before and after
    effective: date | None = None
    staged: bool = False  # parts of it take effect on other days
    comments_due: date | None = None
    eccns: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # document and docket numbers, RIN, citation
    published: date | None = None

    @property
    def is_entity_list(self) -> bool:
        """Whether it changes the Entity List."""
        return any((self.added, self.removed, self.revised))

    @property
    def says_more(self) -> bool:
        """Whether it says anything that its title does not."""
        return self.is_entity_list or bool(self.policy_change or self.effective or self.comments_due or self.policies)


def read_rule(text: str, *, filed: date | None = None, published: date | None = None) -> RuleCard | None:
    """Read a document's own text; None where it is no rule, proposal or notice of the bureau. Never raises.

    Args:
        text: the raw text of public inspection or of publication, without markup.
        filed: the day of its filing for public inspection; rules may take effect with it.
        published: the day of publication, as its list has it; the text's own comes first.
    """
    rule = read_text(text[:MAX_TEXT], filed=filed, published=published)
    action = _action(rule.captions.get("ACTION", ""))
    if not action or not _ISSUER.search(rule.captions.get("AGENCY", "")):
        return None
    changes = read_changes(rule)
    dates = " ".join(rule.captions.get(name, "") for name in ("DATES", "EFFECTIVE DATE"))
    effective = _days(rule, _EFFECTIVE, dates) or _days(
        rule, _EFFECTIVE, f"effective {rule.captions.get('EFFECTIVE DATE', '')}"
    )
    comments = _days(rule, _COMMENTS, dates) or _days(rule, _COMMENTS, rule.captions.get("ADDRESSES", ""))
    return RuleCard(
        action=action,
        title=rule.title,
        added=changes.get("added"),
        removed=changes.get("removed"),
        revised=changes.get("revised"),
        requirement=_requirement(rule, changes),
        policies=_policies(rule, changes),
        policy_change=_policy_change(rule),
        effective=effective[0] if effective else None,
        staged=len(effective) > 1,
        comments_due=comments[0] if comments else None,
        eccns=_eccns(rule),
        documents=tuple(dict.fromkeys(_documents(rule))),
        published=rule.published,
    )


def rule_headline(card: RuleCard, *, limit: int = 250) -> str:
    """One line in our own words, names last and only where they fit; "" where it would say no more than the title."""
    if not card.says_more:
        return ""
    if card.is_entity_list:
        lead = f"BIS {'proposes: ' if card.action == 'Proposed rule' else ''}{'; '.join(_deeds(card))}"
    else:
        title = card.title or "export controls"
        room = limit - 120
        lead = (
            f"BIS {card.action.lower()}: {title if len(title) <= room else title[: room - 1].rpartition(' ')[0] + '…'}"
        )
    parts = [lead, _policy_words(card), _eccn_words(card) if not card.is_entity_list else "", *_date_words(card)]
    line = "; ".join(part for part in parts if part)
    return line + _names_that_fit(card, limit - len(line)) if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def rule_summary(card: RuleCard, *, limit: int = 1000) -> str:
    """The whole card, a line for each thing, cut between names when it is too long."""
    lines = [f"{card.action}: {card.title}" if card.title else card.action]
    for word, change in (("Added", card.added), ("Removed", card.removed), ("Revised", card.revised)):
        if change is not None:
            lines.append(f"{word}: {_counted(change)}" + (f" ({_places(change)})" if change.by_country else ""))
    lines += [
        f"Licence required for: {card.requirement}" if card.requirement else "",
        f"Licence review: {_policy_words(card)}" if _policy_words(card) else "",
        f"Effective: {card.effective:%d %B %Y}{' (parts of it on other days)' if card.staged else ''}"
        if card.effective
        else "",
        f"Comments due: {card.comments_due:%d %B %Y}" if card.comments_due else "",
        f"ECCNs: {', '.join(card.eccns)}" if card.eccns else "",
        f"Documents: {', '.join(card.documents)}" if card.documents else "",
    ]
    told = "\n".join(line for line in lines if line)
    for word, change in (("+", card.added), ("-", card.removed), ("~", card.revised)):
        for entry in change.listed if change else ():
            line = f"\n{word} {_entry_words(entry)}"
            if len(told) + len(line) > limit - 2:
                return told[: limit - 2] + "\n…"
            told += line
    return told[:limit]


def _action(words: str) -> str:
    return next((name for name, pattern in _ACTIONS if pattern.search(words)), "")


def _days(rule: RuleText, pattern: re.Pattern[str], text: str) -> list[date]:
    days = [day for match in pattern.finditer(text) for day in rule.days(match[0])]
    if not days and pattern is _EFFECTIVE and (said := _ON_FILING.search(text)):
        known = rule.published if "publication" in said[0].lower() else rule.filed
        days = [known] if known else []
    return list(dict.fromkeys(days))


def _policies(rule: RuleText, changes: dict[str, Change]) -> tuple[str, ...]:
    """From the entries where the table says it; else from the preamble's own words about this rule's entries."""
    added = changes.get("added")
    said = [entry.policy for entry in added.listed if entry.policy] if added else []
    if added and added.listed and len(said) == len(added.listed):
        return tuple(dict.fromkeys(_policy_of(policy) or policy.lower() for policy in said))
    if not added:
        return ()
    # Of two policies the text alone does not say which entries each is for.
    found = {_POLICIES[match.lastgroup or ""] for match in _POLICY.finditer(rule.flat)}
    return tuple(found) if len(found) == 1 else ()


def _policy_of(words: str) -> str:
    found = list(dict.fromkeys(_POLICIES[match.lastgroup or ""] for match in _POLICY.finditer(words)))
    return " or ".join(found)


def _policy_change(rule: RuleText) -> tuple[str, str] | None:
    changes = set()
    for match in _CHANGED.finditer(" ".join((rule.title, rule.captions.get("SUMMARY", "")))):
        before = next(_POLICIES[key] for key in _POLICIES if match[key])
        after = next(_POLICIES[key] for key in _POLICIES if match[f"to_{key}"])
        changes.add((before, after))
    return changes.pop() if len(changes) == 1 else None


def _requirement(rule: RuleText, changes: dict[str, Change]) -> str:
    if "added" not in changes:
        return ""
    said = {entry.requirement for entry in changes["added"].listed if entry.requirement}
    if said:
        return "all items subject to the EAR" if all(_REQUIREMENT.search(words) for words in said) else ""
    return "all items subject to the EAR" if _REQUIRED.search(rule.flat) else ""


def _eccns(rule: RuleText) -> tuple[str, ...]:
    """Those of the title and the summary; where these name none, those that the rule names most often."""
    head = tuple(dict.fromkeys(find_eccns(" ".join((rule.title, rule.captions.get("SUMMARY", ""))))))
    if head:
        return head
    often = Counter(eccn for eccn in find_eccns(rule.flat) if eccn != "EAR99")
    return tuple(eccn for eccn, _ in often.most_common(MAX_ECCNS))


def _documents(rule: RuleText) -> Iterator[str]:
    head = rule.flat[:6000]
    if (number := _NUMBER.search(head) or _NUMBER.search(rule.flat[-2000:])) is not None:
        yield number["number"]
    if (cited := _CITED.search(head)) is not None:
        yield f"{cited['volume']} FR {cited['page']}"
    yield from (match["docket"] for match in _DOCKETS.finditer(head))
    before = head.partition("SUPPLEMENTARY INFORMATION")[0]
    yield from (
        found for found in find_documents(before) if re.fullmatch(r"\d{4}-[A-Z]{2}\d{2}|[A-Z]+-20\d\d-\d{4}", found)
    )


def _deeds(card: RuleCard) -> Iterator[str]:
    first = True
    for verb, change in (("adds", card.added), ("removes", card.removed), ("revises", card.revised)):
        if change is None:
            continue
        if first:  # the first deed says which list; "removes 1 in Malaysia" is enough after it
            preposition = {"adds": " to", "removes": " from"}.get(verb, " on")
            places = f": {_places(change)}" if change.by_country else ""
            yield f"{verb} {_counted(change)}{preposition} Entity List{places}"
            first = False
        else:
            places = change.by_country[0][0] if len(change.by_country) == 1 else _places(change)
            yield f"{verb} {change.entries}" + (
                f" in {places}" if len(change.by_country) == 1 else f" ({places})" if places else ""
            )


def _counted(change: Change) -> str:
    entities = f"{change.entities} {'entity' if change.entities == 1 else 'entities'}"
    return entities if change.entries == change.entities else f"{entities} under {change.entries} entries"


def _places(change: Change) -> str:
    shown = [f"{number} in {country}" for country, number in change.by_country[:5]]
    more = sum(number for _, number in change.by_country[5:])
    return ", ".join([*shown, f"{more} elsewhere"] if more else shown)


def _policy_words(card: RuleCard) -> str:
    if card.policy_change is not None:
        return f"{card.policy_change[0]} becomes {card.policy_change[1]}"
    return " or ".join(card.policies[:3])


def _eccn_words(card: RuleCard) -> str:
    shown = card.eccns[:4]
    return ("ECCN " if len(shown) == 1 else "ECCNs ") + ", ".join(shown) if shown else ""


def _date_words(card: RuleCard) -> Iterator[str]:
    for word, day in (("effective", card.effective), ("comments due", card.comments_due)):
        if day is not None:
            year = f", {day.year}" if card.published is None or day.year != card.published.year else ""
            yield f"{word} {_MONTHS[day.month - 1]} {day.day}{year}"


def _names_that_fit(card: RuleCard, room: int) -> str:
    change = card.added or card.removed or card.revised
    names = list(dict.fromkeys(entry.name for entry in change.listed)) if change else []
    for shown in range(min(len(names), 3), 0, -1):
        left = len(names) - shown
        words = f" ({', '.join(names[:shown])}{f' and {left} more' if left else ''})"
        if len(words) <= room:
            return words
    return ""


def _entry_words(entry: Entry) -> str:
    aliases = f", {entry.aliases} {'alias' if entry.aliases == 1 else 'aliases'}" if entry.aliases else ""
    policy = f": {entry.policy.lower()}" if entry.policy else ""
    return f"{entry.name} ({country_of(entry.country)}{aliases}){policy}"
