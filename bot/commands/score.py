"""``chipwire score``: headlines in, one JSON object a line out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bot.companies import load_companies
from bot.errors import ConfigError
from bot.exposure import load_exposure
from bot.model import pick_classifier
from bot.rules.direction import with_directions
from bot.rules.exposure import ExposureBook, exposed
from bot.rules.facts import find_facts
from bot.rules.passing import with_passing
from bot.rules.tickers import CompanyBook
from bot.settings import Settings
from classifiers.api import Classifier, Score
from classifiers.explain import explain

CHUNK = 256
MAX_LINE = 64 * 1024  # bytes; a headline has a hundred


def score_file(name: str, settings: Settings, *, explained: bool = False) -> None:
    """Score a file, or stdin for ``-``, and write JSON Lines to stdout; ``explained`` adds the words that decided.

    Raises:
        ConfigError: the input cannot be read; the text names the file and the line. What came before that line
            is printed.
        ModelError: the model cannot be loaded.
    """
    companies = load_companies(settings.companies)
    exposure = load_exposure(companies, settings.exposure)
    with _open(name) as stream:
        lines = _headlines(stream, "standard input" if name == "-" else name)
        chunk = _take(lines)
        classifier = pick_classifier(settings)
        while chunk:
            scores = classifier.score([text for text, _ in chunk])
            for (text, extra), score in zip(chunk, scores, strict=True):
                row = extra | record(text, score, classifier, companies, exposure)
                if explained:
                    row["explain"] = explain(classifier, text, score).as_dict()
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            chunk = _take(lines)


def record(
    text: str, score: Score, classifier: Classifier, companies: CompanyBook, exposure: ExposureBook
) -> dict[str, Any]:
    """The record of one scored headline, as the contract has it."""
    facts = find_facts(text)
    mentions = with_passing(text, with_directions(text, companies.find(text), event=score.event, status=score.status))
    mentions += exposed(text, mentions, facts, score.event, score.status, exposure)
    thresholds = classifier.thresholds
    return {
        "headline": text,
        "chip_export": round(score.chip_export, 4),
        "market_moving": round(score.market_moving, 4),
        "event": score.event.value,
        "event_prob": round(score.event_prob, 4),
        "status": score.status.value,
        "status_prob": round(score.status_prob, 4),
        "tickers": {m.ticker: m.direction for m in mentions if m.ticker and m.primary},
        "exposed": {m.ticker: m.direction for m in mentions if m.ticker and not m.primary},
        "facts": facts.as_dict(),
        "language": score.language,
        "model": score.model,
        "threshold": {"chip_export": thresholds.chip_export, "market_moving": thresholds.market_moving},
    }


def _open(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from error


def _take(lines: Iterator[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    chunk = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            break
    return chunk


def _headlines(stream: BinaryIO, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield headlines and what identifies them (``id``, where a JSON line has one); blank lines are passed over."""
    number = found = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            raise ConfigError(f"{name}: line {number} is longer than {MAX_LINE // 1024} KB; write one headline a line")
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise ConfigError(f"{name}: line {number} is not UTF-8 text (byte {error.start + 1})") from error
        if not line:
            continue
        found += 1
        yield _parse(line, f"{name}: line {number}") if line.startswith("{") else (line, {})
    if not found:
        raise ConfigError(f"{name}: empty; write one headline a line, or JSON Lines with `headline`")


def _parse(line: str, where: str) -> tuple[str, dict[str, Any]]:
    try:
        document = json.loads(line)
    except json.JSONDecodeError as error:
        raise ConfigError(f"{where}: not valid JSON: {error.msg} (column {error.colno})") from error
    headline = document.get("headline")
    if not isinstance(headline, str) or not headline.strip():
        raise ConfigError(f"{where}: no `headline` in the object")
    try:
        headline.encode()
    except UnicodeEncodeError as error:
        raise ConfigError(f"{where}: `headline` holds half a character (a lone surrogate)") from error
    return headline, {"id": document["id"]} if "id" in document else {}
