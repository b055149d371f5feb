"""The workspaces that installed the app: their tokens, encrypted before they reach the store."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import SecretStr

from bot.clock import Clock
from bot.errors import ConfigError
from bot.settings import Settings
from bot.store.base import Store

log = structlog.get_logger(__name__)

# The key must come out the same in every process, so the salt is fixed: what protects it is the secret's own length.
# scrypt all the same, because people do write passwords there. Cost: RFC 7914 §2, about 50 ms and 16 MiB, once.
_SALT = b"chipwire/slack/installations/1"
_COST = {"length": 32, "n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class Installed:
    """What a workspace gave us."""

    team: str
    token: SecretStr = field(repr=False)
    scopes: str = ""  # with commas between
    by: str = ""  # the user who installed it
    at: datetime | None = None  # when it was saved


class Installations:
    """Tokens of workspaces, in a store that sees only what is encrypted."""

    def __init__(self, store: Store, secret_key: SecretStr, clock: Clock) -> None:
        """Derive the key.

        Args:
            store: keeps the encrypted bodies.
            secret_key: CHIPWIRE_SECRET_KEY.
            clock: when something was installed.
        """
        key = Scrypt(salt=_SALT, **_COST).derive(secret_key.get_secret_value().encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))
        self._store = store
        self._clock = clock

    async def token(self, team: str) -> SecretStr | None:
        """The bot token of a workspace; None where the app is not installed. For ``SlackNotifier(tokens=…)``.

        Raises:
            ConfigError: it was encrypted under another CHIPWIRE_SECRET_KEY.
            StoreError: the database cannot be used.
        """
        found = await self.find(team)
        return None if found is None else found.token

    async def find(self, team: str) -> Installed | None:
        """Everything about a workspace; raises what ``token`` does."""
        body = await self._store.installation(team)
        return None if body is None else self._read(team, body)

    async def save(self, installed: Installed) -> None:
        """Keep it, in place of an earlier one; its time is now."""
        now = self._clock.now()
        plain = {
            "team": installed.team,
            "token": installed.token.get_secret_value(),
            "scopes": installed.scopes,
            "by": installed.by,
            "at": now.isoformat(),
        }
        await self._store.save_installation(
            installed.team, self._fernet.encrypt(json.dumps(plain).encode()).decode(), now
        )
        log.info("slack_installed", team=installed.team, by=installed.by)

    async def remove(self, team: str, *, reason: str) -> None:
        """Forget a workspace's token, and end what was to go there. Removing it twice is no error."""
        await self._store.remove_installation(team)
        ended = await self._store.retire_team(team, reason=reason, now=self._clock.now())
        log.warning("slack_uninstalled", team=team, reason=reason, destinations=ended)

    def _read(self, team: str, body: str) -> Installed:
        try:
            plain = json.loads(self._fernet.decrypt(body.encode()))
        except (InvalidToken, ValueError):
            plain = {}
        # The name stands inside too: a row that was copied to another workspace does not open it.
        if plain.get("team") != team:
            raise ConfigError(
                f"CHIPWIRE_SECRET_KEY does not open the token of workspace {team}: set the key under which it was "
                "installed, or install the app there anew"
            )
        return Installed(
            team, SecretStr(plain["token"]), plain["scopes"], plain["by"], datetime.fromisoformat(plain["at"])
        )


def installations_of(settings: Settings, store: Store, clock: Clock) -> Installations | None:
    """The installations by the settings; None where the app is for one workspace alone."""
    if settings.slack_client_id is None or settings.secret_key is None:
        return None
    return Installations(store, settings.secret_key, clock)
