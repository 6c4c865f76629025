"""`make run`: the main job on one machine, as somebody sees it who tries Stocktake for the first time."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.run import usual_folder
from local.story import BUCKET, CONFIGURATION, ID, REPORTS
from local.world import TEAM, Addresses
from tests.e2e.running import Run, ask, free_offset

Up = tuple[Run, Path, int]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A run that told its story and stays up."""
    folder, offset = tmp_path_factory.mktemp("run"), free_offset()
    run = Run(folder, offset)
    try:
        run.until("Ctrl-C ends it.")
        yield run, folder, offset
        assert run.interrupt() == 0
    finally:
        run.close()


def test_the_story_is_told_step_by_step(up: Up) -> None:
    told = "".join(up[0].lines)
    assert re.findall(r"^(\d)\. ", told, re.MULTILINE) == [str(number) for number in range(1, 10)]
    for kind in ("report.landed", "drift.found", "drift.resolved", "drift.repaired"):
        assert re.search(rf"{re.escape(kind)} · [0-9a-f]{{8}}", told)
    assert "By mail to storage@example.com" in told
    assert '"objects": 12' in told  # in the event, before the summary is asked for
    assert "- documents/11.txt: 1011 bytes" in told
    assert "state applied, drift in_sync.\n   Nothing was written." in told


def test_what_the_aws_command_line_sees_is_what_was_applied(up: Up) -> None:
    _, _, offset = up
    policy = json.loads(json.loads(_aws(offset, "get-bucket-policy", "--bucket", REPORTS))["Policy"])
    writing = [each for each in policy["Statement"] if each["Sid"].startswith("StocktakeWrite")]
    assert [each["Resource"] for each in writing] == [[f"arn:aws:s3:::{REPORTS}/inventory/*"]]
    answer = json.loads(_aws(offset, "get-bucket-inventory-configuration", "--bucket", BUCKET, "--id", ID))
    seen = answer["InventoryConfiguration"]
    assert (seen["Id"], seen["Schedule"], seen["IsEnabled"]) == (ID, CONFIGURATION["Schedule"], True)
    assert sorted(seen["OptionalFields"]) == sorted(CONFIGURATION["OptionalFields"])


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_three_commands_it_prints_work(up: Up) -> None:
    told = "".join(up[0].lines)
    commands = re.findall(r"^   (curl (?:.*\\\n)*.*)$", told, re.MULTILINE)
    answers = [json.loads(_shell(each, Path.cwd())) for each in commands]
    assert (len(answers), answers[0]["state"]) == (3, "applied")
    assert 1 <= len(answers[1]["items"]) <= 3
    assert answers[2]["steps"][0]["action"] == "PutBucketInventoryConfiguration"


def test_what_it_says_is_what_the_record_says(up: Up) -> None:
    record = ask(up[1], up[2])
    assert (record["state"], record["drift"]["status"]) == ("applied", "in_sync")
    assert record["freshness"]["status"] == "fresh"


def test_once_ends_with_0_and_a_second_run_begins_anew(tmp_path: Path) -> None:
    offset = free_offset()
    for _ in range(2):
        run = Run(tmp_path, offset, "--once")
        try:
            assert run.status() == 0
        finally:
            run.close()
        assert "Answer 201" in "".join(run.lines)


def test_a_port_in_use_is_said_with_the_way_out(up: Up, tmp_path: Path) -> None:
    second = Run(tmp_path, up[2], "--once")
    try:
        assert second.status() == 2
    finally:
        second.close()
    assert "PORT_OFFSET" in "".join(second.lines)


def test_a_folder_in_use_is_left_alone_and_said_so(up: Up) -> None:
    _, folder, _ = up
    second = Run(folder, free_offset(), "--once")
    try:
        assert second.status() == 2
    finally:
        second.close()
    assert f"Another run is using {folder}." in "".join(second.lines)
    assert (folder / "ended").exists()


def test_a_killed_run_lets_go_of_its_folder_at_once_and_says_how_to_begin_anew(tmp_path: Path) -> None:
    folder, offset = tmp_path / "run", free_offset()
    first = Run(folder, offset)
    try:
        first.until("2. Somebody")
        first.kill_alone()
        with (tmp_path / "run.lock").open() as lock:  # its application may still be ending
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        first.close()
    second = Run(folder, offset)
    try:
        second.until(f"(rm -r {folder} begins anew)")
        assert second.interrupt() == 0
    finally:
        second.close()


@pytest.mark.parametrize(("arguments", "status"), [((), 0), (("--once",), 1)])
@pytest.mark.parametrize("until", ["lock", "application.log"])
def test_ctrl_c_while_it_begins_ends_it_quietly(
    tmp_path: Path, until: str, arguments: tuple[str, ...], status: int
) -> None:
    folder, offset = tmp_path / "run", free_offset()
    awaited = {"lock": tmp_path / "run.lock", "application.log": folder / "application.log"}[until]
    run = Run(folder, offset, *arguments)
    try:
        deadline = time.monotonic() + 30
        while not awaited.exists():
            assert time.monotonic() < deadline
        assert run.interrupt() == status
    finally:
        run.close()
    assert "Traceback" not in "".join(run.lines)
    Addresses(offset).check()


def test_runs_on_other_ports_have_other_folders() -> None:
    asked = [usual_folder(offset) for offset in (0, 100)]
    assert asked == [Path(".local/run"), Path(".local/run-100")]


def _aws(offset: int, *arguments: str) -> str:
    """The AWS command line as it is installed, with the keys of the team that owns the bucket."""
    command = [str(Path(sys.executable).parent / "aws"), "s3api", *arguments, "--output", "json"]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{Addresses(offset).platform}",
        "AWS_ACCESS_KEY_ID": TEAM.access_key_id,
        "AWS_SECRET_ACCESS_KEY": TEAM.secret_access_key,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _shell(script: str, folder: Path) -> str:
    """Run a script as somebody would paste it."""
    environment = {**os.environ, "no_proxy": "127.0.0.1", "AWS_PAGER": ""}
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
