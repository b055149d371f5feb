"""What officials number: export-control classes, documents, dockets, tariff lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Category, product group, three digits, then paragraphs: 3B001.f.4. https://www.ecfr.gov/current/title-15/part-774
_ECCN = re.compile(
    r"(?<![A-Za-z0-9.$-])(?:[0-9][A-E]\d{3}(?:\.[a-z](?:\.(?:\d{1,2}|[a-z]|[ivx]+))*)?|EAR99)(?![A-Za-z0-9])"
)
_DOCUMENTS = re.compile(
    r"""
      (?P<docket>(?<![\w-])[A-Z]{2,6}-20\d\d-\d{4}(?:-\d{1,4})?(?![\w-]))
    | (?P<number>(?<![\w$€£¥.,-])20\d\d-\d{5}(?![\w-]|[.,]\d))
    | (?P<rin>(?<![\w-])\d{4}-[A-Z]{2}\d{2}(?![\w-]))
    | (?P<page>(?<![\w.,-])\d{2}\s?(?:FR|Fed\.\s?Reg\.)\s?(?P<at>\d{1,3},\d{3}|\d{3,6})(?!\w))
    | Docket\s(?:No\.?|Number)?\s?(?P<bare>\d{6}-\d{4})(?!\d)
    | (?P<order>\b(?:Executive\sOrder|E\.?O\.?)\s(?:No\.?\s)?(?P<of>1[345]\d{3})(?!\d))
    | (?P<proclamation>\b[Pp]roclamation\s(?:No\.?\s)?(?P<which>1[01]\d{3})(?!\d))
    | (?P<bill>(?<![\w.])(?:H\.\s?R\.|HR)\s?(?P<house>\d{2,5})(?!\d) | (?<![\w.])S\.\s?(?P<senate>\d{3,4})(?![\d,.]))
    | (?P<announcement>\b[Aa]nnouncement\s(?:No\.?|[Nn]umber|\#)\s?
        (?P<nth>\d{1,3})(?:,?\s(?:of\s)?(?P<year>20\d\d))?(?!\d))
    | (?P<gonggao>公告\s?(?P<gnian>20\d\d)年第(?P<gnth>\d{1,3})号)
    | (?P<tariff>(?<![\w$€£¥.,-])(?!19\d\d|20\d\d)\d{4}\.\d{2}\.\d{2}(?:\.?\d{2})?(?![\d%]|\.\d))
    | \b(?:HTS(?:US)?|[Cc]odes?|[Hh]eadings?|[Ss]ubheadings?)\s(?P<heading>\d{4}\.\d{2})(?!\d|%|\.\d)
    """,
    re.VERBOSE,
)


def find_eccns(text: str) -> Iterator[str]:
    """Export Control Classification Numbers, as they stand."""
    return (match[0] for match in _ECCN.finditer(text))


def find_documents(text: str) -> Iterator[str]:
    """Numbers of documents, dockets, RINs, orders, bills, announcements and tariff lines, each in one spelling."""
    for match in _DOCUMENTS.finditer(text):
        match match.lastgroup:
            case "page" | "at":
                yield f"{match['page'][:2]} FR {match['at'].replace(',', '')}"
            case "order" | "of":
                yield f"Executive Order {match['of']}"
            case "proclamation" | "which":
                yield f"Proclamation {match['which']}"
            case "bill" | "house" | "senate":
                yield f"H.R. {match['house']}" if match["house"] else f"S. {match['senate']}"
            case "announcement" | "nth" | "year":
                yield f"Announcement No. {match['nth']}" + (f" of {match['year']}" if match["year"] else "")
            case "gonggao" | "gnian" | "gnth":
                yield f"Announcement No. {match['gnth']} of {match['gnian']}"
            case "tariff" | "heading":
                yield f"HTS {match['tariff'] or match['heading']}"
            case _:
                yield match[match.lastgroup or 0]
