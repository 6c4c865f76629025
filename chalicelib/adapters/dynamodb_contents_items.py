"""The items of the table about what reports say, as `dynamodb_items` draws them.

REPORT is a report's id, CREATED when its record was made and MADE when the job was: what is left of a job
that was closed, or of a record that was deleted, is nothing of the next one's. A part and the contents are
too large for one item when strangers want it so; the item under their name says only in which slices they
stand. `parts` are heads alone, so that a part is one small write into the partition that all workers share.

A job expires so long after it was made, and its parts somewhat later, so that it never has half of them. A
queue keeps no message for longer (Amazon SQS, "Message quotas": 14 days).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.adapters.codec import micros, to_bytes
from chalicelib.adapters.dynamodb_items import report_time, seconds_of
from chalicelib.adapters.dynamodb_shards import DUE
from chalicelib.adapters.dynamodb_slices import Sliced
from chalicelib.adapters.dynamodb_table import Expression, Item, Key, put
from chalicelib.adapters.dynamodb_writing import Part
from chalicelib.core.summary_job import Job, Subject
from chalicelib.core.trend import Point

JOB_KEPT = timedelta(days=14)
PARTS_KEPT = JOB_KEPT + timedelta(days=7)
"""Since the job was made."""


def job_partition(bucket: str, id: str) -> str:
    """Where the jobs of an inventory stand."""
    return f"job#{bucket}/{id}"


def job_key(subject: Subject) -> Key:
    """Where a job stands."""
    return job_partition(subject.bucket, subject.inventory_id), f"job#{subject.report_id}"


def job_item(job: Job) -> Item:
    """An open job."""
    pk, sk = job_key(job.subject)
    return {
        "pk": pk,
        "sk": sk,
        "revision": job.revision,
        "made_at": micros(job.made_at),
        "of": micros(job.of),
        **DUE.entry("job", f"{pk}#{sk}", micros(job.next_look)),
        "expires": seconds_of(job.made_at + JOB_KEPT),
        "document": to_bytes(job),
    }


def job_parts(jobs: Sequence[Job]) -> list[Part]:
    """What opens jobs; one that is open already is left as it is, unless it was a deleted record's."""
    first = {each.subject: replace(each, revision=each.revision + 1) for each in reversed(jobs)}
    new = "attribute_not_exists(#pk) OR #of <> :of"
    return [(put(job_item(each), Expression(new, {"of": micros(each.of)})),) for each in first.values()]


def part_partition(job: Job) -> str:
    """Where the heads of a job's parts stand, and how many there are."""
    subject = job.subject
    name = f"{subject.bucket}/{subject.inventory_id}#{subject.report_id}"
    return f"parts#{name}#{micros(job.made_at)}"


def part_item(job: Job, number: int, where: Sliced) -> Item:
    """The head of a part."""
    return {
        "pk": part_partition(job),
        "sk": f"part#{number:010}",
        "number": number,
        **where.attributes,
        "expires": seconds_of(job.made_at + PARTS_KEPT),
    }


def count_key(job: Job) -> Key:
    """Where the number of a job's parts stands."""
    return part_partition(job), "count"


def contents_partition(bucket: str, id: str, created_at: int) -> str:
    """Where stands what the reports of a record say; `created_at` is the record's, in microseconds."""
    return f"contents#{bucket}/{id}#{created_at}"


def contents_key(job: Job) -> Key:
    """Where the head of the contents stands that come of a job."""
    subject = job.subject
    partition = contents_partition(subject.bucket, subject.inventory_id, micros(job.of))
    return partition, contents_name(subject.report_id)


def contents_name(report_id: str) -> str:
    """The sort key of a report's contents."""
    return f"contents#{report_id}"


def contents_item(job: Job, where: Sliced, keep: timedelta) -> Item:
    """The head of the contents that come of a job, to be kept so long after the job was made."""
    pk, sk = contents_key(job)
    return {"pk": pk, "sk": sk, **where.attributes, "expires": seconds_of(job.made_at + keep)}


def point_name(report_id: str) -> str:
    """The sort key of a report's point."""
    return f"point#{report_id}"


def point_item(job: Job, point: Point, keep: timedelta) -> Item:
    """The point that comes of a job."""
    return {
        "pk": contents_key(job)[0],
        "sk": point_name(point.report_id),
        "time": report_time(micros(point.taken_at), point.report_id),
        "expires": seconds_of(job.made_at + keep),
        "document": to_bytes(point),
    }
