"""Transactions on leases: who owns a role, fenced by an epoch that each taking raises."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.store.tables import PerDialect, database_now, leases

__all__ = ["DISPATCH", "held", "release", "renew", "take"]

DISPATCH = "dispatch"
"""The role that may claim deliveries."""

_expiry = database_now() + sa.bindparam("ttl_us", type_=sa.BigInteger)

_TAKE = PerDialect(
    lambda insert: (
        (
            statement := insert(leases).values(
                name=sa.bindparam("name"), owner=sa.bindparam("owner"), epoch=1, expires_at=_expiry
            )
        )
        .on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={
                "owner": statement.excluded.owner,
                "epoch": leases.c.epoch + 1,
                "expires_at": statement.excluded.expires_at,
            },
            where=sa.or_(
                sa.bindparam("force", type_=sa.Boolean),
                leases.c.owner == statement.excluded.owner,
                leases.c.expires_at <= database_now(),
            ),
        )
        .returning(leases.c.epoch)
    )
)
_MINE = sa.and_(
    leases.c.name == sa.bindparam("lease_name"),
    leases.c.owner == sa.bindparam("lease_owner"),
    leases.c.epoch == sa.bindparam("lease_epoch"),
)
_RENEW = sa.update(leases).where(_MINE).values(expires_at=_expiry)
_RELEASE = sa.update(leases).where(_MINE).values(owner="", expires_at=0)


def take(conn: sa.Connection, name: str, owner: str, ttl: timedelta, *, force: bool) -> int | None:
    """See Store.take_lease."""
    found = conn.execute(_TAKE(conn), {"name": name, "owner": owner, "ttl_us": _us(ttl), "force": force})
    epoch = found.scalar_one_or_none()
    return None if epoch is None else int(epoch)


def renew(conn: sa.Connection, name: str, owner: str, epoch: int, ttl: timedelta) -> bool:
    """See Store.renew_lease."""
    return conn.execute(_RENEW, {**_key(name, owner, epoch), "ttl_us": _us(ttl)}).rowcount == 1


def release(conn: sa.Connection, name: str, owner: str, epoch: int) -> None:
    """See Store.release_lease."""
    conn.execute(_RELEASE, _key(name, owner, epoch))


def held() -> sa.ColumnElement[bool]:
    """True in SQL while ``lease_owner`` holds ``lease_name`` with ``lease_epoch`` and it has not run out."""
    return sa.exists().where(_MINE, leases.c.expires_at > database_now())


def _key(name: str, owner: str, epoch: int) -> dict[str, str | int]:
    return {"lease_name": name, "lease_owner": owner, "lease_epoch": epoch}


def _us(ttl: timedelta) -> int:
    return ttl // timedelta(microseconds=1)
