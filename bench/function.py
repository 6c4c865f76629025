"""One function as Lambda runs it: a fresh interpreter, `awslambdaric`'s own entry, an unpacked package.

In come a folder with the package, a handler string and environment variables; out come the outcomes of
events, and the log. The interpreter finds its standard library, the package and the runtime interface
client, and nothing else of the environment that runs this: what the package lacks is missing here, too.
Lambda's own Python has a copy of boto3 beside the client; here the package must bring its own.
"""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.runtime_api import Outcome, RuntimeApi

_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
"""The runtime interface client and what it needs."""

SECONDS = 60.0
"""For which an outcome is waited for."""


class Function:
    """A running function. Use it as a context: at its end the process is ended.

    `variables` are added to those that Lambda sets; `options` are for the interpreter; `layer` is the folder
    of an unpacked layer. `log` is what the function wrote, line by line; it is whole once the context is
    left.
    """

    def __init__(
        self,
        package: Path,
        handler: str,
        runtime: Path,
        variables: Mapping[str, str],
        options: Sequence[str] = (),
        layer: Path | None = None,
    ) -> None:
        self.log: list[str] = []
        self.api = RuntimeApi()
        command = [sys.executable, "-S", *options, "-m", "awslambdaric", handler]
        own = environment(package, runtime, handler, self.api.address, layer)
        self.started_at = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=package,
            env={**own, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def invoke(self, event: Any) -> Outcome:
        """Hand it an event and wait for what becomes of it. RuntimeError where nothing does."""
        self.api.send(event)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            ended = self._process.poll() is not None
            try:
                # after its end, what it posted last may still be on its way
                return self.api.outcomes.get(timeout=1.0 if ended else 0.2)
            except queue.Empty:
                if ended:
                    break
        raise RuntimeError("The function gave no outcome:\n" + "".join(self.log[-50:]))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self.api.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            self.log.extend(lines)


def runtime_folder(folder: Path) -> Path:
    """Make a folder that holds the runtime interface client of this environment alone, by links."""
    folder.mkdir()
    for name in _CLIENT:
        for file in files(name) or ():
            top = folder / file.parts[0]
            if not top.exists() and not top.name.endswith((".dist-info", "__pycache__")):
                top.symlink_to(Path(str(file.locate())).parents[len(file.parts) - 1] / file.parts[0])
    return folder


def environment(
    package: Path, runtime: Path, handler: str, address: str = "", layer: Path | None = None
) -> dict[str, str]:
    """The variables that Lambda sets (developer guide, "Defined runtime environment variables").

    A layer is found before what Lambda's own client has, as there. Python writes no bytecode, because on
    Lambda it cannot: /var/task is read-only, for root as well.
    """
    name = f"stocktake-{handler.replace('.', '-')}"
    return {
        "_HANDLER": handler,
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0123456789abcdef",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python{}.{}".format(*sys.version_info[:2]),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_SESSION_TOKEN": "not-a-secret-either",
        "LAMBDA_TASK_ROOT": str(package),
        "LAMBDA_RUNTIME_DIR": str(runtime),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin/:/bin",
        "PYTHONPATH": ":".join(str(each) for each in (layer and layer / "python", runtime) if each),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": ":UTC",
    }
