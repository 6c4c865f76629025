"""What a preflight saw, and the form of what it says: the values between looking and judging.

In come the calls that were tried, each with what came of it, and what they answered; out go questions about
them. A call that was refused, failed or was not made is a fact like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import Placed

Came = Literal["allowed", "missing", "refused", "away", "untried"]
"""What came of a call: an answer, no such bucket, a no, none that tells anything, or it was not made."""

Status = Literal["ok", "warning", "failed", "unknown"]

ACTIONS: Mapping[str, str] = {
    "ListBuckets": "s3:ListAllMyBuckets",
    "GetBucketPolicy": "s3:GetBucketPolicy",
    "GetBucketLocation": "s3:GetBucketLocation",
    "GetBucketInventoryConfiguration": "s3:GetInventoryConfiguration",
    "ListBucketInventoryConfigurations": "s3:ListInventoryConfigurations",
    "ListObjectsV2": "s3:ListBucket",
    "GetObject": "s3:GetObject",
}
"""The calls that are tried: none of them changes anything. Each with the right that it needs."""

BAD_KEY = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "InvalidToken", "401"}
    | {"ExpiredToken", "ExpiredKeys"}
)
"""Codes that say that the keys are not good, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Try:
    """One call, and what came of it. `bucket` is empty for a call on the account; `said` is in words."""

    call: str
    bucket: str
    came: Came = "untried"
    code: str = ""
    said: str = ""

    @property
    def answered(self) -> bool:
        """Whether the platform said anything about this call, be it a no."""
        return self.came in ("allowed", "missing", "refused")


@dataclass(frozen=True, slots=True)
class NotTried:
    """A right that cannot be tried without changing something, why, and what the bucket's policy says."""

    right: str
    bucket: str
    why: str
    outlook: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was seen, how to mend it (None where nothing need be), on what it rests."""

    name: str
    status: Status
    seen: str
    mend: str | None = None
    tried: tuple[Try, ...] = ()
    not_tried: tuple[NotTried, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was looked at for one inventory.

    `policies` and `zones` have the buckets of which they could be read. `placed` are the statements that the
    inventory has in policies already, `elsewhere` those that other inventories need; `managed` says that it
    is one of ours.
    """

    inventory: Inventory
    deployment: Deployment
    tries: tuple[Try, ...] = ()
    policies: Mapping[str, str | None] = field(default_factory=dict)
    zones: Mapping[str, str | None] = field(default_factory=dict)
    buckets: tuple[str, ...] | None = None
    configuration: Mapping[str, Any] | None = None
    configurations: tuple[Mapping[str, Any], ...] | None = None
    placed: tuple[Placed, ...] = ()
    elsewhere: frozenset[Placed] = frozenset()
    managed: bool = False

    @property
    def source(self) -> str:
        """The bucket that is listed."""
        return self.inventory.bucket

    @property
    def destination(self) -> str:
        """The bucket that reports are written to."""
        return self.inventory.configuration.destination

    @property
    def writes(self) -> bool:
        """Whether setting up writes anything to the platform."""
        return self.inventory.management == "apply"

    @property
    def worst(self) -> Status:
        """What it is that setting up would be refused for: nothing is refused where nothing is written."""
        return "failed" if self.writes else "warning"

    def of(self, call: str, bucket: str = "") -> Try:
        """What came of a call; untried where it was not made."""
        found = (each for each in self.tries if (each.call, each.bucket) == (call, bucket))
        return next(found, Try(call, bucket))

    def on(self, bucket: str, *calls: str) -> tuple[Try, ...]:
        """What came of these calls on a bucket, of all that were tried where none is named."""
        return tuple(
            each for each in self.tries if each.bucket == bucket and (not calls or each.call in calls)
        )

    def is_missing(self, bucket: str) -> bool:
        """Whether the platform said that there is no such bucket."""
        return any(each.came == "missing" for each in self.on(bucket))

    def is_there(self, bucket: str) -> bool:
        """Whether the bucket is surely there: something on it was answered, or it is listed."""
        return any(each.came == "allowed" for each in self.on(bucket)) or bucket in (self.buckets or ())

    def has_no_policy(self, bucket: str) -> bool:
        """Whether the bucket surely has no policy, so that none refuses anything."""
        return bucket in self.policies and self.policies[bucket] is None

    def to_be_created(self) -> bool:
        """Whether setting up creates the destination."""
        return (
            self.writes
            and self.inventory.create_zone is not None
            and self.destination != self.source
            and self.is_missing(self.destination)
        )


@dataclass(slots=True)
class Findings:
    """What one check collects: the worst of it is its status, and every sentence is kept in its order."""

    name: str
    status: Status = "ok"
    seen: list[str] = field(default_factory=list)
    mends: list[str] = field(default_factory=list)

    def add(self, status: Status, seen: str, mend: str | None = None) -> None:
        """Take in one finding."""
        if _WORSE.index(status) > _WORSE.index(self.status):
            self.status = status
        self.seen.append(seen)
        if mend is not None and mend not in self.mends:
            self.mends.append(mend)

    def check(self, tried: Iterable[Try] = (), not_tried: Iterable[NotTried] = ()) -> Check:
        """The check, whole."""
        mend = " ".join(self.mends) or None
        return Check(self.name, self.status, " ".join(self.seen), mend, tuple(tried), tuple(not_tried))


_WORSE: tuple[Status, ...] = ("ok", "warning", "unknown", "failed")


def unanswered(one: Try) -> str:
    """Why nothing is known from a call that told nothing."""
    where = f" on {one.bucket}" if one.bucket else ""
    if one.came == "untried":
        return f"{one.call}{where} was not tried: {one.said or 'there was no time left'}."
    return f"{one.call}{where} got no answer that tells anything: {one.said.rstrip('.')}."
