"""`limits.md`: how much there may be of what, read from the constants in the code."""

from datetime import timedelta
from importlib import import_module

from local.reference.limits_words import LIMITS, Limit
from local.reference.markdown import code, page, table

_BEFORE = """
What is larger is refused in words, or left out and counted; each limit says which. Values are read from the
code.
"""
_AFTER = """
What the platform itself limits is for the most part [not
documented](../how-it-works.md#what-nobody-knows-about-the-platform). How far summing up goes, and what it
costs, is in [scale](../scale.md).
"""


def limits_page() -> str:
    """The whole page."""
    parts: list[str] = []
    for about in dict.fromkeys(each.about for each in LIMITS):
        rows = [
            (each.words, _written(each), code(each.constant.replace(":", ".")))
            for each in LIMITS
            if each.about == about
        ]
        parts += [f"## {about}", table(("what", "at most", "in the code"), rows)]
    return page("Limits", _BEFORE, *parts, _AFTER)


def value_of(limit: Limit) -> float:
    """The number that the code has."""
    module, _, name = limit.constant.partition(":")
    value = getattr(import_module(f"chalicelib.{module}"), name)
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _written(limit: Limit) -> str:
    value = value_of(limit)
    if limit.unit == "bytes":
        return _bytes(int(value))
    if limit.unit == "seconds":
        return _seconds(value)
    return f"{value:,.0f}"


def _bytes(value: int) -> str:
    for unit, name in ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB")):
        if value >= unit and value % unit == 0:
            return f"{value // unit} {name}"
    return f"{value:,} bytes"


def _seconds(value: float) -> str:
    for unit, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if value >= 2 * unit and value % unit == 0:
            return f"{value // unit:.0f} {name}"
    return f"{value:g} seconds"
