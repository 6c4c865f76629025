"""`python -m deploy.secret --stage STAGE FILE`: put a stage's secrets document into Secrets Manager.

The document is checked as the application checks it before anything is sent. It is handed on by the name of
its file, never as a word of a command, where others on the machine could read it; and it is never printed.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from chalicelib.adapters.secrets import parse_secrets
from chalicelib.adapters.secrets_channels import USUAL_HOSTS, Hosts
from chalicelib.errors import Misconfigured
from deploy.aws import Aws, find_aws
from deploy.errors import DeployError
from deploy.parameters import parameter_of
from deploy.running import Runner, run
from deploy.stack import look
from deploy.stage import name_of


def there(aws: Aws, name: str) -> bool:
    """Whether there is a secret of this name that can be read."""
    about = aws.json_or_none(
        "secretsmanager", "describe-secret", "--secret-id", name, missing="ResourceNotFoundException"
    )
    return about is not None and "DeletedDate" not in about


def upload(
    aws: Aws, name: str, file: Path, environment: Mapping[str, str], say: Callable[[str], None]
) -> None:
    """Make the secret, or give it a new value. Raises `DeployError`."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise DeployError(f"{file} cannot be read as UTF-8 text: {exc}") from exc
    try:
        parse_secrets(text, _hosts(aws, name, environment), f" in {file}")
    except Misconfigured as exc:
        raise DeployError(str(exc)) from None
    value = ("--secret-string", f"file://{file.resolve()}")
    if there(aws, name):
        aws.json("secretsmanager", "put-secret-value", "--secret-id", name, *value)
        say(f"The secret {name} has a new value. Functions that run take it within a minute.")
    else:
        about = "Stocktake: keys of the storage platform, tokens, channels"
        aws.json("secretsmanager", "create-secret", "--name", name, "--description", about, *value)
        say(f"The secret {name} is made.")


def _hosts(aws: Aws, name: str, environment: Mapping[str, str]) -> Hosts:
    """The hosts that channels may name: as set here, as deployed, or as by default."""
    stack = None
    if not (environment.get("STOCKTAKE_SLACK_HOSTS") and environment.get("STOCKTAKE_WEBHOOK_HOSTS")):
        stack = look(aws, name)
    deployed = stack.parameters if stack else {}

    def named(variable: str, usual: tuple[str, ...]) -> tuple[str, ...]:
        text = environment.get(variable) or deployed.get(parameter_of(variable)) or ",".join(usual)
        return tuple(each.strip() for each in text.split(",") if each.strip())

    return Hosts(
        slack=named("STOCKTAKE_SLACK_HOSTS", USUAL_HOSTS.slack),
        webhook=named("STOCKTAKE_WEBHOOK_HOSTS", USUAL_HOSTS.webhook),
    )


def main(arguments: list[str] | None = None, runner: Runner = run) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.secret")
    parser.add_argument("--stage", default="", help="which deployment")
    parser.add_argument("file", help="the secrets document, as JSON")
    given = parser.parse_args(arguments)
    try:
        if not given.file:
            raise DeployError("Say where the secrets document is: FILE=secrets.json")
        name = name_of(given.stage)
        upload(find_aws(os.environ, runner), name, Path(given.file), os.environ, print)
    except DeployError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
