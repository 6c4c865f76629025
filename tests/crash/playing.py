"""Playing a scenario with a cut, and what came of it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.crash.cut import WAYS, Cut, Killed, OutOfNowhere
from tests.crash.ends import End, end_of, lost, sent_twice
from tests.crash.outside import Outside
from tests.crash.scenarios import Scenario
from tests.crash.stores import STATES

_ASKS = (
    "get",
    "list",
    "read",
    "find",
    "needed",
    "records",
    "reports",
    "unsettled",
    "oldest_waiting",
    "history",
)
_ASKS_TOO = (
    "policy",
    "history",
    "configuration",
    "configurations",
    "due_for_sweep",
    "due_for_check",
    "jobs_due",
    "job",
    "part_numbers",
    "parts",
    "trend",
    "contents",
    "notices_called",
    "get_item",
    "batch_get_item",
    "query",
)
_READS = frozenset({*_ASKS, *_ASKS_TOO})


@dataclass(frozen=True)
class Played:
    """How it ended.

    `begun` says that the state knew of the request at the cut, `twice` has the ids of notices that arrived
    twice, `unknown` those of which the state could not know at the cut whether they arrived. `lost` is what
    was replaced and not kept.
    """

    end: End
    calls: list[str]
    begun: bool
    twice: set[str]
    unknown: set[str]
    lost: list[tuple[str, Any]]


def play(scenario: Scenario, state: str, cut: Cut | None = None, *, again: bool = False) -> Played:
    """The scenario on a world of its own; `again` repeats the request at once."""
    cut = cut or Cut()
    with STATES[state]() as open_state:
        outside = Outside(open_state)
        scenario.prepare(outside)
        before = _asked(outside)
        process = outside.process(cut)
        with suppress(Killed, OutOfNowhere):
            scenario.act(process)
        begun = _asked(outside) != before
        if again and scenario.again is not None:
            scenario.again(outside.process())
        outside.go_on()
        return Played(end_of(outside), cut.calls, begun, sent_twice(outside), process.unknown, lost(outside))


def never_asked(scenario: Scenario, state: str) -> End:
    """The end where the process never began."""
    with STATES[state]() as open_state:
        outside = Outside(open_state)
        scenario.prepare(outside)
        outside.go_on()
        return end_of(outside)


def cuts(calls: list[str], state: str) -> list[Cut]:
    """Every cut there is in a run with these calls.

    To die before a call is to leave what dying before the call ahead of it leaves, if that one only asks. On
    DynamoDB, whose stand-in is slow, the process dies once for each of these, and the client raises nothing.
    """
    if state == "sqlite":
        return [Cut(number, way) for number in range(len(calls)) for way in WAYS]
    before = ["nothing.yet", *calls]
    return [Cut(number) for number in range(len(calls)) if before[number].rpartition(".")[2] not in _READS]


def _asked(outside: Outside) -> list[object]:
    """What the state knows of what was asked."""
    records = outside.process().store.records().items
    return [(each.inventory, each.version, each.pending is not None) for each in records]
