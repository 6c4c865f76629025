"""Canaries: secrets that are told from anything else, and where to look whether one got out."""

import traceback
from collections.abc import Callable, Iterable, Iterator

from chalicelib.errors import StocktakeError
from tests.proofs import count

CANARY = "canary"
"""In every secret of a test that looks for secrets."""


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it was raised from or beside, hidden or not."""
    met: list[BaseException] = []
    open_ones = [error]
    while open_ones:
        found = open_ones.pop()
        if any(found is each for each in met):
            continue
        met.append(found)
        yield found
        open_ones += [each for each in (found.__cause__, found.__context__) if each is not None]


def shown(error: BaseException) -> str:
    """Everything that anybody could write out of an error, but for the variables of its frames."""
    parts = ["".join(traceback.format_exception(error))]
    for each in chain(error):
        parts += [str(each), repr(each), repr(each.args), repr(vars(each))]
    return "\n".join(parts)


def failure(call: Callable[[], object]) -> str:
    """All that can be seen of the error that it raises; empty where it raises none."""
    count("errors searched for secrets")
    try:
        call()
    except StocktakeError as error:
        return shown(error)
    return ""


def expect_none(told: str, canaries: Iterable[str] = (CANARY,)) -> None:
    """No canary is in it, in capitals or not."""
    for each in canaries:
        assert each.lower() not in told.lower(), _around(told, each)


def _around(told: str, canary: str) -> str:
    place = told.lower().index(canary.lower())
    return told[max(0, place - 200) : place + 200]
