"""Measuring in rounds: each has every measurement once, so that a disturbance of the machine meets all alike.

The first round is thrown away. It fills the page cache for all packages alike, and stand-ins of AWS load
what they need.
"""

from collections.abc import Callable, Mapping

Measure = Callable[[], float]


def measured(
    measures: Mapping[str, Measure], rounds: int, done: Callable[[int], None] = lambda _: None
) -> dict[str, list[float]]:
    """What each measured, by name, one number for each round. `done` is told of rounds as they end.

    Each round begins with another one, so that none always follows upon the same.
    """
    found: dict[str, list[float]] = {name: [] for name in measures}
    names = list(measures)
    for number in range(rounds + 1):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            took = measures[name]()
            if number > 0:
                found[name].append(took)
        done(number)
    return found
