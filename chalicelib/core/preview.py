"""What would be done for an inventory, as people are shown it before it is done.

In comes what was asked and what a look found, or why there was none; out goes one value that the answers, the
texts and the exports are made of. Nothing is written for it.
"""

from dataclasses import dataclass, field

from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import Observed, Plan

OBSERVED_ONLY = "It is only observed, so Stocktake does nothing about what differs."


@dataclass(frozen=True, slots=True)
class Preview:
    """`reason` says why there are no steps where that is not because nothing is to be done.

    `observed` is None where nobody could look. `removing` says that the inventory is on its way out,
    `restoring` that a policy of before is put back, whatever the inventory needs.
    """

    inventory: Inventory
    plan: Plan = field(default_factory=lambda: Plan(status="unknown"))
    reason: str | None = None
    removing: bool = False
    restoring: bool = False
    observed: Observed | None = None
