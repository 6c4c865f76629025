"""MiniStack as a process: a local AWS that runs functions, schedules, an API and a database.

It listens on 127.0.0.1 only and checks signature and IAM policy of every call (`AUTH=true`). Functions run in
its own Python and get its own environment, which is next to empty. What it keeps, it keeps in memory.
"""

import os
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from random import sample
from typing import Any

import boto3
from botocore.config import Config

from tests.deploy.leash import hold

REGION = "eu-central-1"
ACCOUNT = "000000000000"
KEYS = {"AWS_ACCESS_KEY_ID": "root", "AWS_SECRET_ACCESS_KEY": "root-secret"}
"""The account's root user, whom no policy binds."""

_PATIENCE = 60.0
_ROOT = Path(__file__).parents[2]


class MiniStack:
    """One MiniStack, from `start` to `stop`. `folder` takes its log and all that it writes."""

    def __init__(self, folder: Path, *, functions_call: str, smtp_port: int) -> None:
        """`functions_call` is where the functions find AWS; mail goes to `smtp_port` on this machine."""
        self._folder = folder
        self._port = free_port()
        self._environment = {
            **KEYS,
            "PATH": os.defpath,
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",  # another port, on all interfaces
            "MINISTACK_REGION": REGION,
            "SMTP_HOST": f"127.0.0.1:{smtp_port}",
            "AWS_ENDPOINT_URL": functions_call,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[str, Any] = {}
        self.url = f"http://127.0.0.1:{self._port}"
        self.log = folder / "ministack.log"

    def start(self) -> None:
        """Returns when it answers. AssertionError with its log where it does not."""
        python = ministack_python()
        with self.log.open("wb") as log:
            self._process = hold([str(python), "-m", "ministack"], self._environment, log)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            hopeless = self._process.poll() is not None or time.monotonic() > deadline
            assert not hopeless, f"MiniStack did not start:\n{self.tail()}"
            time.sleep(0.2)

    def stop(self) -> None:
        """End it and all functions that it runs."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(30)

    def client(self, service: str) -> Any:
        """A client that may do everything, one for each service: to make one takes a second."""
        if service not in self._clients:
            self._clients[service] = boto3.session.Session().client(
                service,
                endpoint_url=self.url,
                region_name=REGION,
                aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
                config=Config(proxies={}, retries={"total_max_attempts": 1}),
            )
        return self._clients[service]

    def tail(self, lines: int = 30) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.url}/_ministack/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def ministack_python() -> Path:
    """The Python that MiniStack is installed in; `MINISTACK_PYTHON` names another than the usual one."""
    usual = _ROOT / ".venv-ministack" / "bin" / "python"
    found = Path(os.environ.get("MINISTACK_PYTHON", usual))
    assert found.exists(), f"MiniStack is not installed: there is no {found}. `make test-deploy` installs it."
    return found


def free_port() -> int:
    """A port of the loopback address that nobody listens on.

    It is one that systems do not give out by themselves, or else somebody else could have it by the time that
    MiniStack listens.
    """
    for port in sample(range(20_000, 30_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("None of 100 ports between 20000 and 30000 is free on 127.0.0.1.")
