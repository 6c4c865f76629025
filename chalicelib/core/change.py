"""What changed between two reports: what came, went, grew and shrank, in all and by prefix."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.core.tally import Amount


@dataclass(frozen=True, slots=True)
class Moved:
    """A prefix whose contents differ; `difference` is after less before, and can be negative."""

    prefix: str
    before: Amount
    after: Amount

    @property
    def difference(self) -> Amount:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier report to a later one of the same inventory.

    `total` is the difference of all that is stored. `depth` is that of the prefixes, the greatest at which
    both reports count them exactly; 0 where there is none, and then nothing is said by prefix. Of each list
    there are the first few, those first that have or differ by the most bytes; `more` counts those left out.
    `knows_bytes` and `knows_cold_bytes` say whether both reports tell them: a difference of what is not known
    is none.
    """

    report_id: str
    taken_at: datetime
    total: Amount
    depth: int = 0
    came: tuple[Moved, ...] = ()
    went: tuple[Moved, ...] = ()
    grew: tuple[Moved, ...] = ()
    shrank: tuple[Moved, ...] = ()
    more: int = 0
    knows_bytes: bool = True
    knows_cold_bytes: bool = True
