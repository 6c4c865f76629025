"""The bucket that packages are put in: made where it is missing, and never somebody else's."""

import pytest

from deploy.artifacts import bucket_for
from deploy.aws import Aws
from deploy.errors import DeployError
from tests.fake_account import ACCOUNT, FakeAccount, aws, refused

NAME = f"stocktake-artifacts-{ACCOUNT}-eu-central-1"


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


def test_a_bucket_that_is_there_is_used(account: FakeAccount) -> None:
    assert bucket_for(aws(account), "", print) == NAME
    assert account.words("s3api", "head-bucket")[-2:] == ("--expected-bucket-owner", ACCOUNT)
    assert account.calls("s3api", "create-bucket") == []


def test_a_missing_bucket_is_made_and_closed_to_the_public(account: FakeAccount) -> None:
    account.answers["s3api", "head-bucket"] = refused("404")
    assert bucket_for(aws(account), "", print) == NAME
    assert account.words("s3api", "create-bucket")[-1] == "LocationConstraint=eu-central-1"
    assert account.words("s3api", "put-public-access-block")[-1].count("=true") == 4


def test_the_first_region_has_no_name_for_itself(account: FakeAccount) -> None:
    account.answers["s3api", "head-bucket"] = refused("404")
    bucket_for(Aws(account, "us-east-1"), "", print)
    assert "--create-bucket-configuration" not in account.words("s3api", "create-bucket")


def test_code_is_not_put_into_a_bucket_of_others(account: FakeAccount) -> None:
    account.answers["s3api", "head-bucket"] = refused("403")
    with pytest.raises(DeployError, match="belongs to another account"):
        bucket_for(aws(account), "", print)


def test_a_bucket_of_ones_own_choice_is_not_made(account: FakeAccount) -> None:
    assert bucket_for(aws(account), "mine", print) == "mine"
    account.answers["s3api", "head-bucket"] = refused("404")
    with pytest.raises(DeployError, match="no bucket mine"):
        bucket_for(aws(account), "mine", print)
    assert account.calls("s3api", "create-bucket") == []
