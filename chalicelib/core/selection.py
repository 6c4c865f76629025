"""Which buckets and inventories many are meant by, and what stands for a bucket's name in their prefixes.

In come patterns in the way of a shell (`prod-*`) and the names that there are; out go those that are
meant. Only `*` and `?` are patterns: a name has no other sign in common with them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase

from chalicelib.core.inventory import Inventory, bucket_name_problem, id_problem
from chalicelib.core.patterns import is_pattern

BUCKET = "{bucket}"
"""Stands for the bucket's name in the prefixes of an inventory for many buckets."""

LONGEST_BUCKET = "b" * 63
"""A name as long as a bucket's can be, for checks of what is made with it."""

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_BUCKETS = re.compile(r"[a-z0-9*?-]{1,63}")
_IDS = re.compile(r"[A-Za-z0-9._*?-]{1,64}")


def bucket_pattern_problem(text: str) -> str | None:
    """Why this is neither the name of a bucket nor a pattern of such names, or None when it is."""
    if not is_pattern(text):
        return bucket_name_problem(text)
    if _BUCKETS.fullmatch(text):
        return None
    return "a pattern has 1 to 63 characters of a-z 0-9 - and, for any characters or any one, * and ?"


def id_pattern_problem(text: str) -> str | None:
    """Why this is neither the id of an inventory nor a pattern of such ids, or None when it is."""
    if not is_pattern(text):
        return id_problem(text)
    if _IDS.fullmatch(text):
        return None
    return "a pattern has 1 to 64 characters of A-Z a-z 0-9 . _ - and, for any characters or any one, * and ?"


def meant(patterns: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that any of the patterns covers, sorted."""
    wanted = tuple(patterns)
    return tuple(sorted({name for name in names if any(fnmatchcase(name, each) for each in wanted)}))


def placeholder_problem(prefix: str) -> str | None:
    """Why a prefix for many buckets will not do, or None: whoever writes `{Bucket}` means `{bucket}`."""
    found = _PLACEHOLDER.search(prefix.replace(BUCKET, ""))
    if found is None:
        return None
    return f"must not have {found[0][:100]}: {BUCKET} alone stands for something, the name of each bucket"


def filled(template: Inventory, bucket: str) -> Inventory:
    """The inventory of one of the buckets: its name where `{bucket}` stands in the prefixes."""
    asked = template.configuration
    listed = asked.filter_prefix
    configuration = replace(
        asked,
        report_prefix=asked.report_prefix.replace(BUCKET, bucket),
        filter_prefix=None if listed is None else listed.replace(BUCKET, bucket),
    )
    return replace(template, bucket=bucket, configuration=configuration)


def shared_words(template: Inventory, buckets: Iterable[str]) -> tuple[str, ...]:
    """What to say where several buckets would report to the same place."""
    number, place = len(set(buckets)), template.configuration
    if number < 2 or BUCKET in place.report_prefix:
        return ()
    words = (
        f"{number} buckets would report to {place.destination} under the same prefix {place.report_prefix!r}."
        " If the platform writes its manifest to the same key each time, they overwrite each other: write"
        f" {BUCKET} into the Prefix of the destination, which stands for the name of each."
    )
    return (words,)
