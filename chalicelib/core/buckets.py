"""Where ages, sizes and temperatures are divided.

Temperatures are those that CoreWeave bills by ("Usage-based billing"): Hot was accessed within 7 days, Warm
within 30, Cold longer ago. Bounds are inclusive at the upper end; an age is counted from the report's time.
"""

from datetime import timedelta
from typing import Literal

Temperature = Literal["hot", "warm", "cold"]

HOT = timedelta(days=7)
WARM = timedelta(days=30)

UNKNOWN = ""
"""The name in a tally of what the report says nothing of: an empty field."""

AGES: tuple[tuple[str, timedelta | None], ...] = (
    ("1d", timedelta(days=1)),
    ("7d", timedelta(days=7)),
    ("30d", timedelta(days=30)),
    ("90d", timedelta(days=90)),
    ("180d", timedelta(days=180)),
    ("365d", timedelta(days=365)),
    ("730d", timedelta(days=730)),
    ("older", None),
)
"""Since the last change: each name with the longest time that it stands for."""

_KIB, _MIB, _GIB = 1024, 1024**2, 1024**3
SIZES: tuple[tuple[str, int | None], ...] = (
    ("0", 0),
    ("1KiB", _KIB),
    ("16KiB", 16 * _KIB),
    ("128KiB", 128 * _KIB),
    ("1MiB", _MIB),
    ("16MiB", 16 * _MIB),
    ("128MiB", 128 * _MIB),
    ("1GiB", _GIB),
    ("16GiB", 16 * _GIB),
    ("larger", None),
)
"""In bytes: each name with the largest size that it stands for."""
