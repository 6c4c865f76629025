"""Chalice's own packaging: from the source to a template and a zip of code and dependencies.

It runs on a copy of what belongs into the package, in a folder of its own. In the project's folder Chalice
keeps finished zips in `.chalice/deployments` and takes them again, also one that lacks a dependency
because of a network fault; and it packs the bytecode that lies about.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.errors import DeployError
from deploy.running import Runner

TEMPLATE = "sam.json"
ZIP = "deployment.zip"

SOURCES = ("app.py", "chalicelib", "requirements.txt", ".chalice")
"""What belongs into the package, or says how it is made."""

_LEFT_OUT = ("__pycache__", "*.pyc", "deployments", "deployed")
_ANY_REGION = "us-east-1"


def chalice_package(root: Path, folder: Path, runner: Runner) -> None:
    """Write `sam.json` and `deployment.zip` into the folder. Raises `DeployError` with what Chalice said."""
    with TemporaryDirectory(prefix="stocktake-package-") as made:
        copy = Path(made)
        for name in SOURCES:
            if (root / name).is_dir():
                shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns(*_LEFT_OUT))
            else:
                shutil.copy(root / name, copy / name)
        out = copy / "out"
        command = [sys.executable, "-c", "from chalice.cli import main; main()", "package"]
        ran = runner(
            [*command, "--merge-template", ".chalice/resources.json", str(out)],
            folder=copy,
            more={"AWS_DEFAULT_REGION": region(), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        if ran.code or not all((out / name).is_file() for name in (TEMPLATE, ZIP)):
            raise DeployError(f"chalice package failed:\n{ran.err or ran.out}")
        folder.mkdir(parents=True, exist_ok=True)
        for name in (TEMPLATE, ZIP):
            shutil.copyfile(out / name, folder / name)


def copied(source: Path) -> Iterator[Path]:
    """The files of one of the `SOURCES` that are copied, in order."""
    if source.is_file():
        yield source
        return
    for each in sorted(source.iterdir()):
        if not any(each.match(pattern) for pattern in _LEFT_OUT):
            yield from copied(each)


def region() -> str:
    """Chalice asks for a region only to look up names that are the same in all public ones."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _ANY_REGION
