"""Errors without what they were raised from, where that shows a secret.

`raise … from None` hides the first exception from tracebacks, and keeps it as the context: whoever writes
out whole chains, a debugger or a collector of errors, has the secret all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.errors import StocktakeError


@contextmanager
def forgetting() -> Iterator[None]:
    """Around code, or as a decorator: our errors that are raised `from None` lose their context, too."""
    try:
        yield
    except StocktakeError as error:
        if error.__suppress_context__ and error.__cause__ is None:
            error.__context__ = None
        raise
