"""The commands of the documents, run as they stand: while `make run` is up, and to serve an account.

Changed is only what somebody has to choose: ports, folders, and what stands for ids, keys and addresses.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from local.platform import Key, StandIn
from local.world import ANALYST, APPLICATION, ORGANIZATION, TEAM, ZONE, Addresses
from tests.documents import ROOT, Block, blocks, pages
from tests.e2e.running import free_offset

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

_MAKE = f'make() {{ command make --no-print-directory -o .venv/.installed PYTHON={sys.executable} "$@"; }}\n'
_PATIENCE = 60.0
_ADDRESS = re.compile(r"<(http://127\.0\.0\.1:[0-9]+/[^>]*)>")
_KNOWN = "variables"
"""The file in which a page's variables are kept from block to block: a page is one terminal."""


@dataclass(frozen=True)
class Up:
    """A `make run` that stays up: its ports, and a folder in which commands find its files and `.venv`."""

    addresses: Addresses
    folder: Path


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """What the block of the README that begins a run makes, on other ports."""
    offset, folder = free_offset(), tmp_path_factory.mktemp("reader")
    kept = ROOT / ".local" / f"run-{offset}"
    (begin, *_) = blocks("make")
    with _Running(begin.text, ROOT, {"PORT_OFFSET": str(offset)}) as run:
        run.until("Ctrl-C ends it.")
        (folder / ".local").mkdir()
        (folder / ".local" / "run").symlink_to(kept)
        (folder / ".venv").mkdir()
        (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
        yield Up(Addresses(offset), folder)
    shutil.rmtree(kept, ignore_errors=True)
    kept.with_name(f"{kept.name}.lock").unlink(missing_ok=True)


def test_every_page_that_begins_a_run_does_so_with_the_same_words() -> None:
    assert {each.text for each in blocks("make")} == {"make run\n"}


def test_the_commands_for_a_run_that_is_up_work_in_their_order(up: Up) -> None:
    for page, found in groupby(blocks("up"), lambda each: each.page):
        (up.folder / _KNOWN).write_text("")
        for block in found:
            out = _until(block, up)
            assert "urn:stocktake:problem" not in out, (page, block.text, out)


def test_each_address_for_a_browser_shows_something(up: Up) -> None:
    addresses = {each for page in pages() for each in _ADDRESS.findall(page.read_text("utf-8"))}
    token = (up.folder / ".local" / "run" / "token").read_text().strip()
    login = base64.b64encode(f"anybody:{token}".encode()).decode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert len(addresses) == 3
    for each in addresses:
        request = urllib.request.Request(_on_our_ports(each, up), headers={"Authorization": f"Basic {login}"})
        with opener.open(request, timeout=30) as answer:
            assert answer.headers["Content-Type"].startswith("text/html"), each


def test_the_commands_to_serve_an_account_work(tmp_path: Path) -> None:
    """The page on one machine: secrets, settings and start, the first request."""
    secrets, start, ask = (each.text for each in blocks("serve"))
    with StandIn([APPLICATION, TEAM, ANALYST], ORGANIZATION) as platform:
        _make_buckets(platform, TEAM, "production-data", "inventory-reports")
        document = secrets.replace(
            '"access_key_id": "…", "secret_access_key": "…"',
            f'"access_key_id": "{APPLICATION.access_key_id}",'
            f' "secret_access_key": "{APPLICATION.secret_access_key}"',
        )
        said = _shell(document.replace("services/…", "services/T0/B0/x"), tmp_path)
        (token,) = re.findall(r"your token, kept nowhere else: (\S+)", said)
        assert token not in (tmp_path / ".local" / "secrets.json").read_text()
        port = Addresses(free_offset()).application
        settings = {
            "PORT": str(port),
            "TICK": "1",
            "STOCKTAKE_ENDPOINT_URL": platform.url,
            "STOCKTAKE_ADDRESSING": "path",
            **{
                f"STOCKTAKE_{name}": f"{kind}:{tmp_path / '.local' / file}"
                for name, kind, file in (
                    ("STORE", "sqlite", "stocktake.db"),
                    ("TASKS", "sqlite", "tasks.db"),
                    ("SECRETS", "file", "secrets.json"),
                )
            },
        }
        with _Running(start.replace("your-org-id", ORGANIZATION), ROOT, settings) as run:
            run.until("Stocktake answers at")
            answer = json.loads(_shell(f"TOKEN={token}\n" + ask.replace(":8000", f":{port}"), tmp_path))
    assert [each["action"] for each in answer["steps"]] == [
        "PutBucketPolicy",
        "PutBucketInventoryConfiguration",
    ]


def _until(block: Block, up: Up) -> str:
    """What a block says; run again until that has what it is to have. Its variables are kept for the next."""
    names = set(re.findall(r"^([A-Z]+)=", block.text, re.MULTILINE))
    keep = "".join(f"declare -p {name} >> {_KNOWN}\n" for name in sorted(names))
    script = _on_our_ports(f"set -euo pipefail\nsource {_KNOWN}\n{block.text}{keep}", up)
    deadline = time.monotonic() + _PATIENCE
    while True:
        out = _shell(script, up.folder)
        if block.until in out:
            return out
        assert time.monotonic() < deadline, (block.page, block.text, out)
        time.sleep(0.3)


def _on_our_ports(text: str, up: Up) -> str:
    ports = {8000: up.addresses.application, 9000: up.addresses.platform, 8025: up.addresses.inbox}
    for usual, port in ports.items():
        text = text.replace(f":{usual}", f":{port}")
    return text


def _make_buckets(platform: StandIn, whose: Key, *names: str) -> None:
    for name in names:
        platform.client(whose.access_key_id).create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": ZONE}
        )


def _environment(more: dict[str, str]) -> dict[str, str]:
    """That of a terminal: without what `make test` hands down, and without any proxy for this machine."""
    handed = ("MAKE", "MFLAGS", "STOCKTAKE_", "AWS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(handed)}
    return {**kept, "no_proxy": "127.0.0.1", "AWS_PAGER": "", **more}


def _shell(script: str, folder: Path) -> str:
    """Run a script as somebody would paste it."""
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=_environment({}), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (script, done.stdout, done.stderr)
    return done.stdout


class _Running:
    """A block that goes on until it is ended; a context manager that ends it as Ctrl-C does."""

    def __init__(self, text: str, folder: Path, more: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["bash", "-c", _MAKE + text],
            cwd=folder,
            env=_environment({"PYTHONUNBUFFERED": "1", **more}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> "_Running":
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.communicate(timeout=_PATIENCE)

    def until(self, text: str) -> None:
        """Wait for a line with this text; fails with all lines where it ends before."""
        assert self._process.stdout is not None
        lines: list[str] = []
        for line in self._process.stdout:
            lines.append(line)
            if text in line:
                return
        raise AssertionError("".join(lines))
