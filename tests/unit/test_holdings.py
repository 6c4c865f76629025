"""What inventory a bucket has, from the platform's documents and the records."""

from typing import Any

import pytest

from chalicelib.core.holdings import BucketStatus, counted, holdings, unknown_holdings
from chalicelib.core.record import Record, State
from tests import samples


def record(id: str, **changes: Any) -> Record:
    return samples.record(samples.inventory(id=id), **changes)


def documents(*ids: str) -> list[dict[str, Any]]:
    return [samples.configuration(id=id).s3_document() for id in ids]


def statuses(there: list[str], managed: list[str]) -> dict[str, str]:
    found = holdings(documents(*there), [record(each) for each in managed])
    return {each.id: each.status for each in found}


def overall(there: list[str], managed: list[str]) -> BucketStatus:
    return counted("data", holdings(documents(*there), [record(each) for each in managed])).status


def test_what_is_there_is_managed_or_not_and_what_is_managed_may_be_missing() -> None:
    assert statuses(["b", "a", "c"], ["c", "d"]) == {
        "a": "unmanaged",
        "b": "unmanaged",
        "c": "managed",
        "d": "missing",
    }


def test_documents_and_states_are_told_along() -> None:
    (one,) = holdings(documents("a"), [record("a", state="observed")])
    assert (one.configuration, one.state) == (documents("a")[0], "observed")
    (gone,) = holdings([], [record("a", state="failed")])
    assert (gone.configuration, gone.state) == (None, "failed")


def test_a_bucket_is_called_by_what_somebody_has_to_see_to_first() -> None:
    assert overall([], []) == "none"
    assert overall(["a"], ["a"]) == "managed"
    assert overall(["a"], ["a", "b"]) == "missing"
    assert overall(["a", "c"], ["a", "b"]) == "unmanaged"


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_what_was_never_set_up_is_not_missing(state: State) -> None:
    found = holdings(documents("b"), [record("a", state=state), record("b", state=state)])
    assert [(each.id, each.status, each.state) for each in found] == [
        ("a", "not_set_up", state),
        ("b", "managed", state),
    ]
    bucket = counted("data", found)
    assert (bucket.status, bucket.managed, bucket.missing, bucket.not_set_up) == ("not_set_up", 1, 0, 1)


def test_what_is_missing_is_told_before_what_was_never_set_up() -> None:
    found = holdings([], [record("a", state="failed"), record("b"), record("c", state="observed")])
    bucket = counted("data", found)
    assert (bucket.status, bucket.missing, bucket.not_set_up) == ("missing", 2, 1)
    assert counted("data", holdings(documents("x"), [record("a", state="failed")])).status == "unmanaged"


def test_inventories_are_counted() -> None:
    found = counted("data", holdings(documents("a", "b", "c"), [record("c"), record("d")]), "why")
    assert (found.managed, found.unmanaged, found.missing, found.reason) == (1, 2, 1, "why")


def test_where_nobody_knows_the_managed_ones_are_unknown() -> None:
    (found,) = unknown_holdings([record("a", state="pending")])
    assert (found.status, found.configuration, found.state) == ("unknown", None, "pending")
