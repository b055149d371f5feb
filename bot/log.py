"""Structured logs on stderr: one event name a fact, values as keys, never a secret."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

import structlog

_REDACTED = "[redacted]"
# Telegram puts the token into the path of every request, and libraries put the path into their errors.
_TOKEN_SHAPES = re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{20,}|\bxox[abeprs]-[A-Za-z0-9-]+|\bxapp-[A-Za-z0-9-]+")


class Redactor:
    """Takes secrets out of text: the configured ones to the letter, and whatever has a token's shape."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first: a secret may be part of another. Very short ones would eat ordinary words.
        self._secrets = sorted({s for s in secrets if len(s) >= 6}, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text with every secret replaced."""
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _TOKEN_SHAPES.sub(_REDACTED, text)

    def processor(self, _logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        """Structlog processor: cleans every value that can hold text, however deep."""
        for key, value in event.items():
            if not key.startswith("_"):  # the formatter's own
                event[key] = self._cleaned(value)
        return event

    def _cleaned(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, Mapping):
            return {self.clean(str(k)): self._cleaned(v) for k, v in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._cleaned(v) for v in value]
        return self.clean(value if isinstance(value, str) else repr(value))


def configure(*, level: str = "info", json_lines: bool = False, secrets: Iterable[str] = ()) -> Redactor:
    """Set up structlog and the standard library's logging to write to stderr.

    Args:
        level: debug, info, warning or error.
        json_lines: one JSON object a line, for log collectors; otherwise made for a person to read.
        secrets: values that must never be written.
    """
    redactor = Redactor(secrets)
    numeric = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if json_lines else "%H:%M:%S", utc=True),
        structlog.processors.format_exc_info,
        redactor.processor,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        # Plain tracebacks: the rich ones show local variables, and tokens live there.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr is not None and sys.stderr.isatty(),
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries speak only when something is wrong: what they do is logged by us, in our words.
    root.setLevel(max(numeric, logging.WARNING))
    # What nobody caught is printed by the interpreter, past every logger.
    sys.excepthook = lambda _kind, error, _trace: _print_uncaught(redactor, error)
    threading.excepthook = lambda args: _print_uncaught(redactor, args.exc_value)
    return redactor


def _print_uncaught(redactor: Redactor, error: BaseException | None) -> None:
    if error is not None and sys.stderr is not None:
        sys.stderr.write(redactor.clean("".join(traceback.format_exception(error))))
