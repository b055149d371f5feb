"""What every adapter does around its parsing: ask politely, know when nothing changed, remember what was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from bot.domain import RawItem, SourceSpec
from bot.errors import SourceError
from bot.http import PoliteClient, Reply
from bot.sources.base import Batch, Cursor

MAX_ITEMS = 500  # the contract of Batch


async def ask(
    http: PoliteClient,
    spec: SourceSpec,
    cursor: Cursor,
    *,
    accept: str,
    url: str | None = None,
    public_only: bool = False,
) -> Reply:
    """Fetch the source's URL, with the validators of the last answer when there were any."""
    known = cursor if cursor.get("url") == spec.url else {}
    return await http.get(
        url or spec.url,
        source=spec.name,
        headers={"Accept": accept},
        user_agent=spec.user_agent,
        etag=known.get("etag"),
        last_modified=known.get("last_modified"),
        interval=spec.interval,
        public_only=public_only,
    )


def unchanged(spec: SourceSpec, cursor: Cursor, reply: Reply) -> Batch:
    """The batch for a remote that says that nothing changed."""
    return Batch((), _remembered(spec, reply, cursor.get("digest"), filled=was_filled(spec, cursor)), not_modified=True)


def settle(spec: SourceSpec, cursor: Cursor, reply: Reply, items: Sequence[RawItem], **more: Any) -> Batch:
    """The batch for what was parsed.

    Not every server gives validators, and with some they change without new items; so the items are hashed, not
    the body, and the same items as last time count as not modified. ``more`` goes into the cursor.
    """
    items = items[:MAX_ITEMS]
    seen = _digest(items)
    filled = bool(items) or was_filled(spec, cursor)
    after = {**_remembered(spec, reply, seen, filled=filled), **more}
    if cursor.get("url") == spec.url and cursor.get("digest") == seen:
        return Batch((), after, not_modified=True)
    return Batch(tuple(items), after)


def was_filled(spec: SourceSpec, cursor: Cursor) -> bool:
    """Whether this URL has ever brought an item; after that, an empty answer is a fault."""
    return cursor.get("url") == spec.url and bool(cursor.get("filled"))


def refuse_html(spec: SourceSpec, reply: Reply, expected: str) -> None:
    """Raise for a web page in place of data.

    Raises:
        SourceError: ``blocked``; it is a challenge, or the URL is wrong.
    """
    if reply.is_html:
        raise SourceError(f"answers HTML, not {expected}: check the url", source=spec.name, blocked=True)


def _remembered(spec: SourceSpec, reply: Reply, digest: str | None, *, filled: bool) -> dict[str, Any]:
    after = {
        "url": spec.url,
        "etag": reply.etag,
        "last_modified": reply.last_modified,
        "digest": digest,
        "filled": filled,
    }
    return {key: value for key, value in after.items() if value is not None}


def _digest(items: Sequence[RawItem]) -> str:
    seen = [[item.guid, item.headline, item.url, item.summary] for item in items]
    return hashlib.blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()
