"""Our flows among policies of others: the operations that somebody may ask for, in any order.

Each operation swallows what a caller would be answered as a refusal: then nothing may have changed either.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from chalicelib.core.adoption import Wishes
from chalicelib.core.grants import PRESERVE_SID, SERVICE_PRINCIPAL, grants
from chalicelib.core.inventory import Inventory
from chalicelib.errors import StocktakeError
from tests.flow_world import DEPLOYMENT, World
from tests.samples import configuration

ORG = DEPLOYMENT.organization
APP = DEPLOYMENT.principal
ANN, READER = f"arn:aws:iam::{ORG}:coreweave/ann", f"arn:aws:iam::{ORG}:coreweave/reader"
EVE = "arn:aws:iam::OTHER:coreweave/eve"
PRINCIPALS = (ANN, READER, APP, EVE, SERVICE_PRINCIPAL)
BUCKETS = ("data", "photos", "reports")
NAMES = ("data/daily", "data/weekly", "photos/daily")
PREFIXES = ("inventory/", "moved/", "")

Operation = Callable[["OthersSite"], None]


class OthersSite(World):
    """Three buckets with the policies that others have written, and nothing of ours yet."""

    def __init__(self, path: Path, theirs: Mapping[str, str | None]) -> None:
        super().__init__(path)
        self.theirs = theirs
        for bucket in BUCKETS:
            self.buckets.write(bucket, theirs[bucket])

    @staticmethod
    def apply(name: str, with_readers: bool) -> Operation:
        """Somebody asks for the inventory."""
        return lambda site: site._ask(_wanted(name, readers=(READER,) if with_readers else ()))

    @staticmethod
    def move(name: str, prefix: str) -> Operation:
        """Somebody asks for it at another place, or as the inventory of the reports themselves."""

        return lambda site: site._ask(_moved(_wanted(name), prefix))

    @staticmethod
    def remove(name: str) -> Operation:
        """Somebody takes it away."""

        def operation(site: "OthersSite") -> None:
            bucket, _, id = name.partition("/")
            with suppress(StocktakeError):
                site.configure.remove(bucket, id, site.turn())
            site._go_on()

        return operation

    @staticmethod
    def take_over(name: str) -> Operation:
        """Somebody has set it up by hand, and has it adopted."""

        def operation(site: "OthersSite") -> None:
            wanted = _wanted(name)
            site.buckets.configure(wanted.bucket, wanted.id, wanted.configuration.document())
            with suppress(StocktakeError):
                site.adopt.adopt(wanted.bucket, wanted.id, Wishes(on_drift="repair"), site.turn())
            site._go_on()

        return operation

    @staticmethod
    def spoil(bucket: str) -> Operation:
        """Somebody takes all of ours out of a policy, and all configurations away; that is repaired."""

        def operation(site: "OthersSite") -> None:
            for source, id in (each.split("/") for each in site.buckets.latest_configurations):
                site.buckets.configure(source, id, None)
            if site.theirs[bucket] is not None:
                site.buckets.write(bucket, site.theirs[bucket])
            site._go_on()

        return operation

    @staticmethod
    def put_back(name: str, back: int) -> Operation:
        """Somebody has something restored that was replaced for it, the newest or one before that."""

        def operation(site: "OthersSite") -> None:
            bucket, _, id = name.partition("/")
            entries = site.store.history(bucket, id, limit=back).items
            if entries:
                with suppress(StocktakeError):
                    site.restore.restore(bucket, id, entries[-1].number, site.turn())
            site._go_on()

        return operation

    def _ask(self, wanted: Inventory) -> None:
        with suppress(StocktakeError):
            self.configure.put(wanted, self.turn())
        self._go_on()

    def _go_on(self) -> None:
        """The schedule, an hour later."""
        self.clock.move(timedelta(hours=1, seconds=1))
        self.reconciler.tick(self.turn(60))


def _wanted(name: str, **changes: object) -> Inventory:
    bucket, _, id = name.partition("/")
    wanted = Inventory(bucket, configuration(id=id), notify=("storage-team",), on_drift="repair")
    return replace(wanted, **changes)  # type: ignore[arg-type]


def sids_of_ours() -> frozenset[str]:
    """The Sids of all statements that any of these operations may put anywhere."""
    asked = (
        _moved(_wanted(name, readers=readers), prefix)
        for name in NAMES
        for readers in ((), (READER,))
        for prefix in PREFIXES
    )
    return frozenset({PRESERVE_SID, *(each.sid for wanted in asked for each in grants(wanted, DEPLOYMENT))})


def _moved(wanted: Inventory, prefix: str) -> Inventory:
    return replace(wanted, configuration=replace(wanted.configuration, report_prefix=prefix))
