"""Fakes that a flow is given through its constructor: time, channels, and a store that can be broken into.

The fakes of the platform are in `fake_buckets` and `fake_objects`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from chalicelib.adapters.sqlite import SqliteStore
from chalicelib.core.channel import About
from chalicelib.core.notice import Notice
from chalicelib.errors import Misconfigured
from tests.samples import NOON


class FakeClock:
    """Time stands still until `move` is called."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, span: timedelta | float) -> None:
        """Go on by a span, or by seconds."""
        self.now += span if isinstance(span, timedelta) else timedelta(seconds=span)


def ticking(step: float) -> Callable[[], float]:
    """A clock that goes on by a step each time it is looked at."""
    return count(0.0, step).__next__


class FakeTurn:
    """A `Turn` whose waiting moves the clock; it ends `seconds` after it began.

    `waited` is how long it waited. `looks` ends it after so many questions whether there is time, however
    little has passed. `measured` sums up what was measured.
    """

    def __init__(
        self, clock: FakeClock, seconds: float = 20, looks: int | None = None, id: str = "turn-1"
    ) -> None:
        self.id = id
        self.measured: dict[str, float] = {}
        self._clock = clock
        self._end = clock.now + timedelta(seconds=seconds)
        self._looks = looks
        self.waited = 0.0

    def now(self) -> datetime:
        return self._clock.now

    def has_time(self) -> bool:
        if self._looks is not None:
            self._looks -= 1
            if self._looks < 0:
                return False
        return self._clock.now < self._end

    def wait(self, seconds: float) -> None:
        span = max(0.0, min(seconds, (self._end - self._clock.now).total_seconds()))
        self.waited += span
        self._clock.move(span)

    def measure(self, what: str, number: float = 1) -> None:
        self.measured[what] = self.measured.get(what, 0) + number


class Interruption:
    """Does something once, just before the `at`-th call that it hears of; it counts all `calls`.

    Calls that are made by what it does are not counted.
    """

    def __init__(self, at: int = -1, action: Callable[[], object] = lambda: None) -> None:
        self.calls = 0
        self._at = at
        self._action = action
        self._busy = False

    def __call__(self, *_call: object) -> None:
        if self._busy:
            return
        if self.calls == self._at:
            self._busy = True
            try:
                self._action()
            finally:
                self._busy = False
        self.calls += 1


_STORE_CALLS = frozenset(
    {"get", "save", "delete", "history", "unsettled", "needed", "claim", "settle", "lease", "release"}
    | {"due_for_sweep", "due_for_check", "redrive", "disabled", "disable", "enable"}
    | {"jobs_due", "job", "put_job", "put_part", "part_numbers", "parts", "finish", "contents", "trend"}
)


class FakeStore(SqliteStore):
    """The real store. It calls `before(name)` first; `settled` are the notices that were settled."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.before: Callable[[str], object] = lambda _name: None
        self.settled: list[Notice] = []

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in _STORE_CALLS:
            return found

        def call(*given: Any, **named: Any) -> Any:
            self.before(name)
            return found(*given, **named)

        return call

    def settle(self, notice: Notice, holder: str, *, more: Sequence[Notice] = ()) -> None:
        super().settle(notice, holder, more=more)
        self.settled.append(notice)


class FakeChannel:
    """A channel that keeps what it was sent, and raises the `errors` given, one at each sending.

    A message carries `most` notices; `messages` are those that came, `sent` all notices in them.
    """

    def __init__(self, *errors: Exception, most: int = 1, about: About | None = None) -> None:
        self.most = most
        self.about = about or About("slack", "address-1")
        self.errors = list(errors)
        self.messages: list[tuple[Notice, ...]] = []
        self.before: Callable[[Sequence[Notice]], object] = lambda _notices: None

    def send(self, notices: Sequence[Notice]) -> None:
        self.before(notices)
        if self.errors:
            raise self.errors.pop(0)
        self.messages.append(tuple(notices))

    @property
    def sent(self) -> list[Notice]:
        return [each for message in self.messages for each in message]

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.sent]


class FakeChannels:
    """Channels by name. With `error`, nobody can say which there are; `reasons` are of those to which nothing
    can be sent.
    """

    def __init__(self, **channels: FakeChannel) -> None:
        self.by_name = channels
        self.reasons: dict[str, str] = {}
        self.error: Exception | None = None

    def get(self, name: str) -> FakeChannel | None:
        self._fail()
        if name in self.reasons:
            raise Misconfigured(f"The channel {name} cannot be used: {self.reasons[name]}.")
        return self.by_name.get(name)

    def about(self, name: str) -> About | None:
        self._fail()
        return self.by_name[name].about if name in self.by_name else None

    def names(self) -> tuple[str, ...]:
        self._fail()
        return tuple(name for name in self.by_name if name not in self.reasons)

    def unusable(self) -> Mapping[str, str]:
        return self.reasons

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
