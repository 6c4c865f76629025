"""One look after the other, for the tests of what a look means."""

from datetime import timedelta

from chalicelib.core.freshness import Freshness, LastReport, Times
from chalicelib.core.manifest import Manifest
from chalicelib.core.record import Record, Watch
from chalicelib.core.report import Finding, ObjectSeen, Outcome, Place, Report
from chalicelib.core.sweeping import RunSeen, Swept, decide
from tests.samples import NOON, record

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TIMES = Times()
DATED = Place("dated", "inventory/data/daily/")
FIXED = Place("fixed", "inventory/")


def run(
    began: timedelta,
    outcome: Outcome = "complete",
    *,
    place: Place = DATED,
    landed: timedelta | None = None,
    version: str = "",
    foreign: bool = False,
) -> RunSeen:
    """A run that began so long after noon, and whose manifest landed an hour later unless told."""
    begun = NOON + began
    token = f"{begun:%Y-%m-%dT%H-%MZ}" if place.layout == "dated" else f"{begun.isoformat()}{version}"
    key = place.prefix + (f"{token}/" if place.layout == "dated" else "") + "manifest.json"
    seen = ObjectSeen(key, 10, f"etag{version}", NOON + (began + HOUR if landed is None else landed))
    manifest = Manifest("data", "reports", begun, "CSV", "Bucket, Key", (), tells_contents=True)
    problems = () if outcome == "complete" else ("data/1.csv.gz: not there",)
    return RunSeen(place, token, token + version, seen, manifest, Finding(outcome, problems), foreign=foreign)


def kinds(swept: Swept) -> list[str]:
    return [each.kind for each in swept.notices]


def told(swept: Swept) -> list[str]:
    return [each.facts["report"] for each in swept.notices]


class Sweeps:
    """One look after the other, with what is stored in between."""

    def __init__(self, start: Record | None = None, times: Times = TIMES) -> None:
        self.record = start or record()
        self.times = times
        self.stored: dict[str, Report] = {}

    def look(self, at: timedelta, *runs: RunSeen, complete: bool = True) -> Swept:
        known = [each for each in self.stored.values() if each.outcome != "complete"]
        swept = decide(self.record, known, runs, NOON + at, self.times, complete=complete)
        self.record = swept.record
        self.stored |= {each.id: each for each in swept.reports}
        return swept


def overdue_since(last_began: timedelta) -> Record:
    last = LastReport("last", NOON + last_began, NOON + last_began + HOUR)
    due = last.arrived_at + TIMES.period("Daily") + TIMES.grace
    return record(
        freshness=Freshness("overdue", last.arrived_at, due, last), watch=Watch(NOON - 9 * DAY, DATED)
    )
