"""What outlives a process, and a process: the flows, made anew on it, whose every call can be cut.

`Outside` has the clock, the platform, the people's channels and the state. After a cut, `go_on` is what the
schedules do in the hours that follow, in processes that nobody cuts.
"""

from collections.abc import Sequence
from typing import cast

from chalicelib.adapters.task_text import task_in
from chalicelib.contents_ports import ReportReader, TaskQueue
from chalicelib.core.freshness import Times
from chalicelib.core.notice import Notice
from chalicelib.core.outgoing import DIGEST_OVER
from chalicelib.core.summing import Summing
from chalicelib.flows.adopt import Adopt
from chalicelib.flows.configure import Configure
from chalicelib.flows.deliver import Deliver
from chalicelib.flows.finish import Finish
from chalicelib.flows.read_files import ReadFiles
from chalicelib.flows.reconcile import Reconcile
from chalicelib.flows.restore import Restore
from chalicelib.flows.summarise import Summarise
from chalicelib.flows.sweep import Sweep
from chalicelib.ports import BucketSetup, Channel, ReportSource, StateStore
from tests.crash.cut import Cut, Gate, Numbered
from tests.crash.stores import OpenState
from tests.fake_buckets import FakeBuckets
from tests.fake_objects import FakeObjects
from tests.fake_tasks import FakeQueue, FakeReader
from tests.fakes import FakeChannel, FakeChannels, FakeClock, FakeTurn
from tests.flow_world import DEPLOYMENT, PRICES

_PAUSES = (61, 3600, 3600)
"""Seconds between ticks: the claims and leases of the dead run out after 60, a bug puts off for an hour; an
hour later each has looked at what the others did.
"""


class Outside:
    """Buckets `data` and `reports` without policies, an empty state, four channels.

    With `summing` set, reports are summed up by `reader`, and `queue` has the tasks.
    """

    def __init__(self, open_state: OpenState) -> None:
        self.summing: Summing | None = None
        self.queue = FakeQueue()
        self.reader = FakeReader()
        self.clock = FakeClock()
        self.times = Times()
        self.buckets = FakeBuckets(self.clock, "data", "reports")
        self.objects = FakeObjects(self.clock)
        self.channels = FakeChannels(
            team=FakeChannel(), mail=FakeChannel(most=5), other=FakeChannel(), gone=FakeChannel()
        )
        self.open_state = open_state
        self.digest_over = DIGEST_OVER

    def process(self, gate: Gate | None = None) -> "Process":
        """A process with nothing in its memory."""
        return Process(self, gate or Cut())

    def go_on(self) -> None:
        """The schedules, until nothing is left to do."""
        process = self.process()
        for seconds in _PAUSES:
            self.clock.move(seconds)
            process.reconciler.tick(process.turn())
            process.sweeper.tick(process.turn())
            if self.summing is not None:
                process.summarise.tick(process.turn())
                self.queue.work_off(process.read_files, process.turn())
            process.deliver.tick(process.turn())


class Process:
    """The flows in one process. `sent` are the notices in messages that arrived, `settled` the ids of those
    whose settling for good was acknowledged, `doubtful` the ids of those that arrived and got no answer.
    """

    def __init__(self, outside: Outside, cut: Gate) -> None:
        self.outside = outside
        self.clock = outside.clock
        self.cut = cut
        self.sent: list[Notice] = []
        self.settled: list[str] = []
        self.doubtful: set[str] = set()
        self.store = cast(StateStore, _Settling(outside.open_state(cut), self.settled))
        self.setup = setup = cast(BucketSetup, Numbered("platform", outside.buckets, cut))
        source = cast(ReportSource, Numbered("platform", outside.objects, cut))
        self.channels = _Channels(outside.channels, self)
        self.configure = Configure(setup, self.store, DEPLOYMENT, outside.times)
        self.adopt = Adopt(setup, self.store, DEPLOYMENT, outside.times)
        self.sweeper = Sweep(source, setup, self.store, DEPLOYMENT, outside.times, outside.summing)
        queue = cast(TaskQueue, Numbered("queue", outside.queue, cut))
        reader = cast(ReportReader, Numbered("reader", outside.reader, cut))
        finish = Finish(self.store, PRICES)
        self.summarise = Summarise(source, self.store, queue, finish)
        self.read_files = ReadFiles(lambda: reader, self.store, finish, queue, task_in)
        self.reconciler = Reconcile(setup, self.store, self.configure, DEPLOYMENT, outside.times)
        self.restore = Restore(setup, self.store, self.configure, DEPLOYMENT, outside.times)
        self.deliver = Deliver(self.store, self.channels, digest_over=outside.digest_over)

    def turn(self, seconds: float = 20) -> FakeTurn:
        return FakeTurn(self.clock, seconds)

    @property
    def unknown(self) -> set[str]:
        """The ids of notices that arrived, and of which the state may not know that they did."""
        return {each.id for each in self.sent} - set(self.settled) | self.doubtful


class _Settling:
    """A store that notes what was settled for good."""

    def __init__(self, store: StateStore, settled: list[str]) -> None:
        self._store = store
        self._settled = settled

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def settle(self, notice: Notice, holder: str, *, more: Sequence[Notice] = ()) -> None:
        self._store.settle(notice, holder, more=more)
        if notice.state != "waiting":
            self._settled.append(notice.id)


class _Channels(FakeChannels):
    """The channels as one process has them: to send is a call that can be cut."""

    def __init__(self, channels: FakeChannels, process: Process) -> None:
        super().__init__(**channels.by_name)
        self._process = process

    def get(self, name: str) -> Channel | None:  # type: ignore[override]
        found = super().get(name)
        return None if found is None else cast(Channel, _Sending(found, self._process))


class _Sending:
    """One channel, to which sending is numbered."""

    def __init__(self, channel: FakeChannel, process: Process) -> None:
        self._channel = channel
        self._process = process
        self.most = channel.most

    def send(self, notices: Sequence[Notice]) -> None:
        before = len(self._process.sent)
        try:
            self._process.cut("channel.send", lambda: self._send(notices))
        except BaseException:
            self._process.doubtful |= {each.id for each in self._process.sent[before:]}
            raise

    def _send(self, notices: Sequence[Notice]) -> None:
        self._channel.send(notices)
        self._process.sent += notices
