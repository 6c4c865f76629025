"""A process that is cut at any call is made up for: the end is as if it had not been (N1, N2, N3, P3, F1)."""

import pytest

from tests.crash.playing import cuts, never_asked, play
from tests.crash.scenarios import SCENARIOS
from tests.proofs import count

REQUESTS = [("sqlite", name) for name, each in SCENARIOS.items() if each.again is not None]
REQUESTS += [("dynamodb", "configure a new inventory"), ("dynamodb", "delete one of two")]


_AS_OTHERS = {"hand tasks out", "read files", "give files up", "add parts up"}
CALL_BY_CALL = [name for name in SCENARIOS if name not in _AS_OTHERS]
"""Cut on DynamoDB, too; the others do nothing there that these do not."""
EVERYWHERE = [("sqlite", name) for name in SCENARIOS] + [("dynamodb", name) for name in CALL_BY_CALL]


@pytest.mark.parametrize(("state", "name"), EVERYWHERE)
def test_a_flow_cut_at_any_call_ends_as_if_it_had_not_been(state: str, name: str) -> None:
    scenario = SCENARIOS[name]
    uncut = play(scenario, state)
    assert (uncut.twice, uncut.end.waiting) == (set(), [])
    never = never_asked(scenario, state) if scenario.again else uncut.end
    found = cuts(uncut.calls, state)

    for cut in found:
        where = f"{cut.way} call {cut.at}, {uncut.calls[cut.at or 0]}"
        played = play(scenario, state, cut)
        assert played.end == (uncut.end if played.begun else never), where
        assert played.twice <= played.unknown, where  # between the sending and the settling
        assert played.lost == [], where
    count("calls at which a flow was cut", len(found))


@pytest.mark.parametrize(("state", "name"), REQUESTS)
def test_a_request_cut_at_any_call_may_be_repeated(state: str, name: str) -> None:
    scenario = SCENARIOS[name]
    uncut = play(scenario, state)
    found = cuts(uncut.calls, state)

    for cut in found:
        where = f"{cut.way} call {cut.at}, {uncut.calls[cut.at or 0]}"
        played = play(scenario, state, cut, again=True)
        assert played.end == uncut.end, where
        assert played.lost == [], where
    count("calls at which a flow was cut", len(found))
