"""Targets of exports, made from what may be on the platform."""

from typing import Any

from chalicelib.core.export import Target
from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import Observed
from chalicelib.core.preview import Preview
from tests.unit.observed import decide
from tests.unit.wanted import OURS

ENDPOINT = "https://cwobject.com"


def target_of(asked: Inventory, observed: Observed, **more: Any) -> Target:
    """What an export of this inventory is made of, where this is seen."""
    return Target.of(Preview(asked, decide(asked, observed, described=True, **more), observed=observed), OURS)
