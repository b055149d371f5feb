"""What a filing says, in one line: from its paragraphs to the sentence that a trader must see. Pure.

An 8-K says it in the section of an item ("Item 8.01 Other Events."), or says there that a press release does, which is
exhibit 99.1; a 6-K is a press release behind a cover page, or with one as its exhibit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.sources import edgar_phrases as phrases
from bot.sources.text import shorten

MAX_HEADLINE = 240  # characters: what a card shows without folding
MAX_SUMMARY = 600
_SECTION = 10_000  # characters of a section that are looked at; what comes later is detail
_OPENING = 12  # paragraphs of a press release in which its news must stand


@dataclass(frozen=True, slots=True)
class Told:
    """What a filing says. ``item`` is None outside 8-Ks; ``sentence`` is tidied but not yet shortened."""

    sentence: str
    summary: str
    weight: int  # 2 names a trade measure; 1 a government, a rule, an order, a charge, money; 0 neither
    item: str | None = None
    elsewhere: bool = False  # it says that a press release says it


def headline(company: str, form: str, told: Told) -> str:
    """E.g. "Nvidia 8-K, item 8.01: …"; at most ``MAX_HEADLINE`` characters, cut between words."""
    where = f"{company} {form}" + (f", item {told.item}" if told.item else "")
    return shorten(f"{where}: {told.sentence}", MAX_HEADLINE)


def tell_report(paragraphs: Sequence[str], items: Sequence[str], company: str) -> Told | None:
    """What the given items of an 8-K say; None when they say nothing of their own.

    Args:
        paragraphs: of the whole document.
        items: numbers ("8.01"), the weightiest first; between equally telling sentences it speaks.
        company: the name that stands for "the Company" and for its full name.
    """
    found = sections(paragraphs)
    told = [one for number in items if (one := _tell_item(number, found.get(number, ()), company)) is not None]
    return max(told, key=lambda one: (one.weight, not one.elsewhere), default=None)


def tell_release(paragraphs: Sequence[str], company: str, item: str | None = None) -> Told | None:
    """What a press release says: its title, or where that is bare ("… reports results") a trade measure in its text.

    Args:
        paragraphs: of the exhibit, or of a 6-K; what stands before the title is passed over.
        company: as for ``tell_report``.
        item: the 8-K item that it was filed under.
    """
    title, body = _title(_after_cover(paragraphs))
    telling = [sentence for line in body for sentence in sentences(line) if not phrases.BOILERPLATE.search(sentence)]
    lines = [title, *telling] if title else telling
    if not lines:
        return None
    chosen = lines[0]
    if weigh(chosen) == 0:
        chosen = next((line for line in telling if weigh(line) == 2), chosen)
    sentence = tidy(chosen, company)
    if not _says_something(sentence):
        return None
    return Told(sentence, _summary(lines), weigh(chosen), item)


def sections(paragraphs: Iterable[str]) -> dict[str, list[str]]:
    """The paragraphs of each item by its number, without headings, cautions and signatures."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    open_, fresh = False, False
    for line in paragraphs:
        heading = phrases.HEADING.match(line)
        if heading is not None and not phrases.REFERENCE.match(line, heading.end()):
            current, open_, fresh = [], True, True
            for number in phrases.NUMBER.findall(heading.group()):
                found.setdefault(number, current)
            line = line[heading.end() :]  # noqa: PLW2901  the rest of the line is the section's first
        if found and phrases.SIGNATURES.match(line):
            break
        if phrases.CAUTION.match(line):
            open_ = False
        if not open_:
            continue
        text = _untitled(line) if fresh else line
        if text:
            current.append(text)
            fresh = False
    return found


def sentences(paragraph: str) -> Iterator[str]:
    """Cut a paragraph at the ends of its sentences, not at those of "U.S.", "Inc." and "No."."""
    start = 0
    for end in phrases.SENTENCE_END.finditer(paragraph):
        before = paragraph[start : end.start()].rpartition(" ")[2]
        if phrases.ABBREVIATION.fullmatch(before) and not phrases.OPENER.match(paragraph, end.end()):
            continue
        yield paragraph[start : end.end()].strip()
        start = end.end()
    if rest := paragraph[start:].strip():
        yield rest


def weigh(sentence: str) -> int:
    """How telling a sentence is: see ``Told.weight``."""
    if phrases.MEASURE.search(sentence):
        return 2
    return 1 if phrases.TELLING.search(sentence) else 0


