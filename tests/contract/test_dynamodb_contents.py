"""On DynamoDB a part or contents in slices is there as a whole or not at all, and is counted once at most,
whatever meets the writing of it; and nothing that was left over is taken for what belongs to somebody.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from chalicelib.adapters.dynamodb_contents_items import JOB_KEPT
from chalicelib.adapters.dynamodb_shards import SHARDS
from chalicelib.adapters.dynamodb_slices import SLICE
from chalicelib.core.summary_job import Job, Missing, Part
from chalicelib.errors import Conflict, StoreBusy
from tests.contract.dynamo_endpoint import Answer, Trouble, lost_answer, refused
from tests.contract.dynamo_store import Rig
from tests.jobs import REPORT, contents, job, part, point, subject
from tests.samples import NOON, notice, record, report

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND
THROTTLED = refused("ThrottlingException")


def in_two_slices(seed: int = 0) -> Part:
    """A part that is larger than a slice, and the same for each seed."""
    return part(missing=(Missing("a", Random(seed).randbytes(SLICE * 12 // 10).hex()),))


@pytest.fixture
def open(rig: Rig) -> Job:
    """A job of a report, open in the store."""
    rig.store.save(record(), reports=[report()], jobs=[job()])
    found = rig.store.job(subject())
    assert found is not None
    rig.calls()
    return found


def trouble(rig: Rig, operation: str, *what: Trouble) -> None:
    rig.endpoint.troubles += [(operation, each) for each in what]


def through(answer: Answer) -> AWSResponse:
    return answer()


def parts(rig: Rig) -> list[Part]:
    return list(rig.store.parts(subject()))


# What it costs


def test_with_no_job_due_each_shard_is_asked_once_and_nothing_read(rig: Rig) -> None:
    rig.store.save(record(), jobs=[job(f"{number}", next_look=LATER) for number in range(50)])
    rig.calls()
    rig.endpoint.read = 0

    assert list(rig.store.jobs_due(NOON, 20)) == []

    assert rig.calls() == ["Query"] * SHARDS
    assert rig.endpoint.read == 0


def test_a_part_is_three_small_writes(rig: Rig, open: Job) -> None:
    rig.store.put_part(subject(), part())

    assert rig.calls() == ["GetItem", "PutItem", "PutItem", "UpdateItem"]


def test_small_parts_are_read_many_at_a_time(rig: Rig, open: Job) -> None:
    for number in range(30):
        rig.store.put_part(subject(), part(number))
    rig.calls()

    assert len(parts(rig)) == 30

    assert rig.calls() == ["GetItem", "Query", "BatchGetItem"]


# Whole, or not at all


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_part_that_is_cut_short_before_its_head_is_not_there(rig: Rig, open: Job, after: int) -> None:
    trouble(rig, "PutItem", *[through] * after, *[THROTTLED] * 1000)

    with pytest.raises(StoreBusy):
        rig.store.put_part(subject(), in_two_slices())

    rig.endpoint.troubles.clear()
    assert (parts(rig), rig.store.part_numbers(subject())) == ([], frozenset())
    assert rig.store.put_part(subject(), in_two_slices()) == 1
    assert parts(rig) == [in_two_slices()]


def test_of_two_who_bring_the_same_part_in_slices_one_is_kept_whole(rig: Rig, open: Job) -> None:
    def interfere(answer: Answer) -> AWSResponse:
        assert rig.another().put_part(subject(), in_two_slices(2)) == 1
        return answer()

    trouble(rig, "PutItem", through, interfere)

    assert rig.store.put_part(subject(), in_two_slices(1)) == 1

    assert parts(rig) == [in_two_slices(2)]
    assert len(rig.items("slices#")) == 2


def test_contents_of_which_a_slice_is_gone_are_not_there(rig: Rig, open: Job) -> None:
    rig.store.finish(open, contents(missing=in_two_slices().missing), point())
    remove(rig, rig.items("slices#")[1])

    assert rig.store.contents("data", "daily", REPORT) is None


def test_parts_of_which_a_slice_is_gone_are_never_taken_for_the_whole(rig: Rig, open: Job) -> None:
    rig.store.put_part(subject(), in_two_slices())
    remove(rig, rig.items("slices#")[0])

    with pytest.raises(Conflict):
        parts(rig)


def remove(rig: Rig, item: dict[str, Any]) -> None:
    rig.endpoint.client.delete_item(TableName=rig.table, Key={name: item[name] for name in ("pk", "sk")})


# Counted once


def test_a_part_whose_answer_was_lost_is_a_new_one_and_counted(rig: Rig, open: Job) -> None:
    trouble(rig, "PutItem", through, lost_answer)

    assert rig.store.put_part(subject(), part()) == 1

    assert rig.calls() == ["GetItem", "PutItem", "PutItem", "PutItem", "UpdateItem"]
    assert rig.store.put_part(subject(), part(1)) == 2


@pytest.mark.parametrize("what", [lost_answer, refused("InternalServerError", 500)])
def test_a_count_of_which_nobody_knows_is_not_made_again(rig: Rig, open: Job, what: Trouble) -> None:
    trouble(rig, "UpdateItem", what)

    assert rig.store.put_part(subject(), part()) == 1

    assert rig.calls() == ["GetItem", "PutItem", "PutItem", "UpdateItem", "Query"]
    assert rig.store.put_part(subject(), part(1)) <= 2


def test_a_count_that_was_throttled_is_made(rig: Rig, open: Job) -> None:
    trouble(rig, "UpdateItem", THROTTLED, THROTTLED)

    assert rig.store.put_part(subject(), part()) == 1
    assert rig.store.put_part(subject(), part(1)) == 2


def test_a_part_that_was_cut_short_before_it_was_counted_is_counted_when_it_comes_again(
    rig: Rig, open: Job
) -> None:
    trouble(rig, "UpdateItem", refused("InternalServerError", 500))
    trouble(rig, "Query", *[THROTTLED] * 1000)
    with pytest.raises(StoreBusy):
        rig.store.put_part(subject(), part())
    rig.endpoint.troubles.clear()

    assert rig.store.put_part(subject(), part()) == 1

    assert rig.store.put_part(subject(), part(1)) == 1  # one too low from then on
    assert rig.store.part_numbers(subject()) == {0, 1}


# The end of a job


def test_contents_of_a_job_that_somebody_else_finished_leave_no_slices(rig: Rig, open: Job) -> None:
    rig.store.finish(open, contents(), point())

    with pytest.raises(Conflict):
        rig.store.finish(open, contents(files=2), point())

    assert len(rig.items("slices#")) == 1


def test_an_end_whose_answer_was_lost_is_no_conflict(rig: Rig, open: Job) -> None:
    trouble(rig, "TransactWriteItems", lost_answer)

    rig.store.finish(open, contents(), point(), notices=[notice()])

    assert rig.store.job(subject()) is None
    assert rig.store.contents("data", "daily", REPORT) == contents()


def test_an_end_that_is_cut_short_leaves_the_job_open(rig: Rig, open: Job) -> None:
    trouble(rig, "TransactWriteItems", *[THROTTLED] * 1000)
    with pytest.raises(StoreBusy):
        rig.store.finish(open, contents(), point(), notices=[notice()])
    rig.endpoint.troubles.clear()

    assert rig.store.job(subject()) == open
    assert rig.store.contents("data", "daily", REPORT) is None
    assert rig.store.notices().items == ()
    rig.store.finish(open, contents(), point(), notices=[notice()])
    assert rig.store.contents("data", "daily", REPORT) == contents()


def test_a_notice_that_is_claimed_at_that_moment_stays_and_the_rest_is_kept(rig: Rig, open: Job) -> None:
    rig.store.save(stored_record(rig), notices=[notice(), notice("b" * 32, channel="other")])
    richer = [replace(each, facts={"summary": 1}) for each in rig.store.notices().items]

    def interfere(answer: Answer) -> AWSResponse:
        assert len(rig.another().claim(NOON, LATER, "me", 1)) == 1
        return answer()

    trouble(rig, "TransactWriteItems", interfere)
    rig.store.finish(open, contents(), point(), richer=richer)

    claimed = {each.claim: "summary" in each.facts for each in rig.store.notices().items}
    assert claimed == {"me": False, None: True}
    assert rig.store.contents("data", "daily", REPORT) == contents()


def test_an_end_with_more_notices_than_fit_into_one_transaction_is_whole(rig: Rig, open: Job) -> None:
    told = [notice(f"{number:032}", channel=f"channel-{number}") for number in range(120)]

    rig.store.finish(open, contents(), point(), notices=told)

    assert len(rig.store.notices(limit=1000).items) == 120
    assert rig.store.job(subject()) is None
    with pytest.raises(Conflict):
        rig.store.finish(open, contents(), point(), notices=told)


def stored_record(rig: Rig) -> Any:
    return rig.store.get("data", "daily")


# What was left over


def test_a_job_is_opened_with_hundreds_of_reports(rig: Rig) -> None:
    many = [report(f"{number:04}") for number in range(110)]

    rig.store.save(record(), reports=many, jobs=[job(each.id) for each in many])

    assert len(rig.store.jobs_due(NOON, 1000)) == 110


def test_a_job_that_a_deletion_could_not_reach_is_due_no_more_and_replaced(rig: Rig, open: Job) -> None:
    trouble(rig, "TransactWriteItems", through, *[THROTTLED] * 1000)
    rig.store.delete(stored_record(rig))
    rig.endpoint.troubles.clear()
    assert rig.store.job(subject()) == open

    with pytest.raises(Conflict):
        rig.store.finish(open, contents(), point())
    rig.store.save(record(created_at=LATER), jobs=[job(of=LATER, made_at=LATER)])
    assert [each.of for each in rig.store.jobs_due(LATER, 9)] == [LATER]


@pytest.mark.parametrize("made_anew", [False, True])
def test_a_job_without_its_record_is_forgotten_when_it_is_due(rig: Rig, open: Job, made_anew: bool) -> None:
    left = rig.items("job#")
    rig.store.delete(stored_record(rig))
    if made_anew:
        rig.store.save(record(created_at=LATER))
    rig.put(left)

    assert list(rig.store.jobs_due(NOON, 9)) == []

    assert rig.items("job#") == []


def test_a_job_that_has_expired_is_forgotten_before_its_parts_are_gone(rig: Rig, open: Job) -> None:
    rig.store.put_part(subject(), part())
    assert list(rig.store.jobs_due(NOON + JOB_KEPT - SECOND, 9)) == [open]

    assert list(rig.store.jobs_due(NOON + JOB_KEPT, 9)) == []

    assert rig.items("job#") == []
    assert all(int(each["expires"]["N"]) > (NOON + JOB_KEPT).timestamp() for each in rig.items("parts#"))


def test_nothing_of_what_a_deleted_record_had_is_left_but_parts_that_expire(rig: Rig, open: Job) -> None:
    rig.store.finish(open, contents(), point())
    rig.store.save(stored_record(rig), jobs=[job("b")])
    rig.store.put_part(subject("b"), part())

    rig.store.delete(stored_record(rig))

    left = rig.items()
    assert {each["pk"]["S"].partition("#")[0] for each in left} == {"parts", "slices"}
    assert len(rig.items("slices#")) == 1
    assert all("expires" in each for each in left)
