"""Every error that Chipwire raises on purpose.

    BotError
    ├── ConfigError      settings, a TOML file, a command's input: a person must mend it (exit code 2)
    ├── SourceError      one source could not be fetched or parsed
    ├── StoreError       the database refused, is read-only, or is from another version
    └── NotifyError      one attempt to deliver one alert failed

    classifiers.api.ModelError stands beside them: the classifier never imports the bot.

Errors carry what decides the next step. No message holds a token or a URL with a token in it.
"""

from __future__ import annotations

from datetime import timedelta


class BotError(Exception):
    """Base of all errors that are ours."""

    exit_code = 1


class ConfigError(BotError):
    """A setting or a file that a person wrote cannot be used; the text names it and says what to do."""

    exit_code = 2


class SourceError(BotError):
    """A source could not be fetched or understood.

    Attributes:
        source: the source's name.
        permanent: trying again soon cannot help (gone, wrong kind); polled at the slowest pace.
        blocked: the remote turned us away (401, 403, 503 challenge, HTML in place of a feed): back off ≥ 15 min.
        retry_after: the remote's own wish, if it stated one.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str = "",
        permanent: bool = False,
        blocked: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.source = source
        self.permanent = permanent
        self.blocked = blocked
        self.retry_after = retry_after


class StoreError(BotError):
    """The database cannot be used; the text names the file or server and says what to do."""


class NotifyError(BotError):
    """One attempt to send one message failed.

    Attributes:
        destination: where it was to go, e.g. ``slack:C0123``.
        permanent: this destination will never accept it (kicked, not found, archived).
        auth: the credentials are refused: every destination of the platform is affected, nothing is given up.
        maybe_sent: the remote may have accepted the message although no receipt came back.
        retry_after: the remote's own wish, if it stated one.
        moved_to: the destination lives on under this name (Telegram supergroup migration).
    """

    def __init__(
        self,
        message: str,
        *,
        destination: str = "",
        permanent: bool = False,
        auth: bool = False,
        maybe_sent: bool = False,
        retry_after: timedelta | None = None,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(message)
        self.destination = destination
        self.permanent = permanent
        self.auth = auth
        self.maybe_sent = maybe_sent
        self.retry_after = retry_after
        self.moved_to = moved_to
