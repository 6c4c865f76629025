"""What the items about reports' contents look like: what expires when, and what belongs to what."""

from datetime import timedelta

from chalicelib.adapters.codec import micros
from chalicelib.adapters.dynamodb_contents_items import (
    JOB_KEPT,
    PARTS_KEPT,
    contents_item,
    count_key,
    job_item,
    job_parts,
    part_item,
    part_partition,
    point_item,
)
from chalicelib.adapters.dynamodb_shards import DUE, SHARDS, THEN
from chalicelib.adapters.dynamodb_slices import SLICE, TOGETHER, Sliced, sliced_of
from chalicelib.adapters.dynamodb_table import key_of
from tests.jobs import job, point
from tests.samples import NOON

DAY = timedelta(days=1)
WHERE = Sliced("token", 3)
QUEUE_KEEPS = timedelta(days=14)
"""The longest that Amazon SQS keeps a message ("Message quotas")."""


def seconds(span: timedelta) -> int:
    """Since 1970, so long after noon."""
    return round(NOON.timestamp() + span.total_seconds())


def test_a_job_outlives_the_messages_of_its_tasks_and_its_parts_outlive_it() -> None:
    assert job_item(job())["expires"] == seconds(JOB_KEPT)
    assert part_item(job(), 0, WHERE)["expires"] == seconds(PARTS_KEPT)
    assert QUEUE_KEEPS <= JOB_KEPT < PARTS_KEPT


def test_contents_and_their_point_expire_so_long_after_the_job_was_made() -> None:
    made = job(taken_at=NOON - 4000 * DAY)

    assert contents_item(made, WHERE, 400 * DAY)["expires"] == seconds(400 * DAY)
    assert point_item(made, point(taken_at=NOON - 4000 * DAY), 400 * DAY)["expires"] == seconds(400 * DAY)


def test_jobs_are_due_by_their_next_look_and_dealt_out_to_all_shards() -> None:
    items = [job_item(job(f"{number:016x}", next_look=NOON + DAY)) for number in range(200)]

    dealt = [each[DUE.shard] for each in items]
    assert {each[DUE.time] for each in items} == {micros(NOON + DAY)}
    assert len(set(dealt)) == SHARDS
    assert min(dealt.count(each) for each in set(dealt)) > 200 / SHARDS / 2
    assert not {THEN.shard, THEN.time} & items[0].keys()


def test_a_job_stays_in_its_shard() -> None:
    first, later = job_item(job()), job_item(job(revision=7, next_look=NOON + DAY, made_at=NOON + DAY))

    assert (
        first[DUE.shard] == later[DUE.shard] == "job#0"
    )  # stays so in every version: the table remembers it


def test_a_job_is_opened_once_in_one_transaction() -> None:
    assert len(job_parts([job(), job(), job("other")])) == 2


def test_parts_are_those_of_one_job_alone() -> None:
    others = [job("other"), job(made_at=NOON + DAY)]

    assert part_partition(job()) not in map(part_partition, others)
    assert key_of(part_item(job(), 9, WHERE)) < key_of(part_item(job(), 10, WHERE))
    assert count_key(job()) < key_of(part_item(job(), 0, WHERE))


def test_contents_are_those_of_one_record_alone() -> None:
    anew = job(of=NOON + DAY)

    assert contents_item(job(), WHERE, DAY)["pk"] != contents_item(anew, WHERE, DAY)["pk"]
    assert point_item(job(), point(), DAY)["pk"] == contents_item(job(), WHERE, DAY)["pk"]


def test_points_alone_stand_in_the_index_by_time_in_the_order_of_the_trend() -> None:
    dots = [point("b", taken_at=NOON - DAY), point("a"), point("c")]
    items = [point_item(job(), each, DAY) for each in dots]

    assert sorted(items, key=lambda each: str(each["time"])) == items
    assert "time" not in contents_item(job(), WHERE, DAY)


def test_a_head_says_where_its_slices_stand() -> None:
    assert sliced_of(part_item(job(), 7, WHERE)) == sliced_of(contents_item(job(), WHERE, DAY)) == WHERE
    assert WHERE.keys == [("slices#token", "00000"), ("slices#token", "00001"), ("slices#token", "00002")]


def test_a_slice_fits_into_an_item_and_those_read_together_into_an_answer() -> None:
    assert SLICE + 1_000 < 400 * 1024
    assert TOGETHER * SLICE < 16_000_000
