"""`python -m deploy.destroy --stage STAGE`: take a deployment away, and keep what cannot be made again.

The table and the secret stay, and a later deployment of the same stage takes them over.
"""

import argparse
import os
import sys
from collections.abc import Callable

from deploy.aws import Aws, find_aws
from deploy.errors import DeployError
from deploy.running import Runner, run
from deploy.stack import delete, look
from deploy.stage import name_of


def destroy(aws: Aws, name: str, say: Callable[[str], None]) -> None:
    """Delete the stack, and tell what is left. Raises `DeployError`."""
    if look(aws, name) is None:
        say(f"There is no deployment {name} in {aws.region}.")
    else:
        say(f"Deleting {name} in {aws.region}; a few minutes.")
        delete(aws, name)
        say(f"{name} is gone.")
    say(_left(aws, name))


def _left(aws: Aws, name: str) -> str:
    region = f"--region {aws.region}"
    return "\n".join(
        (
            f"Kept, for a later deployment: the table {name} and the secret {name}. To remove them for good:",
            f"  aws dynamodb update-table {region} --table-name {name} --no-deletion-protection-enabled",
            f"  aws dynamodb delete-table {region} --table-name {name}",
            f"  aws secretsmanager delete-secret {region} --secret-id {name}",
            "Kept, because others may use them: the bucket of packages, and API Gateway's role for its logs.",
        )
    )


def main(arguments: list[str] | None = None, runner: Runner = run) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.destroy")
    parser.add_argument("--stage", default="", help="which deployment")
    given = parser.parse_args(arguments)
    try:
        name = name_of(given.stage)
        destroy(find_aws(os.environ, runner), name, print)
    except DeployError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
