"""History: what was on the platform before Stocktake replaced it, one entry for each time it did.

In come the steps of a plan, with what they replace; out go entries that are stored before the first step.
They are numbered 1, 2, 3 … for each inventory, are kept for ever, and say what can be put back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from chalicelib.core.excerpt import excerpt

ReplacedKind = Literal["policy", "configuration"]
Replacing = Literal[
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "PutBucketInventoryConfiguration",
    "DeleteBucketInventoryConfiguration",
]
"""The S3 call that replaces what was there."""

MAX_TOGETHER = 2_000_000
"""Bytes of the texts on one page of a history; an answer of Lambda has 6 MB at most."""

MAX_CONFIGURATION = 40_960
"""Bytes. A larger inventory configuration is neither replaced nor deleted, because what was there is kept.
What people write has less than two thousand.
"""

_MOST_REASONS = 20
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was there: `text` is a policy as it stood, or a configuration as JSON; None where there was none.

    `bucket` is the one whose policy or configuration it was, `action` the call that replaced it, and
    `correlation_id` that of the request or tick in which it did.
    """

    number: int
    kind: ReplacedKind
    bucket: str
    text: str | None
    replaced_at: datetime
    action: Replacing
    reasons: tuple[str, ...] = ()
    correlation_id: str | None = None

    @property
    def digest(self) -> str:
        """Stands for what was replaced, and how, whenever that was."""
        return sha256(json.dumps([self.action, self.bucket, self.text]).encode()).hexdigest()[:16]


def configuration_text(document: Mapping[str, Any] | None) -> str | None:
    """A configuration as it is kept; None where there is none."""
    return None if document is None else json.dumps(document, ensure_ascii=False)


def too_large_words(bucket: str, id: str, document: Mapping[str, Any] | None) -> str | None:
    """Why this configuration is not replaced, None where it can be kept and so replaced."""
    size = len((configuration_text(document) or "").encode("utf-8", "surrogatepass"))
    if size <= MAX_CONFIGURATION:
        return None
    return (
        f"The inventory configuration {id} of {bucket} has {size} bytes, and one of more than"
        f" {MAX_CONFIGURATION} is not replaced, because what is there before a change is kept. Keep it"
        " elsewhere and delete it by hand first."
    )


def reasons_kept(reasons: Iterable[str]) -> tuple[str, ...]:
    """As much of a step's reasons as people read."""
    return tuple(excerpt(each, _LONGEST_REASON) for each in tuple(reasons)[:_MOST_REASONS])


def page_of(entries: tuple[Replaced, ...], limit: int) -> tuple[Replaced, ...]:
    """The first entries of a page: at least one, and no more than `limit` or than fit into one answer."""
    room = MAX_TOGETHER
    for place, each in enumerate(entries[:limit]):
        room -= len((each.text or "").encode("utf-8", "surrogatepass"))
        if room < 0 and place:
            return entries[:place]
    return entries[:limit]
