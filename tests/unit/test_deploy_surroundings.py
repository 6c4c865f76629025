"""What a first deployment finds in the account, and what follows for the parameters."""

from typing import Any

import pytest

from deploy.errors import DeployError
from deploy.surroundings import found
from tests.fake_account import FakeAccount, aws, said

TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "due",
            "KeySchema": [{"AttributeName": "due_shard", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["state"]},
        }
    ],
}


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


def look(account: FakeAccount, **chosen: str) -> dict[str, str]:
    return found(aws(account), "stocktake-prod", TABLE, chosen, print)


def test_an_account_with_nothing_of_ours_gets_a_table(account: FakeAccount) -> None:
    assert look(account) == {
        "CreateTable": "yes",
        "AccessLogs": "on",
        "ReserveConcurrency": "yes",
        "TasksAtOnce": "20",
    }


def test_a_table_that_was_left_is_taken_over(account: FakeAccount) -> None:
    account.answers["dynamodb", "describe-table"] = said({"Table": {**TABLE, "ItemCount": 3}})
    assert look(account)["CreateTable"] == "no"


@pytest.mark.parametrize(
    "other",
    [
        {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
        {"GlobalSecondaryIndexes": []},
        {"GlobalSecondaryIndexes": [{**TABLE["GlobalSecondaryIndexes"][0], "KeySchema": []}]},
        {
            "GlobalSecondaryIndexes": [
                {**TABLE["GlobalSecondaryIndexes"][0], "Projection": {"ProjectionType": "KEYS_ONLY"}}
            ]
        },
    ],
)
def test_a_table_of_another_shape_is_not_taken_over(account: FakeAccount, other: dict[str, Any]) -> None:
    account.answers["dynamodb", "describe-table"] = said({"Table": TABLE | other})
    with pytest.raises(DeployError, match="other keys or indexes"):
        look(account)


def test_a_region_without_a_role_for_api_logs_gets_one(account: FakeAccount) -> None:
    account.answers["apigateway", "get-account"] = said({})
    assert look(account)["AccessLogs"] == "on-with-role"


@pytest.mark.parametrize(("unreserved", "reserve"), [(108, "yes"), (107, "no"), (10, "no")])
def test_places_are_reserved_only_where_there_are_enough(
    account: FakeAccount, unreserved: int, reserve: str
) -> None:
    account.answers["lambda", "get-account-settings"] = said(
        {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}}
    )
    assert look(account)["ReserveConcurrency"] == reserve


@pytest.mark.parametrize(("unreserved", "tasks"), [(1000, "20"), (80, "20"), (79, "19"), (10, "2"), (5, "2")])
def test_no_more_data_files_are_read_at_once_than_there_is_room_for(
    account: FakeAccount, unreserved: int, tasks: str
) -> None:
    account.answers["lambda", "get-account-settings"] = said(
        {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}}
    )
    assert look(account)["TasksAtOnce"] == tasks


def test_who_has_chosen_is_not_asked_again(account: FakeAccount) -> None:
    assert look(account, CreateTable="no", AccessLogs="off", ReserveConcurrency="no", TasksAtOnce="9") == {}
    assert account.asked == []
