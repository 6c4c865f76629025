"""Tracing, as the X-Ray daemon beside a Lambda function hears of it."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent
TRACE = "1-5759e988-bd862e3fe1be46a994272793"
CODE = """
from chalicelib.tracing import traced
with traced("sweep", "tick-1"):
    pass
try:
    with traced("PUT /x", "request-1"):
        raise KeyError("a bug")
except KeyError:
    print("it comes through")
"""


def run(**variables: str) -> str:
    """What the code prints in an interpreter of its own; it must end well."""
    ran = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=PROJECT,
        env={"PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_a_turn_is_a_subsegment_with_its_id_and_a_bug_is_its_fault(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(10)
        printed = run(
            LAMBDA_TASK_ROOT=str(tmp_path),
            AWS_LAMBDA_FUNCTION_NAME="sweep",
            _X_AMZN_TRACE_ID=f"Root={TRACE};Parent=53995c3f42cd8ad8;Sampled=1",
            AWS_XRAY_DAEMON_ADDRESS=f"127.0.0.1:{daemon.getsockname()[1]}",
        )
        told = [document(daemon.recv(65536)) for _ in range(2)]
    assert printed == "it comes through\n"
    assert [(each["name"], each["annotations"]["correlation_id"]) for each in told] == [
        ("sweep", "tick-1"),
        ("PUT /x", "request-1"),
    ]
    assert {each["trace_id"] for each in told} == {TRACE}
    assert [each.get("fault", False) for each in told] == [False, True]


def test_outside_lambda_it_does_nothing() -> None:
    assert run() == "it comes through\n"


def document(datagram: bytes) -> dict[str, Any]:
    """What a datagram tells: a header line, then the segment (AWS, "Sending segment documents")."""
    _, _, text = datagram.partition(b"\n")
    found: dict[str, Any] = json.loads(text)
    return found
