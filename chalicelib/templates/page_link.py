"""Where a notice leads: the page of its inventory, or the status page where it is about none that has one.

In come a notice and where the pages are; out comes a link, or None where that is not known. Its address is
plain ASCII without any sign that could end a link in Slack's markup or in HTML.
"""

from dataclasses import dataclass

from chalicelib.core.kinds import Kind
from chalicelib.core.notice import Notice
from chalicelib.core.page_address import inventory_page, status_page

_LONGEST = 800
"""Characters of an address. Names that S3 takes stay far below."""

_WITHOUT_PAGE: tuple[Kind, ...] = ("channel.disabled", "channel.test", "drift.unmanaged")
"""What is not about an inventory of Stocktake."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """What the link is called, and its address."""

    label: str
    address: str


def page_link(notice: Notice, base: str) -> PageLink | None:
    """The link of one notice. `base` is where the pages are, without a slash at its end; empty: not known."""
    if not notice.bucket or notice.kind in _WITHOUT_PAGE:
        return status_link(base)
    address = inventory_page(base, notice.bucket, notice.inventory_id)
    if base and len(address) <= _LONGEST:
        return PageLink("Open the page of this inventory", address)
    return status_link(base)


def status_link(base: str) -> PageLink | None:
    """The link to the page with every inventory."""
    return PageLink("Open the list of inventories", status_page(base)) if base else None
