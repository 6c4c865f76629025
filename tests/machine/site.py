"""The site of the machine: what outlives processes, and processes that run alone, two at once, or are cut.

In come tasks, functions of a process; the world changes. What a task may raise is swallowed: the end of a
killed process, the exception out of nowhere, and for a request the errors that its caller is answered.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from chalicelib.core.inventory import Inventory
from chalicelib.core.notice import Notice
from chalicelib.errors import PlatformAway, PlatformRefused, StocktakeError
from chalicelib.flows.redrive import Redrive
from chalicelib.ports import StateStore
from tests.crash.cut import Cut, Gate, Killed, OutOfNowhere
from tests.crash.outside import Outside, Process
from tests.fakes import FakeChannels
from tests.machine.channel import ScriptedChannel
from tests.machine.relay import Relay
from tests.machine.state import State

Task = Callable[[Process], object]
Plant = Callable[[StateStore], StateStore]
"""Puts something before the store of each process: a planted bug."""


class Site(Outside):
    """Two channels: `slack`, to which each notice is a message, and `digest`, whose messages carry five
    wherever two wait.

    `unknown` has the ids of notices that a cut process sent, and may not have settled. `away` says that no
    call of the platform succeeds.
    """

    def __init__(self, state: State, plant: Plant = lambda store: store) -> None:
        super().__init__(lambda gate: plant(state.open(gate)))
        self.ways = {
            name: ScriptedChannel(most, self.clock, self._waiting) for name, most in _CHANNELS.items()
        }
        self.channels = FakeChannels(**self.ways)
        self.digest_over = 1
        self.unknown: set[str] = set()
        self.away = False
        self._state = state

    def alone(self, task: Task, cut: Cut | None) -> None:
        """One process does this."""
        cut = cut or Cut()
        self._one(task, cut)(cut)

    def at_once(self, first: Task, second: Task, order: int, cut: Cut | None) -> None:
        """Two processes do this at the same time; the first may be cut."""
        cut, other = cut or Cut(), Cut()
        Relay(order).run((self._one(first, cut), cut), (self._one(second, other), other))

    def refuse(self, error: PlatformAway | PlatformRefused) -> None:
        """No call of the platform succeeds from now on."""
        self.away = True
        self.objects.error = error
        self.buckets.fail("*", error, times=1_000_000)

    def heal(self) -> None:
        """The platform does what it is asked, and shows it at once."""
        self.away = False
        self.objects.error = None
        self.buckets.heal()
        self.buckets.visible_after = 0

    def _one(self, task: Task, cut: Cut) -> Callable[[Gate], None]:
        """The task in a process whose calls pass a gate, at the end of which is the cut."""

        def run(gate: Gate) -> None:
            process = self.process(gate)
            with suppress(Killed, OutOfNowhere):
                task(process)
            if cut.at is not None and cut.at < len(cut.calls):
                self.unknown |= process.unknown

        return run

    def _waiting(self) -> Sequence[Notice]:
        return self._state.notices("waiting")


_CHANNELS = {"slack": 1, "digest": 5}


def sweep(process: Process) -> None:
    process.sweeper.tick(process.turn())


def deliver(process: Process) -> None:
    process.deliver.tick(process.turn())


def reconcile(process: Process) -> None:
    process.reconciler.tick(process.turn())


def ask(wanted: Inventory) -> Task:
    """A request for an inventory."""

    def asked(process: Process) -> None:
        with suppress(StocktakeError):
            process.configure.put(wanted, process.turn())

    return asked


def remove(id: str) -> Task:
    """A request to take one away."""

    def removed(process: Process) -> None:
        with suppress(StocktakeError):
            process.configure.remove("data", id, process.turn())

    return removed


def redrive(id: str) -> Task:
    """A request to send a notice again that was given up."""

    def redriven(process: Process) -> None:
        with suppress(StocktakeError):
            Redrive(process.store, process.channels).again(id, None, process.turn())

    return redriven
