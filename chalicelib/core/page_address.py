"""Where the pages are: addresses below what the application answers at.

`base` is what stands before: `https://….amazonaws.com/api` for links from elsewhere, `/api` or nothing within
a page.
"""

from urllib.parse import quote


def status_page(base: str) -> str:
    """The page with every inventory."""
    return f"{base}/"


def inventory_page(base: str, bucket: str, id: str) -> str:
    """The page of one inventory."""
    return f"{base}/inventories/{_segment(bucket)}/{_segment(id)}/page"


def inventory(base: str, bucket: str, id: str) -> str:
    """The inventory itself, for programs; its reports, its plan and so on are below it."""
    return f"{base}/inventories/{_segment(bucket)}/{_segment(id)}"


def form_page(base: str, bucket: str | None = None, id: str | None = None) -> str:
    """The form: for a new inventory, or to change one."""
    if bucket is None or id is None:
        return f"{base}/form"
    return f"{base}/form?bucket={_segment(bucket)}&id={_segment(id)}"


def _segment(text: str) -> str:
    return quote(text, safe="", errors="replace")
