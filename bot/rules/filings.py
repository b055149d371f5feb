"""Filings that are told although their listing says nothing of their content."""

from __future__ import annotations

import re

# Item 8.01, "other events", is where notices of new licence requirements were filed before anybody knew of the
# rule; its listing alone reads like routine. The form of words is that of the EDGAR adapter.
_UNREAD = re.compile(r" files 8-K(?:/A)?: .*\(item 8\.01\)")


def must_tell(headline: str) -> bool:
    """Whether an 8-K is told before its text could be read: quietly, for a reader to open."""
    return _UNREAD.search(headline) is not None
