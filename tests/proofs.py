"""What the tests have tried, counted, for docs/promises.md: steps crashed, examples, bad inputs.

A test says `count("calls at which a flow was cut", n)`; `tests.counting` adds up what all processes of a
run have counted.
"""

from collections import Counter
from collections.abc import Mapping

COUNTS: Counter[str] = Counter()


def count(what: str, number: int = 1) -> None:
    """Add to the count of `what`."""
    COUNTS[what] += number


def add(counts: Mapping[str, int]) -> None:
    """Add what another process has counted."""
    COUNTS.update(counts)
