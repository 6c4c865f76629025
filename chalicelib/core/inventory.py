"""What was asked: an inventory, and its form as the S3 `InventoryConfiguration` document.

In comes a document that has been checked field by field (`api/bodies.py`) or one that the platform
answered; out go values that compare with `==`, the document as it is sent, and the differences
between two documents by path.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.difference import Difference
from chalicelib.core.kinds import Kind, WantedKind, is_among
from chalicelib.core.threshold import Threshold

Format = Literal["CSV", "TSV", "JSON", "ORC", "Parquet"]
Frequency = Literal["Daily", "Weekly"]
Versions = Literal["All", "Current"]
FirstPolicy = Literal["preserve-organization", "restrict"]
Management = Literal["apply", "observe"]
OnDrift = Literal["notify", "repair"]
OptionalField = Literal[
    "Size",
    "LastModifiedDate",
    "LastAccessedDate",
    "StorageClass",
    "ETag",
    "IsMultipartUploaded",
    "EncryptionStatus",
    "ChecksumAlgorithm",
]

BUCKET_ARN = "arn:aws:s3:::"
"""The head of a bucket's ARN. The platform takes destinations with it and without."""

_BUCKET_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_RESERVED_HEADS = ("xn--", "cw-", "vip-", "log-stitcher-ch-")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_PREFIX = 512


@dataclass(frozen=True, slots=True)
class Configuration:
    """One inventory configuration, in the platform's own words but one spelling of each.

    `report_prefix` is empty or ends with one slash; `destination` is a bucket's name, never an ARN;
    `optional_fields` is sorted.
    """

    id: str
    enabled: bool
    versions: Versions
    frequency: Frequency
    destination: str
    format: Format
    report_prefix: str = ""
    filter_prefix: str | None = None
    optional_fields: tuple[OptionalField, ...] = ()

    def document(self) -> dict[str, Any]:
        """The S3 document, with the destination as a plain bucket name."""
        target: dict[str, Any] = {"Bucket": self.destination, "Format": self.format}
        if self.report_prefix:
            target["Prefix"] = self.report_prefix
        document: dict[str, Any] = {
            "Id": self.id,
            "IsEnabled": self.enabled,
            "IncludedObjectVersions": self.versions,
            "Schedule": {"Frequency": self.frequency},
            "Destination": {"S3BucketDestination": target},
        }
        if self.filter_prefix:
            document["Filter"] = {"Prefix": self.filter_prefix}
        if self.optional_fields:  # an empty list is refused by the platform
            document["OptionalFields"] = list(self.optional_fields)
        return document

    def s3_document(self) -> dict[str, Any]:
        """The document as it is sent: the destination as an ARN, as CoreWeave's own provider sends it."""
        document = self.document()
        document["Destination"]["S3BucketDestination"]["Bucket"] = BUCKET_ARN + self.destination
        return document


