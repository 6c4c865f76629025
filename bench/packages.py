"""The packages that are compared: the floor's zip, and folders as Lambda has them.

The floor is packaged by plain `chalice package`, with the very versions of the libraries that Stocktake
pins. Folders are read-only, and all are unpacked in the same way.
"""

import shutil
import sys
from pathlib import Path

from deploy.archive import unpack
from deploy.contents import pins
from deploy.running import Runner, run

FLOOR = Path(__file__).parent / "floor"

_NEEDED = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
"""boto3 and what it requires. Chalice puts its own runtime into the package."""


def build_floor(folder: Path, requirements: Path, runner: Runner = run) -> Path:
    """Package the floor in the folder; gives its zip. RuntimeError with what Chalice said."""
    shutil.copytree(FLOOR, folder, ignore=shutil.ignore_patterns("__init__.py", "__pycache__"))
    pinned = pins(requirements.read_text("utf-8"))
    lines = [f"{name}=={pinned[name]}\n" for name in _NEEDED]
    (folder / "requirements.txt").write_text("".join(lines), "utf-8")
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "out"]
    more = {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = runner(command, folder=folder, more=more)
    made = folder / "out" / "deployment.zip"
    if ran.code or not made.is_file():
        raise RuntimeError(f"chalice package failed for the floor:\n{ran.err or ran.out}")
    return made


def unpacked(archive: Path, folder: Path) -> Path:
    """Unpack a zip into a new folder and take the right to write away."""
    folder.mkdir(parents=True)
    unpack(archive, folder)
    return _read_only(folder)


def without_bytecode(package: Path, folder: Path) -> Path:
    """A copy of an unpacked package that has sources only."""
    shutil.copytree(
        package, folder, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile
    )
    return _read_only(folder)


def size(folder: Path) -> int:
    """The bytes in all files of a folder."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def _read_only(folder: Path) -> Path:
    """As /var/task is. For root it is not enough, so that functions are told to write no bytecode."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder
