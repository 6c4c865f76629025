"""The platform stand-in: CoreWeave AI Object Storage on one machine, for tests and demonstrations.

    with StandIn([Key("ops", "secret", "arn:aws:iam::ORG:coreweave/ops")], "ORG") as platform:
        platform.client("ops").create_bucket(Bucket="photos")

It speaks plain S3 on the loopback address: unmodified boto3 and `aws s3api` work against it. It is an
independent judge of the application and shares no code with it. One at a time in a process; not inside moto's
`mock_aws`.
"""

import dataclasses
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from .control import Control
from .court import Court
from .faults import Cut, Fault, Faults
from .gateway import Gateway, Seen
from .options import Options
from .server import Server
from .service import InventoryService
from .signature import Key
from .storage import Storage
from .world import Clock, World

_LOG = logging.getLogger(__name__)
READS = ("Get", "Head", "List")


def _system_clock() -> datetime:
    return datetime.now(UTC)


class StandIn:
    """`options`, `inventory`, `requests` are there to be used and set while it runs.

    `organization` is the id that the principals' ARNs carry. `now` gives the time in UTC; tests drive their
    own. `journal` is a file that outlives the process: a start with the same one finds what was there.
    """

    def __init__(
        self,
        keys: Sequence[Key],
        organization: str,
        *,
        options: Options | None = None,
        now: Clock = _system_clock,
        port: int = 0,
        journal: Path | None = None,
    ) -> None:
        self._given = options or Options()
        self.options = dataclasses.replace(self._given)
        self._keys = {key.access_key_id: key for key in keys}
        self._port = port
        self._world = World(Storage(), now, journal)
        court = Court(self._world, organization, self._current_options)
        self.faults = Faults()
        self.inventory = InventoryService(self._world, court, self._current_options)
        control = Control(self, self._world)
        self._gateway = Gateway(self._world, court, self.faults, control, self._keys, self._current_options)
        self._server: Server | None = None
        self._ticker: threading.Thread | None = None
        self._clients: dict[str, Any] = {}

    def _current_options(self) -> Options:
        return self.options

    # Life

    def start(self) -> "StandIn":
        """Start serving, once only: after `stop`, make a new one. RuntimeError where another one runs."""
        if self._gateway.stopping.is_set():
            raise RuntimeError("a stand-in starts once: make a new one")
        server = Server(self._gateway, self._port)
        try:
            self._world.start()
        except BaseException:
            server.close()
            raise
        server.start()
        self._server = server
        return self

    def stop(self) -> None:
        """End every thread that was started, and forget everything that the journal does not hold."""
        if self._server is None:
            return
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._server.stop()
        if self._ticker is not None:
            self._ticker.join()
        self._world.stop()
        self._server = None

    def __enter__(self) -> "StandIn":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def reset(self) -> None:
        """Empty everything; the options are again those given at the start."""
        for field in dataclasses.fields(Options):
            setattr(self.options, field.name, getattr(self._given, field.name))
        self._world.reset()
        self.inventory.reset()
        self.faults.clear()
        self.requests.clear()

    def start_service(self, interval_seconds: float) -> None:
        """Run what is due every so often, until the stand-in stops."""

        def tick() -> None:
            while not self._gateway.stopping.wait(interval_seconds):
                try:
                    self.inventory.run_due()
                except Exception:  # one bad run does not end the service
                    _LOG.exception("an inventory run failed")

        self._ticker = threading.Thread(target=tick, name="standin-service", daemon=True)
        self._ticker.start()

    # Use

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`. Raises RuntimeError before the start."""
        if self._server is None:
            raise RuntimeError("the stand-in is not running")
        return self._server.url

    def client(self, access_key_id: str) -> Any:
        """A boto3 S3 client with this key: path style, no retries, nothing from the environment."""
        if access_key_id not in self._clients:
            key = self._keys[access_key_id]
            self._clients[access_key_id] = boto3.session.Session().client(
                "s3",
                endpoint_url=self.url,
                region_name="US-EAST-04A",
                aws_access_key_id=key.access_key_id,
                aws_secret_access_key=key.secret_access_key,
                config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, proxies={}),
            )
        return self._clients[access_key_id]

    def fault(
        self,
        operation: str,
        *,
        error: str | int | None = None,
        delay: float | None = None,
        cut: Cut | None = None,
        times: int | None = 1,
        bucket: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Let the next calls of an operation (boto3's name, or `*`) go wrong. See `Fault`."""
        self.faults.add(Fault(operation, error, delay, cut, times, bucket, retry_after))

    def clear_faults(self) -> None:
        self.faults.clear()

    # What there is, for assertions: as written, whether it is seen yet or not

    @property
    def requests(self) -> list[Seen]:
        """The requests answered so far, oldest first. The service's own writes are in `inventory.runs`."""
        return self._gateway.requests

    def writes(self, bucket: str) -> list[Seen]:
        """The requests that changed something in or on this bucket."""
        return [
            seen
            for seen in list(self.requests)
            if seen.bucket == bucket and seen.status < 400 and not seen.operation.startswith(READS)
        ]

    def policy(self, bucket: str) -> str | None:
        """The policy's text as it was put last; None where there is none, or no such bucket."""
        found = self._world.buckets.get(bucket)
        return None if found is None else found.policy.latest

    def configuration(self, bucket: str, id: str) -> dict[str, Any] | None:
        """The inventory configuration that was put last, as boto3 spells it."""
        found = self._world.buckets.get(bucket)
        written = None if found is None else found.configurations.get(id)
        latest = None if written is None else written.latest
        return None if latest is None else latest.document()
