"""`python -m tests.warm_aws_server`: the AWS CLI, loaded once; each command runs in a fork of this process.

It prints a folder with a small `aws` in it, which hands over its words, its environment and its streams, and
ends with the status that comes back. A command has nothing of one before it. The process ends, and its folder
goes, when its standard input ends.
"""

import json
import os
import socket
import sys
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryDirectory
from typing import Any

from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]

_COMMAND = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({path!r})
    asked = {{"words": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}}
    text = json.dumps(asked).encode() + b"\\n"
    sent = socket.send_fds(server, [text], [0, 1, 2])
    server.sendall(text[sent:])
    sys.exit(int(server.recv(10)))
"""
_MOST = 1 << 20


def main() -> None:
    """Serve until nobody needs it any more."""
    driver = create_clidriver()
    driver.session.get_service_model("s3")  # read here, and not by each command
    with (
        TemporaryDirectory(prefix="stocktake-aws-") as folder,
        socket.socket(socket.AF_UNIX) as listener,
        DefaultSelector() as waiting,
    ):
        listener.bind(f"{folder}/socket")
        listener.listen()
        command = Path(folder, "aws")
        command.write_text(_COMMAND.format(python=sys.executable, path=f"{folder}/socket"))
        command.chmod(0o700)
        print(folder, flush=True)
        waiting.register(listener, EVENT_READ)
        waiting.register(sys.stdin, EVENT_READ)
        while sys.stdin not in {key.fileobj for key, _ in waiting.select()}:
            connection, _ = listener.accept()
            with connection:
                _serve(connection, driver)


def _serve(connection: socket.socket, driver: Any) -> None:
    text, streams, _, _ = socket.recv_fds(connection, _MOST, 3)
    while not text.endswith(b"\n"):
        text += connection.recv(_MOST)
    child = os.fork()
    if child == 0:
        os._exit(_command(json.loads(text), streams, driver))
    for each in streams:
        os.close(each)
    _, status = os.waitpid(child, 0)
    connection.sendall(b"%d" % os.waitstatus_to_exitcode(status))


def _command(asked: dict[str, Any], streams: list[int], driver: Any) -> int:
    """One command, in the process that was made for it. Returns its exit status."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = ["aws", *asked["words"]]
    try:
        return int(driver.main(asked["words"]))
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
