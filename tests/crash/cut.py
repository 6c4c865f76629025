"""A cut: the one call of a process at which it ends, or at which something is raised.

In come calls of ports (or of a client below one), numbered in one order whatever they go to; out come their
answers, up to the call that is cut. To die is as by `kill -9`: whatever the process still tries, from a
`finally` or an `except`, comes to nothing. To raise is as by an exception out of nowhere, after which the
process goes on. To die after a call, before its answer comes, is to die before the next: one way for both.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")

Way = Literal["dies", "raises before", "raises after"]
WAYS: tuple[Way, ...] = ("dies", "raises before", "raises after")
"""Before and after: whether the call that raises has taken effect."""


class Killed(BaseException):
    """The process is no more."""


class OutOfNowhere(Exception):
    """Raised by a call for no reason that anybody foresaw."""


@dataclass
class Cut:
    """Lets the calls of one process through up to the one numbered `at`; None cuts none.

    `calls` has the name of each call that came to something, or was cut.
    """

    at: int | None = None
    way: Way = "dies"
    calls: list[str] = field(default_factory=list)
    dead: bool = False

    def __call__(self, name: str, call: Callable[[], T]) -> T:
        """Make a call, or not."""
        if self.dead:
            raise Killed
        number = len(self.calls)
        self.calls.append(name)
        if number != self.at:
            return call()
        if self.way == "dies":
            self.dead = True
            raise Killed
        if self.way == "raises after":
            with suppress(Exception):  # whatever its answer would have been
                call()
        raise OutOfNowhere(name)


class Gate(Protocol):
    """What a call has to pass: a cut, or something that has one."""

    def __call__(self, name: str, call: Callable[[], T]) -> T:
        """Make a call, or not."""


class Numbered:
    """Stands before a port, or a client, and has its calls pass a gate."""

    def __init__(self, name: str, inner: Any, cut: Gate) -> None:
        self._name = name
        self._inner = inner
        self._cut = cut

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._inner, attribute)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            return self._cut(f"{self._name}.{attribute}", lambda: found(*given, **named))

        return call
