"""Logs: no secret comes out, whichever way it went in, and each line can be read by what reads logs."""

import json
import logging
import sys

import pytest
import structlog

from bot import log

SECRET = "hunter2-and-more"
TELEGRAM = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
SLACK = "xoxb-1234-5678-abcdefgh"


def configure(capsys, *, json_lines):
    """Set logging up on the captured stderr."""
    return log.configure(level="info", json_lines=json_lines, secrets=[SECRET])


@pytest.mark.parametrize("json_lines", [False, True])
@pytest.mark.parametrize("secret", [SECRET, TELEGRAM, SLACK, f"https://api.telegram.org/bot{TELEGRAM}/getMe"])
def test_no_token_comes_out(capsys, json_lines, secret):
    """In the event, in values however deep, in errors, in tracebacks, and in what libraries log."""
    configure(capsys, json_lines=json_lines)
    ours = structlog.get_logger("test")
    try:
        raise ValueError(secret)  # noqa: TRY301  the traceback is what is tested
    except ValueError as error:
        ours.exception(
            f"failed {secret}", error=error, deep={"list": [secret, {secret: (secret,)}]}, raw=secret.encode()
        )
        logging.getLogger("library").exception("request to %s", secret)
    written = capsys.readouterr().err
    assert "failed" in written
    assert "ValueError" in written
    for token in (SECRET, TELEGRAM, SLACK):
        assert token not in written


def test_what_nobody_caught_is_clean_too(capsys):
    """A traceback that ends the process goes past the loggers, and is cleaned all the same."""
    configure(capsys, json_lines=False)
    try:
        raise RuntimeError(f"https://x.example/bot{TELEGRAM}")  # noqa: TRY301  as above
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    written = capsys.readouterr().err
    assert "RuntimeError" in written
    assert TELEGRAM not in written


def test_json_lines_are_json_on_stderr_alone(capsys):
    """Each line is one object, numbers stay numbers, and stdout is left to the commands."""
    configure(capsys, json_lines=True)
    structlog.get_logger("test").info("sent", attempt=2, ms=1.5, story=None, ok=True)
    captured = capsys.readouterr()
    record = json.loads(captured.err)
    assert (record["event"], record["attempt"], record["ms"], record["story"], record["ok"]) == (
        "sent",
        2,
        1.5,
        None,
        True,
    )
    assert captured.out == ""


def test_a_short_secret_does_not_eat_words(capsys):
    """A value of a few letters would take ordinary words with it."""
    assert log.Redactor(["chip"]).clean("chip exports") == "chip exports"


def test_the_longer_secret_is_taken_first():
    """One secret may be a part of another; nothing of the longer one is left."""
    assert log.Redactor(["secret", "secret-longer"]).clean("a secret-longer b") == "a [redacted] b"
