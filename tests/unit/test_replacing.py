"""What a plan replaces becomes entries of the history, each once in one piece of work."""

from dataclasses import replace

from chalicelib.core.freshness import Times
from chalicelib.core.history import Replaced
from chalicelib.core.plan import (
    CreateBucket,
    DeleteConfiguration,
    DeletePolicy,
    PutConfiguration,
    Step,
    WritePolicy,
)
from chalicelib.core.record import Pending, Record, asked_again
from chalicelib.core.replacing import replaced_by, with_entries
from tests.flow_world import LONG
from tests.samples import NOON, inventory, record

THEIRS = {"Id": "daily", "IsEnabled": False}
WRITE = WritePolicy("reports", "{}", "{1}", ("allow the service",))
STEPS: tuple[Step, ...] = (
    CreateBucket("reports", "US-EAST-04A"),
    WRITE,
    PutConfiguration("data", "daily", {"Id": "daily"}, THEIRS),
    WritePolicy("reports", "{1}", "{2}", ("take out",)),
    DeletePolicy("archive", "{3}", ("ours alone",)),
    DeleteConfiguration("data", "daily", None),
)
TIMES = Times()
PENDING = record(state="pending", pending=Pending(since=NOON))


def kept(steps: tuple[Step, ...], before: Record = PENDING) -> tuple[Record, tuple[Replaced, ...]]:
    entries = replaced_by(steps, before, NOON, "turn-1")
    return with_entries(before, entries), entries


def test_every_step_that_replaces_something_is_an_entry_with_what_was_there() -> None:
    _, entries = kept(STEPS, record())

    assert [(each.number, each.action, each.bucket, each.text, each.reasons) for each in entries] == [
        (1, "PutBucketPolicy", "reports", "{}", ("allow the service",)),
        (
            2,
            "PutBucketInventoryConfiguration",
            "data",
            '{"Id": "daily", "IsEnabled": false}',
            ("what is there differs in /configuration/IsEnabled",),
        ),
        (3, "PutBucketPolicy", "reports", "{1}", ("take out",)),
        (4, "DeleteBucketPolicy", "archive", "{3}", ("ours alone",)),
        (5, "DeleteBucketInventoryConfiguration", "data", None, ("the inventory is to be taken away",)),
    ]
    assert {(each.replaced_at, each.correlation_id) for each in entries} == {(NOON, "turn-1")}
    assert [each.kind for each in entries].count("policy") == 3


def test_numbers_go_on_from_the_last_one() -> None:
    after, first = kept((WRITE,), replace(PENDING, replaced=7))
    after, second = kept(STEPS[2:4], after)

    assert [each.number for each in (*first, *second)] == [8, 9, 10]
    assert after.replaced == 10


def test_going_on_with_the_same_work_keeps_nothing_twice() -> None:
    after, _ = kept(STEPS)

    assert kept(STEPS[2:], after) == (after, ())
    assert kept((WRITE, replace(WRITE, before="{9}")), after)[1][0].text == "{9}"


def test_what_is_asked_for_while_something_is_pending_is_the_same_work() -> None:
    after, _ = kept((WRITE,))
    again = asked_again(after, inventory(readers=("r",)), NOON + LONG, TIMES)

    assert kept((WRITE,), again)[1] == ()


def test_when_it_is_done_the_next_work_begins_with_nothing_kept() -> None:
    after, _ = kept((WRITE,))
    applied = replace(after, state="applied", pending=None)
    again = asked_again(applied, inventory(), NOON + LONG, TIMES)

    assert [each.number for each in kept((WRITE,), again)[1]] == [2]


def test_what_is_remembered_of_one_work_is_bounded() -> None:
    steps = tuple(WritePolicy("reports", f"{number}", "{}", ()) for number in range(1000))
    after, entries = kept(steps)

    assert len(entries) == after.replaced == 1000
    assert after.pending is not None
    assert after.pending.kept == tuple(each.digest for each in entries[-100:])


def test_what_people_do_not_read_is_left_out_of_the_reasons() -> None:
    _, (entry,) = kept((WritePolicy("reports", None, "{}", tuple("x" * 9_000 for _ in range(90))),))

    assert len(entry.reasons) == 20
    assert {len(each) for each in entry.reasons} == {500}
