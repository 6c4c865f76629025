"""An AWS account as the command line tells of it: what `deploy` asks, and scripted answers."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.aws import Aws
from deploy.running import Ran

REGION = "eu-central-1"
ACCOUNT = "111122223333"


class FakeAccount:
    """A `Runner` that runs nothing. `asked` has the words of every call after `aws`, in order."""

    def __init__(self, *, stack: dict[str, Any] | None = None) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.surroundings: list[Mapping[str, str]] = []
        self.stack = stack
        self.answers: dict[tuple[str, str], Ran] = {
            ("sts", "get-caller-identity"): said({"Account": ACCOUNT}),
            ("dynamodb", "describe-table"): refused("ResourceNotFoundException"),
            ("apigateway", "get-account"): said({"cloudwatchRoleArn": "arn:aws:iam::111122223333:role/logs"}),
            ("lambda", "get-account-settings"): said(
                {"AccountLimit": {"UnreservedConcurrentExecutions": 1000}}
            ),
            ("secretsmanager", "describe-secret"): refused("ResourceNotFoundException"),
        }

    def __call__(
        self, command: Sequence[str], *, folder: Path | None = None, more: Mapping[str, str] | None = None
    ) -> Ran:
        assert Path(command[0]).name == "aws"
        words = tuple(command[1:])
        self.asked.append(words)
        self.surroundings.append(more or {})
        if (scripted := self.answers.get((words[0], words[1]))) is not None:
            return scripted
        if words[:2] == ("cloudformation", "describe-stacks"):
            return (
                said({"Stacks": [self.stack]}) if self.stack else refused("ValidationError", "does not exist")
            )
        if words[:2] == ("cloudformation", "deploy"):
            self.stack = stack(url="https://api.example/api/")
        if words[:2] == ("cloudformation", "delete-stack"):
            self.stack = None
        return Ran(0)

    def words(self, service: str, operation: str) -> tuple[str, ...]:
        """The words of the one call of this operation."""
        (found,) = self.calls(service, operation)
        return found

    def calls(self, service: str, operation: str) -> list[tuple[str, ...]]:
        """The words of all calls of this operation."""
        return [each for each in self.asked if each[:2] == (service, operation)]


def aws(account: FakeAccount) -> Aws:
    """The command line to the account."""
    return Aws(account, REGION)


def said(answer: Any) -> Ran:
    """An answer in JSON."""
    return Ran(0, json.dumps(answer))


def refused(code: str, words: str = "no") -> Ran:
    """A refusal as the command line prints it."""
    return Ran(254, "", f"\nAn error occurred ({code}) when calling the Thing operation: {words}\n")


def stack(
    status: str = "CREATE_COMPLETE", url: str = "https://api.example/api/", **parameters: str
) -> dict[str, Any]:
    """A stack as CloudFormation tells of it."""
    return {
        "StackStatus": status,
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        "Outputs": [{"OutputKey": "EndpointURL", "OutputValue": url}],
    }
