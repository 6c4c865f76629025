"""Which columns a report has: from the manifest's `fileSchema`, or from names that a data file carries.

CSV, TSV and JSON have names joined by commas, Parquet a `message … { … }`, ORC a `struct<…>` (AWS, "Inventory
manifest"); any of them is read in any format. CoreWeave's documentation spells bucket and key in two ways,
AWS writes `e_tag` and `last_modified_date` in Parquet and ORC: names are compared without case and
underscores.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from chalicelib.core.summary import Column

Read = Column | Literal["Bucket", "Key"]
"""A column that we know, by the platform's shorter name."""

_KNOWN: Mapping[str, Read] = {
    **{each.lower(): each for each in get_args(Column)},
    "bucket": "Bucket",
    "bucketname": "Bucket",
    "key": "Key",
    "keyname": "Key",
    "objectkey": "Key",
}

SPELLED: Mapping[Read, tuple[str, ...]] = {
    column: tuple(name for name, each in _KNOWN.items() if each == column) for column in _KNOWN.values()
}
"""The names of each column, in small letters without underscores."""

_MESSAGE = re.compile(r"\s*message\s[^{]*\{(.*)\}\s*", re.DOTALL)
_STRUCT = re.compile(r"\s*struct\s*<(.*)>\s*", re.DOTALL | re.IGNORECASE)
_MEMBER = re.compile(r"\s*(?:required|optional|repeated)\s+[\w().,]+\s+([^\s(]+)")


def known(name: str) -> Read | None:
    """The column of this name in any spelling, None for one that we do not know."""
    return _KNOWN.get(folded(name.strip().strip("\"`'")))


def folded(name: str) -> str:
    """The name as `SPELLED` has it."""
    return name.replace("_", "").lower()


def schema_names(schema: str) -> tuple[str, ...]:
    """The names in a `fileSchema`, in their order; what is no schema gives names that nobody knows."""
    if found := _MESSAGE.fullmatch(schema):
        members = (_MEMBER.match(each) for each in found[1].split(";"))
        return tuple(each[1] for each in members if each)
    if found := _STRUCT.fullmatch(schema):
        return tuple(each.partition(":")[0].strip() for each in _outermost(found[1]))
    return tuple(each.strip().strip('"') for each in schema.split(","))


def by_column(names: Sequence[str]) -> Mapping[Read, str]:
    """The known columns among these names, each with the name that it has there; the first where two do."""
    found: dict[Read, str] = {}
    for each in names:
        column = known(each)
        if column is not None:
            found.setdefault(column, each)
    return found


def reported(columns: Mapping[Read, str]) -> frozenset[Column]:
    """Those of them that a summary tells of."""
    return frozenset(each for each in columns if each not in ("Bucket", "Key"))  # type: ignore[misc]


def _outermost(text: str) -> list[str]:
    """Split at commas that are in no brackets: `a:decimal(3,2),b:map<x,y>`."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        if sign in "<(":
            depth += 1
        elif sign in ">)":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
