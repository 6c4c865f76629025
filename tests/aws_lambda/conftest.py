"""The package as Lambda has it: unpacked, read-only, with the runtime interface client beside it."""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.function import runtime_folder
from bench.packages import unpacked
from deploy.package import Package
from tests.aws_lambda.running import Functions, World, running_world


@pytest.fixture(scope="session")
def task(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is unpacked."""
    return unpacked(package.zip, tmp_path_factory.mktemp("var") / "task")


@pytest.fixture(scope="session")
def layer(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the layer is unpacked, for the function that has it."""
    return unpacked(package.layer.zip, tmp_path_factory.mktemp("var") / "opt")


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runtime interface client is. It and the package are made for one kind of machine."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("the package is for Linux on x86-64")
    return runtime_folder(tmp_path_factory.mktemp("var") / "runtime")


@pytest.fixture(scope="module")
def world(task: Path, package: Package, runtime: Path, layer: Path) -> Iterator[World]:
    """A world for all tests of a module."""
    with running_world(task, package.template, runtime, layer) as made:
        yield made


@pytest.fixture(scope="module")
def functions(world: World) -> Functions:
    """The functions in that world."""
    return world.functions
