"""The package as it is deployed: its template, and its code unpacked."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.archive import unpack
from deploy.package import Package

Template = dict[str, Any]


@pytest.fixture(scope="session")
def template(package: Package) -> Template:
    """The one template, as Chalice merged it."""
    found: Template = json.loads(package.template.read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def resources(template: Template) -> Template:
    """The resources of the template, by logical name."""
    found: Template = template["Resources"]
    return found


@pytest.fixture(scope="session")
def code(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Lambda would make of the zip."""
    folder = tmp_path_factory.mktemp("code")
    unpack(package.zip, folder)
    return folder
