"""Where the pages are: addresses below what the application answers at.

`base` is what stands before: `https://….amazonaws.com/api` for links from elsewhere, `/api` or nothing within
a page.
"""

from urllib.parse import quote


def status_page(base: str, show: str | None = None, search: str = "", page: int = 1) -> str:
    """The page with every inventory, or with those that stand so and have this in their name."""
    asked = {"show": show, "search": search, "page": page if page > 1 else None}
    query = "&".join(f"{name}={_segment(str(value))}" for name, value in asked.items() if value)
    return f"{base}/?{query}" if query else f"{base}/"


def inventory_page(base: str, bucket: str, id: str) -> str:
    """The page of one inventory."""
    return f"{inventory(base, bucket, id)}/page"


def inventory(base: str, bucket: str, id: str) -> str:
    """The inventory itself, for programs; its reports, its plan and so on are below it."""
    return f"{base}/inventories/{_segment(bucket)}/{_segment(id)}"


def form_page(base: str, bucket: str | None = None, id: str | None = None) -> str:
    """The form: for a new inventory, or to change one."""
    if bucket is None or id is None:
        return f"{base}/form"
    return f"{base}/form?bucket={_segment(bucket)}&id={_segment(id)}"


def badge(base: str, bucket: str, id: str, key: str) -> str:
    """The badge of one inventory, with the key that opens it."""
    return f"{base}/badge/{_segment(bucket)}/{_segment(id)}.svg?key={_segment(key)}"


def _segment(text: str) -> str:
    return quote(text, safe="", errors="replace")
