"""What passes by itself on DynamoDB is borne, a lost answer makes nothing happen twice, the rest is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from chalicelib.adapters.dynamodb import DynamoStore
from chalicelib.adapters.dynamodb_calls import FIRST_PAUSE, LONGEST_PAUSE
from chalicelib.core.channel import Disabled
from chalicelib.errors import Conflict, Misconfigured, StoreBusy
from tests.contract.dynamo_endpoint import Answer, Trouble, in_part, lost_answer, refused
from tests.contract.dynamo_store import PATIENCE, Rig
from tests.samples import NOON, inventory, notice, record, report

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND


def raising(error: Exception) -> Trouble:
    """The call does not reach DynamoDB."""

    def fail(_: Answer) -> NoReturn:
        raise error

    return fail


UNREACHED = ConnectTimeoutError(endpoint_url="https://dynamodb.test")
PASSING = {
    "throttled": refused("ProvisionedThroughputExceededException"),
    "throttled, on demand": refused("ThrottlingException"),
    "limited": refused("RequestLimitExceeded"),
    "failing": refused("InternalServerError", 500),
    "away": refused("ServiceUnavailable", 503),
    "unreached": raising(UNREACHED),
    "unanswered": raising(ReadTimeoutError(endpoint_url="https://dynamodb.test")),
    "lost": lost_answer,
}
IN_THE_WAY = {
    "in the way": refused("TransactionCanceledException", reasons=("None", "TransactionConflict", "None")),
    "throttled within": refused("TransactionCanceledException", reasons=("ThrottlingError", "None", "None")),
    "exceeded within": refused(
        "TransactionCanceledException", reasons=("None", "None", "ProvisionedThroughputExceeded")
    ),
    "under way": refused("TransactionInProgressException"),
}
WRITES = PASSING | IN_THE_WAY


def trouble(rig: Rig, operation: str, what: Trouble, times: int = 1) -> None:
    rig.endpoint.troubles += [(operation, what)] * times


# Borne


@pytest.mark.parametrize("what", WRITES.values(), ids=WRITES)
def test_a_save_is_made_once_whatever_meets_it(rig: Rig, what: Trouble) -> None:
    trouble(rig, "TransactWriteItems", what, times=3)

    saved = rig.store.save(record(), reports=[report()], notices=[notice("a")])

    assert rig.calls() == ["TransactWriteItems"] * 4
    assert len(rig.waited) == 3
    assert rig.store.get("data", "daily") == saved
    assert rig.store.reports("data", "daily").items == (report(),)
    assert [each.id for each in rig.store.claim(NOON, LATER, "me", 10)] == ["a"]


@pytest.mark.parametrize("what", PASSING.values(), ids=PASSING)
@pytest.mark.parametrize("operation", ["GetItem", "Query", "BatchGetItem"])
def test_reading_goes_on_whatever_meets_it(rig: Rig, operation: str, what: Trouble) -> None:
    saved = rig.store.save(record(), reports=[report()])
    trouble(rig, operation, what, times=2)

    assert rig.store.due_for_sweep(NOON, 10) == (saved,)
    assert rig.store.get("data", "daily") == saved
    assert rig.endpoint.troubles == []


def test_what_dynamodb_leaves_out_is_asked_for_again(rig: Rig) -> None:
    saved = [rig.store.save(record(inventory(id=each))) for each in "abc"]
    trouble(rig, "BatchGetItem", in_part, times=2)

    assert list(rig.store.due_for_sweep(NOON, 10)) == saved
    assert len(rig.waited) == 2


def test_giving_a_lease_back_is_borne_too(rig: Rig) -> None:
    rig.store.lease(["a"], "me", NOON, LATER)
    trouble(rig, "DeleteItem", refused("TransactionConflictException"))

    rig.store.release(["a"], "me")

    assert rig.store.lease(["a"], "you", NOON, LATER)


def test_pauses_double_up_to_a_second_and_are_cut_at_random(rig: Rig) -> None:
    trouble(rig, "GetItem", raising(UNREACHED), times=8)

    assert rig.store.get("data", "daily") is None

    bounds = [min(FIRST_PAUSE * 2**number, LONGEST_PAUSE) for number in range(8)]
    assert all(0 <= pause <= bound for pause, bound in zip(rig.waited, bounds, strict=True))
    assert len(set(rig.waited)) == 8


# Lost answers


def test_a_change_whose_answer_was_lost_is_no_conflict(rig: Rig) -> None:
    first = rig.store.save(record())
    trouble(rig, "TransactWriteItems", lost_answer)

    second = rig.store.save(replace(first, state="failed"))

    assert rig.store.get("data", "daily") == second


def test_a_deletion_whose_answer_was_lost_is_no_conflict(rig: Rig) -> None:
    saved = rig.store.save(record(), reports=[report()])
    trouble(rig, "TransactWriteItems", lost_answer)

    rig.store.delete(saved)

    assert rig.items() == []


def test_a_claim_whose_answer_was_lost_is_held(rig: Rig) -> None:
    rig.store.save(record(), notices=[notice("a")])
    trouble(rig, "TransactWriteItems", lost_answer)

    (claimed,) = rig.store.claim(NOON, LATER, "me", 1)

    rig.store.settle(replace(claimed, state="sent"), "me")


def test_a_settling_whose_answer_was_lost_is_no_conflict(rig: Rig) -> None:
    rig.store.save(record(), notices=[notice("a")])
    (claimed,) = rig.store.claim(NOON, LATER, "me", 1)
    trouble(rig, "TransactWriteItems", lost_answer)

    rig.store.settle(replace(claimed, state="sent"), "me", more=[notice("b")])

    assert [each.id for each in rig.store.claim(NOON, LATER, "me", 9)] == ["b"]


def test_sending_again_whose_answer_was_lost_is_no_conflict(rig: Rig) -> None:
    rig.store.save(record(), notices=[notice("a", state="given_up")])
    trouble(rig, "TransactWriteItems", lost_answer)

    rig.store.redrive(notice("a"))

    assert rig.store.notices(state="waiting").items == (notice("a"),)


def test_disabling_and_enabling_whose_answers_were_lost_are_done(rig: Rig) -> None:
    gone = Disabled("storage-team", NOON, "404", "f")
    trouble(rig, "TransactWriteItems", lost_answer)
    rig.store.disable(gone)
    assert rig.store.disabled("storage-team") == gone

    trouble(rig, "TransactWriteItems", lost_answer)
    rig.store.enable("storage-team")
    assert rig.store.disabled("storage-team") is None


def test_a_lease_whose_answer_was_lost_is_held(rig: Rig) -> None:
    trouble(rig, "TransactWriteItems", lost_answer)

    assert rig.store.lease(["a", "b"], "me", NOON, LATER)
    assert not rig.store.lease(["a"], "you", NOON, LATER)


# Told


CALLS: dict[str, Callable[[DynamoStore], object]] = {
    "get": lambda store: store.get("data", "daily"),
    "save": lambda store: store.save(record()),
    "due": lambda store: store.due_for_check(NOON, 1),
    "claim": lambda store: store.claim(NOON, LATER, "me", 1),
    "lease": lambda store: store.lease(["a"], "me", NOON, LATER),
    "release": lambda store: store.release(["a"], "me"),
    "notices": lambda store: store.notices(),
    "disabled": lambda store: store.disabled("storage-team"),
}
OPERATION = {
    "get": "GetItem",
    "save": "TransactWriteItems",
    "due": "Query",
    "claim": "Query",
    "lease": "TransactWriteItems",
    "release": "DeleteItem",
    "notices": "Query",
    "disabled": "GetItem",
}


@pytest.mark.parametrize("name", CALLS)
def test_a_store_that_does_not_answer_for_long_is_busy(rig: Rig, name: str) -> None:
    trouble(rig, OPERATION[name], refused("ThrottlingException"), times=1000)

    with pytest.raises(StoreBusy, match=r"busy or cannot be reached \(ThrottlingException\)\. Try again"):
        CALLS[name](rig.store)

    assert PATIENCE - LONGEST_PAUSE < sum(rig.waited) <= PATIENCE
    rig.endpoint.troubles.clear()
    CALLS[name](rig.store)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("what", "words"),
    [
        (refused("AccessDeniedException"), "may not do .* on the DynamoDB table"),
        (refused("ResourceNotFoundException"), "There is no DynamoDB table"),
        (refused("UnrecognizedClientException"), "look at the AWS keys"),
        (refused("ExpiredTokenException"), "look at the AWS keys"),
        (raising(NoCredentialsError()), "look at the AWS keys"),
    ],
    ids=["rights", "table", "keys", "old keys", "no keys"],
)
def test_what_somebody_has_to_mend_is_told_at_once(rig: Rig, name: str, what: Trouble, words: str) -> None:
    trouble(rig, OPERATION[name], what)

    with pytest.raises(Misconfigured, match=words):
        CALLS[name](rig.store)

    assert rig.waited == []


def test_a_table_that_is_not_there_is_told(rig: Rig) -> None:
    elsewhere = DynamoStore("not-there", lambda: rig.endpoint.client)

    with pytest.raises(Misconfigured, match="no DynamoDB table not-there in this account and region"):
        elsewhere.get("data", "daily")


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (refused("ValidationException"), ClientError),
        (refused("TransactionCanceledException", reasons=("ValidationError", "None")), ClientError),
        (refused("TransactionCanceledException", reasons=("ItemCollectionSizeLimitExceeded",)), ClientError),
        (raising(ParamValidationError(report="Invalid type")), ParamValidationError),
    ],
)
def test_what_nobody_foresaw_is_a_bug_and_stays_as_it_is(
    rig: Rig, what: Trouble, kind: type[Exception]
) -> None:
    trouble(rig, "TransactWriteItems", what)

    with pytest.raises(kind):
        rig.store.save(record())

    assert rig.waited == []


def test_a_condition_that_fails_beside_a_conflict_is_the_answer(rig: Rig) -> None:
    reasons = ("ConditionalCheckFailed", "TransactionConflict", "None")
    trouble(rig, "TransactWriteItems", refused("TransactionCanceledException", reasons=reasons))

    with pytest.raises(Conflict, match="data/daily was written by somebody else in between"):
        rig.store.save(record(), notices=[notice("a")])

    assert rig.waited == []
