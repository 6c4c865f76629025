"""Bucket names, and what CreateBucket takes. The rules are those of CoreWeave's documentation on buckets."""

import re

from . import xmltext
from .options import Options
from .refusals import Refusal
from .world import World

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
FORBIDDEN_HEADS = ("xn--", "cw-", "vip-", "log-stitcher-ch-")
FORBIDDEN_NAMES = ("int",)


def is_bucket_name(name: str) -> bool:
    """Whether CoreWeave takes this name: 3 to 63 of `a-z0-9-`, no dots, none of the reserved ones."""
    return bool(NAME.fullmatch(name)) and not name.startswith(FORBIDDEN_HEADS) and name not in FORBIDDEN_NAMES


def zone_to_create_in(name: str, body: bytes, world: World, options: Options) -> str | None:
    """The Availability Zone of a bucket that may be created; None where it is there already, in the same
    zone.

    Refuses with `InvalidBucketName`, `InvalidLocationConstraint`, `BucketAlreadyExists` or `TooManyBuckets`.
    """
    if not is_bucket_name(name):
        raise Refusal("InvalidBucketName", "The specified bucket is not valid.")
    zone = _zone(body) or options.zones[0]
    if zone not in options.zones:
        raise Refusal("InvalidLocationConstraint", f"{zone} is not one of {', '.join(options.zones)}")
    if there := world.buckets.get(name):
        if there.zone == zone:
            return None
        raise Refusal("BucketAlreadyExists", f"The bucket is there already, in {there.zone}.")
    if name in options.taken_names:
        raise Refusal("BucketAlreadyExists", "The requested bucket name is not available.")
    if len(world.buckets) >= options.bucket_quota:
        raise Refusal("TooManyBuckets", f"The account may have {options.bucket_quota} buckets.")
    return zone


def _zone(body: bytes) -> str:
    if not body:
        return ""
    return xmltext.parse(body, "CreateBucketConfiguration").findtext("LocationConstraint", "")
