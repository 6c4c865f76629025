"""`python -m deploy --stage STAGE`: package Stocktake and deploy it, or update what is deployed.

Settings are read from the environment: `STOCKTAKE_ORG_ID` and the others.
"""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

from deploy.aws import find_aws
from deploy.deployment import Order, deploy
from deploy.errors import DeployError
from deploy.package import KEPT_CODE, ROOT, build
from deploy.running import Runner, run
from deploy.stage import name_of


def main(arguments: list[str] | None = None, runner: Runner = run) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--stage", default="", help="which deployment, such as prod")
    parser.add_argument("--bucket", default="", help="where packages are put; one is made otherwise")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".local" / "package", help="where the package is made"
    )
    given = parser.parse_args(arguments)
    try:
        name_of(given.stage)  # before the half minute that packaging takes
        order = Order(given.stage, given.bucket, given.folder, os.environ)
        say = partial(print, flush=True)  # each line when it is true, also into a file
        deploy(order, find_aws(os.environ, runner), lambda folder: build(folder, runner, kept=KEPT_CODE), say)
    except DeployError as exc:
        print(exc, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Not waited for any longer. What AWS has begun goes on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
