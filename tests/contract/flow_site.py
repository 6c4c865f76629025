"""The flows with the real S3 adapter and a real store, against the platform stand-in, by one clock."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.s3_buckets import S3Buckets
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.s3_objects import S3Objects
from chalicelib.core.access import Credentials
from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Inventory
from chalicelib.core.notice import Kind, Notice
from chalicelib.core.record import Record
from chalicelib.flows.adopt import Adopt
from chalicelib.flows.configure import Configure, Outcome
from chalicelib.flows.many import Many
from chalicelib.flows.reconcile import Reconcile
from chalicelib.flows.restore import Restore
from chalicelib.flows.survey import Survey
from chalicelib.flows.sweep import Sweep
from chalicelib.ports import BucketSetup, StateStore
from local.platform import StandIn
from tests.contract.standin_world import ANN, OPS, ORGANIZATION
from tests.fakes import FakeClock, FakeTurn
from tests.flow_world import LONG
from tests.samples import configuration, inventory

DEPLOYMENT = Deployment(ORGANIZATION, OPS.principal)
OBJECTS = {"documents/a.txt": b"hello", "documents/b.txt": b"world!"}


class Site:
    """The buckets `data` (with two objects) and `reports`, both without a policy; OPS is the application."""

    def __init__(self, platform: StandIn, clock: FakeClock, store: StateStore) -> None:
        self.platform = platform
        self.clock = clock
        self.store = store
        self.ann: Any = platform.client(ANN.access_key_id)
        connection = _connection(platform.url)
        self.buckets = S3Buckets(connection)
        self.configure = self.configure_with(self.buckets)
        self.objects = S3Objects(connection)
        self.sweeper = Sweep(self.objects, self.buckets, self.store, DEPLOYMENT, Times())
        self.reconciler = Reconcile(self.buckets, self.store, self.configure, DEPLOYMENT, Times())
        self.adopt = Adopt(self.buckets, self.store, DEPLOYMENT, Times())
        self.many = Many(self.buckets, self.store, self.adopt, self.configure, DEPLOYMENT)
        self.survey = Survey(self.buckets, self.store)
        self.restorer = Restore(self.buckets, self.store, self.configure, DEPLOYMENT, Times())
        for bucket in ("data", "reports"):
            self.ann.create_bucket(Bucket=bucket)
        for key, body in OBJECTS.items():
            self.ann.put_object(Bucket="data", Key=key, Body=body)

    def configure_with(self, buckets: BucketSetup) -> Configure:
        """The flow with another adapter."""
        return Configure(buckets, self.store, DEPLOYMENT, Times())

    def turn(self, seconds: float = 20) -> FakeTurn:
        return FakeTurn(self.clock, seconds)

    def put(self, wanted: Inventory | None = None) -> Outcome:
        return self.configure.put(wanted or inventory(), self.turn())

    def restore(self, number: int, *, overwrite: bool = False, dry_run: bool = False) -> Outcome:
        return self.restorer.restore(
            "data", "daily", number, self.turn(), overwrite=overwrite, dry_run=dry_run
        )

    def record(self, id: str = "daily") -> Record:
        """The record, which has to be there."""
        found = self.store.get("data", id)
        assert found is not None
        return found

    def go_on(self, *, ticks: int = 20) -> None:
        """Let the schedule go on, a minute a tick, until nothing is pending."""
        for _ in range(ticks):
            self.clock.move(60)
            self.reconciler.tick(self.turn(50))
            if not self.store.records(state="pending").items:
                return

    def sweep(self) -> None:
        self.sweeper.check(self.record(), self.turn())

    def policies(self) -> tuple[str | None, str | None]:
        """The policies of source and destination, as they were written last."""
        return self.platform.policy("data"), self.platform.policy("reports")

    def writes(self) -> int:
        """How many requests changed anything on the two buckets."""
        return len(self.platform.writes("data")) + len(self.platform.writes("reports"))

    def told(self) -> list[Kind]:
        """The kinds of all notices, the oldest first."""
        return [each.kind for each in self.notices()]

    def notices(self) -> Sequence[Notice]:
        far = self.clock.now + LONG
        return self.store.claim(far, self.clock.now - LONG, "a test", 10_000)

    def ann_works(self, *buckets: str) -> bool:
        """Whether Ann can do there what everybody of the organization can do without a policy."""
        return all(
            can(self.ann.list_objects_v2, Bucket=bucket)
            and can(self.ann.put_object, Bucket=bucket, Key="ann/notes.txt", Body=b"x")
            and can(self.ann.get_object, Bucket=bucket, Key="ann/notes.txt")
            and can(self.ann.delete_object, Bucket=bucket, Key="ann/notes.txt")
            for bucket in buckets
        )

    def run(self) -> str:
        """What becomes of a report that the service writes now."""
        return self.platform.inventory.run("data", "daily").outcome

    def in_effect(self) -> bool:
        """Whether the service can write, and the platform has the configuration that was asked for."""
        there = self.platform.configuration("data", "daily")
        return there == inventory().configuration.s3_document() and self.run() == "written"


@cache
def _connection(url: str) -> S3Connection:
    """The application's connection; making its client takes longer than most tests."""
    credentials = Credentials(OPS.access_key_id, OPS.secret_access_key)
    return S3Connection(url, "path", lambda fresh: credentials)


def to(destination: str, **changes: Any) -> Inventory:
    """The usual inventory with another destination."""
    return replace(inventory(), configuration=configuration(destination=destination), **changes)


def can(call: Any, **arguments: Any) -> bool:
    """Whether the platform allows a call."""
    try:
        call(**arguments)
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True
