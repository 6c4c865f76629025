"""The house as it was drawn: arrows between rooms, a pure core, short files, no patched code."""

from pathlib import Path

import pytest

from tests.unit.architecture import ARROWS, files, problems, room_of

ROOT = Path(__file__).parents[2]


def test_the_house_is_as_it_was_drawn() -> None:
    assert problems(ROOT) == []


def test_the_whole_house_is_looked_at() -> None:
    names = {each.relative_to(ROOT).as_posix() for each in files(ROOT)}
    assert {
        "app.py",
        "chalicelib/core/plan.py",
        "chalicelib/wiring.py",
        "tests/unit/architecture.py",
    } <= names
    assert any(each.startswith("local/platform/") for each in names)
    rooms = {room_of(each.removesuffix(".py").replace("/", ".")) for each in names}
    assert rooms - {None, "tests"} <= ARROWS.keys()


def tree(root: Path, files_: dict[str, str]) -> Path:
    """A made-up house."""
    for name, text in files_.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


GOOD = {
    "app.py": "from chalicelib.api import routes\nfrom chalicelib.wiring import services\nimport chalice\n",
    "chalicelib/__init__.py": "",
    "chalicelib/errors.py": "import dataclasses\n",
    "chalicelib/settings.py": "import os\nfrom chalicelib.errors import Misconfigured\n",
    "chalicelib/core/plan.py": "import json\nfrom chalicelib.core import record\nfrom . import policy\n",
    "chalicelib/ports.py": "from chalicelib.core.plan import Plan\n",
    "chalicelib/flows/sweep.py": "from chalicelib import ports\nfrom chalicelib.core import plan\n",
    "chalicelib/adapters/s3.py": "import boto3\nfrom chalicelib.core import plan\nfrom .client import make\n",
    "chalicelib/templates/slack.py": "import jinja2\nfrom chalicelib.core.notice import Notice\n",
    "chalicelib/wiring.py": "def make():\n    from chalicelib.adapters.s3 import S3\n    return S3\n",
    "chalicelib/api/routes.py": "from chalicelib.flows import sweep\nfrom chalicelib.core import plan\n",
    "local/serve.py": "from app import app\nfrom local.platform import StandIn\n",
    "local/platform/__init__.py": "from .judge import allowed\n",
    "local/platform/judge.py": "import time\nimport os\n",
    "local/inbox/__init__.py": "from local.inbox.slack import Slack\n",
    "tests/unit/test_x.py": "import chalicelib.core\ndef test(monkeypatch):\n monkeypatch.setenv('A', '')\n",
    "elsewhere/x.py": "from chalicelib.core import x\n" * 400,
}


