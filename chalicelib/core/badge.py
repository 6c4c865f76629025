"""A badge: one word for an inventory, for the wiki of a team; and the key that its address needs.

A wiki cannot send a token, so the address has a key: made of the bucket, the id and a secret, it opens this
one badge and lets no other key be guessed (HMAC, RFC 2104).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.record import Record
from chalicelib.core.standing import Tone, Word, standing_of

_DAY = 86_400
_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Badge:
    """`word` says how it stands, in this tone; `age` how old the last report is, None before the first."""

    word: Word
    tone: Tone
    age: str | None


def badge_of(record: Record, now: datetime) -> Badge:
    """The badge of an inventory."""
    standing, last = standing_of(record), record.freshness.last_report
    age = None if last is None else _age(max((now - last.arrived_at).total_seconds(), 0))
    return Badge(standing.word, standing.tone, age)


def badge_key(secret: str, bucket: str, id: str) -> str:
    """The key of this badge: 256 bits, fit for an address. Neither name can hold the slash between them."""
    digest = hmac.digest(secret.encode(), f"badge:{bucket}/{id}".encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def opens(secret: str | None, bucket: str, id: str, key: str) -> bool:
    """Whether this is the key, told in the same time whether or not. Without a secret, nothing is."""
    if not secret or "/" in bucket or "/" in id:
        return False
    return hmac.compare_digest(badge_key(secret, bucket, id).encode(), key.encode("utf-8", "replace"))


def _age(seconds: float) -> str:
    if seconds >= 2 * _DAY:
        return f"{int(seconds // _DAY)} days"
    hours = int(seconds // _HOUR)
    return f"{hours} h" if hours else "fresh"
