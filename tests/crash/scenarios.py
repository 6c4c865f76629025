"""What is under way when a process ends: for each flow, how the world is and what the process is to do.

`prepare` makes the world before, with processes that nobody cuts. `act` is what is cut. `again` is what the
caller of a request may do once more, who got no answer; schedules come again by themselves.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib.adapters.task_text import task_in
from chalicelib.core.adoption import Wishes
from chalicelib.core.freshness import begin
from chalicelib.core.inventory import Inventory
from chalicelib.core.job_steps import LOOK_AGAIN
from chalicelib.core.record import Watch
from chalicelib.core.repair import Round
from chalicelib.core.threshold import Threshold
from chalicelib.errors import ChannelRefused, DeliveryDelayed, NotFound, PlatformAway
from tests.crash.outside import Outside, Process
from tests.fake_objects import Run
from tests.fake_tasks import land_files
from tests.flow_world import SUMMING
from tests.samples import NOON, configuration, inventory, notice, record

HOUR = timedelta(hours=1)
OTHERS = (
    '{"Version": "2012-10-17", "Statement": [{"Sid": "Ann", "Effect": "Allow", "Principal": {"CW": "arn:aws:'
    'iam::ORG:coreweave/ann"}, "Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"}]}'
)


@dataclass(frozen=True)
class Scenario:
    """One thing that a process does, and the world it does it in."""

    prepare: Callable[[Outside], object]
    act: Callable[[Process], object]
    again: Callable[[Process], object] | None = None


def asked(id: str = "daily", **changes: Any) -> Inventory:
    """An inventory with reports under a prefix of its own, told to two channels."""
    wanted = configuration(id=id, report_prefix=f"{id}/", **changes)
    return inventory(configuration=wanted, notify=("team", "mail"), readers=("arn:aws:iam::ORG:coreweave/b",))


def _put(wanted: Inventory) -> Callable[[Process], object]:
    return lambda process: process.configure.put(wanted, process.turn())


def _request(prepare: Callable[[Outside], object], act: Callable[[Process], object]) -> Scenario:
    """A request, which its caller may repeat."""
    return Scenario(prepare, act, act)


def _remove(process: Process) -> None:
    with suppress(NotFound):  # it was gone already
        process.configure.remove("data", "daily", process.turn())


def _a_policy_of_others(outside: Outside) -> None:
    outside.buckets.write("reports", OTHERS)


def _something_by_hand(outside: Outside) -> None:
    """Somebody else's inventory, whose reports this application may not read."""
    _a_policy_of_others(outside)
    outside.buckets.configure("data", "daily", asked().configuration.s3_document())


def _adopt(process: Process) -> None:
    process.adopt.adopt("data", "daily", Wishes(notify=("team", "mail")), process.turn())


def _set_up(*wanted: Inventory) -> Callable[[Outside], None]:
    """Somebody's policy, another bucket, and these inventories."""

    def prepare(outside: Outside) -> None:
        _a_policy_of_others(outside)
        outside.buckets.write("archive", None)
        for each in wanted:
            _put(each)(outside.process())

    return prepare


def _reports_of_every_kind(*, fixed: bool) -> Callable[[Outside], None]:
    """Inventories whose report is whole, half for too long, corrupt for too long, and does not come."""

    def prepare(outside: Outside) -> None:
        store = outside.process().store
        for id in ("whole", "half", "corrupt"):
            store.save(record(asked(id)))
        early = NOON - 3 * outside.times.day
        silent = record(asked("silent"), freshness=begin(True, early, outside.times), watch=Watch(early))
        store.save(silent)
        outside.clock.move(HOUR)
        half, corrupt, whole = (
            Run(outside.clock.now, f"{id}/", fixed=fixed, id=id) for id in ("half", "corrupt", "whole")
        )
        half.write_manifest(outside.objects)
        outside.objects.write(corrupt.manifest_key, b"{")
        process = outside.process()
        for id in ("half", "corrupt"):
            found = store.get("data", id)
            assert found is not None
            process.sweeper.check(found, process.turn())
        outside.clock.move(outside.times.pending)
        whole.write(outside.objects)

    return prepare


def _channels_of_every_kind(outside: Outside) -> None:
    """Notices in several lines for channels of which one asks for a pause, and one is gone."""
    outside.channels.by_name["other"].errors = [DeliveryDelayed("429", retry_after=30)]
    outside.channels.by_name["gone"].errors = [ChannelRefused("404")] * 100
    waiting = [
        notice(
            f"{channel}{number}".ljust(32, "0"), channel=channel, inventory_id=f"i{number % 2}", order=number
        )
        for channel in ("team", "mail", "other", "gone")
        for number in range(3 if channel == "team" else 2)
    ]
    outside.process().store.save(record(next_sweep=None, next_check=None), notices=waiting)