def test_a_house_that_is_as_it_was_drawn_has_no_problems(tmp_path: Path) -> None:
    assert problems(tree(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("chalicelib/core/x.py", "from chalicelib.flows.sweep import Sweep"),
        ("chalicelib/core/x.py", "from chalicelib.ports import StateStore"),
        ("chalicelib/core/x.py", "from chalicelib import ports"),
        ("chalicelib/core/x.py", "import chalicelib.adapters.s3"),
        ("chalicelib/core/x.py", "from chalicelib.settings import Settings"),
        ("chalicelib/core/x.py", "from ..adapters import s3"),
        ("chalicelib/core/x.py", "from ..adapters.s3 import S3"),
        ("chalicelib/core/x.py", "def late():\n    from chalicelib.wiring import services"),
        ("chalicelib/errors.py", "from chalicelib.core.plan import Plan"),
        ("chalicelib/log.py", "from chalicelib.core.plan import Plan"),
        ("chalicelib/settings.py", "from chalicelib.wiring import services"),
        ("chalicelib/ports.py", "from chalicelib.adapters.s3 import S3"),
        ("chalicelib/ports.py", "from chalicelib.flows.sweep import Sweep"),
        ("chalicelib/flows/x.py", "from chalicelib.adapters.s3 import S3"),
        ("chalicelib/flows/x.py", "from chalicelib.wiring import services"),
        ("chalicelib/flows/x.py", "from chalicelib.settings import Settings"),
        ("chalicelib/flows/x.py", "from chalicelib.templates.slack import blocks"),
        ("chalicelib/adapters/x.py", "from chalicelib.ports import StateStore"),
        ("chalicelib/adapters/x.py", "from chalicelib.templates.slack import blocks"),
        ("chalicelib/adapters/x.py", "from chalicelib.settings import Settings"),
        ("chalicelib/templates/x.py", "from chalicelib.flows.sweep import Sweep"),
        ("chalicelib/templates/x.py", "from chalicelib.adapters.s3 import S3"),
        ("chalicelib/api/x.py", "from chalicelib.adapters.s3 import S3"),
        ("chalicelib/api/x.py", "from chalicelib.templates.slack import blocks"),
        ("chalicelib/api/x.py", "import app"),
        ("chalicelib/wiring.py", "from chalicelib.api.routes import ROUTES"),
        ("chalicelib/wiring.py", "from local.platform import StandIn"),
        ("chalicelib/core/x.py", "from tests.samples import record"),
        ("chalicelib/novelty/x.py", "from chalicelib.core.plan import Plan"),
        ("app.py", "from chalicelib.adapters.s3 import S3"),
        ("app.py", "import local.serve"),
        ("app.py", "import tests"),
        ("local/platform/x.py", "from chalicelib.core.iam import applies"),
        ("local/platform/x.py", "from local.inbox import Inbox"),
        ("local/platform/x.py", "from local import serve"),
        ("local/inbox/x.py", "from chalicelib.templates.slack import blocks"),
        ("local/inbox/x.py", "from ..platform import judge"),
        ("local/serve.py", "from tests.samples import record"),
    ],
)
def test_an_arrow_that_was_not_drawn_is_found(tmp_path: Path, name: str, line: str) -> None:
    (words,) = problems(tree(tmp_path, {name: f"{line}\n"}))
    assert words.startswith(f"{name} imports ")


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import os.path",
        "from os import environ",
        "import socket",
        "import sqlite3",
        "import boto3",
        "import time",
        "from time import monotonic",
        "import random",
        "import subprocess",
        "from pathlib import Path",
        "from urllib.request import urlopen",
        "from datetime import datetime\nNOW = datetime.now()",
        "import datetime\nNOW = datetime.datetime.now(datetime.UTC)",
        "from datetime import date\nclock = date.today",
        "TEXT = open('x')",
        "print('x')",
    ],
)
def test_a_core_that_looks_around_is_found(tmp_path: Path, line: str) -> None:
    assert len(problems(tree(tmp_path, {"chalicelib/core/x.py": f"{line}\n"}))) == 1
    assert problems(tree(tmp_path, {"chalicelib/core/x.py": "", "local/x.py": f"{line}\n"})) == []


@pytest.mark.parametrize(
    "line",
    [
        "from unittest import mock",
        "from unittest.mock import patch",
        "import unittest.mock",
        "from mock import patch",
        "def test(monkeypatch): monkeypatch.setattr('os.name', 'x')",
        "def test(monkeypatch): monkeypatch.delattr('os.name')",
        "def test(mocker): mocker.patch('os.name')",
    ],
)
def test_code_that_is_patched_is_found(tmp_path: Path, line: str) -> None:
    assert len(problems(tree(tmp_path, {"tests/unit/test_x.py": f"{line}\n"}))) == 1


@pytest.mark.parametrize(
    "name", ["app.py", "chalicelib/core/x.py", "local/platform/x.py", "tests/unit/test_x.py"]
)
def test_a_file_that_is_too_long_is_found(tmp_path: Path, name: str) -> None:
    assert problems(tree(tmp_path, {name: "\n" * 300})) == []
    assert problems(tree(tmp_path, {name: "\n" * 301})) == [f"{name} has 301 lines"]
