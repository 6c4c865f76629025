"""The point of the trend that a report becomes: its contents in a few numbers."""

from chalicelib.core.contents import Contents
from chalicelib.core.trend import Point


def point(contents: Contents) -> Point:
    """The point of these contents; what the report has no column for is None in it."""
    summary, total = contents.summary, contents.summary.total
    sized, versions = summary.knows("Size"), summary.knows("IsLatest")
    tiers = summary.tallies["tier"].rows if summary.knows("LastAccessedDate") and sized else None
    return Point(
        report_id=contents.subject.report_id,
        taken_at=contents.taken_at,
        files=contents.files,
        missing_files=contents.missing_files,
        objects=contents.objects,
        bytes=total.bytes if sized else None,
        older_objects=summary.older.objects if versions else None,
        older_bytes=summary.older.bytes if versions and sized else None,
        delete_markers=summary.delete_markers if summary.knows("IsDeleteMarker") else None,
        cold_bytes=total.cold_bytes if sized and summary.knows("LastAccessedDate") else None,
        tiers=None if tiers is None else {name: amount.bytes for name, amount in tiers.items()},
    )
