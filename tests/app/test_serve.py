"""`make serve` as a process: it starts, answers, ends when told, and says clearly why it cannot start."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.platform import StandIn
from local.serve import main
from tests.app.asking import Api, body, environment
from tests.app.served import PROJECT, Served, until


@pytest.fixture
def variables(platform: StandIn, secrets_file: Path, tmp_path: Path) -> dict[str, str]:
    return {**environment(tmp_path, platform.url), "STOCKTAKE_SWEEP_SECONDS": "1"}


def test_it_answers_and_ends_when_told(variables: dict[str, str], tmp_path: Path) -> None:
    with Served(tmp_path, variables) as served:
        api = Api(served.url())
        assert api.get("/health").status == 200
        assert api.put(body()).status == 201
        assert "channels: storage-team, storage-mail." in served.output()
        served.process.send_signal(signal.SIGTERM)
        assert served.ended() == 0
        assert served.errors() == ""
        for line in served.output().splitlines()[1:]:
            assert json.loads(line)["service"] == "stocktake"


def test_a_mail_channel_without_a_mail_server_is_a_warning(variables: dict[str, str], tmp_path: Path) -> None:
    del variables["STOCKTAKE_MAIL"], variables["STOCKTAKE_MAIL_FROM"]
    with Served(tmp_path, variables) as served:
        api = Api(served.url())
        words = "cannot be used: STOCKTAKE_MAIL and STOCKTAKE_MAIL_FROM are not set"
        assert served.errors() == f"Channels storage-mail {words}.\n"
        assert "channels: storage-team." in served.output()
        refused = api.put(body(notify=["storage-team", "storage-mail"]))
        assert (refused.status, refused.paths) == (422, ["/notify/1"])
        assert words in refused.message("/notify/1")
        assert api.put(body(notify=["storage-team"])).status == 201


def test_its_schedules_find_reports(variables: dict[str, str], platform: StandIn, tmp_path: Path) -> None:
    with Served(tmp_path, variables) as served:
        api = Api(served.url())
        assert api.put(body()).status == 201
        platform.inventory.run("data", "daily")
        until(lambda: api.get().json["freshness"]["status"] == "fresh")


def test_kill_9_loses_nothing(variables: dict[str, str], tmp_path: Path) -> None:
    with Served(tmp_path, variables) as served:
        before = Api(served.url()).put(body(notify=["storage-team"])).json
        served.process.kill()
        assert served.ended() == -signal.SIGKILL
    with Served(tmp_path, variables) as again:
        after = Api(again.url()).get().json
    for name in ("configuration", "notify", "state", "version", "created_at"):
        assert after[name] == before[name]


def test_ctrl_c_ends_it_too(variables: dict[str, str], tmp_path: Path) -> None:
    with Served(tmp_path, variables) as served:
        served.url()
        served.process.send_signal(signal.SIGINT)
        assert served.ended() == 0


def refusal(folder: Path, variables: dict[str, str], *arguments: str) -> str:
    """What it says on standard error when it cannot start."""
    with Served(folder, variables, *arguments) as served:
        assert served.ended() == 2
        assert served.output() == ""
        said = served.errors()
    assert "Traceback" not in said
    return said


def test_bad_settings_are_named_all_at_once(variables: dict[str, str], tmp_path: Path) -> None:
    del variables["STOCKTAKE_ORG_ID"]
    variables |= {"STOCKTAKE_SWEEP_SECONDS": "0", "STOCKTAKE_MAIL": "smtp://me:canary@mail:25"}
    said = refusal(tmp_path, variables)
    assert said.startswith("Stocktake cannot start:\n")
    assert "STOCKTAKE_ORG_ID (your CoreWeave organization id) is not set; it takes" in said
    assert "STOCKTAKE_SWEEP_SECONDS" in said
    assert "STOCKTAKE_MAIL " in said
    assert "canary" not in said


def test_a_missing_secrets_file_is_told_with_what_to_create(
    variables: dict[str, str], secrets_file: Path, tmp_path: Path
) -> None:
    secrets_file.unlink()
    said = refusal(tmp_path, variables)
    assert f"There is no secrets document at {secrets_file}. Create it as JSON:" in said


def test_a_broken_secrets_file_is_told_without_its_contents(
    variables: dict[str, str], secrets_file: Path, tmp_path: Path
) -> None:
    secrets_file.write_text('{"caios": {"access_key_id": "canary"}, "tokens": "canary"}')
    said = refusal(tmp_path, variables)
    assert "/caios/secret_access_key: is missing" in said
    assert "canary" not in said


def test_a_store_that_cannot_be_opened_is_told(variables: dict[str, str], tmp_path: Path) -> None:
    said = refusal(tmp_path, variables | {"STOCKTAKE_STORE": f"sqlite:{tmp_path}"})
    assert str(tmp_path) in said


def test_a_port_in_use_is_told(variables: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(tmp_path, variables, "--port", str(port))
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use. PORT=" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "0.0.0.0"), "'0.0.0.0' is not a loopback address. Tokens travel in clear here"),
        (("--host", "example.com"), "is not a loopback address"),
        (("--host", "::"), "is not a loopback address"),
        (("--port", "70000"), "is not a port from 0 to 65535"),
        (("--port", "-1"), "is not a port from 0 to 65535"),
        (("--tick", "0"), "is not a number of seconds"),
        (("--tick", "nan"), "is not a number of seconds"),
        (("--tick", "soon"), "is not a number of seconds"),
    ],
)
def test_arguments_that_will_not_do_are_told(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:])
print(child.pid, flush=True)
child.wait()
"""


def test_it_ends_with_its_parent(variables: dict[str, str], tmp_path: Path) -> None:
    """The parent is a process that starts it, tells its id, and is killed."""
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            PARENT,
            *(sys.executable, "-m", "local.serve", "--port", "0", "--until-parent-ends"),
        ],
        cwd=PROJECT,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert "answers at" in parent.stdout.readline()
        parent.kill()
        parent.wait()
        until(lambda: not runs(child))


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
        # one that has ended and that nobody has waited for is there still
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc").exists()
