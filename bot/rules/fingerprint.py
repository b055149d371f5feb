"""Equal for the same news in the same words: how exact and near-exact repeats are known.

Both rules are permanent: what they answer is stored, so they change only with a migration.
"""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.rules.wording import words

# Parameters that name the reader's way, not the article. A deny-list: unknown parameters stay, because a
# "strict" rule would join different articles (?id=1 and ?id=2).
_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid mc_cid mc_eid igshid yclid twclid ref_src ref_url cmpid cmp ocid "
    "ncid sr_share smid smtyp guccounter guce_referrer guce_referrer_sig taid spm feature partner mod rss "
    "feedtype feedname at_medium at_campaign xtor traffic_source ito".split()
)


def fingerprint(text: str) -> str:
    """32 hex digits, equal for headlines whose meaning-bearing words are the same in the same order."""
    return hashlib.blake2b("\0".join(words(text)).encode(), digest_size=16).hexdigest()


def canonical_url(url: str) -> str:
    """The URL without tracking parameters, fragment, default port, ``www.`` and trailing slash; "" for no URL.

    Only for comparing: never shown or fetched.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return url.strip()
    host = parts.hostname.lower().removeprefix("www.")
    if port is not None and port not in {80, 443}:
        host = f"{host}:{port}"
    query = urlencode(
        [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if key.lower() not in _TRACKING and not key.lower().startswith("utm_")
        ]
    )
    return urlunsplit(("https", host, parts.path.rstrip("/"), query, ""))