def tidy(sentence: str, company: str) -> str:
    """The sentence as a headline: without date, definitions, references and "announced that", "the Company" named."""
    text = _without_lead(sentence)
    text = phrases.DEFINED.sub(lambda it: company if _is_self(it["terms"], company) else it["name"], text)
    text = phrases.TICKERS.sub("", phrases.OR_TERM.sub("", phrases.DEFINITION.sub("", text)))
    text = re.sub(rf"\b{re.escape(company)}{phrases.LEGAL_NAME}", company, text, flags=re.IGNORECASE)
    text = phrases.THE_COMPANY.sub(company, text)
    for pattern in (phrases.RELEASE_SAYS, phrases.ANNOUNCED):
        said = pattern.match(text)
        if said is not None and said["subject"].casefold() in {company.casefold(), "we"}:
            text = phrases.ITSELF.sub(lambda it: company + ("'s" if it["its"] else ""), text[said.end() :])
    text = phrases.LOOSE_MARK.sub(r"\1", " ".join(text.split())).strip(" ,;:–—-•")
    if text.endswith(".") and not phrases.ABBREVIATION.fullmatch(text.rpartition(" ")[2]):
        text = text[:-1].rstrip()
    return text[:1].upper() + text[1:]


def _tell_item(number: str, paragraphs: Sequence[str], company: str) -> Told | None:
    said: list[str] = []
    left = _SECTION
    for line in paragraphs:
        said += [phrases.ATTACHED.sub("", phrases.COPY_OF_WHICH.sub("", sentence)) for sentence in sentences(line)]
        left -= len(line)
        if left <= 0:
            break
    said = [sentence for sentence in said if _says_something(sentence) and not phrases.BOILERPLATE.search(sentence)]
    # A sentence that only says that a press release was issued names its subject at best.
    said = [one for one in said if not phrases.RELEASE.search(one) or phrases.RELEASE_SUBJECT.search(one)]
    if not said:
        return None
    chosen = next((one for weight in (2, 1, 0) for one in said if weigh(one) == weight), said[0])
    sentence = tidy(chosen, company)
    if not _says_something(sentence):
        return None
    elsewhere = phrases.RELEASE.search(chosen) is not None
    return Told(sentence, _summary(said), weigh(chosen), number, elsewhere)


def _without_lead(text: str) -> str:
    """The text without "As previously disclosed, on October 17, 2023, " and the like before its subject."""
    for _ in range(3):
        lead = phrases.LEAD.match(text) or phrases.DATE_LEAD.match(text)
        if lead is None:
            break
        text = text[lead.end() :]
    return text


def _untitled(line: str) -> str:
    """A section's first words without the form's own title of the item."""
    while (title := phrases.ITEM_TITLE.match(line)) and title.end():
        line = line[title.end() :]
    return line


def _after_cover(paragraphs: Sequence[str]) -> Sequence[str]:
    """What stands behind a 6-K's cover page, which ends with the boxes for the annual form."""
    boxes = [place for place, line in enumerate(paragraphs[:60]) if phrases.COVER_END.search(line)]
    return paragraphs[boxes[-1] + 1 :] if boxes else paragraphs


def _title(paragraphs: Sequence[str]) -> tuple[str, list[str]]:
    """A press release's title ("" when it begins with its text), and its opening paragraphs."""
    title = ""
    body: list[str] = []
    for line in paragraphs[:80]:
        text = phrases.RELEASE_MARK.sub("", line)
        if not text or (not body and _is_furniture(text)):
            continue
        if phrases.RELEASE_END.match(text):
            if title or body:
                break
            continue
        dated = phrases.DATELINE.match(text)
        text = text[dated.end() :] if dated else text
        if not title and not body and not dated and len(text) <= 300:
            title = text
        elif text:
            body.append(text)
        if len(body) == _OPENING:
            break
    return title, body


def _is_furniture(line: str) -> bool:
    """Whether a line before a title is part of the page, not of the news: addresses, names, dates, officers."""
    if phrases.FURNITURE.match(line):
        return True
    if len(line) > 150:
        return False
    if phrases.OFFICER.fullmatch(line) or phrases.DATE_ONLY.fullmatch(line) or phrases.REACH.search(line):
        return True
    words = line.split()
    is_name = phrases.ENDS_AS_NAME.search(line) is not None and len(words) <= 8 and not any(w.islower() for w in words)
    return is_name or (len(words) < 4 and weigh(line) == 0)


def _is_self(words: str, company: str) -> bool:
    return company.casefold() in words.casefold() or phrases.SELF.search(words) is not None


def _says_something(sentence: str) -> bool:
    return sum(character.isalpha() for character in sentence) >= 12 and len(sentence.split()) >= 3


def _summary(lines: Sequence[str]) -> str:
    return shorten(" ".join(lines), MAX_SUMMARY)
