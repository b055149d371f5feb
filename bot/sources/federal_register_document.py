"""What the two Federal Register lists have in common: agencies, titles, links."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from bot.domain import SourceSpec
from bot.errors import SourceError
from bot.http import Reply
from bot.sources.conditional import refuse_html
from bot.sources.feed_document import resolve
from bot.sources.text import MAX_HEADLINE, MAX_SUMMARY, clean

DEFAULT_AGENCIES = (
    "industry-and-security-bureau",
    "trade-representative-office-of-united-states",
    "executive-office-of-the-president",
    "foreign-assets-control-office",
    "international-trade-administration",
    "international-trade-commission",
)

# As traders call them. Bureaus before the departments above them: the first that matches speaks.
_SHORT = {
    "industry-and-security-bureau": "BIS",
    "foreign-assets-control-office": "OFAC",
    "trade-representative-office-of-united-states": "USTR",
    "international-trade-administration": "ITA",
    "international-trade-commission": "USITC",
    "executive-office-of-the-president": "White House",
    "commerce-department": "Commerce",
    "treasury-department": "Treasury",
    "state-department": "State Department",
    "defense-department": "Pentagon",
    "u-s-customs-and-border-protection": "CBP",
}
_BASE = "https://www.federalregister.gov/"


def read_results(spec: SourceSpec, reply: Reply) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """The whole answer and its ``results``; an answer without any has no such key.

    Raises:
        SourceError: a web page (``blocked``), or JSON of another shape.
    """
    refuse_html(spec, reply, "JSON")
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise SourceError("answers broken JSON", source=spec.name) from error
    results = document.get("results", []) if isinstance(document, dict) else None
    if not isinstance(results, list) or ("results" not in document and "count" not in document):
        raise SourceError("answers JSON that is not a list of documents", source=spec.name)
    return document, [result for result in results if isinstance(result, dict)]


def concerns(result: Mapping[str, Any], slugs: Collection[str]) -> bool:
    """Whether one of the agencies is named anywhere: the two lists put bureau and department in different order."""
    return any(slug in slugs for slug in _slugs(result))


def headline_of(result: Mapping[str, Any]) -> str:
    """One line such as "BIS rule: Additions to the Entity List"; "" when the document has no title at all.

    The short agency and the kind of document say at a glance who acts and how final it is ("proposed rule"), and
    add only two words to what the classifier reads and to what stories are compared by.
    """
    title = clean(str(result.get("title") or ""), limit=MAX_HEADLINE - 60)
    if not title:
        parts = (clean(str(result.get(key) or ""), limit=200) for key in ("toc_subject", "toc_doc"))
        title = ": ".join(part.rstrip(":; ") for part in parts if part)
    if not title:
        return ""
    kind = str(result.get("subtype") or result.get("type") or "document").strip().lower()
    if kind == "presidential document":
        kind = "document"
    return f"{_agency(result)} {kind}: {title}"


def summary_of(result: Mapping[str, Any]) -> str | None:
    """The abstract, or for public inspection the table-of-contents line where it says more than the title."""
    abstract = clean(str(result.get("abstract") or ""), limit=MAX_SUMMARY)
    if abstract:
        return abstract
    contents = clean(
        " ".join(str(result.get(key) or "") for key in ("toc_subject", "toc_doc") if result.get(key)), limit=MAX_SUMMARY
    )
    return contents if contents and contents not in str(result.get("title") or "") else None


def shown_url(result: Mapping[str, Any]) -> str:
    """The document's page for people, or its PDF."""
    for key in ("html_url", "pdf_url"):
        if isinstance(url := result.get(key), str) and url:
            return resolve(_BASE, url)
    return ""


def _slugs(result: Mapping[str, Any]) -> list[str]:
    agencies = result.get("agencies")
    listed = agencies if isinstance(agencies, list) else []
    return [str(agency["slug"]) for agency in listed if isinstance(agency, dict) and agency.get("slug")]


def _agency(result: Mapping[str, Any]) -> str:
    slugs = _slugs(result)
    for slug, short in _SHORT.items():
        if slug in slugs:
            return short
    names = result.get("agency_names")
    first = names[0] if isinstance(names, list) and names else None
    if first is None and isinstance(agencies := result.get("agencies"), list) and agencies:
        first = agencies[-1].get("name") if isinstance(agencies[-1], dict) else None
    return clean(str(first), limit=60) if first else "Federal Register"
