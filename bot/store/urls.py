"""What CHIPWIRE_DATABASE_URL says: which file or which server, and how it may be named in an error text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError

__all__ = ["PostgresAddress", "SqliteAddress", "parse_url"]

_SQLITE_OPTIONS = {"mode", "uri", "immutable"}
_POSTGRES_OPTIONS = {"ssl", "sslmode", "host", "port", "application_name"}


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    """A SQLite file; ``path`` is None for a database in memory that ends with its store."""

    path: Path | None
    mode: str = "rwc"  # SQLite's own: ro, rw, rwc
    immutable: bool = False

    def __str__(self) -> str:
        return "the database in memory" if self.path is None else str(self.path)

    @property
    def uri(self) -> str:
        """The address in the form that ``sqlite3.connect(uri=True)`` takes."""
        if self.path is None:
            return ":memory:"
        text = f"file:{quote(str(self.path.absolute()))}?mode={self.mode}"
        return f"{text}&immutable=1" if self.immutable else text


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """A PostgreSQL database, for asyncpg."""

    url: sa.URL
    application_name: str = "chipwire"

    def __str__(self) -> str:
        return self.url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)

    def without_password(self, text: str) -> str:
        """The text with the password struck out, should a driver have put it in."""
        return text.replace(str(self.url.password), "***") if self.url.password else text


def parse_url(text: str) -> SqliteAddress | PostgresAddress:
    """Read a database URL.

    Args:
        text: ``sqlite:///relative``, ``sqlite:////absolute`` (with ``?mode=ro``, ``rw`` or ``rwc``),
            ``sqlite://`` (in memory), ``postgresql://…``, ``postgres://…`` or ``postgresql+asyncpg://…``
            (with ``?sslmode=``, ``application_name=``, ``host=``, ``port=``).

    Raises:
        ConfigError: it is none of these; no password is in the message.
    """
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError):
        # SQLAlchemy's message repeats the whole text, and a password may be in it.
        raise ConfigError(
            "CHIPWIRE_DATABASE_URL is not a database URL: "
            "write sqlite:////path/to/chipwire.sqlite3 or postgresql://user@host/database"
        ) from None
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite":
        return _sqlite(url)
    if backend in {"postgresql", "postgres"}:
        return _postgres(url)
    raise ConfigError(f"CHIPWIRE_DATABASE_URL names {backend!r}; Chipwire keeps its data in sqlite or postgresql")


def _sqlite(url: sa.URL) -> SqliteAddress:
    options = _options(url, _SQLITE_OPTIONS)
    name = (url.database or "").removeprefix("file:")
    if url.host:
        raise ConfigError(
            f"CHIPWIRE_DATABASE_URL: a SQLite path begins after three slashes: sqlite:///{url.host}/{name} "
            "for a relative path, four for an absolute one"
        )
    if name in {"", ":memory:"}:
        return SqliteAddress(None)
    mode = options.get("mode", "rwc")
    if mode not in {"ro", "rw", "rwc"}:
        raise ConfigError(f"CHIPWIRE_DATABASE_URL: mode={mode} is not one of ro, rw, rwc")
    return SqliteAddress(Path(name).expanduser(), mode, immutable=options.get("immutable") == "1")


def _postgres(url: sa.URL) -> PostgresAddress:
    options = _options(url, _POSTGRES_OPTIONS)
    application_name = options.pop("application_name", "chipwire")
    if "sslmode" in options:  # libpq's word; asyncpg's is ssl
        options["ssl"] = options.pop("sslmode")
    return PostgresAddress(url.set(drivername="postgresql+asyncpg", query=options), application_name)


def _options(url: sa.URL, known: set[str]) -> dict[str, str]:
    unknown = sorted(set(url.query) - known)
    if unknown:
        raise ConfigError(f"CHIPWIRE_DATABASE_URL: unknown option {unknown[0]!r}; known are {', '.join(sorted(known))}")
    return {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