@dataclass(frozen=True, slots=True)
class Only:
    """That a channel is told of these kinds alone."""

    channel: str
    kinds: tuple[WantedKind, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """One inventory as somebody asked for it. Its key is (bucket, id).

    The channels in `notify` are told of everything, but where `only` says of which kinds.
    """

    bucket: str
    configuration: Configuration
    notify: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    first_policy: FirstPolicy = "preserve-organization"
    create_zone: str | None = None
    management: Management = "apply"
    only: tuple[Only, ...] = ()
    on_drift: OnDrift = "notify"
    thresholds: tuple[Threshold, ...] = ()

    def channels_for(self, kind: Kind) -> tuple[str, ...]:
        """The channels that are told of this kind."""
        limited = {each.channel: each.kinds for each in self.only}
        return tuple(each for each in self.notify if each not in limited or is_among(kind, limited[each]))

    @property
    def id(self) -> str:
        """The configuration's id, unique within the bucket."""
        return self.configuration.id

    @property
    def name(self) -> str:
        """`bucket/id`, the way people and keys call it."""
        return f"{self.bucket}/{self.configuration.id}"


def bucket_name_problem(name: str) -> str | None:
    """Why `name` cannot be a bucket of CoreWeave AI Object Storage, or None when it can.

    The rules are those of CoreWeave's documentation on bucket names.
    """
    if not 3 <= len(name) <= 63:
        return f"a bucket name has 3 to 63 characters, this one {len(name)}"
    if not _BUCKET_NAME.fullmatch(name):
        return "a bucket name has only a-z, 0-9 and -, and begins and ends with a letter or digit"
    head = next((each for each in _RESERVED_HEADS if name.startswith(each)), None)
    if head is not None:
        return f"a bucket name must not begin with {head}"
    return "this name is reserved" if name == "int" else None


def id_problem(name: str) -> str | None:
    """Why `name` cannot be the id of a configuration, or None when it can."""
    if name in (".", ".."):
        return "an id is a part of keys and addresses, where . and .. mean something else"
    return None if _ID.fullmatch(name) else "an id has 1 to 64 characters of A-Z a-z 0-9 . _ -"


def prefix_problem(prefix: str) -> str | None:
    """Why a prefix will not do, of what is listed or of reports; None when it will."""
    if len(prefix.encode("utf-8", "surrogatepass")) > _MAX_PREFIX:
        return f"must have {_MAX_PREFIX} bytes at most"
    if _CONTROL.search(prefix) or any("\ud800" <= each <= "\udfff" for each in prefix):
        return "must not have control characters or halves of surrogate pairs"
    return None


def report_prefix_problem(prefix: str) -> str | None:
    """Why reports cannot be written under this prefix, or None when they can."""
    # These stand for something else in the Resource of a policy, which is made from the prefix.
    if any(each in prefix for each in "*?$"):
        return "must not have * ? or $, which would widen the grant in the bucket's policy"
    if ".." in prefix.split("/"):
        return "must not have .. as a part"
    return prefix_problem(prefix)


def bucket_of(name_or_arn: str) -> str:
    """The bucket's name, whether it was given as a name or as an ARN."""
    return name_or_arn.removeprefix(BUCKET_ARN)


def tidy_prefix(prefix: str) -> str:
    """A report prefix as it is sent: empty, or ending with exactly one slash.

    Whether the platform adds a missing slash is not known; sending one makes both ways the same.
    """
    return prefix.rstrip("/") + "/" if prefix.rstrip("/") else ""


def normalised(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of anybody's in the spelling of `Configuration.document`.

    `Latest` is the documentation's spelling of `Current`; the order of fields means nothing; an
    absent prefix is an empty one. What Stocktake does not know stays as it is, to be seen as a difference.
    """
    result: dict[str, Any] = {**document}
    if result.get("IncludedObjectVersions") == "Latest":
        result["IncludedObjectVersions"] = "Current"
    fields = result.pop("OptionalFields", None)
    if fields:
        result["OptionalFields"] = sorted(fields)
    scope = {key: value for key, value in (result.pop("Filter", None) or {}).items() if value}
    if scope:
        result["Filter"] = scope
    destination = (result.get("Destination") or {}).get("S3BucketDestination") or {}
    target = dict(destination)
    target["Bucket"] = bucket_of(str(target.get("Bucket", "")))
    prefix = tidy_prefix(str(target.pop("Prefix", None) or ""))
    if prefix:
        target["Prefix"] = prefix
    result["Destination"] = {**(result.get("Destination") or {}), "S3BucketDestination": target}
    return result


def configuration_differences(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs between two documents in meaning, by path below `/configuration`."""
    left, right = dict(_leaves(normalised(wanted))), dict(_leaves(normalised(actual)))
    return tuple(
        Difference(f"/configuration{path}", left.get(path), right.get(path))
        for path in sorted(left.keys() | right.keys())
        if left.get(path) != right.get(path)
    )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, f"{path}/{key}")
    else:
        yield path, value
