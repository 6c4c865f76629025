"""The AWS CLI for tests that call it a hundred times: most of its second is for loading itself."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]


@cache
def warm_aws() -> Path:
    """A folder for the path, in which `aws` is the same CLI, run in a fork of a process that has loaded it.

    That process ends with this one.
    """
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.warm_aws_server"],
        cwd=_ROOT,
        env={"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _KEPT.append(server)
    assert server.stdout is not None
    return Path(server.stdout.readline().rstrip("\n"))


_KEPT: list[subprocess.Popen[str]] = []
"""Holds what ends when it is let go of."""
