"""The flows on fakes, with one clock for all of them and a real store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from chalicelib.adapters.task_text import task_in
from chalicelib.core.freshness import Times
from chalicelib.core.grants import Deployment
from chalicelib.core.inventory import Inventory
from chalicelib.core.notice import Kind, Notice
from chalicelib.core.prices import parse_prices
from chalicelib.core.record import Record
from chalicelib.core.report import Report
from chalicelib.core.summary_job import Subject
from chalicelib.core.summing import Summing
from chalicelib.flows.adopt import Adopt
from chalicelib.flows.configure import Configure, Outcome
from chalicelib.flows.deliver import Deliver
from chalicelib.flows.finish import Finish
from chalicelib.flows.many import Many
from chalicelib.flows.read_files import ReadFiles
from chalicelib.flows.reconcile import Reconcile
from chalicelib.flows.restore import Restore
from chalicelib.flows.summarise import Summarise
from chalicelib.flows.survey import Survey
from chalicelib.flows.sweep import Sweep
from tests.fake_buckets import FakeBuckets
from tests.fake_objects import FakeObjects, Run
from tests.fake_tasks import FakeQueue, FakeReader
from tests.fakes import FakeChannel, FakeChannels, FakeClock, FakeStore, FakeTurn
from tests.samples import inventory

PRICES = parse_prices("USD 2025-10-31 hot=0.06 warm=0.03 cold=0.015")
SUMMING = Summing(wait=timedelta(minutes=10), depth=2, task_bytes=1_000_000)
DEPLOYMENT = Deployment("ORG", "arn:aws:iam::ORG:coreweave/stocktake")
LONG = timedelta(days=3650)


class World:
    """Buckets `data` and `reports` without policies, an empty store, one channel `storage-team`.

    With `summing`, reports are summed up; then `queue` has the tasks, and `reader` makes up what is in them.
    """

    def __init__(self, path: Path, times: Times | None = None, summing: Summing | None = None) -> None:
        self.clock = FakeClock()
        self.times = times = times or Times()
        self.store = FakeStore(path)
        self.buckets = FakeBuckets(self.clock, "data", "reports")
        self.objects = FakeObjects(self.clock)
        self.team = FakeChannel()
        self.channels = FakeChannels(**{"storage-team": self.team})
        self.configure = Configure(self.buckets, self.store, DEPLOYMENT, times)
        self.sweeper = Sweep(self.objects, self.buckets, self.store, DEPLOYMENT, times, summing)
        self.queue = FakeQueue()
        self.reader = FakeReader()
        finish = Finish(self.store, PRICES)
        self.summarise = Summarise(self.objects, self.store, self.queue, finish)
        self.read_files = ReadFiles(lambda: self.reader, self.store, finish, self.queue, task_in)
        self.reconciler = Reconcile(self.buckets, self.store, self.configure, DEPLOYMENT, times)
        self.restore = Restore(self.buckets, self.store, self.configure, DEPLOYMENT, times)
        self.adopt = Adopt(self.buckets, self.store, DEPLOYMENT, times)
        self.many = Many(self.buckets, self.store, self.adopt, self.configure, DEPLOYMENT)
        self.survey = Survey(self.buckets, self.store)
        self.deliver = Deliver(self.store, self.channels)

    def close(self) -> None:
        self.store.close()

    def turn(self, seconds: float = 20, looks: int | None = None, id: str = "turn-1") -> FakeTurn:
        return FakeTurn(self.clock, seconds, looks, id)

    def put(self, wanted: Inventory | None = None, *, seconds: float = 20) -> Outcome:
        """Ask for an inventory."""
        return self.configure.put(wanted or inventory(), self.turn(seconds))

    def record(self, bucket: str = "data", id: str = "daily") -> Record:
        """The record as it is stored, which has to be there."""
        found = self.store.get(bucket, id)
        assert found is not None
        return found

    def change(self, **changes: object) -> Record:
        """Store the record with something changed."""
        return self.store.save(replace(self.record(), **changes))  # type: ignore[arg-type]

    def sweep(self, *, after: timedelta | float = 0.0, id: str = "daily") -> Record:
        """Look for reports, some time later."""
        self.clock.move(after)
        return self.sweeper.check(self.record(id=id), self.turn())

    def check(self, *, after: timedelta | float = 0.0) -> Record | None:
        """Look for drift or go on with what is pending, some time later."""
        self.clock.move(after)
        return self.reconciler.check(self.record(), self.turn())

    def runs(self, *, fixed: bool = False, prefix: str = "inventory/", id: str = "daily") -> Run:
        """A run that begins now."""
        return Run(self.clock.now, prefix=prefix, fixed=fixed, id=id)

    def land(self, *, fixed: bool = False, prefix: str = "inventory/", id: str = "daily") -> Run:
        """A whole report that lands now."""
        run = self.runs(fixed=fixed, prefix=prefix, id=id)
        run.write(self.objects)
        return run

    def reports(self, id: str = "daily") -> Sequence[Report]:
        """The reports stored, oldest first."""
        return self.store.reports("data", id).items[::-1]

    def waiting(self, *kinds: Kind) -> list[Notice]:
        """The notices in the outbox (of these kinds), the oldest first; they stay there and unclaimed."""
        far = self.clock.now + LONG
        found = self.store.claim(far, self.clock.now - LONG, "a test", 10_000)
        return [each for each in found if not kinds or each.kind in kinds]

    def told(self, *kinds: Kind) -> list[Kind]:
        """The kinds of the notices in the outbox, the oldest first."""
        return [each.kind for each in self.waiting(*kinds)]

    def told_reports(self) -> list[str]:
        """The manifests of the reports that were told as landed, in the order of telling."""
        return [str(each.facts["manifest_key"]) for each in self.waiting("report.landed")]

    def sum_up(self, *, after: timedelta | float = 0.0) -> None:
        """The schedule looks at the jobs that are due, and workers read what it hands out."""
        self.clock.move(after)
        self.summarise.tick(self.turn())
        self.queue.work_off(self.read_files, self.turn())

    def subject(self, number: int = -1) -> Subject:
        """The newest report, or another one by its number."""
        return Subject("data", "daily", self.reports()[number].id)
