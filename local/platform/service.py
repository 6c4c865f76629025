"""The inventory service: writes real reports of what is in the buckets, when they are due.

It writes as its own principal, and each file is judged by the destination's policy as anybody's would be.
CoreWeave gives no signal when a run fails: a lost grant is silence. So is it here, but for `runs`, which
tests can read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .configuration import Configuration
from .court import Court
from .layout import Layout, lay_out
from .misbehaviour import KINDS, NOW, Misbehaviour, batches
from .options import Options
from .report import File, Report, make_report
from .rows import tabulate
from .storage import Plain, object_target
from .world import World

DAYS = {"Daily": 1, "Weekly": 7}
RUNS_KEPT = 1000


@dataclass(frozen=True)
class Run:
    """What became of one run.

    `outcome`: `written`, `refused` (by the judge), `failed` (no such configuration or destination) or
    `withheld` (by misbehaviour, wholly or in part). `files` are the keys written at once; `why` is the reason
    in words.
    """

    bucket: str
    id: str
    at: datetime
    outcome: str
    why: str = ""
    destination: str = ""
    manifest_key: str = ""
    files: tuple[str, ...] = ()


class _NotWritten(Exception):
    """A file could not be written."""


class InventoryService:
    """Runs the configurations of one world. Thread-safe by the world's lock."""

    def __init__(self, world: World, court: Court, options: Callable[[], Options]) -> None:
        self._world = world
        self._court = court
        self._options = options
        self._misbehaviours: list[Misbehaviour] = []
        self._later: list[tuple[datetime, str, tuple[File, ...]]] = []
        self._promised: set[tuple[str, str]] = set()  # (bucket, manifest key) of reports yet to be written
        self.runs: list[Run] = []

    def reset(self) -> None:
        with self._world.lock:
            self._misbehaviours.clear()
            self._later.clear()
            self._promised.clear()
            self.runs.clear()

    def misbehave(
        self,
        kind: str,
        *,
        times: int | None = 1,
        seconds: float = 0.0,
        bucket: str | None = None,
        id: str | None = None,
    ) -> None:
        """Let runs go wrong. See `Misbehaviour`. Raises ValueError for a kind that there is not."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is not one of {', '.join(KINDS)}")
        with self._world.lock:
            self._misbehaviours.append(Misbehaviour(kind, times, seconds, bucket, id))

    def behave(self) -> None:
        """Runs go right again."""
        with self._world.lock:
            self._misbehaviours.clear()

    def run_due(self) -> list[Run]:
        """Write what was promised for later, then run every enabled configuration that is due."""
        now = self._world.now()
        with self._world.lock:
            self._write_promised(now)
            due = [
                (name, found.id)
                for name, bucket in sorted(self._world.buckets.items())
                for key, written in sorted(bucket.configurations.items())
                if (found := written.seen(now)) is not None and found.enabled
                if self._due_at(bucket.ran.get(key), written.seen_since(now) or now, found) <= now
            ]
            return [self.run(bucket, name) for bucket, name in due]

    def _due_at(self, ran: datetime | None, seen_since: datetime, found: Configuration) -> datetime:
        options = self._options()
        if ran is None:
            return seen_since + timedelta(seconds=options.first_report_seconds)
        return ran + timedelta(seconds=options.day_seconds * DAYS[found.frequency])

    def run(self, bucket: str, id: str) -> Run:
        """Run one configuration now, due or not, enabled or not."""
        with self._world.lock:
            run = self._attempt(bucket, id)
            if run.destination:  # there is such a configuration; whatever came of it, it had its turn
                self._world.set_ran(bucket, id)
            self.runs.append(run)
            del self.runs[:-RUNS_KEPT]
            return run

    def finish(self) -> None:
        """Write now whatever was promised for later."""
        with self._world.lock:
            self._write_promised(datetime.max.replace(tzinfo=self._world.now().tzinfo))

    def _attempt(self, source: str, name: str) -> Run:
        now, options = self._world.now(), self._options()
        bucket = self._world.buckets.get(source)
        written = None if bucket is None else bucket.configurations.get(name)
        found = None if written is None else written.seen(now)
        if found is None:
            return Run(source, name, now, "failed", "there is no such configuration")
        run = Run(source, name, now, "written", destination=found.destination)
        if found.destination not in self._world.buckets:
            return replace(run, outcome="failed", why="the destination bucket does not exist")
        layout = lay_out(source, found, now, options, self._taken(found.destination))
        report = self._report(source, found, layout, now)
        return self._deliver(replace(run, manifest_key=layout.manifest), report)

    def _taken(self, destination: str) -> Callable[[str], bool]:
        return lambda key: (destination, key) in self._promised or self._world.storage.has(destination, key)

    def _report(self, source: str, found: Configuration, layout: Layout, now: datetime) -> Report:
        versions = self._world.storage.versions(source)
        table = tabulate(source, versions, found, self._world.accessed, self._options())
        return make_report(source, found, table, layout, now, self._options())

    def _deliver(self, run: Run, report: Report) -> Run:
        wrong = self._next_misbehaviour(run.bucket, run.id)
        kind, seconds = (wrong.kind, wrong.seconds) if wrong else (None, 0.0)
        written: list[str] = []
        try:
            for wait, files in batches(report, kind, seconds):
                if wait == NOW:
                    self._write(run.destination, files, written)
                elif wait is not None:
                    self._promised.add((run.destination, run.manifest_key))
                    self._later.append((run.at + timedelta(seconds=wait), run.destination, files))
        except _NotWritten as refusal:
            return replace(run, outcome="refused", why=str(refusal), files=tuple(written))
        outcome = "written" if len(written) == len(report.files) else "withheld"
        return replace(run, outcome=outcome, why=kind or "", files=tuple(written))

    def _next_misbehaviour(self, bucket: str, name: str) -> Misbehaviour | None:
        for wrong in self._misbehaviours:
            if wrong.concerns(bucket, name):
                if wrong.times is not None:
                    wrong.times -= 1
                    if wrong.times <= 0:
                        self._misbehaviours.remove(wrong)
                return wrong
        return None

    def _write_promised(self, now: datetime) -> None:
        ready = [entry for entry in self._later if entry[0] <= now]
        self._later = [entry for entry in self._later if entry[0] > now]
        if not self._later:
            self._promised.clear()
        for _, destination, files in ready:
            try:
                self._write(destination, files, [])
            except _NotWritten:
                continue  # silence, as on the platform

    def _write(self, destination: str, files: Iterable[File], written: list[str]) -> None:
        """Write files in order as the service, each judged first. Raises `_NotWritten` at the first that
        fails.
        """
        for file in files:
            verdict = self._court.judge_service(destination, file.key)
            if not verdict.allowed:
                raise _NotWritten(verdict.why)
            headers = {"content-type": file.content_type}
            answer = self._world.request(
                Plain("PUT", object_target(destination, file.key), headers, file.body)
            )
            if answer.status != 200:
                raise _NotWritten(f"storage answered {answer.status}")
            written.append(file.key)
