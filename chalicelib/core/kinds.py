"""The kinds of notices, and how an inventory says which of them it wants on a channel."""

from collections.abc import Sequence
from typing import Literal

InventoryKind = Literal[
    "report.landed",
    "report.incomplete",
    "report.corrupt",
    "report.overdue",
    "report.recovered",
    "report.threshold",
    "drift.found",
    "drift.changed",
    "drift.unknown",
    "drift.resolved",
    "drift.repaired",
    "drift.contested",
    "drift.unmanaged",
    "setup.failed",
    "setup.applied",
]
"""The kinds that are about an inventory."""

Kind = Literal[InventoryKind, "channel.disabled", "channel.test"]

WantedKind = Literal["report.*", "drift.*", "setup.*", InventoryKind]
"""A kind that is about an inventory, or all of a family."""


def is_among(kind: Kind, wanted: Sequence[WantedKind]) -> bool:
    """Whether this kind is one of those wanted, by itself or by its family."""
    return kind in wanted or f"{kind.partition('.')[0]}.*" in wanted
