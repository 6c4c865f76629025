"""`make serve`: the application and its schedules on one machine, against the settings of the environment.

The way to use Stocktake on a real account without AWS. The state is in one SQLite file, so a restart, or
a `kill -9`, loses nothing.
"""

import argparse
import ipaddress
import os
import signal
import sys
import threading
from typing import Any

from chalicelib.errors import StocktakeError
from chalicelib.wiring import services
from local.http_gateway import HttpGateway
from local.schedules import Schedules
from local.workers import Workers


class _CannotStart(Exception):
    """Something is not set up rightly; the message says what."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. The exit status is 2 where something is not set up rightly."""
    parent = os.getppid()  # first of all, lest it end unnoticed
    asked = _parse(arguments)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        channels = _checked()
        import app  # noqa: PLC0415 - what is imported may log, so only once the settings are known to do

        gateway = _listening(app.app, asked.host, asked.port)
        _link_to(gateway.url)
    except _CannotStart as exc:
        print(exc, file=sys.stderr)
        return 2
    handlers = {
        "sweep": app.sweep,
        "deliver": app.deliver,
        "reconcile": app.reconcile,
        "summarise": app.summarise,
    }
    workers = Workers(_wanted(asked.workers))
    schedules = Schedules(handlers, asked.tick)
    serving = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    serving.start()
    schedules.start()
    workers.start()
    print(
        f"Stocktake answers at {gateway.url}; a tick every {asked.tick:g} s; channels: {channels}.",
        flush=True,
    )
    while not stopping.wait(0.5):
        if asked.until_parent_ends and os.getppid() != parent:
            break
    gateway.shutdown()
    gateway.server_close()
    schedules.stop()
    workers.stop()
    return 0


def _checked() -> str:
    """Read settings, secrets and store once, so that what is wrong is told now; the usable channels."""
    try:
        made = services()
        channels, unusable = made.channels.names(), made.channels.unusable()
        made.store.records(limit=1)
    except StocktakeError as exc:
        raise _CannotStart(f"Stocktake cannot start:\n{exc}") from exc
    for why in dict.fromkeys(unusable.values()):
        names = ", ".join(name for name, reason in unusable.items() if reason == why)
        print(f"Channels {names} cannot be used: {why}.", file=sys.stderr)
    return ", ".join(channels) or "none"


def _link_to(url: str) -> None:
    """Notices lead to the pages here, unless the environment says where people reach them."""
    if not os.environ.get("STOCKTAKE_URL", "").strip():
        os.environ["STOCKTAKE_URL"] = url
        services.cache_clear()


def _wanted(workers: int) -> int:
    """How many workers to start: none where reports are not summed up, or on a queue that others work at."""
    tasks = services().settings.tasks
    return workers if tasks is not None and tasks.kind == "sqlite" else 0


def _listening(app: Any, host: str, port: int) -> HttpGateway:
    try:
        return HttpGateway(app, host, port)
    except OSError as exc:
        words = f"Stocktake cannot listen on {host}:{port}: {exc.strerror}. PORT=… takes another."
        raise _CannotStart(words) from exc


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="serve", description=__doc__)
    parser.add_argument("--host", type=_loopback, default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000)
    parser.add_argument("--tick", type=_seconds, default=60.0, help="seconds between two ticks")
    parser.add_argument(
        "--workers", type=int, choices=range(9), default=1, help="processes that read the files of reports"
    )
    parser.add_argument("--until-parent-ends", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _loopback(text: str) -> str:
    host = "127.0.0.1" if text == "localhost" else text
    try:
        good = ipaddress.ip_address(host).is_loopback
    except ValueError:
        good = False
    if not good:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a loopback address. Tokens travel in clear here: put a proxy with TLS in front."
        )
    return host


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0, up to 86400")
    return value


if __name__ == "__main__":
    sys.exit(main())
