"""The entry point: runs a command and turns errors into one clear line and an exit code."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run ``chipwire``; exits with 0, 1 (something failed) or 2 (wrong usage or settings)."""
    from bot.cli import app  # noqa: PLC0415  so that an interrupt during the imports ends without a traceback
    from bot.errors import BotError  # noqa: PLC0415
    from classifiers.api import ModelError  # noqa: PLC0415

    try:
        app(prog_name="chipwire")
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
    except TimeoutError:
        _fail(BotError("stopped before everything in flight had ended; it is settled at the next start"))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has left (`chipwire score - | head`): that is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _fail(error: BaseException) -> None:
    for line in (str(error) or type(error).__name__).splitlines():
        sys.stderr.write(f"chipwire: {line}\n")
    sys.exit(getattr(error, "exit_code", 1))


if __name__ == "__main__":
    main()
