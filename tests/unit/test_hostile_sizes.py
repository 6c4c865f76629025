"""Manifests made to fill the memory: each is refused or judged, and takes no more than a function has."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.flows.look import look
from tests.fake_objects import FakeObjects, Run
from tests.fakes import FakeClock, FakeTurn
from tests.proofs import count
from tests.samples import NOON, record
from tests.unit.peak import CASES

PROJECT = Path(__file__).parent.parent.parent
CEILING = 700 * 1024 * 1024
"""Bytes. The function that sweeps has 1,024 MB, and needs 150 before it reads anything."""


@pytest.mark.parametrize("case", CASES)
def test_a_manifest_that_is_made_to_fill_the_memory_does_not(case: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.unit.peak", case],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    )

    count("hostile manifests looked at")
    found = json.loads(said.stdout)
    assert found["grown"] < CEILING
    assert (found["outcome"], bool(found["problems"])) in (("corrupt", True), ("complete", False))
    assert sum(map(len, found["problems"])) < 20_000


def test_runs_that_name_many_files_each_are_read_a_few_at_a_time() -> None:
    clock = FakeClock()
    objects = FakeObjects(clock)
    files = [{"key": f"inventory/data/daily/data/{each}"} for each in range(40_000)]
    for hour in range(6):
        Run(NOON - timedelta(hours=hour), manifest={"files": files}).write_manifest(objects)

    found = look(objects, record(), FakeTurn(clock))

    count("hostile manifests looked at", 6)
    assert (len(found.runs), found.complete, found.whole) == (3, False, False)
