"""The entry point: runs a command and turns errors into one clear line and an exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run ``chipwire``; exits with 0, 1 (something failed), 2 (wrong usage or settings) or 130 (interrupted)."""
    import asyncio  # noqa: PLC0415  so that an interrupt during the imports ends without a traceback

    from bot.cli import app  # noqa: PLC0415
    from bot.errors import BotError  # noqa: PLC0415
    from classifiers.api import ModelError  # noqa: PLC0415

    if sys.stdout is None:
        # Started with stdout closed: whoever did that wants no output, and nothing may fail for want of it.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  open as long as the process
    stdout = sys.stdout
    try:
        try:
            app(prog_name="chipwire")
        finally:
            sys.stdout.flush()  # here, where a failure has an answer
    except SystemExit:
        if sys.stdout is not stdout:
            sys.exit(0)  # typer has put another in its place: the reader of our output has left
        raise
    except BaseExceptionGroup as group:
        known = group.subgroup((BotError, ModelError))
        if known is None:
            raise
        error: BaseException = known
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        _fail(error)
    except (BotError, ModelError) as error:
        _fail(error)
    except (KeyboardInterrupt, asyncio.CancelledError):  # the latter: a second signal to `run`
        _give_up_stdout()
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has left (`chipwire score - | head`): that is not an error.
        _give_up_stdout()
        sys.exit(0)
    except OSError as error:
        _give_up_stdout()
        _fail(BotError(f"{error.filename or 'output'}: {error.strerror or error}"))


def _give_up_stdout() -> None:
    """What cannot be written now is not tried again when the interpreter ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: BaseException) -> None:
    for line in (str(error) or type(error).__name__).splitlines():
        sys.stderr.write(f"chipwire: {line}\n")
    sys.exit(getattr(error, "exit_code", 1))


if __name__ == "__main__":
    main()
