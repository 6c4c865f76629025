"""Bytecode for every module of a package, made ahead.

A fresh package has none, Lambda's file system is read-only, and so each cold start would compile each
module that it imports: half of its time. The bytecode is marked as never to be checked against the source
(PEP 552), because the check costs time and a package does not change.
"""

import sys
from pathlib import Path

from deploy.errors import DeployError
from deploy.running import Runner

WHERE_LAMBDA_UNPACKS = "/var/task"


def compile_all(folder: Path, runner: Runner, unpacked: str = WHERE_LAMBDA_UNPACKS) -> None:
    """Put bytecode of the running Python beside each source in the folder, which Lambda has at `unpacked`.

    Raises `DeployError`.
    """
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    ran = runner(
        [*command, "-s", str(folder), "-p", unpacked, str(folder)],
        more={"PYTHONHASHSEED": "0"},  # sets in the code keep their order, so that the bytes are the same
    )
    if ran.code:
        raise DeployError(f"The package has modules that Python cannot compile:\n{ran.out}{ran.err}")
