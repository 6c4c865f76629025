"""The machine of states: everything that can happen to Stocktake, in any order, and the judge after each.

In come rules that Hypothesis draws; what fails is shrunk to the shortest story that fails. At the end of each
example platform and channels are healed, the schedules go on, and then everything must have been told.
"""

import json
import sys
from datetime import timedelta
from typing import Literal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.core.inventory import Inventory
from chalicelib.core.record import Record
from chalicelib.errors import PlatformAway, PlatformRefused
from tests.crash.cut import WAYS, Cut
from tests.machine.channel import Answer
from tests.machine.judge import QUIET, SILENCE, Judge
from tests.machine.runs import Landing, Runs
from tests.machine.site import Plant, Site, Task, ask, deliver, reconcile, redrive, remove, sweep
from tests.machine.state import State
from tests.proofs import count
from tests.samples import configuration, inventory

CHANNELS = {"a": ("slack", "digest"), "b": ("digest", "slack")}
Platform = Literal["away", "refuses", "throttles", "late", "well"]

IDS = st.sampled_from(sorted(CHANNELS))
CUTS = st.none() | st.builds(Cut, st.integers(0, 8) | st.integers(0, 25), st.sampled_from(WAYS))
SCHEDULES = st.sampled_from([sweep, deliver, reconcile])
SELDOM = st.sampled_from([False, False, False, True])
LANDINGS = st.sampled_from(["whole", "half", "corrupt"])
ORDERS = st.integers(0, 2**40)
AFTER = st.sampled_from([301, 0, 61, 3601])
"""Seconds before a schedule comes: records are due then, and the claims of the dead have run out, or not."""
ANSWERS = st.lists(st.sampled_from(["200", "429", "500", "404", "nothing after accepting"]), max_size=3)
SPANS = st.sampled_from([10, 61, 300, 3700, 6 * 3600, 24 * 3600, 60 * 3600])


def wanted(id: str, *, moved: bool = False, enabled: bool = True, weekly: bool = False) -> Inventory:
    """An inventory as somebody may ask for it."""
    asked = configuration(
        id=id,
        report_prefix=f"{id}-moved/" if moved else f"{id}/",
        enabled=enabled,
        frequency="Weekly" if weekly else "Daily",
    )
    return inventory(configuration=asked, notify=CHANNELS[id], on_drift="repair" if id == "b" else "notify")


