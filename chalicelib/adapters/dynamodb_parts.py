"""The parts of jobs in the table: kept once each, counted, and read one after the other.

In come jobs that are open, and parts; out come numbers and parts. A part is written in slices first, then
its head, unless one of that number is there, and is counted then. Whoever is cut short before the counting
leaves the count too low, so a part that is there already is answered with a count of the heads. Parts are not
deleted: they belong to their job alone and expire, which costs nothing.
"""

from collections.abc import Iterator

from chalicelib.adapters.codec import from_bytes, to_bytes
from chalicelib.adapters.dynamodb_contents_items import (
    PARTS_KEPT,
    count_key,
    part_item,
    part_partition,
)
from chalicelib.adapters.dynamodb_items import seconds_of
from chalicelib.adapters.dynamodb_slices import forget_slices, read_slices, sliced_of, write_slices
from chalicelib.adapters.dynamodb_table import Expression, Item, Table
from chalicelib.core.summary_job import Job, Part
from chalicelib.errors import Conflict, StoreBusy


class Parts:
    """The parts of all jobs."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, job: Job, part: Part) -> int:
        """Keep a part unless one of that number is there; answers how many there are."""
        expires = seconds_of(job.made_at + PARTS_KEPT)
        where = write_slices(self._table, to_bytes(part), expires)
        new = Expression("attribute_not_exists(#pk) OR #token = :token", {"token": where.token})
        if not self._table.keep(part_item(job, part.number, where), new):
            forget_slices(self._table, where)
            return len(self.numbers(job))
        update = Expression("ADD #parts :one SET #expires = :expires", {"one": 1, "expires": expires})
        try:
            return self._table.count(count_key(job), update, "parts")
        except StoreBusy:  # perhaps it was counted, perhaps not
            return len(self.numbers(job))

    def numbers(self, job: Job) -> frozenset[int]:
        """The numbers of the parts that are there."""
        return frozenset(int(each["number"]) for each in self._heads(job))

    def read(self, job: Job) -> Iterator[Part]:
        """All parts by number. Raises `Conflict` where one has expired by half."""
        for document in read_slices(self._table, map(sliced_of, self._heads(job))):
            if document is None:
                raise Conflict(f"Parts of the summary of {job.subject.report_id} are gone.")
            yield from_bytes(Part, document)

    def _heads(self, job: Job) -> Iterator[Item]:
        where = Expression(
            "#pk = :pk AND begins_with(#sk, :part)", {"pk": part_partition(job), "part": "part#"}
        )
        return self._table.query(where)
