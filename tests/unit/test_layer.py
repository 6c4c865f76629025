"""The layer: which wheels are asked for, what is trimmed, and that nothing half made is kept."""

from pathlib import Path
from typing import Any

import pytest

from deploy.errors import DeployError
from deploy.layer import build_layer
from deploy.layer_pruning import unused
from deploy.package import ROOT, RUNTIMES
from deploy.running import Ran
from deploy.wheels import for_python, glibc, platforms

REQUIREMENTS = """# what reads
one==1.0; python_version < "3.12"
one==2.0; python_version >= "3.12"
two==0.1  # for the rest
"""


@pytest.mark.parametrize(
    ("python", "wanted"),
    [((3, 11), "one==1.0\ntwo==0.1\n"), ((3, 12), "one==2.0\ntwo==0.1\n"), ((3, 14), "one==2.0\ntwo==0.1\n")],
)
def test_what_is_asked_for_depends_on_the_python_that_lambda_runs(
    python: tuple[int, int], wanted: str
) -> None:
    assert for_python(REQUIREMENTS, python) == wanted


@pytest.mark.parametrize("python", RUNTIMES)
def test_each_requirement_of_the_layer_is_pinned_once_for_each_python(python: tuple[int, int]) -> None:
    text = for_python((ROOT / "requirements-layer.txt").read_text("utf-8"), python)
    names = [line.partition("==")[0] for line in text.splitlines()]
    assert names == sorted(set(names))
    assert all("==" in line for line in text.splitlines())


def test_no_wheel_asks_for_a_newer_glibc_than_lambda_has() -> None:
    assert (glibc((3, 11)), glibc((3, 12))) == (26, 34)
    assert platforms((3, 11))[0] == "manylinux_2_26_x86_64"
    assert "manylinux_2_28_x86_64" not in platforms((3, 11))
    assert "manylinux_2_28_x86_64" in platforms((3, 13))
    assert {"manylinux2014_x86_64", "manylinux_2_17_x86_64"} <= set(platforms((3, 11)))


GOES = (
    "pyarrow/libarrow_flight.so.2000",
    "pyarrow/libarrow_python_flight.so",
    "pyarrow/libarrow_python.so",
    "pyarrow/libarrow_python.so.2000.0.0",
    "pyarrow/libarrow_s3.so.2600",
    "pyarrow/_s3fs.cpython-311-x86_64-linux-gnu.so",
    "pyarrow/include/arrow/api.h",
    "pyarrow/tests/test_csv.py",
    "pyarrow/lib.pyx",
    "isal/tests/test_igzip.py",
    "bin/igzip",
)
STAYS = (
    "pyarrow/libarrow.so.2000",
    "pyarrow/libarrow_python.so.2000",
    "pyarrow/libarrow_substrait.so.2000",  # all others are linked to it
    "pyarrow/libarrow_compute.so.2600",
    "pyarrow/_orc.cpython-311-x86_64-linux-gnu.so",
    "pyarrow/_fs.cpython-311-x86_64-linux-gnu.so",
    "pyarrow/orc.py",
    "_duckdb.cpython-311-x86_64-linux-gnu.so",
    "duckdb/__init__.py",
    "isal/isal_zlib.py",
    "duckdb-1.5.6.dist-info/METADATA",
)


def test_what_reading_never_uses_goes_and_all_else_stays() -> None:
    assert [name for name in GOES if not unused(name)] == []
    assert [name for name in STAYS if unused(name)] == []


class Pip:
    """pip and the trial, of which one may fail; a package with one file is what pip installs."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.commands: list[list[str]] = []

    def __call__(self, command: Any, *, folder: Path | None = None, more: Any = None) -> Ran:
        self.commands.append(list(command))
        if self.failing and self.failing in " ".join(command):
            return Ran(1, "", "it is broken")
        if "--target" in command:
            self._install(Path(command[command.index("--target") + 1]))
        return Ran(0)

    def _install(self, folder: Path) -> None:
        about = folder / "two-0.1.dist-info"
        about.mkdir(parents=True)
        (folder / "two.py").write_text("")
        (about / "METADATA").write_text("")
        (about / "RECORD").write_text("two.py,,\ntwo-0.1.dist-info/METADATA,,\n")


def made(folder: Path, pip: Pip, requirements: str = "two==0.1") -> Path:
    return build_layer(requirements, folder / "layer.zip", folder / "kept", pip, (3, 13)).zip


def test_a_layer_is_made_once_and_taken_again(tmp_path: Path) -> None:
    pip = Pip()
    first = made(tmp_path, pip).read_bytes()
    asked = len(pip.commands)
    assert made(tmp_path, pip).read_bytes() == first
    assert len(pip.commands) == asked > 0


def test_another_version_is_another_layer(tmp_path: Path) -> None:
    made(tmp_path, Pip())
    with pytest.raises(DeployError, match=r"two is 0\.1 where requirements.* 0\.2"):
        made(tmp_path, Pip(), "two==0.2")


@pytest.mark.parametrize("failing", ["pip install", "layer_trial", "compileall"])
def test_a_layer_that_could_not_be_made_is_not_taken_the_next_time(tmp_path: Path, failing: str) -> None:
    with pytest.raises(DeployError, match="it is broken"):
        made(tmp_path, Pip(failing))
    assert not list(tmp_path.rglob("*.zip"))
    made(tmp_path, Pip())


def test_a_layer_that_lacks_something_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"three 1\.0 is missing"):
        made(tmp_path, Pip(), "two==0.1\nthree==1.0")