def _drift_and_something_pending(outside: Outside) -> None:
    _set_up(asked())(outside)
    outside.buckets.fail("*", PlatformAway("SlowDown"))
    _put(asked("second"))(outside.process())
    outside.buckets.configure("data", "daily", None)
    outside.clock.move(HOUR)


def _drift_to_be_repaired(outside: Outside) -> None:
    """Configuration and policy are changed; another configuration appears, and one is contested."""
    repaired = [replace(asked(id), on_drift="repair") for id in ("daily", "second", "third")]
    _set_up(*repaired)(outside)
    outside.clock.move(HOUR)
    process = outside.process()
    process.reconciler.tick(process.turn(50))
    third = process.store.get("data", "third")
    assert third is not None
    rounds = tuple(Round(outside.clock.now, ("/configuration",)) for _ in range(3))
    process.store.save(replace(third, repairs=rounds))
    _a_policy_of_others(outside)
    for id in ("daily", "third"):
        outside.buckets.configure("data", id, None)
    outside.buckets.configure("data", "new", configuration(id="new").s3_document())
    outside.clock.move(HOUR)


def _reports_to_be_summed_up(step: str) -> Callable[[Outside], None]:
    """Two reports one after the other. The second is `landed`, `found`, `handed out`, `nearly read` or
    `read`, with all parts there and nobody who added them up; or one of its tasks is `dead`: workers failed
    with it.
    """

    def prepare(outside: Outside) -> None:
        outside.summing = replace(SUMMING, task_bytes=6)
        store = outside.process().store
        lines = (Threshold("objects", over=5.0),)
        store.save(record(replace(asked("whole"), thresholds=lines)))
        process = outside.process()
        for number in (2, 5):
            outside.clock.move(HOUR)
            land_files(outside.objects, Run(outside.clock.now, "whole/", id="whole"), number)
            if number == 2 or step != "landed":
                process.sweeper.tick(process.turn())
            if number == 2 or step not in ("landed", "found"):
                process.summarise.tick(process.turn())
            if number == 2:
                outside.queue.work_off(process.read_files, process.turn())
                process.deliver.tick(process.turn())
        if step == "dead":
            outside.queue.dead.append(outside.queue.waiting.pop(0))
        if step == "nearly read":
            while len(outside.queue.waiting) > 1:
                process.read_files.work(outside.queue.waiting.pop(0), process.turn())
        if step == "read":
            for task in filter(None, map(task_in, outside.queue.waiting)):
                process.store.put_part(task.subject, outside.reader.read(task))
            outside.clock.move(LOOK_AGAIN)

    return prepare


def _works(process: Process) -> None:
    """A worker takes the message that waits longest; a queue gives it back where it dies."""
    process.read_files.work(process.outside.queue.waiting[0], process.turn())


def _gives_up(process: Process) -> None:
    process.read_files.give_up(process.outside.queue.dead[0], process.turn())


ELSEWHERE = replace(asked(), configuration=configuration(destination="archive", report_prefix="daily/"))
NEW_BUCKET = replace(
    asked(),
    configuration=configuration(destination="fresh", report_prefix="daily/"),
    create_zone="US-EAST-04A",
)

SCENARIOS: dict[str, Scenario] = {
    "configure a new inventory": _request(_a_policy_of_others, _put(asked())),
    "configure another destination": _request(_set_up(asked(), asked("second")), _put(ELSEWHERE)),
    "configure with a new bucket": _request(_a_policy_of_others, _put(NEW_BUCKET)),
    "delete one of two": _request(_set_up(asked(), asked("second")), _remove),
    "delete the last": _request(_set_up(asked(destination="archive")), _remove),
    "adopt what is there": _request(_something_by_hand, _adopt),
    "sweep dated reports": Scenario(
        _reports_of_every_kind(fixed=False), lambda process: process.sweeper.tick(process.turn())
    ),
    "sweep fixed reports": Scenario(
        _reports_of_every_kind(fixed=True), lambda process: process.sweeper.tick(process.turn())
    ),
    "sweep a report to be summed up": Scenario(
        _reports_to_be_summed_up("landed"), lambda process: process.sweeper.tick(process.turn())
    ),
    "hand tasks out": Scenario(
        _reports_to_be_summed_up("found"), lambda process: process.summarise.tick(process.turn())
    ),
    "read files": Scenario(_reports_to_be_summed_up("handed out"), _works),
    "read the last files": Scenario(_reports_to_be_summed_up("nearly read"), _works),
    "give files up": Scenario(_reports_to_be_summed_up("dead"), _gives_up),
    "add parts up": Scenario(
        _reports_to_be_summed_up("read"), lambda process: process.summarise.tick(process.turn())
    ),
    "deliver": Scenario(_channels_of_every_kind, lambda process: process.deliver.tick(process.turn())),
    "repair": Scenario(_drift_to_be_repaired, lambda process: process.reconciler.tick(process.turn(50))),
    "reconcile": Scenario(
        _drift_and_something_pending, lambda process: process.reconciler.tick(process.turn())
    ),
}
