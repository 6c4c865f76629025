"""Listings that come in pages: how many are read, for how long, and that none of them leads back.

In comes what is listed; out comes one go for each page that may be asked for. Whoever may write to a bucket
can put millions of objects there, and a server can send pages without end: reading them has an end.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.errors import PlatformAway, PlatformRefused

MAX_SECONDS = 20.0
"""For one listing or search. A look needs one of each, and a function has a minute."""


@dataclass(frozen=True, slots=True)
class Pages:
    """`operation` and `where` are for the words of errors: `ListObjectsV2`, `reports`."""

    operation: str
    where: str
    clock: Callable[[], float] = time.monotonic

    def rounds(self, pages: int, at: str | None = None) -> Iterator[None]:
        """Once for each page that may be asked for; who has enough leaves. `at` is where in a bucket."""
        end = self.clock() + MAX_SECONDS
        for _ in range(pages):
            yield
            if self.clock() > end:
                what = "it" if at is None else f"what lies at {at[:100]!r}"
                raise PlatformAway(
                    f"{self.operation} on {self.where}: {what} is not listed in {MAX_SECONDS:.0f} seconds",
                    operation=self.operation,
                    code="TooSlow",
                )
        what = "" if at is None else f" at {at[:100]!r}"
        raise PlatformRefused(
            f"{self.operation} on {self.where}: more than {pages} pages{what} are not read",
            operation=self.operation,
            code="TooManyPages",
        )
