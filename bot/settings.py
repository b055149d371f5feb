"""The only reader of the environment. One frozen tree, built once, passed by parameter."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain import Destination
from bot.errors import ConfigError

ROLES = ("poll", "desk", "dispatch", "chat", "web")
_OURS = "CHIPWIRE_"


def _default_home() -> Path:
    try:
        return Path(platformdirs.user_data_dir("chipwire", appauthor=False))
    except RuntimeError as error:  # a user without a home, as in some containers
        raise ConfigError("CHIPWIRE_HOME: this user has no home folder; name a folder that can be written") from error


class Settings(BaseSettings):
    """Every setting of Chipwire, from the environment or ``.env``; see ``.env.example`` for a sentence on each.

    A secret may also be given as ``<NAME>_FILE``: the path of a file that holds it.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, case_sensitive=True, populate_by_name=True
    )

    home: Path = Field(default_factory=_default_home, alias="CHIPWIRE_HOME")
    database_url: SecretStr | None = Field(default=None, alias="CHIPWIRE_DATABASE_URL")
    nats_url: SecretStr | None = Field(default=None, alias="CHIPWIRE_NATS_URL")
    sources: Path | None = Field(default=None, alias="CHIPWIRE_SOURCES")
    subscriptions: Path | None = Field(default=None, alias="CHIPWIRE_SUBSCRIPTIONS")
    companies: Path | None = Field(default=None, alias="CHIPWIRE_COMPANIES")
    exposure: Path | None = Field(default=None, alias="CHIPWIRE_EXPOSURE")
    http_listen: str = Field(default="127.0.0.1:8787", alias="CHIPWIRE_HTTP_LISTEN")
    contact: str | None = Field(default=None, alias="CHIPWIRE_CONTACT")
    model: str | None = Field(default=None, alias="CHIPWIRE_MODEL")
    chip_export_threshold: float | None = Field(default=None, gt=0, lt=1, alias="CHIPWIRE_CHIP_EXPORT_THRESHOLD")
    market_moving_threshold: float | None = Field(default=None, gt=0, lt=1, alias="CHIPWIRE_MARKET_MOVING_THRESHOLD")
    flashes_per_hour: int = Field(default=6, ge=1, alias="CHIPWIRE_FLASHES_PER_HOUR")
    max_age_s: float = Field(default=6 * 3600, gt=0, alias="CHIPWIRE_MAX_AGE_S")
    shutdown_grace_s: float = Field(default=10, ge=0, le=300, alias="CHIPWIRE_SHUTDOWN_GRACE_S")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", alias="CHIPWIRE_LOG_LEVEL")
    log_json: bool = Field(default=False, alias="CHIPWIRE_LOG_JSON")

    slack_bot_token: SecretStr | None = Field(default=None, alias="SLACK_BOT_TOKEN")
    slack_channels: Annotated[tuple[str, ...], NoDecode] = Field(default=(), alias="SLACK_CHANNELS")
    slack_api_url: str = Field(default="https://slack.com/api/", alias="SLACK_API_URL")
    telegram_bot_token: SecretStr | None = Field(default=None, alias="TELEGRAM_BOT_TOKEN")
    telegram_chats: Annotated[tuple[str, ...], NoDecode] = Field(default=(), alias="TELEGRAM_CHATS")
    telegram_api_url: str = Field(default="https://api.telegram.org", alias="TELEGRAM_API_URL")
    webhook_secret: SecretStr | None = Field(default=None, alias="CHIPWIRE_WEBHOOK_SECRET")

    slack_app_token: SecretStr | None = Field(default=None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(default=None, alias="SLACK_SIGNING_SECRET")
    slack_client_id: str | None = Field(default=None, alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr | None = Field(default=None, alias="SLACK_CLIENT_SECRET")
    slack_settings_by: Literal["members", "admins"] = Field(default="members", alias="SLACK_SETTINGS_BY")
    telegram_webhook_secret: SecretStr | None = Field(default=None, alias="TELEGRAM_WEBHOOK_SECRET")
    telegram_preview: bool = Field(default=False, alias="TELEGRAM_PREVIEW")
    telegram_pictures: Literal["none", "flash"] = Field(default="none", alias="TELEGRAM_PICTURES")
    secret_key: SecretStr | None = Field(default=None, alias="CHIPWIRE_SECRET_KEY")
    public_url: str | None = Field(default=None, alias="CHIPWIRE_PUBLIC_URL")
    operator: str | None = Field(default=None, alias="CHIPWIRE_OPERATOR")
    language: Literal["en", "zh", "ja"] = Field(default="en", alias="CHIPWIRE_LANGUAGE")
    finnhub_token: SecretStr | None = Field(default=None, alias="FINNHUB_TOKEN")
    finnhub_api_url: str = Field(default="https://finnhub.io/api/v1", alias="FINNHUB_API_URL")

    @field_validator("home", "sources", "subscriptions", "companies", "exposure")
    @classmethod
    def _path(cls, value: Path | None) -> Path | None:
        # A .env file knows no shell: "~/chipwire" must not become a folder that is named "~".
        try:
            return None if value is None else value.expanduser()
        except RuntimeError as error:
            raise ValueError(f"cannot tell whose home {value} is in; write the whole path") from error

    @field_validator("slack_channels", "telegram_chats", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("slack_channels")
    @classmethod
    def _slack_channels(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for channel in value:
            Destination.parse(f"slack:{channel}")
        return value

    @field_validator("telegram_chats")
    @classmethod
    def _telegram_chats(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for chat in value:
            Destination.parse(f"telegram:{chat}")
        return value

    @field_validator("operator")
    @classmethod
    def _operator(cls, value: str | None) -> str | None:
        if value is not None:
            Destination.parse(value)
        return value

    @field_validator("slack_api_url", "telegram_api_url", "finnhub_api_url", "public_url")
    @classmethod
    def _http_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("not an http or https URL")
        return value

    @field_validator("http_listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("write host:port, e.g. 127.0.0.1:8787 (port 0 takes a free one)")
        return value

    @field_validator("contact")
    @classmethod
    def _contact(cls, value: str | None) -> str | None:
        if value is not None and (" " in value or value.count("@") != 1):
            raise ValueError("not an e-mail address")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(
            ("sqlite:", "postgresql:", "postgresql+", "postgres:")
        ):
            raise ValueError("write sqlite:///path or postgresql://user:password@host/database")
        return value

    @model_validator(mode="after")
    def _tokens_for_channels(self) -> Settings:
        if self.slack_channels and self.slack_bot_token is None:
            raise ValueError("SLACK_CHANNELS is set but SLACK_BOT_TOKEN is not")
        if self.telegram_chats and self.telegram_bot_token is None:
            raise ValueError("TELEGRAM_CHATS is set but TELEGRAM_BOT_TOKEN is not")
        if self.slack_app_token is not None and self.slack_bot_token is None:
            raise ValueError("SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not")
        if self.telegram_webhook_secret is not None and self.public_url is None:
            raise ValueError("TELEGRAM_WEBHOOK_SECRET is set but CHIPWIRE_PUBLIC_URL is not")
        if (self.slack_client_id is None) != (self.slack_client_secret is None):
            raise ValueError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together")
        if self.slack_client_id is not None:
            needed = {
                "SLACK_SIGNING_SECRET": self.slack_signing_secret,
                "CHIPWIRE_SECRET_KEY": self.secret_key,
                "CHIPWIRE_PUBLIC_URL": self.public_url,
            }
            missing = [name for name, value in needed.items() if value is None]
            if missing:
                raise ValueError(f"SLACK_CLIENT_ID is set, so {' and '.join(missing)} must be too")
        return self

    @property
    def store_url(self) -> str:
        """The database's URL: the one given, or the SQLite file in ``home``. May hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home / 'chipwire.sqlite3'}"

    @property
    def max_age(self) -> timedelta:
        """A headline older than this when first seen is not told."""
        return timedelta(seconds=self.max_age_s)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the log's redactor."""
        values = [
            self.slack_bot_token,
            self.telegram_bot_token,
            self.webhook_secret,
            self.slack_app_token,
            self.slack_signing_secret,
            self.slack_client_secret,
            self.telegram_webhook_secret,
            self.secret_key,
            self.finnhub_token,
        ]
        found = [v.get_secret_value() for v in values if v is not None]
        for url in (self.database_url, self.nats_url):
            parts = urlsplit(url.get_secret_value()) if url is not None else None
            # NATS takes a token in the place of the user.
            secret = parts and (parts.password or (parts.username if url is self.nats_url else None))
            if secret:
                found += {secret, unquote(secret)}
        return tuple(found)


def load_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env"), *, file_wins: bool = False
) -> Settings:
    """Read the settings; the environment wins over the file, unless it is said otherwise.

    Raises:
        ConfigError: one or more settings cannot be used; every problem stands in the message, a line each.
    """
    in_file = _read_env_file(env_file) if env_file is not None else {}
    in_environment = dict(os.environ if environ is None else environ)
    values = {**in_environment, **in_file} if file_wins else {**in_file, **in_environment}
    # The file is ours alone, so an unknown name in it is a mistake; the environment is shared with other
    # programs, so there only a near miss is.
    problems = [
        _unknown(name)
        for name in sorted(values)
        if name.startswith(_OURS) and not _is_known(name) and (name in in_file or _nearest(name))
    ]
    known = {name: value for name, value in values.items() if _is_known(name) and value.strip()}
    for name in [n for n in known if n.endswith("_FILE")]:
        target = name.removesuffix("_FILE")
        path = Path(known.pop(name))
        try:
            known.setdefault(target, path.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{name}: cannot read {path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}")
    try:
        settings = _Given(**known)  # type: ignore[arg-type]
    except ValidationError as error:
        problems += [_describe(e["loc"], e["msg"]) for e in error.errors(include_url=False, include_input=False)]
        settings = None
    if problems or settings is None:
        raise ConfigError("\n".join(problems))
    return settings


class _Given(Settings):
    """Settings from the values that it is given and from nowhere else."""

    @classmethod
    def settings_customise_sources(cls, *_args: object, **kwargs: object) -> tuple[object, ...]:  # type: ignore[override]
        return (kwargs["init_settings"],)


def _names() -> set[str]:
    return {field.alias for field in Settings.model_fields.values() if field.alias}


def _secret_names() -> set[str]:
    return {f.alias for f in Settings.model_fields.values() if f.alias and "SecretStr" in str(f.annotation)}


def _is_known(name: str) -> bool:
    return name in _names() or (name.endswith("_FILE") and name.removesuffix("_FILE") in _secret_names())


def _nearest(name: str) -> str | None:
    import difflib  # noqa: PLC0415  only on the way to an error

    return next(iter(difflib.get_close_matches(name, _names(), n=1, cutoff=0.85)), None)


def _unknown(name: str) -> str:
    near = _nearest(name)
    return f"{name}: no such setting" + (f"; did you mean {near}?" if near else "; see .env.example")


def _describe(loc: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{loc[0]}: {text}" if loc else text


def environment(env_file: Path = Path(".env")) -> dict[str, str]:
    """What ``load_settings`` goes by where nothing else is given: this process's environment over the file.

    Raises:
        ConfigError: the file cannot be read.
    """
    return {**_read_env_file(env_file), **os.environ}


def _read_env_file(path: Path) -> dict[str, str]:
    """The values of a file; none where there is no such file."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415  not needed where there is no file

    try:
        return {
            key: value
            for key, value in dotenv_values(path, interpolate=False, encoding="utf-8-sig").items()
            if value is not None
        }
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error
