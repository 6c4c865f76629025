"""A deployment, by the commands that it runs and the lines that it tells."""

from pathlib import Path

import pytest

from deploy.__main__ import main
from deploy.deployment import Order, deploy
from deploy.errors import DeployError
from deploy.layer import Layer
from deploy.package import Package
from deploy.running import Ran
from tests.fake_account import ACCOUNT, REGION, FakeAccount, aws, refused, said, stack

SETTINGS = {
    "STOCKTAKE_ORG_ID": "acme",
    "STOCKTAKE_PRINCIPAL": "arn:aws:iam::acme:coreweave/stocktake",
}
BUCKET = f"stocktake-artifacts-{ACCOUNT}-{REGION}"


class Deploying:
    """One run of `deploy` against an account."""

    def __init__(self, account: FakeAccount, folder: Path) -> None:
        self.account = account
        self.folder = folder
        self.built: list[Path] = []
        self.lines: list[str] = []

    def run(self, *, stage: str = "prod", bucket: str = "", **environment: str) -> list[str]:
        order = Order(stage, bucket, self.folder, environment)
        deploy(order, aws(self.account), self._build, self.lines.append)
        return self.lines

    def _build(self, folder: Path) -> Package:
        self.built.append(folder)
        layer = Layer(folder / "layer.zip", 68_000_000, 217_000_000, 500)
        files = folder / "sam.json", folder / "deployment.zip"
        return Package(*files, (3, 13), 11_600_000, 32_000_000, 2000, layer)

    def overrides(self) -> set[str]:
        words = self.account.words("cloudformation", "deploy")
        return set(words[words.index("--parameter-overrides") + 1 :])


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def deploying(account: FakeAccount, tmp_path: Path) -> Deploying:
    return Deploying(account, tmp_path)


def test_a_first_deployment_packages_uploads_and_applies(deploying: Deploying, tmp_path: Path) -> None:
    deploying.run(**SETTINGS)
    asked = deploying.account
    (folder,) = deploying.built
    assert folder.parent == tmp_path
    assert asked.words("cloudformation", "package") == (
        *("cloudformation", "package", "--template-file", str(folder / "sam.json")),
        *("--s3-bucket", BUCKET, "--s3-prefix", "stocktake-prod"),
        *("--output-template-file", str(folder / "packaged.json"), "--use-json"),
    )
    words = asked.words("cloudformation", "deploy")
    assert words[: words.index("--parameter-overrides")] == (
        *("cloudformation", "deploy", "--template-file", str(folder / "packaged.json")),
        *("--stack-name", "stocktake-prod", "--s3-bucket", BUCKET, "--s3-prefix", "stocktake-prod"),
        *("--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"),
    )
    assert deploying.overrides() == {
        "Stage=prod",
        "OrgId=acme",
        "Principal=arn:aws:iam::acme:coreweave/stocktake",
        "CreateTable=yes",
        "AccessLogs=on",
        "ReserveConcurrency=yes",
        "TasksAtOnce=20",
    }


def test_every_call_is_made_in_the_region_of_the_deployment(deploying: Deploying) -> None:
    deploying.run(**SETTINGS)
    assert {each["AWS_DEFAULT_REGION"] for each in deploying.account.surroundings} == {REGION}


def test_an_update_sets_only_what_is_set(deploying: Deploying) -> None:
    deploying.account.stack = stack(Stage="prod", OrgId="acme", Principal=SETTINGS["STOCKTAKE_PRINCIPAL"])
    deploying.run(STOCKTAKE_KEEP_DAYS="30")
    assert deploying.overrides() == {"Stage=prod", "KeepDays=30"}


def test_the_end_tells_the_address_and_how_to_begin(deploying: Deploying) -> None:
    last = deploying.run(**SETTINGS)[-1]
    assert "The API is at https://api.example/api\n" in last  # paths begin with a slash
    assert "make secret STAGE=prod FILE=secrets.json" in last
    assert "make token NAME=ops SCOPE=write" in last


def test_a_secret_that_is_there_is_not_asked_for(deploying: Deploying) -> None:
    deploying.account.answers["secretsmanager", "describe-secret"] = said({"Name": "stocktake-prod"})
    assert "no secrets document yet" not in deploying.run(**SETTINGS)[-1]


def test_a_secret_on_its_way_out_counts_as_none(deploying: Deploying) -> None:
    deploying.account.answers["secretsmanager", "describe-secret"] = said({"DeletedDate": "2026-01-01"})
    assert "no secrets document yet" in deploying.run(**SETTINGS)[-1]


def test_a_deployment_with_nothing_new_says_so(deploying: Deploying) -> None:
    deploying.account.stack = stack(Stage="prod", OrgId="acme", Principal=SETTINGS["STOCKTAKE_PRINCIPAL"])
    deploying.account.answers["cloudformation", "deploy"] = said("No changes to deploy. Stack is up to date")
    assert "Nothing is new: the stack stays as it is." in deploying.run()


