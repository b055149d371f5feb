"""Which companies of a TOML file the labelled headlines never name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from classifiers.api import ModelError
from classifiers.dataset import Record

__all__ = ["unnamed"]


def unnamed(path: Path, records: Sequence[Record]) -> Iterator[str]:
    """The companies that no headline names, in the file's order.

    A listed one is named where one of its tickers is among the labels, an unlisted one where its name or an alias
    stands in the words.

    Args:
        path: TOML with [[company]] tables: ``name``, and where it has them ``ticker``, ``listings``, ``aliases``.
        records: the labelled headlines.

    Raises:
        ModelError: the file cannot be read, or is not of this form.
    """
    tickers = {ticker for record in records for ticker in record.tickers}
    words = "\n".join(record.headline for record in records)
    folded = words.casefold()
    for company in _companies(path):
        listings = {company["ticker"], *company.get("listings", ())} if "ticker" in company else set()
        names = (company["name"], *company.get("aliases", ()))
        if not (tickers & listings if listings else any(_stands_in(name, words, folded) for name in names)):
            yield company["name"]


def _companies(path: Path) -> list[dict[str, Any]]:
    try:
        companies = tomllib.loads(path.read_text(encoding="utf-8")).get("company", [])
    except OSError as e:
        raise ModelError(f"{path}: cannot be read: {e.strerror or e}") from e
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ModelError(f"{path}: not TOML: {e}") from e
    if not isinstance(companies, list) or not all(isinstance(c, dict) and _usable(c) for c in companies):
        raise ModelError(f"{path}: each [[company]] needs a name and may have a ticker, listings and aliases")
    return companies


def _usable(company: dict[str, Any]) -> bool:
    texts = [company.get("name"), company.get("ticker", "")]
    for key in ("listings", "aliases"):
        values = company.get(key, [])
        texts += values if isinstance(values, list) else [None]
    return all(isinstance(text, str) for text in texts) and bool(texts[0])


def _stands_in(name: str, words: str, folded: str) -> bool:
    if name.casefold() not in folded:  # the quick way out: most names of 250 in two million characters
        return False
    start = r"(?<![A-Za-z0-9])" if name[0].isascii() else ""
    end = r"(?![A-Za-z0-9])" if name[-1].isascii() else ""
    # Three capitals are a word in another case: "ASE" and "ase".
    case = re.NOFLAG if len(name) <= 3 and name.isupper() else re.IGNORECASE
    return re.search(f"{start}{re.escape(name)}{end}", words, case) is not None
