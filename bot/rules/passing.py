"""Whether a headline names a company only to place another one: "Nvidia rival Cambricon", "ex-Intel chief".

Such a company is not what the news is about: it gets no direction, and nobody is exposed through it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from bot.domain import Mention
from bot.rules.tickers import body_end, fold

_KIN = (
    r"rivals?|competitors?|challengers?|suppliers?|customers?|clients?|contractors?|vendors?|distributors?|resellers?|"
    r"alternatives?|lookalikes?|killers?|wannabes?|spin-?offs?|spin-?outs?|alums?|alumn[aiu]s?|veterans?|assemblers?|"
    r"backers?|peers?|partners?(?!\s(?:with|on|to|up|in|for)\b)"
)
_MADE = r"backed|owned|funded|controlled|linked|affiliated|trained|style|like|class|beating|compatible|level|supplier"
_PERSON = (
    r"ceo|cfo|coo|cto|chief|boss|chairman|chairwoman|chair|president|executive|exec|executives|engineers?|director|"
    r"employees?|staffer|manager|vp|vice[- ]president|head|researchers?|scientists?|architect|insiders?|workers?"
)
_WHICH = r"biggest|main|chief|top|closest|largest|chinese|local|domestic|smaller|arch|key|former|ex|big|new|chip|ai|gpu"
# What follows the name: "Nvidia rival", "Apple's biggest supplier", "Intel-backed", "TSMC's former chief".
_AFTER = re.compile(
    rf"(?:'s?)?[\s-](?:(?:{_WHICH})[\s-])*(?:{_KIN})\b"
    rf"|-(?:{_MADE})\b"
    rf"|(?:'s?)?\s(?:former|ex|one-?time)[\s-](?:(?:{_WHICH})[\s-])*(?:{_PERSON})\b"
    r"|\s(?:\d+\s)?(?:fans|users|owners)\b"
)
# What stands before it: "former Intel boss", "unlike AMD", "rivals of Nvidia", "faster than Nvidia".
_BEFORE = re.compile(
    r"(?:\b(?:former|ex|one-?time|formerly (?:of|at)|previously at)[\s-]+(?:top\s|senior\s|longtime\s)?"
    rf"|\b(?:former|ex)[\s-](?:{_PERSON})\s(?:of|at)\s(?:[\w']+\s){{0,3}}?"
    r"|\b(?:unlike|besides|apart from|aside from|other than|similar to|akin to|reminiscent of|modell?ed on)\s"
    rf"|\b(?:{_KIN})\s(?:of|to|for)\s"
    r"|\b(?:rivall?(?:ing|ed)|answer to|backed by|owned by|funded by|spun (?:out of|off from)|poached from|"
    r"hired (?:away )?from|(?:joins|joined|arrives|comes|hired) from|compared (?:to|with)|relative to|gap (?:with|to)|"
    r"(?<!your )(?<!our )next|mini|another|behind rival|ahead of rival|catch(?:es|ing)? up (?:with|to))\s"
    r"|\b(?:faster|slower|bigger|smaller|cheaper|better|worse|larger|more|less|greater|higher|lower) than\s(?:even\s)?"
    r"|\bas (?:fast|good|big|powerful|large|valuable|cheap|strong) as\s"
    r"|\b(?:looks?|just|much|more) like\s"
    r")(?:the\s)?$"
)
_HIRED = re.compile(
    r"\b(?:hires?|hired|poach(?:es|ed)?|recruits?|recruited|names?|named|appoints?|taps?|lures?|lured)\b.*\sfrom\s$"
)
# "After Nvidia, AMD is told to stop too": whoever went before is not the news.
_FOLLOWING = re.compile(
    r"(?:^|[,;:]\s)(?:(?:days|weeks|months|hours)\s)?(?:after|following)\s(?:[\w.-]+,?\s(?:and\s)?)?$"
)
_STOPS = re.compile(r"(?:,|\sand\s[\w.-]+,)")


def passing(text: str, mention: Mention) -> bool:
    """Whether the words name this company only to say who another one is.

    Args:
        text: the headline in which it was found.
        mention: with offsets; an inferred one is never passing.

    A company that is named a second time, outside such words, is not passing.
    """
    if not 0 <= mention.start < mention.end <= len(text):
        return False
    folded = fold(text)[: body_end(text)]
    name = folded[mention.start : mention.end]
    if not name:
        return False
    spans = [(m.start(), m.end()) for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", folded)]
    return bool(spans) and all(_beside(folded[:start], folded[end:]) for start, end in spans)


def with_passing(text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The same mentions, those in passing marked as such and without direction."""
    return tuple(
        dataclasses.replace(m, passing=True, direction=0) if m.primary and passing(text, m) else m for m in mentions
    )


def _beside(left: str, right: str) -> bool:
    return bool(
        _AFTER.match(right)
        or _BEFORE.search(left)
        or _HIRED.search(left)
        or (_FOLLOWING.search(left) and _STOPS.match(right))
    )
