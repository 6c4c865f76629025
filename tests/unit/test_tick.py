"""One tick over what is due: every record gets its turn, whatever the others do."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from chalicelib.core.record import Record
from chalicelib.errors import Conflict, PlatformAway
from chalicelib.flows.tick import Tick, tick
from tests.fakes import FakeClock, FakeTurn
from tests.samples import inventory, record

NAMES = tuple(f"{n:03}" for n in range(130))


class Due:
    """Records that are due until somebody moves them on."""

    def __init__(self, *names: str) -> None:
        self.left = list(names)
        self.worked: list[str] = []
        self.put_off: list[tuple[str, str]] = []
        self.errors: dict[str, Exception] = {}
        self.stuck: set[str] = set()
        self.after_each: Callable[[], object] = lambda: None

    def __call__(self, limit: int) -> Sequence[Record]:
        return [record(inventory(id=each)) for each in self.left[:limit]]

    def work(self, found: Record) -> None:
        self.worked.append(found.id)
        self.after_each()
        if found.id in self.errors:
            raise self.errors[found.id]
        self._move_on(found)

    def defer(self, found: Record, reason: str) -> None:
        self.put_off.append((found.id, reason))
        self._move_on(found)

    def _move_on(self, found: Record) -> None:
        if found.id not in self.stuck:
            self.left.remove(found.id)

    def run(self, turn: FakeTurn | None = None) -> Tick:
        return tick(self, self.work, self.defer, turn or FakeTurn(FakeClock()))


def test_everything_due_gets_its_turn_once_the_longest_due_first() -> None:
    due = Due(*NAMES)

    assert due.run() == Tick(looked_at=130)
    assert due.worked == list(NAMES)


def test_an_expected_error_puts_that_record_off_and_the_others_go_on() -> None:
    due = Due("a", "b", "c")
    due.errors["b"] = PlatformAway("slow down")

    assert due.run() == Tick(looked_at=3, put_off=1)
    assert due.worked == ["a", "b", "c"]
    assert due.put_off == [("b", "slow down")]


def test_a_bug_puts_that_record_off_too_and_is_raised_at_the_end() -> None:
    due = Due("a", "b", "c", "d")
    due.errors |= {"b": ZeroDivisionError("secret"), "c": KeyError("2"), "d": PlatformAway("slow down")}

    with pytest.raises(ZeroDivisionError):
        due.run()

    assert due.worked == ["a", "b", "c", "d"]
    assert due.put_off == [
        ("b", "ZeroDivisionError: a bug in Stocktake"),
        ("c", "KeyError: a bug in Stocktake"),
        ("d", "slow down"),
    ]


@pytest.mark.parametrize("error", [Conflict("busy"), RuntimeError("a bug in putting off")])
def test_a_record_that_cannot_be_put_off_stops_nobody(error: Exception) -> None:
    due = Due("a", "b")
    due.errors["a"] = PlatformAway("slow down")

    def cannot(_record: Record, _reason: str) -> None:
        raise error

    if isinstance(error, Conflict):
        tick(due, due.work, cannot, FakeTurn(FakeClock()))
    else:
        with pytest.raises(RuntimeError):
            tick(due, due.work, cannot, FakeTurn(FakeClock()))

    assert due.worked == ["a", "b"]


def test_it_begins_nothing_when_the_time_is_over_and_says_that_more_is_due() -> None:
    clock = FakeClock()
    due = Due("a", "b", "c")
    due.after_each = lambda: clock.move(timedelta(seconds=15))

    assert due.run(FakeTurn(clock, 20)) == Tick(looked_at=2, more_due=True)
    assert due.worked == ["a", "b"]


def test_a_bug_is_raised_although_the_time_is_over() -> None:
    clock = FakeClock()
    due = Due("a", "b")
    due.errors["a"] = ZeroDivisionError()
    due.after_each = lambda: clock.move(timedelta(seconds=30))

    with pytest.raises(ZeroDivisionError):
        due.run(FakeTurn(clock, 20))


def test_records_that_stay_due_starve_nobody() -> None:
    due = Due(*NAMES)
    due.stuck = set(NAMES[:60])

    assert due.run() == Tick(looked_at=130)
    assert due.worked == list(NAMES)


def test_nothing_due_is_nothing_done() -> None:
    assert Due().run() == Tick()
