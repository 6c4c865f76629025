"""The contents of one report, summed up: what is kept of it."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.change import Change
from chalicelib.core.summary import Summary
from chalicelib.core.summary_job import Missing, Subject

MOST_MISSING = 100
"""Missing files that are named; `missing_files` counts all."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a report says is in the bucket.

    `of` is when the record was made that the report belongs to, `taken_at` when the run began and `made_at`
    when this was summed up. `files` counts the data files of the report; with some of them missing it is not
    the whole. `change` is against the report before, None where there is none.
    """

    subject: Subject
    of: datetime
    taken_at: datetime
    made_at: datetime
    files: int
    summary: Summary
    missing_files: int = 0
    missing: tuple[Missing, ...] = ()
    change: Change | None = None

    @property
    def objects(self) -> int | None:
        """Its stored versions; None where none of its files could be read, so that nothing is known."""
        return None if self.missing_files >= self.files > 0 else self.summary.total.objects
