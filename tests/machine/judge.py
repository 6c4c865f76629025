"""The judge: what must hold after every step, and what at the end, after quiet.

In come the site, the runs of the platform and the state as it is; what does not hold is an AssertionError.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from chalicelib.core.notice import Notice, notice_id
from chalicelib.core.record import Record
from tests.machine.runs import Landed, Runs
from tests.machine.site import Site
from tests.machine.state import State

Others = dict[str, list[dict[str, object]]]
"""The statements of other people, by bucket."""


class Judge:
    """Judges one example. `others` is kept up by whoever plays the other people, `blamed` says that drift may
    be told: somebody changed something, or the platform showed old things.
    """

    def __init__(self, site: Site, runs: Runs, state: State) -> None:
        self.others: Others = {"data": [], "reports": []}
        self.blamed = False
        self._site = site
        self._runs = runs
        self._state = state
        self._judged: set[str] = set()

    def after_a_step(self) -> None:
        """What always holds."""
        told = {each.id: each for each in self._state.notices()}
        for record in self._state.records().values():
            self._looks_again(record)
            self._what_is_known_is_told(record, told)
        self._nothing_twice()
        self._others_are_left_alone()
        for notice in told.values():
            if notice.id not in self._judged:
                self._judged.add(notice.id)
                self._is_true(notice)

    def after_quiet(self) -> None:
        """What holds once everything had its time: all is told, and nothing waits."""
        assert self._state.notices("waiting") == ()
        ids = {each.id: each for each in self._state.notices()}
        for notice in ids.values():
            self._came_to_an_end(notice)
        for record in self._state.records().values():
            assert record.pending is None
            for landed in self._promised(record):
                self._was_told(record, "report.landed", landed.report, ids)

    def after_silence(self) -> None:
        """What holds once no report has come for long: each that expects one is overdue, which is told."""
        for record in self._state.records().values():
            if record.inventory.configuration.enabled:
                assert record.freshness.status == "overdue"

    def _what_is_known_is_told(self, record: Record, told: Mapping[str, Notice]) -> None:
        """What the record says and what is told of it are written together."""
        for report in self._state.reports(record):
            landed = self._runs.called(report.id)
            if report.outcome == "complete" and landed is not None and landed.at >= record.watch.since:
                self._was_told(record, "report.landed", report.id, told)
        if record.freshness.status == "overdue" and record.freshness.expected_by is not None:
            self._was_told(record, "report.overdue", record.freshness.expected_by.isoformat(), told)

    def _promised(self, record: Record) -> list[Landed]:
        """The whole reports that are there to be seen, and landed since the looking there began."""
        configuration, since = record.inventory.configuration, record.watch.since
        return [
            each
            for each in self._runs.all
            if (each.id, each.run.prefix) == (record.id, configuration.report_prefix)
            and each.whole_at is not None
            and not each.overwritten
            and each.at >= since
        ]

    def _was_told(self, record: Record, kind: str, happening: str, told: Mapping[str, Notice]) -> None:
        for channel in record.inventory.notify:
            assert notice_id(kind, record.inventory.name, happening, channel) in told, (kind, happening)

    def _came_to_an_end(self, notice: Notice) -> None:
        """It was sent, or given up for a reason."""
        channel = self._site.ways[notice.channel]
        if notice.state == "sent":
            assert notice.id in channel.ids
        else:
            assert channel.refused or channel.failed

    def _looks_again(self, record: Record) -> None:
        now, times = self._site.clock.now, self._site.times
        for next_look, every in ((record.next_sweep, times.sweep), (record.next_check, times.drift)):
            assert next_look is not None
            assert next_look <= now + every

    def _nothing_twice(self) -> None:
        """But for those of which nobody could know whether they had arrived."""
        for channel in self._site.ways.values():
            twice = {id for id, number in Counter(channel.ids).items() if number > 1}
            assert twice <= channel.unknown | self._site.unknown

    def _others_are_left_alone(self) -> None:
        for bucket, wanted in self.others.items():
            text = self._site.buckets.latest_policy(bucket)
            found = json.loads(text)["Statement"] if text else []
            assert [each for each in found if not each["Sid"].startswith("Stocktake")] == wanted

    def _is_true(self, notice: Notice) -> None:
        """It tells of something that was so when it was made."""
        landed = self._runs.called(str(notice.facts.get("report")))
        at = notice.created_at
        match notice.kind:
            case "report.landed" | "report.recovered":
                assert landed is not None
                assert landed.whole_at is not None
                assert landed.whole_at <= at
            case "report.incomplete" | "report.corrupt":
                assert landed is not None
                assert landed.whole_at is None or at < landed.whole_at
            case "report.overdue":
                self._is_silent(notice)
            case "drift.found" | "drift.changed" | "drift.repaired" | "drift.contested":
                assert self.blamed
            case "drift.unmanaged":  # written, not seen yet when its inventory was removed, and left so
                assert self.blamed
            case "channel.disabled":
                assert self._site.ways[str(notice.facts["channel"])].failed

    def _is_silent(self, notice: Notice) -> None:
        """No report came lately that is there still.

        One whose data came later may count from its manifest: nothing else tells when it became whole.
        """
        times = self._site.times
        lately = notice.created_at - times.day - times.grace
        record = self._state.records().get(notice.inventory_id)
        came = self._promised(record) if record is not None else []
        whole = [each for each in came if each.whole_at == each.at]
        newest = max(whole, key=lambda each: each.run.began, default=None)
        if newest is not None and newest.whole_at is not None:
            assert not lately < newest.whole_at <= notice.created_at


QUIET = (timedelta(seconds=61), timedelta(hours=11), timedelta(minutes=16), timedelta(seconds=61))
"""Between the ticks: claims of the dead have run out, nights are over, what was put off is tried again."""
SILENCE = (timedelta(days=9), timedelta(seconds=61))
