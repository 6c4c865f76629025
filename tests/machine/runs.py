"""What the platform did: every run of which something landed, as the judge of what is told.

A run lands whole, half (its data file comes later, or never) or corrupt. In the fixed layout each run of an
inventory overwrites the manifest of the one before.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.core.inventory import Inventory
from chalicelib.core.report import Place, report_id
from tests.fake_objects import FakeObjects, Run

Landing = Literal["whole", "half", "corrupt"]

HEALS = timedelta(days=6)
"""Data that comes later than this may find that nobody looks for it any more."""


@dataclass
class Landed:
    """One run: the inventory's id, when its manifest landed, when it was whole, if ever, and whether another
    run has overwritten it.
    """

    id: str
    run: Run
    report: str
    at: datetime
    whole_at: datetime | None = None
    broken: bool = False
    overwritten: bool = False


@dataclass
class Runs:
    """All runs of one example, the oldest first."""

    objects: FakeObjects
    fixed: bool
    all: list[Landed] = field(default_factory=list)

    def land(self, inventory: Inventory, how: Landing) -> None:
        """A run of the inventory writes its report now, all of it or a part."""
        now, prefix = self.objects.now(), inventory.configuration.report_prefix
        run = Run(now, prefix, fixed=self.fixed, id=inventory.id)
        if how == "corrupt":
            self.objects.write(run.manifest_key, b"{" + str(now).encode())
        else:
            if how == "whole":
                run.write_data(self.objects)
            run.write_manifest(self.objects)
        for each in self.all:
            each.overwritten = each.overwritten or each.run.manifest_key == run.manifest_key
        landed = Landed(inventory.id, run, self._report(run), now, broken=how == "corrupt")
        self.all.append(replace(landed, whole_at=now if how == "whole" else None))

    def half(self) -> list[Landed]:
        """Runs whose data may still come."""
        now = self.objects.now()
        return [
            each
            for each in self.all
            if each.whole_at is None and not each.broken and not each.overwritten and now < each.at + HEALS
        ]

    def complete(self, landed: Landed) -> None:
        """The data comes."""
        landed.run.write_data(self.objects)
        landed.whole_at = self.objects.now()

    def called(self, report: str) -> Landed | None:
        """The run of which this is the report."""
        return next((each for each in self.all if each.report == report), None)

    def _report(self, run: Run) -> str:
        found = self.objects.peek(run.manifest_key)
        place = Place("fixed", run.prefix) if run.fixed else Place("dated", f"{run.prefix}data/{run.id}/")
        return report_id(place, found, "reports")
