"""The trend: of each report a point, small enough to be kept for years."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.threshold import Threshold


@dataclass(frozen=True, slots=True)
class Point:
    """One report in a few numbers; None is what it does not tell.

    `missing_files` of its `files` were not read. `tiers` are the bytes by what they are billed by: `hot`,
    `warm`, `cold`, or a storage class. `beyond` are the lines that it stands beyond, so that the next report
    tells only of others.
    """

    report_id: str
    taken_at: datetime
    files: int
    missing_files: int
    objects: int | None
    bytes: int | None
    older_objects: int | None
    older_bytes: int | None
    delete_markers: int | None
    cold_bytes: int | None
    tiers: Mapping[str, int] | None
    beyond: tuple[Threshold, ...] = ()
