"""Secrets of every kind, and somebody who reads all that is said and knows each of them when he sees it."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import structlog

from tests.fakes import finnhub as finnhub_fake
from tests.fakes import slack as slack_fake
from tests.fakes import slack_app as app_fake
from tests.fakes import telegram as telegram_fake

GUEST = "T0002"
SECRETS = {
    "SLACK_BOT_TOKEN": slack_fake.TOKEN,
    "SLACK_APP_TOKEN": app_fake.APP_TOKEN,
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "SLACK_CLIENT_SECRET": app_fake.CLIENT_SECRET,
    "TELEGRAM_BOT_TOKEN": telegram_fake.TOKEN,
    "TELEGRAM_WEBHOOK_SECRET": "hook_secret_of_telegram_0123",
    "FINNHUB_TOKEN": finnhub_fake.TOKEN,
    "CHIPWIRE_SECRET_KEY": "a long random text, for the tests alone",
    "CHIPWIRE_WEBHOOK_SECRET": "signs-what-webhooks-get-0123",
}
GUEST_TOKEN = "xoxb-4444444444-5555555555-anotherTestTokenAbcd"
HOOK_PATH = "/services/T000/B000/pathIsTheSecret"
PASSWORD = "pass word/of the+database"  # has to be quoted in an address
BUS_PASSWORD = "passwordOfTheBus"
FORMS = (
    {  # every way in which one of them might be written
        form
        for secret in [*SECRETS.values(), GUEST_TOKEN, HOOK_PATH, PASSWORD, BUS_PASSWORD]
        for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])
    }
    | {telegram_fake.TOKEN.partition(":")[2]}
)


@dataclass
class Said:
    """Everything that was logged, and what else somebody may read."""

    log: io.StringIO = field(default_factory=io.StringIO)
    texts: list[str] = field(default_factory=list)

    def add(self, *things: object) -> None:
        """Somebody reads these: as text, as repr, and an exception as its traceback too."""
        for thing in things:
            self.texts += [str(thing), repr(thing)]
            if isinstance(thing, BaseException):
                self.texts.append("".join(traceback.format_exception(thing)))
                self._causes(thing)

    def check(self) -> None:
        """Fail where one of them is told."""
        for text in [self.log.getvalue(), *self.texts]:
            for form in FORMS:
                at = text.find(form)
                assert at < 0, f"{form!r} is told: …{text[max(at - 300, 0) : at + 100]}…"

    def _causes(self, error: BaseException) -> None:
        seen: set[int] = set()
        todo = [error]
        while todo:
            one = todo.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            self.texts += [str(one), repr(one), repr(one.args)]
            todo += [e for e in (one.__cause__, one.__context__) if e is not None]
            todo += one.exceptions if isinstance(one, BaseExceptionGroup) else ()


@contextmanager
def listening() -> Iterator[Said]:
    """The log at its most talkative, in both its forms and before it is cleaned; libraries tell more than ever."""
    heard = Said()
    as_json = structlog.processors.JSONRenderer()
    as_text = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)

    def render(logger: Any, name: str, event: structlog.typing.EventDict) -> str:
        return f"{as_json(logger, name, dict(event))!s}\n{as_text(logger, name, event)}"

    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, render],
        logger_factory=structlog.PrintLoggerFactory(heard.log),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(heard.log)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root = logging.getLogger()
    kept = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)  # a program that runs has them at WARNING
    try:
        yield heard
    finally:
        root.setLevel(kept[0])
        root.handlers[:] = kept[1]
        structlog.reset_defaults()
