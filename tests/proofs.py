"""What the tests have tried, counted, for docs/promises.md: steps crashed, examples, bad inputs."""

from collections import Counter

COUNTS: Counter[str] = Counter()


def count(what: str, number: int = 1) -> None:
    """Add to the count of `what`."""
    COUNTS[what] += number