class Stocktake(RuleBasedStateMachine):
    """One example. Reports land in one layout: at a fixed key, or in dated folders."""

    def __init__(self, state: State, *, fixed: bool, plant: Plant | None = None) -> None:
        super().__init__()
        state.empty()
        self._counts = plant is None
        self.state = state
        self.site = Site(state, plant or (lambda store: store))
        self.runs = Runs(self.site.objects, fixed)
        self.judge = Judge(self.site, self.runs, state)

    @initialize()
    def somebody_asks(self) -> None:
        for id in CHANNELS:
            self.site.alone(ask(wanted(id)), None)

    @rule(id=IDS, moved=SELDOM, enabled=st.booleans(), weekly=st.booleans(), cut=CUTS)
    def inventory_is_asked_for(
        self, id: str, moved: bool, enabled: bool, weekly: bool, cut: Cut | None
    ) -> None:
        self.site.alone(ask(wanted(id, moved=moved, enabled=enabled, weekly=weekly)), cut)

    @rule(id=IDS, cut=CUTS)
    def inventory_is_removed(self, id: str, cut: Cut | None) -> None:
        self.site.alone(remove(id), cut)

    @rule(id=IDS, how=LANDINGS)
    def report_lands(self, id: str, how: Landing) -> None:
        self.site.clock.move(60)  # no two runs begin in one minute
        record = self.state.records().get(id)
        if record is not None and record.inventory.configuration.enabled:
            self.runs.land(record.inventory, how)

    @precondition(lambda self: self.runs.half())
    @rule(which=st.integers(0, 3))
    def data_comes_late(self, which: int) -> None:
        half = self.runs.half()
        self.runs.complete(half[which % len(half)])

    @rule(seconds=SPANS)
    def time_passes(self, seconds: int) -> None:
        self.site.clock.move(seconds)

    @rule(flow=SCHEDULES, after=AFTER, cut=CUTS)
    def schedule_comes(self, flow: Task, after: int, cut: Cut | None) -> None:
        self.site.clock.move(after)
        before = self.state.records()
        self.site.alone(flow, cut)
        self._saw_nothing_false(before)

    @rule(id=IDS, how=LANDINGS, after=AFTER, cut=CUTS)
    def report_lands_before_a_sweep(self, id: str, how: Landing, after: int, cut: Cut | None) -> None:
        self.report_lands(id, how)
        self.schedule_comes(sweep, after, cut)

    @rule(id=IDS, answers=ANSWERS, order=ORDERS, twice=st.booleans(), cut=CUTS)
    def news_is_delivered(
        self, id: str, answers: list[Answer], order: int, twice: bool, cut: Cut | None
    ) -> None:
        """A report lands, is seen, and is delivered, by two at once or by one."""
        self.report_lands_before_a_sweep(id, "whole", 301, None)
        self.site.ways["slack"].answers += answers
        if twice:
            self.site.at_once(deliver, deliver, order, cut)
        else:
            self.site.alone(deliver, cut)

    @rule(flow=st.sampled_from([sweep, deliver]), after=AFTER, order=ORDERS, cut=CUTS)
    def schedule_comes_twice_at_once(self, flow: Task, after: int, order: int, cut: Cut | None) -> None:
        self.site.clock.move(after)
        self.site.at_once(flow, flow, order, cut)

    @rule(one=SCHEDULES, other=SCHEDULES, after=AFTER, order=ORDERS, cut=CUTS)
    def two_schedules_come_at_once(
        self, one: Task, other: Task, after: int, order: int, cut: Cut | None
    ) -> None:
        self.site.clock.move(after)
        self.site.at_once(one, other, order, cut)

    @rule(id=IDS, moved=SELDOM, other=SCHEDULES, order=ORDERS, cut=CUTS)
    def request_meets_a_schedule(
        self, id: str, moved: bool, other: Task, order: int, cut: Cut | None
    ) -> None:
        self.site.at_once(ask(wanted(id, moved=moved)), other, order, cut)

    @rule(bucket=st.sampled_from(["data", "reports"]), ours_too=st.booleans(), number=st.integers(0, 2))
    def others_change_a_policy(self, bucket: str, ours_too: bool, number: int) -> None:
        """They add a statement of theirs, or put a document without any of ours."""
        self.judge.blamed = True
        theirs = [*self.judge.others[bucket], _statement(number)] if number else []
        unique = list({str(each["Sid"]): each for each in theirs}.values())
        text = self.site.buckets.latest_policy(bucket)
        there = json.loads(text)["Statement"] if text else []
        ours = [] if ours_too else [each for each in there if each["Sid"].startswith("Stocktake")]
        self.judge.others[bucket] = unique
        document = {"Version": "2012-10-17", "Statement": [*unique, *ours]}
        self.site.buckets.write(bucket, json.dumps(document) if document["Statement"] else None)

    @rule(id=IDS)
    def others_delete_a_configuration(self, id: str) -> None:
        self.judge.blamed = True
        self.site.buckets.configure("data", id, None)

    @rule(name=st.sampled_from(["slack", "digest"]), answers=ANSWERS)
    def channel_will_answer(self, name: str, answers: list[Answer]) -> None:
        self.site.ways[name].answers += answers

    @rule(name=st.sampled_from(["slack", "digest"]))
    def channel_is_mended(self, name: str) -> None:
        self.site.ways[name].mend()

    @rule(name=st.sampled_from(["slack", "digest"]))
    def channel_wants_quiet_at_night(self, name: str) -> None:
        self.site.ways[name].want_quiet()

    @precondition(lambda self: self.state.notices("given_up"))
    @rule(which=st.integers(0, 3), cut=CUTS)
    def somebody_has_a_notice_sent_again(self, which: int, cut: Cut | None) -> None:
        given_up = self.state.notices("given_up")
        self.site.alone(redrive(given_up[which % len(given_up)].id), cut)

    @rule(how=st.sampled_from(["well", "throttles", "late", "away", "refuses"]))
    def platform_changes(self, how: Platform) -> None:
        self.site.heal()
        match how:
            case "away":
                self.site.refuse(PlatformAway("SlowDown"))
            case "refuses":
                self.site.refuse(PlatformRefused("AccessDenied"))
            case "throttles":
                self.site.buckets.fail("*", PlatformAway("SlowDown"), times=3)
            case "late":
                self.judge.blamed = True
                self.site.buckets.visible_after = 15

    @rule(error=st.sampled_from([PlatformAway("SlowDown"), PlatformRefused("AccessDenied")]))
    def platform_is_away_for_hours(self, error: PlatformAway | PlatformRefused) -> None:
        self.site.refuse(error)
        for flow in (reconcile, sweep) * 3:
            self.schedule_comes(flow, 1801, None)
        self.site.heal()

    @invariant()
    def the_judge_agrees(self) -> None:
        self.judge.after_a_step()
        self._count("steps of the machine of states")

    def teardown(self) -> None:
        """Everything heals, and has its time."""
        if sys.exc_info()[0] is not None:
            return  # it has failed already
        self.site.heal()
        for each in self.site.ways.values():
            each.mend()
        self._go_on(QUIET)
        self.judge.after_quiet()
        self._go_on(SILENCE)
        self.judge.after_silence()
        self._count("examples of the machine of states")

    def _count(self, what: str) -> None:
        if self._counts:
            count(what)

    def _go_on(self, pauses: tuple[timedelta, ...]) -> None:
        for each in pauses:
            self.site.clock.move(each)
            for flow in (reconcile, sweep, deliver):
                self.site.alone(flow, None)
            self.judge.after_a_step()

    def _saw_nothing_false(self, before: dict[str, Record]) -> None:
        """Looks that failed leave drift unknown or as it was, and freshness as it was.

        A repair that was begun has seen what differs: refused, it says so again.
        """
        for id, after in self.state.records().items() if self.site.away else ():
            if id in before:
                pending = before[id].pending
                seen = {"changed", "missing"} if pending is not None and pending.repair is not None else set()
                assert after.drift.status in {"unknown", before[id].drift.status, *seen}
                assert after.freshness == before[id].freshness


def _statement(number: int) -> dict[str, object]:
    """A statement of Ann's."""
    return {
        "Sid": f"Ann{number}",
        "Effect": "Allow",
        "Principal": {"CW": "arn:aws:iam::ORG:coreweave/ann"},
        "Action": "s3:*",
        "Resource": "*",
    }
