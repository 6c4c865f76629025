"""The AWS command line, as this package uses it.

In come the words after `aws`; out comes what it prints. Keys and region come from its own surroundings, as
they do for every other use of it. With `AWS_ENDPOINT_URL` set it speaks to whatever is there.
"""

import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.errors import DeployError
from deploy.running import Runner

_CODE = re.compile(r"An error occurred \((\w+)\)")


class AwsError(DeployError):
    """AWS refused, or could not be asked. `code` is AWS's own, empty where it gave none."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Aws:
    """The command line in one region."""

    def __init__(self, runner: Runner, region: str) -> None:
        self._runner = runner
        self.region = region

    def __call__(self, *words: str) -> str:
        """What it prints. Raises `AwsError`."""
        ran = self._runner([_program(), *words], more=self._more())
        if ran.code:
            code = _CODE.search(ran.err)
            said = ran.err.strip() or ran.out.strip() or f"exit code {ran.code}"
            raise AwsError(f"aws {' '.join(words[:2])}: {said}", code[1] if code else "")
        return ran.out

    def json(self, *words: str) -> Any:
        """The JSON that it prints. Raises `AwsError`."""
        text = self(*words, "--output", "json")
        return json.loads(text) if text.strip() else None

    def json_or_none(self, *words: str, missing: str) -> Any:
        """The same, and None where AWS says with this code that there is no such thing."""
        try:
            return self.json(*words)
        except AwsError as exc:
            if exc.code == missing:
                return None
            raise

    def _more(self) -> Mapping[str, str]:
        # version 1 asks for AWS_DEFAULT_REGION, others for AWS_REGION; files are UTF-8 everywhere
        return {
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_PAGER": "",
            "AWS_CLI_FILE_ENCODING": "UTF-8",
        }


def find_aws(environment: Mapping[str, str], runner: Runner) -> Aws:
    """The command line for the region that is set. Raises `DeployError` where none is."""
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    region = region or runner([_program(), "configure", "get", "region"]).out.strip()
    if not region:
        raise DeployError("No AWS region is set: export AWS_REGION=eu-central-1, or run: aws configure")
    return Aws(runner, region)


def _program() -> str:
    """The one beside the running Python, else the one on the path."""
    beside = Path(sys.executable).parent / "aws"
    return str(beside) if beside.exists() else shutil.which("aws") or str(beside)
