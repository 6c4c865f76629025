"""What does not fit into one transaction of DynamoDB is written in several, and nothing of it is lost."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from botocore.awsrequest import AWSResponse

from chalicelib.core.notice import Notice
from chalicelib.core.plan import Placed
from chalicelib.core.report import Report
from chalicelib.errors import Conflict, StoreBusy
from tests.contract.dynamo_endpoint import Answer, refused
from tests.contract.dynamo_store import Rig
from tests.samples import NOON, notice, record, replaced, report

SECOND = timedelta(seconds=1)
LATER = NOON + 60 * SECOND
REPORTS = 60
CHANNELS = 3


def found() -> tuple[list[Report], list[Notice]]:
    """What a look brings about that finds sixty reports, told on three channels."""
    reports = [report(f"{number:04}", created_at=NOON + number * SECOND) for number in range(REPORTS)]
    told = [
        notice(f"{each.id}-{channel}", channel=f"channel-{channel}", order=place)
        for place, each in enumerate(reports)
        for channel in range(CHANNELS)
    ]
    return reports, told


def claimed(rig: Rig) -> list[str]:
    """The ids of all notices that wait."""
    return sorted(each.id for each in rig.store.claim(LATER, LATER, "me", 1000))


def ids(values: Sequence[Report | Notice]) -> list[str]:
    return sorted(each.id for each in values)


def stored_reports(rig: Rig) -> list[str]:
    return ids(rig.store.reports("data", "daily", limit=1000).items)


def cut_short(rig: Rig, after: int) -> None:
    """A save of much that is cut short after so many transactions; the next one never comes through."""
    saved = rig.store.save(record())
    reports, told = found()
    rig.endpoint.troubles += [("TransactWriteItems", lambda answer: answer())] * after
    rig.endpoint.troubles += [("TransactWriteItems", refused("ThrottlingException"))] * 1000
    with pytest.raises(StoreBusy):
        rig.store.save(replace(saved, reason="half"), reports=reports, notices=told)
    rig.endpoint.troubles.clear()


def test_much_is_written_whole(rig: Rig) -> None:
    reports, told = found()

    saved = rig.store.save(record(), reports=reports, notices=told)

    assert rig.store.get("data", "daily") == saved
    assert stored_reports(rig) == ids(reports)
    assert claimed(rig) == ids(told)


@pytest.mark.parametrize("after", [0, 1, 3, 4])
def test_a_save_that_is_cut_short_leaves_the_record_as_it_was(rig: Rig, after: int) -> None:
    cut_short(rig, after)

    stored = rig.store.get("data", "daily")
    assert stored is not None
    assert (stored.revision, stored.reason) == (1, None)


@pytest.mark.parametrize("after", [1, 2, 3])
def test_what_was_cut_short_tells_before_it_remembers(rig: Rig, after: int) -> None:
    cut_short(rig, after)

    assert claimed(rig)
    assert stored_reports(rig) == []


@pytest.mark.parametrize("after", [1, 3, 4])
def test_what_was_cut_short_is_whole_when_it_is_done_again(rig: Rig, after: int) -> None:
    cut_short(rig, after)
    sent = rig.store.claim(LATER, LATER, "me", 5)
    for each in sent:
        rig.store.settle(replace(each, state="sent"), "me")
    reports, told = found()
    stored = rig.store.get("data", "daily")
    assert stored is not None

    rig.store.save(stored, reports=reports, notices=told)

    assert stored_reports(rig) == ids(reports)
    assert claimed(rig) == sorted({each.id for each in told} - {each.id for each in sent})


def test_nothing_of_much_is_written_for_a_record_that_somebody_else_wrote(rig: Rig) -> None:
    first = rig.store.save(record())
    rig.store.save(first)
    reports, told = found()

    with pytest.raises(Conflict):
        rig.store.save(first, reports=reports, notices=told)

    assert (stored_reports(rig), claimed(rig)) == ([], [])


def test_somebody_who_writes_the_record_in_between_makes_much_a_conflict(rig: Rig) -> None:
    first = rig.store.save(record())
    reports, told = found()

    def interfere(answer: Answer) -> AWSResponse:
        done = answer()
        rig.another().save(replace(first, reason="faster"))
        return done

    rig.endpoint.troubles.append(("TransactWriteItems", interfere))
    with pytest.raises(Conflict):
        rig.store.save(first, reports=reports, notices=told)

    stored = rig.store.get("data", "daily")
    assert stored is not None
    assert (stored.revision, stored.reason, stored_reports(rig)) == (2, "faster", [])


def test_large_documents_are_dealt_out_by_their_size(rig: Rig) -> None:
    """The actions are few enough for one transaction; the endpoint refuses what is too large for one."""
    large = [
        report(f"{number:04}", schema=b64encode(Random(number).randbytes(45_000)).decode())
        for number in range(98)
    ]

    rig.store.save(record(), reports=large)

    assert stored_reports(rig) == ids(large)


def test_what_was_replaced_is_written_with_the_record_however_much_comes_along(rig: Rig) -> None:
    saved = rig.store.save(record(), replaced=[replaced(1)])
    reports, told = found()

    with pytest.raises(Conflict):
        rig.store.save(replace(saved, reason="taken"), reports=reports, notices=told, replaced=[replaced(1)])
    assert rig.store.get("data", "daily") == saved
    rig.store.save(saved, reports=reports, notices=told, replaced=[replaced(2)])

    assert [each.number for each in rig.store.history("data", "daily").items] == [2, 1]
    assert stored_reports(rig) == ids(reports)


def test_hundreds_of_reports_are_forgotten_with_their_record(rig: Rig) -> None:
    reports, told = found()
    saved = rig.store.save(record(placed=(Placed("data", "A"),)), reports=reports, notices=told)

    rig.store.delete(saved)

    assert {each["pk"]["S"].partition("#")[0] for each in rig.items()} == {"line", "told"}


def test_reports_that_a_deletion_could_not_reach_are_not_those_of_the_next_record(rig: Rig) -> None:
    saved = rig.store.save(record(), reports=[report()])
    rig.endpoint.troubles += [("TransactWriteItems", lambda answer: answer())]
    rig.endpoint.troubles += [("TransactWriteItems", refused("ThrottlingException"))] * 1000

    rig.store.delete(saved)

    rig.endpoint.troubles.clear()
    assert len(rig.items("report#")) == 1
    rig.store.save(record(created_at=NOON + SECOND))
    assert stored_reports(rig) == []
