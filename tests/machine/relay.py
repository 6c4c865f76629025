"""Two processes at once, of which one goes on at a time: at each call it is decided who.

In come two tasks and an order, a number whose bits say who makes the next call; the same order gives the same
run. A task is a function of the gate that its calls have to pass.
"""

from collections.abc import Callable
from threading import Semaphore, Thread
from typing import TypeVar

from tests.crash.cut import Gate

T = TypeVar("T")
Task = Callable[[Gate], object]


class Relay:
    """One run of two tasks, each behind a gate of its own; the first that raised is raised at the end."""

    def __init__(self, order: int) -> None:
        self._order = order
        self._turns = (Semaphore(0), Semaphore(0))
        self._running = [True, True]
        self._raised: list[BaseException] = []

    def run(self, *tasks: tuple[Task, Gate]) -> None:
        """Both tasks, until both have ended."""
        threads = [
            Thread(target=self._run, args=(number, task, gate)) for number, (task, gate) in enumerate(tasks)
        ]
        for each in threads:
            each.start()
        self._turns[self._next()].release()
        for each in threads:
            each.join()
        if self._raised:
            raise self._raised[0]

    def _run(self, me: int, task: Task, gate: Gate) -> None:
        self._turns[me].acquire()

        def passing(name: str, call: Callable[[], T]) -> T:
            self._meet(me)
            return gate(name, call)

        try:
            task(passing)
        except BaseException as exc:
            self._raised.append(exc)
        self._running[me] = False
        self._turns[1 - me].release()

    def _meet(self, me: int) -> None:
        """Go on, or have the other one go on first."""
        if self._running[1 - me] and self._next() != me:
            self._turns[1 - me].release()
            self._turns[me].acquire()

    def _next(self) -> int:
        self._order, bit = divmod(self._order, 2)
        return bit
