"""Wheels that run on Lambda, by pip: for its glibc and its Python, whatever machine packages."""

import sys
from pathlib import Path

from packaging.requirements import Requirement

from deploy.errors import DeployError
from deploy.running import Runner

_GLIBC_OLDEST = 17
"""manylinux2014 is manylinux_2_17 by its other name (PEP 600)."""


def glibc(python: tuple[int, int]) -> int:
    """The minor version of glibc 2 that Lambda's runtime of this Python has (Lambda, "Lambda runtimes")."""
    return 26 if python < (3, 12) else 34


def platforms(python: tuple[int, int]) -> tuple[str, ...]:
    """The tags of wheels that run there, the newest first."""
    newest = glibc(python)
    tags = (f"manylinux_2_{minor}_x86_64" for minor in range(newest, _GLIBC_OLDEST - 1, -1))
    return (*tags, "manylinux2014_x86_64")


def for_python(requirements: str, python: tuple[int, int]) -> str:
    """The requirements of this Python, one a line, without comments and conditions.

    pip would judge conditions by the Python that runs it.
    """
    lines = (line.split("#")[0].strip() for line in requirements.splitlines())
    asked = [Requirement(line) for line in lines if line]
    environment = {"python_version": "{}.{}".format(*python)}
    found = [each for each in asked if each.marker is None or each.marker.evaluate(environment)]
    return "".join(f"{each.name}{each.specifier}\n" for each in found)


def fetch(requirements: str, folder: Path, runner: Runner, python: tuple[int, int]) -> None:
    """Install exactly these into the folder. Raises `DeployError` with what pip said."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-compile", "--only-binary", ":all:", "--target", str(folder)]
    command += ["--implementation", "cp", "--python-version", "{}.{}".format(*python)]
    command += [word for tag in platforms(python) for word in ("--platform", tag)]
    ran = runner([*command, *requirements.split()])
    if ran.code:
        raise DeployError(f"pip finds no wheels for the layer that run on Lambda:\n{ran.err or ran.out}")
