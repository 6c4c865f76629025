"""The layer that brings what reads data files: wheels that fit Lambda, trimmed, tried, packed.

In: requirements-layer.txt. Out: a zip whose folder `python` Lambda puts on the path of the one function that
has the layer. The same requirements give the same bytes; a layer that was made before is taken again, but
only one that was whole and could do its work.
"""

import hashlib
import os
import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.archive import pack
from deploy.bytecode import compile_all
from deploy.contents import problems
from deploy.errors import DeployError
from deploy.layer_pruning import prune_layer
from deploy.running import Runner
from deploy.wheels import fetch, for_python

FOLDER = "python"
"""What Lambda has on the path of it, under /opt (Lambda, "Packaging your layer content")."""

WHERE_LAMBDA_UNPACKS = f"/opt/{FOLDER}"

MOST_ZIPPED = 70_000_000
MOST_UNPACKED = 180_000_000
"""In bytes; what goes through S3 may have any size, but all of a function at most 262 MB unpacked."""

_HERE = Path(__file__).parent
_TRIAL = _HERE / "layer_trial.py"
_MAKERS = ("archive", "bytecode", "layer", "layer_pruning", "layer_trial", "wheels")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer that is ready; sizes are in bytes."""

    zip: Path
    zipped: int
    unpacked: int
    files: int


def build_layer(
    requirements: str, archive: Path, kept: Path, runner: Runner, python: tuple[int, int]
) -> Layer:
    """Write the layer as `archive`; half a minute, unless the folder `kept` has the very one already.

    Raises `DeployError` where it lacks something, cannot read what it should, or has outgrown its bounds.
    """
    asked = for_python(requirements, python)
    whole = kept / f"{_name(asked, python)}.zip"
    if not whole.exists():
        _make(asked, whole, runner, python)
    shutil.copyfile(whole, archive)
    return _checked(archive)


def _make(asked: str, whole: Path, runner: Runner, python: tuple[int, int]) -> None:
    with TemporaryDirectory(prefix="stocktake-layer-") as made:
        root, packed = Path(made, "root"), Path(made, "layer.zip")
        folder = root / FOLDER
        fetch(asked, folder, runner, python)
        if wrong := problems(asked, folder, python, ours=()):
            raise DeployError("\n  ".join(["The layer that pip made will not do:", *wrong]))
        prune_layer(folder)
        try_out(folder, runner)
        compile_all(folder, runner, WHERE_LAMBDA_UNPACKS)
        pack(root, packed)
        whole.parent.mkdir(parents=True, exist_ok=True)
        beside = whole.with_suffix(f".{os.getpid()}")
        shutil.copyfile(packed, beside)
        beside.replace(whole)  # whole or not at all, whoever else makes it


def try_out(folder: Path, runner: Runner) -> None:
    """Read each format with what is in the folder, and nothing else. Raises `DeployError`.

    Only Linux can run it; elsewhere the wheels are trusted to be what their names say.
    """
    if sys.platform != "linux":
        return
    ran = runner([sys.executable, "-I", "-S", "-B", str(_TRIAL), str(folder)])
    if ran.code:
        raise DeployError(f"The layer cannot read what it should:\n{ran.out}{ran.err}")


def _checked(archive: Path) -> Layer:
    with zipfile.ZipFile(archive) as packed:
        sizes = [each.file_size for each in packed.infolist()]
    layer = Layer(archive, archive.stat().st_size, sum(sizes), len(sizes))
    for what, size, most in (
        ("The zip of the layer", layer.zipped, MOST_ZIPPED),
        ("The unpacked layer", layer.unpacked, MOST_UNPACKED),
    ):
        if size > most:
            raise DeployError(f"{what} has {size / 1e6:.1f} MB; {most / 1e6:.0f} MB is the most.")
    return layer


def _name(asked: str, python: tuple[int, int]) -> str:
    """Another name for each layer: by what is asked for, the Python, and how it is made."""
    how = [(_HERE / f"{name}.py").read_bytes() for name in _MAKERS]
    parts = [asked.encode(), repr((python, sys.version_info[:3])).encode(), *how]
    return "layer-" + hashlib.sha256(b"\0".join(parts)).hexdigest()[:20]
