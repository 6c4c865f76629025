"""What the page of one inventory shows, gathered: frozen values that its template makes the page of."""

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.core.arrivals import Window
from chalicelib.core.contents import Contents
from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice
from chalicelib.core.policies_seen import PolicySeen
from chalicelib.core.prices import PriceTable
from chalicelib.core.record import Page, Record
from chalicelib.core.report import Report
from chalicelib.core.trend import Point


@dataclass(frozen=True, slots=True)
class InventoryView:
    """One inventory as it is shown at `now`.

    `reports`, `points` and `notices` are the newest first, `windows` the oldest first. `contents` are
    those of the newest report that was summed up. `more_notices` says that older ones may be there.
    `may_write` says whether whoever looks may change something, `done` what was just done.
    """

    record: Record
    now: datetime
    prices: PriceTable
    reports: tuple[Report, ...] = ()
    windows: tuple[Window, ...] = ()
    points: tuple[Point, ...] = ()
    contents: Contents | None = None
    history: Page[Replaced] = field(default_factory=lambda: Page(()))
    later_history: bool = False
    notices: tuple[Notice, ...] = ()
    more_notices: bool = False
    policies: tuple[PolicySeen, ...] = ()
    may_write: bool = False
    done: str = ""
    badge: str | None = None
    """The whole address of its badge, None where badges are off."""
    page: str = ""
    """The whole address of this page."""