def test_what_is_missing_is_said_before_anything_is_made(deploying: Deploying) -> None:
    with pytest.raises(DeployError, match="STOCKTAKE_ORG_ID") as caught:
        deploying.run()
    assert "STOCKTAKE_PRINCIPAL" in str(caught.value)
    assert deploying.built == []
    assert {each[1] for each in deploying.account.asked} == {"describe-stacks"}


def test_what_the_application_would_refuse_is_not_deployed(deploying: Deploying) -> None:
    deploying.account.stack = stack(Stage="prod", OrgId="acme", Principal=SETTINGS["STOCKTAKE_PRINCIPAL"])
    with pytest.raises(DeployError, match="STOCKTAKE_MAIL_FROM"):
        deploying.run(STOCKTAKE_MAIL="ses")


def test_a_variable_that_sets_nothing_is_told(deploying: Deploying) -> None:
    lines = deploying.run(**SETTINGS, STOCKTAKE_SLACK_HOST="x", STOCKTAKE_STORE="sqlite:x", OTHER="x")
    assert "STOCKTAKE_SLACK_HOST is no setting of a deployment and not used." in lines
    assert "STOCKTAKE_STORE is set by the stage and not used." in lines
    assert not any("OTHER" in each for each in lines)


def test_what_is_left_of_a_failed_first_deployment_is_taken_away(deploying: Deploying) -> None:
    deploying.account.stack = stack("ROLLBACK_COMPLETE")
    deploying.run(**SETTINGS)
    operations = [each[1] for each in deploying.account.asked]
    assert operations.index("delete-stack") < operations.index("wait") < operations.index("deploy")
    assert "CreateTable=yes" in deploying.overrides()


def test_a_failed_deployment_says_why(deploying: Deploying) -> None:
    def event(resource: str, status: str, reason: str) -> dict[str, str]:
        return {"LogicalResourceId": resource, "ResourceStatus": status, "ResourceStatusReason": reason}

    deploying.account.answers["cloudformation", "deploy"] = refused("", "Failed to create/update the stack")
    deploying.account.answers["cloudformation", "describe-stack-events"] = said(
        {
            "StackEvents": [
                event("stocktake-prod", "ROLLBACK_IN_PROGRESS", "The following failed: [Sweep]"),
                event("Deliver", "CREATE_FAILED", "Resource creation cancelled"),
                event("Sweep", "CREATE_FAILED", "Not enough concurrency"),
                event("stocktake-prod", "CREATE_IN_PROGRESS", "User Initiated"),
                event("Old", "UPDATE_FAILED", "long ago"),
            ]
        }
    )
    with pytest.raises(DeployError) as caught:
        deploying.run(**SETTINGS)
    assert "Sweep: Not enough concurrency" in str(caught.value)
    assert "cancelled" not in str(caught.value)
    assert "long ago" not in str(caught.value)


@pytest.mark.parametrize("stage", ["", "Prod", "1st", "a_b", "x" * 21, "../x"])
def test_a_stage_that_could_name_nothing_is_refused(deploying: Deploying, stage: str) -> None:
    with pytest.raises(DeployError, match="STAGE"):
        deploying.run(stage=stage, **SETTINGS)
    assert deploying.account.asked == []


def test_the_command_says_what_is_wrong_and_fails(
    capsys: pytest.CaptureFixture[str], account: FakeAccount
) -> None:
    assert main([], account) == 1
    assert "STAGE=prod" in capsys.readouterr().err
    assert account.asked == []


def test_the_command_can_be_interrupted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> Ran:
        raise KeyboardInterrupt

    monkeypatch.setenv("AWS_REGION", REGION)
    assert main(["--stage", "prod"], interrupted) == 130
    assert "goes on" in capsys.readouterr().err


def test_each_run_packages_into_a_folder_of_its_own_and_leaves_none(
    deploying: Deploying, tmp_path: Path
) -> None:
    deploying.run(**SETTINGS)
    deploying.run(**SETTINGS)
    assert len(set(deploying.built)) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_stack_that_was_only_planned_is_none_to_update(deploying: Deploying) -> None:
    """What is there of an earlier life is looked at, as for a first deployment."""
    deploying.account.stack = stack("REVIEW_IN_PROGRESS", Stage="prod")
    deploying.run(**SETTINGS)
    assert deploying.account.calls("dynamodb", "describe-table")


def test_a_change_refused_before_it_began_does_not_tell_of_an_earlier_one(deploying: Deploying) -> None:
    deploying.account.stack = stack(Stage="prod", OrgId="acme", Principal=SETTINGS["STOCKTAKE_PRINCIPAL"])
    deploying.account.answers["cloudformation", "deploy"] = refused("ValidationError", "LogDays is 45")
    with pytest.raises(DeployError, match="LogDays is 45"):
        deploying.run(**SETTINGS)
    assert not deploying.account.calls("cloudformation", "describe-stack-events")
