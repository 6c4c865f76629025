"""Taking a deployment away: the stack goes, what cannot be made again stays."""

import pytest

from deploy.destroy import destroy, main
from tests.fake_account import FakeAccount, aws, refused, stack


def taken_away(account: FakeAccount) -> str:
    lines: list[str] = []
    destroy(aws(account), "stocktake-prod", lines.append)
    return "\n".join(lines)


def test_the_stack_is_deleted_and_waited_for() -> None:
    account = FakeAccount(stack=stack())
    told = taken_away(account)
    assert [each[:2] for each in account.asked[1:]] == [
        ("cloudformation", "delete-stack"),
        ("cloudformation", "wait"),
    ]
    assert "stocktake-prod is gone." in told


def test_table_and_secret_are_left_and_it_is_said_how_they_go() -> None:
    account = FakeAccount(stack=stack())
    told = taken_away(account)
    assert {each[0] for each in account.asked} == {"cloudformation"}
    assert "aws dynamodb delete-table --region eu-central-1 --table-name stocktake-prod" in told
    assert "aws secretsmanager delete-secret --region eu-central-1 --secret-id stocktake-prod" in told


def test_where_nothing_is_deployed_nothing_is_deleted() -> None:
    account = FakeAccount()
    assert "There is no deployment stocktake-prod" in taken_away(account)
    assert account.calls("cloudformation", "delete-stack") == []


def test_the_command_needs_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    account = FakeAccount(stack=stack())
    assert main([], account) == 1
    assert "STAGE=prod" in capsys.readouterr().err
    assert account.calls("cloudformation", "delete-stack") == []


def test_what_aws_refuses_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    account = FakeAccount(stack=stack())
    account.answers["cloudformation", "delete-stack"] = refused("AccessDenied", "not you")
    assert main(["--stage", "prod"], account) == 1
    assert "not you" in capsys.readouterr().err


def test_a_region_has_to_be_set(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert main(["--stage", "prod"], FakeAccount(stack=stack())) == 1
    assert "No AWS region is set" in capsys.readouterr().err
