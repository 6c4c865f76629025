"""Chalice's own packaging: from the source to a template and a zip of code and dependencies.

It runs on a copy of what belongs into the package, in a folder of its own. In the project's folder Chalice
keeps finished zips in `.chalice/deployments` and takes them again, also one that lacks a dependency
because of a network fault; and it packs the bytecode that lies about.
"""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.errors import DeployError
from deploy.running import Runner

TEMPLATE = "sam.json"
ZIP = "deployment.zip"

_SOURCES = ("app.py", "chalicelib", "requirements.txt", ".chalice")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", "deployments", "deployed")
_ANY_REGION = "us-east-1"


def chalice_package(root: Path, folder: Path, runner: Runner) -> None:
    """Write `sam.json` and `deployment.zip` into the folder. Raises `DeployError` with what Chalice said."""
    with TemporaryDirectory(prefix="stocktake-package-") as made:
        copy = Path(made)
        for name in _SOURCES:
            if (root / name).is_dir():
                shutil.copytree(root / name, copy / name, ignore=_NOT_COPIED)
            else:
                shutil.copy(root / name, copy / name)
        out = copy / "out"
        command = [sys.executable, "-c", "from chalice.cli import main; main()", "package"]
        ran = runner(
            [*command, "--merge-template", ".chalice/resources.json", str(out)],
            folder=copy,
            more={"AWS_DEFAULT_REGION": _region(), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        if ran.code or not all((out / name).is_file() for name in (TEMPLATE, ZIP)):
            raise DeployError(f"chalice package failed:\n{ran.err or ran.out}")
        folder.mkdir(parents=True, exist_ok=True)
        for name in (TEMPLATE, ZIP):
            shutil.copyfile(out / name, folder / name)


def _region() -> str:
    """Chalice asks for a region only to look up names that are the same in all public ones."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _ANY_REGION
