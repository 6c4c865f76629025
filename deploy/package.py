"""`python -m deploy.package FOLDER`: the template and the zips that are deployed, checked and made small.

In: the project. Out: `sam.json`, `deployment.zip` and `layer.zip` in the folder. Chalice makes the first two;
then the zip is checked against requirements.txt, what is never used is taken out, bytecode is put in, and it
is packed so that the same source gives the same bytes. The layer is for the one function that reads data
files. All is made for the Python that runs this.
"""

import argparse
import shutil
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.archive import pack, unpack
from deploy.bytecode import compile_all
from deploy.chalice_package import TEMPLATE, ZIP, chalice_package
from deploy.contents import problems
from deploy.errors import DeployError
from deploy.kept import made_or_taken
from deploy.layer import MOST_UNPACKED as MOST_OF_THE_LAYER
from deploy.layer import Layer, build_layer
from deploy.pruning import prune
from deploy.running import Runner, run

ROOT = Path(__file__).parents[1]

LAYER = "layer.zip"
"""As the template names it."""

KEPT_LAYERS = ROOT / ".local" / "layers"

KEPT_CODE = ROOT / ".local" / "code"

RUNTIMES = ((3, 11), (3, 12), (3, 13), (3, 14))
"""The Pythons that Lambda has and Stocktake runs on (AWS Lambda, "Lambda runtimes")."""

MOST_ZIPPED = 25_000_000
MOST_UNPACKED = 60_000_000
"""In bytes. Lambda takes 50 MB and 250 MB; what is loaded at each cold start should be far below."""

MOST_WITH_LAYER = 262_144_000
"""In bytes: what Lambda takes of a function with all its layers, unpacked (Lambda, "Lambda quotas")."""


@dataclass(frozen=True, slots=True)
class Package:
    """What is deployed. `python` is the version it was made for; sizes are in bytes, without the layer."""

    template: Path
    zip: Path
    python: tuple[int, int]
    zipped: int
    unpacked: int
    files: int
    layer: Layer


def build(
    folder: Path,
    runner: Runner = run,
    python: tuple[int, int] = sys.version_info[:2],
    kept: Path | None = None,
) -> Package:
    """Make the package in the folder, over one that may be there; takes half a minute, or a whole one where
    the layer is not made yet, and seconds where `kept` has code of the very same source.

    `python` is the version that runs this. Raises `DeployError`, and leaves the folder as it was where the
    package would not do.
    """
    if python not in RUNTIMES:
        known = ", ".join(f"{major}.{minor}" for major, minor in RUNTIMES)
        raise DeployError(f"Lambda has no Python {python[0]}.{python[1]}. Package with one of {known}.")
    with TemporaryDirectory(prefix="stocktake-package-") as made:
        raw = Path(made, "raw")
        raw.mkdir()
        if kept is None:
            _make_code(raw, runner, python)
        else:
            made_or_taken(raw, kept, ROOT, lambda folder: _make_code(folder, runner, python))
        layer = build_layer(_layer_requirements(), raw / LAYER, KEPT_LAYERS, runner, python)
        sizes = _sizes(raw / ZIP)
        zipped = (raw / ZIP).stat().st_size
        package = Package(
            *(folder / TEMPLATE, folder / ZIP, python, zipped, sum(sizes), len(sizes)),
            replace(layer, zip=folder / LAYER),
        )
        check_size(package)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (TEMPLATE, ZIP, LAYER):
            shutil.copyfile(raw / name, folder / name)
    return package


def _make_code(folder: Path, runner: Runner, python: tuple[int, int]) -> None:
    """The template and the zip, in the folder. Raises `DeployError`."""
    with TemporaryDirectory(prefix="stocktake-package-") as made:
        unpacked = Path(made)
        chalice_package(ROOT, folder, runner)
        unpack(folder / ZIP, unpacked)
        if wrong := problems((ROOT / "requirements.txt").read_text("utf-8"), unpacked, python):
            raise DeployError(_incomplete(wrong, python))
        prune(unpacked)
        compile_all(unpacked, runner)
        pack(unpacked, folder / ZIP)


def _sizes(archive: Path) -> list[int]:
    with zipfile.ZipFile(archive) as packed:
        return [each.file_size for each in packed.infolist()]


def _layer_requirements() -> str:
    return (ROOT / "requirements-layer.txt").read_text("utf-8")


def check_size(package: Package) -> None:
    """Raises `DeployError` where the package has outgrown its bounds."""
    for what, size, most in (
        ("The zip", package.zipped, MOST_ZIPPED),
        ("The unpacked package", package.unpacked, MOST_UNPACKED),
        ("The unpacked package with its layer", package.unpacked + package.layer.unpacked, MOST_WITH_LAYER),
    ):
        if size > most:
            raise DeployError(f"{what} has {size / 1e6:.1f} MB; {most / 1e6:.0f} MB is the most.")


def table(package: Package) -> str:
    """The package in a few lines, for people."""
    return "\n".join(
        (
            f"template   {package.template}",
            f"code       {package.zip}",
            f"runtime    python{package.python[0]}.{package.python[1]}",
            f"zip        {package.zipped / 1e6:5.1f} MB of {MOST_ZIPPED / 1e6:.0f}",
            f"unpacked   {package.unpacked / 1e6:5.1f} MB of {MOST_UNPACKED / 1e6:.0f}",
            f"files      {package.files:5}",
            f"layer      {package.layer.zip}, for read_files alone",
            f"zip        {package.layer.zipped / 1e6:5.1f} MB",
            f"unpacked   {package.layer.unpacked / 1e6:5.1f} MB of {MOST_OF_THE_LAYER / 1e6:.0f}",
        )
    )


def _incomplete(wrong: list[str], python: tuple[int, int]) -> str:
    lines = "\n".join(f"  {each}" for each in wrong)
    hint = f"There may be no wheel for Lambda's Python {python[0]}.{python[1]}; 3.13 has most of them."
    return f"The package that Chalice made will not do:\n{lines}\n{hint}"


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.package", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("folder", type=Path, help="where the template and the zip are written")
    try:
        print(table(build(parser.parse_args(arguments).folder, kept=KEPT_CODE)))
    except DeployError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
